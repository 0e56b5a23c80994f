// columns.h — the cases of bench_columns, and what they share.

#ifndef HM_BENCH_COLUMNS_COLUMNS_H
#define HM_BENCH_COLUMNS_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hamilton/driver.h>

#include "bench/compiled.h"
#include "bench/program.h"

enum { HM_COLUMNS_THREADS = 2 };

// Each measures one case and says whether all systems computed the same, after a
// message if not.
bool hm_columns_marketing(bool is_quick);
bool hm_columns_features(bool is_quick);
bool hm_columns_checked(bool is_quick);
bool hm_columns_expensive(bool is_quick);
bool hm_columns_expand_work(bool is_quick);
bool hm_columns_expand_nothing(bool is_quick);
bool hm_columns_expand_in_rows(bool is_quick);
bool hm_columns_one_row(bool is_quick);
bool hm_columns_pipe(bool is_quick);

// The peak of the memory that features take. A process of its own measures it, so that
// it comes first: what else is measured must not have been there.
bool hm_columns_features_memory(bool is_quick);

// A driver of one module for so many threads, and a plan and a run of the request.
// False after a message.
bool hm_columns_compile(hm_compiled *compiled, const hm_module *module,
        const hm_request *request, uint32_t thread_count);

// A line of the report that says what a comparison, or a system, must reach.
void hm_columns_print_bar(
        const char *name, const char *what, double bar, const char *unit);

// A column of a case; NULL, after a message, if memory ran out. To be freed. It has
// been written to: all of its memory is there.
double *hm_columns_make(size_t row_count);

// For a column of inputs: numbers from 0 to 1, the same for the same seed.
double *hm_columns_random(size_t row_count, uint32_t seed);

// Whether columns have the same bits, or are within 1e-12 of the largest value of the
// column. Says which row is not.
bool hm_columns_same(const char *name, const double *actual, const double *expected,
        size_t row_count);
bool hm_columns_near(const char *name, const double *actual, const double *expected,
        size_t row_count);

// The array of a run.
double *hm_columns_of_run(hm_compiled *compiled, const char *name);

// Files of columns, for peers that are other processes: NAME.in and NAME.out.
bool hm_columns_write(const hm_workplace *workplace, const char *name,
        const double *column, size_t row_count);
bool hm_columns_read(const hm_workplace *workplace, const char *name, double *column,
        size_t row_count);

#endif
