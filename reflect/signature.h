// signature.h — what a function's declaration says: its parameters, outputs, dimensions
// and result.

#ifndef HM_REFLECT_SIGNATURE_H
#define HM_REFLECT_SIGNATURE_H

#include "reflect/model.h"
#include "reflect/source.h"
#include "reflect/types.h"

// Fills the fields of a function that follow from its declaration `function->cursor`;
// cursor, place and name are set. All faults of the declaration are reported.
void hm_signature_read(hm_source *source, hm_types *types, hm_model_function *function);

// The parameter of a name, as the definition has it, or NULL: for its modifiers.
hm_model_parameter *hm_signature_find(hm_model_function *function, const char *name);

// The parameters one behind the other, in the source's arena; NULL if memory ran out.
hm_parameter *hm_signature_parameters(
        hm_source *source, const hm_model_function *function);

#endif
