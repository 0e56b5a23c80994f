// emit.c — the last pass: the steps, packed one behind the other in the order in which
// they run, task by task. A chain of cheap functions is then a walk through memory from
// front to back with one indirect call a step.

#include <stdalign.h>
#include <string.h>

#include "base/error.h"
#include "engine/plan.h"

static size_t step_size(size_t operand_count) {
    size_t size = sizeof(hm_step) + operand_count * sizeof(uint32_t);
    return (size + alignof(hm_step) - 1) & ~(alignof(hm_step) - 1);
}

static size_t operand_count(const hm_function *function) {
    return function->parameter_count + function->output_count;
}

// Two arrays over one dimension of the signature: their lengths must be compared.
static bool compares_lengths(const hm_function *function) {
    for (size_t a = 0; a < function->parameter_count; a++) {
        for (size_t b = 0; b < a; b++) {
            if (function->parameters[a].shape == HM_ARRAY &&
                    function->parameters[b].shape == HM_ARRAY &&
                    function->parameters[a].dimension ==
                            function->parameters[b].dimension) {
                return true;
            }
        }
    }
    return false;
}

static hm_step_kind kind_of(const hm_plan *plan, uint32_t call) {
    const hm_function *function = hm_plan_graph_call(plan, call)->function;
    if (plan->calls[call].loop_depth > 0 || compares_lengths(function)) {
        return HM_STEP_ROWS;
    }
    const hm_operand *outputs =
            &hm_plan_operands(plan, call)[function->parameter_count];
    for (size_t o = 0; o < function->output_count; o++) {
        if (hm_plan_value_must_end(&plan->values[outputs[o].value])) {
            return HM_STEP_ROWS;
        }
    }
    return HM_STEP_CALL;
}

static size_t call_size(const hm_compilation *compilation, uint32_t call) {
    size_t size = step_size(
            operand_count(hm_plan_graph_call(compilation->plan, call)->function));
    for (uint32_t end = compilation->first_end[call]; end != HM_NONE;
            end = compilation->ends[end].next) {
        size += step_size(0);
    }
    return size;
}

static char *emit_call(const hm_plan *plan, uint32_t call, char *at) {
    const hm_function *function = hm_plan_graph_call(plan, call)->function;
    const hm_operand *operands = hm_plan_operands(plan, call);
    hm_step *step = (hm_step *)(void *)at;
    step->kind = kind_of(plan, call);
    step->call = step->kind == HM_STEP_CALL ? function->call : NULL;
    step->self = function->self;
    step->subject = call;
    step->size = (uint32_t)step_size(operand_count(function));
    for (size_t i = 0; i < operand_count(function); i++) {
        step->at[i] = operands[i].slot;
    }
    return at + step->size;
}

static char *emit_end(uint32_t value, char *at) {
    hm_step *step = (hm_step *)(void *)at;
    step->kind = HM_STEP_END;
    step->subject = value;
    step->size = (uint32_t)step_size(0);
    return at + step->size;
}

hm_status hm_plan_emit(hm_compilation *compilation) {
    hm_plan *plan = compilation->plan;
    uint32_t task_count = plan->tasks.task_count;
    size_t *first = hm_arena_array(&plan->arena, task_count + 1, sizeof *first);
    size_t size = 0;
    for (uint32_t c = 0; c < plan->call_count; c++) {
        size += call_size(compilation, c);
    }
    char *steps = hm_arena_array(&plan->arena, size, 1);
    if (steps == NULL || first == NULL) {
        return HM_NO_MEMORY;
    }
    plan->steps = steps;
    plan->first_step = first;
    for (uint32_t t = 0; t < task_count; t++) {
        first[t] = (size_t)(steps - plan->steps);
        for (uint32_t i = plan->first_call[t]; i < plan->first_call[t + 1]; i++) {
            uint32_t call = plan->order[i];
            steps = emit_call(plan, call, steps);
            for (uint32_t end = compilation->first_end[call]; end != HM_NONE;
                    end = compilation->ends[end].next) {
                steps = emit_end(compilation->ends[end].value, steps);
            }
        }
    }
    first[task_count] = size;
    return HM_OK;
}
