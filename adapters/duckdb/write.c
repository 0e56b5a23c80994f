// write.c — columns as a Parquet file. A table function of ours would be DuckDB's own
// way to read them, but only by one thread, since DuckDB does not know how such rows
// are ordered. Of a table it does. So there is one, of as many rows as the columns have
// and with next to nothing in it, and the query that is written to the file is
//
//     SELECT the members of hm_give(rowid) FROM that table
//
// where hm_give, our function, answers with the values of the rows: on all threads.

#include <pthread.h>
#include <string.h>

#include <hamilton/duckdb.h>

#include "adapters/duckdb/database.h"
#include "adapters/duckdb/give.h"
#include "adapters/duckdb/give_columns.h"
#include "base/allocator.h"
#include "base/arena.h"
#include "base/error.h"
#include "base/target.h"

typedef struct hm_giving {
    const hm_binding *columns;
    size_t column_count;

    pthread_mutex_t
            lock; // protects what follows: of what DuckDB does not take, the first
    bool has_fault;
    hm_give_fault fault;
    size_t fault_row;
    size_t fault_column;
} hm_giving;

static size_t length_of(const hm_giving *giving) {
    return giving->columns[0].value.many.length;
}

// Where memory runs out nothing else counts.
static void note(
        hm_giving *giving, const hm_give_fault *fault, size_t row, size_t column) {
    pthread_mutex_lock(&giving->lock);
    bool is_first = !giving->has_fault || row < giving->fault_row ||
                    (row == giving->fault_row && column < giving->fault_column);
    if (giving->fault.status != HM_NO_MEMORY &&
            (is_first || fault->status == HM_NO_MEMORY)) {
        giving->has_fault = true;
        giving->fault = *fault;
        giving->fault_row = row;
        giving->fault_column = column;
    }
    pthread_mutex_unlock(&giving->lock);
}

// DuckDB calls it on its threads. What it gives after a fault nobody will see: the rows
// go on, since only so the first fault is found.
static void answer(
        duckdb_function_info info, duckdb_data_chunk chunk, duckdb_vector output) {
    hm_giving *giving = duckdb_scalar_function_get_extra_info(info);
    const int64_t *rows =
            duckdb_vector_get_data(duckdb_data_chunk_get_vector(chunk, 0));
    size_t count = duckdb_data_chunk_get_size(chunk);
    for (size_t i = 0; i < giving->column_count; i++) {
        duckdb_vector vector = duckdb_struct_vector_get_child(output, i);
        for (size_t done = 0, length = 0; done < count; done += length) {
            length = 1;
            while (done + length < count &&
                    rows[done + length] == rows[done] + (int64_t)length) {
                length++;
            }
            size_t row = (size_t)rows[done];
            hm_give_fault fault;
            size_t given = hm_give(
                    vector, done, &giving->columns[i].value, row, length, &fault);
            if (given < length) {
                note(giving, &fault, row + given, i);
            }
        }
    }
}

static hm_status register_answer(hm_giving *giving, const hm_database *database,
        duckdb_logical_type row, hm_error *error) {
    duckdb_logical_type number = duckdb_create_logical_type(DUCKDB_TYPE_BIGINT);
    duckdb_scalar_function function = duckdb_create_scalar_function();
    duckdb_scalar_function_set_name(function, "hm_give");
    duckdb_scalar_function_add_parameter(function, number);
    duckdb_scalar_function_set_return_type(function, row);
    duckdb_scalar_function_set_volatile(function); // called once for each row
    duckdb_scalar_function_set_extra_info(function, giving, NULL);
    duckdb_scalar_function_set_function(function, answer);
    duckdb_state state =
            duckdb_register_scalar_function(database->connection, function);
    duckdb_destroy_scalar_function(&function);
    duckdb_destroy_logical_type(&number);
    return state == DuckDBSuccess ? HM_OK : hm_error_no_memory(error);
}

