// parameterize.h — the nodes that HM_PARAMETERIZE makes of a function, in place of its
// own.

#ifndef HM_GRAPH_MODIFIERS_PARAMETERIZE_H
#define HM_GRAPH_MODIFIERS_PARAMETERIZE_H

#include <stddef.h>

#include <hamilton/module.h>
#include <hamilton/status.h>

#include "graph/build.h"
#include "graph/modifiers/modifier.h"

// The name of the next node from modifier *at on, which moves behind it, or NULL; also
// those that HM_SUBDAG_AS makes, which never stands beside it.
const char *hm_parameterize_next(
        const hm_modifier *modifiers, size_t count, size_t *at);

// Adds a node of a definition's function, as an HM_PARAMETERIZE says.
hm_status hm_parameterize_add(hm_applying *applying, const hm_definition *original,
        const hm_modifier *modifier);

// Fills in the doc comment of a function that the modifier makes of a declared one:
// what the node is called, and what is bound.
hm_status hm_parameterize_doc(hm_build *build, const hm_function *declared,
        const hm_modifier *modifier, hm_function *function);

#endif
