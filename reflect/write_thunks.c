// write_thunks.c — the two ways to call each function, as <hamilton/module.h> has them.
//
// A map thunk has one loop over contiguous arrays, which the compiler can vectorise. An
// argument that is the same in all rows would need a second loop, for each such
// argument; instead a block of it is filled with the value, and the one loop runs block
// by block:
//
//     lanes[0]  ├───────┼───────┼───────┼──┤    stride 1: read where it is
//     lanes[1]  ├───────┤                       stride 0: the same block again and
//     again
//
// Where nothing would be vectorised anyway, the rows are addressed by their strides.

#include <string.h>

#include "reflect/write.h"

// How the C function names what a slot holds.
static const char *slot_type(const hm_type *type) {
    return ((const hm_model_type *)type)->spelling;
}

static bool is_object(const hm_parameter *parameter) {
    return parameter->pass == HM_BY_REFERENCE;
}

// Writes the type of a parameter's slot: "const struct model *".
static void write_slot_type(hm_text *to, const hm_parameter *parameter) {
    if (is_object(parameter)) {
        hm_text_format(to, "const %s *", slot_type(parameter->type));
    } else {
        hm_text_append(to, slot_type(parameter->type));
    }
}

static uint32_t slot_of_output(const hm_model_function *function, uint32_t output) {
    return function->parameter_count + output;
}

// Whether a parameter of a type may be read from a block of equal values.
static bool is_plain(const hm_parameter *parameter) {
    hm_kind kind = parameter->type->kind;
    return parameter->pass == HM_BY_VALUE && kind != HM_KIND_STRUCT &&
           kind != HM_KIND_STRING;
}

// The call with its arguments in the function's order; `write` writes each.
typedef void write_argument(hm_text *to, const hm_model_function *function,
        const hm_model_argument *argument);

static void write_call(
        hm_text *to, const hm_model_function *function, write_argument *write) {
    hm_text_format(to, "%s(", function->name);
    for (uint32_t i = 0; i < function->argument_count; i++) {
        hm_text_append(to, i == 0 ? "" : ", ");
        write(to, function, &function->arguments[i]);
    }
    hm_text_append(to, ")");
}

// An array over the dimension, which tells the length.
static uint32_t find_array(const hm_model_function *function, uint32_t dimension) {
    for (uint32_t i = 0; i < function->parameter_count; i++) {
        const hm_parameter *parameter = &function->parameters[i].parameter;
        if (parameter->shape == HM_ARRAY && parameter->dimension == dimension) {
            return i;
        }
    }
    return 0;
}

static void write_call_argument(hm_text *to, const hm_model_function *function,
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
        write_slot_type(to, parameter);
        hm_text_format(to, " const *)(hm_f + hm_at[%u])", slot);
        return;
    }
    case HM_ROLE_OUTPUT: {
        const hm_output *output = &function->outputs[argument->index];
        slot = slot_of_output(function, argument->index);
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
                find_array(function, argument->index));
        return;
    case HM_ROLE_COUNT:
        hm_text_append(to, "&hm_count");
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

// Strings that are given are char * to the function, whatever they are afterwards.
static void write_expansion_locals(hm_text *to, const hm_model_function *function) {
    for (uint32_t i = 0; i < function->output_count; i++) {
        const hm_output *output = &function->outputs[i];
        if (output->shape != HM_EXPANSION) {
            continue;
        }
        bool is_given_string =
                output->type->kind == HM_KIND_STRING && output->ownership == HM_GIVEN;
        hm_text_format(to, "    %s *hm_data_%u = 0;\n",
                is_given_string ? "char *" : slot_type(output->type), i);
    }
    hm_text_append(to, "    size_t hm_count = 0;\n");
}

static void write_expansion_results(hm_text *to, const hm_model_function *function) {
    for (uint32_t i = 0; i < function->output_count; i++) {
        if (function->outputs[i].shape == HM_EXPANSION) {
            uint32_t slot = slot_of_output(function, i);
            hm_text_format(to,
                    "    ((hm_array *)(hm_f + hm_at[%u]))->data = hm_data_%u;\n"
                    "    ((hm_array *)(hm_f + hm_at[%u]))->length = hm_count;\n",
                    slot, i, slot);
        }
    }
}

