// graphviz.c — see graphviz.h. `dot` reads our text from a pipe; a loop of our own
// writes it, waits for the end and watches the clock.

#include "cli/graphviz.h"

#include <signal.h>
#include <unistd.h>
#include <uv.h>

#include "base/error.h"
#include "cli/file.h"

// From so many nodes on, dot's best layout takes minutes.
enum { MANY_NODES = 1000, TOO_MANY_NODES = 2000 };

typedef struct hm_drawer {
    uv_loop_t loop;
    uv_process_t process;
    uv_pipe_t pipe;
    uv_timer_t timer;
    uv_write_t writing;
    int64_t exit_status;
    int signal;
    bool late;
} hm_drawer;

static void on_exit_of_dot(uv_process_t *process, int64_t exit_status, int signal) {
    hm_drawer *drawer = process->data;
    drawer->exit_status = exit_status;
    drawer->signal = signal;
    uv_close((uv_handle_t *)&drawer->timer, NULL);
    uv_close((uv_handle_t *)process, NULL);
}

static void on_late(uv_timer_t *timer) {
    hm_drawer *drawer = timer->data;
    drawer->late = true;
    uv_process_kill(&drawer->process, SIGKILL);
}

// Also when dot ended before it had read all: its exit status tells why.
static void on_written(uv_write_t *writing, int status) {
    (void)status;
    uv_close((uv_handle_t *)writing->handle, NULL);
}

// Runs dot to its end. 0, or why it could not be started, as a libuv error.
static int run_dot(hm_drawer *drawer, char **arguments, const char *dot, size_t length,
        uint64_t limit_seconds) {
    uv_stdio_container_t files[3] = {
            {.flags = UV_CREATE_PIPE | UV_READABLE_PIPE,
                    .data.stream = (uv_stream_t *)&drawer->pipe},
            {.flags = UV_INHERIT_FD, .data.fd = STDERR_FILENO},
            {.flags = UV_INHERIT_FD, .data.fd = STDERR_FILENO},
    };
    uv_process_options_t options = {.file = arguments[0],
            .args = arguments,
            .stdio = files,
            .stdio_count = 3,
            .exit_cb = on_exit_of_dot};
    uv_pipe_init(&drawer->loop, &drawer->pipe, 0);
    uv_timer_init(&drawer->loop, &drawer->timer);
    drawer->process.data = drawer;
    drawer->timer.data = drawer;
    int error = uv_spawn(&drawer->loop, &drawer->process, &options);
    if (error == 0) {
        uv_buf_t text = {.base = (char *)dot, .len = length}; // is only read
        uv_timer_start(&drawer->timer, on_late, limit_seconds * 1000, 0);
        if (uv_write(&drawer->writing, (uv_stream_t *)&drawer->pipe, &text, 1,
                    on_written) != 0) {
            uv_close((uv_handle_t *)&drawer->pipe, NULL);
        }
    } else {
        uv_close((uv_handle_t *)&drawer->process, NULL);
        uv_close((uv_handle_t *)&drawer->pipe, NULL);
        uv_close((uv_handle_t *)&drawer->timer, NULL);
    }
    uv_run(&drawer->loop, UV_RUN_DEFAULT);
    return error;
}

static void warn_if_large(hm_session *session, uint32_t node_count) {
    if (node_count > TOO_MANY_NODES) {
        hm_faults_format(&session->faults,
                (hm_diagnostic){.status = HM_OK,
                        .severity = HM_SEVERITY_WARNING,
                        .mend = "choose a part with --upstream, --downstream or "
                                "--between"},
                "%u nodes make a drawing that takes long and that nobody can read",
                (unsigned)node_count);
    }
}

hm_status hm_graphviz_draw(hm_session *session, const char *dot, size_t length,
        uint32_t node_count, const char *format, const char *path,
        uint64_t limit_seconds) {
    char *format_flag = hm_session_text(session, "-T%s", format);
    if (format_flag == NULL) {
        return hm_session_no_memory(session);
    }
    hm_target target;
    HM_TRY(hm_file_create(session, path, &target));
    char *place = (char *)hm_target_place(&target); // is only read
    char *arguments[] = {"dot", format_flag, "-o", place, NULL, NULL, NULL};
    if (node_count > MANY_NODES) {
        arguments[4] = "-Gsplines=line";
        arguments[5] = "-Gnslimit=1";
    }
    warn_if_large(session, node_count);

    // dot may end before it has read all that we write.
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    struct sigaction old;
    sigaction(SIGPIPE, &ignore, &old);
    hm_drawer drawer = {0};
    int error = uv_loop_init(&drawer.loop);
    if (error == 0) {
        error = run_dot(&drawer, arguments, dot, length, limit_seconds);
        uv_loop_close(&drawer.loop);
    }
    sigaction(SIGPIPE, &old, NULL);

    hm_status status = HM_OK;
    if (error != 0) {
        status = hm_session_fail(session, HM_IO,
                "install graphviz, or write a .dot file",
                "`dot` of Graphviz, which draws %s, cannot be started: %s", format,
                uv_strerror(error));
    } else if (drawer.late) {
        status = hm_session_fail(session, HM_IO,
                "give it more with --time-limit, or draw a part with --upstream, "
                "--downstream or --between",
                "`dot` did not finish the drawing in %llu s",
                (unsigned long long)limit_seconds);
    } else if (drawer.exit_status != 0 || drawer.signal != 0) {
        status = hm_session_fail(
                session, HM_IO, NULL, "`dot` could not draw `%s`", path);
    }
    if (status != HM_OK) {
        hm_target_abandon(&target);
        return status;
    }
    return hm_file_commit(session, path, &target);
}
