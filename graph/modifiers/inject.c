// inject.c — HM_INJECT(binding, ...): the function takes parameters from other nodes
// and inputs than those of their names, or has them set to literals.

#include <stdint.h>

#include "base/error.h"
#include "graph/modifiers/bind.h"
#include "graph/modifiers/modifier.h"

static hm_status apply(hm_applying *applying, const hm_modifier *modifier) {
    hm_function *function;
    for (size_t i = applying->first; i < applying->definitions->count; i++) {
        hm_definition *definition = &applying->definitions->items[i];
        HM_TRY(hm_definition_bind(applying->build, definition, definition->declared,
                modifier->arguments, modifier->argument_count, &function));
    }
    return HM_OK;
}

static void inspect(hm_check *check, const hm_modifier *modifier) {
    hm_check_bindings(check, (hm_bindings){
                                     .macro = "HM_INJECT",
                                     .items = modifier->arguments,
                                     .count = modifier->argument_count,
                             });
    if (hm_function_has(check->function, &hm_rule_parameterize)) {
        hm_check_complain(
                check, "keep one of them", "it has HM_INJECT and HM_PARAMETERIZE");
    }
}

const hm_modifier_rule hm_rule_inject = {
        .name = "inject",
        .phase = HM_PHASE_EXPANSION,
        .fewest_arguments = 1,
        .most_arguments = SIZE_MAX,
        .is_single = true,
        .has_bindings = true,
        .inspect = inspect,
        .apply = apply,
};
