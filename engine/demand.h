// demand.h — which lazy calls a run needs, see branches.c. It finds out as it goes:
// when a switch is needed and what chooses is there, whoever comes last of the two
// demands the branch, and all that this takes in turn. That is done before any of these
// calls has its turn, on whatever worker. Who is not demanded by then is passed over:
// it makes nothing, fails not and is not reported.

#ifndef HM_ENGINE_DEMAND_H
#define HM_ENGINE_DEMAND_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "engine/run.h"

// Nothing is demanded yet but by what chooses from the start. Owner only, before any
// task; the plan has choices.
void hm_demand_begin(hm_run *run);

// What chooses in switches has been made, or will not be. By its task, which all that
// it decides on waits for.
void hm_demand_decide(hm_run *run, uint32_t value);

// Whether nothing needs a call: known when it has its turn.
static inline bool hm_demand_is_passed(const hm_run *run, uint32_t call) {
    // Relaxed: who demands a call comes before its task.
    return run->plan->calls[call].laziness != HM_NONE &&
           atomic_load_explicit(&run->demands[call], memory_order_relaxed) == 0;
}

// Whether a task that has been run passed over some of its calls.
bool hm_demand_passed_some(const hm_run *run, uint32_t task);

// The parameters that a call takes: all, or of a switch what chooses and what that
// chooses, if it is there. The others may not have been made.
bool hm_demand_takes(const hm_run *run, uint32_t call, uint32_t parameter);

#endif
