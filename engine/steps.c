// steps.c — see steps.h.

#include "engine/steps.h"

#include <stdatomic.h>

#include "engine/cost.h"
#include "engine/demand.h"
#include "engine/failure.h"
#include "engine/hooks.h"
#include "engine/pipeline.h"
#include "engine/rows.h"
#include "engine/run.h"

static hm_run *run_of(void *frame) {
    return ((hm_frame_head *)frame)->run;
}

int hm_steps_run_rows(void *frame, const uint32_t *at, void *self) {
    (void)self;
    hm_run *run = run_of(frame);
    hm_failure failure;
    if (hm_rows_run(run, *at, &failure) == HM_OK) {
        return 0;
    }
    hm_failure_note(run, *at, &failure);
    return HM_STEP_FAILED;
}

int hm_steps_run_hooked(void *frame, const uint32_t *at, void *self) {
    (void)self;
    hm_run *run = run_of(frame);
    // Those that may be pending are not run as steps.
    (void)hm_called_run(hm_called_of(run, *at));
    return run->outcomes[*at].status == HM_OK ? 0 : HM_STEP_FAILED;
}

int hm_steps_start(void *frame, const uint32_t *at, void *self) {
    (void)frame;
    (void)at;
    (void)self;
    return HM_STEP_FAILED;
}

int hm_steps_open(void *frame, const uint32_t *at, void *self) {
    (void)self;
    hm_pipeline_open(run_of(frame), *at);
    return 0;
}

int hm_steps_work(void *frame, const uint32_t *at, void *self) {
    (void)self;
    hm_pipeline_work(run_of(frame), *at);
    return 0;
}

int hm_steps_close(void *frame, const uint32_t *at, void *self) {
    (void)self;
    return hm_pipeline_close(run_of(frame), *at) ? 0 : HM_STEP_FAILED;
}

int hm_steps_pipeline(void *frame, const uint32_t *at, void *self) {
    hm_steps_open(frame, at, self);
    hm_steps_work(frame, at, self);
    return hm_steps_close(frame, at, self);
}

// A lazy call may never have been run where others were measured.
static int run_first_time(hm_run *run, const hm_lazy_step *lazy) {
    const hm_step *step = &lazy->inner;
    uint64_t begin = uv_hrtime();
    int code = step->call(run->frame, step->at, step->self);
    if (code == 0) {
        hm_cost_note_call(run->plan, lazy->call, uv_hrtime() - begin);
    }
    return code;
}

// Adapters are told once, of all calls.
static void pass(hm_run *run, const hm_lazy_step *lazy) {
    uint32_t count = hm_plan_unit_size(run->plan, lazy->call);
    bool is_told =
            lazy->inner.kind == HM_STEP_WORK || lazy->inner.kind == HM_STEP_CLOSE;
    for (uint32_t i = 0; i < count && !is_told && run->hooks != NULL; i++) {
        hm_hooks_passed(run, lazy->call + i);
    }
}

int hm_steps_lazy(void *frame, const uint32_t *at, void *self) {
    (void)at;
    const hm_lazy_step *lazy = self;
    const hm_step *step = &lazy->inner;
    hm_run *run = run_of(frame);
    if (hm_demand_is_passed(run, lazy->call)) {
        pass(run, lazy);
        return 0;
    }
    bool is_call = !hm_plan_call_is_member(run->plan, lazy->call);
    return is_call && !hm_cost_is_known(run->plan, lazy->call)
                   ? run_first_time(run, lazy)
                   : step->call(frame, step->at, step->self);
}

int hm_steps_decide(void *frame, const uint32_t *at, void *self) {
    (void)self;
    hm_demand_decide(run_of(frame), *at);
    return 0;
}

int hm_steps_end_value(void *frame, const uint32_t *at, void *self) {
    (void)self;
    hm_run *run = run_of(frame);
    uint32_t value = *at;
    uint32_t count = run->schedule->retirements[value].count;
    if (count > 1) {
        // Acquire and release: the others have read the value before it ends.
        if (atomic_fetch_sub_explicit(
                    &run->open_ends[value], 1, memory_order_acq_rel) != 1) {
            return 0;
        }
        // Relaxed: the next execution begins after this one.
        atomic_store_explicit(&run->open_ends[value], count, memory_order_relaxed);
    }
    hm_run_end_value(run, value);
    return 0;
}
