// tags.c — see tags.h. Of a key that is given more than once any value will do.

#include "cli/tags.h"

#include <string.h>

#include "base/error.h"
#include "base/names.h"
#include "cli/arguments.h"
#include "cli/binding.h"
#include "cli/command.h"

typedef struct hm_tags_asked {
    hm_tag_query *queries;
    hm_value **values; // of each query
    size_t count;
    size_t given_count; // of the option
} hm_tags_asked;

// The number of the query for a key, which is added if it is new; `count` if memory
// ran out.
static size_t find_query(hm_session *session, hm_tags_asked *asked, const char *key) {
    for (size_t i = 0; i < asked->count; i++) {
        if (strcmp(asked->queries[i].key, key) == 0) {
            return i;
        }
    }
    hm_value *values =
            hm_arena_array(&session->arena, asked->given_count, sizeof *values);
    if (values == NULL) {
        return asked->count;
    }
    asked->values[asked->count] = values;
    asked->queries[asked->count] = (hm_tag_query){.key = key, .values = values};
    return asked->count++;
}

static hm_status ask(hm_session *session, hm_tags_asked *asked, const hm_given *given) {
    const char *equals = strchr(given->value, '=');
    size_t length =
            equals != NULL ? (size_t)(equals - given->value) : strlen(given->value);
    if (length == 0) {
        return hm_session_fail(session, HM_BAD_ARGUMENT, "write --tag KEY[=VALUE]",
                "--tag `%s` has no key", given->value);
    }
    const char *key = hm_arena_slice(&session->arena, given->value, length);
    size_t number = key != NULL ? find_query(session, asked, key) : asked->count;
    if (number == asked->count) {
        return hm_session_no_memory(session);
    }
    if (equals == NULL) {
        return HM_OK;
    }
    const char *json;
    HM_TRY(hm_binding_json(session, key, equals + 1, &json));
    hm_tag_query *query = &asked->queries[number];
    asked->values[number][query->value_count++] = hm_value_json(json);
    return HM_OK;
}

static hm_status check_key(
        hm_session *session, const hm_graph *graph, const char *key) {
    const char *nearest = NULL;
    size_t distance = hm_names_tolerance(key) + 1;
    for (uint32_t id = 0; id < hm_graph_node_count(graph); id++) {
        hm_node node = hm_graph_describe(graph, id);
        for (uint32_t t = 0; t < node.tag_count; t++) {
            size_t found = hm_names_distance(key, node.tags[t].key, distance);
            if (found == 0) {
                return HM_OK;
            }
            if (found < distance) {
                distance = found;
                nearest = node.tags[t].key;
            }
        }
    }
    return hm_session_fail(session, HM_UNKNOWN_NAME,
            nearest != NULL ? hm_session_text(session, "did you mean `%s`?", nearest)
                            : "`hamilton list` shows all tags",
            "no node has a tag `%s`", key);
}

hm_status hm_tags_read(
        hm_session *session, const hm_graph *graph, const bool **tagged) {
    *tagged = NULL;
    size_t at = 0;
    hm_tags_asked asked = {0};
    while (hm_arguments_next(session, "tag", &at) != NULL) {
        asked.given_count++;
    }
    if (asked.given_count == 0) {
        return HM_OK;
    }
    bool *marks =
            hm_arena_array(&session->arena, hm_graph_node_count(graph), sizeof *marks);
    asked.queries =
            hm_arena_array(&session->arena, asked.given_count, sizeof *asked.queries);
    asked.values =
            hm_arena_array(&session->arena, asked.given_count, sizeof *asked.values);
    if (marks == NULL || asked.queries == NULL || asked.values == NULL) {
        return hm_session_no_memory(session);
    }
    const hm_given *given;
    at = 0;
    while ((given = hm_arguments_next(session, "tag", &at)) != NULL) {
        HM_TRY(ask(session, &asked, given));
    }
    for (size_t i = 0; i < asked.count; i++) {
        HM_TRY(check_key(session, graph, asked.queries[i].key));
    }
    hm_error error;
    hm_status status =
            hm_graph_find_tagged(graph, asked.queries, asked.count, marks, &error);
    if (status != HM_OK) {
        return hm_session_fail(session, status, NULL, "--tag: %s", error.message);
    }
    *tagged = marks;
    return HM_OK;
}
