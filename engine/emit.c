// emit.c — the last pass: the steps, packed one behind the other in the order in which
// they run, task by task. A chain of cheap functions is then a walk through memory from
// front to back with one indirect call a step.

#include "base/error.h"
#include "engine/plan.h"

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

static void emit_call(const hm_plan *plan, uint32_t call, hm_step *step) {
    const hm_function *function = hm_plan_graph_call(plan, call)->function;
    hm_step_kind kind = kind_of(plan, call);
    *step = (hm_step){.call = kind == HM_STEP_CALL ? function->call : NULL,
            .self = function->self,
            .at = &plan->slots[plan->calls[call].operands],
            .subject = call,
            .kind = kind};
}

hm_status hm_plan_emit(hm_compilation *compilation) {
    hm_plan *plan = compilation->plan;
    uint32_t task_count = plan->tasks.task_count;
    uint32_t *first = hm_arena_array(&plan->arena, task_count + 1, sizeof *first);
    size_t step_count = plan->call_count + compilation->end_count;
    hm_step *steps = hm_arena_array(&plan->arena, step_count, sizeof *steps);
    if (steps == NULL || first == NULL) {
        return HM_NO_MEMORY;
    }
    uint32_t count = 0;
    for (uint32_t t = 0; t < task_count; t++) {
        first[t] = count;
        for (uint32_t i = plan->first_call[t]; i < plan->first_call[t + 1]; i++) {
            uint32_t call = plan->order[i];
            emit_call(plan, call, &steps[count++]);
            for (uint32_t end = compilation->first_end[call]; end != HM_NONE;
                    end = compilation->ends[end].next) {
                steps[count++] = (hm_step){
                        .kind = HM_STEP_END, .subject = compilation->ends[end].value};
            }
        }
    }
    first[task_count] = count;
    plan->steps = steps;
    plan->first_step = first;
    return HM_OK;
}
