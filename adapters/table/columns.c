// columns.c — see columns.h.

#include "adapters/table/columns.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "adapters/table/field.h"
#include "base/allocator.h"
#include "base/error.h"
#include "base/json_read.h"
#include "base/utf8.h"

hm_status hm_columns_init(hm_table *table, const hm_column *wanted, size_t wanted_count,
        const hm_allocator *allocator, hm_error *error) {
    *table = (hm_table){.allocator = allocator, .error = error};
    hm_arena_init(&table->arena, allocator);
    hm_names_init(&table->wanted, allocator);
    hm_names_init(&table->known, allocator);
    table->columns =
            hm_arena_array(&table->arena, wanted_count, sizeof *table->columns);
    if (table->columns == NULL || !hm_names_reserve(&table->wanted, wanted_count)) {
        return hm_error_no_memory(error);
    }
    for (size_t i = 0; i < wanted_count; i++) {
        const char *name = hm_arena_text(&table->arena, wanted[i].name);
        if (name == NULL) {
            return hm_error_no_memory(error);
        }
        uint32_t *index = hm_names_put(&table->wanted, name);
        if (*index != HM_NAMES_ABSENT) {
            return hm_error_set(
                    error, HM_DUPLICATE_NAME, "column `%s` is wanted twice", name);
        }
        *index = (uint32_t)i;
        table->columns[i] = (hm_table_column){.name = name, .type = wanted[i].type};
        table->column_count++;
    }
    return HM_OK;
}

void hm_columns_finish(hm_table *table) {
    hm_deallocate_array(
            table->allocator, table->names, table->name_capacity, sizeof *table->names);
    hm_names_finish(&table->known);
    hm_names_finish(&table->wanted);
    hm_arena_finish(&table->arena);
}

static bool grow_names(hm_table *table) {
    size_t capacity = table->name_capacity > 0 ? table->name_capacity * 2 : 16;
    hm_file_column *names =
            hm_allocate_array(table->allocator, capacity, sizeof *names);
    if (names == NULL) {
        return false;
    }
    if (table->name_count > 0) {
        memcpy(names, table->names, table->name_count * sizeof *names);
    }
    hm_deallocate_array(
            table->allocator, table->names, table->name_capacity, sizeof *table->names);
    table->names = names;
    table->name_capacity = capacity;
    return true;
}

hm_status hm_columns_add(hm_table *table, const char *name, size_t *index) {
    if (table->name_count == table->name_capacity && !grow_names(table)) {
        return hm_error_no_memory(table->error);
    }
    uint32_t *number = hm_names_put(&table->known, name);
    if (number == NULL) {
        return hm_error_no_memory(table->error);
    }
    if (*number != HM_NAMES_ABSENT && *name != '\0') {
        return HM_DUPLICATE_NAME;
    }
    *index = table->name_count++;
    *number = (uint32_t)*index;
    uint32_t wanted = hm_names_find(&table->wanted, name);
    hm_table_column *column =
            wanted != HM_NAMES_ABSENT ? &table->columns[wanted] : NULL;
    table->names[*index] = (hm_file_column){.name = name, .column = column};
    if (column != NULL) {
        column->value = (hm_value){.type = column->type, .depth = 1};
    }
    return HM_OK;
}

// "row 3, column `spend`: ..."; row counts from 0, messages from 1.
__attribute__((format(printf, 4, 5))) static hm_status fail(hm_table *table,
        const hm_table_column *column, size_t row, const char *format, ...) {
    char message[384];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    return hm_error_set(table->error, HM_BAD_DATA, "row %zu, column `%s`: %s", row + 1,
            column->name, message);
}

static hm_status fail_missing(
        hm_table *table, const hm_table_column *column, size_t row) {
    return fail(table, column, row,
            "a value is missing, which %s cannot express; take the column as double",
            column->type->name);
}

