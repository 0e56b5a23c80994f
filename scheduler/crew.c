// crew.c — see crew.h.

#include "scheduler/crew.h"

#include <stddef.h>

#include "scheduler/spin.h"

enum {
    KEEP_NANOSECONDS =
            10 * 1000 * 1000, // an idle thread that libuv lent is kept so long
    QUARANTINE_LIMIT = 32,    // helpers may be lost; more cost the work of others
};

static void help(void *argument, bool is_lent);

void hm_crew_note_startable(hm_pool *pool) {
    // One starts at a time: it calls the next if there is more to do.
    bool can_start = !pool->is_starting && pool->helper_count < pool->helper_limit &&
                     !atomic_load_explicit(&pool->is_closing, memory_order_relaxed);
    if (can_start && !pool->can_start) {
        atomic_fetch_add_explicit(&pool->idle_count, 1, memory_order_seq_cst);
    } else if (!can_start && pool->can_start) {
        atomic_fetch_sub_explicit(&pool->idle_count, 1, memory_order_seq_cst);
    }
    pool->can_start = can_start;
}

// There are no helpers: callers who left the work to them are woken to do it.
static void give_up(hm_pool *pool) {
    atomic_store_explicit(&pool->is_helpless, true, memory_order_relaxed);
    hm_worker **link = &pool->idle;
    while (*link != NULL) {
        hm_worker *worker = *link;
        if (worker->declines) {
            hm_pool_remove_idle(pool, worker);
            hm_parker_unpark(&worker->parker);
        } else {
            link = &worker->next_idle;
        }
    }
}

void hm_crew_start(hm_pool *pool) {
    if (!pool->can_start) {
        return;
    }
    pool->called_from = hm_thread_processor();
    hm_worker *worker = hm_pool_take_worker(pool, true);
    pool->is_starting = worker != NULL && hm_lender_lend(pool->lender, help, worker);
    if (pool->is_starting) {
        pool->helper_count++;
    } else {
        pool->helper_limit = pool->helper_count;
    }
    if (pool->helper_limit == 0) {
        give_up(pool);
    }
    if (worker != NULL && !pool->is_starting) {
        hm_pool_give_worker_back(worker);
    }
    hm_crew_note_startable(pool);
}

void hm_crew_quarantine(hm_pool *pool, const hm_job *job) {
    uint32_t count = atomic_load_explicit(&pool->worker_count, memory_order_acquire);
    for (uint32_t i = 0; i < count; i++) {
        hm_worker *worker = &pool->workers[i];
        bool is_helper = i % 2 == 1;
        // Relaxed: one that just came back finds out with the lock held.
        if (is_helper &&
                !atomic_load_explicit(&worker->is_quarantined, memory_order_relaxed) &&
                atomic_load_explicit(&worker->works, memory_order_relaxed) == job &&
                pool->quarantined_count < QUARANTINE_LIMIT) {
            atomic_store_explicit(&worker->is_quarantined, true, memory_order_relaxed);
            pool->quarantined_count++;
            pool->helper_count--;
        }
    }
    hm_crew_note_startable(pool);
}

// With the lock held, back from a task that nobody waited for: the helper is counted
// again.
static void count_again(hm_worker *worker) {
    hm_pool *pool = worker->pool;
    if (atomic_load_explicit(&worker->is_quarantined, memory_order_relaxed)) {
        atomic_store_explicit(&worker->is_quarantined, false, memory_order_relaxed);
        pool->quarantined_count--;
        pool->helper_count++;
        hm_crew_note_startable(pool);
    }
}

// After a task; false if another helper has taken this one's place.
static bool return_to_work(hm_worker *worker) {
    hm_pool *pool = worker->pool;
    // Relaxed: one that was back already when it was set finds it before it sleeps or
    // leaves.
    if (!atomic_load_explicit(&worker->is_quarantined, memory_order_relaxed)) {
        return true;
    }
    uv_mutex_lock(&pool->lock);
    count_again(worker);
    bool is_wanted = pool->helper_count <= pool->helper_limit;
    uv_mutex_unlock(&pool->lock);
    return is_wanted;
}

// Looks for a ticket for as long as waking somebody would take.
static hm_ticket *search(hm_worker *worker) {
    hm_spin spin = hm_spin_begin();
    hm_ticket *ticket;
    do {
        ticket = hm_worker_find(worker);
    } while (ticket == NULL && hm_spin_goes_on(&spin, hm_pool_is_busy(worker->pool)));
    return ticket;
}

