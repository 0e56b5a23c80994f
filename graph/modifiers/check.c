// check.c — HM_CHECK_RANGE and its kin. Of a function under them come
//
//     f_raw ─▶ f_checks ─▶ f_range, f_finite, ...
//       └────────┴───────▶ f
//
// the node that the function itself makes; one value for all checks, which is reduced
// from the rows, unless a validator judges them all together; a field of it for each;
// and `f`, which is f_raw unless a check fails.

#include "graph/check.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <hamilton/node.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/extraction.h"
#include "base/text.h"
#include "graph/checked.h"
#include "graph/modifiers/field.h"
#include "graph/modifiers/modifier.h"
#include "graph/modifiers/validators.h"

// What `self` is to the functions of one node, with their tables.
typedef struct hm_checking {
    hm_validators validators;
    hm_type results; // a struct of hm_check_result

    hm_parameter rows;
    hm_output found;
    hm_function look;

    hm_parameter gate_parameters[2];
    hm_output passed;
    hm_function gate;
} hm_checking;

static const hm_type integer_type = {.name = "long",
        .kind = HM_KIND_INT,
        .size = sizeof(int64_t),
        .alignment = _Alignof(int64_t)};

#define FIELD(name, its_type)                                                          \
    { #name, its_type, offsetof(hm_check_result, name), 0, 0, 0 }

static const hm_field result_fields[] = {
        FIELD(passed, &hm_type_bool),
        FIELD(rows, &integer_type),
        FIELD(missing, &integer_type),
        FIELD(failing, &integer_type),
        FIELD(first, &integer_type),
        FIELD(found, &hm_type_double),
        FIELD(integer, &integer_type),
        FIELD(mean, &hm_type_double),
        FIELD(text, &hm_type_string),
        FIELD(expected, &hm_type_string),
};

static const hm_type result_type = {.name = "struct hm_check_result",
        .kind = HM_KIND_STRUCT,
        .size = sizeof(hm_check_result),
        .alignment = _Alignof(hm_check_result),
        .fields = result_fields,
        .field_count = sizeof result_fields / sizeof *result_fields};

static const char *const row_dimension[] = {"n"};

static int call_look(void *frame, const uint32_t *at, void *self) {
    const hm_checking *checking = self;
    hm_array rows;
    memcpy(&rows, (char *)frame + at[0], sizeof rows);
    hm_validators_look(&checking->validators, &rows,
            (hm_check_result *)(void *)((char *)frame + at[1]));
    return 0;
}

static void combine_looks(void *into, const void *more, void *self) {
    const hm_checking *checking = self;
    hm_validators_combine(&checking->validators, into, more);
}

static bool is_fault(
        const hm_checking *checking, const hm_check_result *results, size_t v) {
    return checking->validators.items[v].fails && !results[v].passed;
}

static size_t count_faults(
        const hm_checking *checking, const hm_check_result *results) {
    size_t count = 0;
    for (size_t v = 0; v < checking->validators.count; v++) {
        count += is_fault(checking, results, v);
    }
    return count;
}

static int refuse(const hm_checking *checking, const hm_check_result *results) {
    size_t count = count_faults(checking, results);
    hm_text text;
    hm_text_init(&text, NULL);
    if (count > 1) {
        hm_text_format(&text, "%zu checks failed: ", count);
    }
    for (size_t v = 0; v < checking->validators.count; v++) {
        if (is_fault(checking, results, v)) {
            hm_validators_tell(&checking->validators, v, &results[v], &text);
            hm_text_append(&text, --count > 0 ? "; " : "");
        }
    }
    int code = hm_fail("%s", hm_text_get(&text));
    hm_text_finish(&text);
    return code;
}

static int call_gate(void *frame, const uint32_t *at, void *self) {
    const hm_checking *checking = self;
    const hm_check_result *results =
            (const hm_check_result *)(const void *)((char *)frame + at[1]);
    if (count_faults(checking, results) > 0) {
        return refuse(checking, results);
    }
    memcpy((char *)frame + at[2], (char *)frame + at[0],
            checking->validators.type->size);
    return 0;
}

const char *hm_check_of_all(const hm_function *look, const char **node) {
    const hm_validators *all = &((const hm_checking *)look->self)->validators;
    *node = all->node;
    return hm_validators_find_of_all(all)->own->name;
}

uint32_t hm_check_that_warns(const hm_function *gate, uint32_t index) {
    const hm_validators *all = &((const hm_checking *)gate->self)->validators;
    while (index < all->count && all->items[index].fails) {
        index++;
    }
    return index < all->count ? index : HM_NONE;
}

bool hm_check_is_passed(
        const hm_function *gate, const void *results, uint32_t index, hm_text *text) {
    const hm_validators *all = &((const hm_checking *)gate->self)->validators;
    const hm_check_result *result = (const hm_check_result *)results + index;
    if (!result->passed && text != NULL) {
        hm_validators_tell(all, index, result, text);
    }
    return result->passed;
}

static const char *format_text(
        hm_build *build, const char *before, const char *name, const char *after) {
    hm_text text;
    hm_text_init(&text, build->options->allocator);
    hm_text_format(&text, "%s%s%s", before, name, after);
    const char *kept =
            text.failed ? NULL
                        : hm_arena_text(&build->graph->arena, hm_text_get(&text));
    hm_text_finish(&text);
    return kept;
}

static hm_status expect(
        hm_build *build, const hm_modifier *modifier, hm_validator *validator) {
    hm_text text;
    hm_text_init(&text, build->options->allocator);
    hm_validator_expect(modifier, &text);
    validator->expected =
            text.failed ? NULL
                        : hm_arena_text(&build->graph->arena, hm_text_get(&text));
    hm_text_finish(&text);
    return validator->expected != NULL ? HM_OK : HM_NO_MEMORY;
}

// "range", or the name of a function.
static const char *word_of(const hm_modifier *modifier) {
    const char *word = hm_validator_find(modifier)->word;
    return word != NULL ? word : modifier->arguments[0].text;
}

// That, or "range_1" of the second that stands there.
static hm_status name_validator(hm_build *build, const hm_function *declared,
        const hm_modifier *modifier, hm_validator *validator) {
    unsigned before = 0;
    for (const hm_modifier *m = declared->modifiers; m < modifier; m++) {
        before += hm_validator_find(m) != NULL &&
                  strcmp(word_of(m), word_of(modifier)) == 0;
    }
    validator->name = word_of(modifier);
    if (before > 0) {
        char suffix[16];
        snprintf(suffix, sizeof suffix, "_%u", before);
        validator->name = format_text(build, word_of(modifier), suffix, "");
    }
    return validator->name != NULL ? HM_OK : HM_NO_MEMORY;
}

static hm_status read_values(hm_build *build, const hm_modifier *modifier,
        const hm_type *type, hm_validator *validator) {
    size_t count = modifier->argument_count - 1;
    hm_validator_value *values =
            hm_arena_array(&build->graph->arena, count, sizeof *values);
    if (values == NULL) {
        return HM_NO_MEMORY;
    }
    bool is_sound = true;
    for (size_t i = 0; i < count; i++) {
        is_sound &= hm_validator_read(&modifier->arguments[i], type, &values[i]);
    }
    (void)is_sound; // it has been checked
    validator->low = values[0];
    validator->high = values[count - 1];
    validator->values = values;
    validator->value_count = count;
    return HM_OK;
}

static hm_status read_bounds(hm_build *build, const hm_modifier *modifier,
        const hm_type *type, hm_validator *validator) {
    switch (validator->form->kind) {
    case HM_VALIDATOR_RANGE:
    case HM_VALIDATOR_VALUES_IN:
    case HM_VALIDATOR_CONTAINS:
        return read_values(build, modifier, type, validator);
    case HM_VALIDATOR_FINITE:
        return HM_OK;
    default:
        validator->least = modifier->arguments[0].real;
        validator->greatest = modifier->arguments[modifier->argument_count - 2].real;
        return HM_OK;
    }
}

static hm_status read_validator(hm_build *build, const hm_definition *definition,
        const hm_modifier *modifier, const hm_type *type, hm_validator *validator) {
    const hm_function *declared = definition->declared;
    validator->form = hm_validator_find(modifier);
    validator->fails = hm_validator_fails(modifier);
    HM_TRY(name_validator(build, declared, modifier, validator));
    HM_TRY(expect(build, modifier, validator));
    if (validator->form->kind == HM_VALIDATOR_OWN) {
        return hm_build_find_function(build, definition->module,
                modifier->arguments[0].text, &validator->own);
    }
    return read_bounds(build, modifier, type, validator);
}

// The validators of a function in the order in which they stand, and the type of what
// they find.
static hm_status read_validators(hm_build *build, const hm_definition *definition,
        const hm_output *own, hm_checking *checking) {
    hm_arena *arena = &build->graph->arena;
    const hm_function *declared = definition->declared;
    size_t count = 0;
    for (size_t m = 0; m < declared->modifier_count; m++) {
        count += hm_validator_find(&declared->modifiers[m]) != NULL;
    }
    hm_validator *validators = hm_arena_array(arena, count, sizeof *validators);
    hm_field *fields = hm_arena_array(arena, count, sizeof *fields);
    const char *type_name = format_text(build, "checks of ", own->name, "");
    if (validators == NULL || fields == NULL || type_name == NULL) {
        return HM_NO_MEMORY;
    }
    checking->validators = (hm_validators){own->name, own->type, validators, count};
    checking->results = (hm_type){.name = type_name,
            .kind = HM_KIND_STRUCT,
            .size = (uint32_t)(count * sizeof(hm_check_result)),
            .alignment = result_type.alignment,
            .fields = fields,
            .field_count = count};
    size_t v = 0;
    for (size_t m = 0; m < declared->modifier_count; m++) {
        const hm_modifier *modifier = &declared->modifiers[m];
        if (hm_validator_find(modifier) != NULL) {
            HM_TRY(read_validator(
                    build, definition, modifier, own->type, &validators[v]));
            fields[v] = (hm_field){.name = validators[v].name,
                    .type = &result_type,
                    .offset = v * sizeof(hm_check_result)};
            v++;
        }
    }
    return HM_OK;
}

// The modifiers, and functions that they name, for the code version of what they make.
static hm_status derive_version(hm_build *build, const hm_definition *definition,
        const hm_validators *validators, const char **version) {
    const hm_function *declared = definition->declared;
    hm_text text;
    hm_text_init(&text, build->options->allocator);
    for (size_t m = 0; m < declared->modifier_count; m++) {
        const hm_modifier *modifier = &declared->modifiers[m];
        if (hm_validator_find(modifier) == NULL) {
            continue;
        }
        hm_text_format(&text, "%s(", modifier->name);
        for (size_t i = 0; i < modifier->argument_count; i++) {
            const hm_argument *part = &modifier->arguments[i];
            hm_text_format(&text, "%d %zu %s,", (int)part->kind, strlen(part->text),
                    part->text);
        }
        hm_text_append(&text, ")");
    }
    for (size_t v = 0; v < validators->count; v++) {
        const hm_function *own = validators->items[v].own;
        hm_text_append(&text, own != NULL && own->version != NULL ? own->version : "");
    }
    hm_status status =
            text.failed ? HM_NO_MEMORY
                        : hm_build_derive_version(build, definition->function->version,
                                  hm_text_get(&text), version);
    hm_text_finish(&text);
    return status;
}

static hm_status describe_look(hm_build *build, const hm_definition *maker,
        const char *raw, hm_checking *checking) {
    const char *node = checking->validators.node;
    const hm_type *type = checking->validators.type;
    const char *name = format_text(build, node, "_checks", "");
    const char *doc = format_text(build, "What the checks of `", node, "` found.");
    if (name == NULL || doc == NULL) {
        return HM_NO_MEMORY;
    }
    checking->rows = (hm_parameter){.name = raw,
            .type = type,
            .shape = HM_ARRAY,
            .is_nullable = hm_validators_bear_missing(&checking->validators)};
    // What it found of strings are these strings.
    checking->found = (hm_output){.name = name,
            .type = &checking->results,
            .ownership = type->kind == HM_KIND_STRING ? HM_BORROWED : HM_OWNED,
            .dimension = HM_NONE};
    checking->look = (hm_function){.name = name,
            .doc = doc,
            .file = maker->declared->file,
            .line = maker->declared->line,
            .parameters = &checking->rows,
            .parameter_count = 1,
            .outputs = &checking->found,
            .output_count = 1,
            .dimensions = row_dimension,
            .dimension_count = 1,
            .call = call_look,
            .combine = hm_validators_find_of_all(&checking->validators) == NULL
                               ? combine_looks
                               : NULL,
            .self = checking};
    return derive_version(build, maker, &checking->validators, &checking->look.version);
}

static void describe_gate(
        const hm_definition *maker, const char *raw, hm_checking *checking) {
    const hm_type *type = checking->validators.type;
    checking->gate_parameters[0] =
            (hm_parameter){.name = raw, .type = type, .dimension = HM_NONE};
    checking->gate_parameters[1] = (hm_parameter){.name = checking->found.name,
            .type = &checking->results,
            .dimension = HM_NONE};
    // It may be the very memory of the raw node.
    checking->passed = (hm_output){.name = checking->validators.node,
            .type = type,
            .ownership = HM_BORROWED,
            .dimension = HM_NONE};
    checking->gate = (hm_function){.name = checking->validators.node,
            .doc = maker->function->doc,
            .file = maker->declared->file,
            .line = maker->declared->line,
            .flags = HM_FUNCTION_FALLIBLE,
            .parameters = checking->gate_parameters,
            .parameter_count = 2,
            .outputs = &checking->passed,
            .output_count = 1,
            .version = checking->look.version,
            .call = call_gate,
            .self = checking};
}

static hm_status add(hm_applying *applying, const hm_definition *maker,
        const hm_function *function, const hm_modifier *modifier,
        hm_definition_role role) {
    hm_definition *definition =
            hm_build_add_definition(applying->build, applying->definitions);
    if (definition == NULL) {
        return HM_NO_MEMORY;
    }
    *definition = (hm_definition){
            .declared = maker->declared,
            .function = function,
            .made_by = modifier,
            .expanded_by = maker->expanded_by,
            .parameters = function->parameters,
            .outputs = function->outputs,
            .parameter_count = (uint32_t)function->parameter_count,
            .output_count = (uint32_t)function->output_count,
            .module = maker->module,
            .is_variant = maker->is_variant,
            .role = role,
            .is_aside = role == HM_ROLE_LOOKS,
    };
    return HM_OK;
}

static const char *subject_of(const hm_validator *validator) {
    switch (validator->form->kind) {
    case HM_VALIDATOR_MAX_NAN_FRACTION:
        return "the fraction that is missing of ";
    case HM_VALIDATOR_MAX_STD_DEV:
        return "the deviation of ";
    case HM_VALIDATOR_MEAN_IN_RANGE:
        return "the mean of ";
    default:
        return "";
    }
}

static hm_status add_fields(hm_applying *applying, const hm_definition *looks,
        const hm_checking *checking) {
    hm_build *build = applying->build;
    const hm_modifier *modifier = looks->declared->modifiers;
    for (size_t v = 0; v < checking->validators.count; v++, modifier++) {
        const hm_validator *validator = &checking->validators.items[v];
        while (hm_validator_find(modifier) != validator->form) {
            modifier++;
        }
        char doc[512];
        const char *is = validator->form->kind == HM_VALIDATOR_CONTAINS ? "contains"
                         : validator->form->kind == HM_VALIDATOR_OWN    ? "passes"
                                                                        : "is";
        snprintf(doc, sizeof doc, "Whether %s`%s` %s %s.", subject_of(validator),
                checking->validators.node, is, validator->expected);
        const hm_field_node node = {
                .name = format_text(
                        build, checking->validators.node, "_", validator->name),
                .doc = hm_arena_text(&build->graph->arena, doc),
                .made_by = modifier};
        if (node.name == NULL || node.doc == NULL) {
            return HM_NO_MEMORY;
        }
        HM_TRY(hm_definition_add_field(
                applying, looks, &checking->found, &checking->results.fields[v], node));
    }
    return HM_OK;
}

// Renames what the function makes, in place.
static hm_status make_raw(
        hm_applying *applying, size_t index, size_t output, const char *raw) {
    hm_definition *definition = &applying->definitions->items[index];
    hm_output *outputs = hm_arena_array(
            &applying->build->graph->arena, definition->output_count, sizeof *outputs);
    if (outputs == NULL) {
        return HM_NO_MEMORY;
    }
    memcpy(outputs, definition->outputs, definition->output_count * sizeof *outputs);
    outputs[output].name = raw;
    definition->outputs = outputs;
    return HM_OK;
}

static hm_status check_node(
        hm_applying *applying, const hm_modifier *modifier, size_t index) {
    hm_build *build = applying->build;
    const hm_definition maker = applying->definitions->items[index];
    const hm_function *declared = maker.declared;
    size_t output = (size_t)(hm_output_own(declared->name, declared->outputs,
                                     declared->output_count) -
                             declared->outputs);
    const hm_output *own = &maker.outputs[output]; // as it is called now
    hm_checking *checking = hm_arena_array(&build->graph->arena, 1, sizeof *checking);
    const char *raw = format_text(build, own->name, "_raw", "");
    if (checking == NULL || raw == NULL) {
        return HM_NO_MEMORY;
    }
    HM_TRY(read_validators(build, &maker, own, checking));
    HM_TRY(describe_look(build, &maker, raw, checking));
    describe_gate(&maker, raw, checking);
    HM_TRY(make_raw(applying, index, output, raw));
    HM_TRY(add(applying, &maker, &checking->look, modifier, HM_ROLE_LOOKS));
    const hm_definition looks =
            applying->definitions->items[applying->definitions->count - 1];
    HM_TRY(add(applying, &maker, &checking->gate, modifier, HM_ROLE_PASSES));
    HM_TRY(add_fields(applying, &looks, checking));
    // In a subdag, it is told by the name by which it can be asked for.
    checking->validators.node =
            hm_scope_join(applying->build, applying->scope, checking->validators.node);
    return checking->validators.node != NULL ? HM_OK : HM_NO_MEMORY;
}

// The first of them applies all.
static hm_status apply(hm_applying *applying, const hm_modifier *modifier) {
    size_t last = applying->definitions->count;
    if (last == applying->first) {
        return HM_OK;
    }
    const hm_function *declared =
            applying->definitions->items[applying->first].declared;
    for (const hm_modifier *m = declared->modifiers; m < modifier; m++) {
        if (hm_validator_find(m) != NULL) {
            return HM_OK;
        }
    }
    for (size_t i = applying->first; i < last; i++) {
        if (applying->definitions->items[i].role == HM_ROLE_OWN) {
            HM_TRY(check_node(applying, modifier, i));
        }
    }
    return HM_OK;
}

static void complain(void *check, const char *mend, const char *message) {
    hm_check_complain(check, mend, "%s", message);
}

// Whether what it names is a validator, now that the functions of the module are sound.
static hm_status relate_own(hm_check *check, const hm_modifier *modifier) {
    const hm_function *function = check->function;
    const hm_function *validator;
    HM_TRY(hm_check_find_function(
            check, "HM_CHECK", modifier->arguments[0].text, &validator));
    if (validator != NULL) {
        hm_validator_check_own(function->name,
                hm_output_own(
                        function->name, function->outputs, function->output_count),
                validator, complain, check);
    }
    return HM_OK;
}

static void inspect(hm_check *check, const hm_modifier *modifier) {
    hm_validator_check(modifier, check->function->name, check->function->outputs,
            check->function->output_count, complain, check);
}

#define RULE(word, fewest, most)                                                       \
    const hm_modifier_rule hm_rule_check_##word = {                                    \
            .name = "check_" #word,                                                    \
            .phase = HM_PHASE_CHECKS,                                                  \
            .fewest_arguments = fewest,                                                \
            .most_arguments = most,                                                    \
            .inspect = inspect,                                                        \
            .apply = apply,                                                            \
    };

const hm_modifier_rule hm_rule_check = {
        .name = "check",
        .phase = HM_PHASE_CHECKS,
        .fewest_arguments = 2,
        .most_arguments = 2,
        .inspect = inspect,
        .relate = relate_own,
        .apply = apply,
};

RULE(range, 3, 3)
RULE(finite, 1, 1)
RULE(values_in, 2, SIZE_MAX)
RULE(max_nan_fraction, 2, 2)
RULE(max_std_dev, 2, 2)
RULE(mean_in_range, 3, 3)
RULE(contains, 2, 2)
