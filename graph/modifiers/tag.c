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

// A limit bounds how many calls of the function are under way, and what only handles
// its result is none of them.
static bool is_passed_over(
        const hm_definition *definition, const hm_modifier *modifier) {
    return definition->role != HM_ROLE_OWN &&
           strcmp(modifier->arguments[0].text, "limit") == 0;
}

static size_t count_tags(const hm_function *function) {
    size_t count = 0;
    for (size_t i = 0; i < function->modifier_count; i++) {
        count += strcmp(function->modifiers[i].name, hm_rule_tag.name) == 0;
    }
    return count;
}

// Definitions of one kind have the same tags, so that thousands of them share a list.
static hm_tag *list_of(hm_applying *applying, size_t index) {
    const hm_definition *items = applying->definitions->items;
    if (index > applying->first && (items[index - 1].role == HM_ROLE_OWN) ==
                                           (items[index].role == HM_ROLE_OWN)) {
        return items[index - 1].tags;
    }
    return hm_arena_array(&applying->build->graph->arena,
            count_tags(items[index].declared), sizeof(hm_tag));
}

static hm_status apply(hm_applying *applying, const hm_modifier *modifier) {
    for (size_t i = applying->first; i < applying->definitions->count; i++) {
        hm_definition *definition = &applying->definitions->items[i];
        if (is_passed_over(definition, modifier)) {
            continue;
        }
        if (definition->tags == NULL) {
            definition->tags = list_of(applying, i);
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
