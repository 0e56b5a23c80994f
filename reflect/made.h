// made.h — the nodes that functions make: what is said of them, and that none is made
// twice.

#ifndef HM_REFLECT_MADE_H
#define HM_REFLECT_MADE_H

#include "reflect/model.h"
#include "reflect/modifiers.h"
#include "reflect/source.h"

// Faults of HM_TAG_OUTPUT. The function's outputs are known.
void hm_made_check_tags(hm_source *source, const hm_model_function *function,
        const hm_modifiers *modifiers);

// Faults of tags that a function has twice.
void hm_made_check_keys(hm_source *source, const hm_model_function *function,
        const hm_modifiers *modifiers);

// Faults of nodes that are made twice whatever config is: variants aside.
void hm_made_check_nodes(hm_source *source, const hm_model *model);

#endif
