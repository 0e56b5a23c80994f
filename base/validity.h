// validity.h — which elements of an array are present, as hm_array has it.

#ifndef HM_BASE_VALIDITY_H
#define HM_BASE_VALIDITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hamilton/value.h>

#include "base/arena.h"

// For length elements that are all present, or NULL. The memory is padded to whole
// words of 64 bytes.
uint8_t *hm_validity_take(hm_arena *arena, size_t length);

// From now on element i is missing. Any thread, others at the same time.
void hm_validity_clear(uint8_t *validity, size_t i);

bool hm_validity_has(const hm_array *array, size_t i);

#endif
