// inner.h — the modules that others name by HM_SUBDAG.

#ifndef HM_CLI_INNER_H
#define HM_CLI_INNER_H

#include <hamilton/status.h>

#include "cli/dataflow.h"
#include "cli/session.h"

// Loads what the modules of the dataflow name, and what that names, where it is not
// there yet. Of a C file, the path is seen from its folder; of a shared object, that of
// a C file stands for a shared object of the same name, seen from its own. All are
// tried, so that the faults of all are reported.
hm_status hm_inner_load(hm_session *session, hm_dataflow *dataflow);

#endif
