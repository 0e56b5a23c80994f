// failure.h — what is said of a call that failed: the node, where it stands, why, what
// it was called with, and who asked for it.

#ifndef HM_ENGINE_FAILURE_H
#define HM_ENGINE_FAILURE_H

#include <stdint.h>

#include "base/diagnostics.h"
#include "engine/run.h"

// What hm_fail said on this thread if the function returned its status, else NULL.
const char *hm_failure_said(int code);

// Notes that the call did not succeed, with a message that tells why.
void hm_failure_note(hm_run *run, uint32_t call, const hm_failure *failure);

// Notes that a call is skipped because of another one that failed or was skipped, or,
// if that is HM_NONE, because the run does not keep going.
void hm_failure_skip(hm_run *run, uint32_t call, uint32_t need);

// Notes that a call is not run because the run was cancelled.
void hm_failure_cancel(hm_run *run, uint32_t call);

// Adds what was noted to the faults, in the order of the plan. Returns the first
// status, or HM_CANCELLED if the run was cancelled.
hm_status hm_failure_report(const hm_run *run, hm_faults *faults);

#endif
