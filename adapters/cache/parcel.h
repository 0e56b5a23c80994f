// parcel.h — a value on its way into a store: its packed bytes, perhaps compressed, and
// the header that tells whether they are whole, see value_file.h.

#ifndef HM_ADAPTERS_CACHE_PARCEL_H
#define HM_ADAPTERS_CACHE_PARCEL_H

#include <stddef.h>

#include <hamilton/allocator.h>
#include <hamilton/status.h>
#include <hamilton/value.h>

#include "base/content.h"
#include "base/hash.h"
#include "base/value_header.h"

typedef struct hm_parcel {
    hm_value_header header;
    unsigned char *bytes; // packed
    size_t length;
    unsigned char *squeezed; // compressed, or NULL
    size_t room;
} hm_parcel;

// From so many bytes on they are compressed, if that saves a quarter. Errors as of
// hm_pack.
HM_MUST_CHECK hm_status hm_parcel_init(hm_parcel *parcel, const hm_allocator *allocator,
        const hm_form *form, const hm_hash *content, const hm_value *value,
        size_t compress_from, hm_error *error);
void hm_parcel_finish(hm_parcel *parcel, const hm_allocator *allocator);

// What follows the header: header.stored bytes.
const unsigned char *hm_parcel_bytes(const hm_parcel *parcel);

#endif
