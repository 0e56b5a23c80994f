// copy.h — a value that outlives what it was made from.

#ifndef HM_GRAPH_COPY_H
#define HM_GRAPH_COPY_H

#include <stdbool.h>

#include <hamilton/value.h>

#include "base/arena.h"

// Copies a value into the arena, texts included; *copy has nothing to release. What is
// reached by pointer alone, objects and the insides of structs, stays borrowed. False
// if memory ran out.
bool hm_value_copy(const hm_value *value, hm_arena *arena, hm_value *copy);

#endif
