// subdag.h — what HM_SUBDAG("module.c", ...) and HM_SUBDAG_AS(name, "module.c", ...)
// say. The reflector checks those of a source, the graph those of tables that anybody
// may have filled.

#ifndef HM_BASE_SUBDAG_H
#define HM_BASE_SUBDAG_H

#include <stdbool.h>
#include <stddef.h>

#include <hamilton/module.h>

#include "base/bindings.h"

typedef struct hm_subdag {
    const char *macro;        // "HM_SUBDAG"
    const char *node;         // that HM_SUBDAG_AS makes, or NULL
    const char *path;         // of the module's file, from where the function stands
    const hm_argument *items; // HM_SOURCE, HM_VALUE, HM_CONFIG and HM_EXTERNAL
    size_t count;
} hm_subdag;

// False if the modifier is another, or lacks what comes before the items.
bool hm_subdag_read(const hm_modifier *modifier, hm_subdag *subdag);

// The kinds of items; an item that has been checked is one of four.
bool hm_subdag_is_value(const hm_argument *item);
bool hm_subdag_is_config(const hm_argument *item);
bool hm_subdag_is_external(const hm_argument *item);

// A function with all its modifiers.
typedef struct hm_subdag_function {
    const char *name;
    const hm_parameter *parameters;
    size_t parameter_count;
    const hm_output *outputs;
    size_t output_count;
    const hm_modifier *modifiers;
    size_t modifier_count;
} hm_subdag_function;

// Refuses one of its modifiers, a subdag, that is malformed, binds a name twice, or
// does not go together with the others. What the module holds is not known here.
void hm_subdag_check(const hm_subdag_function *function, const hm_modifier *modifier,
        hm_refuse *refuse, void *context);

#endif
