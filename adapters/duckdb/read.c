// read.c — columns from DuckDB: finds out what there is, and lets them be filled.

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "adapters/duckdb/table.h"
#include "base/allocator.h"
#include "base/error.h"
#include "base/names.h"
#include "base/sized.h"
#include "base/system_error.h"

static const char row_number[] = "file_row_number";

// Says why a file cannot be read as the system says it, and that what is no file is
// none: DuckDB wants to know its end first.
static hm_status check_file(const char *path, hm_error *error) {
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat status;
    if (file < 0) {
        return hm_system_error(error, "cannot open it");
    }
    bool is_file = fstat(file, &status) == 0 && S_ISREG(status.st_mode);
    close(file);
    return is_file ? HM_OK
                   : hm_error_set(error, HM_IO,
                             "it is no regular file, which Parquet is read from");
}

// A query as it stands in another one, without the semicolons at its end.
static void append_query(hm_text *source, const char *sql) {
    size_t length = strlen(sql);
    while (length > 0 && strchr("; \t\r\n", sql[length - 1]) != NULL) {
        length--;
    }
    hm_text_append(source, "(\n");
    hm_text_append_bytes(source, sql, length);
    hm_text_append(source, "\n)");
}

static const hm_column *find_wanted(
        const hm_duckdb_options *options, const hm_names *wanted, const char *name) {
    uint32_t index = hm_names_find(wanted, name);
    return index == HM_NAMES_ABSENT ? NULL : &options->columns[index];
}

static hm_status add_column(hm_duckdb_table *table, const hm_column *wanted,
        duckdb_logical_type found, size_t source, hm_error *error) {
    hm_duckdb_column *column = &table->columns[table->column_count];
    hm_error detail;
    hm_status status = hm_conversion_init(
            &column->conversion, found, wanted->type, &table->arena, &detail);
    if (status != HM_OK) {
        return status == HM_NO_MEMORY ? hm_error_no_memory(error)
                                      : hm_error_set(error, status, "column `%s`: %s",
                                                wanted->name, detail.message);
    }
    column->name = table->names[source];
    column->source = source;
    table->column_count++;
    return HM_OK;
}

// Takes down all names, and how those that are wanted become that.
static hm_status describe(hm_duckdb_table *table, const hm_duckdb_options *options,
        duckdb_prepared_statement statement, const hm_names *wanted, hm_names *seen,
        hm_error *error) {
    size_t count = duckdb_prepared_statement_column_count(statement);
    table->names = hm_arena_array(&table->arena, count, sizeof *table->names);
    table->columns = hm_arena_array(
            &table->arena, options->column_count, sizeof *table->columns);
    if (table->names == NULL || table->columns == NULL ||
            !hm_names_reserve(seen, count)) {
        return hm_error_no_memory(error);
    }
    for (size_t i = 0; i < count; i++) {
        const char *text = duckdb_prepared_statement_column_name(statement, i);
        const char *name = text != NULL ? hm_arena_text(&table->arena, text) : NULL;
        duckdb_free((void *)text);
        if (name == NULL) {
            return hm_error_no_memory(error);
        }
        uint32_t *number = hm_names_put(seen, name);
        if (*number != HM_NAMES_ABSENT) {
            return hm_error_set(
                    error, HM_DUPLICATE_NAME, "two columns have the name `%s`", name);
        }
        *number = 0;
        table->names[i] = name;
        table->name_count++;
        table->has_row_number |= strcasecmp(name, row_number) == 0;
        const hm_column *column = find_wanted(options, wanted, name);
        if (column != NULL) {
            duckdb_logical_type found =
                    duckdb_prepared_statement_column_logical_type(statement, i);
            hm_status status = add_column(table, column, found, i, error);
            duckdb_destroy_logical_type(&found);
            HM_TRY(status);
        }
    }
    return HM_OK;
}

// Prepares a query to find out its columns. Nothing is executed.
static hm_status prepare(hm_duckdb_table *table, const hm_duckdb_options *options,
        const hm_database *database, const char *query, hm_error *error) {
    duckdb_prepared_statement statement;
    hm_names wanted;
    hm_names seen;
    hm_names_init(&wanted, table->allocator);
    hm_names_init(&seen, table->allocator);
    hm_status status = HM_OK;
    if (duckdb_prepare(database->connection, query, &statement) != DuckDBSuccess) {
        status = hm_database_error(error, duckdb_prepare_error(statement));
    } else if (duckdb_prepared_statement_type(statement) !=
               DUCKDB_STATEMENT_TYPE_SELECT) {
        status = hm_error_set(error, HM_BAD_ARGUMENT,
                "the SQL is no query: write one SELECT, which changes nothing");
    } else if (!hm_names_reserve(&wanted, options->column_count)) {
        status = hm_error_no_memory(error);
    }
    for (size_t i = 0; i < options->column_count && status == HM_OK; i++) {
        uint32_t *index = hm_names_put(&wanted, options->columns[i].name);
        status = *index == HM_NAMES_ABSENT ? HM_OK
                                           : hm_error_set(error, HM_DUPLICATE_NAME,
                                                     "column `%s` is wanted twice",
                                                     options->columns[i].name);
        *index = (uint32_t)i;
    }
    if (status == HM_OK) {
        status = describe(table, options, statement, &wanted, &seen, error);
    }
    duckdb_destroy_prepare(&statement);
    hm_names_finish(&seen);
    hm_names_finish(&wanted);
    return status;
}

