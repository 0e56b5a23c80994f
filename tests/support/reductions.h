// reductions.h — nodes under HM_REDUCE, and the same computed by hand, chunk by chunk:
//
//     total(x)            fails at 13; also total_share(share(x, total)),
//                         total_number(numbers(count)), an expansion of x, and
//                         total_next(next_number(numbers))
//     limited(x)          the same, and needs room in "db"
//     total_met(meet(x))  calls of meet() wait for each other in pairs
//     spread(x, twice(x), k)
//     largest(next_id(id))
//     ids_there(next_id)  adds up those that are not missing

#ifndef HM_TESTS_SUPPORT_REDUCTIONS_H
#define HM_TESTS_SUPPORT_REDUCTIONS_H

#include <stdatomic.h>
#include <stddef.h>

#include <hamilton/hamilton.h>

#include "tests/support/controlled.h"

enum { HM_REDUCTIONS_CHUNK = 4096, HM_REDUCTIONS_MOST = 100 * 1000 };

typedef struct hm_moments {
    size_t count;
    double sum;
    double squares;
} hm_moments;

typedef struct hm_reductions {
    double x[HM_REDUCTIONS_MOST]; // an order in which it is added up can be told
    atomic_int calls;             // of what makes a total
    atomic_int arrived;           // calls of meet()
    hm_cancel *cancel;            // that they raise, or NULL
} hm_reductions;

extern hm_reductions reductions;
extern const hm_type hm_moments_type;

// As hm_controlled_begin.
void hm_reductions_begin(void);

// What is expected of total and spread.
double hm_reductions_total(const double *values, size_t length);
hm_moments hm_reductions_spread(size_t length, double k);

// A request with so many rows of x and with k = 0.3.
hm_request hm_reductions_request(
        const char *const *wanted, size_t count, hm_binding inputs[2], size_t length);

#endif
