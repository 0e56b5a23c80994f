// write_table.c — columns as a table of a DuckDB database, by an appender that takes
// chunks of vectors: nothing is looked at value by value. All of it is one transaction,
// so that a table is whole, or as it was before.

#include <string.h>

#include <hamilton/duckdb.h>

#include "adapters/duckdb/database.h"
#include "adapters/duckdb/give.h"
#include "adapters/duckdb/give_columns.h"
#include "base/allocator.h"
#include "base/arena.h"
#include "base/error.h"
#include "base/sized.h"

typedef struct hm_appending {
    const hm_duckdb_write_options *options;
    const hm_binding *columns;
    size_t count;
    hm_database database;
    duckdb_logical_type *types; // of the columns
    hm_arena arena;
} hm_appending;

static hm_status execute(
        const hm_appending *appending, const hm_text *sql, hm_error *error) {
    return sql->failed ? hm_error_no_memory(error)
                       : hm_database_number(
                                 &appending->database, hm_text_get(sql), NULL, error);
}

static hm_status create_table(const hm_appending *appending, hm_error *error) {
    bool replaces = appending->options->mode == HM_DUCKDB_REPLACE;
    hm_text sql;
    hm_text_init(&sql, NULL);
    hm_text_format(&sql, "CREATE %sTABLE ", replaces ? "OR REPLACE " : "");
    hm_database_quote(&sql, '"', appending->options->table);
    for (size_t i = 0; i < appending->count; i++) {
        hm_text_append(&sql, i > 0 ? ", " : " (");
        hm_database_quote(&sql, '"', appending->columns[i].name);
        hm_text_append(&sql, " ");
        hm_database_append_type(&sql, appending->types[i]);
    }
    hm_text_append(&sql, ")");
    hm_status status = execute(appending, &sql, error);
    hm_text_finish(&sql);
    return status;
}

static hm_status fail_append(duckdb_appender appender, hm_error *error) {
    return hm_database_error(error, duckdb_appender_error(appender));
}

// Of a chunk that does not fit DuckDB tells the types: which columns have other ones?
static hm_status fail_chunk(const hm_appending *appending, duckdb_appender appender,
        size_t row, size_t count, hm_error *error) {
    hm_error detail;
    hm_text others;
    hm_text_init(&others, NULL);
    for (size_t i = 0; i < appending->count; i++) {
        duckdb_logical_type type = duckdb_appender_column_type(appender, i);
        if (duckdb_get_type_id(type) != duckdb_get_type_id(appending->types[i])) {
            hm_text_format(&others, "%s`%s`", others.length > 0 ? ", " : " of ",
                    appending->columns[i].name);
        }
        duckdb_destroy_logical_type(&type);
    }
    hm_status status = fail_append(appender, &detail);
    hm_error_set(error, status, "rows %zu to %zu%s: %s", row + 1, row + count,
            hm_text_get(&others), detail.message);
    hm_text_finish(&others);
    return status;
}

// Columns of the table that are not among ours get what the table says by default.
static hm_status choose_columns(
        const hm_appending *appending, duckdb_appender appender, hm_error *error) {
    for (size_t i = 0; i < appending->count; i++) {
        const char *name = appending->columns[i].name;
        if (duckdb_appender_add_column(appender, name) != DuckDBSuccess) {
            return hm_error_set(error, HM_UNKNOWN_NAME, "it has no column `%s`", name);
        }
    }
    return HM_OK;
}

static hm_status give_rows(const hm_appending *appending, duckdb_data_chunk chunk,
        size_t row, size_t count, hm_error *error) {
    for (size_t i = 0; i < appending->count; i++) {
        hm_give_fault fault = {0};
        size_t given = hm_give(duckdb_data_chunk_get_vector(chunk, i), 0,
                &appending->columns[i].value, row, count, &fault);
        if (given < count) {
            return fault.status == HM_NO_MEMORY
                           ? hm_error_no_memory(error)
                           : hm_error_set(error, fault.status,
                                     "row %zu, column `%s`: %s", row + given + 1,
                                     appending->columns[i].name, fault.message);
        }
    }
    duckdb_data_chunk_set_size(chunk, count);
    return HM_OK;
}

static hm_status append_rows(const hm_appending *appending, duckdb_appender appender,
        duckdb_data_chunk chunk, hm_error *error) {
    size_t row_count = appending->columns[0].value.many.length;
    size_t most = duckdb_vector_size();
    for (size_t row = 0; row < row_count; row += most) {
        size_t count = row_count - row < most ? row_count - row : most;
        duckdb_data_chunk_reset(chunk);
        HM_TRY(give_rows(appending, chunk, row, count, error));
        if (duckdb_append_data_chunk(appender, chunk) != DuckDBSuccess) {
            return fail_chunk(appending, appender, row, count, error);
        }
    }
    return duckdb_appender_close(appender) == DuckDBSuccess
                   ? HM_OK
                   : fail_append(appender, error);
}

