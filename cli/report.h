// report.h — what went wrong, told to the user on standard error.

#ifndef HM_CLI_REPORT_H
#define HM_CLI_REPORT_H

#include <hamilton/driver.h>
#include <hamilton/status.h>

#include "cli/question.h"
#include "cli/session.h"

// Prints those faults of the session that were not told yet. With the graph and the
// question, missing inputs are listed together with who needs them, and with the
// columns that data files have instead; both may be NULL. status is what the command
// came to: where no fault tells why, its own text does.
void hm_report_faults(hm_session *session, hm_status status, const hm_graph *graph,
        const hm_question *question);

// Prints only the warnings among them: the errors stand in the command's result.
void hm_report_warnings(hm_session *session);

#endif
