// tally.c — see tally.h.

#include "adapters/metrics/tally.h"

#include <stddef.h>
#include <string.h>
#include <uv.h>

#include "base/allocator.h"

// Threads come and go: with a few times as many lanes as run at once, those that do
// hardly share one.
enum {
    LEAST_LANES = 8,
    MOST_LANES = 32,
    LINE = 64,
    PER_LINE = LINE / sizeof(uint64_t)
};

uint32_t hm_tally_lane_count(void) {
    uint32_t processors = uv_available_parallelism();
    uint32_t count = LEAST_LANES;
    while (count < 4 * processors && count < MOST_LANES) {
        count *= 2;
    }
    return count;
}

static size_t size_of(const hm_tally *tally) {
    return (size_t)tally->lane_count * tally->stride * sizeof *tally->counters;
}

bool hm_tally_init(hm_tally *tally, const hm_allocator *allocator, uint32_t lane_count,
        uint32_t counter_count) {
    *tally = (hm_tally){.lane_count = lane_count,
            .stride = (counter_count + PER_LINE - 1) / PER_LINE * PER_LINE};
    tally->counters = hm_allocate(allocator, size_of(tally), LINE);
    for (uint32_t i = 0; tally->counters != NULL && i < lane_count * tally->stride;
            i++) {
        atomic_init(&tally->counters[i], 0);
    }
    return tally->counters != NULL;
}

void hm_tally_finish(hm_tally *tally, const hm_allocator *allocator) {
    hm_deallocate(allocator, tally->counters, size_of(tally), LINE);
}

// Threads are numbered as they come.
static uint32_t this_thread(void) {
    static atomic_uint count;
    static _Thread_local unsigned number;
    if (number == 0) {
        // Relaxed: numbers are only told apart.
        number = 1 + atomic_fetch_add_explicit(&count, 1, memory_order_relaxed);
    }
    return number - 1;
}

_Atomic(uint64_t) *hm_tally_lane(const hm_tally *tally) {
    return &tally->counters[(this_thread() & (tally->lane_count - 1)) * tally->stride];
}

uint64_t hm_tally_sum(const hm_tally *tally, uint32_t counter) {
    uint64_t sum = 0;
    for (uint32_t lane = 0; lane < tally->lane_count; lane++) {
        sum += atomic_load_explicit(
                &tally->counters[lane * tally->stride + counter], memory_order_relaxed);
    }
    return sum;
}