static void write_result(hm_text *to, const hm_model_function *function) {
    const hm_output *output = &function->outputs[0];
    bool by_reference = output->pass == HM_BY_REFERENCE;
    const char *qualifier =
            by_reference && output->ownership == HM_BORROWED ? "const " : "";
    hm_text_format(to, "*(%s%s%s *)(hm_f + hm_at[%u]) = ", qualifier,
            slot_type(output->type), by_reference ? " *" : "",
            slot_of_output(function, 0));
}

static void write_call_thunk(
        hm_text *to, const hm_model_function *function, uint32_t number) {
    hm_text_format(to,
            "static int hm_call_%u(void *hm_frame, const uint32_t *hm_at, void "
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
    write_call(to, function, write_call_argument);
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

// Functions with arrays are mapped by calling them row by row.
bool hm_write_has_map(const hm_model_function *function) {
    return function->dimension_count == 0 && function->parameter_count > 0;
}

// Whether every argument and result is a number and nothing can stop the loop.
static bool is_vectorisable(const hm_model_function *function) {
    for (uint32_t i = 0; i < function->parameter_count; i++) {
        if (!is_plain(&function->parameters[i].parameter)) {
            return false;
        }
    }
    return function->result != HM_RESULT_STATUS;
}

static void write_row_argument(hm_text *to, const hm_model_function *function,
        const hm_model_argument *argument) {
    if (argument->role == HM_ROLE_INPUT) {
        hm_text_format(to,
                is_vectorisable(function) ? "hm_in_%u[hm_i]"
                                          : "hm_in_%u[hm_i * hm_stride_%u]",
                argument->index, argument->index);
    } else {
        hm_text_format(to, "&hm_out_%u[hm_i]", argument->index);
    }
}

static void write_output_type(
        hm_text *to, const hm_model_function *function, uint32_t index) {
    const hm_output *output = &function->outputs[index];
    bool is_given_string = output->type->kind == HM_KIND_STRING &&
                           output->ownership == HM_GIVEN &&
                           !(function->result == HM_RESULT_VALUE && index == 0);
    const char *qualifier =
            output->pass == HM_BY_REFERENCE && output->ownership == HM_BORROWED
                    ? "const "
                    : "";
    hm_text_format(to, "%s%s%s", qualifier,
            is_given_string ? "char *" : slot_type(output->type),
            output->pass == HM_BY_REFERENCE ? " *" : "");
}

// The loop over `hm_rows` rows, whose lanes are in locals.
static void write_rows(hm_text *to, const hm_model_function *function,
        const char *indent, const char *rows) {
    hm_text_format(to, "%sfor (size_t hm_i = 0; hm_i < %s; hm_i++) {\n%s    ", indent,
            rows, indent);
    if (function->result == HM_RESULT_VALUE) {
        hm_text_append(to, "hm_out_0[hm_i] = ");
    } else if (function->result == HM_RESULT_STATUS) {
        hm_text_append(to, "int hm_status = ");
    }
    write_call(to, function, write_row_argument);
    hm_text_append(to, ";\n");
    if (function->result == HM_RESULT_STATUS) {
        hm_text_format(to,
                "%s    if (hm_status != 0) {\n"
                "%s        *hm_row = hm_i;\n"
                "%s        return hm_status;\n"
                "%s    }\n",
                indent, indent, indent, indent);
    }
    hm_text_format(to, "%s}\n", indent);
}

static void write_strided_map(hm_text *to, const hm_model_function *function) {
    for (uint32_t i = 0; i < function->parameter_count; i++) {
        hm_text_append(to, "    ");
        write_slot_type(to, &function->parameters[i].parameter);
        hm_text_format(to,
                " const *hm_in_%u = hm_lanes[%u].data;\n"
                "    size_t hm_stride_%u = hm_lanes[%u].stride;\n",
                i, i, i, i);
    }
    for (uint32_t i = 0; i < function->output_count; i++) {
        hm_text_append(to, "    ");
        write_output_type(to, function, i);
        hm_text_format(to, " *hm_out_%u = hm_lanes[%u].data;\n", i,
                slot_of_output(function, i));
    }
    write_rows(to, function, "    ", "hm_count");
}

static void write_block_map(hm_text *to, const hm_model_function *function) {
    for (uint32_t i = 0; i < function->parameter_count; i++) {
        const char *type = slot_type(function->parameters[i].parameter.type);
        hm_text_format(to,
                "    %s hm_same_%u[HM_BLOCK];\n"
                "    const %s *hm_lane_%u = hm_lane_start(&hm_lanes[%u], hm_same_%u, "
                "sizeof(%s), hm_count);\n",
                type, i, type, i, i, i, type);
    }
    hm_text_format(to,
            "    size_t hm_step = hm_lane_step(hm_lanes, %u, hm_count);\n"
            "    for (size_t hm_first = 0; hm_first < hm_count; hm_first += hm_step) "
            "{\n"
            "        size_t hm_left = hm_count - hm_first;\n"
            "        size_t hm_rows = hm_left < hm_step ? hm_left : hm_step;\n",
            (unsigned)function->parameter_count);
    for (uint32_t i = 0; i < function->parameter_count; i++) {
        hm_text_format(to,
                "        const %s *restrict hm_in_%u = hm_lane_%u + hm_first * "
                "hm_lanes[%u].stride;\n",
                slot_type(function->parameters[i].parameter.type), i, i, i);
    }
    for (uint32_t i = 0; i < function->output_count; i++) {
        hm_text_append(to, "        ");
        write_output_type(to, function, i);
        hm_text_format(to, " *restrict hm_out_%u = hm_lanes[%u].data;\n", i,
                slot_of_output(function, i));
        hm_text_format(to, "        hm_out_%u += hm_first;\n", i);
    }
    write_rows(to, function, "        ", "hm_rows");
    hm_text_append(to, "    }\n");
}

static void write_map_thunk(
        hm_text *to, const hm_model_function *function, uint32_t number) {
    hm_text_format(to,
            "static int hm_map_%u(const hm_lane *hm_lanes, size_t hm_count, size_t "
            "*hm_row, void *hm_self) {\n"
            "    (void)hm_row, (void)hm_self;\n",
            number);
    if (is_vectorisable(function)) {
        write_block_map(to, function);
    } else {
        write_strided_map(to, function);
    }
    hm_text_append(to, "    return 0;\n}\n\n");
}

// What block maps share. Filling is not inlined: it would cost more to compile than it
// ever saves.
static void write_lanes(hm_text *to) {
    hm_text_append(to,
            "#define HM_BLOCK 256\n\n"
            "// Where row 0 of a lane is: for a lane that is the same in all rows, a\n"
            "// block that is filled with it.\n"
            "__attribute__((noinline, unused)) static const void *hm_lane_start(\n"
            "        const hm_lane *hm_from, void *hm_block, size_t hm_size,\n"
            "        size_t hm_count) {\n"
            "    if (hm_from->stride != 0) {\n"
            "        return hm_from->data;\n"
            "    }\n"
            "    char *hm_to = hm_block;\n"
            "    size_t hm_rows = hm_count < HM_BLOCK ? hm_count : HM_BLOCK;\n"
            "    for (size_t hm_i = 0; hm_i < hm_rows; hm_i++) {\n"
            "        __builtin_memcpy(hm_to + hm_i * hm_size, hm_from->data, "
            "hm_size);\n"
            "    }\n"
            "    return hm_block;\n"
            "}\n\n"
            "// How many rows to compute at a time.\n"
            "__attribute__((noinline, unused)) static size_t hm_lane_step(\n"
            "        const hm_lane *hm_lanes, size_t hm_lane_count, size_t hm_count) "
            "{\n"
            "    for (size_t hm_i = 0; hm_i < hm_lane_count; hm_i++) {\n"
            "        if (hm_lanes[hm_i].stride == 0) {\n"
            "            return HM_BLOCK;\n"
            "        }\n"
            "    }\n"
            "    return hm_count;\n"
            "}\n\n");
}

void hm_write_thunks(hm_text *to, const hm_model *model) {
    write_lanes(to);
    for (uint32_t i = 0; i < model->function_count; i++) {
        const hm_model_function *function = &model->functions[i];
        write_call_thunk(to, function, i);
        if (hm_write_has_map(function)) {
            write_map_thunk(to, function, i);
        }
    }
}
