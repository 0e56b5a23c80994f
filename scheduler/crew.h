// crew.h — the helpers: when they start and end, and what they do in between. Their
// threads are lent by libuv as far as it lends and given back when idle; the others are
// our own.

#ifndef HM_SCHEDULER_CREW_H
#define HM_SCHEDULER_CREW_H

#include <stdbool.h>

#include "scheduler/pool.h"

// With the pool's lock held. Starts one if it is time for one; if its thread cannot be
// had, the workers that there are do everything.
void hm_crew_start(hm_pool *pool);

// With the pool's lock held: takes note of whether a helper can be started, whenever
// what decides it has changed.
void hm_crew_note_startable(hm_pool *pool);

// With the pool's lock held: those who are in a task of this job are not counted from
// now on, so that others may be started in their place.
void hm_crew_quarantine(hm_pool *pool, const hm_job *job);

#endif
