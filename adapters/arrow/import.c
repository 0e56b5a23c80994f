// import.c — batches as columns: which of their columns are wanted, and whose they are
// afterwards.

#include <errno.h>
#include <string.h>

#include <hamilton/arrow.h>

#include "adapters/arrow/column.h"
#include "adapters/arrow/shape.h"
#include "adapters/arrow/source.h"
#include "adapters/arrow/view.h"
#include "base/allocator.h"
#include "base/arena.h"
#include "base/error.h"
#include "base/names.h"
#include "base/sized.h"
#include "base/system_error.h"

// The number of a name that two columns have.
static const uint32_t TWICE = HM_NAMES_ABSENT - 1;

// What is behind the public struct.
typedef struct hm_arrow_table {
    hm_arrow_columns columns;
    const hm_allocator *allocator;
    size_t capacity; // of its bindings
    hm_arena names;
} hm_arrow_table;

// What is under way.
typedef struct hm_arrow_import_call {
    const hm_arrow_import_options *options;
    const hm_allocator *allocator;
    const struct ArrowSchema *schema;
    hm_arrow_source *source;
    hm_names known; // the names of the schema's children, and which those are
    hm_arrow_table *table;
    hm_error *error;
} hm_arrow_import_call;

static hm_status read_options(const hm_arrow_import_options *given,
        hm_arrow_import_options *options, hm_error *error) {
    if (given == NULL) {
        *options = (hm_arrow_import_options)HM_ARROW_IMPORT_OPTIONS_INIT;
        return HM_OK;
    }
    HM_TRY(hm_sized_read(
            given, options, sizeof *options, "HM_ARROW_IMPORT_OPTIONS_INIT", error));
    for (size_t i = 0; options->columns != NULL && i < options->column_count; i++) {
        if (options->columns[i].name == NULL) {
            return hm_error_set(
                    error, HM_BAD_ARGUMENT, "a column that is wanted has no name");
        }
    }
    return HM_OK;
}

static hm_status check_batch_schema(const struct ArrowSchema *schema, hm_error *error) {
    if (schema == NULL || schema->release == NULL || schema->format == NULL) {
        return hm_error_set(error, HM_BAD_DATA,
                "there is no Arrow schema, or it was released already");
    }
    if (strcmp(schema->format, "+s") != 0 || schema->n_children < 0 ||
            schema->n_children >= TWICE || schema->dictionary != NULL ||
            (schema->n_children > 0 && schema->children == NULL)) {
        return hm_error_set(error, HM_BAD_DATA,
                "a record batch is a struct, format \"+s\", with a child for each "
                "column; this has format \"%s\" and %lld children",
                schema->format, (long long)schema->n_children);
    }
    for (int64_t i = 0; i < schema->n_children; i++) {
        if (schema->children[i] == NULL) {
            return hm_error_set(error, HM_BAD_DATA,
                    "column %lld of the Arrow schema is not there", (long long)i + 1);
        }
    }
    return HM_OK;
}

static hm_status check_is_there(const struct ArrowArray *array, hm_error *error) {
    return array != NULL && array->release != NULL
                   ? HM_OK
                   : hm_error_set(error, HM_BAD_DATA,
                             "there is no Arrow array, or it was released already");
}

// All but the children, each of which is looked at if it is wanted.
static hm_status check_batch(const struct ArrowSchema *schema,
        const struct ArrowArray *batch, hm_error *error) {
    hm_arrow_view view;
    size_t length = batch->length > 0 ? (size_t)batch->length : 0;
    HM_TRY(hm_arrow_view_open(&view, schema, batch, 0, length, NULL, error));
    if (view.missing_count > 0) {
        return hm_error_set(error, HM_BAD_DATA,
                "%zu rows of the record batch are missing as a whole: only their "
                "values may be",
                view.missing_count);
    }
    return HM_OK;
}

static hm_status know_names(hm_arrow_import_call *call) {
    const struct ArrowSchema *schema = call->schema;
    if (!hm_names_reserve(&call->known, (size_t)schema->n_children)) {
        return hm_error_no_memory(call->error);
    }
    for (int64_t i = 0; i < schema->n_children; i++) {
        const char *name = schema->children[i]->name;
        uint32_t *number = hm_names_put(&call->known, name != NULL ? name : "");
        *number = *number == HM_NAMES_ABSENT ? (uint32_t)i : TWICE;
    }
    return HM_OK;
}