static hm_status append(const hm_appending *appending, hm_error *error) {
    duckdb_appender appender = NULL;
    hm_status status = HM_OK;
    if (duckdb_appender_create(appending->database.connection, NULL,
                appending->options->table, &appender) != DuckDBSuccess) {
        status = fail_append(appender, error);
    }
    if (status == HM_OK && appending->options->mode == HM_DUCKDB_APPEND) {
        status = choose_columns(appending, appender, error);
    }
    if (status == HM_OK) {
        duckdb_data_chunk chunk =
                duckdb_create_data_chunk(appending->types, appending->count);
        status = append_rows(appending, appender, chunk, error);
        duckdb_destroy_data_chunk(&chunk);
    }
    duckdb_appender_destroy(&appender); // rows that were not closed end with the
                                        // transaction
    return status;
}

static hm_status write_rows(const hm_appending *appending, hm_error *error) {
    if (appending->options->mode != HM_DUCKDB_APPEND) {
        HM_TRY(create_table(appending, error));
    }
    return append(appending, error);
}

// A statement outside of a transaction is one of its own, with a number of its own.
// Trying to begin one would end a caller's.
static hm_status ask_whether_inside(
        const hm_database *database, bool *is_inside, hm_error *error) {
    int64_t first = 0;
    int64_t second = 0;
    const char *sql = "SELECT txid_current()";
    HM_TRY(hm_database_number(database, sql, &first, error));
    HM_TRY(hm_database_number(database, sql, &second, error));
    *is_inside = first == second;
    return HM_OK;
}

// In a transaction of its own, or in the one that the caller has begun: that is the
// caller's to end.
static hm_status write_in_transaction(const hm_appending *appending, hm_error *error) {
    const hm_database *database = &appending->database;
    bool is_inside;
    HM_TRY(ask_whether_inside(database, &is_inside, error));
    if (is_inside) {
        return write_rows(appending, error);
    }
    HM_TRY(hm_database_number(database, "BEGIN TRANSACTION", NULL, error));
    hm_status status = write_rows(appending, error);
    if (status == HM_OK) {
        status = hm_database_number(database, "COMMIT", NULL, error);
    }
    if (status != HM_OK) {
        // A commit that failed has undone it already, and this says so.
        (void)!hm_database_number(database, "ROLLBACK", NULL, NULL);
    }
    return status;
}

static hm_status make_types(hm_appending *appending, hm_error *error) {
    appending->types = hm_arena_array(
            &appending->arena, appending->count, sizeof *appending->types);
    return appending->types != NULL ? hm_give_types(appending->columns,
                                              appending->count, appending->types, error)
                                    : hm_error_no_memory(error);
}

static hm_status open_and_write(hm_appending *appending, hm_error *error) {
    const hm_duckdb_write_options *options = appending->options;
    if (options->connection != NULL) {
        appending->database.connection = options->connection;
        return write_in_transaction(appending, error);
    }
    HM_TRY(hm_database_init(&appending->database, options->database,
            HM_DATABASE_WRITTEN, options->thread_count, error));
    hm_status status = write_in_transaction(appending, error);
    hm_database_finish(&appending->database);
    return status;
}

static hm_status write_table(hm_appending *appending, hm_error *error) {
    hm_arena_init(&appending->arena, hm_allocator_default());
    hm_status status = make_types(appending, error);
    if (status == HM_OK) {
        status = open_and_write(appending, error);
    }
    for (size_t i = 0; appending->types != NULL && i < appending->count; i++) {
        duckdb_destroy_logical_type(&appending->types[i]);
    }
    hm_arena_finish(&appending->arena);
    return status;
}

static hm_status check_options(
        const hm_duckdb_write_options *options, hm_error *error) {
    if ((options->database == NULL) == (options->connection == NULL)) {
        return hm_error_set(error, HM_BAD_ARGUMENT,
                "a table is written to a database or by a connection: give one of "
                "them");
    }
    if (options->table == NULL || *options->table == '\0') {
        return hm_error_set(error, HM_BAD_ARGUMENT, "the table has no name");
    }
    return (unsigned)options->mode <= HM_DUCKDB_APPEND
                   ? HM_OK
                   : hm_error_set(error, HM_BAD_ARGUMENT,
                             "%u is no way to write a table", (unsigned)options->mode);
}

hm_status hm_duckdb_write_table(const hm_duckdb_write_options *options,
        const hm_binding *columns, size_t column_count, hm_error *error) {
    hm_duckdb_write_options known;
    HM_TRY(hm_sized_read(
            options, &known, sizeof known, "HM_DUCKDB_WRITE_OPTIONS_INIT", error));
    HM_TRY(check_options(&known, error));
    hm_appending appending = {
            .options = &known, .columns = columns, .count = column_count};
    hm_error detail;
    hm_status status = hm_give_check(columns, column_count, &detail);
    if (status == HM_OK) {
        status = write_table(&appending, &detail);
    }
    return status == HM_OK          ? HM_OK
           : status == HM_NO_MEMORY ? hm_error_no_memory(error)
                                    : hm_error_set(error, status, "table `%s`: %s",
                                              known.table, detail.message);
}
