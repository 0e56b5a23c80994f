// reduce.c — see reduce.h.

#include "engine/reduce.h"

#include <stdbool.h>
#include <string.h>

#include "engine/validity.h"

static const char *slot_at(
        const hm_function *function, const hm_lane *lanes, size_t operand, size_t row) {
    const hm_lane *lane = &lanes[operand];
    return (const char *)lane->data +
           row * lane->stride * hm_slot_size(function, operand);
}

static size_t element_size(const hm_parameter *parameter) {
    return parameter->pass == HM_BY_REFERENCE ? sizeof(void *) : parameter->type->size;
}

const uint32_t *hm_reduce_lay(const hm_function *function, const hm_lane *lanes,
        size_t row, hm_chunk chunk, char *frame, size_t alignment) {
    const uint32_t *at = hm_lanes_lay_frame(function, frame, alignment);
    for (size_t p = 0; p < function->parameter_count; p++) {
        const hm_parameter *parameter = &function->parameters[p];
        const char *slot = slot_at(function, lanes, p, row);
        if (parameter->shape != HM_ARRAY) {
            memcpy(frame + at[p], slot, hm_slot_size(function, p));
            continue;
        }
        hm_array array;
        memcpy(&array, slot, sizeof array);
        bool begins_later = chunk.start > 0 && array.data != NULL;
        const hm_array part = {.length = chunk.count,
                .data = begins_later ? (char *)array.data +
                                               chunk.start * element_size(parameter)
                                     : array.data,
                .validity = array.validity != NULL ? array.validity + chunk.start / 8
                                                   : NULL};
        memcpy(frame + at[p], &part, sizeof part);
    }
    return at;
}

static size_t length_of(const hm_function *function, const hm_lane *lanes, size_t row) {
    size_t p = 0;
    while (function->parameters[p].shape != HM_ARRAY) {
        p++;
    }
    hm_array array;
    memcpy(&array, slot_at(function, lanes, p, row), sizeof array);
    return array.length;
}

int hm_reduce_rows(const hm_function *function, const hm_lane *lanes, size_t count,
        hm_lanes_failure *failure, char *frame, size_t alignment) {
    size_t output = function->parameter_count;
    size_t size = hm_slot_size(function, output);
    for (size_t row = 0; row < count; row++) {
        size_t length = length_of(function, lanes, row);
        char *whole = (char *)lanes[output].data + row * lanes[output].stride * size;
        for (size_t i = 0; i < hm_reduce_chunk_count(length); i++) {
            hm_chunk chunk = hm_reduce_chunk(length, i);
            const uint32_t *at =
                    hm_reduce_lay(function, lanes, row, chunk, frame, alignment);
            const void *made = frame + at[output];
            int code = hm_validity_call(function, frame, at);
            if (code != 0) {
                bool is_part = length > chunk.count;
                *failure = (hm_lanes_failure){.row = row,
                        .start = chunk.start,
                        .count = is_part ? chunk.count : 0};
                return code;
            }
            if (i == 0) {
                memcpy(whole, made, size);
            } else {
                function->combine(whole, made, function->self);
            }
        }
    }
    return 0;
}
