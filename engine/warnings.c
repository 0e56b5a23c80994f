// warnings.c — what is told of a run that went well: checks that warn.

#include <string.h>

#include "base/diagnostics.h"
#include "base/text.h"
#include "base/validity.h"
#include "engine/course.h"
#include "engine/demand.h"
#include "engine/hooks.h"
#include "engine/run.h"
#include "graph/checked.h"

// Goes over the results of one call: over arrays of arrays each innermost array has its
// own.
typedef struct hm_tour {
    hm_array arrays[HM_DEPTH_LIMIT];
    size_t index[HM_DEPTH_LIMIT]; // of the element after the one that was last seen
    uint32_t level;
    uint32_t depth; // 0: there is one result
    size_t size;    // of a result
} hm_tour;

static void begin(hm_tour *tour, const void *found) {
    tour->level = 0;
    tour->index[0] = 0;
    if (tour->depth > 0) {
        memcpy(&tour->arrays[0], found, sizeof tour->arrays[0]);
    } else {
        tour->arrays[0] = (hm_array){.data = (void *)found, .length = 1};
    }
}

// NULL after the last. Where there was nothing to check there is no result.
static const void *go_on(hm_tour *tour) {
    for (uint32_t level = tour->level;;) {
        const hm_array *array = &tour->arrays[level];
        size_t i = tour->index[level];
        if (i == array->length && level == 0) {
            return NULL;
        }
        if (i == array->length) {
            level--;
            continue;
        }
        tour->index[level]++;
        if (!hm_validity_has(array, i)) {
            continue;
        }
        if (level + 1 >= tour->depth) {
            tour->level = level;
            return (const char *)array->data + i * tour->size;
        }
        memcpy(&tour->arrays[level + 1], (const hm_array *)array->data + i,
                sizeof *array);
        tour->index[++level] = 0;
    }
}

static void tell_place(hm_text *text, const hm_tour *tour) {
    for (uint32_t level = 0; level < tour->depth; level++) {
        hm_text_format(text, "%s %zu", level == 0 ? "in row" : ", element",
                tour->index[level]);
    }
    hm_text_append(text, tour->depth > 0 ? ": " : "");
}

// What the check found of the first array that does not pass, and how many there are.
static void tell(hm_text *text, const hm_function *function, uint32_t check,
        hm_tour *tour, const void *found) {
    size_t count = 0;
    size_t failing = 0;
    begin(tour, found);
    for (const void *results = go_on(tour); results != NULL; results = go_on(tour)) {
        count++;
        if (!hm_check_is_passed(function, results, check, NULL) && failing++ == 0) {
            tell_place(text, tour);
            (void)hm_check_is_passed(function, results, check, text);
        }
    }
    if (tour->depth > 0 && failing > 0) {
        hm_text_format(text, "; %zu of %zu arrays %s not pass", failing, count,
                failing == 1 ? "does" : "do");
    }
}

// Nothing was found where an adapter supplied what would have been checked, unless it
// supplied what was found as well.
static bool is_there(const hm_run *run, uint32_t maker) {
    return maker == HM_NONE ||
           (run->outcomes[maker].status == HM_OK &&
                   (!hm_hooks_omit(run, maker) || run->hooks->is_supplied[maker]));
}

static void add_warnings(const hm_run *run, uint32_t call, hm_diagnostics *list) {
    const hm_plan *plan = run->plan;
    const hm_function *function = hm_plan_graph_call(plan, call)->function;
    const hm_plan_value *found = &plan->values[hm_plan_operands(plan, call)[1].value];
    if (!is_there(run, found->maker)) {
        return;
    }
    hm_tour tour = {.depth = found->depth, .size = found->type->size};
    for (uint32_t i = 0; (i = hm_check_that_warns(function, i)) != HM_NONE; i++) {
        hm_text text;
        hm_text_init(&text, plan->allocator);
        tell(&text, function, i, &tour, run->frame + found->slot);
        if (text.length > 0) {
            hm_diagnostics_add(list, &(hm_diagnostic){.status = HM_NODE_FAILED,
                                             .severity = HM_SEVERITY_WARNING,
                                             .node = hm_plan_call_name(plan, call),
                                             .file = function->file,
                                             .line = function->line,
                                             .message = hm_text_get(&text)});
        }
        hm_text_finish(&text);
    }
}

// Whether what a call left of its rows is of this execution: its function was called,
// and what it made is still there.
static bool is_of_now(const hm_run *run, uint32_t call) {
    const hm_called *called = run->hooks != NULL ? hm_called_of(run, call) : NULL;
    return run->outcomes[call].status == HM_OK && !hm_hooks_omit(run, call) &&
           !hm_demand_is_passed(run, call) &&
           (called == NULL || !called->call.is_returned);
}

// Rows of a node that failed, and are missing.
static void add_contained(const hm_run *run, const hm_pipeline *pipeline, uint32_t m,
        hm_diagnostics *list) {
    const hm_member_course *member = &hm_course_members(run, pipeline)[m];
    uint32_t call = pipeline->first_call + m;
    const hm_function *function = hm_plan_graph_call(run->plan, call)->function;
    size_t count = atomic_load_explicit(&member->contained_count, memory_order_relaxed);
    if (count == 0 || !is_of_now(run, call)) {
        return;
    }
    hm_text text;
    hm_text_init(&text, run->plan->allocator);
    hm_text_format(&text, "%zu %s missing%s: %s", count,
            count > 1 ? "rows failed and are" : "row failed and is",
            count > 1 ? ", the first" : "", member->contained_message);
    hm_diagnostics_add(list, &(hm_diagnostic){.status = HM_NODE_FAILED,
                                     .severity = HM_SEVERITY_WARNING,
                                     .node = hm_plan_call_name(run->plan, call),
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
