// run_record.h — --record: a run becomes a test case, see <hamilton/bundle.h>.

#ifndef HM_CLI_RUN_RECORD_H
#define HM_CLI_RUN_RECORD_H

#include <hamilton/driver.h>

#include "cli/command.h"
#include "cli/session.h"

extern const hm_option hm_run_record_options[];

// What can be seen before something is computed for it.
hm_status hm_run_record_check(hm_session *session);

// Writes the record if one is wanted; of a run that ended before its results, NULL, it
// tells that there is none.
hm_status hm_run_record(hm_session *session, const hm_driver *driver,
        const hm_request *request, hm_status status, const hm_results *results);

#endif
