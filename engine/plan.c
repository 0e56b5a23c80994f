// plan.c — runs the passes, and answers what is asked about a finished plan.

#include "engine/plan.h"

#include <string.h>

#include "base/allocator.h"
#include "base/copy.h"
#include "base/error.h"
#include "engine/adapted.h"
#include "engine/cancel.h"
#include "engine/cost.h"
#include "engine/costs.h"
#include "engine/driver.h"
#include "engine/pipeline.h"
#include "engine/plan_state.h"
#include "graph/checked.h"

const hm_graph_call *hm_plan_graph_call(const hm_plan *plan, uint32_t call) {
    return &plan->graph->calls[plan->calls[call].call];
}

const hm_operand *hm_plan_operands(const hm_plan *plan, uint32_t call) {
    return &plan->operands[plan->calls[call].operands];
}

const char *hm_plan_call_name(const hm_plan *plan, uint32_t call) {
    return hm_graph_call_name(plan->graph,
            (uint32_t)(hm_plan_graph_call(plan, call) - plan->graph->calls));
}

size_t hm_plan_element_size(const hm_plan_value *value) {
    return value->pass == HM_BY_REFERENCE ? sizeof(void *) : value->type->size;
}

size_t hm_plan_level_size(const hm_plan_value *value, uint32_t level) {
    return level + 1 < value->depth ? sizeof(hm_array) : hm_plan_element_size(value);
}

bool hm_plan_value_must_end(const hm_plan_value *value) {
    return value->maker != HM_NONE && !value->is_inner &&
           (value->ownership == HM_GIVEN || value->is_expansion || value->depth > 0);
}

bool hm_plan_output_may_be_null(const hm_output *output) {
    return output->type->kind == HM_KIND_STRING && output->pass == HM_BY_VALUE;
}

bool hm_plan_call_has_inner(const hm_plan *plan, uint32_t call) {
    const hm_function *function = hm_plan_graph_call(plan, call)->function;
    bool has_arrays = false;
    for (size_t p = 0; p < function->parameter_count; p++) {
        has_arrays |= function->parameters[p].shape == HM_ARRAY;
    }
    return plan->calls[call].loop_depth > 1 ||
           (plan->calls[call].loop_depth == 1 && has_arrays);
}

bool hm_plan_operand_may_be_null(
        const hm_plan *plan, const hm_plan_call *call, uint32_t parameter) {
    const hm_plan_value *value =
            &plan->values[plan->operands[call->operands + parameter].value];
    const hm_function *function = plan->graph->calls[call->call].function;
    // A switch hands on what is taken, whatever it is.
    return value->type->kind == HM_KIND_STRING && value->depth == 0 &&
           value->pass == HM_BY_VALUE && value->maker != HM_NONE &&
           call->choice == HM_NONE && !function->parameters[parameter].accepts_failed &&
           parameter >= plan->graph->calls[call->call].whole_count;
}

bool hm_plan_value_must_be_clean(const hm_plan_value *value) {
    return value->ownership == HM_GIVEN || value->is_expansion;
}

static hm_status run_passes(hm_compilation *compilation) {
    HM_TRY(hm_plan_select(compilation));
    HM_TRY(hm_plan_shape(compilation));
    HM_TRY(hm_plan_branches(compilation));
    HM_TRY(hm_plan_adapt(compilation));
    HM_TRY(hm_plan_guards(compilation));
    HM_TRY(hm_plan_fuse(compilation));
    HM_TRY(hm_plan_blocks(compilation));
    HM_TRY(hm_plan_place(compilation));
    HM_TRY(hm_plan_lifetimes(compilation));
    hm_adapted_settle(compilation->plan);
    return HM_OK;
}

// What runs of the plan will change, on cache lines of its own.
static hm_status create_state(
        hm_plan *plan, _Atomic(float) *shared, const hm_costs *costs) {
    hm_plan_state *state =
            hm_arena_take(&plan->arena, sizeof *state + HM_CACHE_LINE, HM_CACHE_LINE);
    if (state == NULL) {
        return HM_NO_MEMORY;
    }
    memset(state, 0, sizeof *state);
    atomic_init(&state->user_count, 1);
    state->shared = shared;
    state->costs = hm_arena_array(&plan->arena, plan->call_count, sizeof *state->costs);
    if (state->costs == NULL || uv_mutex_init(&state->lock) != 0) {
        return HM_NO_MEMORY;
    }
    plan->state = state;
    if (costs != NULL) {
        hm_costs_tell(costs, plan);
    }
    hm_cost_estimate(plan);
    hm_schedule *schedule;
    HM_TRY(hm_schedule_create(plan, &schedule));
    atomic_init(&state->schedule, schedule);
    hm_cost_judge(plan, schedule);
    return HM_OK;
}

