// wire.c — who makes each name, and which name each parameter takes.
//
// First come the outputs, so that a later module can take a name away from an earlier
// one and config from both; a definition that is left with nothing to make is out of
// the graph, and only then do the parameters of those that stay become inputs where
// nothing makes them.

#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "graph/build.h"
#include "graph/conditions.h"

hm_diagnostic hm_build_fault(
        hm_status status, const hm_function *function, const char *node) {
    return (hm_diagnostic){
            .status = status,
            .node = node,
            .file = function->file,
            .line = function->line,
    };
}

hm_diagnostic hm_build_modifier_fault(hm_status status, const hm_function *function,
        const hm_modifier *modifier, const char *node) {
    hm_diagnostic fault = hm_build_fault(status, function, node);
    fault.line = modifier->line;
    return fault;
}

static hm_status reserve_names(hm_build *build, uint32_t capacity) {
    hm_graph_name *names = hm_arena_take(
            &build->scratch, capacity * sizeof *names, _Alignof(hm_graph_name));
    if (names == NULL) {
        return HM_NO_MEMORY;
    }
    if (build->name_count > 0) {
        memcpy(names, build->names, build->name_count * sizeof *names);
    }
    build->names = names;
    build->name_capacity = capacity;
    return HM_OK;
}

// The number of a name, which is added if it is new.
static hm_status number_name(hm_build *build, const char *text, uint32_t *number) {
    uint32_t *slot = hm_names_put(&build->graph->names, text);
    if (slot == NULL) {
        return HM_NO_MEMORY;
    }
    if (*slot == HM_NAMES_ABSENT) {
        if (build->name_count == build->name_capacity) {
            HM_TRY(reserve_names(build, build->name_capacity * 2));
        }
        *slot = build->name_count;
        build->names[build->name_count++] = (hm_graph_name){
                .text = text,
                .definition = HM_NONE,
                .reader = HM_NONE,
        };
    }
    *number = *slot;
    return HM_OK;
}

enum { INPUTS = 64 }; // that there is room for at first

static hm_status allocate(hm_build *build) {
    size_t results = 0;
    size_t arguments = 0;
    for (size_t i = 0; i < build->definitions.count; i++) {
        hm_definition *definition = &build->definitions.items[i];
        definition->first_result = (uint32_t)results;
        definition->first_argument = (uint32_t)arguments;
        results += definition->output_count;
        arguments += definition->parameter_count;
    }
    if (results + arguments >= HM_NONE) {
        return HM_NO_MEMORY; // more than can be numbered
    }
    build->result_count = (uint32_t)results;
    build->argument_count = (uint32_t)arguments;
    build->result_names = hm_arena_take(
            &build->scratch, results * sizeof(uint32_t), sizeof(uint32_t));
    build->argument_names = hm_arena_take(
            &build->scratch, arguments * sizeof(uint32_t), sizeof(uint32_t));
    if (build->result_names == NULL || build->argument_names == NULL ||
            !hm_names_reserve(&build->graph->names, results)) {
        return HM_NO_MEMORY;
    }
    return reserve_names(build, (uint32_t)results + INPUTS);
}

// An output that an earlier definition makes as well.
typedef struct hm_duplicate {
    uint32_t earlier;
    uint32_t definition;
    uint32_t output;
} hm_duplicate;

typedef struct hm_duplicates {
    hm_duplicate *items;
    size_t count;
    size_t capacity;
} hm_duplicates;

enum { HM_STEM_SIZE = 512 }; // of a name; longer ones are told one by one

// The module at the top that a definition is there for.
static uint32_t origin_of(const hm_definition *definition) {
    const hm_scope *scope = definition->scope;
    return scope->outer != NULL ? scope->origin : definition->module;
}

// "m.c:3": of the modifier, if one made it.
static void append_place(hm_text *text, const hm_definition *definition) {
    const hm_modifier *modifier = definition->made_by;
    hm_text_format(text, "%s:%u", definition->function->file,
            (unsigned)(modifier != NULL ? modifier->line : definition->function->line));
}

