// numbers.h — numbers of any DuckDB type as numbers of any wanted type, with a check
// that each of them can be that.

#ifndef HM_ADAPTERS_DUCKDB_NUMBERS_H
#define HM_ADAPTERS_DUCKDB_NUMBERS_H

#include <duckdb.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hamilton/json.h>
#include <hamilton/type.h>

typedef struct hm_numbers {
    duckdb_type stored; // a type of integers, FLOAT or DOUBLE: how they lie in memory
    double divisor;     // of decimals, else 1
    const uint64_t *validity; // bit i is 0 where number i is missing; NULL if none is
    const void *data;
} hm_numbers;

// Whether the numbers have the bytes that the type has, so that they can be copied.
bool hm_numbers_are(const hm_numbers *numbers, const hm_type *type);

// Stores numbers from `first` on as elements of a BOOL, INT, UINT or FLOAT type, side
// by side; what is missing is anything. How many it stored before one that cannot be
// such an element: count if all can.
size_t hm_numbers_take(const hm_numbers *numbers, size_t first, size_t count,
        const hm_type *type, void *elements);

// A number as text.
void hm_numbers_show(const hm_numbers *numbers, size_t i, char text[HM_NUMBER_SIZE]);

#endif
