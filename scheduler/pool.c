// pool.c — see pool.h.

#include "scheduler/pool.h"

#include <stddef.h>
#include <string.h>

#include "base/allocator.h"
#include "base/error.h"
#include "scheduler/pause.h"

enum {
    DEQUE_CAPACITY = 32768, // memory that no ticket was in is not touched
    DEQUE_SIZE = DEQUE_CAPACITY * sizeof(hm_ticket *),
    SPIN_NANOSECONDS = 50 * 1000, // about what waking a thread takes
    KEEP_NANOSECONDS =
            10 * 1000 * 1000, // an idle thread that libuv lent is kept so long
    PAUSES_A_LOOK = 12,
};

static uv_once_t once = UV_ONCE_INIT;
static uv_mutex_t process_lock;
static bool has_process_lock;
static hm_pool *process_pool; // protected by process_lock

static void init_process_lock(void) {
    has_process_lock = uv_mutex_init(&process_lock) == 0;
}

// Callers have the even slots, helpers the odd ones: neither takes the others' room.
enum { FIRST_CALLER = 0, FIRST_HELPER = 1 };

// A slot that a thread can use, taken for it, or NULL.
static hm_worker *take_worker(hm_pool *pool, uint32_t first) {
    for (uint32_t i = first; i < HM_WORKER_LIMIT; i += 2) {
        hm_worker *worker = &pool->workers[i];
        if (atomic_load_explicit(&worker->is_taken, memory_order_relaxed)) {
            continue;
        }
        // Acquire: what the thread before us left in the slot.
        if (atomic_exchange_explicit(&worker->is_taken, true, memory_order_acquire)) {
            continue;
        }
        if (worker->is_ready) {
            return worker;
        }
        _Atomic(hm_ticket *) *slots =
                hm_allocate(pool->allocator, DEQUE_SIZE, alignof(hm_ticket *));
        if (slots == NULL || !hm_parker_init(&worker->parker)) {
            hm_deallocate(
                    pool->allocator, (void *)slots, DEQUE_SIZE, alignof(hm_ticket *));
            atomic_store_explicit(&worker->is_taken, false, memory_order_release);
            return NULL;
        }
        hm_deque_init(&worker->deque, slots, DEQUE_CAPACITY);
        worker->pool = pool;
        worker->number = i;
        worker->is_ready = true;
        // Release: thieves see the deque. Those of other slots below the count may not
        // be ready; they are empty.
        uint32_t count =
                atomic_load_explicit(&pool->worker_count, memory_order_relaxed);
        while (count <= i &&
                !atomic_compare_exchange_weak_explicit(&pool->worker_count, &count,
                        i + 1, memory_order_release, memory_order_relaxed)) {
        }
        return worker;
    }
    return NULL;
}

static void give_worker_back(hm_worker *worker) {
    // Release: the next thread in the slot sees its deque and parker as we left them.
    atomic_store_explicit(&worker->is_taken, false, memory_order_release);
}

// The idle list. All with the lock held.

static void add_idle(hm_pool *pool, hm_worker *worker) {
    worker->is_idle = true;
    worker->next_idle = pool->idle;
    pool->idle = worker;
}

// Takes a worker out of the list, who searches from now on.
static void remove_idle(hm_pool *pool, hm_worker *worker) {
    hm_worker **link = &pool->idle;
    while (*link != worker) {
        link = &(*link)->next_idle;
    }
    *link = worker->next_idle;
    worker->is_idle = false;
    // In the one total order, searching before no longer idle: nobody who looks at both
    // misses this worker.
    atomic_fetch_add_explicit(&pool->searching_count, 1, memory_order_seq_cst);
    atomic_fetch_sub_explicit(&pool->idle_count, 1, memory_order_seq_cst);
}

static bool has_work(hm_pool *pool) {
    uint32_t count = atomic_load_explicit(&pool->worker_count, memory_order_seq_cst);
    for (uint32_t i = 0; i < count; i++) {
        if (hm_deque_has_work(&pool->workers[i].deque)) {
            return true;
        }
    }
    return atomic_load_explicit(&pool->has_inbox, memory_order_seq_cst);
}

