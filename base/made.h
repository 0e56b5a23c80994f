// made.h — the nodes that a function makes, as far as its declaration and its modifiers
// tell without config. The reflector asks it of a source, the graph of tables.

#ifndef HM_BASE_MADE_H
#define HM_BASE_MADE_H

#include <stdbool.h>
#include <stddef.h>

#include <hamilton/module.h>

typedef struct hm_making {
    const char *function; // its name
    const hm_output *outputs;
    size_t output_count;
    const hm_modifier *modifiers;
    size_t modifier_count;
} hm_making;

// Gets the name of a node, which ends after `length` bytes, and the modifier that made
// it, or NULL.
typedef void hm_made_visit(
        void *context, const char *name, size_t length, const hm_modifier *by);

// Visits the outputs under the names of their nodes, the nodes of HM_PARAMETERIZE and
// HM_SUBDAG_AS in place of the function's own, and the fields of HM_EXTRACT_FIELDS.
// Arguments that are no names are passed over.
void hm_made_each(const hm_making *making, hm_made_visit *visit, void *context);

// Whether there may be nodes beside these, whose names are known later.
bool hm_made_may_be_more(const hm_making *making);

// Whether the function is one of those among which config chooses.
bool hm_made_is_variant(const hm_making *making);

#endif
