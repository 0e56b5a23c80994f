// job.h — tasks that depend on each other, and one execution of them.
//
// A task set says what comes before what and never changes; any number of jobs execute
// it at once. A job has a ticket for each task, which counts what its task still waits
// for; it re-arms itself when it fires, so a job is executed again without being reset.

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
    _Atomic(uint32_t) open; // what it still waits for
    hm_ticket *next;        // in the inbox; protected by its lock
};

struct hm_job {
    const hm_task_set *set;
    hm_ticket *tickets; // by task

    // Executes a task. Any thread, but each task once, and after all it depends on.
    void (*run)(void *context, uint32_t task);
    void *context;

    hm_worker *caller;            // who waits for the end
    _Atomic(uint32_t) open_sinks; // sinks that have not run; re-armed by the caller
    _Atomic(bool) is_done;
};

// Keeps set and tickets, of which there is one per task. Nothing runs yet.
void hm_job_init(hm_job *job, const hm_task_set *set, hm_ticket *tickets,
        void (*run)(void *context, uint32_t task), void *context);

#endif
