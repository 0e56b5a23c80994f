// behaviour.c — what is done about a node: rules go before HM_CACHE, and that before
// what holds for all.

#include <string.h>

#include "adapters/cache/cache.h"

static bool has_tag(const hm_tag *tags, uint32_t count, const char *key) {
    for (uint32_t i = 0; i < count; i++) {
        if (strcmp(tags[i].key, key) == 0) {
            return true;
        }
    }
    return false;
}

static bool fits(const hm_cache_rule *rule, const char *name, const hm_tag *tags,
        uint32_t tag_count) {
    return (rule->name == NULL || strcmp(rule->name, name) == 0) &&
           (rule->tag == NULL || has_tag(tags, tag_count, rule->tag));
}

// Its argument was checked when the graph was built.
static hm_cache_behaviour read(const hm_modifier *said) {
    static const struct {
        const char *word;
        hm_cache_behaviour behaviour;
    } words[] = {{"recompute", HM_CACHE_RECOMPUTE}, {"disable", HM_CACHE_DISABLE},
            {"ignore", HM_CACHE_IGNORE}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (said->argument_count > 0 &&
                strcmp(said->arguments[0].text, words[i].word) == 0) {
            return words[i].behaviour;
        }
    }
    return HM_CACHE_DEFAULT;
}

hm_cache_behaviour hm_cache_behaviour_of(const hm_cache *cache, const char *name,
        const hm_tag *tags, uint32_t tag_count, const hm_modifier *said) {
    for (size_t i = 0; i < cache->rule_count; i++) {
        if (fits(&cache->rules[i], name, tags, tag_count)) {
            return cache->rules[i].behaviour;
        }
    }
    return said != NULL ? read(said) : cache->behaviour;
}
