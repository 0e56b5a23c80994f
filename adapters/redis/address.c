// address.c — see address.h.

#include "adapters/redis/address.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

enum { DEFAULT_PORT = 6379, DEFAULT_TIMEOUT = 1000, DEFAULT_MEBIBYTES = 16 };

static const char tcp_scheme[] = "redis://";
static const char unix_scheme[] = "redis+unix://";

typedef struct hm_address_reader {
    hm_redis_address *address;
    hm_arena *arena;
    hm_error *error;
} hm_address_reader;

// The text may hold a password: it is in no message.
static hm_status refuse(const hm_address_reader *reader, const char *what) {
    return hm_error_set(reader->error, HM_BAD_ARGUMENT,
            "the address of a Redis server %s; write "
            "redis://[user:password@]host[:port][/database][?option=value], or "
            "redis+unix:///path/of/the/socket",
            what);
}

static int digit_of(char c) {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

// A piece of the address, with %XX for what it stands for.
static hm_status decode(const hm_address_reader *reader, const char *begin,
        const char *end, const char **text) {
    char *made = hm_arena_take(reader->arena, (size_t)(end - begin) + 1, 1);
    if (made == NULL) {
        return hm_error_no_memory(reader->error);
    }
    char *to = made;
    for (const char *at = begin; at < end; at++) {
        if (*at != '%') {
            *to++ = *at;
            continue;
        }
        int high = end - at > 2 ? digit_of(at[1]) : -1;
        int low = high >= 0 ? digit_of(at[2]) : -1;
        if (low < 0 || high + low == 0) {
            return refuse(reader, "has a % that two hexadecimal digits do not follow");
        }
        *to++ = (char)(high * 16 + low);
        at += 2;
    }
    *to = '\0';
    *text = made;
    return HM_OK;
}

static bool read_number(
        const char *begin, const char *end, uint64_t most, uint64_t *number) {
    if (begin == end) {
        return false;
    }
    uint64_t value = 0;
    for (const char *at = begin; at < end; at++) {
        if (*at < '0' || *at > '9') {
            return false;
        }
        value = value * 10 + (uint64_t)(*at - '0');
        if (value > most) {
            return false;
        }
    }
    *number = value;
    return true;
}

static hm_status read_database(
        const hm_address_reader *reader, const char *begin, const char *end) {
    uint64_t number;
    if (!read_number(begin, end, INT32_MAX, &number)) {
        return refuse(reader, "has a database that is no number");
    }
    reader->address->database = (int)number;
    return HM_OK;
}

static bool is_named(const char *begin, const char *equals, const char *name) {
    return strlen(name) == (size_t)(equals - begin) &&
           memcmp(begin, name, strlen(name)) == 0;
}

static hm_status read_option(
        const hm_address_reader *reader, const char *begin, const char *end) {
    hm_redis_address *address = reader->address;
    const char *equals = memchr(begin, '=', (size_t)(end - begin));
    equals = equals != NULL ? equals : end;
    const char *value = equals < end ? equals + 1 : end;
    uint64_t number;
    if (is_named(begin, equals, "prefix")) {
        return decode(reader, value, end, &address->prefix);
    }
    if (is_named(begin, equals, "ttl")) {
        return read_number(value, end, UINT32_MAX, &address->seconds)
                       ? HM_OK
                       : refuse(reader, "has a ttl that is no number of seconds");
    }
    if (is_named(begin, equals, "timeout")) {
        return read_number(value, end, 3600000, &address->timeout) &&
                               address->timeout > 0
                       ? HM_OK
                       : refuse(reader, "has a timeout that is no number of "
                                        "milliseconds from 1 to an hour");
    }
    if (is_named(begin, equals, "max_value")) {
        if (!read_number(value, end, 512, &number) || number == 0) { // Redis's limit
            return refuse(reader, "has a max_value that is not 1 to 512 MiB");
        }
        address->most_bytes = (size_t)number << 20;
        return HM_OK;
    }
    if (is_named(begin, equals, "database") && address->path != NULL) {
        return read_database(reader, value, end);
    }
    return refuse(reader, "has an option that is not prefix, ttl, timeout, max_value, "
                          "or database of a socket");
}

static hm_status read_options(const hm_address_reader *reader, const char *begin) {
    while (*begin != '\0') {
        const char *end = begin + strcspn(begin, "&");
        HM_TRY(read_option(reader, begin, end));
        begin = *end == '&' ? end + 1 : end;
    }
    return HM_OK;
}

// user:password, or :password, of which either may be left out.
static hm_status read_user(
        const hm_address_reader *reader, const char *begin, const char *end) {
    const char *colon = memchr(begin, ':', (size_t)(end - begin));
    if (colon == NULL) {
        return refuse(reader, "has a user without a password: write user:password@");
    }
    if (colon > begin) {
        HM_TRY(decode(reader, begin, colon, &reader->address->user));
    }
    return decode(reader, colon + 1, end, &reader->address->password);
}

static hm_status read_host(
        const hm_address_reader *reader, const char *begin, const char *end) {
    hm_redis_address *address = reader->address;
    const char *host_end;
    if (*begin == '[') { // IPv6
        begin++;
        host_end = memchr(begin, ']', (size_t)(end - begin));
        if (host_end == NULL) {
            return refuse(reader, "has a [ without ]");
        }
    } else {
        host_end = memchr(begin, ':', (size_t)(end - begin));
        host_end = host_end != NULL ? host_end : end;
    }
    if (begin == host_end) {
        return refuse(reader, "names no host");
    }
    HM_TRY(decode(reader, begin, host_end, &address->host));
    const char *rest = *host_end == ']' ? host_end + 1 : host_end;
    uint64_t port = DEFAULT_PORT;
    if (rest < end &&
            (*rest != ':' || !read_number(rest + 1, end, 65535, &port) || port == 0)) {
        return refuse(reader, "has a port that is no number from 1 to 65535");
    }
    address->port = (int)port;
    return HM_OK;
}

// What follows the host: nothing, a slash, or a slash and the database.
static hm_status read_rest(
        const hm_address_reader *reader, const char *begin, const char *end) {
    return end - begin > 1 ? read_database(reader, begin + 1, end) : HM_OK;
}

static hm_status read_places(
        const hm_address_reader *reader, const char *begin, bool is_unix) {
    hm_redis_address *address = reader->address;
    const char *end = begin + strcspn(begin, "?");
    // The last @ before the path: one in a password is %40, but who knows.
    const char *path = memchr(begin, '/', (size_t)(end - begin));
    path = path != NULL ? path : end;
    const char *host = begin;
    for (const char *at = begin; at < path; at++) {
        host = *at == '@' ? at + 1 : host;
    }
    if (host > begin) {
        HM_TRY(read_user(reader, begin, host - 1));
    }
    if (is_unix) {
        if (host != path || path == end) {
            return refuse(reader, "names no path of a socket, which begins with /");
        }
        HM_TRY(decode(reader, path, end, &address->path));
    } else {
        HM_TRY(read_host(reader, host, path));
        HM_TRY(read_rest(reader, path, end));
    }
    return *end == '?' ? read_options(reader, end + 1) : HM_OK;
}

static hm_status describe(const hm_address_reader *reader) {
    hm_redis_address *address = reader->address;
    char text[300];
    if (address->path != NULL) {
        snprintf(text, sizeof text, "Redis at %.200s", address->path);
    } else {
        bool is_v6 = strchr(address->host, ':') != NULL;
        snprintf(text, sizeof text,
                is_v6 ? "Redis at [%.200s]:%d" : "Redis at %.200s:%d", address->host,
                address->port);
    }
    address->description = hm_arena_text(reader->arena, text);
    return address->description != NULL ? HM_OK : hm_error_no_memory(reader->error);
}

hm_status hm_redis_address_read(
        hm_redis_address *address, const char *text, hm_arena *arena, hm_error *error) {
    *address = (hm_redis_address){.prefix = "hamilton:",
            .timeout = DEFAULT_TIMEOUT,
            .most_bytes = (size_t)DEFAULT_MEBIBYTES << 20};
    hm_address_reader reader = {.address = address, .arena = arena, .error = error};
    if (text != NULL && strncmp(text, tcp_scheme, sizeof tcp_scheme - 1) == 0) {
        HM_TRY(read_places(&reader, text + sizeof tcp_scheme - 1, false));
    } else if (text != NULL &&
               strncmp(text, unix_scheme, sizeof unix_scheme - 1) == 0) {
        HM_TRY(read_places(&reader, text + sizeof unix_scheme - 1, true));
    } else {
        return refuse(&reader, "does not begin with redis:// or redis+unix://");
    }
    return describe(&reader);
}
