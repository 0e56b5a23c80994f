// copy.h — a value that outlives what it was made from.

#ifndef HM_BASE_COPY_H
#define HM_BASE_COPY_H

#include <stdbool.h>

#include <hamilton/value.h>

#include "base/arena.h"

// Copies a value into the arena with its arrays, its texts and the texts in its
// structs; *copy has nothing to release. Objects by reference and what other pointers
// in structs point at stay borrowed. False if memory ran out.
bool hm_value_copy(const hm_value *value, hm_arena *arena, hm_value *copy);

#endif
