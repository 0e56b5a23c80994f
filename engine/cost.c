// cost.c — see cost.h.

#include "engine/cost.h"

#include <stdatomic.h>
#include <uv.h>

#include "engine/plan_state.h"
#include "scheduler/pool.h"

enum {
    CLOCK = 30,      // nanoseconds that a measurement adds to what it measures
    LEARNING = 4,    // as many first executions are all measured:
    BY_CALLS = 2,    // these call by call, and
    FIRST_ALONE = 1, // these alone, if they are not too long for that
    LAST_ALONE = 2,
    BALANCE_LIMIT = 8,  // so many more runs for which sharing did not pay: it failed
    MOST_PATIENCE = 64, // measurements alone until it is tried once more
    MUCH_LONGER = 4,    // times as long as what was measured

    LARGE_PERIOD =
            16,       // executions from one measurement to the next, if they are shared
    CLOSE_ENOUGH = 8, // runs without a pause in between are more than an accident
};

// How a plan is run. Worked out when something is learned, so that executing need not.
typedef enum hm_manner {
    HM_LEARNING = 1, // every execution is measured
    HM_SHORT = 2,    // see hm_decision
    HM_SHARED = 4,   // by all workers
    HM_SMALL = 8,    // ... if somebody is awake
    HM_PROBED = 16,  // so short that running it alone tells how long that takes
} hm_manner;

// Nanoseconds that sharing must save: by waking somebody; with somebody who is awake.
static const float worth_waking = 30 * 1000;
static const float worth_sharing = 2500;
static const float short_call = 100;        // hardly longer than it takes to hand over
static const float short_plan = 100 * 1000; // nobody minds a run of this length
static const float close = 10 * 1000;       // shorter pauses between runs are none
static const float probed_plan = 2000 * 1000;
static const float worth_it = 0.95F; // of the time alone: sharing must be faster

// What is less than known is believed at once: the first time everything is slow. What
// is more is believed little by little: most likely the machine had other things to do.
static float learn(float known, float measured) {
    if (!(known > 0) || measured <= known) {
        return measured > 0 ? measured : 1;
    }
    float more = known + (measured - known) / 4;
    return more < 2 * known ? more : 2 * known;
}

static float load(_Atomic(float) *cost) {
    return atomic_load_explicit(cost, memory_order_relaxed);
}

static void store(_Atomic(float) *cost, float value) {
    atomic_store_explicit(cost, value, memory_order_relaxed);
}

// What sharing can save of a run that costs so much.
static float saving(const hm_plan *plan, const hm_schedule *schedule, float cost) {
    float even = cost / (float)plan->worker_count;
    float path = schedule->work > 0 ? schedule->span / schedule->work * cost : 0;
    return cost - (path > even ? path : even);
}

// Whether sharing was tried and did not pay, whatever was expected of it: a node that
// takes next to nothing takes much more when its values change sides, and the other
// processors may be busy with something else.
static bool has_failed(const hm_plan *plan, float cost) {
    return cost < probed_plan && atomic_load_explicit(&plan->state->balance,
                                         memory_order_relaxed) == -BALANCE_LIMIT;
}

static uint32_t manner_of(const hm_plan *plan, const hm_schedule *schedule) {
    float cost = load(&plan->state->cost);
    uint32_t manner = cost > 0 && cost < short_plan ? HM_SHORT : 0;
    if (atomic_load_explicit(&plan->state->measured_count, memory_order_relaxed) <
            LEARNING) {
        manner |= HM_LEARNING;
    }
    if (plan->worker_count < 2 || schedule->tasks.task_count < 2) {
        return manner;
    }
    if (plan->always_share || !(cost > 0)) {
        return manner | HM_SHARED;
    }
    manner |= cost < probed_plan ? HM_PROBED : 0;
    if (has_failed(plan, cost)) {
        return manner;
    }
    float saved = saving(plan, schedule, cost);
    bool has_short_calls = cost < short_call * (float)plan->call_count;
    if (saved >= worth_waking && (saved >= 2 * worth_waking || !has_short_calls)) {
        return manner | HM_SHARED;
    }
    return saved >= worth_sharing && !has_short_calls ? manner | HM_SMALL : manner;
}

void hm_cost_judge(const hm_plan *plan, const hm_schedule *schedule) {
    hm_plan_state *state = plan->state;
    uint32_t manner = manner_of(plan, schedule);
    bool is_settled =
            (manner & ~(uint32_t)HM_PROBED) == HM_SHORT && !plan->always_measure;
    atomic_store_explicit(&state->manner, manner, memory_order_relaxed);
    atomic_store_explicit(&state->is_settled, is_settled, memory_order_relaxed);
}

