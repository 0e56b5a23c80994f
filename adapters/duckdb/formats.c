// formats.c — parquet and duckdb as formats of HM_LOAD_FROM and HM_SAVE_TO.

#include <string.h>

#include <hamilton/data_format.h>
#include <hamilton/duckdb.h>

#include "adapters/duckdb/database.h"
#include "base/error.h"
#include "base/names.h"
#include "base/text.h"

static bool accepts(void *self, hm_data_way way, const hm_type *type, bool is_array,
        const char **why) {
    (void)self;
    (void)way;
    (void)is_array;
    *why = "DuckDB has no such numbers";
    return type->kind != HM_KIND_FLOAT || type->size <= sizeof(double);
}

static void release_table(void *table) {
    hm_duckdb_table_destroy(table);
}

static const char *name_at(const void *table, size_t index) {
    return hm_duckdb_name(table, index);
}

static hm_status fail_absent(const hm_duckdb_table *table, const char *where,
        const char *name, hm_error *error) {
    const char *nearest =
            hm_names_nearest(name, table, hm_duckdb_name_count(table), name_at);
    return hm_error_set(error, HM_BAD_DATA, "%s: there is no column `%s`%s%s%s", where,
            name, nearest != NULL ? "; did you mean `" : "",
            nearest != NULL ? nearest : "", nearest != NULL ? "`?" : "");
}

static hm_status take_columns(const hm_load *wanted, const hm_duckdb_table *table,
        const char *where, hm_loaded *loaded, hm_error *error) {
    for (size_t c = 0; c < wanted->column_count; c++) {
        const char *name = wanted->columns[c].name;
        const hm_value *column = hm_duckdb_find(table, name);
        if (column == NULL) {
            return fail_absent(table, where, name, error);
        }
        loaded->values[c] = *column;
        loaded->values[c].release = NULL;
    }
    return HM_OK;
}

// The options say from what; messages call it `where`.
static hm_status load(hm_duckdb_options *options, const hm_load *wanted,
        const char *where, hm_loaded *loaded, hm_error *error) {
    options->columns = wanted->columns;
    options->column_count = wanted->column_count;
    options->thread_count = wanted->thread_count;
    options->allocator = wanted->allocator;
    hm_duckdb_table *table;
    HM_TRY(hm_duckdb_read(options, &table, error));
    hm_status status = take_columns(wanted, table, where, loaded, error);
    if (status != HM_OK) {
        hm_duckdb_table_destroy(table);
        return status;
    }
    loaded->owner = table;
    loaded->release = release_table;
    return HM_OK;
}

static const hm_format_parameter path_parameter = {
        "path", &hm_type_string, true, "of the file"};

static hm_status load_parquet(
        void *self, const hm_load *wanted, hm_loaded *loaded, hm_error *error) {
    (void)self;
    hm_duckdb_options options = HM_DUCKDB_OPTIONS_INIT;
    options.path = hm_argument_string(&wanted->arguments[0]);
    HM_TRY(load(&options, wanted, options.path, loaded, error));
    // What is not known does no harm.
    (void)!hm_data_facts_of_file(options.path, wanted->is_told, &loaded->facts, NULL);
    return HM_OK;
}

static hm_status save_parquet(
        void *self, const hm_save *given, hm_data_facts *facts, hm_error *error) {
    (void)self;
    const char *path = hm_argument_string(&given->arguments[0]);
    HM_TRY(hm_duckdb_write(
            path, given->values, given->value_count, given->thread_count, error));
    (void)!hm_data_facts_of_file(path, true, facts, NULL);
    return HM_OK;
}

static const hm_data_format parquet = {.struct_size = sizeof(hm_data_format),
        .name = "parquet",
        .parameters = &path_parameter,
        .parameter_count = 1,
        .accepts = accepts,
        .load_columns = load_parquet,
        .save_columns = save_parquet};

enum { DATABASE, QUERY, TABLE, MODE, PARAMETER_COUNT };

static const hm_format_parameter sql_parameters[PARAMETER_COUNT] = {
        [DATABASE] = {"database", &hm_type_string, false, "file of DuckDB"},
        [QUERY] = {"query", &hm_type_string, false, "that is asked, to load"},
        [TABLE] = {"table", &hm_type_string, false, "that is loaded or saved"},
        [MODE] = {"mode", &hm_type_string, false,
                "of saving: replace, create or append"},
};

