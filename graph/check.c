// check.c — the tables of a module may come from anywhere: a program that filled them
// by hand, a binding for another language, an older compiler. What is wrong with them
// is said here, whatever config chooses; later steps rely on it.

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "graph/build.h"
#include "graph/check_type.h"
#include "graph/modifiers/modifier.h"
#include "graph/modifiers/variant.h"

typedef struct hm_check {
    hm_build *build;
    hm_type_checker types;
    const hm_module *module;
    const hm_function *function; // NULL while the module itself is checked
    bool *has_length; // an element per dimension of it: some parameter is an array over
                      // it
    size_t has_length_capacity;
} hm_check;

static void complain(hm_check *check, const char *mend, const char *format, ...)
        __attribute__((format(printf, 3, 4)));

// Reports a fault of the function, or of the module.
static void complain(hm_check *check, const char *mend, const char *format, ...) {
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
    diagnostic.node = function->name;
    hm_faults_format(check->build->faults, diagnostic,
            "function `%s` of module `%s`: %s", function->name, check->module->name,
            fault);
}

static bool is_empty(const char *text) {
    return text == NULL || text[0] == '\0';
}

// Complains about a type that is bad in itself, once.
static hm_status check_type(hm_check *check, const char *what, const char *name,
        const hm_type *type, bool *is_good) {
    hm_status status = hm_type_check(&check->types, type);
    *is_good = status == HM_OK;
    if (status != HM_BAD_MODULE) {
        return status;
    }
    if (check->types.fault[0] != '\0') {
        complain(check, NULL, "%s `%s`: %s", what, name, check->types.fault);
    }
    return HM_OK;
}

// What parameters and outputs have in common.
static void check_pass(hm_check *check, const char *what, const char *name,
        const hm_type *type, hm_pass pass) {
    if (pass == HM_BY_VALUE) {
        if (type->size == 0) {
            complain(check, "pass it by reference",
                    "%s `%s` is passed by value, but the size of `%s` is unknown", what,
                    name, type->name);
        }
    } else if (pass == HM_BY_REFERENCE) {
        if (type->kind != HM_KIND_STRUCT && type->kind != HM_KIND_OPAQUE) {
            complain(check, "pass it by value",
                    "%s `%s` is passed by reference, which is for structs and opaque "
                    "types, not for `%s`",
                    what, name, type->name);
        }
    } else {
        complain(check, NULL, "%s `%s` is passed in an unknown way, %u", what, name,
                (unsigned)pass);
    }
}

static bool check_dimension(
        hm_check *check, const char *what, const char *name, uint32_t dimension) {
    if (dimension < check->function->dimension_count) {
        return true;
    }
    complain(check, NULL, "%s `%s` is over dimension %u of %zu", what, name, dimension,
            check->function->dimension_count);
    return false;
}

static hm_status check_parameter(hm_check *check, size_t index) {
    const hm_parameter *parameter = &check->function->parameters[index];
    if (is_empty(parameter->name)) {
        complain(check, NULL, "parameter %zu has no name", index);
        return HM_OK;
    }
    bool is_good;
    HM_TRY(check_type(check, "parameter", parameter->name, parameter->type, &is_good));
    if (is_good) {
        check_pass(
                check, "parameter", parameter->name, parameter->type, parameter->pass);
    }
    if (parameter->shape == HM_ARRAY) {
        check_dimension(check, "parameter", parameter->name, parameter->dimension);
    } else if (parameter->shape != HM_ONE) {
        complain(check, "a parameter is HM_ONE or HM_ARRAY",
                "parameter `%s` has shape %u", parameter->name,
                (unsigned)parameter->shape);
    }
    return HM_OK;
}

