// identity.h — a function that makes what it takes: a second name for a node.

#ifndef HM_GRAPH_IDENTITY_H
#define HM_GRAPH_IDENTITY_H

#include <hamilton/module.h>
#include <hamilton/status.h>

#include "base/arena.h"

// Describes it for what an output makes: it takes the node of the output's name and
// makes one of the given name. Keeps the output's names and name.
hm_status hm_identity_describe(
        hm_arena *arena, const hm_output *of, const char *name, hm_function **function);

#endif
