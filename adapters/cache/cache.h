// cache.h — the adapter's own: what its files share.

#ifndef HM_ADAPTERS_CACHE_CACHE_H
#define HM_ADAPTERS_CACHE_CACHE_H

#include <stdatomic.h>
#include <uv.h>

#include <hamilton/cache.h>

#include "adapters/cache/byte_store.h"
#include "adapters/cache/flights.h"
#include "adapters/cache/store.h"
#include "base/arena.h"

struct hm_cache {
    const hm_allocator *allocator;
    hm_arena arena; // of the rules
    hm_cache_behaviour behaviour;
    hm_cache_rule *rules;
    size_t rule_count;
    uint64_t max_bytes; // as options have them: of a collection of a store of bytes
    uint64_t max_seconds;
    hm_store *store;
    bool is_directory;    // the store
    hm_byte_store *bytes; // likewise, if it is one of bytes; else NULL
    bool only_tells;
    hm_adapter adapter;
    hm_flights flights;

    // Relaxed, as all of these: numbers.
    _Atomic(uint64_t) found;
    _Atomic(uint64_t) computed;
    _Atomic(uint64_t) passed_by;
    _Atomic(uint64_t) loaded;
    _Atomic(uint64_t) troubles;
    _Atomic(uint64_t) missed;
    _Atomic(uint64_t) lost;
    uv_mutex_t lock;
    char trouble[sizeof(((hm_error *)0)->message)]; // protected by lock
};

// The store could not do something; only the first one's words are kept.
void hm_cache_note_trouble(hm_cache *cache, hm_status status, const hm_error *error);

// A store of bytes could not do this; message may be NULL. Any thread.
void hm_cache_note_loss(hm_cache *cache, hm_cache_operation operation, hm_status status,
        const char *message);

void hm_cache_add(_Atomic(uint64_t) *number);

// What is done about a node of this name and these tags, which `said` was said of by
// HM_CACHE, or NULL.
hm_cache_behaviour hm_cache_behaviour_of(const hm_cache *cache, const char *name,
        const hm_tag *tags, uint32_t tag_count, const hm_modifier *said);

#endif
