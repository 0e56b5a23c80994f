// matrix.h — columns of numbers as a matrix of doubles, as linear algebra and machine
// learning want it.
//
//     hm_matrix matrix;
//     if (hm_matrix_fill(NULL, hm_columns_items(columns), hm_columns_count(columns),
//                 &matrix, &error) == HM_OK) {
//         predict(matrix.data, matrix.row_count, matrix.column_count);
//         hm_matrix_release(&matrix);
//     }

#ifndef HAMILTON_MATRIX_H
#define HAMILTON_MATRIX_H

#include <stddef.h>

#include <hamilton/allocator.h>
#include <hamilton/export.h>
#include <hamilton/status.h>
#include <hamilton/value.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum hm_matrix_order {
    HM_MATRIX_ROW_MAJOR,    ///< the elements of a row lie side by side, as in C
    HM_MATRIX_COLUMN_MAJOR, ///< those of a column do, as in Fortran and BLAS
} hm_matrix_order;

typedef struct hm_matrix_options {
    size_t struct_size;
    hm_matrix_order order;

    /// How many doubles lie from the beginning of a row to that of the next, or of a
    /// column in column-major order; 0 means as many as it has elements. BLAS calls it
    /// lda. What lies between is not written.
    size_t leading_dimension;

    /// Room for `capacity` doubles in the caller's memory, or NULL to allocate it.
    double *data;
    size_t capacity;

    const hm_allocator *allocator; ///< Kept. NULL means the default
} hm_matrix_options;

#define HM_MATRIX_OPTIONS_INIT                                                         \
    { .struct_size = sizeof(hm_matrix_options) }

/// The element of a row and column, both from 0, is
/// data[row * row_stride + column * column_stride].
typedef struct hm_matrix {
    double *data;
    size_t row_count;
    size_t column_count;
    size_t row_stride;    ///< in doubles
    size_t column_stride; ///< in doubles

    const hm_allocator *allocator; ///< of data, or NULL if that is the caller's
    size_t size;                   ///< in doubles, of what was allocated
} hm_matrix;

/// Fills a matrix with a column for each binding: arrays of equal length of numbers or
/// bools, which become 0 and 1; or single ones, which are repeated in each row. If all
/// are single, there is one row. options may be NULL. What is missing becomes NaN.
/// float and long double become the nearest double; an integer that no double holds
/// exactly is HM_BAD_DATA, with row (from 1) and name, as is a long double that is too
/// large. What is no number, times included, is HM_TYPE_MISMATCH and an array of arrays
/// HM_SHAPE_MISMATCH, with the name; HM_LENGTH_MISMATCH if arrays are not equally long;
/// HM_BAD_ARGUMENT if there are no columns, or if leading_dimension or capacity is too
/// small, with what is needed. *matrix is untouched on failure, the caller's memory
/// only after HM_BAD_DATA not. Any thread. The caller releases *matrix.
HM_API HM_MUST_CHECK hm_status hm_matrix_fill(const hm_matrix_options *options,
        const hm_binding *columns, size_t column_count, hm_matrix *matrix,
        hm_error *error);

/// Frees what was allocated; afterwards the matrix is empty. Accepts an empty one.
HM_API void hm_matrix_release(hm_matrix *matrix);

#ifdef __cplusplus
}
#endif

#endif
