// floor.h — what a program without an engine would do: a loop over function pointers,
// the nodes in topological order, each in a line of the cache of its own.

#ifndef HM_BENCH_FLOOR_H
#define HM_BENCH_FLOOR_H

#include <stdint.h>

#include "bench/dataflow.h"

typedef struct hm_floor_node {
    void (*call)(struct hm_floor_node *node);
    const double *sources[HM_SOURCE_LIMIT];
    double out;
    char unused[64 - sizeof(void *) - HM_SOURCE_LIMIT * sizeof(double *) -
                sizeof(double)];
} hm_floor_node;

typedef struct hm_floor {
    uint32_t node_count;
    hm_floor_node *nodes;
    double *inputs;
} hm_floor;

// NULL if memory ran out. Inputs are i + 1, as in the dataflow.
hm_floor *hm_floor_create(const hm_dataflow *dataflow);

// Accepts NULL.
void hm_floor_destroy(hm_floor *floor);

void hm_floor_run(hm_floor *floor);

// Writes the nodes anew: what compiling is for us. The dataflow is the one of create.
void hm_floor_wire(hm_floor *floor, const hm_dataflow *dataflow);

#endif
