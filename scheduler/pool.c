// pool.c — see pool.h.

#include "scheduler/pool.h"

#include <stddef.h>

#include "base/allocator.h"
#include "scheduler/crew.h"
#include "scheduler/spin.h"

// Callers have the even slots, helpers the odd ones: neither takes the others' room.
hm_worker *hm_pool_take_worker(hm_pool *pool, bool is_helper) {
    for (uint32_t i = is_helper; i < HM_WORKER_LIMIT; i += 2) {
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
        if (!hm_parker_init(&worker->parker)) {
            atomic_store_explicit(&worker->is_taken, false, memory_order_release);
            return NULL;
        }
        worker->pool = pool;
        worker->number = i;
        worker->is_helper = is_helper;
        worker->is_ready = true;
        // Thieves see the worker. Other slots below the count may not be ready; their
        // deques are empty. In the one total order with going idle, see pool.h: who
        // looks for the last time and does not count this worker is seen by it.
        uint32_t count =
                atomic_load_explicit(&pool->worker_count, memory_order_seq_cst);
        while (count <= i &&
                !atomic_compare_exchange_weak_explicit(&pool->worker_count, &count,
                        i + 1, memory_order_seq_cst, memory_order_seq_cst)) {
        }
        return worker;
    }
    return NULL;
}

void hm_pool_give_worker_back(hm_worker *worker) {
    // Release: the next thread in the slot sees its deques and parker as we left them.
    atomic_store_explicit(&worker->is_taken, false, memory_order_release);
}

bool hm_pool_open_deque(hm_pool *pool, hm_deque *deque) {
    _Atomic(hm_ticket *) *slots =
            hm_allocate(pool->allocator, HM_DEQUE_SIZE, alignof(hm_ticket *));
    if (slots == NULL) {
        return false;
    }
    hm_deque_init(deque, slots, HM_DEQUE_CAPACITY);
    return true;
}

void hm_pool_add_idle(hm_pool *pool, hm_worker *worker) {
    worker->is_idle = true;
    worker->declines = worker->wait.declines;
    worker->next_idle = pool->idle;
    pool->idle = worker;
    atomic_fetch_add_explicit(
            worker->is_helper ? &pool->idle_count : &pool->asleep_count, 1,
            memory_order_seq_cst);
}

void hm_pool_remove_idle(hm_pool *pool, hm_worker *worker) {
    hm_worker **link = &pool->idle;
    while (*link != worker) {
        link = &(*link)->next_idle;
    }
    *link = worker->next_idle;
    worker->is_idle = false;
    // In the one total order, searching before no longer idle: nobody who looks at both
    // misses this worker.
    if (worker->is_helper) {
        atomic_fetch_add_explicit(&pool->searching_count, 1, memory_order_seq_cst);
        atomic_fetch_sub_explicit(&pool->idle_count, 1, memory_order_seq_cst);
    } else {
        atomic_store_explicit(&worker->mood, HM_SEARCHING, memory_order_seq_cst);
        // Relaxed: one that is missed is awake, and one too many is not found.
        atomic_fetch_sub_explicit(&pool->asleep_count, 1, memory_order_relaxed);
    }
}

bool hm_pool_is_awake(hm_pool *pool) {
    // Relaxed: a guess.
    return atomic_load_explicit(&pool->searching_count, memory_order_relaxed) > 0;
}

bool hm_pool_is_busy(hm_pool *pool) {
    bool is_busy = false;
    for (hm_level level = 0; level < HM_LEVEL_COUNT; level++) {
        // Relaxed: likewise.
        is_busy |= atomic_load_explicit(
                           &pool->job_counts[level], memory_order_relaxed) > 0;
    }
    return is_busy;
}

// With the lock held: the caller if it sleeps and takes work, else a helper that
// sleeps, or NULL.
static hm_worker *choose_idle(hm_pool *pool, hm_worker *caller) {
    hm_worker *chosen = pool->idle;
    if (caller != NULL && caller->is_idle && !caller->declines) {
        return caller;
    }
    while (chosen != NULL && !chosen->is_helper) {
        chosen = chosen->next_idle;
    }
    return chosen;
}

