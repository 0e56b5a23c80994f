// cost.c — see cost.h. Averages move by a quarter of each new measurement, so that a
// moment in which the machine had other things to do does not decide.

#include "engine/cost.h"

#include <stdatomic.h>
#include <stdbool.h>

// 0 means unknown, so nothing takes less than 1.
static uint64_t average(uint64_t known, uint64_t measured) {
    return known == 0 ? measured + 1 : known - known / 4 + measured / 4 + 1;
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
        if (cost == 0 || !is_plain(plan, c)) {
            return;
        }
        total += cost;
    }
    atomic_store_explicit(plan->cost, total, memory_order_relaxed);
}

void hm_cost_note_task(const hm_plan *plan, uint32_t task, uint64_t nanoseconds) {
    uint32_t first = plan->first_call[task];
    uint32_t end = plan->first_call[task + 1];
    uint64_t share = nanoseconds / (end - first);
    for (uint32_t i = first; i < end; i++) {
        uint32_t call = plan->order[i];
        if (!is_plain(plan, call)) {
            continue;
        }
        _Atomic(uint32_t) *cost = &plan->costs[plan->calls[call].call];
        uint64_t learned =
                average(atomic_load_explicit(cost, memory_order_relaxed), share);
        atomic_store_explicit(cost,
                learned < UINT32_MAX ? (uint32_t)learned : UINT32_MAX,
                memory_order_relaxed);
    }
}

void hm_cost_note_run(const hm_plan *plan, uint64_t nanoseconds) {
    uint64_t known = atomic_load_explicit(plan->cost, memory_order_relaxed);
    atomic_store_explicit(
            plan->cost, average(known, nanoseconds), memory_order_relaxed);
}
