// execute.c — walks through the steps of a plan: all on the calling thread, or task by
// task on all workers.
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
#include "engine/rows.h"
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

// A task has done with a value; the last task that has ends it.
static void end(hm_run *run, uint32_t id) {
    uint32_t count = run->plan->values[id].end_count;
    if (count > 1) {
        // Acquire and release: the others have read the value before it ends.
        if (atomic_fetch_sub_explicit(&run->open_ends[id], 1, memory_order_acq_rel) !=
                1) {
            return;
        }
        // Relaxed: the next execution begins after this one.
        atomic_store_explicit(&run->open_ends[id], count, memory_order_relaxed);
    }
    hm_run_end_value(run, id);
}

// Everything but a plain call. False if the call failed.
static bool run_special(hm_run *run, const hm_step *step, hm_failure *failure) {
    if (step->kind == HM_STEP_ROWS) {
        return hm_rows_run(run, step, failure) == HM_OK;
    }
    end(run, step->subject);
    return true;
}

static bool run_step(hm_run *run, const hm_step *step, hm_failure *failure) {
    if (step->call == NULL) {
        return run_special(run, step, failure);
    }
    int code = step->call(run->frame, step->at, step->self);
    *failure = (hm_failure){.status = HM_NODE_FAILED, .code = code};
    return code == 0;
}

static bool is_cancelled(const hm_run *run) {
    return atomic_load_explicit(&run->plan->cancel->is_raised, memory_order_relaxed);
}

// Steps after a failure, or when the run was cancelled. What needs a failed call is
// skipped, or everything if the run does not keep going; values end all the same.
static void run_rest(hm_run *run, const hm_step *step, const hm_step *last) {
    for (; step < last; step++) {
        bool is_call = step->kind != HM_STEP_END;
        uint32_t need = is_call ? failed_need(run, step->subject) : HM_NONE;
        hm_failure failure;
        if (need != HM_NONE) {
            hm_failure_skip(run, step->subject, need);
        } else if (is_call && is_cancelled(run)) {
            hm_failure_cancel(run, step->subject);
        } else if (is_call && !run->plan->keep_going) {
            hm_failure_skip(run, step->subject, HM_NONE);
        } else if (!run_step(run, step, &failure)) {
            hm_failure_note(run, step->subject, &failure);
        }
    }
}

// The first step that did not succeed, or `last`. Plain calls are nearly every step of
// a service, so this loop has nothing in it that they can do without.
static const hm_step *run_until_failure(
        hm_run *run, const hm_step *step, const hm_step *last, hm_failure *failure) {
    char *frame = run->frame;
    while (step < last) {
        if (is_cancelled(run)) {
            return step;
        }
        const hm_step *pause = last - step > run->stride ? step + run->stride : last;
        for (; step < pause; step++) {
            if (__builtin_expect(step->call != NULL, true)) {
                int code = step->call(frame, step->at, step->self);
                if (__builtin_expect(code != 0, false)) {
                    *failure = (hm_failure){.status = HM_NODE_FAILED, .code = code};
                    return step;
                }
            } else if (!run_special(run, step, failure)) {
                return step;
            }
        }
    }
    return last;
}

static void run_steps(hm_run *run, const hm_step *step, const hm_step *last) {
    hm_failure failure;
    failure.status = HM_OK;
    if (!atomic_load_explicit(&run->has_failed, memory_order_relaxed)) {
        step = run_until_failure(run, step, last, &failure);
        if (failure.status != HM_OK) {
            hm_failure_note(run, step->subject, &failure);
            step++;
        }
    }
    run_rest(run, step, last);
}

static void run_task(void *context, uint32_t task) {
    hm_run *run = context;
    const hm_plan *plan = run->plan;
    uint64_t begin = run->is_measured ? uv_hrtime() : 0;
    run_steps(run, &plan->steps[plan->first_step[task]],
            &plan->steps[plan->first_step[task + 1]]);
    if (run->is_measured) {
        uint64_t taken = hm_cost_note_task(plan, task, uv_hrtime() - begin);
        atomic_fetch_add_explicit(&run->spent, taken, memory_order_relaxed);
    }
}

void hm_execute_init(hm_run *run) {
    hm_job_init(&run->job, &run->plan->tasks, run->tickets, run_task, run);
    run->job.first_root = hm_cost_dearest_root(run->plan);
}

// What an earlier execution left.
static void begin(hm_run *run) {
    const hm_plan *plan = run->plan;
    run->stride = hm_cost_stride(plan);
    hm_run_end_all(run);
    if (atomic_load_explicit(&run->has_failed, memory_order_relaxed)) {
        memset(run->outcomes, 0, plan->call_count * sizeof *run->outcomes);
        hm_arena_finish(&run->messages);
        run->askers = NULL;
        atomic_store_explicit(&run->has_failed, false, memory_order_relaxed);
    }
}

static void run_alone(hm_run *run, bool is_measured) {
    const hm_plan *plan = run->plan;
    uint64_t begin = is_measured ? uv_hrtime() : 0;
    run_steps(run, plan->steps, &plan->steps[plan->first_step[plan->tasks.task_count]]);
    if (is_measured) {
        hm_cost_note_alone(plan, uv_hrtime() - begin);
    }
}

static void run_together(hm_run *run, bool is_measured) {
    const hm_plan *plan = run->plan;
    run->is_measured = is_measured;
    atomic_store_explicit(&run->spent, 0, memory_order_relaxed);
    if (!hm_pool_execute(plan->pool, &run->job)) {
        run_alone(run, false); // there are too many callers to help each other
    } else if (is_measured) {
        hm_cost_note_together(
                plan, atomic_load_explicit(&run->spent, memory_order_relaxed));
        run->job.first_root = hm_cost_dearest_root(plan);
    }
}

hm_status hm_run_steps(hm_run *run, hm_faults *faults) {
    begin(run);
    switch (run->plan->pool != NULL ? hm_cost_decide(run->plan, &run->pace)
                                    : HM_ALONE) {
    case HM_ALONE:
        run_alone(run, false);
        break;
    case HM_ALONE_MEASURED:
        run_alone(run, true);
        break;
    case HM_TOGETHER:
        run_together(run, false);
        break;
    case HM_TOGETHER_MEASURED:
        run_together(run, true);
        break;
    }
    if (atomic_load_explicit(&run->has_failed, memory_order_relaxed)) {
        return hm_failure_report(run, faults);
    }
    return HM_OK;
}
