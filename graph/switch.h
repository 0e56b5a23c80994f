// switch.h — HM_SWITCH: the function that takes one of its parameters, by the value of
// another.

#ifndef HM_GRAPH_SWITCH_H
#define HM_GRAPH_SWITCH_H

#include <stdint.h>

#include <hamilton/module.h>
#include <hamilton/status.h>

#include "base/arena.h"
#include "base/choice.h"

typedef struct hm_switch hm_switch;

// Describes the function of a sound choice: sets the thunks of *function, which is a
// copy of the declared one, and their `self`. Keeps what the choice points at.
hm_status hm_switch_describe(
        hm_arena *arena, const hm_choice *choice, hm_function *function);

// What a function chooses by; NULL if it is no such function.
const hm_switch *hm_switch_of(const hm_function *function);

// The parameter that chooses.
uint32_t hm_switch_chooser(const hm_switch *choosing);

// The parameter that is taken for a value of it, which is borrowed; HM_NONE if none is.
// Any thread.
uint32_t hm_switch_choose(const hm_switch *choosing, const void *value);

#endif
