// object.h — values whose types say themselves how they are written and read:
// HM_WRITES and HM_READS, by way of streams in memory. Any thread.

#ifndef HM_BASE_OBJECT_H
#define HM_BASE_OBJECT_H

#include <stddef.h>

#include <hamilton/status.h>
#include <hamilton/type.h>

#include "base/arena.h"

// What the type's `write` writes of an object: the caller ends it with free(). HM_IO if
// that does not succeed; HM_NO_MEMORY.
HM_MUST_CHECK hm_status hm_object_write(
        const hm_type *type, const void *object, char **bytes, size_t *length);

// Says of a value of this type that it could not be written, by what hm_object_write
// returned, which it returns.
hm_status hm_object_refuse(hm_status status, const hm_type *type, hm_error *error);

// Objects that were read, each of which its type's `destroy` ends.
typedef struct hm_objects {
    struct hm_object *last; // in an arena
} hm_objects;

// An object of such bytes, which the objects then have. HM_BAD_DATA if `read` makes
// none.
HM_MUST_CHECK hm_status hm_objects_read(hm_objects *objects, const hm_type *type,
        const void *bytes, size_t length, hm_arena *arena, void **object);

// Before the arena's end. Accepts zeroed ones.
void hm_objects_finish(hm_objects *objects);

#endif
