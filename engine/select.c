// select.c — the first pass: the upstream closure of what is wanted, cut at inputs and
// overrides. What is not selected is neither run nor checked.

#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "engine/inputs.h"
#include "engine/plan.h"

// What is known of a node while selecting.
typedef struct hm_mark {
    const hm_value *given; // an input's or override's value, as it was given
    bool is_needed;
    bool is_overridden;
} hm_mark;

static const hm_graph_node *node_at(const hm_compilation *compilation, uint32_t node) {
    return &compilation->graph->nodes[node];
}

// Whether a name is that of the function which is declared for a node, where it is.
static bool is_function_of(const hm_graph_node *node, const char *name) {
    size_t path = node->space != NULL ? node->space->path_length : 0;
    return strncmp(name, node->name, path) == 0 &&
           strcmp(name + path, node->declared->name) == 0;
}

// A function whose outputs have names of their own, or that is parameterized, is no
// node itself. False if there is no such function.
static bool report_function(hm_compilation *compilation, const char *name) {
    enum { NAMED = 8 };
    const hm_graph *graph = compilation->graph;
    const hm_function *found = NULL;
    size_t count = 0;
    hm_text made;
    hm_text_init(&made, graph->allocator);
    for (uint32_t i = 0; i < graph->node_count; i++) {
        const hm_graph_node *node = &graph->nodes[i];
        if (!hm_graph_is_own(graph, i) || !is_function_of(node, name)) {
            continue;
        }
        found = found != NULL ? found : node->declared;
        if (++count <= NAMED) {
            hm_text_format(&made, "%s`%s`", count > 1 ? ", " : "",
                    graph->nodes[hm_graph_final(graph, i)].name);
        } else if (count == NAMED + 1) {
            hm_text_append(&made, ", ...");
        }
    }
    if (found != NULL) {
        hm_faults_format(compilation->faults,
                (hm_diagnostic){.status = HM_UNKNOWN_NAME, .node = name},
                "`%s` (%s:%u) is not itself a node; it makes %s", name, found->file,
                (unsigned)found->line, hm_text_get(&made));
    }
    hm_text_finish(&made);
    return found != NULL;
}

static void report_unknown_output(hm_compilation *compilation, const char *name) {
    if (report_function(compilation, name)) {
        return;
    }
    const hm_graph *graph = compilation->graph;
    const hm_diagnostic fault = {.status = HM_UNKNOWN_NAME,
            .node = name,
            .mend = hm_graph_absent(graph, name)};
    const char *near = fault.mend == NULL ? hm_graph_nearest(graph, name) : NULL;
    if (near != NULL) {
        hm_faults_format(compilation->faults, fault,
                "there is no node or input `%s`; did you mean `%s`?", name, near);
    } else {
        hm_faults_format(
                compilation->faults, fault, "there is no node or input `%s`", name);
    }
}

static hm_status mark_wanted(hm_compilation *compilation, hm_mark *marks) {
    const hm_request *request = compilation->request;
    hm_plan *plan = compilation->plan;
    plan->wanted_names =
            hm_arena_array(&plan->arena, request->wanted_count, sizeof(char *));
    plan->wanted =
            hm_arena_array(&plan->arena, request->wanted_count, sizeof *plan->wanted);
    if (plan->wanted_names == NULL || plan->wanted == NULL) {
        return HM_NO_MEMORY;
    }
    for (size_t i = 0; i < request->wanted_count; i++) {
        uint32_t node = hm_graph_find(compilation->graph, request->wanted[i]);
        if (node == HM_NONE) {
            report_unknown_output(compilation, request->wanted[i]);
            continue;
        }
        marks[node].is_needed = true;
        plan->wanted[plan->wanted_count] = node; // its value, once values are numbered
        // Copied, so that results can outlive the driver.
        const char *name = hm_arena_text(&plan->arena, request->wanted[i]);
        if (name == NULL) {
            return HM_NO_MEMORY;
        }
        plan->wanted_names[plan->wanted_count++] = name;
    }
    return HM_OK;
}

