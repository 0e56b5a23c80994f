// formats.c — parquet as a format of HM_LOAD_FROM and HM_SAVE_TO.

#include <hamilton/data_format.h>
#include <hamilton/duckdb.h>

#include "base/error.h"

static const hm_format_parameter path_parameter = {
        "path", &hm_type_string, true, "of the file"};

static bool accepts(void *self, hm_data_way way, const hm_type *type, bool is_array,
        const char **why) {
    (void)self;
    (void)way;
    (void)is_array;
    *why = "Parquet has no such numbers";
    return type->kind != HM_KIND_FLOAT || type->size <= sizeof(double);
}

static void release_table(void *table) {
    hm_duckdb_table_destroy(table);
}

static hm_status take_columns(const hm_load *wanted, const hm_duckdb_table *table,
        const char *path, hm_loaded *loaded, hm_error *error) {
    for (size_t c = 0; c < wanted->column_count; c++) {
        const char *name = wanted->columns[c].name;
        const hm_value *column = hm_duckdb_find(table, name);
        if (column == NULL) {
            return hm_error_set(
                    error, HM_BAD_DATA, "%s: there is no column `%s`", path, name);
        }
        loaded->values[c] = *column;
        loaded->values[c].release = NULL;
    }
    return HM_OK;
}

static hm_status load(
        void *self, const hm_load *wanted, hm_loaded *loaded, hm_error *error) {
    (void)self;
    hm_duckdb_options options = HM_DUCKDB_OPTIONS_INIT;
    options.path = hm_argument_string(&wanted->arguments[0]);
    options.columns = wanted->columns;
    options.column_count = wanted->column_count;
    options.thread_count = wanted->thread_count;
    options.allocator = wanted->allocator;
    hm_duckdb_table *table;
    HM_TRY(hm_duckdb_read(&options, &table, error));
    hm_status status = take_columns(wanted, table, options.path, loaded, error);
    if (status != HM_OK) {
        hm_duckdb_table_destroy(table);
        return status;
    }
    loaded->owner = table;
    loaded->release = release_table;
    // What is not known does no harm.
    (void)!hm_data_facts_of_file(options.path, wanted->is_told, &loaded->facts, NULL);
    return HM_OK;
}

static hm_status save(
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
        .load_columns = load,
        .save_columns = save};

const hm_data_format *const *hm_duckdb_formats(size_t *count) {
    static const hm_data_format *const formats[] = {&parquet};
    *count = sizeof formats / sizeof *formats;
    return formats;
}
