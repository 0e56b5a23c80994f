// steps.c — see steps.h. A step is a definition like any other: its function is a copy
// of the one it names, which takes what is before it.
//
// The last step behind an output makes the node itself. So a chain costs what its
// functions cost; the name of the last step is a copy that is made when it is asked
// for.

#include "graph/modifiers/steps.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/steps.h"
#include "graph/identity.h"
#include "graph/modifiers/bind.h"
#include "graph/modifiers/tag.h"
#include "graph/modifiers/variant.h"

// A step where it stands.
typedef struct hm_placed_step {
    hm_step step;
    const hm_modifier *modifier;
    uint32_t repetition; // how many of its name are before it
    bool is_active;
} hm_placed_step;

typedef struct hm_chain {
    hm_applying *applying;
    hm_definition like;         // whose chain it is, as it was
    const char *base;           // the node that the steps are called by
    const char *value;          // the node or input that goes into the next step
    const hm_parameter *origin; // the parameter that would have taken it, or NULL
} hm_chain;

static hm_status is_active(
        const hm_applying *applying, const hm_step *step, bool *active) {
    *active = true;
    for (size_t i = 0; i < step->setting_count && *active; i++) {
        const hm_argument *setting = &step->settings[i];
        bool is_not = hm_setting_is_if_not(setting);
        if (hm_setting_is_if(setting) || is_not) {
            bool matches;
            HM_TRY(hm_condition_matches(
                    applying, setting->arguments, setting->argument_count, &matches));
            *active = matches != is_not;
        }
    }
    return HM_OK;
}

// All steps of one function, in the order in which they are numbered.
typedef struct hm_step_list {
    hm_placed_step *items;
    size_t count;
} hm_step_list;

static hm_status add_steps(const hm_applying *applying, hm_step_list *list,
        const hm_function *function, const hm_modifier *modifier) {
    for (size_t i = 0; i < hm_steps_count(modifier); i++) {
        hm_placed_step *items = hm_arena_grow(
                &applying->build->scratch, list->items, list->count, sizeof *items);
        if (items == NULL) {
            return HM_NO_MEMORY;
        }
        list->items = items;
        hm_placed_step *placed = &items[list->count];
        *placed = (hm_placed_step){
                .step = hm_steps_at(modifier, function->name, i), .modifier = modifier};
        const char *name = hm_step_name(&placed->step);
        for (size_t k = 0; k < list->count; k++) {
            placed->repetition += strcmp(hm_step_name(&items[k].step), name) == 0;
        }
        HM_TRY(is_active(applying, &placed->step, &placed->is_active));
        list->count++;
    }
    return HM_OK;
}

static hm_status list_steps(
        const hm_applying *applying, const hm_function *declared, hm_step_list *list) {
    for (size_t i = 0; i < declared->modifier_count; i++) {
        if (hm_is_pipe_input(&declared->modifiers[i])) {
            HM_TRY(add_steps(applying, list, declared, &declared->modifiers[i]));
        }
    }
    for (size_t i = 0; i < declared->modifier_count; i++) {
        if (hm_is_pipe_output(&declared->modifiers[i])) {
            HM_TRY(add_steps(applying, list, declared, &declared->modifiers[i]));
        }
    }
    size_t count;
    const hm_mutation *mutations =
            hm_build_mutations_of(applying->build, declared, &count);
    for (size_t i = 0; i < count; i++) {
        HM_TRY(add_steps(applying, list, mutations[i].mutator, mutations[i].modifier));
    }
    return HM_OK;
}

// "f.with_add_1"
static const char *name_step(const hm_chain *chain, const hm_placed_step *placed) {
    char number[16] = "";
    if (placed->repetition > 0) {
        snprintf(number, sizeof number, "_%u", (unsigned)placed->repetition);
    }
    const char *parts[] = {chain->base, ".with_", hm_step_name(&placed->step), number};
    size_t length = 1;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        length += strlen(parts[i]);
    }
    char *name = hm_arena_take(&chain->applying->build->graph->arena, length, 1);
    if (name != NULL) {
        snprintf(name, length, "%s%s%s%s", parts[0], parts[1], parts[2], parts[3]);
    }
    return name;
}

