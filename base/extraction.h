// extraction.h — HM_EXTRACT_FIELDS: which fields of a function's struct become nodes.
// The reflector asks it of a source, the graph of tables that anybody may have filled.

#ifndef HM_BASE_EXTRACTION_H
#define HM_BASE_EXTRACTION_H

#include <stddef.h>

#include <hamilton/module.h>

#include "base/refusal.h"

// The output that is named as the function, or NULL.
const hm_output *hm_output_own(
        const char *function, const hm_output *outputs, size_t output_count);

// How many fields the modifier names; without arguments it means all. The field that is
// number `index` of them, or NULL if there is none of that name.
size_t hm_extraction_count(const hm_modifier *modifier, const hm_type *type);
const hm_field *hm_extraction_field(
        const hm_modifier *modifier, const hm_type *type, size_t index);

// Refuses whatever keeps the modifier from making nodes of the function's own output.
// Its arguments are words.
void hm_extraction_check(const hm_modifier *modifier, const char *function,
        const hm_output *outputs, size_t output_count, hm_refuse *refuse,
        void *context);

#endif
