// question.c — see question.h.

#include "cli/question.h"

#include <string.h>

#include "base/error.h"
#include "cli/arguments.h"
#include "cli/command.h"

static bool has_word(const hm_words *words, const char *word) {
    for (size_t i = 0; i < words->count; i++) {
        if (strcmp(words->items[i], word) == 0) {
            return true;
        }
    }
    return false;
}

hm_status hm_question_names(hm_session *session, const char *option, hm_words *names) {
    size_t at = 0;
    const hm_given *given;
    while ((given = hm_arguments_next(session, option, &at)) != NULL) {
        const char *rest = given->value;
        bool is_last = false;
        while (!is_last) {
            size_t length = strcspn(rest, ",");
            const char *name = hm_arena_slice(&session->arena, rest, length);
            if (length == 0) {
                return hm_session_fail(session, HM_BAD_ARGUMENT,
                        "write NAME[,NAME...], without spaces",
                        "--%s `%s` has an empty name", option, given->value);
            }
            if (name == NULL || !has_word(names, name)) {
                HM_TRY(hm_words_add(session, names, name));
            }
            is_last = rest[length] == '\0';
            rest += length + 1;
        }
    }
    return HM_OK;
}

// Every node that no other reads. Those that stand beside what is meant are not asked.
static hm_status want_ends(
        hm_session *session, const hm_graph *graph, hm_words *wanted) {
    uint32_t count = hm_graph_node_count(graph);
    bool *is_read = hm_arena_array(&session->arena, count, sizeof *is_read);
    if (is_read == NULL) {
        return hm_session_no_memory(session);
    }
    for (uint32_t id = 0; id < count; id++) {
        hm_node node = hm_graph_describe(graph, id);
        for (uint32_t d = 0; d < node.dependency_count && !node.is_aside; d++) {
            if (node.dependencies[d] != HM_NONE) {
                is_read[node.dependencies[d]] = true;
            }
        }
    }
    for (uint32_t id = 0; id < count; id++) {
        hm_node node = hm_graph_describe(graph, id);
        if (!node.is_input && !node.is_aside && !is_read[id]) {
            HM_TRY(hm_words_add(session, wanted, node.name));
        }
    }
    return HM_OK;
}

void hm_question_needed(
        const hm_graph *graph, const hm_request *request, bool *needed) {
    uint32_t count = hm_graph_node_count(graph);
    memset(needed, 0, count * sizeof *needed);
    for (size_t i = 0; i < request->wanted_count; i++) {
        uint32_t id = hm_graph_find(graph, request->wanted[i]);
        if (id != HM_NONE) {
            needed[id] = true;
        }
    }

    // Readers have greater numbers than what they read, so one pass down is enough.
    for (uint32_t id = count; id-- > 0;) {
        hm_node node = hm_graph_describe(graph, id);
        bool is_overridden = false;
        for (size_t i = 0; needed[id] && i < request->override_count; i++) {
            is_overridden |= strcmp(request->overrides[i].name, node.name) == 0;
        }
        for (uint32_t d = 0; needed[id] && !is_overridden && d < node.dependency_count;
                d++) {
            if (node.dependencies[d] != HM_NONE) {
                needed[node.dependencies[d]] = true;
            }
        }
    }
}

// The inputs that a data file could give.
static size_t list_columns(const hm_graph *graph, const hm_question *question,
        const bool *needed, hm_column *columns) {
    size_t column_count = 0;
    for (uint32_t id = 0; id < hm_graph_node_count(graph); id++) {
        hm_node node = hm_graph_describe(graph, id);
        if (node.is_input && !node.is_config && needed[id] && node.type->size > 0 &&
                hm_bindings_find(&question->inputs, node.name) == NULL) {
            columns[column_count++] = (hm_column){node.name, node.type};
        }
    }
    return column_count;
}

