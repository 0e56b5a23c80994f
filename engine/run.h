// run.h — the state of one execution at a time. Owned by one thread while it executes.

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
#include "engine/plan.h"
#include "scheduler/job.h"

// Memory of arrays: grows to the largest need and stays.
typedef struct hm_buffer {
    void *data;
    size_t capacity;
} hm_buffer;

// Why a call could not be run, or did not succeed.
typedef struct hm_failure {
    hm_status status; // HM_NODE_FAILED, HM_LENGTH_MISMATCH or HM_NO_MEMORY
    int code;         // what the function returned
    uint32_t depth;   // of a mapped call: at which place it failed
    size_t place[HM_DEPTH_LIMIT];
    uint32_t parameters[2]; // whose lengths differ, and
    size_t lengths[2];      // the lengths
} hm_failure;

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

struct hm_run {
    const hm_plan *plan;
    hm_schedule *schedule; // taken from the plan
    char *frame;
    char *scratch;
    hm_buffer *buffers;
    bool *is_live;                // by value: it was made and has not ended
    hm_outcome *outcomes;         // by call; all zero unless a call failed
    hm_value *owned;              // by plan input: what hm_run_set read from JSON
    _Atomic(uint32_t) *open_ends; // by value: tasks that have not done with it

    // A call did not succeed. Relaxed: tasks that need a failed call's values come
    // after it anyhow, and how soon others notice that they need not run is no matter.
    _Atomic(bool) has_failed;
    uv_mutex_t lock;
    hm_arena messages; // of outcomes; protected by lock
    hm_asker *askers;  // by call, once a call failed; protected by lock

    hm_job job;
    hm_ticket *tickets; // by task
    hm_pace pace;
    hm_look look;            // at this execution
    bool is_short;           // likewise: nobody minds when it goes on to its end
    _Atomic(uint64_t) spent; // nanoseconds of its tasks; relaxed: read when all is done

    bool is_single; // never executed again: buffers are freed as soon as they can be
};

// Makes room for size bytes in a buffer; what was in it is lost.
hm_status hm_run_reserve(hm_run *run, uint32_t buffer, size_t size);

// Ends a value if it is live: frees what was given to the engine.
void hm_run_end_value(hm_run *run, uint32_t value);

// Ends all values that are live.
void hm_run_end_all(hm_run *run);

// Prepares the job of a run, after its schedule was changed too.
void hm_execute_init(hm_run *run);

// Changes over to the schedule that the plan has now, or stays with the old one if
// memory is short. No value is live.
void hm_run_change_schedule(hm_run *run);

// The place of an operand in the frame.
void *hm_run_frame_at(hm_run *run, uint32_t slot);

// Executes once; every failure is reported to faults, in the order of the plan.
hm_status hm_run_steps(hm_run *run, hm_faults *faults);

// The value as the outside sees it.
hm_value hm_run_value(const hm_run *run, uint32_t value);

// hm_run_create; a single run is executed once only.
hm_status hm_run_make(const hm_plan *plan, bool is_single, hm_run **run);

#endif
