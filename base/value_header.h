// value_header.h — what stands before the bytes of a value file.

#ifndef HM_BASE_VALUE_HEADER_H
#define HM_BASE_VALUE_HEADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"

typedef enum hm_packing {
    HM_PACKING_NONE,
    HM_PACKING_ZSTD,
} hm_packing;

typedef struct hm_value_header {
    unsigned char magic[8];
    uint32_t version;
    uint32_t packing; // hm_packing
    uint64_t length;  // of the packed bytes
    uint64_t stored;  // of what follows the header: the same, or compressed
    hm_hash content;
    hm_hash form;
    hm_hash bytes; // of what follows
    unsigned char rest[32];
    hm_hash seal; // of all before
} hm_value_header;

// All but the seal is zero, or set by the caller.
void hm_value_header_seal(hm_value_header *header);

// Whether somebody sealed it, and with this version.
bool hm_value_header_is_whole(const hm_value_header *header);

// Whether it is whole, and stands before so many bytes of a value of this content and
// form, by its hash.
bool hm_value_header_fits(const hm_value_header *header, size_t stored,
        const hm_hash *content, const hm_hash *form);

#endif
