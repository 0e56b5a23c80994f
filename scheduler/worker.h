// worker.h — a thread while it executes tasks: its deque, and where it sleeps. A helper
// is one for as long as it has its thread; a thread that executes a job becomes one for
// the time that it waits.

#ifndef HM_SCHEDULER_WORKER_H
#define HM_SCHEDULER_WORKER_H

#include <stdalign.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "scheduler/deque.h"
#include "scheduler/job.h"
#include "scheduler/parker.h"
#include "scheduler/thread.h"

typedef struct hm_pool hm_pool; // scheduler/pool.h

struct hm_worker {
    hm_deque deque;
    alignas(HM_CACHE_LINE) hm_pool *pool;
    hm_parker parker;
    uint32_t number;
    uint32_t victim; // owner only: whom it robbed last
    uint32_t depth;  // owner only: how many jobs it waits for, one inside the other
    bool is_ready;   // owner only: parker and deque are initialised

    _Atomic(bool) is_taken;  // by a thread, who is the owner
    _Atomic(bool) is_asleep; // from before it looks for the last time until it wakes

    hm_thread thread;     // of a helper
    bool is_idle;         // in the pool's list of idle workers; protected by its lock
    hm_worker *next_idle; // likewise
};

// The worker that this thread is, or NULL.
hm_worker *hm_worker_current(void);
void hm_worker_set_current(hm_worker *worker);

// Owner only. A ticket of its own, of another worker, or from the inbox; NULL if none
// was seen.
hm_ticket *hm_worker_find(hm_worker *worker);

// Owner only. Runs the ticket's task, and those that become ready one after the other;
// what else becomes ready is left in the deque.
void hm_worker_execute(hm_worker *worker, hm_ticket *ticket);

// Owner only. Makes a ready ticket available to others, and calls one of them.
void hm_worker_offer(hm_worker *worker, hm_ticket *ticket);

#endif