void hm_pool_pass_on(hm_pool *pool) {
    // Relaxed: a hint, as whoever makes the first ticket available calls for help.
    if (atomic_load_explicit(&pool->idle_count, memory_order_relaxed) > 0 &&
            hm_worker_sees_work(pool, NULL)) {
        hm_pool_call_help(pool, NULL);
    }
}

void hm_pool_call_help(hm_pool *pool, hm_worker *caller) {
    uint32_t mood = caller != NULL
                            ? atomic_load_explicit(&caller->mood, memory_order_seq_cst)
                            : HM_AWAKE;
    if (mood == HM_SEARCHING ||
            atomic_load_explicit(&pool->searching_count, memory_order_seq_cst) > 0 ||
            (mood != HM_ASLEEP && atomic_load_explicit(&pool->idle_count,
                                          memory_order_seq_cst) == 0)) {
        return;
    }
    uv_mutex_lock(&pool->lock);
    hm_worker *worker = choose_idle(pool, caller);
    uint64_t sleep = 0;
    if (worker != NULL) {
        hm_pool_remove_idle(pool, worker);
        // With the lock held: it cannot leave before it has seen this.
        hm_thread_keep_off(&worker->thread);
        sleep = worker->sleep;
    } else {
        hm_crew_start(pool);
    }
    uv_mutex_unlock(&pool->lock);
    if (worker != NULL) {
        hm_watches_tell(&pool->watches, HM_WAKE_SENT, sleep);
        hm_parker_unpark(&worker->parker);
    }
}

// With the lock held: a caller that sleeps while its job has a ticket for it, or NULL.
static hm_worker *choose_asleep(hm_pool *pool) {
    hm_worker *chosen = pool->idle;
    while (chosen != NULL && (chosen->is_helper || chosen->declines ||
                                     !hm_worker_sees_work(pool, chosen->wait.job))) {
        chosen = chosen->next_idle;
    }
    return chosen;
}

void hm_pool_relay(hm_pool *pool) {
    hm_pool_call_help(pool, NULL);
    // In the one total order: a caller that somebody saw asleep, and did not call since
    // a helper searched, is counted here.
    if (atomic_load_explicit(&pool->searching_count, memory_order_seq_cst) > 0 ||
            atomic_load_explicit(&pool->asleep_count, memory_order_seq_cst) == 0) {
        return;
    }
    uv_mutex_lock(&pool->lock);
    hm_worker *caller;
    while ((caller = choose_asleep(pool)) != NULL) { // none takes up another's tickets
        hm_pool_remove_idle(pool, caller);
        hm_thread_keep_off(&caller->thread);
        hm_watches_tell(&pool->watches, HM_WAKE_SENT, caller->sleep);
        hm_parker_unpark(&caller->parker);
    }
    uv_mutex_unlock(&pool->lock);
}

void hm_pool_wake(hm_pool *pool, hm_worker *caller) {
    uv_mutex_lock(&pool->lock);
    bool is_idle = caller->is_idle;
    uint64_t sleep = is_idle ? caller->sleep : 0;
    if (is_idle) {
        hm_pool_remove_idle(pool, caller);
        hm_thread_keep_off(&caller->thread);
    }
    uv_mutex_unlock(&pool->lock);
    if (is_idle) {
        hm_watches_tell(&pool->watches, HM_WAKE_SENT, sleep);
        hm_parker_unpark(&caller->parker);
    }
}

static bool is_running(hm_job *job) {
    // Acquire: what the tasks wrote.
    return atomic_load_explicit(&job->state, memory_order_acquire) == HM_JOB_RUNNING;
}

static uint64_t time_left(const hm_job *job) {
    uint64_t now = uv_hrtime();
    return now < job->deadline ? job->deadline - now : 0;
}

