// redis_store.h — a store of bytes in a Redis server, and what it is made of.

#ifndef HM_ADAPTERS_REDIS_REDIS_STORE_H
#define HM_ADAPTERS_REDIS_REDIS_STORE_H

#include <hamilton/cache_store.h>

#include "adapters/redis/address.h"
#include "adapters/redis/claims.h"
#include "adapters/redis/client.h"
#include "base/arena.h"

typedef struct hm_redis_store {
    hm_cache_store store; // the first, so that one is the other
    const hm_allocator *allocator;
    hm_arena arena; // of the address
    hm_redis_address address;
    hm_redis_client *client;
    hm_redis_claims claims;
} hm_redis_store;

// As those of hm_cache_store: sweep.c.
hm_status hm_redis_list(void *self, const char *beginning, hm_cache_store_visit *visit,
        void *context, hm_error *error);
hm_status hm_redis_clear(void *self, hm_cache_sweep *sweep, hm_error *error);
hm_status hm_redis_collect(void *self, uint64_t max_bytes, uint64_t max_seconds,
        hm_cache_sweep *sweep, hm_error *error);

#endif
