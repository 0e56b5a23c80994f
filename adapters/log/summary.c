// summary.c — see summary.h.

#include "adapters/log/summary.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <hamilton/json.h>

enum { MOST_ELEMENTS = 3, MOST_BYTES = 60 };

void hm_line_put(hm_line *line, const char *format, ...) {
    size_t room = sizeof line->text - line->length;
    va_list arguments;
    va_start(arguments, format);
    int wrote = vsnprintf(line->text + line->length, room, format, arguments);
    va_end(arguments);
    line->length += wrote < 0 ? 0 : (size_t)wrote < room ? (size_t)wrote : room - 1;
}

void hm_line_clean(hm_line *line) {
    for (size_t i = 0; i < line->length; i++) {
        unsigned char byte = (unsigned char)line->text[i];
        line->text[i] = byte < ' ' || byte == 0x7f ? ' ' : line->text[i];
    }
}

// The beginning of a text.
typedef struct hm_beginning {
    size_t length;
    bool is_cut;
    char text[MOST_BYTES];
} hm_beginning;

static bool keep_beginning(const char *text, size_t length, void *to) {
    hm_beginning *beginning = to;
    size_t room = sizeof beginning->text - beginning->length;
    beginning->is_cut = length > room;
    size_t kept = length < room ? length : room;
    memcpy(beginning->text + beginning->length, text, kept);
    beginning->length += kept;
    // No part of a code point.
    while (beginning->is_cut && beginning->length > 0 &&
            ((unsigned char)text[kept] & 0xc0) == 0x80) {
        beginning->length--;
        kept--;
    }
    return !beginning->is_cut;
}

static void put_beginning(hm_line *line, const hm_value *value) {
    hm_beginning beginning = {.length = 0};
    (void)!hm_json_write(value, keep_beginning, &beginning); // it may be cut off
    hm_line_put(line, "%.*s%s", (int)beginning.length, beginning.text,
            beginning.is_cut ? "..." : "");
}

static void put_array(hm_line *line, const hm_value *value) {
    size_t length = value->many.length;
    if (value->depth > 1 || (value->many.data == NULL && length > 0)) {
        hm_line_put(line, "%zu rows", length); // what is in no array cannot be shown
        return;
    }
    hm_value some = *value;
    some.many.length = length < MOST_ELEMENTS ? length : MOST_ELEMENTS;
    hm_beginning beginning = {.length = 0};
    (void)!hm_json_write(&some, keep_beginning, &beginning);
    bool has_more = length > MOST_ELEMENTS && !beginning.is_cut;
    hm_line_put(line, "%.*s%s", (int)beginning.length - has_more, beginning.text,
            has_more           ? ", ...]"
            : beginning.is_cut ? "..."
                               : "");
    if (has_more || beginning.is_cut) {
        hm_line_put(line, " of %zu", length);
    }
}

void hm_line_put_value(hm_line *line, const hm_value *value) {
    if (value->type == NULL) {
        hm_line_put(line, "nothing");
    } else if (value->type->kind == HM_KIND_OPAQUE) {
        hm_line_put(line, "%s%s", value->type->name, value->depth > 0 ? "[]" : "");
    } else if (value->depth > 0) {
        put_array(line, value);
    } else {
        put_beginning(line, value);
    }
}