// Looks for a ticket of the job for as long as waking somebody would take; its end ends
// the search.
static hm_ticket *search(hm_worker *worker, hm_job *job) {
    hm_spin spin = hm_spin_begin();
    hm_ticket *ticket = NULL;
    while (ticket == NULL && is_running(job)) {
        ticket = hm_worker_find(worker);
        if (ticket == NULL && !hm_spin_goes_on(&spin, true)) {
            break;
        }
    }
    return ticket;
}

// A caller says that it looks for work, and that it does no longer. Helpers who wait
// for jobs count as helpers.
static void begin_search(hm_worker *worker) {
    if (worker->is_helper) {
        atomic_fetch_add_explicit(
                &worker->pool->searching_count, 1, memory_order_seq_cst);
    } else {
        atomic_store_explicit(&worker->mood, HM_SEARCHING, memory_order_seq_cst);
    }
}

static void end_search(hm_worker *worker, hm_job *job) {
    hm_pool *pool = worker->pool;
    bool was_relied_on = true;
    if (worker->is_helper) {
        was_relied_on = atomic_fetch_sub_explicit(
                                &pool->searching_count, 1, memory_order_seq_cst) == 1;
    } else {
        atomic_store_explicit(&worker->mood, HM_AWAKE, memory_order_seq_cst);
    }
    // Who made work available meanwhile relied on us: that is passed on.
    const hm_job *only = worker->is_helper ? NULL : job;
    // Relaxed: a helper that waits is called as one.
    atomic_store_explicit(&worker->mood, HM_AWAKE, memory_order_relaxed);
    if (!was_relied_on || !hm_worker_sees_work(pool, only)) {
        return;
    }
    if (worker->is_helper) {
        hm_pool_relay(pool);
    } else {
        hm_pool_call_help(pool, worker);
    }
}

static bool is_helpless(hm_pool *pool) {
    // Relaxed: who went to sleep before it changed is woken, and who comes after sees
    // it by way of the lock.
    return atomic_load_explicit(&pool->is_helpless, memory_order_relaxed);
}

// Sleeps until there is work, unless it declines work, or the job is done, or its
// deadline has passed. Nobody relies on the worker when it comes, and it searches when
// it leaves.
static void sleep_idle(hm_worker *worker, hm_job *job) {
    hm_pool *pool = worker->pool;
    const hm_job *only = worker->is_helper ? NULL : job;
    hm_thread_note(&worker->thread);
    worker->sleep = hm_watches_begin(&pool->watches);
    uv_mutex_lock(&pool->lock);
    hm_pool_add_idle(pool, worker);
    uv_mutex_unlock(&pool->lock);
    // In the one total order with the end of the job.
    atomic_store_explicit(&worker->mood, HM_ASLEEP, memory_order_seq_cst);
    uint64_t patience = job->deadline != 0 ? time_left(job) : 0;
    bool is_late = job->deadline != 0 && patience == 0;
    if (job->look != NULL && (patience == 0 || patience > job->look_period)) {
        patience = job->look_period;
    }
    bool has_work =
            worker->wait.declines ? is_helpless(pool) : hm_worker_sees_work(pool, only);
    if (!is_late && !has_work &&
            atomic_load_explicit(&job->state, memory_order_seq_cst) == HM_JOB_RUNNING) {
        (void)hm_worker_park(worker, patience);
    }
    uv_mutex_lock(&pool->lock);
    if (worker->is_idle) {
        hm_pool_remove_idle(pool, worker);
    }
    uv_mutex_unlock(&pool->lock);
    hm_thread_free(&worker->thread);
    hm_watches_tell(&pool->watches, HM_SLEEP_ENDED, worker->sleep);
}

bool hm_pool_leave(hm_pool *pool, hm_job *job) {
    uint32_t running = HM_JOB_RUNNING;
    // Acquire if it is done: what the tasks wrote. Release if not: who ends it sees
    // what its caller left.
    if (!atomic_compare_exchange_strong_explicit(&job->state, &running, HM_JOB_LEFT,
                memory_order_acq_rel, memory_order_acquire)) {
        return false;
    }
    uv_mutex_lock(&pool->lock);
    hm_crew_quarantine(pool, job);
    uv_mutex_unlock(&pool->lock);
    return true;
}

