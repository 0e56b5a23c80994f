// rules.c — the table of all modifiers.

#include <stdlib.h>
#include <string.h>

#include "graph/modifiers/modifier.h"
#include "graph/nearest.h"

// Sorted by name.
static const hm_modifier_rule *const rules[] = {
        &hm_rule_cache,
        &hm_rule_check,
        &hm_rule_check_contains,
        &hm_rule_check_finite,
        &hm_rule_check_max_nan_fraction,
        &hm_rule_check_max_std_dev,
        &hm_rule_check_mean_in_range,
        &hm_rule_check_range,
        &hm_rule_check_values_in,
        &hm_rule_destroys,
        &hm_rule_does,
        &hm_rule_exclude,
        &hm_rule_extract_fields,
        &hm_rule_hashes,
        &hm_rule_inject,
        &hm_rule_load_from,
        &hm_rule_loader,
        &hm_rule_mutate,
        &hm_rule_name,
        &hm_rule_otherwise,
        &hm_rule_parameterize,
        &hm_rule_parameterize_from_config,
        &hm_rule_pipe_input,
        &hm_rule_pipe_output,
        &hm_rule_reads,
        &hm_rule_reduce,
        &hm_rule_save_to,
        &hm_rule_saver,
        &hm_rule_stateful,
        &hm_rule_subdag,
        &hm_rule_subdag_as,
        &hm_rule_switch,
        &hm_rule_tag,
        &hm_rule_tag_output,
        &hm_rule_time,
        &hm_rule_when,
        &hm_rule_when_not,
        &hm_rule_writes,
};
enum { RULE_COUNT = sizeof rules / sizeof *rules };

static int compare_name(const void *name, const void *rule) {
    const hm_modifier_rule *const *compared = rule;
    return strcmp(name, (*compared)->name);
}

// Of a function with thousands of modifiers they are all looked up in each phase.
const hm_modifier_rule *hm_modifier_rule_find(const char *name) {
    const hm_modifier_rule *const *found =
            bsearch(name, rules, RULE_COUNT, sizeof *rules, compare_name);
    return found != NULL ? *found : NULL;
}

const char *hm_modifier_rule_nearest(const char *name) {
    hm_nearest nearest;
    hm_nearest_init(&nearest, name);
    for (size_t i = 0; i < RULE_COUNT; i++) {
        hm_nearest_offer(&nearest, rules[i]->name);
    }
    return nearest.name;
}

bool hm_function_is_helper(const hm_function *function) {
    if ((function->flags & HM_FUNCTION_HELPER) != 0) {
        return true;
    }
    for (size_t i = 0; i < function->modifier_count; i++) {
        const hm_modifier_rule *rule =
                hm_modifier_rule_find(function->modifiers[i].name);
        if (rule != NULL && rule->is_for_helpers) {
            return true;
        }
    }
    return false;
}

bool hm_function_has(const hm_function *function, const hm_modifier_rule *rule) {
    for (size_t i = 0; i < function->modifier_count; i++) {
        if (strcmp(function->modifiers[i].name, rule->name) == 0) {
            return true;
        }
    }
    return false;
}
