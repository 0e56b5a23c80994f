// copy.h — a value that stands on its own.

#ifndef HM_ENGINE_COPY_H
#define HM_ENGINE_COPY_H

#include <hamilton/allocator.h>
#include <hamilton/value.h>

#include "base/error.h"

// Copies a value with its arrays, strings, and the strings in its structs. Objects by
// reference and what a struct's other pointers point at stay the caller's. Keeps
// allocator; *copy is left alone on failure. The caller releases *copy.
hm_status hm_value_copy(
        const hm_value *value, const hm_allocator *allocator, hm_value *copy);

#endif