// The element at a row, or NULL if memory ran out.
static void *element_at(hm_table *table, hm_table_column *column, size_t row) {
    size_t size = column->type->size;
    if (column->elements == NULL) {
        size_t bytes;
        column->elements =
                __builtin_mul_overflow(table->row_limit, size, &bytes)
                        ? NULL
                        : hm_arena_take(&table->arena, bytes, column->type->alignment);
    }
    return column->elements == NULL ? NULL : (char *)column->elements + row * size;
}

static hm_status put_cell(
        hm_table *table, hm_table_column *column, size_t row, hm_json_slice text) {
    if (column->cells == NULL) {
        column->cells =
                hm_arena_array(&table->arena, table->row_limit, sizeof *column->cells);
    }
    if (column->cells == NULL) {
        return hm_error_no_memory(table->error);
    }
    column->cells[row] = text;
    column->has_values = true;
    return HM_OK;
}

static hm_status put_string(hm_table *table, hm_table_column *column, size_t row,
        const char *text, size_t length) {
    if (!hm_utf8_is(text, length)) {
        return fail(table, column, row,
                memchr(text, '\0', length) != NULL ? "the text contains a NUL byte"
                                                   : "the text is not UTF-8");
    }
    void *element = element_at(table, column, row);
    const char *copy = hm_arena_slice(&table->arena, text, length);
    if (element == NULL || copy == NULL) {
        return hm_error_no_memory(table->error);
    }
    memcpy(element, &copy, sizeof copy);
    return HM_OK;
}

// A cell that is JSON text, as structs and arrays are.
static hm_status put_json_field(hm_table *table, hm_table_column *column, size_t row,
        const char *text, size_t length) {
    if (hm_field_is_missing(text, length)) {
        return HM_OK;
    }
    hm_error detail;
    hm_json_scan scan;
    hm_json_slice slice;
    hm_json_scan_init(&scan, text, length, &detail);
    if (!hm_json_skip(&scan, &slice) || !hm_json_finish(&scan)) {
        return fail(table, column, row, "%s", detail.message);
    }
    return put_cell(table, column, row, slice);
}

static bool begins_array(const char *text, size_t length) {
    size_t blank = 0;
    while (blank < length && (text[blank] == ' ' || text[blank] == '\t')) {
        blank++;
    }
    return blank < length && text[blank] == '[';
}

static hm_status put_number(hm_table *table, hm_table_column *column, size_t row,
        const char *text, size_t length) {
    void *element = element_at(table, column, row);
    if (element == NULL) {
        return hm_error_no_memory(table->error);
    }
    hm_error detail;
    switch (hm_field_read(column->type, text, length, element, &detail)) {
    case HM_FIELD_VALUE:
        column->has_values = true;
        return HM_OK;
    case HM_FIELD_MISSING:
        return hm_field_store_missing(column->type, element)
                       ? HM_OK
                       : fail_missing(table, column, row);
    default:
        return fail(table, column, row, "%s", detail.message);
    }
}

hm_status hm_column_put_field(hm_table *table, hm_table_column *column, size_t row,
        const char *text, size_t length) {
    switch (column->type->kind) {
    case HM_KIND_STRING:
        return put_string(table, column, row, text, length);
    case HM_KIND_STRUCT:
    case HM_KIND_JSON:
        return put_json_field(table, column, row, text, length);
    case HM_KIND_OPAQUE:
        return fail(table, column, row,
                "%s is only known by pointer: text cannot make one",
                column->type->name);
    default:
        break;
    }
    bool is_array = column->cells != NULL ||
                    (!column->has_values && begins_array(text, length));
    return is_array ? put_json_field(table, column, row, text, length)
                    : put_number(table, column, row, text, length);
}

hm_status hm_column_put_json(
        hm_table *table, hm_table_column *column, size_t row, hm_json_slice text) {
    bool is_null = text.length == 4 && text.text[0] == 'n';
    return is_null ? HM_OK : put_cell(table, column, row, text);
}

