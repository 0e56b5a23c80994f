// parameterize.h — the nodes that HM_PARAMETERIZE makes of a function, in place of its
// own.

#ifndef HM_GRAPH_MODIFIERS_PARAMETERIZE_H
#define HM_GRAPH_MODIFIERS_PARAMETERIZE_H

#include <stddef.h>

#include <hamilton/module.h>

// The name of the next node from modifier *at on, which moves behind it, or NULL.
const char *hm_parameterize_next(const hm_function *function, size_t *at);

#endif
