// parcel.c — see parcel.h.

#include "adapters/cache/parcel.h"

#include <string.h>
#include <zstd.h>

#include "base/allocator.h"
#include "base/canonical.h"
#include "base/error.h"
#include "base/pack.h"

enum { LEVEL = 1 };

static void squeeze(const hm_allocator *allocator, hm_parcel *parcel) {
    size_t room = parcel->length / 4 * 3;
    unsigned char *squeezed = hm_allocate(allocator, room, 1);
    size_t stored = squeezed != NULL ? ZSTD_compress(squeezed, room, parcel->bytes,
                                               parcel->length, LEVEL)
                                     : 0;
    if (squeezed == NULL || ZSTD_isError(stored)) { // it does not fit, or no memory
        hm_deallocate(allocator, squeezed, room, 1);
        return;
    }
    parcel->squeezed = squeezed;
    parcel->room = room;
    parcel->header.packing = HM_PACKING_ZSTD;
    parcel->header.stored = stored;
}

const unsigned char *hm_parcel_bytes(const hm_parcel *parcel) {
    return parcel->squeezed != NULL ? parcel->squeezed : parcel->bytes;
}

hm_status hm_parcel_init(hm_parcel *parcel, const hm_allocator *allocator,
        const hm_form *form, const hm_hash *content, const hm_value *value,
        size_t compress_from, hm_error *error) {
    memset(parcel, 0, sizeof *parcel);
    HM_TRY(hm_pack(allocator, value, &parcel->bytes, &parcel->length, error));
    hm_value_header *header = &parcel->header;
    header->length = parcel->length;
    header->stored = parcel->length;
    header->content = *content;
    header->form = form->hash;
    if (parcel->length >= compress_from) {
        squeeze(allocator, parcel);
    }
    header->bytes = hm_hash_of(hm_parcel_bytes(parcel), (size_t)header->stored);
    hm_value_header_seal(header);
    return HM_OK;
}

void hm_parcel_finish(hm_parcel *parcel, const hm_allocator *allocator) {
    hm_deallocate(allocator, parcel->bytes, parcel->length, HM_CANONICAL_ALIGNMENT);
    hm_deallocate(allocator, parcel->squeezed, parcel->room, 1);
}