static hm_status load_table(hm_duckdb_options *options, const hm_load *wanted,
        const char *table, hm_loaded *loaded, hm_error *error) {
    hm_text sql;
    hm_text_init(&sql, NULL);
    hm_text_append(&sql, "FROM ");
    hm_database_quote(&sql, '"', table);
    options->sql = hm_text_get(&sql);
    hm_status status =
            sql.failed ? hm_error_no_memory(error)
                       : load(options, wanted, options->database, loaded, error);
    hm_text_finish(&sql);
    return status;
}

// A query needs no database: it may read files.
static hm_status load_sql(
        void *self, const hm_load *wanted, hm_loaded *loaded, hm_error *error) {
    (void)self;
    const char *query = hm_argument_string(&wanted->arguments[QUERY]);
    const char *table = hm_argument_string(&wanted->arguments[TABLE]);
    hm_duckdb_options options = HM_DUCKDB_OPTIONS_INIT;
    options.database = hm_argument_string(&wanted->arguments[DATABASE]);
    const char *where = options.database != NULL ? options.database : "duckdb";
    if ((query == NULL) == (table == NULL) ||
            (table != NULL && options.database == NULL)) {
        return hm_error_set(error, HM_BAD_ARGUMENT,
                "%s: give HM_VALUE(query, \"SELECT ...\"), or a table of a database: "
                "HM_VALUE(database, \"...\"), HM_VALUE(table, \"...\")",
                where);
    }
    options.sql = query;
    HM_TRY(table != NULL ? load_table(&options, wanted, table, loaded, error)
                         : load(&options, wanted, where, loaded, error));
    if (options.database != NULL) {
        (void)!hm_data_facts_of_file(
                options.database, wanted->is_told, &loaded->facts, NULL);
    } else {
        loaded->facts.source = query;
    }
    return HM_OK;
}

static hm_status read_mode(const char *text, hm_duckdb_mode *mode, hm_error *error) {
    static const struct {
        const char *word;
        hm_duckdb_mode mode;
    } words[] = {{"replace", HM_DUCKDB_REPLACE}, {"create", HM_DUCKDB_CREATE},
            {"append", HM_DUCKDB_APPEND}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (text == NULL || strcmp(text, words[i].word) == 0) {
            *mode = words[i].mode;
            return HM_OK;
        }
    }
    return hm_error_set(error, HM_BAD_ARGUMENT,
            "`%s` is no mode: a table is replaced, created or appended to (replace, "
            "create, append)",
            text);
}

static hm_status save_table(
        void *self, const hm_save *given, hm_data_facts *facts, hm_error *error) {
    (void)self;
    hm_duckdb_write_options options = HM_DUCKDB_WRITE_OPTIONS_INIT;
    options.database = hm_argument_string(&given->arguments[DATABASE]);
    options.table = hm_argument_string(&given->arguments[TABLE]);
    options.thread_count = given->thread_count;
    if (options.database == NULL || options.table == NULL) {
        return hm_error_set(error, HM_BAD_ARGUMENT,
                "give the place: HM_VALUE(database, \"...\"), HM_VALUE(table, "
                "\"...\")");
    }
    hm_error detail;
    hm_status status = read_mode(
            hm_argument_string(&given->arguments[MODE]), &options.mode, &detail);
    if (status == HM_OK && (*options.database == '\0' ||
                                   strncmp(options.database, ":memory:", 8) == 0)) {
        status = hm_error_set(&detail, HM_BAD_ARGUMENT,
                "it is no file, and what DuckDB has without one is gone afterwards; "
                "give the path of a file");
    }
    if (status == HM_OK) {
        status = hm_duckdb_write_table(
                &options, given->values, given->value_count, &detail);
    }
    if (status != HM_OK) {
        return status == HM_NO_MEMORY ? hm_error_no_memory(error)
                                      : hm_error_set(error, status, "%s: %s",
                                                options.database, detail.message);
    }
    (void)!hm_data_facts_of_file(options.database, true, facts, NULL);
    return HM_OK;
}

static const hm_data_format duckdb = {.struct_size = sizeof(hm_data_format),
        .name = "duckdb",
        .parameters = sql_parameters,
        .parameter_count = PARAMETER_COUNT,
        .accepts = accepts,
        .load_columns = load_sql,
        .save_columns = save_table};

const hm_data_format *const *hm_duckdb_formats(size_t *count) {
    static const hm_data_format *const formats[] = {&parquet, &duckdb};
    *count = sizeof formats / sizeof *formats;
    return formats;
}
