// from_config.c — see from_config.h. Config's key is an object with a member for each
// node, each an object with a member for each parameter that is bound:
//
//     {"week": {"days": 7, "values": "sales"}, "top": {"x": ["a", "b", 4]}}
//
// A string is the name of a node, as {"source": "sales"} is; a number or bool is a
// literal, as {"value": 7} and {"value": "text"} are; an array is a group of these.

#include "graph/modifiers/from_config.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/bindings.h"
#include "base/error.h"
#include "base/json_scan.h"
#include "base/literal.h"
#include "base/names.h"
#include "graph/modifiers/bind.h"
#include "graph/modifiers/modifier.h"
#include "graph/modifiers/parameterize.h"

static const char form[] =
        "write a node's name, a number, true, false, {\"source\": \"node\"}, "
        "{\"value\": literal}, or an array of these";

typedef struct hm_config_reading {
    hm_build *build;
    const hm_function *function; // declared
    const hm_modifier *modifier;
    const char *key;
    const char *node;      // at which the reading is, or NULL
    const char *parameter; // likewise
    hm_json_scan scan;
    hm_error error;
    hm_modifier *made;
    size_t count;
    bool no_memory;
} hm_config_reading;

// Reports what is wrong, and where. Returns false.
__attribute__((format(printf, 3, 4))) static bool refuse(
        hm_config_reading *reading, const char *mend, const char *format, ...) {
    char what[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    char place[256] = "";
    if (reading->node != NULL) {
        snprintf(place, sizeof place, ", node `%s`%s%s%s", reading->node,
                reading->parameter != NULL ? ", parameter `" : "",
                reading->parameter != NULL ? reading->parameter : "",
                reading->parameter != NULL ? "`" : "");
    }
    hm_diagnostic fault = hm_build_modifier_fault(HM_BAD_ARGUMENT, reading->function,
            reading->modifier, reading->function->name);
    fault.mend = mend;
    hm_faults_format(reading->build->faults, fault,
            "HM_PARAMETERIZE_FROM_CONFIG of `%s`: config key `%s`%s: %s",
            reading->function->name, reading->key, place, what);
    return false;
}

static bool fail_memory(hm_config_reading *reading) {
    reading->no_memory = true;
    return false;
}

// The arrays grow by one; they are short.
static void *grow(hm_config_reading *reading, void *items, size_t count, size_t size) {
    char *grown = items;
    if ((count & (count - 1)) == 0) { // the capacity is the next power of two
        grown = hm_arena_array(
                &reading->build->graph->arena, count == 0 ? 1 : 2 * count, size);
        reading->no_memory |= grown == NULL;
        if (grown != NULL && count > 0) {
            memcpy(grown, items, count * size);
        }
    }
    return grown;
}

static const char *keep_text(hm_config_reading *reading, hm_json_slice slice) {
    const char *text = hm_json_unescape(slice, &reading->build->graph->arena);
    reading->no_memory |= text == NULL;
    return text;
}

static bool read_string(
        hm_config_reading *reading, hm_argument_kind kind, hm_argument *argument) {
    hm_json_slice slice;
    if (!hm_json_string(&reading->scan, &slice)) {
        return false;
    }
    *argument = (hm_argument){.kind = kind, .text = keep_text(reading, slice)};
    return argument->text != NULL;
}

// A number or bool.
static bool read_scalar(hm_config_reading *reading, hm_argument *argument) {
    hm_json_slice slice;
    if (!hm_json_skip(&reading->scan, &slice)) {
        return false;
    }
    hm_arena *arena = &reading->build->graph->arena;
    const char *text = hm_arena_slice(arena, slice.text, slice.length);
    hm_scalar scalar;
    hm_value value = text != NULL ? hm_value_json(text) : (hm_value){0};
    hm_status status = text != NULL
                               ? hm_scalar_read(&value, arena, &scalar, &reading->error)
                               : HM_NO_MEMORY;
    if (status == HM_NO_MEMORY) {
        return fail_memory(reading);
    }
    if (status != HM_OK) {
        return refuse(reading, NULL, "%s", reading->error.message);
    }
    *argument = (hm_argument){
            .kind = scalar.kind == HM_SCALAR_BOOL  ? HM_ARGUMENT_BOOL
                    : scalar.kind == HM_SCALAR_INT ? HM_ARGUMENT_INT
                                                   : HM_ARGUMENT_REAL,
            .text = text,
            .integer = scalar.integer,
            .real = scalar.real,
    };
    return true;
}

static bool refuse_form(hm_config_reading *reading) {
    char found[HM_JSON_FOUND_SIZE];
    hm_json_found(&reading->scan, found);
    return refuse(reading, form, "%s binds nothing", found);
}

// {"source": "node"} or {"value": literal}.
static bool read_explicit(hm_config_reading *reading, hm_argument *argument) {
    hm_json_scan *scan = &reading->scan;
    hm_json_scan before = *scan;
    hm_json_slice name;
    bool is_first = true;
    hm_json_open(scan);
    if (!hm_json_next(scan, '}', &is_first)) {
        *scan = before;
        return refuse_form(reading);
    }
    if (!hm_json_name(scan, &name)) {
        return false;
    }
    hm_json_kind kind = hm_json_peek(scan);
    bool is_source = name.length == 6 && memcmp(name.text, "source", 6) == 0;
    bool is_value = name.length == 5 && memcmp(name.text, "value", 5) == 0;
    bool is_sound = is_source ? kind == HM_JSON_STRING
                              : is_value && kind != HM_JSON_NULL &&
                                        kind != HM_JSON_ARRAY && kind != HM_JSON_OBJECT;
    if (!is_sound) {
        *scan = before;
        return refuse_form(reading);
    }
    bool is_read = kind == HM_JSON_STRING
                           ? read_string(reading,
                                     is_source ? HM_ARGUMENT_NAME : HM_ARGUMENT_STRING,
                                     argument)
                           : read_scalar(reading, argument);
    if (is_read && hm_json_next(scan, '}', &is_first)) {
        *scan = before;
        return refuse_form(reading);
    }
    return is_read;
}

// What a parameter, or an element of a group, is bound to: a name of the kind NAME, or
// a literal.
static bool read_bound(hm_config_reading *reading, hm_argument *argument) {
    switch (hm_json_peek(&reading->scan)) {
    case HM_JSON_STRING:
        return read_string(reading, HM_ARGUMENT_NAME, argument);
    case HM_JSON_NUMBER:
    case HM_JSON_TRUE:
    case HM_JSON_FALSE:
        return read_scalar(reading, argument);
    case HM_JSON_OBJECT:
        return read_explicit(reading, argument);
    default:
        return refuse_form(reading);
    }
}

// In a group a quoted text is a name where the type has no texts, see
// hm_binding_names_node().
static bool check_member(hm_config_reading *reading, const hm_argument *member) {
    const hm_function *function = reading->function;
    for (size_t p = 0; p < function->parameter_count; p++) {
        const hm_parameter *parameter = &function->parameters[p];
        if (strcmp(parameter->name, reading->parameter) == 0 &&
                member->kind == HM_ARGUMENT_STRING &&
                hm_binding_names_node(member, parameter->type)) {
            return refuse(reading, "write a literal that the type can hold, or a node",
                    "\"%s\" is no %s", member->text, parameter->type->name);
        }
    }
    return true;
}

// parts[0] is the parameter; what it is bound to is added.
static bool read_group(
        hm_config_reading *reading, hm_argument **parts, size_t *part_count) {
    bool is_first = true;
    hm_json_open(&reading->scan);
    while (hm_json_next(&reading->scan, ']', &is_first)) {
        hm_argument member = {0};
        if (!read_bound(reading, &member) || !check_member(reading, &member)) {
            return false;
        }
        hm_argument *grown = grow(reading, *parts, *part_count, sizeof **parts);
        if (grown == NULL) {
            return false;
        }
        *parts = grown;
        grown[(*part_count)++] = member;
    }
    return !reading->scan.failed;
}

static const char *kind_of(const hm_argument *bound) {
    return bound->kind == HM_ARGUMENT_NAME ? "source" : "value";
}

static bool read_binding(hm_config_reading *reading, hm_argument *binding) {
    hm_json_slice slice;
    if (!hm_json_name(&reading->scan, &slice)) {
        return false;
    }
    hm_argument *parts = grow(reading, NULL, 0, sizeof *parts);
    reading->parameter = keep_text(reading, slice);
    if (parts == NULL || reading->parameter == NULL) {
        return false;
    }
    parts[0] = (hm_argument){.kind = HM_ARGUMENT_NAME, .text = reading->parameter};
    size_t count = 1;
    *binding = (hm_argument){.kind = HM_ARGUMENT_CALL, .text = "group"};
    if (hm_json_peek(&reading->scan) != HM_JSON_ARRAY) {
        hm_argument bound = {0};
        if (!read_bound(reading, &bound)) {
            return false;
        }
        parts = grow(reading, parts, count, sizeof *parts);
        if (parts == NULL) {
            return false;
        }
        parts[count++] = bound;
        binding->text = kind_of(&bound);
    } else if (!read_group(reading, &parts, &count)) {
        return false;
    }
    reading->parameter = NULL;
    binding->arguments = parts;
    binding->argument_count = count;
    return true;
}

static bool is_identifier(const char *name) {
    bool is_name = name[0] == '_' || isalpha((unsigned char)name[0]);
    for (; *name != '\0'; name++) {
        is_name &= *name == '_' || isalnum((unsigned char)*name);
    }
    return is_name;
}

// Mends that tell of macros are of no use here.
static void refuse_binding(void *context, const char *mend, const char *message) {
    bool is_of_macros = mend != NULL && strstr(mend, "HM_") != NULL;
    refuse(context, is_of_macros ? form : mend, "%s", message);
}

static bool check_bindings(hm_config_reading *reading, const hm_modifier *made) {
    const hm_function *function = reading->function;
    size_t faults = reading->build->faults->count;
    const hm_bindings bindings = {.macro = NULL,
            .function = function->name,
            .parameters = function->parameters,
            .parameter_count = function->parameter_count,
            .items = made->arguments + 1,
            .count = made->argument_count - 1,
            .outputs = function->outputs,
            .output_count = function->output_count,
            .is_async = function->start != NULL};
    hm_bindings_check(&bindings, refuse_binding, reading);
    return reading->build->faults->count == faults;
}

// One node: its name and its bindings.
static bool read_node(hm_config_reading *reading, hm_names *nodes) {
    hm_json_slice slice;
    if (!hm_json_name(&reading->scan, &slice)) {
        return false;
    }
    reading->node = keep_text(reading, slice);
    uint32_t *known = reading->node != NULL ? hm_names_put(nodes, reading->node) : NULL;
    hm_argument *arguments = grow(reading, NULL, 0, sizeof *arguments);
    if (known == NULL || arguments == NULL) {
        return fail_memory(reading);
    }
    if (*known != HM_NAMES_ABSENT) {
        return refuse(reading, "keep one of them", "it is there twice");
    }
    *known = 0;
    if (!is_identifier(reading->node)) {
        return refuse(reading, "give a name as C has them", "it is no name");
    }
    if (hm_json_peek(&reading->scan) != HM_JSON_OBJECT) {
        return refuse(reading, "write {\"parameter\": what it takes, ...}",
                "its bindings are no object");
    }
    arguments[0] = (hm_argument){.kind = HM_ARGUMENT_NAME, .text = reading->node};
    size_t count = 1;
    bool is_first = true;
    hm_json_open(&reading->scan);
    while (hm_json_next(&reading->scan, '}', &is_first)) {
        arguments = grow(reading, arguments, count, sizeof *arguments);
        if (arguments == NULL || !read_binding(reading, &arguments[count])) {
            return false;
        }
        count++;
    }
    hm_modifier *made = grow(reading, reading->made, reading->count, sizeof *made);
    if (reading->scan.failed || made == NULL) {
        return false;
    }
    reading->made = made;
    made[reading->count] = (hm_modifier){.name = hm_rule_parameterize.name,
            .arguments = arguments,
            .argument_count = count,
            .line = reading->modifier->line};
    return check_bindings(reading, &made[reading->count++]);
}

static bool read_nodes(hm_config_reading *reading, const char *text) {
    hm_json_scan_init(&reading->scan, text, strlen(text), &reading->error);
    if (hm_json_peek(&reading->scan) != HM_JSON_OBJECT) {
        return refuse(reading, "write {\"node\": {\"parameter\": what it takes}, ...}",
                "it is no object of nodes");
    }
    hm_names nodes;
    hm_names_init(&nodes, reading->build->options->allocator);
    bool is_first = true;
    bool is_sound = true;
    hm_json_open(&reading->scan);
    while (is_sound && hm_json_next(&reading->scan, '}', &is_first)) {
        is_sound = read_node(reading, &nodes);
        reading->parameter = NULL;
    }
    hm_names_finish(&nodes);
    if (reading->scan.failed) {
        return refuse(reading, NULL, "%s", reading->error.message);
    }
    return is_sound;
}

// The JSON text of config's key, or NULL.
static const char *find_text(hm_config_reading *reading, const hm_scope *scope) {
    hm_build *build = reading->build;
    if (hm_scope_literal(scope, reading->key) != NULL) {
        refuse(reading, "leave out its HM_CONFIG, or give the key another name",
                "HM_CONFIG of the subdag makes it a literal, which is no object");
        return NULL;
    }
    uint32_t index = hm_names_find(&build->config_keys, reading->key);
    if (index == HM_NAMES_ABSENT) {
        refuse(reading,
                "give it as JSON: {\"node\": {\"parameter\": what it takes}, ...}",
                "config has no such key");
        return NULL;
    }
    const hm_value *value = &build->options->config[index].value;
    if (value->type->kind != HM_KIND_JSON) {
        refuse(reading, "give it as JSON", "it is %s", value->type->name);
        return NULL;
    }
    const char *text;
    memcpy(&text, hm_value_data(value), sizeof text);
    return text;
}

static const hm_modifier *find_modifier(const hm_function *function) {
    for (size_t i = 0; i < function->modifier_count; i++) {
        if (strcmp(function->modifiers[i].name,
                    hm_rule_parameterize_from_config.name) == 0) {
            return &function->modifiers[i];
        }
    }
    return NULL;
}

// A module that is taken twenty times reads the same config as often.
static bool is_misread(const hm_build *build, const hm_modifier *modifier) {
    for (size_t i = 0; i < build->misread_count; i++) {
        if (build->misread[i] == modifier) {
            return true;
        }
    }
    return false;
}

static hm_status note_misread(hm_build *build, const hm_modifier *modifier) {
    const hm_modifier **misread = hm_arena_grow(
            &build->scratch, build->misread, build->misread_count, sizeof *misread);
    if (misread == NULL) {
        return HM_NO_MEMORY;
    }
    build->misread = misread;
    misread[build->misread_count++] = modifier;
    return HM_OK;
}

hm_status hm_from_config_read(hm_build *build, hm_definition *definition) {
    const hm_modifier *modifier = find_modifier(definition->declared);
    if (modifier == NULL) {
        return HM_OK;
    }
    hm_config_reading reading = {.build = build,
            .function = definition->declared,
            .modifier = modifier,
            .key = modifier->arguments[0].text};
    uint32_t *asked = hm_names_put(&build->condition_keys, reading.key);
    if (asked == NULL) {
        return HM_NO_MEMORY;
    }
    *asked = 0;
    bool is_around = hm_scope_literal(definition->scope, reading.key) == NULL;
    if (is_around && is_misread(build, modifier)) {
        return HM_OK;
    }
    const char *text = find_text(&reading, definition->scope);
    bool is_read = text != NULL && read_nodes(&reading, text);
    definition->resolved = reading.made;
    definition->resolved_count = is_read ? reading.count : 0;
    if (!is_read && is_around) {
        HM_TRY(note_misread(build, modifier));
    }
    return reading.no_memory ? HM_NO_MEMORY : HM_OK;
}

static hm_status apply(hm_applying *applying, const hm_modifier *modifier) {
    (void)modifier;
    if (applying->definitions->count == applying->first) {
        return HM_OK;
    }
    const hm_definition original = applying->definitions->items[applying->first];
    applying->definitions->count = applying->first;
    for (size_t i = 0; i < original.resolved_count; i++) {
        HM_TRY(hm_parameterize_add(applying, &original, &original.resolved[i]));
    }
    return HM_OK;
}

static void inspect(hm_check *check, const hm_modifier *modifier) {
    const hm_function *function = check->function;
    if (!hm_argument_is_word(&modifier->arguments[0])) {
        hm_check_complain(check, "write HM_PARAMETERIZE_FROM_CONFIG(key)",
                "the argument of HM_PARAMETERIZE_FROM_CONFIG is no name");
    }
    hm_check_bindings(check, (hm_bindings){
                                     .macro = "HM_PARAMETERIZE_FROM_CONFIG",
                                     .renames_output = true,
                             });
    if (hm_function_has(function, &hm_rule_parameterize) ||
            hm_function_has(function, &hm_rule_inject)) {
        hm_check_complain(check, "keep one of them",
                "it has %s and HM_PARAMETERIZE_FROM_CONFIG",
                hm_function_has(function, &hm_rule_inject) ? "HM_INJECT"
                                                           : "HM_PARAMETERIZE");
    }
    if (hm_function_has(function, &hm_rule_extract_fields)) {
        hm_check_complain(check, "extract them in functions that take its nodes",
                "each of its nodes would make the fields of HM_EXTRACT_FIELDS anew");
    }
}

const hm_modifier_rule hm_rule_parameterize_from_config = {
        .name = "parameterize_from_config",
        .phase = HM_PHASE_EXPANSION,
        .fewest_arguments = 1,
        .most_arguments = 1,
        .is_single = true,
        .inspect = inspect,
        .apply = apply,
};
