// execute.c — walks through the steps of a schedule: all on the calling thread, or task
// by task on all workers.
//
// A plan that is known to be cheap is run by its caller from front to back: that is as
// fast as calling the functions by hand. Others go through the pool, see cost.h. Both
// walk through the same steps, and a run that fails, is cancelled or late goes on to
// the end in the same way: what would be called is skipped, values end all the same.

#include "engine/execute.h"

#include <stdatomic.h>
#include <string.h>

#include "base/allocator.h"
#include "base/error.h"
#include "engine/cancel.h"
#include "engine/demand.h"
#include "engine/driver.h"
#include "engine/failure.h"
#include "engine/hooks.h"
#include "engine/pipeline.h"
#include "engine/plan_state.h"
#include "engine/report.h"
#include "engine/watched.h"
#include "scheduler/pool.h"

// How often a caller that sleeps looks whether its run was cancelled, where something
// may wait for room in a limit and not hear of it otherwise.
enum { LOOK_PERIOD = 10 * 1000 * 1000 };

static bool is_stopped(const hm_run *run) {
    return atomic_load_explicit(&run->stop, memory_order_relaxed) != HM_STOP_NOT ||
           hm_cancel_is_set(run->cancel);
}

static bool has_failed(const hm_run *run) {
    return atomic_load_explicit(&run->has_failed, memory_order_relaxed);
}

static bool omits(const hm_run *run) {
    return run->hooks != NULL && run->hooks->omits;
}

// The call came to its end in time: release, so that who leaves at the deadline may
// look at what it made.
static void mark(hm_run *run, uint32_t call) {
    if (run->deadline != 0) {
        atomic_store_explicit(&run->marks[call], run->round, memory_order_release);
    }
}

static void mark_step(hm_run *run, const hm_step *step) {
    if (hm_step_is_call(step)) {
        mark(run, step->subject);
    } else if (step->kind == HM_STEP_PIPELINE || step->kind == HM_STEP_CLOSE) {
        const hm_pipeline *pipeline = &run->plan->pipelines[step->subject];
        for (uint32_t m = 0; m < pipeline->call_count; m++) {
            mark(run, pipeline->first_call + m);
        }
    }
}

// Steps of the engine's own have noted their failures.
static void note_failure(hm_run *run, const hm_step *step, int code) {
    if (step->kind == HM_STEP_CALL) {
        const hm_failure failure = {
                .status = HM_NODE_FAILED, .code = code, .said = hm_failure_said(code)};
        hm_failure_note(run, step->subject, &failure);
    }
}

// False if a call failed.
static bool run_step(hm_run *run, const hm_step *step) {
    hm_watched_begin(run, step);
    int code = step->call(run->frame, step->at, step->self);
    if (code != 0) {
        note_failure(run, step, code);
    }
    hm_watched_end(run, step);
    mark_step(run, step);
    return code == 0;
}

// Steps of a run that does not go well, or that leaves calls out. What needs a failed
// call is skipped, and if the run is stopped everything is.
static void run_rest(hm_run *run, const hm_step *step, const hm_step *last) {
    for (; step < last; step++) {
        if (hm_step_is_call(step) && hm_hooks_omit(run, step->subject)) {
            mark(run, step->subject);
            continue;
        }
        if (hm_step_is_call(step) && hm_demand_is_passed(run, step->subject)) {
            hm_hooks_passed(run, step->subject);
            mark(run, step->subject);
            continue;
        }
        uint32_t need =
                hm_step_is_call(step) ? hm_failure_need(run, step->subject) : HM_NONE;
        if (need != HM_NONE) {
            hm_failure_skip(run, step->subject, need);
            mark(run, step->subject);
        } else if (hm_step_is_call(step) && hm_stop_is_due(run)) {
            hm_failure_stop(run, step->subject);
            mark(run, step->subject);
        } else {
            run_step(run, step);
        }
    }
}

// This is where a service spends its time: the inner loop has nothing in it that it can
// do without. A plan that is known to be short is not stopped on its way.
static void run_steps(hm_run *run, const hm_step *step, const hm_step *last) {
    char *frame = run->frame;
    bool goes_well = !has_failed(run) && !omits(run);
    while (goes_well && step < last && !is_stopped(run)) {
        const hm_step *pause = run->is_short ? last : step + 1;
        for (; step != pause; step++) {
            int code = step->call(frame, step->at, step->self);
            if (__builtin_expect(code != 0, false)) {
                note_failure(run, step++, code);
                goes_well = false;
                break;
            }
        }
        if (run->deadline != 0) {
            mark_step(run, step - 1);
            goes_well = goes_well && step < last && !hm_stop_is_due(run);
        }
    }
    if (step < last) {
        run_rest(run, step, last);
    }
}

