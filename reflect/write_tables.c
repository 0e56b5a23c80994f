// write_tables.c — the constant tables of a module.

#include <math.h>

#include "reflect/write.h"
#include "reflect/write_literal.h"

static const char *shape_name(hm_shape shape) {
    static const char *const names[] = {
            [HM_ONE] = "HM_ONE",
            [HM_ARRAY] = "HM_ARRAY",
            [HM_EXPANSION] = "HM_EXPANSION",
    };
    return names[shape];
}

static const char *pass_name(hm_pass pass) {
    return pass == HM_BY_VALUE ? "HM_BY_VALUE" : "HM_BY_REFERENCE";
}

static const char *ownership_name(hm_ownership ownership) {
    static const char *const names[] = {
            [HM_OWNED] = "HM_OWNED",
            [HM_BORROWED] = "HM_BORROWED",
            [HM_GIVEN] = "HM_GIVEN",
    };
    return names[ownership];
}

static const char *argument_kind_name(hm_argument_kind kind) {
    static const char *const names[] = {
            [HM_ARGUMENT_INT] = "HM_ARGUMENT_INT",
            [HM_ARGUMENT_REAL] = "HM_ARGUMENT_REAL",
            [HM_ARGUMENT_BOOL] = "HM_ARGUMENT_BOOL",
            [HM_ARGUMENT_STRING] = "HM_ARGUMENT_STRING",
            [HM_ARGUMENT_NAME] = "HM_ARGUMENT_NAME",
            [HM_ARGUMENT_CALL] = "HM_ARGUMENT_CALL",
    };
    return names[kind];
}

static void write_defaults(
        hm_text *to, const hm_model_function *function, uint32_t number) {
    for (uint32_t i = 0; i < function->parameter_count; i++) {
        const hm_model_parameter *parameter = &function->parameters[i];
        if (parameter->default_code != NULL) {
            const hm_model_type *type =
                    (const hm_model_type *)parameter->parameter.type;
            hm_text_format(to, "static %s const hm_default_%u_%u = (%s)%s;\n",
                    type->spelling, (unsigned)number, (unsigned)i, type->spelling,
                    parameter->default_code);
        }
    }
}

static void write_index(hm_text *to, const char *field, uint32_t index) {
    if (index == HM_NONE) {
        hm_text_format(to, ", .%s = HM_NONE", field);
    } else {
        hm_text_format(to, ", .%s = %u", field, (unsigned)index);
    }
}

static void write_parameters(
        hm_text *to, const hm_model_function *function, uint32_t number) {
    if (function->parameter_count == 0) {
        return;
    }
    hm_text_format(
            to, "static const hm_parameter hm_parameters_%u[] = {\n", (unsigned)number);
    for (uint32_t i = 0; i < function->parameter_count; i++) {
        const hm_parameter *parameter = &function->parameters[i].parameter;
        hm_text_append(to, "    {.name = ");
        hm_write_literal(to, parameter->name);
        hm_text_format(to, ", .type = &hm_types[%u], .shape = %s, .pass = %s",
                (unsigned)hm_write_type_number(parameter->type),
                shape_name(parameter->shape), pass_name(parameter->pass));
        write_index(to, "dimension", parameter->dimension);
        if (function->parameters[i].default_code != NULL) {
            hm_text_format(to, ", .default_value = &hm_default_%u_%u", (unsigned)number,
                    (unsigned)i);
        }
        if (parameter->is_nullable) {
            hm_text_append(to, ", .is_nullable = 1");
        }
        if (parameter->accepts_failed) {
            hm_text_append(to, ", .accepts_failed = 1");
        }
        hm_text_append(to, "},\n");
    }
    hm_text_append(to, "};\n");
}

static void write_outputs(
        hm_text *to, const hm_model_function *function, uint32_t number) {
    hm_text_format(
            to, "static const hm_output hm_outputs_%u[] = {\n", (unsigned)number);
    for (uint32_t i = 0; i < function->output_count; i++) {
        const hm_output *output = &function->outputs[i];
        hm_text_append(to, "    {.name = ");
        hm_write_literal(to, output->name);
        hm_text_format(to,
                ", .type = &hm_types[%u], .shape = %s, .pass = %s, .ownership = %s",
                (unsigned)hm_write_type_number(output->type), shape_name(output->shape),
                pass_name(output->pass), ownership_name(output->ownership));
        write_index(to, "dimension", output->dimension);
        hm_text_append(to, "},\n");
    }
    hm_text_append(to, "};\n");
}

static void write_dimensions(
        hm_text *to, const hm_model_function *function, uint32_t number) {
    if (function->dimension_count == 0) {
        return;
    }
    hm_text_format(
            to, "static const char *const hm_dimensions_%u[] = {", (unsigned)number);
    for (uint32_t i = 0; i < function->dimension_count; i++) {
        hm_text_append(to, i == 0 ? "" : ", ");
        hm_write_literal(to, function->dimensions[i]);
    }
    hm_text_append(to, "};\n");
}

static void write_real(hm_text *to, double real) {
    if (isnan(real)) {
        hm_text_append(to, "__builtin_nan(\"\")");
    } else if (isinf(real)) {
        hm_text_append(to, real < 0 ? "-__builtin_inf()" : "__builtin_inf()");
    } else {
        hm_text_format(to, "%a", real);
    }
}