// A node that its call need not make: an input, or overridden.
static bool is_given(const hm_graph_node *node, const hm_mark *mark) {
    return node->call == HM_NONE || mark->is_overridden;
}

// Whether parameter i is filled by its own default, or by what a modifier bound it to.
static bool takes_default(const hm_graph *graph, const hm_graph_call *call, size_t i,
        const hm_mark *marks) {
    uint32_t node = graph->arguments[call->first_argument + i];
    return node == HM_NONE ||
           (graph->nodes[node].call == HM_NONE && marks[node].given == NULL &&
                   call->function->parameters[i].default_value != NULL);
}

// Calls are in topological order, so one sweep from the last to the first finds all
// that is needed.
static void mark_needed(hm_compilation *compilation, hm_mark *marks) {
    const hm_graph *graph = compilation->graph;
    bool *selected = compilation->is_selected;
    for (uint32_t i = graph->call_count; i-- > 0;) {
        const hm_graph_call *call = &graph->calls[i];
        for (size_t o = 0; o < call->output_count && !selected[i]; o++) {
            uint32_t node = graph->results[call->first_result + o];
            selected[i] = node != HM_NONE && marks[node].is_needed &&
                          !is_given(&graph->nodes[node], &marks[node]);
        }
        if (!selected[i]) {
            continue;
        }
        for (size_t p = 0; p < call->parameter_count; p++) {
            if (!takes_default(graph, call, p, marks)) {
                marks[graph->arguments[call->first_argument + p]].is_needed = true;
            }
        }
    }
}

// Adds a value for every needed node, in the order of the nodes.
static void add_node_values(hm_compilation *compilation, const hm_mark *marks) {
    const hm_graph *graph = compilation->graph;
    hm_plan *plan = compilation->plan;
    for (uint32_t node = 0; node < graph->node_count; node++) {
        compilation->value_of[node] = HM_NONE;
        if (!marks[node].is_needed) {
            continue;
        }
        uint32_t value = plan->value_count++;
        compilation->value_of[node] = value;
        plan->values[value] = (hm_plan_value){.node = node,
                .maker = HM_NONE,
                .type = graph->nodes[node].type,
                .last_use = HM_NONE,
                .address = HM_NONE,
                .array = HM_NONE,
                .whole = HM_NONE,
                .same_as = HM_NONE};
        if (is_given(&graph->nodes[node], &marks[node])) {
            plan->inputs[plan->input_count++] =
                    (hm_plan_input){.value = value, .given = marks[node].given};
        }
    }
    plan->node_value_count = plan->value_count;
}

static uint32_t add_nameless_value(hm_compilation *compilation, const hm_type *type) {
    hm_plan *plan = compilation->plan;
    uint32_t value = plan->value_count++;
    plan->values[value] = (hm_plan_value){.node = HM_NONE,
            .maker = HM_NONE,
            .type = type,
            .last_use = HM_NONE,
            .address = HM_NONE,
            .array = HM_NONE,
            .whole = HM_NONE,
            .same_as = HM_NONE};
    return value;
}

