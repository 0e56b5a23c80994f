// source.h — batches from elsewhere, whose memory values share until the last of them
// is released.

#ifndef HM_ADAPTERS_ARROW_SOURCE_H
#define HM_ADAPTERS_ARROW_SOURCE_H

#include <stdatomic.h>
#include <stddef.h>

#include <hamilton/allocator.h>
#include <hamilton/arrow.h>

typedef struct hm_arrow_source {
    const hm_allocator *allocator;
    struct ArrowArray *batches;
    size_t count;
    size_t capacity;
    atomic_size_t users; // values that share it, and who imports it
} hm_arrow_source;

// Without batches, and used by the caller. NULL if there is no memory.
hm_arrow_source *hm_arrow_source_create(const hm_allocator *allocator);

// Room for another batch behind the last: not counted yet. NULL if there is no memory.
struct ArrowArray *hm_arrow_source_room(hm_arrow_source *source);

// Another value uses the source.
void hm_arrow_source_share(hm_arrow_source *source);

// One less: the last one releases the batches. Any thread.
void hm_arrow_source_leave(hm_arrow_source *source);

#endif
