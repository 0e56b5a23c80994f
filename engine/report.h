// report.h — what is told of an execution that did not go well.

#ifndef HM_ENGINE_REPORT_H
#define HM_ENGINE_REPORT_H

#include "base/diagnostics.h"
#include "engine/run.h"

// Adds what failed to the faults, in the order of the plan. Returns the first status,
// or why the run was stopped: HM_CANCELLED or HM_DEADLINE; HM_OK if it was stopped when
// all was done.
hm_status hm_report(const hm_run *run, hm_faults *faults);

// The same when it returns at its deadline while nodes are under way: also writes what
// became of the wanted values into run->left. HM_OK if all of them are ready.
hm_status hm_report_left(hm_run *run, hm_faults *faults);

#endif
