// hash.c — a stream is hashed in blocks, each together with the hash of what came
// before it, so that a short stream, of which there are many, is one call of XXH3.

#include "base/hash.h"

#include <stdio.h>
#include <string.h>
#include <xxhash.h>

hm_hash hm_hash_of(const void *bytes, size_t length) {
    XXH128_hash_t hash = XXH3_128bits(bytes, length);
    return (hm_hash){.low = hash.low64, .high = hash.high64};
}

bool hm_hash_equal(const hm_hash *a, const hm_hash *b) {
    return a->low == b->low && a->high == b->high;
}

void hm_hasher_init(hm_hasher *hasher) {
    memset(hasher->bytes, 0, sizeof(hm_hash));
    hasher->used = sizeof(hm_hash);
}

hm_hash hm_hasher_get(const hm_hasher *hasher) {
    return hm_hash_of(hasher->bytes, hasher->used);
}

void hm_hasher_add(hm_hasher *hasher, const void *bytes, size_t length) {
    const unsigned char *from = bytes;
    while (length > 0) {
        if (hasher->used == sizeof hasher->bytes) {
            hm_hash before = hm_hasher_get(hasher);
            memcpy(hasher->bytes, &before, sizeof before);
            hasher->used = sizeof before;
        }
        size_t room = sizeof hasher->bytes - hasher->used;
        size_t part = length < room ? length : room;
        memcpy(hasher->bytes + hasher->used, from, part);
        hasher->used += part;
        from += part;
        length -= part;
    }
}

void hm_hasher_add_number(hm_hasher *hasher, uint64_t number) {
    hm_hasher_add(hasher, &number, sizeof number);
}

void hm_hasher_add_text(hm_hasher *hasher, const char *text) {
    uint64_t length = text != NULL ? strlen(text) : UINT64_MAX;
    hm_hasher_add_number(hasher, length);
    if (text != NULL) {
        hm_hasher_add(hasher, text, (size_t)length);
    }
}

void hm_hash_write(const hm_hash *hash, char text[HM_HASH_DIGITS + 1]) {
    snprintf(text, HM_HASH_DIGITS + 1, "%016llx%016llx", (unsigned long long)hash->high,
            (unsigned long long)hash->low);
}

static bool read_digits(uint64_t *number, const char *text) {
    *number = 0;
    for (size_t i = 0; i < HM_HASH_DIGITS / 2; i++) {
        const char *digits = "0123456789abcdef";
        const char *digit = text[i] != '\0' ? strchr(digits, text[i]) : NULL;
        if (digit == NULL) {
            return false;
        }
        *number = *number << 4 | (uint64_t)(digit - digits);
    }
    return true;
}

bool hm_hash_read(hm_hash *hash, const char *text) {
    return read_digits(&hash->high, text) &&
           read_digits(&hash->low, text + HM_HASH_DIGITS / 2);
}
