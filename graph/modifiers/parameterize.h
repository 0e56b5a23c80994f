// parameterize.h — the nodes that HM_PARAMETERIZE makes of a function, in place of its
// own.

#ifndef HM_GRAPH_MODIFIERS_PARAMETERIZE_H
#define HM_GRAPH_MODIFIERS_PARAMETERIZE_H

#include <stddef.h>

#include <hamilton/module.h>
#include <hamilton/status.h>

#include "graph/build.h"
#include "graph/modifiers/modifier.h"

// The name of the next node from modifier *at on, which moves behind it, or NULL.
const char *hm_parameterize_next(
        const hm_modifier *modifiers, size_t count, size_t *at);

// Adds a node of a definition's function, as an HM_PARAMETERIZE says.
hm_status hm_parameterize_add(hm_applying *applying, const hm_definition *original,
        const hm_modifier *modifier);

#endif
