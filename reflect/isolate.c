// isolate.c — see isolate.h. The child writes what it found to a pipe, all at its end;
// a pipe that ends before means that the child did.

#define _XOPEN_SOURCE 700 // strsignal

#include "reflect/isolate.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.h"
#include "reflect/parcel.h"
#include "reflect/reflection.h"

enum { LONGEST = 60 }; // seconds of processor time

static bool send_all(int to, const char *bytes, size_t length) {
    while (length > 0) {
        ssize_t written = write(to, bytes, length);
        if (written < 0 && errno != EINTR) {
            return false;
        }
        if (written > 0) {
            bytes += written;
            length -= (size_t)written;
        }
    }
    return true;
}

static bool receive_all(int from, hm_text *parcel) {
    char bytes[65536];
    for (;;) {
        ssize_t length = read(from, bytes, sizeof bytes);
        if (length == 0) {
            return !parcel->failed;
        }
        if (length < 0 && errno != EINTR) {
            return false;
        }
        if (length > 0) {
            hm_text_append_bytes(parcel, bytes, (size_t)length);
        }
    }
}

// Nothing of the caller's may happen here: no handlers, no output, no exit.
static void prepare_child(void) {
    signal(SIGINT, SIG_DFL);
    signal(SIGTERM, SIG_DFL);
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
    setrlimit(RLIMIT_CPU, &(struct rlimit){LONGEST, LONGEST});
    int nowhere = open("/dev/null", O_WRONLY);
    if (nowhere >= 0) {
        dup2(nowhere, STDERR_FILENO);
    }
}

static void run_child(const hm_reflect_options *options, int to) {
    prepare_child();
    hm_diagnostics *list = NULL;
    hm_text parcel;
    hm_text_init(&parcel, NULL);
    hm_reflection *reflection = NULL;
    if (hm_diagnostics_create(NULL, &list) == HM_OK) {
        hm_faults faults = {.list = list};
        hm_status status = hm_reflect_here(options, &reflection, &faults);
        hm_parcel_write(&parcel, status, reflection, list);
    }
    bool sent = !parcel.failed && send_all(to, hm_text_get(&parcel), parcel.length);
    _exit(sent ? EXIT_SUCCESS : EXIT_FAILURE);
}

static hm_status report_end(
        const hm_reflect_options *options, int state, hm_faults *faults) {
    hm_diagnostic fault = {.status = HM_BAD_SOURCE, .file = options->path, .line = 1};
    if (WIFSIGNALED(state) &&
            (WTERMSIG(state) == SIGXCPU || WTERMSIG(state) == SIGKILL)) {
        fault.mend = "look for macros that expand to each other many times";
        hm_faults_format(
                faults, fault, "the parser does not get to the end of this file");
    } else if (WIFSIGNALED(state)) {
        fault.mend = "look for expressions or statements that nest thousands deep";
        hm_faults_format(faults, fault, "the parser crashed on this file: %s",
                strsignal(WTERMSIG(state)));
    } else {
        fault.status = HM_NO_MEMORY;
        hm_faults_add(faults, &fault);
    }
    return fault.status;
}

static hm_status hear_child(const hm_reflect_options *options, int from, pid_t child,
        hm_reflection **reflection, hm_faults *faults) {
    hm_text parcel;
    hm_text_init(&parcel, NULL);
    bool heard = receive_all(from, &parcel);
    close(from);
    int state = 0;
    while (waitpid(child, &state, 0) < 0 && errno == EINTR) {
    }
    hm_status status = HM_NO_MEMORY;
    bool is_whole = heard && WIFEXITED(state) && WEXITSTATUS(state) == EXIT_SUCCESS;
    if (!heard) {
        hm_faults_add(faults, &(hm_diagnostic){.status = status});
    } else if (!is_whole) {
        status = report_end(options, state, faults);
    } else {
        status =
                hm_parcel_read(hm_text_get(&parcel), parcel.length, reflection, faults);
    }
    hm_text_finish(&parcel);
    return status;
}

hm_status hm_reflect_isolated(const hm_reflect_options *options,
        hm_reflection **reflection, hm_faults *faults) {
    int ends[2];
    if (pipe(ends) != 0) {
        return hm_reflect_here(options, reflection, faults);
    }
    pid_t child = fork();
    if (child < 0) {
        close(ends[0]);
        close(ends[1]);
        return hm_reflect_here(options, reflection, faults);
    }
    if (child == 0) {
        close(ends[0]);
        run_child(options, ends[1]);
    }
    close(ends[1]);
    return hear_child(options, ends[0], child, reflection, faults);
}