void hm_cost_follow(const hm_plan *plan, size_t length) {
    hm_plan_state *state = plan->state;
    length = length > 0 ? length : 1;
    size_t known = atomic_load_explicit(&state->length, memory_order_relaxed);
    if (known != 0 && length / MUCH_LONGER < known) {
        return;
    }
    // Of several threads one does it.
    if (!atomic_compare_exchange_strong_explicit(&state->length, &known, length,
                memory_order_relaxed, memory_order_relaxed) ||
            known == 0) {
        return;
    }
    float sum = 0;
    bool is_known = true;
    for (uint32_t c = 0; c < plan->call_count; c++) {
        float cost = load(&state->costs[c]);
        if (!hm_plan_call_is_plain(plan, c)) {
            cost *= (float)length / (float)known;
            store(&state->costs[c], cost);
        }
        is_known = is_known && (cost > 0 || hm_plan_call_is_lazy(plan, c));
        sum += cost;
    }
    if (is_known) {
        store(&state->cost, sum);
        store(&state->last_cost, sum);
        atomic_store_explicit(&state->balance, 0, memory_order_relaxed);
        atomic_store_explicit(
                &state->measured_count, LAST_ALONE + 1, memory_order_relaxed);
        hm_schedule_renew(plan);
    }
}

// A plan that does not pay for waking somebody, but for being shared with who is awake.
// Where runs follow each other closely a helper stays awake once it was called.
static hm_way decide_small(const hm_plan *plan, hm_pace *pace) {
    uint64_t now = uv_hrtime();
    bool is_close = (float)(now - pace->begun) < load(&plan->state->cost) + close;
    pace->begun = now;
    pace->close_count = is_close ? pace->close_count + 1 : 0;
    bool is_awake = hm_pool_is_awake(plan->pool);
    if (!is_awake && pace->close_count < CLOSE_ENOUGH) {
        return HM_ALONE;
    }
    pace->close_count = 0;
    return HM_TOGETHER;
}

hm_decision hm_cost_decide(const hm_plan *plan, hm_pace *pace) {
    uint32_t manner = atomic_load_explicit(&plan->state->manner, memory_order_relaxed);
    uint32_t period = (manner & HM_SHARED) != 0 ? LARGE_PERIOD : HM_LOOK_PERIOD;
    uint32_t count = pace->count++;
    hm_decision decision = {.way = (manner & HM_SHARED) != 0 ? HM_TOGETHER : HM_ALONE,
            .is_short = (manner & HM_SHORT) != 0};
    if ((manner & HM_SMALL) != 0) {
        decision.way = decide_small(plan, pace);
    }
    if ((manner & HM_LEARNING) != 0) {
        uint32_t measured = atomic_load_explicit(
                &plan->state->measured_count, memory_order_relaxed);
        bool is_probe = (manner & HM_PROBED) != 0 && measured >= FIRST_ALONE &&
                        measured <= LAST_ALONE;
        decision.look = measured < BY_CALLS ? HM_LOOK_AT_CALLS : HM_LOOK_AT_TASKS;
        decision.way = is_probe ? HM_ALONE : decision.way;
    } else if (count % period == period - 1) {
        decision.look = HM_LOOK_AT_TASKS;
    } else if (decision.way == HM_TOGETHER && (manner & HM_PROBED) != 0) {
        decision.look = HM_LOOK_AT_RUN;
    }
    if (plan->always_measure) {
        decision.look = HM_LOOK_AT_CALLS;
    }
    return decision;
}

hm_sharing hm_cost_sharing(const hm_plan *plan) {
    uint32_t manner = atomic_load_explicit(&plan->state->manner, memory_order_relaxed);
    return (manner & HM_SHARED) != 0  ? HM_SHARING_ALL
           : (manner & HM_SMALL) != 0 ? HM_SHARING_IF_AWAKE
                                      : HM_SHARING_NONE;
}

bool hm_cost_is_small(const hm_plan *plan, float work) {
    return !plan->always_share &&
           work - work / (float)plan->worker_count < worth_waking;
}

bool hm_plan_call_is_plain(const hm_plan *plan, uint32_t call) {
    const hm_plan_call *own = &plan->calls[call];
    return own->loop_depth == 0 &&
           (own->traits & (HM_CALL_HAS_ARRAYS | HM_CALL_IS_ASYNC)) == 0;
}

// What other plans can learn from this call, and this one from them.
static _Atomic(float) *shared_cost(const hm_plan *plan, uint32_t call) {
    return hm_plan_call_is_plain(plan, call)
                   ? &plan->state->shared[plan->calls[call].call]
                   : NULL;
}

void hm_cost_estimate(const hm_plan *plan) {
    float total = 0;
    bool is_known = true;
    for (uint32_t c = 0; c < plan->call_count; c++) {
        _Atomic(float) *shared = shared_cost(plan, c);
        float cost = shared != NULL ? load(shared) : 0;
        cost = cost > 0 ? cost : load(&plan->state->costs[c]);
        store(&plan->state->costs[c], cost);
        is_known = is_known && (cost > 0 || hm_plan_call_is_lazy(plan, c));
        total += cost;
    }
    store(&plan->state->cost, is_known ? total : 0);
    if (is_known) {
        atomic_store_explicit(
                &plan->state->measured_count, BY_CALLS, memory_order_relaxed);
    }
}

