// output_table.c — see output_table.h.

#include "cli/output_table.h"

#include <stdio.h>
#include <string.h>

#include <hamilton/json.h>

#include "base/error.h"
#include "base/text.h"
#include "cli/grid.h"
#include "cli/terminal.h"

// On a terminal, this many rows at either end are shown of more than LONGEST.
enum { LONGEST = 40, SHOWN = 10 };

// A value as JSON, or NULL if memory ran out.
static const char *json_of(hm_session *session, const hm_value *value) {
    hm_text text;
    hm_text_init(&text, NULL);
    hm_status status = hm_json_write(value, hm_text_write, &text);
    const char *json = status == HM_OK
                               ? hm_arena_text(&session->arena, hm_text_get(&text))
                       : status == HM_NO_MEMORY || text.failed
                               ? NULL
                               : hm_session_text(session, "(%s)", value->type->name);
    hm_text_finish(&text);
    return json;
}

// One element as the eye wants it: strings without quotes, NaN as nan.
static const char *one_of(hm_session *session, const hm_value *value) {
    const void *data = hm_value_data(value);
    switch (value->type->kind) {
    case HM_KIND_BOOL:
    case HM_KIND_INT:
    case HM_KIND_UINT:
    case HM_KIND_FLOAT: {
        char number[HM_NUMBER_SIZE];
        hm_number_format(value->type, data, number);
        return hm_arena_text(&session->arena, number);
    }
    case HM_KIND_STRING: {
        const char *text = *(const char *const *)data;
        return text != NULL ? text : "-";
    }
    default:
        return json_of(session, value);
    }
}

// The element of an array at a row.
static const char *cell_of(hm_session *session, const hm_value *value, size_t row) {
    const hm_array *many = &value->many;
    if (many->validity != NULL && (many->validity[row / 8] >> row % 8 & 1) == 0) {
        return "-";
    }
    if (value->depth > 1) {
        hm_value inner = *value;
        inner.depth--;
        inner.many = ((const hm_array *)many->data)[row];
        return json_of(session, &inner);
    }
    const void *element = value->by_reference
                                  ? ((const void *const *)many->data)[row]
                                  : (const char *)many->data + row * value->type->size;
    hm_value one = hm_value_one(value->type, element);
    return one_of(session, &one);
}

static bool is_number(const hm_value *value) {
    return value->depth <= 1 &&
           (value->type->kind == HM_KIND_INT || value->type->kind == HM_KIND_UINT ||
                   value->type->kind == HM_KIND_FLOAT);
}

// Lines of name and value. *printed becomes true if there was one.
static hm_status print_ones(
        hm_session *session, const hm_results *results, bool *printed) {
    static const hm_grid_column columns[] = {
            {"name", HM_ALIGN_LEFT}, {"value", HM_ALIGN_LEFT}};
    hm_grid grid = {.columns = columns,
            .column_count = 2,
            .hide_titles = true,
            .keep_together = true};
    for (size_t i = 0; i < hm_results_count(results); i++) {
        const hm_value *value = hm_results_value(results, i);
        if (value != NULL && value->depth == 0) {
            HM_TRY(hm_grid_add(session, &grid, hm_results_name(results, i)));
            HM_TRY(hm_grid_add(session, &grid, one_of(session, value)));
        }
    }
    *printed = grid.cell_count > 0;
    return *printed ? hm_grid_print(session, &grid) : HM_OK;
}

// The rows of some arrays of one length.
static hm_status fill_rows(hm_session *session, hm_grid *grid,
        const hm_value *const *values, size_t row_count) {
    bool is_long = hm_terminal_of(stdout).is_terminal && row_count > LONGEST;
    for (size_t row = 0; row < row_count; row++) {
        if (is_long && row == SHOWN) {
            for (size_t c = 0; c < grid->column_count; c++) {
                HM_TRY(hm_grid_add(session, grid, "…"));
            }
            row = row_count - SHOWN;
        }
        HM_TRY(hm_grid_add(session, grid, hm_session_text(session, "%zu", row + 1)));
        for (size_t c = 1; c < grid->column_count; c++) {
            HM_TRY(hm_grid_add(session, grid, cell_of(session, values[c - 1], row)));
        }
    }
    return HM_OK;
}

// All arrays of this length, as one table.
static hm_status print_arrays(
        hm_session *session, const hm_results *results, size_t length) {
    size_t count = hm_results_count(results);
    hm_grid_column *columns =
            hm_arena_array(&session->arena, count + 1, sizeof *columns);
    const hm_value **values = hm_arena_array(&session->arena, count, sizeof *values);
    if (columns == NULL || values == NULL) {
        return hm_session_no_memory(session);
    }
    hm_grid grid = {.columns = columns, .column_count = 1};
    columns[0] = (hm_grid_column){"row", HM_ALIGN_RIGHT};
    for (size_t i = 0; i < count; i++) {
        const hm_value *value = hm_results_value(results, i);
        if (value != NULL && value->depth > 0 && value->many.length == length) {
            values[grid.column_count - 1] = value;
            columns[grid.column_count++] = (hm_grid_column){hm_results_name(results, i),
                    is_number(value) ? HM_ALIGN_RIGHT : HM_ALIGN_LEFT};
        }
    }
    HM_TRY(fill_rows(session, &grid, values, length));
    return hm_grid_print(session, &grid);
}

// Whether an array before this one has its length.
static bool came_before(const hm_results *results, size_t index) {
    size_t length = hm_results_value(results, index)->many.length;
    for (size_t i = 0; i < index; i++) {
        const hm_value *value = hm_results_value(results, i);
        if (value != NULL && value->depth > 0 && value->many.length == length) {
            return true;
        }
    }
    return false;
}

hm_status hm_output_table(hm_session *session, const hm_results *results) {
    bool printed;
    HM_TRY(print_ones(session, results, &printed));
    for (size_t i = 0; i < hm_results_count(results); i++) {
        const hm_value *value = hm_results_value(results, i);
        if (value == NULL || value->depth == 0 || came_before(results, i)) {
            continue;
        }
        fputs(printed ? "\n" : "", stdout);
        HM_TRY(print_arrays(session, results, value->many.length));
        printed = true;
    }
    return HM_OK;
}
