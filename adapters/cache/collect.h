// collect.h — what goes out of a directory store, and when.

#ifndef HM_ADAPTERS_CACHE_COLLECT_H
#define HM_ADAPTERS_CACHE_COLLECT_H

#include <stdint.h>

#include <hamilton/status.h>

#include "adapters/cache/folder.h"
#include "adapters/cache/index.h"

// Removes drafts that no process writes any more. One that is younger than a minute may
// be about to be locked.
void hm_collect_drafts(const hm_folder *folder, int64_t now);

// Removes value files that are not in the index and older than a minute.
hm_status hm_collect_strays(
        const hm_folder *folder, hm_index *index, int64_t now, hm_error *error);

// Removes the values that were not used since oldest and, if all together are of more
// than max_bytes, those that were not used for longest. *bytes is what is left;
// *removed grows by how many were.
hm_status hm_collect_old(const hm_folder *folder, hm_index *index, uint64_t max_bytes,
        int64_t oldest, uint64_t *bytes, uint64_t *removed, hm_error *error);

// Removes all value files and returns how many there were.
uint64_t hm_collect_all(const hm_folder *folder);

#endif
