// object.c — see object.h.

#include "base/object.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

typedef struct hm_object {
    struct hm_object *before;
    const hm_type *type;
    void *object;
} hm_object;

hm_status hm_object_write(
        const hm_type *type, const void *object, char **bytes, size_t *length) {
    char *written = NULL;
    size_t count = 0;
    FILE *stream = open_memstream(&written, &count);
    if (stream == NULL) {
        return HM_NO_MEMORY;
    }
    bool is_written = type->write(object, stream) == 0 && ferror(stream) == 0;
    if (fclose(stream) != 0 || !is_written) {
        free(written);
        return HM_IO;
    }
    *bytes = written;
    *length = count;
    return HM_OK;
}

hm_status hm_object_refuse(hm_status status, const hm_type *type, hm_error *error) {
    return status == HM_NO_MEMORY
                   ? hm_error_no_memory(error)
                   : hm_error_set(error, status,
                             "a `%s` cannot be cached: what is under HM_WRITES for it, "
                             "or for what it holds, did not succeed",
                             type->name);
}

hm_status hm_objects_read(hm_objects *objects, const hm_type *type, const void *bytes,
        size_t length, hm_arena *arena, void **object) {
    hm_object *made = hm_arena_array(arena, 1, sizeof *made);
    if (made == NULL) {
        return HM_NO_MEMORY;
    }
    // It is only read.
    void *memory;
    memcpy(&memory, &bytes, sizeof memory);
    FILE *stream = fmemopen(memory, length, "r");
    if (stream == NULL) {
        return HM_NO_MEMORY;
    }
    *made = (hm_object){
            .before = objects->last, .type = type, .object = type->read(stream)};
    fclose(stream);
    if (made->object == NULL) {
        return HM_BAD_DATA;
    }
    objects->last = made;
    *object = made->object;
    return HM_OK;
}

void hm_objects_finish(hm_objects *objects) {
    for (hm_object *at = objects->last; at != NULL; at = at->before) {
        at->type->destroy(at->object);
    }
    objects->last = NULL;
}
