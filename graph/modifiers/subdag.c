// subdag.c — see subdag.h. The function is made inside of a scope, which is defined
// when all that stands around it is.

#include "graph/modifiers/subdag.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/path.h"
#include "base/text.h"
#include "graph/check.h"
#include "graph/modifiers/bind.h"
#include "graph/modifiers/modifier.h"
#include "graph/modifiers/parameterize.h"

static hm_status index_files(hm_build *build) {
    const hm_graph *graph = build->graph;
    if (build->module_files.used > 0) {
        return HM_OK;
    }
    for (uint32_t m = 0; m < graph->module_count; m++) {
        const char *file = hm_path_beside(&build->scratch, "", graph->modules[m]->file);
        uint32_t *number =
                file != NULL ? hm_names_put(&build->module_files, file) : NULL;
        if (number == NULL) {
            return HM_NO_MEMORY;
        }
        *number = *number == HM_NAMES_ABSENT ? m : *number;
    }
    return HM_OK;
}

static hm_subdag_target find_by_end(const hm_graph *graph, const char *path) {
    hm_subdag_target target = {.module = HM_NONE, .other = HM_NONE};
    const hm_module *const *modules = graph->modules;
    for (uint32_t m = 0; m < graph->module_count; m++) {
        if (!hm_path_ends_with(modules[m]->file, path)) {
            continue;
        }
        if (target.module == HM_NONE) {
            target.module = m;
        } else if (modules[m] != modules[target.module]) {
            target.other = m;
        }
    }
    return target;
}

hm_status hm_subdag_find(hm_build *build, const hm_function *function, const char *path,
        hm_subdag_target *target) {
    HM_TRY(index_files(build));
    const char *file = hm_path_beside(&build->scratch, function->file, path);
    if (file == NULL) {
        return HM_NO_MEMORY;
    }
    *target = (hm_subdag_target){
            .module = hm_names_find(&build->module_files, file), .other = HM_NONE};
    if (target->module == HM_NAMES_ABSENT) {
        *target = find_by_end(build->graph, path);
    }
    return HM_OK;
}

typedef struct hm_naming {
    hm_build *build;
    const hm_function *function;
    const hm_modifier *modifier;
    hm_subdag subdag;
} hm_naming;

static hm_diagnostic fault_of(const hm_naming *naming, hm_status status) {
    return hm_build_modifier_fault(
            status, naming->function, naming->modifier, naming->function->name);
}

static void report_missing(const hm_naming *naming) {
    const hm_build *build = naming->build;
    const char *nearest = NULL;
    size_t distance = hm_names_tolerance(naming->subdag.path) + 1;
    for (uint32_t m = 0; m < build->graph->module_count; m++) {
        const char *file = build->graph->modules[m]->file;
        const char *slash = strrchr(file, '/');
        const char *name = slash != NULL ? slash + 1 : file;
        size_t found = hm_names_distance(naming->subdag.path, name, distance);
        nearest = found < distance ? name : nearest;
        distance = found < distance ? found : distance;
    }
    char mend[256] = "add the module to the driver's modules or libraries";
    if (nearest != NULL) {
        snprintf(mend, sizeof mend, "did you mean `%s`?", nearest);
    }
    hm_diagnostic fault = fault_of(naming, HM_UNKNOWN_NAME);
    fault.mend = mend;
    hm_faults_format(build->faults, fault, "%s of `%s`: no module is made from `%s`",
            naming->subdag.macro, naming->function->name, naming->subdag.path);
}

// The module that the function stands in which makes a scope.
static uint32_t place_of(const hm_scope *scope) {
    return scope->outer->outer == NULL ? scope->origin : scope->outer->module;
}

// The module so many scopes outwards from a definition.
static uint32_t module_around(const hm_definition *definition, uint32_t steps) {
    const hm_scope *scope = definition->scope;
    uint32_t module = definition->module;
    for (; steps > 0; steps--, scope = scope->outer) {
        module = place_of(scope);
    }
    return module;
}

static uint32_t depth_of(const hm_scope *scope) {
    uint32_t depth = 0;
    for (; scope->outer != NULL; scope = scope->outer) {
        depth++;
    }
    return depth;
}

static hm_status report_circle(const hm_naming *naming, const hm_definition *definition,
        uint32_t steps, uint32_t module) {
    const hm_build *build = naming->build;
    const hm_module *const *modules = build->graph->modules;
    hm_text text;
    hm_text_init(&text, build->options->allocator);
    hm_text_format(&text,
            "%s of `%s`: modules take each other in a circle: ", naming->subdag.macro,
            naming->function->name);
    for (uint32_t i = steps + 1; i-- > 0;) {
        hm_text_format(&text, "%s -> ", modules[module_around(definition, i)]->file);
    }
    hm_text_append(&text, modules[module]->file);
    bool failed = text.failed;
    if (!failed) {
        hm_diagnostic fault = fault_of(naming, HM_CYCLE);
        fault.message = hm_text_get(&text);
        fault.mend = "let one of them take less";
        hm_faults_add(build->faults, &fault);
    }
    hm_text_finish(&text);
    return failed ? HM_NO_MEMORY : HM_OK;
}

