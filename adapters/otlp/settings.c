// settings.c — see settings.h, and
// https://opentelemetry.io/docs/specs/otel/protocol/exporter/

#include "adapters/otlp/settings.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

static const char *const usual_endpoint = "http://localhost:4318";

// An empty text says nothing.
static const char *set_or(const char *given, const char *variable) {
    const char *value = given != NULL && given[0] != '\0' ? given : getenv(variable);
    return value != NULL && value[0] != '\0' ? value : NULL;
}

void hm_otlp_read_environment(hm_otlp_options *options) {
    options->endpoint = set_or(options->endpoint, "OTEL_EXPORTER_OTLP_ENDPOINT");
    options->traces_endpoint =
            set_or(options->traces_endpoint, "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT");
    options->metrics_endpoint =
            set_or(options->metrics_endpoint, "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT");
    options->headers = set_or(options->headers, "OTEL_EXPORTER_OTLP_HEADERS");
    options->service_name = set_or(options->service_name, "OTEL_SERVICE_NAME");
    const char *timeout = set_or(NULL, "OTEL_EXPORTER_OTLP_TIMEOUT");
    if (options->timeout == 0 && timeout != NULL) {
        char *end;
        unsigned long long milliseconds = strtoull(timeout, &end, 10);
        bool is_number = isdigit((unsigned char)timeout[0]) && *end == '\0';
        options->timeout = is_number && milliseconds < UINT64_MAX / 1000000
                                   ? milliseconds * 1000000
                                   : 0;
    }
}

// Without a user, a password and a query; NULL if memory ran out.
static const char *show(hm_arena *arena, CURLU *parts) {
    char *text = NULL;
    curl_url_set(parts, CURLUPART_USER, NULL, 0);
    curl_url_set(parts, CURLUPART_PASSWORD, NULL, 0);
    curl_url_set(parts, CURLUPART_QUERY, NULL, 0);
    if (curl_url_get(parts, CURLUPART_URL, &text, 0) != CURLUE_OK) {
        return NULL;
    }
    const char *copy = hm_arena_text(arena, text);
    curl_free(text);
    return copy;
}

static hm_status check_url(
        hm_arena *arena, const char *url, const char **shown, hm_error *error) {
    CURLU *parts = curl_url();
    char *scheme = NULL;
    if (parts == NULL) {
        return hm_error_no_memory(error);
    }
    bool is_http = curl_url_set(parts, CURLUPART_URL, url, 0) == CURLUE_OK &&
                   curl_url_get(parts, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK &&
                   (strcmp(scheme, "http") == 0 || strcmp(scheme, "https") == 0);
    *shown = is_http ? show(arena, parts) : NULL;
    curl_free(scheme);
    curl_url_cleanup(parts);
    if (!is_http) {
        return hm_error_set(error, HM_BAD_ARGUMENT,
                "a receiver of OTLP is a URL as http://localhost:4318, but not "
                "`%.200s`",
                url);
    }
    return *shown != NULL ? HM_OK : hm_error_no_memory(error);
}

hm_status hm_settings_url(hm_arena *arena, const char *base, const char *whole,
        const char *path, hm_target_url *target, hm_error *error) {
    base = base != NULL ? base : usual_endpoint;
    HM_TRY(whole == NULL ? check_url(arena, base, &target->shown, error) : HM_OK);
    size_t length = strlen(base);
    while (length > 0 && base[length - 1] == '/') {
        length--;
    }
    char *url = whole != NULL ? hm_arena_text(arena, whole)
                              : hm_arena_take(arena, length + strlen(path) + 1, 1);
    if (url == NULL) {
        return hm_error_no_memory(error);
    }
    if (whole == NULL) {
        memcpy(url, base, length);
        memcpy(url + length, path, strlen(path) + 1);
    }
    target->url = url;
    return check_url(arena, url, &target->shown, error);
}

static bool add_header(struct curl_slist **list, const char *header) {
    struct curl_slist *longer = curl_slist_append(*list, header);
    *list = longer != NULL ? longer : *list;
    return longer != NULL;
}

static bool is_blank(char c) {
    return c == ' ' || c == '\t';
}

static bool is_of_name(char c) {
    return isalnum((unsigned char)c) ||
           (c != '\0' && strchr("!#$%&'*+-.^_`|~", c) != NULL);
}

static unsigned digit_of(char c) {
    return isdigit((unsigned char)c) ? (unsigned)(c - '0')
                                     : (unsigned)(tolower((unsigned char)c) - 'a') + 10;
}

// Appends a value without its percents; false if it holds what no header may.
static bool decode(const char *value, size_t length, char *to) {
    size_t count = strlen(to);
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)value[i];
        if (c == '%') {
            if (i + 2 >= length || !isxdigit((unsigned char)value[i + 1]) ||
                    !isxdigit((unsigned char)value[i + 2])) {
                return false;
            }
            c = (unsigned char)(digit_of(value[i + 1]) << 4 | digit_of(value[i + 2]));
            i += 2;
        }
        if (c < ' ' || c == 0x7f) {
            return false;
        }
        to[count++] = (char)c;
    }
    to[count] = '\0';
    return true;
}

// `name=value` as a header in the arena. NULL if it is none, or memory ran out.
static char *read_header(hm_arena *arena, const char *text, size_t length) {
    const char *equals = memchr(text, '=', length);
    if (equals == NULL || equals == text) {
        return NULL;
    }
    size_t name = (size_t)(equals - text);
    while (name > 0 && is_blank(text[name - 1])) {
        name--;
    }
    for (size_t i = 0; i < name; i++) {
        if (!is_of_name(text[i])) {
            return NULL;
        }
    }
    const char *value = equals + 1;
    const char *end = text + length;
    while (value < end && is_blank(*value)) {
        value++;
    }
    char *header = hm_arena_take(arena, length + 4, 1);
    if (header == NULL || name == 0) {
        return NULL;
    }
    memcpy(header, text, name);
    // libcurl sends a header without a value if it ends so.
    strcpy(header + name, value == end ? ";" : ": ");
    return decode(value, (size_t)(end - value), header) ? header : NULL;
}

static hm_status add_given(
        hm_arena *arena, const char *given, struct curl_slist **list, hm_error *error) {
    size_t number = 0;
    for (const char *at = given; *at != '\0';) {
        size_t length = strcspn(at, ",");
        const char *end = at + length;
        const char *next = *end != '\0' ? end + 1 : end;
        while (at < end && is_blank(*at)) {
            at++;
        }
        while (end > at && is_blank(end[-1])) {
            end--;
        }
        number++;
        if (end > at) {
            char *header = read_header(arena, at, (size_t)(end - at));
            if (header == NULL) { // it may be a secret, and is not shown
                return hm_error_set(error, HM_BAD_ARGUMENT,
                        "headers are written name=value,name=value with values that "
                        "are percent-encoded, but header %zu is not",
                        number);
            }
            if (!add_header(list, header)) {
                return hm_error_no_memory(error);
            }
        }
        at = next;
    }
    return HM_OK;
}

hm_status hm_settings_headers(
        hm_arena *arena, const char *given, struct curl_slist **list, hm_error *error) {
    *list = NULL;
    // No "Expect: 100-continue", for which receivers would be waited.
    hm_status status = add_header(list, "Content-Type: application/json") &&
                                       add_header(list, "Expect:")
                               ? HM_OK
                               : hm_error_no_memory(error);
    if (status == HM_OK && given != NULL) {
        status = add_given(arena, given, list, error);
    }
    if (status != HM_OK) {
        curl_slist_free_all(*list);
        *list = NULL;
    }
    return status;
}
