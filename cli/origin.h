// origin.h — how the dataflow of a command line is built again: its modules and the
// options about them, for bundles.

#ifndef HM_CLI_ORIGIN_H
#define HM_CLI_ORIGIN_H

#include <hamilton/bundle.h>
#include <hamilton/status.h>

#include "cli/session.h"

// In the session's memory.
hm_status hm_origin_read(hm_session *session, hm_bundle_origin *origin);

// The folder of a bundle that an option names, without slashes behind it; NULL if the
// option was not given.
hm_status hm_origin_folder(
        hm_session *session, const char *option, const char **folder);

#endif
