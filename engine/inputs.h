// inputs.h — the values that a request and the config give, matched to the graph's
// names.

#ifndef HM_ENGINE_INPUTS_H
#define HM_ENGINE_INPUTS_H

#include <hamilton/value.h>

#include "engine/plan.h"

// Fills given[node] with the value of every input and override, NULL where there is
// none. Checks names and types, reads JSON (the plan owns what is read), reports all
// faults.
hm_status hm_plan_bind_inputs(hm_compilation *compilation, const hm_value **given);

#endif
