// shape.h — what a column becomes, as its schema says it: found before any of its data
// is looked at.

#ifndef HM_ADAPTERS_ARROW_SHAPE_H
#define HM_ADAPTERS_ARROW_SHAPE_H

#include <stdint.h>

#include <hamilton/arrow.h>
#include <hamilton/type.h>

#include "adapters/arrow/format.h"
#include "adapters/arrow/place.h"

enum { HM_ARROW_DEEPEST = 8 }; // lists and structs in one another

typedef struct hm_arrow_shape {
    const hm_type *type;
    uint32_t depth; // of one element: 0, or how many lists are around the type
} hm_arrow_shape;

// What the elements of a schema become if `wanted` is to be the innermost; NULL takes
// what is natural. It checks the schema, and all below it that is wanted.
// HM_TYPE_MISMATCH or HM_BAD_DATA.
hm_status hm_arrow_shape_find(const struct ArrowSchema *schema, const hm_type *wanted,
        const hm_arrow_place *place, hm_arrow_shape *shape, hm_error *error);

// The child of a struct that has a name: its index, or n_children.
int64_t hm_arrow_child(const struct ArrowSchema *schema, const char *name);

#endif
