// execute.h — one execution of a run, from its beginning to what is told of it.

#ifndef HM_ENGINE_EXECUTE_H
#define HM_ENGINE_EXECUTE_H

#include "base/diagnostics.h"
#include "engine/run.h"

// Executes once; every failure is reported to faults, in the order of the plan.
hm_status hm_execute(hm_run *run, hm_faults *faults);

// The same in pieces, for what does not wait. Begin: the run is under way from now on,
// or HM_BUSY; it is to be executed as decided.
hm_status hm_execute_begin(hm_run *run, hm_error *error, hm_way *way);

// Executes it on this thread alone.
void hm_execute_alone(hm_run *run);

// Its job is at its end, or was left. Tells what came out; the run is its owner's
// again.
hm_status hm_execute_end(hm_run *run, bool was_left, hm_faults *faults);

// Prepares the job of a run whose schedule was changed; and for this execution.
void hm_execute_init(hm_run *run);
void hm_execute_prepare(hm_run *run);

// What the task of an asynchronous call has to do after it.
void hm_execute_ends(hm_run *run, uint32_t call);

#endif