static bool *copy_marks(hm_arena *arena, const bool *marks, size_t count) {
    bool *copy = hm_arena_array(arena, count, sizeof *copy);
    if (copy != NULL && marks != NULL && count > 0) {
        memcpy(copy, marks, count * sizeof *copy);
    }
    return copy;
}

// The first step before a parameter takes what that would take: in a subdag, or what it
// has by default.
static hm_status begin_chain(
        const hm_chain *chain, hm_definition *definition, hm_parameter *parameter) {
    const hm_parameter *origin = chain->origin;
    if (origin == NULL) {
        return HM_OK;
    }
    if (origin->default_value != NULL && hm_type_equal(origin->type, parameter->type)) {
        parameter->default_value = origin->default_value;
    }
    const hm_definition *like = &chain->like;
    bool is_outside_already =
            like->is_outside != NULL && like->is_outside[origin - like->parameters];
    if (like->inside == NULL || is_outside_already) {
        return HM_OK;
    }
    definition->inside = like->inside;
    bool *is_outside = copy_marks(
            &chain->applying->build->scratch, NULL, definition->parameter_count);
    for (uint32_t p = 0; is_outside != NULL && p < definition->parameter_count; p++) {
        is_outside[p] = &definition->parameters[p] != parameter;
    }
    definition->is_outside = is_outside;
    return is_outside != NULL ? HM_OK : HM_NO_MEMORY;
}

// The step's definition, which makes `name` of the chain's value; the last one behind
// an output makes the function's node.
static hm_status add_step(hm_chain *chain, const hm_placed_step *placed, bool is_last,
        hm_own_function *made) {
    hm_applying *applying = chain->applying;
    hm_build *build = applying->build;
    const hm_step *step = &placed->step;
    const hm_function *called;
    const char *name = is_last ? chain->base : name_step(chain, placed);
    if (name == NULL) {
        return HM_NO_MEMORY;
    }
    HM_TRY(hm_build_find_function(build, chain->like.module, step->function, &called));
    hm_definition *definition = hm_build_add_definition(build, applying->definitions);
    if (definition == NULL) {
        return HM_NO_MEMORY;
    }
    *definition = (hm_definition){.declared = chain->like.declared,
            .function = called,
            .made_by = placed->modifier,
            .expanded_by = chain->like.expanded_by,
            .parameters = called->parameters,
            .outputs = called->outputs,
            .parameter_count = (uint32_t)called->parameter_count,
            .output_count = (uint32_t)called->output_count,
            .module = chain->like.module,
            .scope = chain->like.scope,
            .is_variant = chain->like.is_variant,
            .role = HM_ROLE_STEP,
            .is_inner = !is_last};
    hm_function *bound;
    HM_TRY(hm_definition_bind(
            build, definition, called, step->bindings, step->binding_count, &bound));
    HM_TRY(hm_definition_own(build, definition, made));
    const hm_bindings parameters = {.parameters = called->parameters,
            .parameter_count = called->parameter_count};
    uint32_t taken = hm_step_parameter(step, &parameters);
    hm_parameter *parameter =
            &made->parameters[definition->places != NULL ? definition->places[taken]
                                                         : taken];
    parameter->name = chain->value;
    HM_TRY(begin_chain(chain, definition, parameter));
    chain->origin = NULL;
    made->outputs[0].name = name;
    made->function->name = name;
    made->function->flags &= ~(uint32_t)HM_FUNCTION_HELPER;
    chain->value = name;
    return hm_definition_tag_step(build, definition, called);
}

static hm_status cover(hm_build *build, hm_function *function, const char *version) {
    return hm_build_derive_version(build, function->version,
            version != NULL ? version : "", &function->version);
}

