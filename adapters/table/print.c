// print.c — arrays of equal length as the text of a table, streamed row by row.

#include <math.h>
#include <string.h>

#include <hamilton/json.h>
#include <hamilton/table.h>

#include "adapters/table/format.h"
#include "base/allocator.h"
#include "base/error.h"
#include "base/json_write.h"
#include "base/names.h"
#include "base/sink.h"
#include "base/utf8.h"
#include "base/validity.h"

// Arrays of one length, each with a name of its own: what a table can be made of.
static hm_status check_columns(
        const hm_binding *columns, size_t count, hm_names *seen, hm_error *error) {
    if (!hm_names_reserve(seen, count)) {
        return hm_error_no_memory(error);
    }
    for (size_t i = 0; i < count; i++) {
        const hm_value *value = &columns[i].value;
        if (value->depth == 0) {
            return hm_error_set(error, HM_SHAPE_MISMATCH,
                    "`%s` is one value, but a table is made of arrays",
                    columns[i].name);
        }
        if (value->many.length != columns[0].value.many.length) {
            return hm_error_set(error, HM_LENGTH_MISMATCH,
                    "`%s` has %zu elements, but `%s` has %zu: columns of one table are "
                    "equally long",
                    columns[i].name, value->many.length, columns[0].name,
                    columns[0].value.many.length);
        }
        uint32_t *index = hm_names_put(seen, columns[i].name);
        if (*index != HM_NAMES_ABSENT) {
            return hm_error_set(error, HM_DUPLICATE_NAME,
                    "two columns have the name `%s`", columns[i].name);
        }
        *index = (uint32_t)i;
    }
    return HM_OK;
}

// Puts a quoted field; `at` may be a part of it.
static void put_doubling_quotes(hm_sink *sink, const char *at, size_t length) {
    const char *end = at + length;
    const char *quote;
    while ((quote = memchr(at, '"', (size_t)(end - at))) != NULL) {
        hm_sink_put(sink, at, (size_t)(quote + 1 - at));
        hm_sink_put(sink, "\"", 1);
        at = quote + 1;
    }
    hm_sink_put(sink, at, (size_t)(end - at));
}

static bool write_doubling_quotes(const char *text, size_t length, void *to) {
    put_doubling_quotes(to, text, length);
    return true;
}

// Text that is not UTF-8 could not be read back: such bytes become U+FFFD.
static void put_utf8(hm_sink *sink, const char *text) {
    const char *end = text + strlen(text);
    const char *plain = text;
    for (const char *at = text; at < end;) {
        size_t length = hm_utf8_length(at, end);
        if (length == 0) {
            put_doubling_quotes(sink, plain, (size_t)(at - plain));
            hm_sink_text(sink, "\xEF\xBF\xBD");
            sink->is_replaced = true;
            plain = at + 1;
        }
        at += length > 0 ? length : 1;
    }
    put_doubling_quotes(sink, plain, (size_t)(end - plain));
}

// A mark at the start is quoted, which readers would take for that of the file, and so
// is what they might take for another delimiter.
static void put_string_field(
        hm_sink *sink, const char *text, char delimiter, bool is_quoted) {
    const char specials[] = {delimiter, ';', '\t', '"', '\n', '\r', '\0'};
    is_quoted = is_quoted || strpbrk(text, specials) != NULL ||
                strncmp(text, "\xEF\xBB\xBF", 3) == 0;
    hm_sink_text(sink, is_quoted ? "\"" : "");
    put_utf8(sink, text);
    hm_sink_text(sink, is_quoted ? "\"" : "");
}

// What is missing is nothing at all; but readers pass over empty lines, so that it is
// quoted where it is alone in one.
static void put_missing_field(hm_sink *sink, bool is_alone) {
    hm_sink_text(sink, is_alone ? "\"\"" : "");
}

static void put_json_field(hm_sink *sink, const hm_value *value, size_t row) {
    hm_sink cell;
    hm_sink_init(&cell, write_doubling_quotes, sink);
    hm_sink_put(sink, "\"", 1);
    hm_json_put_element(&cell, value, row);
    if (hm_sink_flush(&cell) == HM_OK) { // it only passes on to the other sink
        hm_sink_put(sink, "\"", 1);
    }
    sink->is_replaced |= cell.is_replaced;
}

// The element, or NULL if it is missing.
static const void *element_at(const hm_value *value, size_t row) {
    const hm_array *many = &value->many;
    if (!hm_validity_has(many, row)) {
        return NULL;
    }
    if (value->by_reference) {
        const void *element;
        memcpy(&element, (const char *)many->data + row * sizeof element,
                sizeof element);
        return element;
    }
    return (const char *)many->data + row * value->type->size;
}

static void put_number_field(
        hm_sink *sink, const hm_type *type, const void *element, bool is_alone) {
    char text[HM_NUMBER_SIZE];
    size_t length = hm_number_format(type, element, text);
    if (strcmp(text, "nan") == 0) {
        put_missing_field(sink, is_alone);
    } else {
        hm_sink_put(sink, text, length);
    }
}

