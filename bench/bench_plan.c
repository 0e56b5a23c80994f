// bench_plan.c — what does it cost to compile a request? Beside writing the nodes of a
// loop over function pointers, which knows already who reads whom.

#include <stdio.h>
#include <stdlib.h>

#include <hamilton/plan.h>

#include "bench/dataflow.h"
#include "bench/floor.h"
#include "bench/measure.h"

struct compilation {
    hm_driver *driver;
    hm_request request;
    hm_plan *plan;
};

static bool compile(void *subject) {
    struct compilation *compilation = subject;
    hm_error error;
    if (hm_plan_create(compilation->driver, &compilation->request, &compilation->plan,
                &error) != HM_OK) {
        fprintf(stderr, "%s\n", error.message);
        return false;
    }
    return true;
}

static void undo_compile(void *subject) {
    struct compilation *compilation = subject;
    hm_plan_destroy(compilation->plan);
    compilation->plan = NULL;
}

struct wiring {
    const hm_dataflow *dataflow;
    hm_floor *floor;
};

static bool wire(void *subject) {
    struct wiring *wiring = subject;
    wiring->floor = hm_floor_create(wiring->dataflow);
    return wiring->floor != NULL;
}

static void undo_wire(void *subject) {
    struct wiring *wiring = subject;
    hm_floor_destroy(wiring->floor);
    wiring->floor = NULL;
}

static bool measure(const hm_dataflow *dataflow, const char *shape, bool is_quick) {
    if (dataflow == NULL) {
        return false;
    }
    struct compilation compilation = {.request = hm_dataflow_request(dataflow)};
    hm_driver_options options = hm_dataflow_options(dataflow);
    hm_error error;
    if (hm_driver_create(&options, &compilation.driver, &error) != HM_OK) {
        fprintf(stderr, "%s\n", error.message);
        return false;
    }
    struct wiring wiring = {.dataflow = dataflow};
    const hm_system systems[] = {
            {"hamilton", compile, undo_compile, &compilation, 1},
            {"floor", wire, undo_wire, &wiring, 1},
    };
    char name[64];
    snprintf(name, sizeof name, "%s_%u", shape, (unsigned)dataflow->node_count);
    bool is_done = hm_measure(&(hm_measurement){.bench = "compile",
                                      .name = name,
                                      .unit = "ns/node",
                                      .per_second = 1e9 / dataflow->node_count,
                                      .rounds = HM_MEASURE_PAIRS,
                                      .systems = systems,
                                      .system_count = 2},
            is_quick);
    hm_driver_destroy(compilation.driver);
    return is_done;
}
static bool measure_all(uint32_t node_count, bool is_quick) {
    enum { WIDTH = 100 };
    hm_dataflow *chain = hm_dataflow_chain(node_count, false);
    hm_dataflow *layers = hm_dataflow_layers(WIDTH, node_count / WIDTH, false);
    hm_dataflow *shuffled = hm_dataflow_layers(WIDTH, node_count / WIDTH, true);
    bool is_done = measure(chain, "chain", is_quick) &&
                   measure(layers, "layers", is_quick) &&
                   measure(shuffled, "shuffled", is_quick);
    hm_dataflow_destroy(chain);
    hm_dataflow_destroy(layers);
    hm_dataflow_destroy(shuffled);
    return is_done;
}

int main(int argument_count, char **arguments) {
    bool is_quick = hm_measure_is_quick(argument_count, arguments);
    bool is_done = measure_all(1000, is_quick) && measure_all(10000, is_quick) &&
                   (is_quick || measure_all(100000, is_quick));
    return is_done ? EXIT_SUCCESS : EXIT_FAILURE;
}
