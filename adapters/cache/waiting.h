// waiting.h — a run with a store of bytes, whose answers may come later. When the run
// begins it is asked wave by wave, and then for all values that are needed, so that as
// much as can be is under way at a time. A call that has to be looked up, or claimed,
// is held meanwhile, and no thread waits:
//
//     look up ─▶ found ────────────────────────▶ load ─▶ returned
//        │                                         ▲
//        └─▶ missed ─▶ claim and look up ─▶ found ─┘
//              ▲             ├─▶ claimed: computed
//              └── a while ──┘ or by another process

#ifndef HM_ADAPTERS_CACHE_WAITING_H
#define HM_ADAPTERS_CACHE_WAITING_H

#include <stdbool.h>

#include <hamilton/adapter.h>

#include "adapters/cache/cache.h"
#include "adapters/cache/running.h"

// What a run has for it, if the cache has such a store. False if memory ran out.
bool hm_waiting_init(const hm_cache *cache, hm_cache_run *run);
void hm_waiting_finish(const hm_cache *cache, hm_cache_run *run);

// In run_began: finds out what is known without calling anything, and then gets the
// values of which somebody needs them.
void hm_waiting_hand_on(hm_cache *cache, hm_running *running);
void hm_waiting_fetch(hm_cache *cache, hm_running *running);

// The value of an output that was got; NULL if there is none, or it is damaged.
// HM_NO_MEMORY.
HM_MUST_CHECK hm_status hm_waiting_open(hm_cache *cache, hm_cache_run *run,
        uint32_t source, const hm_hash *content, hm_cached **entry);

// In before, of a node with a key: returns its results, or holds the call, or lets it
// be computed.
void hm_waiting_before(hm_cache *cache, hm_call *call);

// What was noted of the node, which is the caller's; NULL if nothing was. False if that
// is not known. A cache that only tells asks for it.
bool hm_waiting_noted(hm_cache *cache, hm_cache_run *run, const hm_planned_node *node,
        hm_cached **note);

// After a call.
void hm_waiting_leave(hm_cache_call *call);

#endif
