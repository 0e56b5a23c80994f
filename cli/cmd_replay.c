// cmd_replay.c — hamilton replay: runs again what a bundle holds.

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <hamilton/bundle.h>

#include "base/error.h"
#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/dataflow.h"
#include "cli/execution.h"
#include "cli/file.h"
#include "cli/installation.h"
#include "cli/output.h"
#include "cli/report.h"
#include "cli/terminal.h"
#include "cli/words.h"

typedef struct hm_replay {
    hm_session *session;
    const char *folder;
    hm_bundle *bundle;
    const hm_bundle_description *described;
    hm_dataflow dataflow;
} hm_replay;

static hm_status fail(hm_replay *replay, hm_status status, const hm_error *error) {
    return hm_session_fail(replay->session, status, NULL, "%s", error->message);
}

// The options of this command line but for --gdb.
static hm_status gather_own(hm_session *session, hm_words *words) {
    for (size_t i = 0; i < session->given_count; i++) {
        const hm_given *given = &session->given[i];
        if (strcmp(given->option->name, "gdb") == 0) {
            continue;
        }
        HM_TRY(hm_words_add(
                session, words, hm_session_text(session, "--%s", given->option->name)));
        if (given->option->operand != NULL) {
            HM_TRY(hm_words_add(session, words, given->value));
        }
    }
    return HM_OK;
}

// The command line that builds the dataflow again: what the bundle says, and then what
// this one does. Modules that are named here take the place of the bundle's.
static hm_status gather_words(hm_replay *replay, hm_words *words) {
    hm_session *session = replay->session;
    const hm_bundle_description *described = replay->described;
    for (size_t i = 0; i < described->argument_count; i++) {
        HM_TRY(hm_words_add(session, words, described->arguments[i]));
    }
    for (size_t i = 0; i < described->config_count; i++) {
        const hm_binding *binding = &described->config[i];
        HM_TRY(hm_words_add(session, words, "--config"));
        HM_TRY(hm_words_add(session, words,
                hm_session_text(session, "%s=%s", binding->name,
                        *(const char *const *)hm_value_data(&binding->value))));
    }
    HM_TRY(gather_own(session, words));
    HM_TRY(hm_words_add(session, words, "--"));
    bool are_named = session->operand_count > 1;
    size_t count = are_named ? session->operand_count - 1 : described->module_count;
    for (size_t i = 0; i < count; i++) {
        HM_TRY(hm_words_add(session, words,
                are_named ? session->operands[i + 1] : described->modules[i]));
    }
    return HM_OK;
}

static hm_status check_modules(hm_replay *replay) {
    hm_session *session = replay->session;
    for (size_t i = 0; i < session->operand_count; i++) {
        if (access(session->operands[i], R_OK) != 0) {
            return hm_session_fail(session, HM_IO,
                    hm_session_text(session,
                            "name the modules: `hamilton replay %s MODULE...`",
                            replay->folder),
                    "module `%s`, which `%s` was made with, cannot be read: %s",
                    session->operands[i], replay->folder, strerror(errno));
        }
    }
    return HM_OK;
}

// From here on the session is as if all had stood on the command line.
static hm_status read_words(hm_replay *replay, const hm_words *words) {
    hm_session *session = replay->session;
    session->given_count = 0;
    session->operand_count = 0;
    HM_TRY(hm_arguments_read(session, words->count, words->items));
    return session->operand_count > 0
                   ? check_modules(replay)
                   : hm_session_fail(session, HM_BAD_ARGUMENT,
                             hm_session_text(session,
                                     "name them: `hamilton replay %s MODULE...`",
                                     replay->folder),
                             "`%s` does not tell its modules", replay->folder);
}

static void print_inputs(const hm_bundle_description *described) {
    for (size_t i = 0; i < described->input_count; i++) {
        const hm_bundle_item *input = &described->inputs[i];
        fprintf(stderr, "  %s = %s\n", input->name,
                input->is_kept ? input->shown : input->why);
    }
}

