// json.c — tables in JSON: an array of rows, or one object; and rows on lines of their
// own.

#include <stdint.h>
#include <string.h>

#include "adapters/table/columns.h"
#include "base/error.h"
#include "base/json_read.h"

// The place in names of a member: mostly the one behind the last, since all rows look
// alike.
static hm_status find_name(hm_table *table, hm_json_slice slice, size_t *index) {
    bool is_plain = memchr(slice.text, '\\', slice.length) == NULL;
    if (*index < table->name_count && is_plain) {
        const char *name = table->names[*index].name;
        if (strncmp(name, slice.text, slice.length) == 0 &&
                name[slice.length] == '\0') {
            return HM_OK;
        }
    }
    const char *name = hm_json_unescape(slice, &table->arena);
    if (name == NULL) {
        return hm_error_no_memory(table->error);
    }
    uint32_t known = hm_names_find(&table->known, name);
    if (known == HM_NAMES_ABSENT) {
        return hm_columns_add(table, name, index);
    }
    *index = known;
    return HM_OK;
}

typedef struct member {
    hm_file_column *name;
    hm_json_slice text;
} member;

// row counts from 1. *expected is the place in names where this member probably is, and
// then where the next one is.
static hm_status read_member(hm_table *table, hm_json_scan *scan, size_t row,
        size_t *expected, member *found) {
    hm_json_slice name;
    if (!hm_json_name(scan, &name)) {
        return HM_BAD_DATA;
    }
    HM_TRY(find_name(table, name, expected));
    found->name = &table->names[(*expected)++];
    if (found->name->last_row == row) {
        hm_json_fail(scan, "member `%s` is given twice", found->name->name);
        return HM_BAD_DATA;
    }
    found->name->last_row = row;
    return hm_json_skip(scan, &found->text) ? HM_OK : HM_BAD_DATA;
}

static hm_status read_row(hm_table *table, hm_json_scan *scan, size_t row) {
    if (hm_json_peek(scan) != HM_JSON_OBJECT) {
        hm_json_expected(scan, "an object, as each row is one");
        return HM_BAD_DATA;
    }
    hm_json_open(scan);
    size_t expected = 0;
    for (bool is_first = true; hm_json_next(scan, '}', &is_first);) {
        member found;
        HM_TRY(read_member(table, scan, row + 1, &expected, &found));
        if (found.name->column != NULL) {
            HM_TRY(hm_column_put_json(table, found.name->column, row, found.text));
        }
    }
    return scan->failed ? HM_BAD_DATA : HM_OK;
}

static hm_status read_rows(hm_table *table, hm_json_scan *scan) {
    table->row_limit = hm_json_count(scan) + 1; // the count ends before a wrong row
    size_t row = 0;
    hm_json_open(scan);
    for (bool is_first = true; hm_json_next(scan, ']', &is_first); row++) {
        HM_TRY(read_row(table, scan, row));
    }
    if (scan->failed || !hm_json_finish(scan)) {
        return HM_BAD_DATA;
    }
    return hm_columns_complete(table, row);
}

static hm_status read_object(hm_table *table, hm_json_scan *scan) {
    hm_json_open(scan);
    size_t expected = 0;
    for (bool is_first = true; hm_json_next(scan, '}', &is_first);) {
        member found;
        HM_TRY(read_member(table, scan, 1, &expected, &found));
        if (found.name->column != NULL) {
            HM_TRY(hm_column_set_json(table, found.name->column, found.text));
        }
    }
    if (scan->failed) {
        return HM_BAD_DATA;
    }
    if (hm_json_peek(scan) == HM_JSON_OBJECT) {
        hm_json_fail(scan, "another object follows: objects on lines are .ndjson");
        return HM_BAD_DATA;
    }
    return hm_json_finish(scan) ? HM_OK : HM_BAD_DATA;
}

hm_status hm_read_json(hm_table *table, const char *text, size_t length) {
    hm_json_scan scan;
    hm_json_scan_init(&scan, text, length, table->error);
    switch (hm_json_peek(&scan)) {
    case HM_JSON_ARRAY:
        return read_rows(table, &scan);
    case HM_JSON_OBJECT:
        return read_object(table, &scan);
    default:
        hm_json_expected(&scan, "an array of objects, or an object");
        return HM_BAD_DATA;
    }
}

// No more rows can follow than lines.
static size_t count_lines(const char *at, const char *end) {
    size_t count = 1;
    while ((at = memchr(at, '\n', (size_t)(end - at))) != NULL) {
        count++;
        at++;
    }
    return count;
}

hm_status hm_read_json_lines(hm_table *table, const char *text, size_t length) {
    const char *end = text + length;
    table->row_limit = count_lines(text, end);
    size_t row = 0;
    for (const char *line = text; line < end;) {
        const char *line_end = memchr(line, '\n', (size_t)(end - line));
        line_end = line_end != NULL ? line_end : end;
        // From the start of the text, so that messages count its lines.
        hm_json_scan scan;
        hm_json_scan_init(&scan, text, (size_t)(line_end - text), table->error);
        scan.at = line;
        if (hm_json_peek(&scan) != HM_JSON_END) {
            HM_TRY(read_row(table, &scan, row++));
            if (!hm_json_finish(&scan)) {
                return HM_BAD_DATA;
            }
        }
        line = line_end < end ? line_end + 1 : end;
    }
    return hm_columns_complete(table, row);
}
