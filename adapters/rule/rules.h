// rules.h — numbers for nodes, of which an adapter is told by name or by tag.

#ifndef HM_ADAPTERS_RULE_RULES_H
#define HM_ADAPTERS_RULE_RULES_H

#include <stddef.h>
#include <stdint.h>

#include <hamilton/adapter.h>
#include <hamilton/retry.h>

typedef struct hm_rules {
    const hm_allocator *allocator;
    hm_node_rule *items; // their names are copies
    size_t count;
    const char *tag; // the key of the tag that has a number; static
} hm_rules;

// Copies the rules. allocator may be NULL.
hm_status hm_rules_init(hm_rules *rules, const hm_allocator *allocator,
        const hm_node_rule *given, size_t count, const char *tag, hm_error *error);

// Accepts a zeroed struct.
void hm_rules_finish(hm_rules *rules);

// Whether the graph has the nodes that rules name, and tags of the key have a number.
hm_status hm_rules_check(const hm_rules *rules, const hm_graph *graph, hm_error *error);

// What is said of a node by the name of one that its function makes, else so many times
// what its tag says, or 0.
uint64_t hm_rules_find(const hm_rules *rules, const hm_planned_node *node,
        const hm_graph *graph, uint64_t times);

// Of a plan all of that at once, so that calls need not look: planned->self becomes an
// array by the number of the node, until the plan ends.
HM_MUST_CHECK hm_status hm_rules_plan(
        const hm_rules *rules, hm_planned *planned, uint64_t times, hm_error *error);
void hm_rules_plan_ended(const hm_rules *rules, hm_planned *planned);
uint64_t hm_rules_planned(const hm_call *call);

#endif
