// reply.c — see reply.h, and "Partial Success" of the specification of OTLP.

#include "adapters/otlp/reply.h"

#include <stdio.h>
#include <string.h>

#include <hamilton/type.h>

#include "base/json_scan.h"
#include "base/number.h"

static bool is_named(hm_json_slice name, const char *expected) {
    return name.length == strlen(expected) &&
           memcmp(name.text, expected, name.length) == 0;
}

// A number, or a string with one.
static bool read_count(hm_json_scan *scan, uint64_t *count) {
    hm_json_slice slice;
    unsigned long long number = 0;
    bool is_string = hm_json_peek(scan) == HM_JSON_STRING;
    bool is_read =
            (is_string ? hm_json_string(scan, &slice) : hm_json_number(scan, &slice)) &&
            hm_number_read(&hm_type_ulonglong, slice.text, slice.length, &number) ==
                    HM_NUMBER_FITS;
    *count = number;
    return is_read;
}

static bool read_why(hm_json_scan *scan, hm_reply *reply) {
    hm_json_slice slice;
    if (!hm_json_string(scan, &slice)) {
        return false;
    }
    snprintf(reply->why, sizeof reply->why, "%.*s", (int)slice.length, slice.text);
    return true;
}

static bool read_partial(hm_json_scan *scan, hm_reply *reply) {
    if (hm_json_peek(scan) != HM_JSON_OBJECT) {
        return hm_json_skip(scan, NULL);
    }
    hm_json_open(scan);
    bool is_first = true;
    while (hm_json_next(scan, '}', &is_first)) {
        hm_json_slice name;
        if (!hm_json_name(scan, &name)) {
            return false;
        }
        bool counts =
                is_named(name, "rejectedSpans") || is_named(name, "rejectedDataPoints");
        if (counts                               ? !read_count(scan, &reply->rejected)
                : is_named(name, "errorMessage") ? !read_why(scan, reply)
                                                 : !hm_json_skip(scan, NULL)) {
            return false;
        }
    }
    return !scan->failed;
}

bool hm_reply_read(const char *body, size_t length, hm_reply *reply) {
    *reply = (hm_reply){0};
    hm_json_scan scan;
    hm_json_scan_init(&scan, body, length, NULL);
    hm_json_kind kind = hm_json_peek(&scan);
    if (kind != HM_JSON_OBJECT) {
        return kind == HM_JSON_END;
    }
    hm_json_open(&scan);
    bool is_first = true;
    while (hm_json_next(&scan, '}', &is_first)) {
        hm_json_slice name;
        if (!hm_json_name(&scan, &name) ||
                !(is_named(name, "partialSuccess") ? read_partial(&scan, reply)
                                                   : hm_json_skip(&scan, NULL))) {
            return false;
        }
    }
    return !scan.failed && hm_json_finish(&scan);
}
