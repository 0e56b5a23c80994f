// costs_file.h — --costs FILE: what earlier calls measured.

#ifndef HM_CLI_COSTS_FILE_H
#define HM_CLI_COSTS_FILE_H

#include <hamilton/costs.h>
#include <hamilton/status.h>

#include "cli/session.h"

// Reads the file; one that does not exist yet is empty. *costs is NULL without the
// option; the caller destroys it.
hm_status hm_costs_file_read(hm_session *session, hm_costs **costs);

// Writes the file anew. Does nothing without the option.
hm_status hm_costs_file_write(hm_session *session, const hm_costs *costs);

#endif
