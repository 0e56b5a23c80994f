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

const char *hm_parameterize_next(const hm_function *function, size_t *at) {
    while (*at < function->modifier_count) {
        const hm_modifier *modifier = &function->modifiers[(*at)++];
        if (is_ours(modifier)) {
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

// What `{word}` in a doc comment stands for, or NULL.
static const char *meaning(const hm_function *declared, const hm_modifier *modifier,
        const char *word, size_t length) {
    static const char output_name[] = "output_name";
    if (length == strlen(output_name) && memcmp(word, output_name, length) == 0) {
        return modifier->arguments[0].text;
    }
    for (size_t i = 1; i < modifier->argument_count; i++) {
        const hm_argument *parts = modifier->arguments[i].arguments;
        if (strlen(parts[0].text) == length &&
                memcmp(parts[0].text, word, length) == 0) {
            return parts[1].text;
        }
    }
    for (size_t i = 0; i < declared->parameter_count; i++) {
        const char *name = declared->parameters[i].name;
        if (strlen(name) == length && memcmp(name, word, length) == 0) {
            return name;
        }
    }
    return NULL;
}

// Other braces stay as they are.
static void fill_in(
        hm_text *text, const hm_function *declared, const hm_modifier *modifier) {
    const char *at = declared->doc;
    for (const char *open; (open = strchr(at, '{')) != NULL;) {
        size_t length = strcspn(open + 1, "{}");
        const char *filled = open[1 + length] == '}'
                                     ? meaning(declared, modifier, open + 1, length)
                                     : NULL;
        const char *behind = open + 1 + (filled != NULL ? length + 1 : 0);
        hm_text_append_bytes(text, at, (size_t)(open - at));
        hm_text_append(text, filled != NULL ? filled : "{");
        at = behind;
    }
    hm_text_append(text, at);
}

static hm_status fill_doc(
        hm_build *build, const hm_modifier *modifier, hm_function *function) {
    if (function->doc == NULL || strchr(function->doc, '{') == NULL) {
        return HM_OK;
    }
    hm_text text;
    hm_text_init(&text, build->options->allocator);
    fill_in(&text, function, modifier);
    function->doc = text.failed
                            ? NULL
                            : hm_arena_text(&build->graph->arena, hm_text_get(&text));
    hm_text_finish(&text);
    return function->doc != NULL ? HM_OK : HM_NO_MEMORY;
}

static hm_status add_node(hm_applying *applying, const hm_definition *original,
        const hm_modifier *modifier) {
    hm_build *build = applying->build;
    hm_definition *definition = hm_build_add_definition(build, applying->definitions);
    hm_output *output = hm_arena_array(&build->graph->arena, 1, sizeof *output);
    if (definition == NULL || output == NULL) {
        return HM_NO_MEMORY;
    }
    *definition = *original;
    hm_function *function;
    HM_TRY(hm_definition_bind(build, definition, modifier->arguments + 1,
            modifier->argument_count - 1, &function));
    *output = *original->declared->outputs;
    output->name = modifier->arguments[0].text;
    function->outputs = output;
    definition->outputs = output;
    // The words are those of the declaration, whatever its parameters are called now.
    function->parameters = original->declared->parameters;
    hm_status status = fill_doc(build, modifier, function);
    function->parameters = definition->parameters;
    return status;
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
            HM_TRY(add_node(applying, &original, &declared->modifiers[i]));
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
    if (is_first(check->function, modifier)) {
        bindings.outputs = check->function->outputs;
        bindings.output_count = check->function->output_count;
    }
    hm_check_bindings(check, bindings);
}

const hm_modifier_rule hm_rule_parameterize = {
        .name = "parameterize",
        .phase = HM_PHASE_EXPANSION,
        .fewest_arguments = 1,
        .most_arguments = SIZE_MAX,
        .inspect = inspect,
        .apply = apply,
};
