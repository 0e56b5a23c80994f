// report.c — see report.h.

#include "cli/report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/names.h"
#include "base/text.h"
#include "cli/terminal.h"

static void append_label(
        hm_text *text, const hm_terminal *terminal, hm_severity severity) {
    bool is_error = severity == HM_SEVERITY_ERROR;
    hm_text_format(text, "%s%s:%s ",
            !terminal->has_colour ? ""
            : is_error            ? "\033[1;31m"
                                  : "\033[1;33m",
            is_error ? "error" : "warning", terminal->has_colour ? "\033[0m" : "");
}

// One line: where, what is wrong, and the mend.
static void append_fault(
        hm_text *text, const hm_terminal *terminal, const hm_diagnostic *fault) {
    append_label(text, terminal, fault->severity);
    if (fault->file != NULL) {
        hm_text_append(text, fault->file);
        if (fault->line > 0) {
            hm_text_format(text, ":%u", (unsigned)fault->line);
        }
        hm_text_append(text, ": ");
    }
    hm_text_append(text, fault->message);
    if (fault->mend != NULL) {
        hm_text_format(text, "; %s", fault->mend);
    }
    hm_text_append(text, "\n");
}

// Whether the function must have the node's value: it takes it, and has no default.
static bool must_have(const hm_node *reader, uint32_t id) {
    for (uint32_t d = 0; d < reader->dependency_count; d++) {
        if (reader->dependencies[d] == id &&
                reader->function->parameters[d].default_value == NULL) {
            return true;
        }
    }
    return false;
}

// "needed by a (m.c:5), b (m.c:12) and 2 more": of several outputs of one function,
// which are neighbours, the first.
static void append_readers(
        hm_text *text, const hm_graph *graph, const bool *needed, uint32_t id) {
    enum { NAMED = 2 };
    const hm_function *last = NULL;
    size_t count = 0;
    for (uint32_t r = id + 1; r < hm_graph_node_count(graph); r++) {
        hm_node reader = hm_graph_describe(graph, r);
        if (!needed[r] || reader.function == last || !must_have(&reader, id)) {
            continue;
        }
        last = reader.function;
        if (count++ < NAMED) {
            hm_text_format(text, "%s%s (%s:%u)", count == 1 ? "needed by " : ", ",
                    reader.name, last->file, (unsigned)last->line);
        }
    }
    if (count > NAMED) {
        hm_text_format(text, " and %zu more", count - NAMED);
    }
    hm_text_append(text, count == 0 ? "wanted itself" : "");
}

// "; spend.csv has `Spend`": the column whose name is nearest to that of an input.
static void append_column(
        hm_text *text, const hm_question *question, const char *name) {
    size_t nearest = hm_names_tolerance(name) + 1;
    const char *source = NULL;
    const char *column = NULL;
    for (size_t d = 0; d < question->data_count; d++) {
        const hm_data *data = &question->data[d];
        for (size_t i = 0; i < hm_data_name_count(data) && nearest > 0; i++) {
            const char *other = hm_data_name(data, i);
            size_t distance = strcasecmp(name, other) == 0
                                      ? 0
                                      : hm_names_distance(name, other, nearest);
            if (distance < nearest) {
                nearest = distance;
                source = data->name;
                column = other;
            }
        }
    }
    if (column != NULL) {
        hm_text_format(text, "; %s has `%s`", source, column);
    }
}

static bool is_missing(const hm_diagnostic *fault) {
    return fault->status == HM_MISSING_INPUT && fault->node != NULL;
}

typedef struct hm_missing {
    uint32_t id;
    hm_node node;
} hm_missing;

static int by_name(const void *a, const void *b) {
    const hm_missing *left = a;
    const hm_missing *right = b;
    return strcmp(left->node.name, right->node.name);
}

// The missing inputs by name; NULL if there is none, or memory ran out.
static hm_missing *find_missing(
        hm_session *session, const hm_graph *graph, size_t *count) {
    const hm_diagnostics *faults = session->faults.list;
    size_t fault_count = hm_diagnostics_count(faults);
    *count = 0;
    for (size_t i = 0; i < fault_count; i++) {
        *count += is_missing(hm_diagnostics_at(faults, i));
    }
    hm_missing *missing =
            *count > 0 ? hm_arena_array(&session->arena, *count, sizeof *missing)
                       : NULL;
    if (missing == NULL) {
        return NULL;
    }
    size_t found = 0;
    for (size_t i = 0; i < fault_count; i++) {
        const hm_diagnostic *fault = hm_diagnostics_at(faults, i);
        if (is_missing(fault)) {
            uint32_t id = hm_graph_find(graph, fault->node);
            missing[found++] = (hm_missing){id, hm_graph_describe(graph, id)};
        }
    }
    qsort(missing, *count, sizeof *missing, by_name);
    return missing;
}

