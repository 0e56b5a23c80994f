// check.c — the tables of a module may come from anywhere: a program that filled them
// by hand, a binding for another language, an older compiler. What is wrong with them
// is said here, whatever config chooses; later steps rely on it.

#include "graph/check.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/error.h"
#include "graph/formats.h"
#include "graph/modifiers/modifier.h"

void hm_check_complain(hm_check *check, const char *mend, const char *format, ...) {
    char fault[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(fault, sizeof fault, format, arguments);
    va_end(arguments);
    const hm_function *function = check->function;
    hm_diagnostic diagnostic = {
            .status = HM_BAD_MODULE,
            .file = check->module->file,
            .mend = mend,
    };
    if (function == NULL) {
        hm_faults_format(check->build->faults, diagnostic, "module `%s` %s",
                check->module->name, fault);
        return;
    }
    if (function->file != NULL) {
        diagnostic.file = function->file;
        diagnostic.line = function->line;
    }
    if (check->modifier != NULL && check->modifier->line > 0) {
        diagnostic.line = check->modifier->line;
    }
    diagnostic.node = function->name;
    hm_faults_format(check->build->faults, diagnostic,
            "function `%s` of module `%s`: %s", function->name, check->module->name,
            fault);
}

bool hm_check_is_empty(const char *text) {
    return text == NULL || text[0] == '\0';
}

static bool is_missing(
        hm_check *check, const void *table, size_t count, const char *what) {
    if (count == 0 || table != NULL) {
        return false;
    }
    hm_check_complain(check, NULL, "it counts %zu %s and has none", count, what);
    return true;
}

static bool are_tables_there(hm_check *check) {
    const hm_function *function = check->function;
    if (is_missing(
                check, function->parameters, function->parameter_count, "parameters") ||
            is_missing(check, function->outputs, function->output_count, "outputs") ||
            is_missing(check, function->dimensions, function->dimension_count,
                    "dimensions") ||
            is_missing(check, function->modifiers, function->modifier_count,
                    "modifiers")) {
        return false;
    }
    for (size_t i = 0; i < function->dimension_count; i++) {
        if (hm_check_is_empty(function->dimensions[i])) {
            hm_check_complain(check, NULL, "dimension %zu has no name", i);
            return false;
        }
    }
    return true;
}

// An asynchronous function is not called as well, and how much it will make is known
// before it is started.
static void check_start(hm_check *check) {
    const hm_function *function = check->function;
    if (function->call != NULL || function->map != NULL || function->rows != NULL) {
        hm_check_complain(check, "set start alone, or call",
                "it has thunks to call it by, and one to start it");
    }
    for (size_t o = 0; o < function->output_count; o++) {
        if (function->outputs[o].shape == HM_EXPANSION) {
            hm_check_complain(check, "make an array over a dimension of its inputs",
                    "it is asynchronous and output `%s` is an expansion",
                    function->outputs[o].name);
        }
    }
}

// Its arrays can be cut, and what it makes is copied.
static void check_combine(hm_check *check) {
    const hm_function *function = check->function;
    const hm_output *output = &function->outputs[0];
    bool makes_one = function->output_count == 1 && output->shape == HM_ONE &&
                     output->pass == HM_BY_VALUE &&
                     output->type->kind != HM_KIND_STRING;
    bool takes_array = false;
    for (size_t p = 0; p < function->parameter_count; p++) {
        takes_array |= function->parameters[p].shape == HM_ARRAY;
    }
    if (function->call == NULL || !makes_one || !takes_array ||
            function->dimension_count != 1) {
        hm_check_complain(check, "take out its combine",
                "it has a thunk that combines, but is no function that is called and "
                "makes one value of arrays over one dimension");
    } else if (function->map != NULL || function->rows != NULL) {
        hm_check_complain(check, "set call and combine alone",
                "it has a thunk for many rows, and one that combines");
    }
}

// What a function must have that is a node, or is called like one.
static void check_node(hm_check *check) {
    const hm_function *function = check->function;
    bool is_called = (function->flags & HM_FUNCTION_HELPER) != 0;
    if (hm_function_is_helper(function) && !is_called) {
        return;
    }
    if (function->output_count == 0) {
        hm_check_complain(
                check, "exclude it, or give it an output", "it makes nothing");
    }
    bool is_switch = hm_function_has(function, &hm_rule_switch);
    if (is_switch && function->call != NULL) {
        hm_check_complain(check, "set no thunks: the engine takes the branch",
                "it has HM_SWITCH, and a thunk to call it by");
    }
    if (function->call == NULL && function->start == NULL && !is_switch) {
        hm_check_complain(check, "set its call or its start, or exclude it",
                "there is no thunk to call it by");
    }
    if (function->start != NULL) {
        check_start(check);
    }
    if (function->combine != NULL) {
        check_combine(check);
    }
}

static hm_status check_function(hm_check *check, size_t index) {
    check->function = NULL;
    const hm_function *function = &check->module->functions[index];
    if (hm_check_is_empty(function->name)) {
        hm_check_complain(
                check, NULL, "has a function without a name, number %zu", index);
        return HM_OK;
    }
    check->function = function;
    if (hm_check_is_empty(function->file)) {
        hm_check_complain(check, NULL, "no file is named that it stands in");
    }
    if (!are_tables_there(check)) {
        return HM_OK;
    }
    size_t faults = check->build->faults->count;
    HM_TRY(hm_check_declaration(check));
    if (check->build->faults->count > faults) {
        return HM_OK;
    }
    HM_TRY(hm_check_names(check));
    HM_TRY(hm_check_modifiers(check));
    if (check->build->faults->count == faults) {
        check_node(check);
    }
    return HM_OK;
}

static hm_status check_module(hm_check *check) {
    const hm_module *module = check->module;
    if (hm_check_is_empty(module->file)) {
        hm_check_complain(check, NULL, "does not say what file it is made from");
    }
    if (module->function_count > 0 && module->functions == NULL) {
        hm_check_complain(check, NULL, "counts %zu functions and has none",
                module->function_count);
        return HM_OK;
    }
    size_t faults = check->build->faults->count;
    for (size_t i = 0; i < module->function_count; i++) {
        HM_TRY(check_function(check, i));
    }
    bool is_sound = check->build->faults->count == faults;
    for (size_t i = 0; i < module->function_count && is_sound; i++) {
        check->function = &module->functions[i];
        HM_TRY(hm_check_relations(check));
    }
    return HM_OK;
}

// A fault of a module that cannot even be named.
static void refuse(hm_build *build, size_t index, const char *mend, const char *fault) {
    const hm_graph_options *options = build->options;
    bool is_library = index >= options->module_count;
    hm_diagnostic diagnostic = {.status = HM_BAD_MODULE, .mend = mend};
    hm_faults_format(build->faults, diagnostic, "%s %zu of %zu %s",
            is_library ? "library" : "module",
            index + 1 - (is_library ? options->module_count : 0),
            is_library ? options->library_count : options->module_count, fault);
}

static void refuse_list(hm_build *build, const char *message) {
    hm_diagnostic fault = {.status = HM_BAD_ARGUMENT, .message = message};
    hm_faults_add(build->faults, &fault);
}

// One list of those that give nodes and the libraries. It stays empty if there is none.
static hm_status list_modules(hm_build *build) {
    const hm_graph_options *options = build->options;
    if (options->module_count > 0 && options->modules == NULL) {
        refuse_list(build, "modules are counted, but there is no list of them");
        return HM_OK;
    }
    if (options->library_count > 0 && options->libraries == NULL) {
        refuse_list(build, "libraries are counted, but there is no list of them");
        return HM_OK;
    }
    size_t count = options->module_count + options->library_count;
    const hm_module **modules =
            hm_arena_array(&build->graph->arena, count, sizeof *modules);
    if (modules == NULL) {
        return HM_NO_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        modules[i] = i < options->module_count
                             ? options->modules[i]
                             : options->libraries[i - options->module_count];
    }
    build->graph->modules = modules;
    build->graph->module_count = count;
    return HM_OK;
}

hm_status hm_build_check(hm_build *build) {
    hm_check check = {.build = build};
    hm_type_checker_init(&check.types, &build->scratch);
    HM_TRY(hm_formats_check(build));
    HM_TRY(list_modules(build));
    for (size_t i = 0; i < build->graph->module_count; i++) {
        const hm_module *module = build->graph->modules[i];
        if (module == NULL) {
            refuse(build, i, NULL, "is NULL");
        } else if (module->abi != HM_MODULE_ABI) {
            // The rest of the table may be laid out in another way.
            char fault[96];
            snprintf(fault, sizeof fault,
                    "has tables of ABI %u, and this library reads ABI %u",
                    (unsigned)module->abi, (unsigned)HM_MODULE_ABI);
            refuse(build, i, "reflect and compile it with the hamilton of this library",
                    fault);
        } else if (hm_check_is_empty(module->name)) {
            refuse(build, i, NULL, "has no name");
        } else {
            check.module = module;
            check.module_number = (uint32_t)i;
            check.function = NULL;
            HM_TRY(check_module(&check));
        }
    }
    return HM_OK;
}
