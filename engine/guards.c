// guards.c — the pass after adapt: which calls do not simply run, because they need
// room in a limit, are asynchronous, or an adapter may have them wait. Limits are what
// HM_TAG(limit, "name") names.

#include <string.h>

#include "base/error.h"
#include "engine/adapted.h"
#include "engine/driver.h"
#include "engine/plan.h"
#include "scheduler/pool.h"

static const hm_tag *limit_tag(const hm_plan *plan, uint32_t call) {
    const hm_graph *graph = plan->graph;
    const hm_graph_call *of = hm_plan_graph_call(plan, call);
    for (size_t o = 0; o < of->function->output_count; o++) {
        uint32_t node = graph->results[of->first_result + o];
        for (uint32_t t = 0; node != HM_NONE && t < graph->nodes[node].tag_count; t++) {
            if (strcmp(graph->nodes[node].tags[t].key, "limit") == 0) {
                return &graph->nodes[node].tags[t];
            }
        }
    }
    return NULL;
}

// Adds the limits of a call, in the order of their numbers. One that the driver was
// given no number for is none.
static void add_limits(hm_plan *plan, uint32_t c, const hm_tag *tag, uint32_t *used) {
    const hm_driver *driver = plan->driver;
    hm_plan_call *call = &plan->calls[c];
    call->first_limit = *used;
    for (uint32_t l = 0; l < driver->limit_count; l++) {
        for (size_t v = 0; v < tag->value_count; v++) {
            if (strcmp(tag->values[v].text, driver->limits[l].name) == 0) {
                plan->limits[(*used)++] = l;
                break;
            }
        }
    }
    call->limit_count = *used - call->first_limit;
}

static void check_async(hm_compilation *compilation, uint32_t c) {
    const hm_plan *plan = compilation->plan;
    const hm_function *function = hm_plan_graph_call(plan, c)->function;
    if (plan->calls[c].loop_depth > 1) {
        const hm_diagnostic fault = {.status = HM_SHAPE_MISMATCH,
                .node = function->name,
                .file = function->file,
                .line = function->line,
                .mend = "give it arrays of one dimension, or let it take the inner "
                        "ones whole: `size_t n, const T x[n]`"};
        hm_faults_format(compilation->faults, fault,
                "`%s` is asynchronous, which can be mapped over one dimension, but "
                "what it takes has %u",
                function->name, (unsigned)plan->calls[c].loop_depth);
    }
}

hm_status hm_plan_guards(hm_compilation *compilation) {
    hm_plan *plan = compilation->plan;
    size_t limit_count = (size_t)plan->call_count * plan->driver->limit_count;
    if (plan->driver->limit_count > 0) {
        plan->limits = hm_arena_array(&plan->arena, limit_count, sizeof *plan->limits);
        if (plan->limits == NULL) {
            return HM_NO_MEMORY;
        }
    }
    bool has_holds = false; // which may have alarms, see hold.c
    uint32_t used = 0;
    for (uint32_t c = 0; c < plan->call_count; c++) {
        const hm_tag *tag = plan->limits != NULL ? limit_tag(plan, c) : NULL;
        plan->calls[c].guard = HM_NONE;
        if (tag != NULL) {
            add_limits(plan, c, tag, &used);
        }
        bool is_async = hm_plan_call_is_async(plan, c);
        if (is_async) {
            plan->async_count++;
            check_async(compilation, c);
        }
        bool may_wait = hm_adapted_want(plan, c) == HM_WANT_TO_HOLD;
        has_holds |= may_wait;
        if (is_async || may_wait || plan->calls[c].limit_count > 0) {
            plan->calls[c].guard = plan->guard_count++;
        }
    }
    bool has_loops = (plan->async_count == 0 || hm_driver_has_loop(plan->driver)) &&
                     (!has_holds || hm_lender_loop(plan->pool->lender) != NULL);
    if (!has_loops) {
        return HM_NO_MEMORY; // for the thread of a loop
    }
    return compilation->faults->first;
}