static hm_status import_column(
        hm_arrow_import_call *call, const char *name, const hm_type *wanted) {
    hm_arrow_table *table = call->table;
    uint32_t index = hm_names_find(&call->known, name);
    if (index == HM_NAMES_ABSENT) {
        return HM_OK; // it may come from elsewhere
    }
    if (index == TWICE) {
        return hm_error_set(
                call->error, HM_DUPLICATE_NAME, "two columns have the name `%s`", name);
    }
    const struct ArrowSchema *schema = call->schema->children[index];
    hm_arrow_place place = {NULL, name};
    hm_arrow_shape shape;
    HM_TRY(hm_arrow_shape_find(schema, wanted, &place, &shape, call->error));
    hm_binding *binding = &table->columns.bindings[table->columns.count];
    binding->name = hm_arena_text(&table->names, name);
    if (binding->name == NULL) {
        return hm_error_no_memory(call->error);
    }
    HM_TRY(hm_arrow_column_read(call->schema, index, &shape, call->source,
            table->columns.row_count, &binding->value, call->error));
    table->columns.count++;
    return HM_OK;
}

static hm_status import_wanted(hm_arrow_import_call *call) {
    for (size_t i = 0; i < call->options->column_count; i++) {
        const hm_column *wanted = &call->options->columns[i];
        HM_TRY(import_column(call, wanted->name, wanted->type));
    }
    return HM_OK;
}

static hm_status import_all(hm_arrow_import_call *call) {
    for (int64_t i = 0; i < call->schema->n_children; i++) {
        const char *name = call->schema->children[i]->name;
        HM_TRY(import_column(call, name != NULL ? name : "", NULL));
    }
    return HM_OK;
}

static hm_status create_table(hm_arrow_import_call *call, size_t row_count) {
    hm_arrow_table *table = hm_allocate_array(call->allocator, 1, sizeof *table);
    if (table == NULL) {
        return hm_error_no_memory(call->error);
    }
    call->table = table;
    table->allocator = call->allocator;
    table->columns.row_count = row_count;
    hm_arena_init(&table->names, call->allocator);
    size_t capacity = call->options->columns != NULL ? call->options->column_count
                                                     : (size_t)call->schema->n_children;
    table->columns.bindings = hm_allocate_array(
            call->allocator, capacity, sizeof *table->columns.bindings);
    if (table->columns.bindings == NULL) {
        return hm_error_no_memory(call->error);
    }
    table->capacity = capacity;
    return HM_OK;
}

static hm_status import_batches(hm_arrow_import_call *call) {
    size_t row_count = 0;
    for (size_t i = 0; i < call->source->count; i++) {
        const struct ArrowArray *batch = &call->source->batches[i];
        HM_TRY(check_batch(call->schema, batch, call->error));
        if (__builtin_add_overflow(row_count, (size_t)batch->length, &row_count)) {
            return hm_error_no_memory(call->error);
        }
    }
    HM_TRY(know_names(call));
    HM_TRY(create_table(call, row_count));
    return call->options->columns != NULL ? import_wanted(call) : import_all(call);
}

// Imports the batches of the source, which it leaves. *columns is written on success.
static hm_status import_source(const hm_arrow_import_options *options,
        const struct ArrowSchema *schema, hm_arrow_source *source,
        hm_arrow_columns **columns, hm_error *error) {
    hm_arrow_import_call call = {.options = options,
            .allocator = source->allocator,
            .schema = schema,
            .source = source,
            .error = error};
    hm_names_init(&call.known, call.allocator);
    hm_status status = import_batches(&call);
    hm_names_finish(&call.known);
    if (status == HM_OK) {
        *columns = &call.table->columns;
    } else {
        hm_arrow_columns_destroy(call.table != NULL ? &call.table->columns : NULL);
    }
    return status;
}

