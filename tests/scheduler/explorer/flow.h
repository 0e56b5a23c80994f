// flow.h — jobs on the pool, and what must be true of them under every schedule: each
// task runs once, after those it needs and seeing what they wrote; a job ends once, and
// nobody touches it afterwards (its memory is freed); limits hold; all threads come to
// their end, and the pool is left as one that nobody uses.

#ifndef HM_TESTS_EXPLORER_FLOW_H
#define HM_TESTS_EXPLORER_FLOW_H

#include <stdbool.h>
#include <stdint.h>

#include "scheduler/job.h"
#include "tests/scheduler/explorer/explorer.h"
#include "tests/scheduler/explorer/host.h"

enum { HM_SHAPE_TASKS = 6, HM_SHAPE_CALLERS = 3 };

// Of sets of tasks, a bit for each.
typedef struct hm_shape {
    uint32_t tasks;
    uint32_t needs[HM_SHAPE_TASKS]; // by task: those it waits for
    uint32_t callers;               // threads that execute such a job each; 0 for 1
    uint32_t helpers;               // that are allowed for
    uint32_t rounds;                // how often each job is executed; 0 for once
    uint32_t looks;                 // of who searches
    hm_lending lends;

    uint32_t meets;   // tasks that wait for each other
    uint32_t limited; // tasks that are in the limit
    uint32_t limit;   // that lets in so many
    uint32_t fails;   // tasks that fail: those who begin later do nothing
    uint32_t pends;   // tasks that another thread ends

    bool nests;        // the first task executes a job of two tasks
    bool submits;      // the callers submit
    bool cancels;      // another thread stops the job
    bool leaves;       // another thread waits no longer
    bool caller_waits; // and runs nothing
    bool is_late;      // the deadline passes at any moment
    bool is_urgent;    // the first caller's; those of others are patient
    bool closes;       // the pool ends too
} hm_shape;

// For hm_scenario, of a shape.
void hm_flow_begin(const void *shape);
void hm_flow_end(void);

#endif
