// run_break.c — --break: stops before or after nodes and shows what they have, see
// <hamilton/breakpoint.h>. Where standard input is no terminal nobody is waited for.

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <hamilton/breakpoint.h>
#include <hamilton/json.h>

#include "base/beginning.h"
#include "base/error.h"
#include "base/text.h"
#include "cli/arguments.h"
#include "cli/run_adapters.h"
#include "cli/terminal.h"

enum { SHOWN_BYTES = 400, LINE = 256, PATIENCE = 100 }; // milliseconds

typedef struct hm_break {
    hm_breakpoints *breakpoints;
    hm_breakpoint *points; // as the options have them
    bool *is_after;        // by half of the points: whether it was asked for
    size_t count;
    bool asks; // somebody is there to answer
} hm_break;

// What a stop is about.
typedef struct hm_stop {
    hm_break *at;
    hm_call *call;
    bool is_after;
} hm_stop;

// What can be too long is shown whole by `print`.
static void show(const char *name, const hm_value *value) {
    if (value->type == NULL) {
        fprintf(stderr, "  %s = nothing: what makes it failed, or is not asked\n",
                name);
        return;
    }
    hm_text text;
    hm_text_init(&text, NULL);
    hm_beginning beginning = {&text, SHOWN_BYTES};
    bool is_whole = hm_json_write(value, hm_beginning_write, &beginning) != HM_IO;
    fprintf(stderr, "  %s = %s", name, hm_text_get(&text));
    if (!is_whole && value->depth > 0) {
        fprintf(stderr, " (%zu elements)", value->many.length);
    }
    fputc('\n', stderr);
    hm_text_finish(&text);
}

static void show_arguments(const hm_call *call) {
    const hm_function *function = call->node->function;
    for (size_t p = 0; p < function->parameter_count; p++) {
        hm_value value = hm_running_argument(call->running, call->node, p);
        show(function->parameters[p].name, &value);
    }
}

static void show_results(const hm_call *call) {
    const hm_function *function = call->node->function;
    if (call->status != HM_OK) {
        fprintf(stderr, "  it did not succeed: %s\n", call->message);
    }
    for (size_t o = 0; call->status == HM_OK && o < function->output_count; o++) {
        hm_value value = hm_running_result(call->running, call->node, o);
        show(function->outputs[o].name, &value);
    }
}

static void show_stop(const hm_stop *stop) {
    const hm_call *call = stop->call;
    const hm_function *function = call->node->function;
    fprintf(stderr, "break: %s `%s` (%s:%u)", stop->is_after ? "after" : "before",
            call->node->name, function->file != NULL ? function->file : "?",
            (unsigned)function->line);
    if (call->node->mapped > 0) {
        fprintf(stderr, ", for %zu rows", call->row_count);
    }
    fputc('\n', stderr);
    show_arguments(call);
    if (stop->is_after) {
        show_results(call);
    }
}

static bool find_value(const hm_stop *stop, const char *name, hm_value *value) {
    const hm_call *call = stop->call;
    const hm_function *function = call->node->function;
    for (size_t p = 0; p < function->parameter_count; p++) {
        if (strcmp(function->parameters[p].name, name) == 0) {
            *value = hm_running_argument(call->running, call->node, p);
            return value->type != NULL;
        }
    }
    bool has_results = stop->is_after && call->status == HM_OK;
    for (size_t o = 0; has_results && o < function->output_count; o++) {
        if (strcmp(function->outputs[o].name, name) == 0) {
            *value = hm_running_result(call->running, call->node, o);
            return true;
        }
    }
    return false;
}

static void print(const hm_stop *stop, const char *name) {
    hm_value value;
    if (!find_value(stop, name, &value)) {
        fprintf(stderr, "`%s` is nothing here\n", name);
        return;
    }
    // What can fail is writing, which leaves its mark on the stream.
    (void)!hm_json_write(&value, hm_terminal_write, stderr);
    fputc('\n', stderr);
}

// A line from the terminal, without its end. False at the end of input, or when the run
// is stopped meanwhile.
static bool read_line(const hm_call *call, char line[LINE]) {
    size_t length = 0;
    for (;;) {
        struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
        int ready = poll(&input, 1, PATIENCE);
        if (hm_call_is_stopped(call)) {
            return false;
        }
        if (ready <= 0) {
            continue;
        }
        char c;
        ssize_t got = read(STDIN_FILENO, &c, 1);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            return false;
        }
        if (c == '\n') {
            line[length] = '\0';
            return true;
        }
        length += length + 1 < LINE;
        line[length - 1] = c;
    }
}

// The word that a line begins with, or its first letter; what follows is *rest.
static bool is_command(char *line, const char *name, char **rest) {
    size_t length = strcspn(line, " ");
    bool is_it = (length == 1 && line[0] == name[0]) ||
                 (strlen(name) == length && strncmp(line, name, length) == 0);
    *rest = line + length + strspn(line + length, " ");
    return is_it;
}

