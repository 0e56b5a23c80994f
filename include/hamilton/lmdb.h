// lmdb.h — an LMDB file as what a cache keeps its results in: many small values at a
// high rate, shared by the processes of one machine. A component of its own,
// libhamilton_lmdb, since it needs LMDB. Only programs that link it have these
// functions. docs/adapters/lmdb.md is the guide.
//
//     hm_lmdb_options lmdb = HM_LMDB_OPTIONS_INIT;
//     lmdb.directory = "results";
//     hm_cache_options options = HM_CACHE_OPTIONS_INIT;
//     hm_cache *cache;
//     if (hm_lmdb_store_create(&lmdb, &options.store, &error) == HM_OK &&
//             hm_cache_create(&options, &cache, &error) == HM_OK) {
//         ...
//         hm_cache_destroy(cache); // and the store
//     }
//
// A process that is killed at any time leaves the file whole. Nothing is brought to the
// disk on purpose: after a power failure the store has what it had, or is empty.

#ifndef HAMILTON_LMDB_H
#define HAMILTON_LMDB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hamilton/allocator.h>
#include <hamilton/cache_store.h>
#include <hamilton/export.h>
#include <hamilton/status.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct hm_lmdb_options {
    size_t struct_size;

    /// A folder on a local file system, which is made if it is not there; copied.
    const char *directory;

    /// The folder is there already: nothing is made.
    bool must_exist;

    /// What was put first makes room when more would be kept. 0 means 1 GiB. Twice as
    /// much of address space is taken. Of stores that share a folder in one process
    /// the first one's counts.
    uint64_t max_bytes;

    const hm_allocator *allocator; ///< Kept. NULL means the default
} hm_lmdb_options;

#define HM_LMDB_OPTIONS_INIT                                                           \
    { .struct_size = sizeof(hm_lmdb_options) }

/// For hm_cache_options.store, which destroys it. HM_BAD_ARGUMENT if the folder cannot
/// be one, or must not: it is a link, another user's, or others can write to it. HM_IO
/// if the operating system has trouble. A file in it that is damaged is made anew.
HM_API HM_MUST_CHECK hm_status hm_lmdb_store_create(
        const hm_lmdb_options *options, hm_cache_store **store, hm_error *error);

/// Of a store that no cache was given. Accepts NULL.
HM_API void hm_lmdb_store_destroy(hm_cache_store *store);

#ifdef __cplusplus
}
#endif

#endif