// Both exist, since the conditions of both hold.
static void append_conditions(hm_text *text, const hm_build *build,
        const hm_definition *earlier, const hm_definition *definition) {
    const hm_function *functions[] = {earlier->declared, definition->declared};
    for (size_t i = 0; i < 2; i++) {
        hm_text_format(text, "%s%s has ", i == 0 ? ": " : ", ", functions[i]->name);
        hm_conditions_append(text, functions[i]);
    }
    hm_text_append(text, ", and ");
    hm_conditions_append_config(text, build, definition->scope, functions, 2);
}

static const char *mend_duplicate(
        const hm_definition *earlier, const hm_definition *definition) {
    return earlier->function == definition->function
                   ? "leave out one of the two equal modules"
           : origin_of(definition) != origin_of(earlier)
                   ? "rename one of them, or allow overrides"
           : definition->is_variant && earlier->is_variant
                   ? "let their conditions exclude each other"
                   : "rename one of them";
}

// Whether the two functions make a node twice that this one stands beside: then that is
// told. Of `price_raw` and `price.with_clip` it is `price`.
static bool is_beside_another(const hm_build *build, const hm_definition *definition,
        const hm_definition *earlier, const char *name) {
    size_t most = strlen(name);
    char stem[HM_STEM_SIZE];
    for (size_t length = 1; length < most && length < sizeof stem; length++) {
        if (name[length] != '_' && name[length] != '.') {
            continue;
        }
        snprintf(stem, sizeof stem, "%.*s", (int)length, name);
        uint32_t number = hm_names_find(&build->graph->names, stem);
        if (number == HM_NAMES_ABSENT || !build->names[number].is_twice) {
            continue;
        }
        const hm_definition *maker =
                &build->definitions.items[build->names[number].definition];
        if (maker->scope == earlier->scope &&
                (maker->declared == earlier->declared ||
                        maker->declared == definition->declared)) {
            return true;
        }
    }
    return false;
}

static hm_status report_duplicate(hm_build *build, const hm_definition *definition,
        const hm_definition *earlier, const char *name) {
    const hm_function *again = definition->function;
    hm_diagnostic fault = definition->made_by != NULL
                                  ? hm_build_modifier_fault(HM_DUPLICATE_NAME, again,
                                            definition->made_by, name)
                                  : hm_build_fault(HM_DUPLICATE_NAME, again, name);
    fault.mend = mend_duplicate(earlier, definition);
    hm_text text;
    hm_text_init(&text, build->options->allocator);
    hm_text_format(&text, "`%s` is defined twice: at ", name);
    append_place(&text, earlier);
    hm_text_append(&text, " and at ");
    append_place(&text, definition);
    if (definition->is_variant && earlier->is_variant) {
        append_conditions(&text, build, earlier, definition);
    }
    bool failed = text.failed;
    hm_faults_format(build->faults, fault, "%s", hm_text_get(&text));
    hm_text_finish(&text);
    return failed ? HM_NO_MEMORY : HM_OK;
}

// Once all of them are known.
static hm_status report_duplicates(hm_build *build, const hm_duplicates *duplicates) {
    for (size_t i = 0; i < duplicates->count; i++) {
        const hm_duplicate *twice = &duplicates->items[i];
        const hm_definition *definition = &build->definitions.items[twice->definition];
        const hm_definition *earlier = &build->definitions.items[twice->earlier];
        const char *name = definition->outputs[twice->output].name;
        if (!is_beside_another(build, definition, earlier, name)) {
            HM_TRY(report_duplicate(build, definition, earlier, name));
        }
    }
    return HM_OK;
}

static hm_status note_duplicate(
        hm_build *build, hm_duplicates *duplicates, hm_duplicate duplicate) {
    if (duplicates->count == duplicates->capacity) {
        size_t capacity = duplicates->capacity * 2 + 16;
        hm_duplicate *items = hm_arena_array(&build->scratch, capacity, sizeof *items);
        if (items == NULL) {
            return HM_NO_MEMORY;
        }
        if (duplicates->count > 0) {
            memcpy(items, duplicates->items, duplicates->count * sizeof *items);
        }
        duplicates->items = items;
        duplicates->capacity = capacity;
    }
    duplicates->items[duplicates->count++] = duplicate;
    return HM_OK;
}

