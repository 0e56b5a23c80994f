// default.h — HM_DEFAULT: the value of an input that nothing supplies.

#ifndef HM_REFLECT_DEFAULT_H
#define HM_REFLECT_DEFAULT_H

#include "reflect/model.h"
#include "reflect/source.h"

// Gives the parameter the default, if its type can hold it; else reports why not.
// parameter is NULL where the argument named `name` is no input.
void hm_default_apply(hm_source *source, const hm_model_function *function,
        hm_model_parameter *parameter, const char *name, const hm_modifier *modifier,
        hm_place place);

// The literal as a C initializer of the type, or NULL if it is none.
const char *hm_default_code(
        hm_source *source, const hm_model_type *type, const hm_argument *literal);

// Where the type is an enum and the argument one of its enumerators, makes a number of
// it, which keeps its text.
void hm_default_resolve(
        hm_source *source, const hm_model_type *type, hm_argument *argument);

#endif
