// planned.h — what the cache knows of a plan before it runs: which of its nodes have
// keys, and what goes into them.
//
// A source is a value of the plan that a node may read: an output of a node, an input,
// or a default. Each has one content in a run.

#ifndef HM_ADAPTERS_CACHE_PLANNED_H
#define HM_ADAPTERS_CACHE_PLANNED_H

#include <stdbool.h>
#include <stdint.h>

#include <hamilton/adapter.h>

#include "adapters/cache/cache.h"
#include "adapters/cache/waves.h"
#include "base/arena.h"
#include "base/content.h"

typedef struct hm_cache_source {
    hm_form form;    // of an output; others are known in a run only
    uint32_t reader; // a planned node that reads it, and by which parameter
    uint32_t parameter;
    bool is_ignored;
} hm_cache_source;

typedef struct hm_cache_node {
    hm_cache_behaviour behaviour;
    const char *why_not;     // why it has no key; NULL if it has one
    hm_hash code;            // of all that makes its key but the arguments
    uint32_t first_output;   // sources[first_output + o]
    uint32_t first_argument; // arguments[first_argument + p]: a source
} hm_cache_node;

typedef struct hm_cache_plan {
    hm_arena arena;
    const hm_planned *planned;
    hm_cache_node *nodes; // by planned node
    hm_cache_source *sources;
    uint32_t source_count;
    uint32_t *arguments;
    uint32_t most_outputs; // of any node
    hm_waves waves;
} hm_cache_plan;

// How the cache wants a node.
hm_want hm_cache_wants(void *self, const hm_graph *graph, const hm_planned_node *node);

// The hooks of a plan.
hm_status hm_cache_plan_compiled(void *self, hm_planned *planned, hm_error *error);
void hm_cache_plan_ended(void *self, hm_planned *planned);

#endif
