// parameterize.c — HM_PARAMETERIZE(name, binding, ...): once for each node that the
// function makes.

#include "graph/modifiers/parameterize.h"

#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/literal.h"
#include "base/text.h"
#include "graph/modifiers/bind.h"
#include "graph/modifiers/modifier.h"

static bool is_ours(const hm_modifier *modifier) {
    return strcmp(modifier->name, hm_rule_parameterize.name) == 0;
}

const char *hm_parameterize_next(
        const hm_modifier *modifiers, size_t count, size_t *at) {
    while (*at < count) {
        const hm_modifier *modifier = &modifiers[(*at)++];
        if (is_ours(modifier) || strcmp(modifier->name, hm_rule_subdag_as.name) == 0) {
            return modifier->arguments[0].text;
        }
    }
    return NULL;
}

static bool is_first(const hm_function *function, const hm_modifier *modifier) {
    const hm_modifier *first = function->modifiers;
    while (!is_ours(first)) {
        first++;
    }
    return first == modifier;
}

static bool is_word(const char *name, const char *word, size_t length) {
    return strlen(name) == length && memcmp(name, word, length) == 0;
}

// Appends what `{word}` in a doc comment stands for; false if it is nothing of ours.
static bool append_meaning(hm_text *text, const hm_function *declared,
        const hm_modifier *modifier, const char *word, size_t length) {
    if (is_word("output_name", word, length)) {
        hm_text_append(text, modifier->arguments[0].text);
        return true;
    }
    for (size_t i = 1; i < modifier->argument_count; i++) {
        const hm_argument *binding = &modifier->arguments[i];
        if (binding->kind != HM_ARGUMENT_CALL ||
                !is_word(binding->arguments[0].text, word, length)) {
            continue;
        }
        for (size_t p = 1; p < binding->argument_count; p++) {
            hm_text_append(text, p > 1 ? ", " : "");
            hm_text_append(text, binding->arguments[p].text);
        }
        return true;
    }
    for (size_t i = 0; i < declared->parameter_count; i++) {
        if (is_word(declared->parameters[i].name, word, length)) {
            hm_text_append(text, declared->parameters[i].name);
            return true;
        }
    }
    return false;
}

// Other braces stay as they are.
static void fill_in(
        hm_text *text, const hm_function *declared, const hm_modifier *modifier) {
    const char *at = declared->doc;
    for (const char *open; (open = strchr(at, '{')) != NULL;) {
        hm_text_append_bytes(text, at, (size_t)(open - at));
        const char *word = open + 1;
        size_t length = strcspn(word, "{}");
        at = word;
        if (word[length] == '}' &&
                append_meaning(text, declared, modifier, word, length)) {
            at = word + length + 1;
        } else {
            hm_text_append(text, "{");
        }
    }
    hm_text_append(text, at);
}

hm_status hm_parameterize_doc(hm_build *build, const hm_function *declared,
        const hm_modifier *modifier, hm_function *function) {
    if (declared->doc == NULL || strchr(declared->doc, '{') == NULL) {
        return HM_OK;
    }
    hm_text text;
    hm_text_init(&text, build->options->allocator);
    fill_in(&text, declared, modifier);
    function->doc = text.failed
                            ? NULL
                            : hm_arena_text(&build->graph->arena, hm_text_get(&text));
    hm_text_finish(&text);
    return function->doc != NULL ? HM_OK : HM_NO_MEMORY;
}

hm_status hm_parameterize_add(hm_applying *applying, const hm_definition *original,
        const hm_modifier *modifier) {
    hm_build *build = applying->build;
    hm_definition *definition = hm_build_add_definition(build, applying->definitions);
    if (definition == NULL) {
        return HM_NO_MEMORY;
    }
    *definition = *original;
    definition->made_by = definition->expanded_by = modifier;
    hm_function *function;
    HM_TRY(hm_definition_bind(build, definition, original->declared,
            modifier->arguments + 1, modifier->argument_count - 1, &function));
    HM_TRY(hm_parameterize_doc(build, original->declared, modifier, function));
    return hm_definition_rename(build, definition, modifier->arguments[0].text);
}

// The first of them makes the nodes of all; no phase before this one multiplies.
static hm_status apply(hm_applying *applying, const hm_modifier *modifier) {
    if (applying->definitions->count == applying->first) {
        return HM_OK;
    }
    const hm_definition original = applying->definitions->items[applying->first];
    const hm_function *declared = original.declared;
    if (!is_first(declared, modifier)) {
        return HM_OK;
    }
    applying->definitions->count = applying->first;
    for (size_t i = 0; i < declared->modifier_count; i++) {
        if (is_ours(&declared->modifiers[i])) {
            HM_TRY(hm_parameterize_add(applying, &original, &declared->modifiers[i]));
        }
    }
    return HM_OK;
}

static void inspect(hm_check *check, const hm_modifier *modifier) {
    if (!hm_argument_is_word(&modifier->arguments[0])) {
        hm_check_complain(check, "write HM_PARAMETERIZE(node, binding, ...)",
                "argument 1 of HM_PARAMETERIZE is no name");
        return;
    }
    hm_bindings bindings = {
            .macro = "HM_PARAMETERIZE",
            .items = modifier->arguments + 1,
            .count = modifier->argument_count - 1,
    };
    bindings.renames_output = is_first(check->function, modifier); // told once
    hm_check_bindings(check, bindings);
}

const hm_modifier_rule hm_rule_parameterize = {
        .name = "parameterize",
        .phase = HM_PHASE_EXPANSION,
        .fewest_arguments = 1,
        .most_arguments = SIZE_MAX,
        .makes_own_nodes = true,
        .has_bindings = true,
        .first_binding = 1,
        .inspect = inspect,
        .apply = apply,
};
