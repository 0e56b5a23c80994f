// cached.c — see cached.h.

#include "adapters/cache/cached.h"

#include <stdint.h>

#include "base/allocator.h"
#include "base/canonical.h"
#include "base/error.h"
#include "base/pack.h"

static hm_cached *create(const hm_allocator *allocator) {
    hm_cached *entry = hm_allocate_array(allocator, 1, sizeof *entry);
    if (entry != NULL) {
        entry->allocator = allocator;
        atomic_init(&entry->users, 1);
        hm_arena_init(&entry->arena, allocator);
    }
    return entry;
}

hm_cached *hm_cached_create(const hm_allocator *allocator, size_t length) {
    hm_cached *entry = create(allocator);
    if (entry == NULL) {
        return NULL;
    }
    entry->length = length;
    entry->bytes = hm_allocate(allocator, length, HM_CANONICAL_ALIGNMENT);
    entry->block = (hm_cached_block){.start = entry->bytes, .length = length};
    if (entry->bytes == NULL) {
        hm_cached_leave(entry);
        return NULL;
    }
    return entry;
}

hm_cached *hm_cached_of_block(const hm_allocator *allocator,
        const hm_cached_block *block, const unsigned char *bytes, size_t length) {
    hm_cached *entry = create(allocator);
    if (entry != NULL) {
        entry->block = *block;
        entry->bytes = (unsigned char *)(uintptr_t)bytes; // which nobody writes to
        entry->length = length;
    }
    return entry;
}

hm_status hm_cached_pack(const hm_allocator *allocator, const hm_form *form,
        const hm_value *value, hm_cached **entry, hm_error *error) {
    hm_cached *made = create(allocator);
    if (made == NULL) {
        return hm_error_no_memory(error);
    }
    hm_status status = hm_pack(allocator, value, &made->bytes, &made->length, error);
    made->block = (hm_cached_block){.start = made->bytes, .length = made->length};
    if (status == HM_OK) {
        status = hm_cached_unpack(made, form);
        if (status == HM_BAD_DATA) {
            (void)hm_error_set(error, status,
                    "a `%s` cannot be cached: what is under HM_READS for it, or for "
                    "what it holds, does not read what HM_WRITES wrote",
                    form->type->name);
        } else if (status != HM_OK) {
            (void)hm_error_set(error, status, NULL);
        }
    }
    if (status != HM_OK) {
        hm_cached_leave(made);
        return status;
    }
    *entry = made;
    return HM_OK;
}

static void release(hm_value *value) {
    hm_cached *entry = value->context;
    value->release = NULL;
    hm_cached_leave(entry);
}

hm_status hm_cached_unpack(hm_cached *entry, const hm_form *form) {
    HM_TRY(hm_unpack(form, entry->bytes, entry->length, &entry->arena, &entry->objects,
            &entry->value));
    entry->form = form->hash;
    return HM_OK;
}

hm_value hm_cached_lend(hm_cached *entry) {
    hm_cached_share(entry);
    hm_value value = entry->value;
    value.release = release;
    value.context = entry;
    return value;
}

void hm_cached_share(hm_cached *entry) {
    atomic_fetch_add_explicit(&entry->users, 1, memory_order_relaxed);
}

void hm_cached_leave(hm_cached *entry) {
    // Acquire and release: the last one comes after whatever the others read.
    if (entry == NULL ||
            atomic_fetch_sub_explicit(&entry->users, 1, memory_order_acq_rel) != 1) {
        return;
    }
    const hm_allocator *allocator = entry->allocator;
    hm_objects_finish(&entry->objects);
    hm_arena_finish(&entry->arena);
    const hm_cached_block *block = &entry->block;
    if (block->release != NULL) {
        block->release(block->context, block->start, block->length);
    } else {
        hm_deallocate(allocator, (void *)(uintptr_t)block->start, block->length,
                HM_CANONICAL_ALIGNMENT);
    }
    hm_deallocate_array(allocator, entry, 1, sizeof *entry);
}
