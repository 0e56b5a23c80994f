// warnings.c — what is told of a run that went well: checks that warn.

#include "base/diagnostics.h"
#include "base/text.h"
#include "engine/course.h"
#include "engine/demand.h"
#include "engine/run.h"
#include "graph/checked.h"

static void add_warnings(const hm_run *run, uint32_t call, hm_diagnostics *list) {
    const hm_plan *plan = run->plan;
    const hm_function *function = hm_plan_graph_call(plan, call)->function;
    const hm_plan_value *found = &plan->values[hm_plan_operands(plan, call)[1].value];
    bool is_there =
            found->maker == HM_NONE || run->outcomes[found->maker].status == HM_OK;
    if (!is_there || found->depth > 0) {
        return; // each row of an array of arrays has a result of its own
    }
    bool goes_on = true;
    for (size_t i = 0; goes_on; i++) {
        hm_text text;
        hm_text_init(&text, plan->allocator);
        goes_on = hm_check_warning(function, run->frame + found->slot, i, &text);
        if (text.length > 0) {
            hm_diagnostics_add(list, &(hm_diagnostic){.status = HM_NODE_FAILED,
                                             .severity = HM_SEVERITY_WARNING,
                                             .node = function->name,
                                             .file = function->file,
                                             .line = function->line,
                                             .message = hm_text_get(&text)});
        }
        hm_text_finish(&text);
    }
}

// Rows of a node that failed, and are missing.
static void add_contained(const hm_run *run, const hm_pipeline *pipeline, uint32_t m,
        hm_diagnostics *list) {
    const hm_member_course *member = &hm_course_members(run, pipeline)[m];
    uint32_t call = pipeline->first_call + m;
    const hm_function *function = hm_plan_graph_call(run->plan, call)->function;
    size_t count = atomic_load_explicit(&member->contained_count, memory_order_relaxed);
    if (count == 0 || run->outcomes[call].status != HM_OK) {
        return;
    }
    hm_text text;
    hm_text_init(&text, run->plan->allocator);
    hm_text_format(&text, "%zu %s missing%s: %s", count,
            count > 1 ? "rows failed and are" : "row failed and is",
            count > 1 ? ", the first" : "", member->contained_message);
    hm_diagnostics_add(list, &(hm_diagnostic){.status = HM_NODE_FAILED,
                                     .severity = HM_SEVERITY_WARNING,
                                     .node = function->name,
                                     .file = function->file,
                                     .line = function->line,
                                     .message = hm_text_get(&text)});
    hm_text_finish(&text);
}

static void add_all_contained(const hm_run *run, hm_diagnostics *list) {
    const hm_plan *plan = run->plan;
    for (uint32_t i = 0; plan->rows_may_fail && i < plan->pipeline_count; i++) {
        for (uint32_t m = 0; m < plan->pipelines[i].call_count; m++) {
            add_contained(run, &plan->pipelines[i], m, list);
        }
    }
}

void hm_run_warnings(const hm_run *run, hm_diagnostics *list) {
    const hm_plan *plan = run->plan;
    for (uint32_t c = 0; list != NULL && !run->was_left && c < plan->call_count; c++) {
        if ((plan->calls[c].traits & HM_CALL_PASSES) != 0 &&
                !hm_demand_is_passed(run, c)) {
            add_warnings(run, c, list);
        }
    }
    if (list != NULL && !run->was_left) {
        add_all_contained(run, list);
    }
}
