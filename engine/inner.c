// inner.c — the pass after fuse: which values of pipelines nobody outside needs. They
// are no arrays, but lie in the memory of a block, or of a chunk where reductions read
// them.

#include "engine/pipeline.h"
#include "engine/plan.h"

// What is passed on is the same value again.
static void find_same(hm_plan *plan) {
    for (uint32_t c = 0; c < plan->call_count; c++) {
        if (hm_plan_call_is_passing(plan, c)) {
            const hm_operand *operands = hm_plan_operands(plan, c);
            size_t output = plan->calls[c].parameter_count;
            plan->values[operands[output].value].same_as =
                    hm_plan_memory_of(plan, operands[0].value);
        }
    }
}

// Whether a member of a pipeline makes the value row by row. What is given lives longer
// than its block.
static bool is_made_inside(const hm_plan *plan, const hm_plan_value *value) {
    return value->maker != HM_NONE && hm_plan_call_is_member(plan, value->maker) &&
           !hm_plan_call_is_reduction(plan, value->maker) && !value->is_wanted &&
           !value->is_expansion && value->ownership != HM_GIVEN;
}

// Whether the parameter goes along with the rows.
static bool is_stream(const hm_plan *plan, uint32_t call, size_t p) {
    bool is_array =
            hm_plan_graph_call(plan, call)->function->parameters[p].shape == HM_ARRAY;
    if (hm_plan_call_is_reduction(plan, call)) {
        return is_array;
    }
    return plan->values[hm_plan_operands(plan, call)[p].value].depth > is_array;
}

// Whether what a call makes points into what it takes, and lives longer than its block.
static bool borrows(const hm_plan *plan, uint32_t call) {
    const hm_function *function = hm_plan_graph_call(plan, call)->function;
    bool borrows = false;
    for (size_t o = 0; o < function->output_count; o++) {
        borrows |= function->outputs[o].ownership == HM_BORROWED;
    }
    return borrows && !hm_plan_call_is_passing(plan, call);
}

static void look_at_reader(hm_plan *plan, uint32_t call) {
    const hm_operand *operands = hm_plan_operands(plan, call);
    uint32_t pipeline = plan->calls[call].pipeline;
    bool is_outside = pipeline == HM_NONE || borrows(plan, call);
    for (size_t p = 0; p < plan->calls[call].parameter_count; p++) {
        hm_plan_value *memory =
                &plan->values[hm_plan_memory_of(plan, operands[p].value)];
        if (is_outside || memory->maker == HM_NONE ||
                plan->calls[memory->maker].pipeline != pipeline ||
                !is_stream(plan, call, p)) {
            memory->is_inner = false;
        }
        memory->is_chunked |= hm_plan_call_is_reduction(plan, call);
    }
}

void hm_plan_find_inner(hm_plan *plan) {
    find_same(plan);
    for (uint32_t v = 0; v < plan->value_count; v++) {
        plan->values[v].is_inner = is_made_inside(plan, &plan->values[v]);
    }
    for (uint32_t v = 0; v < plan->value_count; v++) {
        if (plan->values[v].is_wanted) {
            plan->values[hm_plan_memory_of(plan, v)].is_inner = false;
        }
    }
    for (uint32_t c = 0; c < plan->call_count; c++) {
        uint32_t told = hm_plan_told_value(plan, c);
        if (told != HM_NONE) {
            plan->values[hm_plan_memory_of(plan, told)].is_inner = false;
        }
        look_at_reader(plan, c);
    }
    for (uint32_t v = 0; v < plan->value_count; v++) {
        hm_plan_value *value = &plan->values[v];
        const hm_plan_value *memory = &plan->values[hm_plan_memory_of(plan, v)];
        value->is_inner = memory->is_inner;
        value->is_chunked = memory->is_inner && memory->is_chunked;
    }
}