static void stop_searching(hm_pool *pool) {
    uint32_t before =
            atomic_fetch_sub_explicit(&pool->searching_count, 1, memory_order_seq_cst);
    // Whoever made work available meanwhile relied on a searcher. The last one passes
    // that on, whatever it stops for.
    if (before == 1 && hm_worker_sees_work(pool, NULL)) {
        hm_pool_relay(pool);
    }
}

// Sleeps until there is work or time ran out; false in the last case, or if another
// helper has taken this one's place. It does not search when it comes, and does when it
// leaves.
static bool sleep_idle(hm_worker *worker, uint64_t nanoseconds) {
    hm_pool *pool = worker->pool;
    hm_thread_note(&worker->thread);
    worker->sleep = hm_watches_begin(&pool->watches);
    uv_mutex_lock(&pool->lock);
    count_again(worker);
    bool is_wanted = pool->helper_count <= pool->helper_limit;
    if (is_wanted) {
        hm_pool_add_idle(pool, worker);
    }
    uv_mutex_unlock(&pool->lock);
    if (!is_wanted) {
        hm_watches_tell(&pool->watches, HM_SLEEP_ENDED, worker->sleep);
        atomic_fetch_add_explicit(&pool->searching_count, 1, memory_order_seq_cst);
        return false;
    }

    bool is_needed = hm_worker_sees_work(pool, NULL) ||
                     atomic_load_explicit(&pool->is_closing, memory_order_seq_cst);
    // It may be woken for an earlier time that it was called, when it was needed
    // anyway.
    bool was_woken = is_needed || hm_worker_park(worker, nanoseconds);
    uv_mutex_lock(&pool->lock);
    bool was_called = !worker->is_idle;
    if (!was_called) {
        hm_pool_remove_idle(pool, worker);
    }
    uv_mutex_unlock(&pool->lock);
    hm_thread_free(&worker->thread);
    hm_watches_tell(&pool->watches, HM_SLEEP_ENDED, worker->sleep);
    return was_called || was_woken;
}

// A helper begins: it searches when it comes.
static void come(hm_worker *worker) {
    hm_pool *pool = worker->pool;
    worker->wait = (hm_wait){.is_open = true};
    hm_worker_set_current(worker);
    atomic_fetch_add_explicit(&pool->searching_count, 1, memory_order_seq_cst);
    uv_mutex_lock(&pool->lock);
    pool->is_starting = false;
    hm_crew_note_startable(pool);
    int called_from = pool->called_from;
    uv_mutex_unlock(&pool->lock);
    hm_thread_note(&worker->thread);
    hm_thread_leave(&worker->thread, called_from);
}

// Its thread ends or goes back, and another helper may be started in its place.
static void leave(hm_worker *worker) {
    hm_pool *pool = worker->pool;
    hm_worker_set_current(NULL);
    uv_mutex_lock(&pool->lock);
    count_again(worker);
    hm_pool_give_worker_back(worker);
    pool->helper_count--;
    hm_crew_note_startable(pool);
    uv_mutex_unlock(&pool->lock);
    // Only now: work that came while this helper could not be replaced.
    stop_searching(pool);
}

// A ticket to go on with; NULL when it is time to sleep. While there are tickets the
// helper need not tell everybody that it looks for them.
static hm_ticket *next_ticket(hm_worker *worker) {
    hm_pool *pool = worker->pool;
    hm_ticket *ticket = hm_worker_find(worker);
    if (ticket != NULL) {
        hm_pool_pass_on(pool);
        return ticket;
    }
    atomic_fetch_add_explicit(&pool->searching_count, 1, memory_order_seq_cst);
    ticket = search(worker);
    stop_searching(pool);
    return ticket;
}

// The life of a helper.
static void help(void *argument, bool is_lent) {
    hm_worker *worker = argument;
    hm_pool *pool = worker->pool;
    uint64_t patience = is_lent ? KEEP_NANOSECONDS : 0;
    bool stays = true;
    come(worker);
    hm_ticket *ticket = search(worker);
    stop_searching(pool);
    while (stays) {
        if (ticket != NULL) {
            hm_worker_execute(worker, ticket);
            stays = return_to_work(worker);
        } else {
            stays = sleep_idle(worker, patience);
            stop_searching(pool);
        }
        stays &= !atomic_load_explicit(&pool->is_closing, memory_order_seq_cst);
        ticket = stays ? next_ticket(worker) : NULL;
    }
    atomic_fetch_add_explicit(&pool->searching_count, 1, memory_order_seq_cst);
    leave(worker);
}
