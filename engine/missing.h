// missing.h — missing values. Floating types have NaN, which functions see. Of other
// types an array's validity tells which elements are there: rows without them are not
// run, and what they would make is missing as well.

#ifndef HM_ENGINE_MISSING_H
#define HM_ENGINE_MISSING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hamilton/allocator.h>
#include <hamilton/value.h>

typedef enum hm_missing_kind {
    HM_MISSING_IS_NAN,
    HM_MISSING_IS_EMPTY, // a string
    HM_MISSING_IS_ZERO,
} hm_missing_kind;

// What is in the place of a missing element: of a value, or of an array of one.
hm_missing_kind hm_missing_kind_of(const hm_type *type, bool is_by_value);

// Bytes of a bitmap for so many rows; whole cache lines.
size_t hm_missing_bytes(size_t row_count);

// Whether a bitmap has a row.
bool hm_missing_has(const uint8_t *bits, size_t row);

// How many elements of an array are missing; *first is the first of them.
size_t hm_missing_count(const hm_array *array, size_t *first);

// Clears the bits of a mask whose rows are missing in a bitmap, from its row `start`
// on.
void hm_missing_mask(
        uint8_t *mask, const uint8_t *validity, size_t start, size_t row_count);

// Whether one of the strings is a null pointer.
bool hm_missing_has_null(const char *const *strings, size_t count);

// Clears the bits of a mask whose strings are null pointers.
void hm_missing_mask_null(uint8_t *mask, const char *const *strings, size_t row_count);

// Takes a row out of a mask, which nobody else has.
void hm_missing_clear(uint8_t *mask, size_t row);

// Whether a mask has all rows.
bool hm_missing_is_none(const uint8_t *mask, size_t row_count);

// The next rows, from *row on, that are all present: true, and *row to *end is not
// empty; or false, there are none.
bool hm_missing_next_present(
        const uint8_t *mask, size_t row_count, size_t *row, size_t *end);

// Clears the bits of a bitmap, from its row `start` on, that are clear in a mask. Other
// threads may do the same for other rows.
void hm_missing_mark(
        uint8_t *validity, size_t start, const uint8_t *mask, size_t row_count);

// Makes elements what they are where they are missing: NaN, "", or zero bits.
void hm_missing_fill(hm_missing_kind kind, size_t size, char *elements,
        const uint8_t *mask, size_t row_count);

// Whether a value is a floating array whose missing elements a bitmap tells.
bool hm_missing_is_nan(const hm_value *value);

// A floating array that has missing elements in a bitmap, with NaN in their place: a
// copy, which its release frees. False if memory ran out.
bool hm_missing_copy_as_nan(
        const hm_value *value, const hm_allocator *allocator, hm_value *copy);

#endif
