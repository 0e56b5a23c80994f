// run.c — the state of a run: its memory, and what comes out of it.

#include "engine/run.h"

#include <stdalign.h>
#include <string.h>

#include "base/allocator.h"
#include "base/error.h"
#include "engine/cancel.h"
#include "engine/end.h"
#include "engine/execute.h"
#include "engine/hooks.h"
#include "engine/missing.h"
#include "engine/stock.h"
#include "graph/whole.h"

size_t hm_run_lines(size_t count, size_t size) {
    size_t line_count = (count * size + HM_CACHE_LINE - 1) / HM_CACHE_LINE;
    return (line_count > 0 ? line_count : 1) * HM_CACHE_LINE;
}

// Zeroed memory for count elements of size bytes, on cache lines of its own: what a run
// writes is on no line that another one, on another thread, writes or reads.
static void *allocate_lines(const hm_allocator *allocator, size_t count, size_t size) {
    if (count > (SIZE_MAX - HM_CACHE_LINE) / size) {
        return NULL;
    }
    void *lines = hm_allocate(allocator, hm_run_lines(count, size), HM_CACHE_LINE);
    return lines != NULL ? memset(lines, 0, hm_run_lines(count, size)) : NULL;
}

static void deallocate_lines(
        const hm_allocator *allocator, void *lines, size_t count, size_t size) {
    hm_deallocate(allocator, lines, hm_run_lines(count, size), HM_CACHE_LINE);
}

void *hm_run_frame_at(hm_run *run, uint32_t slot) {
    return run->frame + slot;
}

// Counts what arrays take, if there is a limit to it. Relaxed: nothing else depends on
// it.
static bool may_take(hm_run *run, size_t more) {
    size_t taken =
            atomic_fetch_add_explicit(&run->array_bytes, more, memory_order_relaxed);
    if (taken + more <= run->plan->array_limit) {
        return true;
    }
    atomic_fetch_sub_explicit(&run->array_bytes, more, memory_order_relaxed);
    return false;
}

static void give_back(hm_run *run, size_t bytes) {
    if (run->plan->max_bytes != 0) {
        atomic_fetch_sub_explicit(&run->array_bytes, bytes, memory_order_relaxed);
    }
}

hm_status hm_run_reserve_buffer(hm_run *run, hm_buffer *buffer, size_t size) {
    const hm_allocator *allocator = run->plan->allocator;
    // An array without elements has an address all the same.
    size = size > 0 ? size : 1;
    if (size <= buffer->capacity) {
        return HM_OK;
    }
    size_t more = size - buffer->capacity;
    if (run->plan->max_bytes != 0 && !may_take(run, more)) {
        return HM_TOO_LARGE;
    }
    void *data = hm_allocate(allocator, size, run->plan->alignment);
    if (data == NULL) {
        give_back(run, more);
        return HM_NO_MEMORY;
    }
    hm_deallocate(allocator, buffer->data, buffer->capacity, run->plan->alignment);
    *buffer = (hm_buffer){.data = data, .capacity = size};
    return HM_OK;
}

hm_status hm_run_reserve(hm_run *run, uint32_t index, size_t size) {
    return hm_run_reserve_buffer(run, &run->buffers[index], size);
}

hm_status hm_run_reserve_validity(hm_run *run, uint32_t value, size_t length) {
    size_t size = hm_missing_bytes(length);
    HM_TRY(hm_run_reserve_buffer(run, &run->validities[value], size));
    memset(run->validities[value].data, 0xff, size);
    return HM_OK;
}

void hm_run_free_buffer(hm_run *run, hm_buffer *buffer) {
    give_back(run, buffer->capacity);
    hm_deallocate(
            run->plan->allocator, buffer->data, buffer->capacity, run->plan->alignment);
    *buffer = (hm_buffer){0};
}

void hm_run_end_value(hm_run *run, uint32_t id) {
    const hm_plan *plan = run->plan;
    const hm_plan_value *value = &plan->values[id];
    hm_hooks_end_value(run, id);
    if (!run->is_live[id]) {
        return;
    }
    run->is_live[id] = false;
    hm_end(value, hm_run_frame_at(run, value->slot));
    const hm_schedule *schedule = run->schedule;
    for (uint32_t k = 0; run->is_single && k < value->level_count; k++) {
        uint32_t buffer = schedule->buffer_of[value->levels + k];
        if (schedule->last_tenant[buffer] == id) {
            hm_run_free_buffer(run, &run->buffers[buffer]);
        }
    }
    if (run->is_single && run->validities != NULL) {
        hm_run_free_buffer(run, &run->validities[id]);
    }
}

