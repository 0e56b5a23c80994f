// reason.h — why a node was computed: what was noted of it when that was done last is
// compared with what it is now. A note is text, a line each:
//
//     code      what the version of the function was
//     use       what goes into it, and its name
//     is        the content of an output
//     argument  the name of a parameter, and its content

#ifndef HM_ADAPTERS_CACHE_REASON_H
#define HM_ADAPTERS_CACHE_REASON_H

#include <hamilton/adapter.h>

#include "adapters/cache/cache.h"
#include "adapters/cache/running.h"

enum { HM_CACHE_REASON_SIZE = 256, HM_CACHE_NOTE_NAME = 512 };

// What a node's note is found by: modules may have nodes of one name.
void hm_cache_name_note(const hm_planned_node *node, char name[HM_CACHE_NOTE_NAME]);

// A sentence, or "". The node has a key.
void hm_cache_reason(hm_cache *cache, hm_cache_run *run, const hm_planned_node *node,
        char reason[HM_CACHE_REASON_SIZE]);

// Notes what a node is that was computed, and has contents.
void hm_cache_note(
        hm_cache *cache, const hm_cache_run *run, const hm_planned_node *node);

#endif
