// reach.h — what each function uses: helpers, macros, types, globals of the user's
// files, and what those use in turn. From it follow the code versions, and which
// functions keep state.

#ifndef HM_REFLECT_REACH_H
#define HM_REFLECT_REACH_H

#include "reflect/declared.h"
#include "reflect/macros.h"
#include "reflect/model.h"
#include "reflect/source.h"

// Gives every function of the model its version. Writing a global or a static local,
// itself or through a helper, is a fault of a function that is not HM_STATEFUL.
void hm_reach_read(hm_source *source, const hm_macros *macros,
        const hm_declared *declared, hm_model *model);

#endif
