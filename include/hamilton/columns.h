// columns.h — what a run computed as the columns of one table: from here it goes on to
// a data file, to Arrow, to DuckDB, or into a matrix.
//
//     hm_columns *columns;
//     if (hm_columns_create(results, NULL, &columns, &error) == HM_OK) {
//         status = hm_table_write("scores.csv", HM_FORMAT_CSV,
//                 hm_columns_items(columns), hm_columns_count(columns), &error);
//         hm_columns_destroy(columns);
//     }
//
// The arrays among the results are the columns, and equally long. A single value is
// repeated beside them in each row; if there are single values only, they are one row.

#ifndef HAMILTON_COLUMNS_H
#define HAMILTON_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>

#include <hamilton/allocator.h>
#include <hamilton/export.h>
#include <hamilton/results.h>
#include <hamilton/status.h>
#include <hamilton/value.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct hm_columns hm_columns;

typedef struct hm_columns_options {
    size_t struct_size;

    /// Which results, and in which order. NULL means all, as they were asked for.
    const char *const *names;
    size_t name_count;

    /// Results that are not ready, as after a run that failed with keep_going, are left
    /// out. Otherwise they are refused.
    bool passes_over;

    const hm_allocator *allocator; ///< Kept. NULL means the default
} hm_columns_options;

#define HM_COLUMNS_OPTIONS_INIT                                                        \
    { .struct_size = sizeof(hm_columns_options) }

/// Columns over results, which are not copied: only single values that are repeated
/// take memory. options may be NULL. results must outlive the columns, unless these
/// take them over. HM_UNKNOWN_NAME for a name that was not asked for, what
/// hm_results_status() says of one that is not ready, HM_LENGTH_MISMATCH for arrays
/// that are not equally long, with the names; HM_BAD_ARGUMENT if no column is left. Any
/// thread. The caller destroys *columns.
HM_API HM_MUST_CHECK hm_status hm_columns_create(const hm_results *results,
        const hm_columns_options *options, hm_columns **columns, hm_error *error);

/// The results are given: they end together with the columns, and with the values that
/// were moved out of these, whichever is the last. Once, by the owner.
HM_API void hm_columns_take_over(hm_columns *columns, hm_results *results);

HM_API size_t hm_columns_row_count(const hm_columns *columns);
HM_API size_t hm_columns_count(const hm_columns *columns);

/// Names and values, all of depth 1 or more, borrowed until the columns are destroyed.
/// Values may be moved out, as hm_arrow_export_stream() does it with takes_over; they
/// outlive the columns then, and are released on any thread.
HM_API hm_binding *hm_columns_items(hm_columns *columns);

/// Accepts NULL.
HM_API void hm_columns_destroy(hm_columns *columns);

#ifdef __cplusplus
}
#endif

#endif
