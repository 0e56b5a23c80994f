// explain.c — a plan and its schedule of now, as <hamilton/explain.h> shows them.

#include <stdatomic.h>

#include <hamilton/explain.h>

#include "base/allocator.h"
#include "base/arena.h"
#include "base/error.h"
#include "engine/cost.h"
#include "engine/pipeline.h"
#include "engine/plan.h"
#include "engine/plan_state.h"

typedef struct hm_explaining {
    hm_explanation seen; // first: what the caller gets is this one
    const hm_allocator *allocator;
    hm_arena arena; // owns all arrays

    const hm_plan *plan;
    const hm_schedule *schedule;
    float *costs;             // by call of the plan
    uint32_t *place;          // call of the plan -> its index in the explanation
    uint32_t *shown;          // task of the schedule -> its index, or HM_NONE
    uint32_t *shown_pipeline; // of the plan -> its index, or HM_NONE
} hm_explaining;

static void *take_array(hm_explaining *to, size_t count, size_t size) {
    return hm_arena_array(&to->arena, count, size);
}

// Tasks that have calls, numbered as they are shown: what opens a pipeline and shares
// its rows belongs to the task that closes it.
static hm_status number_tasks(hm_explaining *to) {
    const hm_schedule *schedule = to->schedule;
    uint32_t count = schedule->tasks.task_count;
    to->shown = take_array(to, count, sizeof *to->shown);
    if (to->shown == NULL) {
        return HM_NO_MEMORY;
    }
    for (uint32_t t = 0; t < count; t++) {
        to->shown[t] =
                hm_schedule_is_side(schedule, t) ? HM_NONE : to->seen.task_count++;
    }
    for (uint32_t i = 0; i < to->plan->pipeline_count; i++) {
        if (schedule->splits[i].share_count > 0) {
            uint32_t first_call = to->plan->pipelines[i].first_call;
            to->shown[schedule->splits[i].opening] =
                    to->shown[schedule->task_of[first_call]];
        }
    }
    return HM_OK;
}

// The task that a shown one begins with.
static uint32_t entry_of(const hm_explaining *to, uint32_t task) {
    const hm_schedule *schedule = to->schedule;
    uint32_t pipeline =
            to->plan->calls[schedule->order[schedule->first_call[task]]].pipeline;
    return pipeline != HM_NONE && schedule->splits[pipeline].share_count > 0
                   ? schedule->splits[pipeline].opening
                   : task;
}

static float cost_of(const hm_explaining *to, uint32_t task) {
    const hm_schedule *schedule = to->schedule;
    float sum = 0;
    for (uint32_t i = schedule->first_call[task]; i < schedule->first_call[task + 1];
            i++) {
        float cost = to->costs[schedule->order[i]];
        if (!(cost > 0) && !hm_plan_call_is_lazy(to->plan, schedule->order[i])) {
            return 0;
        }
        sum += cost;
    }
    return sum;
}

static hm_status explain_tasks(hm_explaining *to) {
    const hm_schedule *schedule = to->schedule;
    const hm_task_set *set = &schedule->tasks;
    HM_TRY(number_tasks(to));
    uint32_t successor_count = set->first_successor[set->task_count];
    hm_explained_task *tasks = take_array(to, to->seen.task_count, sizeof *tasks);
    uint32_t *successors = take_array(to, successor_count, sizeof *successors);
    if (tasks == NULL || successors == NULL) {
        return HM_NO_MEMORY;
    }
    uint32_t used = 0;
    for (uint32_t t = 0; t < set->task_count; t++) {
        if (hm_schedule_is_side(schedule, t)) {
            continue;
        }
        uint32_t first = schedule->first_call[t];
        uint32_t count = set->first_successor[t + 1] - set->first_successor[t];
        tasks[to->shown[t]] = (hm_explained_task){.first_call = first,
                .call_count = schedule->first_call[t + 1] - first,
                .first_successor = used,
                .successor_count = count,
                .dependency_count = set->dependency_count[entry_of(to, t)],
                .nanoseconds = cost_of(to, t)};
        for (uint32_t i = 0; i < count; i++) {
            uint32_t next = set->successors[set->first_successor[t] + i];
            successors[used++] = to->shown[next];
        }
    }
    to->seen.tasks = tasks;
    to->seen.successors = successors;
    return HM_OK;
}

