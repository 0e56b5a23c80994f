// steps.c — see steps.h.

#include "engine/steps.h"

#include <stdatomic.h>

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
