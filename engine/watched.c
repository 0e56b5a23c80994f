// watched.c — see watched.h.

#include "engine/watched.h"

#include "engine/pipeline.h"
#include "engine/plan.h"
#include "engine/run.h"

void hm_watched_begin_call(const hm_run *run, uint32_t call) {
    if (hm_probe_nodes_are_used()) {
        hm_probe_node_begin(run, hm_plan_call_name(run->plan, call));
    }
}

void hm_watched_end_call(const hm_run *run, uint32_t call) {
    if (hm_probe_nodes_are_used()) {
        hm_probe_node_end(
                run, hm_plan_call_name(run->plan, call), run->outcomes[call].status);
    }
}

static bool begins_pipeline(const hm_step *step) {
    return step->kind == HM_STEP_PIPELINE || step->kind == HM_STEP_OPEN;
}

static bool ends_pipeline(const hm_step *step) {
    return step->kind == HM_STEP_PIPELINE || step->kind == HM_STEP_CLOSE;
}

// What is started is watched where it may be pending.
static bool is_call(const hm_step *step) {
    return hm_step_is_call(step) && step->kind != HM_STEP_START;
}

void hm_watched_begin(const hm_run *run, const hm_step *step) {
    if (!hm_probe_nodes_are_used()) {
        return;
    }
    if (is_call(step)) {
        hm_watched_begin_call(run, step->subject);
    } else if (begins_pipeline(step)) {
        const hm_pipeline *pipeline = &run->plan->pipelines[step->subject];
        for (uint32_t m = 0; m < pipeline->call_count; m++) {
            hm_watched_begin_call(run, pipeline->first_call + m);
        }
    }
}

void hm_watched_end(const hm_run *run, const hm_step *step) {
    if (!hm_probe_nodes_are_used()) {
        return;
    }
    if (is_call(step)) {
        hm_watched_end_call(run, step->subject);
    } else if (ends_pipeline(step)) {
        const hm_pipeline *pipeline = &run->plan->pipelines[step->subject];
        for (uint32_t m = pipeline->call_count; m-- > 0;) {
            hm_watched_end_call(run, pipeline->first_call + m);
        }
    }
}
