// provenance.c — how a node came to be: the modifiers that applied to it, and what its
// function's parameters were before they did.

#include <string.h>

#include <hamilton/graph.h>

#include "base/bindings.h"
#include "graph/graph.h"
#include "graph/modifiers/modifier.h"

static const char *const phases[HM_PHASE_COUNT] = {
        [HM_PHASE_CONDITIONS] = "conditions",
        [HM_PHASE_MAKER] = "maker",
        [HM_PHASE_EXPANSION] = "expansion",
        [HM_PHASE_SOURCES] = "inputs",
        [HM_PHASE_INPUTS] = "inputs",
        [HM_PHASE_FIELDS] = "fields",
        [HM_PHASE_CHECKS] = "checks",
        [HM_PHASE_OUTPUTS] = "outputs",
        [HM_PHASE_TARGETS] = "outputs",
        [HM_PHASE_METADATA] = "metadata",
};

static const hm_modifier_rule *rule_of(const hm_modifier *modifier) {
    return hm_modifier_rule_find(modifier->name); // which the graph's check has found
}

// Whether the node is not the function's but stands before or behind it.
static bool is_beside(const hm_graph_node *node) {
    if (node->made_by == NULL) {
        return false;
    }
    hm_phase phase = rule_of(node->made_by)->phase;
    return phase >= HM_PHASE_SOURCES && phase < HM_PHASE_METADATA;
}

bool hm_graph_is_own(const hm_graph *graph, uint32_t node) {
    return graph->nodes[node].call != HM_NONE && !is_beside(&graph->nodes[node]);
}

static bool is_tagged_by(const hm_graph_node *node, const hm_modifier *modifier) {
    for (uint32_t i = 0; i < node->tag_count; i++) {
        if (node->tags[i].values == modifier->arguments + 1) {
            return true;
        }
    }
    return false;
}

static const char *name_in_subdag(const hm_graph_node *node) {
    return node->name + (node->space != NULL ? node->space->path_length : 0);
}

// What stands beside a function is there because of all modifiers up to its own.
static bool had_part(const hm_graph_node *node, const hm_modifier *modifier) {
    const hm_modifier_rule *rule = rule_of(modifier);
    if (rule == &hm_rule_tag) {
        return is_tagged_by(node, modifier);
    }
    if (modifier == node->made_by || modifier == node->expanded_by) {
        return true;
    }
    if (rule->makes_own_nodes ||
            (rule->names_output &&
                    strcmp(modifier->arguments[0].text, name_in_subdag(node)) != 0)) {
        return false;
    }
    if (rule->phase == HM_PHASE_CONDITIONS || rule->phase == HM_PHASE_METADATA) {
        return true;
    }
    return rule->phase <=
           (is_beside(node) ? rule_of(node->made_by)->phase : HM_PHASE_INPUTS);
}

// What modifiers have been found, of which there is room for some.
typedef struct hm_applied_list {
    hm_applied *items;
    size_t room;
    size_t count;
} hm_applied_list;

static void add(hm_applied_list *list, const hm_function *on,
        const hm_modifier *modifier, hm_phase phase) {
    if (list->count < list->room) {
        list->items[list->count] = (hm_applied){modifier, on, phases[phase]};
    }
    list->count++;
}

// Whether it stands on the function, and is not what config stands for.
static bool is_declared(const hm_function *function, const hm_modifier *modifier) {
    for (size_t i = 0; i < function->modifier_count; i++) {
        if (&function->modifiers[i] == modifier) {
            return true;
        }
    }
    return false;
}

// The modifiers that make the subdags which the node is in.
static void add_subdags(hm_applied_list *list, const hm_graph_space *space) {
    if (space == NULL) {
        return;
    }
    add_subdags(list, space->outer); // as deep as subdags stand in each other
    add(list, space->function, space->modifier, HM_PHASE_MAKER);
}

