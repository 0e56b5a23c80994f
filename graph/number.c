// number.c — the finished arrays: inputs first, in the order in which they are met,
// then what the calls make, in the order of the calls.

#include <string.h>

#include "base/error.h"
#include "graph/build.h"
#include "graph/switch.h"

// What lies close together, since it is visited in the order of the edges.
typedef struct hm_numbering {
    hm_build *build;
    uint32_t input_count;    // inputs are the first nodes
    uint32_t argument_count; // of all calls
    uint32_t *nodes;         // by name: its node
    uint32_t
            *last_reader; // by node: the last call that was seen to read it, or HM_NONE
    uint32_t *next_reader; // by node: how many read it, then where the next one goes
} hm_numbering;

static uint32_t *take_numbers(hm_build *build, size_t count) {
    return hm_arena_array(&build->scratch, count, sizeof(uint32_t));
}

static hm_status allocate_numbering(hm_numbering *numbering) {
    hm_build *build = numbering->build;
    numbering->nodes = take_numbers(build, build->name_count);
    numbering->last_reader = take_numbers(build, build->name_count);
    numbering->next_reader = take_numbers(build, build->name_count);
    bool is_there = numbering->nodes != NULL && numbering->last_reader != NULL &&
                    numbering->next_reader != NULL;
    return is_there ? HM_OK : HM_NO_MEMORY;
}

static hm_status allocate(hm_build *build) {
    hm_graph *graph = build->graph;
    // Enough for all, also where an override takes some of them out of the graph.
    size_t results = build->result_count;
    size_t arguments = build->argument_count;
    hm_arena *arena = &graph->arena;
    graph->calls = hm_arena_array(arena, build->order_count, sizeof *graph->calls);
    graph->nodes = hm_arena_array(arena, build->name_count, sizeof *graph->nodes);
    graph->results = hm_arena_array(arena, results, sizeof *graph->results);
    graph->arguments = hm_arena_array(arena, arguments, sizeof *graph->arguments);
    graph->readers = hm_arena_array(arena, arguments, sizeof *graph->readers);
    bool is_there = graph->calls != NULL && graph->nodes != NULL &&
                    graph->results != NULL && graph->arguments != NULL &&
                    graph->readers != NULL;
    return is_there ? HM_OK : HM_NO_MEMORY;
}

// An output that is an array or expansion makes its node one.
static void note_array(
        hm_graph_node *node, const hm_definition *definition, const hm_output *output) {
    node->is_array = output->shape != HM_ONE;
    node->dimension =
            node->is_array ? definition->function->dimensions[output->dimension] : NULL;
}

// An input is known by its first reader, or by what config replaced.
static void add_input(hm_numbering *numbering, uint32_t number) {
    const hm_build *build = numbering->build;
    hm_graph *graph = build->graph;
    const hm_graph_name *name = &build->names[number];
    bool is_read = name->reader != HM_NONE;
    const hm_definition *known_by =
            &build->definitions.items[is_read ? name->reader : name->definition];
    hm_graph_node *node = &graph->nodes[graph->node_count];
    *node = (hm_graph_node){
            .name = name->text,
            .type = name->type,
            .is_optional = is_read,
            .call = HM_NONE,
            .config = HM_NONE,
            .module = known_by->module,
            .function = known_by->function,
            .parameter = is_read ? &known_by->parameters[name->parameter] : NULL,
    };
    if (name->is_replaced) {
        const hm_definition *replaced = &build->definitions.items[name->definition];
        note_array(node, replaced, &replaced->outputs[name->output]);
    }
    numbering->nodes[number] = graph->node_count++;
}

