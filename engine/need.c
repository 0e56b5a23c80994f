// need.c — how much memory a run takes, before there is one.

#include <stdatomic.h>

#include "engine/course.h"
#include "engine/pipeline.h"
#include "engine/plan.h"
#include "engine/plan_state.h"
#include "engine/reduce.h"
#include "engine/run.h"
#include "engine/stock.h"

bool hm_plan_level_bytes(const hm_plan *plan, const hm_plan_value *value,
        uint32_t level, size_t *bytes) {
    bool is_innermost = level + 1 == value->depth;
    *bytes = is_innermost ? hm_plan_element_size(value) : sizeof(hm_array);
    for (uint32_t k = 0; k <= level; k++) {
        size_t length = plan->lengths[value->dimensions[k]];
        if (length == SIZE_MAX || __builtin_mul_overflow(*bytes, length, bytes)) {
            return false;
        }
    }
    return true;
}

bool hm_plan_reference_bytes(
        const hm_plan *plan, const hm_operand *operand, size_t *bytes) {
    const hm_plan_value *value = &plan->values[operand->value];
    size_t length = plan->lengths[value->dimensions[value->depth - 1]];
    return length != SIZE_MAX && !__builtin_mul_overflow(length, sizeof(void *), bytes);
}

bool hm_plan_record_bytes(
        const hm_plan *plan, const hm_pipeline *pipeline, size_t *bytes) {
    size_t length = hm_pipeline_length(plan, pipeline);
    if (length == SIZE_MAX || __builtin_mul_overflow(hm_reduce_chunk_count(length),
                                      pipeline->record_size, bytes)) {
        return false;
    }
    // No more than some thousand rows for each worker.
    *bytes += hm_course_chunk_count(plan, length) * hm_course_chunk_room(length) *
              pipeline->chunk_row_size;
    return true;
}

static void add_records(const hm_plan *plan, hm_plan_need *need) {
    for (uint32_t i = 0; i < plan->pipeline_count; i++) {
        size_t bytes;
        if (plan->pipelines[i].records == HM_NONE) {
            continue;
        }
        if (hm_plan_record_bytes(plan, &plan->pipelines[i], &bytes)) {
            need->arrays += bytes;
        } else {
            need->is_known = false;
        }
    }
}

static void add_references(const hm_plan *plan, hm_plan_need *need) {
    for (uint32_t o = 0; o < plan->operand_count; o++) {
        size_t bytes;
        if (plan->operands[o].references == HM_NONE) {
            continue;
        }
        if (hm_plan_reference_bytes(plan, &plan->operands[o], &bytes)) {
            need->arrays += bytes;
        } else {
            need->is_known = false;
        }
    }
}

// A buffer is as large as the largest array that lives in it.
static void add_arrays(
        const hm_plan *plan, const hm_schedule *schedule, hm_plan_need *need) {
    need->is_known = true;
    for (uint32_t v = 0; v < plan->value_count; v++) {
        const hm_plan_value *value = &plan->values[v];
        bool is_in_stock = value->maker != HM_NONE && value->depth > 1 &&
                           plan->calls[value->maker].pipeline != HM_NONE;
        need->is_known &= !(value->maker != HM_NONE && value->is_expansion);
        need->is_known &= !is_in_stock;
        for (uint32_t k = 0; k < value->level_count; k++) {
            uint32_t buffer = schedule->buffer_of[value->levels + k];
            size_t bytes;
            if (!hm_plan_level_bytes(plan, value, k, &bytes)) {
                need->is_known = false;
            } else if (schedule->last_tenant[buffer] == v) {
                need->arrays += bytes;
            }
        }
    }
}

// What the calls of asynchronous functions have for each row.
static void add_rows(const hm_plan *plan, hm_plan_need *need) {
    for (uint32_t c = 0; c < plan->call_count; c++) {
        const hm_plan_call *call = &plan->calls[c];
        if (!hm_plan_call_is_async(plan, c)) {
            continue;
        }
        size_t rows = 1;
        size_t bytes;
        if (call->loop_depth > 0) {
            uint32_t leader = hm_plan_operands(plan, c)[call->leader].value;
            rows = plan->lengths[plan->values[leader].dimensions[0]];
        }
        if (rows == SIZE_MAX ||
                __builtin_mul_overflow(rows, sizeof(hm_async_row), &bytes)) {
            need->is_known = false;
        } else {
            need->state += bytes;
        }
    }
}

hm_plan_need hm_schedule_need(const hm_plan *plan, const hm_schedule *schedule) {
    hm_plan_need need = {.frame = plan->frame_size};
    add_arrays(plan, schedule, &need);
    add_references(plan, &need);
    add_records(plan, &need);
    size_t task_count = schedule->tasks.task_count;
    need.state =
            hm_run_lines(1, sizeof(hm_run)) + plan->scratch_size +
            hm_run_lines(task_count, sizeof(hm_ticket)) +
            hm_run_lines(task_count, sizeof(uint32_t)) +
            hm_run_lines(plan->call_count, sizeof(uint32_t)) +
            hm_run_lines(plan->value_count, sizeof(bool)) +
            hm_run_lines(plan->value_count, sizeof(uint32_t)) +
            hm_run_lines(plan->call_count, sizeof(hm_outcome)) +
            hm_run_lines(plan->input_count, sizeof(hm_value)) +
            hm_run_lines(plan->guard_count, sizeof(hm_guard)) +
            hm_run_lines(plan->stock_count, sizeof(hm_stock)) +
            (plan->choice_count > 0
                            ? hm_run_lines(plan->call_count, sizeof(uint32_t)) +
                                      hm_run_lines(plan->choice_count, sizeof(uint32_t))
                            : 0) +
            (plan->dimension_count > 0
                            ? hm_run_lines(plan->value_count, sizeof(hm_buffer))
                            : 0) +
            hm_run_lines(schedule->buffer_count, sizeof(hm_buffer)) +
            plan->wanted_count * sizeof(hm_outcome);
    add_rows(plan, &need);
    return need;
}

hm_plan_need hm_plan_memory(const hm_plan *plan) {
    hm_schedule *schedule = hm_schedule_take(plan);
    hm_plan_need need = hm_schedule_need(plan, schedule);
    hm_schedule_give_back(plan, schedule);
    return need;
}
