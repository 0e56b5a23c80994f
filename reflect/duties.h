// duties.h — HM_DESTROYS, HM_WRITES, HM_READS and HM_HASHES: what is done with values
// of a type, and by which function.

#ifndef HM_REFLECT_DUTIES_H
#define HM_REFLECT_DUTIES_H

#include "reflect/declared.h"
#include "reflect/model.h"
#include "reflect/types.h"

// Whether a modifier says that the function has a duty, so that it is no node.
bool hm_duties_has(const hm_declared_function *function);

// Gives the function's duties to the type that it takes or makes a pointer to, or
// reports why it cannot have them.
void hm_duties_note(hm_types *types, const hm_declared_function *function);

// Reports outputs that are given by pointer and cannot be destroyed.
void hm_duties_check_outputs(hm_source *source, const hm_model_function *function);

// Reports types whose values are read and not written, or cannot be destroyed then. Of
// what is read, values are given.
void hm_duties_check_types(hm_types *types);

// Whether the module's table has the type's function of a duty: a header may declare
// one that only the modules define that need it.
bool hm_duty_is_here(const hm_model_type *type, const hm_model_duty *duty);

#endif