static void print_changes(const hm_replay *replay) {
    const hm_graph *graph = replay->dataflow.graph;
    for (uint32_t id = 0; id < hm_graph_node_count(graph); id++) {
        hm_node node = hm_graph_describe(graph, id);
        if (!node.is_input && hm_bundle_has_changed(replay->bundle, graph, node.name)) {
            fprintf(stderr, "replay: the code of `%s` (%s:%u) has changed since\n",
                    node.name, node.function->file, (unsigned)node.line);
        }
    }
}

// A message names in the end who needed the node, which is another in a replay.
static size_t own_length(const char *message) {
    const char *needed = strstr(message, "; needed by ");
    return needed != NULL ? (size_t)(needed - message) : strlen(message);
}

static bool is_same_failure(const char *before, const char *now) {
    size_t length = own_length(now);
    return own_length(before) == length && strncmp(before, now, length) == 0;
}

static hm_status tell_failure(
        hm_replay *replay, hm_status status, const hm_results *results) {
    const hm_bundle_description *described = replay->described;
    const char *message = "";
    if (status == HM_OK) {
        fprintf(stderr, "replay: `%s` succeeds now; before: %s\n", described->node,
                described->message);
        return hm_output_results(replay->session, results);
    }
    if (results != NULL) {
        (void)hm_results_status(results, 0, &message);
    }
    bool is_same = is_same_failure(described->message, message);
    fprintf(stderr, "replay: it fails %s\n", is_same ? "as it did" : "otherwise");
    if (!is_same) {
        fprintf(stderr, "  before: %s\n", described->message);
    }
    return status;
}

static hm_status tell_differences(hm_replay *replay, const hm_results *results) {
    bool is_same;
    hm_error error;
    hm_status status = hm_bundle_compare(
            replay->bundle, results, hm_terminal_write, stdout, &is_same, &error);
    if (status != HM_OK) {
        return fail(replay, status, &error);
    }
    fflush(stdout); // before what is told of it
    size_t count = replay->described->output_count;
    if (is_same) {
        printf("%zu output%s as recorded\n", count, count == 1 ? " is" : "s are");
        return HM_OK;
    }
    return hm_session_fail(replay->session, HM_NODE_FAILED, NULL,
            "what came out is not what `%s` recorded", replay->folder);
}

static hm_status execute(hm_replay *replay, const hm_request *request) {
    hm_session *session = replay->session;
    hm_request asked = *request;
    bool is_record = replay->described->is_record;
    // What a record expects to fail is not told as a fault.
    asked.diagnostics = is_record ? NULL : session->faults.list;
    asked.keep_going = true;
    hm_results *results = NULL;
    hm_error error;
    size_t before = hm_diagnostics_count(session->faults.list);
    hm_status status = hm_execution_run(
            session, replay->dataflow.driver, &asked, &results, &error);
    if (results == NULL || status == HM_CANCELLED) {
        hm_results_destroy(results);
        return status == HM_OK ? status
                               : hm_dataflow_fail(session, status, before, &error);
    }
    if (is_record) {
        status = tell_differences(replay, results);
    } else {
        status = tell_failure(replay, status, results);
    }
    hm_results_destroy(results);
    return status;
}

static hm_status run_again(hm_replay *replay) {
    hm_session *session = replay->session;
    HM_TRY(hm_dataflow_init(session, &replay->dataflow));
    hm_request request;
    hm_error error;
    hm_status status =
            hm_bundle_request(replay->bundle, replay->dataflow.graph, &request, &error);
    if (status != HM_OK) {
        return fail(replay, status, &error);
    }
    if (!replay->described->is_record) {
        const hm_bundle_description *described = replay->described;
        fprintf(stderr, "replay: `%s` (%s:%u), given%s\n", described->node,
                described->file, (unsigned)described->line,
                described->input_count > 0 ? "" : " nothing");
        print_inputs(described);
    }
    print_changes(replay);
    return execute(replay, &request);
}