static void add_call(hm_compilation *compilation, uint32_t graph_call,
        const hm_mark *marks, uint32_t *operand_count) {
    const hm_graph *graph = compilation->graph;
    hm_plan *plan = compilation->plan;
    const hm_graph_call *call = &graph->calls[graph_call];
    const hm_function *function = call->function;
    uint32_t index = plan->call_count++;
    plan->calls[index] = (hm_plan_call){.call = graph_call,
            .parameter_count = call->parameter_count,
            .output_count = call->output_count,
            .traits = call->traits,
            .operands = *operand_count,
            .pipeline = HM_NONE,
            .laziness = HM_NONE,
            .choice = HM_NONE};
    bool is_simple = (call->traits & (HM_CALL_HAS_ARRAYS | HM_CALL_HAS_OBJECTS)) == 0;
    hm_operand *operand = &plan->operands[*operand_count];

    for (size_t p = 0; p < call->parameter_count; p++, operand++) {
        uint32_t node = graph->arguments[call->first_argument + p];
        operand->value =
                takes_default(graph, call, p, marks)
                        ? add_nameless_value(compilation, function->parameters[p].type)
                        : compilation->value_of[node];
    }
    for (size_t o = 0; o < call->output_count; o++, operand++) {
        operand->references = HM_NONE;
        uint32_t node = graph->results[call->first_result + o];
        bool has_value = node != HM_NONE && compilation->value_of[node] != HM_NONE &&
                         !is_given(&graph->nodes[node], &marks[node]);
        operand->value =
                has_value ? compilation->value_of[node]
                          : add_nameless_value(compilation, function->outputs[o].type);
        hm_plan_value *value = &plan->values[operand->value];
        value->maker = index;
        value->module = call->module;
        if (!is_simple) {
            const hm_output *output = &function->outputs[o];
            value->type = output->type;
            value->pass = output->pass;
            value->ownership = output->ownership;
            value->is_expansion = output->shape == HM_EXPANSION;
            value->is_view = (call->traits & HM_CALL_LENDS) != 0 &&
                             output->ownership == HM_BORROWED;
        }
    }
    *operand_count += call->parameter_count + call->output_count;
}

// Sizes first, so that each array is one allocation and indices never move.
static hm_status reserve(hm_compilation *compilation, const hm_mark *marks) {
    const hm_graph *graph = compilation->graph;
    hm_plan *plan = compilation->plan;
    size_t call_count = 0;
    size_t operand_count = 0;
    size_t needed_count = 0;
    for (uint32_t i = 0; i < graph->call_count; i++) {
        if (compilation->is_selected[i]) {
            call_count++;
            operand_count +=
                    graph->calls[i].parameter_count + graph->calls[i].output_count;
        }
    }
    for (uint32_t node = 0; node < graph->node_count; node++) {
        needed_count += marks[node].is_needed;
    }
    size_t value_count = needed_count + operand_count; // every operand may be nameless
    plan->calls = hm_arena_array(&plan->arena, call_count, sizeof *plan->calls);
    plan->operands =
            hm_arena_array(&plan->arena, operand_count, sizeof *plan->operands);
    plan->slots = hm_arena_array(&plan->arena, operand_count, sizeof *plan->slots);
    plan->values = hm_arena_array(&plan->arena, value_count, sizeof *plan->values);
    plan->inputs = hm_arena_array(&plan->arena, needed_count, sizeof *plan->inputs);
    bool reserved = plan->calls != NULL && plan->operands != NULL &&
                    plan->slots != NULL && plan->values != NULL && plan->inputs != NULL;
    return reserved ? HM_OK : HM_NO_MEMORY;
}

static void add_calls(hm_compilation *compilation, const hm_mark *marks) {
    const hm_graph *graph = compilation->graph;
    uint32_t *operand_count = &compilation->plan->operand_count;
    for (uint32_t i = 0; i < graph->call_count; i++) {
        if (compilation->is_selected[i]) {
            add_call(compilation, i, marks, operand_count);
        }
    }
}

// Whether a selected call takes the node for a parameter that has no default.
static bool needs(const hm_compilation *compilation, uint32_t reader, uint32_t node) {
    const hm_graph *graph = compilation->graph;
    const hm_graph_call *call = &graph->calls[reader];
    if (!compilation->is_selected[reader]) {
        return false;
    }
    for (size_t p = 0; p < call->function->parameter_count; p++) {
        if (graph->arguments[call->first_argument + p] == node &&
                call->function->parameters[p].default_value == NULL) {
            return true;
        }
    }
    return false;
}

