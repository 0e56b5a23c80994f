// bits.h — bitmaps as Arrow has them: bit i is bit i % 8 of byte i / 8, from the least
// significant on.

#ifndef HM_ADAPTERS_ARROW_BITS_H
#define HM_ADAPTERS_ARROW_BITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

bool hm_bits_get(const uint8_t *bits, size_t at);
void hm_bits_clear(uint8_t *bits, size_t at);

// So many bits, all 0, or NULL. Bytes follow that are not used: some libraries read a
// bitmap in larger pieces than it has.
uint8_t *hm_bits_take(hm_arena *arena, size_t count);

// How many of `count` bits from `start` on are 0.
size_t hm_bits_zeros(const uint8_t *bits, size_t start, size_t count);

// Sets `count` bits from `start` on to those of `from`, from its bit `from_start` on; a
// NULL `from` has ones.
void hm_bits_copy(uint8_t *bits, size_t start, const uint8_t *from, size_t from_start,
        size_t count);

#endif
