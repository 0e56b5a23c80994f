// store.h — where results are kept: one interface for all kinds. A store knows three
// things: what a key's result is (a content), what value a content is, and what was
// last noted under a name. Each may be forgotten at any time, independently of the
// others; none is ever wrong. Any thread, but for destroy.
//
// A store that cannot do what it is asked for says why by HM_IO, or HM_NO_MEMORY; its
// callers then do without.

#ifndef HM_ADAPTERS_CACHE_STORE_H
#define HM_ADAPTERS_CACHE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hamilton/cache.h>
#include <hamilton/status.h>
#include <hamilton/value.h>

#include "adapters/cache/cached.h"
#include "base/content.h"
#include "base/hash.h"

typedef struct hm_store hm_store;

typedef struct hm_store_kind {
    void (*destroy)(hm_store *store);

    // The content of a key's result, if it is known.
    hm_status (*recall)(hm_store *store, const hm_hash *key, hm_hash *content,
            bool *is_known, hm_error *error);
    hm_status (*remember)(hm_store *store, const hm_hash *key, const hm_hash *content,
            hm_error *error);

    // The value of a content, of this form; NULL if it is not there, or damaged. The
    // caller leaves the entry.
    hm_status (*load)(hm_store *store, const hm_form *form, const hm_hash *content,
            hm_cached **entry, hm_error *error);
    hm_status (*keep)(hm_store *store, const hm_form *form, const hm_hash *content,
            const hm_value *value, hm_error *error);

    // Bytes under a name; *entry is NULL if there are none.
    hm_status (*note)(hm_store *store, const char *name, const void *bytes,
            size_t length, hm_error *error);
    hm_status (*noted)(
            hm_store *store, const char *name, hm_cached **entry, hm_error *error);

    // Of all processes that share the store one at a time has claimed a key. NULL if no
    // other process can share it.
    bool (*claim)(hm_store *store, const hm_hash *key);
    void (*unclaim)(hm_store *store, const hm_hash *key);

    void (*count)(hm_store *store, hm_cache_statistics *statistics);
} hm_store_kind;

// The beginning of every store.
struct hm_store {
    const hm_store_kind *kind;
};

// In memory, with at most limit bytes. HM_NO_MEMORY.
HM_MUST_CHECK hm_status hm_memory_store_create(
        const hm_allocator *allocator, size_t limit, hm_store **store);

// Of a store that was created so. What others have loaded stays theirs.
void hm_memory_store_clear(hm_store *store);

#endif
