// place.c — the third pass: where each value lives, and for how long.
//
// A value ends after its last reader. What is borrowed points into the inputs of its
// maker, so these live at least as long as it does. Buffers of ended arrays are used
// again for later ones over the same dimension.

#include <stdalign.h>
#include <string.h>

#include "base/error.h"
#include "engine/plan.h"
#include "engine/rows.h"

static uint32_t take_slot(hm_plan *plan, size_t size, size_t alignment) {
    size_t at = (plan->frame_size + alignment - 1) & ~(alignment - 1);
    plan->frame_size = at + size;
    if (alignment > plan->frame_alignment) {
        plan->frame_alignment = alignment;
    }
    return at <= UINT32_MAX ? (uint32_t)at : HM_NONE;
}

static bool is_object(const hm_type *type) {
    return type->kind == HM_KIND_STRUCT || type->kind == HM_KIND_OPAQUE;
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
        const hm_function *function = hm_plan_graph_call(plan, c)->function;
        const hm_operand *operands = hm_plan_operands(plan, c);
        for (size_t p = 0; p < function->parameter_count; p++) {
            hm_plan_value *value = &plan->values[operands[p].value];
            if (value->maker == HM_NONE && value->depth == 0 &&
                    function->parameters[p].pass == HM_BY_VALUE) {
                value->pass = HM_BY_VALUE;
            }
        }
    }
}

static hm_status place_slots(hm_plan *plan) {
    for (uint32_t v = 0; v < plan->value_count; v++) {
        hm_plan_value *value = &plan->values[v];
        if (value->depth > 0) {
            value->slot = take_slot(plan, sizeof(hm_array), alignof(hm_array));
        } else if (value->pass == HM_BY_REFERENCE) {
            value->slot = take_slot(plan, sizeof(void *), alignof(void *));
        } else {
            value->slot = take_slot(plan, value->type->size, value->type->alignment);
        }
        if (value->slot == HM_NONE) {
            return HM_NO_MEMORY; // a frame of 4 GiB
        }
    }
    return HM_OK;
}

// What each parameter and output gets: a slot, or for a reader by reference of a struct
// that is stored in the frame, a pointer to its slot.
static void place_operands(hm_plan *plan) {
    for (uint32_t c = 0; c < plan->call_count; c++) {
        const hm_function *function = hm_plan_graph_call(plan, c)->function;
        hm_operand *operands = &plan->operands[plan->calls[c].operands];
        for (size_t p = 0; p < function->parameter_count; p++) {
            hm_plan_value *value = &plan->values[operands[p].value];
            operands[p].slot = value->slot;
            if (function->parameters[p].pass == HM_BY_REFERENCE && value->depth == 0 &&
                    value->pass == HM_BY_VALUE) {
                if (value->address == HM_NONE) {
                    value->address = take_slot(plan, sizeof(void *), alignof(void *));
                }
                operands[p].slot = value->address;
            }
        }
        for (size_t o = 0; o < function->output_count; o++) {
            hm_operand *operand = &operands[function->parameter_count + o];
            operand->slot = plan->values[operand->value].slot;
        }
    }
}

static void use(hm_plan_value *value, uint32_t call) {
    if (value->last_use == HM_NONE || value->last_use < call) {
        value->last_use = call;
    }
}

// From the last call to the first, so that a borrowed value's own end is known before
// it prolongs the lives of what it points into.
static void find_ends(hm_plan *plan) {
    for (uint32_t v = 0; v < plan->value_count; v++) {
        plan->values[v].is_result = plan->values[v].is_wanted;
    }
    for (uint32_t c = plan->call_count; c-- > 0;) {
        const hm_function *function = hm_plan_graph_call(plan, c)->function;
        const hm_operand *operands = hm_plan_operands(plan, c);
        for (size_t p = 0; p < function->parameter_count; p++) {
            use(&plan->values[operands[p].value], c);
        }
        for (size_t o = 0; o < function->output_count; o++) {
            hm_plan_value *output =
                    &plan->values[operands[function->parameter_count + o].value];
            use(output, c);
            if (output->ownership != HM_BORROWED) {
                continue;
            }
            for (size_t p = 0; p < function->parameter_count; p++) {
                hm_plan_value *parameter = &plan->values[operands[p].value];
                parameter->is_result |= output->is_result;
                use(parameter, output->last_use);
            }
        }
    }
}

