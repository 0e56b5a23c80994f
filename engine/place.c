// place.c — the pass after blocks: where in the frame each value lives, and what the
// thunks get; and which levels of which values need memory beside the frame.

#include <stdalign.h>

#include "base/error.h"
#include "engine/pipeline.h"
#include "engine/plan.h"
#include "engine/rows.h"
#include "graph/whole.h"

static uint32_t take_slot(hm_plan *plan, size_t size, size_t alignment) {
    size_t at = (plan->frame_size + alignment - 1) & ~(alignment - 1);
    plan->frame_size = at + size;
    return (uint32_t)at; // that it fits is seen when all are taken
}

static bool is_object(const hm_type *type) {
    return type->kind == HM_KIND_STRUCT || type->kind == HM_KIND_OPAQUE;
}

static bool takes_reference(const hm_plan *plan, uint32_t call, size_t p) {
    return (plan->calls[call].traits & HM_CALL_HAS_OBJECTS) != 0 &&
           hm_plan_graph_call(plan, call)->function->parameters[p].pass ==
                   HM_BY_REFERENCE;
}

// An object that is only read by reference is not copied: readers see the caller's own.
static void pass_objects(hm_plan *plan) {
    for (uint32_t i = 0; i < plan->input_count; i++) {
        hm_plan_value *value = &plan->values[plan->inputs[i].value];
        if (value->depth == 0 && is_object(value->type)) {
            value->pass = HM_BY_REFERENCE;
        }
    }
    for (uint32_t c = 0; c < plan->call_count; c++) {
        const hm_operand *operands = hm_plan_operands(plan, c);
        for (size_t p = 0; p < plan->calls[c].parameter_count; p++) {
            hm_plan_value *value = &plan->values[operands[p].value];
            if (value->maker == HM_NONE && value->depth == 0 &&
                    !takes_reference(plan, c, p)) {
                value->pass = HM_BY_VALUE;
            }
        }
    }
}

size_t hm_plan_slot_size(const hm_plan_value *value) {
    return value->depth > 0 ? sizeof(hm_array) : hm_plan_element_size(value);
}

static void place_slots(hm_plan *plan) {
    for (uint32_t v = 0; v < plan->value_count; v++) {
        hm_plan_value *value = &plan->values[v];
        size_t alignment = value->depth > 0                 ? alignof(hm_array)
                           : value->pass == HM_BY_REFERENCE ? alignof(void *)
                                                            : value->type->alignment;
        value->slot = take_slot(plan, hm_plan_slot_size(value), alignment);
        if (value->type->alignment > plan->alignment) {
            plan->alignment = value->type->alignment;
        }
    }
}

static uint32_t take_once(
        hm_plan *plan, uint32_t *place, size_t size, size_t alignment) {
    if (*place == HM_NONE) {
        *place = take_slot(plan, size, alignment);
    }
    return *place;
}

// What a parameter gets: a slot, or for a reader by reference of a struct that is
// stored in the frame, a pointer to its slot, or for who takes one value as an array,
// such an array, or for who takes it whole, a description.
static uint32_t place_parameter(hm_plan *plan, uint32_t call, size_t p) {
    hm_plan_value *value = &plan->values[hm_plan_operands(plan, call)[p].value];
    if (hm_plan_takes_whole(plan, call, p)) {
        return take_once(plan, &value->whole, sizeof(hm_whole), alignof(hm_whole));
    }
    if (takes_reference(plan, call, p) && value->depth == 0 &&
            value->pass == HM_BY_VALUE) {
        return take_once(plan, &value->address, sizeof(void *), alignof(void *));
    }
    if (hm_plan_call_takes_one(plan, call)) {
        return take_once(plan, &value->array, sizeof(hm_array), alignof(hm_array));
    }
    return value->slot;
}

static void place_operands(hm_plan *plan) {
    for (uint32_t c = 0; c < plan->call_count; c++) {
        const hm_plan_call *call = &plan->calls[c];
        const hm_operand *operands = hm_plan_operands(plan, c);
        uint32_t *slots = &plan->slots[call->operands];
        for (size_t p = 0; p < call->parameter_count; p++) {
            slots[p] = place_parameter(plan, c, p);
        }
        for (size_t o = 0; o < call->output_count; o++) {
            size_t operand = call->parameter_count + o;
            slots[operand] = plan->values[operands[operand].value].slot;
        }
    }
}

// Levels that the engine allocates: all but the innermost of an expansion. What
// pipelines make has inner arrays in a stock.
static void place_levels(hm_plan *plan) {
    for (uint32_t v = 0; v < plan->value_count; v++) {
        hm_plan_value *value = &plan->values[v];
        value->levels = plan->level_count;
        bool is_made = value->maker != HM_NONE && !value->is_inner &&
                       value->same_as == HM_NONE;
        value->level_count = is_made ? value->depth - value->is_expansion : 0;
        if (is_made && value->level_count > 1 &&
                plan->calls[value->maker].pipeline != HM_NONE) {
            value->level_count = 1;
        }
        plan->level_count += value->level_count;
    }
}

// Whether a function takes the structs of an array one by one and by reference.
static bool needs_references(const hm_plan *plan, uint32_t call, size_t parameter) {
    if (plan->calls[call].pipeline != HM_NONE ||
            !takes_reference(plan, call, parameter)) {
        return false;
    }
    const hm_function *function = hm_plan_graph_call(plan, call)->function;
    const hm_plan_value *value =
            &plan->values[hm_plan_operands(plan, call)[parameter].value];
    return function->parameters[parameter].shape == HM_ONE && value->depth > 0 &&
           value->pass == HM_BY_VALUE;
}

static void place_references(hm_plan *plan) {
    for (uint32_t c = 0; c < plan->call_count; c++) {
        hm_operand *operands = &plan->operands[plan->calls[c].operands];
        size_t count = plan->calls[c].parameter_count;
        for (size_t p = 0; p < count; p++) {
            operands[p].references =
                    needs_references(plan, c, p) ? plan->level_count++ : HM_NONE;
        }
    }
}

// Records of chunks that reductions fill, on cache lines of their own.
static void place_records(hm_plan *plan) {
    for (uint32_t i = 0; i < plan->pipeline_count; i++) {
        hm_pipeline *pipeline = &plan->pipelines[i];
        size_t lines = (pipeline->record_size + plan->alignment - 1) / plan->alignment;
        pipeline->record_size = lines * plan->alignment;
        pipeline->records =
                pipeline->reduction_count > 0 ? plan->level_count++ : HM_NONE;
    }
}

hm_status hm_plan_place(hm_compilation *compilation) {
    hm_plan *plan = compilation->plan;
    plan->alignment = HM_CACHE_LINE;
    plan->frame_size = sizeof(hm_frame_head);
    pass_objects(plan);
    place_slots(plan);
    place_operands(plan);
    take_slot(plan, 0, plan->alignment); // no other memory on the last line
    if (plan->frame_size > UINT32_MAX) {
        return HM_NO_MEMORY; // offsets have 32 bits
    }
    place_levels(plan);
    place_references(plan);
    place_records(plan);
    for (uint32_t c = 0; c < plan->call_count; c++) {
        plan->calls[c].scratch = plan->scratch_size;
        plan->scratch_size += hm_rows_scratch_size(plan, c);
    }
    for (uint32_t i = 0; i < plan->pipeline_count; i++) {
        plan->pipelines[i].scratch = plan->scratch_size;
        plan->scratch_size += hm_pipeline_scratch_size(plan, &plan->pipelines[i]);
    }
    return HM_OK;
}
