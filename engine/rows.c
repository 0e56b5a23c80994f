// rows.c — see rows.h.

#include "engine/rows.h"

#include <stdalign.h>
#include <string.h>

#include "base/error.h"
#include "engine/lanes.h"
#include "engine/missing.h"
#include "engine/pipeline.h"
#include "engine/rows_present.h"
#include "engine/validity.h"
#include "engine/walk.h"
#include "graph/data_object.h"

// The hm_scratch memory of a call.
typedef struct hm_scratch {
    hm_lane *lanes;          // by operand
    const hm_array **arrays; // of the walk
    void **references;       // by parameter: the address of an element
    size_t *totals;          // by output: elements of its innermost arrays
    char *row_frame;         // for functions without a map thunk
    size_t size;
} hm_scratch;

static void *take(char *base, size_t *size, size_t bytes, size_t alignment) {
    void *taken = base != NULL ? base + *size : NULL;
    *size += (bytes + alignment - 1) / alignment * alignment;
    return taken;
}

// Lays the hm_scratch memory out; with base NULL, just measures it.
static hm_scratch divide(const hm_plan *plan, uint32_t index, char *base) {
    const hm_plan_call *call = &plan->calls[index];
    hm_scratch scratch = {0};
    bool has_lanes = call->loop_depth > 0 || (call->traits & HM_CALL_REDUCES) != 0;
    if ((!has_lanes || call->pipeline != HM_NONE) &&
            !hm_plan_call_is_async(plan, index)) {
        return scratch;
    }
    const hm_function *function = hm_plan_graph_call(plan, index)->function;
    size_t *size = &scratch.size;
    size_t alignment = plan->alignment;
    size_t count = hm_operand_count(function);
    scratch.lanes = take(base, size, count * sizeof *scratch.lanes, alignment);
    scratch.arrays = take(base, size,
            function->parameter_count * call->loop_depth * sizeof *scratch.arrays,
            alignment);
    scratch.references = take(base, size,
            function->parameter_count * sizeof *scratch.references, alignment);
    scratch.totals = take(
            base, size, function->output_count * sizeof *scratch.totals, alignment);
    scratch.row_frame =
            take(base, size, hm_lanes_frame_size(function, alignment), alignment);
    return scratch;
}

size_t hm_rows_scratch_size(const hm_plan *plan, uint32_t call) {
    return divide(plan, call, NULL).size;
}

static hm_status reserve_level(
        const hm_walk *walk, const hm_plan_value *value, uint32_t level, size_t count) {
    size_t bytes;
    if (__builtin_mul_overflow(count, hm_plan_level_size(value, level), &bytes)) {
        return HM_NO_MEMORY;
    }
    uint32_t buffer = walk->run->schedule->buffer_of[value->levels + level];
    HM_TRY(hm_run_reserve(walk->run, buffer, bytes));
    if (hm_plan_value_must_be_clean(value)) {
        memset(walk->run->buffers[buffer].data, 0, bytes);
    }
    return HM_OK;
}

// Compares the lengths that each row takes, and counts what array outputs will need.
static hm_status count_rows(hm_walk *walk, size_t row_count, size_t *totals) {
    const hm_function *function = walk->function;
    if (function->dimension_count == 0) {
        return HM_OK;
    }
    for (size_t row = 0; row < row_count; row++) {
        HM_TRY(hm_walk_compare_row(walk, row));
        for (size_t o = 0; o < function->output_count; o++) {
            const hm_output *output = &function->outputs[o];
            if (output->shape == HM_ARRAY) {
                size_t first = hm_walk_first_over(function, output->dimension);
                totals[o] += hm_walk_row_array(walk, first, row)->length;
            }
        }
    }
    return HM_OK;
}

// The first walk: lengths agree, and outputs get their memory.
static hm_status prepare(hm_walk *walk, size_t *totals) {
    const hm_function *function = walk->function;
    uint32_t loop_depth = walk->call->loop_depth;
    memset(totals, 0, function->output_count * sizeof *totals);
    hm_walk_restart(walk, false);
    bool found;
    HM_TRY(hm_walk_next(walk, &found));
    while (found) {
        const hm_array *rows = hm_walk_array(walk, walk->call->leader, loop_depth - 1);
        HM_TRY(count_rows(walk, rows->length, totals));
        HM_TRY(hm_walk_next(walk, &found));
    }
    for (size_t o = 0; o < function->output_count; o++) {
        const hm_plan_value *value = hm_walk_value(walk, function->parameter_count + o);
        for (uint32_t level = 0; level < value->level_count; level++) {
            size_t count = level < loop_depth ? walk->used[level] : totals[o];
            HM_TRY(reserve_level(walk, value, level, count));
        }
        totals[o] = 0; // from here on: how many are taken
    }
    return HM_OK;
}

