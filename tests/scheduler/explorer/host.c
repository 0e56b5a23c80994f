// host.c — see host.h.

#include "tests/scheduler/explorer/host.h"

#include <stdatomic.h>
#include <string.h>
#include <uv.h>

#include "base/allocator.h"
#include "scheduler/lender.h"
#include "scheduler/spin.h"
#include "scheduler/thread.h"
#include "tests/scheduler/explorer/arena.h"
#include "tests/scheduler/explorer/order.h"
#include "tests/scheduler/explorer/trace.h"
#include "tests/scheduler/explorer/world.h"

hm_host hm_host_of_scenario;

// --- Locks: the first word of a lock is 1 while somebody has it ---

static uint64_t take_other(uint64_t before, uint64_t with) {
    (void)before;
    return with;
}

// The process's own lock is not in the arena: one thread at a time makes or ends pools.
static bool is_explored(const void *lock) {
    return hm_running != NULL && hm_arena_has(lock);
}

static bool is_free(const void *lock) {
    return *(const uint64_t *)lock == 0;
}

static void set_word(void *at, uint64_t value) {
    if (is_explored(at)) {
        hm_arena_write(at, sizeof value);
    }
    *(uint64_t *)at = value;
}

int uv_mutex_init(uv_mutex_t *mutex) {
    set_word(mutex, 0);
    return 0;
}

void uv_mutex_destroy(uv_mutex_t *mutex) {
    hm_require(is_free(mutex), "a lock is destroyed that somebody has");
}

static void take(uv_mutex_t *mutex) {
    hm_wait_until(is_free, mutex);
    hm_order_replace(mutex, sizeof(uint64_t), take_other, 1, memory_order_acquire);
}

void uv_mutex_lock(uv_mutex_t *mutex) {
    if (is_explored(mutex)) {
        hm_trace_place(__builtin_return_address(0));
        hm_point(mutex, true);
        take(mutex);
    }
}

// No point: nobody can tell it from what came before but those who wait for it.
void uv_mutex_unlock(uv_mutex_t *mutex) {
    if (is_explored(mutex)) {
        hm_require(!is_free(mutex), "a lock is given back that nobody has");
        hm_order_store(mutex, sizeof(uint64_t), 0, memory_order_release);
    }
}

// Who watches sleeps is told of them one at a time here: no scenario has any.
int uv_rwlock_init(uv_rwlock_t *lock) {
    return uv_mutex_init((uv_mutex_t *)lock);
}

void uv_rwlock_destroy(uv_rwlock_t *lock) {
    uv_mutex_destroy((uv_mutex_t *)lock);
}

void uv_rwlock_rdlock(uv_rwlock_t *lock) {
    uv_mutex_lock((uv_mutex_t *)lock);
}

void uv_rwlock_rdunlock(uv_rwlock_t *lock) {
    uv_mutex_unlock((uv_mutex_t *)lock);
}

void uv_rwlock_wrlock(uv_rwlock_t *lock) {
    uv_mutex_lock((uv_mutex_t *)lock);
}

void uv_rwlock_wrunlock(uv_rwlock_t *lock) {
    uv_mutex_unlock((uv_mutex_t *)lock);
}

// --- Conditions: the first word is 1 once the waiter was signalled; each has one ---

static bool is_signalled(const void *condition) {
    return *(const uint64_t *)condition != 0;
}

static void set_signal(uv_cond_t *condition, uint64_t value) {
    hm_arena_change(condition, sizeof value);
    *(uint64_t *)(void *)condition = value;
}

int uv_cond_init(uv_cond_t *condition) {
    set_word(condition, 0);
    return 0;
}

void uv_cond_destroy(uv_cond_t *condition) {
    (void)condition;
}

void uv_cond_signal(uv_cond_t *condition) {
    set_signal(condition, 1);
}

void uv_cond_wait(uv_cond_t *condition, uv_mutex_t *mutex) {
    set_signal(condition, 0);
    uv_mutex_unlock(mutex);
    // It may wake for no reason.
    if (hm_how.is_exhaustive || hm_choose(16) != 15) {
        hm_wait_until(is_signalled, condition);
    }
    take(mutex);
}

int uv_cond_timedwait(uv_cond_t *condition, uv_mutex_t *mutex, uint64_t nanoseconds) {
    set_signal(condition, 0);
    uv_mutex_unlock(mutex);
    if (!hm_wait_until_late(is_signalled, condition)) {
        hm_now.now += nanoseconds;
    }
    take(mutex);
    return 0;
}

