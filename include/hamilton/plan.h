// plan.h — a request compiled once and run many times, for a service.
//
//     hm_request request = HM_REQUEST_INIT; // inputs say type and shape; values unused
//     ...
//     hm_plan *plan;
//     hm_run *run; // one per thread that runs the plan at a time
//     hm_plan_create(driver, &request, &plan, &error);
//     hm_run_create(plan, &run, &error);
//
//     double *spend = hm_run_slot(run, hm_plan_find(plan, "spend"));
//     const double *cost = hm_run_slot(run, hm_plan_find(plan, "spend_per_signup"));
//     for (each request) {
//         *spend = ...;
//         if (hm_run_execute(run, &error) == HM_OK) {
//             answer(*cost);
//         }
//     }
//
// After its first execution a run allocates nothing more, as long as its arrays do not
// grow; what functions allocate themselves is their own.

#ifndef HAMILTON_PLAN_H
#define HAMILTON_PLAN_H

#include <stddef.h>
#include <stdint.h>

#include <hamilton/driver.h>
#include <hamilton/export.h>
#include <hamilton/status.h>
#include <hamilton/value.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A compiled request. It never changes: any number of runs of it may be under way at
/// once. It needs its driver.
typedef struct hm_plan hm_plan;

/// The state of one execution at a time: a frame. It needs its plan.
typedef struct hm_run hm_run;

/// Compiles a request. Of its inputs and overrides the types and depths are compiled
/// in; the values are what a new run starts with and are copied, objects by reference
/// excepted, which are kept. Any thread. The caller destroys *plan.
HM_API HM_MUST_CHECK hm_status hm_plan_create(const hm_driver *driver,
        const hm_request *request, hm_plan **plan, hm_error *error);

/// Accepts NULL. No run of this plan may be left.
HM_API void hm_plan_destroy(hm_plan *plan);

/// The slot of an input, an override or a wanted name of the request, or HM_NONE. Any
/// thread.
HM_API uint32_t hm_plan_find(const hm_plan *plan, const char *name);

/// Bytes of a run's frame, without the arrays.
HM_API size_t hm_plan_frame_size(const hm_plan *plan);

/// How many functions a run calls, mapped ones counted once.
HM_API size_t hm_plan_step_count(const hm_plan *plan);

/// The caller destroys *run.
HM_API HM_MUST_CHECK hm_status hm_run_create(
        const hm_plan *plan, hm_run **run, hm_error *error);

/// Accepts NULL. Owner only; not during hm_run_execute.
HM_API void hm_run_destroy(hm_run *run);

/// The memory of a slot: a T, a const char *, or an hm_array, see <hamilton/module.h>.
/// To be written before an execution if it is an input or override, and read after it
/// if it is wanted. What it points at is borrowed: an input's must live as long as
/// outputs of this run are read. Owner only.
HM_API void *hm_run_slot(hm_run *run, uint32_t slot);

/// Replaces an input or override by a value of the type and depth that it was compiled
/// for. The value is borrowed until it is replaced or the run destroyed. Owner only.
HM_API HM_MUST_CHECK hm_status hm_run_set(
        hm_run *run, const char *name, const hm_value *value, hm_error *error);

/// Runs the plan once and waits for it; independent nodes run at the same time. Outputs
/// are valid until the next execution. After a failure the run can be executed again.
/// Owner only.
HM_API HM_MUST_CHECK hm_status hm_run_execute(hm_run *run, hm_error *error);

/// The value of a wanted name after an execution, borrowed until the next one. Owner
/// only.
HM_API HM_MUST_CHECK hm_status hm_run_get(
        hm_run *run, const char *name, hm_value *value, hm_error *error);

#ifdef __cplusplus
}
#endif

#endif
