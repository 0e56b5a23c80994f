// asking.h — things that are asked of a store of bytes together, and their answers. Who
// asked waits for all of them on its thread, or holds its call and no thread waits.
//
//     hm_asking *asking = hm_asking_create(store, 2);
//     hm_asking_want(asking, HM_CACHE_CLAIM, HM_RECORD_RESULTS, &key);
//     hm_asking_want(asking, HM_CACHE_GET, HM_RECORD_RESULTS, &key);
//     hm_asking_begin(asking);
//     hm_asking_wait(asking);
//     ... hm_asking_take(asking, 1) ...
//     hm_asking_end(asking);

#ifndef HM_ADAPTERS_CACHE_ASKING_H
#define HM_ADAPTERS_CACHE_ASKING_H

#include <stdbool.h>
#include <stddef.h>

#include <hamilton/adapter.h>
#include <hamilton/cache_store.h>

#include "adapters/cache/byte_store.h"
#include "adapters/cache/cached.h"
#include "base/hash.h"

typedef struct hm_asking hm_asking;

// For at most so many things. NULL if memory ran out.
hm_asking *hm_asking_create(hm_byte_store *store, size_t most);

// One more thing, to be told by its number, which count up from 0.
void hm_asking_want(hm_asking *asking, hm_cache_operation operation,
        const char *beginning, const hm_hash *hash);
void hm_asking_want_note(hm_asking *asking, const char *node); // at most one of them

// How many there are. Without any there is nothing to begin.
size_t hm_asking_count(const hm_asking *asking);

// Asks. Before, hm_asking_end frees it; after it, nothing more is wanted.
void hm_asking_begin(hm_asking *asking);

// Until all is answered. Also of one that has not begun.
void hm_asking_wait(hm_asking *asking);

typedef enum hm_asked {
    HM_ASKED_ANSWERED,
    HM_ASKED_HELD,    // the call, until all is answered: its hook is called again then
    HM_ASKED_STOPPED, // so is the run
} hm_asked;

// Of a call, in its `before`.
hm_asked hm_asking_hold(hm_asking *asking, hm_call *call);

// Once answered: the bytes of a get, which are the caller's to leave, or NULL; whether
// something was claimed; whether the store did what it was asked for.
hm_cached *hm_asking_take(hm_asking *asking, size_t which);
bool hm_asking_has_claimed(const hm_asking *asking, size_t which);
bool hm_asking_was_served(const hm_asking *asking, size_t which);

// Accepts NULL, and one that is not answered yet: then nobody hears of it any more, and
// what it claims is given back.
void hm_asking_end(hm_asking *asking);

#endif
