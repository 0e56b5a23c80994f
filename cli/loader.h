// loader.h — from what the user calls a MODULE to one that is loaded.

#ifndef HM_CLI_LOADER_H
#define HM_CLI_LOADER_H

#include <hamilton/library.h>
#include <hamilton/status.h>

#include "cli/session.h"

// Opens a .so, or a .c file that is reflected and compiled unless the cache has it. The
// caller closes *library.
hm_status hm_loader_open(hm_session *session, const char *path, hm_library **library);

#endif
