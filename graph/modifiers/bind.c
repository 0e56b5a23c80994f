// bind.c — see bind.h.

#include "graph/modifiers/bind.h"

#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/literal.h"
#include "base/text.h"
#include "graph/modifiers/group.h"

static void complain(void *check, const char *mend, const char *message) {
    hm_check_complain(check, mend, "%s", message);
}

hm_bindings hm_bindings_of_function(const hm_function *function) {
    return (hm_bindings){.function = function->name,
            .parameters = function->parameters,
            .parameter_count = function->parameter_count,
            .outputs = function->outputs,
            .output_count = function->output_count,
            .is_async = function->start != NULL};
}

void hm_check_bindings(hm_check *check, hm_bindings bindings) {
    hm_bindings whole = hm_bindings_of_function(check->function);
    whole.macro = bindings.macro;
    whole.items = bindings.items;
    whole.count = bindings.count;
    whole.renames_output = bindings.renames_output;
    hm_bindings_check(&whole, complain, check);
}

// What is bound is part of what is run, like code.
static hm_status derive_version(hm_build *build, const hm_argument *bindings,
        size_t count, hm_function *function) {
    hm_text text;
    hm_text_init(&text, build->options->allocator);
    for (size_t i = 0; i < count; i++) {
        hm_text_format(&text, "%s(", bindings[i].text);
        for (size_t p = 0; p < bindings[i].argument_count; p++) {
            const hm_argument *part = &bindings[i].arguments[p];
            hm_text_format(&text, "%d %zu %s,", (int)part->kind, strlen(part->text),
                    part->text);
        }
        hm_text_append(&text, ")");
    }
    hm_status status = text.failed ? HM_NO_MEMORY
                                   : hm_build_derive_version(build, function->version,
                                             hm_text_get(&text), &function->version);
    hm_text_finish(&text);
    return status;
}

static hm_status bind_value(
        hm_build *build, const hm_argument *literal, hm_parameter *parameter) {
    void *slot = hm_arena_elements(
            &build->graph->arena, 1, parameter->type->size, parameter->type->alignment);
    if (slot == NULL) {
        return HM_NO_MEMORY;
    }
    hm_literal_store(literal, parameter->type, slot);
    parameter->default_value = slot;
    return HM_OK;
}

hm_status hm_definition_bind(hm_build *build, hm_definition *definition,
        const hm_function *declared, const hm_argument *items, size_t count,
        hm_function **made) {
    hm_arena *arena = &build->graph->arena;
    size_t parameter_count = declared->parameter_count;
    hm_function *function = hm_arena_array(arena, 1, sizeof *function);
    hm_parameter *parameters =
            hm_arena_array(arena, parameter_count, sizeof *parameters);
    bool *is_bound = hm_arena_array(arena, parameter_count, sizeof *is_bound);
    if (function == NULL || parameters == NULL || is_bound == NULL) {
        return HM_NO_MEMORY;
    }
    if (parameter_count > 0) {
        memcpy(parameters, declared->parameters, parameter_count * sizeof *parameters);
    }
    const hm_bindings bindings = {.parameters = declared->parameters,
            .parameter_count = parameter_count,
            .items = items,
            .count = count};
    bool has_group = false;
    for (size_t i = 0; i < count; i++) {
        uint32_t index = hm_binding_parameter(&bindings, &items[i]);
        const hm_argument *to = &items[i].arguments[1];
        is_bound[index] = hm_binding_is_value(&items[i]);
        if (hm_binding_is_group(&items[i])) {
            has_group = true;
        } else if (is_bound[index]) {
            HM_TRY(bind_value(build, to, &parameters[index]));
        } else {
            parameters[index].name = to->text;
        }
    }
    *function = *definition->function;
    function->parameters = parameters;
    definition->function = function;
    definition->parameters = parameters;
    definition->is_bound = is_bound;
    *made = function;
    if (has_group) {
        HM_TRY(hm_definition_group(build, definition, declared, function, &bindings));
    }
    return derive_version(build, items, count, function);
}