static void add_result(hm_build *build, const hm_definition *definition, uint32_t call,
        uint32_t output) {
    hm_graph *graph = build->graph;
    const hm_output *made = &definition->outputs[output];
    const hm_tags *tags = definition->output_tags != NULL
                                  ? &definition->output_tags[output]
                                  : &definition->tags;
    hm_graph_node *node = &graph->nodes[graph->node_count++];
    *node = (hm_graph_node){
            .name = made->name,
            .type = made->type,
            .call = call,
            .output = output,
            .config = HM_NONE,
            .module = definition->module,
            .function = definition->function,
            .declared = definition->declared,
            .made_by = definition->made_by,
            .expanded_by = definition->expanded_by,
            .is_aside = definition->is_aside || output + 1 == definition->aside_output,
            .space = definition->scope->space,
            .tags = tags->items,
            .tag_count = tags->count,
    };
    note_array(node, definition, made);
    if (definition->role == HM_ROLE_PASSES) {
        const hm_graph_node *passed =
                &graph->nodes[graph->arguments[graph->calls[call].first_argument]];
        node->is_array = passed->is_array;
        node->dimension = passed->dimension;
    }
}

static void add_results(
        hm_numbering *numbering, const hm_definition *definition, uint32_t call) {
    hm_build *build = numbering->build;
    hm_graph *graph = build->graph;
    uint32_t *results = &graph->results[graph->calls[call].first_result];
    for (uint32_t o = 0; o < definition->output_count; o++) {
        uint32_t number = build->result_names[definition->first_result + o];
        const hm_graph_name *name = &build->names[number];
        bool is_made = name->definition == build->order[call] && name->output == o &&
                       !name->is_replaced;
        results[o] = is_made ? graph->node_count : HM_NONE;
        if (is_made) {
            numbering->nodes[number] = graph->node_count;
            add_result(build, definition, call, o);
        }
    }
}

// A call that reads a node through two parameters is one reader.
static bool is_new_reader(hm_numbering *numbering, uint32_t node, uint32_t call) {
    bool is_new = numbering->last_reader[node] != call;
    numbering->last_reader[node] = call;
    return is_new;
}

// What readers say of an input: one that wants an array makes it one.
static void note_reader(hm_graph_node *input, const hm_function *function,
        const hm_parameter *parameter) {
    if (parameter->shape == HM_ARRAY && !input->is_array) {
        input->is_array = true;
        input->dimension = function->dimensions[parameter->dimension];
    }
    input->is_optional &= parameter->default_value != NULL;
}

// What the call reads is numbered already; only in a circle, which has been reported,
// it may not be, and then node 0 stands for it.
static void add_arguments(
        hm_numbering *numbering, const hm_definition *definition, uint32_t call) {
    const hm_build *build = numbering->build;
    hm_graph *graph = build->graph;
    const uint32_t *names = &build->argument_names[definition->first_argument];
    uint32_t *arguments = &graph->arguments[graph->calls[call].first_argument];
    for (uint32_t p = 0; p < definition->parameter_count; p++) {
        if (names[p] == HM_NONE) {
            arguments[p] = HM_NONE;
            continue;
        }
        uint32_t node = numbering->nodes[names[p]];
        arguments[p] = node;
        numbering->next_reader[node] += is_new_reader(numbering, node, call);
        if (node < numbering->input_count) {
            note_reader(&graph->nodes[node], definition->function,
                    &definition->parameters[p]);
        }
    }
}

static uint32_t traits_of(const hm_definition *definition) {
    const hm_function *function = definition->function;
    uint32_t traits = function->start != NULL ? HM_CALL_IS_ASYNC : 0;
    traits |= definition->role == HM_ROLE_LOOKS ? HM_CALL_LOOKS : 0;
    traits |= definition->role == HM_ROLE_PASSES ? HM_CALL_PASSES : 0;
    traits |= definition->role == HM_ROLE_LOADS ? HM_CALL_LENDS : 0;
    traits |= definition->whole_count > 0 ? HM_CALL_TAKES_WHOLE : 0;
    traits |= function->combine != NULL ? HM_CALL_REDUCES : 0;
    traits |= hm_switch_of(function) != NULL ? HM_CALL_CHOOSES : 0;
    for (size_t p = 0; p < function->parameter_count; p++) {
        const hm_parameter *parameter = &function->parameters[p];
        traits |= parameter->shape != HM_ONE ? HM_CALL_HAS_ARRAYS : 0;
        traits |= parameter->pass != HM_BY_VALUE ? HM_CALL_HAS_OBJECTS : 0;
        traits |= parameter->accepts_failed ? HM_CALL_ACCEPTS_FAILED : 0;
    }
    for (size_t o = 0; o < function->output_count; o++) {
        const hm_output *output = &function->outputs[o];
        bool is_own = output->pass == HM_BY_VALUE && output->ownership == HM_OWNED;
        traits |= output->shape != HM_ONE ? HM_CALL_HAS_ARRAYS : 0;
        traits |= is_own ? 0 : HM_CALL_HAS_OBJECTS;
    }
    return traits;
}

