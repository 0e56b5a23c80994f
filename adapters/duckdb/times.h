// times.h — dates and timestamps of DuckDB as times of ours, and back.

#ifndef HM_ADAPTERS_DUCKDB_TIMES_H
#define HM_ADAPTERS_DUCKDB_TIMES_H

#include <duckdb.h>
#include <stddef.h>
#include <stdint.h>

#include <hamilton/type.h>

#include "adapters/duckdb/numbers.h"

enum { HM_TIMES_MESSAGE_SIZE = 192 };

// What a type of DuckDB counts: HM_TIME_NONE if it is neither dates nor timestamps.
hm_time_unit hm_times_unit(duckdb_type type);

// DuckDB's type for times of a unit.
duckdb_type hm_times_type(hm_time_unit unit);

// Stores times that count `unit`, from `first` on, as elements of a type of times, side
// by side; what is missing is anything. How many it stored before one that cannot be
// such an element, of which the message tells: count if all can.
size_t hm_times_take(const hm_numbers *times, hm_time_unit unit, size_t first,
        size_t count, const hm_type *type, int64_t *elements,
        char message[HM_TIMES_MESSAGE_SIZE]);

// Whether DuckDB holds a time as its type for the unit; if not, the message tells.
bool hm_times_fit(hm_time_unit unit, int64_t time, char message[HM_TIMES_MESSAGE_SIZE]);

#endif
