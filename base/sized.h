// sized.h — structs that begin with their size, so that fields can be added later.

#ifndef HM_BASE_SIZED_H
#define HM_BASE_SIZED_H

#include <stddef.h>

#include <hamilton/status.h>

// Copies a struct of the caller's into one of size bytes: fields that the caller's
// header did not have are zero. HM_BAD_ARGUMENT, which names the macro to start from,
// if its size is not set.
HM_MUST_CHECK hm_status hm_sized_read(
        const void *given, void *known, size_t size, const char *init, hm_error *error);

#endif
