// peer_libuv.c — each node is a request of libuv's pool. Only the loop's thread may
// queue work, so a node goes back to it before those that waited for the node can
// start.

#include <stdlib.h>
#include <uv.h>

#include "bench/peer.h"

struct request {
    uv_work_t work;
    struct graph *graph;
    hm_floor_node *node;
    uint32_t dependency_count;
    uint32_t open;        // dependencies that have not run
    uint32_t *successors; // in the graph's array
    uint32_t successor_count;
};

struct graph {
    uv_loop_t loop;
    uint32_t count;
    struct request *requests;
    uint32_t *successors;
    bool has_failed;
};

// The node that makes what a source points at, or the count if it is an input.
static uint32_t maker(const hm_floor *floor, const double *source) {
    uintptr_t first = (uintptr_t)floor->nodes;
    uintptr_t place = (uintptr_t)source;
    bool is_node =
            place >= first && place < (uintptr_t)(floor->nodes + floor->node_count);
    return is_node ? (uint32_t)((place - first) / sizeof *floor->nodes)
                   : floor->node_count;
}

static uint32_t count_edges(struct graph *graph, const hm_floor *floor) {
    uint32_t edge_count = 0;
    for (uint32_t n = 0; n < graph->count; n++) {
        const hm_floor_node *node = &floor->nodes[n];
        const double *const *sources = hm_floor_sources(node);
        for (uint32_t i = 0; i < node->source_count; i++) {
            uint32_t from = maker(floor, sources[i]);
            if (from < graph->count) {
                graph->requests[n].dependency_count++;
                graph->requests[from].successor_count++;
                edge_count++;
            }
        }
    }
    return edge_count;
}

static void put_edges(struct graph *graph, const hm_floor *floor) {
    uint32_t *next = graph->successors;
    for (uint32_t n = 0; n < graph->count; n++) {
        graph->requests[n].successors = next;
        next += graph->requests[n].successor_count;
        graph->requests[n].successor_count = 0;
    }
    for (uint32_t n = 0; n < graph->count; n++) {
        const hm_floor_node *node = &floor->nodes[n];
        const double *const *sources = hm_floor_sources(node);
        for (uint32_t i = 0; i < node->source_count; i++) {
            uint32_t from = maker(floor, sources[i]);
            if (from < graph->count) {
                struct request *before = &graph->requests[from];
                before->successors[before->successor_count++] = n;
            }
        }
    }
}

static void destroy(void *subject) {
    struct graph *graph = subject;
    if (graph == NULL) {
        return;
    }
    uv_loop_close(&graph->loop);
    free(graph->requests);
    free(graph->successors);
    free(graph);
}

static void *create(hm_floor *floor) {
    struct graph *made = calloc(1, sizeof *made);
    if (made == NULL || uv_loop_init(&made->loop) != 0) {
        free(made);
        return NULL;
    }
    made->count = floor->node_count;
    made->requests = calloc(made->count, sizeof *made->requests);
    uint32_t edge_count = made->requests != NULL ? count_edges(made, floor) : 0;
    made->successors = calloc(edge_count + 1, sizeof *made->successors);
    if (made->requests == NULL || made->successors == NULL) {
        destroy(made);
        return NULL;
    }
    put_edges(made, floor);
    for (uint32_t n = 0; n < made->count; n++) {
        struct request *request = &made->requests[n];
        request->graph = made;
        request->node = &floor->nodes[n];
        request->work.data = request;
        request->open = request->dependency_count;
    }
    return made;
}

static void run_node(uv_work_t *work) {
    struct request *request = work->data;
    request->node->call(request->node);
}

static void start(struct request *request);

static void start_successors(uv_work_t *work, int status) {
    struct request *done = work->data;
    done->graph->has_failed |= status != 0;
    for (uint32_t i = 0; i < done->successor_count; i++) {
        struct request *successor = &done->graph->requests[done->successors[i]];
        if (--successor->open == 0) {
            successor->open = successor->dependency_count;
            start(successor);
        }
    }
}

static void start(struct request *request) {
    int status = uv_queue_work(
            &request->graph->loop, &request->work, run_node, start_successors);
    request->graph->has_failed |= status != 0;
}

static bool run(void *subject) {
    struct graph *graph = subject;
    for (uint32_t n = 0; n < graph->count; n++) {
        if (graph->requests[n].dependency_count == 0) {
            start(&graph->requests[n]);
        }
    }
    uv_run(&graph->loop, UV_RUN_DEFAULT);
    return !graph->has_failed;
}

const hm_peer hm_peer_libuv = {
        .name = "libuv", .create = create, .run = run, .destroy = destroy};
