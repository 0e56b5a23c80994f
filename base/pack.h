// pack.h — canonical bytes in memory, and values made of them again.

#ifndef HM_BASE_PACK_H
#define HM_BASE_PACK_H

#include <hamilton/status.h>
#include <hamilton/value.h>

#include "base/arena.h"
#include "base/content.h"

// How many bytes a value takes; then they are written, to memory of that size.
size_t hm_pack_size(const hm_value *value);
void hm_pack_write(const hm_value *value, void *bytes);

// A value of these bytes, which are aligned to HM_CANONICAL_ALIGNMENT and outlive it:
// it points into them where it can, else into the arena. HM_BAD_DATA if they are not
// those of a value of this form: lengths in them are not trusted.
HM_MUST_CHECK hm_status hm_unpack(const hm_form *form, const void *bytes, size_t length,
        hm_arena *arena, hm_value *value);

#endif
