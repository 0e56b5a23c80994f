// failure.h — what is said of a call that failed: the node, where it stands, why, what
// it was called with, and who asked for it.

#ifndef HM_ENGINE_FAILURE_H
#define HM_ENGINE_FAILURE_H

#include <stdint.h>

#include "base/diagnostics.h"
#include "engine/run.h"

// What hm_fail said on this thread if the function returned its status, else NULL.
const char *hm_failure_said(int code);

// Notes the outcome of the call and adds it to the faults.
void hm_failure_report(
        hm_run *run, uint32_t call, const hm_failure *failure, hm_faults *faults);

// Notes that a call is skipped because of another one that failed or was skipped.
void hm_failure_skip(hm_run *run, uint32_t call, uint32_t need);

#endif
