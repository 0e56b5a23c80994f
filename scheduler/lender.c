// lender.c — see lender.h. The loop is started when it is first needed. libuv aborts
// the process if its pool cannot start a thread, so before the pool's first use as many
// threads as it will have are started, and ended again, to see that they can be had.

#include "scheduler/lender.h"

#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <uv.h>

#include "base/allocator.h"
#include "scheduler/thread.h"

enum { LIBUV_DEFAULT_SIZE = 4, LIBUV_LARGEST_SIZE = 1024, OWNED_LIMIT = 128 };

// One loan: a queued work request.
typedef struct hm_loan {
    uv_work_t request;
    hm_note note;
    hm_lender *lender;
    hm_lent_work *work;
    void *argument;
    struct hm_loan *next;
} hm_loan;

// A thread of ours.
typedef struct hm_owned {
    uv_thread_t thread;
    hm_lent_work *work;
    void *argument;
    uint32_t number;
    bool is_used;            // by a thread, which may have ended
    _Atomic(bool) has_ended; // nothing but joining it is left
} hm_owned;

struct hm_lender {
    const hm_allocator *allocator;
    uint32_t lend_limit;
    bool has_proof; // that libuv's pool can start its threads
    hm_note recall;

    uv_mutex_t lock;
    uv_cond_t is_back;
    hm_loop *loop;       // protected by lock; once it is there it stays
    hm_loan *queued;     // loop's thread only: loans that have not come back
    hm_loan *spare;      // protected by lock: to be used again
    uint32_t lent_count; // protected by lock: queued, or about to be
    bool is_closing;     // loop's thread only
    hm_owned owned[OWNED_LIMIT];
};

static uint32_t pool_size(void) {
    const char *text = getenv("UV_THREADPOOL_SIZE");
    if (text == NULL) {
        return LIBUV_DEFAULT_SIZE;
    }
    int size = atoi(text);
    if (size < 1) {
        return 1;
    }
    return size < LIBUV_LARGEST_SIZE ? (uint32_t)size : LIBUV_LARGEST_SIZE;
}

hm_lender *hm_lender_create(const hm_allocator *allocator) {
    hm_lender *lender = hm_allocate_array(allocator, 1, sizeof *lender);
    if (lender == NULL) {
        return NULL;
    }
    lender->allocator = allocator;
    lender->lend_limit = pool_size() - 1;
    if (uv_mutex_init(&lender->lock) != 0) {
        hm_deallocate_array(allocator, lender, 1, sizeof *lender);
        return NULL;
    }
    if (uv_cond_init(&lender->is_back) != 0) {
        uv_mutex_destroy(&lender->lock);
        hm_deallocate_array(allocator, lender, 1, sizeof *lender);
        return NULL;
    }
    return lender;
}

static void wait_at_gate(void *gate) {
    uv_sem_wait(gate);
}

// Whether so many threads can run at once.
static bool can_start(uint32_t count) {
    uv_sem_t gate;
    if (uv_sem_init(&gate, 0) != 0) {
        return false;
    }
    uv_thread_t threads[LIBUV_LARGEST_SIZE];
    uint32_t started = 0;
    while (started < count &&
            uv_thread_create(&threads[started], wait_at_gate, &gate) == 0) {
        started++;
    }
    for (uint32_t i = 0; i < started; i++) {
        uv_sem_post(&gate);
    }
    for (uint32_t i = 0; i < started; i++) {
        uv_thread_join(&threads[i]);
    }
    uv_sem_destroy(&gate);
    return started == count;
}

static void do_lent_work(uv_work_t *request) {
    hm_loan *loan = request->data;
    loan->work(loan->argument, true);
}

static void take_back(uv_work_t *request, int status) {
    (void)status; // or it was cancelled
    hm_loan *loan = request->data;
    hm_lender *lender = loan->lender;
    hm_loan **link = &lender->queued;
    while (*link != loan) {
        link = &(*link)->next;
    }
    *link = loan->next;
    uv_mutex_lock(&lender->lock);
    loan->next = lender->spare;
    lender->spare = loan;
    lender->lent_count--;
    uv_cond_broadcast(&lender->is_back);
    uv_mutex_unlock(&lender->lock);
}

static void queue_loan(hm_note *note) {
    hm_loan *loan = (hm_loan *)(void *)((char *)note - offsetof(hm_loan, note));
    hm_lender *lender = loan->lender;
    loan->next = lender->queued;
    lender->queued = loan;
    uv_queue_work(hm_loop_uv(lender->loop), &loan->request, do_lent_work, take_back);
    if (lender->is_closing) {
        uv_cancel((uv_req_t *)&loan->request);
    }
}

// The service may have given all of libuv's threads work that does not end.
static void recall_loans(hm_note *note) {
    hm_lender *lender =
            (hm_lender *)(void *)((char *)note - offsetof(hm_lender, recall));
    lender->is_closing = true;
    for (hm_loan *loan = lender->queued; loan != NULL; loan = loan->next) {
        uv_cancel((uv_req_t *)&loan->request);
    }
}

