// cached_runs.h — a small dataflow of doubles whose calls are counted, run with a
// cache:
//
//     cost ─▶ base ─▶ rounded ─▶ price      price = rounded + tax
//                       tax ──────▶
//
//     hm_cached_runs runs;
//     hm_cached_make_module();
//     hm_cached_runs_init(&runs, NULL, NULL);
//     ck_assert_double_eq(hm_cached_runs_execute(&runs, "price", 4.25), 14);
//     ck_assert_str_eq(runs.decisions, "...");

#ifndef HM_TESTS_SUPPORT_CACHED_RUNS_H
#define HM_TESTS_SUPPORT_CACHED_RUNS_H

#include <stdatomic.h>

#include <hamilton/cache.h>
#include <hamilton/hamilton.h>

#include "tests/support/module_builder.h"

typedef struct hm_cached_runs {
    hm_cache *cache;
    hm_adapter listener;
    char decisions[4096]; // of the last run: "price=found base=computed (why) "
    uint32_t thread_count;
    bool listens_behind; // the cache, in the order of adapters, not before it
} hm_cached_runs;

// The module, which a test may change between runs: functions by name.
extern hm_module_builder hm_cached_module;
hm_function *hm_cached_function(const char *name);

// How often functions were called, in all processes, since the module was made.
typedef struct hm_cached_calls {
    atomic_int base;
    atomic_int rounded;
    atomic_int tax;
    atomic_int price;
} hm_cached_calls;

extern hm_cached_calls *hm_cached_calls_made;

void hm_cached_make_module(void);

// With a cache in this folder, or in memory if it is NULL.
void hm_cached_runs_init(
        hm_cached_runs *runs, const char *directory, const hm_cache_options *options);
void hm_cached_runs_finish(hm_cached_runs *runs);

// Runs the dataflow, with a driver of its own, for one name.
double hm_cached_runs_execute(hm_cached_runs *runs, const char *wanted, double cost);

hm_cache_statistics hm_cached_runs_count(const hm_cached_runs *runs);

#endif