// The same, looking at the clock for each call. Returns the nanoseconds of all.
static float run_and_time_steps(hm_run *run, const hm_step *step, const hm_step *last) {
    float taken = 0;
    bool goes_well = !has_failed(run) && !omits(run);
    for (; goes_well && step < last && !hm_stop_is_due(run); step++) {
        uint64_t begin = uv_hrtime();
        goes_well = run_step(run, step);
        if (goes_well && hm_step_is_call(step) &&
                !hm_demand_is_passed(run, step->subject)) {
            taken += hm_cost_note_call(run->plan, step->subject, uv_hrtime() - begin);
        } else if (goes_well && step->kind < HM_STEP_DECIDE) {
            taken += (float)(uv_hrtime() - begin);
        }
    }
    run_rest(run, step, last);
    return taken;
}

static void run_task_steps(hm_run *run, uint32_t task) {
    const hm_schedule *schedule = run->schedule;
    const hm_step *step = &schedule->steps[schedule->first_step[task]];
    const hm_step *last = &schedule->steps[schedule->first_step[task + 1]];
    float taken = 0;
    if (run->look <= HM_LOOK_AT_RUN) {
        run_steps(run, step, last);
        return;
    }
    if (run->look == HM_LOOK_AT_CALLS) {
        taken = run_and_time_steps(run, step, last);
    } else {
        uint64_t begin = uv_hrtime();
        run_steps(run, step, last);
        if (!has_failed(run) && !hm_demand_passed_some(run, task)) {
            taken = hm_cost_note_task(run->plan, schedule, task, uv_hrtime() - begin);
        }
    }
    atomic_fetch_add_explicit(&run->spent, (uint64_t)taken, memory_order_relaxed);
}

// A task whose one call is guarded.
static hm_task_outcome run_guarded(hm_run *run, uint32_t task, hm_guard *guard) {
    bool is_async = hm_plan_graph_call(run->plan, guard->call)->function->start != NULL;
    hm_called *called = hm_called_of(run, guard->call);
    bool has_begun = called != NULL ? called->stage != HM_STAGE_NONE
                                    : is_async && hm_async_has_begun(guard);
    if (!has_begun && (hm_demand_is_passed(run, guard->call) ||
                              hm_failure_need(run, guard->call) != HM_NONE ||
                              hm_stop_is_due(run) || hm_hooks_omit(run, guard->call))) {
        const hm_schedule *schedule = run->schedule;
        run_rest(run, &schedule->steps[schedule->first_step[task]],
                &schedule->steps[schedule->first_step[task + 1]]);
        hm_guard_leave(guard);
        return HM_TASK_DONE;
    }
    if (!has_begun && (called != NULL || is_async)) {
        hm_watched_begin_call(run, guard->call);
    }
    if (called != NULL) {
        hm_task_outcome progress = hm_called_run(called);
        if (progress == HM_TASK_DONE) {
            hm_execute_ends(run, guard->call);
        }
        return progress;
    }
    if (is_async) {
        return hm_async_run(guard);
    }
    if (hm_guard_enter(guard) == HM_PARKED) {
        return HM_TASK_PENDING;
    }
    run_task_steps(run, task);
    hm_guard_leave(guard);
    return HM_TASK_DONE;
}

static hm_task_outcome run_task(void *context, uint32_t task) {
    hm_run *run = context;
    const hm_plan *plan = run->plan;
    hm_run **place = hm_stop_place();
    hm_run *before = *place;
    *place = run;
    uint64_t limit = hm_stop_set_limit(0); // of a node that waits for this run
    hm_stop_forget_told();
    hm_probe_task_begin(run, task);
    hm_task_outcome progress = HM_TASK_DONE;
    uint32_t guard = HM_NONE;
    const hm_schedule *schedule = run->schedule;
    if (plan->guard_count > 0 && !hm_schedule_is_side(schedule, task)) {
        guard = plan->calls[schedule->order[schedule->first_call[task]]].guard;
    }
    if (guard != HM_NONE) {
        progress = run_guarded(run, task, &run->guards[guard]);
    } else {
        hm_hooks_begin_task(run, task);
        run_task_steps(run, task);
        hm_hooks_end_task(run, task);
    }
    hm_probe_task_end(run, task);
    *place = before;
    (void)hm_stop_set_limit(limit);
    return progress;
}

