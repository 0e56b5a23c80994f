// origin.h — how the dataflow of a command line is built again: its modules and the
// options about them, for bundles.

#ifndef HM_CLI_ORIGIN_H
#define HM_CLI_ORIGIN_H

#include <hamilton/bundle.h>
#include <hamilton/status.h>

#include "cli/session.h"

// In the session's memory.
hm_status hm_origin_read(hm_session *session, hm_bundle_origin *origin);

#endif