static void report_bound(
        hm_build *build, const hm_definition *definition, const hm_modifier *pipe) {
    const char *node = hm_definition_base(definition);
    hm_diagnostic fault =
            hm_build_modifier_fault(HM_BAD_ARGUMENT, definition->declared, pipe, node);
    fault.mend = "give it a node or an input";
    hm_faults_format(build->faults, fault,
            "HM_PIPE_INPUT of `%s`: config binds `%s` of `%s` to a literal or group, "
            "which no step can stand before",
            definition->declared->name, pipe->arguments[0].text, node);
}

static hm_status put_before(hm_applying *applying, const hm_modifier *modifier,
        const hm_step_list *steps, size_t index) {
    hm_build *build = applying->build;
    hm_definition definition = applying->definitions->items[index];
    uint32_t place = hm_definition_place(&definition, modifier->arguments[0].text);
    if (place == HM_NONE) {
        report_bound(build, &definition, modifier);
        return HM_OK;
    }
    hm_chain chain = {.applying = applying,
            .like = definition,
            .base = hm_definition_base(&definition),
            .value = definition.parameters[place].name,
            .origin = &definition.parameters[place]};
    hm_own_function own_function;
    HM_TRY(hm_definition_own(build, &definition, &own_function));
    for (size_t i = 0; i < steps->count; i++) {
        const hm_placed_step *placed = &steps->items[i];
        if (placed->modifier != modifier || !placed->is_active) {
            continue;
        }
        hm_own_function made;
        HM_TRY(add_step(&chain, placed, false, &made));
        HM_TRY(cover(build, own_function.function, made.function->version));
    }
    if (chain.origin == NULL) { // there is a step
        bool *is_outside = copy_marks(
                &build->scratch, definition.is_outside, definition.parameter_count);
        if (is_outside == NULL) {
            return HM_NO_MEMORY;
        }
        is_outside[place] = true;
        definition.is_outside = is_outside;
    }
    own_function.parameters[place].name = chain.value;
    applying->definitions->items[index] = definition;
    return HM_OK;
}

hm_status hm_definition_steps_before(
        hm_applying *applying, const hm_modifier *modifier) {
    size_t last = applying->definitions->count;
    if (last == applying->first) {
        return HM_OK;
    }
    hm_step_list steps = {0};
    HM_TRY(list_steps(
            applying, applying->definitions->items[applying->first].declared, &steps));
    for (size_t i = applying->first; i < last; i++) {
        if (!applying->definitions->items[i].is_inner) {
            HM_TRY(put_before(applying, modifier, &steps, i));
        }
    }
    return HM_OK;
}

// Whether what an output makes is taken by another definition of the function: its
// fields, or what a check passes on, go through the chain in its place.
static bool is_taken(const hm_applying *applying, const char *name) {
    for (size_t i = applying->first; i < applying->definitions->count; i++) {
        const hm_definition *definition = &applying->definitions->items[i];
        bool takes = definition->role == HM_ROLE_FIELD ||
                     definition->role == HM_ROLE_LOOKS ||
                     definition->role == HM_ROLE_PASSES;
        for (uint32_t p = 0; p < definition->parameter_count && takes; p++) {
            if (strcmp(definition->parameters[p].name, name) == 0) {
                return true;
            }
        }
    }
    return false;
}

// What a check found is no result of the function.
static bool is_finding(const hm_applying *applying, const hm_definition *definition) {
    for (size_t i = applying->first; i < applying->definitions->count; i++) {
        const hm_definition *maker = &applying->definitions->items[i];
        if (maker->role == HM_ROLE_LOOKS &&
                (definition->role == HM_ROLE_LOOKS ||
                        (definition->role == HM_ROLE_FIELD &&
                                strcmp(definition->parameters[0].name,
                                        maker->outputs[0].name) == 0))) {
            return true;
        }
    }
    return false;
}

