// buffers.c — the fifth pass of a schedule: which memory the arrays get. A buffer is
// used again for a later array over the same dimension if both live and end in one
// task, one after the other; what several tasks read has a buffer to itself, since
// nobody knows which of them comes last.

#include <string.h>

#include "base/error.h"
#include "engine/pipeline.h"
#include "engine/plan.h"

// Free buffers of one dimension and element size.
typedef struct hm_bin {
    size_t element_size;
    uint32_t next;  // the next of the same dimension
    uint32_t first; // free buffer, or HM_NONE
} hm_bin;

typedef struct hm_allotment {
    const hm_plan *plan;
    hm_schedule *schedule;
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

static void take_buffers(hm_allotment *allotment, uint32_t id) {
    hm_schedule *schedule = allotment->schedule;
    const hm_plan_value *value = &allotment->plan->values[id];
    for (uint32_t k = 0; k < value->level_count; k++) {
        hm_bin *bin =
                bin_for(allotment, value->dimensions[k], level_element_size(value, k));
        uint32_t buffer = bin->first;
        if (buffer != HM_NONE) {
            bin->first = allotment->next_free[buffer];
        } else {
            buffer = schedule->buffer_count++;
        }
        schedule->buffer_of[value->levels + k] = buffer;
        schedule->last_tenant[buffer] = id;
    }
}

static void give_buffers_back(hm_allotment *allotment, const hm_plan_value *value) {
    for (uint32_t k = 0; k < value->level_count; k++) {
        hm_bin *bin =
                bin_for(allotment, value->dimensions[k], level_element_size(value, k));
        uint32_t buffer = allotment->schedule->buffer_of[value->levels + k];
        allotment->next_free[buffer] = bin->first;
        bin->first = buffer;
    }
}

// One that nothing else is in, at any time.
static void take_own_buffer(hm_allotment *allotment, uint32_t level) {
    hm_schedule *schedule = allotment->schedule;
    schedule->last_tenant[schedule->buffer_count] = HM_NONE;
    schedule->buffer_of[level] = schedule->buffer_count++;
}

static void begin_call(hm_allotment *allotment, uint32_t c) {
    const hm_plan *plan = allotment->plan;
    const hm_function *function = hm_plan_graph_call(plan, c)->function;
    const hm_operand *operands = hm_plan_operands(plan, c);
    allotment->task = allotment->schedule->task_of[c];
    for (size_t p = 0; p < function->parameter_count; p++) {
        if (operands[p].references != HM_NONE) {
            take_own_buffer(allotment, operands[p].references);
        }
    }
    for (size_t o = 0; o < function->output_count; o++) {
        take_buffers(allotment, operands[function->parameter_count + o].value);
    }
}

static void end_call(
        hm_allotment *allotment, const hm_scheduling *scheduling, uint32_t c) {
    const hm_schedule *schedule = allotment->schedule;
    for (uint32_t end = scheduling->first_end[c]; end != HM_NONE;
            end = scheduling->ends[end].next) {
        uint32_t value = scheduling->ends[end].value;
        if (schedule->retirements[value].task == allotment->task) {
            give_buffers_back(allotment, &allotment->plan->values[value]);
        }
    }
}

static hm_status reserve(hm_allotment *allotment, hm_scheduling *scheduling) {
    hm_schedule *schedule = allotment->schedule;
    hm_arena *scratch = &scheduling->arena;
    uint32_t level_count = allotment->plan->level_count;
    uint32_t dimension_count = allotment->plan->dimension_count;
    schedule->buffer_of =
            hm_arena_array(&schedule->arena, level_count, sizeof(uint32_t));
    schedule->last_tenant =
            hm_arena_array(&schedule->arena, level_count, sizeof(uint32_t));
    allotment->bin_of = hm_arena_array(scratch, dimension_count, sizeof(uint32_t));
    allotment->bins = hm_arena_array(scratch, level_count, sizeof(hm_bin));
    allotment->next_free = hm_arena_array(scratch, level_count, sizeof(uint32_t));
    allotment->bin_task = hm_arena_array(scratch, dimension_count, sizeof(uint32_t));
    if (schedule->buffer_of == NULL || schedule->last_tenant == NULL ||
            allotment->bin_of == NULL || allotment->bins == NULL ||
            allotment->next_free == NULL || allotment->bin_task == NULL) {
        return HM_NO_MEMORY;
    }
    memset(allotment->bin_task, 0xff, dimension_count * sizeof(uint32_t));
    return HM_OK;
}

hm_status hm_schedule_buffers(hm_scheduling *scheduling) {
    const hm_plan *plan = scheduling->plan;
    hm_schedule *schedule = scheduling->schedule;
    hm_allotment allotment = {.plan = plan, .schedule = schedule};
    if (plan->level_count == 0) {
        return HM_OK;
    }
    HM_TRY(reserve(&allotment, scheduling));
    uint32_t end;
    for (uint32_t i = 0; i < plan->call_count; i = end) {
        // The members of a pipeline have all of their arrays at once.
        uint32_t pipeline = plan->calls[schedule->order[i]].pipeline;
        end = i + hm_plan_unit_size(plan, schedule->order[i]);
        if (pipeline != HM_NONE && plan->pipelines[pipeline].records != HM_NONE) {
            take_own_buffer(&allotment, plan->pipelines[pipeline].records);
        }
        for (uint32_t k = i; k < end; k++) {
            begin_call(&allotment, schedule->order[k]);
        }
        for (uint32_t k = i; k < end; k++) {
            end_call(&allotment, scheduling, schedule->order[k]);
        }
    }
    return HM_OK;
}
