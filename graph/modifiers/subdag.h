// subdag.h — HM_SUBDAG and HM_SUBDAG_AS: the graph of another module, in a namespace.

#ifndef HM_GRAPH_MODIFIERS_SUBDAG_H
#define HM_GRAPH_MODIFIERS_SUBDAG_H

#include <stdint.h>

#include <hamilton/module.h>
#include <hamilton/status.h>

#include "graph/build.h"

typedef struct hm_subdag_target {
    uint32_t module; // among the graph's, or HM_NONE
    uint32_t other;  // likewise, which the path could mean as well
} hm_subdag_target;

// The module that a function names by the path of its file: the one whose file it is,
// seen from the file of the function; or else the only one whose file ends so, as
// modules come from elsewhere than where they were compiled.
hm_status hm_subdag_find(hm_build *build, const hm_function *function, const char *path,
        hm_subdag_target *target);

#endif
