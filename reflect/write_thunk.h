// write_thunk.h — the thunks of one function, and what they have in common.

#ifndef HM_REFLECT_WRITE_THUNK_H
#define HM_REFLECT_WRITE_THUNK_H

#include "base/text.h"
#include "reflect/model.h"

// Writes hm_call_NUMBER.
void hm_write_call(hm_text *to, const hm_model_function *function, uint32_t number);

// Writes hm_rows_NUMBER or hm_map_NUMBER.
void hm_write_map(hm_text *to, const hm_model_function *function, uint32_t number);

// Writes hm_start_NUMBER.
void hm_write_start(hm_text *to, const hm_model_function *function, uint32_t number);

// Writes hm_combine_NUMBER. Every part has it: else a static combiner would be one that
// nothing uses.
void hm_write_combine(hm_text *to, const hm_model_function *function, uint32_t number);

// The number of the slot of an output: those of the parameters come first.
uint32_t hm_slot_of_output(const hm_model_function *function, uint32_t output);

// The first parameter that is an array over the dimension, which tells its length.
uint32_t hm_array_over(const hm_model_function *function, uint32_t dimension);

// Write the C type of what a slot holds: "const struct model *". A function that gives
// a string through a parameter takes a char * there.
void hm_write_parameter_type(hm_text *to, const hm_parameter *parameter);
void hm_write_output_type(
        hm_text *to, const hm_model_function *function, uint32_t output);

// Writes one argument of the C function.
typedef void hm_write_argument(hm_text *to, const hm_model_function *function,
        const hm_model_argument *argument);

// Writes the call of the C function, without a semicolon.
void hm_write_invocation(hm_text *to, const hm_model_function *function,
        hm_write_argument *write_argument);

#endif
