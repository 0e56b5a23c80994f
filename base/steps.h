// steps.h — HM_STEP(function, binding..., HM_IF(key, value), HM_AS(name)): what
// HM_PIPE_INPUT and HM_PIPE_OUTPUT are made of. HM_MUTATE(target, binding, ...) on a
// function is a step too. The reflector checks those of a source, the graph those of
// tables that anybody may have filled.

#ifndef HM_BASE_STEPS_H
#define HM_BASE_STEPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hamilton/module.h>

#include "base/bindings.h"
#include "base/refusal.h"

typedef struct hm_step {
    const char *macro; // "HM_STEP" or "HM_MUTATE"
    const char *function;
    const hm_argument *bindings;
    size_t binding_count;
    const hm_argument *settings; // HM_IF, HM_IF_NOT and HM_AS
    size_t setting_count;
} hm_step;

// Whether a modifier is a chain of steps before a parameter, or behind an output, or
// makes a step of its function.
bool hm_is_pipe_input(const hm_modifier *modifier);
bool hm_is_pipe_output(const hm_modifier *modifier);
bool hm_is_mutate(const hm_modifier *modifier);

// How many steps a modifier has, and each of them; of a modifier that is none of these
// it is 0. function: that the modifier stands on.
size_t hm_steps_count(const hm_modifier *modifier);
hm_step hm_steps_at(const hm_modifier *modifier, const char *function, size_t index);

// What a step is called behind "with_", repetitions aside.
const char *hm_step_name(const hm_step *step);

// Whether a setting is HM_IF, or HM_IF_NOT: its arguments are a key and values.
bool hm_setting_is_if(const hm_argument *setting);
bool hm_setting_is_if_not(const hm_argument *setting);

// Whether config decides if the step takes part.
bool hm_step_is_conditional(const hm_step *step);

// The parameter that takes the value, the first one that is not bound, or HM_NONE.
uint32_t hm_step_parameter(const hm_step *step, const hm_bindings *function);

// Refuses arguments of a modifier that are no steps, or no bindings and settings. True
// if nothing was refused.
bool hm_steps_check_form(const hm_modifier *modifier, const char *function,
        hm_refuse *refuse, void *context);

// Refuses a step of sound form that the function it names cannot be. Items of
// `function` are those of the step, or none.
void hm_step_check(const hm_step *step, const hm_bindings *function, hm_refuse *refuse,
        void *context);

// Refuses an HM_PIPE_INPUT of sound form whose parameter the function does not take, or
// takes from no node. modifiers: all of the function's.
void hm_pipe_input_check(const hm_modifier *pipe, const hm_bindings *function,
        const hm_modifier *modifiers, size_t modifier_count, hm_refuse *refuse,
        void *context);

#endif
