// directory_store.h — a store in a folder, which processes share.

#ifndef HM_ADAPTERS_CACHE_DIRECTORY_STORE_H
#define HM_ADAPTERS_CACHE_DIRECTORY_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "adapters/cache/folder.h"
#include "adapters/cache/index.h"
#include "adapters/cache/store.h"

typedef struct hm_directory_options {
    const char *path;
    bool may_make;        // the folder, if it is not there
    uint64_t max_bytes;   // of value files; UINT64_MAX for any number
    uint64_t max_seconds; // since a value was used; UINT64_MAX for any time
    size_t compress_from; // bytes of a value; SIZE_MAX: never
} hm_directory_options;

// Refuses what hm_folder_open does. HM_IO, HM_NO_MEMORY.
HM_MUST_CHECK hm_status hm_directory_store_create(const hm_allocator *allocator,
        const hm_directory_options *options, hm_store **store, hm_error *error);

// Brings a store that was created so to its limits, and removes what nobody knows:
// drafts without a writer, and values that are not in the index.
hm_status hm_directory_store_collect(hm_store *store, hm_error *error);

// Removes everything. What others have loaded stays theirs.
hm_status hm_directory_store_clear(hm_store *store, hm_error *error);

hm_index *hm_directory_store_index(hm_store *store);

#endif
