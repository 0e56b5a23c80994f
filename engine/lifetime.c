// lifetime.c — the fifth pass: when each value ends.
//
// A value ends after its last reader; if its readers are in several tasks, which may
// run side by side, when the last of these has done with it. What is borrowed points
// into the inputs of its maker, so these live at least as long as it does.

#include <string.h>

#include "base/error.h"
#include "engine/plan.h"

static void use(hm_plan_value *value, uint32_t call, uint32_t task) {
    if (value->last_use == HM_NONE || value->last_use < call) {
        value->last_use = call;
    }
    if (value->task != task) {
        value->task = HM_NONE;
    }
}

// From the last call to the first, so that a borrowed value's own end is known before
// it prolongs the lives of what it points into.
static void find_last_uses(hm_plan *plan) {
    for (uint32_t v = 0; v < plan->value_count; v++) {
        hm_plan_value *value = &plan->values[v];
        value->is_result = value->is_wanted;
        value->task =
                value->maker != HM_NONE ? plan->calls[value->maker].task : HM_NONE;
    }
    for (uint32_t c = plan->call_count; c-- > 0;) {
        const hm_function *function = hm_plan_graph_call(plan, c)->function;
        const hm_operand *operands = hm_plan_operands(plan, c);
        uint32_t task = plan->calls[c].task;
        for (size_t p = 0; p < function->parameter_count; p++) {
            use(&plan->values[operands[p].value], c, task);
        }
        for (size_t o = 0; o < function->output_count; o++) {
            hm_plan_value *output =
                    &plan->values[operands[function->parameter_count + o].value];
            if (output->last_use == HM_NONE) {
                output->last_use = c;
            }
            if (output->ownership != HM_BORROWED) {
                continue;
            }
            for (size_t p = 0; p < function->parameter_count; p++) {
                hm_plan_value *parameter = &plan->values[operands[p].value];
                parameter->is_lent = true;
                parameter->is_result |= output->is_result;
                use(parameter, output->last_use, output->task);
            }
        }
    }
}

static void add_end(hm_compilation *compilation, uint32_t call, uint32_t value) {
    compilation->ends[compilation->end_count] =
            (hm_plan_end){.value = value, .next = compilation->first_end[call]};
    compilation->first_end[call] = compilation->end_count++;
    compilation->plan->values[value].end_count++;
}

// Whether several tasks read the value and it ends with the last of them. What is lent,
// too, lives as long as the run: who borrowed it is not counted.
static bool ends_with_readers(const hm_plan_value *value) {
    return hm_plan_value_must_end(value) && !value->is_result &&
           value->task == HM_NONE && !value->is_lent;
}

// Each task has done with a value after its own last reader of it.
static void place_shared_ends(hm_compilation *compilation, uint32_t *last_task) {
    hm_plan *plan = compilation->plan;
    for (uint32_t i = plan->call_count; i-- > 0;) {
        uint32_t c = plan->order[i];
        uint32_t task = plan->calls[c].task;
        const hm_operand *operands = hm_plan_operands(plan, c);
        size_t count = hm_plan_graph_call(plan, c)->function->parameter_count;
        for (size_t p = 0; p < count; p++) {
            uint32_t v = operands[p].value;
            if (ends_with_readers(&plan->values[v]) && last_task[v] != task) {
                last_task[v] = task;
                add_end(compilation, c, v);
            }
        }
    }
}

static hm_status place_ends(hm_compilation *compilation) {
    hm_plan *plan = compilation->plan;
    size_t operand_count = 0;
    for (uint32_t c = 0; c < plan->call_count; c++) {
        const hm_function *function = hm_plan_graph_call(plan, c)->function;
        operand_count += function->parameter_count + function->output_count;
    }
    hm_arena *scratch = &compilation->arena;
    uint32_t *last_task = hm_arena_array(scratch, plan->value_count, sizeof(uint32_t));
    compilation->first_end =
            hm_arena_array(scratch, plan->call_count, sizeof(uint32_t));
    compilation->ends =
            hm_arena_array(scratch, operand_count, sizeof *compilation->ends);
    plan->endings =
            hm_arena_array(&plan->arena, plan->value_count, sizeof *plan->endings);
    if (last_task == NULL || compilation->first_end == NULL ||
            compilation->ends == NULL || plan->endings == NULL) {
        return HM_NO_MEMORY;
    }
    memset(last_task, 0xff, plan->value_count * sizeof(uint32_t));
    memset(compilation->first_end, 0xff, plan->call_count * sizeof(uint32_t));
    for (uint32_t v = 0; v < plan->value_count; v++) {
        const hm_plan_value *value = &plan->values[v];
        if (hm_plan_value_must_end(value)) {
            plan->endings[plan->ending_count++] = v;
            if (!value->is_result && value->task != HM_NONE) {
                add_end(compilation, value->last_use, v);
            }
        }
    }
    place_shared_ends(compilation, last_task);
    return HM_OK;
}

hm_status hm_plan_lifetimes(hm_compilation *compilation) {
    find_last_uses(compilation->plan);
    return place_ends(compilation);
}
