// process.c — the pool that all drivers of a process share: it is made for the first of
// them, ends with the last, or else with the process.

#include <stddef.h>
#include <string.h>

#include "base/allocator.h"
#include "base/error.h"
#include "scheduler/crew.h"
#include "scheduler/pool.h"

static uv_once_t once = UV_ONCE_INIT;
static uv_mutex_t process_lock;
static bool has_process_lock;
static hm_pool *process_pool; // protected by process_lock

static void init_process_lock(void) {
    has_process_lock = uv_mutex_init(&process_lock) == 0;
}

static hm_status create(hm_pool **pool) {
    const hm_allocator *allocator = hm_allocator_default();
    hm_pool *created = hm_allocate(allocator, sizeof *created, alignof(hm_pool));
    if (created == NULL) {
        return HM_NO_MEMORY;
    }
    memset(created, 0, sizeof *created);
    created->allocator = allocator;
    created->process = uv_os_getpid();
    atomic_init(&created->is_helpless, true);
    created->lender = hm_lender_create(allocator);
    bool has_inbox = created->lender != NULL && hm_inbox_init(&created->inbox);
    bool has_watches = has_inbox && hm_watches_init(&created->watches);
    if (!has_watches || uv_mutex_init(&created->lock) != 0) {
        if (has_watches) {
            hm_watches_finish(&created->watches);
        }
        if (has_inbox) {
            hm_inbox_finish(&created->inbox);
        }
        hm_lender_destroy(created->lender);
        hm_deallocate(allocator, created, sizeof *created, alignof(hm_pool));
        return HM_NO_MEMORY;
    }
    *pool = created;
    return HM_OK;
}

// Helpers leave as soon as they have nothing under way.
static void close_pool(hm_pool *pool) {
    // Who goes to sleep after this sees it: in the one total order with the idle list.
    atomic_store_explicit(&pool->is_closing, true, memory_order_seq_cst);
    uv_mutex_lock(&pool->lock);
    hm_crew_note_startable(pool);
    while (pool->idle != NULL) {
        hm_worker *worker = pool->idle;
        hm_pool_remove_idle(pool, worker);
        hm_parker_unpark(&worker->parker);
    }
    uv_mutex_unlock(&pool->lock);
}

static void destroy(hm_pool *pool) {
    close_pool(pool);
    hm_lender_destroy(pool->lender);
    for (uint32_t i = 0; i < HM_WORKER_LIMIT; i++) {
        hm_worker *worker = &pool->workers[i];
        if (worker->is_ready) {
            hm_parker_finish(&worker->parker);
        }
        for (size_t level = 0; level < HM_LEVEL_COUNT; level++) {
            hm_deallocate(pool->allocator, (void *)worker->deques[level].slots,
                    HM_DEQUE_SIZE, alignof(hm_ticket *));
        }
    }
    hm_inbox_finish(&pool->inbox);
    hm_watches_finish(&pool->watches);
    uv_mutex_destroy(&pool->lock);
    hm_deallocate(pool->allocator, pool, sizeof *pool, alignof(hm_pool));
}

// A process that forked has its parent's memory, but none of the threads: whoever
// waited for them would do so for ever.
static bool is_of_a_parent(const hm_pool *pool) {
    return pool->process != uv_os_getpid();
}

hm_status hm_pool_acquire(uint32_t worker_count, hm_pool **pool) {
    uv_once(&once, init_process_lock);
    if (!has_process_lock) {
        return HM_NO_MEMORY;
    }
    uv_mutex_lock(&process_lock);
    hm_status status = HM_OK;
    if (process_pool == NULL || is_of_a_parent(process_pool)) {
        status = create(&process_pool);
    }
    if (status == HM_OK) {
        process_pool->user_count++;
        hm_pool_raise_limit(process_pool, worker_count > 0 ? worker_count - 1 : 0);
        *pool = process_pool;
    }
    uv_mutex_unlock(&process_lock);
    return status;
}

void hm_pool_release(hm_pool *pool) {
    if (is_of_a_parent(pool)) {
        return;
    }
    uv_mutex_lock(&process_lock);
    // A thread that is in the pool cannot wait for its own end: the pool is left for
    // the next, as it is while a visitor has not quite gone. Acquire: what visitors
    // did.
    bool is_inside =
            hm_worker_current() != NULL || hm_lender_is_here(pool->lender) ||
            atomic_load_explicit(&pool->visitor_count, memory_order_acquire) > 0;
    if (--pool->user_count == 0 && !is_inside) {
        process_pool = NULL;
        destroy(pool);
    }
    uv_mutex_unlock(&process_lock);
}

void hm_pool_watch(hm_pool *pool, hm_watch *watch) {
    hm_watches_add(&pool->watches, watch);
}

void hm_pool_unwatch(hm_pool *pool, hm_watch *watch) {
    if (!is_of_a_parent(pool)) { // whose threads may have been in the lock
        hm_watches_remove(&pool->watches, watch);
    }
}

// At its own end libuv joins the threads of its pool and destroys its locks: whoever
// uses them then, as an idle helper, ends the process with an abort. Threads of our own
// that are in a node are left alone: it may be one that does not come back. With them
// stays the loop, which they tell of it.
__attribute__((destructor)) static void end_of_process(void) {
    hm_pool *pool = process_pool;
    if (pool == NULL || is_of_a_parent(pool)) {
        return;
    }
    close_pool(pool);
    if (hm_pool_count(pool).busy == 0) {
        hm_lender_close(pool->lender);
    } else {
        hm_lender_recall(pool->lender);
    }
}
