// duckdb_functions.h — the component that knows DuckDB, for Parquet files and SQL.

#ifndef HM_CLI_DUCKDB_FUNCTIONS_H
#define HM_CLI_DUCKDB_FUNCTIONS_H

#include <hamilton/duckdb.h>
#include <hamilton/status.h>

#include "cli/session.h"

// What it has, by the names of <hamilton/duckdb.h>.
typedef struct hm_duckdb_functions {
    hm_status (*read)(
            const hm_duckdb_options *options, hm_duckdb_table **table, hm_error *error);
    void (*table_destroy)(hm_duckdb_table *table);
    size_t (*name_count)(const hm_duckdb_table *table);
    const char *(*name)(const hm_duckdb_table *table, size_t index);
    const hm_value *(*find)(const hm_duckdb_table *table, const char *name);
    hm_status (*write)(const char *path, const hm_binding *columns, size_t column_count,
            uint32_t thread_count, hm_error *error);
} hm_duckdb_functions;

// Loads it; `what` is wanted of it, for the message if it is not there.
hm_status hm_duckdb_functions_load(
        hm_session *session, const char *what, const hm_duckdb_functions **functions);

#endif
