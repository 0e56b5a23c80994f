// cancel.h — how steps ask whether their run was cancelled.

#ifndef HM_ENGINE_CANCEL_H
#define HM_ENGINE_CANCEL_H

#include <stdatomic.h>
#include <stdbool.h>

#include <hamilton/cancel.h>

struct hm_cancel {
    const hm_allocator *allocator;
    // Relaxed: it says nothing of other memory, and a step more or less does not
    // matter.
    _Atomic(bool) is_raised;
};

// What a run without one asks.
extern const hm_cancel hm_cancel_never;

// Whether what a run asks was raised. Its owner may set another meanwhile.
static inline bool hm_cancel_is_set(const _Atomic(const hm_cancel *) *asked) {
    // Acquire: as it was when the run got it.
    const hm_cancel *cancel = atomic_load_explicit(asked, memory_order_acquire);
    return atomic_load_explicit(&cancel->is_raised, memory_order_relaxed);
}

#endif
