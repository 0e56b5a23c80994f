// source.c — see source.h.

#include "adapters/arrow/source.h"

#include <string.h>

#include "base/allocator.h"

hm_arrow_source *hm_arrow_source_create(const hm_allocator *allocator) {
    hm_arrow_source *source = hm_allocate_array(allocator, 1, sizeof *source);
    if (source != NULL) {
        source->allocator = allocator;
        atomic_init(&source->users, 1);
    }
    return source;
}

struct ArrowArray *hm_arrow_source_room(hm_arrow_source *source) {
    if (source->count == source->capacity) {
        size_t capacity = source->capacity > 0 ? source->capacity * 2 : 1;
        struct ArrowArray *batches =
                hm_allocate_array(source->allocator, capacity, sizeof *batches);
        if (batches == NULL) {
            return NULL;
        }
        if (source->count > 0) {
            memcpy(batches, source->batches, source->count * sizeof *batches);
        }
        hm_deallocate_array(
                source->allocator, source->batches, source->capacity, sizeof *batches);
        source->batches = batches;
        source->capacity = capacity;
    }
    return &source->batches[source->count];
}

void hm_arrow_source_share(hm_arrow_source *source) {
    atomic_fetch_add_explicit(&source->users, 1, memory_order_relaxed);
}

void hm_arrow_source_leave(hm_arrow_source *source) {
    // Acquire and release: the last one comes after whatever the others did with it.
    if (atomic_fetch_sub_explicit(&source->users, 1, memory_order_acq_rel) > 1) {
        return;
    }
    for (size_t i = 0; i < source->count; i++) {
        source->batches[i].release(&source->batches[i]);
    }
    hm_deallocate_array(source->allocator, source->batches, source->capacity,
            sizeof *source->batches);
    hm_deallocate_array(source->allocator, source, 1, sizeof *source);
}
