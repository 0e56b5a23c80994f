// tags.h — --tag KEY[=VALUE]: which nodes are meant by what is said of them.

#ifndef HM_CLI_TAGS_H
#define HM_CLI_TAGS_H

#include <stdbool.h>

#include <hamilton/graph.h>
#include <hamilton/status.h>

#include "cli/session.h"

// An element per node: whether all that --tag asks for holds. NULL if it was not given.
// A key that no node has is a fault.
hm_status hm_tags_read(hm_session *session, const hm_graph *graph, const bool **tagged);

#endif
