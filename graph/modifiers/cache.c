// cache.c — HM_CACHE(behaviour): what a cache does about the node. The graph only sees
// to it that it is one.

#include "base/caching.h"
#include "base/literal.h"
#include "graph/modifiers/modifier.h"

static const char *check(const hm_function *function, const hm_modifier *modifier) {
    (void)function;
    const hm_argument *word = &modifier->arguments[0];
    bool is_known = hm_argument_is_word(word) && hm_caching_is_behaviour(word->text);
    return is_known ? NULL : "it is none of recompute, disable, ignore and default";
}

const hm_modifier_rule hm_rule_cache = {
        .name = "cache",
        .phase = HM_PHASE_METADATA,
        .fewest_arguments = 1,
        .most_arguments = 1,
        .is_single = true,
        .check = check,
};
