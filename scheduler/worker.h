// worker.h — a thread while it executes tasks: its deques, and where it sleeps. A
// helper is one for as long as it has its thread, and takes up any task. A thread that
// executes a job becomes one for the time that it waits; it takes up tasks of that job
// alone, so that nobody waits for what he did not ask for.

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

// What a caller does. Of helpers the pool counts how many do what.
typedef enum hm_mood {
    HM_AWAKE,
    HM_SEARCHING, // finds what is made available for its job
    HM_ASLEEP,    // from before it looks for the last time until it wakes
} hm_mood;

// What a worker waits for while it executes tasks; owner only.
typedef struct hm_wait {
    hm_job *job;       // of a caller, the one that it executes; NULL of a helper
    bool is_open;      // it takes up tasks of others too: a helper does, waiting or not
    bool declines;     // it takes up nothing: it just waits
    uint64_t deadline; // by which it must be back, or 0
} hm_wait;

struct hm_worker {
    hm_deque deques[HM_LEVEL_COUNT]; // their memory comes with the first ticket
    alignas(HM_CACHE_LINE) hm_pool *pool;
    hm_parker parker;
    uint32_t number;
    uint32_t victim;  // owner only, as all up to is_ready: whom it robbed last
    uint32_t depth;   // how many jobs it waits for, one inside the other
    hm_ticket *spare; // tickets for which a deque had no room, the last one first
    hm_wait wait;
    bool is_helper;
    bool is_ready; // the parker is initialised

    _Atomic(bool) is_taken; // by a thread, who is the owner
    _Atomic(uint32_t) mood; // hm_mood, of a caller

    hm_thread thread;     // kept off processors with the pool's lock held
    hm_worker *next_idle; // in the pool's list of those who sleep; protected by its
    bool is_idle;         // lock, as all that follow
    _Atomic(bool) is_quarantined; // a helper stuck in a task that nobody waits for
    bool declines;                // while it sleeps: it is not to be woken for work
    uint64_t sleep;               // its number, or 0; written by the owner before that

    // The job of which it executes a task, or NULL. Written for each task, so on a line
    // that nobody reads who looks at the others.
    alignas(HM_CACHE_LINE) _Atomic(const hm_job *) works;
};

// The worker that this thread is, or NULL.
hm_worker *hm_worker_current(void);
void hm_worker_set_current(hm_worker *worker);

// Owner only. A ready ticket that it may take up, its own, another worker's, or from
// the inbox; NULL if none was seen.
hm_ticket *hm_worker_find(hm_worker *worker);

// Owner only. Runs the ticket's task, and those that become ready one after the other;
// what else becomes ready is left in the deque. If a task does not fit before the
// deadline it is left for others, and the worker declines from then on.
void hm_worker_execute(hm_worker *worker, hm_ticket *ticket);

// Owner only. Sleeps until unparked, as hm_parker_park does.
bool hm_worker_park(hm_worker *worker, uint64_t nanoseconds);

// Owner only. Makes a ready ticket available to others, and calls one of them; or the
// roots of a job, from the first that is not kept.
void hm_worker_offer(hm_worker *worker, hm_ticket *ticket);
void hm_worker_offer_roots(hm_worker *worker, hm_job *job, uint32_t first);

// Owner only. Makes available to others what had no room in the deque: the worker will
// not come back to it.
void hm_worker_give_up_spare(hm_worker *worker);

// Any thread, which may be the worker or none (then worker is NULL): a task is done.
void hm_worker_complete(hm_pool *pool, hm_worker *worker, hm_ticket *ticket);

// Any thread: whether the worker would find a ticket in a deque or the inbox now.
// Sequentially consistent.
bool hm_worker_sees_work(hm_pool *pool, const hm_job *only);

#endif
