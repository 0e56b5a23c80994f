// reach.c — upstream and downstream. Numbers are in topological order, so one pass over
// the calls is enough: backwards it hands marks on from what a call makes to what it
// reads, forwards the other way round.

#include <hamilton/graph.h>

#include "base/allocator.h"
#include "graph/graph.h"

static bool makes_reached(
        const hm_graph *graph, const hm_graph_call *call, const bool *reached) {
    for (size_t i = 0; i < call->function->output_count; i++) {
        uint32_t node = graph->results[call->first_result + i];
        if (node != HM_NONE && reached[node]) {
            return true;
        }
    }
    return false;
}

static bool reads_reached(
        const hm_graph *graph, const hm_graph_call *call, const bool *reached) {
    for (size_t i = 0; i < call->function->parameter_count; i++) {
        uint32_t node = graph->arguments[call->first_argument + i];
        if (node != HM_NONE && reached[node]) {
            return true;
        }
    }
    return false;
}

static void go_upstream(const hm_graph *graph, bool *reached) {
    for (uint32_t i = graph->call_count; i-- > 0;) {
        const hm_graph_call *call = &graph->calls[i];
        if (makes_reached(graph, call, reached)) {
            for (size_t p = 0; p < call->function->parameter_count; p++) {
                uint32_t node = graph->arguments[call->first_argument + p];
                if (node != HM_NONE) {
                    reached[node] = true;
                }
            }
        }
    }
}

static void go_downstream(const hm_graph *graph, bool *reached) {
    for (uint32_t i = 0; i < graph->call_count; i++) {
        const hm_graph_call *call = &graph->calls[i];
        if (!reads_reached(graph, call, reached)) {
            continue;
        }
        for (size_t o = 0; o < call->function->output_count; o++) {
            uint32_t node = graph->results[call->first_result + o];
            if (node != HM_NONE) {
                reached[node] = true;
            }
        }
    }
}

hm_status hm_graph_reach(const hm_graph *graph, const uint32_t *ids, size_t id_count,
        hm_direction direction, bool *reached) {
    // The caller's marks are not to be mistaken for ours.
    size_t size = graph->node_count;
    bool *marks = hm_allocate_array(graph->allocator, size, sizeof *marks);
    if (marks == NULL) {
        return HM_NO_MEMORY;
    }
    for (size_t i = 0; i < id_count; i++) {
        if (ids[i] >= graph->node_count) {
            hm_deallocate_array(graph->allocator, marks, size, sizeof *marks);
            return HM_BAD_ARGUMENT;
        }
        marks[ids[i]] = true;
    }
    if (direction == HM_UPSTREAM) {
        go_upstream(graph, marks);
    } else {
        go_downstream(graph, marks);
    }
    for (uint32_t id = 0; id < graph->node_count; id++) {
        reached[id] |= marks[id];
    }
    hm_deallocate_array(graph->allocator, marks, size, sizeof *marks);
    return HM_OK;
}
