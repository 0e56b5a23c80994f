// cells.c — see cells.h.

#include "adapters/table/cells.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "adapters/table/field.h"
#include "base/error.h"
#include "base/json_read.h"
#include "base/number.h"
#include "base/utf8.h"
#include "base/validity.h"

// "row 3, column `spend`: ..."
__attribute__((format(printf, 2, 3))) static hm_status fail(
        const hm_cell *cell, const char *format, ...) {
    char message[384];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    return hm_error_set(&cell->part->error, HM_BAD_DATA, "row %zu, column `%s`: %s",
            cell->row + 1, cell->column->name, message);
}

static void *element_at(const hm_table_column *column, size_t row) {
    return (char *)column->elements + row * column->type->size;
}

void hm_cell_put_missing(hm_table_column *column, size_t row) {
    if (column->kept == HM_CELLS_TEXT) {
        return; // where no text is, nothing is
    }
    const hm_type *type = column->type;
    void *element = element_at(column, row);
    if (hm_field_store_missing(type, element)) {
        return;
    }
    if (type->kind == HM_KIND_STRING || type->kind == HM_KIND_JSON) {
        const char *text = type->kind == HM_KIND_JSON ? "null" : "";
        memcpy(element, &text, sizeof text);
    } else {
        memset(element, 0, type->size);
    }
    if (column->validity != NULL) {
        hm_validity_clear(column->validity, row);
        atomic_store_explicit(&column->has_missing, true, memory_order_relaxed);
    }
}

static hm_status put_string(const hm_cell *cell, const char *text, size_t length) {
    if (!hm_utf8_is(text, length)) {
        return fail(cell, memchr(text, '\0', length) != NULL
                                  ? "the text contains a NUL byte"
                                  : "the text is not UTF-8");
    }
    const char *copy = hm_arena_slice(&cell->part->arena, text, length);
    if (copy == NULL) {
        return hm_error_no_memory(&cell->part->error);
    }
    memcpy(element_at(cell->column, cell->row), &copy, sizeof copy);
    return HM_OK;
}

static hm_status put_text(const hm_cell *cell, const char *text, size_t length) {
    hm_error detail;
    hm_json_scan scan;
    hm_json_slice slice;
    hm_json_scan_init(&scan, text, length, &detail);
    if (!hm_json_skip(&scan, &slice) || !hm_json_finish(&scan)) {
        return fail(cell, "%s", detail.message);
    }
    cell->column->texts[cell->row] = slice;
    return HM_OK;
}

static bool begins_array(const char *text, size_t length) {
    size_t blank = 0;
    while (blank < length && (text[blank] == ' ' || text[blank] == '\t')) {
        blank++;
    }
    return blank < length && text[blank] == '[';
}

hm_cells hm_cell_judge(const char *text, size_t length) {
    return begins_array(text, length)          ? HM_CELLS_TEXT
           : hm_field_is_missing(text, length) ? HM_CELLS_OPEN
                                               : HM_CELLS_VALUES;
}

static hm_status put_number(const hm_cell *cell, const char *text, size_t length) {
    const hm_table_column *column = cell->column;
    hm_error detail;
    if (column->kept == HM_CELLS_OPEN && begins_array(text, length)) {
        cell->part->is_surprised = true;
        return HM_BAD_DATA;
    }
    switch (hm_field_read(
            column->type, text, length, element_at(column, cell->row), &detail)) {
    case HM_FIELD_VALUE:
        return HM_OK;
    case HM_FIELD_MISSING:
        hm_cell_put_missing(cell->column, cell->row);
        return HM_OK;
    default:
        return fail(cell, "%s", detail.message);
    }
}

hm_status hm_cell_put_field(
        const hm_cell *cell, const char *text, size_t length, bool is_quoted) {
    const hm_table_column *column = cell->column;
    if (column->type->kind == HM_KIND_OPAQUE) {
        return fail(cell, "%s is only known by pointer: text cannot make one",
                column->type->name);
    }
    bool is_string = column->type->kind == HM_KIND_STRING;
    if (is_string ? length == 0 && !is_quoted
                  : column->kept == HM_CELLS_TEXT &&
                            hm_field_is_missing(text, length)) {
        hm_cell_put_missing(cell->column, cell->row);
        return HM_OK;
    }
    return is_string                       ? put_string(cell, text, length)
           : column->kept == HM_CELLS_TEXT ? put_text(cell, text, length)
                                           : put_number(cell, text, length);
}

hm_status hm_cell_put_json(const hm_cell *cell, hm_json_slice text) {
    hm_table_column *column = cell->column;
    const hm_type *type = column->type;
    if (text.text[0] == 'n') {
        hm_cell_put_missing(column, cell->row);
        return HM_OK;
    }
    if (column->kept == HM_CELLS_TEXT) {
        column->texts[cell->row] = text;
        return HM_OK;
    }
    void *element = element_at(column, cell->row);
    if (text.text[0] == '[' && type->kind != HM_KIND_JSON) {
        cell->part->is_surprised = true;
        return HM_BAD_DATA;
    }
    bool is_number = type->kind == HM_KIND_INT || type->kind == HM_KIND_UINT ||
                     type->kind == HM_KIND_FLOAT;
    if (is_number && text.text[0] <= '9' &&
            hm_number_begin(type, text.text, text.text + text.length, element) ==
                    text.length) {
        return HM_OK;
    }
    hm_json_reader reader = {.arena = &cell->part->arena, .error = &cell->part->error};
    hm_json_place row_place = {NULL, "row", .index = cell->row + 1};
    hm_json_place place = {&row_place, "column", .name = column->name};
    return hm_json_read_slice(&reader, text, type, 0, element, &place);
}
