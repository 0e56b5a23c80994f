// bundle.h — a bundle that was read.

#ifndef HM_ADAPTERS_BUNDLE_BUNDLE_H
#define HM_ADAPTERS_BUNDLE_BUNDLE_H

#include <hamilton/bundle.h>

#include "adapters/bundle/content.h"
#include "base/object.h"

struct hm_bundle {
    hm_arena arena;     // all that it has,
    hm_objects objects; // and what types have read themselves
    const char *folder;
    hm_bundle_content content;
    hm_bundle_description description;
};

// The value of an input or output, whose type is found by its name or is the node's.
HM_MUST_CHECK hm_status hm_bundle_read_value(hm_bundle *bundle,
        const hm_bundle_value *kept, const hm_type *node_type, hm_value *value,
        hm_error *error);

#endif