hm_status hm_arrow_import(const hm_arrow_import_options *options,
        const struct ArrowSchema *schema, struct ArrowArray *array,
        hm_arrow_columns **columns, hm_error *error) {
    hm_arrow_import_options known;
    HM_TRY(read_options(options, &known, error));
    HM_TRY(check_batch_schema(schema, error));
    HM_TRY(check_is_there(array, error));
    hm_arrow_source *source =
            hm_arrow_source_create(hm_allocator_or_default(known.allocator));
    struct ArrowArray *batch = source != NULL ? hm_arrow_source_room(source) : NULL;
    hm_status status = HM_NO_MEMORY;
    if (batch != NULL) {
        *batch = *array;
        source->count = 1;
        status = import_source(&known, schema, source, columns, error);
    } else {
        hm_error_no_memory(error);
    }
    if (status == HM_OK) {
        array->release = NULL; // it was moved
    } else if (source != NULL) {
        source->count = 0; // it is still the caller's
    }
    if (source != NULL) {
        hm_arrow_source_leave(source);
    }
    return status;
}

// What a stream says about its failure, which is an errno.
static hm_status stream_failed(
        struct ArrowArrayStream *stream, int number, hm_error *error) {
    const char *said =
            stream->get_last_error != NULL ? stream->get_last_error(stream) : NULL;
    if (said == NULL) {
        errno = number;
        return hm_system_error(error, "the Arrow stream failed");
    }
    return hm_error_set(error, number == ENOMEM ? HM_NO_MEMORY : HM_IO,
            "the Arrow stream failed: %s", said);
}

static hm_status read_stream(
        struct ArrowArrayStream *stream, hm_arrow_source *source, hm_error *error) {
    for (;;) {
        struct ArrowArray *batch = hm_arrow_source_room(source);
        if (batch == NULL) {
            return hm_error_no_memory(error);
        }
        *batch = (struct ArrowArray){0};
        int number = stream->get_next(stream, batch);
        if (number != 0) {
            return stream_failed(stream, number, error);
        }
        if (batch->release == NULL) {
            return HM_OK;
        }
        if (batch->length == 0) { // it adds nothing, and another may be the only one
            batch->release(batch);
        } else {
            source->count++;
        }
    }
}

hm_status hm_arrow_import_stream(const hm_arrow_import_options *options,
        struct ArrowArrayStream *stream, hm_arrow_columns **columns, hm_error *error) {
    hm_arrow_import_options known;
    HM_TRY(read_options(options, &known, error));
    if (stream == NULL || stream->release == NULL || stream->get_schema == NULL ||
            stream->get_next == NULL) {
        return hm_error_set(error, HM_BAD_ARGUMENT,
                "there is no Arrow stream, or it was released already");
    }
    hm_arrow_source *source =
            hm_arrow_source_create(hm_allocator_or_default(known.allocator));
    if (source == NULL) {
        return hm_error_no_memory(error);
    }
    struct ArrowSchema schema = {0};
    int number = stream->get_schema(stream, &schema);
    hm_status status = number != 0 ? stream_failed(stream, number, error)
                                   : check_batch_schema(&schema, error);
    if (status == HM_OK) {
        status = read_stream(stream, source, error);
    }
    if (status == HM_OK) {
        status = import_source(&known, &schema, source, columns, error);
    }
    hm_arrow_source_leave(source);
    if (number == 0 && schema.release != NULL) {
        schema.release(&schema);
    }
    return status;
}

hm_value *hm_arrow_find(const hm_arrow_columns *columns, const char *name) {
    for (size_t i = 0; i < columns->count; i++) {
        if (strcmp(columns->bindings[i].name, name) == 0) {
            return &columns->bindings[i].value;
        }
    }
    return NULL;
}

void hm_arrow_columns_destroy(hm_arrow_columns *columns) {
    if (columns == NULL) {
        return;
    }
    hm_arrow_table *table = (hm_arrow_table *)columns;
    for (size_t i = 0; i < columns->count; i++) {
        hm_value_release(&columns->bindings[i].value);
    }
    hm_arena_finish(&table->names);
    const hm_allocator *allocator = table->allocator;
    hm_deallocate_array(
            allocator, columns->bindings, table->capacity, sizeof *columns->bindings);
    hm_deallocate_array(allocator, table, 1, sizeof *table);
}
