// schedule.c — runs the passes, and changes one schedule for the next.

#include "engine/schedule.h"

#include "base/allocator.h"
#include "base/error.h"
#include "engine/cost.h"
#include "engine/plan.h"
#include "engine/plan_state.h"

static hm_status read_costs(hm_scheduling *scheduling) {
    const hm_plan *plan = scheduling->plan;
    float *costs = hm_arena_array(&scheduling->arena, plan->call_count, sizeof *costs);
    if (costs == NULL) {
        return HM_NO_MEMORY;
    }
    scheduling->costs = hm_cost_read(plan, costs) ? costs : NULL;
    for (uint32_t c = 0; scheduling->costs != NULL && c < plan->call_count; c++) {
        scheduling->work += hm_plan_call_is_async(plan, c) ? 0 : costs[c];
    }
    return HM_OK;
}

static hm_status run_passes(hm_scheduling *scheduling) {
    const hm_plan *plan = scheduling->plan;
    hm_schedule *schedule = scheduling->schedule;
    schedule->task_of =
            hm_arena_array(&schedule->arena, plan->call_count, sizeof(uint32_t));
    if (schedule->task_of == NULL) {
        return HM_NO_MEMORY;
    }
    HM_TRY(read_costs(scheduling));
    HM_TRY(hm_schedule_split(scheduling));
    HM_TRY(hm_schedule_group(scheduling));
    HM_TRY(hm_schedule_rank(scheduling));
    HM_TRY(hm_schedule_retire(scheduling));
    HM_TRY(hm_schedule_buffers(scheduling));
    HM_TRY(hm_schedule_emit(scheduling));
    return HM_OK;
}

hm_status hm_schedule_create(const hm_plan *plan, hm_schedule **schedule) {
    hm_schedule *created = hm_allocate_array(plan->allocator, 1, sizeof *created);
    if (created == NULL) {
        return HM_NO_MEMORY;
    }
    created->user_count = 1;
    hm_arena_init(&created->arena, plan->allocator);
    hm_scheduling scheduling = {.plan = plan, .schedule = created};
    hm_arena_init(&scheduling.arena, plan->allocator);
    hm_status status = run_passes(&scheduling);
    hm_arena_finish(&scheduling.arena);
    if (status != HM_OK) {
        hm_schedule_destroy(plan, created);
        return status;
    }
    *schedule = created;
    return HM_OK;
}

void hm_schedule_destroy(const hm_plan *plan, hm_schedule *schedule) {
    if (schedule != NULL) {
        hm_arena_finish(&schedule->arena);
        hm_deallocate_array(plan->allocator, schedule, 1, sizeof *schedule);
    }
}

hm_schedule *hm_schedule_take(const hm_plan *plan) {
    hm_plan_state *state = plan->state;
    uv_mutex_lock(&state->lock);
    // Relaxed, as in all that follow: the lock orders it.
    hm_schedule *schedule =
            atomic_load_explicit(&state->schedule, memory_order_relaxed);
    schedule->user_count++;
    uv_mutex_unlock(&state->lock);
    return schedule;
}

void hm_schedule_give_back(const hm_plan *plan, hm_schedule *schedule) {
    uv_mutex_lock(&plan->state->lock);
    bool is_last = --schedule->user_count == 0;
    uv_mutex_unlock(&plan->state->lock);
    if (is_last) {
        hm_schedule_destroy(plan, schedule);
    }
}

void hm_schedule_renew(const hm_plan *plan) {
    hm_plan_state *state = plan->state;
    // Acquire and release: who renews comes after whoever did before.
    if (atomic_exchange_explicit(&state->is_renewing, true, memory_order_acquire)) {
        return;
    }
    hm_schedule *made;
    if (hm_schedule_create(plan, &made) == HM_OK) {
        uv_mutex_lock(&state->lock);
        hm_schedule *before =
                atomic_load_explicit(&state->schedule, memory_order_relaxed);
        atomic_store_explicit(&state->schedule, made, memory_order_relaxed);
        hm_cost_judge(plan, made);
        uv_mutex_unlock(&state->lock);
        hm_schedule_give_back(plan, before);
    }
    atomic_store_explicit(&state->is_renewing, false, memory_order_release);
}
