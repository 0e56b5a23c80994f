// execute.c — walks through the steps of a schedule: all on the calling thread, or task
// by task on all workers.
//
// A plan that is known to be cheap is run by its caller from front to back: that is as
// fast as calling the functions by hand. Others go through the pool, see cost.h. Both
// walk through the same steps, and a run that fails goes on to the end in the same way.

#include <stdatomic.h>
#include <string.h>

#include "base/error.h"
#include "engine/cancel.h"
#include "engine/cost.h"
#include "engine/failure.h"
#include "engine/plan_state.h"
#include "engine/run.h"
#include "scheduler/pool.h"

// The first call that a call waits for in vain, or HM_NONE.
static uint32_t failed_need(const hm_run *run, uint32_t call) {
    const hm_plan *plan = run->plan;
    const hm_operand *operands = hm_plan_operands(plan, call);
    size_t count = hm_plan_graph_call(plan, call)->function->parameter_count;
    for (size_t p = 0; p < count; p++) {
        uint32_t maker = plan->values[operands[p].value].maker;
        if (maker != HM_NONE && run->outcomes[maker].status != HM_OK) {
            return maker;
        }
    }
    return HM_NONE;
}

static bool is_cancelled(const hm_run *run) {
    return atomic_load_explicit(&run->plan->cancel->is_raised, memory_order_relaxed);
}

static bool has_failed(const hm_run *run) {
    return atomic_load_explicit(&run->has_failed, memory_order_relaxed);
}

// Steps of the engine's own have noted their failures.
static void note_failure(hm_run *run, const hm_step *step, int code) {
    if (step->kind == HM_STEP_CALL) {
        const hm_failure failure = {.status = HM_NODE_FAILED, .code = code};
        hm_failure_note(run, step->subject, &failure);
    }
}

// False if a call failed.
static bool run_step(hm_run *run, const hm_step *step) {
    int code = step->call(run->frame, step->at, step->self);
    if (code != 0) {
        note_failure(run, step, code);
    }
    return code == 0;
}

// Steps after a failure, or when the run was cancelled. What needs a failed call is
// skipped, or everything if the run does not keep going; values end all the same.
static void run_rest(hm_run *run, const hm_step *step, const hm_step *last) {
    for (; step < last; step++) {
        bool is_call = step->kind != HM_STEP_END;
        uint32_t need = is_call ? failed_need(run, step->subject) : HM_NONE;
        if (need != HM_NONE) {
            hm_failure_skip(run, step->subject, need);
        } else if (is_call && is_cancelled(run)) {
            hm_failure_cancel(run, step->subject);
        } else if (is_call && !run->plan->keep_going) {
            hm_failure_skip(run, step->subject, HM_NONE);
        } else {
            run_step(run, step);
        }
    }
}

// This is where a service spends its time: the inner loop has nothing in it that it can
// do without. A plan that is known to be short does not look at `cancel` on its way.
static void run_steps(hm_run *run, const hm_step *step, const hm_step *last) {
    char *frame = run->frame;
    bool goes_well = !has_failed(run);
    while (goes_well && step < last && !is_cancelled(run)) {
        const hm_step *pause = run->is_short ? last : step + 1;
        for (; step != pause; step++) {
            int code = step->call(frame, step->at, step->self);
            if (__builtin_expect(code != 0, false)) {
                note_failure(run, step++, code);
                goes_well = false;
                break;
            }
        }
    }
    if (step < last) {
        run_rest(run, step, last);
    }
}

// The same, looking at the clock for each call. Returns the nanoseconds of all.
static float run_and_time_steps(hm_run *run, const hm_step *step, const hm_step *last) {
    float taken = 0;
    bool goes_well = !has_failed(run);
    for (; goes_well && step < last && !is_cancelled(run); step++) {
        uint64_t begin = uv_hrtime();
        goes_well = run_step(run, step);
        if (goes_well && step->kind != HM_STEP_END) {
            taken += hm_cost_note_call(run->plan, step->subject, uv_hrtime() - begin);
        }
    }
    run_rest(run, step, last);
    return taken;
}

static hm_progress run_task(void *context, uint32_t task) {
    hm_run *run = context;
    const hm_schedule *schedule = run->schedule;
    const hm_step *step = &schedule->steps[schedule->first_step[task]];
    const hm_step *last = &schedule->steps[schedule->first_step[task + 1]];
    float taken = 0;
    if (run->look == HM_LOOK_AWAY) {
        run_steps(run, step, last);
        return HM_TASK_DONE;
    }
    if (run->look == HM_LOOK_AT_CALLS) {
        taken = run_and_time_steps(run, step, last);
    } else {
        uint64_t begin = uv_hrtime();
        run_steps(run, step, last);
        if (!has_failed(run)) {
            taken = hm_cost_note_task(run->plan, schedule, task, uv_hrtime() - begin);
        }
    }
    atomic_fetch_add_explicit(&run->spent, (uint64_t)taken, memory_order_relaxed);
    return HM_TASK_DONE;
}

void hm_execute_init(hm_run *run) {
    hm_job_init(&run->job, &run->schedule->tasks, run->tickets, run_task, run);
}

// What an earlier execution left.
static void begin(hm_run *run) {
    const hm_plan *plan = run->plan;
    if (plan->ending_count > 0) {
        hm_run_end_all(run);
    }
    if (has_failed(run)) {
        memset(run->outcomes, 0, plan->call_count * sizeof *run->outcomes);
        hm_arena_finish(&run->messages);
        run->askers = NULL;
        atomic_store_explicit(&run->has_failed, false, memory_order_relaxed);
    }
    // Relaxed: whether it is another one is all that is asked.
    if (atomic_load_explicit(&plan->state->schedule, memory_order_relaxed) !=
            run->schedule) {
        hm_run_change_schedule(run);
    }
}

static float run_alone(hm_run *run) {
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

static float run_together(hm_run *run) {
    atomic_store_explicit(&run->spent, 0, memory_order_relaxed);
    if (hm_pool_execute(run->plan->pool, &run->job) == HM_EXECUTED_NONE) {
        return run_alone(run); // there are too many callers to help each other
    }
    return (float)atomic_load_explicit(&run->spent, memory_order_relaxed);
}

hm_status hm_run_steps(hm_run *run, hm_faults *faults) {
    const hm_plan *plan = run->plan;
    begin(run);
    hm_decision decision = hm_cost_decide(plan, &run->pace);
    run->look = decision.look;
    run->is_short = decision.is_short;
    float taken = decision.way == HM_TOGETHER ? run_together(run) : run_alone(run);
    if (has_failed(run)) {
        return hm_failure_report(run, faults);
    }
    if (decision.look != HM_LOOK_AWAY && hm_cost_note_run(plan, run->schedule, taken) &&
            !run->is_single) {
        hm_schedule_renew(plan);
    }
    return HM_OK;
}
