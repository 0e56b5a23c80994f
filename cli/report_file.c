// report_file.c — see report_file.h.

#include "cli/report_file.h"

#include <sys/stat.h>

#include "base/error.h"
#include "cli/arguments.h"
#include "cli/file.h"
#include "cli/interrupt.h"

hm_status hm_report_file_check(hm_session *session) {
    const char *path = hm_arguments_value(session, "report");
    struct stat file;
    if (path == NULL) {
        return HM_OK;
    }
    if (stat(path, &file) != 0) {
        return hm_file_check_folder(session, path);
    }
    return S_ISREG(file.st_mode)
                   ? HM_OK
                   : hm_session_fail(session, HM_IO, "name a file for --report",
                             "`%s` is not a regular file", path);
}

static hm_status write_file(
        hm_session *session, const char *path, hm_run_report *report) {
    hm_target target;
    HM_TRY(hm_file_create(session, path, &target));
    (void)!hm_run_report_write(report, hm_target_write, &target); // commit tells
    return hm_file_commit(session, path, &target);
}

hm_status hm_report_file_write(hm_session *session, hm_run_report *report) {
    if (report == NULL) {
        return HM_OK;
    }
    hm_interrupt_hold();
    hm_status status =
            write_file(session, hm_arguments_value(session, "report"), report);
    hm_interrupt_release();
    return status;
}