// A module inside of itself has no end: *is_sound is false, and it is reported.
static hm_status check_circle(const hm_naming *naming, const hm_definition *definition,
        uint32_t module, bool *is_sound) {
    const hm_module *const *modules = naming->build->graph->modules;
    uint32_t depth = depth_of(definition->scope);
    *is_sound = true;
    for (uint32_t steps = 0; steps <= depth; steps++) {
        if (modules[module_around(definition, steps)] == modules[module]) {
            *is_sound = false;
            return report_circle(naming, definition, steps, module);
        }
    }
    return HM_OK;
}

// Finds the module, or reports why there is none: *module is then HM_NONE.
static hm_status choose_module(
        const hm_naming *naming, const hm_definition *definition, uint32_t *module) {
    hm_subdag_target target;
    HM_TRY(hm_subdag_find(
            naming->build, naming->function, naming->subdag.path, &target));
    *module = HM_NONE;
    if (target.module == HM_NONE) {
        report_missing(naming);
        return HM_OK;
    }
    if (target.other != HM_NONE) {
        const hm_module *const *modules = naming->build->graph->modules;
        hm_diagnostic fault = fault_of(naming, HM_DUPLICATE_NAME);
        fault.mend = "write more of its path";
        hm_faults_format(naming->build->faults, fault,
                "%s of `%s`: `%s` can be %s and %s", naming->subdag.macro,
                naming->function->name, naming->subdag.path,
                modules[target.module]->file, modules[target.other]->file);
        return HM_OK;
    }
    bool is_sound;
    HM_TRY(check_circle(naming, definition, target.module, &is_sound));
    *module = is_sound ? target.module : HM_NONE;
    return HM_OK;
}

// Places the definition inside of a scope of its own.
static hm_status place_inside(
        hm_build *build, hm_definition *definition, const hm_modifier *modifier) {
    hm_naming naming = {build, definition->declared, modifier, {0}};
    (void)hm_subdag_read(modifier, &naming.subdag);
    uint32_t module;
    HM_TRY(choose_module(&naming, definition, &module));
    return hm_scope_add(build, definition, modifier, module);
}

static hm_status apply(hm_applying *applying, const hm_modifier *modifier) {
    for (size_t i = applying->first; i < applying->definitions->count; i++) {
        HM_TRY(place_inside(
                applying->build, &applying->definitions->items[i], modifier));
    }
    return HM_OK;
}

static hm_status add_node(hm_applying *applying, const hm_definition *original,
        const hm_modifier *modifier) {
    hm_build *build = applying->build;
    hm_definition *definition = hm_build_add_definition(build, applying->definitions);
    if (definition == NULL) {
        return HM_NO_MEMORY;
    }
    *definition = *original;
    definition->made_by = definition->expanded_by = modifier;
    HM_TRY(hm_definition_rename(build, definition, modifier->arguments[0].text));
    hm_function *function = (hm_function *)definition->function; // which is its own now
    HM_TRY(hm_parameterize_doc(build, original->declared, modifier, function));
    return place_inside(build, definition, modifier);
}

// The first of them makes the nodes of all; no phase before this one multiplies.
static hm_status apply_as(hm_applying *applying, const hm_modifier *modifier) {
    if (applying->definitions->count == applying->first) {
        return HM_OK;
    }
    const hm_definition original = applying->definitions->items[applying->first];
    const hm_function *declared = original.declared;
    for (const hm_modifier *each = declared->modifiers; each < modifier; each++) {
        if (strcmp(each->name, modifier->name) == 0) {
            return HM_OK;
        }
    }
    applying->definitions->count = applying->first;
    for (size_t i = 0; i < declared->modifier_count; i++) {
        if (strcmp(declared->modifiers[i].name, modifier->name) == 0) {
            HM_TRY(add_node(applying, &original, &declared->modifiers[i]));
        }
    }
    return HM_OK;
}

static void complain(void *check, const char *mend, const char *message) {
    hm_check_complain(check, mend, "%s", message);
}

static void inspect(hm_check *check, const hm_modifier *modifier) {
    const hm_function *function = check->function;
    const hm_subdag_function whole = {
            .name = function->name,
            .parameters = function->parameters,
            .parameter_count = function->parameter_count,
            .outputs = function->outputs,
            .output_count = function->output_count,
            .modifiers = function->modifiers,
            .modifier_count = function->modifier_count,
    };
    hm_subdag_check(&whole, modifier, complain, check);
}

const hm_modifier_rule hm_rule_subdag = {
        .name = "subdag",
        .phase = HM_PHASE_MAKER,
        .fewest_arguments = 1,
        .most_arguments = SIZE_MAX,
        .is_single = true,
        .inspect = inspect,
        .apply = apply,
};

const hm_modifier_rule hm_rule_subdag_as = {
        .name = "subdag_as",
        .phase = HM_PHASE_MAKER,
        .fewest_arguments = 2,
        .most_arguments = SIZE_MAX,
        .makes_own_nodes = true,
        .inspect = inspect,
        .apply = apply_as,
};
