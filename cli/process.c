// process.c — see process.h.

#include "cli/process.h"

#include <errno.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

hm_status hm_process_start(
        hm_session *session, const char *const *arguments, int output, pid_t *process) {
    posix_spawn_file_actions_t actions;
    if (posix_spawn_file_actions_init(&actions) != 0) {
        return hm_session_no_memory(session);
    }
    int error = posix_spawn_file_actions_adddup2(
            &actions, output >= 0 ? output : STDERR_FILENO, STDOUT_FILENO);
    if (error == 0) {
        // posix_spawnp takes char * for historical reasons; it does not write them.
        error = posix_spawnp(process, arguments[0], &actions, NULL,
                (char *const *)arguments, environ);
    }
    posix_spawn_file_actions_destroy(&actions);
    if (error != 0) {
        return hm_session_fail(session, HM_IO, NULL, "`%s` cannot be started: %s",
                arguments[0], strerror(error));
    }
    return HM_OK;
}

void hm_process_wait(pid_t process, int *code) {
    int status = 0;
    pid_t ended;
    do {
        ended = waitpid(process, &status, 0);
    } while (ended < 0 && errno == EINTR);
    *code = ended < 0             ? 127
            : WIFEXITED(status)   ? WEXITSTATUS(status)
            : WIFSIGNALED(status) ? 128 + WTERMSIG(status)
                                  : 127;
}

hm_status hm_process_run(
        hm_session *session, const char *const *arguments, int output) {
    pid_t process;
    int code;
    hm_status status = hm_process_start(session, arguments, output, &process);
    if (status == HM_OK) {
        hm_process_wait(process, &code);
        status = code == 0 ? HM_OK : HM_BAD_ARGUMENT;
    }
    return status;
}
