// write_map.c — the thunk that runs a function over many rows.
//
// Where everything is a number and nothing can stop the loop, it is one over contiguous
// arrays for the compiler to vectorise: hm_rows_NUMBER. It is most of what compiling a
// module costs, so there is just the one; an argument that is the same in all rows is
// repeated by whoever calls it. Else rows are addressed by their strides:
// hm_map_NUMBER.

#include "reflect/write.h"
#include "reflect/write_thunk.h"

static bool is_number(const hm_parameter *parameter) {
    hm_kind kind = parameter->type->kind;
    return parameter->pass == HM_BY_VALUE && kind != HM_KIND_STRUCT &&
           kind != HM_KIND_STRING;
}

bool hm_write_has_rows(const hm_model_function *function) {
    for (uint32_t i = 0; i < function->parameter_count; i++) {
        if (!is_number(&function->parameters[i].parameter)) {
            return false;
        }
    }
    return hm_write_has_map(function) && function->result != HM_RESULT_STATUS;
}

static void write_argument(hm_text *to, const hm_model_function *function,
        const hm_model_argument *argument) {
    if (argument->role == HM_ROLE_INPUT) {
        hm_text_format(to,
                hm_write_has_rows(function) ? "hm_in_%u[hm_i]"
                                            : "hm_in_%u[hm_i * hm_stride_%u]",
                argument->index, argument->index);
    } else {
        hm_text_format(to, "&hm_out_%u[hm_i]", argument->index);
    }
}

static void write_loop(hm_text *to, const hm_model_function *function) {
    hm_text_append(
            to, "    for (size_t hm_i = 0; hm_i < hm_count; hm_i++) {\n        ");
    if (function->result == HM_RESULT_VALUE) {
        hm_text_append(to, "hm_out_0[hm_i] = ");
    } else if (function->result == HM_RESULT_STATUS) {
        hm_text_append(to, "int hm_status = ");
    }
    hm_write_invocation(to, function, write_argument);
    hm_text_append(to, ";\n");
    if (function->result == HM_RESULT_STATUS) {
        hm_text_append(to, "        if (hm_status != 0) {\n"
                           "            *hm_row = hm_i;\n"
                           "            return hm_status;\n"
                           "        }\n");
    }
    hm_text_append(to, "    }\n");
}

static void write_strided_map(
        hm_text *to, const hm_model_function *function, uint32_t number) {
    hm_text_format(to,
            "HM_THUNK int hm_map_%u(const hm_lane *hm_lanes, size_t hm_count, size_t "
            "*hm_row, void *hm_self) {\n"
            "    (void)hm_row, (void)hm_self;\n",
            (unsigned)number);
    for (uint32_t i = 0; i < function->parameter_count; i++) {
        hm_text_append(to, "    ");
        hm_write_parameter_type(to, &function->parameters[i].parameter);
        hm_text_format(to,
                " const *hm_in_%u = hm_lanes[%u].data;\n"
                "    size_t hm_stride_%u = hm_lanes[%u].stride;\n",
                i, i, i, i);
    }
    for (uint32_t i = 0; i < function->output_count; i++) {
        hm_text_append(to, "    ");
        hm_write_output_type(to, function, i);
        hm_text_format(to, " *hm_out_%u = hm_lanes[%u].data;\n", i,
                hm_slot_of_output(function, i));
    }
    write_loop(to, function);
    hm_text_append(to, "    return 0;\n}\n\n");
}

// The loop is a function of its own, for its parameters can be restrict.
static void write_loop_function(
        hm_text *to, const hm_model_function *function, uint32_t number) {
    hm_text_format(to, "static void hm_loop_%u(size_t hm_count", (unsigned)number);
    for (uint32_t i = 0; i < function->parameter_count; i++) {
        hm_text_append(to, ", const ");
        hm_write_parameter_type(to, &function->parameters[i].parameter);
        hm_text_format(to, " *restrict hm_in_%u", (unsigned)i);
    }
    for (uint32_t i = 0; i < function->output_count; i++) {
        hm_text_append(to, ", ");
        hm_write_output_type(to, function, i);
        hm_text_format(to, " *restrict hm_out_%u", (unsigned)i);
    }
    hm_text_append(to, ") {\n");
    write_loop(to, function);
    hm_text_append(to, "}\n");
}

static void write_rows(
        hm_text *to, const hm_model_function *function, uint32_t number) {
    unsigned count = function->parameter_count + function->output_count;
    write_loop_function(to, function, number);
    hm_text_format(to,
            "HM_THUNK void hm_rows_%u(void *const *hm_at, size_t hm_count) {\n"
            "    hm_loop_%u(hm_count",
            (unsigned)number, (unsigned)number);
    for (unsigned i = 0; i < count; i++) {
        hm_text_format(to, ", hm_at[%u]", i);
    }
    hm_text_append(to, ");\n}\n\n");
}

void hm_write_map(hm_text *to, const hm_model_function *function, uint32_t number) {
    if (hm_write_has_rows(function)) {
        write_rows(to, function, number);
    } else {
        write_strided_map(to, function, number);
    }
}
