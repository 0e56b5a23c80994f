// steps.c — see steps.h.

#include "base/steps.h"

#include <string.h>

#include "base/literal.h"

bool hm_is_pipe_input(const hm_modifier *modifier) {
    return strcmp(modifier->name, "pipe_input") == 0;
}

bool hm_is_pipe_output(const hm_modifier *modifier) {
    return strcmp(modifier->name, "pipe_output") == 0;
}

bool hm_is_mutate(const hm_modifier *modifier) {
    return strcmp(modifier->name, "mutate") == 0;
}

static bool is_call(const hm_argument *argument, const char *name) {
    return argument->kind == HM_ARGUMENT_CALL && strcmp(argument->text, name) == 0;
}

bool hm_setting_is_if(const hm_argument *setting) {
    return is_call(setting, "if");
}

bool hm_setting_is_if_not(const hm_argument *setting) {
    return is_call(setting, "if_not");
}

static bool is_setting(const hm_argument *argument) {
    return hm_setting_is_if(argument) || hm_setting_is_if_not(argument) ||
           is_call(argument, "as");
}

size_t hm_steps_count(const hm_modifier *modifier) {
    if (hm_is_mutate(modifier)) {
        return 1;
    }
    bool is_input = hm_is_pipe_input(modifier);
    return is_input || hm_is_pipe_output(modifier) ? modifier->argument_count - is_input
                                                   : 0;
}

hm_step hm_steps_at(const hm_modifier *modifier, const char *function, size_t index) {
    hm_step step = {.macro = "HM_MUTATE",
            .function = function,
            .bindings = modifier->arguments + 1,
            .binding_count = modifier->argument_count - 1};
    if (!hm_is_mutate(modifier)) {
        const hm_argument *call =
                &modifier->arguments[index + hm_is_pipe_input(modifier)];
        step = (hm_step){.macro = "HM_STEP",
                .function = call->arguments[0].text,
                .bindings = call->arguments + 1,
                .binding_count = call->argument_count - 1};
    }
    size_t all = step.binding_count;
    step.binding_count = 0;
    while (step.binding_count < all &&
            !is_setting(&step.bindings[step.binding_count])) {
        step.binding_count++;
    }
    step.settings = step.bindings + step.binding_count;
    step.setting_count = all - step.binding_count;
    return step;
}

// `_add` is private where names can say so, and called `add` nevertheless.
const char *hm_step_name(const hm_step *step) {
    for (size_t i = 0; i < step->setting_count; i++) {
        if (is_call(&step->settings[i], "as")) {
            return step->settings[i].arguments[0].text;
        }
    }
    const char *name = step->function + strspn(step->function, "_");
    return name[0] != '\0' ? name : step->function;
}

bool hm_step_is_conditional(const hm_step *step) {
    for (size_t i = 0; i < step->setting_count; i++) {
        if (!is_call(&step->settings[i], "as")) {
            return true;
        }
    }
    return false;
}

uint32_t hm_step_parameter(const hm_step *step, const hm_bindings *function) {
    for (uint32_t p = 0; p < function->parameter_count; p++) {
        bool is_bound = false;
        for (size_t i = 0; i < step->binding_count && !is_bound; i++) {
            is_bound = hm_binding_parameter(function, &step->bindings[i]) == p;
        }
        if (!is_bound) {
            return p;
        }
    }
    return HM_NONE;
}

static bool are_values(const hm_argument *arguments, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (arguments[i].kind == HM_ARGUMENT_CALL) {
            return false;
        }
    }
    return true;
}

static bool check_setting(const hm_refusal *refusal, const hm_argument *setting) {
    const hm_argument *parts = setting->arguments;
    size_t count = setting->argument_count;
    if (!is_setting(setting)) {
        hm_refusal_tell(refusal,
                "write bindings first, then HM_IF, HM_IF_NOT and HM_AS",
                "`%s` stands behind a condition or name", setting->text);
        return false;
    }
    if (is_call(setting, "as")) {
        if (count != 1 || !hm_argument_is_word(&parts[0])) {
            hm_refusal_tell(refusal, "write HM_AS(name)", "HM_AS gives no name");
            return false;
        }
        return true;
    }
    if (count < 2 || !hm_argument_is_word(&parts[0]) ||
            !are_values(parts + 1, count - 1)) {
        bool is_not = hm_setting_is_if_not(setting);
        hm_refusal_tell(refusal,
                "write HM_IF(key, value, ...) or HM_IF_NOT(key, value, ...)",
                "HM_IF%s is no key with values", is_not ? "_NOT" : "");
        return false;
    }
    return true;
}