// Of a node behind mutators of its function, these. They are after all that stands on
// the function.
static void add_mutations(
        hm_applied_list *list, const hm_module *module, const hm_graph_node *node) {
    const hm_modifier *last = node->made_by;
    if (last == NULL || rule_of(last) != &hm_rule_mutate) {
        return;
    }
    bool is_before = true;
    for (size_t f = 0; f < module->function_count && is_before; f++) {
        const hm_function *mutator = &module->functions[f];
        for (size_t i = 0; i < mutator->modifier_count && is_before; i++) {
            const hm_modifier *modifier = &mutator->modifiers[i];
            if (rule_of(modifier) == &hm_rule_mutate &&
                    strcmp(modifier->arguments[0].text, node->declared->name) == 0) {
                add(list, mutator, modifier, HM_PHASE_OUTPUTS);
                is_before = modifier != last;
            }
        }
    }
}

size_t hm_graph_applied(
        const hm_graph *graph, uint32_t id, hm_applied *applied, size_t room) {
    const hm_graph_node *node = &graph->nodes[id];
    const hm_function *declared = node->declared;
    const hm_modifier *expanded_by = node->expanded_by;
    hm_applied_list list = {applied, room, 0};
    add_subdags(&list, node->space);
    for (hm_phase phase = 0; phase < HM_PHASE_COUNT && declared != NULL; phase++) {
        for (size_t i = 0; i < declared->modifier_count; i++) {
            const hm_modifier *modifier = &declared->modifiers[i];
            if (rule_of(modifier)->phase == phase && had_part(node, modifier)) {
                add(&list, declared, modifier, phase);
            }
        }
        if (phase == HM_PHASE_OUTPUTS) {
            add_mutations(&list, graph->modules[node->module], node);
        }
        if (expanded_by != NULL && rule_of(expanded_by)->phase == phase &&
                !is_declared(declared, expanded_by)) {
            add(&list, declared, expanded_by, phase);
        }
    }
    return list.count;
}

// The bindings of the modifier by which the node's parameters are bound.
static hm_bindings bindings_of(const hm_graph_node *node) {
    const hm_function *declared = node->declared;
    bool is_bound_by_maker =
            node->made_by != NULL && rule_of(node->made_by)->has_bindings;
    const hm_modifier *binding = is_bound_by_maker ? node->made_by : NULL;
    for (size_t i = 0; i < declared->modifier_count && binding == NULL; i++) {
        const hm_modifier *modifier = &declared->modifiers[i];
        bool binds = rule_of(modifier)->has_bindings && had_part(node, modifier);
        binding = binds ? modifier : NULL;
    }
    hm_bindings bindings = {.parameters = declared->parameters,
            .parameter_count = declared->parameter_count};
    if (binding != NULL) {
        size_t first = rule_of(binding)->first_binding;
        bindings.items = binding->arguments + first;
        bindings.count = binding->argument_count - first;
    }
    return bindings;
}

// How many parameters of the node's function stand for a declared one.
static size_t width_of(const hm_bindings *bindings, uint32_t parameter) {
    for (size_t i = 0; i < bindings->count; i++) {
        const hm_argument *binding = &bindings->items[i];
        if (hm_binding_is_group(binding) &&
                hm_binding_parameter(bindings, binding) == parameter) {
            return binding->argument_count - 1;
        }
    }
    return 1;
}

const hm_parameter *hm_graph_declared_parameter(
        const hm_graph *graph, uint32_t id, uint32_t index) {
    const hm_graph_node *node = &graph->nodes[id];
    if (node->declared == NULL || is_beside(node)) {
        return NULL;
    }
    hm_bindings bindings = bindings_of(node);
    size_t end = 0;
    for (uint32_t p = 0; p < bindings.parameter_count; p++) {
        end += width_of(&bindings, p);
        if (index < end) {
            return &bindings.parameters[p];
        }
    }
    return NULL;
}
