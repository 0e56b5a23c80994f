// digest.c — XXH3_128 of libxxhash.

#include "base/digest.h"

#include <stdio.h>
#include <string.h>
#include <xxhash.h>

// An hm_digest is the library's own state under another name.
static XXH3_state_t *state_of(hm_digest *digest) {
    return (XXH3_state_t *)(void *)digest;
}

hm_digest *hm_digest_create(void) {
    XXH3_state_t *state = XXH3_createState();
    if (state != NULL && XXH3_128bits_reset(state) != XXH_OK) {
        XXH3_freeState(state);
        return NULL;
    }
    return (hm_digest *)(void *)state;
}

void hm_digest_destroy(hm_digest *digest) {
    XXH3_freeState(state_of(digest));
}

void hm_digest_add(hm_digest *digest, const void *bytes, size_t length) {
    XXH3_128bits_update(state_of(digest), bytes, length);
}

void hm_digest_add_text(hm_digest *digest, const char *text) {
    size_t length = strlen(text);
    hm_digest_add(digest, &length, sizeof length);
    hm_digest_add(digest, text, length);
}

static void write_hash(XXH128_hash_t hash, char text[HM_DIGEST_SIZE]) {
    snprintf(text, HM_DIGEST_SIZE, "%016llx%016llx", (unsigned long long)hash.high64,
            (unsigned long long)hash.low64);
}

void hm_digest_get(const hm_digest *digest, char text[HM_DIGEST_SIZE]) {
    write_hash(XXH3_128bits_digest((const XXH3_state_t *)(const void *)digest), text);
}

void hm_digest_of(const void *bytes, size_t length, char text[HM_DIGEST_SIZE]) {
    write_hash(XXH3_128bits(bytes, length), text);
}
