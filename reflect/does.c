// does.c — see does.h. The thunks of the prototype call the other function: with the
// prototype's own arguments where it takes parameters of their names, or with what
// HM_SOURCE, HM_VALUE and HM_GROUP say.

#include "reflect/does.h"

#include <string.h>

#include "base/bindings.h"
#include "reflect/bindings.h"
#include "reflect/callees.h"
#include "reflect/default.h"
#include "reflect/signature.h"

typedef struct hm_does_reader {
    hm_source *source;
    hm_model_function *function; // the prototype
    const hm_model_function *called;
    hm_bindings bindings; // of the function that is called
    hm_place place;       // of the modifier
    bool *is_used;        // by parameter of the prototype
} hm_does_reader;

static void refuse(void *context, const char *mend, const char *message) {
    const hm_does_reader *reader = context;
    hm_source_fault(reader->source, reader->place, reader->function->name,
            hm_source_format(reader->source, "%s", mend), "%s", message);
}

static const hm_argument *binding_of(const hm_does_reader *reader, uint32_t parameter) {
    for (size_t i = 0; i < reader->bindings.count; i++) {
        const hm_argument *binding = &reader->bindings.items[i];
        if (hm_binding_parameter(&reader->bindings, binding) == parameter) {
            return binding;
        }
    }
    return NULL;
}

static uint32_t find_own(const hm_model_function *function, const char *name) {
    for (uint32_t i = 0; i < function->parameter_count; i++) {
        if (strcmp(function->parameters[i].parameter.name, name) == 0) {
            return i;
        }
    }
    return HM_NONE;
}

// The prototype's argument of this role, or NULL.
static const hm_model_argument *argument_of(
        const hm_model_function *function, hm_role role, uint32_t index) {
    for (uint32_t i = 0; i < function->argument_count; i++) {
        const hm_model_argument *argument = &function->arguments[i];
        if (argument->role == role && argument->index == index) {
            return argument;
        }
    }
    return NULL;
}

static const hm_parameter *taken_by(
        const hm_model_function *function, uint32_t parameter) {
    return &function->parameters[parameter].parameter;
}

static const char *shape_of(hm_shape shape) {
    return shape == HM_ONE ? "" : "[]";
}

// What the parameter is given by the prototype's own one. A member of a group is one
// value.
static void check_type(const hm_does_reader *reader, const hm_parameter *taken,
        hm_shape shape, uint32_t own) {
    const hm_parameter *given = taken_by(reader->function, own);
    if (!hm_type_equal(given->type, taken->type) || given->shape != shape ||
            given->pass != taken->pass) {
        hm_source_fault(reader->source, reader->place, reader->function->name,
                "let both be of one type",
                "HM_DOES of `%s`: `%s` takes `%s` as %s%s, but `%s` is %s%s",
                reader->function->name, reader->called->name, taken->name,
                taken->type->name, shape_of(shape), given->name, given->type->name,
                shape_of(given->shape));
    }
    reader->is_used[own] = true;
}

static void report_missing(
        const hm_does_reader *reader, const hm_parameter *taken, const char *name) {
    hm_source_fault(reader->source, reader->place, reader->function->name,
            hm_source_format(reader->source,
                    "write HM_SOURCE(%s, parameter of `%s`), or HM_VALUE(%s, literal)",
                    taken->name, reader->function->name, taken->name),
            "HM_DOES of `%s`: `%s` takes `%s`, but `%s` has no parameter `%s`",
            reader->function->name, reader->called->name, taken->name,
            reader->function->name, name);
}

static hm_model_given give_own(
        const hm_does_reader *reader, const hm_parameter *taken, const char *name) {
    uint32_t own = find_own(reader->function, name);
    if (own == HM_NONE) {
        report_missing(reader, taken, name);
        return (hm_model_given){0};
    }
    check_type(reader, taken, taken->shape, own);
    return (hm_model_given){
            .argument = argument_of(reader->function, HM_ROLE_INPUT, own)};
}

static hm_model_given give_literal(const hm_does_reader *reader,
        const hm_parameter *taken, const hm_argument *literal) {
    const hm_model_type *type = (const hm_model_type *)taken->type;
    return (hm_model_given){
            .type = type, .code = hm_default_code(reader->source, type, literal)};
}

