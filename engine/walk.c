// walk.c — see walk.h.

#include "engine/walk.h"

#include <string.h>

#include "base/error.h"
#include "engine/missing.h"

hm_walk hm_walk_of(hm_run *run, uint32_t call, hm_failure *failure) {
    const hm_plan *plan = run->plan;
    return (hm_walk){.run = run,
            .plan = plan,
            .call = &plan->calls[call],
            .function = hm_plan_graph_call(plan, call)->function,
            .operands = hm_plan_operands(plan, call),
            .failure = failure};
}

void hm_walk_restart(hm_walk *walk, bool is_filling) {
    memset(walk->used, 0, sizeof walk->used);
    walk->has_begun = false;
    walk->is_filling = is_filling;
}

const hm_plan_value *hm_walk_value(const hm_walk *walk, size_t operand) {
    return &walk->plan->values[walk->operands[operand].value];
}

hm_array *hm_walk_slot(const hm_walk *walk, size_t operand) {
    return hm_run_frame_at(
            walk->run, walk->plan->slots[walk->call->operands + operand]);
}

// How many levels of the loop the parameter has itself; it is the same in all others.
uint32_t hm_walk_stack(const hm_walk *walk, size_t parameter) {
    return hm_walk_value(walk, parameter)->depth -
           (walk->function->parameters[parameter].shape == HM_ARRAY);
}

const hm_array *hm_walk_array(const hm_walk *walk, size_t parameter, uint32_t level) {
    return walk->arrays[parameter * walk->call->loop_depth + level];
}

static const hm_array *leader_at(const hm_walk *walk, uint32_t level) {
    return hm_walk_array(walk, walk->call->leader, level);
}

void *hm_walk_buffer(const hm_walk *walk, const hm_plan_value *value, uint32_t level) {
    return walk->run->buffers[walk->run->schedule->buffer_of[value->levels + level]]
            .data;
}

static hm_status mismatch(hm_walk *walk, uint32_t depth, size_t a, size_t a_length,
        size_t b, size_t b_length) {
    *walk->failure = (hm_failure){.status = HM_LENGTH_MISMATCH,
            .depth = depth,
            .parameters = {(uint32_t)a, (uint32_t)b},
            .lengths = {a_length, b_length}};
    memcpy(walk->failure->place, walk->index, depth * sizeof *walk->index);
    return HM_LENGTH_MISMATCH;
}

// Gives the outputs their arrays of this level, as long as the leader's.
static void fill_level(hm_walk *walk, uint32_t level, size_t length) {
    for (size_t o = 0; o < walk->function->output_count; o++) {
        size_t operand = walk->function->parameter_count + o;
        const hm_plan_value *value = hm_walk_value(walk, operand);
        hm_array *array = hm_walk_slot(walk, operand);
        if (level > 0) {
            array = hm_walk_buffer(walk, value, level - 1);
            array += walk->start[level - 1] + walk->index[level - 1];
        }
        char *data = hm_walk_buffer(walk, value, level);
        *array = (hm_array){
                .data = data + walk->start[level] * hm_plan_level_size(value, level),
                .length = length};
    }
}

// Takes the arrays of a level, for all parameters that have it.
static hm_status enter(hm_walk *walk, uint32_t level) {
    const hm_function *function = walk->function;
    for (size_t p = 0; p < function->parameter_count; p++) {
        if (hm_walk_stack(walk, p) <= level) {
            continue;
        }
        const hm_array *array = hm_walk_slot(walk, p);
        if (level > 0) {
            const hm_array *outer = hm_walk_array(walk, p, level - 1);
            HM_TRY(hm_walk_refuse_missing_at(
                    walk, p, outer, level, walk->index[level - 1]));
            array = outer->data;
            array += walk->index[level - 1];
        }
        walk->arrays[p * walk->call->loop_depth + level] = array;
    }
    size_t length = leader_at(walk, level)->length;
    for (size_t p = 0; p < function->parameter_count; p++) {
        if (hm_walk_stack(walk, p) > level &&
                hm_walk_array(walk, p, level)->length != length) {
            return mismatch(walk, level, walk->call->leader, length, p,
                    hm_walk_array(walk, p, level)->length);
        }
    }
    walk->start[level] = walk->used[level];
    walk->used[level] += length;
    walk->index[level] = 0;
    if (walk->is_filling) {
        fill_level(walk, level, length);
    }
    return HM_OK;
}

