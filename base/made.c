// made.c — see made.h.

#include "base/made.h"

#include <string.h>

#include "base/data_use.h"
#include "base/extraction.h"
#include "base/literal.h"

static const hm_modifier *find(const hm_making *making, const char *name) {
    for (size_t i = 0; i < making->modifier_count; i++) {
        if (strcmp(making->modifiers[i].name, name) == 0) {
            return &making->modifiers[i];
        }
    }
    return NULL;
}

bool hm_made_is_variant(const hm_making *making) {
    return find(making, "when") != NULL || find(making, "when_not") != NULL ||
           find(making, "otherwise") != NULL;
}

bool hm_made_may_be_more(const hm_making *making) {
    for (size_t i = 0; i < making->modifier_count; i++) {
        const char *name = making->modifiers[i].name;
        if (strncmp(name, "check", strlen("check")) == 0 ||
                strcmp(name, "parameterize_from_config") == 0) {
            return true;
        }
    }
    return false;
}

// How many bytes of its function's name a variant's node has: up to the last "__".
static size_t node_length(const char *function) {
    size_t length = strlen(function);
    for (const char *at = strstr(function, "__"); at != NULL;
            at = strstr(at + 1, "__")) {
        length = (size_t)(at - function);
    }
    return length;
}

static void visit_own(const hm_making *making, hm_made_visit *visit, void *context) {
    bool is_parameterized = false;
    for (size_t i = 0; i < making->modifier_count; i++) {
        const hm_modifier *modifier = &making->modifiers[i];
        bool names_node = (strcmp(modifier->name, "parameterize") == 0 ||
                                  strcmp(modifier->name, "subdag_as") == 0) &&
                          modifier->argument_count > 0 &&
                          hm_argument_is_word(&modifier->arguments[0]);
        if (names_node) {
            const char *name = modifier->arguments[0].text;
            visit(context, name, strlen(name), modifier);
            is_parameterized = true;
        }
    }
    const hm_modifier *given = find(making, "name");
    if (is_parameterized || find(making, "parameterize_from_config") != NULL) {
        return;
    }
    if (given != NULL && given->argument_count > 0 &&
            hm_argument_is_word(&given->arguments[0])) {
        const char *name = given->arguments[0].text;
        visit(context, name, strlen(name), given);
        return;
    }
    visit(context, making->function,
            hm_made_is_variant(making) ? node_length(making->function)
                                       : strlen(making->function),
            NULL);
}

static void visit_fields(const hm_making *making, const hm_type *type,
        hm_made_visit *visit, void *context) {
    const hm_modifier *modifier = find(making, "extract_fields");
    if (modifier == NULL || type->kind != HM_KIND_STRUCT) {
        return;
    }
    for (size_t i = 0; i < hm_extraction_count(modifier, type); i++) {
        const hm_field *field = hm_extraction_field(modifier, type, i);
        if (field != NULL) {
            visit(context, field->name, strlen(field->name), modifier);
        }
    }
}

void hm_made_each(const hm_making *making, hm_made_visit *visit, void *context) {
    const hm_output *own =
            hm_output_own(making->function, making->outputs, making->output_count);
    for (size_t i = 0; i < making->output_count; i++) {
        const hm_output *output = &making->outputs[i];
        bool is_metadata = find(making, "loader") != NULL &&
                           output == hm_loader_metadata(making->function,
                                             making->outputs, making->output_count);
        if (output == own) {
            visit_own(making, visit, context);
        } else if (!is_metadata) { // which has a name with a dot
            visit(context, output->name, strlen(output->name), NULL);
        }
    }
    if (own != NULL) {
        visit_fields(making, own->type, visit, context);
    }
}