// Calls that are pipelines of their own are shown as what they are.
static hm_status number_pipelines(hm_explaining *to) {
    const hm_plan *plan = to->plan;
    uint32_t *shown = take_array(to, plan->pipeline_count, sizeof *shown);
    if (shown == NULL) {
        return HM_NO_MEMORY;
    }
    for (uint32_t i = 0; i < plan->pipeline_count; i++) {
        shown[i] = plan->pipelines[i].is_alone ? HM_NONE : to->seen.pipeline_count++;
    }
    to->shown_pipeline = shown;
    return HM_OK;
}

static hm_status explain_pipelines(hm_explaining *to) {
    const hm_plan *plan = to->plan;
    hm_explained_pipeline *pipelines =
            take_array(to, to->seen.pipeline_count, sizeof *pipelines);
    if (pipelines == NULL) {
        return HM_NO_MEMORY;
    }
    for (uint32_t i = 0; i < plan->pipeline_count; i++) {
        const hm_pipeline *pipeline = &plan->pipelines[i];
        uint32_t share_count = to->schedule->splits[i].share_count;
        if (pipeline->is_alone) {
            continue;
        }
        pipelines[to->shown_pipeline[i]] =
                (hm_explained_pipeline){.first_call = to->place[pipeline->first_call],
                        .call_count = pipeline->call_count,
                        .block_length = pipeline->block_length,
                        .block_bytes = pipeline->block_length * pipeline->row_size,
                        .worker_count = share_count > 0 ? share_count : 1};
    }
    to->seen.pipelines = pipelines;
    return HM_OK;
}

static hm_status explain_calls(hm_explaining *to, hm_explained_call **explained) {
    const hm_plan *plan = to->plan;
    hm_explained_call *calls = take_array(to, plan->call_count, sizeof *calls);
    uint32_t *outputs = take_array(to, plan->operand_count, sizeof *outputs);
    to->place = take_array(to, plan->call_count, sizeof *to->place);
    if (calls == NULL || outputs == NULL || to->place == NULL) {
        return HM_NO_MEMORY;
    }
    uint32_t output_count = 0;
    for (uint32_t i = 0; i < plan->call_count; i++) {
        uint32_t c = to->schedule->order[i];
        const hm_graph_call *made = hm_plan_graph_call(plan, c);
        const hm_function *function = made->function;
        to->place[c] = i;
        calls[i] = (hm_explained_call){.name = hm_plan_call_name(plan, c),
                .module = made->module,
                .function = function,
                .task = to->shown[to->schedule->task_of[c]],
                .pipeline = hm_plan_call_is_member(plan, c)
                                    ? to->shown_pipeline[plan->calls[c].pipeline]
                                    : HM_NONE,
                .mapped = plan->calls[c].loop_depth,
                .first_output = output_count,
                .output_count = (uint32_t)function->output_count,
                .nanoseconds = to->costs[c],
                .is_async = hm_plan_call_is_async(plan, c),
                .is_lazy = hm_plan_call_is_lazy(plan, c)};
        const hm_operand *made_values =
                &hm_plan_operands(plan, c)[function->parameter_count];
        for (size_t o = 0; o < function->output_count; o++) {
            outputs[output_count++] = made_values[o].value;
        }
    }
    to->seen.calls = *explained = calls;
    to->seen.call_count = plan->call_count;
    to->seen.outputs = outputs;
    return HM_OK;
}

