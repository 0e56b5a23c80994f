// cost.h — what is learned of how long functions take. It changes only who runs what,
// never a result.

#ifndef HM_ENGINE_COST_H
#define HM_ENGINE_COST_H

#include <stdint.h>

#include "engine/plan.h"

// What is known of a new plan from other runs of its calls: sets its cost, or leaves it
// 0 if a call never ran or has arrays, whose lengths decide.
void hm_cost_estimate(hm_plan *plan);

// Notes how long a task took. Any thread.
void hm_cost_note_task(const hm_plan *plan, uint32_t task, uint64_t nanoseconds);

// Notes how long all tasks of an execution took together. Any thread.
void hm_cost_note_run(const hm_plan *plan, uint64_t nanoseconds);

#endif
