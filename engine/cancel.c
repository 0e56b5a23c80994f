// cancel.c — see cancel.h.

#include "engine/cancel.h"

#include "base/allocator.h"

const hm_cancel hm_cancel_never;

hm_status hm_cancel_create(const hm_allocator *allocator, hm_cancel **cancel) {
    allocator = hm_allocator_or_default(allocator);
    hm_cancel *created = hm_allocate_array(allocator, 1, sizeof *created);
    if (created == NULL) {
        return HM_NO_MEMORY;
    }
    created->allocator = allocator;
    atomic_init(&created->user_count, 1);
    *cancel = created;
    return HM_OK;
}

const hm_cancel *hm_cancel_use(const hm_cancel *cancel) {
    if (cancel == NULL || cancel == &hm_cancel_never) {
        return &hm_cancel_never;
    }
    hm_cancel *used = (hm_cancel *)(uintptr_t)cancel; // counting does not change it
    // Relaxed: whoever has it can give it to others.
    atomic_fetch_add_explicit(&used->user_count, 1, memory_order_relaxed);
    return cancel;
}

void hm_cancel_leave(const hm_cancel *cancel) {
    hm_cancel *left = (hm_cancel *)(uintptr_t)cancel;
    // Acquire and release: the last one comes after whatever the others asked it.
    if (cancel != &hm_cancel_never && atomic_fetch_sub_explicit(&left->user_count, 1,
                                              memory_order_acq_rel) == 1) {
        hm_deallocate_array(left->allocator, left, 1, sizeof *left);
    }
}

void hm_cancel_destroy(hm_cancel *cancel) {
    if (cancel != NULL) {
        hm_cancel_leave(cancel);
    }
}

void hm_cancel_raise(hm_cancel *cancel) {
    atomic_store_explicit(&cancel->is_raised, true, memory_order_relaxed);
}

void hm_cancel_clear(hm_cancel *cancel) {
    atomic_store_explicit(&cancel->is_raised, false, memory_order_relaxed);
}

bool hm_cancel_is_raised(const hm_cancel *cancel) {
    return atomic_load_explicit(&cancel->is_raised, memory_order_relaxed);
}
