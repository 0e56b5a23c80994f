// bits.c — see bits.h. Single bits up to a byte's border, then whole bytes.

#include "adapters/arrow/bits.h"

#include <string.h>

bool hm_bits_get(const uint8_t *bits, size_t at) {
    return (bits[at / 8] >> at % 8 & 1) != 0;
}

void hm_bits_clear(uint8_t *bits, size_t at) {
    bits[at / 8] = (uint8_t)(bits[at / 8] & ~(1u << at % 8));
}

uint8_t *hm_bits_take(hm_arena *arena, size_t count) {
    return hm_arena_array(arena, count / 8 + 1 + sizeof(uint64_t), 1);
}

size_t hm_bits_zeros(const uint8_t *bits, size_t start, size_t count) {
    size_t ones = 0;
    size_t at = start;
    size_t end = start + count;
    for (; at < end && at % 8 != 0; at++) {
        ones += hm_bits_get(bits, at);
    }
    for (; end - at >= 64; at += 64) {
        uint64_t word;
        memcpy(&word, bits + at / 8, sizeof word);
        ones += (size_t)__builtin_popcountll(word);
    }
    for (; end - at >= 8; at += 8) {
        ones += (size_t)__builtin_popcount(bits[at / 8]);
    }
    for (; at < end; at++) {
        ones += hm_bits_get(bits, at);
    }
    return count - ones;
}

static void put(uint8_t *bits, size_t at, bool bit) {
    unsigned mask = 1u << at % 8;
    bits[at / 8] = (uint8_t)(bit ? bits[at / 8] | mask : bits[at / 8] & ~mask);
}

static uint8_t byte_at(const uint8_t *bits, size_t at) {
    unsigned low = bits[at / 8];
    unsigned high = at % 8 == 0 ? 0 : bits[at / 8 + 1];
    return (uint8_t)((low | high << 8) >> at % 8);
}

void hm_bits_copy(uint8_t *bits, size_t start, const uint8_t *from, size_t from_start,
        size_t count) {
    size_t done = 0;
    for (; done < count && (start + done) % 8 != 0; done++) {
        put(bits, start + done, from == NULL || hm_bits_get(from, from_start + done));
    }
    for (; count - done >= 8; done += 8) {
        bits[(start + done) / 8] =
                from == NULL ? UINT8_MAX : byte_at(from, from_start + done);
    }
    for (; done < count; done++) {
        put(bits, start + done, from == NULL || hm_bits_get(from, from_start + done));
    }
}
