// split.c — the first pass of a schedule: the rows of which pipelines are shared by
// workers. One that is known to be shorter than handing it over is not; nor, while
// nothing is known, one that has a single row or, if all it does is to reduce, a single
// chunk.

#include "base/error.h"
#include "engine/cost.h"
#include "engine/pipeline.h"
#include "engine/plan.h"
#include "engine/reduce.h"

static const float worth_splitting = 20 * 1000; // nanoseconds

static float cost_of(const hm_scheduling *scheduling, const hm_pipeline *pipeline) {
    float cost = 0;
    for (uint32_t m = 0; m < pipeline->call_count; m++) {
        cost += scheduling->costs[pipeline->first_call + m];
    }
    return cost;
}

static uint32_t share_count(
        const hm_scheduling *scheduling, const hm_pipeline *pipeline) {
    const hm_plan *plan = scheduling->plan;
    uint32_t most = hm_pipeline_share_count(plan);
    if (plan->worker_count < 2 || pipeline->is_alone) {
        return 0;
    }
    if (scheduling->costs != NULL) { // of arrays that may be longer by now
        bool is_short = cost_of(scheduling, pipeline) < worth_splitting;
        return is_short && !plan->always_share ? 0 : most;
    }
    size_t length = hm_pipeline_length(plan, pipeline);
    if (pipeline->reduction_count == pipeline->call_count && length != SIZE_MAX) {
        length = hm_reduce_chunk_count(length); // each is one worker's
    }
    return length < 2 ? 0 : length < most ? (uint32_t)length : most;
}

hm_status hm_schedule_split(hm_scheduling *scheduling) {
    const hm_plan *plan = scheduling->plan;
    hm_schedule *schedule = scheduling->schedule;
    if (plan->pipeline_count == 0) {
        return HM_OK;
    }
    schedule->splits = hm_arena_array(
            &schedule->arena, plan->pipeline_count, sizeof *schedule->splits);
    if (schedule->splits == NULL) {
        return HM_NO_MEMORY;
    }
    for (uint32_t i = 0; i < plan->pipeline_count; i++) {
        uint32_t count = share_count(scheduling, &plan->pipelines[i]);
        schedule->splits[i] =
                (hm_split){.first_share = schedule->share_count, .share_count = count};
        schedule->share_count += count;
    }
    schedule->shares = hm_arena_array(
            &schedule->arena, schedule->share_count, sizeof *schedule->shares);
    return schedule->shares != NULL || schedule->share_count == 0 ? HM_OK
                                                                  : HM_NO_MEMORY;
}

bool hm_schedule_is_side(const hm_schedule *schedule, uint32_t task) {
    return schedule->sides != NULL && schedule->sides[task].pipeline != HM_NONE;
}