static void check_output_shape(hm_check *check, const hm_output *output) {
    const hm_function *function = check->function;
    switch (output->shape) {
    case HM_ONE:
        return;
    case HM_ARRAY:
        if (check_dimension(check, "output", output->name, output->dimension) &&
                !check->has_length[output->dimension]) {
            complain(check, "make it an expansion",
                    "output `%s` is an array over `%s`, but no parameter is, so its "
                    "length is unknown",
                    output->name, function->dimensions[output->dimension]);
        }
        return;
    case HM_EXPANSION:
        if (check_dimension(check, "output", output->name, output->dimension) &&
                check->has_length[output->dimension]) {
            complain(check, "give it a dimension of its own",
                    "output `%s` is an expansion over `%s`, whose length a parameter "
                    "decides",
                    output->name, function->dimensions[output->dimension]);
        }
        if (check->module->free == NULL) {
            complain(check, "set the module's free",
                    "output `%s` is an expansion, whose memory is given to the engine, "
                    "and nothing says how to free it",
                    output->name);
        }
        return;
    }
    complain(check, NULL, "output `%s` has an unknown shape, %u", output->name,
            (unsigned)output->shape);
}

static void check_ownership(hm_check *check, const hm_output *output) {
    bool points =
            output->pass == HM_BY_REFERENCE || output->type->kind == HM_KIND_STRING;
    switch (output->ownership) {
    case HM_OWNED:
        if (points) {
            complain(check, "say HM_BORROWED or HM_GIVEN",
                    "output `%s` points at something, and nothing says whose it is",
                    output->name);
        }
        return;
    case HM_BORROWED:
        return;
    case HM_GIVEN:
        if (!points) {
            complain(check, "say HM_OWNED",
                    "output `%s` gives what it points at, but a `%s` is a value",
                    output->name, output->type->name);
        } else if (output->type->destroy == NULL && check->module->free == NULL) {
            complain(check, "set the type's destroy or the module's free",
                    "output `%s` is given to the engine, and nothing says how to end "
                    "it",
                    output->name);
        }
        return;
    }
    complain(check, NULL, "output `%s` has an unknown ownership, %u", output->name,
            (unsigned)output->ownership);
}

static hm_status check_output(hm_check *check, size_t index) {
    const hm_output *output = &check->function->outputs[index];
    if (is_empty(output->name)) {
        complain(check, NULL, "output %zu has no name", index);
        return HM_OK;
    }
    bool is_good;
    HM_TRY(check_type(check, "output", output->name, output->type, &is_good));
    if (is_good) {
        check_pass(check, "output", output->name, output->type, output->pass);
        check_ownership(check, output);
    }
    check_output_shape(check, output);
    return HM_OK;
}

// A list of names in which none may stand twice: the name at index, or NULL for none.
typedef const char *hm_name_at(const hm_function *function, size_t index);

// All that are parameters in C: outputs too, unless they are called `out` there.
static const char *parameter_name(const hm_function *function, size_t index) {
    if (index < function->parameter_count) {
        return function->parameters[index].name;
    }
    index -= function->parameter_count;
    if (index < function->dimension_count) {
        return function->dimensions[index];
    }
    const char *name = function->outputs[index - function->dimension_count].name;
    return name == NULL || strcmp(name, function->name) == 0 ? NULL : name;
}

static const char *output_name(const hm_function *function, size_t index) {
    return function->outputs[index].name;
}

static const char *tag_key(const hm_function *function, size_t index) {
    const hm_modifier *modifier = &function->modifiers[index];
    return strcmp(modifier->name, hm_rule_tag.name) == 0 ? modifier->arguments[0].text
                                                         : NULL;
}

enum { COMPARED_ONE_BY_ONE = 8 };

static const char *twice_among_few(
        const hm_function *function, hm_name_at *name, size_t count) {
    for (size_t i = 1; i < count; i++) {
        const char *later = name(function, i);
        for (size_t k = 0; k < i && later != NULL; k++) {
            const char *earlier = name(function, k);
            if (earlier != NULL && strcmp(earlier, later) == 0) {
                return later;
            }
        }
    }
    return NULL;
}

// The first name that stands twice, or NULL, in *twice.
static hm_status find_twice(
        hm_check *check, hm_name_at *name, size_t count, const char **twice) {
    if (count <= COMPARED_ONE_BY_ONE) {
        *twice = twice_among_few(check->function, name, count);
        return HM_OK;
    }
    hm_names seen;
    hm_names_init(&seen, check->build->options->allocator);
    hm_status status = HM_OK;
    *twice = NULL;
    for (size_t i = 0; i < count && *twice == NULL && status == HM_OK; i++) {
        const char *each = name(check->function, i);
        uint32_t *number = each != NULL ? hm_names_put(&seen, each) : NULL;
        if (each != NULL && number == NULL) {
            status = HM_NO_MEMORY;
        } else if (each != NULL) {
            *twice = *number != HM_NAMES_ABSENT ? each : NULL;
            *number = 0;
        }
    }
    hm_names_finish(&seen);
    return status;
}

