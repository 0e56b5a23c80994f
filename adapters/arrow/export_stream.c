// export_stream.c — columns as a stream: one batch is made of all rows, and what the
// stream gives out are copies of its structs, each with another offset.

#include <errno.h>

#include <hamilton/arrow.h>

#include "adapters/arrow/export.h"
#include "adapters/arrow/holder.h"
#include "base/allocator.h"
#include "base/error.h"

// What is behind a stream.
typedef struct hm_arrow_producer {
    const hm_allocator *allocator;
    hm_arrow_batch whole;
    size_t batch_rows;
    size_t next_row;
} hm_arrow_producer;

// Copies children, and what is below them, so that they can be released on their own.
static bool copy_schemas(hm_arrow_holder *holder, struct ArrowSchema *schema) {
    struct ArrowSchema **originals = schema->children;
    schema->children = hm_arrow_holder_schemas(holder, (size_t)schema->n_children);
    if (schema->children == NULL) {
        return false;
    }
    for (int64_t i = 0; i < schema->n_children; i++) {
        *schema->children[i] = *originals[i];
        if (!copy_schemas(holder, schema->children[i])) {
            return false;
        }
    }
    hm_arrow_hold_schema(holder, schema);
    return true;
}

static bool copy_arrays(hm_arrow_holder *holder, struct ArrowArray *array) {
    struct ArrowArray **originals = array->children;
    array->children = hm_arrow_holder_arrays(holder, (size_t)array->n_children);
    if (array->children == NULL) {
        return false;
    }
    for (int64_t i = 0; i < array->n_children; i++) {
        *array->children[i] = *originals[i];
        if (!copy_arrays(holder, array->children[i])) {
            return false;
        }
    }
    hm_arrow_hold_array(holder, array);
    return true;
}

static int get_schema(struct ArrowArrayStream *stream, struct ArrowSchema *schema) {
    hm_arrow_producer *producer = stream->private_data;
    hm_arrow_holder *holder =
            hm_arrow_holder_create(producer->allocator, producer->whole.types);
    struct ArrowSchema copy = producer->whole.schema;
    if (holder == NULL || !copy_schemas(holder, &copy)) {
        hm_arrow_holder_destroy(holder);
        return ENOMEM;
    }
    *schema = copy;
    return 0;
}

// The rows are told by the columns; what is in lists and structs counts from those.
static void slice(struct ArrowArray *array, size_t first, size_t count) {
    array->length = (int64_t)count;
    for (int64_t i = 0; i < array->n_children; i++) {
        struct ArrowArray *column = array->children[i];
        column->offset += (int64_t)first;
        column->length = (int64_t)count;
        column->null_count = column->null_count > 0 ? -1 : 0;
    }
}

static int get_next(struct ArrowArrayStream *stream, struct ArrowArray *array) {
    hm_arrow_producer *producer = stream->private_data;
    size_t left = (size_t)producer->whole.array.length - producer->next_row;
    if (left == 0) {
        *array = (struct ArrowArray){0};
        return 0;
    }
    size_t count = producer->batch_rows < left ? producer->batch_rows : left;
    hm_arrow_holder *holder =
            hm_arrow_holder_create(producer->allocator, producer->whole.data);
    struct ArrowArray copy = producer->whole.array;
    if (holder == NULL || !copy_arrays(holder, &copy)) {
        hm_arrow_holder_destroy(holder);
        return ENOMEM;
    }
    slice(&copy, producer->next_row, count);
    producer->next_row += count;
    *array = copy;
    return 0;
}

// It can only have run out of memory.
static const char *get_last_error(struct ArrowArrayStream *stream) {
    (void)stream;
    return hm_status_text(HM_NO_MEMORY);
}

static void release_stream(struct ArrowArrayStream *stream) {
    hm_arrow_producer *producer = stream->private_data;
    producer->whole.schema.release(&producer->whole.schema);
    producer->whole.array.release(&producer->whole.array);
    hm_deallocate_array(producer->allocator, producer, 1, sizeof *producer);
    stream->release = NULL;
}

hm_status hm_arrow_export_stream(const hm_arrow_export_options *options,
        hm_binding *columns, size_t column_count, struct ArrowArrayStream *stream,
        hm_error *error) {
    hm_arrow_export_options known;
    HM_TRY(hm_arrow_export_options_read(options, &known, error));
    hm_arrow_producer *producer =
            hm_allocate_array(known.allocator, 1, sizeof *producer);
    if (producer == NULL) {
        return hm_error_no_memory(error);
    }
    producer->allocator = known.allocator;
    producer->batch_rows = known.batch_rows > 0 ? known.batch_rows : SIZE_MAX;
    hm_status status =
            hm_arrow_batch_make(&known, columns, column_count, &producer->whole, error);
    if (status != HM_OK) {
        hm_deallocate_array(known.allocator, producer, 1, sizeof *producer);
        return status;
    }
    *stream = (struct ArrowArrayStream){.get_schema = get_schema,
            .get_next = get_next,
            .get_last_error = get_last_error,
            .release = release_stream,
            .private_data = producer};
    return HM_OK;
}
