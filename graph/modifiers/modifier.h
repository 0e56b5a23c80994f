// modifier.h — what a modifier of <hamilton/modifiers.h> does to the definitions of its
// function. Each is a rule in a file here and a row in rules.c; nothing else knows it.
//
// A function starts with the one definition that its declaration makes. Its modifiers
// then apply in the order of their phases, whatever the order in which they stand, and
// change, drop or multiply what the phases before have left.

#ifndef HM_GRAPH_MODIFIERS_MODIFIER_H
#define HM_GRAPH_MODIFIERS_MODIFIER_H

#include <stdbool.h>
#include <stddef.h>

#include <hamilton/module.h>
#include <hamilton/status.h>

#include "graph/build.h"

typedef enum hm_phase {
    HM_PHASE_CONDITIONS, // decides whether the function takes part, and its name
    HM_PHASE_MAKER,      // what computes the node: the function, another, a whole graph
    HM_PHASE_EXPANSION,  // one function, several nodes
    HM_PHASE_SOURCES,    // what its parameters are loaded from
    HM_PHASE_INPUTS,     // what stands before its parameters, wherever these are bound
    HM_PHASE_FIELDS,     // takes its outputs apart
    HM_PHASE_CHECKS,     // what is checked of what it makes
    HM_PHASE_OUTPUTS,    // what else stands behind its outputs
    HM_PHASE_TARGETS,    // what they are saved to
    HM_PHASE_METADATA,   // what is only known of it
    HM_PHASE_COUNT,
} hm_phase;

// Functions from items[first] to the last are definitions of one function. An apply may
// remove them by lowering the count, or add more.
typedef struct hm_applying {
    hm_build *build;
    const hm_scope *scope; // where they are nodes
    hm_definitions *definitions;
    size_t first;
} hm_applying;

typedef struct hm_check hm_check; // graph/check.h

typedef struct hm_modifier_rule {
    const char *name;
    hm_phase phase;
    size_t fewest_arguments;
    size_t most_arguments;
    bool is_single;       // more than one on a function is a fault
    bool is_for_helpers;  // a function under it is no node, and may lack `call` and
                          // outputs
    bool makes_own_nodes; // in which others of its rule have no part
    bool names_output;    // its first argument is the node of the function that it is
                          // about

    bool has_bindings; // of the function's parameters, from this argument on
    size_t first_binding;

    // What is wrong with it, config aside, or NULL. The number of arguments is right.
    // May be NULL.
    const char *(*check)(const hm_function *function, const hm_modifier *modifier);

    // Complains of what is wrong with it, where that needs names, likewise.
    void (*inspect)(hm_check *check, const hm_modifier *modifier);

    // Complains of what is wrong with it and other functions of the module, which are
    // sound, as it is itself. May be NULL.
    hm_status (*relate)(hm_check *check, const hm_modifier *modifier);

    // NULL if there is nothing to do.
    hm_status (*apply)(hm_applying *applying, const hm_modifier *modifier);
} hm_modifier_rule;

extern const hm_modifier_rule hm_rule_cache;
extern const hm_modifier_rule hm_rule_check;
extern const hm_modifier_rule hm_rule_check_contains;
extern const hm_modifier_rule hm_rule_check_finite;
extern const hm_modifier_rule hm_rule_check_max_nan_fraction;
extern const hm_modifier_rule hm_rule_check_max_std_dev;
extern const hm_modifier_rule hm_rule_check_mean_in_range;
extern const hm_modifier_rule hm_rule_check_range;
extern const hm_modifier_rule hm_rule_check_values_in;
extern const hm_modifier_rule hm_rule_destroys;
extern const hm_modifier_rule hm_rule_writes;
extern const hm_modifier_rule hm_rule_reads;
extern const hm_modifier_rule hm_rule_hashes;
extern const hm_modifier_rule hm_rule_does;
extern const hm_modifier_rule hm_rule_exclude;
extern const hm_modifier_rule hm_rule_extract_fields;
extern const hm_modifier_rule hm_rule_inject;
extern const hm_modifier_rule hm_rule_load_from;
extern const hm_modifier_rule hm_rule_loader;
extern const hm_modifier_rule hm_rule_mutate;
extern const hm_modifier_rule hm_rule_name;
extern const hm_modifier_rule hm_rule_otherwise;
extern const hm_modifier_rule hm_rule_parameterize;
extern const hm_modifier_rule hm_rule_parameterize_from_config;
extern const hm_modifier_rule hm_rule_pipe_input;
extern const hm_modifier_rule hm_rule_pipe_output;
extern const hm_modifier_rule hm_rule_reduce;
extern const hm_modifier_rule hm_rule_save_to;
extern const hm_modifier_rule hm_rule_saver;
extern const hm_modifier_rule hm_rule_stateful;
extern const hm_modifier_rule hm_rule_subdag;
extern const hm_modifier_rule hm_rule_subdag_as;
extern const hm_modifier_rule hm_rule_switch;
extern const hm_modifier_rule hm_rule_tag;
extern const hm_modifier_rule hm_rule_tag_output;
extern const hm_modifier_rule hm_rule_time;
extern const hm_modifier_rule hm_rule_when;
extern const hm_modifier_rule hm_rule_when_not;

// The rule of this name, or NULL.
const hm_modifier_rule *hm_modifier_rule_find(const char *name);

// The name that is nearest to one that has no rule, or NULL.
const char *hm_modifier_rule_nearest(const char *name);

// Whether the function is no node but what modifiers or the engine use.
bool hm_function_is_helper(const hm_function *function);

// Whether the function has a modifier of this rule.
bool hm_function_has(const hm_function *function, const hm_modifier_rule *rule);

#endif
