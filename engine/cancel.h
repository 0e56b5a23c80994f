// cancel.h — how steps ask whether their run was cancelled.

#ifndef HM_ENGINE_CANCEL_H
#define HM_ENGINE_CANCEL_H

#include <stdatomic.h>

#include <hamilton/cancel.h>

struct hm_cancel {
    const hm_allocator *allocator;
    // Relaxed: it says nothing of other memory, and a step more or less does not
    // matter.
    _Atomic(bool) is_raised;
};

// What a run without one asks.
extern const hm_cancel hm_cancel_never;

#endif
