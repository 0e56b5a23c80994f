// stop.c — see stop.h.

#include "engine/stop.h"

#include <stdatomic.h>
#include <uv.h>

#include <hamilton/node.h>

#include "engine/cancel.h"
#include "engine/run.h"

static _Thread_local hm_run *current;

hm_run **hm_stop_place(void) {
    return &current;
}

void hm_stop_run(hm_run *run, hm_stop reason) {
    uint32_t none = HM_STOP_NOT;
    // Relaxed: the locks of limits order it with what waits in them.
    atomic_compare_exchange_strong_explicit(
            &run->stop, &none, reason, memory_order_relaxed, memory_order_relaxed);
    for (uint32_t g = 0; g < run->plan->guard_count; g++) {
        hm_guard_withdraw(&run->guards[g]);
    }
}

bool hm_stop_is_due(hm_run *run) {
    if (atomic_load_explicit(&run->stop, memory_order_relaxed) != HM_STOP_NOT) {
        return true;
    }
    if (hm_cancel_is_set(run->cancel)) {
        hm_stop_run(run, HM_STOP_CANCELLED);
        return true;
    }
    if (run->deadline != 0 && uv_hrtime() >= run->deadline) {
        hm_stop_run(run, HM_STOP_LATE);
        return true;
    }
    return false;
}

static _Thread_local uint64_t limit;

uint64_t hm_stop_set_limit(uint64_t time) {
    uint64_t before = limit;
    limit = time;
    return before;
}

static _Thread_local bool was_told;

bool hm_stop_was_told(void) {
    return was_told;
}

void hm_stop_forget_told(void) {
    was_told = false;
}

bool hm_should_stop(void) {
    bool is_due = current != NULL && hm_stop_is_due(current);
    is_due |= limit != 0 && uv_hrtime() >= limit;
    was_told |= is_due;
    return is_due;
}
