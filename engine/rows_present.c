// rows_present.c — see rows_present.h. A mask is in the memory of an output's validity.

#include "engine/rows_present.h"

#include <string.h>

#include "base/error.h"
#include "engine/missing.h"

bool hm_rows_may_miss(const hm_walk *walk) {
    const hm_function *function = walk->function;
    if (walk->call->loop_depth != 1) {
        return false;
    }
    for (size_t p = 0; p < function->parameter_count; p++) {
        if (function->parameters[p].shape == HM_ARRAY) {
            return false;
        }
    }
    for (size_t o = 0; o < function->output_count; o++) {
        if (function->outputs[o].shape == HM_ARRAY) {
            return false;
        }
    }
    return true;
}

static bool may_be_null(const hm_output *output) {
    return hm_plan_output_may_be_null(output) && output->shape == HM_ONE;
}

hm_status hm_rows_find_present(hm_walk *walk, size_t row_count, uint8_t **mask) {
    const hm_function *function = walk->function;
    uint32_t first = walk->operands[function->parameter_count].value;
    HM_TRY(hm_run_reserve_validity(walk->run, first, row_count));
    uint8_t *present = walk->run->validities[first].data;
    bool may_miss = false;
    for (size_t p = 0; p < function->parameter_count; p++) {
        // A floating type has NaN.
        if (hm_walk_stack(walk, p) == 1 &&
                function->parameters[p].type->kind != HM_KIND_FLOAT) {
            const hm_array *array = hm_walk_array(walk, p, 0);
            if (array->validity != NULL) {
                hm_missing_mask(present, array->validity, 0, row_count);
                may_miss = true;
            }
        }
    }
    for (size_t o = 0; o < function->output_count; o++) {
        may_miss |= may_be_null(&function->outputs[o]);
    }
    *mask = may_miss ? present : NULL;
    return HM_OK;
}

static void shift(const hm_function *function, hm_lane *lanes, ptrdiff_t rows) {
    for (size_t i = 0; i < hm_operand_count(function); i++) {
        ptrdiff_t slots = rows * (ptrdiff_t)lanes[i].stride;
        lanes[i].data =
                (char *)lanes[i].data + slots * (ptrdiff_t)hm_slot_size(function, i);
    }
}

int hm_rows_run_present(const hm_walk *walk, hm_lane *lanes, size_t row_count,
        const uint8_t *mask, hm_lanes_failure *failure, void *row_frame) {
    if ((walk->call->traits & HM_CALL_PASSES) != 0) {
        // It decides for all rows, also if none is there.
        return hm_lanes_run(walk->function, lanes, row_count, failure, row_frame,
                walk->plan->alignment);
    }
    size_t row = 0;
    size_t end = 0;
    int code = 0;
    for (; code == 0 && hm_missing_next_present(mask, row_count, &row, &end);
            row = end) {
        shift(walk->function, lanes, (ptrdiff_t)row);
        code = hm_lanes_run(walk->function, lanes, end - row, failure, row_frame,
                walk->plan->alignment);
        shift(walk->function, lanes, -(ptrdiff_t)row);
        failure->row += row;
    }
    return code;
}

static hm_status note_missing(hm_walk *walk, size_t o, const hm_lane *lane,
        size_t row_count, const uint8_t *mask) {
    const hm_function *function = walk->function;
    size_t operand = function->parameter_count + o;
    uint32_t v = walk->operands[operand].value;
    const hm_plan_value *value = hm_walk_value(walk, operand);
    if (walk->run->validities[v].data != mask) {
        HM_TRY(hm_run_reserve_validity(walk->run, v, row_count));
        memcpy(walk->run->validities[v].data, mask, hm_missing_bytes(row_count));
    }
    uint8_t *own = walk->run->validities[v].data;
    if (may_be_null(&function->outputs[o])) {
        hm_missing_mask_null(own, lane->data, row_count);
    }
    if (hm_missing_is_none(own, row_count)) {
        return HM_OK;
    }
    bool is_by_value = value->pass == HM_BY_VALUE && !value->is_expansion;
    // A string that was given would be freed.
    bool is_given = value->ownership == HM_GIVEN;
    size_t size = value->is_expansion ? sizeof(hm_array) : hm_plan_element_size(value);
    hm_missing_fill(hm_missing_kind_of(value->type, is_by_value && !is_given), size,
            lane->data, own, row_count);
    if (!is_by_value || value->type->kind != HM_KIND_FLOAT) {
        hm_walk_slot(walk, operand)->validity = own;
    }
    return HM_OK;
}

hm_status hm_rows_note_missing(
        hm_walk *walk, const hm_lane *lanes, size_t row_count, uint8_t *mask) {
    const hm_function *function = walk->function;
    // The first has the mask that the others are made of.
    for (size_t o = function->output_count; o-- > 0;) {
        HM_TRY(note_missing(
                walk, o, &lanes[function->parameter_count + o], row_count, mask));
    }
    return HM_OK;
}
