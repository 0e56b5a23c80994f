// cache_folder.h — a folder for a directory store, and values that tell their number.

#ifndef HM_TESTS_SUPPORT_CACHE_FOLDER_H
#define HM_TESTS_SUPPORT_CACHE_FOLDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "adapters/cache/store.h"

typedef struct hm_cache_folder {
    char parent[64];
    char path[80];
} hm_cache_folder;

// The folder itself is not made.
void hm_cache_folder_init(hm_cache_folder *folder);
void hm_cache_folder_finish(hm_cache_folder *folder);

// How many files there are in a folder inside of it; their paths, if `path` is not
// NULL, of the one at index `which`.
size_t hm_cache_folder_count(const hm_cache_folder *folder, const char *inside,
        size_t which, char path[512]);

// Makes all files in a folder inside of it so many seconds older.
void hm_cache_folder_age(
        const hm_cache_folder *folder, const char *inside, int64_t seconds);

// With limits that are never reached.
hm_store *hm_cache_folder_open(const hm_cache_folder *folder);

// Keeps a column of length longs that are all `number`, and remembers it under a key.
hm_status hm_test_keep(
        hm_store *store, uint64_t number, size_t length, hm_error *error);

// What that column is.
hm_hash hm_test_content_of(uint64_t number, size_t length);

typedef enum hm_finding { HM_NOTHING, HM_RIGHT, HM_WRONG, HM_TROUBLE } hm_finding;

// Whether that is found.
hm_finding hm_test_find(hm_store *store, uint64_t number, size_t length);

#endif
