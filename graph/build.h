// build.h — a graph while it is being built: what one step of hm_graph_create() leaves
// for the next.
//
//     modules ──define──▶ definitions ──wire──▶ names ──order──▶ order ──number──▶
//     nodes
//
// Names and definitions are numbered as they are met; the numbers of the finished graph
// are given at the end.

#ifndef HM_GRAPH_BUILD_H
#define HM_GRAPH_BUILD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hamilton/module.h>
#include <hamilton/status.h>

#include "base/arena.h"
#include "base/diagnostics.h"
#include "base/names.h"
#include "graph/graph.h"
#include "graph/scalar.h"
#include "graph/scope.h"

// What a definition is to the function that is declared.
typedef enum hm_definition_role {
    HM_ROLE_OWN,    // calls it
    HM_ROLE_FIELD,  // takes a field out of a struct
    HM_ROLE_LOOKS,  // looks for what HM_CHECK_RANGE and its kin check
    HM_ROLE_PASSES, // passes on what it made, if checks do not fail
    HM_ROLE_STEP,   // calls the function of a step before or behind it
    HM_ROLE_LOADS,  // loads what parameters take
    HM_ROLE_SAVES,  // saves what it makes
} hm_definition_role;

typedef struct hm_tags {
    const hm_tag *items;
    uint32_t count;
} hm_tags;

// What a function adds to the graph, once or, under expanding modifiers, several times.
struct hm_definition {
    const hm_function *declared; // in the module
    const hm_function *function; // the same, unless a modifier described another
    const hm_modifier *made_by; // that generated it; NULL: the function makes it itself
    const hm_modifier *expanded_by; // that made one of several nodes, which it is of

    // The function's own, unless a modifier changed some.
    const hm_parameter *parameters;
    const hm_output *outputs;
    uint32_t parameter_count;
    uint32_t output_count;
    const hm_modifier *resolved; // each HM_PARAMETERIZE that config stands for, or NULL
    size_t resolved_count;
    const hm_output *nodes; // the outputs by their names outside, which checks and
                            // pipes take from them
    const bool *is_bound; // by parameter, or NULL: it has its default and takes nothing
    const uint32_t *places; // by parameter of the declared function: its first one
                            // here; NULL if they are the same

    hm_tags tags;         // of all its outputs, unless they have each their own
    hm_tags *output_tags; // by output, or NULL
    uint32_t module;      // index into the graph's modules

    const char *given_name; // by HM_NAME, or NULL
    bool is_variant;        // its conditions held
    bool is_otherwise;      // it exists if no other variant does
    bool is_parameterized;  // HM_PARAMETERIZE or HM_SUBDAG_AS will make its names
    hm_definition_role role;
    bool is_aside;         // see hm_node
    uint32_t aside_output; // outputs[aside_output - 1] alone is; 0: none
    bool is_inner; // of a chain of steps, or it loads or saves: what is known of the
                   // function is not of it
    bool replaces; // nodes of its outputs' names that others make
    uint32_t whole_count; // so many of its first parameters it takes whole

    const hm_scope *scope;  // where it is a node
    const hm_scope *inside; // where its parameters are looked up instead, or NULL
    const bool *is_outside; // parameters that are not, as steps stand before them; or
                            // NULL: all are

    uint32_t first_result;   // result_names[first_result + i]: the name of output i
    uint32_t first_argument; // argument_names[first_argument + i]: of parameter i
    uint32_t result_count;   // outputs that nobody replaced; 0: it is not in the graph
};

// A function under HM_MUTATE, once for each node that it changes.
typedef struct hm_mutation {
    const hm_function *target;
    const hm_function *mutator;
    const hm_modifier *modifier;
    size_t number; // in the order of the tables
} hm_mutation;

typedef struct hm_definitions {
    hm_definition *items;
    size_t count;
    size_t capacity;
} hm_definitions;

// One name of the graph.
typedef struct hm_graph_name {
    const char *text;
    const hm_type *type; // as it is made, or else as its first reader takes it
    hm_pass pass;        // likewise
    bool is_replaced;    // by config: the definition below does not make it after all
    bool is_twice;       // another definition makes it as well
    uint32_t definition; // that makes it, or HM_NONE
    uint32_t output;     // which of its outputs
    uint32_t reader;     // the first definition that reads it, or HM_NONE
    uint32_t parameter;  // which of its parameters
} hm_graph_name;

