// results.h — a plan that is run once, and keeps what it computed.

#ifndef HM_ENGINE_RESULTS_H
#define HM_ENGINE_RESULTS_H

#include <hamilton/results.h>

#include "base/diagnostics.h"
#include "engine/plan.h"

// Is given plan, also when it fails. Runs it and keeps the run for its values. What
// they would borrow from the caller is copied first. With keep_going *results is
// written also when HM_NODE_FAILED is returned.
hm_status hm_results_compute(hm_plan *plan, hm_results **results, hm_faults *faults);

#endif
