// write.h — elements of a C type as an Arrow array and its schema.

#ifndef HM_ADAPTERS_ARROW_WRITE_H
#define HM_ADAPTERS_ARROW_WRITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "adapters/arrow/holder.h"
#include "adapters/arrow/place.h"

typedef struct hm_arrow_writer {
    hm_arrow_holder *types; // of the schemas
    hm_arrow_holder *data;  // of the arrays
    hm_arena *scratch;      // what is only on its way
    bool nan_is_missing;
    int64_t longest_offset; // of text and lists that are not large: INT32_MAX
    hm_error *error;
} hm_arrow_writer;

// What is to be written, borrowed as the exported values are.
typedef struct hm_arrow_elements {
    const hm_type *type;
    uint32_t depth;    // 0: elements are of the type; else arrays of that depth
    bool by_reference; // the innermost are pointers to the type
    hm_array many;
} hm_arrow_elements;

// Fills a schema and an array, which are zeroed; both use their holders afterwards.
// After a failure they are of no use, and the holders are to be destroyed.
hm_status hm_arrow_write(const hm_arrow_writer *writer,
        const hm_arrow_elements *elements, const hm_arrow_place *place,
        struct ArrowSchema *schema, struct ArrowArray *array);

// The same for lists (a depth of 1 and more), and for structs.
hm_status hm_arrow_write_lists(const hm_arrow_writer *writer,
        const hm_arrow_elements *elements, const hm_arrow_place *place,
        struct ArrowSchema *schema, struct ArrowArray *array);
hm_status hm_arrow_write_structs(const hm_arrow_writer *writer,
        const hm_arrow_elements *elements, const hm_arrow_place *place,
        struct ArrowSchema *schema, struct ArrowArray *array);

// Fills in what all of them have: the format, which is kept, buffers besides the
// validity bitmap, which are NULL yet, and length, validity and name. `absent`, which
// may be NULL, says which elements are missing besides those of the bitmap.
typedef bool hm_arrow_absent(const hm_type *type, const void *element);
hm_status hm_arrow_begin(const hm_arrow_writer *writer,
        const hm_arrow_elements *elements, const hm_arrow_place *place,
        const char *format, size_t buffer_count, hm_arrow_absent *absent,
        struct ArrowSchema *schema, struct ArrowArray *array);

// Whether an element of an array is not missing.
bool hm_arrow_is_there(const struct ArrowArray *array, size_t index);

// Where elements that are copied go: numbers stay, since the array has them as they
// are; others are read once, and so are days, which are narrower there.
hm_arena *hm_arrow_arena_of(const hm_arrow_writer *writer, const hm_type *type);

// `count` offsets, of 4 bytes or of 8 if they are large, to be put one by one.
void *hm_arrow_offsets_take(const hm_arrow_writer *writer, size_t count, bool is_large);
void hm_arrow_offsets_put(void *offsets, size_t index, size_t offset, bool is_large);

#endif
