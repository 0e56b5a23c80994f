// lender.c — see lender.h. The loop is started when the first thread is lent. libuv
// aborts the process if its pool cannot start a thread, so before its first use as many
// threads as the pool will have are started, and ended again, to see that they can be
// had.

#include "scheduler/lender.h"

#include <stdlib.h>
#include <uv.h>

#include "base/allocator.h"
#include "scheduler/thread.h"

enum { LIBUV_DEFAULT_SIZE = 4, LIBUV_LARGEST_SIZE = 1024, OWNED_LIMIT = 128 };

// One loan: a queued work request.
typedef struct hm_loan {
    uv_work_t request;
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
} hm_owned;

struct hm_lender {
    const hm_allocator *allocator;
    uint32_t lend_limit;
    bool is_running; // the loop, on its thread
    uv_thread_t thread;
    uv_loop_t loop;
    uv_async_t wanted;
    hm_thread runner; // of the loop; protected by lock

    uv_mutex_t lock;
    hm_loan *asked;      // protected by lock: loans that the loop has yet to queue
    hm_loan *queued;     // loop only: loans that have not come back
    uint32_t lent_count; // protected by lock: how many both are
    bool is_closing;     // protected by lock
    hm_owned owned[OWNED_LIMIT];
    uint32_t owned_count;
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
    lender->lent_count--;
    bool is_last = lender->is_closing && lender->lent_count == 0;
    uv_mutex_unlock(&lender->lock);
    hm_deallocate_array(lender->allocator, loan, 1, sizeof *loan);
    if (is_last && !uv_is_closing((uv_handle_t *)&lender->wanted)) {
        uv_close((uv_handle_t *)&lender->wanted, NULL);
    }
}

static void queue_loans(uv_async_t *wanted) {
    hm_lender *lender = wanted->data;
    uv_mutex_lock(&lender->lock);
    hm_loan *loan = lender->asked;
    lender->asked = NULL;
    bool is_closing = lender->is_closing;
    bool is_last = is_closing && lender->lent_count == 0;
    hm_thread_free(&lender->runner);
    uv_mutex_unlock(&lender->lock);
    while (loan != NULL) {
        hm_loan *next = loan->next;
        loan->next = lender->queued;
        lender->queued = loan;
        uv_queue_work(&lender->loop, &loan->request, do_lent_work, take_back);
        loan = next;
    }
    // The service may have given all of libuv's threads work that does not end.
    for (loan = lender->queued; is_closing && loan != NULL; loan = loan->next) {
        uv_cancel((uv_req_t *)&loan->request);
    }
    if (is_last && !uv_is_closing((uv_handle_t *)wanted)) {
        uv_close((uv_handle_t *)wanted, NULL);
    }
}

static void run_loop(void *argument) {
    hm_lender *lender = argument;
    hm_thread_name("hamilton-loop");
    uv_mutex_lock(&lender->lock);
    hm_thread_note(&lender->runner);
    uv_mutex_unlock(&lender->lock);
    uv_run(&lender->loop, UV_RUN_DEFAULT);
}

static bool start_loop(hm_lender *lender) {
    if (lender->lend_limit == 0 || !can_start(lender->lend_limit + 2)) {
        return false;
    }
    if (uv_loop_init(&lender->loop) != 0) {
        return false;
    }
    lender->wanted.data = lender;
    if (uv_async_init(&lender->loop, &lender->wanted, queue_loans) != 0) {
        uv_loop_close(&lender->loop);
        return false;
    }
    if (uv_thread_create(&lender->thread, run_loop, lender) != 0) {
        uv_close((uv_handle_t *)&lender->wanted, NULL);
        uv_run(&lender->loop, UV_RUN_DEFAULT);
        uv_loop_close(&lender->loop);
        return false;
    }
    lender->is_running = true;
    return true;
}

// From libuv, if it has one to spare.
static bool borrow(hm_lender *lender, hm_lent_work *work, void *argument) {
    if (!lender->is_running && !start_loop(lender)) {
        lender->lend_limit = 0;
        return false;
    }
    hm_loan *loan = hm_allocate_array(lender->allocator, 1, sizeof *loan);
    if (loan == NULL) {
        return false;
    }
    *loan = (hm_loan){.lender = lender, .work = work, .argument = argument};
    loan->request.data = loan;
    uv_mutex_lock(&lender->lock);
    bool can_lend = lender->lent_count < lender->lend_limit;
    if (can_lend) {
        lender->lent_count++;
        loan->next = lender->asked;
        lender->asked = loan;
        hm_thread_keep_off(&lender->runner);
    }
    uv_mutex_unlock(&lender->lock);
    if (!can_lend) {
        hm_deallocate_array(lender->allocator, loan, 1, sizeof *loan);
        return false;
    }
    uv_async_send(&lender->wanted);
    return true;
}

static void do_owned_work(void *argument) {
    hm_owned *owned = argument;
    hm_thread_name("hamilton");
    owned->work(owned->argument, false);
}

bool hm_lender_lend(hm_lender *lender, hm_lent_work *work, void *argument) {
    if (borrow(lender, work, argument)) {
        return true;
    }
    if (lender->owned_count == OWNED_LIMIT) {
        return false;
    }
    hm_owned *owned = &lender->owned[lender->owned_count];
    *owned = (hm_owned){.work = work, .argument = argument};
    if (uv_thread_create(&owned->thread, do_owned_work, owned) != 0) {
        return false;
    }
    lender->owned_count++;
    return true;
}

void hm_lender_destroy(hm_lender *lender) {
    if (lender == NULL) {
        return;
    }
    for (uint32_t i = 0; i < lender->owned_count; i++) {
        uv_thread_join(&lender->owned[i].thread);
    }
    if (lender->is_running) {
        uv_mutex_lock(&lender->lock);
        lender->is_closing = true;
        uv_mutex_unlock(&lender->lock);
        uv_async_send(&lender->wanted);
        uv_thread_join(&lender->thread);
        uv_loop_close(&lender->loop);
    }
    uv_mutex_destroy(&lender->lock);
    hm_deallocate_array(lender->allocator, lender, 1, sizeof *lender);
}
