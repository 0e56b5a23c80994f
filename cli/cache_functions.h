// cache_functions.h — the component that caches.

#ifndef HM_CLI_CACHE_FUNCTIONS_H
#define HM_CLI_CACHE_FUNCTIONS_H

#include <hamilton/cache.h>
#include <hamilton/status.h>

#include "cli/session.h"

// What it has, by the names of <hamilton/cache.h>.
typedef struct hm_cache_functions {
    hm_status (*create)(
            const hm_cache_options *options, hm_cache **cache, hm_error *error);
    void (*destroy)(hm_cache *cache);
    const hm_adapter *(*adapter)(const hm_cache *cache);
    void (*count)(const hm_cache *cache, hm_cache_statistics *statistics);
    const char *(*trouble)(const hm_cache *cache);
    void (*settle)(hm_cache *cache);
    hm_status (*collect)(hm_cache *cache, hm_error *error);
    hm_status (*clear)(hm_cache *cache, hm_error *error);
    hm_status (*list)(
            hm_cache *cache, hm_cache_visit *visit, void *context, hm_error *error);
} hm_cache_functions;

// Loads it.
hm_status hm_cache_functions_load(
        hm_session *session, const hm_cache_functions **functions);

#endif
