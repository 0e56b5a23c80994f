// pool.h — the workers of this process. All who execute share them; threads are made
// when there is work for them, lent by libuv as far as it lends, and given back when
// idle.
//
// A worker is searching, executing or idle. One who makes the first ticket of a deque
// available looks whether somebody searches (who will find it) or is idle (who is
// called); one who goes idle first says so and then looks once more into every deque.
// These accesses are in one total order, so no ticket waits while somebody sleeps who
// was to run it. A helper that was started and has not begun is none of the three:
// nobody relies on it, as it may wait long for a thread of libuv's.

#ifndef HM_SCHEDULER_POOL_H
#define HM_SCHEDULER_POOL_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include <hamilton/allocator.h>
#include <hamilton/status.h>

#include "scheduler/job.h"
#include "scheduler/lender.h"
#include "scheduler/worker.h"

enum {
    HM_WORKER_LIMIT = 128, // half of them callers, half helpers

    // A worker that waits for a job takes up other tasks, who may have it wait for jobs
    // again: all on one stack.
    HM_NESTING_LIMIT = 8,
};

struct hm_pool {
    hm_worker workers[HM_WORKER_LIMIT];
    _Atomic(uint32_t) worker_count; // those from here on were never taken

    alignas(HM_CACHE_LINE) _Atomic(uint32_t) searching_count;
    _Atomic(uint32_t) idle_count; // workers asleep, and 1 if a helper can be started
    _Atomic(bool) has_inbox;
    _Atomic(bool) is_closing;

    // Protected by lock.
    alignas(HM_CACHE_LINE) uv_mutex_t lock;
    hm_worker *idle;       // asleep, the last to lie down first
    hm_ticket *inbox;      // tickets for which no deque had room
    uint32_t helper_count; // helpers that have a thread, or asked for one
    uint32_t helper_limit;
    bool is_starting; // a helper asked for a thread, and has not begun
    bool can_start;   // idle_count says that a helper can be started
    int called_from;  // the processor from which a helper was last started
    hm_lender *lender;
    const hm_allocator *allocator;
    uint32_t user_count;
};

// The pool of this process, with helpers so that worker_count threads can execute, the
// caller counted; more if somebody else asked for more. Any thread; every acquire is
// followed by a release.
hm_status hm_pool_acquire(uint32_t worker_count, hm_pool **pool);
void hm_pool_release(hm_pool *pool);

// Executes the job on the calling thread and whoever helps, and returns when all its
// tasks have run. Any thread, a worker's own included: it executes other tasks while it
// waits. False, and nothing was done, if there are more callers than the pool has room
// for, or this thread waits for too many jobs already.
bool hm_pool_execute(hm_pool *pool, hm_job *job);

// Whether somebody looks for work at this moment. Any thread.
bool hm_pool_is_awake(hm_pool *pool);

// Wakes or starts one worker, unless somebody searches already. Any thread.
void hm_pool_call_help(hm_pool *pool);

// Wakes this worker if it sleeps. Any thread.
void hm_pool_wake(hm_pool *pool, hm_worker *worker);

// Any thread.
void hm_pool_put_into_inbox(hm_pool *pool, hm_ticket *ticket);
hm_ticket *hm_pool_take_from_inbox(hm_pool *pool);

#endif
