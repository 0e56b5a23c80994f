// cached.h — a value that a store hands out: packed bytes in memory, in a mapped
// file or a database, and what was made of them. Whoever shares it may read it; the
// last to leave frees it, so a store may forget it at any time. Never changes once it
// is unpacked; any thread.

#ifndef HM_ADAPTERS_CACHE_CACHED_H
#define HM_ADAPTERS_CACHE_CACHED_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include <hamilton/allocator.h>
#include <hamilton/status.h>
#include <hamilton/value.h>

#include "base/arena.h"
#include "base/content.h"
#include "base/object.h"

// Memory with packed bytes in it, and how it goes: NULL if it is the allocator's.
typedef struct hm_cached_block {
    const void *start;
    size_t length;
    void (*release)(void *context, const void *start, size_t length);
    void *context;
} hm_cached_block;

typedef struct hm_cached {
    atomic_size_t users;
    const hm_allocator *allocator;
    hm_arena arena;       // what unpacking made
    hm_objects objects;   // that it read
    unsigned char *bytes; // aligned to HM_CANONICAL_ALIGNMENT
    size_t length;
    hm_cached_block block; // that bytes lie in
    hm_hash form;          // of the value; zero before it is unpacked
    hm_value value;        // borrowed from the entry
} hm_cached;

// With room for length bytes, used by the caller alone. NULL if memory ran out.
hm_cached *hm_cached_create(const hm_allocator *allocator, size_t length);

// With bytes in a block, which nobody changes, and the entry then owns; not if it
// returns NULL.
hm_cached *hm_cached_of_block(const hm_allocator *allocator,
        const hm_cached_block *block, const unsigned char *bytes, size_t length);

// An entry of a value's own bytes, unpacked. HM_BAD_DATA if its type does not read what
// it wrote; other errors as of hm_pack.
HM_MUST_CHECK hm_status hm_cached_pack(const hm_allocator *allocator,
        const hm_form *form, const hm_value *value, hm_cached **entry, hm_error *error);

// Makes the value of the bytes, once, before others share the entry. Fails as
// hm_unpack.
HM_MUST_CHECK hm_status hm_cached_unpack(hm_cached *entry, const hm_form *form);

// Its value, which shares the entry until it is released.
hm_value hm_cached_lend(hm_cached *entry);

void hm_cached_share(hm_cached *entry);

// Accepts NULL.
void hm_cached_leave(hm_cached *entry);

#endif
