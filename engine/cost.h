// cost.h — what is learned of how long functions take, and what follows from it. It
// changes only who runs what, never a result.

#ifndef HM_ENGINE_COST_H
#define HM_ENGINE_COST_H

#include <stdint.h>

#include "engine/plan.h"

typedef enum hm_way {
    HM_ALONE,          // the caller runs everything
    HM_ALONE_MEASURED, // ... and notes how long it took
    HM_TOGETHER,       // all workers share the tasks
    HM_TOGETHER_MEASURED,
} hm_way;

// How often and how closely one run is executed; zeroed at first. Owner only.
typedef struct hm_pace {
    uint32_t count;       // executions so far
    uint32_t close_count; // of the last ones, how many came without a pause
    uint64_t begun;       // when the last one began, if anybody looked
} hm_pace;

// How to run a plan this time, by this run. Any thread, as all of these.
hm_way hm_cost_decide(const hm_plan *plan, hm_pace *pace);

// How many steps may be walked from one look at whether the run was cancelled to the
// next: 1 unless they are known to be short.
uint32_t hm_cost_stride(const hm_plan *plan);

// What is known of a new plan from other runs of its calls: sets its cost, or leaves it
// unknown if a call never ran or has arrays, whose lengths decide.
void hm_cost_estimate(hm_plan *plan);

// Notes how long a task took; returns that without what the measuring takes.
uint64_t hm_cost_note_task(const hm_plan *plan, uint32_t task, uint64_t nanoseconds);

// Notes how long an execution took: all by its caller, or the sum of its tasks.
void hm_cost_note_alone(const hm_plan *plan, uint64_t nanoseconds);
void hm_cost_note_together(const hm_plan *plan, uint64_t nanoseconds);

// Which of the plan's roots is known to take longest: an index into tasks.roots.
uint32_t hm_cost_dearest_root(const hm_plan *plan);

#endif
