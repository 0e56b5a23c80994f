// write_call.c — the thunk that calls a function once: its arguments are read and its
// results written at offsets in the run's frame; and the one that calls the function
// that HM_REDUCE names.

#include "reflect/write_thunk.h"

static const char *spelling(const hm_type *type) {
    return ((const hm_model_type *)type)->spelling;
}

static bool is_given_string(const hm_output *output) {
    return output->type->kind == HM_KIND_STRING && output->ownership == HM_GIVEN;
}

uint32_t hm_slot_of_output(const hm_model_function *function, uint32_t output) {
    return function->parameter_count + output;
}

void hm_write_parameter_type(hm_text *to, const hm_parameter *parameter) {
    if (parameter->pass == HM_BY_REFERENCE) {
        hm_text_format(to, "const %s *", spelling(parameter->type));
    } else {
        hm_text_append(to, spelling(parameter->type));
    }
}

void hm_write_output_type(
        hm_text *to, const hm_model_function *function, uint32_t index) {
    const hm_output *output = &function->outputs[index];
    bool is_returned = function->result == HM_RESULT_VALUE && index == 0;
    if (output->pass == HM_BY_REFERENCE) {
        hm_text_format(to, "%s%s *", output->ownership == HM_BORROWED ? "const " : "",
                spelling(output->type));
    } else {
        hm_text_append(to, is_given_string(output) && !is_returned
                                   ? "char *"
                                   : spelling(output->type));
    }
}

// A group lives as long as the block that the call is in.
static void write_given(hm_text *to, const hm_model_function *function,
        const hm_model_given *given, hm_write_argument *write_argument) {
    if (given->argument != NULL) {
        write_argument(to, function, given->argument);
    } else if (given->code != NULL && given->type == NULL) {
        hm_text_append(to, given->code);
    } else if (given->code != NULL) {
        hm_text_format(to, "(%s)%s", given->type->spelling, given->code);
    } else {
        hm_text_format(to, "(%s const[]){", given->type->spelling);
        for (uint32_t i = 0; i < given->member_count; i++) {
            hm_text_append(to, i == 0 ? "" : ", ");
            write_given(to, function, &given->members[i], write_argument);
        }
        hm_text_append(to, "}");
    }
}

void hm_write_invocation(hm_text *to, const hm_model_function *function,
        hm_write_argument *write_argument) {
    if (function->does != NULL) {
        hm_text_format(to, "%s(", function->does);
        for (uint32_t i = 0; i < function->given_count; i++) {
            hm_text_append(to, i == 0 ? "" : ", ");
            write_given(to, function, &function->given[i], write_argument);
        }
        hm_text_append(to, ")");
        return;
    }
    hm_text_format(to, "%s(", function->name);
    for (uint32_t i = 0; i < function->argument_count; i++) {
        hm_text_append(to, i == 0 ? "" : ", ");
        write_argument(to, function, &function->arguments[i]);
    }
    hm_text_append(to, ")");
}

uint32_t hm_array_over(const hm_model_function *function, uint32_t dimension) {
    for (uint32_t i = 0; i < function->parameter_count; i++) {
        const hm_parameter *parameter = &function->parameters[i].parameter;
        if (parameter->shape == HM_ARRAY && parameter->dimension == dimension) {
            return i;
        }
    }
    return 0;
}

static void write_argument(hm_text *to, const hm_model_function *function,
        const hm_model_argument *argument) {
    uint32_t slot = argument->index;
    switch (argument->role) {
    case HM_ROLE_INPUT: {
        const hm_parameter *parameter = &function->parameters[slot].parameter;
        if (parameter->shape == HM_ARRAY) {
            hm_text_format(to, "((const hm_array *)(hm_f + hm_at[%u]))->data", slot);
            return;
        }
        hm_text_append(to, "*(");
        hm_write_parameter_type(to, parameter);
        hm_text_format(to, " const *)(hm_f + hm_at[%u])", slot);
        return;
    }
    case HM_ROLE_OUTPUT: {
        const hm_output *output = &function->outputs[argument->index];
        slot = hm_slot_of_output(function, argument->index);
        if (output->shape == HM_EXPANSION) {
            hm_text_format(to, "&hm_data_%u", argument->index);
        } else if (output->shape == HM_ARRAY) {
            hm_text_format(to, "((const hm_array *)(hm_f + hm_at[%u]))->data", slot);
        } else {
            hm_text_format(to, "(void *)(hm_f + hm_at[%u])", slot);
        }
        return;
    }
    case HM_ROLE_LENGTH:
        hm_text_format(to, "((const hm_array *)(hm_f + hm_at[%u]))->length",
                hm_array_over(function, argument->index));
        return;
    case HM_ROLE_COUNT:
        hm_text_append(to, "&hm_count");
        return;
    case HM_ROLE_ASYNC: // which has another thunk
        return;
    }
}

