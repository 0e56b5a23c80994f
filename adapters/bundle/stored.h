// stored.h — a value in a file of its own: a value header, and the value's canonical
// bytes as they are. The file of a value is the same wherever one is kept.

#ifndef HM_ADAPTERS_BUNDLE_STORED_H
#define HM_ADAPTERS_BUNDLE_STORED_H

#include <stddef.h>

#include <hamilton/allocator.h>
#include <hamilton/status.h>
#include <hamilton/value.h>

#include "base/arena.h"
#include "base/object.h"

// Writes a file that appears whole. The value has no obstacle to being kept, see
// hm_canonical_obstacle. HM_IO, HM_NO_MEMORY.
HM_MUST_CHECK hm_status hm_stored_write(const char *path, const hm_value *value,
        const hm_allocator *allocator, hm_error *error);

// Reads a value of this type and shape; it lives as long as the arena and the objects,
// which the caller ends, also after a failure. HM_BAD_DATA if
// the file is damaged, HM_TYPE_MISMATCH if the value has another type.
HM_MUST_CHECK hm_status hm_stored_read(const char *path, const hm_type *type,
        uint32_t depth, bool by_reference, hm_arena *arena, hm_objects *objects,
        hm_value *value, hm_error *error);

#endif