void hm_run_end_all(hm_run *run) {
    for (uint32_t i = 0; i < run->plan->ending_count; i++) {
        hm_run_end_value(run, run->plan->endings[i]);
    }
}

void hm_run_point_at_slots(hm_run *run) {
    const hm_plan *plan = run->plan;
    for (uint32_t v = 0; v < plan->value_count; v++) {
        const hm_plan_value *value = &plan->values[v];
        if (value->address != HM_NONE) {
            void *slot = hm_run_frame_at(run, value->slot);
            memcpy(hm_run_frame_at(run, value->address), &slot, sizeof slot);
        }
        if (value->array != HM_NONE) {
            const hm_array one = {
                    .data = hm_run_frame_at(run, value->slot), .length = 1};
            memcpy(hm_run_frame_at(run, value->array), &one, sizeof one);
        }
        if (value->whole != HM_NONE) {
            const hm_whole whole = {.type = value->type,
                    .depth = value->depth,
                    .by_reference = value->pass == HM_BY_REFERENCE,
                    .slot = hm_run_frame_at(run, value->slot)};
            memcpy(hm_run_frame_at(run, value->whole), &whole, sizeof whole);
        }
    }
}

// What never changes in a frame: pointers to slots, arrays of one, and defaults.
static void fill_frame(hm_run *run) {
    const hm_plan *plan = run->plan;
    hm_run_point_at_slots(run);
    for (uint32_t c = 0; c < plan->call_count; c++) {
        const hm_function *function = hm_plan_graph_call(plan, c)->function;
        const hm_operand *operands = hm_plan_operands(plan, c);
        for (size_t p = 0; p < function->parameter_count; p++) {
            const hm_plan_value *value = &plan->values[operands[p].value];
            if (value->node == HM_NONE && value->maker == HM_NONE) {
                memcpy(hm_run_frame_at(run, value->slot),
                        function->parameters[p].default_value, value->type->size);
            }
        }
    }
    for (uint32_t i = 0; i < plan->input_count; i++) {
        hm_run_store(run, plan->inputs[i].value, plan->inputs[i].given);
    }
}

// What a run has for each task and buffer of its schedule.
typedef struct hm_shares {
    hm_buffer *buffers;
    hm_ticket *tickets;
    _Atomic(uint32_t) *open_needs;
} hm_shares;

static bool allocate_shares(
        const hm_plan *plan, const hm_schedule *schedule, hm_shares *shares) {
    shares->buffers = allocate_lines(
            plan->allocator, schedule->buffer_count, sizeof *shares->buffers);
    shares->tickets = allocate_lines(
            plan->allocator, schedule->tasks.task_count, sizeof *shares->tickets);
    shares->open_needs = allocate_lines(
            plan->allocator, schedule->tasks.task_count, sizeof *shares->open_needs);
    return shares->buffers != NULL && shares->tickets != NULL &&
           shares->open_needs != NULL;
}

static void free_shares(
        const hm_plan *plan, const hm_schedule *schedule, const hm_shares *shares) {
    deallocate_lines(plan->allocator, shares->buffers, schedule->buffer_count,
            sizeof *shares->buffers);
    deallocate_lines(plan->allocator, shares->tickets, schedule->tasks.task_count,
            sizeof *shares->tickets);
    deallocate_lines(plan->allocator, (void *)shares->open_needs,
            schedule->tasks.task_count, sizeof *shares->open_needs);
}

static void free_buffers(hm_run *run) {
    for (uint32_t b = 0; run->buffers != NULL && b < run->schedule->buffer_count; b++) {
        hm_run_free_buffer(run, &run->buffers[b]);
    }
}

static void follow_schedule(hm_run *run) {
    for (uint32_t v = 0; v < run->plan->value_count; v++) {
        atomic_init(&run->open_ends[v], run->schedule->retirements[v].count);
    }
    hm_execute_init(run);
}

