// series.h — what hm_metrics has: plans, each with its nodes, and the counters of both.
// They are added when plans are compiled, with a lock, and never go before the whole:
// who reads follows the lists without it.

#ifndef HM_ADAPTERS_METRICS_SERIES_H
#define HM_ADAPTERS_METRICS_SERIES_H

#include <stdatomic.h>
#include <stdint.h>
#include <uv.h>

#include <hamilton/metrics.h>

#include "adapters/clock/ticks.h"
#include "adapters/metrics/tally.h"
#include "base/arena.h"
#include "base/names.h"

// Counters of a plan; its histogram's buckets follow.
enum {
    HM_RUNS_OK,
    HM_RUNS_FAILED,
    HM_RUNS_CANCELLED,
    HM_RUNS_LATE,
    HM_RUNS_UNDER_WAY, // goes down, too
    HM_RUN_TICKS,
    HM_RUN_BUCKETS,
};

// Counters of a node; its histogram's buckets follow.
enum {
    HM_CALLS_OK,
    HM_CALLS_RETURNED, // by an adapter
    HM_CALLS_FAILED,
    HM_CALLS_STOPPED,
    HM_CALL_TICKS,
    HM_CALL_ROWS,
    HM_CALL_FAILED_ROWS,
    HM_CALL_RETRIES,
    HM_CALL_SKIPS,                                              // by hm_skip
    HM_CALL_DECISIONS = HM_CALL_SKIPS + HM_SKIP_NOT_NEEDED + 1, // by hm_cache_decision
    HM_CALL_BUCKETS = HM_CALL_DECISIONS + HM_CACHE_PASSED_BY + 1,
};

typedef struct hm_node_series {
    hm_tally tally;
    const char *name;
    uint64_t since;
    struct hm_node_series *_Atomic next; // release, so that who acquires sees the rest
} hm_node_series;

typedef struct hm_plan_series {
    hm_tally tally;
    const char *driver;
    const char *name;
    uint64_t since;
    _Atomic(uint64_t) ended; // when a run did last, in nanoseconds since 1970; or 0
    hm_node_series *_Atomic first;
    struct hm_plan_series *_Atomic next; // as of nodes

    // Protected by the lock of all.
    hm_names nodes;       // numbers in all
    hm_node_series **all; // of the arena
    uint32_t node_count;
} hm_plan_series;

// An adapter for drivers of one name.
typedef struct hm_meter {
    hm_adapter adapter;
    struct hm_metrics *metrics;
    const char *name;
    struct hm_meter *next;
} hm_meter;

struct hm_metrics {
    const hm_allocator *allocator;
    uint32_t plan_limit;
    uint32_t node_limit;
    uint32_t lane_count;
    uint32_t bound_count;
    double bounds[HM_METRICS_MOST_BOUNDS]; // seconds
    hm_plan_series *_Atomic first;

    // Times are counted in ticks. How long these are is measured once, before the first
    // plan is there: sums that grow must never be told smaller than they were.
    hm_ticks clock;
    double nanoseconds;                     // of a tick; 0 until it is known
    uint64_t ticks[HM_METRICS_MOST_BOUNDS]; // of the bounds

    uv_mutex_t lock; // protects what follows, and adding
    hm_arena arena;
    hm_meter *meters;
    hm_plan_series *last;
    uint32_t plan_count;
    uint32_t node_count;
};

// Nanoseconds since 1970.
uint64_t hm_metrics_now(void);

// Finds out how long ticks are, if that is not known. With the lock.
void hm_metrics_measure_ticks(hm_metrics *metrics);

// The series of a plan by its name, and of a node in it; they are added if they are
// new. NULL if memory ran out. With the lock.
hm_plan_series *hm_metrics_plan(
        hm_metrics *metrics, const char *driver, const char *name);
hm_node_series *hm_metrics_node(
        hm_metrics *metrics, hm_plan_series *plan, const char *name);

// The bucket that so many ticks fall into.
static inline uint32_t hm_metrics_bucket(const hm_metrics *metrics, uint64_t ticks) {
    uint32_t bucket = 0;
    while (bucket < metrics->bound_count && ticks > metrics->ticks[bucket]) {
        bucket++;
    }
    return bucket;
}

// Frees all series.
void hm_metrics_finish_series(hm_metrics *metrics);

#endif