// Looks for a ticket for as long as waking somebody would take. The job, if there is
// one, is waited for: its end ends the search.
static hm_ticket *search(hm_worker *worker, const hm_job *job) {
    uint64_t end = uv_hrtime() + SPIN_NANOSECONDS;
    for (;;) {
        if (job != NULL && atomic_load_explicit(&job->is_done, memory_order_acquire)) {
            return NULL;
        }
        hm_ticket *ticket = hm_worker_find(worker);
        if (ticket != NULL || uv_hrtime() >= end) {
            return ticket;
        }
        for (int i = 0; i < PAUSES_A_LOOK; i++) {
            HM_PAUSE();
        }
    }
}

static void stop_searching(hm_pool *pool) {
    uint32_t before =
            atomic_fetch_sub_explicit(&pool->searching_count, 1, memory_order_seq_cst);
    // Whoever made work available meanwhile relied on a searcher. The last one passes
    // that on, whatever it stops for.
    if (before == 1 && has_work(pool)) {
        hm_pool_call_help(pool);
    }
}

// Sleeps until there is work, the job is done, or time ran out; false in the last case.
// The worker does not search when it comes, and does when it leaves.
static bool sleep_idle(hm_worker *worker, const hm_job *job, uint64_t nanoseconds) {
    hm_pool *pool = worker->pool;
    atomic_store_explicit(&worker->is_asleep, true, memory_order_seq_cst);
    uv_mutex_lock(&pool->lock);
    add_idle(pool, worker);
    atomic_fetch_add_explicit(&pool->idle_count, 1, memory_order_seq_cst);
    uv_mutex_unlock(&pool->lock);

    bool is_needed = has_work(pool) ||
                     (job != NULL && atomic_load_explicit(
                                             &job->is_done, memory_order_seq_cst)) ||
                     atomic_load_explicit(&pool->is_closing, memory_order_seq_cst);
    // It may be woken for an earlier time that it was called, when it was needed
    // anyway.
    bool was_woken = is_needed || hm_parker_park(&worker->parker, nanoseconds);
    atomic_store_explicit(&worker->is_asleep, false, memory_order_relaxed);
    uv_mutex_lock(&pool->lock);
    bool was_called = !worker->is_idle;
    if (!was_called) {
        remove_idle(pool, worker);
    }
    uv_mutex_unlock(&pool->lock);
    hm_thread_free(&worker->thread);
    return was_called || was_woken;
}

// Takes note of whether a helper can be started, whenever what decides it has changed.
// One starts at a time: it calls the next if there is more to do. With the lock held.
static void note_startable(hm_pool *pool) {
    bool can_start = !pool->is_starting && pool->helper_count < pool->helper_limit &&
                     !atomic_load_explicit(&pool->is_closing, memory_order_relaxed);
    if (can_start && !pool->can_start) {
        atomic_fetch_add_explicit(&pool->idle_count, 1, memory_order_seq_cst);
    } else if (!can_start && pool->can_start) {
        atomic_fetch_sub_explicit(&pool->idle_count, 1, memory_order_seq_cst);
    }
    pool->can_start = can_start;
}

static void help(void *argument, bool is_lent);

// With the lock held. If it cannot be had, the other workers do everything.
static void start_helper(hm_pool *pool) {
    hm_worker *worker = take_worker(pool, FIRST_HELPER);
    pool->is_starting = worker != NULL && hm_lender_lend(pool->lender, help, worker);
    if (pool->is_starting) {
        pool->helper_count++;
    } else {
        pool->helper_limit = pool->helper_count;
    }
    if (worker != NULL && !pool->is_starting) {
        give_worker_back(worker);
    }
    note_startable(pool);
}

bool hm_pool_is_awake(hm_pool *pool) {
    // Relaxed: a guess.
    return atomic_load_explicit(&pool->searching_count, memory_order_relaxed) > 0;
}

void hm_pool_call_help(hm_pool *pool) {
    if (atomic_load_explicit(&pool->searching_count, memory_order_seq_cst) > 0 ||
            atomic_load_explicit(&pool->idle_count, memory_order_seq_cst) == 0) {
        return;
    }
    uv_mutex_lock(&pool->lock);
    hm_worker *worker = pool->idle;
    if (worker != NULL) {
        remove_idle(pool, worker);
        // With the lock held: it cannot leave before it has seen this.
        hm_thread_keep_off(&worker->thread);
    } else if (pool->can_start) {
        pool->called_from = hm_thread_processor();
        start_helper(pool);
    }
    uv_mutex_unlock(&pool->lock);
    if (worker != NULL) {
        hm_parker_unpark(&worker->parker);
    }
}

