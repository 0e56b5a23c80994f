// merge.h — short tasks become longer ones.

#ifndef HM_ENGINE_MERGE_H
#define HM_ENGINE_MERGE_H

#include <hamilton/status.h>

#include "engine/schedule.h"

// How long a merged task may be, in nanoseconds; 0 if nothing is to be merged.
float hm_merge_limit(const hm_scheduling *scheduling);

// Merges tasks that are shorter than that: writes task_of and task_count anew. Expects
// the tasks to be linked and in topological order, and leaves the latter so.
hm_status hm_merge_tasks(hm_scheduling *scheduling, float limit);

#endif
