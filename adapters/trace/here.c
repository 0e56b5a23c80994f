// here.c — which lane a thread writes to.

#include <stdio.h>

#include "adapters/trace/trace.h"

_Thread_local hm_trace_last hm_trace_last_here;

// Threads are told apart by numbers: addresses and identifiers are used again.
static uint64_t this_thread(void) {
    static _Atomic(uint64_t) count;
    static _Thread_local uint64_t number;
    if (number == 0) {
        number = 1 + atomic_fetch_add_explicit(&count, 1, memory_order_relaxed);
    }
    return number;
}

static void name(hm_trace *trace, hm_trace_lane *lane) {
    uint32_t worker = hm_worker_number();
    if (worker != HM_NONE) {
        snprintf(lane->name, sizeof lane->name, "worker %u", (unsigned)worker + 1);
        return;
    }
    uint32_t before =
            atomic_fetch_add_explicit(&trace->caller_count, 1, memory_order_relaxed);
    if (before == 0) {
        snprintf(lane->name, sizeof lane->name, "caller");
    } else {
        snprintf(lane->name, sizeof lane->name, "caller %u", (unsigned)before + 1);
    }
}

static hm_trace_lane *find(hm_trace *trace, uint64_t thread) {
    // Acquire: what the lane was made of.
    hm_trace_lane *lane = atomic_load_explicit(&trace->lanes, memory_order_acquire);
    while (lane != NULL && lane->thread != thread) {
        lane = lane->next;
    }
    return lane;
}

static hm_trace_lane *add(hm_trace *trace, uint64_t thread) {
    hm_trace_lane *lane = hm_trace_lane_create(&trace->memory);
    if (lane == NULL) {
        atomic_fetch_add_explicit(&trace->memory.lost, 1, memory_order_relaxed);
        return NULL;
    }
    lane->thread = thread;
    lane->number =
            1 + atomic_fetch_add_explicit(&trace->lane_count, 1, memory_order_relaxed);
    name(trace, lane);
    lane->next = atomic_load_explicit(&trace->lanes, memory_order_relaxed);
    // Release: others find the lane as it was made.
    while (!atomic_compare_exchange_weak_explicit(&trace->lanes, &lane->next, lane,
            memory_order_release, memory_order_relaxed)) {
    }
    return lane;
}

hm_trace_lane *hm_trace_find_here(hm_trace *trace) {
    uint64_t thread = this_thread();
    hm_trace_lane *lane = find(trace, thread);
    lane = lane != NULL ? lane : add(trace, thread);
    if (lane != NULL) {
        hm_trace_last_here = (hm_trace_last){.trace = trace->number, .lane = lane};
    }
    return lane;
}
