// costs_file.c — see costs_file.h.

#include "cli/costs_file.h"

#include <string.h>
#include <sys/stat.h>

#include "base/error.h"
#include "base/target.h"
#include "cli/arguments.h"
#include "cli/file.h"
#include "cli/interrupt.h"

hm_status hm_costs_file_read(hm_session *session, hm_costs **costs) {
    const char *path = hm_arguments_value(session, "costs");
    if (path == NULL) {
        *costs = NULL;
        return HM_OK;
    }
    struct stat file;
    if (stat(path, &file) != 0) {
        HM_TRY(hm_file_check_folder(session, path));
        return hm_costs_create(NULL, costs) == HM_OK ? HM_OK
                                                     : hm_session_no_memory(session);
    }
    if (!S_ISREG(file.st_mode)) {
        return hm_session_fail(session, HM_IO,
                "name a file that --costs wrote, or one that is not there",
                "`%s` is not a regular file", path);
    }
    const char *text;
    size_t length;
    HM_TRY(hm_file_read(session, path, &text, &length));
    if (strlen(text) != length) {
        return hm_session_fail(session, HM_BAD_DATA,
                "name a file that --costs wrote, or one that is not there",
                "`%s` holds no costs: there is a NUL byte in it", path);
    }
    hm_error error;
    hm_status status = hm_costs_read(text, NULL, costs, &error);
    return status == HM_OK
                   ? HM_OK
                   : hm_session_fail(session, status,
                             "name a file that --costs wrote, or one that is not there",
                             "`%s` holds no costs: %s", path, error.message);
}

static hm_status write_file(
        hm_session *session, const char *path, const hm_costs *costs) {
    hm_target target;
    HM_TRY(hm_file_create(session, path, &target));
    (void)!hm_costs_write(costs, hm_target_write, &target); // commit tells
    return hm_file_commit(session, path, &target);
}

hm_status hm_costs_file_write(hm_session *session, const hm_costs *costs) {
    const char *path = hm_arguments_value(session, "costs");
    if (path == NULL) {
        return HM_OK;
    }
    hm_interrupt_hold();
    hm_status status = write_file(session, path, costs);
    hm_interrupt_release();
    return status;
}