static bool is_among(const hm_column *columns, size_t count, const char *name) {
    for (size_t i = 0; i < count; i++) {
        if (strcmp(columns[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

static hm_status pass_over_others(hm_session *session, hm_question *question,
        const hm_data *data, const hm_column *columns, size_t column_count) {
    for (size_t i = 0; i < hm_data_name_count(data); i++) {
        const char *name = hm_data_name(data, i);
        if (!is_among(columns, column_count, name)) {
            HM_TRY(hm_words_add(session, &question->unread, name));
        }
    }
    return HM_OK;
}

static hm_status read_one(hm_session *session, hm_question *question,
        const char *source, const hm_column *columns, size_t column_count,
        hm_bindings *found) {
    hm_data *data = &question->data[question->data_count];
    HM_TRY(hm_data_read(session, source, columns, column_count, data));
    question->data_count++;
    HM_TRY(pass_over_others(session, question, data, columns, column_count));
    for (size_t i = 0; i < column_count; i++) {
        const hm_value *value = hm_data_find(data, columns[i].name);
        if (value == NULL) {
            continue;
        }
        hm_value borrowed = *value;
        borrowed.release = NULL;
        hm_binding *earlier = hm_bindings_find(found, columns[i].name);
        if (earlier != NULL) { // in a file before
            earlier->value = borrowed;
        } else {
            HM_TRY(hm_bindings_add(session, found, columns[i].name, borrowed));
        }
    }
    return HM_OK;
}

static hm_status read_data(
        hm_session *session, const hm_graph *graph, hm_question *question) {
    HM_TRY(hm_data_check_sources(session));
    if (hm_arguments_value(session, "data") == NULL) {
        return HM_OK;
    }
    uint32_t count = hm_graph_node_count(graph);
    bool *needed = hm_arena_array(&session->arena, count, sizeof *needed);
    hm_column *columns = hm_arena_array(&session->arena, count, sizeof *columns);
    question->data = hm_arena_array(
            &session->arena, session->given_count, sizeof *question->data);
    if (needed == NULL || columns == NULL || question->data == NULL) {
        return hm_session_no_memory(session);
    }
    hm_question_needed(graph, &question->request, needed);
    size_t column_count = list_columns(graph, question, needed, columns);
    hm_bindings found = {0};
    hm_status first = HM_OK;
    size_t at = 0;
    const hm_given *given;
    while ((given = hm_arguments_next(session, "data", &at)) != NULL) {
        hm_status status = read_one(
                session, question, given->value, columns, column_count, &found);
        first = first == HM_OK ? status : first;
    }
    for (size_t i = 0; i < found.count; i++) {
        HM_TRY(hm_bindings_add(
                session, &question->inputs, found.items[i].name, found.items[i].value));
    }
    return first;
}

hm_status hm_question_init(
        hm_session *session, const hm_graph *graph, hm_question *question) {
    *question = (hm_question){.request = HM_REQUEST_INIT};
    hm_request *request = &question->request;
    hm_status named = hm_question_names(session, "output", &question->wanted);
    hm_status given = hm_bindings_read(session, "input", &question->inputs);
    hm_status replaced = hm_bindings_read(session, "override", &question->overrides);
    HM_TRY(named);
    HM_TRY(given);
    HM_TRY(replaced);
    if (question->wanted.count == 0) {
        HM_TRY(want_ends(session, graph, &question->wanted));
    }
    request->wanted = question->wanted.items;
    request->wanted_count = question->wanted.count;
    request->overrides = question->overrides.items;
    request->override_count = question->overrides.count;
    HM_TRY(read_data(session, graph, question));
    request->inputs = question->inputs.items;
    request->input_count = question->inputs.count;
    request->keep_going = hm_arguments_value(session, "keep-going") != NULL;
    request->rows_may_fail = hm_arguments_value(session, "rows-may-fail") != NULL;
    request->diagnostics = session->faults.list;
    return HM_OK;
}

void hm_question_finish(hm_question *question) {
    for (size_t i = 0; i < question->data_count; i++) {
        hm_data_finish(&question->data[i]);
    }
    question->data_count = 0;
}
