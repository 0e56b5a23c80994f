// sieve.h — a map from hashes to contents and entries that keeps to a number of bytes.
// What is looked up stays longer than what is not: SIEVE (Zhang, Yang, Yue, Vigfusson,
// Rashmi: SIEVE is Simpler than LRU, NSDI 2024), for which a look-up sets one bit and
// moves nothing. The map is cut into shards with a lock each. Any thread.

#ifndef HM_ADAPTERS_CACHE_SIEVE_H
#define HM_ADAPTERS_CACHE_SIEVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hamilton/allocator.h>
#include <hamilton/status.h>

#include "adapters/cache/cached.h"
#include "base/hash.h"

typedef struct hm_sieve hm_sieve;

// What is found by a hash: another hash, or an entry.
typedef struct hm_sieve_thing {
    hm_hash content;
    hm_cached *entry; // or NULL
} hm_sieve_thing;

// NULL if memory ran out. limit is in bytes.
hm_sieve *hm_sieve_create(const hm_allocator *allocator, size_t limit);
void hm_sieve_destroy(hm_sieve *sieve);

// Shares the entry with the caller.
bool hm_sieve_find(hm_sieve *sieve, const hm_hash *name, hm_sieve_thing *thing);

// In place of what had the name. Shares the entry. The oldest that nobody looked up
// make room; what is larger than all there is is left out. HM_NO_MEMORY.
HM_MUST_CHECK hm_status hm_sieve_put(
        hm_sieve *sieve, const hm_hash *name, const hm_sieve_thing *thing);

void hm_sieve_remove(hm_sieve *sieve, const hm_hash *name);
void hm_sieve_clear(hm_sieve *sieve);

typedef struct hm_sieve_counts {
    size_t bytes; // of what is in it; entries that others still share are not
    size_t entries;
    uint64_t evicted;
} hm_sieve_counts;

hm_sieve_counts hm_sieve_count(hm_sieve *sieve);

#endif
