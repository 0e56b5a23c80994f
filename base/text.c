// text.c — see text.h.

#include "base/text.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/allocator.h"

void hm_text_init(hm_text *text, const hm_allocator *allocator) {
    *text = (hm_text){.allocator = hm_allocator_or_default(allocator)};
}

void hm_text_finish(hm_text *text) {
    if (text->data != NULL) {
        hm_deallocate(text->allocator, text->data, text->capacity, 1);
    }
    *text = (hm_text){.allocator = text->allocator};
}

void hm_text_clear(hm_text *text) {
    text->length = 0;
    text->failed = false;
    if (text->data != NULL) {
        text->data[0] = '\0';
    }
}

// Room for `more` bytes and the final NUL.
static bool reserve(hm_text *text, size_t more) {
    if (text->failed) {
        return false;
    }
    size_t needed;
    if (__builtin_add_overflow(text->length, more, &needed) ||
            __builtin_add_overflow(needed, (size_t)1, &needed)) {
        text->failed = true;
        return false;
    }
    if (needed <= text->capacity) {
        return true;
    }
    size_t capacity = text->capacity < 128 ? 128 : text->capacity;
    while (capacity < needed) {
        capacity = capacity > SIZE_MAX / 2 ? needed : capacity * 2;
    }
    char *data = hm_allocate(text->allocator, capacity, 1);
    if (data == NULL) {
        text->failed = true;
        return false;
    }
    if (text->data != NULL) {
        memcpy(data, text->data, text->length);
        hm_deallocate(text->allocator, text->data, text->capacity, 1);
    }
    data[text->length] = '\0';
    text->data = data;
    text->capacity = capacity;
    return true;
}

void hm_text_append(hm_text *text, const char *piece) {
    hm_text_append_bytes(text, piece, strlen(piece));
}

void hm_text_append_bytes(hm_text *text, const char *piece, size_t length) {
    if (!reserve(text, length)) {
        return;
    }
    if (length > 0) {
        memcpy(text->data + text->length, piece, length);
    }
    text->length += length;
    text->data[text->length] = '\0';
}

void hm_text_format(hm_text *text, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length < 0 || !reserve(text, (size_t)length)) {
        text->failed = true;
        return;
    }
    va_start(arguments, format);
    vsnprintf(text->data + text->length, (size_t)length + 1, format, arguments);
    va_end(arguments);
    text->length += (size_t)length;
}

bool hm_text_write(const char *piece, size_t length, void *text) {
    hm_text *to = text;
    hm_text_append_bytes(to, piece, length);
    return !to->failed;
}

const char *hm_text_get(const hm_text *text) {
    return text->data != NULL ? text->data : "";
}
