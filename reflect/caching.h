// caching.h — HM_CACHE on functions.

#ifndef HM_REFLECT_CACHING_H
#define HM_REFLECT_CACHING_H

#include "reflect/model.h"
#include "reflect/modifiers.h"
#include "reflect/source.h"

// Refuses an HM_CACHE of the function whose word is no behaviour.
void hm_caching_check(hm_source *source, const hm_model_function *function,
        const hm_modifiers *modifiers);

#endif
