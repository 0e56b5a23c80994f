// main.c — a hundred offers, each of which asks two others that take 50 milliseconds to
// answer, on a loop and two threads. Asked one after the other they would take five
// seconds; here they take little longer than one.
//
// The loop is the program's: client, server and the driver's calls are all on it.

#include <stdio.h>
#include <stdlib.h>
#include <uv.h>

#include <hamilton/hamilton.h>

#include "client.h"
#include "server.h"

extern const hm_module quote_module; // hamilton_add_module() makes it of quote.c

enum { COUNT = 100, THREADS = 2, QUANTITY = 25 };

// How the type of what `price` takes is called; nothing more is known of it there.
static const hm_type client_type = {.name = "struct client", .kind = HM_KIND_OPAQUE};

struct shop {
    uv_loop_t loop;
    struct server *server;
    struct client *client;
    hm_driver *driver;
    uint64_t begun;
    int open_count; // runs under way
    int right_count;
};

// What the dataflow should say of an item.
static double expected(int item) {
    int stock = item % 7 * 10;
    return server_price(item) * (stock < QUANTITY ? stock : QUANTITY);
}

// The loop goes on until the last run has ended.
static void end_run(struct shop *shop, hm_run *run) {
    hm_run_destroy(run);
    if (--shop->open_count == 0) {
        uv_stop(&shop->loop);
    }
}

// The reason names functions and files: it is for the log.
static void refuse(const hm_error *error) {
    printf("refused\n");
    fprintf(stderr, "quotes: %s\n", error->message);
}

static void take_offer(hm_run *run, const hm_error *error, void *context) {
    struct shop *shop = context;
    hm_value item, offer;
    if (error->status != HM_OK) {
        refuse(error);
    } else if (hm_run_get(run, "item", &item, NULL) == HM_OK &&
               hm_run_get(run, "offer", &offer, NULL) == HM_OK) {
        shop->right_count += *(const double *)hm_value_data(&offer) ==
                             expected(*(const int *)hm_value_data(&item));
    }
    end_run(shop, run);
}

static void take_offers(hm_run *run, const hm_error *error, void *context) {
    struct shop *shop = context;
    hm_value items, offers;
    if (error->status != HM_OK) {
        refuse(error);
    } else if (hm_run_get(run, "item", &items, NULL) == HM_OK &&
               hm_run_get(run, "offer", &offers, NULL) == HM_OK) {
        for (size_t i = 0; i < offers.many.length; i++) {
            shop->right_count += ((const double *)offers.many.data)[i] ==
                                 expected(((const int *)items.many.data)[i]);
        }
    }
    end_run(shop, run);
}

// A plan that answers what `item` is: one item, or a column of them.
static hm_status make_plan(
        const struct shop *shop, hm_value item, hm_plan **plan, hm_error *error) {
    const char *const wanted[] = {"offer", "item"};
    const hm_binding inputs[] = {
            {"item", item},
            {"quantity", hm_value_double(QUANTITY)},
            {"client", hm_value_object(&client_type, shop->client)},
    };
    hm_request request = HM_REQUEST_INIT;
    request.wanted = wanted;
    request.wanted_count = 2;
    request.inputs = inputs;
    request.input_count = 3;
    return hm_plan_create(shop->driver, &request, plan, error);
}

static hm_status submit(struct shop *shop, const hm_plan *plan, const hm_value *item,
        hm_run_done *done, hm_error *error) {
    hm_run *run;
    hm_status status = hm_run_create(plan, &run, error);
    if (status == HM_OK) {
        status = hm_run_set(run, "item", item, error);
    }
    if (status == HM_OK) {
        status = hm_run_submit(run, done, shop, error);
    }
    if (status != HM_OK) {
        hm_run_destroy(run);
        return status;
    }
    shop->open_count++;
    return HM_OK;
}

static void begin(struct shop *shop) {
    shop->right_count = 0;
    shop->begun = uv_hrtime();
}

static void report(const struct shop *shop, const char *what) {
    double milliseconds = (double)(uv_hrtime() - shop->begun) / 1e6;
    printf("%s: %d of %d right, in %.0f ms\n", what, shop->right_count, COUNT,
            milliseconds);
}

// What was submitted is waited for, whatever became of the rest.
static void wait_for_runs(struct shop *shop) {
    if (shop->open_count > 0) {
        uv_run(&shop->loop, UV_RUN_DEFAULT);
    }
}

// A service: a hundred clients ask at once, and a last one for what there is not.
static hm_status serve_requests(struct shop *shop, hm_error *error) {
    hm_plan *plan = NULL;
    hm_status status = make_plan(shop, hm_value_int(0), &plan, error);
    begin(shop);
    for (int i = 0; i < COUNT && status == HM_OK; i++) {
        hm_value item = hm_value_int(i);
        status = submit(shop, plan, &item, take_offer, error);
    }
    wait_for_runs(shop);
    report(shop, "100 requests");
    if (status == HM_OK) {
        hm_value item = hm_value_int(404);
        status = submit(shop, plan, &item, take_offer, error);
    }
    wait_for_runs(shop);
    hm_plan_destroy(plan);
    return status;
}

// A batch: one request for a column. The functions are the same.
static hm_status serve_column(struct shop *shop, hm_error *error) {
    int items[COUNT];
    for (int i = 0; i < COUNT; i++) {
        items[i] = i;
    }
    hm_value column = hm_value_many(&hm_type_int, items, COUNT);
    hm_plan *plan = NULL;
    hm_status status = make_plan(shop, column, &plan, error);
    begin(shop);
    if (status == HM_OK) {
        status = submit(shop, plan, &column, take_offers, error);
    }
    wait_for_runs(shop);
    report(shop, "a column of 100");
    hm_plan_destroy(plan);
    return status;
}

static hm_status open_driver(struct shop *shop, hm_error *error) {
    const hm_module *modules[] = {&quote_module};
    const hm_limit_option limits[] = {{"service", 256}};
    hm_driver_options options = HM_DRIVER_OPTIONS_INIT;
    options.modules = modules;
    options.module_count = 1;
    options.thread_count = THREADS;
    options.limits = limits;
    options.limit_count = 1;
    options.loop = &shop->loop;
    return hm_driver_create(&options, &shop->driver, error);
}

static hm_status serve(struct shop *shop, hm_error *error) {
    hm_status status = open_driver(shop, error);
    if (status == HM_OK) {
        status = serve_requests(shop, error);
    }
    if (status == HM_OK) {
        status = serve_column(shop, error);
    }
    hm_driver_destroy(shop->driver);
    return status;
}

int main(void) {
    struct shop shop = {0};
    hm_error error = {.message = "no server, or no client"};
    hm_status status = HM_IO;
    if (uv_loop_init(&shop.loop) != 0) {
        return EXIT_FAILURE;
    }
    shop.server = server_open(&shop.loop);
    if (shop.server != NULL) {
        shop.client = client_open(&shop.loop, server_port(shop.server));
    }
    if (shop.client != NULL) {
        status = serve(&shop, &error);
    }
    client_close(shop.client);
    server_close(shop.server);
    uv_run(&shop.loop, UV_RUN_DEFAULT); // until all of them are closed
    uv_loop_close(&shop.loop);
    if (status != HM_OK) {
        fprintf(stderr, "quotes: %s\n", error.message);
    }
    return status == HM_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
