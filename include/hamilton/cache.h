// cache.h — results that are found instead of computed: a component of its own,
// libhamilton_cache, since it needs SQLite and zstd. Only programs that link it have
// these functions. docs/cache.md is the guide.

#ifndef HAMILTON_CACHE_H
#define HAMILTON_CACHE_H

#include <stddef.h>
#include <stdint.h>

#include <hamilton/allocator.h>
#include <hamilton/export.h>
#include <hamilton/status.h>
#include <hamilton/value.h>

#ifdef __cplusplus
extern "C" {
#endif

/// What a cache has done since it was created, and how much it has.
typedef struct hm_cache_statistics {
    size_t struct_size;
    uint64_t bytes;    ///< that values and what is known of them take now
    uint64_t evicted;  ///< values, contents and notes that made room for others
    uint64_t damaged;  ///< values that were not as they had been written
    uint64_t troubles; ///< calls of the operating system, or for memory, that failed
} hm_cache_statistics;

#define HM_CACHE_STATISTICS_INIT                                                       \
    { .struct_size = sizeof(hm_cache_statistics) }

#ifdef __cplusplus
}
#endif

#endif
