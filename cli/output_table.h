// output_table.h — results as a table for the eye.

#ifndef HM_CLI_OUTPUT_TABLE_H
#define HM_CLI_OUTPUT_TABLE_H

#include <hamilton/results.h>
#include <hamilton/status.h>

#include "cli/session.h"

// Prints single values as lines of name and value, then arrays as columns beside the
// numbers of their rows, those of one length together. On a terminal the middle of long
// ones is left out.
hm_status hm_output_table(hm_session *session, const hm_results *results);

#endif
