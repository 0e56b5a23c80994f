// validity.c — see validity.h.

#include "base/validity.h"

#include <string.h>

enum { LINE = 64 };

uint8_t *hm_validity_take(hm_arena *arena, size_t length) {
    size_t bytes = (length / 8 / LINE + 1) * LINE;
    uint8_t *validity = hm_arena_take(arena, bytes, LINE);
    if (validity != NULL) {
        memset(validity, 0xFF, bytes);
    }
    return validity;
}

// Neighbours share a byte: threads that clear bits of it must not undo each other.
void hm_validity_clear(uint8_t *validity, size_t i) {
    __atomic_fetch_and(&validity[i / 8], (uint8_t) ~(1u << i % 8), __ATOMIC_RELAXED);
}

bool hm_validity_has(const hm_array *array, size_t i) {
    return array->validity == NULL || (array->validity[i / 8] >> i % 8 & 1) != 0;
}
