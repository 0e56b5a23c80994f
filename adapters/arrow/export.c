// export.c — columns of equal length as a record batch.

#include "adapters/arrow/export.h"

#include <string.h>

#include "adapters/arrow/shape.h"
#include "adapters/arrow/write.h"
#include "base/allocator.h"
#include "base/error.h"
#include "base/names.h"
#include "base/sized.h"

hm_status hm_arrow_export_options_read(const hm_arrow_export_options *given,
        hm_arrow_export_options *options, hm_error *error) {
    if (given == NULL) {
        *options = (hm_arrow_export_options)HM_ARROW_EXPORT_OPTIONS_INIT;
    } else {
        HM_TRY(hm_sized_read(given, options, sizeof *options,
                "HM_ARROW_EXPORT_OPTIONS_INIT", error));
    }
    options->allocator = hm_allocator_or_default(options->allocator);
    return HM_OK;
}

static hm_status check_column(const hm_binding *columns, size_t i, hm_error *error) {
    const hm_value *value = &columns[i].value;
    if (columns[i].name == NULL || value->type == NULL) {
        return hm_error_set(
                error, HM_BAD_ARGUMENT, "column %zu has no name or no type", i + 1);
    }
    if (value->depth == 0) {
        return hm_error_set(error, HM_SHAPE_MISMATCH,
                "`%s` is one value, but Arrow's columns are arrays", columns[i].name);
    }
    if (value->depth - 1 > HM_ARROW_DEEPEST) {
        return hm_error_set(error, HM_SHAPE_MISMATCH,
                "`%s` has lists that are more than %d deep in one another",
                columns[i].name, HM_ARROW_DEEPEST);
    }
    if (value->many.length != columns[0].value.many.length) {
        return hm_error_set(error, HM_LENGTH_MISMATCH,
                "`%s` has %zu elements, but `%s` has %zu: columns of one batch are "
                "equally long",
                columns[i].name, value->many.length, columns[0].name,
                columns[0].value.many.length);
    }
    if (value->many.length > 0 && value->many.data == NULL) {
        return hm_error_set(error, HM_BAD_ARGUMENT,
                "`%s` has %zu elements, but no data", columns[i].name,
                value->many.length);
    }
    return HM_OK;
}

static hm_status check_columns(const hm_binding *columns, size_t count,
        const hm_allocator *allocator, hm_error *error) {
    hm_names seen;
    hm_names_init(&seen, allocator);
    hm_status status = hm_names_reserve(&seen, count) ? HM_OK : HM_NO_MEMORY;
    if (status == HM_NO_MEMORY) {
        hm_error_no_memory(error);
    }
    for (size_t i = 0; status == HM_OK && i < count; i++) {
        status = check_column(columns, i, error);
        uint32_t *number =
                status == HM_OK ? hm_names_put(&seen, columns[i].name) : NULL;
        if (number != NULL && *number != HM_NAMES_ABSENT) {
            status = hm_error_set(error, HM_DUPLICATE_NAME,
                    "two columns have the name `%s`", columns[i].name);
        } else if (number != NULL) {
            *number = (uint32_t)i;
        }
    }
    hm_names_finish(&seen);
    return status;
}

static hm_status write_columns(const hm_arrow_writer *writer, const hm_binding *columns,
        size_t count, hm_arrow_batch *batch) {
    struct ArrowSchema *schema = &batch->schema;
    struct ArrowArray *array = &batch->array;
    schema->children = hm_arrow_holder_schemas(writer->types, count);
    array->children = hm_arrow_holder_arrays(writer->data, count);
    array->buffers = hm_arena_array(&writer->data->arena, 1, sizeof *array->buffers);
    if (schema->children == NULL || array->children == NULL || array->buffers == NULL) {
        return hm_error_no_memory(writer->error);
    }
    schema->format = "+s";
    schema->name = "";
    schema->n_children = (int64_t)count;
    array->length = count > 0 ? (int64_t)columns[0].value.many.length : 0;
    array->n_buffers = 1;
    array->n_children = (int64_t)count;
    for (size_t i = 0; i < count; i++) {
        const hm_value *value = &columns[i].value;
        hm_arrow_place place = {NULL, columns[i].name};
        hm_arrow_elements elements = {
                value->type, value->depth - 1, value->by_reference, value->many};
        HM_TRY(hm_arrow_write(
                writer, &elements, &place, schema->children[i], array->children[i]));
    }
    hm_arrow_hold_schema(writer->types, schema);
    hm_arrow_hold_array(writer->data, array);
    return HM_OK;
}

// Room for the values, which are moved when nothing can fail any more.
static hm_status make_room(hm_arrow_holder *data, size_t count, hm_error *error) {
    data->values = hm_arena_array(&data->arena, count, sizeof *data->values);
    return data->values != NULL ? HM_OK : hm_error_no_memory(error);
}

static void take_over(hm_arrow_holder *data, hm_binding *columns, size_t count) {
    for (size_t i = 0; i < count; i++) {
        data->values[i] = columns[i].value;
        columns[i].value = (hm_value){0};
    }
    data->value_count = count;
}

hm_status hm_arrow_batch_make(const hm_arrow_export_options *options,
        hm_binding *columns, size_t column_count, hm_arrow_batch *batch,
        hm_error *error) {
    HM_TRY(check_columns(columns, column_count, options->allocator, error));
    hm_arena scratch;
    hm_arena_init(&scratch, options->allocator);
    *batch = (hm_arrow_batch){.types = hm_arrow_holder_create(options->allocator, NULL),
            .data = hm_arrow_holder_create(options->allocator, NULL)};
    hm_arrow_writer writer = {.types = batch->types,
            .data = batch->data,
            .scratch = &scratch,
            .nan_is_missing = options->nan_is_missing,
            .longest_offset = INT32_MAX,
            .error = error};
    hm_status status = batch->types != NULL && batch->data != NULL
                               ? make_room(batch->data, column_count, error)
                               : hm_error_no_memory(error);
    if (status == HM_OK) {
        status = write_columns(&writer, columns, column_count, batch);
    }
    hm_arena_finish(&scratch);
    if (status != HM_OK) {
        hm_arrow_holder_destroy(batch->types);
        hm_arrow_holder_destroy(batch->data);
    } else if (options->takes_over) {
        take_over(batch->data, columns, column_count);
    }
    return status;
}

hm_status hm_arrow_export(const hm_arrow_export_options *options, hm_binding *columns,
        size_t column_count, struct ArrowSchema *schema, struct ArrowArray *array,
        hm_error *error) {
    hm_arrow_export_options known;
    HM_TRY(hm_arrow_export_options_read(options, &known, error));
    hm_arrow_batch batch;
    HM_TRY(hm_arrow_batch_make(&known, columns, column_count, &batch, error));
    *schema = batch.schema;
    *array = batch.array;
    return HM_OK;
}
