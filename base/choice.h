// choice.h — HM_SWITCH(parameter, value, ...): the parameter chooses which of the
// others, the branches, a function takes. The reflector checks those of a source, the
// graph those of tables that anybody may have filled.

#ifndef HM_BASE_CHOICE_H
#define HM_BASE_CHOICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hamilton/module.h>

#include "base/refusal.h"

typedef struct hm_choice {
    const char *function; // its name
    const hm_modifier *modifier;
    const hm_parameter *parameters;
    size_t parameter_count;
    const hm_output *outputs;
    size_t output_count;
    bool is_async; // the function
} hm_choice;

// The index of the parameter that chooses, or HM_NONE.
uint32_t hm_choice_parameter(const hm_choice *choice);

// What chooses branch number `branch`, as a literal of that parameter's type: what the
// modifier names, else of text the branch's name, else its number. Of this one the
// choice is sound; the literal's text may be NULL where it is a number.
hm_argument hm_choice_value(const hm_choice *choice, size_t branch);

// Refuses a choice by something that cannot choose, or between branches that are not of
// the type of what is made, and values that do not tell them apart.
void hm_choice_check(const hm_choice *choice, hm_refuse *refuse, void *context);

#endif