static hm_model_given give_group(const hm_does_reader *reader,
        const hm_parameter *taken, const hm_argument *group) {
    uint32_t count = (uint32_t)group->argument_count - 1;
    hm_model_given *members = hm_source_array(reader->source, count, sizeof *members);
    for (uint32_t i = 0; i < count && members != NULL; i++) {
        const hm_argument *member = &group->arguments[i + 1];
        if (!hm_binding_names_node(member, taken->type)) {
            members[i] = give_literal(reader, taken, member);
            continue;
        }
        uint32_t own = find_own(reader->function, member->text);
        if (own == HM_NONE) {
            report_missing(reader, taken, member->text);
            continue;
        }
        check_type(reader, taken, HM_ONE, own);
        members[i].argument = argument_of(reader->function, HM_ROLE_INPUT, own);
    }
    return (hm_model_given){.type = (const hm_model_type *)taken->type,
            .members = members,
            .member_count = members != NULL ? count : 0};
}

static hm_model_given give_input(const hm_does_reader *reader, uint32_t parameter) {
    const hm_model_parameter *taken = &reader->called->parameters[parameter];
    const hm_argument *binding = binding_of(reader, parameter);
    if (binding != NULL && hm_binding_is_value(binding)) {
        return give_literal(reader, &taken->parameter, &binding->arguments[1]);
    }
    if (binding != NULL && hm_binding_is_group(binding)) {
        return give_group(reader, &taken->parameter, binding);
    }
    const char *name =
            binding != NULL ? binding->arguments[1].text : taken->parameter.name;
    if (binding == NULL && taken->default_code != NULL &&
            find_own(reader->function, name) == HM_NONE) {
        return (hm_model_given){.type = (const hm_model_type *)taken->parameter.type,
                .code = taken->default_code};
    }
    return give_own(reader, &taken->parameter, name);
}

// The length of the prototype's array that fills one over this dimension.
static hm_model_given give_length(const hm_does_reader *reader, uint32_t dimension) {
    const hm_model_function *called = reader->called;
    uint32_t length = HM_NONE;
    for (uint32_t p = 0; p < called->parameter_count; p++) {
        const hm_parameter *taken = taken_by(called, p);
        const hm_argument *binding = binding_of(reader, p);
        if (taken->shape != HM_ARRAY || taken->dimension != dimension) {
            continue;
        }
        if (binding != NULL && hm_binding_is_group(binding)) {
            return (hm_model_given){.code = hm_source_format(reader->source, "%zu",
                                            binding->argument_count - 1)};
        }
        uint32_t own = find_own(reader->function,
                binding != NULL ? binding->arguments[1].text : taken->name);
        if (own == HM_NONE) {
            continue; // which has been reported
        }
        uint32_t found = taken_by(reader->function, own)->dimension;
        if (length != HM_NONE && length != found) {
            hm_source_fault(reader->source, reader->place, reader->function->name,
                    "give them one length",
                    "HM_DOES of `%s`: `%s` takes arrays that are as long as each "
                    "other, "
                    "and these are not",
                    reader->function->name, called->name);
        }
        length = found;
    }
    return (hm_model_given){
            .argument = argument_of(reader->function, HM_ROLE_LENGTH, length)};
}

static hm_model_given give_output(const hm_does_reader *reader, uint32_t index) {
    const hm_model_function *called = reader->called;
    const hm_model_function *function = reader->function;
    const hm_output *made = &called->outputs[index];
    const char *name =
            strcmp(made->name, called->name) == 0 ? function->name : made->name;
    for (uint32_t o = 0; o < function->output_count; o++) {
        const hm_output *own = &function->outputs[o];
        if (strcmp(own->name, name) == 0 && hm_type_equal(own->type, made->type) &&
                own->shape == made->shape && own->ownership == made->ownership) {
            return (hm_model_given){
                    .argument = argument_of(function, HM_ROLE_OUTPUT, o)};
        }
    }
    hm_source_fault(reader->source, reader->place, function->name,
            "let both have the same outputs",
            "HM_DOES of `%s`: `%s` makes %s%s through `%s`, and it does not",
            function->name, called->name, made->type->name, shape_of(made->shape),
            strcmp(made->name, called->name) == 0 ? "out" : made->name);
    return (hm_model_given){0};
}

static hm_model_given give(
        const hm_does_reader *reader, const hm_model_argument *argument) {
    switch (argument->role) {
    case HM_ROLE_INPUT:
        return give_input(reader, argument->index);
    case HM_ROLE_OUTPUT:
        return give_output(reader, argument->index);
    case HM_ROLE_LENGTH:
        return give_length(reader, argument->index);
    case HM_ROLE_COUNT:
    case HM_ROLE_ASYNC:
        break;
    }
    for (uint32_t i = 0; i < reader->function->argument_count; i++) {
        if (reader->function->arguments[i].role == argument->role) {
            return (hm_model_given){.argument = &reader->function->arguments[i]};
        }
    }
    return (hm_model_given){0}; // an output or the result tells what is missing
}