// An empty string is quoted: what is nothing at all is missing.
static void put_string_element(
        hm_sink *sink, const void *element, char delimiter, bool is_alone) {
    const char *text;
    memcpy(&text, element, sizeof text);
    if (text == NULL) {
        put_missing_field(sink, is_alone);
    } else {
        put_string_field(sink, text, delimiter, *text == '\0');
    }
}

static void put_field(hm_sink *sink, const hm_value *value, size_t row, char delimiter,
        bool is_alone) {
    hm_kind kind = value->type->kind;
    const void *element = value->depth == 1 ? element_at(value, row) : value;
    if (element == NULL || !hm_validity_has(&value->many, row)) {
        put_missing_field(sink, is_alone);
    } else if (value->depth > 1 || kind == HM_KIND_STRUCT || kind == HM_KIND_OPAQUE ||
               kind == HM_KIND_JSON) {
        put_json_field(sink, value, row);
    } else if (kind == HM_KIND_STRING) {
        put_string_element(sink, element, delimiter, is_alone);
    } else {
        put_number_field(sink, value->type, element, is_alone);
    }
}

// Where text is that is no UTF-8: nothing more is written then.
typedef struct hm_bad_text {
    size_t row;
    size_t column;
} hm_bad_text;

static bool goes_on(const hm_sink *sink, size_t row, size_t column, hm_bad_text *bad) {
    if (sink->is_replaced) {
        *bad = (hm_bad_text){row, column};
    }
    return !sink->is_replaced && !sink->failed;
}

static void put_delimited(hm_sink *sink, const hm_binding *columns, size_t count,
        char delimiter, hm_bad_text *bad) {
    for (size_t i = 0; i < count; i++) {
        hm_sink_put(sink, &delimiter, i > 0);
        put_string_field(sink, columns[i].name, delimiter,
                count == 1 && *columns[i].name == '\0');
    }
    hm_sink_put(sink, "\n", 1);
    for (size_t row = 0; row < columns[0].value.many.length; row++) {
        for (size_t i = 0; i < count; i++) {
            hm_sink_put(sink, &delimiter, i > 0);
            put_field(sink, &columns[i].value, row, delimiter, count == 1);
            if (!goes_on(sink, row, i, bad)) {
                return;
            }
        }
        hm_sink_put(sink, "\n", 1);
    }
}

// False if nothing more is to be written.
static bool put_object(hm_sink *sink, const hm_binding *columns, size_t count,
        size_t row, hm_bad_text *bad) {
    hm_sink_put(sink, "{", 1);
    for (size_t i = 0; i < count; i++) {
        hm_sink_text(sink, i > 0 ? ", " : "");
        hm_json_put_string(sink, columns[i].name);
        hm_sink_put(sink, ": ", 2);
        hm_json_put_element(sink, &columns[i].value, row);
        if (!goes_on(sink, row, i, bad)) {
            return false;
        }
    }
    hm_sink_put(sink, "}", 1);
    return true;
}

static void put_json_lines(
        hm_sink *sink, const hm_binding *columns, size_t count, hm_bad_text *bad) {
    size_t length = columns[0].value.many.length;
    for (size_t row = 0; row < length && put_object(sink, columns, count, row, bad);
            row++) {
        hm_sink_put(sink, "\n", 1);
    }
}

static void put_json(
        hm_sink *sink, const hm_binding *columns, size_t count, hm_bad_text *bad) {
    size_t length = columns[0].value.many.length;
    hm_sink_put(sink, "[", 1);
    for (size_t row = 0; row < length && put_object(sink, columns, count, row, bad);
            row++) {
        hm_sink_text(sink, row + 1 < length ? ",\n " : "");
    }
    hm_sink_put(sink, "]\n", 2);
}

hm_status hm_table_print(hm_format format, const hm_binding *columns,
        size_t column_count, hm_write *write, void *to, hm_error *error) {
    HM_TRY(hm_format_check(format, error));
    if (column_count == 0 || format == HM_FORMAT_BY_SUFFIX) {
        return hm_error_set(error, HM_BAD_ARGUMENT,
                column_count == 0 ? "a table needs at least one column"
                                  : "a table that has no path needs a format");
    }
    hm_names seen;
    hm_names_init(&seen, hm_allocator_default());
    hm_status status = check_columns(columns, column_count, &seen, error);
    hm_names_finish(&seen);
    HM_TRY(status);

    hm_sink sink;
    hm_bad_text bad = {0};
    hm_sink_init(&sink, write, to);
    switch (format) {
    case HM_FORMAT_JSON:
        put_json(&sink, columns, column_count, &bad);
        break;
    case HM_FORMAT_NDJSON:
        put_json_lines(&sink, columns, column_count, &bad);
        break;
    default:
        put_delimited(&sink, columns, column_count,
                format == HM_FORMAT_TSV ? '\t' : ',', &bad);
        break;
    }
    if (hm_sink_flush(&sink) != HM_OK) {
        return hm_error_set(error, HM_IO, "the table could not be written");
    }
    if (sink.is_replaced) {
        return hm_error_set(error, HM_BAD_DATA,
                "row %zu, column `%s`: the text is not UTF-8", bad.row + 1,
                columns[bad.column].name);
    }
    return HM_OK;
}