// Pointers to the structs of an array, for a function that takes each by reference.
static hm_status refer_to_rows(
        const hm_walk *walk, size_t parameter, const hm_array *rows, hm_lane *lane) {
    uint32_t buffer =
            walk->run->schedule->buffer_of[walk->operands[parameter].references];
    HM_TRY(hm_run_reserve(walk->run, buffer, rows->length * sizeof(void *)));
    void **references = walk->run->buffers[buffer].data;
    size_t size = hm_walk_value(walk, parameter)->type->size;
    for (size_t row = 0; row < rows->length; row++) {
        references[row] = (char *)rows->data + row * size;
    }
    *lane = (hm_lane){.data = references, .stride = 1};
    return HM_OK;
}

static hm_status parameter_lane(hm_walk *walk, size_t parameter, bool may_miss,
        void **reference, hm_lane *lane) {
    const hm_plan_value *value = hm_walk_value(walk, parameter);
    uint32_t levels = hm_walk_stack(walk, parameter);
    if (levels == 0) {
        *lane = (hm_lane){.data = hm_walk_slot(walk, parameter)};
        return HM_OK;
    }
    bool refers = walk->function->parameters[parameter].pass == HM_BY_REFERENCE &&
                  value->pass == HM_BY_VALUE;
    const hm_array *array = hm_walk_array(walk, parameter, levels - 1);
    if (levels == walk->call->loop_depth) {
        if (!may_miss) {
            HM_TRY(hm_walk_refuse_missing(walk, parameter, array, 0));
        }
        if (refers) {
            return refer_to_rows(walk, parameter, array, lane);
        }
        *lane = (hm_lane){.data = array->data, .stride = 1};
        return HM_OK;
    }
    HM_TRY(hm_walk_refuse_missing_at(
            walk, parameter, array, levels, walk->index[levels - 1]));
    char *element = array->data;
    element += walk->index[levels - 1] * hm_plan_level_size(value, levels - 1);
    *reference = element;
    *lane = (hm_lane){.data = refers ? (void *)reference : element};
    return HM_OK;
}

// Gives the rows of an array output their arrays.
static void output_rows(
        const hm_walk *walk, size_t o, size_t row_count, size_t *total) {
    const hm_function *function = walk->function;
    const hm_plan_value *value = hm_walk_value(walk, function->parameter_count + o);
    uint32_t innermost = walk->call->loop_depth;
    hm_array *rows = hm_walk_buffer(walk, value, innermost - 1);
    rows += walk->start[innermost - 1];
    char *elements = hm_walk_buffer(walk, value, innermost);
    size_t size = hm_plan_level_size(value, innermost);
    size_t first = hm_walk_first_over(function, function->outputs[o].dimension);
    for (size_t row = 0; row < row_count; row++) {
        size_t length = hm_walk_row_array(walk, first, row)->length;
        rows[row] = (hm_array){.data = elements + *total * size, .length = length};
        *total += length;
    }
}

static hm_lane output_lane(const hm_walk *walk, size_t o) {
    const hm_plan_value *value =
            hm_walk_value(walk, walk->function->parameter_count + o);
    uint32_t level = walk->call->loop_depth - 1;
    char *data = hm_walk_buffer(walk, value, level);
    return (hm_lane){
            .data = data + walk->start[level] * hm_plan_level_size(value, level),
            .stride = 1};
}

static hm_status node_failed(
        const hm_walk *walk, int code, const hm_lanes_failure *where) {
    // What passes rows on decides for all of an array.
    uint32_t depth = walk->call->loop_depth;
    bool is_of_all = depth > 0 && (walk->call->traits & HM_CALL_PASSES) != 0;
    *walk->failure = (hm_failure){.status = HM_NODE_FAILED,
            .code = code,
            .said = hm_failure_said(code),
            .depth = depth - is_of_all,
            .null = where->null,
            .start = where->start,
            .count = where->count};
    memcpy(walk->failure->place, walk->index, sizeof walk->index);
    if (walk->call->loop_depth > 0) {
        walk->failure->place[walk->call->loop_depth - 1] = where->row;
    }
    return HM_NODE_FAILED;
}

