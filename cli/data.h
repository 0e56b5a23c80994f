// data.h — where columns come from and go to: files of any format, and SQL.

#ifndef HM_CLI_DATA_H
#define HM_CLI_DATA_H

#include <stddef.h>

#include <hamilton/duckdb.h>
#include <hamilton/status.h>
#include <hamilton/table.h>
#include <hamilton/value.h>

#include "cli/duckdb_functions.h"
#include "cli/session.h"

// What was read. One of the two is not NULL.
typedef struct hm_data {
    const char *name; // as messages call it
    hm_table *table;
    hm_duckdb_table *duckdb;
    const hm_duckdb_functions *component; // of duckdb
} hm_data;

// Refuses --database where no --data is a query, and standard input twice.
hm_status hm_data_check_sources(hm_session *session);

// Reads the columns that are wanted from what --data names: a file, - for standard
// input, or duckdb: and a query. The caller calls finish if it succeeds.
hm_status hm_data_read(hm_session *session, const char *source,
        const hm_column *columns, size_t column_count, hm_data *data);
void hm_data_finish(hm_data *data);

// All names that there are.
size_t hm_data_name_count(const hm_data *data);
const char *hm_data_name(const hm_data *data, size_t index);

// A column that was wanted, or NULL if it is not there.
const hm_value *hm_data_find(const hm_data *data, const char *name);

// Refuses a file that hm_data_write() could not write, before anything is computed.
hm_status hm_data_check_target(hm_session *session, const char *path);

// Writes columns of one length to a file.
hm_status hm_data_write(
        hm_session *session, const char *path, const hm_binding *columns, size_t count);

#endif