static void add_calls(hm_numbering *numbering) {
    hm_build *build = numbering->build;
    hm_graph *graph = build->graph;
    uint32_t results = 0;
    uint32_t arguments = 0;
    for (uint32_t call = 0; call < build->order_count; call++) {
        const hm_definition *definition = &build->definitions.items[build->order[call]];
        graph->calls[graph->call_count++] = (hm_graph_call){
                .module = graph->modules[definition->module],
                .function = definition->function,
                .first_argument = arguments,
                .first_result = results,
                .parameter_count = (uint32_t)definition->function->parameter_count,
                .output_count = (uint32_t)definition->function->output_count,
                .traits = traits_of(definition),
                .whole_count = definition->whole_count,
        };
        results += definition->output_count;
        arguments += definition->parameter_count;
        add_arguments(numbering, definition, call);
        add_results(numbering, definition, call);
    }
    numbering->argument_count = arguments;
}

static void forget_readers(hm_numbering *numbering) {
    for (uint32_t i = 0; i < numbering->build->name_count; i++) {
        numbering->last_reader[i] = HM_NONE;
    }
}

// Gives each node's readers room.
static void place_readers(hm_numbering *numbering) {
    hm_graph *graph = numbering->build->graph;
    uint32_t total = 0;
    for (uint32_t i = 0; i < graph->node_count; i++) {
        graph->nodes[i].first_reader = total;
        graph->nodes[i].reader_count = numbering->next_reader[i];
        numbering->next_reader[i] = total;
        total += graph->nodes[i].reader_count;
    }
}

static void add_readers(hm_numbering *numbering) {
    hm_graph *graph = numbering->build->graph;
    for (uint32_t call = 0; call < graph->call_count; call++) {
        bool is_last = call + 1 == graph->call_count;
        uint32_t end = is_last ? numbering->argument_count
                               : graph->calls[call + 1].first_argument;
        for (uint32_t a = graph->calls[call].first_argument; a < end; a++) {
            uint32_t node = graph->arguments[a];
            if (node != HM_NONE && is_new_reader(numbering, node, call)) {
                graph->readers[numbering->next_reader[node]++] = call;
            }
        }
    }
}

// From now on names lead to nodes.
static void publish_names(const hm_numbering *numbering) {
    const hm_names *names = &numbering->build->graph->names;
    for (size_t i = 0; i < names->slot_count; i++) {
        hm_names_slot *slot = &names->slots[i];
        if (slot->name != NULL) {
            slot->number = numbering->nodes[slot->number];
        }
    }
}

hm_status hm_build_number(hm_build *build) {
    hm_numbering numbering = {.build = build};
    HM_TRY(allocate_numbering(&numbering));
    HM_TRY(allocate(build));
    for (uint32_t i = 0; i < build->name_count; i++) {
        if (build->makers[i] == HM_NONE) {
            add_input(&numbering, i);
        }
    }
    numbering.input_count = build->graph->node_count;
    forget_readers(&numbering);
    add_calls(&numbering);
    place_readers(&numbering);
    forget_readers(&numbering);
    add_readers(&numbering);
    publish_names(&numbering);
    return HM_OK;
}
