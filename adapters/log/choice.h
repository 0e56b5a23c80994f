// choice.h — nodes that were named: by name, or by tag.

#ifndef HM_ADAPTERS_LOG_CHOICE_H
#define HM_ADAPTERS_LOG_CHOICE_H

#include <stdbool.h>
#include <stddef.h>

#include <hamilton/adapter.h>

#include "base/arena.h"

typedef struct hm_chosen {
    const char *name; // of a node; NULL if it is a tag
    const char *key;
    const char *value; // of the tag; NULL for any
} hm_chosen;

typedef struct hm_choices {
    hm_arena arena;
    hm_chosen *items;
    size_t count; // 0: all nodes
} hm_choices;

// Copies what was said: `name`, `@key` or `@key=value`. The caller finishes it in any
// case.
hm_status hm_choices_init(hm_choices *choices, const hm_allocator *allocator,
        const char *const *said, size_t count, hm_error *error);
void hm_choices_finish(hm_choices *choices);

// Whether a graph has all nodes, and tags, that were named.
hm_status hm_choices_check(
        const hm_choices *choices, const hm_graph *graph, hm_error *error);

// Whether a planned node is one of them: one of the nodes that it makes.
bool hm_choices_have(
        const hm_choices *choices, const hm_graph *graph, const hm_planned_node *node);

#endif
