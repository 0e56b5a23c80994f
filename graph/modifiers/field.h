// field.h — a node that is a field of a struct that another node is. It is made by a
// function that is described here: it takes the struct's node and copies the field out
// of it.

#ifndef HM_GRAPH_MODIFIERS_FIELD_H
#define HM_GRAPH_MODIFIERS_FIELD_H

#include <hamilton/module.h>
#include <hamilton/status.h>

#include "graph/build.h"
#include "graph/modifiers/modifier.h"

typedef struct hm_field_node {
    const char *name;
    const char *doc;
    const hm_modifier *made_by;
} hm_field_node;

// Adds the definition of such a node beside that of the struct, of which `own` is an
// output, called as the struct's node. *maker is no item of the list, which may move.
hm_status hm_definition_add_field(hm_applying *applying, const hm_definition *maker,
        const hm_output *own, const hm_field *field, hm_field_node node);

#endif
