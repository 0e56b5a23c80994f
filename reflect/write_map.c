// write_map.c — the thunk that runs a function over many rows.
//
// Where everything is a number, there is one loop over contiguous arrays for the
// compiler to vectorise; it is most of what compiling a module costs, so there is just
// the one. An argument that is the same in all rows comes from a block that is filled
// with it, and the loop then runs block by block:
//
//     lanes[0]  ├───────┼───────┼───────┼──┤    stride 1: read where it is
//     lanes[1]  ├───────┤                       stride 0: the same block again and
//     again
//
// Where nothing could be vectorised, rows are addressed by their strides.

#include "reflect/write_thunk.h"

static bool is_number(const hm_parameter *parameter) {
    hm_kind kind = parameter->type->kind;
    return parameter->pass == HM_BY_VALUE && kind != HM_KIND_STRUCT &&
           kind != HM_KIND_STRING;
}

// Whether every argument and result is a number and nothing can stop the loop.
static bool is_vectorisable(const hm_model_function *function) {
    for (uint32_t i = 0; i < function->parameter_count; i++) {
        if (!is_number(&function->parameters[i].parameter)) {
            return false;
        }
    }
    return function->result != HM_RESULT_STATUS;
}

static void write_argument(hm_text *to, const hm_model_function *function,
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

static void write_start(hm_text *to, uint32_t number) {
    hm_text_format(to,
            "HM_THUNK int hm_map_%u(const hm_lane *hm_lanes, size_t hm_count, size_t "
            "*hm_row, void *hm_self) {\n"
            "    (void)hm_row, (void)hm_self;\n",
            (unsigned)number);
}

static void write_strided_map(
        hm_text *to, const hm_model_function *function, uint32_t number) {
    write_start(to, number);
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

static void write_block_map(
        hm_text *to, const hm_model_function *function, uint32_t number) {
    unsigned inputs = function->parameter_count;
    unsigned lanes = inputs + function->output_count;
    write_loop_function(to, function, number);
    hm_text_format(to,
            "static void hm_rows_%u(void *const *hm_at, size_t hm_count) {\n"
            "    hm_loop_%u(hm_count",
            (unsigned)number, (unsigned)number);
    for (unsigned i = 0; i < lanes; i++) {
        hm_text_format(to, ", hm_at[%u]", i);
    }
    hm_text_append(to, ");\n}\n");
    write_start(to, number);
    hm_text_append(to, "    static const size_t hm_sizes[] = {");
    for (unsigned i = 0; i < inputs; i++) {
        hm_text_append(to, i == 0 ? "sizeof(" : ", sizeof(");
        hm_write_parameter_type(to, &function->parameters[i].parameter);
        hm_text_append(to, ")");
    }
    for (uint32_t i = 0; i < function->output_count; i++) {
        hm_text_append(to, ", sizeof(");
        hm_write_output_type(to, function, i);
        hm_text_append(to, ")");
    }
    hm_text_format(to,
            "};\n"
            "    void *hm_at[%u];\n"
            "    _Alignas(64) char hm_same[HM_BLOCK * (0",
            lanes);
    for (unsigned i = 0; i < inputs; i++) {
        hm_text_append(to, " + sizeof(");
        hm_write_parameter_type(to, &function->parameters[i].parameter);
        hm_text_append(to, ")");
    }
    hm_text_format(to,
            ")];\n"
            "    hm_map_blocks(hm_lanes, %u, %u, hm_sizes, hm_count, hm_rows_%u, "
            "hm_at, "
            "hm_same);\n"
            "    return 0;\n"
            "}\n\n",
            inputs, lanes, (unsigned)number);
}

void hm_write_map(hm_text *to, const hm_model_function *function, uint32_t number) {
    if (is_vectorisable(function)) {
        write_block_map(to, function, number);
    } else {
        write_strided_map(to, function, number);
    }
}

void hm_write_map_start(hm_text *to) {
    hm_text_append(to,
            "#define HM_BLOCK 256\n\n"
            "typedef void hm_rows_function(void *const *hm_at, size_t hm_count);\n\n"
            "// Fills a block with its first element.\n"
            "__attribute__((noinline, unused)) static void hm_fill(\n"
            "        char *hm_block, const void *hm_first, size_t hm_size,\n"
            "        size_t hm_count) {\n"
            "    size_t hm_all = hm_size * hm_count;\n"
            "    size_t hm_done = hm_size;\n"
            "    __builtin_memcpy(hm_block, hm_first, hm_size);\n"
            "    while (hm_done < hm_all) {\n"
            "        size_t hm_left = hm_all - hm_done;\n"
            "        size_t hm_more = hm_left < hm_done ? hm_left : hm_done;\n"
            "        __builtin_memcpy(hm_block + hm_done, hm_block, hm_more);\n"
            "        hm_done += hm_more;\n"
            "    }\n"
            "}\n\n"
            "// Runs a loop over all rows, block by block if a lane is the same in "
            "all.\n"
            "__attribute__((noinline, unused)) static void hm_map_blocks(\n"
            "        const hm_lane *hm_lanes, size_t hm_inputs, size_t hm_lane_count,\n"
            "        const size_t *hm_sizes, size_t hm_count,\n"
            "        hm_rows_function *hm_rows, void **hm_at, char *hm_same) {\n"
            "    size_t hm_step = hm_count;\n"
            "    for (size_t hm_i = 0; hm_i < hm_lane_count; hm_i++) {\n"
            "        hm_at[hm_i] = hm_lanes[hm_i].data;\n"
            "        if (hm_i < hm_inputs && hm_lanes[hm_i].stride == 0 && hm_count > "
            "0) "
            "{\n"
            "            size_t hm_filled = hm_count < HM_BLOCK ? hm_count : "
            "HM_BLOCK;\n"
            "            hm_fill(hm_same, hm_at[hm_i], hm_sizes[hm_i], hm_filled);\n"
            "            hm_at[hm_i] = hm_same;\n"
            "            hm_same += HM_BLOCK * hm_sizes[hm_i];\n"
            "            hm_step = HM_BLOCK;\n"
            "        }\n"
            "    }\n"
            "    while (hm_count > 0) {\n"
            "        size_t hm_now = hm_count < hm_step ? hm_count : hm_step;\n"
            "        hm_rows(hm_at, hm_now);\n"
            "        hm_count -= hm_now;\n"
            "        for (size_t hm_i = 0; hm_i < hm_lane_count; hm_i++) {\n"
            "            size_t hm_moves = hm_i >= hm_inputs || hm_lanes[hm_i].stride "
            "!= "
            "0;\n"
            "            hm_at[hm_i] =\n"
            "                    (char *)hm_at[hm_i] + hm_moves * hm_now * "
            "hm_sizes[hm_i];\n"
            "        }\n"
            "    }\n"
            "}\n\n");
}
