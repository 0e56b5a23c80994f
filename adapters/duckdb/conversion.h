// conversion.h — how the elements of a DuckDB type become elements of a wanted type,
// decided once for a column.

#ifndef HM_ADAPTERS_DUCKDB_CONVERSION_H
#define HM_ADAPTERS_DUCKDB_CONVERSION_H

#include <duckdb.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hamilton/status.h>
#include <hamilton/type.h>

#include "base/arena.h"

typedef enum hm_form {
    HM_FORM_COPY,   // the bytes are the same
    HM_FORM_NUMBER, // see numbers.h
    HM_FORM_TIME,   // see times.h
    HM_FORM_TEXT,
    HM_FORM_WORD,  // of an enum: the number of a text
    HM_FORM_LIST,  // an hm_array
    HM_FORM_STRUCT // a struct with fields
} hm_form;

typedef struct hm_conversion {
    hm_form form;
    const hm_type *type; // of the innermost elements, if it is a list
    size_t size;         // of one element that is made

    duckdb_type stored; // COPY, NUMBER, TIME, WORD: how numbers lie in memory
    double divisor;     // of decimals, else 1
    hm_time_unit unit;  // TIME: what they count

    const char *const *words; // WORD
    size_t word_count;

    size_t list_length; // LIST of a fixed length, else 0

    // LIST: of its elements, one. STRUCT: of each field of the type.
    struct hm_conversion *parts;
    size_t part_count;
    size_t member; // of a field: its place in the struct that was found

    bool as_text; // DuckDB is to turn it into text first
} hm_conversion;

// Everything it needs it copies into the arena. HM_TYPE_MISMATCH says what was found
// and what was wanted, without the column.
HM_MUST_CHECK hm_status hm_conversion_init(hm_conversion *conversion,
        duckdb_logical_type found, const hm_type *wanted, hm_arena *arena,
        hm_error *error);

// Whether an element that is missing must be marked as such: NaN needs no mark.
bool hm_conversion_needs_marks(const hm_conversion *conversion);

// How many lists stand around the innermost elements.
uint32_t hm_conversion_depth(const hm_conversion *conversion);

#endif
