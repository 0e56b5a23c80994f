// sized.c — see sized.h.

#include "base/sized.h"

#include <string.h>

#include "base/error.h"

enum { LARGEST = 4096 }; // of any struct to come

hm_status hm_sized_read(const void *given, void *known, size_t size, const char *init,
        hm_error *error) {
    size_t given_size;
    memcpy(&given_size, given, sizeof given_size);
    if (given_size < sizeof given_size || given_size > LARGEST) {
        return hm_error_set(
                error, HM_BAD_ARGUMENT, "struct_size is not set: start from %s", init);
    }
    memset(known, 0, size);
    memcpy(known, given, given_size < size ? given_size : size);
    return HM_OK;
}
