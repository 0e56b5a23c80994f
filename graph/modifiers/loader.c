// loader.c — HM_LOADER and HM_SAVER: functions that load or save themselves. What they
// make depends on more than their arguments, or is not all that they do.

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/data_use.h"
#include "base/error.h"
#include "graph/check.h"
#include "graph/modifiers/bind.h"
#include "graph/modifiers/modifier.h"

static const hm_argument function_value[] = {
        {.kind = HM_ARGUMENT_NAME, .text = "function"}};
static const hm_tag loader_tag = {
        .key = "data_loader", .values = function_value, .value_count = 1};
static const hm_tag saver_tag = {
        .key = "data_saver", .values = function_value, .value_count = 1};

// "f.loader"
static const char *name_metadata(hm_build *build, const char *base) {
    static const char suffix[] = ".loader";
    size_t length = strlen(base) + sizeof suffix;
    char *name = hm_arena_take(&build->graph->arena, length, 1);
    if (name != NULL) {
        snprintf(name, length, "%s%s", base, suffix);
    }
    return name;
}

static hm_status mark(hm_build *build, hm_definition *definition, bool loads) {
    const hm_function *declared = definition->declared;
    hm_own_function made;
    HM_TRY(hm_definition_own(build, definition, &made));
    if (!hm_function_has(declared, &hm_rule_cache)) {
        made.function->flags |= HM_FUNCTION_STATEFUL;
    }
    definition->tags = (hm_tags){loads ? &loader_tag : &saver_tag, 1};
    if (!loads) {
        return HM_OK;
    }
    const hm_output *metadata = hm_loader_metadata(
            declared->name, declared->outputs, declared->output_count);
    const char *name = name_metadata(build, hm_definition_base(definition));
    definition->aside_output = (uint32_t)(metadata - declared->outputs) + 1;
    made.outputs[definition->aside_output - 1].name = name;
    return name != NULL ? HM_OK : HM_NO_MEMORY;
}

static hm_status apply(hm_applying *applying, const hm_modifier *modifier) {
    for (size_t i = applying->first; i < applying->definitions->count; i++) {
        hm_definition definition = applying->definitions->items[i];
        HM_TRY(mark(applying->build, &definition, hm_is_loader(modifier)));
        applying->definitions->items[i] = definition;
    }
    return HM_OK;
}

static void complain(void *check, const char *mend, const char *message) {
    hm_check_complain(check, mend, "%s", message);
}

static void look_at(hm_check *check, const hm_modifier *modifier) {
    const hm_function *function = check->function;
    hm_data_maker_check(modifier, function->name, function->outputs,
            function->output_count, complain, check);
}

// What the function makes is looked at, so it is sound.
static hm_status relate(hm_check *check, const hm_modifier *modifier) {
    check->modifier = modifier;
    look_at(check, modifier);
    check->modifier = NULL;
    return HM_OK;
}

#define RULE(word)                                                                     \
    const hm_modifier_rule hm_rule_##word = {                                          \
            .name = #word,                                                             \
            .phase = HM_PHASE_MAKER,                                                   \
            .is_single = true,                                                         \
            .relate = relate,                                                          \
            .apply = apply,                                                            \
    }

RULE(loader);
RULE(saver);
