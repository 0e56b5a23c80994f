// scan.c — a Parquet file by all threads at once. DuckDB has no call by which a file
// comes out in parallel; but it calls functions of ours in parallel, on what it has
// just decoded. So the query is
//
//     SELECT count(hm_take(row number, column, ...)) FROM read_parquet(...)
//
// and hm_take, our function, puts the values where their rows belong. In a query of its
// own file_row_number tells which these are, so that the order of threads is no matter.

#include <pthread.h>
#include <string.h>

#include "adapters/duckdb/table.h"
#include "base/error.h"

typedef struct hm_scan {
    hm_duckdb_table *table;

    // Protects what is idle, and the table's takers and fault.
    pthread_mutex_t lock;
    hm_table_taker *idle;
} hm_scan;

static hm_table_taker *acquire(hm_scan *scan) {
    pthread_mutex_lock(&scan->lock);
    hm_table_taker *taker = scan->idle;
    if (taker != NULL) {
        scan->idle = taker->next_idle;
    } else {
        taker = hm_duckdb_table_add_taker(scan->table);
    }
    pthread_mutex_unlock(&scan->lock);
    return taker;
}

static void release(hm_scan *scan, hm_table_taker *taker) {
    pthread_mutex_lock(&scan->lock);
    taker->next_idle = scan->idle;
    scan->idle = taker;
    pthread_mutex_unlock(&scan->lock);
}

static void note(hm_scan *scan, const hm_taker *taker, size_t row, size_t column) {
    pthread_mutex_lock(&scan->lock);
    hm_duckdb_table_note(scan->table, taker, row, column);
    pthread_mutex_unlock(&scan->lock);
}

// Takes rows whose numbers follow each other. False if memory ran out, after which
// there is no use in going on.
static bool take_run(hm_scan *scan, hm_taker *taker, duckdb_data_chunk chunk,
        size_t from, size_t count, size_t row) {
    bool has_memory = true;
    for (size_t i = 0; i < scan->table->column_count; i++) {
        size_t fault_row;
        duckdb_vector vector = duckdb_data_chunk_get_vector(chunk, i + 1);
        if (!hm_duckdb_table_take(
                    scan->table, taker, i, vector, from, count, row, &fault_row)) {
            note(scan, taker, fault_row, i);
            has_memory &= taker->status != HM_NO_MEMORY;
        }
    }
    return has_memory;
}

// The file had so many rows when they were counted; another one may have its name now.
static bool are_within(const hm_scan *scan, int64_t first, size_t count) {
    return first >= 0 && (uint64_t)first < scan->table->row_count &&
           count <= scan->table->row_count - (size_t)first;
}

static bool take_chunk(hm_scan *scan, duckdb_data_chunk chunk) {
    size_t count = duckdb_data_chunk_get_size(chunk);
    const int64_t *rows =
            duckdb_vector_get_data(duckdb_data_chunk_get_vector(chunk, 0));
    hm_table_taker *taker = acquire(scan);
    if (taker == NULL) {
        note(scan, &(hm_taker){.status = HM_NO_MEMORY}, 0, 0);
        return false;
    }
    bool goes_on = true;
    for (size_t done = 0, length = 0; done < count && goes_on; done += length) {
        length = 1;
        while (done + length < count &&
                rows[done + length] == rows[done] + (int64_t)length) {
            length++;
        }
        goes_on =
                are_within(scan, rows[done], length) &&
                take_run(scan, &taker->taker, chunk, done, length, (size_t)rows[done]);
    }
    release(scan, taker);
    return goes_on;
}

// DuckDB calls it on its threads.
static void take(
        duckdb_function_info info, duckdb_data_chunk chunk, duckdb_vector output) {
    hm_scan *scan = duckdb_scalar_function_get_extra_info(info);
    memset(duckdb_vector_get_data(output), 0, duckdb_data_chunk_get_size(chunk));
    if (!take_chunk(scan, chunk)) {
        duckdb_scalar_function_set_error(info, "the file changes while it is read");
    }
}

static hm_status register_take(
        hm_scan *scan, const hm_database *database, hm_error *error) {
    duckdb_logical_type any = duckdb_create_logical_type(DUCKDB_TYPE_ANY);
    duckdb_logical_type result = duckdb_create_logical_type(DUCKDB_TYPE_UTINYINT);
    duckdb_scalar_function function = duckdb_create_scalar_function();
    duckdb_scalar_function_set_name(function, "hm_take");
    duckdb_scalar_function_set_varargs(function, any);
    duckdb_scalar_function_set_return_type(function, result);
    duckdb_scalar_function_set_special_handling(function); // called for NULL too
    duckdb_scalar_function_set_volatile(function);         // called for every row
    duckdb_scalar_function_set_extra_info(function, scan, NULL);
    duckdb_scalar_function_set_function(function, take);
    duckdb_state state =
            duckdb_register_scalar_function(database->connection, function);
    duckdb_destroy_scalar_function(&function);
    duckdb_destroy_logical_type(&result);
    duckdb_destroy_logical_type(&any);
    return state == DuckDBSuccess ? HM_OK : hm_error_no_memory(error);
}

static hm_status run(
        hm_scan *scan, const hm_database *database, const char *path, hm_error *error) {
    hm_duckdb_table *table = scan->table;
    HM_TRY(register_take(scan, database, error));
    hm_text sql;
    hm_text_init(&sql, table->allocator);
    hm_text_format(&sql, "SELECT count(hm_take(c%zu", table->name_count);
    for (size_t i = 0; i < table->column_count; i++) {
        hm_text_append(&sql, ", ");
        hm_duckdb_column_select(&sql, &table->columns[i]);
    }
    hm_text_append(&sql, ")) FROM ");
    hm_duckdb_parquet(&sql, path, true);
    table->name_count++; // the number of the row, which comes last
    hm_duckdb_table_rename(&sql, table);
    table->name_count--;
    int64_t taken = 0;
    hm_status status =
            sql.failed ? hm_error_no_memory(error)
                       : hm_database_number(database, hm_text_get(&sql), &taken, error);
    hm_text_finish(&sql);
    if (table->fault != HM_OK) {
        return hm_duckdb_table_fault(table, error);
    }
    HM_TRY(status);
    return (uint64_t)taken == table->row_count
                   ? HM_OK
                   : hm_error_set(error, HM_IO, "the file changes while it is read");
}

hm_status hm_duckdb_scan(hm_duckdb_table *table, const hm_database *database,
        const char *path, hm_error *error) {
    hm_scan scan = {.table = table};
    if (pthread_mutex_init(&scan.lock, NULL) != 0) {
        return hm_error_no_memory(error);
    }
    hm_status status = run(&scan, database, path, error);
    pthread_mutex_destroy(&scan.lock);
    return status;
}
