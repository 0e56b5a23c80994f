// define.c — from functions to definitions: the modifiers of each function are applied
// in the order of their phases. HM_OTHERWISE is about other functions, so the
// conditions of all are decided before any goes on to the later phases. The functions
// of a subdag are defined likewise, each time that one is made, after what stands
// around it.

#include <stdint.h>
#include <string.h>

#include "base/allocator.h"
#include "base/digest.h"
#include "base/error.h"
#include "base/text.h"
#include "graph/build.h"
#include "graph/conditions.h"
#include "graph/modifiers/from_config.h"
#include "graph/modifiers/modifier.h"
#include "graph/modifiers/steps.h"
#include "graph/modifiers/variant.h"

hm_status hm_build_reserve_definitions(
        hm_build *build, hm_definitions *definitions, size_t capacity) {
    if (capacity <= definitions->capacity) {
        return HM_OK;
    }
    size_t doubled = definitions->capacity * 2; // many little steps cost one copy
    capacity = capacity > doubled ? capacity : doubled;
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
        size_t capacity = definitions->count + 16;
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
static hm_status decide(hm_build *build, const hm_scope *scope, hm_definitions *decided,
        uint32_t module, const hm_function *function) {
    hm_applying applying = {build, scope, decided, decided->count};
    hm_definition *definition = hm_build_add_definition(build, decided);
    if (definition == NULL) {
        return HM_NO_MEMORY;
    }
    definition->declared = function;
    definition->function = function;
    definition->scope = scope;
    definition->is_parameterized =
            hm_function_has(function, &hm_rule_parameterize) ||
            hm_function_has(function, &hm_rule_parameterize_from_config) ||
            hm_function_has(function, &hm_rule_subdag_as);
    definition->parameters = function->parameters;
    definition->outputs = function->outputs;
    definition->parameter_count = (uint32_t)function->parameter_count;
    definition->output_count = (uint32_t)function->output_count;
    definition->module = module;
    if (function->modifier_count == 0) {
        return HM_OK;
    }
    HM_TRY(apply_phase(&applying, function, HM_PHASE_CONDITIONS));
    if (decided->count == applying.first && !hm_function_is_helper(function)) {
        return hm_conditions_note_absent(build, scope, function);
    }
    for (size_t i = applying.first; i < decided->count; i++) {
        if (decided->items[i].is_variant) {
            HM_TRY(hm_variant_rename(build, &decided->items[i]));
        }
        HM_TRY(hm_from_config_read(build, &decided->items[i]));
    }
    return HM_OK;
}

static hm_status decide_module(hm_build *build, const hm_scope *scope,
        hm_definitions *decided, uint32_t index) {
    const hm_module *module = build->graph->modules[index];
    HM_TRY(hm_build_reserve_definitions(
            build, decided, decided->count + module->function_count));
    for (size_t f = 0; f < module->function_count; f++) {
        if (!hm_function_is_helper(&module->functions[f])) {
            HM_TRY(decide(build, scope, decided, index, &module->functions[f]));
        }
    }
    return HM_OK;
}

static hm_status decide_all(
        hm_build *build, const hm_scope *scope, hm_definitions *decided) {
    if (scope->outer != NULL) {
        return decide_module(build, scope, decided, scope->module);
    }
    for (uint32_t m = 0; m < build->options->module_count; m++) {
        HM_TRY(decide_module(build, scope, decided, m));
    }
    return HM_OK;
}

static hm_status shape(
        hm_build *build, const hm_scope *scope, const hm_definition *decided) {
    hm_definitions *all = &build->definitions;
    hm_applying applying = {build, scope, all, all->count};
    hm_definition *definition = hm_build_add_definition(build, all);
    if (definition == NULL) {
        return HM_NO_MEMORY;
    }
    *definition = *decided;
    const hm_function *declared = decided->declared;
    size_t mutation_count;
    hm_build_mutations_of(build, declared, &mutation_count);
    bool is_changed = declared->modifier_count > 0 || mutation_count > 0;
    for (hm_phase phase = HM_PHASE_MAKER; is_changed && phase < HM_PHASE_COUNT;
            phase++) {
        for (size_t i = applying.first; phase == HM_PHASE_FIELDS && i < all->count;
                i++) {
            all->items[i].nodes = all->items[i].outputs;
        }
        HM_TRY(apply_phase(&applying, declared, phase));
        if (phase == HM_PHASE_OUTPUTS) {
            HM_TRY(hm_definition_steps_behind(&applying, declared));
        }
    }
    for (size_t i = applying.first; i < all->count; i++) {
        HM_TRY(hm_scope_enter(build, scope, &all->items[i]));
    }
    return HM_OK;
}

// `decided` is empty, and its memory is used again.
static hm_status define_scope(
        hm_build *build, const hm_scope *scope, hm_definitions *decided) {
    HM_TRY(decide_all(build, scope, decided));
    HM_TRY(hm_variant_choose_otherwise(build, decided));
    HM_TRY(hm_build_reserve_definitions(
            build, &build->definitions, build->definitions.count + decided->count));
    for (size_t i = 0; i < decided->count; i++) {
        HM_TRY(shape(build, scope, &decided->items[i]));
    }
    decided->count = 0;
    return HM_OK;
}

hm_status hm_build_define(hm_build *build) {
    hm_scope *top = hm_arena_array(&build->scratch, 1, sizeof *top);
    if (top == NULL) {
        return HM_NO_MEMORY;
    }
    top->path = "";
    build->scopes = top;
    build->last_scope = top;
    HM_TRY(hm_build_list_mutations(build));
    hm_definitions decided = {0};
    for (const hm_scope *scope = top; scope != NULL; scope = scope->next) {
        if (!scope->is_left_out) {
            HM_TRY(define_scope(build, scope, &decided));
        }
    }
    return HM_OK;
}