// Becomes gdb, which calls this command without --gdb.
static hm_status debug(hm_replay *replay) {
    hm_session *session = replay->session;
    const hm_bundle_description *described = replay->described;
    bool are_named = session->operand_count > 1;
    const char *first = are_named                     ? session->operands[1]
                        : described->module_count > 0 ? described->modules[0]
                                                      : "";
    // A .so has perhaps no lines, but its functions have names.
    bool has_lines = hm_file_has_suffix(first, ".c") && described->file[0] != '\0';
    const char *place =
            hm_session_text(session, has_lines ? "break %s:%s" : "break %.0s%s",
                    hm_file_name(described->file), described->function);
    const char *const beginning[] = {"gdb", "-q", "-iex", "set debuginfod enabled off",
            "-ex", "set breakpoint pending on", "-ex", place, "-ex", "run", "--args",
            hm_installation_program(session), "replay", "--debug", "--threads", "1"};
    hm_words command = {0};
    for (size_t i = 0; i < sizeof beginning / sizeof *beginning; i++) {
        HM_TRY(hm_words_add(session, &command, beginning[i]));
    }
    HM_TRY(gather_own(session, &command));
    HM_TRY(hm_words_add(session, &command, "--"));
    for (size_t i = 0; i < session->operand_count; i++) {
        HM_TRY(hm_words_add(session, &command, session->operands[i]));
    }
    execvp("gdb", (char *const *)(uintptr_t)command.items);
    return hm_session_fail(session, HM_IO, "install gdb", "gdb cannot be started: %s",
            strerror(errno));
}

static hm_status replay_bundle(hm_replay *replay) {
    hm_session *session = replay->session;
    if (hm_arguments_value(session, "gdb") == NULL) {
        hm_words words = {0};
        HM_TRY(gather_words(replay, &words));
        HM_TRY(read_words(replay, &words));
        return run_again(replay);
    }
    return replay->described->is_record
                   ? hm_session_fail(session, HM_BAD_ARGUMENT, NULL,
                             "--gdb stops in the node that failed, and `%s` is a whole "
                             "run",
                             replay->folder)
                   : debug(replay);
}

static hm_status replay(hm_session *session) {
    hm_replay again = {.session = session, .folder = session->operands[0]};
    hm_error error;
    hm_status status = hm_bundle_open(again.folder, NULL, &again.bundle, &error);
    if (status != HM_OK) {
        return hm_session_fail(session, status,
                "give a folder that `hamilton run --bundle` or --record made", "%s",
                error.message);
    }
    again.described = hm_bundle_describe(again.bundle);
    status = replay_bundle(&again);
    hm_report_faults(session, status, again.dataflow.graph, NULL);
    hm_bundle_close(again.bundle); // whose objects end by functions of the modules
    hm_dataflow_finish(&again.dataflow);
    return status;
}

static const hm_option replay_options[] = {
        {.name = "gdb",
                .help = "starts gdb on it, which stops where the function begins"},
        {.name = NULL},
};

static const hm_option *const options[] = {replay_options, hm_execution_options,
        hm_format_options, hm_dataflow_options, hm_compile_options, hm_help_options,
        NULL};

const hm_command hm_command_replay = {
        .name = "replay",
        .operands = "BUNDLE [MODULE...]",
        .least_operands = 1,
        .most_operands = HM_ANY_NUMBER,
        .summary = "run again what `run` has kept in a folder",
        .details =
                "A BUNDLE is a folder that `hamilton run` wrote.\n\n"
                "Of --bundle it is a node that failed: that node alone is run again, "
                "with the arguments that it had, and fails as it did; or it succeeds, "
                "and what it makes is printed. It is told whether its code has changed "
                "since. With --gdb that happens in gdb, which stops at the "
                "function.\n\n"
                "Of --record it is a whole run: it is run again, and what comes out is "
                "compared, bit for bit, with what was recorded. Each output that "
                "differs is printed, and the exit status is 1.\n\n"
                "Modules, configuration and flags are those of the run. MODULE names "
                "others, where they have moved; options go before those of the run.",
        .example = "hamilton replay failures/cost-1 --gdb",
        .options = options,
        .run = replay,
};