static hm_status check_twice(
        hm_check *check, hm_name_at *name, size_t count, const char *what) {
    const char *twice;
    HM_TRY(find_twice(check, name, count, &twice));
    if (twice != NULL) {
        complain(check, "rename one of them", "two %s are called `%s`", what, twice);
    }
    return HM_OK;
}

static void spell(const char *name, char *spelled, size_t size) {
    size_t i = 0;
    for (; i + 1 < size && name[i] != '\0'; i++) {
        bool is_lower = name[i] >= 'a' && name[i] <= 'z';
        spelled[i] = is_lower ? (char)(name[i] - 'a' + 'A') : name[i];
    }
    spelled[i] = '\0';
}

static bool are_arguments_sound(const hm_modifier *modifier) {
    if (modifier->argument_count > 0 && modifier->arguments == NULL) {
        return false;
    }
    for (size_t i = 0; i < modifier->argument_count; i++) {
        const hm_argument *argument = &modifier->arguments[i];
        if ((unsigned)argument->kind > HM_ARGUMENT_CALL || argument->text == NULL) {
            return false;
        }
    }
    return true;
}

static void check_modifier(hm_check *check, size_t index) {
    const hm_modifier *modifier = &check->function->modifiers[index];
    if (is_empty(modifier->name)) {
        complain(check, NULL, "modifier %zu has no name", index);
        return;
    }
    char spelled[64];
    spell(modifier->name, spelled, sizeof spelled);
    const hm_modifier_rule *rule = hm_modifier_rule_find(modifier->name);
    if (rule == NULL) {
        char mend[96] =
                "this library does not know it: it may be too old for the module";
        const char *nearest = hm_modifier_rule_nearest(modifier->name);
        if (nearest != NULL) {
            char meant[64];
            spell(nearest, meant, sizeof meant);
            snprintf(mend, sizeof mend, "did you mean HM_%s?", meant);
        }
        complain(check, mend, "HM_%s is no modifier", spelled);
        return;
    }
    if (!are_arguments_sound(modifier)) {
        complain(check, NULL, "HM_%s has an argument without text or of unknown kind",
                spelled);
        return;
    }
    if (modifier->argument_count < rule->fewest_arguments ||
            modifier->argument_count > rule->most_arguments) {
        complain(check, NULL, "HM_%s takes %s%zu argument%s, not %zu", spelled,
                rule->most_arguments > rule->fewest_arguments ? "at least " : "",
                rule->fewest_arguments, rule->fewest_arguments == 1 ? "" : "s",
                modifier->argument_count);
        return;
    }
    const char *fault =
            rule->check != NULL ? rule->check(check->function, modifier) : NULL;
    if (fault != NULL) {
        complain(check, NULL, "HM_%s: %s", spelled, fault);
    }
}

static bool is_missing(
        hm_check *check, const void *table, size_t count, const char *what) {
    if (count == 0 || table != NULL) {
        return false;
    }
    complain(check, NULL, "it counts %zu %s and has none", count, what);
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
        if (is_empty(function->dimensions[i])) {
            complain(check, NULL, "dimension %zu has no name", i);
            return false;
        }
    }
    return true;
}

static hm_status find_lengths(hm_check *check) {
    const hm_function *function = check->function;
    if (function->dimension_count > check->has_length_capacity) {
        check->has_length = hm_arena_array(&check->build->scratch,
                function->dimension_count, sizeof *check->has_length);
        if (check->has_length == NULL) {
            return HM_NO_MEMORY;
        }
        check->has_length_capacity = function->dimension_count;
    }
    for (size_t i = 0; i < function->dimension_count; i++) {
        check->has_length[i] = false;
    }
    for (size_t i = 0; i < function->parameter_count; i++) {
        const hm_parameter *parameter = &function->parameters[i];
        if (parameter->shape == HM_ARRAY &&
                parameter->dimension < function->dimension_count) {
            check->has_length[parameter->dimension] = true;
        }
    }
    return HM_OK;
}

