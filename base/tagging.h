// tagging.h — HM_TAG_OUTPUT: which node of a function it is about. The reflector asks
// it of a source, the graph of tables that anybody may have filled.

#ifndef HM_BASE_TAGGING_H
#define HM_BASE_TAGGING_H

#include <stddef.h>

#include "base/made.h"
#include "base/refusal.h"

// Refuses modifier number `index` of the function, an HM_TAG_OUTPUT whose first two
// arguments are words, if the function makes no such node, if it says the same key of
// the node as one before, or a limit.
void hm_tagging_check(
        const hm_making *making, size_t index, hm_refuse *refuse, void *context);

#endif
