// variant.c — see variant.h. "Another variant of the same node" is any other function
// that makes a node of one of its names, in whatever module; a multi-output variant
// exists as a whole or not at all.

#include "graph/modifiers/variant.h"

#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/literal.h"
#include "graph/modifiers/arguments.h"
#include "graph/modifiers/modifier.h"
#include "graph/modifiers/parameterize.h"

static const char *check_condition(
        const hm_function *function, const hm_modifier *modifier) {
    (void)function;
    return hm_arguments_check_key_and_values(modifier);
}

hm_status hm_condition_matches(const hm_applying *applying,
        const hm_argument *arguments, size_t argument_count, bool *is_match) {
    hm_build *build = applying->build;
    const char *key = arguments[0].text;
    uint32_t *number = hm_names_put(&build->condition_keys, key);
    if (number == NULL) {
        return HM_NO_MEMORY;
    }
    *number = 0;
    *is_match = false;
    hm_scalar found = hm_scope_config(build, applying->scope, key);
    for (size_t i = 1; i < argument_count && !*is_match; i++) {
        *is_match = hm_scalar_equals(&found, &arguments[i]);
    }
    return HM_OK;
}

static void keep_if(hm_applying *applying, bool holds) {
    hm_definitions *definitions = applying->definitions;
    if (!holds) {
        definitions->count = applying->first;
    }
    for (size_t i = applying->first; i < definitions->count; i++) {
        definitions->items[i].is_variant = true;
    }
}

static hm_status apply_when(hm_applying *applying, const hm_modifier *modifier) {
    bool is_match;
    HM_TRY(hm_condition_matches(
            applying, modifier->arguments, modifier->argument_count, &is_match));
    keep_if(applying, is_match);
    return HM_OK;
}

static hm_status apply_when_not(hm_applying *applying, const hm_modifier *modifier) {
    bool is_match;
    HM_TRY(hm_condition_matches(
            applying, modifier->arguments, modifier->argument_count, &is_match));
    keep_if(applying, !is_match);
    return HM_OK;
}

static hm_status apply_otherwise(hm_applying *applying, const hm_modifier *modifier) {
    (void)modifier;
    keep_if(applying, true);
    for (size_t i = applying->first; i < applying->definitions->count; i++) {
        applying->definitions->items[i].is_otherwise = true;
    }
    return HM_OK;
}

const hm_modifier_rule hm_rule_when = {
        .name = "when",
        .phase = HM_PHASE_CONDITIONS,
        .fewest_arguments = 2,
        .most_arguments = SIZE_MAX,
        .check = check_condition,
        .apply = apply_when,
};

const hm_modifier_rule hm_rule_when_not = {
        .name = "when_not",
        .phase = HM_PHASE_CONDITIONS,
        .fewest_arguments = 2,
        .most_arguments = SIZE_MAX,
        .check = check_condition,
        .apply = apply_when_not,
};

const hm_modifier_rule hm_rule_otherwise = {
        .name = "otherwise",
        .phase = HM_PHASE_CONDITIONS,
        .apply = apply_otherwise,
};

static const char *check_name(
        const hm_function *function, const hm_modifier *modifier) {
    if (!hm_argument_is_word(&modifier->arguments[0])) {
        return "its argument is no name";
    }
    for (size_t i = 0; i < function->output_count; i++) {
        if (strcmp(function->outputs[i].name, function->name) == 0) {
            return NULL;
        }
    }
    return "it renames the output that is named as the function, and there is none";
}

static hm_status apply_name(hm_applying *applying, const hm_modifier *modifier) {
    for (size_t i = applying->first; i < applying->definitions->count; i++) {
        applying->definitions->items[i].given_name = modifier->arguments[0].text;
    }
    return HM_OK;
}

const hm_modifier_rule hm_rule_name = {
        .name = "name",
        .phase = HM_PHASE_CONDITIONS,
        .fewest_arguments = 1,
        .most_arguments = 1,
        .check = check_name,
        .apply = apply_name,
};

// Where the last "__" of a name is, or NULL.
static const char *last_double_underscore(const char *name) {
    const char *last = NULL;
    for (const char *at = strstr(name, "__"); at != NULL; at = strstr(at + 1, "__")) {
        last = at;
    }
    return last;
}

