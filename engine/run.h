// run.h — the state of one execution at a time. Owned by one thread while it executes;
// but for that its tasks run on all workers, and nodes that a deadline left behind go
// on after it.

#ifndef HM_ENGINE_RUN_H
#define HM_ENGINE_RUN_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include <hamilton/plan.h>

#include "base/arena.h"
#include "engine/cost.h"
#include "engine/guard.h"
#include "engine/plan.h"
#include "engine/stop.h"
#include "engine/submit.h"
#include "scheduler/job.h"
#include "scheduler/parker.h"

// Memory of arrays: grows to the largest need and stays.
typedef struct hm_buffer {
    void *data;
    size_t capacity;
} hm_buffer;

// What became of a call in this execution.
typedef struct hm_outcome {
    hm_status status;    // HM_OK, HM_SKIPPED, or the failure's
    uint32_t cause;      // the failed call because of which it was skipped
    const char *message; // of a failure: in the run's arena
} hm_outcome;

// By way of whom somebody asked for a call, as in "needed by b, which is needed by c".
typedef struct hm_asker {
    uint32_t distance; // to a call that makes something wanted; HM_NONE: there is none
    uint32_t next;     // the call that needs this one, on the shortest way, or HM_NONE
    uint32_t last;     // the one that makes something wanted
} hm_asker;

typedef struct hm_hooks hm_hooks; // engine/hooks.h
typedef struct hm_lent hm_lent;   // an input that was copied
typedef struct hm_stock hm_stock; // engine/stock.h

// Whose the run is.
typedef enum hm_phase {
    HM_PHASE_IDLE,      // its owner's
    HM_PHASE_UNDER_WAY, // it is executed
    HM_PHASE_LEFT,      // its owner's, to look at; nodes of it are still under way
    HM_PHASE_BACK,      // it was left, and they were back before its owner
    HM_PHASE_ORPHANED,  // it was left and destroyed: the last node frees it
} hm_phase;

struct hm_run {
    const hm_plan *plan;
    hm_schedule *schedule; // taken from the plan
    char *frame;
    char *scratch;
    hm_buffer *buffers;
    _Atomic(size_t) array_bytes; // of all buffers, if the plan limits it
    hm_buffer *validities; // by value, where rows are missing; NULL without arrays
    hm_stock *stocks;      // of the plan's pipelines over inner arrays
    bool *is_live;         // by value: it was made and has not ended
    hm_outcome *outcomes;  // by call; all zero unless a call did not succeed
    hm_value *owned;       // by plan input: what the run was given
    _Atomic(uint32_t) *open_ends; // by value: tasks that have not done with it
    _Atomic(uint32_t) *demands;   // by call, see demand.h; NULL without choices
    _Atomic(uint32_t) *decisions; // by choice, likewise
    hm_arena kept;                // inputs that were copied for a deadline
    hm_lent *lent; // of these, in that memory: what is in their slots, and was

    // Owner only: what hold for the next execution.
    hm_priority priority;
    uint64_t time_limit; // nanoseconds, 0 for none
    bool caller_waits;
    bool is_plain;  // no deadline, and nothing to a call but its function: the plan's
    bool is_ready;  // likewise, and the last execution left nothing to clear away
    bool is_single; // never executed again: buffers are freed as soon as they can be
    const hm_cancel *cancel;      // never NULL
    const hm_cancel *next_cancel; // for the next execution, or NULL: nodes of a late
                                  // run still ask the other

    _Atomic(uint32_t) phase; // hm_phase
    _Atomic(uint32_t) stop;  // hm_stop: why nothing more is begun, or 0

    // A call did not succeed. Relaxed: tasks that need a failed call's values come
    // after it anyhow, and how soon others notice that they need not run is no matter.
    _Atomic(bool) has_failed;
    uv_mutex_t lock;
    hm_arena messages; // of outcomes; protected by lock
    hm_asker *askers;  // by call, once a call failed; protected by lock

    hm_job job;
    hm_ticket *tickets;            // by task
    _Atomic(uint32_t) *open_needs; // likewise
    _Atomic(uint32_t) *marks; // by call: the last round in which it came to its end,
                              // if there was a deadline
    uint32_t round;           // counts executions
    uint64_t begun;           // by uv_hrtime(), if there is a deadline, or a look
    uint64_t deadline;        // of this execution, by uv_hrtime(), or 0
    uint64_t overrun;         // of the last one, in nanoseconds
    bool was_left;            // the last one returned at its deadline
    hm_outcome *left;         // by wanted name: what was ready then
    hm_guard *guards;         // of the plan's guarded calls
    hm_hooks *hooks;          // NULL if no adapter is told of it

    hm_parker parker; // where its caller waits if the pool has no room for one more
    hm_pace pace;
    hm_way way;              // of this execution
    hm_look look;            // at it
    bool is_short;           // likewise: nobody minds when it goes on to its end
    _Atomic(uint64_t) spent; // nanoseconds of its tasks; relaxed: read when all is done

    hm_submission submission;
};

// How many bytes count elements of size bytes take that have cache lines of their own.
size_t hm_run_lines(size_t count, size_t size);

// Makes room for size bytes in a buffer; what was in it is lost. HM_NO_MEMORY or
// HM_TOO_LARGE.
hm_status hm_run_reserve(hm_run *run, uint32_t buffer, size_t size);

// The same of a buffer that is no array's.
hm_status hm_run_reserve_buffer(hm_run *run, hm_buffer *buffer, size_t size);
void hm_run_free_buffer(hm_run *run, hm_buffer *buffer);

// Makes room for the validity of an array: all is there.
hm_status hm_run_reserve_validity(hm_run *run, uint32_t value, size_t length);

// Whether a value is of the type and depth that was compiled; name is for the error.
hm_status hm_run_check_value(const hm_plan_value *compiled, const hm_value *value,
        const char *name, hm_error *error);

// Has readers by reference find the slots that they take: those of calls that failed
// are hidden from who accepts that.
void hm_run_point_at_slots(hm_run *run);

// Puts a value into its slot.
void hm_run_store(hm_run *run, uint32_t value, const hm_value *given);

// Ends a value if it is live: frees what was given to the engine.
void hm_run_end_value(hm_run *run, uint32_t value);

// Ends all values that are live.
void hm_run_end_all(hm_run *run);

// Changes over to the schedule that the plan has now, or stays with the old one if
// memory is short. No value is live.
void hm_run_change_schedule(hm_run *run);

// How many elements the arrays have that the run reads, those of arrays of arrays not
// counted.
size_t hm_run_input_length(const hm_run *run);

// Copies inputs that point at the caller's memory, and are not the run's own.
hm_status hm_run_keep_inputs(hm_run *run);

// Puts back what the copies stand for, but for inputs that were set meanwhile. No node
// of the run is under way.
void hm_run_return_inputs(hm_run *run);

// No node of the run is under way: it asks from now on what was set last.
void hm_run_follow_cancel(hm_run *run);

// The place of an operand in the frame.
void *hm_run_frame_at(hm_run *run, uint32_t slot);

// What became of a wanted value, by its index in the request.
hm_outcome hm_run_outcome(const hm_run *run, uint32_t wanted);

// All nodes are back of a run that was left; if it was destroyed, too, it is freed.
void hm_run_come_back(hm_run *run);

// The value as the outside sees it.
hm_value hm_run_value(const hm_run *run, uint32_t value);

// hm_run_create; a single run is executed once only.
hm_status hm_run_make(const hm_plan *plan, bool is_single, hm_run **run);

#endif
