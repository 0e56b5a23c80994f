// look_up.c — what a parameter takes, where a subdag is concerned: see scope.h.

#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/literal.h"
#include "base/text.h"
#include "graph/build.h"
#include "graph/modifiers/bind.h"

// A name on its way outwards.
typedef struct hm_look_up {
    hm_build *build;
    const hm_scope *scope; // where it is looked up next
    const char *name;
    const char *node;           // that was found, or NULL
    const hm_scope_item *bound; // what the last scope that bound it said, or NULL
    const hm_scope *bound_by;
} hm_look_up;

static bool is_external(const hm_scope *scope, const char *name) {
    for (size_t i = 0; i < scope->subdag.count; i++) {
        const hm_argument *item = &scope->subdag.items[i];
        for (size_t k = 0; hm_subdag_is_external(item) && k < item->argument_count;
                k++) {
            if (strcmp(item->arguments[k].text, name) == 0) {
                return true;
            }
        }
    }
    return false;
}

static bool is_literal(const hm_scope_item *item) {
    return hm_subdag_is_value(item->said) || hm_subdag_is_config(item->said);
}

// Whether the scope decides what the name is. Where it binds it to a node around, the
// search goes on for that.
static hm_status look_inside(hm_look_up *search, bool *is_decided) {
    const hm_scope *scope = search->scope;
    HM_TRY(hm_scope_find(search->build, scope, search->name, &search->node));
    *is_decided = search->node != NULL;
    hm_scope_item *item = *is_decided ? NULL : hm_scope_item_find(scope, search->name);
    search->scope = scope->outer;
    if (item == NULL) {
        return HM_OK;
    }
    item->is_read = true;
    search->bound = item;
    search->bound_by = scope;
    *is_decided = is_literal(item);
    if (!*is_decided) {
        search->name = item->said->arguments[1].text;
    }
    return HM_OK;
}

// Of a function under HM_SUBDAG, which takes nothing from around but what it says.
static hm_status look_inside_own(
        hm_look_up *search, const hm_scope *inside, bool *is_decided) {
    *is_decided = false;
    if (is_external(inside, search->name)) {
        return HM_OK;
    }
    search->scope = inside;
    HM_TRY(look_inside(search, is_decided));
    if (!*is_decided && search->bound == NULL) {
        search->node = hm_scope_join(search->build, inside, search->name);
        *is_decided = true;
        return search->node != NULL ? HM_OK : HM_NO_MEMORY;
    }
    return HM_OK;
}

static void refuse(const hm_look_up *search, const hm_definition *reader,
        const hm_parameter *parameter, const char *literal) {
    const hm_scope *by = search->bound_by;
    const hm_type *type = parameter->type;
    bool can_be = parameter->shape == HM_ONE && type->kind != HM_KIND_STRUCT &&
                  type->kind != HM_KIND_OPAQUE;
    char mend[256];
    if (can_be) {
        snprintf(mend, sizeof mend, "write a literal that `%s` can hold%s", type->name,
                type->kind == HM_KIND_STRING ? ", in quotes" : "");
    } else {
        snprintf(mend, sizeof mend,
                "bind it to a node or an input: HM_SOURCE(%s, node)",
                search->bound->name);
    }
    hm_diagnostic fault = hm_build_modifier_fault(
            HM_TYPE_MISMATCH, by->function, by->modifier, by->function->name);
    fault.mend = mend;
    hm_faults_format(search->build->faults, fault,
            "%s of `%s`: `%s` is %s, but `%s` (%s:%u) takes it as %s%s",
            by->subdag.macro, by->function->name, search->bound->name, literal,
            reader->function->name, reader->function->file,
            (unsigned)reader->function->line, type->name,
            parameter->shape != HM_ONE ? "[]" : "");
}

// The literal as the parameter's type reads it. Config knows texts without quotes.
static hm_argument literal_of(const hm_scope_item *item) {
    hm_argument literal = item->said->arguments[1];
    if (hm_subdag_is_config(item->said) && literal.kind == HM_ARGUMENT_NAME) {
        literal.kind = HM_ARGUMENT_STRING;
    }
    return literal;
}

static bool fits(const hm_parameter *parameter, const hm_argument *literal) {
    const hm_type *type = parameter->type;
    _Alignas(max_align_t) char slot[sizeof(long double)];
    return parameter->shape == HM_ONE && type->kind != HM_KIND_STRUCT &&
           type->kind != HM_KIND_OPAQUE && hm_literal_store(literal, type, slot);
}

// What is bound is part of what is run, like code.
static hm_status bind(
        const hm_look_up *search, hm_definition *definition, uint32_t index) {
    const hm_parameter *parameter = &definition->parameters[index];
    hm_argument literal = literal_of(search->bound);
    bool has_literal = is_literal(search->bound);
    if (has_literal && !fits(parameter, &literal)) {
        refuse(search, definition, parameter, literal.text);
        has_literal = false;
    }
    const char *to = search->node != NULL ? search->node : literal.text;
    hm_text text;
    hm_text_init(&text, search->build->options->allocator);
    hm_text_format(
            &text, "%s %d %zu %s", parameter->name, (int)has_literal, strlen(to), to);
    hm_status status =
            text.failed ? HM_NO_MEMORY
                        : hm_definition_rebind(search->build, definition, index,
                                  has_literal ? &literal : NULL, hm_text_get(&text));
    hm_text_finish(&text);
    return status;
}

hm_status hm_scope_look_up(
        hm_build *build, hm_definition *definition, uint32_t index, const char **name) {
    hm_look_up search = {
            .build = build,
            .scope = definition->scope,
            .name = definition->parameters[index].name,
    };
    bool is_decided = false;
    bool is_outside = definition->is_outside != NULL && definition->is_outside[index];
    if (definition->inside != NULL && !is_outside) {
        HM_TRY(look_inside_own(&search, definition->inside, &is_decided));
    }
    while (!is_decided && search.scope->outer != NULL) {
        HM_TRY(look_inside(&search, &is_decided));
    }
    bool has_literal = search.node == NULL && is_decided;
    if (!is_decided) {
        search.node = search.name;
    }
    *name = has_literal ? NULL : search.node;
    return search.bound != NULL ? bind(&search, definition, index) : HM_OK;
}
