// caching.c — see caching.h.

#include "reflect/caching.h"

#include <string.h>

#include "base/caching.h"

void hm_caching_check(hm_source *source, const hm_model_function *function,
        const hm_modifiers *modifiers) {
    for (uint32_t i = 0; i < modifiers->count; i++) {
        const hm_modifier *modifier = &modifiers->items[i];
        if (strcmp(modifier->name, "cache") == 0 && modifier->argument_count == 1 &&
                !hm_caching_is_behaviour(modifier->arguments[0].text)) {
            hm_source_fault(source, modifiers->places[i], function->name,
                    "write HM_CACHE(recompute), or disable, ignore or default",
                    "`%s` in HM_CACHE of `%s` is no behaviour",
                    modifier->arguments[0].text, function->name);
        }
    }
}