static hm_explained_value explain_value(const hm_explaining *to, uint32_t id) {
    const hm_plan_value *value = &to->plan->values[id];
    return (hm_explained_value){
            .name = value->node != HM_NONE ? to->plan->graph->nodes[value->node].name
                                           : NULL,
            .type = value->type,
            .depth = value->depth,
            .is_wanted = value->is_wanted,
            .is_inner = value->is_inner,
            .call = value->maker != HM_NONE ? to->place[value->maker] : HM_NONE,
            .offset = value->slot,
            .size = (uint32_t)hm_plan_slot_size(value),
            .first_buffer = value->levels,
            .buffer_count = value->level_count};
}

// Of values without a node: an output that nobody needs or that was overridden, and a
// default.
static void name_others(const hm_explaining *to, hm_explained_value *values) {
    const hm_plan *plan = to->plan;
    for (uint32_t c = 0; c < plan->call_count; c++) {
        const hm_function *function = hm_plan_graph_call(plan, c)->function;
        const hm_operand *operands = hm_plan_operands(plan, c);
        for (size_t p = 0; p < function->parameter_count; p++) {
            hm_explained_value *value = &values[operands[p].value];
            value->name =
                    value->name != NULL ? value->name : function->parameters[p].name;
        }
        for (size_t o = 0; o < function->output_count; o++) {
            hm_explained_value *value =
                    &values[operands[function->parameter_count + o].value];
            value->name = value->name != NULL ? value->name : function->outputs[o].name;
        }
    }
}

static void enlarge(hm_explained_buffer *buffer, bool is_known, size_t size) {
    size = is_known ? size : SIZE_MAX;
    buffer->size = size > buffer->size ? size : buffer->size;
}

static void explain_buffers(
        const hm_explaining *to, uint32_t *buffers_of, hm_explained_buffer *buffers) {
    const hm_plan *plan = to->plan;
    const uint32_t *buffer_of = to->schedule->buffer_of;
    size_t size = 0;
    for (uint32_t v = 0; v < plan->value_count; v++) {
        const hm_plan_value *value = &plan->values[v];
        for (uint32_t k = 0; k < value->level_count; k++) {
            uint32_t buffer = buffer_of[value->levels + k];
            buffers_of[value->levels + k] = buffer;
            buffers[buffer].tenant_count++;
            bool is_known = hm_plan_level_bytes(plan, value, k, &size);
            enlarge(&buffers[buffer], is_known, size);
        }
    }
    for (uint32_t o = 0; o < plan->operand_count; o++) {
        const hm_operand *operand = &plan->operands[o];
        if (operand->references != HM_NONE) {
            bool is_known = hm_plan_reference_bytes(plan, operand, &size);
            enlarge(&buffers[buffer_of[operand->references]], is_known, size);
        }
    }
    for (uint32_t i = 0; i < plan->pipeline_count; i++) {
        const hm_pipeline *pipeline = &plan->pipelines[i];
        if (pipeline->records != HM_NONE) {
            bool is_known = hm_plan_record_bytes(plan, pipeline, &size);
            enlarge(&buffers[buffer_of[pipeline->records]], is_known, size);
        }
    }
}

static hm_status explain_values(hm_explaining *to) {
    const hm_plan *plan = to->plan;
    hm_explained_value *values = take_array(to, plan->value_count, sizeof *values);
    uint32_t *buffers_of = take_array(to, plan->level_count, sizeof *buffers_of);
    hm_explained_buffer *buffers =
            take_array(to, to->schedule->buffer_count, sizeof *buffers);
    if (values == NULL || buffers_of == NULL || buffers == NULL) {
        return HM_NO_MEMORY;
    }
    for (uint32_t v = 0; v < plan->value_count; v++) {
        values[v] = explain_value(to, v);
    }
    name_others(to, values);
    explain_buffers(to, buffers_of, buffers);
    to->seen.values = values;
    to->seen.value_count = plan->value_count;
    to->seen.buffers_of = buffers_of;
    to->seen.buffers = buffers;
    to->seen.buffer_count = to->schedule->buffer_count;
    return HM_OK;
}

