// does.c — HM_DOES(function, binding, ...): the reflector made thunks that call the
// function.

#include <stdint.h>

#include "graph/modifiers/modifier.h"

static const char *check(const hm_function *function, const hm_modifier *modifier) {
    (void)modifier;
    return function->call == NULL && function->start == NULL
                   ? "there is no thunk that calls the function"
                   : NULL;
}

const hm_modifier_rule hm_rule_does = {
        .name = "does",
        .phase = HM_PHASE_MAKER,
        .fewest_arguments = 1,
        .most_arguments = SIZE_MAX,
        .is_single = true,
        .check = check,
};
