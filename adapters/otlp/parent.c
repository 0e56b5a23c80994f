// parent.c — see parent.h, and https://www.w3.org/TR/trace-context/#traceparent-header

#include "adapters/otlp/parent.h"

#include <stddef.h>
#include <string.h>

#include <hamilton/otlp.h>

#include "base/error.h"

// 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01
enum { TRACE = 3, LOW = 19, SPAN = 36, FLAGS = 53, LENGTH = 55, NOT_HEX = 16 };

static _Thread_local hm_parent here;

const hm_parent *hm_parent_here(void) {
    return &here;
}

// Upper case is none.
static unsigned digit_of(char c) {
    static const char digits[] = "0123456789abcdef";
    const char *at = c != '\0' ? strchr(digits, c) : NULL;
    return at != NULL ? (unsigned)(at - digits) : NOT_HEX;
}

static bool read_hex(const char *text, size_t count, uint64_t *number) {
    *number = 0;
    for (size_t i = 0; i < count; i++) {
        unsigned digit = digit_of(text[i]);
        if (digit == NOT_HEX) {
            return false;
        }
        *number = *number << 4 | digit;
    }
    return true;
}

static bool read_parent(const char *text, hm_parent *parent) {
    uint64_t version;
    uint64_t flags;
    size_t length = strlen(text);
    if (length < LENGTH || text[TRACE - 1] != '-' || text[SPAN - 1] != '-' ||
            text[FLAGS - 1] != '-' || !read_hex(text, 2, &version) ||
            !read_hex(text + TRACE, 16, &parent->high) ||
            !read_hex(text + LOW, 16, &parent->low) ||
            !read_hex(text + SPAN, 16, &parent->span) ||
            !read_hex(text + FLAGS, 2, &flags)) {
        return false;
    }
    // Later versions may go on behind what this one has.
    bool ends = length == LENGTH || (version > 0 && text[LENGTH] == '-');
    parent->is_set = true;
    parent->is_sampled = (flags & 1) != 0;
    return ends && version != 0xff && (parent->high | parent->low) != 0 &&
           parent->span != 0;
}

hm_status hm_otlp_set_parent(const char *traceparent, hm_error *error) {
    hm_parent parent = {0};
    if (traceparent != NULL && !read_parent(traceparent, &parent)) {
        return hm_error_set(error, HM_BAD_ARGUMENT,
                "a traceparent is written as "
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01, but it is "
                "`%.80s`",
                traceparent);
    }
    here = parent;
    return HM_OK;
}