// Arguments of calls are compound literals within their caller's: nesting is limited
// where arguments are read.
static void write_arguments(hm_text *to, const hm_argument *arguments, size_t count) {
    for (size_t i = 0; i < count; i++) {
        const hm_argument *argument = &arguments[i];
        hm_text_format(to, "{.kind = %s, .text = ", argument_kind_name(argument->kind));
        hm_write_literal(to, argument->text);
        if (argument->integer == INT64_MIN) {
            hm_text_append(to, ", .integer = INT64_MIN");
        } else if (argument->integer != 0) {
            hm_text_format(to, ", .integer = %lldLL", (long long)argument->integer);
        }
        if (argument->real != 0 || isnan(argument->real)) {
            hm_text_append(to, ", .real = ");
            write_real(to, argument->real);
        }
        if (argument->argument_count > 0) {
            hm_text_append(to, ", .arguments = (const hm_argument[]){");
            write_arguments(to, argument->arguments, argument->argument_count);
            hm_text_format(to, "}, .argument_count = %zu", argument->argument_count);
        }
        hm_text_append(to, "}, ");
    }
}

static void write_modifiers(
        hm_text *to, const hm_model_function *function, uint32_t number) {
    if (function->modifier_count == 0) {
        return;
    }
    hm_text_format(
            to, "static const hm_modifier hm_modifiers_%u[] = {\n", (unsigned)number);
    for (uint32_t i = 0; i < function->modifier_count; i++) {
        const hm_modifier *modifier = &function->modifiers[i];
        hm_text_append(to, "    {.name = ");
        hm_write_literal(to, modifier->name);
        hm_text_format(to, ", .line = %u", (unsigned)modifier->line);
        if (modifier->argument_count > 0) {
            hm_text_append(to, ", .arguments = (const hm_argument[]){");
            write_arguments(to, modifier->arguments, modifier->argument_count);
            hm_text_format(to, "}, .argument_count = %zu", modifier->argument_count);
        }
        hm_text_append(to, "},\n");
    }
    hm_text_append(to, "};\n");
}

static void write_list(
        hm_text *to, const char *field, uint32_t number, uint32_t count) {
    if (count > 0) {
        hm_text_format(to, ", .%ss = hm_%ss_%u, .%s_count = %u", field, field,
                (unsigned)number, field, (unsigned)count);
    }
}

static void write_flags(hm_text *to, uint32_t flags) {
    static const struct {
        uint32_t flag;
        const char *name;
    } known[] = {
            {HM_FUNCTION_FALLIBLE, "HM_FUNCTION_FALLIBLE"},
            {HM_FUNCTION_STATEFUL, "HM_FUNCTION_STATEFUL"},
            {HM_FUNCTION_HELPER, "HM_FUNCTION_HELPER"},
    };
    const char *before = ", .flags = ";
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if ((flags & known[i].flag) != 0) {
            hm_text_format(to, "%s%s", before, known[i].name);
            before = " | ";
        }
    }
}

static void write_function(
        hm_text *to, const hm_model_function *function, uint32_t number) {
    hm_text_append(to, "    {.name = ");
    hm_write_literal(to, function->name);
    if (function->doc != NULL) {
        hm_text_append(to, ", .doc = ");
        hm_write_literal(to, function->doc);
    }
    hm_text_append(to, ", .file = ");
    hm_write_literal(to, function->file);
    hm_text_format(to, ", .line = %u", (unsigned)function->place.line);
    write_flags(to, function->flags);
    hm_text_append(to, ",\n     .version = ");
    hm_write_literal(to, function->version);
    hm_text_append(to, ",\n     .uses = ");
    hm_write_literal(to, function->uses);
    write_list(to, "parameter", number, function->parameter_count);
    write_list(to, "output", number, function->output_count);
    write_list(to, "dimension", number, function->dimension_count);
    write_list(to, "modifier", number, function->modifier_count);
    if (function->has_body) {
        hm_text_format(to,
                function->is_async ? ", .start = hm_start_%u" : ", .call = hm_call_%u",
                (unsigned)number);
    }
    if (hm_write_has_map(function)) {
        hm_text_format(to,
                hm_write_has_rows(function) ? ", .rows = hm_rows_%u"
                                            : ", .map = hm_map_%u",
                (unsigned)number);
    }
    if (function->combiner != NULL) {
        hm_text_format(to, ", .combine = hm_combine_%u", (unsigned)number);
    }
    hm_text_append(to, "},\n");
}

void hm_write_tables(hm_text *to, const hm_model *model) {
    hm_write_types(to, model);
    for (uint32_t i = 0; i < model->function_count; i++) {
        const hm_model_function *function = &model->functions[i];
        write_defaults(to, function, i);
        write_parameters(to, function, i);
        write_outputs(to, function, i);
        write_dimensions(to, function, i);
        write_modifiers(to, function, i);
    }
    if (model->function_count == 0) {
        return;
    }
    hm_text_append(to, "\nstatic const hm_function hm_functions[] = {\n");
    for (uint32_t i = 0; i < model->function_count; i++) {
        write_function(to, &model->functions[i], i);
    }
    hm_text_append(to, "};\n\n");
}
