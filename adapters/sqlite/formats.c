// formats.c — sqlite as a format of HM_LOAD_FROM and HM_SAVE_TO.

#include <string.h>

#include <hamilton/data_format.h>
#include <hamilton/sqlite.h>

#include "adapters/sqlite/cells.h"
#include "adapters/sqlite/table.h"
#include "base/error.h"

enum { PATH, QUERY, TABLE, MODE, PARAMETER_COUNT };

static const hm_format_parameter parameters[PARAMETER_COUNT] = {
        [PATH] = {"path", &hm_type_string, true, "of the database"},
        [QUERY] = {"query", &hm_type_string, false, "that is asked, to load"},
        [TABLE] = {"table", &hm_type_string, false, "that is loaded or saved"},
        [MODE] = {"mode", &hm_type_string, false,
                "of saving: replace, create or append"},
};

static bool accepts(void *self, hm_data_way way, const hm_type *type, bool is_array,
        const char **why) {
    (void)self;
    (void)way;
    (void)is_array;
    *why = "SQLite has numbers, text and times";
    return hm_sqlite_holds(type);
}

static hm_status fail_at(
        const char *path, hm_status status, const hm_error *detail, hm_error *error) {
    return status == HM_NO_MEMORY
                   ? hm_error_no_memory(error)
                   : hm_error_set(error, status, "%s: %s", path, detail->message);
}

static void release_columns(void *columns) {
    hm_sqlite_columns_destroy(columns);
}

static hm_status load(
        void *self, const hm_load *wanted, hm_loaded *loaded, hm_error *error) {
    (void)self;
    const char *path = hm_argument_string(&wanted->arguments[PATH]);
    const char *query = hm_argument_string(&wanted->arguments[QUERY]);
    const char *table = hm_argument_string(&wanted->arguments[TABLE]);
    if ((query == NULL) == (table == NULL)) {
        return hm_error_set(error, HM_BAD_ARGUMENT,
                "%s: give HM_VALUE(query, \"SELECT ...\") or HM_VALUE(table, \"...\"), "
                "one of the two",
                path);
    }
    hm_sqlite_columns *columns;
    hm_error detail;
    hm_status status = hm_sqlite_read(path, query, table, wanted->columns,
            wanted->column_count, wanted->allocator, &columns, &detail);
    if (status != HM_OK) {
        return fail_at(path, status, &detail, error);
    }
    memcpy(loaded->values, columns->values,
            wanted->column_count * sizeof *loaded->values);
    loaded->owner = columns;
    loaded->release = release_columns;
    // What is not known does no harm.
    (void)!hm_data_facts_of_file(path, wanted->is_told, &loaded->facts, NULL);
    return HM_OK;
}

static hm_status read_mode(const char *text, hm_sqlite_mode *mode, hm_error *error) {
    static const char *const words[] = {[HM_SQLITE_REPLACE] = "replace",
            [HM_SQLITE_CREATE] = "create",
            [HM_SQLITE_APPEND] = "append"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (text == NULL || strcmp(text, words[i]) == 0) {
            *mode = (hm_sqlite_mode)i;
            return HM_OK;
        }
    }
    return hm_error_set(error, HM_BAD_ARGUMENT,
            "`%s` is no mode: a table is replaced, created or appended to (replace, "
            "create, append)",
            text);
}

static hm_status save(
        void *self, const hm_save *given, hm_data_facts *facts, hm_error *error) {
    (void)self;
    const char *path = hm_argument_string(&given->arguments[PATH]);
    const char *table = hm_argument_string(&given->arguments[TABLE]);
    hm_sqlite_mode mode = HM_SQLITE_REPLACE;
    hm_error detail;
    hm_status status =
            read_mode(hm_argument_string(&given->arguments[MODE]), &mode, &detail);
    if (status == HM_OK && (table == NULL || *table == '\0')) {
        status = hm_error_set(&detail, HM_BAD_ARGUMENT,
                "give HM_VALUE(table, \"...\"), the table to be written");
    }
    if (status == HM_OK && (*path == '\0' || strcmp(path, ":memory:") == 0)) {
        status = hm_error_set(&detail, HM_BAD_ARGUMENT,
                "it is no file, and what SQLite has without one is gone afterwards; "
                "give the path of a file");
    }
    if (status == HM_OK) {
        status = hm_sqlite_write(
                path, table, mode, given->values, given->value_count, &detail);
    }
    if (status != HM_OK) {
        return fail_at(path, status, &detail, error);
    }
    (void)!hm_data_facts_of_file(path, true, facts, NULL);
    return HM_OK;
}

static const hm_data_format sqlite = {.struct_size = sizeof(hm_data_format),
        .name = "sqlite",
        .parameters = parameters,
        .parameter_count = PARAMETER_COUNT,
        .accepts = accepts,
        .load_columns = load,
        .save_columns = save};

const hm_data_format *const *hm_sqlite_formats(size_t *count) {
    static const hm_data_format *const formats[] = {&sqlite};
    *count = sizeof formats / sizeof *formats;
    return formats;
}
