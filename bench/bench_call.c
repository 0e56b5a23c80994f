// bench_call.c — what does it cost to call a node? Trivial functions, one thread, a
// plan that is compiled once; beside a loop over function pointers, and beside what a
// compiler makes of direct calls.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/compiled.h"
#include "bench/dataflow.h"
#include "bench/floor.h"
#include "bench/measure.h"

enum { CHAIN_LENGTH = 10000, LAYER_WIDTH = 100, LAYER_COUNT = 100 };

// The same nodes as direct calls: values[i] is source i of the dataflow.
struct direct {
    const hm_dataflow *dataflow;
    double *values;
};

static bool run_chain(void *subject) {
    double *values = ((struct direct *)subject)->values;
    for (size_t i = 1; i <= CHAIN_LENGTH; i++) {
        values[i] = hm_dataflow_one(values[i - 1]);
    }
    return true;
}

static bool run_layers(void *subject) {
    const struct direct *direct = subject;
    double *layer = direct->values + direct->dataflow->input_count;
    for (size_t i = 0; i < LAYER_WIDTH; i++) {
        layer[i] = hm_dataflow_one(direct->values[i % direct->dataflow->input_count]);
    }
    for (size_t l = 1; l < LAYER_COUNT; l++) {
        const double *above = layer;
        layer += LAYER_WIDTH;
        for (size_t i = 0; i < LAYER_WIDTH; i++) {
            layer[i] = hm_dataflow_three(above[i], above[(i + 1) % LAYER_WIDTH],
                    above[(i + 7) % LAYER_WIDTH]);
        }
    }
    return true;
}

static bool run_hamilton(void *subject) {
    hm_compiled *compiled = subject;
    return hm_run_execute(compiled->run, NULL) == HM_OK;
}

static bool run_floor(void *subject) {
    hm_floor_run(subject);
    return true;
}

// Whether all three computed the same bits for what is wanted.
static bool agree(
        hm_compiled *compiled, const hm_floor *floor, const struct direct *direct) {
    const hm_dataflow *dataflow = direct->dataflow;
    for (uint32_t i = 0; i < dataflow->wanted_count; i++) {
        uint32_t node = dataflow->wanted[i];
        const double *ours = hm_compiled_slot(compiled, dataflow->wanted_names[i]);
        const double *inlined = &direct->values[dataflow->input_count + node];
        const double *floored = &floor->nodes[node].out;
        if (memcmp(ours, floored, sizeof *ours) != 0 ||
                memcmp(ours, inlined, sizeof *ours) != 0) {
            fprintf(stderr, "%s is %.17g, should be %.17g\n", dataflow->wanted_names[i],
                    *ours, *inlined);
            return false;
        }
    }
    return true;
}

static bool measure(
        const hm_dataflow *dataflow, bool (*inlined)(void *), bool is_quick) {
    hm_compiled compiled;
    if (!hm_compiled_init(&compiled, dataflow)) {
        return false;
    }
    hm_floor *floor = hm_floor_create(dataflow);
    struct direct direct = {.dataflow = dataflow};
    direct.values =
            calloc(dataflow->input_count + dataflow->node_count, sizeof(double));
    bool is_done = false;
    if (floor != NULL && direct.values != NULL) {
        for (uint32_t i = 0; i < dataflow->input_count; i++) {
            direct.values[i] = i + 1;
        }
        const hm_system systems[] = {
                {.name = "hamilton", .run = run_hamilton, .subject = &compiled},
                {.name = "floor", .run = run_floor, .subject = floor},
                {.name = "inline", .run = inlined, .subject = &direct},
        };
        is_done = hm_measure(&(hm_measurement){.bench = "call",
                                     .name = dataflow->module.name,
                                     .unit = "ns/node",
                                     .per_second = 1e9 / dataflow->node_count,
                                     .rounds = HM_MEASURE_PAIRS,
                                     .systems = systems,
                                     .system_count = 3},
                          is_quick) &&
                  agree(&compiled, floor, &direct);
    }
    free(direct.values);
    hm_floor_destroy(floor);
    hm_compiled_finish(&compiled);
    return is_done;
}

int main(int argument_count, char **arguments) {
    bool is_quick = hm_measure_is_quick(argument_count, arguments);
    hm_dataflow *chain = hm_dataflow_chain(CHAIN_LENGTH, false);
    hm_dataflow *layers = hm_dataflow_layers(LAYER_WIDTH, LAYER_COUNT, false);
    bool is_done = chain != NULL && layers != NULL &&
                   measure(chain, run_chain, is_quick) &&
                   measure(layers, run_layers, is_quick);
    hm_dataflow_destroy(chain);
    hm_dataflow_destroy(layers);
    return is_done ? EXIT_SUCCESS : EXIT_FAILURE;
}
