// lifetime.c — the last pass of a plan: which call is the last that needs a value. What
// is borrowed points into the inputs of its maker, so these live at least as long as it
// does.

#include "base/error.h"
#include "engine/plan.h"

static void use(hm_plan_value *value, uint32_t call) {
    if (value->last_use == HM_NONE || value->last_use < call) {
        value->last_use = call;
    }
}

// Whom an output points into: what its call takes, or if that lends, its first output.
static void prolong(hm_plan *plan, uint32_t c, const hm_plan_value *output) {
    const hm_plan_call *call = &plan->calls[c];
    const hm_operand *operands = hm_plan_operands(plan, c);
    uint32_t first = output->is_view ? call->parameter_count : 0;
    uint32_t end = output->is_view ? first + 1 : call->parameter_count;
    for (uint32_t i = first; i < end; i++) {
        hm_plan_value *owner = &plan->values[operands[i].value];
        owner->is_lent = true;
        owner->is_result |= output->is_result;
        use(owner, output->last_use);
    }
}

// From the last call to the first, so that a borrowed value's own end is known before
// it prolongs the lives of what it points into.
static void find_last_uses(hm_plan *plan) {
    for (uint32_t v = 0; v < plan->value_count; v++) {
        plan->values[v].is_result = plan->values[v].is_wanted;
    }
    for (uint32_t c = 0; c < plan->call_count; c++) {
        uint32_t told = hm_plan_told_value(plan, c);
        if (told != HM_NONE) {
            plan->values[told].is_result = true;
        }
    }
    for (uint32_t c = plan->call_count; c-- > 0;) {
        const hm_plan_call *call = &plan->calls[c];
        const hm_operand *operands = hm_plan_operands(plan, c);
        for (size_t p = 0; p < call->parameter_count; p++) {
            use(&plan->values[operands[p].value], c);
        }
        for (size_t o = 0; o < call->output_count; o++) {
            hm_plan_value *output =
                    &plan->values[operands[call->parameter_count + o].value];
            if (output->last_use == HM_NONE) {
                output->last_use = c;
            }
            if (output->ownership == HM_BORROWED) {
                prolong(plan, c, output);
            }
        }
    }
}

hm_status hm_plan_lifetimes(hm_compilation *compilation) {
    hm_plan *plan = compilation->plan;
    find_last_uses(plan);
    plan->endings =
            hm_arena_array(&plan->arena, plan->value_count, sizeof *plan->endings);
    if (plan->endings == NULL) {
        return HM_NO_MEMORY;
    }
    for (uint32_t v = 0; v < plan->value_count; v++) {
        if (hm_plan_value_must_end(&plan->values[v])) {
            plan->endings[plan->ending_count++] = v;
        }
    }
    return HM_OK;
}
