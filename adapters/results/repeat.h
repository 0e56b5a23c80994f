// repeat.h — a single value as an array.

#ifndef HM_ADAPTERS_RESULTS_REPEAT_H
#define HM_ADAPTERS_RESULTS_REPEAT_H

#include <stdbool.h>

#include <hamilton/value.h>

#include "base/arena.h"

// A value of depth 0 as often as `count` says, in the arena; what it points at stays
// where it is. repeated may be the value. False if memory ran out.
bool hm_repeat(
        const hm_value *value, size_t count, hm_arena *arena, hm_value *repeated);

#endif
