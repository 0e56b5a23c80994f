// run_report_file.c — --report FILE: what the run did, node by node.

#include <hamilton/run_report.h>

#include "base/error.h"
#include "cli/arguments.h"
#include "cli/file.h"
#include "cli/interrupt.h"
#include "cli/run_adapters.h"

static hm_status create(hm_session *session, void **self) {
    const char *path = hm_arguments_value(session, "report");
    if (path == NULL) {
        return HM_OK;
    }
    HM_TRY(hm_file_check_place(session, path, "--report"));
    hm_run_report *report;
    if (hm_run_report_create(NULL, &report, NULL) != HM_OK) {
        return hm_session_no_memory(session);
    }
    *self = report;
    return HM_OK;
}

static size_t parts(void *self, const hm_adapter *made[HM_RUN_ADAPTER_PARTS]) {
    made[0] = hm_run_report_adapter(self);
    return 1;
}

static hm_status write_file(
        hm_session *session, const char *path, hm_run_report *report) {
    hm_target target;
    HM_TRY(hm_file_create(session, path, &target));
    (void)!hm_run_report_write(report, hm_target_write, &target); // commit tells
    return hm_file_commit(session, path, &target);
}

static hm_status tell(hm_session *session, void *self) {
    hm_interrupt_hold();
    hm_status status = write_file(session, hm_arguments_value(session, "report"), self);
    hm_interrupt_release();
    return status;
}

static void destroy(void *self) {
    hm_run_report_destroy(self);
}

const hm_option hm_run_report_options[] = {
        {.name = "report",
                .operand = "FILE",
                .help = "what the run did, node by node, as JSON: states, times, rows, "
                        "bytes, reasons; also of a run that fails"},
        {.name = NULL},
};

const hm_run_adapter hm_run_report_file = {
        .create = create, .parts = parts, .tell = tell, .destroy = destroy};
