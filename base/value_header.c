// value_header.c — see value_header.h.

#include "base/value_header.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

static_assert(sizeof(hm_value_header) == 128, "values behind it are aligned");

enum { VERSION = 1 };
static const char magic[8] = "hmvalue";

static hm_hash hash_of(const hm_value_header *header) {
    return hm_hash_of(header, offsetof(hm_value_header, seal));
}

void hm_value_header_seal(hm_value_header *header) {
    memcpy(header->magic, magic, sizeof magic);
    header->version = VERSION;
    header->seal = hash_of(header);
}

bool hm_value_header_is_whole(const hm_value_header *header) {
    hm_hash seal = hash_of(header);
    return memcmp(header->magic, magic, sizeof magic) == 0 &&
           header->version == VERSION && hm_hash_equal(&seal, &header->seal);
}

bool hm_value_header_fits(const hm_value_header *header, size_t stored,
        const hm_hash *content, const hm_hash *form) {
    return hm_value_header_is_whole(header) && header->stored == stored &&
           hm_hash_equal(&header->content, content) &&
           hm_hash_equal(&header->form, form) &&
           (header->packing == HM_PACKING_ZSTD ||
                   (header->packing == HM_PACKING_NONE && header->length == stored));
}