hm_loop *hm_lender_loop(hm_lender *lender) {
    uv_mutex_lock(&lender->lock);
    if (lender->loop == NULL) {
        lender->loop = hm_loop_start(lender->allocator);
    }
    hm_loop *loop = lender->loop;
    uv_mutex_unlock(&lender->lock);
    return loop;
}

bool hm_lender_is_here(hm_lender *lender) {
    uv_mutex_lock(&lender->lock);
    bool is_here = lender->loop != NULL && hm_loop_is_here(lender->loop);
    uv_mutex_unlock(&lender->lock);
    return is_here;
}

uint32_t hm_lender_lent_count(hm_lender *lender) {
    uv_mutex_lock(&lender->lock);
    uint32_t count = lender->lent_count;
    uv_mutex_unlock(&lender->lock);
    return count;
}

// Whether libuv's pool can be used: its loop runs, and its threads can be started.
static bool has_pool(hm_lender *lender) {
    if (lender->has_proof) {
        return true;
    }
    lender->has_proof = lender->lend_limit > 0 && hm_lender_loop(lender) != NULL &&
                        can_start(lender->lend_limit + 1);
    if (!lender->has_proof) {
        lender->lend_limit = 0;
    }
    return lender->has_proof;
}

// Room for one loan more, which is counted, or NULL.
static hm_loan *take_loan(hm_lender *lender) {
    hm_loan *loan = NULL;
    uv_mutex_lock(&lender->lock);
    if (lender->lent_count < lender->lend_limit) {
        loan = lender->spare;
        lender->spare = loan != NULL ? loan->next : NULL;
        loan = loan != NULL ? loan
                            : hm_allocate_array(lender->allocator, 1, sizeof *loan);
        lender->lent_count += loan != NULL;
    }
    uv_mutex_unlock(&lender->lock);
    return loan;
}

// From libuv, if it has one to spare.
static bool borrow(hm_lender *lender, hm_lent_work *work, void *argument) {
    if (!has_pool(lender)) {
        return false;
    }
    hm_loan *loan = take_loan(lender);
    if (loan == NULL) {
        return false;
    }
    *loan = (hm_loan){.note = {.act = queue_loan},
            .lender = lender,
            .work = work,
            .argument = argument};
    loan->request.data = loan;
    hm_loop_post(lender->loop, &loan->note);
    return true;
}

static void do_owned_work(void *argument) {
    hm_owned *owned = argument;
    char name[16];
    snprintf(name, sizeof name, "hamilton-%u", (unsigned)owned->number);
    hm_thread_name(name);
    owned->work(owned->argument, false);
    // Release: whoever takes the place sees that we are out of it.
    atomic_store_explicit(&owned->has_ended, true, memory_order_release);
}

// A place for a thread of ours, or NULL.
static hm_owned *find_place(hm_lender *lender) {
    for (uint32_t i = 0; i < OWNED_LIMIT; i++) {
        hm_owned *owned = &lender->owned[i];
        if (owned->is_used &&
                atomic_load_explicit(&owned->has_ended, memory_order_acquire)) {
            uv_thread_join(&owned->thread);
            owned->is_used = false;
        }
        if (!owned->is_used) {
            owned->number = i + 1;
            return owned;
        }
    }
    return NULL;
}

bool hm_lender_lend(hm_lender *lender, hm_lent_work *work, void *argument) {
    if (borrow(lender, work, argument)) {
        return true;
    }
    hm_owned *owned = find_place(lender);
    if (owned == NULL) {
        return false;
    }
    owned->work = work;
    owned->argument = argument;
    atomic_store_explicit(&owned->has_ended, false, memory_order_relaxed);
    owned->is_used = uv_thread_create(&owned->thread, do_owned_work, owned) == 0;
    return owned->is_used;
}

void hm_lender_recall(hm_lender *lender) {
    if (lender->loop == NULL) {
        return;
    }
    lender->recall.act = recall_loans;
    hm_loop_post(lender->loop, &lender->recall);
    uv_mutex_lock(&lender->lock);
    while (lender->lent_count > 0) {
        uv_cond_wait(&lender->is_back, &lender->lock);
    }
    uv_mutex_unlock(&lender->lock);
}

void hm_lender_close(hm_lender *lender) {
    for (uint32_t i = 0; i < OWNED_LIMIT; i++) {
        if (lender->owned[i].is_used) {
            uv_thread_join(&lender->owned[i].thread);
            lender->owned[i].is_used = false;
        }
    }
    hm_lender_recall(lender);
    hm_loop_end(lender->loop);
    lender->loop = NULL;
}

void hm_lender_destroy(hm_lender *lender) {
    if (lender == NULL) {
        return;
    }
    hm_lender_close(lender);
    while (lender->spare != NULL) {
        hm_loan *loan = lender->spare;
        lender->spare = loan->next;
        hm_deallocate_array(lender->allocator, loan, 1, sizeof *loan);
    }
    uv_cond_destroy(&lender->is_back);
    uv_mutex_destroy(&lender->lock);
    hm_deallocate_array(lender->allocator, lender, 1, sizeof *lender);
}
