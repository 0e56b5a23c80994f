// value_file.h — one value in one file, named by its content. A file appears whole, by
// its name, and never changes; whatever else is found under a name, after a crash, on a
// bad disk, is no value:
//
//     ┌──────────────────────── 128 bytes ────────────────────────┬─────────┐
//     │ magic, version, packing, lengths, hashes of content, form │ packed  │
//     │ and packed bytes, and of all these                        │ bytes   │
//     └───────────────────────────────────────────────────────────┴─────────┘

#ifndef HM_ADAPTERS_CACHE_VALUE_FILE_H
#define HM_ADAPTERS_CACHE_VALUE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hamilton/allocator.h>
#include <hamilton/status.h>
#include <hamilton/value.h>

#include "adapters/cache/cached.h"
#include "adapters/cache/folder.h"
#include "base/content.h"

// Writes a file unless it is there. From so many bytes on they are compressed, if that
// saves a quarter. *size is that of the file. HM_IO, HM_NO_MEMORY.
HM_MUST_CHECK hm_status hm_value_file_write(const hm_folder *folder,
        const hm_allocator *allocator, const hm_form *form, const hm_hash *content,
        const hm_value *value, size_t compress_from, uint64_t *size, hm_error *error);

// The value in a file, or NULL if there is none; *is_damaged if there was something
// else, which is removed then. Large ones are mapped, others are read. HM_IO,
// HM_NO_MEMORY.
HM_MUST_CHECK hm_status hm_value_file_read(const hm_folder *folder,
        const hm_allocator *allocator, const hm_form *form, const hm_hash *content,
        hm_cached **entry, bool *is_damaged, hm_error *error);

#endif