// Lays the lanes of one innermost array, whose rows may be missing or are refused then;
// returns its rows.
static hm_status lay_lanes(
        hm_walk *walk, const hm_scratch *scratch, bool may_miss, size_t *row_count) {
    const hm_function *function = walk->function;
    uint32_t innermost = walk->call->loop_depth - 1;
    *row_count = hm_walk_array(walk, walk->call->leader, innermost)->length;
    for (size_t p = 0; p < function->parameter_count; p++) {
        HM_TRY(parameter_lane(
                walk, p, may_miss, &scratch->references[p], &scratch->lanes[p]));
    }
    for (size_t o = 0; o < function->output_count; o++) {
        if (function->outputs[o].shape == HM_ARRAY) {
            output_rows(walk, o, *row_count, &scratch->totals[o]);
        }
        scratch->lanes[function->parameter_count + o] = output_lane(walk, o);
    }
    return HM_OK;
}

static hm_status run_rows(hm_walk *walk, const hm_scratch *scratch) {
    const hm_function *function = walk->function;
    size_t row_count;
    bool may_miss = hm_rows_may_miss(walk);
    uint8_t *mask = NULL;
    HM_TRY(lay_lanes(walk, scratch, may_miss, &row_count));
    hm_lanes_failure failure;
    if (may_miss) {
        HM_TRY(hm_rows_find_present(walk, row_count, &mask));
    }
    if (mask != NULL) {
        int status = hm_rows_run_present(
                walk, scratch->lanes, row_count, mask, &failure, scratch->row_frame);
        return status != 0
                       ? node_failed(walk, status, &failure)
                       : hm_rows_note_missing(walk, scratch->lanes, row_count, mask);
    }
    int code = hm_lanes_run(function, scratch->lanes, row_count, &failure,
            scratch->row_frame, walk->plan->alignment);
    return code != 0 ? node_failed(walk, code, &failure) : HM_OK;
}

static hm_status run_mapped(hm_walk *walk, const hm_scratch *scratch) {
    walk->arrays = scratch->arrays;
    HM_TRY(prepare(walk, scratch->totals));
    hm_walk_restart(walk, true);
    bool found;
    HM_TRY(hm_walk_next(walk, &found));
    while (found) {
        HM_TRY(run_rows(walk, scratch));
        HM_TRY(hm_walk_next(walk, &found));
    }
    return HM_OK;
}

// A value's slot in the frame; a row of a mapped function has smaller or larger ones.
static void forget_outputs(const hm_walk *walk) {
    const hm_function *function = walk->function;
    for (size_t o = 0; o < function->output_count; o++) {
        size_t operand = function->parameter_count + o;
        const hm_plan_value *value = hm_walk_value(walk, operand);
        memset(hm_walk_slot(walk, operand), 0,
                value->depth > 0 ? sizeof(hm_array) : hm_plan_element_size(value));
    }
}

// Makes room for the arrays of a call that is not mapped.
static hm_status prepare_once(hm_walk *walk) {
    const hm_function *function = walk->function;
    HM_TRY(hm_walk_compare_row(walk, 0));
    for (size_t o = 0; o < function->output_count; o++) {
        const hm_output *output = &function->outputs[o];
        size_t operand = function->parameter_count + o;
        if (output->shape == HM_ARRAY) {
            size_t first = hm_walk_first_over(function, output->dimension);
            size_t length = hm_walk_row_array(walk, first, 0)->length;
            const hm_plan_value *value = hm_walk_value(walk, operand);
            HM_TRY(reserve_level(walk, value, 0, length));
            *hm_walk_slot(walk, operand) = (hm_array){
                    .data = hm_walk_buffer(walk, value, 0), .length = length};
        }
    }
    return HM_OK;
}

static void lay_slots(const hm_walk *walk, const hm_scratch *scratch) {
    for (size_t i = 0; i < hm_operand_count(walk->function); i++) {
        uint32_t slot = walk->plan->slots[walk->call->operands + i];
        scratch->lanes[i] = (hm_lane){.data = hm_run_frame_at(walk->run, slot)};
    }
}

// What a function makes without failing: an expansion must not be a null pointer.
static hm_status refuse_null(hm_walk *walk) {
    const hm_function *function = walk->function;
    for (uint32_t o = 0; o < function->output_count; o++) {
        hm_array *array = hm_walk_slot(walk, function->parameter_count + o);
        if (function->outputs[o].shape == HM_EXPANSION && array->data == NULL &&
                array->length > 0) {
            const hm_lanes_failure failure = {.null = {o, array->length}};
            array->length = 0;
            return node_failed(walk, HM_LANES_NULL, &failure);
        }
    }
    return HM_OK;
}

// Strings of an array that are null pointers are missing.
static hm_status note_null_strings(const hm_walk *walk) {
    const hm_function *function = walk->function;
    for (size_t o = 0; o < function->output_count; o++) {
        const hm_output *output = &function->outputs[o];
        uint32_t v = walk->operands[function->parameter_count + o].value;
        hm_array *array = hm_walk_slot(walk, function->parameter_count + o);
        if (output->shape == HM_ONE || !hm_plan_output_may_be_null(output) ||
                !hm_missing_has_null(array->data, array->length)) {
            continue;
        }
        HM_TRY(hm_run_reserve_validity(walk->run, v, array->length));
        array->validity = walk->run->validities[v].data;
        hm_missing_mask_null(array->validity, array->data, array->length);
    }
    return HM_OK;
}