// Registers hm_give with the type of a row.
static hm_status prepare(
        hm_giving *giving, const hm_database *database, hm_error *error) {
    hm_arena arena;
    hm_arena_init(&arena, hm_allocator_default());
    size_t count = giving->column_count;
    duckdb_logical_type *types = hm_arena_array(&arena, count, sizeof *types);
    const char **names = hm_arena_array(&arena, count, sizeof *names);
    hm_status status = types != NULL && names != NULL
                               ? hm_give_types(giving->columns, count, types, error)
                               : hm_error_no_memory(error);
    for (size_t i = 0; status == HM_OK && i < count; i++) {
        names[i] = giving->columns[i].name;
    }
    if (status == HM_OK) {
        duckdb_logical_type row = duckdb_create_struct_type(types, names, count);
        status = register_answer(giving, database, row, error);
        duckdb_destroy_logical_type(&row);
    }
    for (size_t i = 0; types != NULL && i < count; i++) {
        duckdb_destroy_logical_type(&types[i]);
    }
    hm_arena_finish(&arena);
    return status;
}

static hm_status query(const hm_database *database, const hm_text *sql, int64_t *number,
        hm_error *error) {
    return sql->failed ? hm_error_no_memory(error)
                       : hm_database_number(database, hm_text_get(sql), number, error);
}

static hm_status copy(hm_giving *giving, const hm_database *database, const char *place,
        hm_text *sql, hm_error *error) {
    hm_text_format(sql,
            "CREATE TEMP TABLE hm_rows AS SELECT 0::UTINYINT AS nothing FROM "
            "range(%zu)",
            length_of(giving));
    HM_TRY(query(database, sql, NULL, error));
    hm_text_clear(sql);
    hm_text_append(sql, "COPY (SELECT ");
    for (size_t i = 0; i < giving->column_count; i++) {
        hm_text_format(
                sql, "%sstruct_extract_at(row, %zu) AS ", i > 0 ? ", " : "", i + 1);
        hm_database_quote(sql, '"', giving->columns[i].name);
    }
    hm_text_append(sql, " FROM (SELECT hm_give(rowid) AS row FROM hm_rows)) TO ");
    hm_database_quote(sql, '\'', place);
    hm_text_append(sql, " (FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false)");
    int64_t written = 0;
    hm_status status = query(database, sql, &written, error);
    if (giving->has_fault) {
        return giving->fault.status == HM_NO_MEMORY
                       ? hm_error_no_memory(error)
                       : hm_error_set(error, HM_BAD_DATA, "row %zu, column `%s`: %s",
                                 giving->fault_row + 1,
                                 giving->columns[giving->fault_column].name,
                                 giving->fault.message);
    }
    HM_TRY(status);
    return (uint64_t)written == length_of(giving)
                   ? HM_OK
                   : hm_error_set(error, HM_IO, "DuckDB wrote %lld of %zu rows",
                             (long long)written, length_of(giving));
}

static hm_status write_draft(
        hm_giving *giving, const char *place, uint32_t thread_count, hm_error *error) {
    hm_database database;
    HM_TRY(hm_database_init(&database, NULL, HM_DATABASE_READ, thread_count, error));
    hm_status status = prepare(giving, &database, error);
    if (status == HM_OK) {
        hm_text sql;
        hm_text_init(&sql, NULL);
        status = copy(giving, &database, place, &sql, error);
        hm_text_finish(&sql);
    }
    hm_database_finish(&database);
    return status;
}

static hm_status write_file(
        hm_giving *giving, const char *path, uint32_t thread_count, hm_error *error) {
    HM_TRY(hm_give_check(giving->columns, giving->column_count, error));
    hm_target target;
    HM_TRY(hm_target_init(&target, path, error));
    hm_status status =
            write_draft(giving, hm_target_place(&target), thread_count, error);
    if (status == HM_OK) {
        return hm_target_commit(&target, error);
    }
    hm_target_abandon(&target);
    return status;
}

hm_status hm_duckdb_write(const char *path, const hm_binding *columns,
        size_t column_count, uint32_t thread_count, hm_error *error) {
    hm_giving giving = {.columns = columns, .column_count = column_count};
    if (pthread_mutex_init(&giving.lock, NULL) != 0) {
        return hm_error_no_memory(error);
    }
    hm_error detail;
    hm_status status = write_file(&giving, path, thread_count, &detail);
    pthread_mutex_destroy(&giving.lock);
    return status == HM_OK ? HM_OK
           : status == HM_NO_MEMORY
                   ? hm_error_no_memory(error)
                   : hm_error_set(error, status, "%s: %s", path, detail.message);
}
