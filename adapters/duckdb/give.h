// give.h — elements of ours into DuckDB's vectors.

#ifndef HM_ADAPTERS_DUCKDB_GIVE_H
#define HM_ADAPTERS_DUCKDB_GIVE_H

#include <duckdb.h>
#include <stdbool.h>
#include <stddef.h>

#include <hamilton/status.h>
#include <hamilton/value.h>

#include "adapters/duckdb/times.h"

// Why an element was not given.
typedef struct hm_give_fault {
    hm_status status; // HM_BAD_DATA or HM_NO_MEMORY
    char message[HM_TIMES_MESSAGE_SIZE];
} hm_give_fault;

// DuckDB's type for elements of a type in arrays of a depth, which the caller destroys.
// HM_TYPE_MISMATCH says what has none, without the column.
HM_MUST_CHECK hm_status hm_give_type(const hm_type *type, uint32_t depth,
        duckdb_logical_type *found, hm_error *error);

// Gives count elements of an array, from `first` on, to a new vector, from `at` on.
// Texts of more than 12 bytes stay where they are and must outlive the vector. How many
// come before one that DuckDB does not take, about which the fault says more: count if
// it takes all. Any thread with a vector of its own.
size_t hm_give(duckdb_vector vector, size_t at, const hm_value *value, size_t first,
        size_t count, hm_give_fault *fault);

#endif
