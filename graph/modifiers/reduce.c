// reduce.c — HM_REDUCE(function): the reflector made a thunk of the function.

#include "graph/modifiers/modifier.h"

static const char *check(const hm_function *function, const hm_modifier *modifier) {
    (void)modifier;
    return function->combine == NULL ? "there is no thunk that combines" : NULL;
}

const hm_modifier_rule hm_rule_reduce = {
        .name = "reduce",
        .phase = HM_PHASE_METADATA,
        .fewest_arguments = 1,
        .most_arguments = 1,
        .check = check,
};
