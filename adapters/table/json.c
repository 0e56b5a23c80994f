// json.c — tables in JSON: an array of rows, or one object; and rows on lines of their
// own, which threads share.
//
// Each part has a list of the names that its rows have. Values go to their final place
// as they are read. Where a column turns out to hold arrays everything is read anew,
// since all cells must be seen before it is known how deep they nest.

#include <stdint.h>
#include <string.h>

#include "adapters/table/cells.h"
#include "adapters/table/columns.h"
#include "adapters/table/parts.h"
#include "base/error.h"
#include "base/json_read.h"

// What reads members: a part, or the table itself where it is one object.
typedef struct reader {
    hm_table *table;
    hm_name_list *names;
    hm_arena *arena;
    hm_json_scan scan;
} reader;

// The place in names of a member: mostly the one behind the last, since all rows look
// alike.
static hm_status find_name(reader *json, hm_json_slice slice, size_t *index) {
    hm_name_list *names = json->names;
    bool is_plain = memchr(slice.text, '\\', slice.length) == NULL;
    if (*index < names->count && is_plain) {
        const char *name = names->items[*index].name;
        if (strncmp(name, slice.text, slice.length) == 0 &&
                name[slice.length] == '\0') {
            return HM_OK;
        }
    }
    const char *name = hm_json_unescape(slice, json->arena);
    if (name == NULL) {
        return HM_NO_MEMORY;
    }
    uint32_t known = hm_names_find(&names->known, name);
    if (known == HM_NAMES_ABSENT) {
        return hm_name_list_add(names, json->table, name, index);
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
static hm_status read_member(
        reader *json, size_t row, size_t *expected, member *found) {
    hm_json_slice name;
    if (!hm_json_name(&json->scan, &name)) {
        return HM_BAD_DATA;
    }
    hm_status status = find_name(json, name, expected);
    if (status != HM_OK) {
        return hm_error_set(json->scan.error, status, NULL);
    }
    found->name = &json->names->items[(*expected)++];
    if (found->name->last_row == row) {
        hm_json_fail(&json->scan, "member `%s` is given twice", found->name->name);
        return HM_BAD_DATA;
    }
    found->name->last_row = row;
    return hm_json_skip(&json->scan, &found->text) ? HM_OK : HM_BAD_DATA;
}

static void put_missing(hm_table_column *column, size_t first, size_t end) {
    for (size_t row = first; column != NULL && row < end; row++) {
        hm_cell_put_missing(column, row);
    }
}

// Names that came with this row, the ones from `known` on, were missing before.
static hm_status add_columns(
        reader *json, const hm_part *part, size_t row, size_t known) {
    for (size_t i = known; i < json->names->count; i++) {
        hm_table_column *column = json->names->items[i].column;
        if (column != NULL && hm_column_reserve(json->table, column) != HM_OK) {
            return hm_error_no_memory(json->scan.error);
        }
        put_missing(column, part->first_row, row);
    }
    return HM_OK;
}

// row counts from 0 in the whole table.
static hm_status read_row(reader *json, hm_part *part, size_t row) {
    hm_json_scan *scan = &json->scan;
    hm_name_list *names = json->names;
    if (hm_json_peek(scan) != HM_JSON_OBJECT) {
        hm_json_expected(scan, "an object, as each row is one");
        return HM_BAD_DATA;
    }
    hm_json_open(scan);
    size_t expected = 0;
    size_t count = 0;
    for (bool is_first = true; hm_json_next(scan, '}', &is_first); count++) {
        member found;
        size_t known = names->count;
        HM_TRY(read_member(json, row + 1, &expected, &found));
        HM_TRY(add_columns(json, part, row, known));
        if (found.name->column != NULL) {
            hm_cell cell = {found.name->column, row, part};
            HM_TRY(hm_cell_put_json(&cell, found.text));
        }
    }
    for (size_t i = 0; count < names->count && i < names->count; i++) {
        if (names->items[i].last_row != row + 1) {
            put_missing(names->items[i].column, row, row + 1);
        }
    }
    return scan->failed ? HM_BAD_DATA : HM_OK;
}

static reader reader_of(hm_table *table, hm_part *part, const char *end) {
    reader json = {.table = table, .names = &part->names, .arena = &part->arena};
    // From the start of the text, so that messages count its lines.
    hm_json_scan_init(&json.scan, part->text, (size_t)(end - part->text), &part->error);
    json.scan.at = part->at;
    return json;
}

static hm_status read_array(hm_table *table, hm_part *part) {
    reader json = reader_of(table, part, part->end);
    hm_json_open(&json.scan);
    size_t row = 0;
    for (bool is_first = true; hm_json_next(&json.scan, ']', &is_first); row++) {
        HM_TRY(read_row(&json, part, row));
    }
    part->row_count = row;
    return !json.scan.failed && hm_json_finish(&json.scan) ? HM_OK : HM_BAD_DATA;
}

static const char *line_end(const char *line, const char *end) {
    const char *at = memchr(line, '\n', (size_t)(end - line));
    return at != NULL ? at : end;
}

static hm_status count_lines(hm_table *table, hm_part *part) {
    (void)table;
    part->row_count = 0;
    for (const char *line = part->at; line < part->end;) {
        const char *end = line_end(line, part->end);
        hm_json_scan scan;
        hm_json_scan_init(&scan, line, (size_t)(end - line), NULL);
        part->row_count += hm_json_peek(&scan) != HM_JSON_END;
        line = end < part->end ? end + 1 : end;
    }
    return HM_OK;
}

static hm_status read_lines(hm_table *table, hm_part *part) {
    size_t row = part->first_row;
    for (const char *line = part->at; line < part->end;) {
        const char *end = line_end(line, part->end);
        reader json = reader_of(table, part, end);
        json.scan.at = line;
        if (hm_json_peek(&json.scan) != HM_JSON_END) {
            HM_TRY(read_row(&json, part, row++));
            if (!hm_json_finish(&json.scan)) {
                return HM_BAD_DATA;
            }
        }
        line = end < part->end ? end + 1 : end;
    }
    return HM_OK;
}

// All names that parts have, in the order in which the file tells them; and what those
// miss that have no such name.
static hm_status join_names(hm_parts *parts) {
    hm_table *table = parts->table;
    hm_name_list *names = &table->names;
    for (size_t i = 0; i < parts->count; i++) {
        const hm_name_list *found = &parts->items[i].names;
        for (size_t k = 0; k < found->count; k++) {
            size_t index;
            const char *name = found->items[k].name;
            if (hm_names_find(&names->known, name) == HM_NAMES_ABSENT &&
                    hm_name_list_add(names, table, name, &index) != HM_OK) {
                return hm_error_no_memory(table->error);
            }
        }
    }
    for (size_t i = 0; i < parts->count; i++) {
        const hm_part *part = &parts->items[i];
        for (size_t k = 0; k < names->count; k++) {
            if (hm_names_find(&part->names.known, names->items[k].name) ==
                    HM_NAMES_ABSENT) {
                put_missing(names->items[k].column, part->first_row,
                        part->first_row + part->row_count);
            }
        }
    }
    return HM_OK;
}

static void forget_names(hm_parts *parts) {
    for (size_t i = 0; i < parts->count; i++) {
        hm_name_list *names = &parts->items[i].names;
        hm_name_list_finish(names);
        hm_name_list_init(names, parts->table->allocator);
    }
}

static hm_status read_parts(hm_parts *parts, hm_part_work *work) {
    hm_columns_reset(parts->table, HM_CELLS_VALUES);
    hm_status status = hm_parts_do(parts, work);
    if (status == HM_BAD_DATA && hm_parts_are_surprised(parts)) {
        hm_columns_reset(parts->table, HM_CELLS_TEXT);
        forget_names(parts);
        status = hm_parts_do(parts, work);
    }
    return status != HM_OK ? status : join_names(parts);
}

// No more rows can follow than there are objects.
static size_t count_objects(const char *at, const char *end) {
    size_t count = 0;
    for (; at < end; at++) {
        count += *at == '{';
    }
    return count;
}

static hm_status read_rows(hm_table *table, const char *text, const char *end) {
    hm_part part;
    hm_part_init(&part, table, text, end);
    hm_parts parts = {.table = table, .items = &part, .count = 1};
    table->row_limit = count_objects(text, end);
    hm_status status = read_parts(&parts, read_array);
    hm_part_finish(&part, table);
    return status == HM_OK ? hm_columns_complete(table, part.row_count) : status;
}

// The value of a column as a whole, which may be a single one.
static hm_status set_column(
        hm_table *table, hm_table_column *column, hm_json_slice text) {
    const hm_type *type = column->type;
    hm_json_reader values = {
            .arena = &table->arena, .null_is_empty = true, .error = table->error};
    hm_json_place place = {NULL, "member", .name = column->name};
    uint32_t depth = type->kind == HM_KIND_JSON ? 0 : hm_json_depth(text);
    column->value = (hm_value){.type = type, .depth = depth};
    if (depth > 0) {
        hm_array *many = &column->value.many;
        HM_TRY(hm_json_read_slice(&values, text, type, depth, many, &place));
        table->row_count =
                many->length > table->row_count ? many->length : table->row_count;
        return HM_OK;
    }
    void *element = hm_arena_take(&table->arena, type->size, type->alignment);
    if (element == NULL) {
        return hm_error_no_memory(table->error);
    }
    column->value.data = element;
    return hm_json_read_slice(&values, text, type, 0, element, &place);
}

static hm_status read_object(reader *json) {
    hm_table *table = json->table;
    hm_json_scan *scan = &json->scan;
    hm_json_open(scan);
    size_t expected = 0;
    for (bool is_first = true; hm_json_next(scan, '}', &is_first);) {
        member found;
        HM_TRY(read_member(json, 1, &expected, &found));
        if (found.name->column != NULL) {
            HM_TRY(set_column(table, found.name->column, found.text));
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
    reader json = {.table = table, .names = &table->names, .arena = &table->arena};
    hm_json_scan_init(&json.scan, text, length, table->error);
    switch (hm_json_peek(&json.scan)) {
    case HM_JSON_ARRAY:
        return read_rows(table, text, text + length);
    case HM_JSON_OBJECT:
        return read_object(&json);
    default:
        hm_json_expected(&json.scan, "an array of objects, or an object");
        return HM_BAD_DATA;
    }
}

hm_status hm_read_json_lines(hm_table *table, const char *text, size_t length) {
    hm_parts parts;
    HM_TRY(hm_parts_init(&parts, table, text, text + length));
    hm_status status = hm_parts_do(&parts, count_lines);
    table->row_limit = hm_parts_place(&parts);
    if (status == HM_OK) {
        status = read_parts(&parts, read_lines);
    }
    hm_parts_finish(&parts);
    return status == HM_OK ? hm_columns_complete(table, table->row_limit) : status;
}
