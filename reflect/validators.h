// validators.h — HM_CHECK_RANGE and its kin, and HM_CHECK, which names a function.

#ifndef HM_REFLECT_VALIDATORS_H
#define HM_REFLECT_VALIDATORS_H

#include "reflect/declared.h"
#include "reflect/model.h"
#include "reflect/modifiers.h"

// Reports checks that do not fit what the function makes. Names of enumerators among
// their arguments become numbers.
void hm_validators_read(hm_source *source, const hm_model_function *function,
        const hm_modifiers *modifiers);

// Reports functions that checks name and that are no validators; all have been read.
void hm_validators_check_own(
        hm_source *source, const hm_declared *declared, const hm_model *model);

#endif
