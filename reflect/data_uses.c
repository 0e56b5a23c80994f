// data_uses.c — see data_uses.h.

#include "reflect/data_uses.h"

#include "base/data_use.h"
#include "base/literal.h"
#include "reflect/bindings.h"

typedef struct hm_data_use_place {
    hm_source *source;
    hm_place place;
    const char *function;
} hm_data_use_place;

static void refuse(void *context, const char *mend, const char *message) {
    const hm_data_use_place *at = context;
    hm_source_fault(at->source, at->place, at->function,
            hm_source_format(at->source, "%s", mend), "%s", message);
}

// Else it has been told of.
static bool has_names(const hm_modifier *modifier, const hm_modifier_kind *kind) {
    for (size_t i = 0; i < kind->least && i < modifier->argument_count; i++) {
        if (!hm_argument_is_word(&modifier->arguments[i])) {
            return false;
        }
    }
    return modifier->argument_count >= kind->least;
}

void hm_data_uses_check(hm_source *source, const hm_model_function *function,
        const hm_modifiers *modifiers) {
    for (uint32_t m = 0; m < modifiers->count; m++) {
        const hm_modifier *modifier = &modifiers->items[m];
        hm_data_use_place at = {source, modifiers->places[m], function->name};
        if (hm_is_loader(modifier) || hm_is_saver(modifier)) {
            hm_data_maker_check(modifier, function->name, function->outputs,
                    function->output_count, refuse, &at);
        }
        bool is_ours = hm_is_load_from(modifier) || hm_is_save_to(modifier);
        if (!is_ours || !has_names(modifier, modifiers->kinds[m])) {
            continue;
        }
        hm_bindings bindings = hm_bindings_describe(source, function);
        (void)!hm_data_use_check(
                modifier, &bindings, modifiers->items, modifiers->count, refuse, &at);
    }
}
