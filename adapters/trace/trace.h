// trace.h — a trace and what belongs to it, see <hamilton/trace.h>.

#ifndef HM_ADAPTERS_TRACE_TRACE_H
#define HM_ADAPTERS_TRACE_TRACE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include <hamilton/trace.h>

#include "adapters/clock/ticks.h"
#include "adapters/roll/roll.h"
#include "adapters/trace/lane.h"

// Of a run while it is under way; what is of a node is found by its number.
typedef struct hm_trace_run {
    struct hm_trace_run *next; // in the trace's list of them; protected by its lock
    struct hm_trace_run **link;
    uint64_t number;
    uint64_t begun; // in ticks
    uint32_t lane;  // that it began on
    bool is_inner;  // something that the trace knows was under way there
    _Atomic(bool) has_task;
    uint32_t node_count;
    const char *const *names;
    _Atomic(uint8_t) *decisions; // plus 1; 0 without; behind `begins`
    _Atomic(uint64_t) begins[];  // of nodes that are spread, while they are under way
} hm_trace_run;

enum { HM_TRACE_WAKES = 256 };

struct hm_trace {
    hm_adapter adapter;
    const hm_allocator *allocator;
    uint64_t number; // no other trace of this process has it
    hm_ticks clock;
    hm_trace_memory memory;
    hm_roll names;                  // of nodes: events point at them
    _Atomic(hm_trace_lane *) lanes; // the newest first
    _Atomic(uint32_t) lane_count;
    _Atomic(uint32_t) caller_count; // lanes of threads that are no workers

    // The sleeps that were ended last, each at its number's remainder.
    _Atomic(uint64_t) wakes[HM_TRACE_WAKES];

    uv_mutex_t lock;
    hm_trace_run *runs; // under way; protected by lock
};

// The lane that the calling thread wrote to last, of whichever trace.
typedef struct hm_trace_last {
    uint64_t trace; // its number
    hm_trace_lane *lane;
} hm_trace_last;

extern _Thread_local hm_trace_last hm_trace_last_here;

// Looks for the calling thread's lane, or makes it; NULL if there is no memory.
hm_trace_lane *hm_trace_find_here(hm_trace *trace);

// The calling thread's lane, or NULL if there is no memory for one.
static inline hm_trace_lane *hm_trace_here(hm_trace *trace) {
    return __builtin_expect(hm_trace_last_here.trace == trace->number, true)
                   ? hm_trace_last_here.lane
                   : hm_trace_find_here(trace);
}

#endif
