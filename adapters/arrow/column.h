// column.h — one column of all batches as a value.

#ifndef HM_ADAPTERS_ARROW_COLUMN_H
#define HM_ADAPTERS_ARROW_COLUMN_H

#include <stddef.h>
#include <stdint.h>

#include <hamilton/allocator.h>
#include <hamilton/value.h>

#include "adapters/arrow/shape.h"
#include "adapters/arrow/source.h"

// Makes a value of child `index` of the batches, which were checked: each has it, and
// `row_count` rows in all. The value shares the source if any of it lies in its memory.
hm_status hm_arrow_column_read(const struct ArrowSchema *schema, size_t index,
        const hm_arrow_shape *shape, hm_arrow_source *source, size_t row_count,
        hm_value *value, hm_error *error);

#endif
