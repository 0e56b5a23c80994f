// run_record.c — see run_record.h.

#include "cli/run_record.h"

#include <sys/stat.h>

#include <hamilton/bundle.h>

#include "base/error.h"
#include "cli/file.h"
#include "cli/interrupt.h"
#include "cli/origin.h"

const hm_option hm_run_record_options[] = {
        {.name = "record",
                .operand = "FOLDER",
                .help = "the run becomes a test case: inputs and outputs are written "
                        "there, and `hamilton replay` runs it again and compares"},
        {.name = NULL},
};

// What is there is replaced if it is a bundle, which shows when it is written.
hm_status hm_run_record_check(hm_session *session) {
    const char *folder;
    struct stat status;
    HM_TRY(hm_origin_folder(session, "record", &folder));
    if (folder == NULL) {
        return HM_OK;
    }
    if (stat(folder, &status) == 0) {
        return S_ISDIR(status.st_mode)
                       ? HM_OK
                       : hm_session_fail(session, HM_IO, "name a folder for --record",
                                 "`%s` is no folder", folder);
    }
    return hm_file_check_folder(session, folder);
}

hm_status hm_run_record(hm_session *session, const hm_driver *driver,
        const hm_request *request, hm_status status, const hm_results *results) {
    const char *folder;
    HM_TRY(hm_origin_folder(session, "record", &folder));
    if (folder == NULL) {
        return HM_OK;
    }
    if (results == NULL && status != HM_NODE_FAILED && status != HM_CANCELLED &&
            status != HM_DEADLINE) {
        return HM_OK; // it did not even begin
    }
    if (results == NULL) {
        hm_faults_add(&session->faults,
                &(hm_diagnostic){.status = HM_NODE_FAILED,
                        .severity = HM_SEVERITY_WARNING,
                        .message = "the run is not recorded, as it did not come to its "
                                   "end",
                        .mend = "of a run that fails --keep-going makes a record"});
        return HM_OK;
    }
    hm_bundle_origin origin;
    HM_TRY(hm_origin_read(session, &origin));
    hm_error error;
    hm_interrupt_hold();
    status = hm_bundle_record(folder, driver, request, results, &origin, &error);
    hm_interrupt_release();
    return status == HM_OK ? HM_OK
                           : hm_session_fail(session, status, NULL,
                                     "the run is not recorded: %s", error.message);
}
