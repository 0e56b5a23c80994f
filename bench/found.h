// found.h — nodes of 1 KiB each, in a plan with a cache: what benchmarks of caches run.

#ifndef HM_BENCH_FOUND_H
#define HM_BENCH_FOUND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hamilton/cache.h>

#include "bench/compiled.h"

enum { HM_FOUND_NODES = 64, HM_FOUND_BYTES = 1024 };

typedef struct hm_found {
    hm_cache *cache;
    hm_compiled compiled;
    uint64_t computed; // so many nodes, before all are found
} hm_found;

// The first `count` of the nodes, run once, so that all are kept. Given the cache,
// which may be NULL: then, or after another fault, it is false. Of the nodes so many
// were kept before, by another cache.
bool hm_found_init(hm_found *found, hm_cache *cache, size_t count, size_t known);
void hm_found_finish(hm_found *found);

// Runs it: for hm_system.
bool hm_found_run(void *found);

// Whether nothing was computed since; else, after a message, false.
bool hm_found_check(const hm_found *found);

#endif
