// define.c — from functions to definitions: the modifiers of each function are applied
// in the order of their phases. HM_OTHERWISE is about other functions, so the
// conditions of all are decided before any goes on to the later phases.

#include <stdint.h>
#include <string.h>

#include "base/allocator.h"
#include "base/digest.h"
#include "base/error.h"
#include "base/text.h"
#include "graph/build.h"
#include "graph/modifiers/from_config.h"
#include "graph/modifiers/modifier.h"
#include "graph/modifiers/variant.h"

hm_status hm_build_reserve_definitions(
        hm_build *build, hm_definitions *definitions, size_t capacity) {
    if (capacity <= definitions->capacity) {
        return HM_OK;
    }
    hm_definition *items = hm_arena_take(
            &build->scratch, capacity * sizeof *items, _Alignof(hm_definition));
    if (items == NULL) {
        return HM_NO_MEMORY;
    }
    if (definitions->count > 0) {
        memcpy(items, definitions->items, definitions->count * sizeof *items);
    }
    definitions->items = items;
    definitions->capacity = capacity;
    return HM_OK;
}

hm_definition *hm_build_add_definition(hm_build *build, hm_definitions *definitions) {
    if (definitions->count == definitions->capacity) {
        size_t capacity = definitions->capacity == 0 ? 16 : definitions->capacity * 2;
        if (hm_build_reserve_definitions(build, definitions, capacity) != HM_OK) {
            return NULL;
        }
    }
    hm_definition *added = &definitions->items[definitions->count++];
    *added = (hm_definition){0};
    return added;
}

hm_status hm_build_derive_version(
        hm_build *build, const char *version, const char *text, const char **derived) {
    if (version == NULL) {
        return HM_OK;
    }
    hm_text whole;
    hm_text_init(&whole, build->options->allocator);
    hm_text_format(&whole, "%s %s", version, text);
    char made[HM_DIGEST_SIZE];
    hm_digest_of(hm_text_get(&whole), whole.length, made);
    bool failed = whole.failed;
    hm_text_finish(&whole);
    *derived = failed ? NULL : hm_arena_text(&build->graph->arena, made);
    return *derived != NULL ? HM_OK : HM_NO_MEMORY;
}

static hm_status apply_phase(
        hm_applying *applying, const hm_function *function, hm_phase phase) {
    for (size_t i = 0; i < function->modifier_count; i++) {
        const hm_modifier *modifier = &function->modifiers[i];
        const hm_modifier_rule *rule = hm_modifier_rule_find(modifier->name);
        if (rule->phase == phase && rule->apply != NULL) {
            HM_TRY(rule->apply(applying, modifier));
        }
    }
    return HM_OK;
}

// Adds the definition that the declaration makes, unless config or the function say no.
static hm_status decide(hm_build *build, hm_definitions *decided, uint32_t module,
        const hm_function *function) {
    hm_applying applying = {build, decided, decided->count};
    hm_definition *definition = hm_build_add_definition(build, decided);
    if (definition == NULL) {
        return HM_NO_MEMORY;
    }
    definition->declared = function;
    definition->function = function;
    definition->is_parameterized =
            hm_function_has(function, &hm_rule_parameterize) ||
            hm_function_has(function, &hm_rule_parameterize_from_config);
    definition->parameters = function->parameters;
    definition->outputs = function->outputs;
    definition->parameter_count = (uint32_t)function->parameter_count;
    definition->output_count = (uint32_t)function->output_count;
    definition->module = module;
    if (function->modifier_count == 0) {
        return HM_OK;
    }
    HM_TRY(apply_phase(&applying, function, HM_PHASE_CONDITIONS));
    for (size_t i = applying.first; i < decided->count; i++) {
        if (decided->items[i].is_variant) {
            HM_TRY(hm_variant_rename(build, &decided->items[i]));
        }
        HM_TRY(hm_from_config_read(build, &decided->items[i]));
    }
    return HM_OK;
}

static hm_status decide_all(hm_build *build, hm_definitions *decided) {
    const hm_graph_options *options = build->options;
    size_t function_count = 0;
    for (size_t m = 0; m < options->module_count; m++) {
        function_count += options->modules[m]->function_count;
    }
    HM_TRY(hm_build_reserve_definitions(build, decided, function_count));
    for (size_t m = 0; m < options->module_count; m++) {
        const hm_module *module = options->modules[m];
        for (size_t f = 0; f < module->function_count; f++) {
            if ((module->functions[f].flags & HM_FUNCTION_HELPER) != 0) {
                continue;
            }
            HM_TRY(decide(build, decided, (uint32_t)m, &module->functions[f]));
        }
    }
    return HM_OK;
}

static hm_status shape(hm_build *build, const hm_definition *decided) {
    hm_applying applying = {build, &build->definitions, build->definitions.count};
    hm_definition *definition = hm_build_add_definition(build, &build->definitions);
    if (definition == NULL) {
        return HM_NO_MEMORY;
    }
    *definition = *decided;
    if (decided->declared->modifier_count == 0) {
        return HM_OK;
    }
    for (hm_phase phase = HM_PHASE_MAKER; phase < HM_PHASE_COUNT; phase++) {
        HM_TRY(apply_phase(&applying, decided->declared, phase));
    }
    return HM_OK;
}

hm_status hm_build_define(hm_build *build) {
    hm_definitions decided = {0};
    HM_TRY(decide_all(build, &decided));
    HM_TRY(hm_variant_choose_otherwise(build, &decided));
    HM_TRY(hm_build_reserve_definitions(build, &build->definitions, decided.count));
    for (size_t i = 0; i < decided.count; i++) {
        HM_TRY(shape(build, &decided.items[i]));
    }
    return HM_OK;
}
