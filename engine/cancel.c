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
    *cancel = created;
    return HM_OK;
}

void hm_cancel_destroy(hm_cancel *cancel) {
    if (cancel != NULL) {
        hm_deallocate_array(cancel->allocator, cancel, 1, sizeof *cancel);
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
