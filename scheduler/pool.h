// pool.h — the workers of this process. All who execute share them; helpers are started
// when there is work for them, see crew.h.
//
// A helper is searching, executing or idle. One who makes the first ticket of a deque
// available looks whether somebody searches (who will find it) or is idle (who is
// called); one who goes idle first says so and then looks once more into every deque.
// These accesses are in one total order, so no ticket waits while somebody sleeps who
// was to run it. A helper that was started and has not begun is none of the three:
// nobody relies on it, as it may wait long for a thread of libuv's. A caller is called
// for tickets of its own job alone, and says in its mood what it does.

#ifndef HM_SCHEDULER_POOL_H
#define HM_SCHEDULER_POOL_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include <hamilton/allocator.h>
#include <hamilton/status.h>

#include "scheduler/inbox.h"
#include "scheduler/job.h"
#include "scheduler/lender.h"
#include "scheduler/watch.h"
#include "scheduler/worker.h"

enum {
    HM_WORKER_LIMIT = 128, // half of them callers, half helpers

    // A helper that waits for a job takes up other tasks, who may have it wait for jobs
    // again: all on one stack.
    HM_NESTING_LIMIT = 8,
};

enum {
    HM_DEQUE_CAPACITY = 32768, // memory that no ticket was in is not touched
    HM_DEQUE_SIZE = HM_DEQUE_CAPACITY * sizeof(hm_ticket *),
};

struct hm_pool {
    hm_worker workers[HM_WORKER_LIMIT];
    _Atomic(uint32_t) worker_count; // those from here on were never taken

    alignas(HM_CACHE_LINE) _Atomic(uint32_t) searching_count; // helpers
    _Atomic(uint32_t) idle_count;    // helpers asleep, and 1 if one can be started
    _Atomic(uint32_t) asleep_count;  // callers
    _Atomic(uint32_t) visitor_count; // threads in it for a moment, which are no workers
    _Atomic(bool) is_closing;
    _Atomic(bool) is_helpless; // helper_limit is 0; written with the lock held

    alignas(HM_CACHE_LINE) _Atomic(uint32_t) job_counts[HM_LEVEL_COUNT]; // under way
    hm_inbox inbox;
    hm_watches watches;

    // Protected by lock.
    alignas(HM_CACHE_LINE) uv_mutex_t lock;
    hm_worker *idle;            // asleep, the last to lie down first
    uint32_t helper_count;      // helpers that have a thread, or asked for one
    uint32_t helper_limit;      // helpers that are wanted, or that can be had
    uint32_t quarantined_count; // helpers stuck somewhere, which are not counted
    bool is_starting;           // a helper asked for a thread, and has not begun
    bool can_start;             // idle_count says that a helper can be started
    int called_from;            // the processor from which a helper was last started
    hm_lender *lender;
    const hm_allocator *allocator;
    uint32_t user_count; // protected by the lock of the process
    int process;         // where its threads are
};

// The pool of this process, with helpers so that worker_count threads can execute, the
// caller counted; more if somebody else asked for more. Any thread; every acquire is
// followed by a release.
hm_status hm_pool_acquire(uint32_t worker_count, hm_pool **pool);
void hm_pool_release(hm_pool *pool);

// Allows for so many helpers, if there are fewer. Any thread, as all that follow.
void hm_pool_raise_limit(hm_pool *pool, uint32_t helper_limit);

typedef enum hm_executed {
    HM_EXECUTED_ALL,
    HM_EXECUTED_SOME, // the deadline passed: the rest goes on, and then ends the job
    HM_EXECUTED_NONE, // nothing was done: there are more callers than there is room
                      // for, or this thread waits for too many jobs already
} hm_executed;

// Executes the job on the calling thread and whoever helps, and returns when all its
// tasks have run or its deadline has passed. A worker may call it: a helper executes
// other tasks while it waits.
hm_executed hm_pool_execute(hm_pool *pool, hm_job *job);

// Has helpers execute the job, which ends some time. Where no thread can be had for a
// helper it is executed here. It was announced before: from then on it can be left.
void hm_pool_announce(hm_pool *pool, hm_job *job);
void hm_pool_submit(hm_pool *pool, hm_job *job);

// A task that was pending is done; or it is to be run once more.
void hm_pool_complete(hm_pool *pool, hm_ticket *ticket);
void hm_pool_resume(hm_pool *pool, hm_ticket *ticket);

// The job's caller waits no longer: true if the job was running, which then ends with a
// call of its own.
bool hm_pool_leave(hm_pool *pool, hm_job *job);

// Whether some helper looks for work at this moment; whether a job is under way.
bool hm_pool_is_awake(hm_pool *pool);
bool hm_pool_is_busy(hm_pool *pool);

// Wakes the caller of a job that has a ticket for it, or wakes or starts a helper,
// unless one of them searches already. caller may be NULL.
void hm_pool_call_help(hm_pool *pool, hm_worker *caller);

// The last helper that searched does so no more, and there is work: others relied on it
// for that. Calls for help, and wakes all callers that have work if there is no helper.
void hm_pool_relay(hm_pool *pool);

// Somebody goes on with one of several tickets: if there are more, and helpers who do
// nothing, one of them is called.
void hm_pool_pass_on(hm_pool *pool);

// Wakes a caller whose job is done.
void hm_pool_wake(hm_pool *pool, hm_worker *caller);

// Gives a deque its memory. False if there is none.
bool hm_pool_open_deque(hm_pool *pool, hm_deque *deque);

// What threads there are.
typedef struct hm_pool_census {
    uint32_t lent;        // helpers on threads of libuv's
    uint32_t owned;       // helpers on threads of our own
    uint32_t busy;        // helpers that execute a task
    uint32_t quarantined; // of these, that are stuck in one that nobody waits for
} hm_pool_census;

hm_pool_census hm_pool_count(hm_pool *pool);

// Tells a watch of the sleeps of all workers, from now until it is removed. Any thread,
// but not while it is told.
void hm_pool_watch(hm_pool *pool, hm_watch *watch);
void hm_pool_unwatch(hm_pool *pool, hm_watch *watch);

// For crew.c: slots, and the list of those who sleep, which wants the lock held.

hm_worker *hm_pool_take_worker(hm_pool *pool, bool is_helper);
void hm_pool_give_worker_back(hm_worker *worker);
void hm_pool_add_idle(hm_pool *pool, hm_worker *worker);
void hm_pool_remove_idle(hm_pool *pool, hm_worker *worker);

#endif
