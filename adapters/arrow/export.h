// export.h — columns as a record batch, on their way to one consumer or to a stream.

#ifndef HM_ADAPTERS_ARROW_EXPORT_H
#define HM_ADAPTERS_ARROW_EXPORT_H

#include <hamilton/arrow.h>

#include "adapters/arrow/holder.h"

typedef struct hm_arrow_batch {
    struct ArrowSchema schema;
    struct ArrowArray array;
    hm_arrow_holder *types;
    hm_arrow_holder *data;
} hm_arrow_batch;

// Reads the caller's options, which may be NULL.
hm_status hm_arrow_export_options_read(const hm_arrow_export_options *given,
        hm_arrow_export_options *options, hm_error *error);

// Makes a batch of all columns; takes the values over if the options say so.
hm_status hm_arrow_batch_make(const hm_arrow_export_options *options,
        hm_binding *columns, size_t column_count, hm_arrow_batch *batch,
        hm_error *error);

#endif
