// cost.c — see cost.h. Averages move by a quarter of each new measurement, so that a
// moment in which the machine had other things to do does not decide.

#include "engine/cost.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <uv.h>

#include "scheduler/pool.h"

enum {
    UNKNOWN = 0,
    UNTIMED = 1, // its tasks are so short that only an execution as a whole tells

    SMALL_PLAN = 60 * 1000, // less than this does not pay for waking somebody
    TINY_PLAN = 5 * 1000,   // nor less than this for somebody who is awake
    SMALL_TASK = 500,  // nor do tasks that take hardly longer than handing them over
    CLOSE = 10 * 1000, // shorter pauses between runs are none
    ENOUGH = 8,        // runs without a pause in between are more than an accident
    CLOCK = 30,        // what a measurement adds to what it measures

    SHORT_PLAN = 100 * 1000,
    STRIDE = 16,

    SMALL_PERIOD = 256, // executions from one measurement to the next
    LARGE_PERIOD = 16,
};

// A plan that does not pay for waking somebody, but for being shared with who is awake.
// Where runs follow each other closely a helper stays awake once it was called.
static hm_way decide_small(const hm_plan *plan, uint64_t cost, hm_pace *pace) {
    uint64_t now = uv_hrtime();
    bool is_close = now - pace->begun < cost + CLOSE;
    pace->begun = now;
    pace->close_count = is_close ? pace->close_count + 1 : 0;
    if (pace->count % SMALL_PERIOD == 0) {
        return HM_ALONE_MEASURED;
    }
    bool is_awake = hm_pool_is_awake(plan->pool);
    if (!is_awake && pace->close_count < ENOUGH) {
        return HM_ALONE;
    }
    pace->close_count = 0;
    return HM_TOGETHER;
}

hm_way hm_cost_decide(const hm_plan *plan, hm_pace *pace) {
    uint32_t count = pace->count++;
    uint32_t task_count = plan->tasks.task_count;
    if (task_count < 2) {
        return HM_ALONE;
    }
    if (plan->always_share) {
        return HM_TOGETHER;
    }
    uint64_t cost = atomic_load_explicit(plan->cost, memory_order_relaxed);
    if (cost == UNKNOWN) {
        return HM_TOGETHER_MEASURED;
    }
    bool is_tiny = cost < TINY_PLAN || cost / task_count < SMALL_TASK;
    if (cost < SMALL_PLAN && !is_tiny) {
        return decide_small(plan, cost, pace);
    }
    if (is_tiny) {
        bool is_due = cost == UNTIMED || count % SMALL_PERIOD == SMALL_PERIOD - 1;
        return is_due ? HM_ALONE_MEASURED : HM_ALONE;
    }
    return count % LARGE_PERIOD == 0 ? HM_TOGETHER_MEASURED : HM_TOGETHER;
}

uint32_t hm_cost_stride(const hm_plan *plan) {
    uint64_t cost = atomic_load_explicit(plan->cost, memory_order_relaxed);
    return cost > UNTIMED && cost < SHORT_PLAN ? STRIDE : 1;
}

static uint64_t average(uint64_t known, uint64_t measured) {
    // A cheap plan that took much longer was most likely kept waiting by the machine:
    // it is looked at once more before it counts as dear.
    if (known > UNTIMED && known < SMALL_PLAN && measured / 4 > known) {
        return UNTIMED;
    }
    uint64_t learned = known <= UNTIMED ? measured : known - known / 4 + measured / 4;
    return learned > UNTIMED ? learned : UNTIMED + 1;
}

// Whether a call handles single values only, so that it always takes about as long.
static bool is_plain(const hm_plan *plan, uint32_t call) {
    const hm_function *function = hm_plan_graph_call(plan, call)->function;
    return plan->calls[call].loop_depth == 0 && function->dimension_count == 0;
}

void hm_cost_estimate(hm_plan *plan) {
    uint64_t total = 0;
    for (uint32_t c = 0; c < plan->call_count; c++) {
        uint32_t cost = atomic_load_explicit(
                &plan->costs[plan->calls[c].call], memory_order_relaxed);
        if (cost == UNKNOWN || !is_plain(plan, c)) {
            return;
        }
        total += cost;
    }
    atomic_store_explicit(plan->cost, total, memory_order_relaxed);
}

uint64_t hm_cost_note_task(const hm_plan *plan, uint32_t task, uint64_t nanoseconds) {
    uint64_t taken = nanoseconds > CLOCK ? nanoseconds - CLOCK : 0;
    uint32_t first = plan->first_call[task];
    uint32_t end = plan->first_call[task + 1];
    for (uint32_t i = first; i < end; i++) {
        uint32_t call = plan->order[i];
        if (!is_plain(plan, call)) {
            continue;
        }
        _Atomic(uint32_t) *cost = &plan->costs[plan->calls[call].call];
        uint64_t learned = average(atomic_load_explicit(cost, memory_order_relaxed),
                taken / (end - first));
        atomic_store_explicit(cost,
                learned < UINT32_MAX ? (uint32_t)learned : UINT32_MAX,
                memory_order_relaxed);
    }
    return taken;
}

static void note(const hm_plan *plan, uint64_t nanoseconds) {
    uint64_t known = atomic_load_explicit(plan->cost, memory_order_relaxed);
    atomic_store_explicit(
            plan->cost, average(known, nanoseconds), memory_order_relaxed);
}

void hm_cost_note_alone(const hm_plan *plan, uint64_t nanoseconds) {
    note(plan, nanoseconds);
}

void hm_cost_note_together(const hm_plan *plan, uint64_t nanoseconds) {
    if (nanoseconds / plan->tasks.task_count < SMALL_TASK) {
        atomic_store_explicit(plan->cost, UNTIMED, memory_order_relaxed);
    } else {
        note(plan, nanoseconds);
    }
}

uint32_t hm_cost_dearest_root(const hm_plan *plan) {
    uint32_t dearest = 0;
    uint64_t most = 0;
    for (uint32_t r = 0; r < plan->tasks.root_count; r++) {
        uint32_t task = plan->tasks.roots[r];
        uint64_t cost = 0;
        for (uint32_t i = plan->first_call[task]; i < plan->first_call[task + 1]; i++) {
            cost += atomic_load_explicit(&plan->costs[plan->calls[plan->order[i]].call],
                    memory_order_relaxed);
        }
        if (cost > most) {
            most = cost;
            dearest = r;
        }
    }
    return dearest;
}
