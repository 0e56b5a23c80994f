// floor.c — see floor.h.

#include "bench/floor.h"

#include <stdlib.h>

enum { CACHE_LINE = 64 };

_Static_assert(sizeof(hm_floor_node) == CACHE_LINE, "a node fills a line of the cache");

static void call_one(hm_floor_node *node) {
    node->out = hm_dataflow_one(*node->sources[0]);
}

static void call_two(hm_floor_node *node) {
    node->out = hm_dataflow_two(*node->sources[0], *node->sources[1]);
}

static void call_three(hm_floor_node *node) {
    node->out =
            hm_dataflow_three(*node->sources[0], *node->sources[1], *node->sources[2]);
}

static void call_many(hm_floor_node *node) {
    double sum = 0;
    for (uint32_t i = 0; i < node->source_count; i++) {
        sum += *node->many[i];
    }
    node->out = sum;
}

// The same with work to do.

static void work_one(hm_floor_node *node) {
    call_one(node);
    node->out = hm_dataflow_work(node->out, node->work);
}

static void work_two(hm_floor_node *node) {
    call_two(node);
    node->out = hm_dataflow_work(node->out, node->work);
}

static void work_three(hm_floor_node *node) {
    call_three(node);
    node->out = hm_dataflow_work(node->out, node->work);
}

const double *const *hm_floor_sources(const hm_floor_node *node) {
    return node->source_count > HM_SOURCE_LIMIT ? node->many : node->sources;
}

void hm_floor_wire(hm_floor *floor, const hm_dataflow *dataflow) {
    static void (*const calls[])(hm_floor_node *) = {
            NULL, call_one, call_two, call_three, NULL, work_one, work_two, work_three};
    for (uint32_t n = 0; n < floor->node_count; n++) {
        const hm_sources *sources = &dataflow->sources[n];
        hm_floor_node *node = &floor->nodes[n];
        bool is_many = sources->count > HM_SOURCE_LIMIT;
        const double **found = is_many ? floor->many : node->sources;
        node->call =
                is_many ? call_many
                        : calls[sources->count + (dataflow->rounds[n] > 0 ? 4 : 0)];
        node->many = is_many ? floor->many : NULL;
        node->source_count = sources->count;
        node->work = dataflow->rounds[n];
        for (uint32_t i = 0; i < sources->count; i++) {
            uint32_t source = sources->of[i];
            found[i] = source < dataflow->input_count
                               ? &floor->inputs[source]
                               : &floor->nodes[source - dataflow->input_count].out;
        }
    }
}

hm_floor *hm_floor_create(const hm_dataflow *dataflow) {
    hm_floor *floor = calloc(1, sizeof *floor);
    if (floor == NULL) {
        return NULL;
    }
    floor->node_count = dataflow->node_count;
    floor->nodes =
            aligned_alloc(CACHE_LINE, dataflow->node_count * sizeof *floor->nodes);
    floor->inputs = calloc(dataflow->input_count, sizeof *floor->inputs);
    floor->many = calloc(dataflow->node_count, sizeof *floor->many);
    if (floor->nodes == NULL || floor->inputs == NULL || floor->many == NULL) {
        hm_floor_destroy(floor);
        return NULL;
    }
    for (uint32_t i = 0; i < dataflow->input_count; i++) {
        floor->inputs[i] = i + 1;
    }
    hm_floor_wire(floor, dataflow);
    return floor;
}

void hm_floor_destroy(hm_floor *floor) {
    if (floor == NULL) {
        return;
    }
    free(floor->nodes);
    free(floor->inputs);
    free(floor->many);
    free(floor);
}

void hm_floor_run(hm_floor *floor) {
    hm_floor_node *end = floor->nodes + floor->node_count;
    for (hm_floor_node *node = floor->nodes; node < end; node++) {
        node->call(node);
    }
}
