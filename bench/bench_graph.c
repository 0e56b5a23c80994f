// bench_graph.c — what does it cost to build a graph, and is it linear? Beside what one
// would write with what the C library has: names in hsearch's table, counters, a queue.

#define _XOPEN_SOURCE 700 // <search.h>

#include <search.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench/dataflow.h"
#include "bench/measure.h"

struct build {
    hm_driver_options options;
    hm_driver *driver;
};

static bool build_graph(void *subject) {
    struct build *build = subject;
    hm_error error;
    if (hm_driver_create(&build->options, &build->driver, &error) != HM_OK) {
        fprintf(stderr, "%s\n", error.message);
        return false;
    }
    return true;
}

static void undo_graph(void *subject) {
    struct build *build = subject;
    hm_driver_destroy(build->driver);
    build->driver = NULL;
}

// The alternative resolves all names and sorts the functions; it checks nothing else. A
// source is an input or, from input_count on, a function in the order of the module.
struct wiring {
    const hm_dataflow *dataflow;
    uint32_t *first_reader; // of each source: function * HM_SOURCE_LIMIT + parameter
    uint32_t *next_reader;  // of each parameter: the next one with this source
    uint32_t *waits_for;    // of each function, how many of its sources are not sorted
    uint32_t *order;        // the sources, sorted
};

static uint32_t source_count(const hm_dataflow *dataflow) {
    return dataflow->input_count + dataflow->node_count;
}

static bool enter_names(const hm_dataflow *dataflow) {
    if (hcreate(source_count(dataflow)) == 0) {
        return false;
    }
    for (uint32_t i = 0; i < source_count(dataflow); i++) {
        const char *name =
                i < dataflow->input_count
                        ? dataflow->inputs[i].name
                        : dataflow->module.functions[i - dataflow->input_count].name;
        ENTRY entry = {.key = (char *)name, .data = (void *)(uintptr_t)i};
        if (hsearch(entry, ENTER) == NULL) {
            return false;
        }
    }
    return true;
}

static bool find_sources(struct wiring *wiring) {
    for (uint32_t i = 0; i < source_count(wiring->dataflow); i++) {
        wiring->first_reader[i] = HM_NONE;
    }
    for (uint32_t f = 0; f < wiring->dataflow->node_count; f++) {
        const hm_function *function = &wiring->dataflow->module.functions[f];
        wiring->waits_for[f] = (uint32_t)function->parameter_count;
        for (uint32_t p = 0; p < function->parameter_count; p++) {
            ENTRY entry = {.key = (char *)function->parameters[p].name};
            const ENTRY *found = hsearch(entry, FIND);
            if (found == NULL) {
                return false;
            }
            uint32_t reader = f * HM_SOURCE_LIMIT + p;
            uint32_t source = (uint32_t)(uintptr_t)found->data;
            wiring->next_reader[reader] = wiring->first_reader[source];
            wiring->first_reader[source] = reader;
        }
    }
    return true;
}

// A. B. Kahn: Topological sorting of large networks, CACM 5 (1962).
static bool sort(struct wiring *wiring) {
    uint32_t end = 0;
    while (end < wiring->dataflow->input_count) {
        wiring->order[end] = end;
        end++;
    }
    for (uint32_t i = 0; i < end; i++) {
        uint32_t reader = wiring->first_reader[wiring->order[i]];
        while (reader != HM_NONE) {
            uint32_t function = reader / HM_SOURCE_LIMIT;
            if (--wiring->waits_for[function] == 0) {
                wiring->order[end++] = wiring->dataflow->input_count + function;
            }
            reader = wiring->next_reader[reader];
        }
    }
    return end == source_count(wiring->dataflow);
}

static bool wire(void *subject) {
    struct wiring *wiring = subject;
    const hm_dataflow *dataflow = wiring->dataflow;
    size_t count = source_count(dataflow);
    wiring->first_reader = calloc(count, sizeof(uint32_t));
    wiring->next_reader = calloc(count, HM_SOURCE_LIMIT * sizeof(uint32_t));
    wiring->waits_for = calloc(count, sizeof(uint32_t));
    wiring->order = calloc(count, sizeof(uint32_t));
    return wiring->first_reader != NULL && wiring->next_reader != NULL &&
           wiring->waits_for != NULL && wiring->order != NULL &&
           enter_names(dataflow) && find_sources(wiring) && sort(wiring);
}

static void undo_wiring(void *subject) {
    struct wiring *wiring = subject;
    hdestroy();
    free(wiring->first_reader);
    free(wiring->next_reader);
    free(wiring->waits_for);
    free(wiring->order);
}

// Both must have put every node behind what it reads: so many nodes that far down.
static bool agree(struct build *build, const hm_dataflow *dataflow) {
    if (!build_graph(build)) {
        return false;
    }
    const hm_graph *graph = hm_driver_graph(build->driver);
    bool is_sorted = hm_graph_node_count(graph) == source_count(dataflow);
    for (uint32_t id = 0; is_sorted && id < source_count(dataflow); id++) {
        hm_node node = hm_graph_describe(graph, id);
        for (uint32_t d = 0; d < node.dependency_count; d++) {
            is_sorted = is_sorted && node.dependencies[d] < id;
        }
    }
    undo_graph(build);
    if (!is_sorted) {
        fprintf(stderr, "the graph of %s is not in order\n", dataflow->module.name);
    }
    return is_sorted;
}

static bool measure(const hm_dataflow *dataflow, const char *shape, bool is_quick) {
    if (dataflow == NULL) {
        return false;
    }
    struct build build = {.options = hm_dataflow_options(dataflow)};
    struct wiring wiring = {.dataflow = dataflow};
    const hm_system systems[] = {
            {"hamilton", build_graph, undo_graph, &build, 1},
            {"hsearch", wire, undo_wiring, &wiring, 1},
    };
    char name[64];
    snprintf(name, sizeof name, "%s_%u", shape, (unsigned)dataflow->node_count);
    return agree(&build, dataflow) &&
           hm_measure(&(hm_measurement){.bench = "build",
                              .name = name,
                              .unit = "ns/node",
                              .per_second = 1e9 / dataflow->node_count,
                              .rounds = HM_MEASURE_PAIRS,
                              .systems = systems,
                              .system_count = 2},
                   is_quick);
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
