// inputs.c — see inputs.h. Config values were checked when the graph was built.

#include "engine/inputs.h"

#include <stdio.h>
#include <string.h>

#include <hamilton/json.h>

#include "base/error.h"
#include "base/given.h"
#include "engine/missing.h"

// Where a fault about a node is shown: at its function, or at its first reader.
static hm_diagnostic fault_at(
        const hm_compilation *compilation, uint32_t node, hm_status status) {
    hm_node shown = hm_graph_describe(compilation->graph, node);
    hm_diagnostic fault = {.status = status, .node = shown.name, .line = shown.line};
    if (shown.function != NULL) {
        fault.file = shown.function->file;
    } else if (shown.module != NULL) {
        fault.file = shown.module->file;
    }
    return fault;
}

static void report_unknown(
        hm_compilation *compilation, const char *name, const char *what) {
    const hm_diagnostic fault = {.status = HM_UNKNOWN_NAME, .node = name};
    const char *near = hm_graph_nearest(compilation->graph, name);
    if (near != NULL) {
        hm_faults_format(compilation->faults, fault,
                "%s `%s` is not a name of this dataflow; did you mean `%s`?", what,
                name, near);
    } else {
        hm_faults_format(compilation->faults, fault,
                "%s `%s` is not a name of this dataflow", what, name);
    }
}

static bool is_sound(
        hm_compilation *compilation, uint32_t node, const hm_value *value) {
    char fault[HM_GIVEN_FAULT_SIZE];
    if (hm_given_is_sound(value, fault)) {
        return true;
    }
    hm_faults_format(compilation->faults, fault_at(compilation, node, HM_BAD_ARGUMENT),
            "the value given for `%s` %s", compilation->graph->nodes[node].name, fault);
    return false;
}

// What a value given for the node must be made of. A reader tells the type; whether one
// value or many are wanted shows later.
static bool type_agrees(
        hm_compilation *compilation, uint32_t node, const hm_value *value) {
    const hm_graph_node *wanted = &compilation->graph->nodes[node];
    if (!hm_type_equal(wanted->type, value->type)) {
        hm_faults_format(compilation->faults,
                fault_at(compilation, node, HM_TYPE_MISMATCH),
                "`%s` is %s, but a value of type %s was given", wanted->name,
                wanted->type->name, value->type->name);
        return false;
    }
    if (value->depth > HM_DEPTH_LIMIT) {
        hm_faults_format(compilation->faults,
                fault_at(compilation, node, HM_BAD_ARGUMENT),
                "the value of `%s` has %u dimensions; at most %d are possible",
                wanted->name, (unsigned)value->depth, HM_DEPTH_LIMIT);
        return false;
    }
    return true;
}

static hm_status read_json(hm_compilation *compilation, uint32_t node,
        const hm_value *json, const hm_value **read) {
    hm_plan *plan = compilation->plan;
    const char *text = *(const char *const *)hm_value_data(json);
    hm_value *owned = &plan->owned[plan->owned_count];
    hm_error error;
    hm_status status = hm_json_read(
            text, compilation->graph->nodes[node].type, plan->allocator, owned, &error);
    if (status == HM_NO_MEMORY) {
        return status;
    }
    if (status != HM_OK) {
        hm_faults_format(compilation->faults, fault_at(compilation, node, status),
                "the value of `%s` cannot be used: %s",
                compilation->graph->nodes[node].name, error.message);
        *read = NULL;
        return HM_OK;
    }
    plan->owned_count++;
    *read = owned;
    return HM_OK;
}

static hm_status bind(hm_compilation *compilation, uint32_t node,
        const hm_binding *binding, const hm_value **given) {
    const hm_value *value = &binding->value;
    hm_plan *plan = compilation->plan;
    if (given[node] != NULL) {
        hm_faults_format(compilation->faults,
                fault_at(compilation, node, HM_DUPLICATE_NAME),
                "`%s` was given more than once", binding->name);
        return HM_OK;
    }
    // A value that cannot be used still counts as given: it is not missing as well.
    given[node] = value;
    if (!is_sound(compilation, node, value)) {
        return HM_OK;
    }
    if (value->type->kind == HM_KIND_JSON && value->depth == 0) {
        HM_TRY(read_json(compilation, node, value, &value));
        if (value == NULL) {
            return HM_OK;
        }
        given[node] = value;
    }
    if (type_agrees(compilation, node, value) && hm_missing_is_nan(value)) {
        hm_value *owned = &plan->owned[plan->owned_count];
        if (!hm_missing_copy_as_nan(value, plan->allocator, owned)) {
            return HM_NO_MEMORY;
        }
        plan->owned_count++;
        given[node] = owned;
    }
    return HM_OK;
}

static hm_status bind_input(
        hm_compilation *compilation, const hm_binding *input, const hm_value **given) {
    const hm_graph *graph = compilation->graph;
    uint32_t node = hm_graph_find(graph, input->name);
    if (node == HM_NONE) {
        report_unknown(compilation, input->name, "input");
        return HM_OK;
    }
    if (graph->nodes[node].call != HM_NONE) {
        const hm_function *function = graph->calls[graph->nodes[node].call].function;
        hm_faults_format(compilation->faults,
                fault_at(compilation, node, HM_BAD_ARGUMENT),
                "`%s` was given as an input, but %s (%s:%u) computes it: give it as an "
                "override to replace it",
                input->name, function->name, function->file, (unsigned)function->line);
        given[node] = &input->value; // so that what it needs is not missing as well
        return HM_OK;
    }
    if (graph->nodes[node].config != HM_NONE) {
        hm_faults_format(compilation->faults,
                fault_at(compilation, node, HM_DUPLICATE_NAME),
                "`%s` is in both config and inputs: leave one of them out",
                input->name);
        return HM_OK;
    }
    return bind(compilation, node, input, given);
}

static hm_status bind_override(hm_compilation *compilation, const hm_binding *override,
        const hm_value **given) {
    const hm_graph *graph = compilation->graph;
    uint32_t node = hm_graph_find(graph, override->name);
    if (node == HM_NONE) {
        report_unknown(compilation, override->name, "override");
        return HM_OK;
    }
    if (graph->nodes[node].call == HM_NONE) {
        hm_faults_format(compilation->faults,
                fault_at(compilation, node, HM_BAD_ARGUMENT),
                "`%s` was given as an override, but nothing computes it: give it as an "
                "input",
                override->name);
        given[node] = &override->value; // so that it is not missing as well
        return HM_OK;
    }
    return bind(compilation, node, override, given);
}

hm_status hm_plan_bind_inputs(hm_compilation *compilation, const hm_value **given) {
    const hm_request *request = compilation->request;
    const hm_graph *graph = compilation->graph;
    hm_plan *plan = compilation->plan;
    size_t most_owned = request->input_count + request->override_count;
    plan->owned = hm_arena_array(&plan->arena, most_owned, sizeof *plan->owned);
    if (plan->owned == NULL) {
        return HM_NO_MEMORY;
    }
    for (size_t i = 0; i < request->input_count; i++) {
        HM_TRY(bind_input(compilation, &request->inputs[i], given));
    }
    for (size_t i = 0; i < request->override_count; i++) {
        HM_TRY(bind_override(compilation, &request->overrides[i], given));
    }
    for (uint32_t node = 0; node < graph->node_count; node++) {
        uint32_t config = graph->nodes[node].config;
        if (config != HM_NONE &&
                type_agrees(compilation, node, &graph->config[config].value)) {
            given[node] = &graph->config[config].value;
        }
    }
    return HM_OK;
}
