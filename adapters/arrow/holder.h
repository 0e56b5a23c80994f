// holder.h — memory of what was exported. All structs that were made from one holder
// use it, also those that a consumer moved out of their parent; the last one frees it.

#ifndef HM_ADAPTERS_ARROW_HOLDER_H
#define HM_ADAPTERS_ARROW_HOLDER_H

#include <stdatomic.h>
#include <stddef.h>

#include <hamilton/arrow.h>

#include "base/arena.h"

typedef struct hm_arrow_holder {
    hm_arena arena;
    hm_value *values; // that were taken over, in the arena
    size_t value_count;
    struct hm_arrow_holder *below; // which memory it also points at, or NULL
    atomic_size_t users;
} hm_arrow_holder;

// Used by nobody yet. It shares `below`, which may be NULL. NULL if there is no memory.
hm_arrow_holder *hm_arrow_holder_create(
        const hm_allocator *allocator, hm_arrow_holder *below);

// Frees it, whoever uses it. Accepts NULL.
void hm_arrow_holder_destroy(hm_arrow_holder *holder);

void hm_arrow_holder_share(hm_arrow_holder *holder);

// Any thread.
void hm_arrow_holder_leave(hm_arrow_holder *holder);

// Makes a struct use the holder, with a release. Its children are set.
void hm_arrow_hold_schema(hm_arrow_holder *holder, struct ArrowSchema *schema);
void hm_arrow_hold_array(hm_arrow_holder *holder, struct ArrowArray *array);

// Children in the holder's arena, zeroed; NULL if there is no memory.
struct ArrowSchema **hm_arrow_holder_schemas(hm_arrow_holder *holder, size_t count);
struct ArrowArray **hm_arrow_holder_arrays(hm_arrow_holder *holder, size_t count);

#endif
