// explain_node.h — how one node came to be.

#ifndef HM_CLI_EXPLAIN_NODE_H
#define HM_CLI_EXPLAIN_NODE_H

#include <stdint.h>

#include <hamilton/graph.h>
#include <hamilton/status.h>

#include "cli/session.h"

// Prints, in the session's format, the function that a node is made by, the modifiers
// in the order in which they applied, what each parameter takes, and who reads it.
hm_status hm_explain_node(hm_session *session, const hm_graph *graph, uint32_t id);

#endif
