// tag.c — HM_TAG(key, value, ...): a key and its values, for queries.

#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "graph/modifiers/arguments.h"
#include "graph/modifiers/modifier.h"

static const char *check(const hm_function *function, const hm_modifier *modifier) {
    (void)function;
    return hm_arguments_check_key_and_values(modifier);
}

// A limit bounds how many calls of the function are under way, and what takes fields
// out of its result is none of them.
static bool is_passed_over(
        const hm_definition *definition, const hm_modifier *modifier) {
    return definition->is_field && strcmp(modifier->arguments[0].text, "limit") == 0;
}

static hm_status apply(hm_applying *applying, const hm_modifier *modifier) {
    hm_arena *arena = &applying->build->graph->arena;
    for (size_t i = applying->first; i < applying->definitions->count; i++) {
        hm_definition *definition = &applying->definitions->items[i];
        if (is_passed_over(definition, modifier)) {
            continue;
        }
        if (definition->tags == NULL) {
            definition->tags = hm_arena_array(arena,
                    definition->declared->modifier_count, sizeof *definition->tags);
            if (definition->tags == NULL) {
                return HM_NO_MEMORY;
            }
        }
        definition->tags[definition->tag_count++] = (hm_tag){
                .key = modifier->arguments[0].text,
                .values = modifier->arguments + 1,
                .value_count = modifier->argument_count - 1,
        };
    }
    return HM_OK;
}

const hm_modifier_rule hm_rule_tag = {
        .name = "tag",
        .phase = HM_PHASE_METADATA,
        .fewest_arguments = 2,
        .most_arguments = SIZE_MAX,
        .check = check,
        .apply = apply,
};
