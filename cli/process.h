// process.h — runs another program, without a shell.

#ifndef HM_CLI_PROCESS_H
#define HM_CLI_PROCESS_H

#include <sys/types.h>

#include <hamilton/status.h>

#include "cli/session.h"

// Starts a program that is looked up in PATH; arguments end with NULL. Its standard
// output goes to the file of that descriptor, or to our standard error if it is -1.
hm_status hm_process_start(
        hm_session *session, const char *const *arguments, int output, pid_t *process);

// Waits for its end. *code is what it exited with, or 128 + the signal that ended it.
void hm_process_wait(pid_t process, int *code);

// Both; HM_BAD_ARGUMENT without a fault if it exited with another code than 0.
hm_status hm_process_run(hm_session *session, const char *const *arguments, int output);

#endif
