// time.h — HM_TIME: what the integers of a parameter or an output count.

#ifndef HM_REFLECT_TIME_H
#define HM_REFLECT_TIME_H

#include "reflect/model.h"
#include "reflect/types.h"

// Makes a time of an input or output; `name` is the parameter's, or the function's for
// its own output. Reports what cannot be one.
void hm_time_apply(hm_types *types, hm_model_function *function, const char *name,
        const hm_modifier *modifier, hm_place place);

#endif
