// run_log.c — --log LEVEL: a line on standard error for each node.

#include <stdio.h>
#include <string.h>
#include <uv.h>

#include <hamilton/log.h>

#include "base/error.h"
#include "cli/arguments.h"
#include "cli/run_adapters.h"
#include "cli/terminal.h"

static const char *const words[] = {[HM_LOG_ERROR] = "error",
        [HM_LOG_WARNING] = "warning",
        [HM_LOG_INFO] = "info",
        [HM_LOG_DEBUG] = "debug"};

// Milliseconds since the log was made stand before each line.
typedef struct hm_log_use {
    hm_log *log;
    uint64_t begun;
    const char *end; // of a line
} hm_log_use;

static void print(void *context, hm_log_level level, const char *line) {
    const hm_log_use *use = context;
    fprintf(stderr, "%10.3f ms  %-7s  %s%s", (double)(uv_hrtime() - use->begun) / 1e6,
            words[level], line, use->end);
}

// The nodes of --log-nodes, each time it was given.
static hm_status read_nodes(hm_session *session, hm_log_options *options) {
    const char **nodes = NULL;
    size_t at = 0;
    const hm_given *given;
    while ((given = hm_arguments_next(session, "log-nodes", &at)) != NULL) {
        const char *next = given->value;
        while (next != NULL) {
            size_t length = strcspn(next, ",");
            nodes = hm_arena_grow(
                    &session->arena, nodes, options->node_count, sizeof *nodes);
            const char *name = nodes != NULL
                                       ? hm_arena_slice(&session->arena, next, length)
                                       : NULL;
            if (name == NULL) {
                return hm_session_no_memory(session);
            }
            nodes[options->node_count++] = name;
            next = next[length] == ',' ? next + length + 1 : NULL;
        }
    }
    options->nodes = nodes;
    return HM_OK;
}

static hm_status create(hm_session *session, void **self) {
    const char *level = hm_arguments_value(session, "log");
    hm_log_options options = HM_LOG_OPTIONS_INIT;
    HM_TRY(read_nodes(session, &options));
    if (level == NULL && options.node_count == 0) {
        return HM_OK;
    }
    for (int i = HM_LOG_ERROR; level != NULL && i <= HM_LOG_DEBUG; i++) {
        options.level = strcmp(level, words[i]) == 0 ? (hm_log_level)i : options.level;
    }
    hm_log_use *use = hm_arena_array(&session->arena, 1, sizeof *use);
    if (use == NULL) {
        return hm_session_no_memory(session);
    }
    options.line = print;
    options.context = use;
    hm_error error;
    hm_status status = hm_log_create(&options, &use->log, &error);
    if (status != HM_OK) {
        return hm_session_fail(session, status, "name a node, @TAG or @TAG=VALUE",
                "--log-nodes: %s", error.message);
    }
    use->begun = uv_hrtime();
    // Over what --progress drew, none of which is to be left.
    bool is_drawn_over = hm_arguments_value(session, "progress") != NULL &&
                         hm_terminal_of(stderr).is_terminal;
    use->end = is_drawn_over ? "\033[K\n" : "\n";
    *self = use;
    return HM_OK;
}

static size_t parts(void *self, const hm_adapter *made[HM_RUN_ADAPTER_PARTS]) {
    made[0] = hm_log_adapter(((const hm_log_use *)self)->log);
    return 1;
}

static void destroy(void *self) {
    hm_log_destroy(((const hm_log_use *)self)->log);
}

const hm_option hm_run_log_options[] = {
        {.name = "log",
                .operand = "LEVEL",
                .help = "tells on standard error of nodes that fail (error), of what "
                        "is skipped or tried again (warning), of what each node made "
                        "(info), and of what each takes (debug)",
                .choices = "error warning info debug"},
        {.name = "log-nodes",
                .operand = "NODE[,NODE...]",
                .help = "tells of these alone: of a node, of @TAG or of @TAG=VALUE; at "
                        "the level info, if there is no other"},
        {.name = NULL},
};

const hm_run_adapter hm_run_log = {
        .create = create, .parts = parts, .destroy = destroy};
