// give_columns.h — what columns must be to become a table of DuckDB's.

#ifndef HM_ADAPTERS_DUCKDB_GIVE_COLUMNS_H
#define HM_ADAPTERS_DUCKDB_GIVE_COLUMNS_H

#include <duckdb.h>
#include <stddef.h>

#include <hamilton/status.h>
#include <hamilton/value.h>

// Arrays of one length, each with a name of its own to DuckDB; at least one.
HM_MUST_CHECK hm_status hm_give_check(
        const hm_binding *columns, size_t count, hm_error *error);

// DuckDB's types for the columns. The caller destroys all that are not NULL, also after
// a failure, which names the column.
HM_MUST_CHECK hm_status hm_give_types(const hm_binding *columns, size_t count,
        duckdb_logical_type *types, hm_error *error);

#endif
