// Functions whose calls end later: from a timer on the driver's loop, after work on a
// thread of libuv's, or before they return.

#include <stddef.h>
#include <stdlib.h>
#include <uv.h>

#include <hamilton/modifiers.h>
#include <hamilton/node.h>

struct wait {
    uv_timer_t timer;
    double x;
    double *out;
    hm_async *done;
};

// Ending the call comes last, when nothing of it is left.
static void end_wait(uv_handle_t *timer) {
    struct wait *wait = timer->data;
    hm_async *done = wait->done;
    double x = wait->x;
    *wait->out = 10 * x;
    free(wait);
    if (x < 0) {
        hm_async_fail(done, "nothing costs %g", x);
    } else {
        hm_async_succeed(done);
    }
}

static void close_wait(uv_timer_t *timer) {
    uv_close((uv_handle_t *)timer, end_wait);
}

static void begin_wait(uv_loop_t *loop, void *argument) {
    struct wait *wait = argument;
    uv_timer_init(loop, &wait->timer);
    wait->timer.data = wait;
    uv_timer_start(&wait->timer, close_wait, 2, 0);
}

/** Ten times as much, a little later. */
HM_TAG(owner, "ops")
int price(double amount, double *out, hm_async *done) {
    if (amount > 1000) {
        return hm_fail("%g is too much", amount);
    }
    struct wait *wait = malloc(sizeof *wait);
    if (wait == NULL) {
        return hm_fail("no memory");
    }
    *wait = (struct wait){.x = amount, .out = out, .done = done};
    hm_async_on_loop(done, begin_wait, wait);
    return 0;
}

struct sum {
    uv_work_t request;
    size_t n;
    const double *x;
    double *total;
    char **text;
    hm_async *done;
};

static void add(uv_work_t *request) {
    struct sum *sum = request->data;
    *sum->total = 0;
    for (size_t i = 0; i < sum->n; i++) {
        *sum->total += sum->x[i];
    }
    *sum->text = calloc(1, 8);
    for (size_t i = 0; i < sum->n && i < 7 && *sum->text != NULL; i++) {
        (*sum->text)[i] = '+';
    }
}

static void end_sum(uv_work_t *request, int status) {
    struct sum *sum = request->data;
    hm_async *done = sum->done;
    free(sum);
    if (status != 0) {
        hm_async_fail(done, "%s", uv_strerror(status));
    } else {
        hm_async_succeed(done);
    }
}

static void begin_sum(uv_loop_t *loop, void *argument) {
    struct sum *sum = argument;
    sum->request.data = sum;
    if (uv_queue_work(loop, &sum->request, add, end_sum) != 0) {
        end_sum(&sum->request, UV_ENOMEM);
    }
}

/** Adds up on another thread: two outputs, one of them given. */
int totals(size_t n, const double price[n], double *total, char **text,
        hm_async *done) {
    struct sum *sum = malloc(sizeof *sum);
    if (sum == NULL) {
        return hm_fail("no memory");
    }
    *sum = (struct sum){
            .n = n, .x = price, .total = total, .text = text, .done = done};
    hm_async_on_loop(done, begin_sum, sum);
    return 0;
}

/** Knows at once. */
void shares(size_t n, const double price[n], double total, double share[n],
        hm_async *done) {
    for (size_t i = 0; i < n; i++) {
        share[i] = price[i] / total;
    }
    hm_async_succeed(done);
}

HM_WHEN(speed, fast)
void way__fast(double price, HM_DEFAULT(2) double factor, double *out, hm_async *done) {
    *out = factor * price;
    hm_async_succeed(done);
}

HM_OTHERWISE
double way__plain(double price) {
    return price;
}

/** A plain function beside them. */
double plain(double amount) {
    return amount + 1;
}
