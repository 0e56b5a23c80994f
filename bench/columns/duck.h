// duck.h — DuckDB as a peer: columns in a table of its memory, and a query that makes
// another. Builds without DuckDB have duck_none.c in place of duck.c.

#ifndef HM_BENCH_COLUMNS_DUCK_H
#define HM_BENCH_COLUMNS_DUCK_H

#include <stdbool.h>
#include <stddef.h>

typedef struct hm_duck hm_duck;

// On two threads, with a copy of the columns as the table `given`. NULL
// if there is no DuckDB, or after a message.
hm_duck *hm_duck_start(const char *const *names, double *const *columns, size_t count,
        size_t row_count, const char *select);

// Accepts NULL.
void hm_duck_end(hm_duck *duck);

// Makes what `select` selects a table, anew each time; what an hm_system runs.
bool hm_duck_run(void *duck);

// A column of that table; what is NULL is not a number.
bool hm_duck_read(hm_duck *duck, const char *name, double *column, size_t row_count);

#endif
