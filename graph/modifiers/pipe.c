// pipe.c — HM_PIPE_INPUT(parameter, step, ...), HM_PIPE_OUTPUT(step, ...) and
// HM_MUTATE(target, binding, ...): steps are made by steps.c, for those behind an
// output come from several modifiers.

#include <stdint.h>
#include <string.h>

#include "base/error.h"
#include "base/steps.h"
#include "graph/check.h"
#include "graph/modifiers/bind.h"
#include "graph/modifiers/modifier.h"
#include "graph/modifiers/steps.h"

static void complain(void *check, const char *mend, const char *message) {
    hm_check_complain(check, mend, "%s", message);
}

static void inspect(hm_check *check, const hm_modifier *modifier) {
    hm_steps_check_form(modifier, check->function->name, complain, check);
}

// What config is asked for, whether or not the function takes part.
static hm_status note_keys(hm_build *build, const hm_step *step) {
    for (size_t i = 0; i < step->setting_count; i++) {
        const hm_argument *setting = &step->settings[i];
        if (hm_setting_is_if(setting) || hm_setting_is_if_not(setting)) {
            uint32_t *number =
                    hm_names_put(&build->condition_keys, setting->arguments[0].text);
            if (number == NULL) {
                return HM_NO_MEMORY;
            }
            *number = 0;
        }
    }
    return HM_OK;
}

static hm_status relate_steps(hm_check *check, const hm_modifier *modifier) {
    for (size_t i = 0; i < hm_steps_count(modifier); i++) {
        hm_step step = hm_steps_at(modifier, check->function->name, i);
        const hm_function *called;
        HM_TRY(note_keys(check->build, &step));
        HM_TRY(hm_check_find_function(check, step.macro, step.function, &called));
        if (called != NULL) {
            hm_bindings bindings = hm_bindings_of_function(called);
            hm_step_check(&step, &bindings, complain, check);
        }
    }
    return HM_OK;
}

static hm_status relate_input(hm_check *check, const hm_modifier *modifier) {
    const hm_function *function = check->function;
    hm_bindings bindings = hm_bindings_of_function(function);
    hm_pipe_input_check(modifier, &bindings, function->modifiers,
            function->modifier_count, complain, check);
    return relate_steps(check, modifier);
}

const hm_modifier_rule hm_rule_pipe_input = {
        .name = "pipe_input",
        .phase = HM_PHASE_INPUTS,
        .fewest_arguments = 2,
        .most_arguments = SIZE_MAX,
        .inspect = inspect,
        .relate = relate_input,
        .apply = hm_definition_steps_before,
};

const hm_modifier_rule hm_rule_pipe_output = {
        .name = "pipe_output",
        .phase = HM_PHASE_OUTPUTS,
        .fewest_arguments = 1,
        .most_arguments = SIZE_MAX,
        .is_single = true,
        .inspect = inspect,
        .relate = relate_steps,
};

static hm_status relate_mutation(hm_check *check, const hm_modifier *modifier) {
    const hm_function *target;
    HM_TRY(hm_build_find_function(
            check->build, check->module_number, modifier->arguments[0].text, &target));
    if (target == NULL || hm_function_is_helper(target)) {
        const char *name = modifier->arguments[0].text;
        hm_check_complain(check, "name a function of this module that is a node",
                "HM_MUTATE names `%s`, which is no node of this module", name);
        return HM_OK;
    }
    return relate_steps(check, modifier);
}

const hm_modifier_rule hm_rule_mutate = {
        .name = "mutate",
        .phase = HM_PHASE_OUTPUTS,
        .fewest_arguments = 1,
        .most_arguments = SIZE_MAX,
        .is_for_helpers = true,
        .inspect = inspect,
        .relate = relate_mutation,
};
