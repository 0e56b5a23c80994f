// variant.h — one node, several functions, of which config chooses: HM_WHEN,
// HM_WHEN_NOT, HM_OTHERWISE, and what such a node is called.

#ifndef HM_GRAPH_MODIFIERS_VARIANT_H
#define HM_GRAPH_MODIFIERS_VARIANT_H

#include <hamilton/module.h>
#include <hamilton/status.h>

#include "graph/build.h"
#include "graph/modifiers/modifier.h"

// Whether config's value for a key, the first argument, is one of the others.
hm_status hm_condition_matches(const hm_applying *applying,
        const hm_argument *arguments, size_t argument_count, bool *is_match);

// What is wrong with the name of a variant, or NULL; *mend says what to do about it.
const char *hm_variant_check(const hm_function *function, const char **mend);

// Gives a definition that is a variant the name of its node: price__us makes price.
hm_status hm_variant_rename(hm_build *build, hm_definition *definition);

// Removes the definitions under HM_OTHERWISE of which another definition makes a node.
hm_status hm_variant_choose_otherwise(hm_build *build, hm_definitions *definitions);

#endif