void hm_execute_ends(hm_run *run, uint32_t call) {
    hm_watched_end_call(run, call);
    const hm_schedule *schedule = run->schedule;
    uint32_t task = schedule->task_of[call];
    run_rest(run, &schedule->steps[schedule->first_step[task] + 1],
            &schedule->steps[schedule->first_step[task + 1]]);
    mark(run, call);
}

static void look(void *context) {
    (void)hm_stop_is_due(context);
}

// Nobody waits for the job any more.
static void come_back(void *context, bool was_left) {
    (void)was_left; // submitted jobs have an end of their own
    hm_run_come_back(context);
}

void hm_execute_init(hm_run *run) {
    hm_job_init(&run->job, &run->schedule->tasks, run->tickets, run->open_needs,
            run_task, run);
    run->job.costs = run->schedule->task_costs;
    run->job.look_period = LOOK_PERIOD;
}

// What an earlier execution left.
static void forget(hm_run *run) {
    const hm_plan *plan = run->plan;
    if (plan->ending_count > 0) {
        hm_run_end_all(run);
    }
    // What was told of calls that were made once more, and of rows.
    if (run->hooks != NULL || plan->rows_may_fail) {
        hm_arena_finish(&run->messages);
        run->askers = NULL;
    }
    // Relaxed, as what follows: no task is under way.
    if (has_failed(run) ||
            atomic_load_explicit(&run->stop, memory_order_relaxed) != HM_STOP_NOT) {
        memset(run->outcomes, 0, plan->call_count * sizeof *run->outcomes);
        if (plan->accepts_failed) {
            hm_run_point_at_slots(run);
        }
        hm_arena_finish(&run->messages);
        run->askers = NULL;
        atomic_store_explicit(&run->has_failed, false, memory_order_relaxed);
        atomic_store_explicit(&run->stop, HM_STOP_NOT, memory_order_relaxed);
    }
    if (atomic_load_explicit(&plan->state->schedule, memory_order_relaxed) !=
            run->schedule) {
        hm_run_change_schedule(run);
    }
}

static hm_level level_of(hm_priority priority) {
    switch (priority) {
    case HM_PRIORITY_HIGH:
        return HM_LEVEL_URGENT;
    case HM_PRIORITY_LOW:
        return HM_LEVEL_PATIENT;
    case HM_PRIORITY_NORMAL:
    default:
        return HM_LEVEL_NORMAL;
    }
}

// A deadline: the time, room for what is told when it has passed, and inputs that stay.
static hm_status set_deadline(hm_run *run) {
    const hm_plan *plan = run->plan;
    if (run->left == NULL) {
        run->left = hm_allocate_array(
                plan->allocator, plan->wanted_count, sizeof *run->left);
        if (run->left == NULL) {
            return HM_NO_MEMORY;
        }
    }
    HM_TRY(hm_run_keep_inputs(run));
    run->begun = uv_hrtime();
    uint64_t most = INT64_MAX - run->begun;
    run->deadline = run->begun + (run->time_limit < most ? run->time_limit : most);
    run->round++;
    return HM_OK;
}

void hm_execute_prepare(hm_run *run) {
    hm_job *job = &run->job;
    job->ended = come_back;
    job->level = level_of(run->priority);
    job->deadline = run->deadline;
    job->caller_waits = run->caller_waits;
    bool may_wait_unheard =
            run->plan->guard_count > 0 && run->cancel != &hm_cancel_never;
    job->look = may_wait_unheard ? look : NULL;
    atomic_store_explicit(&run->spent, 0, memory_order_relaxed);
}

// Whether there have to be others who run what would delay the caller.
static bool leaves_to_others(const hm_run *run, bool is_short) {
    return run->plan->worker_count > 1 &&
           (run->caller_waits || (run->time_limit != 0 && !is_short));
}

