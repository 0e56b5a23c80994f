// digest.h — a 128-bit digest of bytes (XXH3), as code versions and cache keys use it.
// Not cryptographic: it tells versions apart, it does not defend against an attacker.

#ifndef HM_BASE_DIGEST_H
#define HM_BASE_DIGEST_H

#include <stdbool.h>
#include <stddef.h>

#define HM_DIGEST_SIZE 33 // 32 hexadecimal digits and the final NUL

typedef struct hm_digest hm_digest;

// NULL if memory ran out.
hm_digest *hm_digest_create(void);
void hm_digest_destroy(hm_digest *digest);

// Adds bytes; hm_digest_add_text also the length: "ab" "c" and "a" "bc" differ.
void hm_digest_add(hm_digest *digest, const void *bytes, size_t length);
void hm_digest_add_text(hm_digest *digest, const char *text);

// The digest of what was added so far, as text.
void hm_digest_get(const hm_digest *digest, char text[HM_DIGEST_SIZE]);

// The digest of bytes that are all there. Allocates nothing.
void hm_digest_of(const void *bytes, size_t length, char text[HM_DIGEST_SIZE]);

#endif
