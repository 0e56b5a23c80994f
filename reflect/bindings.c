// bindings.c — see bindings.h.

#include "reflect/bindings.h"

#include <string.h>

#include "base/subdag.h"
#include "reflect/default.h"
#include "reflect/signature.h"

typedef struct hm_bindings_place {
    hm_source *source;
    hm_place place;
    const char *function;
} hm_bindings_place;

static void refuse(void *context, const char *mend, const char *message) {
    const hm_bindings_place *at = context;
    hm_source_fault(at->source, at->place, at->function,
            hm_source_format(at->source, "%s", mend), "%s", message);
}

static void resolve_enumerators(
        hm_source *source, const hm_bindings *bindings, const hm_argument *binding) {
    if (binding->kind != HM_ARGUMENT_CALL || binding->argument_count == 0 ||
            !(hm_binding_is_value(binding) || hm_binding_is_group(binding))) {
        return;
    }
    uint32_t index = hm_binding_parameter(bindings, binding);
    for (size_t i = 1; i < binding->argument_count && index != HM_NONE; i++) {
        // What was read is the source's own, and only handed out as constant.
        hm_default_resolve(source,
                (const hm_model_type *)bindings->parameters[index].type,
                (hm_argument *)&binding->arguments[i]);
    }
}

static void check_subdags(hm_source *source, const hm_model_function *function,
        const hm_modifiers *modifiers) {
    hm_subdag_function whole = {
            .name = function->name,
            .parameter_count = function->parameter_count,
            .outputs = function->outputs,
            .output_count = function->output_count,
            .modifiers = modifiers->items,
            .modifier_count = modifiers->count,
    };
    for (uint32_t m = 0; m < modifiers->count; m++) {
        if (strncmp(modifiers->items[m].name, "subdag", strlen("subdag")) != 0) {
            continue;
        }
        if (whole.parameters == NULL) {
            whole.parameters = hm_signature_parameters(source, function);
        }
        hm_bindings_place at = {source, modifiers->places[m], function->name};
        if (whole.parameters != NULL &&
                modifiers->items[m].argument_count >= modifiers->kinds[m]->least) {
            hm_subdag_check(&whole, &modifiers->items[m], refuse, &at);
        }
    }
}

void hm_bindings_resolve(hm_source *source, const hm_bindings *bindings) {
    for (size_t i = 0; i < bindings->count; i++) {
        resolve_enumerators(source, bindings, &bindings->items[i]);
    }
}

hm_bindings hm_bindings_describe(hm_source *source, const hm_model_function *function) {
    const hm_parameter *parameters = hm_signature_parameters(source, function);
    return (hm_bindings){
            .function = function->name,
            .parameters = parameters,
            .parameter_count = parameters != NULL ? function->parameter_count : 0,
            .outputs = function->outputs,
            .output_count = function->output_count,
            .is_async = function->is_async,
    };
}

void hm_bindings_read(hm_source *source, const hm_model_function *function,
        const hm_modifiers *modifiers) {
    check_subdags(source, function, modifiers);
    for (uint32_t m = 0; m < modifiers->count; m++) {
        const hm_modifier *modifier = &modifiers->items[m];
        uint32_t first = modifiers->kinds[m]->first_binding;
        if (!modifiers->kinds[m]->has_bindings || modifier->argument_count < first) {
            continue;
        }
        hm_bindings bindings = hm_bindings_describe(source, function);
        bindings.macro = modifiers->kinds[m]->macro;
        bindings.items = modifier->arguments + first;
        bindings.count = modifier->argument_count - first;
        // Its first argument is a node's name; told once of each function.
        bindings.renames_output =
                first > 0 && hm_modifiers_find(modifiers, modifier->name) == m;
        hm_bindings_resolve(source, &bindings);
        hm_bindings_place at = {source, modifiers->places[m], function->name};
        hm_bindings_check(&bindings, refuse, &at);
    }
}
