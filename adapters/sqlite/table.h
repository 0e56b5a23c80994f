// table.h — columns out of a database, and into it.

#ifndef HM_ADAPTERS_SQLITE_TABLE_H
#define HM_ADAPTERS_SQLITE_TABLE_H

#include <stddef.h>

#include <hamilton/status.h>
#include <hamilton/table.h>
#include <hamilton/value.h>

#include "base/arena.h"

// Columns that were read.
typedef struct hm_sqlite_columns {
    const hm_allocator *allocator;
    hm_arena arena; // the values and what they point at
    hm_value *values;
} hm_sqlite_columns;

// Reads columns of what a query answers, or of a whole table: one of the two is NULL.
// HM_BAD_DATA names row (from 1) and column, without the file. The caller destroys
// *columns.
HM_MUST_CHECK hm_status hm_sqlite_read(const char *path, const char *query,
        const char *table, const hm_column *wanted, size_t wanted_count,
        const hm_allocator *allocator, hm_sqlite_columns **columns, hm_error *error);

void hm_sqlite_columns_destroy(hm_sqlite_columns *columns);

typedef enum hm_sqlite_mode {
    HM_SQLITE_REPLACE, // a table that is there
    HM_SQLITE_CREATE,  // it must not be there
    HM_SQLITE_APPEND,  // it must be there
} hm_sqlite_mode;

// Writes arrays of one length as a table, in one transaction. Errors as above.
HM_MUST_CHECK hm_status hm_sqlite_write(const char *path, const char *table,
        hm_sqlite_mode mode, const hm_binding *columns, size_t count, hm_error *error);

#endif
