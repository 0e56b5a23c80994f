// callees.h — functions that the modifiers of others name, as steps, checks and what
// else they have called: rows of the module's table that are no nodes, unless they are
// nodes as well.

#ifndef HM_REFLECT_CALLEES_H
#define HM_REFLECT_CALLEES_H

#include "reflect/declared.h"
#include "reflect/model.h"
#include "reflect/source.h"

// Marks the functions that modifiers of others name; the modifiers of all are read.
void hm_callees_mark(hm_declared *declared);

// Reports names of what is no function, or none that could be called. Those that
// modifiers name are in the model already.
void hm_callees_check(hm_source *source, const hm_declared *declared);

// The function of this name in the model, or NULL.
hm_model_function *hm_callee_find(
        const hm_declared *declared, const hm_model *model, const char *name);

#endif