const char *hm_variant_check(const hm_function *function, const char **mend) {
    bool is_named = hm_function_has(function, &hm_rule_name);
    if (!hm_function_has(function, &hm_rule_when) &&
            !hm_function_has(function, &hm_rule_when_not) &&
            !hm_function_has(function, &hm_rule_otherwise)) {
        *mend = "rename the function";
        return is_named ? "HM_NAME stands without HM_WHEN, HM_WHEN_NOT or HM_OTHERWISE"
                        : NULL;
    }
    const char *suffix = last_double_underscore(function->name);
    if (is_named || suffix == NULL) {
        return NULL;
    }
    *mend = "call it as in price__us: the node's name, two underscores, a word";
    if (suffix[2] == '\0') {
        return "the name of a variant ends in two underscores";
    }
    return suffix == function->name ? "the name of a variant begins with its suffix"
                                    : NULL;
}

hm_status hm_variant_rename(hm_build *build, hm_definition *definition) {
    const hm_function *function = definition->function;
    const char *name = definition->given_name;
    const char *suffix = last_double_underscore(function->name);
    if (name == NULL && suffix == NULL) {
        return HM_OK;
    }
    if (name == NULL) {
        name = hm_arena_slice(&build->graph->arena, function->name,
                (size_t)(suffix - function->name));
    }
    hm_output *outputs =
            hm_arena_array(&build->scratch, function->output_count, sizeof *outputs);
    if (name == NULL || outputs == NULL) {
        return HM_NO_MEMORY;
    }
    memcpy(outputs, function->outputs, function->output_count * sizeof *outputs);
    for (size_t i = 0; i < function->output_count; i++) {
        if (strcmp(outputs[i].name, function->name) == 0) {
            outputs[i].name = name;
        }
    }
    definition->outputs = outputs;
    return HM_OK;
}

// The names that a definition will make, one after the other from *at = 0 on, then
// NULL.
static const char *next_name(const hm_definition *definition, size_t *at) {
    if (definition->is_parameterized) {
        const hm_function *declared = definition->declared;
        return definition->resolved != NULL ? hm_parameterize_next(definition->resolved,
                                                      definition->resolved_count, at)
                                            : hm_parameterize_next(declared->modifiers,
                                                      declared->modifier_count, at);
    }
    return *at < definition->output_count ? definition->outputs[(*at)++].name : NULL;
}

// Numbers the names that definitions under HM_OTHERWISE make.
static hm_status collect_otherwise(const hm_definitions *definitions, hm_names *names) {
    for (size_t i = 0; i < definitions->count; i++) {
        const hm_definition *definition = &definitions->items[i];
        if (!definition->is_otherwise) {
            continue;
        }
        size_t at = 0;
        for (const char *name; (name = next_name(definition, &at)) != NULL;) {
            uint32_t number = (uint32_t)names->used;
            uint32_t *slot = hm_names_put(names, name);
            if (slot == NULL) {
                return HM_NO_MEMORY;
            }
            *slot = *slot == HM_NAMES_ABSENT ? number : *slot;
        }
    }
    return HM_OK;
}

// Marks those of the names that other definitions make.
static void mark_taken(
        const hm_definitions *definitions, const hm_names *names, bool *taken) {
    for (size_t i = 0; i < definitions->count; i++) {
        const hm_definition *definition = &definitions->items[i];
        if (definition->is_otherwise) {
            continue;
        }
        size_t at = 0;
        for (const char *name; (name = next_name(definition, &at)) != NULL;) {
            uint32_t number = hm_names_find(names, name);
            if (number != HM_NAMES_ABSENT) {
                taken[number] = true;
            }
        }
    }
}

static bool is_taken(
        const hm_definition *definition, const hm_names *names, const bool *taken) {
    size_t at = 0;
    for (const char *name; (name = next_name(definition, &at)) != NULL;) {
        if (taken[hm_names_find(names, name)]) {
            return true;
        }
    }
    return false;
}

static hm_status drop_taken(
        hm_build *build, hm_definitions *definitions, const hm_names *names) {
    bool *taken = hm_arena_array(&build->scratch, names->used, sizeof *taken);
    if (taken == NULL) {
        return HM_NO_MEMORY;
    }
    mark_taken(definitions, names, taken);
    size_t kept = 0;
    for (size_t i = 0; i < definitions->count; i++) {
        const hm_definition *definition = &definitions->items[i];
        if (!definition->is_otherwise || !is_taken(definition, names, taken)) {
            definitions->items[kept++] = *definition;
        }
    }
    definitions->count = kept;
    return HM_OK;
}

hm_status hm_variant_choose_otherwise(hm_build *build, hm_definitions *definitions) {
    hm_names names;
    hm_names_init(&names, build->options->allocator);
    hm_status status = collect_otherwise(definitions, &names);
    if (status == HM_OK && names.used > 0) {
        status = drop_taken(build, definitions, &names);
    }
    hm_names_finish(&names);
    return status;
}
