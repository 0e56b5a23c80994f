// duck_none.c — see duck.h: DuckDB takes no part.

#include "bench/columns/duck.h"

hm_duck *hm_duck_start(const char *const *names, double *const *columns, size_t count,
        size_t row_count, const char *select) {
    (void)names;
    (void)columns;
    (void)count;
    (void)row_count;
    (void)select;
    return NULL;
}

void hm_duck_end(hm_duck *duck) {
    (void)duck;
}

bool hm_duck_run(void *duck) {
    (void)duck;
    return false;
}

bool hm_duck_read(hm_duck *duck, const char *name, double *column, size_t row_count) {
    (void)duck;
    (void)name;
    (void)column;
    (void)row_count;
    return false;
}
