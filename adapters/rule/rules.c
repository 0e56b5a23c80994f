// rules.c — see rules.h.

#include "adapters/rule/rules.h"

#include <string.h>

#include "base/allocator.h"
#include "base/error.h"

hm_status hm_rules_init(hm_rules *rules, const hm_allocator *allocator,
        const hm_node_rule *given, size_t count, const char *tag, hm_error *error) {
    *rules = (hm_rules){.allocator = hm_allocator_or_default(allocator), .tag = tag};
    if (count == 0) {
        return HM_OK;
    }
    rules->items = hm_allocate_array(rules->allocator, count, sizeof *rules->items);
    rules->count = rules->items != NULL ? count : 0;
    for (size_t i = 0; i < rules->count; i++) {
        if (given == NULL || given[i].node == NULL) {
            return hm_error_set(error, HM_BAD_ARGUMENT, "rule %zu names no node", i);
        }
        size_t size = strlen(given[i].node) + 1;
        char *name = hm_allocate(rules->allocator, size, 1);
        if (name == NULL) {
            return hm_error_no_memory(error);
        }
        memcpy(name, given[i].node, size);
        rules->items[i] = (hm_node_rule){.node = name, .number = given[i].number};
    }
    return rules->items != NULL ? HM_OK : hm_error_no_memory(error);
}

void hm_rules_finish(hm_rules *rules) {
    for (size_t i = 0; i < rules->count; i++) {
        if (rules->items[i].node != NULL) {
            hm_deallocate(rules->allocator, (void *)(uintptr_t)rules->items[i].node,
                    strlen(rules->items[i].node) + 1, 1);
        }
    }
    if (rules->items != NULL) {
        hm_deallocate_array(
                rules->allocator, rules->items, rules->count, sizeof *rules->items);
    }
    *rules = (hm_rules){0};
}

static bool is_number(const hm_tag *tag) {
    return tag->value_count == 1 && tag->values[0].kind == HM_ARGUMENT_INT &&
           tag->values[0].integer >= 0;
}

hm_status hm_rules_check(
        const hm_rules *rules, const hm_graph *graph, hm_error *error) {
    for (size_t i = 0; i < rules->count; i++) {
        if (hm_graph_find(graph, rules->items[i].node) == HM_NONE) {
            const char *near = hm_graph_nearest(graph, rules->items[i].node);
            return hm_error_set(error, HM_UNKNOWN_NAME,
                    "a rule names `%s`, which is no node%s%s%s", rules->items[i].node,
                    near != NULL ? "; did you mean `" : "", near != NULL ? near : "",
                    near != NULL ? "`?" : "");
        }
    }
    for (uint32_t n = 0; n < hm_graph_node_count(graph); n++) {
        hm_node node = hm_graph_describe(graph, n);
        for (uint32_t t = 0; t < node.tag_count; t++) {
            if (strcmp(node.tags[t].key, rules->tag) == 0 &&
                    !is_number(&node.tags[t])) {
                return hm_error_set(error, HM_BAD_ARGUMENT,
                        "HM_TAG(%s, ...) of node `%s` (line %u) takes one whole number "
                        "that is not negative",
                        rules->tag, node.name, (unsigned)node.line);
            }
        }
    }
    return HM_OK;
}

// A function has a rule if one of the nodes has it that it makes.
static const hm_node_rule *find_rule(
        const hm_rules *rules, const hm_planned_node *node, const hm_graph *graph) {
    for (size_t i = 0; i < rules->count; i++) {
        uint32_t named = hm_graph_find(graph, rules->items[i].node);
        for (size_t o = 0; o < node->function->output_count; o++) {
            if (node->results[o] == named) {
                return &rules->items[i];
            }
        }
    }
    return NULL;
}

uint64_t hm_rules_find(const hm_rules *rules, const hm_planned_node *node,
        const hm_graph *graph, uint64_t times) {
    const hm_node_rule *rule = find_rule(rules, node, graph);
    if (rule != NULL) {
        return rule->number;
    }
    const hm_tag *tag = hm_planned_tag(node, rules->tag);
    uint64_t number;
    if (tag == NULL ||
            __builtin_mul_overflow((uint64_t)tag->values[0].integer, times, &number)) {
        return tag == NULL ? 0 : UINT64_MAX;
    }
    return number;
}

hm_status hm_rules_plan(
        const hm_rules *rules, hm_planned *planned, uint64_t times, hm_error *error) {
    uint64_t *numbers =
            hm_allocate_array(rules->allocator, planned->node_count, sizeof *numbers);
    if (numbers == NULL) {
        return hm_error_no_memory(error);
    }
    for (uint32_t i = 0; i < planned->node_count; i++) {
        numbers[i] = hm_rules_find(rules, &planned->nodes[i], planned->graph, times);
    }
    planned->self = numbers;
    return HM_OK;
}

void hm_rules_plan_ended(const hm_rules *rules, hm_planned *planned) {
    if (planned->self != NULL) {
        hm_deallocate_array(
                rules->allocator, planned->self, planned->node_count, sizeof(uint64_t));
    }
}

uint64_t hm_rules_planned(const hm_call *call) {
    return ((const uint64_t *)call->running->planned->self)[call->node->number];
}
