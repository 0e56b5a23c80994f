// validators.c — see validators.h.

#include "reflect/validators.h"

#include "base/extraction.h"
#include "base/validator.h"
#include "reflect/callees.h"
#include "reflect/default.h"

typedef struct hm_validator_place {
    hm_source *source;
    hm_place place;
    const char *function;
} hm_validator_place;

static void refuse(void *context, const char *mend, const char *message) {
    const hm_validator_place *at = context;
    hm_source_fault(at->source, at->place, at->function,
            hm_source_format(at->source, "%s", mend), "%s", message);
}

void hm_validators_read(hm_source *source, const hm_model_function *function,
        const hm_modifiers *modifiers) {
    const hm_output *own =
            hm_output_own(function->name, function->outputs, function->output_count);
    for (uint32_t m = 0; m < modifiers->count && function->output_count > 0; m++) {
        const hm_modifier *modifier = &modifiers->items[m];
        if (hm_validator_find(modifier) == NULL) {
            continue;
        }
        for (size_t i = 0; i + 1 < modifier->argument_count && own != NULL; i++) {
            // What was read is the source's own, and only handed out as constant.
            hm_default_resolve(source, (const hm_model_type *)own->type,
                    (hm_argument *)&modifier->arguments[i]);
        }
        hm_validator_place at = {source, modifiers->places[m], function->name};
        hm_validator_check(modifier, function->name, function->outputs,
                function->output_count, refuse, &at);
    }
}

static void check_own(hm_source *source, const hm_model_function *function,
        const hm_model_function *validator, hm_place place) {
    const hm_output *own =
            hm_output_own(function->name, function->outputs, function->output_count);
    if (own == NULL || validator->is_refused) {
        return; // which has been reported
    }
    const hm_function declared = {.name = validator->name,
            .flags = validator->result == HM_RESULT_STATUS ? HM_FUNCTION_FALLIBLE : 0,
            .parameters = validator->parameter_count > 0
                                  ? &validator->parameters[0].parameter
                                  : NULL,
            .parameter_count = validator->parameter_count,
            .outputs = validator->outputs,
            .output_count = validator->output_count};
    hm_validator_place at = {source, place, function->name};
    hm_validator_check_own(function->name, own, &declared, refuse, &at);
}

void hm_validators_check_own(
        hm_source *source, const hm_declared *declared, const hm_model *model) {
    for (uint32_t i = 0; i < declared->count; i++) {
        const hm_declared_function *item = &declared->items[i];
        for (uint32_t m = 0; m < item->modifiers.count; m++) {
            const hm_modifier *modifier = &item->modifiers.items[m];
            const hm_validator_form *form = hm_validator_find(modifier);
            if (form == NULL || form->kind != HM_VALIDATOR_OWN ||
                    modifier->argument_count != 2 || item->function == HM_NONE) {
                continue;
            }
            const hm_model_function *validator =
                    hm_callee_find(declared, model, modifier->arguments[0].text);
            if (validator != NULL) {
                check_own(source, &model->functions[item->function], validator,
                        item->modifiers.places[m]);
            }
        }
    }
}
