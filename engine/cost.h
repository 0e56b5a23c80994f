// cost.h — what is learned of how long functions take, and what follows from it. It
// changes only who runs what and when, never a result.

#ifndef HM_ENGINE_COST_H
#define HM_ENGINE_COST_H

#include <stdbool.h>
#include <stdint.h>

#include <hamilton/explain.h>

#include "engine/plan.h"
#include "engine/plan_state.h"

typedef enum hm_way {
    HM_ALONE,    // the caller runs everything
    HM_TOGETHER, // all workers share the tasks
} hm_way;

// How closely an execution is looked at.
typedef enum hm_look {
    HM_LOOK_AWAY,
    HM_LOOK_AT_RUN,   // to learn whether sharing it pays
    HM_LOOK_AT_TASKS, // or at the run, if it is alone
    HM_LOOK_AT_CALLS, // the first two times
} hm_look;

// How often and how closely one run is executed; zeroed at first. Owner only.
typedef struct hm_pace {
    uint32_t count;       // executions so far
    uint32_t close_count; // of the last ones, how many came without a pause
    uint64_t begun;       // when the last one began, if anybody looked
} hm_pace;

typedef struct hm_decision {
    hm_way way;
    hm_look look;
    bool is_short; // nobody minds when an execution goes on to its end
} hm_decision;

// How to run a plan this time, by this run. Any thread, as all of these.
hm_decision hm_cost_decide(const hm_plan *plan, hm_pace *pace);

enum { HM_LOOK_PERIOD = 256 }; // executions from one measurement to the next

// Whether the decision for the next execution is to run it alone, on a plan that is
// short and known, and to look away.
static inline bool hm_cost_is_settled(const hm_plan *plan, const hm_pace *pace) {
    return atomic_load_explicit(&plan->state->is_settled, memory_order_relaxed) &&
           pace->count % HM_LOOK_PERIOD != HM_LOOK_PERIOD - 1;
}

// A run has inputs of so many elements in all. If that is much more than what was
// measured, what is known is multiplied, and the plan gets another schedule.
void hm_cost_follow(const hm_plan *plan, size_t length);

// How runs are shared, as far as costs decide it.
hm_sharing hm_cost_sharing(const hm_plan *plan);

// Whether so many nanoseconds of work are too few to be shared by workers who have to
// be woken.
bool hm_cost_is_small(const hm_plan *plan, float work);

// What is known of a new plan: from other runs of its calls, else what it was told.
void hm_cost_estimate(const hm_plan *plan);

// What follows from the costs that are known and from a schedule that the plan gets.
void hm_cost_judge(const hm_plan *plan, const hm_schedule *schedule);

// The costs of all calls, into an array by call; false if one of them is not known that
// every run makes.
bool hm_cost_read(const hm_plan *plan, float *costs);

// Whether a call was ever measured.
bool hm_cost_is_known(const hm_plan *plan, uint32_t call);

// Note how long something took, by the clock. A task's time is divided among its calls
// as what is known of them says. They return it without what the measuring takes.
// Members of pipelines have their part of what its workers spent, who tell that
// themselves.
float hm_cost_note_call(const hm_plan *plan, uint32_t call, uint64_t nanoseconds);
void hm_cost_note_member(const hm_plan *plan, uint32_t call, float nanoseconds);
float hm_cost_note_task(const hm_plan *plan, const hm_schedule *schedule, uint32_t task,
        uint64_t nanoseconds);

// Notes how many nanoseconds of work an execution was, all its calls one after the
// other. True if it is time for a better schedule.
bool hm_cost_note_run(
        const hm_plan *plan, const hm_schedule *schedule, hm_way way, float work);

// Notes how many nanoseconds an execution took that was shared.
void hm_cost_note_shared(const hm_plan *plan, const hm_schedule *schedule, float time);

#endif
