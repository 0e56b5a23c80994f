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

void hm_floor_wire(hm_floor *floor, const hm_dataflow *dataflow) {
    static void (*const calls[])(hm_floor_node *) = {
            NULL, call_one, call_two, call_three};
    for (uint32_t n = 0; n < floor->node_count; n++) {
        const hm_sources *sources = &dataflow->sources[n];
        hm_floor_node *node = &floor->nodes[n];
        node->call = calls[sources->count];
        for (uint32_t i = 0; i < sources->count; i++) {
            uint32_t source = sources->of[i];
            node->sources[i] =
                    source < dataflow->input_count
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
    if (floor->nodes == NULL || floor->inputs == NULL) {
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
    free(floor);
}

void hm_floor_run(hm_floor *floor) {
    hm_floor_node *end = floor->nodes + floor->node_count;
    for (hm_floor_node *node = floor->nodes; node < end; node++) {
        node->call(node);
    }
}
