// steps.h — HM_PIPE_INPUT, HM_PIPE_OUTPUT and HM_MUTATE: chains of functions before a
// parameter and behind what a function makes.

#ifndef HM_REFLECT_STEPS_H
#define HM_REFLECT_STEPS_H

#include "reflect/declared.h"
#include "reflect/model.h"
#include "reflect/source.h"

// Checks the steps of all functions, which are in the model with their signatures, and
// makes numbers of the enumerators among their values. Reports what is wrong.
void hm_steps_read(
        hm_source *source, const hm_declared *declared, const hm_model *model);

#endif
