// series.c — see series.h.

#include "adapters/metrics/series.h"

#include <string.h>
#include <time.h>

// What comes when the limit is reached. No node can have this name.
static const char *const other_name = "(other)";

uint64_t hm_metrics_now(void) {
    struct timespec now = {0};
    (void)timespec_get(&now, TIME_UTC);
    return (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec;
}

void hm_metrics_measure_ticks(hm_metrics *metrics) {
    enum { LEAST = 200 * 1000 }; // after so long the error is some 0.02 %
    if (metrics->nanoseconds > 0) {
        return;
    }
    while (uv_hrtime() - metrics->clock.begun_nanoseconds < LEAST) {
    }
    metrics->nanoseconds = hm_ticks_measure(&metrics->clock).nanoseconds;
    for (uint32_t i = 0; i < metrics->bound_count; i++) {
        metrics->ticks[i] =
                (uint64_t)(metrics->bounds[i] * 1e9 / metrics->nanoseconds + 0.5);
    }
}

static hm_plan_series *add_plan(
        hm_metrics *metrics, const char *driver, const char *name) {
    hm_plan_series *plan = hm_arena_array(&metrics->arena, 1, sizeof *plan);
    name = hm_arena_text(&metrics->arena, name);
    if (plan == NULL || name == NULL ||
            !hm_tally_init(&plan->tally, metrics->allocator, metrics->lane_count,
                    HM_RUN_BUCKETS + metrics->bound_count + 1)) {
        return NULL;
    }
    plan->driver = driver;
    plan->name = name;
    plan->since = hm_metrics_now();
    atomic_init(&plan->ended, 0);
    atomic_init(&plan->first, NULL);
    atomic_init(&plan->next, NULL);
    hm_names_init(&plan->nodes, metrics->allocator);
    hm_plan_series *_Atomic *end =
            metrics->last != NULL ? &metrics->last->next : &metrics->first;
    atomic_store_explicit(end, plan, memory_order_release);
    metrics->last = plan;
    metrics->plan_count++;
    return plan;
}

static hm_plan_series *find_plan(
        const hm_metrics *metrics, const char *driver, const char *name) {
    hm_plan_series *plan = atomic_load_explicit(&metrics->first, memory_order_relaxed);
    while (plan != NULL && (plan->driver != driver || strcmp(plan->name, name) != 0)) {
        plan = atomic_load_explicit(&plan->next, memory_order_relaxed);
    }
    return plan;
}

hm_plan_series *hm_metrics_plan(
        hm_metrics *metrics, const char *driver, const char *name) {
    hm_plan_series *plan = find_plan(metrics, driver, name);
    if (plan == NULL && metrics->plan_count >= metrics->plan_limit) {
        name = other_name;
        plan = find_plan(metrics, driver, name);
    }
    return plan != NULL ? plan : add_plan(metrics, driver, name);
}

static hm_node_series *add_node(
        hm_metrics *metrics, hm_plan_series *plan, const char *name) {
    hm_node_series **all = hm_arena_grow(
            &metrics->arena, plan->all, plan->node_count, sizeof(hm_node_series *));
    plan->all = all != NULL ? all : plan->all;
    hm_node_series *node = hm_arena_array(&metrics->arena, 1, sizeof *node);
    name = hm_arena_text(&metrics->arena, name);
    if (all == NULL || node == NULL || name == NULL ||
            !hm_names_reserve(&plan->nodes, 1) ||
            !hm_tally_init(&node->tally, metrics->allocator, metrics->lane_count,
                    HM_CALL_BUCKETS + metrics->bound_count + 1)) {
        return NULL;
    }
    node->name = name;
    node->since = hm_metrics_now();
    atomic_init(&node->next, NULL);
    hm_node_series *_Atomic *end =
            plan->node_count > 0 ? &all[plan->node_count - 1]->next : &plan->first;
    *hm_names_put(&plan->nodes, name) = plan->node_count;
    all[plan->node_count++] = node;
    atomic_store_explicit(end, node, memory_order_release);
    return node;
}

hm_node_series *hm_metrics_node(
        hm_metrics *metrics, hm_plan_series *plan, const char *name) {
    uint32_t number = hm_names_find(&plan->nodes, name);
    if (number != HM_NAMES_ABSENT) {
        return plan->all[number];
    }
    if (strcmp(plan->name, other_name) == 0 ||
            metrics->node_count >= metrics->node_limit) {
        number = hm_names_find(&plan->nodes, other_name);
        return number != HM_NAMES_ABSENT ? plan->all[number]
                                         : add_node(metrics, plan, other_name);
    }
    hm_node_series *node = add_node(metrics, plan, name);
    metrics->node_count += node != NULL;
    return node;
}

void hm_metrics_finish_series(hm_metrics *metrics) {
    hm_plan_series *plan = atomic_load_explicit(&metrics->first, memory_order_relaxed);
    for (; plan != NULL;
            plan = atomic_load_explicit(&plan->next, memory_order_relaxed)) {
        for (uint32_t n = 0; n < plan->node_count; n++) {
            hm_tally_finish(&plan->all[n]->tally, metrics->allocator);
        }
        hm_tally_finish(&plan->tally, metrics->allocator);
        hm_names_finish(&plan->nodes);
    }
    hm_arena_finish(&metrics->arena);
}
