// view.h — the part of an array that its parents leave of it: a struct's offset and
// length count for its children, a list's offsets for its items.

#ifndef HM_ADAPTERS_ARROW_VIEW_H
#define HM_ADAPTERS_ARROW_VIEW_H

#include <stddef.h>
#include <stdint.h>

#include <hamilton/arrow.h>

#include "adapters/arrow/format.h"
#include "adapters/arrow/place.h"

typedef struct hm_arrow_view {
    const struct ArrowSchema *schema;
    const struct ArrowArray *array;
    const hm_arrow_place *place;
    hm_arrow_format format;
    size_t start; // in its buffers; the array's offset is counted in
    size_t length;
    size_t missing_count;

    // Of a field, the struct, and how many elements it has for each of that one's:
    // where the struct is missing they may be anything. NULL for others.
    const struct hm_arrow_view *within;
    size_t count_within;
} hm_arrow_view;

// Looks at `length` elements of an array from `start` on, after checking what can be
// checked: that it has what its schema says, in buffers that are there. The schema was
// checked. HM_BAD_DATA.
hm_status hm_arrow_view_open(hm_arrow_view *view, const struct ArrowSchema *schema,
        const struct ArrowArray *array, size_t start, size_t length,
        const hm_arrow_place *place, hm_error *error);

// The bits of the elements that are not missing, from bit `start` on; NULL if none is
// missing.
const uint8_t *hm_arrow_validity(const hm_arrow_view *view);

// Offset `index` of a list or a text, counted from the view's start.
int64_t hm_arrow_offset(const hm_arrow_view *view, size_t index);

// The items that the offsets of a view of lists span: from *first to *last. HM_BAD_DATA
// if they do not ascend from 0, or pass `limit`.
hm_status hm_arrow_offsets(const hm_arrow_view *view, size_t limit, size_t *first,
        size_t *last, hm_error *error);

#endif
