// execution.h — a run of the command line, which a signal cancels.

#ifndef HM_CLI_EXECUTION_H
#define HM_CLI_EXECUTION_H

#include <hamilton/driver.h>
#include <hamilton/status.h>

#include "cli/session.h"

// hm_driver_execute(), until a signal comes: then HM_CANCELLED, whatever came of it.
hm_status hm_execution_run(hm_session *session, const hm_driver *driver,
        const hm_request *request, hm_results **results, hm_error *error);

#endif
