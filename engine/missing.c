// missing.c — see missing.h. Bitmaps are Arrow's: least significant bit first, 1 for
// what is there.

#include "engine/missing.h"

#include <stdatomic.h>
#include <string.h>

#include "base/allocator.h"
#include "base/element.h"

enum { BITS = 8, LINE = 64 };

bool hm_missing_has(const uint8_t *bits, size_t row) {
    return (bits[row / BITS] >> row % BITS & 1) != 0;
}

size_t hm_missing_bytes(size_t row_count) {
    return (row_count / BITS + LINE) / LINE * LINE;
}

size_t hm_missing_count(const hm_array *array, size_t *first) {
    size_t count = 0;
    for (size_t i = 0; array->validity != NULL && i < array->length; i++) {
        if (i % BITS == 0 && array->validity[i / BITS] == 0xff) {
            i += BITS - 1;
        } else if (!hm_missing_has(array->validity, i)) {
            *first = count++ == 0 ? i : *first;
        }
    }
    return count;
}

void hm_missing_mask(
        uint8_t *mask, const uint8_t *validity, size_t start, size_t row_count) {
    const uint8_t *from = validity + start / BITS;
    unsigned shift = start % BITS;
    size_t byte_count = (row_count + BITS - 1) / BITS;
    size_t last = (start % BITS + row_count + BITS - 1) / BITS; // bytes that it has
    for (size_t i = 0; i < byte_count; i++) {
        unsigned bits = from[i] | (i + 1 < last ? (unsigned)from[i + 1] << BITS : 0);
        mask[i] &= (uint8_t)(bits >> shift);
    }
}

bool hm_missing_has_null(const char *const *strings, size_t count) {
    size_t null_count = 0;
    for (size_t i = 0; i < count; i++) {
        null_count += strings[i] == NULL; // without branches
    }
    return null_count > 0;
}

void hm_missing_mask_null(uint8_t *mask, const char *const *strings, size_t row_count) {
    bool has_null = hm_missing_has_null(strings, row_count);
    for (size_t i = 0; has_null && i < row_count; i++) {
        if (strings[i] == NULL) {
            mask[i / BITS] &= (uint8_t) ~(1U << i % BITS);
        }
    }
}

void hm_missing_clear(uint8_t *mask, size_t row) {
    mask[row / BITS] &= (uint8_t) ~(1U << row % BITS);
}

bool hm_missing_is_none(const uint8_t *mask, size_t row_count) {
    size_t row = 0;
    size_t end = row_count;
    return row_count == 0 || (hm_missing_next_present(mask, row_count, &row, &end) &&
                                     row == 0 && end == row_count);
}

bool hm_missing_next_present(
        const uint8_t *mask, size_t row_count, size_t *row, size_t *end) {
    size_t at = *row;
    while (at < row_count && !hm_missing_has(mask, at)) {
        at += at % BITS == 0 && mask[at / BITS] == 0 ? BITS : 1;
    }
    if (at >= row_count) {
        return false;
    }
    *row = at;
    while (at < row_count && hm_missing_has(mask, at)) {
        at += at % BITS == 0 && mask[at / BITS] == 0xff ? BITS : 1;
    }
    *end = at < row_count ? at : row_count;
    return true;
}

void hm_missing_mark(
        uint8_t *validity, size_t start, const uint8_t *mask, size_t row_count) {
    for (size_t i = 0; i < row_count; i++) {
        if (i % BITS == 0 && mask[i / BITS] == 0xff) {
            i += BITS - 1;
        } else if (!hm_missing_has(mask, i)) {
            // Relaxed: it is looked at after all rows. Another thread may have the
            // byte's other rows.
            size_t row = start + i;
            atomic_fetch_and_explicit((_Atomic(uint8_t) *)&validity[row / BITS],
                    (uint8_t) ~(1U << row % BITS), memory_order_relaxed);
        }
    }
}

hm_missing_kind hm_missing_kind_of(const hm_type *type, bool is_by_value) {
    return is_by_value && type->kind == HM_KIND_FLOAT    ? HM_MISSING_IS_NAN
           : is_by_value && type->kind == HM_KIND_STRING ? HM_MISSING_IS_EMPTY
                                                         : HM_MISSING_IS_ZERO;
}

void hm_missing_fill(hm_missing_kind kind, size_t size, char *elements,
        const uint8_t *mask, size_t row_count) {
    static const char *const empty = "";
    for (size_t i = 0; i < row_count; i++) {
        if (hm_missing_has(mask, i)) {
            continue;
        }
        if (kind == HM_MISSING_IS_NAN) {
            hm_element_store_nan(elements + i * size, size);
        } else if (kind == HM_MISSING_IS_EMPTY) {
            memcpy(elements + i * size, &empty, sizeof empty);
        } else {
            memset(elements + i * size, 0, size);
        }
    }
}

bool hm_missing_is_nan(const hm_value *value) {
    return value->depth == 1 && value->many.validity != NULL && !value->by_reference &&
           value->type->kind == HM_KIND_FLOAT;
}

static size_t copy_bytes(const hm_value *value) {
    size_t length = value->many.length > 0 ? value->many.length : 1;
    return length * value->type->size;
}

static void release_copy(hm_value *value) {
    hm_deallocate(value->context, value->many.data, copy_bytes(value), LINE);
    *value = (hm_value){0};
}

bool hm_missing_copy_as_nan(
        const hm_value *value, const hm_allocator *allocator, hm_value *copy) {
    *copy = *value;
    char *data = hm_allocate(allocator, copy_bytes(value), LINE);
    if (data == NULL) {
        return false;
    }
    if (value->many.length > 0) {
        memcpy(data, value->many.data, copy_bytes(value));
        hm_missing_fill(HM_MISSING_IS_NAN, value->type->size, data,
                value->many.validity, value->many.length);
    }
    copy->many.data = data;
    copy->many.validity = NULL;
    copy->release = release_copy;
    copy->context = (void *)(uintptr_t)allocator;
    return true;
}
