// switch.c — HM_SWITCH(parameter, value, ...): the function takes one of its other
// parameters. The declared one has no thunk: it is described here.

#include "graph/switch.h"

#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/literal.h"
#include "base/text.h"
#include "graph/check.h"
#include "graph/modifiers/modifier.h"

static hm_choice choice_of(const hm_function *function, const hm_modifier *modifier) {
    return (hm_choice){.function = function->name,
            .modifier = modifier,
            .parameters = function->parameters,
            .parameter_count = function->parameter_count,
            .outputs = function->outputs,
            .output_count = function->output_count,
            .is_async = function->start != NULL};
}

// Which value takes which branch is part of what is run, like code.
static hm_status derive_version(
        hm_build *build, const hm_choice *choice, hm_function *function) {
    hm_text text;
    hm_text_init(&text, build->options->allocator);
    for (size_t i = 0; i + 1 < choice->parameter_count; i++) {
        hm_argument value = hm_choice_value(choice, i);
        if (value.kind == HM_ARGUMENT_STRING) {
            hm_text_format(&text, "%zu %s,", strlen(value.text), value.text);
        } else {
            hm_text_format(&text, "%lld,", (long long)value.integer);
        }
    }
    hm_status status = text.failed ? HM_NO_MEMORY
                                   : hm_build_derive_version(build, function->version,
                                             hm_text_get(&text), &function->version);
    hm_text_finish(&text);
    return status;
}

static hm_status apply(hm_applying *applying, const hm_modifier *modifier) {
    hm_build *build = applying->build;
    for (size_t i = applying->first; i < applying->definitions->count; i++) {
        hm_definition *definition = &applying->definitions->items[i];
        hm_choice choice = choice_of(definition->declared, modifier);
        hm_function *function =
                hm_arena_array(&build->graph->arena, 1, sizeof *function);
        if (function == NULL) {
            return HM_NO_MEMORY;
        }
        *function = *definition->function;
        HM_TRY(hm_switch_describe(&build->graph->arena, &choice, function));
        HM_TRY(derive_version(build, &choice, function));
        definition->function = function;
    }
    return HM_OK;
}

static void complain(void *check, const char *mend, const char *message) {
    hm_check_complain(check, mend, "%s", message);
}

static void inspect(hm_check *check, const hm_modifier *modifier) {
    if (!hm_argument_is_word(&modifier->arguments[0])) {
        hm_check_complain(check, "write HM_SWITCH(parameter, value, ...)",
                "argument 1 of HM_SWITCH is no name");
        return;
    }
    hm_choice choice = choice_of(check->function, modifier);
    hm_choice_check(&choice, complain, check);
}

const hm_modifier_rule hm_rule_switch = {
        .name = "switch",
        .phase = HM_PHASE_MAKER,
        .fewest_arguments = 1,
        .most_arguments = SIZE_MAX,
        .is_single = true,
        .inspect = inspect,
        .apply = apply,
};
