// emit.c — the last pass of a schedule: the steps, packed one behind the other in the
// order in which they run, task by task. A chain of cheap functions is then a walk
// through memory from front to back with one indirect call a step. What the engine does
// itself is a step like any other, with thunks of its own.

#include "base/error.h"
#include "engine/adapted.h"
#include "engine/pipeline.h"
#include "engine/plan.h"
#include "engine/seen.h"
#include "engine/steps.h"

// Of two arrays over one dimension of the signature the lengths must be compared, and
// of arrays that are not floating it must be seen that nothing is missing.
static bool looks_at_arrays(const hm_function *function) {
    for (size_t a = 0; a < function->parameter_count; a++) {
        if (function->parameters[a].shape == HM_ARRAY &&
                function->parameters[a].type->kind != HM_KIND_FLOAT) {
            return true;
        }
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

hm_step_kind hm_schedule_kind_of(const hm_plan *plan, uint32_t call) {
    const hm_function *function = hm_plan_graph_call(plan, call)->function;
    if (hm_plan_call_is_async(plan, call)) {
        return HM_STEP_START;
    }
    if (hm_plan_call_takes_one(plan, call)) {
        return HM_STEP_CALL;
    }
    uint32_t traits = plan->calls[call].traits;
    if (plan->calls[call].loop_depth > 0 || (traits & HM_CALL_REDUCES) != 0 ||
            ((traits & HM_CALL_HAS_ARRAYS) != 0 && looks_at_arrays(function))) {
        return HM_STEP_ROWS;
    }
    for (uint32_t p = 0; p < function->parameter_count; p++) {
        if (hm_plan_operand_may_be_null(plan, &plan->calls[call], p)) {
            return HM_STEP_ROWS;
        }
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

static hm_step step_of_call(const hm_plan *plan, uint32_t call) {
    const hm_function *function = hm_plan_graph_call(plan, call)->function;
    hm_step step = {.subject = call, .kind = hm_schedule_kind_of(plan, call)};
    if (step.kind != HM_STEP_START && hm_adapted_want(plan, call) != HM_WANT_NOTHING) {
        bool is_seen = hm_seen_suits(plan, call);
        step.kind = HM_STEP_HOOKED;
        step.call = is_seen ? hm_seen_run : hm_steps_run_hooked;
        step.self = &plan->adapted->hooked[plan->calls[call].hooked];
    } else if (step.kind == HM_STEP_CALL) {
        step.call = function->call;
        step.self = function->self;
        step.at = &plan->slots[plan->calls[call].operands];
    } else {
        step.call = step.kind == HM_STEP_ROWS ? hm_steps_run_rows : hm_steps_start;
    }
    return step;
}

static hm_step step_of_pipeline(uint32_t pipeline, hm_step_kind kind) {
    hm_step step = {.subject = pipeline, .kind = kind};
    step.call = kind == HM_STEP_OPEN    ? hm_steps_open
                : kind == HM_STEP_WORK  ? hm_steps_work
                : kind == HM_STEP_CLOSE ? hm_steps_close
                                        : hm_steps_pipeline;
    return step;
}

// What a task does for a call, or for the pipeline that begins with it.
static hm_step step_of_unit(
        const hm_plan *plan, const hm_schedule *schedule, uint32_t call) {
    if (!hm_plan_call_is_member(plan, call)) {
        return step_of_call(plan, call);
    }
    uint32_t pipeline = plan->calls[call].pipeline;
    bool is_split = schedule->splits[pipeline].share_count > 0;
    return step_of_pipeline(pipeline, is_split ? HM_STEP_CLOSE : HM_STEP_PIPELINE);
}

static hm_step step_of_end(uint32_t value) {
    return (hm_step){.call = hm_steps_end_value, .subject = value, .kind = HM_STEP_END};
}

// Behind a call that makes what chooses in switches.
static uint32_t emit_decisions(
        const hm_plan *plan, uint32_t call, hm_step *steps, uint32_t count) {
    const hm_plan_call *own = &plan->calls[call];
    const hm_operand *outputs = &hm_plan_operands(plan, call)[own->parameter_count];
    for (uint32_t o = 0; o < own->output_count && plan->choice_count > 0; o++) {
        if (plan->values[outputs[o].value].decides) {
            steps[count++] = (hm_step){.call = hm_steps_decide,
                    .subject = outputs[o].value,
                    .kind = HM_STEP_DECIDE};
        }
    }
    return count;
}

static uint32_t emit_ends(const hm_scheduling *scheduling, uint32_t call,
        hm_step *steps, uint32_t count) {
    for (uint32_t end = scheduling->first_end[call]; end != HM_NONE;
            end = scheduling->ends[end].next) {
        steps[count++] = step_of_end(scheduling->ends[end].value);
    }
    return count;
}

// The call that a step is for, or the first of its pipeline; HM_NONE if it is neither.
static uint32_t call_of(const hm_plan *plan, const hm_step *step) {
    if (step->kind >= HM_STEP_DECIDE) {
        return HM_NONE;
    }
    return step->kind < HM_STEP_PIPELINE ? step->subject
                                         : plan->pipelines[step->subject].first_call;
}

// Steps of lazy calls ask first whether these are needed.
static hm_status wrap_lazy(
        const hm_plan *plan, hm_arena *arena, hm_step *steps, uint32_t count) {
    if (plan->choice_count == 0) {
        return HM_OK;
    }
    hm_lazy_step *lazy = hm_arena_array(arena, count, sizeof *lazy);
    if (lazy == NULL) {
        return HM_NO_MEMORY;
    }
    for (uint32_t s = 0; s < count; s++) {
        uint32_t call = call_of(plan, &steps[s]);
        if (call != HM_NONE && hm_plan_call_is_lazy(plan, call)) {
            lazy[s] = (hm_lazy_step){.inner = steps[s], .call = call};
            steps[s].call = hm_steps_lazy;
            steps[s].self = &lazy[s];
        }
    }
    return HM_OK;
}

hm_status hm_schedule_emit(hm_scheduling *scheduling) {
    const hm_plan *plan = scheduling->plan;
    hm_schedule *schedule = scheduling->schedule;
    uint32_t task_count = schedule->tasks.task_count;
    size_t step_count = plan->call_count + scheduling->end_count +
                        schedule->share_count + plan->pipeline_count +
                        plan->choice_count;
    uint32_t *first = hm_arena_array(&schedule->arena, task_count + 1, sizeof *first);
    hm_step *steps = hm_arena_array(&schedule->arena, step_count, sizeof *steps);
    if (steps == NULL || first == NULL) {
        return HM_NO_MEMORY;
    }
    uint32_t count = 0;
    for (uint32_t t = 0; t < task_count; t++) {
        first[t] = count;
        if (hm_schedule_is_side(schedule, t)) {
            const hm_side *side = &schedule->sides[t];
            steps[count++] = step_of_pipeline(side->pipeline, side->kind);
        }
        uint32_t unit_end;
        for (uint32_t i = schedule->first_call[t]; i < schedule->first_call[t + 1];
                i = unit_end) {
            unit_end = i + hm_plan_unit_size(plan, schedule->order[i]);
            steps[count++] = step_of_unit(plan, schedule, schedule->order[i]);
            for (uint32_t k = i; k < unit_end; k++) {
                count = emit_decisions(plan, schedule->order[k], steps, count);
                count = emit_ends(scheduling, schedule->order[k], steps, count);
            }
        }
    }
    first[task_count] = count;
    for (uint32_t s = 0; s < count; s++) {
        if (steps[s].at == NULL) {
            steps[s].at = &steps[s].subject;
        }
    }
    schedule->steps = steps;
    schedule->first_step = first;
    return wrap_lazy(plan, &schedule->arena, steps, count);
}
