// peer_openmp.c — one thread makes a task of each node, in order; the dependences are
// the places that it reads and writes.

#include "bench/peer.h"

static void *create(hm_floor *floor) {
    return floor;
}

static bool run(void *subject) {
    hm_floor *floor = subject;
#pragma omp parallel num_threads(HM_PEER_THREADS)
#pragma omp single
    for (uint32_t n = 0; n < floor->node_count; n++) {
        hm_floor_node *node = &floor->nodes[n];
        const double *const *sources = hm_floor_sources(node);
// clang-format off
#pragma omp task firstprivate(node) depend(out : node->out) \
        depend(iterator(uint32_t i = 0 : node->source_count), in : *sources[i])
        // clang-format on
        node->call(node);
    }
    return true;
}

static void destroy(void *subject) {
    (void)subject;
}

const hm_peer hm_peer_openmp = {
        .name = "openmp", .create = create, .run = run, .destroy = destroy};
