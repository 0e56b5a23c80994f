// origin.h — where a bundle comes from: how its dataflow is built again.

#ifndef HM_ADAPTERS_BUNDLE_ORIGIN_H
#define HM_ADAPTERS_BUNDLE_ORIGIN_H

#include <hamilton/bundle.h>

#include "adapters/bundle/content.h"

// Copies into the arena; NULL gives an empty one.
HM_MUST_CHECK hm_status hm_bundle_origin_copy(const hm_bundle_origin *origin,
        hm_arena *arena, hm_bundle_origin *copy, hm_error *error);

// Notes it, for a bundle in this folder, which is there. What the origin has is
// borrowed by the content.
HM_MUST_CHECK hm_status hm_bundle_origin_note(const hm_bundle_origin *origin,
        const hm_graph *graph, const char *folder, hm_arena *arena,
        hm_bundle_content *content, hm_error *error);

#endif
