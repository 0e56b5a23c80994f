// database.h — a DuckDB database that is open, and its words in our errors.

#ifndef HM_ADAPTERS_DUCKDB_DATABASE_H
#define HM_ADAPTERS_DUCKDB_DATABASE_H

#include <duckdb.h>
#include <stdbool.h>
#include <stdint.h>

#include <hamilton/status.h>

#include "base/text.h"

typedef struct hm_database {
    duckdb_database database;
    duckdb_connection connection;
    bool has_file; // and with it the lock of files
} hm_database;

typedef enum hm_database_access {
    HM_DATABASE_READ,    // nothing in it can change
    HM_DATABASE_WRITTEN, // it is made if it is not there
} hm_database_access;

// Opens a file, or a database in memory if path is NULL. Nothing is ever downloaded for
// it. thread_count 0 is one for each processor. In this process a file is written while
// no other is read or written: who comes second waits. The thread that opens it also
// finishes it.
HM_MUST_CHECK hm_status hm_database_init(hm_database *database, const char *path,
        hm_database_access access, uint32_t thread_count, hm_error *error);

// Accepts a zeroed one.
void hm_database_finish(hm_database *database);

// Executes one statement. The caller destroys *result, which is untouched on failure.
HM_MUST_CHECK hm_status hm_database_query(const hm_database *database, const char *sql,
        duckdb_result *result, hm_error *error);

// The same for a statement of which only the first number is wanted, or NULL.
HM_MUST_CHECK hm_status hm_database_number(
        const hm_database *database, const char *sql, int64_t *number, hm_error *error);

// The first line of what DuckDB says: HM_NO_MEMORY if that is what it lacked, HM_IO if
// the system refused, else HM_BAD_DATA. words may be NULL.
hm_status hm_database_error(hm_error *error, const char *words);

// Appends a type as SQL has it, of those that hm_give_type() makes.
void hm_database_append_type(hm_text *sql, duckdb_logical_type type);

// Appends text in quotes of either kind, as SQL wants them.
void hm_database_quote(hm_text *sql, char quote, const char *text);

#endif
