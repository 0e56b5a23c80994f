// lanes.c — see lanes.h. For a function without a thunk for many rows each row's slots
// are copied into a small frame and out again.

#include "engine/lanes.h"

#include <string.h>

#include "engine/reduce.h"
#include "engine/validity.h"

enum { REPEATED = 256 }; // rows

size_t hm_operand_count(const hm_function *function) {
    return function->parameter_count + function->output_count;
}

size_t hm_slot_size(const hm_function *function, size_t operand) {
    hm_shape shape;
    hm_pass pass;
    const hm_type *type;
    if (operand < function->parameter_count) {
        const hm_parameter *parameter = &function->parameters[operand];
        shape = parameter->shape;
        pass = parameter->pass;
        type = parameter->type;
    } else {
        const hm_output *output =
                &function->outputs[operand - function->parameter_count];
        shape = output->shape;
        pass = output->pass;
        type = output->type;
    }
    if (shape != HM_ONE) {
        return sizeof(hm_array);
    }
    return pass == HM_BY_REFERENCE ? sizeof(void *) : type->size;
}

static size_t round_up(size_t size, size_t alignment) {
    return (size + alignment - 1) / alignment * alignment;
}

// The frame begins with the offsets of its slots.
static size_t offsets_size(const hm_function *function, size_t alignment) {
    return round_up(hm_operand_count(function) * sizeof(uint32_t), alignment);
}

// For contiguous rows: a pointer for each operand, and the repeated parameters.
static size_t pointers_size(const hm_function *function, size_t alignment) {
    return round_up(hm_operand_count(function) * sizeof(void *), alignment);
}

size_t hm_lanes_frame_size(const hm_function *function, size_t alignment) {
    if (function->rows != NULL) {
        size_t size = pointers_size(function, alignment);
        for (size_t i = 0; i < function->parameter_count; i++) {
            size += round_up(REPEATED * hm_slot_size(function, i), alignment);
        }
        return size;
    }
    if (function->map != NULL || function->start != NULL) {
        return 0;
    }
    size_t size = offsets_size(function, alignment);
    for (size_t i = 0; i < hm_operand_count(function); i++) {
        size += round_up(hm_slot_size(function, i), alignment);
    }
    return size;
}

void hm_lanes_repeat(char *to, const void *element, size_t size, size_t count) {
    for (size_t i = 0; i < count; i++) {
        memcpy(to + i * size, element, size);
    }
}

// An argument that is the same in all rows is repeated; then the rows are run in pieces
// that are as long as that.
static void run_contiguous(const hm_function *function, const hm_lane *lanes,
        size_t count, char *frame, size_t alignment) {
    void **at = (void **)(void *)frame;
    char *repeated = frame + pointers_size(function, alignment);
    size_t operand_count = hm_operand_count(function);
    size_t length = count;
    for (size_t i = 0; i < operand_count; i++) {
        at[i] = lanes[i].data;
        if (lanes[i].stride == 0 && i < function->parameter_count) {
            size_t size = hm_slot_size(function, i);
            hm_lanes_repeat(repeated, at[i], size, count < REPEATED ? count : REPEATED);
            at[i] = repeated;
            repeated += round_up(REPEATED * size, alignment);
            length = REPEATED;
        }
    }
    for (size_t done = 0; done < count; done += length) {
        size_t now = count - done < length ? count - done : length;
        function->rows(at, now);
        for (size_t i = 0; i < operand_count; i++) {
            at[i] = (char *)at[i] + lanes[i].stride * now * hm_slot_size(function, i);
        }
    }
}

const uint32_t *hm_lanes_lay_frame(
        const hm_function *function, char *frame, size_t alignment) {
    uint32_t *at = (uint32_t *)(void *)frame;
    size_t offset = offsets_size(function, alignment);
    for (size_t i = 0; i < hm_operand_count(function); i++) {
        at[i] = (uint32_t)offset;
        offset += round_up(hm_slot_size(function, i), alignment);
    }
    return at;
}

static int run_by_calls(const hm_function *function, const hm_lane *lanes, size_t count,
        size_t *row, char *frame, size_t alignment) {
    const uint32_t *at = hm_lanes_lay_frame(function, frame, alignment);
    size_t operand_count = hm_operand_count(function);
    for (*row = 0; *row < count; ++*row) {
        for (size_t i = 0; i < operand_count; i++) {
            size_t size = hm_slot_size(function, i);
            const char *slot =
                    (const char *)lanes[i].data + *row * lanes[i].stride * size;
            memcpy(frame + at[i], slot, size);
        }
        int code = hm_validity_call(function, frame, at);
        if (code != 0) {
            return code;
        }
        for (size_t i = function->parameter_count; i < operand_count; i++) {
            size_t size = hm_slot_size(function, i);
            char *slot = (char *)lanes[i].data + *row * lanes[i].stride * size;
            memcpy(slot, frame + at[i], size);
        }
    }
    return 0;
}

void hm_lanes_forget(const hm_function *function, const hm_lane *lanes, size_t row) {
    for (size_t o = 0; o < function->output_count; o++) {
        const hm_output *output = &function->outputs[o];
        size_t operand = function->parameter_count + o;
        size_t size = hm_slot_size(function, operand);
        char *slot = (char *)lanes[operand].data + row * lanes[operand].stride * size;
        if (output->shape == HM_ARRAY && output->ownership == HM_GIVEN) {
            hm_array array;
            memcpy(&array, slot, sizeof array);
            memset(array.data, 0, array.length * sizeof(void *));
        } else if (output->shape == HM_EXPANSION || output->ownership == HM_GIVEN) {
            memset(slot, 0, size);
        }
    }
}

hm_null_expansion hm_lanes_empty_null(
        const hm_function *function, const hm_lane *lanes, size_t count, size_t *row) {
    hm_null_expansion found = {0};
    *row = count;
    for (uint32_t o = 0; o < function->output_count; o++) {
        if (function->outputs[o].shape != HM_EXPANSION) {
            continue;
        }
        const hm_lane *lane = &lanes[function->parameter_count + o];
        hm_array *made = lane->data;
        for (size_t i = 0; i < count; i++, made += lane->stride) {
            if (__builtin_expect(made->data == NULL && made->length > 0, false)) {
                if (i < *row) {
                    found = (hm_null_expansion){.output = o, .count = made->length};
                    *row = i;
                }
                made->length = 0;
            }
        }
    }
    return found;
}

int hm_lanes_run(const hm_function *function, const hm_lane *lanes, size_t count,
        hm_lanes_failure *failure, char *frame, size_t alignment) {
    if (function->rows != NULL) {
        run_contiguous(function, lanes, count, frame, alignment);
        return 0;
    }
    *failure = (hm_lanes_failure){0};
    size_t *row = &failure->row;
    int code = function->combine != NULL ? hm_reduce_rows(function, lanes, count,
                                                   failure, frame, alignment)
               : function->map != NULL
                       ? function->map(lanes, count, row, function->self)
                       : run_by_calls(function, lanes, count, row, frame, alignment);
    if (code != 0) {
        hm_lanes_forget(function, lanes, *row);
    }
    size_t null_row;
    size_t made = code == 0 ? count : *row;
    failure->null = hm_lanes_empty_null(function, lanes, made, &null_row);
    if (failure->null.count > 0) {
        *row = null_row;
        return HM_LANES_NULL;
    }
    return code;
}
