// floor.h — what a program without an engine would do: a loop over function pointers,
// the nodes in topological order, each in a line of the cache of its own.

#ifndef HM_BENCH_FLOOR_H
#define HM_BENCH_FLOOR_H

#include <stdint.h>

#include "bench/dataflow.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct hm_floor_node {
    void (*call)(struct hm_floor_node *node);
    const double *sources[HM_SOURCE_LIMIT];
    double out;
    const double **many; // in place of sources, if there are more
    uint32_t source_count;
    uint32_t work;
    char unused[64 - (HM_SOURCE_LIMIT + 2) * sizeof(void *) - sizeof(double) -
                2 * sizeof(uint32_t)];
} hm_floor_node;

typedef struct hm_floor {
    uint32_t node_count;
    hm_floor_node *nodes;
    double *inputs;
    const double **many; // of the one node that reads more than HM_SOURCE_LIMIT
} hm_floor;

// NULL if memory ran out. Inputs are i + 1, as in the dataflow.
hm_floor *hm_floor_create(const hm_dataflow *dataflow);

// Accepts NULL.
void hm_floor_destroy(hm_floor *floor);

void hm_floor_run(hm_floor *floor);

// Where a node finds what it reads.
const double *const *hm_floor_sources(const hm_floor_node *node);

// Writes the nodes anew: what compiling is for us. The dataflow is the one of create.
void hm_floor_wire(hm_floor *floor, const hm_dataflow *dataflow);

#ifdef __cplusplus
}
#endif

#endif
