// system_error.c — see system_error.h.

#include "base/system_error.h"

#include <errno.h>
#include <string.h>

#include "base/error.h"

hm_status hm_system_error(hm_error *error, const char *what) {
    int number = errno;
    if (number == ENOMEM) {
        return hm_error_no_memory(error);
    }
    char reason[128];
    if (strerror_r(number, reason, sizeof reason) != 0) {
        return hm_error_set(error, HM_IO, "%s: error %d", what, number);
    }
    return hm_error_set(error, HM_IO, "%s: %s", what, reason);
}