static const char *shape_of(const hm_node *node) {
    return node->is_array ? ", array" : "";
}

// All missing inputs, in columns: name, type and shape, who needs it.
static void append_missing(hm_text *text, const hm_terminal *terminal,
        const hm_missing *missing, size_t count, const hm_graph *graph,
        const bool *needed, const hm_question *question) {
    size_t name_width = 0;
    size_t type_width = 0;
    for (size_t i = 0; i < count; i++) {
        const hm_node *node = &missing[i].node;
        size_t name = strlen(node->name);
        size_t type = strlen(node->type->name) + strlen(shape_of(node));
        name_width = name > name_width ? name : name_width;
        type_width = type > type_width ? type : type_width;
    }
    append_label(text, terminal, HM_SEVERITY_ERROR);
    hm_text_format(text, "%zu input%s missing\n", count, count == 1 ? " is" : "s are");
    for (size_t i = 0; i < count; i++) {
        const hm_node *node = &missing[i].node;
        size_t type = strlen(node->type->name) + strlen(shape_of(node));
        hm_text_format(text, "  %-*s   %s%s%*s   ", (int)name_width, node->name,
                node->type->name, shape_of(node), (int)(type_width - type), "");
        append_readers(text, graph, needed, missing[i].id);
        append_column(text, question, node->name);
        const char *absent = hm_graph_absent(graph, node->name);
        hm_text_format(text, "%s%s\n", absent != NULL ? "\n    " : "",
                absent != NULL ? absent : "");
    }
}

static void append_all(hm_text *text, hm_session *session, const hm_graph *graph,
        const hm_question *question) {
    hm_terminal terminal = hm_terminal_of(stderr);
    const hm_diagnostics *faults = session->faults.list;
    bool *needed = NULL;
    hm_missing *missing = NULL;
    size_t missing_count = 0;
    if (graph != NULL && question != NULL) {
        needed = hm_arena_array(
                &session->arena, hm_graph_node_count(graph), sizeof *needed);
        missing = find_missing(session, graph, &missing_count);
    }
    bool is_table = needed != NULL && missing != NULL;
    if (is_table) {
        hm_question_needed(graph, &question->request, needed);
    }
    bool missing_told = false;
    for (size_t i = session->told_count; i < hm_diagnostics_count(faults); i++) {
        const hm_diagnostic *fault = hm_diagnostics_at(faults, i);
        if (!is_table || !is_missing(fault)) {
            append_fault(text, &terminal, fault);
        } else if (!missing_told) {
            append_missing(
                    text, &terminal, missing, missing_count, graph, needed, question);
            missing_told = true;
        }
    }
}

void hm_report_faults(hm_session *session, hm_status status, const hm_graph *graph,
        const hm_question *question) {
    hm_text text;
    hm_text_init(&text, NULL);
    if (session->faults.list != NULL) {
        append_all(&text, session, graph, question);
        session->told_count = hm_diagnostics_count(session->faults.list);
    }
    fputs(text.failed ? "" : hm_text_get(&text), stderr);
    if (status != HM_OK && (text.failed || session->told_count == 0)) {
        fprintf(stderr, "error: %s\n",
                hm_status_text(text.failed ? HM_NO_MEMORY : status));
    }
    hm_text_finish(&text);
}

void hm_report_warnings(hm_session *session) {
    hm_terminal terminal = hm_terminal_of(stderr);
    const hm_diagnostics *faults = session->faults.list;
    hm_text text;
    hm_text_init(&text, NULL);
    for (size_t i = session->told_count; i < hm_diagnostics_count(faults); i++) {
        const hm_diagnostic *fault = hm_diagnostics_at(faults, i);
        if (fault->severity == HM_SEVERITY_WARNING) {
            append_fault(&text, &terminal, fault);
        }
    }
    session->told_count = hm_diagnostics_count(faults);
    fputs(text.failed ? "" : hm_text_get(&text), stderr);
    hm_text_finish(&text);
}
