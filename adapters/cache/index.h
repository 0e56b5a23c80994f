// index.h — what a directory store knows of keys, contents and names: an SQLite file,
// which several processes may have open. Each row carries a hash of itself, so that one
// that the disk has changed is none. An index that is no database any more is made
// anew. Any thread, but for destroy. All but create and destroy return HM_OK, HM_IO or
// HM_NO_MEMORY.

#ifndef HM_ADAPTERS_CACHE_INDEX_H
#define HM_ADAPTERS_CACHE_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hamilton/allocator.h>
#include <hamilton/status.h>

#include "adapters/cache/cached.h"
#include "base/hash.h"

typedef struct hm_index hm_index;

// Opens the index in a folder, which is checked; makes it if it is not there.
HM_MUST_CHECK hm_status hm_index_create(const hm_allocator *allocator,
        const char *folder, hm_index **index, hm_error *error);
void hm_index_destroy(hm_index *index);

hm_status hm_index_recall(hm_index *index, const hm_hash *key, hm_hash *content,
        bool *is_known, hm_error *error);
hm_status hm_index_remember(
        hm_index *index, const hm_hash *key, const hm_hash *content, hm_error *error);

// The caller leaves the entry; NULL if nothing was noted.
hm_status hm_index_noted(
        hm_index *index, const char *name, hm_cached **entry, hm_error *error);
hm_status hm_index_note(hm_index *index, const char *name, const void *bytes,
        size_t length, hm_error *error);

// Calls visit for each note, in the order of the names.
hm_status hm_index_visit_notes(hm_index *index,
        void (*visit)(void *context, const char *name, const char *text, size_t length),
        void *context, hm_error *error);

// There is a value of this size; or values were used just now.
hm_status hm_index_add(hm_index *index, const hm_hash *content, uint64_t size,
        int64_t now, hm_error *error);
hm_status hm_index_use(hm_index *index, const hm_hash *contents, size_t count,
        int64_t now, hm_error *error);

// Whether a value is known, since when it was not used, and how large it is.
typedef struct hm_index_value {
    hm_hash content;
    uint64_t size;
    int64_t used; // in seconds
} hm_index_value;

hm_status hm_index_find(
        hm_index *index, const hm_hash *content, bool *is_known, hm_error *error);
hm_status hm_index_oldest(
        hm_index *index, hm_index_value *value, bool *is_there, hm_error *error);
hm_status hm_index_total(
        hm_index *index, uint64_t *size, uint64_t *count, hm_error *error);

// Forgets a value and all keys whose result it is; or all keys whose value is unknown;
// or everything.
hm_status hm_index_forget(hm_index *index, const hm_hash *content, hm_error *error);
hm_status hm_index_forget_strays(hm_index *index, hm_error *error);
hm_status hm_index_clear(hm_index *index, hm_error *error);

#endif