hm_status hm_execute_begin(hm_run *run, hm_error *error, hm_way *way) {
    // Acquire: what the last node of an earlier execution did. Only its owner begins
    // one.
    uint32_t phase = atomic_load_explicit(&run->phase, memory_order_acquire);
    if (phase != HM_PHASE_IDLE) {
        return hm_error_set(error, HM_BUSY, "the run is still under way%s",
                phase == HM_PHASE_LEFT
                        ? ": a node has not come back that was in it when the deadline "
                          "passed"
                        : "");
    }
    atomic_store_explicit(&run->phase, HM_PHASE_UNDER_WAY, memory_order_relaxed);
    const hm_plan *plan = run->plan;
    run->is_ready = false;
    hm_run_follow_cancel(run);
    if (plan->dimension_count > 0) {
        hm_cost_follow(plan, hm_run_input_length(run));
    }
    forget(run);
    run->deadline = 0;
    run->overrun = 0;
    run->was_left = false;
    hm_run_return_inputs(run);
    if (run->time_limit != 0 && set_deadline(run) != HM_OK) {
        atomic_store_explicit(&run->phase, HM_PHASE_IDLE, memory_order_relaxed);
        return hm_error_no_memory(error);
    }
    hm_status status = hm_hooks_begin(run, error);
    if (status != HM_OK) {
        hm_run_return_inputs(run);
        atomic_store_explicit(&run->phase, HM_PHASE_IDLE, memory_order_relaxed);
        return status;
    }
    if (plan->choice_count > 0) {
        hm_demand_begin(run);
    }
    hm_decision decision = hm_cost_decide(plan, &run->pace);
    run->look = omits(run)                  ? HM_LOOK_AWAY
                : hm_probe_nodes_are_used() ? HM_LOOK_AT_CALLS
                                            : decision.look;
    hm_probe_run_begin(run, plan);
    run->is_short = decision.is_short && run->deadline == 0;
    if (run->look != HM_LOOK_AWAY && run->deadline == 0) {
        run->begun = uv_hrtime();
    }
    *way = decision.way;
    if (plan->guard_count > 0 || leaves_to_others(run, decision.is_short)) {
        *way = HM_TOGETHER;
    }
    run->way = *way;
    if (*way == HM_TOGETHER) {
        hm_execute_prepare(run);
    }
    return HM_OK;
}

static float walk_alone(hm_run *run) {
    const hm_schedule *schedule = run->schedule;
    const hm_step *step = schedule->steps;
    const hm_step *last = step + schedule->first_step[schedule->tasks.task_count];
    if (run->look == HM_LOOK_AT_CALLS) {
        return run_and_time_steps(run, step, last);
    }
    uint64_t begin = run->look != HM_LOOK_AWAY ? uv_hrtime() : 0;
    run_steps(run, step, last);
    return run->look != HM_LOOK_AWAY ? (float)(uv_hrtime() - begin) : 0;
}

void hm_execute_alone(hm_run *run) {
    hm_run **place = hm_stop_place();
    hm_run *before = *place;
    *place = run;
    hm_hooks_begin_task(run, HM_NONE);
    float taken = walk_alone(run);
    hm_hooks_end_task(run, HM_NONE);
    *place = before;
    atomic_store_explicit(&run->spent, (uint64_t)taken, memory_order_relaxed);
}

// Waits for a job that others execute, because the pool has no room for one more
// caller.
static void wake_waiter(void *context, bool was_left) {
    hm_run *run = context;
    if (was_left) {
        hm_run_come_back(run);
    } else {
        hm_parker_unpark(&run->parker);
    }
}

static hm_executed wait_outside(hm_run *run) {
    hm_job *job = &run->job;
    hm_pool *pool = run->plan->pool;
    job->ended = wake_waiter;
    hm_pool_announce(pool, job);
    hm_pool_submit(pool, job);
    bool is_done = false;
    while (!is_done) {
        uint64_t now = uv_hrtime();
        if (job->deadline != 0 && now >= job->deadline && hm_pool_leave(pool, job)) {
            return HM_EXECUTED_SOME;
        }
        uint64_t patience = job->deadline > now ? job->deadline - now : LOOK_PERIOD;
        is_done = hm_parker_park(
                &run->parker, patience < LOOK_PERIOD ? patience : LOOK_PERIOD);
        look(run);
    }
    return HM_EXECUTED_ALL;
}

static hm_executed run_together(hm_run *run) {
    hm_executed executed = hm_pool_execute(run->plan->pool, &run->job);
    if (executed != HM_EXECUTED_NONE) {
        return executed;
    }
    // There are too many callers to help each other.
    if (run->plan->guard_count > 0) {
        return wait_outside(run);
    }
    hm_execute_alone(run);
    return HM_EXECUTED_ALL;
}

static void learn(hm_run *run) {
    const hm_plan *plan = run->plan;
    if (run->look == HM_LOOK_AWAY) {
        return;
    }
    if (run->look == HM_LOOK_AT_RUN) {
        hm_cost_note_shared(plan, run->schedule, (float)(uv_hrtime() - run->begun));
        return;
    }
    float work = (float)atomic_load_explicit(&run->spent, memory_order_relaxed);
    if (hm_cost_note_run(plan, run->schedule, run->way, work) && !run->is_single) {
        hm_schedule_renew(plan);
    }
}