void hm_run_change_schedule(hm_run *run) {
    const hm_plan *plan = run->plan;
    hm_schedule *next = hm_schedule_take(plan);
    hm_shares shares;
    if (!allocate_shares(plan, next, &shares)) {
        free_shares(plan, next, &shares);
        hm_schedule_give_back(plan, next);
        return;
    }
    free_buffers(run);
    free_shares(plan, run->schedule,
            &(hm_shares){run->buffers, run->tickets, run->open_needs});
    hm_schedule_give_back(plan, run->schedule);
    run->schedule = next;
    run->buffers = shares.buffers;
    run->tickets = shares.tickets;
    run->open_needs = shares.open_needs;
    follow_schedule(run);
}

// What a run has where only some of its branches are needed.
static bool allocate_demands(hm_run *run) {
    const hm_plan *plan = run->plan;
    if (plan->choice_count == 0) {
        return true;
    }
    run->demands =
            allocate_lines(plan->allocator, plan->call_count, sizeof *run->demands);
    run->decisions =
            allocate_lines(plan->allocator, plan->choice_count, sizeof *run->decisions);
    return run->demands != NULL && run->decisions != NULL;
}

static bool allocate(hm_run *run) {
    const hm_plan *plan = run->plan;
    const hm_allocator *allocator = plan->allocator;
    run->frame = hm_allocate(allocator, plan->frame_size, plan->alignment);
    run->scratch = hm_allocate(allocator, plan->scratch_size, plan->alignment);
    run->is_live = allocate_lines(allocator, plan->value_count, sizeof *run->is_live);
    run->outcomes = allocate_lines(allocator, plan->call_count, sizeof *run->outcomes);
    run->owned = allocate_lines(allocator, plan->input_count, sizeof *run->owned);
    run->open_ends =
            allocate_lines(allocator, plan->value_count, sizeof *run->open_ends);
    bool has_arrays = plan->dimension_count > 0;
    run->validities =
            has_arrays ? allocate_lines(allocator, plan->value_count, sizeof(hm_buffer))
                       : NULL;
    run->stocks = allocate_lines(allocator, plan->stock_count, sizeof *run->stocks);
    run->guards = allocate_lines(allocator, plan->guard_count, sizeof *run->guards);
    run->marks = allocate_lines(allocator, plan->call_count, sizeof *run->marks);
    bool can_demand = allocate_demands(run);
    hm_shares shares;
    bool is_shared = allocate_shares(plan, run->schedule, &shares);
    run->buffers = shares.buffers;
    run->tickets = shares.tickets;
    run->open_needs = shares.open_needs;
    return is_shared && run->stocks != NULL && run->guards != NULL &&
           run->open_ends != NULL && run->frame != NULL && run->scratch != NULL &&
           run->is_live != NULL && run->outcomes != NULL && run->owned != NULL &&
           run->marks != NULL && (run->validities != NULL || !has_arrays) && can_demand;
}

static bool is_plain(const hm_run *run) {
    const hm_plan *plan = run->plan;
    return run->time_limit == 0 && !run->caller_waits && plan->ending_count == 0 &&
           plan->guard_count == 0 && plan->choice_count == 0 && run->hooks == NULL;
}

hm_status hm_run_make(const hm_plan *plan, bool is_single, hm_run **run) {
    hm_run *made = allocate_lines(plan->allocator, 1, sizeof *made);
    if (made == NULL) {
        return HM_NO_MEMORY;
    }
    *made = (hm_run){.plan = plan,
            .is_single = is_single,
            .priority = plan->priority,
            .time_limit = plan->time_limit,
            .caller_waits = plan->caller_waits,
            .cancel = hm_cancel_use(plan->cancel)};
    if (!hm_parker_init(&made->parker)) {
        hm_cancel_leave(made->cancel);
        deallocate_lines(plan->allocator, made, 1, sizeof *made);
        return HM_NO_MEMORY;
    }
    if (uv_mutex_init(&made->lock) != 0) {
        hm_parker_finish(&made->parker);
        hm_cancel_leave(made->cancel);
        deallocate_lines(plan->allocator, made, 1, sizeof *made);
        return HM_NO_MEMORY;
    }
    hm_arena_init(&made->messages, plan->allocator);
    hm_arena_init(&made->kept, plan->allocator);
    made->schedule = hm_schedule_take(plan);
    hm_plan_use(plan);
    if (!allocate(made) || !hm_hooks_create(made)) {
        hm_run_destroy(made);
        return HM_NO_MEMORY;
    }
    made->is_plain = is_plain(made);
    hm_guard_init_all(made);
    memset(made->frame, 0, plan->frame_size);
    ((hm_frame_head *)(void *)made->frame)->run = made;
    fill_frame(made);
    follow_schedule(made);
    *run = made;
    return HM_OK;
}