static hm_status copy_function(
        hm_build *build, hm_definition *definition, hm_function **function) {
    *function = hm_arena_array(&build->graph->arena, 1, sizeof **function);
    if (*function == NULL) {
        return HM_NO_MEMORY;
    }
    **function = *definition->function;
    definition->function = *function;
    return HM_OK;
}

hm_status hm_definition_rename(
        hm_build *build, hm_definition *definition, const char *name) {
    hm_function *function;
    hm_output *output = hm_arena_array(&build->graph->arena, 1, sizeof *output);
    if (output == NULL) {
        return HM_NO_MEMORY;
    }
    HM_TRY(copy_function(build, definition, &function));
    *output = *definition->outputs;
    output->name = name;
    function->outputs = output;
    definition->outputs = output;
    return HM_OK;
}

hm_status hm_definition_rebind(hm_build *build, hm_definition *definition,
        uint32_t index, const hm_argument *literal, const char *text) {
    hm_arena *arena = &build->graph->arena;
    size_t count = definition->parameter_count;
    hm_parameter *parameters = hm_arena_array(arena, count, sizeof *parameters);
    bool *is_bound = hm_arena_array(arena, count, sizeof *is_bound);
    hm_function *function;
    if (parameters == NULL || is_bound == NULL) {
        return HM_NO_MEMORY;
    }
    HM_TRY(copy_function(build, definition, &function));
    memcpy(parameters, definition->parameters, count * sizeof *parameters);
    if (definition->is_bound != NULL) {
        memcpy(is_bound, definition->is_bound, count * sizeof *is_bound);
    }
    if (literal != NULL) {
        is_bound[index] = true;
        HM_TRY(bind_value(build, literal, &parameters[index]));
    }
    function->parameters = parameters;
    definition->parameters = parameters;
    definition->is_bound = is_bound;
    return hm_build_derive_version(build, function->version, text, &function->version);
}

hm_status hm_definition_own(
        hm_build *build, hm_definition *definition, hm_own_function *made) {
    hm_arena *arena = &build->graph->arena;
    size_t parameter_count = definition->parameter_count;
    size_t output_count = definition->output_count;
    made->function = hm_arena_array(arena, 1, sizeof *made->function);
    made->parameters = hm_arena_array(arena, parameter_count, sizeof *made->parameters);
    made->outputs = hm_arena_array(arena, output_count, sizeof *made->outputs);
    if (made->function == NULL || made->parameters == NULL || made->outputs == NULL) {
        return HM_NO_MEMORY;
    }
    if (parameter_count > 0) {
        memcpy(made->parameters, definition->parameters,
                parameter_count * sizeof *made->parameters);
    }
    memcpy(made->outputs, definition->outputs, output_count * sizeof *made->outputs);
    *made->function = *definition->function;
    made->function->parameters = made->parameters;
    made->function->outputs = made->outputs;
    definition->function = made->function;
    definition->parameters = made->parameters;
    definition->outputs = made->outputs;
    return HM_OK;
}

const char *hm_definition_base(const hm_definition *definition) {
    const hm_function *declared = definition->declared;
    for (uint32_t o = 0; o < definition->output_count; o++) {
        if (strcmp(declared->outputs[o].name, declared->name) == 0) {
            return definition->outputs[o].name;
        }
    }
    return declared->name;
}

uint32_t hm_definition_place(const hm_definition *definition, const char *parameter) {
    const hm_bindings parameters = {.parameters = definition->declared->parameters,
            .parameter_count = definition->declared->parameter_count};
    const hm_argument name = {.text = parameter};
    uint32_t index =
            hm_binding_parameter(&parameters, &(hm_argument){.arguments = &name});
    uint32_t place = definition->places != NULL ? definition->places[index] : index;
    bool is_grouped = definition->parameters[place].shape !=
                      definition->declared->parameters[index].shape;
    bool is_bound = definition->is_bound != NULL && definition->is_bound[place];
    return is_grouped || is_bound ? HM_NONE : place;
}
