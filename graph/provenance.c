// provenance.c — how a node came to be: the modifiers that applied to it, and what its
// function's parameters were before they did.

#include <string.h>

#include <hamilton/graph.h>

#include "base/bindings.h"
#include "graph/graph.h"
#include "graph/modifiers/modifier.h"

static const char *const phases[HM_PHASE_COUNT] = {
        [HM_PHASE_RESOLVE] = "config",
        [HM_PHASE_CONDITIONS] = "conditions",
        [HM_PHASE_MAKER] = "maker",
        [HM_PHASE_INPUTS] = "inputs",
        [HM_PHASE_EXPANSION] = "expansion",
        [HM_PHASE_OUTPUTS] = "outputs",
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
    return phase == HM_PHASE_INPUTS || phase == HM_PHASE_OUTPUTS;
}

static bool had_part(const hm_graph_node *node, const hm_modifier *modifier) {
    const hm_modifier_rule *rule = rule_of(modifier);
    if (modifier == node->made_by) {
        return true;
    }
    if (rule->makes_own_nodes ||
            (rule->names_output &&
                    strcmp(modifier->arguments[0].text, node->name) != 0)) {
        return false;
    }
    if (rule->phase <= HM_PHASE_CONDITIONS || rule->phase == HM_PHASE_METADATA) {
        return true;
    }
    return is_beside(node) ? rule->phase == rule_of(node->made_by)->phase
                           : rule->phase < HM_PHASE_OUTPUTS;
}

size_t hm_graph_applied(
        const hm_graph *graph, uint32_t id, hm_applied *applied, size_t room) {
    const hm_graph_node *node = &graph->nodes[id];
    const hm_function *declared = node->declared;
    size_t count = 0;
    for (hm_phase phase = 0; phase < HM_PHASE_COUNT && declared != NULL; phase++) {
        for (size_t i = 0; i < declared->modifier_count; i++) {
            const hm_modifier *modifier = &declared->modifiers[i];
            if (rule_of(modifier)->phase != phase || !had_part(node, modifier)) {
                continue;
            }
            if (count < room) {
                applied[count] = (hm_applied){modifier, declared, phases[phase]};
            }
            count++;
        }
    }
    return count;
}

// The bindings of the modifier by which the node's parameters are bound.
static hm_bindings bindings_of(const hm_graph_node *node) {
    const hm_function *declared = node->declared;
    hm_bindings bindings = {.parameters = declared->parameters,
            .parameter_count = declared->parameter_count};
    for (size_t i = 0; i < declared->modifier_count; i++) {
        const hm_modifier *modifier = &declared->modifiers[i];
        const hm_modifier_rule *rule = rule_of(modifier);
        if (rule->has_bindings && had_part(node, modifier)) {
            bindings.items = modifier->arguments + rule->first_binding;
            bindings.count = modifier->argument_count - rule->first_binding;
        }
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
