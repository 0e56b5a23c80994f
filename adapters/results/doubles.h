// doubles.h — numbers of any type as doubles.

#ifndef HM_ADAPTERS_RESULTS_DOUBLES_H
#define HM_ADAPTERS_RESULTS_DOUBLES_H

#include <stdbool.h>
#include <stddef.h>

#include <hamilton/value.h>

// Where they go: to[i * stride].
typedef struct hm_doubles {
    double *to;
    size_t stride;
} hm_doubles;

// Whether the elements of a value are numbers or bools, in its memory.
bool hm_doubles_are(const hm_value *value);

// Stores count elements of an array, from `first` on, or the one of a single value; a
// missing one as NaN. How many come before one that no double is: count if all are.
size_t hm_doubles_store(
        const hm_doubles *doubles, const hm_value *value, size_t first, size_t count);

// What is said of an element of the type that no double is.
const char *hm_doubles_fault(const hm_type *type);

#endif
