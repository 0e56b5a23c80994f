// plan_state.h — what runs learn of a plan and change in it.

#ifndef HM_ENGINE_PLAN_STATE_H
#define HM_ENGINE_PLAN_STATE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "engine/schedule.h"

// Costs are relaxed: a guess that is a little old is as good.
struct hm_plan_state {
    _Atomic(uint32_t) user_count;  // who created the plan, and runs
    _Atomic(float) *costs;         // by call: nanoseconds that it takes, 0 if not known
    _Atomic(float) *shared;        // the driver's, by call of the graph, see driver.h
    _Atomic(float) cost;           // of a run: all its calls one after the other, or 0
    _Atomic(float) last_cost;      // as it was measured last
    _Atomic(size_t) length;        // of the inputs that were measured, 0 if none were
    _Atomic(float) shared_time;    // of a run that was shared; 0 if there was none
    _Atomic(int32_t) balance;      // of runs for which sharing paid, and did not
    _Atomic(uint32_t) alone_count; // measurements since sharing did not pay
    _Atomic(uint32_t) patience;    // how many until it is tried once more
    _Atomic(uint32_t) measured_count; // executions that told of costs
    _Atomic(uint32_t) manner; // hm_manner: how to run the plan, as far as that is known
    _Atomic(bool) is_settled; // the manner is to run it alone, since it is short

    uv_mutex_t lock;
    _Atomic(hm_schedule *) schedule; // written, and counted, with the lock held
    _Atomic(bool) is_renewing;
};

#endif