static bool has_expansion(const hm_model_function *function) {
    for (uint32_t i = 0; i < function->output_count; i++) {
        if (function->outputs[i].shape == HM_EXPANSION) {
            return true;
        }
    }
    return false;
}

static void write_expansion_locals(hm_text *to, const hm_model_function *function) {
    for (uint32_t i = 0; i < function->output_count; i++) {
        if (function->outputs[i].shape == HM_EXPANSION) {
            hm_text_append(to, "    ");
            hm_write_output_type(to, function, i);
            hm_text_format(to, " *hm_data_%u = 0;\n", (unsigned)i);
        }
    }
    hm_text_append(to, "    size_t hm_count = 0;\n");
}

static void write_expansion_results(hm_text *to, const hm_model_function *function) {
    for (uint32_t i = 0; i < function->output_count; i++) {
        if (function->outputs[i].shape == HM_EXPANSION) {
            uint32_t slot = hm_slot_of_output(function, i);
            hm_text_format(to,
                    "    ((hm_array *)(hm_f + hm_at[%u]))->data = hm_data_%u;\n"
                    "    ((hm_array *)(hm_f + hm_at[%u]))->length = hm_count;\n",
                    slot, i, slot);
        }
    }
}

static void write_result(hm_text *to, const hm_model_function *function) {
    hm_text_append(to, "*(");
    hm_write_output_type(to, function, 0);
    hm_text_format(to, " *)(hm_f + hm_at[%u]) = ", hm_slot_of_output(function, 0));
}

void hm_write_call(hm_text *to, const hm_model_function *function, uint32_t number) {
    hm_text_format(to,
            "HM_THUNK int hm_call_%u(void *hm_frame, const uint32_t *hm_at, void "
            "*hm_self) "
            "{\n"
            "    char *hm_f = hm_frame;\n"
            "    (void)hm_f, (void)hm_at, (void)hm_self;\n",
            number);
    bool expands = has_expansion(function);
    if (expands) {
        write_expansion_locals(to, function);
    }
    hm_text_append(to, "    ");
    if (function->result == HM_RESULT_VALUE) {
        write_result(to, function);
    } else if (function->result == HM_RESULT_STATUS) {
        hm_text_append(to, expands ? "int hm_status = " : "return ");
    }
    hm_write_invocation(to, function, write_argument);
    hm_text_append(to, ";\n");
    if (expands && function->result == HM_RESULT_STATUS) {
        hm_text_append(to, "    if (hm_status != 0) {\n"
                           "        return hm_status;\n"
                           "    }\n");
    }
    if (expands) {
        write_expansion_results(to, function);
    }
    if (expands || function->result != HM_RESULT_STATUS) {
        hm_text_append(to, "    return 0;\n");
    }
    hm_text_append(to, "}\n\n");
}

void hm_write_combine(hm_text *to, const hm_model_function *function, uint32_t number) {
    const char *type = spelling(function->outputs[0].type);
    hm_text_format(to,
            "static __attribute__((unused)) void hm_combine_%u(void *hm_into, const "
            "void "
            "*hm_more, void *hm_self) {\n"
            "    (void)hm_self;\n",
            (unsigned)number);
    if (function->combines_pointers) {
        hm_text_format(to, "    %s hm_both = %s(hm_into, hm_more);\n", type,
                function->combiner);
    } else {
        hm_text_format(to,
                "    %s hm_both = %s(*(%s *)hm_into, *(%s const *)hm_more);\n", type,
                function->combiner, type, type);
    }
    hm_text_format(to, "    *(%s *)hm_into = hm_both;\n}\n\n", type);
}
