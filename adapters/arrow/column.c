// column.c — see column.h. The column of a single batch is what was read of it; of
// several it is copied behind one another, element by element. Lists are copied as the
// hm_array that they are: their items stay where they were.

#include "adapters/arrow/column.h"

#include <stdalign.h>
#include <string.h>

#include "adapters/arrow/bits.h"
#include "adapters/arrow/read.h"
#include "base/allocator.h"
#include "base/arena.h"
#include "base/error.h"

// What is behind a value.
typedef struct hm_arrow_column {
    hm_arena arena;
    hm_arrow_source *source; // or NULL: it shares none
} hm_arrow_column;

static void release_column(hm_value *value) {
    hm_arrow_column *column = value->context;
    const hm_allocator *allocator = column->arena.allocator;
    hm_arena_finish(&column->arena);
    if (column->source != NULL) {
        hm_arrow_source_leave(column->source);
    }
    hm_deallocate_array(allocator, column, 1, sizeof *column);
    value->release = NULL;
}

static hm_status read_batch(const hm_arrow_reader *reader,
        const struct ArrowSchema *schema, size_t index, const struct ArrowArray *batch,
        const hm_type *type, hm_arena *to, hm_arrow_part *part) {
    const struct ArrowSchema *child = schema->children[index];
    hm_arrow_place place = {NULL, child->name != NULL ? child->name : ""};
    hm_arrow_view view;
    HM_TRY(hm_arrow_view_open(&view, child, batch->children[index],
            (size_t)batch->offset, (size_t)batch->length, &place, reader->error));
    return hm_arrow_read(reader, &view, type, to, part);
}

static hm_status append(const hm_arrow_reader *reader, const hm_arrow_part *part,
        size_t first_row, hm_arrow_part *whole) {
    if (part->length > 0) {
        memcpy(whole->data + first_row * whole->size, part->data,
                part->length * whole->size);
    }
    if (part->validity != NULL && whole->validity == NULL) {
        whole->validity = hm_bits_take(reader->kept, whole->length);
        if (whole->validity == NULL) {
            return hm_error_no_memory(reader->error);
        }
        hm_bits_copy(whole->validity, 0, NULL, 0, whole->length);
    }
    if (part->validity != NULL) {
        hm_bits_copy(whole->validity, first_row, part->validity, 0, part->length);
    }
    whole->is_shared |= part->is_shared && whole->depth > 0;
    return HM_OK;
}

// As many elements as there are rows; `whole` is zeroed and knows its length and depth.
static hm_status read_batches(const hm_arrow_reader *reader,
        const struct ArrowSchema *schema, size_t index, const hm_arrow_source *source,
        const hm_type *type, hm_arrow_part *whole) {
    whole->size = whole->depth > 0 ? sizeof(hm_array) : type->size;
    whole->data = hm_arena_elements(
            reader->kept, whole->length, whole->size, type->alignment);
    if (whole->data == NULL) {
        return hm_error_no_memory(reader->error);
    }
    size_t first_row = 0;
    for (size_t i = 0; i < source->count; i++) {
        hm_error detail;
        hm_arrow_reader one = {reader->kept, reader->scratch, &detail};
        hm_arrow_part part;
        hm_status status = read_batch(
                &one, schema, index, &source->batches[i], type, reader->scratch, &part);
        if (status == HM_OK) {
            status = append(&one, &part, first_row, whole);
        }
        if (status != HM_OK) {
            return status == HM_NO_MEMORY
                           ? hm_error_no_memory(reader->error)
                           : hm_error_set(reader->error, status, "batch %zu, %s", i + 1,
                                     detail.message);
        }
        first_row += part.length;
        hm_arena_clear(reader->scratch);
    }
    return HM_OK;
}

static hm_status read_column(const hm_arrow_reader *reader,
        const struct ArrowSchema *schema, size_t index, const hm_arrow_shape *shape,
        const hm_arrow_source *source, size_t row_count, hm_arrow_part *part) {
    if (source->count == 1) {
        return read_batch(reader, schema, index, &source->batches[0], shape->type,
                reader->kept, part);
    }
    *part = (hm_arrow_part){.length = row_count, .depth = shape->depth};
    return read_batches(reader, schema, index, source, shape->type, part);
}

hm_status hm_arrow_column_read(const struct ArrowSchema *schema, size_t index,
        const hm_arrow_shape *shape, hm_arrow_source *source, size_t row_count,
        hm_value *value, hm_error *error) {
    const hm_allocator *allocator = source->allocator;
    hm_arrow_column *column = hm_allocate_array(allocator, 1, sizeof *column);
    if (column == NULL) {
        return hm_error_no_memory(error);
    }
    hm_arena_init(&column->arena, allocator);
    hm_arena scratch;
    hm_arena_init(&scratch, allocator);
    hm_arrow_reader reader = {&column->arena, &scratch, error};
    hm_arrow_part part;
    hm_status status =
            read_column(&reader, schema, index, shape, source, row_count, &part);
    hm_arena_finish(&scratch);
    *value = (hm_value){.type = shape->type,
            .depth = shape->depth + 1,
            .release = release_column,
            .context = column};
    if (status != HM_OK) {
        hm_value_release(value);
        return status;
    }
    value->many = (hm_array){part.data, part.length, part.validity};
    if (part.is_shared) {
        hm_arrow_source_share(source);
        column->source = source;
    }
    return HM_OK;
}
