// bindings.h — modifiers that bind parameters or inputs, and what they are bound to.

#ifndef HM_REFLECT_BINDINGS_H
#define HM_REFLECT_BINDINGS_H

#include "base/bindings.h"
#include "reflect/model.h"
#include "reflect/modifiers.h"
#include "reflect/source.h"

// What a function takes and makes, without bindings.
hm_bindings hm_bindings_describe(hm_source *source, const hm_model_function *function);

// Makes numbers of the enumerators among the values of bindings.
void hm_bindings_resolve(hm_source *source, const hm_bindings *bindings);

// Checks the bindings and subdags of a function whose signature is read, and makes
// numbers of the enumerators among their values. Reports what is wrong.
void hm_bindings_read(hm_source *source, const hm_model_function *function,
        const hm_modifiers *modifiers);

#endif
