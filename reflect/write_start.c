// write_start.c — the thunk that starts an asynchronous function on one row: like a map
// thunk it gets lanes, whose arrays are hm_arrays.

#include "reflect/write_thunk.h"

// The place of this row in a lane.
static void write_place(hm_text *to, uint32_t lane) {
    hm_text_format(to, "hm_lanes[%u].data)[hm_row * hm_lanes[%u].stride]",
            (unsigned)lane, (unsigned)lane);
}

static void write_array_field(hm_text *to, uint32_t lane, const char *field) {
    hm_text_append(to, "((const hm_array *)");
    write_place(to, lane);
    hm_text_format(to, ".%s", field);
}

static void write_input(hm_text *to, const hm_model_function *function, uint32_t lane) {
    const hm_parameter *parameter = &function->parameters[lane].parameter;
    if (parameter->shape == HM_ARRAY) {
        write_array_field(to, lane, "data");
        return;
    }
    hm_text_append(to, "((");
    hm_write_parameter_type(to, parameter);
    hm_text_append(to, " const *)");
    write_place(to, lane);
}

static void write_output(
        hm_text *to, const hm_model_function *function, uint32_t output) {
    uint32_t lane = hm_slot_of_output(function, output);
    if (function->outputs[output].shape == HM_ARRAY) {
        write_array_field(to, lane, "data");
        return;
    }
    hm_text_append(to, "&((");
    hm_write_output_type(to, function, output);
    hm_text_append(to, " *)");
    write_place(to, lane);
}

static void write_argument(hm_text *to, const hm_model_function *function,
        const hm_model_argument *argument) {
    switch (argument->role) {
    case HM_ROLE_INPUT:
        write_input(to, function, argument->index);
        return;
    case HM_ROLE_OUTPUT:
        write_output(to, function, argument->index);
        return;
    case HM_ROLE_LENGTH:
        write_array_field(to, hm_array_over(function, argument->index), "length");
        return;
    case HM_ROLE_ASYNC:
        hm_text_append(to, "hm_done");
        return;
    case HM_ROLE_COUNT: // of expansions, which it has none of
        return;
    }
}

void hm_write_start(hm_text *to, const hm_model_function *function, uint32_t number) {
    bool has_status = function->result == HM_RESULT_STATUS;
    hm_text_format(to,
            "HM_THUNK int hm_start_%u(const hm_lane *hm_lanes, size_t hm_row, void "
            "*hm_self, hm_async *hm_done) {\n"
            "    (void)hm_row, (void)hm_self;\n"
            "    %s",
            (unsigned)number, has_status ? "return " : "");
    hm_write_invocation(to, function, write_argument);
    hm_text_append(to, has_status ? ";\n}\n\n" : ";\n    return 0;\n}\n\n");
}
