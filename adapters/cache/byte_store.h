// byte_store.h — a store that is a store of bytes, <hamilton/cache_store.h>. Values and
// notes are put there without anybody waiting for it. What it is asked for may come
// later: hm_asking is that, and running.h goes ways of its own with it, so that of its
// kind only destroy, note, unclaim and count are there.

#ifndef HM_ADAPTERS_CACHE_BYTE_STORE_H
#define HM_ADAPTERS_CACHE_BYTE_STORE_H

#include <stdatomic.h>
#include <stddef.h>
#include <uv.h>

#include <hamilton/cache_store.h>

#include "adapters/cache/store.h"

typedef struct hm_byte_store {
    hm_store store; // the first, so that one is the other
    const hm_allocator *allocator;
    hm_cache *cache;
    hm_cache_store *bytes; // given
    size_t compress_from;
    size_t most_bytes; // of a value; SIZE_MAX: any
    uv_mutex_t lock;   // protects who waits for what is asked, and
    size_t deliveries; // how much is on its way into it
    uv_cond_t settled; // nothing is
    _Atomic(uint64_t) damaged;
    _Atomic(uint64_t) evicted; // by clear and collect
    _Atomic(uint64_t) left;    // bytes, after these
} hm_byte_store;

// Given the bytes, unless it fails. The cache outlives it. HM_BAD_ARGUMENT,
// HM_NO_MEMORY.
HM_MUST_CHECK hm_status hm_byte_store_create(hm_cache *cache, hm_cache_store *bytes,
        size_t compress_from, hm_byte_store **store, hm_error *error);

// Puts what a call made, and that it is the result of this key. Small values lie with
// their results. Errors as of hm_pack; what cannot be put is noted by the cache, some
// time.
HM_MUST_CHECK hm_status hm_byte_store_keep(hm_byte_store *store, const hm_form *form,
        const hm_hash *key, const hm_hash *content, const hm_value *value,
        hm_error *error);

// As those of <hamilton/cache.h>.
void hm_byte_store_settle(hm_byte_store *store);
hm_status hm_byte_store_collect(
        hm_byte_store *store, uint64_t bytes, uint64_t seconds, hm_error *error);
hm_status hm_byte_store_clear(hm_byte_store *store, hm_error *error);
hm_status hm_byte_store_list(
        hm_byte_store *store, hm_cache_visit *visit, void *context, hm_error *error);

#endif
