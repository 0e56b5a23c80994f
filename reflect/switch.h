// switch.h — HM_SWITCH: a prototype whose node takes one of its parameters.

#ifndef HM_REFLECT_SWITCH_H
#define HM_REFLECT_SWITCH_H

#include "reflect/model.h"
#include "reflect/source.h"

// Reports what keeps a function, whose signature is read and without faults, from being
// a switch. By an enum it chooses by the enumerators: where the modifier names no
// values, they are added to it.
void hm_switch_read(hm_source *source, hm_model_function *function,
        hm_modifier *modifier, hm_place place);

#endif
