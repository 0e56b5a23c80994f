// arrow_builder.c — see arrow_builder.h.

#include "tests/support/arrow_builder.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

atomic_int hm_built_schemas;
atomic_int hm_built_arrays;

enum { MOST = 16 }; // children, and buffers

// What was built, whatever a test makes of the counts and pointers of its structs.
typedef struct hm_schema_contents {
    struct ArrowSchema *list[MOST];
    struct ArrowSchema *children[MOST];
    struct ArrowSchema *dictionary;
    int64_t child_count;
} hm_schema_contents;

typedef struct hm_array_contents {
    const void *buffer_list[MOST];
    void *buffers[MOST];
    struct ArrowArray *list[MOST];
    struct ArrowArray *children[MOST];
    struct ArrowArray *dictionary;
    int64_t buffer_count;
    int64_t child_count;
} hm_array_contents;

// Fuzz targets build without a test that could fail.
static void require(bool condition) {
    if (!condition) {
        abort();
    }
}

static void end_schema(struct ArrowSchema *schema) {
    if (schema != NULL && schema->release != NULL) {
        schema->release(schema);
    }
    free(schema);
}

static void release_schema(struct ArrowSchema *schema) {
    hm_schema_contents *contents = schema->private_data;
    for (int64_t i = 0; i < contents->child_count; i++) {
        end_schema(contents->children[i]);
    }
    end_schema(contents->dictionary);
    free(contents);
    schema->release = NULL;
    hm_built_schemas--;
}

static void end_array(struct ArrowArray *array) {
    if (array != NULL && array->release != NULL) {
        array->release(array);
    }
    free(array);
}

static void release_array(struct ArrowArray *array) {
    hm_array_contents *contents = array->private_data;
    for (int64_t i = 0; i < contents->child_count; i++) {
        end_array(contents->children[i]);
    }
    for (int64_t i = 0; i < contents->buffer_count; i++) {
        free(contents->buffers[i]);
    }
    end_array(contents->dictionary);
    free(contents);
    array->release = NULL;
    hm_built_arrays--;
}

static void *take(size_t size) {
    void *memory = calloc(1, size > 0 ? size : 1);
    require(memory != NULL);
    return memory;
}

static hm_built begin(struct ArrowSchema *schema, struct ArrowArray *array,
        const char *name, const char *format, int64_t length) {
    hm_schema_contents *types = take(sizeof *types);
    hm_array_contents *data = take(sizeof *data);
    *schema = (struct ArrowSchema){.format = format,
            .name = name,
            .flags = ARROW_FLAG_NULLABLE,
            .children = types->list,
            .release = release_schema,
            .private_data = types};
    *array = (struct ArrowArray){.length = length,
            .null_count = -1,
            .buffers = data->buffer_list,
            .children = data->list,
            .release = release_array,
            .private_data = data};
    hm_built_schemas++;
    hm_built_arrays++;
    return (hm_built){schema, array};
}

hm_built hm_build(
        struct ArrowSchema *schema, struct ArrowArray *array, int64_t length) {
    hm_built built = begin(schema, array, "", "+s", length);
    hm_build_buffer(built, NULL, 0);
    return built;
}

hm_built hm_build_child(
        hm_built parent, const char *name, const char *format, int64_t length) {
    hm_schema_contents *types = parent.schema->private_data;
    hm_array_contents *data = parent.array->private_data;
    require(types->child_count < MOST);
    hm_built child = begin(take(sizeof *child.schema), take(sizeof *child.array), name,
            format, length);
    types->children[types->child_count] = child.schema;
    types->list[types->child_count++] = child.schema;
    data->children[data->child_count] = child.array;
    data->list[data->child_count++] = child.array;
    parent.schema->n_children = types->child_count;
    parent.array->n_children = data->child_count;
    return child;
}

hm_built hm_build_dictionary(hm_built parent, const char *format, int64_t length) {
    hm_schema_contents *types = parent.schema->private_data;
    hm_array_contents *data = parent.array->private_data;
    hm_built values = begin(take(sizeof *values.schema), take(sizeof *values.array), "",
            format, length);
    types->dictionary = values.schema;
    parent.schema->dictionary = values.schema;
    data->dictionary = values.array;
    parent.array->dictionary = values.array;
    return values;
}

void hm_build_buffer(hm_built built, const void *data, size_t size) {
    hm_array_contents *contents = built.array->private_data;
    require(contents->buffer_count < MOST);
    void *copy = NULL;
    if (data != NULL) {
        copy = take(size);
        memcpy(copy, data, size);
    }
    contents->buffers[contents->buffer_count] = copy;
    contents->buffer_list[contents->buffer_count++] = copy;
    built.array->n_buffers = contents->buffer_count;
}

static void build_validity(hm_built built, int64_t length, const uint8_t *validity) {
    hm_build_buffer(built, validity, (size_t)(length + 7) / 8);
}

hm_built hm_build_numbers(hm_built parent, const char *name, const char *format,
        int64_t length, const uint8_t *validity, const void *data, size_t size) {
    hm_built built = hm_build_child(parent, name, format, length);
    build_validity(built, length, validity);
    hm_build_buffer(built, data, size);
    return built;
}

hm_built hm_build_texts(hm_built parent, const char *name, int64_t length,
        const uint8_t *validity, const char *const *texts) {
    hm_built built = hm_build_child(parent, name, "u", length);
    int32_t *offsets = take((size_t)(length + 1) * sizeof *offsets);
    for (int64_t i = 0; i < length; i++) {
        offsets[i + 1] = offsets[i] + (int32_t)strlen(texts[i]);
    }
    char *bytes = take((size_t)offsets[length]);
    for (int64_t i = 0; i < length; i++) {
        memcpy(bytes + offsets[i], texts[i], strlen(texts[i]));
    }
    build_validity(built, length, validity);
    hm_build_buffer(built, offsets, (size_t)(length + 1) * sizeof *offsets);
    hm_build_buffer(built, bytes, (size_t)offsets[length]);
    free(offsets);
    free(bytes);
    return built;
}
