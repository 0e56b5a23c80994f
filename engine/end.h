// end.h — how a value ends that a function gave to the engine.

#ifndef HM_ENGINE_END_H
#define HM_ENGINE_END_H

#include "engine/plan.h"

// Frees what was given in the value at this slot: strings by the module's free, objects
// by their type's destroy, the arrays of expansions by the module's free. Pieces that
// were not made are NULL and passed over.
void hm_end(const hm_plan_value *value, void *slot);

#endif
