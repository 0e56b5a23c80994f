// program.c — see program.h.

#include "bench/program.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

bool hm_workplace_init(hm_workplace *workplace) {
    snprintf(workplace->folder, sizeof workplace->folder, "/tmp/hamilton-bench-XXXXXX");
    if (mkdtemp(workplace->folder) == NULL) {
        perror(workplace->folder);
        return false;
    }
    return true;
}

void hm_workplace_finish(hm_workplace *workplace) {
    const char *const arguments[] = {"rm", "-rf", workplace->folder, NULL};
    hm_program_run(&(hm_program){.arguments = arguments});
}

char *hm_workplace_path(const hm_workplace *workplace, const char *name) {
    size_t size = strlen(workplace->folder) + strlen(name) + 2;
    char *path = malloc(size);
    if (path != NULL) {
        snprintf(path, size, "%s/%s", workplace->folder, name);
    }
    return path;
}

char *hm_workplace_read(const hm_workplace *workplace, const char *name) {
    char *path = hm_workplace_path(workplace, name);
    FILE *file = path != NULL ? fopen(path, "r") : NULL;
    char *text = NULL;
    size_t size = 0;
    // Up to a NUL, of which there is none, is to the end.
    if (file == NULL || getdelim(&text, &size, '\0', file) < 0) {
        fprintf(stderr, "%s cannot be read, or says nothing\n", name);
        free(text);
        text = NULL;
    }
    if (file != NULL) {
        fclose(file);
    }
    free(path);
    return text;
}

static int redirect(posix_spawn_file_actions_t *actions, int stream, const char *path) {
    return posix_spawn_file_actions_addopen(
            actions, stream, path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
}

// 0, or an errno.
static int start(const hm_program *program, pid_t *process) {
    posix_spawn_file_actions_t actions;
    int fault = posix_spawn_file_actions_init(&actions);
    if (fault != 0) {
        return fault;
    }
    const char *output = program->output != NULL ? program->output : "/dev/null";
    fault = redirect(&actions, STDOUT_FILENO, output);
    if (fault == 0 && program->errors != NULL) {
        fault = redirect(&actions, STDERR_FILENO, program->errors);
    }
    if (fault == 0) {
        fault = posix_spawnp(process, program->arguments[0], &actions, NULL,
                (char *const *)program->arguments, environ);
    }
    posix_spawn_file_actions_destroy(&actions);
    return fault;
}

bool hm_program_run(const hm_program *program) {
    const char *name = program->arguments[0];
    pid_t process;
    int fault = start(program, &process);
    if (fault != 0) {
        fprintf(stderr, "%s cannot be started: %s\n", name, strerror(fault));
        return false;
    }
    int state;
    if (waitpid(process, &state, 0) != process) {
        perror(name);
        return false;
    }
    if (!WIFEXITED(state) || WEXITSTATUS(state) != 0) {
        fprintf(stderr, "%s did not end with 0\n", name);
        return false;
    }
    return true;
}
