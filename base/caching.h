// caching.h — HM_CACHE: what can be said of a node. The reflector asks it of a source,
// the graph of tables that anybody may have filled.

#ifndef HM_BASE_CACHING_H
#define HM_BASE_CACHING_H

#include <stdbool.h>

// Whether a word is a behaviour.
bool hm_caching_is_behaviour(const char *word);

#endif
