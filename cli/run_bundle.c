// run_bundle.c — --bundle: what nodes failed with, see <hamilton/bundle.h>.

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <hamilton/bundle.h>

#include "base/error.h"
#include "cli/arguments.h"
#include "cli/file.h"
#include "cli/interrupt.h"
#include "cli/origin.h"
#include "cli/run_adapters.h"

// Better told before the run than after it.
static hm_status check(hm_session *session, const char *folder) {
    struct stat status;
    if (stat(folder, &status) != 0) {
        return hm_file_check_folder(session, folder);
    }
    if (!S_ISDIR(status.st_mode)) {
        return hm_session_fail(session, HM_IO, "name a folder for --bundle",
                "`%s` is no folder", folder);
    }
    return access(folder, W_OK | X_OK) == 0
                   ? HM_OK
                   : hm_session_fail(session, HM_IO, NULL,
                             "nothing can be written into `%s`: %s", folder,
                             strerror(errno));
}

static hm_status create(hm_session *session, void **self) {
    const char *folder;
    HM_TRY(hm_origin_folder(session, "bundle", &folder));
    if (folder == NULL) {
        return HM_OK;
    }
    HM_TRY(check(session, folder));
    hm_bundles_options options = HM_BUNDLES_OPTIONS_INIT;
    options.folder = folder;
    // Rows that may fail must not mean another thing because somebody looks on.
    options.only_sees = hm_arguments_value(session, "rows-may-fail") != NULL;
    HM_TRY(hm_origin_read(session, &options.origin));
    hm_bundles *bundles;
    hm_error error;
    hm_status status = hm_bundles_create(&options, &bundles, &error);
    if (status != HM_OK) {
        return hm_session_fail(session, status, NULL, "%s", error.message);
    }
    *self = bundles;
    return HM_OK;
}

static size_t parts(void *self, const hm_adapter *made[HM_RUN_ADAPTER_PARTS]) {
    made[0] = hm_bundles_adapter(self);
    return 1;
}

static hm_status tell(hm_session *session, void *self) {
    hm_bundles *bundles = self;
    for (size_t i = 0; i < hm_bundles_count(bundles); i++) {
        const char *path = hm_bundles_path(bundles, i);
        fprintf(stderr, "bundle: `hamilton replay %s` runs it again\n", path);
    }
    const char *trouble = hm_bundles_trouble(bundles);
    if (trouble[0] != '\0') {
        hm_faults_format(&session->faults,
                (hm_diagnostic){.status = HM_IO, .severity = HM_SEVERITY_WARNING}, "%s",
                trouble);
    }
    return HM_OK;
}

static void destroy(void *self) {
    hm_bundles_destroy(self);
}

const hm_option hm_run_bundle_options[] = {
        {.name = "bundle",
                .operand = "FOLDER",
                .help = "what a node failed with is written into a folder there, from "
                        "which `hamilton replay` runs that node alone again"},
        {.name = NULL},
};

const hm_run_adapter hm_run_bundle = {
        .create = create, .parts = parts, .tell = tell, .destroy = destroy};
