// query.c — the public view of a graph.

#include <stdio.h>
#include <string.h>

#include <hamilton/graph.h>

#include "graph/graph.h"
#include "graph/nearest.h"

uint32_t hm_graph_node_count(const hm_graph *graph) {
    return graph->node_count;
}

hm_node hm_graph_describe(const hm_graph *graph, uint32_t id) {
    const hm_graph_node *node = &graph->nodes[id];
    bool is_input = node->call == HM_NONE;
    hm_node seen = {
            .name = node->name,
            .type = node->type,
            .is_input = is_input,
            .is_array = node->is_array,
            .is_optional = node->is_optional,
            .is_aside = node->is_aside,
            .is_config = node->config != HM_NONE,
            .module = graph->modules[node->module],
            .function = is_input ? NULL : node->function,
            .parameter = node->parameter,
            .line = node->function->line,
            .tags = node->tags,
            .tag_count = node->tag_count,
            .declared = node->declared,
            .made_by = node->made_by,
            .dimension = node->dimension,
    };
    if (!is_input) {
        seen.dependencies = &graph->arguments[graph->calls[node->call].first_argument];
        seen.dependency_count = (uint32_t)node->function->parameter_count;
    }
    return seen;
}

uint32_t hm_graph_find(const hm_graph *graph, const char *name) {
    return hm_names_find(&graph->names, name); // HM_NAMES_ABSENT is HM_NONE
}

const char *hm_graph_call_name(const hm_graph *graph, uint32_t call) {
    const uint32_t *results = &graph->results[graph->calls[call].first_result];
    size_t first = 0;
    while (results[first] == HM_NONE) { // what is called makes something
        first++;
    }
    return graph->nodes[results[first]].name;
}

uint32_t hm_graph_final(const hm_graph *graph, uint32_t node) {
    char stem[256];
    size_t length = strlen(graph->nodes[node].name);
    size_t suffix = strlen("_raw"); // or ".raw"
    if (length <= suffix || length - suffix >= sizeof stem ||
            strcmp(graph->nodes[node].name + length - suffix + 1, "raw") != 0) {
        return node;
    }
    snprintf(
            stem, sizeof stem, "%.*s", (int)(length - suffix), graph->nodes[node].name);
    uint32_t found = hm_graph_find(graph, stem);
    bool is_of_it = found != HM_NONE &&
                    graph->nodes[found].declared == graph->nodes[node].declared;
    return is_of_it ? found : node;
}

const char *hm_graph_absent(const hm_graph *graph, const char *name) {
    uint32_t index = hm_names_find(&graph->absent_names, name);
    return index != HM_NAMES_ABSENT ? graph->absent[index] : NULL;
}

const char *hm_graph_nearest(const hm_graph *graph, const char *name) {
    hm_nearest nearest;
    hm_nearest_init(&nearest, name);
    for (uint32_t id = 0; id < graph->node_count; id++) {
        hm_nearest_offer(&nearest, graph->nodes[id].name);
    }
    return nearest.name;
}