static bool check_settings(const hm_refusal *refusal, const hm_step *step) {
    size_t names = 0;
    for (size_t i = 0; i < step->setting_count; i++) {
        if (!check_setting(refusal, &step->settings[i])) {
            return false;
        }
        names += is_call(&step->settings[i], "as");
    }
    if (names > 1) {
        hm_refusal_tell(refusal, "keep one of them", "HM_AS stands twice in it");
    }
    return names <= 1;
}

bool hm_steps_check_form(const hm_modifier *modifier, const char *function,
        hm_refuse *refuse, void *context) {
    hm_refusal refusal = {hm_is_pipe_input(modifier)    ? "HM_PIPE_INPUT"
                          : hm_is_pipe_output(modifier) ? "HM_PIPE_OUTPUT"
                                                        : "HM_MUTATE",
            function, refuse, context};
    size_t first = !hm_is_pipe_output(modifier);
    if (first > 0 && !hm_argument_is_word(&modifier->arguments[0])) {
        hm_refusal_tell(&refusal, "name it first", "`%s` is no %s",
                modifier->arguments[0].text,
                hm_is_mutate(modifier) ? "function" : "parameter");
        return false;
    }
    bool is_sound = true;
    for (size_t i = 0; i < hm_steps_count(modifier); i++) {
        const hm_argument *call = &modifier->arguments[first + i];
        if (!hm_is_mutate(modifier) &&
                (!is_call(call, "step") || call->argument_count == 0 ||
                        !hm_argument_is_word(&call->arguments[0]))) {
            hm_refusal_tell(&refusal,
                    "write HM_STEP(function, binding, ..., HM_IF(key, value))",
                    "`%s` is no step", call->text);
            is_sound = false;
            continue;
        }
        hm_step step = hm_steps_at(modifier, function, i);
        hm_refusal within = {step.macro, step.function, refuse, context};
        is_sound = check_settings(&within, &step) && is_sound;
    }
    return is_sound;
}

void hm_step_check(const hm_step *step, const hm_bindings *function, hm_refuse *refuse,
        void *context) {
    hm_refusal refusal = {step->macro, step->function, refuse, context};
    hm_bindings bindings = *function;
    bindings.macro = step->macro;
    bindings.function = step->function;
    bindings.items = step->bindings;
    bindings.count = step->binding_count;
    hm_bindings_check(&bindings, refuse, context);
    if (function->output_count != 1) {
        hm_refusal_tell(&refusal, "let it make one thing, returned or called `out`",
                "it makes %zu things, and a step makes one", function->output_count);
    }
    if (hm_step_parameter(step, function) == HM_NONE) {
        hm_refusal_tell(&refusal, "leave one of its parameters unbound",
                "it has no parameter left that takes the value");
    }
}

// A literal or group goes nowhere but into the parameter itself.
static void check_bound(
        const hm_refusal *refusal, const hm_modifier *modifier, const char *parameter) {
    for (size_t i = 0; i < modifier->argument_count; i++) {
        const hm_argument *binding = &modifier->arguments[i];
        bool is_literal = is_call(binding, "value") || is_call(binding, "group");
        if (is_literal && binding->argument_count > 0 &&
                strcmp(binding->arguments[0].text, parameter) == 0) {
            hm_refusal_tell(refusal, "bind it with HM_SOURCE, or leave out the pipe",
                    "`%s` is bound to a %s, which no step can stand before", parameter,
                    is_call(binding, "value") ? "literal" : "group");
        }
    }
}

void hm_pipe_input_check(const hm_modifier *pipe, const hm_bindings *function,
        const hm_modifier *modifiers, size_t modifier_count, hm_refuse *refuse,
        void *context) {
    hm_refusal refusal = {"HM_PIPE_INPUT", function->function, refuse, context};
    const char *parameter = pipe->arguments[0].text;
    bool is_there = false;
    for (size_t p = 0; p < function->parameter_count; p++) {
        is_there |= strcmp(function->parameters[p].name, parameter) == 0;
    }
    if (!is_there) {
        hm_bindings bindings = *function;
        bindings.macro = refusal.macro;
        hm_bindings_refuse_unknown(&bindings, parameter, refuse, context);
        return;
    }
    for (size_t i = 0; i < modifier_count; i++) {
        bool binds = strcmp(modifiers[i].name, "inject") == 0 ||
                     strcmp(modifiers[i].name, "parameterize") == 0;
        if (binds) {
            check_bound(&refusal, &modifiers[i], parameter);
        }
    }
}
