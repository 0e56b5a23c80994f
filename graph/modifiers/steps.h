// steps.h — functions before a parameter and behind an output: the definitions that
// HM_PIPE_INPUT, HM_PIPE_OUTPUT and HM_MUTATE make of steps.
//
//     x ──▶ f.with_scale ──▶ f.raw ──▶ f.with_clip ──▶ f
//           a pipe on x      f itself  a pipe's first   and its last step

#ifndef HM_GRAPH_MODIFIERS_STEPS_H
#define HM_GRAPH_MODIFIERS_STEPS_H

#include <hamilton/module.h>
#include <hamilton/status.h>

#include "graph/modifiers/modifier.h"

// Puts those steps of an HM_PIPE_INPUT that config lets take part before its parameter,
// in each definition of the function.
hm_status hm_definition_steps_before(
        hm_applying *applying, const hm_modifier *modifier);

// Puts those of HM_PIPE_OUTPUT and of mutations behind what the definitions of the
// function make.
hm_status hm_definition_steps_behind(
        hm_applying *applying, const hm_function *declared);

#endif