// What is told of an execution.
static hm_status tell(hm_run *run, bool was_left, hm_faults *faults) {
    if (was_left) {
        hm_stop_run(run, HM_STOP_LATE);
        run->was_left = true;
        return hm_report_left(run, faults);
    }
    if (has_failed(run) ||
            atomic_load_explicit(&run->stop, memory_order_relaxed) != HM_STOP_NOT) {
        return hm_report(run, faults);
    }
    learn(run);
    run->is_ready = run->is_plain && !hm_probe_runs_are_used();
    return HM_OK;
}

// The same, so that adapters can be told of it as well.
static hm_status tell_hooked(hm_run *run, bool was_left, hm_faults *faults) {
    hm_error *error = faults->error;
    faults->error = &run->hooks->told;
    hm_status status = tell(run, was_left, faults);
    run->hooks->told.status = status;
    if (error != NULL && status != HM_OK) {
        *error = run->hooks->told;
    }
    faults->error = error;
    return status;
}

hm_status hm_execute_end(hm_run *run, bool was_left, hm_faults *faults) {
    hm_status status = run->hooks != NULL ? tell_hooked(run, was_left, faults)
                                          : tell(run, was_left, faults);
    hm_probe_run_end(run, status);
    if (was_left) {
        uint32_t under_way = HM_PHASE_UNDER_WAY;
        // Release: the last node, who frees the run if it is destroyed, comes after us.
        if (atomic_compare_exchange_strong_explicit(&run->phase, &under_way,
                    HM_PHASE_LEFT, memory_order_acq_rel, memory_order_acquire)) {
            return status;
        }
    }
    hm_hooks_end(run);
    hm_run_return_inputs(run);
    atomic_store_explicit(&run->phase, HM_PHASE_IDLE, memory_order_relaxed);
    return status;
}

// A caller on the thread of the loop would keep it from what it waits for.
static hm_status check_thread(const hm_run *run, hm_error *error) {
    const hm_plan *plan = run->plan;
    if (plan->async_count == 0 || !hm_loop_is_here(plan->driver->loop)) {
        return HM_OK;
    }
    return hm_error_set(error, HM_BAD_ARGUMENT,
            "a run with asynchronous nodes was executed on the thread of the loop that "
            "they need: submit it");
}

// Whether nothing stands between the run and its steps: nearly every execution of a
// small service, which takes not much longer than what would be asked and written down.
static bool is_simple(const hm_run *run) {
    const hm_plan *plan = run->plan;
    // Relaxed: what is not as it should be is looked at more closely.
    return run->is_ready && hm_cost_is_settled(plan, &run->pace) &&
           !hm_cancel_is_set(run->cancel) &&
           atomic_load_explicit(&plan->state->schedule, memory_order_relaxed) ==
                   run->schedule;
}

static void execute_simply(hm_run *run) {
    const hm_schedule *schedule = run->schedule;
    const hm_step *step = schedule->steps;
    const hm_step *last = step + schedule->first_step[schedule->tasks.task_count];
    char *frame = run->frame;
    hm_run **place = hm_stop_place();
    hm_run *before = *place;
    *place = run;
    run->pace.count++;
    run->is_short = true;
    atomic_store_explicit(&run->phase, HM_PHASE_UNDER_WAY, memory_order_relaxed);
    int code = 0;
    while (code == 0 && step != last) {
        code = step->call(frame, step->at, step->self);
        step++;
    }
    if (code != 0) {
        note_failure(run, step - 1, code);
        run_rest(run, step, last);
        run->is_ready = false;
    }
    atomic_store_explicit(&run->phase, HM_PHASE_IDLE, memory_order_relaxed);
    *place = before;
}

hm_status hm_execute(hm_run *run, hm_faults *faults) {
    if (is_simple(run)) {
        execute_simply(run);
        return run->is_ready ? HM_OK : hm_report(run, faults);
    }
    hm_way way;
    if (run->plan->async_count > 0) {
        HM_TRY(check_thread(run, faults->error));
    }
    HM_TRY(hm_execute_begin(run, faults->error, &way));
    hm_executed executed = HM_EXECUTED_ALL;
    if (way == HM_ALONE) {
        hm_execute_alone(run);
    } else {
        executed = run_together(run);
    }
    if (run->deadline != 0) {
        uint64_t now = uv_hrtime();
        run->overrun = now > run->deadline ? now - run->deadline : 0;
    }
    return hm_execute_end(run, executed == HM_EXECUTED_SOME, faults);
}
