// later.c — see later.h.

#include "tests/support/later.h"

#include <pthread.h>
#include <stdlib.h>
#include <uv.h>

#include <hamilton/node.h>

#include "tests/support/suite.h"

enum { MOST_CALLS = 4096 };

// One call under way.
typedef struct hm_later_call {
    uv_timer_t timer;
    double x;
    double *out;
    hm_async *done;
    const char *failure; // or NULL
} hm_later_call;

hm_later later;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; // for the two lists
static hm_later_call *held[MOST_CALLS];
static int held_count;
static bool is_released;
static pthread_t threads[MOST_CALLS];
static int thread_count;

void hm_later_begin(void) {
    atomic_store(&later.started, 0);
    atomic_store(&later.ended, 0);
    atomic_store(&later.under_way, 0);
    atomic_store(&later.most, 0);
    held_count = thread_count = 0;
    is_released = false;
}

void hm_later_end(void) {
    pthread_mutex_lock(&lock);
    int count = thread_count;
    pthread_mutex_unlock(&lock);
    for (int i = 0; i < count; i++) {
        pthread_join(threads[i], NULL);
    }
    ck_assert_int_eq(atomic_load(&later.started), atomic_load(&later.ended));
}

hm_function *hm_later_add(const char *name, const char *source, hm_start_thunk *start) {
    hm_function *function = hm_controlled_add(name, source, NULL);
    function->start = start;
    return function;
}

static void note_start(void) {
    int count = atomic_fetch_add(&later.under_way, 1) + 1;
    int most = atomic_load(&later.most);
    while (count > most && !atomic_compare_exchange_weak(&later.most, &most, count)) {
    }
    atomic_fetch_add(&later.started, 1);
}

static void note_end(void) {
    atomic_fetch_sub(&later.under_way, 1);
    atomic_fetch_add(&later.ended, 1);
}

static hm_later_call *make_call(const hm_lane *lanes, size_t row, hm_async *done) {
    hm_later_call *call = calloc(1, sizeof *call);
    ck_assert_ptr_nonnull(call);
    call->x = ((const double *)lanes[0].data)[row * lanes[0].stride];
    call->out = &((double *)lanes[1].data)[row * lanes[1].stride];
    call->done = done;
    return call;
}

static hm_later_call *open_call(const hm_lane *lanes, size_t row, hm_async *done) {
    note_start();
    return make_call(lanes, row, done);
}

// What ends the call comes last.
static void end_call(hm_later_call *call) {
    hm_async *done = call->done;
    double x = call->x;
    const char *failure = call->failure;
    *call->out = x + 1;
    free(call);
    note_end();
    if (failure != NULL) {
        hm_async_fail(done, "%g %s", x, failure);
    } else {
        hm_async_succeed(done);
    }
}

static void end_closed(uv_handle_t *handle) {
    end_call(handle->data);
}

static void close_timer(uv_timer_t *timer) {
    uv_close((uv_handle_t *)timer, end_closed);
}

static void begin_timer(uv_loop_t *loop, void *argument) {
    hm_later_call *call = argument;
    uv_timer_init(loop, &call->timer);
    call->timer.data = call;
    uv_timer_start(&call->timer, close_timer, 1, 0);
}

int hm_later_timer(const hm_lane *lanes, size_t row, void *self, hm_async *done) {
    (void)self;
    hm_async_on_loop(done, begin_timer, open_call(lanes, row, done));
    return 0;
}

int hm_later_picky(const hm_lane *lanes, size_t row, void *self, hm_async *done) {
    (void)self;
    hm_later_call *call = open_call(lanes, row, done);
    call->failure = call->x >= 13 ? "is bad" : NULL;
    hm_async_on_loop(done, begin_timer, call);
    return 0;
}

int hm_later_pickier(const hm_lane *lanes, size_t row, void *self, hm_async *done) {
    double x = ((const double *)lanes[0].data)[row * lanes[0].stride];
    if (x < 13) {
        return hm_later_timer(lanes, row, self, done);
    }
    note_start();
    note_end();
    return hm_fail("%g is bad", x);
}

int hm_later_now(const hm_lane *lanes, size_t row, void *self, hm_async *done) {
    (void)self;
    end_call(open_call(lanes, row, done));
    return 0;
}

static void *end_elsewhere(void *argument) {
    end_call(argument);
    return NULL;
}

int hm_later_thread(const hm_lane *lanes, size_t row, void *self, hm_async *done) {
    (void)self;
    hm_later_call *call = open_call(lanes, row, done);
    pthread_mutex_lock(&lock);
    ck_assert_int_lt(thread_count, MOST_CALLS);
    ck_assert_int_eq(
            pthread_create(&threads[thread_count++], NULL, end_elsewhere, call), 0);
    pthread_mutex_unlock(&lock);
    return 0;
}

int hm_later_held(const hm_lane *lanes, size_t row, void *self, hm_async *done) {
    (void)self;
    hm_later_call *call = make_call(lanes, row, done);
    pthread_mutex_lock(&lock);
    bool ends = is_released;
    if (!ends) {
        ck_assert_int_lt(held_count, MOST_CALLS);
        held[held_count++] = call;
    }
    note_start(); // it can be released now
    pthread_mutex_unlock(&lock);
    if (ends) {
        end_call(call);
    }
    return 0;
}

void hm_later_release(void) {
    pthread_mutex_lock(&lock);
    is_released = true;
    int count = held_count;
    held_count = 0;
    pthread_mutex_unlock(&lock);
    for (int i = 0; i < count; i++) {
        end_call(held[i]);
    }
}

static void ask(uv_timer_t *timer) {
    hm_later_call *call = timer->data;
    if (hm_async_should_stop(call->done)) {
        call->failure = "was told to stop";
        uv_close((uv_handle_t *)timer, end_closed);
    }
}

static void begin_asking(uv_loop_t *loop, void *argument) {
    hm_later_call *call = argument;
    uv_timer_init(loop, &call->timer);
    call->timer.data = call;
    uv_timer_start(&call->timer, ask, 1, 1);
}

int hm_later_patient(const hm_lane *lanes, size_t row, void *self, hm_async *done) {
    (void)self;
    hm_async_on_loop(done, begin_asking, open_call(lanes, row, done));
    return 0;
}
