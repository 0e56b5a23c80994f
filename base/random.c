// random.c — see random.h.

#include "base/random.h"

uint64_t hm_random_draw(_Atomic(uint64_t) *state) {
    const uint64_t gamma = UINT64_C(0x9e3779b97f4a7c15);
    // Relaxed: no two draws are the same, and nothing else depends on it.
    uint64_t z = gamma + atomic_fetch_add_explicit(state, gamma, memory_order_relaxed);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}