static hm_status wire_result(
        hm_build *build, hm_duplicates *duplicates, uint32_t index, uint32_t output) {
    hm_definition *definition = &build->definitions.items[index];
    const char *text = definition->outputs[output].name;
    uint32_t number;
    HM_TRY(number_name(build, text, &number));
    build->result_names[definition->first_result + output] = number;
    hm_graph_name *name = &build->names[number];
    if (name->definition != HM_NONE) {
        hm_definition *earlier = &build->definitions.items[name->definition];
        bool may_replace = definition->replaces && !earlier->replaces;
        if (!may_replace && (!build->options->allow_overrides ||
                                    origin_of(earlier) == origin_of(definition))) {
            name->is_twice = true;
            return note_duplicate(
                    build, duplicates, (hm_duplicate){name->definition, index, output});
        }
        earlier->result_count--;
    }
    name->definition = index;
    name->output = output;
    name->type = definition->outputs[output].type;
    name->pass = definition->outputs[output].pass;
    definition->result_count++;
    return HM_OK;
}

// A config key named as a node replaces it.
static void replace_by_config(hm_build *build) {
    for (size_t i = 0; i < build->options->config_count; i++) {
        const char *key = build->options->config[i].name;
        uint32_t number = key != NULL ? hm_names_find(&build->graph->names, key)
                                      : HM_NAMES_ABSENT;
        if (number == HM_NAMES_ABSENT || build->names[number].is_replaced) {
            continue;
        }
        hm_graph_name *name = &build->names[number];
        name->is_replaced = true;
        build->definitions.items[name->definition].result_count--;
    }
}

// The name that a parameter takes, or NULL: it is bound to a literal.
static hm_status look_up(hm_build *build, hm_definition *definition, uint32_t parameter,
        const char **name) {
    *name = NULL;
    if (definition->is_bound != NULL && definition->is_bound[parameter]) {
        return HM_OK;
    }
    if (definition->scope->outer == NULL && definition->inside == NULL) {
        *name = definition->parameters[parameter].name;
        return HM_OK;
    }
    return hm_scope_look_up(build, definition, parameter, name);
}

static hm_status wire_argument(
        hm_build *build, hm_definition *definition, uint32_t parameter) {
    const char *text;
    HM_TRY(look_up(build, definition, parameter, &text));
    if (text == NULL) {
        build->argument_names[definition->first_argument + parameter] = HM_NONE;
        return HM_OK;
    }
    const hm_parameter *taken = &definition->parameters[parameter];
    uint32_t number;
    HM_TRY(number_name(build, text, &number));
    build->argument_names[definition->first_argument + parameter] = number;
    hm_graph_name *name = &build->names[number];
    if (name->reader == HM_NONE) {
        name->reader = (uint32_t)(definition - build->definitions.items);
        name->parameter = parameter;
        if (name->definition == HM_NONE) {
            name->type = taken->type;
            name->pass = taken->pass;
        }
    }
    if (!name->is_twice && (name->type != taken->type || name->pass != taken->pass)) {
        hm_build_agree(build, definition, parameter);
    }
    return HM_OK;
}

static hm_status list_makers(hm_build *build) {
    build->makers = hm_arena_take(&build->scratch,
            build->name_count * sizeof *build->makers, _Alignof(uint32_t));
    if (build->makers == NULL) {
        return HM_NO_MEMORY;
    }
    for (uint32_t i = 0; i < build->name_count; i++) {
        const hm_graph_name *name = &build->names[i];
        build->makers[i] = name->is_replaced ? HM_NONE : name->definition;
    }
    return HM_OK;
}

hm_status hm_build_wire(hm_build *build) {
    HM_TRY(allocate(build));
    hm_duplicates duplicates = {0};
    uint32_t count = (uint32_t)build->definitions.count;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t output_count = build->definitions.items[i].output_count;
        for (uint32_t o = 0; o < output_count; o++) {
            HM_TRY(wire_result(build, &duplicates, i, o));
        }
    }
    HM_TRY(report_duplicates(build, &duplicates));
    replace_by_config(build);
    for (uint32_t i = 0; i < count; i++) {
        hm_definition *definition = &build->definitions.items[i];
        for (uint32_t p = 0;
                definition->result_count > 0 && p < definition->parameter_count; p++) {
            HM_TRY(wire_argument(build, definition, p));
        }
    }
    return list_makers(build);
}
