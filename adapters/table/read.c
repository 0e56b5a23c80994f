// read.c — a file as a table: gets its bytes, finds its format, and lets the reader of
// that format fill the columns.

#include <stdbool.h>
#include <string.h>

#include <hamilton/table.h>

#include "adapters/table/columns.h"
#include "adapters/table/format.h"
#include "adapters/table/source.h"
#include "base/allocator.h"
#include "base/error.h"
#include "base/sized.h"

static bool is_input(const char *path) {
    return strcmp(path, "-") == 0;
}

static hm_status read_text(
        hm_table *table, hm_format format, const char *text, size_t length) {
    switch (format) {
    case HM_FORMAT_TSV:
        return hm_read_delimited(table, text, length, '\t');
    case HM_FORMAT_JSON:
        return hm_read_json(table, text, length);
    case HM_FORMAT_NDJSON:
        return hm_read_json_lines(table, text, length);
    default:
        return hm_read_delimited(table, text, length, ',');
    }
}

// A mark that says UTF-8 is passed over, one that says UTF-16 refused.
static hm_status pass_mark(const char **text, size_t *length, hm_error *error) {
    if (*length >= 3 && memcmp(*text, "\xEF\xBB\xBF", 3) == 0) {
        *text += 3;
        *length -= 3;
    } else if (*length >= 2 && (memcmp(*text, "\xFF\xFE", 2) == 0 ||
                                       memcmp(*text, "\xFE\xFF", 2) == 0)) {
        return hm_error_set(error, HM_BAD_DATA, "it is UTF-16: convert it to UTF-8");
    }
    return HM_OK;
}

static hm_status read_source(
        hm_table *table, const hm_source *source, hm_format format, hm_error *error) {
    const char *text = source->text;
    size_t length = source->length;
    HM_TRY(pass_mark(&text, &length, error));
    if (format == HM_FORMAT_BY_SUFFIX) {
        format = hm_format_of_text(text, length);
    }
    return read_text(table, format, text, length);
}

static hm_status read_file(
        hm_table *table, const hm_table_options *options, hm_error *error) {
    hm_format format = options->format;
    HM_TRY(hm_format_check(format, error));
    if (!is_input(options->path)) {
        HM_TRY(hm_format_of_path(options->path, &format, error));
    }
    hm_source source;
    HM_TRY(hm_source_init(
            &source, options->path, options->thread_count, table->allocator, error));
    hm_status status = read_source(table, &source, format, error);
    hm_source_finish(&source);
    return status;
}

hm_status hm_table_read(
        const hm_table_options *options, hm_table **table, hm_error *error) {
    hm_table_options known;
    HM_TRY(hm_sized_read(
            options, &known, sizeof known, "HM_TABLE_OPTIONS_INIT", error));
    if (known.path == NULL || (known.column_count > 0 && known.columns == NULL)) {
        return hm_error_set(error, HM_BAD_ARGUMENT,
                "the options have no path, or a count but no columns");
    }
    for (size_t i = 0; i < known.column_count; i++) {
        const hm_column *column = &known.columns[i];
        if (column->name == NULL || column->type == NULL ||
                column->type->name == NULL) {
            return hm_error_set(error, HM_BAD_ARGUMENT,
                    "column %zu of the options (`%s`) has no %s", i,
                    column->name != NULL ? column->name : "(null)",
                    column->name == NULL ? "name" : "type, or one without a name");
        }
    }
    const hm_allocator *allocator = hm_allocator_or_default(known.allocator);
    hm_table *made = hm_allocate_array(allocator, 1, sizeof *made);
    if (made == NULL) {
        return hm_error_no_memory(error);
    }
    hm_error detail;
    hm_status status = hm_columns_init(
            made, known.columns, known.column_count, allocator, &detail);
    if (status == HM_OK) {
        made->thread_count = known.thread_count;
        status = read_file(made, &known, &detail);
    }
    if (status != HM_OK) {
        hm_table_destroy(made);
        return status == HM_NO_MEMORY
                       ? hm_error_no_memory(error)
                       : hm_error_set(error, status, "%s: %s",
                                 is_input(known.path) ? "standard input" : known.path,
                                 detail.message);
    }
    *table = made;
    return HM_OK;
}

void hm_table_destroy(hm_table *table) {
    if (table != NULL) {
        const hm_allocator *allocator = table->allocator;
        hm_columns_finish(table);
        hm_deallocate_array(allocator, table, 1, sizeof *table);
    }
}

size_t hm_table_row_count(const hm_table *table) {
    return table->row_count;
}

size_t hm_table_name_count(const hm_table *table) {
    return table->names.count;
}

const char *hm_table_name(const hm_table *table, size_t index) {
    return table->names.items[index].name;
}

const hm_value *hm_table_find(const hm_table *table, const char *name) {
    uint32_t index = hm_names_find(&table->wanted, name);
    if (index == HM_NAMES_ABSENT || table->columns[index].value.type == NULL) {
        return NULL;
    }
    return &table->columns[index].value;
}