hm_status hm_run_create(const hm_plan *plan, hm_run **run, hm_error *error) {
    hm_status status = hm_run_make(plan, false, run);
    return status == HM_OK ? HM_OK : hm_error_set(error, status, NULL);
}

static void free_run(hm_run *run) {
    const hm_plan *plan = run->plan;
    const hm_allocator *allocator = plan->allocator;
    if (run->is_live != NULL && run->frame != NULL && run->buffers != NULL) {
        hm_run_end_all(run);
    }
    free_buffers(run);
    for (uint32_t v = 0; run->validities != NULL && v < plan->value_count; v++) {
        hm_run_free_buffer(run, &run->validities[v]);
    }
    for (uint32_t i = 0; run->stocks != NULL && i < plan->stock_count; i++) {
        hm_stock_free(run, &run->stocks[i]);
    }
    for (uint32_t i = 0; run->owned != NULL && i < plan->input_count; i++) {
        hm_value_release(&run->owned[i]);
    }
    hm_guard_finish_all(run);
    hm_hooks_destroy(run);
    hm_arena_finish(&run->messages);
    hm_arena_finish(&run->kept);
    hm_run_follow_cancel(run);
    hm_cancel_leave(run->cancel);
    uv_mutex_destroy(&run->lock);
    hm_parker_finish(&run->parker);
    free_shares(plan, run->schedule,
            &(hm_shares){run->buffers, run->tickets, run->open_needs});
    hm_schedule_give_back(plan, run->schedule);
    hm_deallocate_array(allocator, run->left, plan->wanted_count, sizeof *run->left);
    deallocate_lines(
            allocator, run->validities, plan->value_count, sizeof *run->validities);
    deallocate_lines(allocator, run->stocks, plan->stock_count, sizeof *run->stocks);
    deallocate_lines(allocator, run->guards, plan->guard_count, sizeof *run->guards);
    deallocate_lines(
            allocator, (void *)run->marks, plan->call_count, sizeof *run->marks);
    deallocate_lines(
            allocator, run->open_ends, plan->value_count, sizeof *run->open_ends);
    deallocate_lines(
            allocator, (void *)run->demands, plan->call_count, sizeof *run->demands);
    deallocate_lines(allocator, (void *)run->decisions, plan->choice_count,
            sizeof *run->decisions);
    deallocate_lines(allocator, run->owned, plan->input_count, sizeof *run->owned);
    deallocate_lines(allocator, run->outcomes, plan->call_count, sizeof *run->outcomes);
    deallocate_lines(allocator, run->is_live, plan->value_count, sizeof *run->is_live);
    hm_deallocate(allocator, run->scratch, plan->scratch_size, plan->alignment);
    hm_deallocate(allocator, run->frame, plan->frame_size, plan->alignment);
    deallocate_lines(allocator, run, 1, sizeof *run);
    hm_plan_destroy((hm_plan *)(uintptr_t)plan); // which was used by the run
}

void hm_run_destroy(hm_run *run) {
    if (run == NULL) {
        return;
    }
    uint32_t left = HM_PHASE_LEFT;
    // Acquire if nobody is under way: what the last node did. Release if not: it frees
    // what we leave.
    if (!atomic_compare_exchange_strong_explicit(&run->phase, &left, HM_PHASE_ORPHANED,
                memory_order_acq_rel, memory_order_acquire)) {
        free_run(run);
    }
}

void hm_run_come_back(hm_run *run) {
    // Release: who executes, or frees, the run next comes after its last node.
    uint32_t under_way = HM_PHASE_UNDER_WAY;
    if (atomic_compare_exchange_strong_explicit(&run->phase, &under_way, HM_PHASE_BACK,
                memory_order_acq_rel, memory_order_acquire)) {
        return;
    }
    hm_hooks_end(run);
    uint32_t left = HM_PHASE_LEFT;
    if (!atomic_compare_exchange_strong_explicit(&run->phase, &left, HM_PHASE_IDLE,
                memory_order_acq_rel, memory_order_acquire)) {
        free_run(run);
    }
}