// The caller of the job goes, unless it is just done. What others made available and
// relied on us to find is passed on, to a helper: where there are none, one is allowed
// for, since a job has to come to its end.
static bool leave(hm_worker *worker, hm_job *job) {
    hm_pool *pool = worker->pool;
    if (is_helpless(pool)) {
        hm_pool_raise_limit(pool, 1);
    }
    hm_worker_give_up_spare(worker);
    if (!hm_pool_leave(pool, job)) {
        return false;
    }
    if (hm_worker_sees_work(pool, NULL)) { // the job itself may be gone
        hm_pool_call_help(pool, NULL);
    }
    return true;
}

// Executes until the job is done or its deadline has passed; false in the last case.
static bool work_for(hm_worker *worker, hm_job *job) {
    while (is_running(job)) {
        if (job->deadline != 0 && time_left(job) == 0) {
            return !leave(worker, job);
        }
        if (worker->wait.declines && is_helpless(worker->pool)) {
            worker->wait.declines = false;
            worker->wait.deadline = 0;
        }
        hm_ticket *ticket = NULL;
        if (worker->wait.declines) {
            hm_worker_give_up_spare(worker);
        } else {
            ticket = hm_worker_find(worker);
            if (ticket == NULL) {
                begin_search(worker);
                ticket = search(worker, job);
                end_search(worker, job);
            }
        }
        if (ticket != NULL) {
            hm_worker_execute(worker, ticket);
        } else if (is_running(job)) {
            sleep_idle(worker, job);
            end_search(worker, job);
            if (job->look != NULL) {
                job->look(job->context);
            }
        }
    }
    return true;
}

static void arm(hm_pool *pool, hm_job *job, hm_worker *caller) {
    job->caller = caller;
    // Relaxed: published with the first ticket.
    atomic_store_explicit(&job->open_sinks, job->set->sink_count, memory_order_relaxed);
    atomic_store_explicit(&job->state, HM_JOB_RUNNING, memory_order_relaxed);
    atomic_fetch_add_explicit(&pool->job_counts[job->level], 1, memory_order_seq_cst);
}

// A worker for the calling thread, or NULL.
static hm_worker *enter(hm_pool *pool) {
    hm_worker *worker = hm_worker_current();
    if (worker == NULL) {
        worker = hm_pool_take_worker(pool, false);
    } else if (worker->depth == HM_NESTING_LIMIT) {
        return NULL;
    }
    if (worker != NULL) {
        hm_worker_set_current(worker);
        worker->depth++;
    }
    return worker;
}

static void exit_pool(hm_worker *worker) {
    if (--worker->depth == 0 && !worker->is_helper) {
        hm_worker_set_current(NULL);
        hm_pool_give_worker_back(worker);
    }
}

// Whether the caller may leave tasks to others: there are some, and they do not need
// the loop on whose thread it is to get their own.
static bool can_decline(hm_pool *pool, const hm_job *job) {
    return (job->caller_waits || job->deadline != 0) && !is_helpless(pool) &&
           !hm_lender_is_here(pool->lender);
}

hm_executed hm_pool_execute(hm_pool *pool, hm_job *job) {
    const hm_task_set *set = job->set;
    if (set->task_count == 0) {
        return HM_EXECUTED_ALL;
    }
    hm_worker *worker = enter(pool);
    if (worker == NULL) {
        return HM_EXECUTED_NONE;
    }
    hm_wait before = worker->wait;
    bool declines = can_decline(pool, job);
    worker->wait = (hm_wait){.job = job,
            .is_open = worker->is_helper,
            .declines = declines && job->caller_waits,
            .deadline = declines ? job->deadline : 0};
    arm(pool, job, worker);

    // The first root is not put in at all, and of the others the next is put in last.
    uint32_t kept = worker->wait.declines ? 0 : 1;
    if (set->root_count > kept) {
        hm_worker_offer_roots(worker, job, kept);
    }
    if (kept > 0) {
        hm_worker_execute(worker, &job->tickets[set->roots[0]]);
    }
    bool is_done = work_for(worker, job);
    worker->wait = before;
    exit_pool(worker);
    return is_done ? HM_EXECUTED_ALL : HM_EXECUTED_SOME;
}

