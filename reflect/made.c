// made.c — see made.h.

#include "reflect/made.h"

#include <string.h>

#include "base/literal.h"
#include "base/made.h"
#include "base/tagging.h"

static hm_making making_of(const hm_model_function *function) {
    return (hm_making){.function = function->name,
            .outputs = function->outputs,
            .output_count = function->output_count,
            .modifiers = function->modifiers,
            .modifier_count = function->modifier_count};
}

typedef struct hm_made_place {
    hm_source *source;
    hm_place place;
    const char *function;
} hm_made_place;

static void refuse(void *context, const char *mend, const char *message) {
    const hm_made_place *at = context;
    hm_source_fault(at->source, at->place, at->function,
            hm_source_format(at->source, "%s", mend), "%s", message);
}

void hm_made_check_tags(hm_source *source, const hm_model_function *function,
        const hm_modifiers *modifiers) {
    const hm_making making = making_of(function);
    for (uint32_t i = 0; i < modifiers->count; i++) {
        const hm_modifier *modifier = &modifiers->items[i];
        if (strcmp(modifier->name, "tag_output") == 0 &&
                modifier->argument_count >= modifiers->kinds[i]->least &&
                hm_argument_is_word(&modifier->arguments[0]) &&
                hm_argument_is_word(&modifier->arguments[1])) {
            hm_made_place at = {source, modifiers->places[i], function->name};
            hm_tagging_check(&making, i, refuse, &at);
        }
    }
}
