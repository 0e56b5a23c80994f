// scalar.h — a config value as conditions see it: what it means, whatever its type.

#ifndef HM_GRAPH_SCALAR_H
#define HM_GRAPH_SCALAR_H

#include <stdbool.h>
#include <stdint.h>

#include <hamilton/module.h>
#include <hamilton/status.h>
#include <hamilton/value.h>

#include "base/arena.h"

typedef enum hm_scalar_kind {
    HM_SCALAR_NONE, // an array, an object or null: equals nothing
    HM_SCALAR_BOOL, // `integer` is 0 or 1
    HM_SCALAR_INT,
    HM_SCALAR_REAL,
    HM_SCALAR_FLOAT, // a real that was rounded to float
    HM_SCALAR_TEXT,
} hm_scalar_kind;

typedef struct hm_scalar {
    hm_scalar_kind kind;
    int64_t integer;
    double real; // of an integer too
    const char *text;
} hm_scalar;

// Reads a value whose type is valid; JSON text is parsed. Text is copied into the
// arena. An error is HM_NO_MEMORY, or whatever is wrong with the JSON text.
hm_status hm_scalar_read(
        const hm_value *value, hm_arena *arena, hm_scalar *scalar, hm_error *error);

// Whether a literal of a modifier means the same: 3 is 3.0, us is "us". true is no
// number.
bool hm_scalar_equals(const hm_scalar *scalar, const hm_argument *literal);

#endif
