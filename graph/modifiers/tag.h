// tag.h — the tags of definitions that are no functions of the module.

#ifndef HM_GRAPH_MODIFIERS_TAG_H
#define HM_GRAPH_MODIFIERS_TAG_H

#include <hamilton/module.h>
#include <hamilton/status.h>

#include "graph/build.h"

// Gives the definition of a step the tags of the function that it calls; those of the
// declared function may follow.
hm_status hm_definition_tag_step(
        hm_build *build, hm_definition *definition, const hm_function *called);

#endif