// Whether a run may be as large as it is known to be.
static hm_status check_size(hm_plan *plan, hm_faults *faults) {
    if (plan->max_bytes == 0) {
        return HM_OK;
    }
    hm_plan_need need = hm_plan_memory(plan);
    size_t fixed = need.frame + need.state;
    if (fixed + need.arrays <= plan->max_bytes) {
        plan->array_limit = plan->max_bytes - fixed;
        return HM_OK;
    }
    hm_faults_format(faults, (hm_diagnostic){.status = HM_TOO_LARGE},
            "a run needs %s%zu bytes, %zu of them for arrays, and may take %zu: ask "
            "for "
            "less at once, give shorter arrays, or allow more",
            need.is_known ? "" : "at least ", fixed + need.arrays, need.arrays,
            plan->max_bytes);
    return HM_TOO_LARGE;
}

hm_status hm_plan_compile(const hm_driver *driver, const hm_request *request,
        hm_plan **plan, hm_faults *faults) {
    const hm_graph *graph = driver->graph;
    hm_plan *compiled = hm_allocate_array(graph->allocator, 1, sizeof *compiled);
    if (compiled == NULL) {
        return hm_error_no_memory(faults->error);
    }
    compiled->allocator = graph->allocator;
    compiled->graph = graph;
    compiled->pool = driver->pool;
    compiled->worker_count = driver->worker_count;
    compiled->keep_going = request->keep_going;
    compiled->rows_may_fail = request->rows_may_fail;
    compiled->borrows_arrays = request->borrows_arrays;
    compiled->always_share = request->always_share;
    compiled->always_measure = request->always_measure;
    compiled->caller_waits = request->caller_waits;
    compiled->priority = request->priority;
    compiled->time_limit = request->deadline;
    compiled->max_bytes = request->max_bytes;
    compiled->block_length = request->block_length;
    compiled->driver = hm_driver_use(driver);
    compiled->cancel = hm_cancel_use(request->cancel);
    hm_arena_init(&compiled->arena, graph->allocator);

    hm_compilation compilation = {
            .plan = compiled, .graph = graph, .request = request, .faults = faults};
    hm_arena_init(&compilation.arena, graph->allocator);
    hm_status status = run_passes(&compilation);
    hm_arena_finish(&compilation.arena);
    if (status == HM_OK) {
        status = create_state(compiled, driver->costs, request->costs);
    }
    if (status == HM_OK) {
        status = check_size(compiled, faults);
    }
    if (status == HM_OK) {
        status = hm_adapted_tell(compiled, faults);
    }
    if (status != HM_OK) {
        hm_plan_destroy(compiled);
        return faults->count > 0 ? faults->first
                                 : hm_error_set(faults->error, status, NULL);
    }
    *plan = compiled;
    return HM_OK;
}

static bool is_among(const hm_value *value, const hm_value *values, size_t count) {
    return count > 0 && value >= values && value < values + count;
}

hm_status hm_plan_copy_inputs(hm_plan *plan, bool for_results) {
    const hm_graph *graph = plan->graph;
    for (uint32_t i = 0; i < plan->input_count; i++) {
        hm_plan_input *input = &plan->inputs[i];
        const hm_plan_value *value = &plan->values[input->value];
        // A plan needs its driver and so its config; results need neither.
        bool is_config = graph->nodes[value->node].config != HM_NONE;
        bool is_borrowed = plan->borrows_arrays && input->given->depth > 0;
        if (((is_config || is_borrowed) && !for_results) ||
                is_among(input->given, plan->owned, plan->owned_count) ||
                (for_results && !value->is_result)) {
            continue;
        }
        hm_value *copy = hm_arena_array(&plan->arena, 1, sizeof *copy);
        if (copy == NULL || !hm_value_copy(input->given, &plan->arena, copy)) {
            return HM_NO_MEMORY;
        }
        input->given = copy;
    }
    return HM_OK;
}

hm_status hm_plan_create(const hm_driver *driver, const hm_request *request,
        hm_plan **plan, hm_error *error) {
    hm_request known;
    HM_TRY(hm_request_read(request, &known, error));
    hm_faults faults = {.list = known.diagnostics, .error = error};
    hm_plan *compiled;
    HM_TRY(hm_plan_compile(driver, &known, &compiled, &faults));
    if (hm_plan_copy_inputs(compiled, false) != HM_OK) {
        hm_plan_destroy(compiled);
        return hm_error_no_memory(error);
    }
    *plan = compiled;
    return HM_OK;
}

static void free_plan(hm_plan *plan) {
    hm_adapted_end(plan);
    for (uint32_t i = 0; i < plan->owned_count; i++) {
        hm_value_release(&plan->owned[i]);
    }
    if (plan->state != NULL) {
        // Relaxed: no run is left that could change it.
        hm_schedule_destroy(plan,
                atomic_load_explicit(&plan->state->schedule, memory_order_relaxed));
        uv_mutex_destroy(&plan->state->lock);
    }
    hm_cancel_leave(plan->cancel);
    hm_driver *driver = plan->driver;
    hm_arena_finish(&plan->arena);
    hm_deallocate_array(plan->allocator, plan, 1, sizeof *plan);
    hm_driver_release(driver);
}

