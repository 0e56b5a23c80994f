// steps.h — the thunks of steps that are the engine's own. Like a function's they get
// the frame, at whose beginning the run is found; `at` points at the step's subject.

#ifndef HM_ENGINE_STEPS_H
#define HM_ENGINE_STEPS_H

#include <stdint.h>

// What they return when a call failed: it is noted already.
enum { HM_STEP_FAILED = 1 };

// A call that needs more than its thunk, see rows.h.
int hm_steps_run_rows(void *frame, const uint32_t *at, void *self);

// A call that adapters want, see called.h.
int hm_steps_run_hooked(void *frame, const uint32_t *at, void *self);

// An asynchronous call is started by its task; as a step it is only ever skipped.
int hm_steps_start(void *frame, const uint32_t *at, void *self);

// A whole pipeline; or, where workers share its rows, what the tasks of it do.
int hm_steps_pipeline(void *frame, const uint32_t *at, void *self);
int hm_steps_open(void *frame, const uint32_t *at, void *self);
int hm_steps_work(void *frame, const uint32_t *at, void *self);
int hm_steps_close(void *frame, const uint32_t *at, void *self);

// Runs the hm_lazy_step `self`, unless nothing needs its calls.
int hm_steps_lazy(void *frame, const uint32_t *at, void *self);

// What chooses in switches has been made, or will not be.
int hm_steps_decide(void *frame, const uint32_t *at, void *self);

// This task has done with a value; the last task that has ends it.
int hm_steps_end_value(void *frame, const uint32_t *at, void *self);

#endif
