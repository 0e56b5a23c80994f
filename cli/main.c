// main.c — the commands, and how one of them is called.

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <hamilton/allocator.h>
#include <hamilton/version.h>

#include "base/names.h"
#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/help.h"
#include "cli/interrupt.h"
#include "cli/report.h"
#include "cli/terminal.h"

const hm_command *const hm_commands[] = {
        &hm_command_run,
        &hm_command_replay,
        &hm_command_list,
        &hm_command_view,
        &hm_command_validate,
        &hm_command_explain,
        &hm_command_build,
        &hm_command_reflect,
        &hm_command_version,
        &hm_command_diff,
        &hm_command_lineage,
        &hm_command_cache,
        NULL,
};

// Prints what a writer of help.h wrote. Its status is that of the whole call.
static hm_status print(hm_session *session, hm_text *text) {
    bool complete = !text->failed;
    if (complete) {
        fputs(hm_text_get(text), stdout);
    }
    hm_text_finish(text);
    return complete ? HM_OK : hm_session_no_memory(session);
}

static hm_status print_help(hm_session *session, const hm_command *command) {
    hm_text text;
    hm_text_init(&text, NULL);
    if (command != NULL) {
        hm_help_command(&text, command);
    } else {
        hm_help_overview(&text);
    }
    return print(session, &text);
}

static hm_status unknown_command(hm_session *session, const char *name) {
    const char *mend = "`hamilton --help` lists them";
    size_t nearest = hm_names_tolerance(name) + 2;
    for (const hm_command *const *at = hm_commands; *at != NULL; at++) {
        size_t distance = hm_names_distance(name, (*at)->name, nearest);
        if (distance < nearest) {
            nearest = distance;
            mend = hm_session_text(session, "did you mean `hamilton %s`?", (*at)->name);
        }
    }
    return hm_session_fail(
            session, HM_BAD_ARGUMENT, mend, "there is no command `%s`", name);
}

static hm_status print_manual(hm_session *session, const char *name) {
    const hm_command *command = name != NULL ? hm_command_find(name) : NULL;
    if (name != NULL && command == NULL) {
        return unknown_command(session, name);
    }
    hm_text text;
    hm_text_init(&text, NULL);
    hm_help_manual(&text, command);
    return print(session, &text);
}

static hm_status print_completion(hm_session *session) {
    hm_text text;
    hm_text_init(&text, NULL);
    hm_help_completion(&text);
    return print(session, &text);
}

static hm_status run_command(hm_session *session, const hm_command *command,
        size_t count, const char *const *arguments) {
    session->command = command;
    hm_status status = hm_arguments_read(session, count, arguments);
    if (session->wants_help) { // whatever else is wrong
        session->told_count = hm_diagnostics_count(session->faults.list);
        return print_help(session, command);
    }
    return status == HM_OK ? command->run(session) : status;
}

static hm_status dispatch(
        hm_session *session, size_t count, const char *const *arguments) {
    if (count == 0) {
        return hm_session_fail(session, HM_BAD_ARGUMENT, "`hamilton --help` lists them",
                "a command is missing");
    }
    const char *first = arguments[0];
    if (strcmp(first, "--help") == 0 || strcmp(first, "-h") == 0) {
        return print_help(session, NULL);
    }
    if (strcmp(first, "--version") == 0) {
        printf("hamilton %s\n", hm_version());
        return HM_OK;
    }
    if (strcmp(first, "--man") == 0) {
        return print_manual(session, count > 1 ? arguments[1] : NULL);
    }
    if (strcmp(first, "--completion") == 0) {
        return print_completion(session);
    }
    if (first[0] == '-') {
        return hm_session_fail(session, HM_BAD_ARGUMENT,
                "options stand after the command; `hamilton --help` lists the commands",
                "there is no command before `%s`", first);
    }
    const hm_command *command = hm_command_find(first);
    return command != NULL ? run_command(session, command, count - 1, arguments + 1)
                           : unknown_command(session, first);
}

static int exit_code(hm_status status) {
    switch (status) {
    case HM_OK:
        return 0;
    case HM_NODE_FAILED:
    case HM_SKIPPED:
    case HM_LENGTH_MISMATCH:
    case HM_NO_MEMORY:
    case HM_DEADLINE:
    case HM_TOO_LARGE:
        return 1;
    case HM_CANCELLED:
        return hm_interrupt_exit_code();
    default:
        return 2;
    }
}

// Who starts a program may have closed its standard streams: what is opened next would
// take their places. Nothing is read from these, and writing to them fails.
static void open_standard_streams(void) {
    int file;
    do {
        file = open("/dev/null", O_RDONLY);
    } while (file >= 0 && file <= STDERR_FILENO);
    if (file > STDERR_FILENO) {
        close(file);
    }
}

// A file that grows beyond `ulimit -f` is an error like any other, which is told of, or
// gone without.
static void ignore_file_size_signal(void) {
    const struct sigaction ignore = {.sa_handler = SIG_IGN};
    sigaction(SIGXFSZ, &ignore, NULL);
}

int main(int count, char **arguments) {
    open_standard_streams();
    ignore_file_size_signal();
    hm_session session = {0};
    hm_arena_init(&session.arena, hm_allocator_default());
    session.faults.error = &session.error;
    hm_interrupt_watch();

    hm_status status = hm_diagnostics_create(NULL, &session.faults.list);
    if (status == HM_OK && count > 0) {
        status = dispatch(
                &session, (size_t)count - 1, (const char *const *)arguments + 1);
    }
    if (fflush(stdout) != 0 || ferror(stdout)) {
        hm_session_fail(&session, HM_IO, NULL, "standard output cannot be written");
        status = status == HM_OK ? HM_IO : status;
    }
    hm_report_faults(&session, status, NULL, NULL);
    if (session.has_left_nodes) {
        _Exit(exit_code(status));
    }
    hm_diagnostics_destroy(session.faults.list);
    hm_arena_finish(&session.arena);
    return exit_code(status);
}
