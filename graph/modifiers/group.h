// group.h — HM_GROUP: an array parameter that is filled with single values.

#ifndef HM_GRAPH_MODIFIERS_GROUP_H
#define HM_GRAPH_MODIFIERS_GROUP_H

#include <stddef.h>

#include <hamilton/module.h>
#include <hamilton/status.h>

#include "base/bindings.h"
#include "graph/build.h"

// Replaces each parameter of the definition's own function that a binding groups by one
// parameter for each member, of one value, and its thunk by one that forms the arrays
// and calls the declared function. The other bindings have been applied.
hm_status hm_definition_group(hm_build *build, hm_definition *definition,
        const hm_function *declared, hm_function *function,
        const hm_bindings *bindings);

#endif
