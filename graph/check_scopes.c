// check_scopes.c — what HM_SUBDAG says of names inside: each is taken by something
// there, and nothing there makes it.

#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "graph/build.h"
#include "graph/modifiers/subdag.h"
#include "graph/nearest.h"

// The modules that a scope's functions come from, those of its own subdags included.
typedef struct hm_inside {
    uint32_t *modules;
    uint32_t count;
    bool *is_listed; // an element per module of the build
} hm_inside;

static void list_module(hm_inside *inside, uint32_t module) {
    if (module != HM_NONE && !inside->is_listed[module]) {
        inside->is_listed[module] = true;
        inside->modules[inside->count++] = module;
    }
}

static hm_status list_inside(hm_build *build, uint32_t module, hm_inside *inside) {
    size_t count = build->graph->module_count;
    *inside = (hm_inside){
            .modules = hm_arena_array(&build->scratch, count, sizeof(uint32_t)),
            .is_listed = hm_arena_array(&build->scratch, count, sizeof(bool)),
    };
    if (inside->modules == NULL || inside->is_listed == NULL) {
        return HM_NO_MEMORY;
    }
    list_module(inside, module);
    for (uint32_t i = 0; i < inside->count; i++) {
        const hm_module *each = build->graph->modules[inside->modules[i]];
        for (size_t f = 0; f < each->function_count; f++) {
            const hm_function *function = &each->functions[f];
            hm_subdag subdag;
            for (size_t m = 0; m < function->modifier_count; m++) {
                if (hm_subdag_read(&function->modifiers[m], &subdag)) {
                    hm_subdag_target target;
                    HM_TRY(hm_subdag_find(build, function, subdag.path, &target));
                    list_module(inside, target.module);
                }
            }
        }
    }
    return HM_OK;
}

// Offers all that a modifier says: names of nodes and keys of config among it.
static void offer_arguments(
        hm_nearest *nearest, const hm_argument *arguments, size_t count) {
    for (size_t i = 0; i < count; i++) {
        const hm_argument *argument = &arguments[i];
        if (argument->kind != HM_ARGUMENT_CALL) {
            hm_nearest_offer(nearest, argument->text);
            continue;
        }
        for (size_t k = 0; k < argument->argument_count; k++) {
            hm_nearest_offer(nearest, argument->arguments[k].text);
        }
    }
}

static void offer_function(hm_nearest *nearest, const hm_function *function) {
    for (size_t p = 0; p < function->parameter_count; p++) {
        hm_nearest_offer(nearest, function->parameters[p].name);
    }
    for (size_t m = 0; m < function->modifier_count; m++) {
        offer_arguments(nearest, function->modifiers[m].arguments,
                function->modifiers[m].argument_count);
    }
}

static hm_diagnostic fault_of(const hm_scope *scope, hm_status status) {
    return hm_build_modifier_fault(
            status, scope->function, scope->modifier, scope->function->name);
}

// What nothing takes now may be for a variant that config did not choose.
static hm_status check_unread(
        hm_build *build, const hm_scope *scope, const hm_scope_item *item) {
    hm_inside inside;
    HM_TRY(list_inside(build, scope->module, &inside));
    hm_nearest nearest;
    hm_nearest_init(&nearest, item->name);
    for (size_t p = 0; p < scope->function->parameter_count; p++) {
        hm_nearest_offer(&nearest, scope->function->parameters[p].name);
    }
    for (uint32_t i = 0; i < inside.count; i++) {
        const hm_module *module = build->graph->modules[inside.modules[i]];
        for (size_t f = 0; f < module->function_count; f++) {
            offer_function(&nearest, &module->functions[f]);
        }
    }
    if (nearest.name != NULL && strcmp(nearest.name, item->name) == 0) {
        return HM_OK;
    }
    char mend[256] = "take it out";
    if (nearest.name != NULL) {
        snprintf(mend, sizeof mend, "did you mean `%s`?", nearest.name);
    }
    hm_diagnostic fault = fault_of(scope, HM_UNKNOWN_NAME);
    fault.mend = mend;
    hm_faults_format(build->faults, fault, "%s of `%s`: nothing in %s takes `%s`",
            scope->subdag.macro, scope->function->name,
            build->graph->modules[scope->module]->file, item->name);
    return HM_OK;
}

static hm_status check_item(
        hm_build *build, const hm_scope *scope, const hm_scope_item *item) {
    const char *node;
    HM_TRY(hm_scope_find(build, scope, item->name, &node));
    if (node == NULL) {
        return item->is_read ? HM_OK : check_unread(build, scope, item);
    }
    const hm_graph_name *name =
            &build->names[hm_names_find(&build->graph->names, node)];
    const hm_function *maker = build->definitions.items[name->definition].function;
    hm_diagnostic fault = fault_of(scope, HM_DUPLICATE_NAME);
    fault.mend = hm_subdag_is_config(item->said)
                         ? "give the key another name than a node's"
                         : "bind an input, or choose between variants by HM_CONFIG";
    hm_faults_format(build->faults, fault,
            "%s of `%s`: `%s` is no input inside, but the node `%s` (%s:%u)",
            scope->subdag.macro, scope->function->name, item->name, node, maker->file,
            (unsigned)maker->line);
    return HM_OK;
}

hm_status hm_build_check_scopes(hm_build *build) {
    for (const hm_scope *scope = build->scopes; scope != NULL; scope = scope->next) {
        for (size_t i = 0; i < scope->item_count && !scope->is_left_out; i++) {
            HM_TRY(check_item(build, scope, &scope->items[i]));
        }
    }
    return HM_OK;
}