void hm_pool_wake(hm_pool *pool, hm_worker *worker) {
    uv_mutex_lock(&pool->lock);
    bool is_idle = worker->is_idle;
    if (is_idle) {
        remove_idle(pool, worker);
    }
    uv_mutex_unlock(&pool->lock);
    if (is_idle) {
        hm_parker_unpark(&worker->parker);
    }
}

void hm_pool_put_into_inbox(hm_pool *pool, hm_ticket *ticket) {
    uv_mutex_lock(&pool->lock);
    ticket->next = pool->inbox;
    pool->inbox = ticket;
    atomic_store_explicit(&pool->has_inbox, true, memory_order_seq_cst);
    uv_mutex_unlock(&pool->lock);
}

hm_ticket *hm_pool_take_from_inbox(hm_pool *pool) {
    // Relaxed: a look in vain costs another look; who goes idle looks in total order.
    if (!atomic_load_explicit(&pool->has_inbox, memory_order_relaxed)) {
        return NULL;
    }
    uv_mutex_lock(&pool->lock);
    hm_ticket *ticket = pool->inbox;
    if (ticket != NULL) {
        pool->inbox = ticket->next;
        atomic_store_explicit(
                &pool->has_inbox, pool->inbox != NULL, memory_order_seq_cst);
    }
    uv_mutex_unlock(&pool->lock);
    return ticket;
}

// A helper begins: it searches when it comes.
static void come(hm_worker *worker) {
    hm_pool *pool = worker->pool;
    hm_worker_set_current(worker);
    atomic_fetch_add_explicit(&pool->searching_count, 1, memory_order_seq_cst);
    uv_mutex_lock(&pool->lock);
    pool->is_starting = false;
    note_startable(pool);
    int called_from = pool->called_from;
    uv_mutex_unlock(&pool->lock);
    hm_thread_note(&worker->thread);
    hm_thread_leave(&worker->thread, called_from);
}

// Its thread ends or goes back, and another helper may be started in its place.
static void leave(hm_worker *worker) {
    hm_pool *pool = worker->pool;
    hm_worker_set_current(NULL);
    give_worker_back(worker);
    uv_mutex_lock(&pool->lock);
    pool->helper_count--;
    note_startable(pool);
    uv_mutex_unlock(&pool->lock);
    // Only now: work that came while this helper could not be replaced.
    stop_searching(pool);
}

// The life of a helper.
static void help(void *argument, bool is_lent) {
    hm_worker *worker = argument;
    hm_pool *pool = worker->pool;
    uint64_t patience = is_lent ? KEEP_NANOSECONDS : 0;
    bool stays = true;
    come(worker);
    while (stays) {
        hm_ticket *ticket = search(worker, NULL);
        stop_searching(pool);
        if (ticket != NULL) {
            hm_worker_execute(worker, ticket);
            atomic_fetch_add_explicit(&pool->searching_count, 1, memory_order_seq_cst);
        } else {
            hm_thread_note(&worker->thread);
            stays = sleep_idle(worker, NULL, patience);
        }
        stays &= !atomic_load_explicit(&pool->is_closing, memory_order_seq_cst);
    }
    leave(worker);
}

// Executes until the job is done.
static void work_for(hm_worker *worker, hm_job *job) {
    hm_pool *pool = worker->pool;
    while (!atomic_load_explicit(&job->is_done, memory_order_acquire)) {
        hm_ticket *ticket = hm_worker_find(worker);
        if (ticket == NULL) {
            atomic_fetch_add_explicit(&pool->searching_count, 1, memory_order_seq_cst);
            ticket = search(worker, job);
            stop_searching(pool);
        }
        if (ticket != NULL) {
            hm_worker_execute(worker, ticket);
        } else if (!atomic_load_explicit(&job->is_done, memory_order_acquire)) {
            sleep_idle(worker, job, 0);
            stop_searching(pool);
        }
    }
}

