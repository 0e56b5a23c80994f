// schedule.h — how a plan is executed: which calls make a task, which tasks wait for
// which, when values end, which memory the arrays share, and the steps of each task. A
// plan has one at a time. When more is known of what its functions cost, a better one
// takes its place: a run then changes over before its next execution. What comes out
// does not depend on it, nor where values lie in the frame.
//
// The passes fill it one after the other; then it never changes:
//
//     split    the rows of which pipelines are shared by workers
//     group    which calls make a task, and which tasks wait for which
//     rank     of tasks that are ready, which goes first
//     retire   which task ends a value, and after which of its calls
//     buffers  which memory the arrays get
//     emit     the steps of each task, one task behind the other

#ifndef HM_ENGINE_SCHEDULE_H
#define HM_ENGINE_SCHEDULE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include <hamilton/module.h>
#include <hamilton/plan.h>
#include <hamilton/status.h>

#include "base/arena.h"
#include "scheduler/job.h"

// What a run walks through. All steps are of one size, so that the processor need not
// wait for one to know where the next is.
typedef struct hm_step {
    hm_call_thunk *call; // never NULL
    void *self;
    const uint32_t *at; // a slot for each operand; of a step of the engine's: its
                        // subject
    uint32_t subject;   // index into the plan's calls; of HM_STEP_DECIDE and _END, its
                        // values; of the steps of pipelines, into these
    uint32_t kind;
} hm_step;

// What the step of a lazy call, or of a pipeline of them, does if they are needed.
typedef struct hm_lazy_step {
    hm_step inner;
    uint32_t call; // the first
} hm_lazy_step;

typedef enum hm_step_kind {
    HM_STEP_CALL,     // the function's own thunk: nothing before, nothing after
    HM_STEP_ROWS,     // arrays are made, or the function is mapped: see rows.h
    HM_STEP_START,    // the function is started, not called: see async.h
    HM_STEP_HOOKED,   // adapters want the call: see called.h
    HM_STEP_PIPELINE, // all of it; or, if workers share its rows, this is done by steps
    HM_STEP_OPEN,     // in tasks of their own, see pipeline.h
    HM_STEP_WORK,
    HM_STEP_CLOSE,
    HM_STEP_DECIDE, // what chooses in switches is there, or will not be
    HM_STEP_END,    // this task has done with a value
} hm_step_kind;

// Whether a step is one call, and not several, nor the end of a value.
static inline bool hm_step_is_call(const hm_step *step) {
    return step->kind == HM_STEP_CALL || step->kind == HM_STEP_ROWS ||
           step->kind == HM_STEP_START || step->kind == HM_STEP_HOOKED;
}

// By whom a value is ended.
typedef struct hm_retirement {
    uint32_t task;  // in which all is done that needs it, or HM_NONE if in several
    uint32_t count; // how many tasks must have done with it before it ends
} hm_retirement;

// The tasks of a pipeline whose rows workers share, besides the one of its calls, which
// closes it.
typedef struct hm_split {
    uint32_t opening;     // task
    uint32_t first_share; // into the schedule's shares: the tasks of its workers
    uint32_t share_count; // 0: it is not shared
} hm_split;

// What a task is that has no calls.
typedef struct hm_side {
    uint32_t pipeline; // HM_NONE: it has calls
    hm_step_kind kind;
} hm_side;

// A task has done with a value after a call.
typedef struct hm_end_note {
    uint32_t value;
    uint32_t next; // note of the same call, or HM_NONE
} hm_end_note;

typedef struct hm_schedule {
    hm_arena arena;      // owns all that follows
    uint32_t user_count; // the plan and runs; protected by the plan's lock

    // Tasks are in an order in which they can be run one after the other; so are their
    // steps: those of task t begin at steps + first_step[t].
    hm_task_set tasks;
    uint32_t *task_of;    // by call
    uint32_t *order;      // calls, task by task
    uint32_t *first_call; // by task, one more than tasks: into order
    uint32_t *first_step; // likewise: into steps
    hm_step *steps;
    hm_split *splits; // by pipeline
    uint32_t *shares; // of all splits
    uint32_t share_count;
    hm_side *sides; // by task; NULL if there are no splits

    hm_retirement *retirements; // by value
    uint32_t *buffer_of;   // by the plan's levels: which of a run's buffers it is in
    uint32_t *last_tenant; // by buffer: the last value that lives in it, or HM_NONE
    uint32_t buffer_count;

    // In nanoseconds; 0 if the costs of some calls were not known when this was made.
    float *task_costs;
    float work; // of all tasks, one after the other
    float span; // of the longest path: no number of workers is faster
} hm_schedule;

// What the passes share while they make a schedule; all of it ends then.
typedef struct hm_scheduling {
    const hm_plan *plan;
    hm_schedule *schedule;
    hm_arena arena;  // scratch
    float *costs;    // by call, in nanoseconds; NULL unless all are known
    float work;      // their sum
    uint32_t *roots; // of the schedule's tasks, to be put in order; so are
    uint32_t *successors;
    uint32_t *first_end; // call -> the first of its ends, or HM_NONE
    hm_end_note *ends;
    uint32_t end_count;
} hm_scheduling;

// The passes. They fail only if memory runs out.
hm_status hm_schedule_split(hm_scheduling *scheduling);
hm_status hm_schedule_group(hm_scheduling *scheduling);
hm_status hm_schedule_rank(hm_scheduling *scheduling);
hm_status hm_rank_span(
        hm_scheduling *scheduling, float *span); // of the tasks as linked
hm_status hm_schedule_retire(hm_scheduling *scheduling);
hm_status hm_schedule_buffers(hm_scheduling *scheduling);
hm_status hm_schedule_emit(hm_scheduling *scheduling);

// What a call is made by, if no adapter wants it.
hm_step_kind hm_schedule_kind_of(const hm_plan *plan, uint32_t call);

// Whether the task has no calls: it opens or works on the rows of a pipeline.
bool hm_schedule_is_side(const hm_schedule *schedule, uint32_t task);

// Makes a schedule from what is known of the costs now. HM_NO_MEMORY leaves *schedule
// alone.
hm_status hm_schedule_create(const hm_plan *plan, hm_schedule **schedule);

// What a run needs at most, as long as it has this schedule.
hm_plan_need hm_schedule_need(const hm_plan *plan, const hm_schedule *schedule);

// Accepts NULL.
void hm_schedule_destroy(const hm_plan *plan, hm_schedule *schedule);

// The plan's schedule, which stays until it is given back. Any thread, as all that
// follow.
hm_schedule *hm_schedule_take(const hm_plan *plan);
void hm_schedule_give_back(const hm_plan *plan, hm_schedule *schedule);

// Puts a schedule made from the costs of now in the place of the plan's, unless another
// thread is just doing that or memory is short.
void hm_schedule_renew(const hm_plan *plan);

#endif
