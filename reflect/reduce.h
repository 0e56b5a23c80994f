// reduce.h — HM_REDUCE: what makes one value of those of two chunks.

#ifndef HM_REFLECT_REDUCE_H
#define HM_REFLECT_REDUCE_H

#include "reflect/declared.h"
#include "reflect/model.h"
#include "reflect/types.h"

// Finds the combining function that the modifier names for a function whose signature
// is read and without faults, or reports why it cannot be reduced.
void hm_reduce_read(hm_types *types, const hm_declared *declared,
        hm_model_function *function, const hm_modifier *modifier, hm_place place);

#endif
