// source.h — all bytes of a file or of standard input.

#ifndef HM_ADAPTERS_TABLE_SOURCE_H
#define HM_ADAPTERS_TABLE_SOURCE_H

#include <stddef.h>
#include <stdint.h>

#include <hamilton/allocator.h>
#include <hamilton/status.h>

typedef struct hm_source {
    const hm_allocator *allocator;
    char *text; // not NUL-terminated
    size_t length;
    size_t capacity;
} hm_source;

// Reads until the end, whatever kind of file it is; "-" is standard input. Threads
// share a large one: thread_count as of hm_team_do(). allocator is kept. The message of
// HM_IO says why. The caller finishes the source.
HM_MUST_CHECK hm_status hm_source_init(hm_source *source, const char *path,
        uint32_t thread_count, const hm_allocator *allocator, hm_error *error);

// Accepts a zeroed source.
void hm_source_finish(hm_source *source);

#endif
