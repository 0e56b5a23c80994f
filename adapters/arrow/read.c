// read.c — numbers and bools; see read.h.

#include "adapters/arrow/read.h"

#include <string.h>

#include "adapters/arrow/bits.h"
#include "adapters/arrow/widen.h"
#include "base/calendar.h"
#include "base/element.h"
#include "base/error.h"
#include "base/time_scale.h"

// Numbers that are copied begin where vectors like it.
enum { NUMBER_ALIGNMENT = 64 };

// What the library hands out is not const, but only read.
static void *unconst(const void *memory) {
    void *same;
    memcpy(&same, &memory, sizeof same);
    return same;
}

hm_status hm_arrow_take_validity(const hm_arrow_reader *reader, hm_arena *to,
        const uint8_t *bits, size_t start, size_t count, uint8_t **validity,
        bool *is_shared) {
    *validity = NULL;
    if (bits == NULL || hm_bits_zeros(bits, start, count) == 0) {
        return HM_OK;
    }
    if (start % 8 == 0) {
        *validity = unconst(bits + start / 8);
        *is_shared = true;
        return HM_OK;
    }
    uint8_t *copy = hm_bits_take(to, count);
    if (copy == NULL) {
        return hm_error_no_memory(reader->error);
    }
    hm_bits_copy(copy, 0, bits, start, count);
    *validity = copy;
    return HM_OK;
}

// Elements of the type in `to`, whose content is still to come.
static hm_status take_elements(const hm_arrow_reader *reader, const hm_arrow_view *view,
        const hm_type *type, hm_arena *to, hm_arrow_part *part) {
    size_t alignment =
            type->alignment > NUMBER_ALIGNMENT ? type->alignment : NUMBER_ALIGNMENT;
    *part = (hm_arrow_part){.length = view->length, .size = type->size};
    size_t bytes;
    if (__builtin_mul_overflow(view->length, (size_t)type->size, &bytes)) {
        return hm_error_no_memory(reader->error);
    }
    part->data = hm_arena_take(to, bytes, alignment);
    return part->data != NULL ? HM_OK : hm_error_no_memory(reader->error);
}

static hm_status take_view_validity(const hm_arrow_reader *reader,
        const hm_arrow_view *view, hm_arena *to, hm_arrow_part *part) {
    return hm_arrow_take_validity(reader, to, hm_arrow_validity(view), view->start,
            view->length, &part->validity, &part->is_shared);
}

// Most of a column is there: eight elements of which none is missing are passed over.
static void fill_all_missing(
        const hm_arrow_view *view, const hm_type *type, hm_arrow_part *part) {
    const uint8_t *bits = hm_arrow_validity(view);
    for (size_t i = 0; i < view->length; i++) {
        size_t at = view->start + i;
        if (at % 8 == 0 && bits[at / 8] == UINT8_MAX) {
            i += 7;
        } else if (!hm_bits_get(bits, at)) {
            hm_element_store_missing(type, part->data + i * type->size);
        }
    }
}

static bool is_in_missing_struct(const hm_arrow_view *view, size_t index) {
    while (view->within != NULL) {
        index /= view->count_within;
        view = view->within;
        const uint8_t *bits = hm_arrow_validity(view);
        if (bits != NULL && !hm_bits_get(bits, view->start + index)) {
            return true;
        }
    }
    return false;
}

// Of an element, the outermost struct's.
static size_t row_of(const hm_arrow_view *view, size_t index) {
    for (; view->within != NULL; view = view->within) {
        index /= view->count_within;
    }
    return index;
}

