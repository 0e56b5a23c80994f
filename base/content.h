// content.h — what a value is, in 128 bits: its type, shape and canonical bytes. Equal
// values have equal contents, however their columns were put together and whatever lies
// under a missing element or in padding.

#ifndef HM_BASE_CONTENT_H
#define HM_BASE_CONTENT_H

#include <hamilton/status.h>
#include <hamilton/value.h>

#include "base/hash.h"

// What values of one node have in common.
typedef struct hm_form {
    const hm_type *type;
    uint32_t depth;
    bool by_reference;
    hm_hash hash; // of these three; of the type its name, kind, size and all fields
} hm_form;

// type outlives the form and has no obstacle to being hashed, see
// hm_canonical_obstacle.
hm_form hm_form_of(const hm_type *type, uint32_t depth, bool by_reference);

// Of a value of this form. HM_IO if its type says how values are written and that does
// not succeed; HM_NO_MEMORY.
HM_MUST_CHECK hm_status hm_content_of(
        const hm_form *form, const hm_value *value, hm_hash *content, hm_error *error);

#endif
