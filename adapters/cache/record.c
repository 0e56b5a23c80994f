// record.c — see record.h.

#include "adapters/cache/record.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <zstd.h>

#include "base/canonical.h"
#include "base/error.h"
#include "base/value_header.h"

static_assert(sizeof(hm_record_header) == HM_CANONICAL_ALIGNMENT,
        "values behind it are aligned");

static const char result_magic[8] = "hmresul";
static const char note_magic[8] = "hmnote1";

void hm_record_name(
        char name[HM_RECORD_NAME], const char *beginning, const hm_hash *hash) {
    memcpy(name, beginning, 3);
    hm_hash_write(hash, name + 3);
}

static hm_hash seal_of(const hm_record_header *header) {
    return hm_hash_of(header, offsetof(hm_record_header, seal));
}

static hm_record_header make(
        const char magic[8], const hm_hash *content, size_t length) {
    hm_record_header header = {.length = length, .content = *content};
    memcpy(header.magic, magic, sizeof header.magic);
    header.seal = seal_of(&header);
    return header;
}

hm_record_header hm_record_of_result(const hm_hash *content, size_t length) {
    return make(result_magic, content, length);
}

hm_record_header hm_record_of_note(const void *text, size_t length) {
    hm_hash hash = hm_hash_of(text, length);
    return make(note_magic, &hash, length);
}

static bool is_whole(const char magic[8], const void *bytes, size_t length,
        hm_record_header *header) {
    if (length < sizeof *header) {
        return false;
    }
    memcpy(header, bytes, sizeof *header);
    hm_hash seal = seal_of(header);
    return memcmp(header->magic, magic, sizeof header->magic) == 0 &&
           header->length == length - sizeof *header &&
           hm_hash_equal(&seal, &header->seal);
}

bool hm_record_is_result(
        const void *bytes, size_t length, hm_hash *content, bool *has_value) {
    hm_record_header header;
    if (!is_whole(result_magic, bytes, length, &header)) {
        return false;
    }
    *content = header.content;
    *has_value = header.length > 0;
    return true;
}

bool hm_record_is_note(const void *bytes, size_t length) {
    hm_record_header header;
    if (!is_whole(note_magic, bytes, length, &header)) {
        return false;
    }
    hm_hash hash =
            hm_hash_of((const char *)bytes + sizeof header, length - sizeof header);
    return hm_hash_equal(&hash, &header.content);
}

// In place of the record an entry of what it was before it was compressed.
static hm_status decompress(hm_cached **record, const hm_value_header *header,
        const unsigned char *stored) {
    unsigned long long length = ZSTD_getFrameContentSize(stored, header->stored);
    if (length != header->length) {
        return HM_BAD_DATA;
    }
    hm_cached *entry = hm_cached_create((*record)->allocator, (size_t)header->length);
    if (entry == NULL) {
        return HM_NO_MEMORY;
    }
    if (ZSTD_decompress(entry->bytes, entry->length, stored, header->stored) !=
            entry->length) {
        hm_cached_leave(entry);
        return HM_BAD_DATA;
    }
    hm_cached_leave(*record);
    *record = entry;
    return HM_OK;
}

static hm_status make_value(hm_cached **record, size_t at, const hm_form *form,
        const hm_hash *content, size_t most_bytes) {
    const hm_cached_block *block = &(*record)->block;
    hm_value_header header;
    if (block->length < at + sizeof header) {
        return HM_BAD_DATA;
    }
    memcpy(&header, (const char *)block->start + at, sizeof header);
    const unsigned char *stored =
            (const unsigned char *)block->start + at + sizeof header;
    size_t length = block->length - at - sizeof header;
    if (!hm_value_header_fits(&header, length, content, &form->hash) ||
            header.length > most_bytes) {
        return HM_BAD_DATA;
    }
    hm_hash hash = hm_hash_of(stored, length);
    if (!hm_hash_equal(&hash, &header.bytes)) {
        return HM_BAD_DATA;
    }
    if (header.packing == HM_PACKING_ZSTD) {
        HM_TRY(decompress(record, &header, stored));
    } else {
        (*record)->bytes = (unsigned char *)(uintptr_t)stored;
        (*record)->length = length;
    }
    return hm_cached_unpack(*record, form);
}

hm_status hm_record_open(hm_cached **record, size_t at, const hm_form *form,
        const hm_hash *content, size_t most_bytes) {
    hm_status status = make_value(record, at, form, content, most_bytes);
    if (status != HM_OK) {
        hm_cached_leave(*record);
        *record = NULL;
    }
    return status;
}
