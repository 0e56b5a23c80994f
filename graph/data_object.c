// data_object.c — see data_object.h.

#include "graph/data_object.h"

#include <stdalign.h>
#include <string.h>
#include <time.h>

#include "base/allocator.h"
#include "base/error.h"

#define FIELD(name, its_type)                                                          \
    { #name, its_type, offsetof(hm_metadata, name), 0, 0, 0 }

static const hm_type integer_type = {.name = "long",
        .kind = HM_KIND_INT,
        .size = sizeof(int64_t),
        .alignment = alignof(int64_t)};

static const hm_field fields[] = {
        FIELD(format, &hm_type_string),
        FIELD(source, &hm_type_string),
        FIELD(bytes, &integer_type),
        FIELD(modified, &integer_type),
        FIELD(time, &integer_type),
        FIELD(rows, &integer_type),
        FIELD(schema, &hm_type_string),
        FIELD(content, &hm_type_string),
};

static void destroy(void *object) {
    hm_data_object_destroy(object);
}

const hm_type hm_metadata_type = {.name = "struct hm_metadata",
        .kind = HM_KIND_STRUCT,
        .size = sizeof(hm_metadata),
        .alignment = alignof(hm_metadata),
        .fields = fields,
        .field_count = sizeof fields / sizeof *fields,
        .destroy = destroy};

const char hm_data_untold = 0;

hm_data_object *hm_data_object_create(const hm_allocator *allocator) {
    hm_data_object *object = hm_allocate_array(allocator, 1, sizeof *object);
    if (object != NULL) {
        hm_arena_init(&object->arena, allocator);
    }
    return object;
}

void hm_data_object_destroy(hm_data_object *object) {
    if (object->release != NULL) {
        object->release(object->owner);
    }
    const hm_allocator *allocator = object->arena.allocator;
    hm_arena_finish(&object->arena);
    hm_deallocate_array(allocator, object, 1, sizeof *object);
}

hm_data_facts hm_data_facts_unknown(void) {
    return (hm_data_facts){.bytes = -1, .modified = -1};
}

static int64_t now(void) {
    struct timespec time;
    return timespec_get(&time, TIME_UTC) == TIME_UTC
                   ? (int64_t)time.tv_sec * 1000000 + time.tv_nsec / 1000
                   : -1;
}

hm_status hm_data_object_tell(hm_data_object *object, const char *format,
        const hm_data_facts *facts, const char *otherwise, size_t rows,
        const char *schema) {
    const char *source = facts->source != NULL ? facts->source : otherwise;
    size_t length = strnlen(facts->content, sizeof facts->content - 1);
    // Texts are copied: the metadata may outlive the graph.
    object->metadata = (hm_metadata){
            .format = hm_arena_text(&object->arena, format),
            .source = hm_arena_text(&object->arena, source),
            .bytes = facts->bytes,
            .modified = facts->modified,
            .time = now(),
            .rows = (int64_t)rows,
            .schema = hm_arena_text(&object->arena, schema),
            .content = hm_arena_slice(&object->arena, facts->content, length),
    };
    const hm_metadata *told = &object->metadata;
    bool is_told = told->format != NULL && told->source != NULL &&
                   told->schema != NULL && told->content != NULL;
    return is_told ? HM_OK : HM_NO_MEMORY;
}
