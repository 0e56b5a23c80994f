// buffers.c — the sixth pass: which memory the arrays get. A buffer is used again for a
// later array over the same dimension if both live and end in one task, one after the
// other; what several tasks read has a buffer to itself, since nobody knows which of
// them comes last.

#include <string.h>

#include "base/error.h"
#include "engine/plan.h"

// Free buffers of one dimension and element size.
typedef struct hm_bin {
    size_t element_size;
    uint32_t next;  // the next of the same dimension
    uint32_t first; // free buffer, or HM_NONE
} hm_bin;

typedef struct hm_allotment {
    hm_plan *plan;
    uint32_t *bin_of;   // dimension -> its first bin
    uint32_t *bin_task; // dimension -> the task whose bins these are
    hm_bin *bins;
    uint32_t bin_count;
    uint32_t task;
    uint32_t *next_free; // buffer -> the next free one
} hm_allotment;

static hm_bin *bin_for(
        hm_allotment *allotment, uint32_t dimension, size_t element_size) {
    if (allotment->bin_task[dimension] != allotment->task) {
        allotment->bin_task[dimension] = allotment->task;
        allotment->bin_of[dimension] = HM_NONE;
    }
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
    allotment->bin_of = hm_arena_array(scratch, dimension_count, sizeof(uint32_t));
    allotment->bins = hm_arena_array(scratch, buffer_count, sizeof(hm_bin));
    allotment->next_free = hm_arena_array(scratch, buffer_count, sizeof(uint32_t));
    allotment->bin_task = hm_arena_array(scratch, dimension_count, sizeof(uint32_t));
    if (plan->buffer_of == NULL || plan->last_tenant == NULL ||
            allotment->bin_of == NULL || allotment->bins == NULL ||
            allotment->next_free == NULL || allotment->bin_task == NULL) {
        return HM_NO_MEMORY;
    }
    memset(allotment->bin_task, 0xff, dimension_count * sizeof(uint32_t));
    return HM_OK;
}

hm_status hm_plan_buffers(hm_compilation *compilation) {
    hm_plan *plan = compilation->plan;
    hm_allotment allotment = {.plan = plan};
    HM_TRY(reserve(
            &allotment, compilation, count_buffers(plan) + count_references(plan)));
    uint32_t used = 0;
    for (uint32_t i = 0; i < plan->call_count; i++) {
        uint32_t c = plan->order[i];
        allotment.task = plan->calls[c].task;
        const hm_function *function = hm_plan_graph_call(plan, c)->function;
        const hm_operand *outputs =
                &hm_plan_operands(plan, c)[function->parameter_count];
        for (size_t o = 0; o < function->output_count; o++) {
            take_buffers(&allotment, outputs[o].value, &used);
        }
        for (uint32_t end = compilation->first_end[c]; end != HM_NONE;
                end = compilation->ends[end].next) {
            const hm_plan_value *value = &plan->values[compilation->ends[end].value];
            if (value->task == allotment.task) {
                give_buffers_back(&allotment, value);
            }
        }
    }
    place_references(plan);
    return HM_OK;
}
