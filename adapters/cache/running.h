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

#include "adapters/cache/asking.h"
#include "adapters/cache/flights.h"
#include "adapters/cache/planned.h"
#include "base/hash.h"

// A source in a run. Of what no call tells, whoever comes first finds out what it is.
typedef struct hm_cache_known {
    hm_hash hash;
    _Atomic(uint32_t) state; // hm_content_state
} hm_cache_known;

// How far a call is that asks a store of bytes.
typedef enum hm_cache_stage {
    HM_STAGE_NONE,
    HM_STAGE_LOOKED_UP, // its result was asked for
    HM_STAGE_LOADED,    // its values were
    HM_STAGE_MISSED,    // it has to be computed, by this call or another
    HM_STAGE_CLAIMED,   // its claim and its result were asked for
} hm_cache_stage;

// A node in a run. Of the run's beginning, and then of the thread of its call.
typedef struct hm_cache_call {
    hm_hash key;
    bool has_key;
    bool is_found;
    bool is_needed; // while the run begins
    bool has_flight;
    bool has_claim;
    bool has_gaps; // rows failed, and are missing in what was made
    hm_flight flight;
    hm_flight_waiter waiter;

    // With a store of bytes: see waiting.h.
    hm_cache_stage stage;
    hm_asking *asking; // that is under way, or NULL
    uint64_t patience; // nanoseconds, until the store is asked again
    bool is_fetched;   // while the run begins: its values are got
    bool is_note_known;
    hm_cached *note; // of the node, once asked for its claim; or NULL
} hm_cache_call;

// What a store of bytes has of an output that is known.
typedef struct hm_cache_record {
    hm_cached *bytes; // or NULL
    uint32_t at;      // where in them the value begins
    bool is_gone;     // the value was asked for, and is not there
} hm_cache_record;

typedef struct hm_cache_run {
    const hm_cache_plan *plan;
    hm_cache_known *contents; // by source
    hm_cache_call *calls;     // by planned node
    hm_value *values;         // by source: of outputs, on their way into the run
    hm_cache_record *records; // by source, with a store of bytes; else NULL
} hm_cache_run;

// The hooks of a run.
hm_status hm_cache_run_began(void *self, hm_running *running, hm_error *error);
void hm_cache_run_ended(
        void *self, hm_running *running, hm_status status, const char *message);
hm_status hm_cache_before(void *self, hm_call *call, hm_error *error);
hm_status hm_cache_after(void *self, hm_call *call, hm_error *error);
void hm_cache_rows_failed(void *self, hm_running *running, const hm_planned_node *node,
        size_t count, const char *message);

// One key for each output of a node.
hm_hash hm_cache_key_of_output(const hm_hash *key, uint32_t output);

// What the node makes is not known after all.
void hm_cache_forget(hm_cache_run *run, const hm_planned_node *node);

// What it takes is needed.
void hm_cache_need_arguments(hm_cache_run *run, const hm_planned_node *node);

// In before: returns the values of a node whose contents are known. False if one is not
// there, and nothing has happened.
bool hm_cache_give(hm_cache *cache, hm_call *call);

// Contents of sources: contents.c.

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
