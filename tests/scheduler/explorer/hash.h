// hash.h — hashes of states: 64 bits, of which any two states have different ones.

#ifndef HM_TESTS_EXPLORER_HASH_H
#define HM_TESTS_EXPLORER_HASH_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

// A bijection of 64 bits: the finalizer of splitmix64 (Steele, Lea, Flood, 2014).
static inline uint64_t hm_hash_mix(uint64_t value) {
    value = (value ^ value >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    value = (value ^ value >> 27) * UINT64_C(0x94d049bb133111eb);
    return value ^ value >> 31;
}

static inline uint64_t hm_hash_pair(uint64_t a, uint64_t b) {
    return hm_hash_mix(a * UINT64_C(0x9e3779b97f4a7c15) + hm_hash_mix(b + 1));
}

static inline uint64_t hm_hash_bytes(uint64_t seed, const void *bytes, size_t size) {
    const char *at = bytes;
    uint64_t hash = seed;
    for (; size >= sizeof(uint64_t); size -= sizeof(uint64_t)) {
        uint64_t word;
        memcpy(&word, at, sizeof word);
        hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
        hash ^= hash >> 29;
        at += sizeof word;
    }
    for (; size > 0; size--) {
        hash = (hash ^ (unsigned char)*at++) * UINT64_C(0x9e3779b97f4a7c15);
    }
    return hm_hash_mix(hash);
}

#endif
