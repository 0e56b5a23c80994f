// run_cache.h — what a cache decided of the nodes of a run, or would.

#ifndef HM_CLI_RUN_CACHE_H
#define HM_CLI_RUN_CACHE_H

#include <stddef.h>

#include <hamilton/adapter.h>

#include "cli/run_adapters.h"

// What was decided of a node, in the order of the plan's.
typedef struct hm_cache_told {
    const char *name; // the graph's; NULL if nothing was
    hm_cache_decision decision;
    char why[256];
} hm_cache_told;

// Of the last run. NULL without --cache; as long as the adapters live.
const hm_cache_told *hm_run_cache_told(const hm_run_adapters *adapters, size_t *count);

// "found", "computed", "not cached".
const char *hm_run_cache_word(hm_cache_decision decision);

#endif
