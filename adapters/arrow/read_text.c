// read_text.c — text as C strings; see read.h.

#include <string.h>

#include "adapters/arrow/bits.h"
#include "adapters/arrow/read.h"
#include "base/error.h"
#include "base/utf8.h"

// The bytes of one text.
typedef struct hm_arrow_text {
    const char *bytes;
    size_t length;
} hm_arrow_text;

static hm_status find_by_offsets(const hm_arrow_reader *reader,
        const hm_arrow_view *view, size_t index, hm_arrow_text *text) {
    int64_t begin = hm_arrow_offset(view, index);
    int64_t end = hm_arrow_offset(view, index + 1);
    if (begin < 0 || end < begin) {
        return hm_arrow_fail_at(reader->error, view->place, index,
                "it ends at offset %lld, but begins at %lld", (long long)end,
                (long long)begin);
    }
    const char *bytes = view->array->buffers[2];
    if (end > begin && bytes == NULL) {
        return hm_arrow_fail_at(
                reader->error, view->place, index, "its text has no buffer");
    }
    *text = (hm_arrow_text){end > begin ? bytes + begin : "", (size_t)(end - begin)};
    return HM_OK;
}

// A view as it lies in memory: of a long text, where it is; a short one is in it.
typedef struct hm_arrow_text_view {
    int32_t length;
    union {
        char bytes[12];
        struct {
            char prefix[4];
            int32_t buffer;
            int32_t offset;
        } at;
    } is;
} hm_arrow_text_view;

// Behind validity and views an array has the buffers of long texts, and their lengths.
static hm_status find_long_text(const hm_arrow_reader *reader,
        const hm_arrow_view *view, size_t index, const hm_arrow_text_view *found,
        hm_arrow_text *text) {
    int64_t count = view->array->n_buffers - 3;
    const char *sizes = view->array->buffers[count + 2];
    int32_t buffer = found->is.at.buffer;
    int64_t size = 0;
    if (buffer >= 0 && buffer < count && sizes != NULL &&
            view->array->buffers[2 + buffer] != NULL) {
        memcpy(&size, sizes + (size_t)buffer * sizeof size, sizeof size);
    }
    if (found->is.at.offset < 0 || found->is.at.offset > size - found->length) {
        return hm_arrow_fail_at(reader->error, view->place, index,
                "%d bytes at offset %d of buffer %d of %lld: they are not there",
                (int)found->length, (int)found->is.at.offset, (int)buffer,
                (long long)count);
    }
    const char *bytes = view->array->buffers[2 + buffer];
    *text = (hm_arrow_text){bytes + found->is.at.offset, (size_t)found->length};
    return HM_OK;
}

// A short text points into *found.
static hm_status find_by_view(const hm_arrow_reader *reader, const hm_arrow_view *view,
        size_t index, hm_arrow_text_view *found, hm_arrow_text *text) {
    const char *views = view->array->buffers[1];
    memcpy(found, views + (view->start + index) * sizeof *found, sizeof *found);
    if (found->length < 0) {
        return hm_arrow_fail_at(reader->error, view->place, index,
                "a text cannot have %d bytes", (int)found->length);
    }
    if ((size_t)found->length > sizeof found->is.bytes) {
        return find_long_text(reader, view, index, found, text);
    }
    *text = (hm_arrow_text){found->is.bytes, (size_t)found->length};
    return HM_OK;
}

// A missing text is empty.
static hm_status find_text(const hm_arrow_reader *reader, const hm_arrow_view *view,
        size_t index, hm_arrow_text_view *found, hm_arrow_text *text) {
    const uint8_t *validity = hm_arrow_validity(view);
    *text = (hm_arrow_text){"", 0};
    if (validity != NULL && !hm_bits_get(validity, view->start + index)) {
        return HM_OK;
    }
    return view->format.form == HM_ARROW_TEXT_VIEW
                   ? find_by_view(reader, view, index, found, text)
                   : find_by_offsets(reader, view, index, text);
}

// How many bytes all texts need, with a NUL behind each.
static hm_status measure(
        const hm_arrow_reader *reader, const hm_arrow_view *view, size_t *size) {
    *size = view->length;
    for (size_t i = 0; i < view->length; i++) {
        hm_arrow_text_view found;
        hm_arrow_text text;
        HM_TRY(find_text(reader, view, i, &found, &text));
        if (__builtin_add_overflow(*size, text.length, size)) {
            return hm_error_no_memory(reader->error);
        }
    }
    return HM_OK;
}

static hm_status copy_text(const hm_arrow_reader *reader, const hm_arrow_view *view,
        size_t index, const hm_arrow_text *text, char *to) {
    if (!hm_utf8_is(text->bytes, text->length)) {
        return hm_arrow_fail_at(reader->error, view->place, index,
                memchr(text->bytes, '\0', text->length) != NULL
                        ? "the text contains a NUL byte, which ends a C string"
                        : "the text is not UTF-8");
    }
    memcpy(to, text->bytes, text->length);
    to[text->length] = '\0';
    return HM_OK;
}

hm_status hm_arrow_read_text(const hm_arrow_reader *reader, const hm_arrow_view *view,
        hm_arena *to, hm_arrow_part *part) {
    size_t size;
    HM_TRY(measure(reader, view, &size));
    char *next = hm_arena_take(reader->kept, size, 1);
    const char **strings = hm_arena_array(to, view->length, sizeof *strings);
    if (next == NULL || strings == NULL) {
        return hm_error_no_memory(reader->error);
    }
    for (size_t i = 0; i < view->length; i++) {
        hm_arrow_text_view found;
        hm_arrow_text text;
        HM_TRY(find_text(reader, view, i, &found, &text));
        HM_TRY(copy_text(reader, view, i, &text, next));
        strings[i] = next;
        next += text.length + 1;
    }
    *part = (hm_arrow_part){
            .data = (char *)strings, .length = view->length, .size = sizeof *strings};
    return hm_arrow_take_validity(reader, to, hm_arrow_validity(view), view->start,
            view->length, &part->validity, &part->is_shared);
}
