// save_nodes.h — the node that saves values, and is the metadata of what was saved.

#ifndef HM_GRAPH_SAVE_NODES_H
#define HM_GRAPH_SAVE_NODES_H

#include <stdint.h>

#include <hamilton/data_format.h>
#include <hamilton/status.h>

#include "base/data_use.h"
#include "graph/build.h"
#include "graph/formats.h"

typedef struct hm_save_nodes {
    const hm_data_format *format;
    hm_data_use use;
    const hm_formatted *values; // as who makes them declares it; they have the names
                                // that they get in what is saved
    const char *const *sources; // the nodes that they are
    uint32_t value_count;
    const char *node;
    const char *doc;
    hm_definition like; // role, names and parameters aside, what the definition is
} hm_save_nodes;

hm_status hm_save_nodes_add(
        hm_build *build, hm_definitions *definitions, const hm_save_nodes *nodes);

#endif