// What stands for a missing cell in a column whose cells have a depth.
static hm_status store_missing(hm_table *table, const hm_table_column *column,
        uint32_t depth, size_t row, void *element) {
    if (depth > 0) {
        *(hm_array *)element = (hm_array){0};
        return HM_OK;
    }
    if (column->type->kind == HM_KIND_STRING || column->type->kind == HM_KIND_JSON) {
        const char *text = column->type->kind == HM_KIND_JSON ? "null" : "";
        memcpy(element, &text, sizeof text);
        return HM_OK;
    }
    return hm_field_store_missing(column->type, element)
                   ? HM_OK
                   : fail_missing(table, column, row);
}

static uint32_t deepest_cell(const hm_table_column *column, size_t row_count) {
    uint32_t deepest = 0;
    for (size_t row = 0; row < row_count && column->type->kind != HM_KIND_JSON; row++) {
        if (column->cells[row].text != NULL) {
            uint32_t depth = hm_json_depth(column->cells[row]);
            deepest = depth > deepest ? depth : deepest;
        }
    }
    return deepest;
}

static hm_status read_cells(
        hm_table *table, hm_table_column *column, size_t row_count) {
    uint32_t depth = deepest_cell(column, row_count);
    size_t size = depth > 0 ? sizeof(hm_array) : column->type->size;
    char *elements = hm_arena_array(&table->arena, row_count, size);
    if (elements == NULL) {
        return hm_error_no_memory(table->error);
    }
    hm_json_reader reader = {.arena = &table->arena, .error = table->error};
    for (size_t row = 0; row < row_count; row++) {
        void *element = elements + row * size;
        if (column->cells[row].text == NULL) {
            HM_TRY(store_missing(table, column, depth, row, element));
            continue;
        }
        hm_json_place row_place = {NULL, "row", .index = row + 1};
        hm_json_place place = {&row_place, "column", .name = column->name};
        HM_TRY(hm_json_read_slice(
                &reader, column->cells[row], column->type, depth, element, &place));
    }
    column->elements = elements;
    column->value.depth = 1 + depth;
    return HM_OK;
}

hm_status hm_column_set_json(
        hm_table *table, hm_table_column *column, hm_json_slice text) {
    const hm_type *type = column->type;
    hm_json_reader reader = {
            .arena = &table->arena, .null_is_empty = true, .error = table->error};
    hm_json_place place = {NULL, "member", .name = column->name};
    uint32_t depth = type->kind == HM_KIND_JSON ? 0 : hm_json_depth(text);
    column->value = (hm_value){.type = type, .depth = depth};
    if (depth > 0) {
        hm_array *many = &column->value.many;
        HM_TRY(hm_json_read_slice(&reader, text, type, depth, many, &place));
        table->row_count =
                many->length > table->row_count ? many->length : table->row_count;
        return HM_OK;
    }
    void *element = hm_arena_take(&table->arena, type->size, type->alignment);
    if (element == NULL) {
        return hm_error_no_memory(table->error);
    }
    column->value.data = element;
    return hm_json_read_slice(&reader, text, type, 0, element, &place);
}

// A column without a single value in the file: all rows are missing.
static hm_status read_nothing(
        hm_table *table, hm_table_column *column, size_t row_count) {
    for (size_t row = 0; row < row_count; row++) {
        void *element = element_at(table, column, row);
        if (element == NULL) {
            return hm_error_no_memory(table->error);
        }
        HM_TRY(store_missing(table, column, 0, row, element));
    }
    return HM_OK;
}

hm_status hm_columns_complete(hm_table *table, size_t row_count) {
    table->row_count = row_count;
    for (size_t i = 0; i < table->column_count; i++) {
        hm_table_column *column = &table->columns[i];
        if (column->value.type == NULL) {
            continue; // the file lacks it
        }
        if (column->cells != NULL) {
            HM_TRY(read_cells(table, column, row_count));
        } else if (column->elements == NULL) {
            HM_TRY(read_nothing(table, column, row_count));
        }
        column->value.many = (hm_array){.data = column->elements, .length = row_count};
    }
    return HM_OK;
}