bool hm_pool_execute(hm_pool *pool, hm_job *job) {
    const hm_task_set *set = job->set;
    if (set->task_count == 0) {
        return true;
    }
    hm_worker *nested = hm_worker_current();
    hm_worker *worker = nested != NULL ? nested : take_worker(pool, FIRST_CALLER);
    if (worker == NULL || worker->depth == HM_NESTING_LIMIT) {
        return false;
    }
    hm_worker_set_current(worker);
    worker->depth++;
    job->caller = worker;
    // Relaxed: published with the first ticket.
    atomic_store_explicit(&job->open_sinks, set->sink_count, memory_order_relaxed);
    atomic_store_explicit(&job->is_done, false, memory_order_relaxed);

    // The first root is not put in at all, and of the others the next is put in last.
    for (uint32_t i = set->root_count; i-- > 1;) {
        hm_worker_offer(worker, &job->tickets[set->roots[i]]);
    }
    hm_worker_execute(worker, &job->tickets[set->roots[0]]);
    work_for(worker, job);
    worker->depth--;
    if (nested == NULL) {
        // What is still in the deque is of jobs that this thread helped with; it is
        // found there, as long as anybody looks.
        hm_worker_set_current(NULL);
        give_worker_back(worker);
    }
    return true;
}

static hm_status create(hm_pool **pool) {
    const hm_allocator *allocator = hm_allocator_default();
    hm_pool *created = hm_allocate(allocator, sizeof *created, alignof(hm_pool));
    if (created == NULL) {
        return HM_NO_MEMORY;
    }
    memset(created, 0, sizeof *created);
    created->allocator = allocator;
    created->lender = hm_lender_create(allocator);
    if (created->lender == NULL || uv_mutex_init(&created->lock) != 0) {
        hm_lender_destroy(created->lender);
        hm_deallocate(allocator, created, sizeof *created, alignof(hm_pool));
        return HM_NO_MEMORY;
    }
    *pool = created;
    return HM_OK;
}

static void destroy(hm_pool *pool) {
    // Who goes to sleep after this sees it: in the one total order with the idle list.
    atomic_store_explicit(&pool->is_closing, true, memory_order_seq_cst);
    uv_mutex_lock(&pool->lock);
    note_startable(pool);
    while (pool->idle != NULL) {
        hm_worker *worker = pool->idle;
        remove_idle(pool, worker);
        hm_parker_unpark(&worker->parker);
    }
    uv_mutex_unlock(&pool->lock);
    hm_lender_destroy(pool->lender);
    for (uint32_t i = 0; i < HM_WORKER_LIMIT; i++) {
        hm_worker *worker = &pool->workers[i];
        if (worker->is_ready) {
            hm_parker_finish(&worker->parker);
            hm_deallocate(pool->allocator, (void *)worker->deque.slots, DEQUE_SIZE,
                    alignof(hm_ticket *));
        }
    }
    uv_mutex_destroy(&pool->lock);
    hm_deallocate(pool->allocator, pool, sizeof *pool, alignof(hm_pool));
}

// Allows for so many helpers.
static void raise_limit(hm_pool *pool, uint32_t helper_limit) {
    uv_mutex_lock(&pool->lock);
    if (helper_limit > pool->helper_limit) {
        pool->helper_limit = helper_limit;
        note_startable(pool);
    }
    uv_mutex_unlock(&pool->lock);
}

hm_status hm_pool_acquire(uint32_t worker_count, hm_pool **pool) {
    uint32_t helper_limit = worker_count > 0 ? worker_count - 1 : 0;
    if (helper_limit > HM_WORKER_LIMIT / 2) {
        helper_limit = HM_WORKER_LIMIT / 2;
    }
    uv_once(&once, init_process_lock);
    if (!has_process_lock) {
        return HM_NO_MEMORY;
    }
    uv_mutex_lock(&process_lock);
    hm_status status = HM_OK;
    if (process_pool == NULL) {
        status = create(&process_pool);
    }
    if (status == HM_OK) {
        process_pool->user_count++;
        raise_limit(process_pool, helper_limit);
        *pool = process_pool;
    }
    uv_mutex_unlock(&process_lock);
    return status;
}

void hm_pool_release(hm_pool *pool) {
    uv_mutex_lock(&process_lock);
    if (--pool->user_count == 0) {
        process_pool = NULL;
        destroy(pool);
    }
    uv_mutex_unlock(&process_lock);
}
