// tables.c — csv, tsv and ndjson: tables in files, as <hamilton/table.h> reads and
// writes them.

#include <stddef.h>

#include "adapters/formats/facts.h"
#include "adapters/formats/formats.h"
#include "base/error.h"
#include "base/names.h"

static void release_table(void *table) {
    hm_table_destroy(table);
}

static const char *name_at(const void *table, size_t index) {
    return hm_table_name(table, index);
}

// The file lacks a column: the nearest that it has, or the first of them.
static hm_status refuse_name(
        const hm_table *table, const char *path, const char *name, hm_error *error) {
    size_t count = hm_table_name_count(table);
    const char *nearest = hm_names_nearest(name, table, count, name_at);
    if (nearest != NULL) {
        return hm_error_set(error, HM_BAD_DATA,
                "%s: there is no column `%s`; did you mean `%s`?", path, name, nearest);
    }
    return count > 0
                   ? hm_error_set(error, HM_BAD_DATA,
                             "%s: there is no column `%s` among its %zu, of which "
                             "`%s` is the first",
                             path, name, count, hm_table_name(table, 0))
                   : hm_error_set(error, HM_BAD_DATA,
                             "%s: there is no column `%s`, nor any other", path, name);
}

static hm_status take_columns(const hm_load *wanted, const hm_table *table,
        const char *path, hm_loaded *loaded, hm_error *error) {
    for (size_t c = 0; c < wanted->column_count; c++) {
        const char *name = wanted->columns[c].name;
        const hm_value *column = hm_table_find(table, name);
        if (column == NULL) {
            return refuse_name(table, path, name, error);
        }
        loaded->values[c] = *column;
        loaded->values[c].release = NULL;
    }
    return HM_OK;
}

hm_status hm_table_format_load(
        hm_format format, const hm_load *wanted, hm_loaded *loaded, hm_error *error) {
    const char *path = hm_argument_string(&wanted->arguments[0]);
    hm_table_options options = HM_TABLE_OPTIONS_INIT;
    options.path = path;
    options.format = format;
    options.columns = wanted->columns;
    options.column_count = wanted->column_count;
    options.allocator = wanted->allocator;
    options.thread_count = wanted->thread_count;
    hm_table *table;
    HM_TRY(hm_table_read(&options, &table, error));
    hm_status status = take_columns(wanted, table, path, loaded, error);
    if (status != HM_OK) {
        hm_table_destroy(table);
        return status;
    }
    loaded->owner = table;
    loaded->release = release_table;
    hm_facts_note(path, wanted->is_told, &loaded->facts);
    return HM_OK;
}

hm_status hm_table_format_save(
        hm_format format, const hm_save *given, hm_data_facts *facts, hm_error *error) {
    const char *path;
    HM_TRY(hm_facts_saved_path(given, &path, error));
    HM_TRY(hm_table_write(path, format, given->values, given->value_count, error));
    hm_facts_note(path, true, facts);
    return HM_OK;
}

// Which of them a format is, its self tells.
static const hm_format csv = HM_FORMAT_CSV;
static const hm_format tsv = HM_FORMAT_TSV;
static const hm_format ndjson = HM_FORMAT_NDJSON;

static hm_status load_columns(
        void *self, const hm_load *wanted, hm_loaded *loaded, hm_error *error) {
    return hm_table_format_load(*(const hm_format *)self, wanted, loaded, error);
}

static hm_status save_columns(
        void *self, const hm_save *given, hm_data_facts *facts, hm_error *error) {
    return hm_table_format_save(*(const hm_format *)self, given, facts, error);
}

#define TABLE(word)                                                                    \
    const hm_data_format hm_##word##_format = {.struct_size = sizeof(hm_data_format),  \
            .name = #word,                                                             \
            .self = (void *)&word,                                                     \
            .parameters = &hm_path_parameter,                                          \
            .parameter_count = 1,                                                      \
            .load_columns = load_columns,                                              \
            .save_columns = save_columns}

TABLE(csv);
TABLE(tsv);
TABLE(ndjson);