bool hm_run_is_busy(const hm_run *run) {
    // Acquire: whoever sees that it is not may free what its nodes read.
    return atomic_load_explicit(&run->phase, memory_order_acquire) != HM_PHASE_IDLE;
}

void hm_run_set_deadline(hm_run *run, uint64_t nanoseconds) {
    run->time_limit = nanoseconds;
    run->is_plain = is_plain(run);
    run->is_ready = false;
}

void hm_run_set_priority(hm_run *run, hm_priority priority) {
    run->priority = priority;
}

void hm_run_set_cancel(hm_run *run, const hm_cancel *cancel) {
    if (run->next_cancel != NULL) {
        hm_cancel_leave(run->next_cancel);
    }
    run->next_cancel = hm_cancel_use(cancel);
    run->is_ready = false;
}

void hm_run_follow_cancel(hm_run *run) {
    if (run->next_cancel != NULL) {
        hm_cancel_leave(run->cancel);
        run->cancel = run->next_cancel;
        run->next_cancel = NULL;
    }
}

uint64_t hm_run_overrun(const hm_run *run) {
    return run->overrun;
}

void *hm_run_slot(hm_run *run, uint32_t slot) {
    return hm_run_frame_at(run, slot);
}

hm_status hm_run_execute(hm_run *run, hm_error *error) {
    hm_faults faults = {.error = error};
    return hm_execute(run, &faults);
}

hm_value hm_run_value(const hm_run *run, uint32_t id) {
    const hm_plan_value *value = &run->plan->values[id];
    const char *slot = run->frame + value->slot;
    hm_value shown = {.type = value->type,
            .depth = value->depth,
            .by_reference = value->pass == HM_BY_REFERENCE};
    if (value->depth > 0) {
        memcpy(&shown.many, slot, sizeof shown.many);
    } else if (value->pass == HM_BY_REFERENCE) {
        memcpy(&shown.data, slot, sizeof shown.data);
    } else {
        shown.data = slot;
    }
    return shown;
}

hm_outcome hm_run_outcome(const hm_run *run, uint32_t wanted) {
    uint32_t maker = run->plan->values[run->plan->wanted[wanted]].maker;
    if (run->was_left) {
        return run->left[wanted];
    }
    return maker != HM_NONE ? run->outcomes[maker] : (hm_outcome){.status = HM_OK};
}

// The place of a name among those that are wanted, or HM_NONE.
static uint32_t find_wanted(const hm_run *run, const char *name) {
    const hm_plan *plan = run->plan;
    uint32_t node = hm_graph_find(plan->graph, name);
    uint32_t id = node != HM_NONE ? hm_plan_value_of(plan, node) : HM_NONE;
    for (uint32_t i = 0; id != HM_NONE && i < plan->wanted_count; i++) {
        if (plan->wanted[i] == id) {
            return i;
        }
    }
    return HM_NONE;
}

hm_status hm_run_status(hm_run *run, const char *name, const char **message) {
    uint32_t wanted = find_wanted(run, name);
    hm_outcome outcome = {.status = HM_UNKNOWN_NAME,
            .message = "the name is not an output of this plan"};
    if (wanted != HM_NONE) {
        outcome = hm_run_outcome(run, wanted);
    }
    if (message != NULL) {
        *message = outcome.message != NULL ? outcome.message
                                           : hm_status_text(outcome.status);
    }
    return outcome.status;
}

hm_status hm_run_get(hm_run *run, const char *name, hm_value *value, hm_error *error) {
    uint32_t wanted = find_wanted(run, name);
    if (wanted == HM_NONE) {
        return hm_error_set(
                error, HM_UNKNOWN_NAME, "`%s` is not an output of this plan", name);
    }
    hm_outcome outcome = hm_run_outcome(run, wanted);
    if (outcome.status != HM_OK) {
        return hm_error_set(error, outcome.status, "`%s` is not ready: %s", name,
                outcome.message != NULL ? outcome.message
                                        : hm_status_text(outcome.status));
    }
    *value = hm_run_value(run, run->plan->wanted[wanted]);
    return HM_OK;
}
