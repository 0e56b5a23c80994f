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
// A plan learns in its first executions what its functions cost. After that a run
// allocates nothing more, as long as its arrays do not grow; what functions allocate
// themselves is their own.
//
// A service that must not wait submits runs to other threads:
//
//     hm_run_set_deadline(run, 50 * 1000 * 1000);
//     status = hm_run_submit(run, answer, request, &error); // answer(run, ...) later

#ifndef HAMILTON_PLAN_H
#define HAMILTON_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hamilton/diagnostics.h>
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

/// What a run needs at most, in bytes, as it would be run now. Copies of inputs, for a
/// deadline, and what is told of failures come on top.
typedef struct hm_plan_need {
    size_t frame;  ///< for single values
    size_t arrays; ///< for arrays, as long as those that the plan was compiled with
    size_t state;  ///< for everything else
    bool is_known; ///< false if functions decide how long some arrays are
} hm_plan_need;

/// Compiles a request. Of its inputs and overrides the types and depths are compiled
/// in; the values are what a new run starts with and are copied, objects by reference
/// excepted, which are kept, and arrays that request.borrows_arrays. Any thread. The
/// caller destroys *plan.
HM_API HM_MUST_CHECK hm_status hm_plan_create(const hm_driver *driver,
        const hm_request *request, hm_plan **plan, hm_error *error);

/// Accepts NULL. Its memory is freed when no run of it is left.
HM_API void hm_plan_destroy(hm_plan *plan);

/// The slot of an input, an override or a wanted name of the request, or HM_NONE. Any
/// thread.
HM_API uint32_t hm_plan_find(const hm_plan *plan, const char *name);

/// Any thread.
HM_API hm_plan_need hm_plan_memory(const hm_plan *plan);

/// How many functions a run calls, mapped ones counted once.
HM_API size_t hm_plan_step_count(const hm_plan *plan);

/// The caller destroys *run.
HM_API HM_MUST_CHECK hm_status hm_run_create(
        const hm_plan *plan, hm_run **run, hm_error *error);

/// Accepts NULL. Owner only; not during hm_run_execute, nor between hm_run_submit and
/// its callback. If nodes are still under way after a deadline, memory is freed when
/// the last of them is back.
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

/// The same for a value with a release: the run has it from now on, and releases it
/// when it is replaced or the run is destroyed. *value is emptied unless it fails.
HM_API HM_MUST_CHECK hm_status hm_run_give(
        hm_run *run, const char *name, hm_value *value, hm_error *error);

/// For later executions, in place of what the request said, see hm_request. cancel may
/// be NULL. Owner only.
HM_API void hm_run_set_deadline(hm_run *run, uint64_t nanoseconds);
HM_API void hm_run_set_priority(hm_run *run, hm_priority priority);
HM_API void hm_run_set_cancel(hm_run *run, const hm_cancel *cancel);

/// Runs the plan once and waits for it; independent nodes run at the same time. Outputs
/// are valid until the next execution. After a failure the run can be executed again;
/// after HM_DEADLINE, once the last node is back: until then it is HM_BUSY, and a
/// service that does not want to wait destroys the run and creates another. Owner only.
HM_API HM_MUST_CHECK hm_status hm_run_execute(hm_run *run, hm_error *error);

/// Gets what hm_run_execute would return; error->status is HM_OK if all went well. On
/// the driver's loop. The run is its owner's again: it may be submitted or destroyed.
typedef void hm_run_done(hm_run *run, const hm_error *error, void *context);

/// Runs the plan once on other threads and returns; done is called later, never before
/// this returns. A run that is known to be short and has no deadline is run here all
/// the same, since that takes less than handing it over. HM_BUSY if the run is under
/// way or too many of the driver's are. Owner only.
HM_API HM_MUST_CHECK hm_status hm_run_submit(
        hm_run *run, hm_run_done *done, void *context, hm_error *error);

/// Whether an execution is under way, or nodes of one whose deadline passed. Any
/// thread.
HM_API bool hm_run_is_busy(const hm_run *run);

/// HM_OK if a wanted name is ready after an execution, else why it is not:
/// HM_NODE_FAILED and the like, HM_SKIPPED, HM_DEADLINE, HM_CANCELLED; HM_UNKNOWN_NAME
/// if it is not wanted. *message tells in words and may be NULL; it is borrowed until
/// the next execution. Owner only.
HM_API hm_status hm_run_status(hm_run *run, const char *name, const char **message);

/// Adds a warning to the list for each check under `warn` of <hamilton/modifiers.h>
/// that did not pass in the last execution, and for each node of which rows failed and
/// are missing (hm_request.rows_may_fail). Nothing, if nodes of it are still under
/// way. list may be NULL. Owner only.
HM_API void hm_run_warnings(const hm_run *run, hm_diagnostics *list);

/// By how many nanoseconds the last hm_run_execute came back later than its deadline:
/// by the time that it takes to wake up, or by the rest of a node that took longer on
/// the calling thread than was known of it. 0 after hm_run_submit. Owner only.
HM_API uint64_t hm_run_overrun(const hm_run *run);

/// The value of a wanted name after an execution, borrowed until the next one. Owner
/// only.
HM_API HM_MUST_CHECK hm_status hm_run_get(
        hm_run *run, const char *name, hm_value *value, hm_error *error);

#ifdef __cplusplus
}
#endif

#endif
