// job.h — tasks that depend on each other, and one execution of them.
//
// A task set says what comes before what and never changes; any number of jobs execute
// it at once. A job has a ticket for each task, which is what queues hold, and a count
// of what the task still waits for. A count re-arms itself when its task fires, so a
// job is executed again without being reset. The counts lie close together: who has
// counted one of them down mostly has the next one at hand.
//
// However a run ends, well, by a failure, cancelled or late, all its tasks pass through
// here: there is one way for a job to end.

#ifndef HM_SCHEDULER_JOB_H
#define HM_SCHEDULER_JOB_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "scheduler/deque.h"

typedef struct hm_job hm_job;
typedef struct hm_worker hm_worker; // scheduler/worker.h

// Successors are in compressed rows: those of task t are successors[first_successor[t]]
// up to, but not including, successors[first_successor[t + 1]]. Of roots, and of the
// successors of a task, those that should not wait come first.
typedef struct hm_task_set {
    uint32_t task_count;
    uint32_t root_count;
    uint32_t sink_count;              // tasks without successors
    const uint32_t *roots;            // tasks that wait for nothing
    const uint32_t *dependency_count; // by task
    const uint32_t *first_successor;  // task_count + 1 of them
    const uint32_t *successors;
} hm_task_set;

// A task of a job: what deques hold.
struct hm_ticket {
    hm_job *job;
    uint32_t task;
    hm_ticket *next; // in a list, of whoever has it there
};

// How urgent a job is. Tasks of a level are not begun while some of a lower one wait.
typedef enum hm_level {
    HM_LEVEL_URGENT,
    HM_LEVEL_NORMAL,
    HM_LEVEL_PATIENT,
    HM_LEVEL_COUNT,
} hm_level;

// What became of a task when it was run.
typedef enum hm_task_outcome {
    HM_TASK_DONE,
    HM_TASK_PENDING, // it ends later, by hm_pool_complete, or is run once more, after
                     // hm_pool_resume: either may have happened already
} hm_task_outcome;

typedef enum hm_job_state {
    HM_JOB_RUNNING,
    HM_JOB_DONE,
    HM_JOB_LEFT, // its caller waits no longer, but not all tasks have run
} hm_job_state;

struct hm_job {
    const hm_task_set *set;
    hm_ticket *tickets;            // by task
    _Atomic(uint32_t) *open_needs; // by task: what it still waits for

    // Executes a task. Any thread, but each task once, and after all it depends on.
    hm_task_outcome (*run)(void *context, uint32_t task);

    // All tasks have run, and nobody waits: the job was submitted, or it was left. Any
    // thread; the job's memory is the callee's.
    void (*ended)(void *context, bool was_left);
    void *context;

    // Set before each execution.
    hm_level level;
    uint64_t deadline;  // by uv_hrtime(): when the caller leaves; 0 for never
    bool caller_waits;  // the caller runs no tasks itself, if there is anybody else
    const float *costs; // by task, in nanoseconds, 0 if not known; NULL if none are.
                        // With a deadline the caller takes what is known to fit

    // Called by a caller that sleeps, every so many nanoseconds; NULL for never.
    void (*look)(void *context);
    uint64_t look_period;

    hm_worker *caller;            // who waits for the end; NULL of a submitted job
    _Atomic(uint32_t) open_sinks; // sinks that have not run; armed by the caller
    _Atomic(uint32_t) state;      // hm_job_state
};

// Keeps set, tickets and open_needs, of which there is one per task. Nothing runs yet.
void hm_job_init(hm_job *job, const hm_task_set *set, hm_ticket *tickets,
        _Atomic(uint32_t) *open_needs,
        hm_task_outcome (*run)(void *context, uint32_t task), void *context);

// Whether the ticket is one of the job's, by its place alone: it may be gone.
bool hm_job_has(const hm_job *job, const hm_ticket *ticket);

#endif
