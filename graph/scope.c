// scope.c — see scope.h.

#include "graph/scope.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/extraction.h"
#include "graph/build.h"

const char *hm_scope_join(hm_build *build, const hm_scope *scope, const char *name) {
    size_t length = strlen(name) + 1;
    char *joined = hm_arena_take(&build->graph->arena, scope->path_length + length, 1);
    if (joined != NULL) {
        memcpy(joined, scope->path, scope->path_length);
        memcpy(joined + scope->path_length, name, length);
    }
    return joined;
}

static int compare_items(const void *a, const void *b) {
    const hm_scope_item *first = a;
    const hm_scope_item *second = b;
    return strcmp(first->name, second->name);
}

static hm_status list_items(hm_build *build, hm_scope *scope) {
    const hm_subdag *subdag = &scope->subdag;
    scope->items = hm_arena_array(&build->scratch, subdag->count, sizeof *scope->items);
    if (scope->items == NULL) {
        return HM_NO_MEMORY;
    }
    for (size_t i = 0; i < subdag->count; i++) {
        const hm_argument *said = &subdag->items[i];
        if (!hm_subdag_is_external(said)) {
            scope->items[scope->item_count++] =
                    (hm_scope_item){.name = said->arguments[0].text, .said = said};
        }
    }
    if (scope->item_count > 1) {
        qsort(scope->items, scope->item_count, sizeof *scope->items, compare_items);
    }
    return HM_OK;
}

hm_scope_item *hm_scope_item_find(const hm_scope *scope, const char *name) {
    if (scope->item_count == 0) {
        return NULL;
    }
    const hm_scope_item wanted = {.name = name};
    return bsearch(
            &wanted, scope->items, scope->item_count, sizeof wanted, compare_items);
}

// Two functions with one node are told of as such; it is enough.
static void report_path(hm_build *build, const hm_definition *definition,
        const hm_scope *earlier, const char *node) {
    if (hm_output_own(node, definition->outputs, definition->output_count) != NULL) {
        return;
    }
    hm_diagnostic fault = hm_build_fault(HM_DUPLICATE_NAME, definition->declared, node);
    fault.mend = "rename one of the functions";
    hm_faults_format(build->faults, fault,
            "two subdags have the namespace `%s`: at %s:%u and at %s:%u", node,
            earlier->function->file, (unsigned)earlier->function->line,
            definition->declared->file, (unsigned)definition->declared->line);
}

// Of two scopes with one path only one is defined. *is_first tells whether this one is
// to be.
static hm_status claim_path(hm_build *build, const hm_definition *definition,
        const char *node, hm_scope *scope, bool *is_first) {
    hm_scope *earlier = NULL;
    uint32_t *number = hm_names_put(&build->scope_paths, scope->path);
    if (number == NULL) {
        return HM_NO_MEMORY;
    }
    for (hm_scope *each = build->scopes; *number != HM_NAMES_ABSENT && each != NULL;
            each = each->next) {
        if (!each->is_left_out && strcmp(each->path, scope->path) == 0) {
            earlier = each;
        }
    }
    *number = 0;
    *is_first = earlier == NULL;
    if (earlier != NULL && build->options->allow_overrides &&
            earlier->origin != scope->origin) {
        earlier->is_left_out = true;
        *is_first = true;
    } else if (earlier != NULL) {
        report_path(build, definition, earlier, node);
    }
    return HM_OK;
}

// The function's name, without the suffix of a variant, or the one that it is given.
static const char *node_of(const hm_definition *definition, const hm_subdag *subdag) {
    if (subdag->node != NULL) {
        return subdag->node;
    }
    const hm_output *own = hm_output_own(definition->declared->name,
            definition->declared->outputs, definition->declared->output_count);
    return own != NULL ? definition->outputs[own - definition->declared->outputs].name
                       : definition->declared->name;
}

static hm_status take_path(hm_build *build, const char *node, hm_scope *scope) {
    const hm_scope *outer = scope->outer;
    size_t length = strlen(node);
    char *path = hm_arena_take(&build->scratch, outer->path_length + length + 2, 1);
    if (path == NULL) {
        return HM_NO_MEMORY;
    }
    memcpy(path, outer->path, outer->path_length);
    memcpy(path + outer->path_length, node, length);
    scope->path_length = outer->path_length + length + 1;
    path[scope->path_length - 1] = '.';
    path[scope->path_length] = '\0';
    scope->path = path;
    return HM_OK;
}

static hm_status add_space(hm_build *build, const char *node, hm_scope *scope) {
    hm_graph_space *space = hm_arena_array(&build->graph->arena, 1, sizeof *space);
    if (space == NULL) {
        return HM_NO_MEMORY;
    }
    *space = (hm_graph_space){
            .outer = scope->outer->space,
            .name = node,
            .path_length = (uint32_t)scope->path_length,
            .number = build->space_count++,
            .function = scope->function,
            .modifier = scope->modifier,
    };
    scope->space = space;
    return HM_OK;
}

