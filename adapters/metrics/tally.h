// tally.h — counters that any thread adds to and none waits for: each thread has a lane
// of them, which it shares with few others, and who reads adds up the lanes.

#ifndef HM_ADAPTERS_METRICS_TALLY_H
#define HM_ADAPTERS_METRICS_TALLY_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include <hamilton/allocator.h>

typedef struct hm_tally {
    _Atomic(uint64_t) *counters; // lane after lane
    uint32_t lane_count;         // a power of two
    uint32_t stride;             // counters of a lane, in whole cache lines
} hm_tally;

// How many lanes are enough for as many threads as this machine runs at once.
uint32_t hm_tally_lane_count(void);

// All are 0. False if memory ran out.
bool hm_tally_init(hm_tally *tally, const hm_allocator *allocator, uint32_t lane_count,
        uint32_t counter_count);

// Accepts a zeroed tally.
void hm_tally_finish(hm_tally *tally, const hm_allocator *allocator);

// The counters of this thread.
_Atomic(uint64_t) *hm_tally_lane(const hm_tally *tally);

// Adds to a counter of a lane.
static inline void hm_tally_add(
        _Atomic(uint64_t) *lane, uint32_t counter, uint64_t count) {
    // Relaxed: a counter says nothing about anything else.
    atomic_fetch_add_explicit(&lane[counter], count, memory_order_relaxed);
}

uint64_t hm_tally_sum(const hm_tally *tally, uint32_t counter);

#endif
