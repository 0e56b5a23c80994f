// report_file.h — --report FILE: what the run did, node by node.

#ifndef HM_CLI_REPORT_FILE_H
#define HM_CLI_REPORT_FILE_H

#include <hamilton/run_report.h>

#include "cli/session.h"

// Whether the file can be written, if one was named: better told before the run.
hm_status hm_report_file_check(hm_session *session);

// Writes the report of the run, however that ended; nothing if report is NULL.
hm_status hm_report_file_write(hm_session *session, hm_run_report *report);

#endif
