// matrix.c — see <hamilton/matrix.h>. Columns lie apart in memory and the elements of a
// row side by side, so the matrix is filled by blocks of rows that stay in the nearest
// cache while all columns pass over them.

#include <math.h>
#include <string.h>

#include <hamilton/matrix.h>

#include "adapters/results/doubles.h"
#include "base/allocator.h"
#include "base/error.h"
#include "base/sized.h"

enum { BLOCK = 256, ALIGNMENT = 64 };

static hm_status check_column(
        const hm_binding *column, const hm_binding *first, hm_error *error) {
    const hm_value *value = &column->value;
    if (value->depth > 1) {
        return hm_error_set(error, HM_SHAPE_MISMATCH,
                "`%s` is an array of arrays, but a column of a matrix has one number "
                "for each row",
                column->name);
    }
    if (!hm_doubles_are(value)) {
        return hm_error_set(error, HM_TYPE_MISMATCH,
                "`%s` is %s, but a matrix is made of numbers: leave it out, or let a "
                "node make a number of it",
                column->name, value->type->name);
    }
    if (value->depth == 1 && first != NULL &&
            value->many.length != first->value.many.length) {
        return hm_error_set(error, HM_LENGTH_MISMATCH,
                "`%s` has %zu rows and `%s` has %zu", first->name,
                first->value.many.length, column->name, value->many.length);
    }
    return HM_OK;
}

static hm_status check_columns(
        const hm_binding *columns, size_t count, size_t *row_count, hm_error *error) {
    const hm_binding *first = NULL;
    for (size_t i = 0; i < count; i++) {
        HM_TRY(check_column(&columns[i], first, error));
        first = first == NULL && columns[i].value.depth == 1 ? &columns[i] : first;
    }
    *row_count = first != NULL ? first->value.many.length : 1;
    return count > 0 ? HM_OK
                     : hm_error_set(error, HM_BAD_ARGUMENT, "there are no columns");
}

// How the elements lie. HM_BAD_ARGUMENT if they would lie over one another.
static hm_status lay_out(
        const hm_matrix_options *options, hm_matrix *matrix, hm_error *error) {
    bool is_row_major = options->order == HM_MATRIX_ROW_MAJOR;
    if (!is_row_major && options->order != HM_MATRIX_COLUMN_MAJOR) {
        return hm_error_set(error, HM_BAD_ARGUMENT, "%u is no order of a matrix",
                (unsigned)options->order);
    }
    size_t inner = is_row_major ? matrix->column_count : matrix->row_count;
    size_t outer = is_row_major ? matrix->row_count : matrix->column_count;
    size_t leading =
            options->leading_dimension > 0 ? options->leading_dimension : inner;
    if (leading < inner) {
        return hm_error_set(error, HM_BAD_ARGUMENT,
                "leading_dimension is %zu, but a %s has %zu elements", leading,
                is_row_major ? "row" : "column", inner);
    }
    matrix->row_stride = is_row_major ? leading : 1;
    matrix->column_stride = is_row_major ? 1 : leading;
    bool is_empty = inner == 0 || outer == 0;
    if (!is_empty &&
            (__builtin_mul_overflow(outer - 1, leading, &matrix->size) ||
                    __builtin_add_overflow(matrix->size, inner, &matrix->size))) {
        return hm_error_no_memory(error);
    }
    return HM_OK;
}

static hm_status make_room(
        const hm_matrix_options *options, hm_matrix *matrix, hm_error *error) {
    if (options->data != NULL) {
        matrix->data = options->data;
        return matrix->size <= options->capacity
                       ? HM_OK
                       : hm_error_set(error, HM_BAD_ARGUMENT,
                                 "a matrix of %zu rows and %zu columns takes %zu "
                                 "doubles, but there is room for %zu",
                                 matrix->row_count, matrix->column_count, matrix->size,
                                 options->capacity);
    }
    size_t bytes;
    matrix->allocator = hm_allocator_or_default(options->allocator);
    matrix->data = __builtin_mul_overflow(matrix->size, sizeof(double), &bytes)
                           ? NULL
                           : hm_allocate(matrix->allocator, bytes, ALIGNMENT);
    return matrix->data != NULL ? HM_OK : hm_error_no_memory(error);
}

// A single value fills its column.
static hm_status fill_single(
        const hm_matrix *matrix, const hm_binding *column, size_t at, hm_error *error) {
    hm_doubles doubles = {.stride = 1};
    double number = NAN;
    doubles.to = &number;
    if (hm_doubles_store(&doubles, &column->value, 0, 1) < 1) {
        return hm_error_set(error, HM_BAD_DATA, "`%s`: %s", column->name,
                hm_doubles_fault(column->value.type));
    }
    double *to = matrix->data + at * matrix->column_stride;
    for (size_t row = 0; row < matrix->row_count; row++) {
        to[row * matrix->row_stride] = number;
    }
    return HM_OK;
}

static hm_status fill_block(const hm_matrix *matrix, const hm_binding *column,
        size_t at, size_t row, hm_error *error) {
    size_t left = matrix->row_count - row;
    size_t count = left < BLOCK ? left : BLOCK;
    hm_doubles doubles = {
            matrix->data + at * matrix->column_stride + row * matrix->row_stride,
            matrix->row_stride};
    size_t stored = hm_doubles_store(&doubles, &column->value, row, count);
    return stored == count ? HM_OK
                           : hm_error_set(error, HM_BAD_DATA, "row %zu, `%s`: %s",
                                     row + stored + 1, column->name,
                                     hm_doubles_fault(column->value.type));
}

static hm_status fill(
        const hm_matrix *matrix, const hm_binding *columns, hm_error *error) {
    for (size_t i = 0; i < matrix->column_count; i++) {
        if (columns[i].value.depth == 0) {
            HM_TRY(fill_single(matrix, &columns[i], i, error));
        }
    }
    for (size_t row = 0; row < matrix->row_count; row += BLOCK) {
        for (size_t i = 0; i < matrix->column_count; i++) {
            if (columns[i].value.depth == 1) {
                HM_TRY(fill_block(matrix, &columns[i], i, row, error));
            }
        }
    }
    return HM_OK;
}

hm_status hm_matrix_fill(const hm_matrix_options *options, const hm_binding *columns,
        size_t column_count, hm_matrix *matrix, hm_error *error) {
    hm_matrix_options known = HM_MATRIX_OPTIONS_INIT;
    if (options != NULL) {
        HM_TRY(hm_sized_read(
                options, &known, sizeof known, "HM_MATRIX_OPTIONS_INIT", error));
    }
    hm_matrix made = {.column_count = column_count};
    HM_TRY(check_columns(columns, column_count, &made.row_count, error));
    HM_TRY(lay_out(&known, &made, error));
    HM_TRY(make_room(&known, &made, error));
    hm_status status = fill(&made, columns, error);
    if (status != HM_OK) {
        hm_matrix_release(&made);
        return status;
    }
    *matrix = made;
    return HM_OK;
}

void hm_matrix_release(hm_matrix *matrix) {
    if (matrix->allocator != NULL) {
        hm_deallocate(matrix->allocator, matrix->data, matrix->size * sizeof(double),
                ALIGNMENT);
    }
    *matrix = (hm_matrix){0};
}
