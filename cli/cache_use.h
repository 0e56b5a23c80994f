// cache_use.h — --cache and its kin: a cache for the runs of a dataflow.

#ifndef HM_CLI_CACHE_USE_H
#define HM_CLI_CACHE_USE_H

#include <hamilton/cache.h>

#include "cli/session.h"

typedef struct hm_cache_use hm_cache_use;

// The cache that the options ask for, or NULL if they ask for none. Its memory but for
// the cache is the session's.
hm_status hm_cache_use_create(hm_session *session, hm_cache_use **use);

// Accepts NULL. After the driver that has its adapters.
void hm_cache_use_destroy(hm_cache_use *use);

// Adds its adapters behind the `count` that there are, and returns how many there are
// then: at most HM_CACHE_USE_ADAPTERS more. Accepts NULL.
enum { HM_CACHE_USE_ADAPTERS = 2 };
size_t hm_cache_use_adapters(
        hm_cache_use *use, const hm_adapter **adapters, size_t count);

// Tells, after a run, what was found and why not, if that was asked for, and what
// trouble there was. Accepts NULL.
void hm_cache_use_tell(hm_session *session, hm_cache_use *use);

#endif
