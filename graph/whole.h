// whole.h — a value as it is, of whatever depth: what a call gets for the first of its
// parameters if it takes these whole (hm_graph_call.whole_count). The graph does not
// know the depth, and what a slot holds depends on it, so the engine has such a
// description for the value in the frame of a run.

#ifndef HM_GRAPH_WHOLE_H
#define HM_GRAPH_WHOLE_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include <hamilton/type.h>
#include <hamilton/value.h>

typedef struct hm_whole {
    const hm_type *type;
    uint32_t depth;
    bool by_reference;
    const void *slot; // of the value: a T, a pointer to it, or an hm_array
} hm_whole;

// The value, borrowed.
static inline hm_value hm_whole_value(const hm_whole *whole) {
    hm_value value = {.type = whole->type,
            .depth = whole->depth,
            .by_reference = whole->by_reference};
    if (whole->depth > 0) {
        memcpy(&value.many, whole->slot, sizeof value.many);
    } else if (whole->by_reference) {
        memcpy(&value.data, whole->slot, sizeof value.data);
    } else {
        value.data = whole->slot;
    }
    return value;
}

#endif
