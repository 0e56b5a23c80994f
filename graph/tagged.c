// tagged.c — which nodes have the tags that somebody asks for.

#include <string.h>

#include <hamilton/graph.h>

#include "base/arena.h"
#include "base/error.h"
#include "graph/graph.h"
#include "graph/scalar.h"

// A query whose values are read.
typedef struct hm_tag_question {
    const char *key;
    const hm_scalar *values;
    size_t value_count;
} hm_tag_question;

static hm_status read_values(const hm_tag_query *query, hm_arena *arena,
        hm_tag_question *question, hm_error *error) {
    if (query->key == NULL || query->key[0] == '\0') {
        return hm_error_set(error, HM_BAD_ARGUMENT, "a query of tags has no key");
    }
    hm_scalar *values = hm_arena_array(arena, query->value_count, sizeof *values);
    if (values == NULL) {
        return hm_error_no_memory(error);
    }
    *question = (hm_tag_question){query->key, values, query->value_count};
    for (size_t i = 0; i < query->value_count; i++) {
        hm_scalar_kind kind = HM_SCALAR_NONE;
        if (query->values[i].type != NULL) {
            HM_TRY(hm_scalar_read(&query->values[i], arena, &values[i], error));
            kind = values[i].kind;
        }
        if (kind == HM_SCALAR_NONE) {
            return hm_error_set(error, HM_BAD_ARGUMENT,
                    "a value of the tag `%s` is one text, number or bool; what is "
                    "asked for is none of these",
                    query->key);
        }
    }
    return HM_OK;
}

static bool has_value(const hm_tag *tag, const hm_tag_question *question) {
    for (size_t q = 0; q < question->value_count; q++) {
        for (size_t v = 0; v < tag->value_count; v++) {
            if (hm_scalar_equals(&question->values[q], &tag->values[v])) {
                return true;
            }
        }
    }
    return question->value_count == 0;
}

static bool holds(const hm_graph_node *node, const hm_tag_question *question) {
    for (uint32_t t = 0; t < node->tag_count; t++) {
        if (strcmp(node->tags[t].key, question->key) == 0) {
            return has_value(&node->tags[t], question);
        }
    }
    return false;
}

static hm_status mark(const hm_graph *graph, const hm_tag_query *queries,
        size_t query_count, hm_arena *arena, bool *tagged, hm_error *error) {
    hm_tag_question *questions = hm_arena_array(arena, query_count, sizeof *questions);
    if (questions == NULL) {
        return hm_error_no_memory(error);
    }
    for (size_t q = 0; q < query_count; q++) {
        HM_TRY(read_values(&queries[q], arena, &questions[q], error));
    }
    for (uint32_t id = 0; id < graph->node_count; id++) {
        bool all = true;
        for (size_t q = 0; q < query_count && all; q++) {
            all = holds(&graph->nodes[id], &questions[q]);
        }
        tagged[id] |= all;
    }
    return HM_OK;
}

hm_status hm_graph_find_tagged(const hm_graph *graph, const hm_tag_query *queries,
        size_t query_count, bool *tagged, hm_error *error) {
    hm_arena arena;
    hm_arena_init(&arena, graph->allocator);
    hm_status status = mark(graph, queries, query_count, &arena, tagged, error);
    hm_arena_finish(&arena);
    return status;
}