bool hm_cost_read(const hm_plan *plan, float *costs) {
    bool is_known = true;
    for (uint32_t c = 0; c < plan->call_count; c++) {
        costs[c] = load(&plan->state->costs[c]);
        is_known = is_known && (costs[c] > 0 || hm_plan_call_is_lazy(plan, c));
    }
    return is_known;
}

bool hm_cost_is_known(const hm_plan *plan, uint32_t call) {
    return load(&plan->state->costs[call]) > 0;
}

static float without_clock(uint64_t nanoseconds) {
    return nanoseconds > CLOCK ? (float)(nanoseconds - CLOCK) : 1;
}

static void note(const hm_plan *plan, uint32_t call, float nanoseconds) {
    _Atomic(float) *cost = &plan->state->costs[call];
    store(cost, learn(load(cost), nanoseconds));
    _Atomic(float) *shared = shared_cost(plan, call);
    if (shared != NULL) {
        store(shared, learn(load(shared), nanoseconds));
    }
}

float hm_cost_note_call(const hm_plan *plan, uint32_t call, uint64_t nanoseconds) {
    float taken = without_clock(nanoseconds);
    note(plan, call, taken);
    return taken;
}

void hm_cost_note_member(const hm_plan *plan, uint32_t call, float nanoseconds) {
    note(plan, call, nanoseconds);
}

float hm_cost_note_task(const hm_plan *plan, const hm_schedule *schedule, uint32_t task,
        uint64_t nanoseconds) {
    float taken = without_clock(nanoseconds);
    uint32_t first = schedule->first_call[task];
    uint32_t end = schedule->first_call[task + 1];
    float known = 0;
    if (first == end || hm_plan_call_is_member(plan, schedule->order[first])) {
        return taken;
    }
    for (uint32_t i = first; i < end; i++) {
        known += load(&plan->state->costs[schedule->order[i]]);
    }
    for (uint32_t i = first; i < end; i++) {
        uint32_t call = schedule->order[i];
        float part = known > 0 ? load(&plan->state->costs[call]) / known
                               : 1 / (float)(end - first);
        note(plan, call, part * taken);
    }
    return taken;
}

void hm_cost_note_shared(const hm_plan *plan, const hm_schedule *schedule, float time) {
    hm_plan_state *state = plan->state;
    bool pays = time < worth_it * load(&state->cost);
    int32_t before = atomic_load_explicit(&state->balance, memory_order_relaxed);
    int32_t after = before + (pays ? 1 : -1);
    // Nothing is written where all is well, since many runs may read it.
    if (after > BALANCE_LIMIT || after < -BALANCE_LIMIT) {
        return;
    }
    atomic_store_explicit(&state->balance, after, memory_order_relaxed);
    store(&state->shared_time, time);
    if (after == BALANCE_LIMIT) {
        atomic_store_explicit(&state->patience, 0, memory_order_relaxed);
    } else if (after == -BALANCE_LIMIT) {
        hm_cost_judge(plan, schedule);
    }
}

// Sharing that did not pay may pay later, when the other processors are free again: it
// is tried once more, soon at first and then less and less often.
static void note_alone(const hm_plan *plan, float time) {
    hm_plan_state *state = plan->state;
    // What is much longer than all others was interrupted; two in a row were not.
    float last = load(&state->last_cost);
    store(&state->last_cost, time);
    float less = last > 0 && last < time ? last : time;
    store(&state->cost, less > 0 ? less : 1);
    if (!has_failed(plan, load(&state->cost))) {
        return;
    }
    uint32_t patience = atomic_load_explicit(&state->patience, memory_order_relaxed);
    uint32_t count =
            1 + atomic_fetch_add_explicit(&state->alone_count, 1, memory_order_relaxed);
    if (count > patience) {
        uint32_t more = 2 * patience + 1;
        atomic_store_explicit(&state->patience,
                more < MOST_PATIENCE ? more : MOST_PATIENCE, memory_order_relaxed);
        atomic_store_explicit(&state->alone_count, 0, memory_order_relaxed);
        atomic_store_explicit(&state->balance, 0, memory_order_relaxed);
    }
}

bool hm_cost_note_run(
        const hm_plan *plan, const hm_schedule *schedule, hm_way way, float work) {
    hm_plan_state *state = plan->state;
    float known = load(&state->cost);
    uint32_t count = 1 + atomic_fetch_add_explicit(
                                 &state->measured_count, 1, memory_order_relaxed);
    bool is_power = (count & (count - 1)) == 0;
    if (way == HM_ALONE) {
        note_alone(plan, work);
    } else {
        // Values that change sides make the work more; alone it is no more than this.
        store(&state->cost, known > 0 && known < work ? known : work);
    }
    hm_cost_judge(plan, schedule);
    bool is_shareable = plan->worker_count > 1 &&
                        (schedule->tasks.task_count > 1 || plan->pipeline_count > 0);
    float most = load(&state->cost) * (1 - 1 / (float)plan->worker_count);
    return is_power && is_shareable && (plan->always_share || most >= worth_sharing);
}
