// pack.h — canonical bytes in memory, and values made of them again.

#ifndef HM_BASE_PACK_H
#define HM_BASE_PACK_H

#include <hamilton/allocator.h>
#include <hamilton/status.h>
#include <hamilton/value.h>

#include "base/arena.h"
#include "base/content.h"
#include "base/object.h"

// The bytes of a value, aligned to HM_CANONICAL_ALIGNMENT, which the caller gives back
// to the allocator with that. Errors as of hm_content_of.
HM_MUST_CHECK hm_status hm_pack(const hm_allocator *allocator, const hm_value *value,
        unsigned char **bytes, size_t *length, hm_error *error);

// A value of these bytes, which are aligned to HM_CANONICAL_ALIGNMENT and outlive it:
// it points into them where it can, else into the arena, and at the objects. The caller
// ends both, also after a failure. HM_BAD_DATA if they are not those of a value of this
// form: lengths in them are not trusted.
HM_MUST_CHECK hm_status hm_unpack(const hm_form *form, const void *bytes, size_t length,
        hm_arena *arena, hm_objects *objects, hm_value *value);

#endif