// Free buffers of one dimension and element size.
typedef struct hm_bin {
    size_t element_size;
    uint32_t next;  // the next of the same dimension
    uint32_t first; // free buffer, or HM_NONE
} hm_bin;

typedef struct hm_allotment {
    hm_plan *plan;
    uint32_t *bin_of; // dimension -> its first bin
    hm_bin *bins;
    uint32_t bin_count;
    uint32_t *next_free; // buffer -> the next free one
    uint32_t *first_end; // call -> the first value that ends there
    uint32_t *next_end;  // value -> the next that ends at the same call
} hm_allotment;

static hm_bin *bin_for(
        hm_allotment *allotment, uint32_t dimension, size_t element_size) {
    uint32_t *link = &allotment->bin_of[dimension];
    while (*link != HM_NONE && allotment->bins[*link].element_size != element_size) {
        link = &allotment->bins[*link].next;
    }
    if (*link == HM_NONE) {
        *link = allotment->bin_count++;
        allotment->bins[*link] = (hm_bin){element_size, HM_NONE, HM_NONE};
    }
    return &allotment->bins[*link];
}

// The levels above the innermost hold arrays.
static size_t level_element_size(const hm_plan_value *value, uint32_t level) {
    return level + 1 < value->depth ? sizeof(hm_array) : hm_plan_element_size(value);
}

static void take_buffers(hm_allotment *allotment, uint32_t id, uint32_t *used) {
    hm_plan *plan = allotment->plan;
    hm_plan_value *value = &plan->values[id];
    value->buffers = *used;
    *used += value->buffer_count;
    for (uint32_t k = 0; k < value->buffer_count; k++) {
        hm_bin *bin =
                bin_for(allotment, value->dimensions[k], level_element_size(value, k));
        uint32_t buffer = bin->first;
        if (buffer != HM_NONE) {
            bin->first = allotment->next_free[buffer];
        } else {
            buffer = plan->buffer_count++;
        }
        plan->buffer_of[value->buffers + k] = buffer;
        plan->last_tenant[buffer] = id;
    }
}

static void give_buffers_back(hm_allotment *allotment, const hm_plan_value *value) {
    for (uint32_t k = 0; k < value->buffer_count; k++) {
        hm_bin *bin =
                bin_for(allotment, value->dimensions[k], level_element_size(value, k));
        uint32_t buffer = allotment->plan->buffer_of[value->buffers + k];
        allotment->next_free[buffer] = bin->first;
        bin->first = buffer;
    }
}

// How many levels of each output are the engine's to allocate; their sum.
static size_t count_buffers(hm_plan *plan) {
    size_t count = 0;
    for (uint32_t c = 0; c < plan->call_count; c++) {
        const hm_function *function = hm_plan_graph_call(plan, c)->function;
        const hm_operand *outputs =
                &hm_plan_operands(plan, c)[function->parameter_count];
        for (size_t o = 0; o < function->output_count; o++) {
            hm_plan_value *value = &plan->values[outputs[o].value];
            value->buffer_count = value->depth - value->is_expansion;
            count += value->buffer_count;
        }
    }
    return count;
}

// Whether a function takes the structs of an array one by one and by reference.
static bool needs_references(const hm_plan *plan, uint32_t call, size_t parameter) {
    const hm_function *function = hm_plan_graph_call(plan, call)->function;
    const hm_plan_value *value =
            &plan->values[hm_plan_operands(plan, call)[parameter].value];
    return function->parameters[parameter].pass == HM_BY_REFERENCE &&
           function->parameters[parameter].shape == HM_ONE && value->depth > 0 &&
           value->pass == HM_BY_VALUE;
}

static size_t count_references(const hm_plan *plan) {
    size_t count = 0;
    for (uint32_t c = 0; c < plan->call_count; c++) {
        size_t parameter_count = hm_plan_graph_call(plan, c)->function->parameter_count;
        for (size_t p = 0; p < parameter_count; p++) {
            count += needs_references(plan, c, p);
        }
    }
    return count;
}