// Goes on to the next innermost array; *found becomes false after the last.
hm_status hm_walk_next(hm_walk *walk, bool *found) {
    uint32_t innermost = walk->call->loop_depth - 1;
    uint32_t level = 0;
    *found = false;
    if (!walk->has_begun) {
        walk->has_begun = true;
        HM_TRY(enter(walk, 0));
    } else if (innermost == 0) {
        return HM_OK;
    } else {
        level = innermost - 1;
        walk->index[level]++;
    }
    while (level < innermost) {
        if (walk->index[level] < leader_at(walk, level)->length) {
            HM_TRY(enter(walk, ++level));
        } else if (level == 0) {
            return HM_OK;
        } else {
            walk->index[--level]++;
        }
    }
    *found = true;
    return HM_OK;
}

// The array that an array parameter takes in a row of the innermost array.
const hm_array *hm_walk_row_array(const hm_walk *walk, size_t parameter, size_t row) {
    uint32_t levels = hm_walk_stack(walk, parameter);
    if (levels == 0) {
        return hm_walk_slot(walk, parameter);
    }
    const hm_array *elements = hm_walk_array(walk, parameter, levels - 1)->data;
    bool is_innermost = levels == walk->call->loop_depth;
    return &elements[is_innermost ? row : walk->index[levels - 1]];
}

// The first array parameter over a dimension of the signature, or the parameter count.
size_t hm_walk_first_over(const hm_function *function, uint32_t dimension) {
    size_t p = 0;
    while (p < function->parameter_count &&
            (function->parameters[p].shape != HM_ARRAY ||
                    function->parameters[p].dimension != dimension)) {
        p++;
    }
    return p;
}

hm_status hm_walk_refuse_missing(
        hm_walk *walk, size_t parameter, const hm_array *array, size_t row) {
    const hm_parameter *reader = &walk->function->parameters[parameter];
    uint32_t depth = walk->call->loop_depth;
    size_t first = 0;
    if (array->validity == NULL || reader->type->kind == HM_KIND_FLOAT ||
            (reader->is_nullable && depth == 0)) {
        return HM_OK;
    }
    size_t count = hm_missing_count(array, &first);
    if (count == 0) {
        return HM_OK;
    }
    *walk->failure = (hm_failure){.status = HM_BAD_DATA,
            .depth = depth,
            .parameters = {(uint32_t)parameter},
            .lengths = {count, first}};
    if (depth > 0) {
        walk->index[depth - 1] = row;
    }
    memcpy(walk->failure->place, walk->index, depth * sizeof *walk->index);
    return HM_BAD_DATA;
}

hm_status hm_walk_refuse_missing_at(hm_walk *walk, size_t parameter,
        const hm_array *array, uint32_t level, size_t element) {
    bool is_array = level < hm_walk_value(walk, parameter)->depth;
    bool is_nan = !is_array &&
                  walk->function->parameters[parameter].type->kind == HM_KIND_FLOAT;
    if (array->validity == NULL || is_nan ||
            (array->validity[element / 8] >> element % 8 & 1) != 0) {
        return HM_OK;
    }
    size_t first = 0;
    size_t count = hm_missing_count(array, &first);
    *walk->failure = (hm_failure){.status = HM_BAD_DATA,
            .parameters = {(uint32_t)parameter},
            .lengths = {count, first}};
    return HM_BAD_DATA;
}

// Compares the lengths of the arrays that one row takes.
hm_status hm_walk_compare_row(hm_walk *walk, size_t row) {
    const hm_function *function = walk->function;
    for (size_t p = 0; p < function->parameter_count; p++) {
        if (function->parameters[p].shape != HM_ARRAY) {
            continue;
        }
        size_t first = hm_walk_first_over(function, function->parameters[p].dimension);
        size_t expected = hm_walk_row_array(walk, first, row)->length;
        const hm_array *array = hm_walk_row_array(walk, p, row);
        size_t found = array->length;
        if (found != expected) {
            uint32_t depth = walk->call->loop_depth;
            if (depth > 0) {
                walk->index[depth - 1] = row;
            }
            return mismatch(walk, depth, first, expected, p, found);
        }
        HM_TRY(hm_walk_refuse_missing(walk, p, array, row));
    }
    return HM_OK;
}
