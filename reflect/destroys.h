// destroys.h — HM_DESTROYS: how values that are given by pointer end.

#ifndef HM_REFLECT_DESTROYS_H
#define HM_REFLECT_DESTROYS_H

#include "reflect/declared.h"
#include "reflect/model.h"
#include "reflect/types.h"

// Makes the function the destroyer of the type that it takes a pointer to, or reports
// why it cannot be.
void hm_destroys_note(
        hm_types *types, const hm_declared_function *function, hm_place place);

// Reports outputs that are given by pointer and cannot be destroyed.
void hm_destroys_check(hm_source *source, const hm_model_function *function);

#endif
