// quote.c — the dataflow of a shop that has to ask others: the price of an item comes
// from a service over HTTP, its stock from a warehouse that takes its time. Both are
// asked at once, and nobody's thread waits for them.

#include <stdio.h>
#include <stdlib.h>
#include <uv.h>

#include <hamilton/modifiers.h>
#include <hamilton/node.h>

#include "client.h"

enum { WAREHOUSE_TIME = 50 }; // milliseconds

struct price_call {
    const struct client *client;
    int item;
    double *price;
    hm_async *done;
};

// Ending the call comes last: from then on nothing of it is ours.
static void end_price(int status, const char *text, void *argument) {
    struct price_call call = *(struct price_call *)argument;
    free(argument);
    if (status != 200) {
        hm_async_fail(call.done, "the price service says %d of item %d: %s", status,
                call.item, text);
        return;
    }
    *call.price = atof(text);
    hm_async_succeed(call.done);
}

// On the loop's thread, the only one that may use the client.
static void begin_price(uv_loop_t *loop, void *argument) {
    (void)loop; // the client is on it
    struct price_call *call = argument;
    char path[32];
    snprintf(path, sizeof path, "/price/%d", call->item);
    client_get(call->client, path, end_price, call);
}

/** What one piece costs. No more than the service bears are asked for at once. */
HM_TAG(limit, service)
int price(const struct client *client, int item, double *out, hm_async *done) {
    struct price_call *call = malloc(sizeof *call);
    if (call == NULL) {
        return hm_fail("no memory to ask for item %d", item);
    }
    *call = (struct price_call){client, item, out, done};
    hm_async_on_loop(done, begin_price, call);
    return 0;
}

struct stock_call {
    uv_timer_t timer;
    int item;
    double *stock;
    hm_async *done;
};

static void end_stock(uv_handle_t *timer) {
    struct stock_call *call = timer->data;
    hm_async *done = call->done;
    *call->stock = call->item % 7 * 10;
    free(call);
    hm_async_succeed(done);
}

static void close_stock(uv_timer_t *timer) {
    uv_close((uv_handle_t *)timer, end_stock);
}

// A timer stands for the warehouse.
static void begin_stock(uv_loop_t *loop, void *argument) {
    struct stock_call *call = argument;
    uv_timer_init(loop, &call->timer);
    call->timer.data = call;
    uv_timer_start(&call->timer, close_stock, WAREHOUSE_TIME, 0);
}

/** How many pieces there are. */
int stock(int item, double *out, hm_async *done) {
    struct stock_call *call = malloc(sizeof *call);
    if (call == NULL) {
        return hm_fail("no memory to ask for item %d", item);
    }
    *call = (struct stock_call){.item = item, .stock = out, .done = done};
    hm_async_on_loop(done, begin_stock, call);
    return 0;
}

/** What can be had of the quantity that was asked for. */
double available(double quantity, double stock) {
    return quantity < stock ? quantity : stock;
}

/** What that costs. */
double offer(double price, double available) {
    return price * available;
}
