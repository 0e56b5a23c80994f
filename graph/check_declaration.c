// check_declaration.c — parameters and outputs: each has a type that can be worked
// with, and a shape and a pass that suit it.

#include "base/error.h"
#include "graph/check.h"

// Complains about a type that is bad in itself, once.
static hm_status check_type(hm_check *check, const char *what, const char *name,
        const hm_type *type, bool *is_good) {
    hm_status status = hm_type_check(&check->types, type);
    *is_good = status == HM_OK;
    if (status != HM_BAD_MODULE) {
        return status;
    }
    if (check->types.fault[0] != '\0') {
        hm_check_complain(check, NULL, "%s `%s`: %s", what, name, check->types.fault);
    }
    return HM_OK;
}

// What parameters and outputs have in common.
static void check_pass(hm_check *check, const char *what, const char *name,
        const hm_type *type, hm_pass pass, bool may_be_any) {
    if (pass == HM_BY_VALUE) {
        if (type->size == 0) {
            hm_check_complain(check, "pass it by reference",
                    "%s `%s` is passed by value, but the size of `%s` is unknown", what,
                    name, type->name);
        }
    } else if (pass == HM_BY_REFERENCE) {
        if (type->kind != HM_KIND_STRUCT && type->kind != HM_KIND_OPAQUE &&
                !may_be_any) {
            hm_check_complain(check, "pass it by value",
                    "%s `%s` is passed by reference, which is for structs and opaque "
                    "types, not for `%s`",
                    what, name, type->name);
        }
    } else {
        hm_check_complain(check, NULL, "%s `%s` is passed in an unknown way, %u", what,
                name, (unsigned)pass);
    }
}

static bool check_dimension(
        hm_check *check, const char *what, const char *name, uint32_t dimension) {
    if (dimension < check->function->dimension_count) {
        return true;
    }
    hm_check_complain(check, NULL, "%s `%s` is over dimension %u of %zu", what, name,
            dimension, check->function->dimension_count);
    return false;
}

static hm_status check_parameter(hm_check *check, size_t index) {
    const hm_parameter *parameter = &check->function->parameters[index];
    if (hm_check_is_empty(parameter->name)) {
        hm_check_complain(check, NULL, "parameter %zu has no name", index);
        return HM_OK;
    }
    bool is_good;
    HM_TRY(check_type(check, "parameter", parameter->name, parameter->type, &is_good));
    if (is_good) {
        check_pass(check, "parameter", parameter->name, parameter->type,
                parameter->pass, parameter->accepts_failed);
    }
    bool can_be_null = parameter->shape == HM_ONE &&
                       (parameter->pass == HM_BY_REFERENCE ||
                               (is_good && parameter->type->kind == HM_KIND_STRING));
    if (parameter->accepts_failed && !can_be_null) {
        hm_check_complain(check, "pass it by reference",
                "parameter `%s` accepts failures, but cannot be NULL", parameter->name);
    }
    if (parameter->shape == HM_ARRAY) {
        check_dimension(check, "parameter", parameter->name, parameter->dimension);
    } else if (parameter->shape != HM_ONE) {
        hm_check_complain(check, "a parameter is HM_ONE or HM_ARRAY",
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
            hm_check_complain(check, "make it an expansion",
                    "output `%s` is an array over `%s`, but no parameter is, so its "
                    "length is unknown",
                    output->name, function->dimensions[output->dimension]);
        }
        return;
    case HM_EXPANSION:
        if (check_dimension(check, "output", output->name, output->dimension) &&
                check->has_length[output->dimension]) {
            hm_check_complain(check, "give it a dimension of its own",
                    "output `%s` is an expansion over `%s`, whose length a parameter "
                    "decides",
                    output->name, function->dimensions[output->dimension]);
        }
        if (check->module->free == NULL) {
            hm_check_complain(check, "set the module's free",
                    "output `%s` is an expansion, whose memory is given to the engine, "
                    "and nothing says how to free it",
                    output->name);
        }
        return;
    }
    hm_check_complain(check, NULL, "output `%s` has an unknown shape, %u", output->name,
            (unsigned)output->shape);
}

static void check_ownership(hm_check *check, const hm_output *output) {
    bool points =
            output->pass == HM_BY_REFERENCE || output->type->kind == HM_KIND_STRING;
    switch (output->ownership) {
    case HM_OWNED:
        if (points) {
            hm_check_complain(check, "say HM_BORROWED or HM_GIVEN",
                    "output `%s` points at something, and nothing says whose it is",
                    output->name);
        }
        return;
    case HM_BORROWED:
        return;
    case HM_GIVEN:
        if (!points) {
            hm_check_complain(check, "say HM_OWNED",
                    "output `%s` gives what it points at, but a `%s` is a value",
                    output->name, output->type->name);
        } else if (output->pass == HM_BY_REFERENCE && output->type->destroy == NULL) {
            hm_check_complain(check, "set the type's destroy",
                    "output `%s` gives a `%s`, and nothing says how to destroy it",
                    output->name, output->type->name);
        } else if (output->pass == HM_BY_VALUE && check->module->free == NULL) {
            hm_check_complain(check, "set the module's free",
                    "output `%s` gives text, and nothing says how to free it",
                    output->name);
        }
        return;
    }
    hm_check_complain(check, NULL, "output `%s` has an unknown ownership, %u",
            output->name, (unsigned)output->ownership);
}

static hm_status check_output(hm_check *check, size_t index) {
    const hm_output *output = &check->function->outputs[index];
    if (hm_check_is_empty(output->name)) {
        hm_check_complain(check, NULL, "output %zu has no name", index);
        return HM_OK;
    }
    bool is_good;
    HM_TRY(check_type(check, "output", output->name, output->type, &is_good));
    if (is_good) {
        check_pass(check, "output", output->name, output->type, output->pass, false);
        check_ownership(check, output);
    }
    check_output_shape(check, output);
    return HM_OK;
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

hm_status hm_check_declaration(hm_check *check) {
    const hm_function *function = check->function;
    HM_TRY(find_lengths(check));
    for (size_t i = 0; i < function->parameter_count; i++) {
        HM_TRY(check_parameter(check, i));
    }
    for (size_t i = 0; i < function->output_count; i++) {
        HM_TRY(check_output(check, i));
    }
    return HM_OK;
}
