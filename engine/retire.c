// retire.c — the fourth pass of a schedule: which task ends a value, and after which of
// its calls. A value ends after its last reader; if its readers are in several tasks,
// which may run side by side, when the last of these has done with it.

#include <string.h>

#include "base/error.h"
#include "engine/plan.h"

static void use(hm_retirement *retirement, uint32_t task) {
    if (retirement->task != task) {
        retirement->task = HM_NONE;
    }
}

// Which values are needed in one task only. From the last call to the first, as in
// lifetime.c: who borrows tells whom it borrows from.
static void find_tasks(hm_scheduling *scheduling) {
    const hm_plan *plan = scheduling->plan;
    hm_schedule *schedule = scheduling->schedule;
    hm_retirement *retirements = schedule->retirements;
    for (uint32_t v = 0; v < plan->value_count; v++) {
        uint32_t maker = plan->values[v].maker;
        retirements[v].task = maker != HM_NONE ? schedule->task_of[maker] : HM_NONE;
    }
    for (uint32_t c = plan->call_count; c-- > 0;) {
        const hm_plan_call *call = &plan->calls[c];
        const hm_operand *operands = hm_plan_operands(plan, c);
        for (size_t p = 0; p < call->parameter_count; p++) {
            use(&retirements[operands[p].value], schedule->task_of[c]);
        }
        for (size_t o = 0; o < call->output_count; o++) {
            uint32_t output = operands[call->parameter_count + o].value;
            bool is_view = plan->values[output].is_view;
            for (size_t p = 0; p < call->parameter_count && !is_view &&
                               plan->values[output].ownership == HM_BORROWED;
                    p++) {
                use(&retirements[operands[p].value], retirements[output].task);
            }
            if (is_view) {
                use(&retirements[operands[call->parameter_count].value],
                        retirements[output].task);
            }
        }
    }
}

static void add_end(hm_scheduling *scheduling, uint32_t call, uint32_t value) {
    scheduling->ends[scheduling->end_count] =
            (hm_end_note){.value = value, .next = scheduling->first_end[call]};
    scheduling->first_end[call] = scheduling->end_count++;
    scheduling->schedule->retirements[value].count++;
}

// Whether several tasks read the value and it ends with the last of them. What is lent,
// too, lives as long as the run: who borrowed it is not counted.
static bool ends_with_readers(const hm_scheduling *scheduling, uint32_t value) {
    const hm_plan_value *of = &scheduling->plan->values[value];
    return hm_plan_value_must_end(of) && !of->is_result && !of->is_lent &&
           scheduling->schedule->retirements[value].task == HM_NONE;
}

// Each task has done with a value after its own last reader of it.
static void place_shared_ends(hm_scheduling *scheduling, uint32_t *last_task) {
    const hm_plan *plan = scheduling->plan;
    const hm_schedule *schedule = scheduling->schedule;
    for (uint32_t i = plan->call_count; i-- > 0;) {
        uint32_t c = schedule->order[i];
        const hm_operand *operands = hm_plan_operands(plan, c);
        size_t count = plan->calls[c].parameter_count;
        for (size_t p = 0; p < count; p++) {
            uint32_t v = operands[p].value;
            if (ends_with_readers(scheduling, v) &&
                    last_task[v] != schedule->task_of[c]) {
                last_task[v] = schedule->task_of[c];
                add_end(scheduling, c, v);
            }
        }
    }
}

static void place_own_ends(hm_scheduling *scheduling) {
    const hm_plan *plan = scheduling->plan;
    for (uint32_t i = 0; i < plan->ending_count; i++) {
        uint32_t v = plan->endings[i];
        if (!plan->values[v].is_result &&
                scheduling->schedule->retirements[v].task != HM_NONE) {
            add_end(scheduling, plan->values[v].last_use, v);
        }
    }
}

hm_status hm_schedule_retire(hm_scheduling *scheduling) {
    const hm_plan *plan = scheduling->plan;
    hm_schedule *schedule = scheduling->schedule;
    hm_arena *scratch = &scheduling->arena;
    schedule->retirements =
            hm_arena_array(&schedule->arena, plan->value_count, sizeof(hm_retirement));
    uint32_t *last_task = hm_arena_array(scratch, plan->value_count, sizeof(uint32_t));
    scheduling->first_end = hm_arena_array(scratch, plan->call_count, sizeof(uint32_t));
    scheduling->ends =
            hm_arena_array(scratch, plan->operand_count, sizeof *scheduling->ends);
    if (schedule->retirements == NULL || last_task == NULL ||
            scheduling->first_end == NULL || scheduling->ends == NULL) {
        return HM_NO_MEMORY;
    }
    memset(last_task, 0xff, plan->value_count * sizeof(uint32_t));
    memset(scheduling->first_end, 0xff, plan->call_count * sizeof(uint32_t));
    find_tasks(scheduling);
    place_own_ends(scheduling);
    place_shared_ends(scheduling, last_task);
    return HM_OK;
}