// The longest path through the calls, which stand in an order in which they can run.
static hm_status find_critical_path(hm_explaining *to, hm_explained_call *calls) {
    const hm_plan *plan = to->plan;
    uint32_t count = plan->call_count;
    double *ends = take_array(to, count, sizeof *ends); // when a call can be done
    uint32_t *before = take_array(to, count, sizeof *before);
    uint32_t *path = take_array(to, count, sizeof *path);
    if (ends == NULL || before == NULL || path == NULL) {
        return HM_NO_MEMORY;
    }
    uint32_t last = HM_NONE;
    for (uint32_t c = 0; c < count; c++) {
        double cost = to->seen.is_measured ? (double)to->costs[c] : 1;
        before[c] = HM_NONE;
        for (uint32_t i = 0; i < hm_plan_need_count(&plan->calls[c]); i++) {
            uint32_t maker = hm_plan_need_maker(plan, c, i);
            if (maker != HM_NONE && ends[maker] > ends[c]) {
                ends[c] = ends[maker];
                before[c] = maker;
            }
        }
        ends[c] += cost;
        last = last == HM_NONE || ends[c] > ends[last] ? c : last;
        to->seen.work += cost;
    }
    to->seen.span = last != HM_NONE ? ends[last] : 0;
    uint32_t at = count;
    for (; last != HM_NONE; last = before[last]) {
        path[--at] = to->place[last];
        calls[to->place[last]].is_critical = true;
    }
    to->seen.critical_path = path + at;
    to->seen.critical_count = count - at;
    return HM_OK;
}

static void explain_run(hm_explaining *to) {
    const hm_plan *plan = to->plan;
    hm_explanation *seen = &to->seen;
    seen->need = hm_schedule_need(plan, to->schedule);
    seen->worker_count = plan->worker_count;
    // What has limits, or ends elsewhere, is always left to the scheduler.
    seen->sharing = plan->guard_count > 0 ? HM_SHARING_ALL : hm_cost_sharing(plan);
    // Relaxed: a guess that is a little old is as good.
    seen->alone = atomic_load_explicit(&plan->state->cost, memory_order_relaxed);
    seen->shared =
            atomic_load_explicit(&plan->state->shared_time, memory_order_relaxed);
}

static hm_status explain(hm_explaining *to) {
    to->costs = take_array(to, to->plan->call_count, sizeof *to->costs);
    if (to->costs == NULL) {
        return HM_NO_MEMORY;
    }
    to->seen.is_measured = hm_cost_read(to->plan, to->costs);
    hm_explained_call *calls;
    HM_TRY(explain_tasks(to));
    HM_TRY(number_pipelines(to));
    HM_TRY(explain_calls(to, &calls));
    HM_TRY(explain_pipelines(to));
    HM_TRY(explain_values(to));
    HM_TRY(find_critical_path(to, calls));
    explain_run(to);
    return HM_OK;
}

hm_status hm_plan_explain(
        const hm_plan *plan, hm_explanation **explanation, hm_error *error) {
    hm_explaining *to = hm_allocate_array(plan->allocator, 1, sizeof *to);
    if (to == NULL) {
        return hm_error_no_memory(error);
    }
    to->allocator = plan->allocator;
    to->plan = plan;
    hm_arena_init(&to->arena, plan->allocator);
    hm_schedule *schedule = hm_schedule_take(plan);
    to->schedule = schedule;
    hm_status status = explain(to);
    hm_schedule_give_back(plan, schedule);
    if (status != HM_OK) {
        hm_explanation_destroy(&to->seen);
        return hm_error_set(error, status, NULL);
    }
    *explanation = &to->seen;
    return HM_OK;
}

void hm_explanation_destroy(hm_explanation *explanation) {
    if (explanation != NULL) {
        hm_explaining *to = (hm_explaining *)explanation;
        hm_arena_finish(&to->arena);
        hm_deallocate_array(to->allocator, to, 1, sizeof *to);
    }
}
