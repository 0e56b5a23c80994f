// types.h — the types of a module, each described once.

#ifndef HM_REFLECT_TYPES_H
#define HM_REFLECT_TYPES_H

#include "base/names.h"
#include "reflect/model.h"
#include "reflect/source.h"

typedef struct hm_types {
    hm_source *source;
    hm_names names; // canonical name -> number
    hm_model_type **items;
    uint32_t count;
    uint32_t described; // the fields of the types before this one are read
} hm_types;

void hm_types_init(hm_types *types, hm_source *source);
void hm_types_finish(hm_types *types);

// The description of a type, qualifiers aside; what cannot be a value is
// HM_KIND_OPAQUE. `const char *` is a string. NULL if memory ran out.
hm_model_type *hm_types_get(hm_types *types, CXType type);

// `const char *`.
hm_model_type *hm_types_string(hm_types *types);

// The description of times of a unit, which are int64_t. NULL if memory ran out.
hm_model_type *hm_types_time(hm_types *types, hm_time_unit unit);

// Computes holds_pointers of every type, once all are known.
void hm_types_trace_pointers(hm_types *types);

#endif
