// watched.h — tells tracers of nodes, see base/probes.h. Names are looked up only if a
// tracer is there: then runs go call by call, as those that are measured.

#ifndef HM_ENGINE_WATCHED_H
#define HM_ENGINE_WATCHED_H

#include <stdint.h>

#include "base/probes.h"
#include "engine/schedule.h"

typedef struct hm_run hm_run; // engine/run.h

// The calls of a step begin, or have ended and their outcomes are noted.
void hm_watched_begin(const hm_run *run, const hm_step *step);
void hm_watched_end(const hm_run *run, const hm_step *step);

// The same of a call that is no step, since it may be pending.
void hm_watched_begin_call(const hm_run *run, uint32_t call);
void hm_watched_end_call(const hm_run *run, uint32_t call);

#endif
