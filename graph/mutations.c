// mutations.c — which functions change what others make, by HM_MUTATE.

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/steps.h"
#include "graph/build.h"

static size_t count_all(const hm_build *build) {
    size_t found = 0;
    for (size_t m = 0; m < build->graph->module_count; m++) {
        const hm_module *module = build->graph->modules[m];
        for (size_t f = 0; f < module->function_count; f++) {
            const hm_function *function = &module->functions[f];
            for (size_t i = 0; i < function->modifier_count; i++) {
                found += hm_is_mutate(&function->modifiers[i]);
            }
        }
    }
    return found;
}

static int compare(const void *a, const void *b) {
    const hm_mutation *one = a;
    const hm_mutation *other = b;
    if (one->target != other->target) {
        return (uintptr_t)one->target < (uintptr_t)other->target ? -1 : 1;
    }
    if (one->mutator->line != other->mutator->line) {
        return one->mutator->line < other->mutator->line ? -1 : 1;
    }
    return (one->number > other->number) - (one->number < other->number);
}

static hm_status add(
        hm_build *build, uint32_t module, const hm_function *mutator, size_t index) {
    hm_mutation *mutation = &build->mutations[build->mutation_count];
    *mutation = (hm_mutation){.mutator = mutator,
            .modifier = &mutator->modifiers[index],
            .number = build->mutation_count};
    build->mutation_count++;
    return hm_build_find_function(
            build, module, mutation->modifier->arguments[0].text, &mutation->target);
}

hm_status hm_build_list_mutations(hm_build *build) {
    build->mutations =
            hm_arena_array(&build->scratch, count_all(build), sizeof *build->mutations);
    if (build->mutations == NULL) {
        return HM_NO_MEMORY;
    }
    for (size_t m = 0; m < build->graph->module_count; m++) {
        const hm_module *module = build->graph->modules[m];
        for (size_t f = 0; f < module->function_count; f++) {
            const hm_function *function = &module->functions[f];
            for (size_t i = 0; i < function->modifier_count; i++) {
                if (hm_is_mutate(&function->modifiers[i])) {
                    HM_TRY(add(build, (uint32_t)m, function, i));
                }
            }
        }
    }
    if (build->mutation_count > 0) {
        qsort(build->mutations, build->mutation_count, sizeof *build->mutations,
                compare);
    }
    return HM_OK;
}

const hm_mutation *hm_build_mutations_of(
        const hm_build *build, const hm_function *target, size_t *count) {
    size_t low = 0;
    size_t high = build->mutation_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if ((uintptr_t)build->mutations[middle].target < (uintptr_t)target) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    size_t end = low;
    while (end < build->mutation_count && build->mutations[end].target == target) {
        end++;
    }
    *count = end - low;
    return &build->mutations[low];
}
