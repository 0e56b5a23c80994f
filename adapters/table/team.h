// team.h — some threads that come for one piece of work and go when it is done.

#ifndef HM_ADAPTERS_TABLE_TEAM_H
#define HM_ADAPTERS_TABLE_TEAM_H

#include <stddef.h>
#include <stdint.h>

// Does what is left of the work, and returns when nothing is left to begin.
typedef void hm_team_work(void *context);

// Has the caller and up to thread_count - 1 threads more do work of so many pieces; 0
// is as many as there are processors. Threads that cannot be had are done without.
// Returns when all are back, whose writes the caller then sees.
void hm_team_do(
        uint32_t thread_count, size_t piece_count, hm_team_work *work, void *context);

#endif
