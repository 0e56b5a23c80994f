// revision.h — REV:path, a module of a git revision.

#ifndef HM_CLI_REVISION_H
#define HM_CLI_REVISION_H

#include <hamilton/status.h>

#include "cli/session.h"

// The file that an operand names: itself, or for REV:path a copy in the cache, beside
// copies of all C files and headers of the revision, so that it finds what it includes.
hm_status hm_revision_path(hm_session *session, const char *operand, const char **path);

#endif
