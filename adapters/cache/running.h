// running.h — the cache in a run. When it begins, contents are handed on from inputs to
// wanted nodes as far as the store knows them, without a value being loaded; what
// somebody needs of what was found is loaded and supplied then, and nothing else above
// it is called. The others are asked for once more when their turn comes, since by then
// all their arguments are there.

#ifndef HM_ADAPTERS_CACHE_RUNNING_H
#define HM_ADAPTERS_CACHE_RUNNING_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include <hamilton/adapter.h>

#include "adapters/cache/flights.h"
#include "adapters/cache/planned.h"
#include "base/hash.h"

// A source in a run. Of what no call tells, whoever comes first finds out what it is.
typedef struct hm_cache_known {
    hm_hash hash;
    _Atomic(uint32_t) state; // hm_content_state
} hm_cache_known;

// A node in a run. Of the run's beginning, and then of the thread of its call.
typedef struct hm_cache_call {
    hm_hash key;
    bool has_key;
    bool is_found;
    bool is_needed; // while the run begins
    bool has_flight;
    bool has_claim;
    hm_flight flight;
    hm_flight_waiter waiter;
} hm_cache_call;

typedef struct hm_cache_run {
    const hm_cache_plan *plan;
    hm_cache_known *contents; // by source
    hm_cache_call *calls;     // by planned node
    hm_value *values;         // by source: of outputs, on their way into the run
} hm_cache_run;

// The hooks of a run.
hm_status hm_cache_run_began(void *self, hm_running *running, hm_error *error);
void hm_cache_run_ended(
        void *self, hm_running *running, hm_status status, const char *message);
hm_status hm_cache_before(void *self, hm_call *call, hm_error *error);
hm_status hm_cache_after(void *self, hm_call *call, hm_error *error);

// Contents of sources: content.

// What a source is now, if it is known.
bool hm_cache_content_get(const hm_cache_run *run, uint32_t source, hm_hash *content);

// What a node made, or what it is known to make: nobody else writes it meanwhile, and
// nobody reads it.
void hm_cache_content_put(hm_cache_run *run, uint32_t source, const hm_hash *content);
void hm_cache_content_forget(hm_cache_run *run, uint32_t source);

// The key of a node. Arguments that are inputs or defaults are looked at, and all
// others if they are there. False if it is not known what one is.
bool hm_cache_key(hm_cache *cache, hm_cache_run *run, const hm_running *running,
        uint32_t node, bool are_there, hm_hash *key);

#endif
