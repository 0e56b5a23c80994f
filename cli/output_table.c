// output_table.c — see output_table.h.

#include "cli/output_table.h"

#include <stdio.h>
#include <string.h>

#include <hamilton/json.h>

#include "base/error.h"
#include "base/text.h"
#include "base/validity.h"
#include "cli/grid.h"
#include "cli/terminal.h"

// On a terminal, this many rows at either end are shown of more than LONGEST.
enum { LONGEST = 40, SHOWN = 10 };

// A value as JSON, or NULL if memory ran out.
static const char *json_of(hm_session *session, const hm_value *value) {
    hm_text text;
    hm_text_init(&text, NULL);
    hm_status status = hm_json_write(value, hm_text_write, &text);
    const char *json =
            status == HM_OK || status == HM_BAD_DATA // not all of it UTF-8
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

// What a column shows: the elements of an array, or a field of each of them.
typedef struct hm_shown {
    const hm_value *value;
    const hm_field *field; // or NULL
} hm_shown;

// Whether it is a struct whose fields are shown one by one.
static bool has_fields(const hm_type *type) {
    for (size_t i = 0; type->kind == HM_KIND_STRUCT && i < type->field_count; i++) {
        if (type->fields[i].bit_width > 0) {
            return false; // has no address
        }
    }
    return type->kind == HM_KIND_STRUCT && type->field_count > 0;
}

// Whether each field of the elements gets a column of its own.
static bool has_columns(const hm_value *value) {
    return value->depth == 1 && has_fields(value->type);
}

static const char *field_of(
        hm_session *session, const hm_field *field, const void *element) {
    if (element == NULL) {
        return "-";
    }
    const char *data = (const char *)element + field->offset;
    if (field->length > 0) {
        hm_value many = hm_value_many(field->type, data, field->length);
        return json_of(session, &many);
    }
    hm_value one = hm_value_one(field->type, data);
    return one_of(session, &one);
}

static const char *cell_of(hm_session *session, const hm_shown *shown, size_t row) {
    const hm_value *value = shown->value;
    const hm_array *many = &value->many;
    if (!hm_validity_has(many, row)) {
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
    if (element == NULL) {
        return "-";
    }
    if (shown->field != NULL) {
        return field_of(session, shown->field, element);
    }
    hm_value one = hm_value_one(value->type, element);
    return one_of(session, &one);
}

static hm_align alignment_of(const hm_type *type, bool is_one) {
    bool is_number = type->kind == HM_KIND_INT || type->kind == HM_KIND_UINT ||
                     type->kind == HM_KIND_FLOAT;
    return is_one && is_number ? HM_ALIGN_RIGHT : HM_ALIGN_LEFT;
}

// The line of a single value, or of each of its fields.
static hm_status add_lines(
        hm_session *session, hm_grid *grid, const char *name, const hm_value *value) {
    if (!has_fields(value->type)) {
        HM_TRY(hm_grid_add(session, grid, name));
        return hm_grid_add(session, grid, one_of(session, value));
    }
    for (size_t i = 0; i < value->type->field_count; i++) {
        const hm_field *field = &value->type->fields[i];
        HM_TRY(hm_grid_add(
                session, grid, hm_session_text(session, "%s.%s", name, field->name)));
        HM_TRY(hm_grid_add(
                session, grid, field_of(session, field, hm_value_data(value))));
    }
    return HM_OK;
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
            HM_TRY(add_lines(session, &grid, hm_results_name(results, i), value));
        }
    }
    *printed = grid.cell_count > 0;
    return *printed ? hm_grid_print(session, &grid) : HM_OK;
}

// The rows of some arrays of one length.
static hm_status fill_rows(
        hm_session *session, hm_grid *grid, const hm_shown *shown, size_t row_count) {
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
            HM_TRY(hm_grid_add(session, grid, cell_of(session, &shown[c - 1], row)));
        }
    }
    return HM_OK;
}

// Adds the column of an array, or those of its fields: `point.x`, `.y`.
static hm_status add_columns(hm_session *session, const char *name,
        const hm_value *value, hm_grid *grid, hm_grid_column *columns,
        hm_shown *shown) {
    if (!has_columns(value)) {
        shown[grid->column_count - 1] = (hm_shown){value, NULL};
        columns[grid->column_count++] =
                (hm_grid_column){name, alignment_of(value->type, value->depth == 1)};
        return HM_OK;
    }
    for (size_t i = 0; i < value->type->field_count; i++) {
        const hm_field *field = &value->type->fields[i];
        const char *title =
                hm_session_text(session, "%s.%s", i == 0 ? name : "", field->name);
        if (title == NULL) {
            return hm_session_no_memory(session);
        }
        shown[grid->column_count - 1] = (hm_shown){value, field};
        columns[grid->column_count++] =
                (hm_grid_column){title, alignment_of(field->type, field->length == 0)};
    }
    return HM_OK;
}

// Whether a result is an array of this length.
static bool is_array(const hm_value *value, size_t length) {
    return value != NULL && value->depth > 0 && value->many.length == length;
}

// All arrays of this length, as one table.
static hm_status print_arrays(
        hm_session *session, const hm_results *results, size_t length) {
    size_t most = 1;
    for (size_t i = 0; i < hm_results_count(results); i++) {
        const hm_value *value = hm_results_value(results, i);
        if (is_array(value, length)) {
            most += has_columns(value) ? value->type->field_count : 1;
        }
    }
    hm_grid_column *columns = hm_arena_array(&session->arena, most, sizeof *columns);
    hm_shown *shown = hm_arena_array(&session->arena, most, sizeof *shown);
    if (columns == NULL || shown == NULL) {
        return hm_session_no_memory(session);
    }
    hm_grid grid = {.columns = columns, .column_count = 1};
    columns[0] = (hm_grid_column){"row", HM_ALIGN_RIGHT};
    for (size_t i = 0; i < hm_results_count(results); i++) {
        const hm_value *value = hm_results_value(results, i);
        if (is_array(value, length)) {
            HM_TRY(add_columns(session, hm_results_name(results, i), value, &grid,
                    columns, shown));
        }
    }
    HM_TRY(fill_rows(session, &grid, shown, length));
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