static bool returns_the_same(const hm_does_reader *reader) {
    const hm_model_function *called = reader->called;
    const hm_model_function *function = reader->function;
    if (called->result != function->result || called->is_async != function->is_async ||
            called->output_count != function->output_count) {
        return false;
    }
    return called->result != HM_RESULT_VALUE ||
           (hm_type_equal(called->outputs[0].type, function->outputs[0].type) &&
                   called->outputs[0].pass == function->outputs[0].pass &&
                   called->outputs[0].ownership == function->outputs[0].ownership);
}

static void check_unused(const hm_does_reader *reader) {
    for (uint32_t i = 0; i < reader->function->parameter_count; i++) {
        if (!reader->is_used[i]) {
            const char *name = taken_by(reader->function, i)->name;
            hm_source_fault(reader->source, reader->place, reader->function->name,
                    hm_source_format(reader->source,
                            "write HM_SOURCE(parameter of `%s`, %s), or leave it out",
                            reader->called->name, name),
                    "HM_DOES of `%s`: `%s` takes nothing of `%s`",
                    reader->function->name, reader->called->name, name);
        }
    }
}

static void read_arguments(hm_does_reader *reader, const hm_modifier *modifier) {
    hm_source *source = reader->source;
    hm_model_function *function = reader->function;
    const hm_model_function *called = reader->called;
    reader->bindings = hm_bindings_describe(source, called);
    reader->bindings.macro = "HM_DOES";
    reader->bindings.items = modifier->arguments + 1;
    reader->bindings.count = modifier->argument_count - 1;
    reader->is_used = hm_source_array(source, function->parameter_count, sizeof(bool));
    hm_model_given *given =
            hm_source_array(source, called->argument_count, sizeof *given);
    uint32_t fault_count = source->found_count;
    hm_bindings_resolve(source, &reader->bindings);
    hm_bindings_check(&reader->bindings, refuse, reader);
    if (source->found_count > fault_count || given == NULL || reader->is_used == NULL) {
        return;
    }
    if (!returns_the_same(reader)) {
        hm_source_fault(source, reader->place, function->name,
                "let both return the same and have the same outputs",
                "HM_DOES of `%s`: `%s` does not return what `%s` does", function->name,
                called->name, function->name);
        return;
    }
    for (uint32_t i = 0; i < called->argument_count; i++) {
        given[i] = give(reader, &called->arguments[i]);
    }
    check_unused(reader);
    function->given = given;
    function->given_count = called->argument_count;
    function->does = called->name;
    function->does_cursor = called->cursor;
    function->flags |= called->flags & HM_FUNCTION_STATEFUL;
    function->has_body = true;
}

static void read_does(
        hm_does_reader *reader, const hm_declared_function *user, uint32_t index) {
    static const char *const makers[] = {"switch", "subdag", "subdag_as"};
    hm_source *source = reader->source;
    const hm_modifier *modifier = &user->modifiers.items[index];
    reader->place = user->modifiers.places[index];
    if (!clang_Cursor_isNull(user->definition)) {
        hm_source_fault(source, reader->place, user->name,
                "end its declaration with a semicolon, or remove HM_DOES",
                "`%s` is under HM_DOES, and has a body", user->name);
        return;
    }
    for (size_t i = 0; i < sizeof makers / sizeof *makers; i++) {
        uint32_t other = hm_modifiers_find(&user->modifiers, makers[i]);
        if (other != HM_NONE) {
            hm_source_fault(source, reader->place, user->name, "keep one of them",
                    "`%s` has HM_DOES and %s, and one makes it", user->name,
                    user->modifiers.kinds[other]->macro);
            return;
        }
    }
    if (reader->called != NULL && !reader->called->is_refused &&
            !reader->function->is_refused) {
        read_arguments(reader, modifier);
    }
}

void hm_does_read(hm_source *source, const hm_declared *declared, hm_model *model) {
    for (uint32_t i = 0; i < declared->count; i++) {
        const hm_declared_function *user = &declared->items[i];
        uint32_t found = hm_modifiers_find(&user->modifiers, "does");
        if (found == HM_NONE || user->function == HM_NONE ||
                user->modifiers.items[found].argument_count == 0) {
            continue;
        }
        hm_does_reader reader = {.source = source,
                .function = &model->functions[user->function],
                .called = hm_callee_find(declared, model,
                        user->modifiers.items[found].arguments[0].text)};
        read_does(&reader, user, found);
    }
}
