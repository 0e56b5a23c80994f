// graph.h — the checked dataflow: which function makes each node, which node fills each
// parameter. Built once, never changed; what the engine compiles plans from.
//
//             results                     arguments
//     call 7 ──────────▶ node 12 "ratio"  ◀────────── call 9, parameter 0
//
// Everything is numbered and lies in flat arrays. Calls and nodes are in topological
// order: what a call reads has a smaller number than what it makes.

#ifndef HM_GRAPH_GRAPH_H
#define HM_GRAPH_GRAPH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hamilton/allocator.h>
#include <hamilton/data_format.h>
#include <hamilton/driver.h>
#include <hamilton/graph.h>
#include <hamilton/module.h>
#include <hamilton/value.h>

#include "base/arena.h"
#include "base/diagnostics.h"
#include "base/names.h"

// What most functions are not. It is kept beside the counts of a call, so that who goes
// through all calls need not look at their functions, which lie anywhere.
typedef enum hm_call_traits {
    HM_CALL_HAS_ARRAYS = 1,  // or expansions, among parameters and outputs
    HM_CALL_HAS_OBJECTS = 2, // by reference among them, or outputs that it does not own
    HM_CALL_IS_ASYNC = 4,
    HM_CALL_REDUCES = 8,  // its arrays may be given to it in chunks
    HM_CALL_CHOOSES = 16, // HM_SWITCH, see switch.h
    HM_CALL_LOOKS = 32,   // it checks its one parameter, an array, and may be given one
                          // value if it reduces
    HM_CALL_PASSES = 64,  // its output is its first parameter; by the others alone it
                          // decides whether it fails, which suits all rows
    HM_CALL_ACCEPTS_FAILED = 128, // a parameter may be NULL, see hm_parameter
    HM_CALL_LENDS = 256, // what it makes and borrows points into its first output,
                         // arrays too
    HM_CALL_TAKES_WHOLE = 512, // some of its parameters, see whole.h
} hm_call_traits;

// One function at work in the graph.
typedef struct hm_graph_call {
    const hm_module *module;
    const hm_function *function;
    uint32_t first_argument; // arguments[first_argument + i] is the node for parameter
                             // i, or HM_NONE: it is bound to its default

    // results[first_result + i] is the node that output i makes, or HM_NONE if another
    // module or config took its name.
    uint32_t first_result;
    uint32_t parameter_count;
    uint32_t output_count;
    uint32_t traits;      // hm_call_traits
    uint32_t whole_count; // so many of its first parameters take values whole, of
                          // whatever depth: see whole.h. It is not mapped
} hm_graph_call;

// The namespace of a subdag.
typedef struct hm_graph_space {
    const struct hm_graph_space *outer; // NULL: it is not in another
    const char *name;                   // "tax"
    uint32_t path_length;        // so many characters of its nodes' names are "us.tax."
    uint32_t number;             // no other has it
    const hm_function *function; // whose modifier makes the subdag
    const hm_modifier *modifier;
} hm_graph_space;

// One name: what a call makes, or an input.
typedef struct hm_graph_node {
    const char *name;
    const hm_type *type;
    bool is_array;         // by declaration: an array or an expansion
    const char *dimension; // of an array: what its length is called
    bool is_optional;      // an input for which every reader has a default
    bool is_aside;         // see hm_node
    uint32_t call;         // that makes it, or HM_NONE for an input
    uint32_t output;       // which of the call's outputs
    uint32_t config; // index of the config value that supplies an input, or HM_NONE

    // The function that makes it. Of an input: the one that reads it first and the
    // parameter that does; or, if nothing does, the function that config replaced and
    // NULL.
    uint32_t module; // index into the graph's modules
    const hm_function *function;
    const hm_parameter *parameter;

    // How it came to be: NULL for an input.
    const hm_function *declared; // in the module
    const hm_modifier *made_by; // that generated it; NULL: the function makes it itself
    const hm_modifier *expanded_by; // that made one of several nodes, which it is of
    const hm_graph_space *space;    // or NULL: it is in no subdag, or an input

    uint32_t first_reader; // readers[first_reader + i]: the calls that read it, each
                           // once
    uint32_t reader_count;
    const hm_tag *tags;
    uint32_t tag_count;
} hm_graph_node;

struct hm_graph {
    const hm_allocator *allocator;
    hm_arena arena;                  // owns all arrays and texts below
    const hm_module *const *modules; // those that give nodes, then the libraries
    size_t module_count;
    hm_graph_call *calls;
    uint32_t call_count;
    hm_graph_node *nodes;
    uint32_t node_count;
    uint32_t *arguments;
    uint32_t *results;
    uint32_t *readers;
    hm_names names; // name -> node

    // Of names that nobody makes, since config chooses none of their variants: why.
    hm_names absent_names; // name -> index
    const char **absent;

    // Config values that supply an input: of the input's type, JSON already read.
    // Owned.
    hm_binding *config;
    uint32_t config_count;
};

typedef struct hm_graph_options {
    const hm_module *const *modules; // kept
    size_t module_count;
    const hm_module *const *libraries; // for subdags; kept
    size_t library_count;
    const hm_binding *config; // copied
    size_t config_count;
    bool allow_overrides;
    const hm_data_format *const *formats; // of these the first of a name counts; kept
    size_t format_count;
    const hm_loader_option *loaders; // copied
    size_t loader_count;
    const hm_saver_option *savers; // copied
    size_t saver_count;
    uint32_t thread_count;         // that one load or save may use
    const hm_allocator *allocator; // kept, not NULL
} hm_graph_options;

// Chooses variants, resolves names, checks types, sorts. All faults are reported, and
// the status is that of the first. The caller destroys *graph.
hm_status hm_graph_create(
        const hm_graph_options *options, hm_graph **graph, hm_faults *faults);

// Whether the node's function makes it itself: it does not stand before or behind one.
bool hm_graph_is_own(const hm_graph *graph, uint32_t node);

// The first of the nodes that a call makes.
const char *hm_graph_call_name(const hm_graph *graph, uint32_t call);

// The node that a function makes which this one is made for, as `price` is of
// `price_raw` and `price.raw`; or the node itself.
uint32_t hm_graph_final(const hm_graph *graph, uint32_t node);

// Accepts NULL.
void hm_graph_destroy(hm_graph *graph);

#endif
