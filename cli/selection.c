// selection.c — see selection.h.

#include "cli/selection.h"

#include "base/error.h"
#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/question.h"

hm_status hm_selection_find(
        hm_session *session, const hm_graph *graph, const char *name, uint32_t *id) {
    uint32_t found = hm_graph_find(graph, name);
    if (found != HM_NONE) {
        *id = found;
        return HM_OK;
    }
    const char *absent = hm_graph_absent(graph, name);
    const char *nearest = hm_graph_nearest(graph, name);
    return hm_session_fail(session, HM_UNKNOWN_NAME,
            absent != NULL    ? absent
            : nearest != NULL ? hm_session_text(session, "did you mean `%s`?", nearest)
                              : "`hamilton list` shows all names",
            "there is no node or input `%s`", name);
}

static bool *make_marks(hm_session *session, const hm_graph *graph) {
    return hm_arena_array(&session->arena, hm_graph_node_count(graph), sizeof(bool));
}

// Marks what is reached from the names after an option.
static hm_status reach(hm_session *session, const hm_graph *graph, const char *option,
        hm_direction direction, bool *marks) {
    hm_words names = {0};
    HM_TRY(hm_question_names(session, option, &names));
    uint32_t *ids = hm_arena_array(&session->arena, names.count, sizeof *ids);
    if (ids == NULL) {
        return hm_session_no_memory(session);
    }
    hm_status first = HM_OK;
    for (size_t i = 0; i < names.count; i++) {
        hm_status status = hm_selection_find(session, graph, names.items[i], &ids[i]);
        first = first == HM_OK ? status : first;
    }
    HM_TRY(first);
    hm_status status = hm_graph_reach(graph, ids, names.count, direction, marks);
    return status == HM_NO_MEMORY ? hm_session_no_memory(session) : status;
}

// Marks what is downstream of one end and upstream of the other.
static hm_status reach_between(hm_session *session, const hm_graph *graph,
        const hm_given *given, bool *marks) {
    uint32_t from = HM_NONE;
    uint32_t to = HM_NONE;
    hm_status from_status = hm_selection_find(session, graph, given->value, &from);
    HM_TRY(hm_selection_find(session, graph, given->second, &to));
    HM_TRY(from_status);
    bool *below = make_marks(session, graph);
    bool *above = make_marks(session, graph);
    if (below == NULL || above == NULL) {
        return hm_session_no_memory(session);
    }
    if (hm_graph_reach(graph, &from, 1, HM_DOWNSTREAM, below) != HM_OK ||
            hm_graph_reach(graph, &to, 1, HM_UPSTREAM, above) != HM_OK) {
        return hm_session_no_memory(session);
    }
    for (uint32_t id = 0; id < hm_graph_node_count(graph); id++) {
        marks[id] |= below[id] && above[id];
    }
    return HM_OK;
}

hm_status hm_selection_read(
        hm_session *session, const hm_graph *graph, const bool **selected) {
    *selected = NULL;
    bool *marks = make_marks(session, graph);
    if (marks == NULL) {
        return hm_session_no_memory(session);
    }
    HM_TRY(reach(session, graph, "upstream", HM_UPSTREAM, marks));
    HM_TRY(reach(session, graph, "downstream", HM_DOWNSTREAM, marks));
    size_t at = 0;
    const hm_given *given;
    bool any = hm_arguments_value(session, "upstream") != NULL ||
               hm_arguments_value(session, "downstream") != NULL;
    while ((given = hm_arguments_next(session, "between", &at)) != NULL) {
        HM_TRY(reach_between(session, graph, given, marks));
        any = true;
    }
    *selected = any ? marks : NULL;
    return HM_OK;
}
