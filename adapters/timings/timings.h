// timings.h — what is added up of nodes and runs, see <hamilton/timings.h>.

#ifndef HM_ADAPTERS_TIMINGS_TIMINGS_H
#define HM_ADAPTERS_TIMINGS_TIMINGS_H

#include <stdatomic.h>
#include <stdint.h>

#include <hamilton/timings.h>

#include "adapters/clock/ticks.h"
#include "adapters/roll/roll.h"

// Relaxed, all: they only count.
typedef struct hm_timed {
    hm_rolled rolled;
    _Atomic(uint64_t) call_count;
    _Atomic(uint64_t) row_count;
    _Atomic(uint64_t) ticks;
    _Atomic(uint32_t) state; // hm_timing_state
} hm_timed;

struct hm_timings {
    hm_adapter adapter;
    const hm_allocator *allocator;
    hm_ticks clock;
    hm_roll nodes; // of hm_timed
    _Atomic(uint64_t) run_count;
    _Atomic(uint64_t) run_ticks;
};

#endif
