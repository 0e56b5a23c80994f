// load_nodes.h — the nodes that a load makes: what was loaded, and the metadata.

#ifndef HM_GRAPH_LOAD_NODES_H
#define HM_GRAPH_LOAD_NODES_H

#include <stdint.h>

#include <hamilton/data_format.h>
#include <hamilton/module.h>
#include <hamilton/status.h>

#include "base/data_use.h"
#include "graph/build.h"
#include "graph/formats.h"

// One value that is loaded.
typedef struct hm_load_part {
    hm_formatted value; // as who takes it declares it
    hm_data_use use;
    const char *node;     // that it becomes
    const char *metadata; // that tells of it
} hm_load_part;

// What one load makes. What is said of the format and where the data are is that of the
// first part; all parts of more than one are columns of tables.
typedef struct hm_load_nodes {
    const hm_data_format *format;
    hm_load_part *parts;
    uint32_t part_count;
    const char *doc;
    hm_definition like; // role, names and parameters aside, what the definitions are
} hm_load_nodes;

// Whether a part can be loaded together with those before it: data of one place, and no
// column twice.
bool hm_load_part_fits(const hm_load_nodes *nodes, const hm_load_part *part);

// Adds the definitions.
hm_status hm_load_nodes_add(
        hm_build *build, hm_definitions *definitions, const hm_load_nodes *nodes);

#endif
