// system_error.h — what errno says, in a message.

#ifndef HM_BASE_SYSTEM_ERROR_H
#define HM_BASE_SYSTEM_ERROR_H

#include <hamilton/status.h>

// Writes "cannot open it: No such file or directory" after errno. Returns HM_IO, or
// HM_NO_MEMORY if that is what the system lacked.
hm_status hm_system_error(hm_error *error, const char *what);

#endif