// Executes what there is on this thread, where there are no helpers to do it.
static void drain(hm_pool *pool) {
    hm_worker *worker = enter(pool);
    if (worker == NULL) {
        return; // it is a worker already, and looks for more itself
    }
    hm_wait before = worker->wait;
    worker->wait = (hm_wait){.is_open = true};
    hm_ticket *ticket;
    while ((ticket = hm_worker_find(worker)) != NULL) {
        hm_worker_execute(worker, ticket);
    }
    worker->wait = before;
    exit_pool(worker);
}

// A thread that is no worker, but for now in the pool: with what it does a job may end,
// and with that the last driver. Relaxed: it is counted before the job can end.
static void begin_visit(hm_pool *pool) {
    atomic_fetch_add_explicit(&pool->visitor_count, 1, memory_order_relaxed);
}

// Release: who frees the pool comes after all that was done in it.
static void end_visit(hm_pool *pool) {
    atomic_fetch_sub_explicit(&pool->visitor_count, 1, memory_order_release);
}

void hm_pool_announce(hm_pool *pool, hm_job *job) {
    arm(pool, job, NULL);
}

void hm_pool_submit(hm_pool *pool, hm_job *job) {
    const hm_task_set *set = job->set;
    uint32_t root_count = set->root_count;
    begin_visit(pool);
    for (uint32_t i = 0; i < root_count; i++) {
        hm_inbox_put(&pool->inbox, &job->tickets[set->roots[i]]);
    }
    hm_pool_call_help(pool, NULL);
    if (is_helpless(pool)) {
        drain(pool);
    }
    end_visit(pool);
}

void hm_pool_complete(hm_pool *pool, hm_ticket *ticket) {
    begin_visit(pool);
    hm_worker_complete(pool, hm_worker_current(), ticket);
    end_visit(pool);
}

void hm_pool_resume(hm_pool *pool, hm_ticket *ticket) {
    begin_visit(pool);
    hm_worker *caller = ticket->job->caller;
    bool may_be_left = caller != NULL && ticket->job->deadline != 0;
    hm_inbox_put(&pool->inbox, ticket);
    hm_pool_call_help(pool, caller);
    if (may_be_left) { // somebody in its place looks for other tickets
        hm_pool_call_help(pool, NULL);
    }
    if (caller == NULL && is_helpless(pool)) {
        drain(pool);
    }
    end_visit(pool);
}

void hm_pool_raise_limit(hm_pool *pool, uint32_t helper_limit) {
    if (helper_limit > HM_WORKER_LIMIT / 2) {
        helper_limit = HM_WORKER_LIMIT / 2;
    }
    uv_mutex_lock(&pool->lock);
    if (helper_limit > pool->helper_limit) {
        pool->helper_limit = helper_limit;
        atomic_store_explicit(&pool->is_helpless, false, memory_order_relaxed);
        hm_crew_note_startable(pool);
    }
    uv_mutex_unlock(&pool->lock);
}

hm_pool_census hm_pool_count(hm_pool *pool) {
    hm_pool_census census = {0};
    uv_mutex_lock(&pool->lock);
    uint32_t count = atomic_load_explicit(&pool->worker_count, memory_order_acquire);
    for (uint32_t i = 0; i < count; i++) {
        const hm_worker *worker = &pool->workers[i];
        bool is_helper = i % 2 == 1;
        census.busy += is_helper && atomic_load_explicit(&worker->works,
                                            memory_order_relaxed) != NULL;
    }
    census.quarantined = pool->quarantined_count;
    uint32_t helpers = pool->helper_count + pool->quarantined_count;
    census.lent = hm_lender_lent_count(pool->lender);
    census.owned = helpers > census.lent ? helpers - census.lent : 0;
    uv_mutex_unlock(&pool->lock);
    return census;
}