void hm_plan_use(const hm_plan *plan) {
    // Relaxed: whoever has it can give it to others.
    atomic_fetch_add_explicit(&plan->state->user_count, 1, memory_order_relaxed);
}

void hm_plan_destroy(hm_plan *plan) {
    // Acquire and release: the last one comes after whatever the others did with it.
    if (plan != NULL &&
            (plan->state == NULL || atomic_fetch_sub_explicit(&plan->state->user_count,
                                            1, memory_order_acq_rel) == 1)) {
        free_plan(plan);
    }
}

uint32_t hm_plan_memory_of(const hm_plan *plan, uint32_t value) {
    uint32_t same_as = plan->values[value].same_as;
    return same_as != HM_NONE ? same_as : value;
}

uint32_t hm_plan_value_of(const hm_plan *plan, uint32_t node) {
    uint32_t low = 0;
    uint32_t high = plan->node_value_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (plan->values[middle].node < node) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    bool found = low < plan->node_value_count && plan->values[low].node == node;
    return found ? low : HM_NONE;
}

uint32_t hm_plan_find(const hm_plan *plan, const char *name) {
    uint32_t node = hm_graph_find(plan->graph, name);
    uint32_t id = node != HM_NONE ? hm_plan_value_of(plan, node) : HM_NONE;
    if (id == HM_NONE) {
        return HM_NONE;
    }
    const hm_plan_value *value = &plan->values[id];
    return value->is_wanted || value->maker == HM_NONE ? value->slot : HM_NONE;
}

uint32_t hm_plan_unit_size(const hm_plan *plan, uint32_t call) {
    uint32_t pipeline = plan->calls[call].pipeline;
    return pipeline != HM_NONE ? plan->pipelines[pipeline].call_count : 1;
}

bool hm_plan_call_is_reduction(const hm_plan *plan, uint32_t call) {
    return plan->calls[call].loop_depth == 0 &&
           (plan->calls[call].traits & HM_CALL_REDUCES) != 0 &&
           !hm_plan_call_takes_one(plan, call);
}

bool hm_plan_call_is_member(const hm_plan *plan, uint32_t call) {
    uint32_t pipeline = plan->calls[call].pipeline;
    return pipeline != HM_NONE && !plan->pipelines[pipeline].is_alone;
}

bool hm_plan_call_is_passing(const hm_plan *plan, uint32_t call) {
    return plan->calls[call].pipeline != HM_NONE &&
           (plan->calls[call].traits & HM_CALL_PASSES) != 0;
}

uint32_t hm_plan_told_value(const hm_plan *plan, uint32_t call) {
    if ((plan->calls[call].traits & HM_CALL_PASSES) == 0) {
        return HM_NONE;
    }
    uint32_t found = hm_plan_operands(plan, call)[1].value;
    const hm_plan_value *value = &plan->values[found];
    bool warns =
            hm_check_that_warns(hm_plan_graph_call(plan, call)->function, 0) != HM_NONE;
    bool is_elsewhere = value->depth > 0 || value->ownership == HM_BORROWED;
    return warns && is_elsewhere ? found : HM_NONE;
}

bool hm_plan_takes_whole(const hm_plan *plan, uint32_t call, size_t parameter) {
    return (plan->calls[call].traits & HM_CALL_TAKES_WHOLE) != 0 &&
           parameter < hm_plan_graph_call(plan, call)->whole_count;
}

bool hm_plan_call_takes_one(const hm_plan *plan, uint32_t call) {
    const uint32_t wanted = HM_CALL_LOOKS | HM_CALL_REDUCES;
    return (plan->calls[call].traits & wanted) == wanted &&
           plan->values[hm_plan_operands(plan, call)[0].value].depth == 0;
}

bool hm_plan_call_contains(const hm_plan *plan, uint32_t call) {
    const hm_plan_call *of = &plan->calls[call];
    // A check that fails says that rows are wrong, not that it could not be made.
    return plan->rows_may_fail && of->pipeline != HM_NONE && of->loop_depth == 1 &&
           (of->traits & (HM_CALL_PASSES | HM_CALL_CHOOSES)) == 0 &&
           (hm_plan_graph_call(plan, call)->function->flags & HM_FUNCTION_FALLIBLE) !=
                   0;
}

bool hm_plan_call_is_async(const hm_plan *plan, uint32_t call) {
    return (plan->calls[call].traits & HM_CALL_IS_ASYNC) != 0;
}

size_t hm_plan_step_count(const hm_plan *plan) {
    return plan->call_count;
}
