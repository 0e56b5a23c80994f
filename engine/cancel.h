// cancel.h — how steps ask whether their run was cancelled.

#ifndef HM_ENGINE_CANCEL_H
#define HM_ENGINE_CANCEL_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include <hamilton/cancel.h>

struct hm_cancel {
    const hm_allocator *allocator;
    _Atomic(uint32_t) user_count; // who created it, plans, and runs
    // Relaxed: it says nothing of other memory, and a step more or less does not
    // matter.
    _Atomic(bool) is_raised;
};

// What a run without one asks.
extern const hm_cancel hm_cancel_never;

// Somebody asks it besides whoever created it, until hm_cancel_leave. NULL is
// hm_cancel_never.
const hm_cancel *hm_cancel_use(const hm_cancel *cancel);
void hm_cancel_leave(const hm_cancel *cancel);

static inline bool hm_cancel_is_set(const hm_cancel *cancel) {
    return atomic_load_explicit(&cancel->is_raised, memory_order_relaxed);
}

#endif