static hm_status add_last_name(
        hm_chain *chain, const hm_placed_step *last, const hm_own_function *made) {
    hm_applying *applying = chain->applying;
    hm_build *build = applying->build;
    const char *name = name_step(chain, last);
    hm_definition *definition = hm_build_add_definition(build, applying->definitions);
    if (name == NULL || definition == NULL) {
        return HM_NO_MEMORY;
    }
    hm_function *function;
    HM_TRY(hm_identity_describe(
            &build->graph->arena, &made->outputs[0], name, &function));
    function->doc = made->function->doc;
    function->file = made->function->file;
    function->line = made->function->line;
    function->version = made->function->version;
    *definition = (hm_definition){.declared = chain->like.declared,
            .function = function,
            .made_by = last->modifier,
            .expanded_by = chain->like.expanded_by,
            .parameters = function->parameters,
            .outputs = function->outputs,
            .parameter_count = 1,
            .output_count = 1,
            .module = chain->like.module,
            .scope = chain->like.scope,
            .is_variant = chain->like.is_variant,
            .role = HM_ROLE_STEP,
            .is_aside = true,
            .is_inner = true};
    return HM_OK;
}

// The chain behind one output; `last` is the index of its last active step.
static hm_status put_behind(hm_chain *chain, const hm_step_list *steps, size_t last) {
    hm_build *build = chain->applying->build;
    hm_function covered = {.version = chain->like.function->version};
    hm_own_function made;
    for (size_t i = 0; i <= last; i++) {
        const hm_placed_step *placed = &steps->items[i];
        if (hm_is_pipe_input(placed->modifier) || !placed->is_active) {
            continue;
        }
        HM_TRY(add_step(chain, placed, i == last, &made));
        HM_TRY(cover(build, &covered, made.function->version));
    }
    made.function->version = covered.version;
    HM_TRY(add_last_name(chain, &steps->items[last], &made));
    if (chain->like.function->doc != NULL) {
        made.function->doc = chain->like.function->doc;
    }
    return HM_OK;
}

static const char *name_raw(hm_build *build, const char *base) {
    static const char suffix[] = ".raw";
    size_t length = strlen(base) + sizeof suffix;
    char *name = hm_arena_take(&build->graph->arena, length, 1);
    if (name != NULL) {
        snprintf(name, length, "%s%s", base, suffix);
    }
    return name;
}

static hm_status put_behind_all(
        hm_applying *applying, const hm_step_list *steps, size_t last, size_t index) {
    hm_build *build = applying->build;
    hm_definition definition = applying->definitions->items[index];
    hm_own_function raw;
    HM_TRY(hm_definition_own(build, &definition, &raw));
    definition.is_inner = true;
    for (uint32_t o = 0; o < definition.output_count; o++) {
        hm_chain chain = {
                .applying = applying, .like = definition, .base = raw.outputs[o].name};
        if (is_taken(applying, raw.outputs[o].name) ||
                o + 1 == definition.aside_output) {
            definition.is_inner = false;
            continue;
        }
        chain.value = raw.outputs[o].name = name_raw(build, chain.base);
        if (chain.value == NULL) {
            return HM_NO_MEMORY;
        }
        if (definition.output_count == 1) {
            raw.function->name = chain.value;
        }
        HM_TRY(put_behind(&chain, steps, last));
    }
    applying->definitions->items[index] = definition;
    return HM_OK;
}

hm_status hm_definition_steps_behind(
        hm_applying *applying, const hm_function *declared) {
    hm_step_list steps = {0};
    HM_TRY(list_steps(applying, declared, &steps));
    size_t last = steps.count;
    while (last > 0 && (!steps.items[last - 1].is_active ||
                               hm_is_pipe_input(steps.items[last - 1].modifier))) {
        last--;
    }
    size_t end = last > 0 ? applying->definitions->count : 0;
    for (size_t i = applying->first; i < end; i++) {
        const hm_definition *definition = &applying->definitions->items[i];
        if (!definition->is_inner && !is_finding(applying, definition)) {
            HM_TRY(put_behind_all(applying, &steps, last - 1, i));
        }
    }
    return HM_OK;
}
