// random.h — numbers that are hard to guess in advance, but no secrets.

#ifndef HM_BASE_RANDOM_H
#define HM_BASE_RANDOM_H

#include <stdatomic.h>
#include <stdint.h>

// The next number: no two draws are the same, whoever draws. The mixing is that of
// SplitMix64 (Steele, Lea, Flood 2014). Any thread.
uint64_t hm_random_draw(_Atomic(uint64_t) *state);

#endif
