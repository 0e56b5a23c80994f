// which.c — see which.h.

#include "adapters/rule/which.h"

#include <string.h>

#include "base/error.h"

bool hm_which_copy(hm_which *which, hm_arena *arena) {
    const hm_which given = *which;
    which->node = given.node != NULL ? hm_arena_text(arena, given.node) : NULL;
    which->tag = given.tag != NULL ? hm_arena_text(arena, given.tag) : NULL;
    return (which->node != NULL) == (given.node != NULL) &&
           (which->tag != NULL) == (given.tag != NULL);
}

static bool is_tagged(const hm_node *node, const char *key) {
    for (uint32_t t = 0; t < node->tag_count; t++) {
        if (strcmp(node->tags[t].key, key) == 0) {
            return true;
        }
    }
    return false;
}

static bool has_tag(const hm_graph *graph, const char *key) {
    for (uint32_t id = 0; id < hm_graph_node_count(graph); id++) {
        hm_node node = hm_graph_describe(graph, id);
        if (is_tagged(&node, key)) {
            return true;
        }
    }
    return false;
}

hm_status hm_which_check(const hm_which *which, const hm_graph *graph, const char *what,
        hm_error *error) {
    if (which->node != NULL && hm_graph_find(graph, which->node) == HM_NONE) {
        const char *near = hm_graph_nearest(graph, which->node);
        return hm_error_set(error, HM_UNKNOWN_NAME,
                "%s names `%s`, which is no node%s%s%s", what, which->node,
                near != NULL ? "; did you mean `" : "", near != NULL ? near : "",
                near != NULL ? "`?" : "");
    }
    if (which->tag != NULL && !has_tag(graph, which->tag)) {
        return hm_error_set(error, HM_UNKNOWN_NAME,
                "%s names the tag `%s`, which no node has", what, which->tag);
    }
    return HM_OK;
}

hm_status hm_which_check_computed(const hm_which *which, const hm_graph *graph,
        const char *what, hm_error *error) {
    HM_TRY(hm_which_check(which, graph, what, error));
    uint32_t node = which->node != NULL ? hm_graph_find(graph, which->node) : HM_NONE;
    if (node != HM_NONE && hm_graph_describe(graph, node).is_input) {
        return hm_error_set(error, HM_BAD_ARGUMENT,
                "%s names `%s`, which is an input, and no function makes it; name a "
                "node that reads it",
                what, which->node);
    }
    return HM_OK;
}

bool hm_which_has(const hm_which *which, const hm_graph *graph, uint32_t node) {
    if (which->node != NULL) {
        return node != HM_NONE && hm_graph_find(graph, which->node) == node;
    }
    if (which->tag != NULL) {
        hm_node described =
                node != HM_NONE ? hm_graph_describe(graph, node) : (hm_node){0};
        return is_tagged(&described, which->tag);
    }
    return true;
}

bool hm_which_fits(
        const hm_which *which, const hm_graph *graph, const hm_planned_node *node) {
    if (which->tag != NULL && which->node == NULL) {
        return hm_planned_tag(node, which->tag) != NULL;
    }
    bool fits = which->node == NULL;
    for (size_t o = 0; o < node->function->output_count && !fits; o++) {
        fits = hm_which_has(which, graph, node->results[o]);
    }
    return fits;
}