static hm_status check_modifiers(hm_check *check) {
    const hm_function *function = check->function;
    size_t faults = check->build->faults->count;
    for (size_t i = 0; i < function->modifier_count; i++) {
        check_modifier(check, i);
    }
    if (function->modifier_count == 0 || check->build->faults->count > faults) {
        return HM_OK;
    }
    HM_TRY(check_twice(check, tag_key, function->modifier_count, "tags"));
    const char *mend = NULL;
    const char *fault = hm_variant_check(function, &mend);
    if (fault != NULL) {
        complain(check, mend, "%s", fault);
    }
    return HM_OK;
}

// What a function must have that is a node.
static void check_node(hm_check *check) {
    const hm_function *function = check->function;
    if (hm_function_is_helper(function)) {
        return;
    }
    if (function->output_count == 0) {
        complain(check, "exclude it, or give it an output", "it makes nothing");
    }
    if (function->call == NULL) {
        complain(check, "set its call, or exclude it",
                "there is no thunk to call it by");
    }
}

static hm_status check_function(hm_check *check, size_t index) {
    check->function = NULL;
    const hm_function *function = &check->module->functions[index];
    if (is_empty(function->name)) {
        complain(check, NULL, "has a function without a name, number %zu", index);
        return HM_OK;
    }
    check->function = function;
    if (is_empty(function->file)) {
        complain(check, NULL, "no file is named that it stands in");
    }
    if (!are_tables_there(check)) {
        return HM_OK;
    }
    size_t faults = check->build->faults->count;
    HM_TRY(find_lengths(check));
    for (size_t i = 0; i < function->parameter_count; i++) {
        HM_TRY(check_parameter(check, i));
    }
    for (size_t i = 0; i < function->output_count; i++) {
        HM_TRY(check_output(check, i));
    }
    if (check->build->faults->count > faults) {
        return HM_OK;
    }
    HM_TRY(check_twice(check, parameter_name,
            function->parameter_count + function->dimension_count +
                    function->output_count,
            "parameters"));
    HM_TRY(check_twice(check, output_name, function->output_count, "outputs"));
    HM_TRY(check_modifiers(check));
    if (check->build->faults->count == faults) {
        check_node(check);
    }
    return HM_OK;
}

static hm_status check_module(hm_check *check) {
    const hm_module *module = check->module;
    if (is_empty(module->file)) {
        complain(check, NULL, "does not say what file it is made from");
    }
    if (module->function_count > 0 && module->functions == NULL) {
        complain(check, NULL, "counts %zu functions and has none",
                module->function_count);
        return HM_OK;
    }
    for (size_t i = 0; i < module->function_count; i++) {
        HM_TRY(check_function(check, i));
    }
    return HM_OK;
}

// A fault of a module that cannot even be named.
static void refuse(hm_build *build, size_t index, const char *mend, const char *fault) {
    hm_diagnostic diagnostic = {.status = HM_BAD_MODULE, .mend = mend};
    hm_faults_format(build->faults, diagnostic, "module %zu of %zu %s", index + 1,
            build->options->module_count, fault);
}

hm_status hm_build_check(hm_build *build) {
    const hm_graph_options *options = build->options;
    hm_check check = {.build = build};
    hm_type_checker_init(&check.types, &build->scratch);
    if (options->module_count > 0 && options->modules == NULL) {
        hm_diagnostic fault = {.status = HM_BAD_ARGUMENT,
                .message = "modules are counted, but there is no list of them"};
        hm_faults_add(build->faults, &fault);
        return HM_OK;
    }
    for (size_t i = 0; i < options->module_count; i++) {
        const hm_module *module = options->modules[i];
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
        } else if (is_empty(module->name)) {
            refuse(build, i, NULL, "has no name");
        } else {
            check.module = module;
            check.function = NULL;
            HM_TRY(check_module(&check));
        }
    }
    return HM_OK;
}
