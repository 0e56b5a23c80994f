// run_timings.c — --timings: how long nodes took, as a table after the run.

#include <stdio.h>

#include <hamilton/timings.h>

#include "cli/arguments.h"
#include "cli/run_adapters.h"
#include "cli/terminal.h"

static hm_status create(hm_session *session, void **self) {
    if (hm_arguments_value(session, "timings") == NULL) {
        return HM_OK;
    }
    hm_timings *timings;
    if (hm_timings_create(NULL, &timings, NULL) != HM_OK) {
        return hm_session_no_memory(session);
    }
    *self = timings;
    return HM_OK;
}

static size_t parts(void *self, const hm_adapter *made[HM_RUN_ADAPTER_PARTS]) {
    made[0] = hm_timings_adapter(self);
    return 1;
}

static hm_status tell(hm_session *session, void *self) {
    if (hm_timings_read(self, NULL, 0) == 0) {
        return HM_OK; // nothing was planned
    }
    fflush(stdout); // what was printed of the results stands before it
    return hm_timings_write(self, hm_terminal_write, stderr) == HM_NO_MEMORY
                   ? hm_session_no_memory(session)
                   : HM_OK;
}

static void destroy(void *self) {
    hm_timings_destroy(self);
}

const hm_option hm_run_timings_options[] = {
        {.name = "timings",
                .help = "after the run, how long each node took, as a table on "
                        "standard "
                        "error, the longest first"},
        {.name = NULL},
};

const hm_run_adapter hm_run_timings = {
        .create = create, .parts = parts, .tell = tell, .destroy = destroy};
