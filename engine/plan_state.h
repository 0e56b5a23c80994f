// plan_state.h — what runs learn of a plan and change in it.

#ifndef HM_ENGINE_PLAN_STATE_H
#define HM_ENGINE_PLAN_STATE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "engine/schedule.h"

// How long a run takes; 0 if not known.
typedef struct hm_known_time {
    _Atomic(float) nanoseconds;
    _Atomic(float) last; // as it was measured last
} hm_known_time;

// Costs are relaxed: a guess that is a little old is as good.
struct hm_plan_state {
    _Atomic(uint32_t) user_count;  // who created the plan, and runs
    _Atomic(float) *costs;         // by call: nanoseconds that it takes, 0 if not known
    _Atomic(float) *shared;        // the driver's, by call of the graph, see driver.h
    hm_known_time cost;            // of a run alone: all its calls one after the other
    hm_known_time shared_time;     // of a run that is shared
    _Atomic(uint32_t) trial_count; // executions that told of it
    _Atomic(uint32_t) measured_count; // executions that told of costs
    _Atomic(uint32_t) manner; // hm_manner: how to run the plan, as far as that is known

    uv_mutex_t lock;
    _Atomic(hm_schedule *) schedule; // written, and counted, with the lock held
    _Atomic(bool) is_renewing;
};

#endif