// A load is told if nobody needs its first output, see data_object.h.
static void tell_load(const hm_walk *walk) {
    size_t first = walk->function->parameter_count;
    if ((walk->call->traits & HM_CALL_LENDS) != 0 &&
            hm_walk_value(walk, first)->node == HM_NONE) {
        const void *untold = &hm_data_untold;
        memcpy(hm_walk_slot(walk, first), &untold, sizeof untold);
    }
}

static hm_status run_once(hm_walk *walk, const hm_scratch *scratch) {
    const hm_function *function = walk->function;
    const uint32_t *at = &walk->plan->slots[walk->call->operands];
    hm_lanes_failure failure = {0};
    int code;
    HM_TRY(prepare_once(walk));
    if (function->combine != NULL) {
        lay_slots(walk, scratch);
        code = hm_lanes_run(function, scratch->lanes, 1, &failure, scratch->row_frame,
                walk->plan->alignment);
    } else {
        tell_load(walk);
        code = hm_validity_call(function, walk->run->frame, at);
    }
    if (code != 0) {
        forget_outputs(walk);
        return node_failed(walk, code, &failure);
    }
    HM_TRY(refuse_null(walk));
    return note_null_strings(walk);
}

hm_status hm_rows_begin(hm_walk *walk) {
    const hm_function *function = walk->function;
    forget_outputs(walk);
    for (size_t o = 0; o < function->output_count; o++) {
        size_t operand = function->parameter_count + o;
        walk->run->is_live[walk->operands[operand].value] = true;
    }
    for (uint32_t p = 0; p < function->parameter_count; p++) {
        const void *const *slot = (const void *const *)hm_walk_slot(walk, p);
        if (hm_plan_operand_may_be_null(walk->plan, walk->call, p) && *slot == NULL) {
            *walk->failure = (hm_failure){
                    .status = HM_BAD_DATA, .is_null = true, .parameters = {p}};
            return HM_BAD_DATA;
        }
    }
    return HM_OK;
}

hm_status hm_rows_run(hm_run *run, uint32_t call, hm_failure *failure) {
    uint32_t pipeline = run->plan->calls[call].pipeline;
    if (pipeline != HM_NONE) {
        return hm_pipeline_run_alone(run, pipeline, failure);
    }
    hm_walk walk = hm_walk_of(run, call, failure);
    hm_scratch scratch = divide(walk.plan, call, run->scratch + walk.call->scratch);
    HM_TRY(hm_rows_begin(&walk));
    hm_status status = walk.call->loop_depth > 0 ? run_mapped(&walk, &scratch)
                                                 : run_once(&walk, &scratch);
    if (status == HM_NO_MEMORY || status == HM_TOO_LARGE) {
        *failure = (hm_failure){.status = status};
    }
    return status;
}

// The only array of a call that is mapped over one dimension, or its slots.
static hm_status open_rows(hm_walk *walk, hm_scratch *scratch, size_t *row_count) {
    if (walk->call->loop_depth > 0) {
        walk->arrays = scratch->arrays;
        HM_TRY(prepare(walk, scratch->totals));
        hm_walk_restart(walk, true);
        bool found;
        HM_TRY(hm_walk_next(walk, &found));
        return lay_lanes(walk, scratch, false, row_count);
    }
    HM_TRY(prepare_once(walk));
    lay_slots(walk, scratch);
    *row_count = 1;
    return HM_OK;
}

hm_status hm_rows_open(hm_run *run, uint32_t call, const hm_lane **lanes,
        size_t *row_count, hm_failure *failure) {
    hm_walk walk = hm_walk_of(run, call, failure);
    hm_scratch scratch = divide(walk.plan, call, run->scratch + walk.call->scratch);
    HM_TRY(hm_rows_begin(&walk));
    hm_status status = open_rows(&walk, &scratch, row_count);
    if (status == HM_NO_MEMORY || status == HM_TOO_LARGE) {
        *failure = (hm_failure){.status = status};
    }
    *lanes = scratch.lanes;
    return status;
}

void hm_rows_forget(hm_run *run, uint32_t call, size_t row) {
    hm_walk walk = hm_walk_of(run, call, NULL);
    hm_scratch scratch = divide(walk.plan, call, run->scratch + walk.call->scratch);
    hm_lanes_forget(walk.function, scratch.lanes, row);
}
