// hash.h — 128 bits of XXH3 over a stream of bytes: what contents and keys are named
// by. Not cryptographic: it tells values apart, it does not defend against an attacker.
// Nothing here allocates.

#ifndef HM_BASE_HASH_H
#define HM_BASE_HASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct hm_hash {
    uint64_t low;
    uint64_t high;
} hm_hash;

#define HM_HASH_DIGITS 32 // of its text

typedef struct hm_hasher {
    unsigned char bytes[1024]; // the hash of all blocks before, then this block
    size_t used;
} hm_hasher;

void hm_hasher_init(hm_hasher *hasher);
void hm_hasher_add(hm_hasher *hasher, const void *bytes, size_t length);

void hm_hasher_add_number(hm_hasher *hasher, uint64_t number);

// Adds also the length: "ab" "c" and "a" "bc" differ. NULL differs from "".
void hm_hasher_add_text(hm_hasher *hasher, const char *text);

// Of what was added so far.
hm_hash hm_hasher_get(const hm_hasher *hasher);

hm_hash hm_hash_of(const void *bytes, size_t length);
bool hm_hash_equal(const hm_hash *a, const hm_hash *b);

// 32 hexadecimal digits and the final NUL; false if the text begins otherwise.
void hm_hash_write(const hm_hash *hash, char text[HM_HASH_DIGITS + 1]);
bool hm_hash_read(hm_hash *hash, const char *text);

#endif
