// which.h — which nodes something is about: one by its name, those with a tag, or all.

#ifndef HM_ADAPTERS_RULE_WHICH_H
#define HM_ADAPTERS_RULE_WHICH_H

#include <stdbool.h>

#include <hamilton/adapter.h>

#include "base/arena.h"

typedef struct hm_which {
    const char *node; // or NULL
    const char *tag;  // the key of one, or NULL; all nodes if both are
} hm_which;

// Copies the texts into the arena. False if memory ran out.
bool hm_which_copy(hm_which *which, hm_arena *arena);

// Whether the graph has what is named; `what` names it so, as in "a breakpoint".
HM_MUST_CHECK hm_status hm_which_check(const hm_which *which, const hm_graph *graph,
        const char *what, hm_error *error);

// The same; it is also refused if what is named is an input.
HM_MUST_CHECK hm_status hm_which_check_computed(const hm_which *which,
        const hm_graph *graph, const char *what, hm_error *error);

// Whether it is about a node of the graph.
bool hm_which_has(const hm_which *which, const hm_graph *graph, uint32_t node);

// Whether it is about one of the nodes that a function makes.
bool hm_which_fits(
        const hm_which *which, const hm_graph *graph, const hm_planned_node *node);

#endif