hm_status hm_scope_add(hm_build *build, hm_definition *definition,
        const hm_modifier *modifier, uint32_t module) {
    const hm_scope *outer = definition->scope;
    hm_scope *scope = hm_arena_array(&build->scratch, 1, sizeof *scope);
    if (scope == NULL) {
        return HM_NO_MEMORY;
    }
    *scope = (hm_scope){
            .outer = outer,
            .module = module,
            .origin = outer->outer == NULL ? definition->module : outer->origin,
            .is_left_out = module == HM_NONE,
            .function = definition->declared,
            .modifier = modifier,
    };
    (void)hm_subdag_read(modifier, &scope->subdag);
    HM_TRY(list_items(build, scope));
    const char *node = node_of(definition, &scope->subdag);
    HM_TRY(take_path(build, node, scope));
    HM_TRY(add_space(build, node, scope));
    bool is_first;
    HM_TRY(claim_path(build, definition, node, scope, &is_first));
    if (is_first) {
        build->last_scope->next = scope;
        build->last_scope = scope;
    }
    definition->inside = scope;
    return HM_OK;
}

static hm_scalar scalar_of(const hm_argument *literal) {
    hm_scalar scalar = {.integer = literal->integer, .real = literal->real};
    switch (literal->kind) {
    case HM_ARGUMENT_INT:
        scalar.kind = HM_SCALAR_INT;
        break;
    case HM_ARGUMENT_REAL:
        scalar.kind = HM_SCALAR_REAL;
        break;
    case HM_ARGUMENT_BOOL:
        scalar.kind = HM_SCALAR_BOOL;
        break;
    case HM_ARGUMENT_STRING:
    case HM_ARGUMENT_NAME:
        scalar.kind = HM_SCALAR_TEXT;
        scalar.text = literal->text;
        break;
    case HM_ARGUMENT_CALL:
        break;
    }
    return scalar;
}

const hm_argument *hm_scope_literal(const hm_scope *scope, const char *key) {
    for (; scope->outer != NULL; scope = scope->outer) {
        hm_scope_item *item = hm_scope_item_find(scope, key);
        if (item != NULL && hm_subdag_is_config(item->said)) {
            item->is_read = true;
            return &item->said->arguments[1];
        }
    }
    return NULL;
}

hm_scalar hm_scope_config(hm_build *build, const hm_scope *scope, const char *key) {
    const hm_argument *literal = hm_scope_literal(scope, key);
    if (literal != NULL) {
        return scalar_of(literal);
    }
    uint32_t index = hm_names_find(&build->config_keys, key);
    return index != HM_NAMES_ABSENT ? build->config_scalars[index]
                                    : (hm_scalar){.kind = HM_SCALAR_NONE};
}

hm_status hm_scope_enter(
        hm_build *build, const hm_scope *scope, hm_definition *definition) {
    definition->scope = scope;
    if (scope->outer == NULL) {
        return HM_OK;
    }
    hm_arena *arena = &build->graph->arena;
    hm_function *function =
            hm_arena_take(arena, sizeof *function, _Alignof(hm_function));
    hm_output *outputs =
            hm_arena_array(arena, definition->output_count, sizeof *outputs);
    if (function == NULL || outputs == NULL) {
        return HM_NO_MEMORY;
    }
    *function = *definition->function;
    const char *short_name = function->name;
    function->name = hm_scope_join(build, scope, short_name);
    bool is_there = function->name != NULL;
    for (uint32_t i = 0; i < definition->output_count && is_there; i++) {
        outputs[i] = definition->outputs[i];
        bool is_own = outputs[i].name == short_name;
        outputs[i].name =
                is_own ? function->name : hm_scope_join(build, scope, outputs[i].name);
        is_there = outputs[i].name != NULL;
    }
    function->outputs = outputs;
    definition->function = function;
    definition->outputs = outputs;
    return is_there ? HM_OK : HM_NO_MEMORY;
}

enum { USUAL_NAME = 256 };

hm_status hm_scope_find(
        hm_build *build, const hm_scope *scope, const char *name, const char **found) {
    char usual[USUAL_NAME];
    size_t length = strlen(name) + 1;
    const char *full = usual;
    *found = NULL;
    if (scope->path_length + length <= sizeof usual) {
        memcpy(usual, scope->path, scope->path_length);
        memcpy(usual + scope->path_length, name, length);
    } else {
        full = hm_scope_join(build, scope, name);
        if (full == NULL) {
            return HM_NO_MEMORY;
        }
    }
    uint32_t number = hm_names_find(&build->graph->names, full);
    if (number != HM_NAMES_ABSENT && build->names[number].definition != HM_NONE) {
        *found = build->names[number].text;
    }
    return HM_OK;
}