static void place_references(hm_plan *plan) {
    for (uint32_t c = 0; c < plan->call_count; c++) {
        size_t parameter_count = hm_plan_graph_call(plan, c)->function->parameter_count;
        for (size_t p = 0; p < parameter_count; p++) {
            if (needs_references(plan, c, p)) {
                plan->last_tenant[plan->buffer_count] = HM_NONE;
                plan->operands[plan->calls[c].operands + p].references =
                        plan->buffer_count++;
            }
        }
    }
}

static hm_status reserve(
        hm_allotment *allotment, hm_compilation *compilation, size_t buffer_count) {
    hm_plan *plan = allotment->plan;
    hm_arena *scratch = &compilation->arena;
    uint32_t dimension_count = compilation->dimension_count;
    plan->buffer_of =
            hm_arena_array(&plan->arena, buffer_count, sizeof *plan->buffer_of);
    plan->last_tenant =
            hm_arena_array(&plan->arena, buffer_count, sizeof *plan->last_tenant);
    plan->endings =
            hm_arena_array(&plan->arena, plan->value_count, sizeof *plan->endings);
    allotment->bin_of = hm_arena_array(scratch, dimension_count, sizeof(uint32_t));
    allotment->bins = hm_arena_array(scratch, buffer_count, sizeof(hm_bin));
    allotment->next_free = hm_arena_array(scratch, buffer_count, sizeof(uint32_t));
    allotment->first_end = hm_arena_array(scratch, plan->call_count, sizeof(uint32_t));
    allotment->next_end = hm_arena_array(scratch, plan->value_count, sizeof(uint32_t));
    if (plan->buffer_of == NULL || plan->last_tenant == NULL || plan->endings == NULL ||
            allotment->bin_of == NULL || allotment->bins == NULL ||
            allotment->next_free == NULL || allotment->first_end == NULL ||
            allotment->next_end == NULL) {
        return HM_NO_MEMORY;
    }
    memset(allotment->bin_of, 0xff, dimension_count * sizeof(uint32_t));
    memset(allotment->first_end, 0xff, plan->call_count * sizeof(uint32_t));
    return HM_OK;
}

static hm_status place_buffers(hm_compilation *compilation) {
    hm_plan *plan = compilation->plan;
    hm_allotment allotment = {.plan = plan};
    HM_TRY(reserve(
            &allotment, compilation, count_buffers(plan) + count_references(plan)));

    for (uint32_t v = 0; v < plan->value_count; v++) {
        const hm_plan_value *value = &plan->values[v];
        if (!hm_plan_value_must_end(value)) {
            continue;
        }
        plan->endings[plan->ending_count++] = v;
        if (!value->is_result) {
            allotment.next_end[v] = allotment.first_end[value->last_use];
            allotment.first_end[value->last_use] = v;
        }
    }
    uint32_t used = 0;
    for (uint32_t c = 0; c < plan->call_count; c++) {
        const hm_function *function = hm_plan_graph_call(plan, c)->function;
        const hm_operand *outputs =
                &hm_plan_operands(plan, c)[function->parameter_count];
        for (size_t o = 0; o < function->output_count; o++) {
            take_buffers(&allotment, outputs[o].value, &used);
        }
        for (uint32_t v = allotment.first_end[c]; v != HM_NONE;
                v = allotment.next_end[v]) {
            give_buffers_back(&allotment, &plan->values[v]);
        }
    }
    place_references(plan);
    compilation->first_end = allotment.first_end;
    compilation->next_end = allotment.next_end;
    return HM_OK;
}

hm_status hm_plan_place(hm_compilation *compilation) {
    hm_plan *plan = compilation->plan;
    plan->frame_alignment = alignof(max_align_t);
    pass_objects(plan);
    HM_TRY(place_slots(plan));
    place_operands(plan);
    find_ends(plan);
    HM_TRY(place_buffers(compilation));
    for (uint32_t c = 0; c < plan->call_count; c++) {
        size_t size = hm_rows_scratch_size(plan, c);
        plan->scratch_size = size > plan->scratch_size ? size : plan->scratch_size;
    }
    return HM_OK;
}
