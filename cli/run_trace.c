// run_trace.c — --trace FILE: what ran when, and where. A trace that cannot be written
// is told of, but is no fault of the run.

#include <hamilton/trace.h>

#include "base/error.h"
#include "base/target.h"
#include "cli/arguments.h"
#include "cli/file.h"
#include "cli/interrupt.h"
#include "cli/run_adapters.h"

enum { MOST_MEBIBYTES = 1 << 20 };

static hm_status create(hm_session *session, void **self) {
    const char *path = hm_arguments_value(session, "trace");
    uint32_t mebibytes = 0;
    HM_TRY(hm_arguments_number(session, "trace-memory", MOST_MEBIBYTES, &mebibytes));
    if (path == NULL) {
        return HM_OK;
    }
    HM_TRY(hm_file_check_writable(session, path));
    hm_trace_options options = HM_TRACE_OPTIONS_INIT;
    options.max_bytes = (size_t)mebibytes << 20;
    hm_trace *trace;
    if (hm_trace_create(&options, &trace, NULL) != HM_OK) {
        return hm_session_no_memory(session);
    }
    *self = trace;
    return HM_OK;
}

static size_t parts(void *self, const hm_adapter *made[HM_RUN_ADAPTER_PARTS]) {
    made[0] = hm_trace_adapter(self);
    return 1;
}

static hm_status write_file(hm_trace *trace, const char *path, hm_error *error) {
    hm_target target;
    HM_TRY(hm_target_init(&target, path, error));
    hm_status status = hm_trace_write(trace, hm_target_write, &target);
    if (status == HM_NO_MEMORY) {
        hm_target_abandon(&target);
        return hm_error_no_memory(error);
    }
    return hm_target_commit(&target, error); // which tells what could not be written
}

static void warn(hm_session *session, hm_status status, const char *mend,
        const char *format, const char *path, const char *why) {
    const char *message = hm_session_text(session, format, path, why);
    hm_faults_format(&session->faults,
            (hm_diagnostic){
                    .status = status, .severity = HM_SEVERITY_WARNING, .mend = mend},
            "%s", message != NULL ? message : path);
}

static hm_status tell(hm_session *session, void *self) {
    const char *path = hm_arguments_value(session, "trace");
    hm_error error;
    hm_interrupt_hold();
    hm_status status = write_file(self, path, &error);
    hm_interrupt_release();
    uint64_t lost = hm_trace_lost(self);
    if (status != HM_OK) {
        warn(session, status, NULL, "the trace is lost: %s: %s", path, error.message);
    } else if (lost > 0) {
        const char *count = hm_session_text(session, "%llu", (unsigned long long)lost);
        warn(session, HM_TOO_LARGE, "give it more by --trace-memory MIB",
                "`%s` lacks %s events, the oldest, for which its memory was too small",
                path, count != NULL ? count : "some");
    }
    return HM_OK;
}

static void destroy(void *self) {
    hm_trace_destroy(self);
}

const hm_option hm_run_trace_options[] = {
        {.name = "trace",
                .operand = "FILE",
                .help = "what ran when and on which thread, for ui.perfetto.dev and "
                        "others that show Chrome's traces; also of a run that fails"},
        {.name = "trace-memory",
                .operand = "MIB",
                .help = "that the trace may take until it is written, 64 without it; "
                        "then the oldest events are given up"},
        {.name = NULL},
};

const hm_run_adapter hm_run_trace = {
        .create = create, .parts = parts, .tell = tell, .destroy = destroy};