// Names the first few that need the input.
static void report_missing(hm_compilation *compilation, uint32_t node) {
    enum { NAMED = 2 };
    const hm_graph *graph = compilation->graph;
    const hm_graph_node *input = node_at(compilation, node);
    const hm_function *first = NULL;
    size_t count = 0;
    hm_text readers;
    hm_text_init(&readers, graph->allocator);
    for (uint32_t i = 0; i < input->reader_count; i++) {
        uint32_t reader = graph->readers[input->first_reader + i];
        if (!needs(compilation, reader, node)) {
            continue;
        }
        const hm_function *function = graph->calls[reader].function;
        first = first != NULL ? first : function;
        if (count++ < NAMED) {
            hm_text_format(&readers, "%s%s (%s:%u)", count > 1 ? ", " : "",
                    hm_graph_call_name(graph, reader), function->file,
                    (unsigned)function->line);
        }
    }
    if (count > NAMED) {
        hm_text_format(&readers, " and %zu more", count - NAMED);
    }
    hm_diagnostic fault = {.status = HM_MISSING_INPUT, .node = input->name};
    const char *absent = hm_graph_absent(graph, input->name);
    if (first != NULL) {
        fault.file = first->file;
        fault.line = first->line;
    }
    hm_faults_format(compilation->faults, fault, "input `%s` (%s%s) is missing%s%s%s%s",
            input->name, input->type->name, input->is_array ? ", array" : "",
            first != NULL ? ", needed by " : "", hm_text_get(&readers),
            absent != NULL ? "; " : "", absent != NULL ? absent : "");
    hm_text_finish(&readers);
}

static hm_status check_name(
        hm_compilation *compilation, const char *name, const char *kind, size_t index) {
    if (name != NULL) {
        return HM_OK;
    }
    hm_faults_format(compilation->faults, (hm_diagnostic){.status = HM_BAD_ARGUMENT},
            "the name of %s %zu of the request is a null pointer", kind, index);
    return HM_BAD_ARGUMENT;
}

static hm_status check_names(hm_compilation *compilation) {
    const hm_request *request = compilation->request;
    for (size_t i = 0; i < request->wanted_count; i++) {
        HM_TRY(check_name(compilation, request->wanted[i], "wanted node", i));
    }
    for (size_t i = 0; i < request->input_count; i++) {
        HM_TRY(check_name(compilation, request->inputs[i].name, "input", i));
    }
    for (size_t i = 0; i < request->override_count; i++) {
        HM_TRY(check_name(compilation, request->overrides[i].name, "override", i));
    }
    return HM_OK;
}

hm_status hm_plan_select(hm_compilation *compilation) {
    HM_TRY(check_names(compilation));
    const hm_graph *graph = compilation->graph;
    hm_plan *plan = compilation->plan;
    hm_mark *marks =
            hm_arena_array(&compilation->arena, graph->node_count, sizeof *marks);
    const hm_value **given =
            hm_arena_array(&compilation->arena, graph->node_count, sizeof *given);
    compilation->value_of = hm_arena_array(
            &compilation->arena, graph->node_count, sizeof *compilation->value_of);
    compilation->is_selected = hm_arena_array(
            &compilation->arena, graph->call_count, sizeof *compilation->is_selected);
    if (marks == NULL || given == NULL || compilation->value_of == NULL ||
            compilation->is_selected == NULL) {
        return HM_NO_MEMORY;
    }
    HM_TRY(hm_plan_bind_inputs(compilation, given));
    for (uint32_t node = 0; node < graph->node_count; node++) {
        marks[node].given = given[node];
        marks[node].is_overridden =
                given[node] != NULL && graph->nodes[node].call != HM_NONE;
    }

    HM_TRY(mark_wanted(compilation, marks));
    mark_needed(compilation, marks);
    HM_TRY(reserve(compilation, marks));
    add_node_values(compilation, marks);
    add_calls(compilation, marks);
    for (uint32_t i = 0; i < plan->input_count; i++) {
        if (plan->inputs[i].given == NULL) {
            report_missing(compilation, plan->values[plan->inputs[i].value].node);
        }
    }
    for (uint32_t i = 0; i < plan->wanted_count; i++) {
        plan->wanted[i] = compilation->value_of[plan->wanted[i]];
        plan->values[plan->wanted[i]].is_wanted = true;
    }
    return compilation->faults->first;
}
