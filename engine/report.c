// report.c — see report.h.

#include "engine/report.h"

#include <stdatomic.h>

#include "base/text.h"
#include "engine/demand.h"

static bool is_of_the_run(hm_status status) {
    return status == HM_OK || status == HM_SKIPPED || status == HM_CANCELLED ||
           status == HM_DEADLINE;
}

static void add_failure(const hm_run *run, uint32_t call, hm_faults *faults) {
    const hm_outcome *outcome = &run->outcomes[call];
    const hm_function *function = hm_plan_graph_call(run->plan, call)->function;
    const hm_diagnostic fault = {.status = outcome->status,
            .node = hm_plan_call_name(run->plan, call),
            .file = function->file,
            .line = function->line,
            .message = outcome->message != NULL ? outcome->message : "a node failed"};
    hm_faults_add(faults, &fault);
}

static hm_status tell_stop(const hm_run *run, hm_status status, hm_faults *faults) {
    hm_diagnostic fault = {.status = status, .message = "the run was cancelled"};
    if (status == HM_CANCELLED) {
        hm_faults_add(faults, &fault);
    } else {
        hm_faults_format(faults, fault, "the deadline of %.6g ms passed",
                1e-6 * (double)(run->deadline - run->begun));
    }
    return status;
}

hm_status hm_report(const hm_run *run, hm_faults *faults) {
    const hm_plan *plan = run->plan;
    hm_status stopped = HM_OK;
    for (uint32_t c = 0; c < plan->call_count; c++) {
        hm_status status = run->outcomes[c].status;
        if (!is_of_the_run(status)) {
            add_failure(run, c, faults);
        } else if (status == HM_CANCELLED || status == HM_DEADLINE) {
            stopped = status;
        }
    }
    return stopped == HM_OK ? faults->first : tell_stop(run, stopped, faults);
}

// Whether the call came to its end: what it made can be looked at.
static bool has_ended(const hm_run *run, uint32_t call) {
    // Acquire: what it wrote.
    return atomic_load_explicit(&run->marks[call], memory_order_acquire) == run->round;
}

// The first call that has not ended although nothing but itself is missing.
static uint32_t find_open(const hm_run *run) {
    const hm_plan *plan = run->plan;
    for (uint32_t c = 0; c < plan->call_count; c++) {
        const hm_operand *operands = hm_plan_operands(plan, c);
        size_t count = hm_plan_graph_call(plan, c)->function->parameter_count;
        bool is_open = !has_ended(run, c) && !hm_demand_is_passed(run, c);
        for (size_t p = 0; p < count && is_open; p++) {
            uint32_t maker = plan->values[operands[p].value].maker;
            is_open = maker == HM_NONE || has_ended(run, maker);
        }
        if (is_open) {
            return c;
        }
    }
    return HM_NONE;
}

// What is told of values that are not ready: in the run's memory.
static const char *tell_open(hm_run *run, hm_diagnostic *fault) {
    uint32_t open = find_open(run);
    hm_text text;
    hm_text_init(&text, run->plan->allocator);
    hm_text_format(&text, "the deadline of %.6g ms passed",
            1e-6 * (double)(run->deadline - run->begun));
    if (open != HM_NONE) {
        const hm_function *function = hm_plan_graph_call(run->plan, open)->function;
        fault->node = hm_plan_call_name(run->plan, open);
        fault->file = function->file;
        fault->line = function->line;
        hm_text_format(&text, " before node `%s` had ended", fault->node);
    }
    uv_mutex_lock(&run->lock);
    const char *message = hm_arena_text(&run->messages, hm_text_get(&text));
    uv_mutex_unlock(&run->lock);
    hm_text_finish(&text);
    return message != NULL ? message : "the deadline passed";
}

// What became of the wanted values by now. Returns what is told of those whose tasks
// have not ended, or NULL if there are none.
static const char *look_at_wanted(
        hm_run *run, hm_diagnostic *fault, hm_status *stopped) {
    const hm_plan *plan = run->plan;
    const char *message = NULL;
    for (uint32_t i = 0; i < plan->wanted_count; i++) {
        uint32_t maker = plan->values[plan->wanted[i]].maker;
        hm_outcome *outcome = &run->left[i];
        if (maker == HM_NONE) {
            *outcome = (hm_outcome){.status = HM_OK};
        } else if (has_ended(run, maker)) {
            *outcome = run->outcomes[maker];
        } else {
            message = message != NULL ? message : tell_open(run, fault);
            *outcome = (hm_outcome){
                    .status = HM_DEADLINE, .cause = HM_NONE, .message = message};
        }
        if (outcome->status == HM_CANCELLED || outcome->status == HM_DEADLINE) {
            *stopped = outcome->status;
        }
    }
    return message;
}

hm_status hm_report_left(hm_run *run, hm_faults *faults) {
    const hm_plan *plan = run->plan;
    hm_diagnostic fault = {.status = HM_DEADLINE};
    hm_status stopped = HM_OK;
    fault.message = look_at_wanted(run, &fault, &stopped);
    for (uint32_t c = 0; c < plan->call_count; c++) {
        if (has_ended(run, c) && !is_of_the_run(run->outcomes[c].status)) {
            add_failure(run, c, faults);
        }
    }
    if (fault.message != NULL) {
        hm_faults_add(faults, &fault);
        return HM_DEADLINE;
    }
    return stopped == HM_OK ? faults->first : tell_stop(run, stopped, faults);
}
