// record.h — what lies under a name in a store of bytes. Nothing of it is believed
// before hashes are seen to be right: whoever else may write there.
//
//     r1:KEY      what a key's result is    ┌ 64 bytes ┬ perhaps, if it is small ┐
//                                           │ header   │ the value, as in a file │
//     v1:CONTENT  a value                   └──────────┴─────────────────────────┘
//                                           as in a value file, see value_file.h
//     n1:NODE     what was noted last       header, then the text
//
// The number is a version: another one of the library finds nothing of ours.

#ifndef HM_ADAPTERS_CACHE_RECORD_H
#define HM_ADAPTERS_CACHE_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hamilton/allocator.h>
#include <hamilton/status.h>

#include "adapters/cache/cached.h"
#include "adapters/cache/parcel.h"
#include "base/content.h"
#include "base/hash.h"

#define HM_RECORD_RESULTS "r1:"
#define HM_RECORD_VALUES "v1:"
#define HM_RECORD_NOTES "n1:"

// Room for the name of a result or a value, and its NUL.
enum { HM_RECORD_NAME = 3 + HM_HASH_DIGITS + 1 };

void hm_record_name(
        char name[HM_RECORD_NAME], const char *beginning, const hm_hash *hash);

typedef struct hm_record_header {
    unsigned char magic[8];
    uint64_t length; // of what follows
    hm_hash content; // of the result; of a note its bytes' hash
    hm_hash rest;    // zero
    hm_hash seal;    // of all before
} hm_record_header;

// A header of a result, behind which so many bytes of its value follow; or of a note.
hm_record_header hm_record_of_result(const hm_hash *content, size_t length);
hm_record_header hm_record_of_note(const void *text, size_t length);

// Whether bytes are those of a result; then its content, and whether its value follows.
bool hm_record_is_result(
        const void *bytes, size_t length, hm_hash *content, bool *has_value);
bool hm_record_is_note(const void *bytes, size_t length);

// Makes the value of a record's bytes from `at` on, of which most_bytes are believed;
// *record becomes an entry of it. HM_BAD_DATA if it is not the value of this content
// and form, HM_NO_MEMORY; then *record is left.
HM_MUST_CHECK hm_status hm_record_open(hm_cached **record, size_t at,
        const hm_form *form, const hm_hash *content, size_t most_bytes);

#endif