// Until it goes on. True if the node is to stop once more when it is done.
static bool converse(const hm_stop *stop) {
    char line[LINE];
    char *rest;
    for (;;) {
        fputs("(break) ", stderr);
        if (!read_line(stop->call, line)) {
            fputc('\n', stderr);
            stop->at->asks = false; // nobody is there any more, or waits for the run
            return false;
        }
        if (line[0] == '\0' || is_command(line, "continue", &rest)) {
            return false;
        }
        if (is_command(line, "next", &rest)) {
            return true;
        }
        if (is_command(line, "quit", &rest)) {
            raise(SIGINT);
            return false;
        }
        if (is_command(line, "print", &rest) && rest[0] != '\0') {
            print(stop, rest);
        } else {
            fputs("continue (or nothing), next: stops when the node is done, print "
                  "NAME: an argument or result whole, quit\n",
                    stderr);
        }
    }
}

// Both sides of a node have points: the end of one that stops before is shown as well.
static bool was_asked(const hm_break *at, const hm_call *call, bool is_after) {
    const hm_graph *graph = call->running->planned->graph;
    for (size_t i = 0; i < at->count; i++) {
        uint32_t named = hm_graph_find(graph, at->points[2 * i].node);
        for (size_t o = 0; o < call->node->function->output_count; o++) {
            if (call->node->results[o] == named && at->is_after[i] == is_after) {
                return true;
            }
        }
    }
    return false;
}

static hm_status stop_at(void *context, hm_call *call, bool is_after, hm_error *error) {
    (void)error;
    hm_stop stop = {context, call, is_after};
    bool stops = was_asked(context, call, is_after) || call->memo->number != 0;
    if (hm_call_is_stopped(call)) {
        return HM_OK;
    }
    if (!stops) {
        if (is_after) {
            fprintf(stderr, "break: `%s` is done\n", call->node->name);
            show_results(call);
        }
        return HM_OK;
    }
    show_stop(&stop);
    if (stop.at->asks) {
        call->memo->number = converse(&stop);
    }
    return HM_OK;
}

static hm_status read_point(hm_session *session, const char *text, hm_break *at) {
    const char *colon = strchr(text, ':');
    size_t length = colon != NULL ? (size_t)(colon - text) : strlen(text);
    bool is_after = colon != NULL && strcmp(colon, ":after") == 0;
    if (length == 0 || (colon != NULL && !is_after && strcmp(colon, ":before") != 0)) {
        return hm_session_fail(session, HM_BAD_ARGUMENT,
                "write NODE, or NODE:after to stop when it is done",
                "--break cannot be `%s`", text);
    }
    const char *name = hm_arena_slice(&session->arena, text, length);
    if (name == NULL) {
        return hm_session_no_memory(session);
    }
    at->is_after[at->count] = is_after;
    at->points[2 * at->count] = (hm_breakpoint){name, false};
    at->points[2 * at->count + 1] = (hm_breakpoint){name, true};
    at->count++;
    return HM_OK;
}

static hm_status create(hm_session *session, void **self) {
    if (hm_arguments_value(session, "break") == NULL) {
        return HM_OK;
    }
    hm_arena *arena = &session->arena;
    hm_break *made = hm_arena_array(arena, 1, sizeof *made);
    size_t most = session->given_count;
    hm_breakpoint *points = hm_arena_array(arena, 2 * most, sizeof *points);
    bool *is_after = hm_arena_array(arena, most, sizeof *is_after);
    if (made == NULL || points == NULL || is_after == NULL) {
        return hm_session_no_memory(session);
    }
    *made = (hm_break){.points = points,
            .is_after = is_after,
            .asks = isatty(STDIN_FILENO) && isatty(STDERR_FILENO)};
    size_t at = 0;
    const hm_given *given;
    while ((given = hm_arguments_next(session, "break", &at)) != NULL) {
        HM_TRY(read_point(session, given->value, made));
    }
    hm_breakpoints_options options = HM_BREAKPOINTS_OPTIONS_INIT;
    options.points = made->points;
    options.point_count = 2 * made->count;
    options.stop = stop_at;
    options.context = made;
    hm_error error;
    hm_status status = hm_breakpoints_create(&options, &made->breakpoints, &error);
    if (status != HM_OK) {
        return hm_session_fail(session, status, NULL, "%s", error.message);
    }
    *self = made;
    return HM_OK;
}

static size_t parts(void *self, const hm_adapter *made[HM_RUN_ADAPTER_PARTS]) {
    const hm_break *at = self;
    made[0] = hm_breakpoints_adapter(at->breakpoints);
    return 1;
}

static void destroy(void *self) {
    hm_break *at = self;
    hm_breakpoints_destroy(at->breakpoints);
}

const hm_option hm_run_break_options[] = {
        {.name = "break",
                .operand = "NODE[:after]",
                .help = "stops before a node, or after it, shows what it has, and "
                        "waits "
                        "on a terminal for what to do; may be repeated"},
        {.name = NULL},
};

const hm_run_adapter hm_run_break = {
        .create = create, .parts = parts, .destroy = destroy};
