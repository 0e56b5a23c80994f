// made.c — see made.h.

#include "reflect/made.h"

#include <string.h>

#include "base/literal.h"
#include "base/made.h"
#include "base/names.h"
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

void hm_made_check_keys(hm_source *source, const hm_model_function *function,
        const hm_modifiers *modifiers) {
    for (uint32_t i = 0; i < modifiers->count; i++) {
        const hm_modifier *tag = &modifiers->items[i];
        for (uint32_t k = 0; k < i && strcmp(tag->name, "tag") == 0; k++) {
            const hm_modifier *earlier = &modifiers->items[k];
            if (strcmp(earlier->name, "tag") == 0 && earlier->argument_count > 0 &&
                    tag->argument_count > 0 &&
                    strcmp(earlier->arguments[0].text, tag->arguments[0].text) == 0) {
                hm_source_fault(source, modifiers->places[i], function->name,
                        "give one of them all values",
                        "two tags of `%s` are called `%s`, also in line %u",
                        function->name, tag->arguments[0].text,
                        (unsigned)modifiers->places[k].line);
            }
        }
    }
}

// Where a node is made for the first time.
typedef struct hm_made_first {
    const hm_model_function *function;
    uint32_t line;
} hm_made_first;

typedef struct hm_made_nodes {
    hm_source *source;
    const hm_model_function *function; // that is visited
    hm_names names;                    // -> firsts
    hm_made_first *firsts;
    size_t count;
} hm_made_nodes;

static void visit(
        void *context, const char *text, size_t length, const hm_modifier *by) {
    hm_made_nodes *nodes = context;
    hm_source *source = nodes->source;
    const hm_model_function *function = nodes->function;
    const char *name = hm_arena_slice(&source->arena, text, length);
    uint32_t *number = name != NULL ? hm_names_put(&nodes->names, name) : NULL;
    hm_made_first *firsts =
            hm_source_grow(source, nodes->firsts, nodes->count, sizeof *firsts);
    if (number == NULL || firsts == NULL) {
        source->no_memory = true;
        return;
    }
    nodes->firsts = firsts;
    hm_place place = function->place;
    place.line = by != NULL ? by->line : place.line;
    if (*number == HM_NAMES_ABSENT) {
        *number = (uint32_t)nodes->count;
        firsts[nodes->count++] = (hm_made_first){function, place.line};
        return;
    }
    const hm_made_first *first = &firsts[*number];
    hm_source_fault(source, place, name, "rename one of them",
            "`%s` is defined twice: at %s:%u and at %s:%u", name, first->function->file,
            (unsigned)first->line, function->file, (unsigned)place.line);
}

void hm_made_check_nodes(hm_source *source, const hm_model *model) {
    hm_made_nodes nodes = {.source = source};
    hm_names_init(&nodes.names, source->arena.allocator);
    for (uint32_t i = 0; i < model->function_count && !source->no_memory; i++) {
        const hm_model_function *function = &model->functions[i];
        const hm_making making = making_of(function);
        nodes.function = function;
        if ((function->flags & HM_FUNCTION_HELPER) == 0 && !function->is_refused &&
                !hm_made_is_variant(&making)) {
            hm_made_each(&making, visit, &nodes);
        }
    }
    hm_names_finish(&nodes.names);
}
