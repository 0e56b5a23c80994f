// functions.c — the functions of a module by name: what modifiers name are functions of
// their own module, nodes or not. Only modules in which one is looked up are indexed.

#include "base/arena.h"
#include "base/error.h"
#include "graph/build.h"
#include "graph/nearest.h"

static hm_status index_module(hm_build *build, uint32_t module, hm_names *names) {
    const hm_module *indexed = build->graph->modules[module];
    hm_names_init(names, build->options->allocator);
    for (size_t i = 0; i < indexed->function_count; i++) {
        uint32_t *number = hm_names_put(names, indexed->functions[i].name);
        if (number == NULL) {
            return HM_NO_MEMORY;
        }
        *number = *number == HM_NAMES_ABSENT ? (uint32_t)i : *number;
    }
    return HM_OK;
}

hm_status hm_build_find_function(
        hm_build *build, uint32_t module, const char *name, const hm_function **found) {
    if (build->function_names == NULL) {
        build->function_names = hm_arena_array(&build->scratch,
                build->graph->module_count, sizeof *build->function_names);
        if (build->function_names == NULL) {
            return HM_NO_MEMORY;
        }
    }
    hm_names *names = &build->function_names[module];
    if (names->allocator == NULL) {
        HM_TRY(index_module(build, module, names));
    }
    uint32_t number = hm_names_find(names, name);
    *found = number != HM_NAMES_ABSENT
                     ? &build->graph->modules[module]->functions[number]
                     : NULL;
    return HM_OK;
}

const char *hm_build_nearest_function(
        const hm_build *build, uint32_t module, const char *name) {
    const hm_module *searched = build->graph->modules[module];
    hm_nearest nearest;
    hm_nearest_init(&nearest, name);
    for (size_t i = 0; i < searched->function_count; i++) {
        hm_nearest_offer(&nearest, searched->functions[i].name);
    }
    return nearest.name;
}

void hm_build_forget_functions(hm_build *build) {
    for (size_t i = 0; build->function_names != NULL && i < build->graph->module_count;
            i++) {
        if (build->function_names[i].allocator != NULL) {
            hm_names_finish(&build->function_names[i]);
        }
    }
}
