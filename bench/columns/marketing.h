// marketing.h — the example examples/marketing as a person would write it by hand for
// columns and two threads.

#ifndef HM_BENCH_COLUMNS_MARKETING_H
#define HM_BENCH_COLUMNS_MARKETING_H

#include <stddef.h>

#include "bench/columns/crew.h"

typedef struct hm_marketing {
    size_t row_count;
    const double *spend;
    const double *signups;
    double *avg_3wk_spend;
    double *spend_per_signup;
    double *spend_zero_mean;
    double *spend_zero_mean_unit_variance;
    double spend_mean;
    double spend_std_dev;
} hm_marketing;

// The same sums in the same order, so that all bits are the same: what reads a whole
// column is a loop on one thread, two such loops run side by side, and what maps rows
// is split over both threads, or done by the one that would wait for the other.
void hm_marketing_by_hand(hm_crew *crew, hm_marketing *marketing);

// As fast as it can be if sums may be added up in another order: two passes over
// memory, both split over both threads. The deviation comes from the sums of d and d *
// d, d being the distance from the first row. The sums of chunks are added up in the
// order of the chunks, so that the result is the same each time.
void hm_marketing_reassociated(hm_crew *crew, hm_marketing *marketing);

#endif