typedef struct hm_absent_function {
    const hm_function *function;
    const hm_scope *scope;
} hm_absent_function;

struct hm_build {
    const hm_graph_options *options;
    hm_faults *faults;
    hm_graph *graph;  // what is being built; its arena keeps what it points at
    hm_arena scratch; // what ends with the build

    hm_names config_keys;  // key -> index into the options' config
    bool *config_is_sound; // an element per config value; faulty ones are passed over
    hm_scalar *config_scalars;  // likewise
    hm_absent_function *absent; // functions whose conditions do not hold
    size_t absent_count;
    size_t absent_capacity;
    const hm_modifier **misread; // HM_PARAMETERIZE_FROM_CONFIG of which config's faults
                                 // have been told
    size_t misread_count;
    hm_names condition_keys; // keys that some HM_WHEN or HM_WHEN_NOT asks for

    hm_mutation *mutations; // by target, those of one in the order in which they apply
    size_t mutation_count;

    hm_names *function_names; // by module: its functions by their names in C; NULL or
                              // zeroed until one is looked up

    hm_names module_files; // file -> index among the graph's modules, once one is asked
                           // for

    hm_scope *scopes; // the top, then those of subdags, the outer ones first
    hm_scope *last_scope;
    hm_names scope_paths; // that are taken
    uint32_t space_count;

    hm_definitions definitions; // in the order of scopes, modules and functions

    hm_graph_name *names; // numbered as graph->names numbers them, until `number` does
    uint32_t name_count;
    uint32_t name_capacity;
    uint32_t *makers; // by name: the definition that makes it, or HM_NONE for an input
    uint32_t *result_names; // outputs of all definitions
    uint32_t result_count;
    uint32_t *argument_names; // their parameters; HM_NONE for one that takes nothing
    uint32_t argument_count;

    uint32_t *order; // definitions that are in the graph, dependencies first
    uint32_t order_count;
};

// The steps, in this order. Each reports what is wrong and goes on as well as it can,
// so that all faults are found at once; what they return is HM_OK or HM_NO_MEMORY.

// Nothing after this step meets a NULL, an index or a size that it must not.
hm_status hm_build_check(hm_build *build);
hm_status hm_build_index_config(hm_build *build);
hm_status hm_build_define(hm_build *build);
hm_status hm_build_materialize(hm_build *build);
hm_status hm_build_wire(hm_build *build);
hm_status hm_build_check_scopes(hm_build *build);
hm_status hm_build_order(hm_build *build);
hm_status hm_build_number(hm_build *build);
hm_status hm_build_supply(hm_build *build);

// Makes room for so many definitions in all. Pointers into the list end.
hm_status hm_build_reserve_definitions(
        hm_build *build, hm_definitions *definitions, size_t capacity);

// Adds a zeroed definition; NULL if memory ran out. Pointers into the list end.
hm_definition *hm_build_add_definition(hm_build *build, hm_definitions *definitions);

// The code version of what is made from a function of this version, which may be NULL,
// in the way that the text tells.
hm_status hm_build_derive_version(
        hm_build *build, const char *version, const char *text, const char **derived);

// Whether a parameter of a definition takes its name as others have it. Reports if not.
void hm_build_agree(
        hm_build *build, const hm_definition *definition, uint32_t parameter);

// The function of a module, by its name in C, or NULL. Their names are there.
hm_status hm_build_find_function(
        hm_build *build, uint32_t module, const char *name, const hm_function **found);

// The name that one may have meant which is no function of the module, or NULL.
const char *hm_build_nearest_function(
        const hm_build *build, uint32_t module, const char *name);

void hm_build_forget_functions(hm_build *build);

// A fault whose place is a modifier of a function.
hm_diagnostic hm_build_modifier_fault(hm_status status, const hm_function *function,
        const hm_modifier *modifier, const char *node);

// Lists the mutations of all modules.
hm_status hm_build_list_mutations(hm_build *build);

// Those of one function.
const hm_mutation *hm_build_mutations_of(
        const hm_build *build, const hm_function *target, size_t *count);

// A fault whose place is a function.
hm_diagnostic hm_build_fault(
        hm_status status, const hm_function *function, const char *node);

#endif