void uv_once(uv_once_t *guard, void (*callback)(void)) {
    (void)guard;
    callback();
}

// --- Time ---

uint64_t uv_hrtime(void) {
    uint64_t deadline = hm_host_of_scenario.deadline;
    if (hm_now.now < deadline && hm_choose(hm_how.is_exhaustive ? 2 : 6) == 1) {
        hm_now.now = deadline;
    }
    return hm_now.now;
}

hm_spin hm_spin_begin(void) {
    return (hm_spin){0};
}

bool hm_spin_goes_on(hm_spin *spin, bool is_job_under_way) {
    (void)is_job_under_way;
    return hm_how.is_exhaustive ? spin->look_count++ < hm_host_of_scenario.looks
                                : hm_choose(3) == 2;
}

// --- Threads and processes ---

int uv_os_getpid(void) {
    return 0;
}

int hm_thread_processor(void) {
    return -1;
}

void hm_thread_note(hm_thread *of) {
    (void)of;
}

// With the lock held that keeps the sleeper from ending.
void hm_thread_keep_off(hm_thread *sleeper) {
    sleeper->is_kept_off = true;
}

void hm_thread_free(hm_thread *of) {
    (void)of;
}

void hm_thread_leave(hm_thread *of, int processor) {
    (void)of;
    (void)processor;
}

typedef struct loan {
    hm_lent_work *work;
    void *argument;
} loan;

struct hm_lender {
    int nothing;
};

static void do_lent_work(void *argument) {
    const loan *own = argument;
    own->work(own->argument, hm_host_of_scenario.lends != HM_LENDS_OWNED);
}

hm_lender *hm_lender_create(const hm_allocator *allocator) {
    (void)allocator;
    return hm_arena_allocate(sizeof(hm_lender), sizeof(hm_lender));
}

void hm_lender_recall(hm_lender *lender) {
    (void)lender;
}

void hm_lender_close(hm_lender *lender) {
    (void)lender;
}

bool hm_lender_is_here(hm_lender *lender) {
    (void)lender;
    return false;
}

uint32_t hm_lender_lent_count(hm_lender *lender) {
    (void)lender;
    return 0;
}

bool hm_lender_lend(hm_lender *lender, hm_lent_work *work, void *argument) {
    (void)lender;
    if (hm_now.fiber_count == HM_MOST_FIBERS ||
            (hm_host_of_scenario.lends == HM_LENDS_OR_FAILS && hm_choose(2) == 1)) {
        return false;
    }
    loan *made = hm_arena_allocate(sizeof *made, sizeof(void *));
    hm_arena_change(made, sizeof *made);
    *made = (loan){work, argument};
    hm_fiber_add(do_lent_work, made, true);
    return true;
}

static bool have_helpers_ended(const void *nothing) {
    (void)nothing;
    for (uint32_t i = 0; i < hm_now.fiber_count; i++) {
        if (hm_now.fibers[i].is_helper && !hm_now.fibers[i].has_ended) {
            return false;
        }
    }
    return true;
}

void hm_lender_destroy(hm_lender *lender) {
    (void)lender;
    hm_wait_until(have_helpers_ended, NULL);
    for (uint32_t i = 0; i < hm_now.fiber_count; i++) {
        if (hm_now.fibers[i].is_helper) {
            hm_order_acquire_from(&hm_now.fibers[i].view);
        }
    }
}

// --- Memory ---

static void *allocate(size_t size, size_t alignment, void *context) {
    (void)context;
    return hm_arena_allocate(size, alignment);
}

static void deallocate(void *memory, size_t size, size_t alignment, void *context) {
    (void)alignment;
    (void)context;
    hm_arena_free(memory, size);
}

const hm_allocator *hm_allocator_default(void) {
    static const hm_allocator allocator = {
            .allocate = allocate, .deallocate = deallocate};
    return &allocator;
}

void *hm_allocate(const hm_allocator *allocator, size_t size, size_t alignment) {
    return allocator->allocate(size, alignment, allocator->context);
}

void hm_deallocate(
        const hm_allocator *allocator, void *memory, size_t size, size_t alignment) {
    if (memory != NULL) {
        allocator->deallocate(memory, size, alignment, allocator->context);
    }
}