// Times that were copied, from the unit of the schema to that of the type. Those that
// are missing could be anything.
static hm_status scale(const hm_arrow_reader *reader, const hm_arrow_view *view,
        const hm_type *type, hm_arrow_part *part) {
    const hm_type *found = view->format.type;
    int64_t *times = (int64_t *)(void *)part->data;
    if (hm_arrow_validity(view) != NULL) {
        fill_all_missing(view, type, part);
    }
    for (size_t i = 0; view->within != NULL && i < view->length; i++) {
        times[i] = is_in_missing_struct(view, i) ? 0 : times[i];
    }
    size_t scaled =
            hm_time_scale(found->time_unit, type->time_unit, times, view->length);
    if (scaled == view->length) {
        return HM_OK;
    }
    char text[HM_NUMBER_SIZE];
    hm_time_write(found->time_unit, times[scaled], text);
    return hm_arrow_fail_at(reader->error, view->place, row_of(view, scaled),
            "%s %s %s; take it as %s", text,
            hm_time_scale_complaint(found->time_unit, type->time_unit), type->name,
            found->name);
}

static hm_status read_number(const hm_arrow_reader *reader, const hm_arrow_view *view,
        const hm_type *type, hm_arena *to, hm_arrow_part *part) {
    const hm_type *stored = view->format.stored;
    const char *data = view->array->buffers[1];
    data = data != NULL ? data + view->start * stored->size : NULL;
    bool becomes_nan = type->kind == HM_KIND_FLOAT && view->missing_count > 0;
    hm_time_unit unit = view->format.type->time_unit;
    bool is_scaled = unit != HM_TIME_NONE && unit != type->time_unit;
    if (hm_number_is_same(stored, type) && !becomes_nan && !is_scaled &&
            (uintptr_t)data % type->alignment == 0) {
        *part = (hm_arrow_part){.data = unconst(data),
                .length = view->length,
                .size = type->size,
                .is_shared = data != NULL};
    } else {
        HM_TRY(take_elements(reader, view, type, to, part));
        hm_number_widen(stored, data, type, part->data, view->length);
    }
    if (is_scaled) {
        HM_TRY(scale(reader, view, type, part));
    }
    if (becomes_nan) {
        fill_all_missing(view, type, part);
        return HM_OK;
    }
    return take_view_validity(reader, view, to, part);
}

static hm_status read_bool(const hm_arrow_reader *reader, const hm_arrow_view *view,
        const hm_type *type, hm_arena *to, hm_arrow_part *part) {
    HM_TRY(take_elements(reader, view, type, to, part));
    const uint8_t *bits = view->array->buffers[1];
    const uint8_t *validity = hm_arrow_validity(view);
    for (size_t i = 0; i < view->length; i++) {
        size_t at = view->start + i;
        bool is_there = validity == NULL || hm_bits_get(validity, at);
        part->data[i] = (char)(is_there && hm_bits_get(bits, at));
    }
    return take_view_validity(reader, view, to, part);
}

static hm_status read_null(const hm_arrow_reader *reader, const hm_arrow_view *view,
        const hm_type *type, hm_arena *to, hm_arrow_part *part) {
    HM_TRY(take_elements(reader, view, type, to, part));
    for (size_t i = 0; i < view->length; i++) {
        hm_element_store_missing(type, part->data + i * type->size);
    }
    if (type->kind == HM_KIND_FLOAT || view->length == 0) {
        return HM_OK;
    }
    part->validity = hm_bits_take(to, view->length);
    return part->validity != NULL ? HM_OK : hm_error_no_memory(reader->error);
}

hm_status hm_arrow_read(const hm_arrow_reader *reader, const hm_arrow_view *view,
        const hm_type *type, hm_arena *to, hm_arrow_part *part) {
    if (view->schema->dictionary != NULL) {
        return hm_arrow_read_nested(reader, view, type, to, part);
    }
    switch (view->format.form) {
    case HM_ARROW_NULL:
        return read_null(reader, view, type, to, part);
    case HM_ARROW_BOOL:
        return read_bool(reader, view, type, to, part);
    case HM_ARROW_NUMBER:
        return read_number(reader, view, type, to, part);
    case HM_ARROW_TEXT:
    case HM_ARROW_LARGE_TEXT:
    case HM_ARROW_TEXT_VIEW:
        return hm_arrow_read_text(reader, view, to, part);
    default:
        return hm_arrow_read_nested(reader, view, type, to, part);
    }
}
