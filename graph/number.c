// number.c — the finished arrays: inputs first, in the order in which they are met,
// then what the calls make, in the order of the calls.

#include <string.h>

#include "base/error.h"
#include "graph/build.h"

static bool is_input(const hm_graph_name *name) {
    return name->definition == HM_NONE || name->is_replaced;
}

static hm_status allocate(hm_build *build) {
    hm_graph *graph = build->graph;
    // Enough for all, also where an override takes some of them out of the graph.
    size_t results = build->result_count;
    size_t arguments = build->argument_count;
    hm_arena *arena = &graph->arena;
    size_t module_count = build->options->module_count;
    const hm_module **modules = hm_arena_array(arena, module_count, sizeof *modules);
    graph->calls = hm_arena_array(arena, build->order_count, sizeof *graph->calls);
    graph->nodes = hm_arena_array(arena, build->name_count, sizeof *graph->nodes);
    graph->results = hm_arena_array(arena, results, sizeof *graph->results);
    graph->arguments = hm_arena_array(arena, arguments, sizeof *graph->arguments);
    graph->readers = hm_arena_array(arena, arguments, sizeof *graph->readers);
    if (modules == NULL || graph->calls == NULL || graph->nodes == NULL ||
            graph->results == NULL || graph->arguments == NULL ||
            graph->readers == NULL) {
        return HM_NO_MEMORY;
    }
    if (module_count > 0) {
        memcpy(modules, build->options->modules, module_count * sizeof *modules);
    }
    graph->modules = modules;
    return HM_OK;
}

// An input is known by its first reader, or by what config replaced.
static void add_input(hm_build *build, hm_graph_name *name) {
    hm_graph *graph = build->graph;
    name->node = graph->node_count++;
    bool is_read = name->reader != HM_NONE;
    const hm_definition *known_by =
            &build->definitions.items[is_read ? name->reader : name->definition];
    const hm_parameter *parameter =
            is_read ? &known_by->parameters[name->parameter] : NULL;
    graph->nodes[name->node] = (hm_graph_node){
            .name = name->text,
            .type = is_read ? parameter->type : known_by->outputs[name->output].type,
            .is_optional = is_read,
            .call = HM_NONE,
            .config = HM_NONE,
            .module = known_by->module,
            .function = known_by->function,
            .parameter = parameter,
    };
    if (name->is_replaced) {
        const hm_definition *replaced = &build->definitions.items[name->definition];
        graph->nodes[name->node].is_array =
                replaced->outputs[name->output].shape != HM_ONE;
    }
}

static void add_result(hm_build *build, const hm_definition *definition, uint32_t call,
        uint32_t output) {
    hm_graph *graph = build->graph;
    const hm_output *made = &definition->outputs[output];
    graph->nodes[graph->node_count++] = (hm_graph_node){
            .name = made->name,
            .type = made->type,
            .is_array = made->shape != HM_ONE,
            .call = call,
            .output = output,
            .config = HM_NONE,
            .module = definition->module,
            .function = definition->function,
            .tags = definition->tags,
            .tag_count = definition->tag_count,
    };
}

static void add_results(
        hm_build *build, const hm_definition *definition, uint32_t call) {
    hm_graph *graph = build->graph;
    uint32_t *results = &graph->results[graph->calls[call].first_result];
    for (uint32_t o = 0; o < definition->output_count; o++) {
        uint32_t number = build->result_names[definition->first_result + o];
        hm_graph_name *name = &build->names[number];
        bool is_made = name->definition == build->order[call] && name->output == o &&
                       !name->is_replaced;
        results[o] = is_made ? graph->node_count : HM_NONE;
        if (is_made) {
            name->node = graph->node_count;
            add_result(build, definition, call, o);
        }
    }
}

static void add_calls(hm_build *build) {
    hm_graph *graph = build->graph;
    uint32_t results = 0;
    uint32_t arguments = 0;
    for (uint32_t call = 0; call < build->order_count; call++) {
        const hm_definition *definition = &build->definitions.items[build->order[call]];
        graph->calls[graph->call_count++] = (hm_graph_call){
                .module = build->options->modules[definition->module],
                .function = definition->function,
                .first_argument = arguments,
                .first_result = results,
        };
        results += definition->output_count;
        arguments += definition->parameter_count;
        add_results(build, definition, call);
    }
}

// What one reader says of a node: a reader that wants an array makes an input one, and
// a call that reads it through two parameters is one reader. While readers are counted,
// first_reader holds the last one plus one.
static void note_reader(
        hm_graph_node *node, uint32_t call, const hm_parameter *parameter) {
    if (node->call == HM_NONE) {
        node->is_array |= parameter->shape == HM_ARRAY;
        node->is_optional &= parameter->default_value != NULL;
    }
    node->reader_count += node->first_reader != call + 1;
    node->first_reader = call + 1;
}

static void add_arguments(hm_build *build) {
    hm_graph *graph = build->graph;
    for (uint32_t call = 0; call < graph->call_count; call++) {
        const hm_definition *definition = &build->definitions.items[build->order[call]];
        for (uint32_t p = 0; p < definition->parameter_count; p++) {
            uint32_t number = build->argument_names[definition->first_argument + p];
            uint32_t node = build->names[number].node;
            graph->arguments[graph->calls[call].first_argument + p] = node;
            note_reader(&graph->nodes[node], call, &definition->parameters[p]);
        }
    }
}

// Gives each node's readers room, and fills it.
static void add_readers(hm_graph *graph) {
    uint32_t total = 0;
    for (uint32_t i = 0; i < graph->node_count; i++) {
        graph->nodes[i].first_reader = total;
        total += graph->nodes[i].reader_count;
        graph->nodes[i].reader_count = 0;
    }
    for (uint32_t call = 0; call < graph->call_count; call++) {
        const hm_graph_call *reader = &graph->calls[call];
        for (uint32_t p = 0; p < reader->function->parameter_count; p++) {
            hm_graph_node *node =
                    &graph->nodes[graph->arguments[reader->first_argument + p]];
            uint32_t *readers = &graph->readers[node->first_reader];
            if (node->reader_count == 0 || readers[node->reader_count - 1] != call) {
                readers[node->reader_count++] = call;
            }
        }
    }
}

// From now on names lead to nodes.
static void publish_names(hm_build *build) {
    const hm_names *names = &build->graph->names;
    for (size_t i = 0; i < names->slot_count; i++) {
        if (names->slots[i].name != NULL) {
            names->slots[i].number = build->names[names->slots[i].number].node;
        }
    }
}

hm_status hm_build_number(hm_build *build) {
    HM_TRY(allocate(build));
    for (uint32_t i = 0; i < build->name_count; i++) {
        if (is_input(&build->names[i])) {
            add_input(build, &build->names[i]);
        }
    }
    add_calls(build);
    add_arguments(build);
    add_readers(build->graph);
    publish_names(build);
    return HM_OK;
}
