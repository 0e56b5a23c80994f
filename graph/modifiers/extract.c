// extract.c — HM_EXTRACT_FIELDS(field, ...): each field of the struct that a function
// makes is a node as well.

#include <stdint.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/extraction.h"
#include "base/literal.h"
#include "graph/check.h"
#include "graph/modifiers/field.h"
#include "graph/modifiers/modifier.h"
#include "graph/modifiers/parameterize.h"

static const char *doc_of(
        hm_build *build, const hm_field *field, const char *struct_node) {
    char doc[512];
    snprintf(doc, sizeof doc, "Field `%s` of `%s`.", field->name, struct_node);
    return hm_arena_text(&build->graph->arena, doc);
}

static hm_status apply(hm_applying *applying, const hm_modifier *modifier) {
    size_t last = applying->definitions->count;
    for (size_t i = applying->first; i < last; i++) {
        const hm_definition maker = applying->definitions->items[i];
        if (maker.is_inner) {
            continue;
        }
        const hm_function *declared = maker.declared;
        const hm_output *own = hm_output_own(
                declared->name, declared->outputs, declared->output_count);
        own = &maker.outputs[own - declared->outputs]; // as it is called now
        size_t count = hm_extraction_count(modifier, own->type);
        for (size_t f = 0; f < count; f++) {
            const hm_field *field = hm_extraction_field(modifier, own->type, f);
            const hm_field_node node = {.name = field->name,
                    .doc = doc_of(applying->build, field, own->name),
                    .made_by = modifier};
            HM_TRY(node.doc != NULL ? HM_OK : HM_NO_MEMORY);
            HM_TRY(hm_definition_add_field(applying, &maker, own, field, node));
        }
    }
    return HM_OK;
}

static void complain(void *check, const char *mend, const char *message) {
    hm_check_complain(check, mend, "%s", message);
}

static void inspect(hm_check *check, const hm_modifier *modifier) {
    const hm_function *function = check->function;
    for (size_t i = 0; i < modifier->argument_count; i++) {
        if (!hm_argument_is_word(&modifier->arguments[i])) {
            hm_check_complain(check, "write HM_EXTRACT_FIELDS(field, ...)",
                    "argument %zu of HM_EXTRACT_FIELDS is no name", i + 1);
            return;
        }
    }
    size_t at = 0;
    if (hm_parameterize_next(function->modifiers, function->modifier_count, &at) !=
                    NULL &&
            hm_parameterize_next(function->modifiers, function->modifier_count, &at) !=
                    NULL) {
        hm_check_complain(check, "extract them in functions that take its nodes",
                "each %s would make the fields of HM_EXTRACT_FIELDS anew",
                hm_function_has(function, &hm_rule_subdag_as) ? "HM_SUBDAG_AS"
                                                              : "HM_PARAMETERIZE");
    }
    hm_extraction_check(modifier, function->name, function->outputs,
            function->output_count, complain, check);
}

const hm_modifier_rule hm_rule_extract_fields = {
        .name = "extract_fields",
        .phase = HM_PHASE_FIELDS,
        .most_arguments = SIZE_MAX,
        .is_single = true,
        .makes_own_nodes = true,
        .inspect = inspect,
        .apply = apply,
};
