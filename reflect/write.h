// write.h — a model becomes the C file that defines the module.

#ifndef HM_REFLECT_WRITE_H
#define HM_REFLECT_WRITE_H

#include "base/text.h"
#include "reflect/model.h"

// The whole file: the user's source, then tables and thunks.
void hm_write_module(hm_text *to, const hm_model *model);

// The two parts of it: the thunks of every function, and the tables that point at them.
void hm_write_thunks(hm_text *to, const hm_model *model);
void hm_write_tables(hm_text *to, const hm_model *model);

// The part of the tables that describes types, and the number of one there.
void hm_write_types(hm_text *to, const hm_model *model);
uint32_t hm_write_type_number(const hm_type *type);

// Whether a function has a map thunk.
bool hm_write_has_map(const hm_model_function *function);

// Whether it is hm_rows_thunk: every argument and result is a number and nothing can
// stop the loop.
bool hm_write_has_rows(const hm_model_function *function);

#endif
