// selection.h — a part of a dataflow: --upstream, --downstream, --between.

#ifndef HM_CLI_SELECTION_H
#define HM_CLI_SELECTION_H

#include <stdbool.h>

#include <hamilton/graph.h>
#include <hamilton/status.h>

#include "cli/session.h"

// Marks what the options name, one element per node; where several are given, what any
// of them does. *selected is NULL if none is given.
hm_status hm_selection_read(
        hm_session *session, const hm_graph *graph, const bool **selected);

// The node of this name; an unknown one is a fault that proposes the nearest.
hm_status hm_selection_find(
        hm_session *session, const hm_graph *graph, const char *name, uint32_t *id);

#endif
