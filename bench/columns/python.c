// python.c — see python.h.

#include "bench/columns/python.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

struct hm_python {
    pid_t process;
    FILE *orders;
    FILE *answers;
};

// Whether a Python has the library: its complaint is thrown away.
static bool has_library(const char *program, const char *library) {
    char text[64];
    snprintf(text, sizeof text, "import %s", library);
    pid_t process;
    char *const arguments[] = {(char *)program, "-c", text, NULL};
    posix_spawn_file_actions_t actions;
    if (posix_spawn_file_actions_init(&actions) != 0) {
        return false;
    }
    int state;
    bool has =
            posix_spawn_file_actions_addopen(
                    &actions, STDERR_FILENO, "/dev/null", 1, 0) == 0 &&
            posix_spawnp(&process, program, &actions, NULL, arguments, environ) == 0 &&
            waitpid(process, &state, 0) == process && WIFEXITED(state) &&
            WEXITSTATUS(state) == 0;
    posix_spawn_file_actions_destroy(&actions);
    return has;
}

// The first on PATH need not be the one that the system's libraries are for.
static const char *find_python(const char *library) {
    static const char *const programs[] = {"python3", "/usr/bin/python3"};
    for (size_t i = 0; i < sizeof programs / sizeof programs[0]; i++) {
        if (has_library(programs[i], library)) {
            return programs[i];
        }
    }
    return NULL;
}

static bool ask(hm_python *python, const char *order, const char *expected) {
    char answer[16];
    if (order != NULL &&
            (fputs(order, python->orders) < 0 || fflush(python->orders) != 0)) {
        return false;
    }
    return fgets(answer, sizeof answer, python->answers) != NULL &&
           strncmp(answer, expected, strlen(expected)) == 0;
}

static bool start(
        hm_python *python, char *const *arguments, int orders[2], int answers[2]) {
    posix_spawn_file_actions_t actions;
    if (posix_spawn_file_actions_init(&actions) != 0) {
        return false;
    }
    bool is_started =
            posix_spawn_file_actions_adddup2(&actions, orders[0], STDIN_FILENO) == 0 &&
            posix_spawn_file_actions_adddup2(&actions, answers[1], STDOUT_FILENO) ==
                    0 &&
            posix_spawnp(&python->process, arguments[0], &actions, NULL, arguments,
                    environ) == 0;
    posix_spawn_file_actions_destroy(&actions);
    return is_started;
}

// A pipe that no process has but those who are given its ends: it is closed when they
// do.
static bool open_pipe(int ends[2]) {
    return pipe(ends) == 0 && fcntl(ends[0], F_SETFD, FD_CLOEXEC) == 0 &&
           fcntl(ends[1], F_SETFD, FD_CLOEXEC) == 0;
}

hm_python *hm_python_start(const char *library, const char *name,
        const hm_workplace *workplace, size_t row_count) {
    signal(SIGPIPE, SIG_IGN); // who writes to one that is gone is told so by fputs
    const char *program = find_python(library);
    hm_python *python = program != NULL ? calloc(1, sizeof *python) : NULL;
    if (python == NULL) {
        return NULL;
    }
    char rows[32];
    snprintf(rows, sizeof rows, "%zu", row_count);
    char *const arguments[] = {(char *)program, HM_BENCHES "/columns/python.py",
            (char *)library, (char *)name, (char *)workplace->folder, rows, NULL};
    int orders[2] = {-1, -1};
    int answers[2] = {-1, -1};
    bool is_started = open_pipe(orders) && open_pipe(answers) &&
                      start(python, arguments, orders, answers);
    close(orders[0]);
    close(answers[1]);
    python->orders = fdopen(orders[1], "w");
    python->answers = fdopen(answers[0], "r");
    if (!is_started || !ask(python, NULL, "ready")) {
        fprintf(stderr, "%s did not start\n", library);
        hm_python_end(python);
        return NULL;
    }
    return python;
}

void hm_python_end(hm_python *python) {
    if (python == NULL) {
        return;
    }
    if (python->orders != NULL) {
        fclose(python->orders); // the end of its orders is its end
    }
    if (python->answers != NULL) {
        fclose(python->answers);
    }
    if (python->process > 0) {
        waitpid(python->process, NULL, 0);
    }
    free(python);
}

bool hm_python_run(void *python) {
    return ask(python, "run\n", "done");
}

bool hm_python_save(hm_python *python) {
    return ask(python, "save\n", "done");
}