static bool can_be_scanned(
        const hm_duckdb_table *table, const hm_duckdb_options *options) {
    bool can_be = options->path != NULL && !table->has_row_number;
    for (size_t i = 0; i < table->column_count; i++) {
        can_be &= hm_conversion_depth(&table->columns[i].conversion) == 0;
    }
    return can_be;
}

static hm_status count_rows(hm_duckdb_table *table, const hm_database *database,
        const char *source, size_t *row_count, hm_error *error) {
    hm_text sql;
    hm_text_init(&sql, table->allocator);
    hm_text_format(&sql, "SELECT count(*) FROM %s", source);
    int64_t count = 0;
    hm_status status =
            sql.failed ? hm_error_no_memory(error)
                       : hm_database_number(database, hm_text_get(&sql), &count, error);
    hm_text_finish(&sql);
    *row_count = (size_t)count;
    return status;
}

static hm_status fill(hm_duckdb_table *table, const hm_duckdb_options *options,
        const hm_database *database, const char *source, hm_error *error) {
    bool is_scan = can_be_scanned(table, options);
    if (is_scan || table->column_count == 0) {
        size_t row_count;
        HM_TRY(count_rows(table, database, source, &row_count, error));
        HM_TRY(hm_duckdb_table_allocate(table, row_count, error));
    }
    if (table->column_count == 0) {
        return HM_OK;
    }
    return is_scan ? hm_duckdb_scan(table, database, options->path, error)
                   : hm_duckdb_fetch(table, database, source, error);
}

static void complete(hm_duckdb_table *table) {
    for (size_t i = 0; i < table->column_count; i++) {
        hm_duckdb_column *column = &table->columns[i];
        column->value = (hm_value){.type = column->conversion.type,
                .depth = 1 + hm_conversion_depth(&column->conversion),
                .many = {.data = column->elements, .length = table->row_count}};
        for (const hm_conversion *at = &column->conversion; at->form == HM_FORM_LIST;
                at = at->parts) {
            column->value.type = at->parts->type;
        }
        if (column->has_missing) {
            column->value.many.validity = (uint8_t *)column->bits;
        }
    }
}

static hm_status read_all(
        hm_duckdb_table *table, const hm_duckdb_options *options, hm_error *error) {
    if (options->path != NULL) {
        HM_TRY(check_file(options->path, error));
    }
    hm_database database;
    HM_TRY(hm_database_init(&database, options->database, HM_DATABASE_READ,
            options->thread_count, error));
    hm_text source; // as it stands after FROM
    hm_text query;
    hm_text_init(&source, table->allocator);
    hm_text_init(&query, table->allocator);
    if (options->path != NULL) {
        hm_duckdb_parquet(&source, options->path, false);
        hm_text_format(&query, "FROM %s", hm_text_get(&source));
    } else {
        append_query(&source, options->sql);
        hm_text_append(&query, options->sql);
    }
    hm_status status =
            source.failed || query.failed
                    ? hm_error_no_memory(error)
                    : prepare(table, options, &database, hm_text_get(&query), error);
    if (status == HM_OK) {
        status = fill(table, options, &database, hm_text_get(&source), error);
    }
    hm_text_finish(&query);
    hm_text_finish(&source);
    hm_database_finish(&database);
    return status;
}

// What messages call the place.
static const char *source_of(const hm_duckdb_options *options) {
    const char *file = options->path != NULL ? options->path : options->database;
    return file != NULL ? file : "duckdb";
}

hm_status hm_duckdb_read(
        const hm_duckdb_options *options, hm_duckdb_table **table, hm_error *error) {
    hm_duckdb_options given;
    HM_TRY(hm_sized_read(
            options, &given, sizeof given, "HM_DUCKDB_OPTIONS_INIT", error));
    if ((given.path == NULL) == (given.sql == NULL) ||
            (given.column_count > 0 && given.columns == NULL)) {
        return hm_error_set(error, HM_BAD_ARGUMENT,
                "the options need either path or sql, and columns if there is a count");
    }
    const hm_allocator *allocator = hm_allocator_or_default(given.allocator);
    hm_duckdb_table *made = hm_allocate_array(allocator, 1, sizeof *made);
    if (made == NULL) {
        return hm_error_no_memory(error);
    }
    made->allocator = allocator;
    hm_arena_init(&made->arena, allocator);
    hm_error detail;
    hm_status status = read_all(made, &given, &detail);
    if (status != HM_OK) {
        hm_duckdb_table_destroy(made);
        return status == HM_NO_MEMORY ? hm_error_no_memory(error)
                                      : hm_error_set(error, status, "%s: %s",
                                                source_of(&given), detail.message);
    }
    complete(made);
    *table = made;
    return HM_OK;
}
