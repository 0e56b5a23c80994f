// timings.c — the hooks that add up, see <hamilton/timings.h>.

#include "adapters/timings/timings.h"

#include "base/allocator.h"
#include "base/error.h"

static void add(_Atomic(uint64_t) *sum, uint64_t count) {
    atomic_fetch_add_explicit(sum, count, memory_order_relaxed);
}

static void set_state(hm_timed *timed, hm_timing_state state) {
    atomic_store_explicit(&timed->state, state, memory_order_relaxed);
}

// The records of a plan's nodes, by number.
static hm_status compile_plan(void *self, hm_planned *planned, hm_error *error) {
    hm_timings *timings = self;
    hm_timed **nodes =
            hm_allocate_array(timings->allocator, planned->node_count, sizeof *nodes);
    for (uint32_t n = 0; nodes != NULL && n < planned->node_count; n++) {
        nodes[n] = hm_roll_record(&timings->nodes, planned->nodes[n].name);
        if (nodes[n] == NULL) {
            hm_deallocate_array(
                    timings->allocator, nodes, planned->node_count, sizeof *nodes);
            return hm_error_no_memory(error);
        }
    }
    planned->self = nodes;
    return nodes != NULL ? HM_OK : hm_error_no_memory(error);
}

static void end_plan(void *self, hm_planned *planned) {
    hm_timings *timings = self;
    hm_deallocate_array(
            timings->allocator, planned->self, planned->node_count, sizeof(hm_timed *));
}

// NULL of a plan for which there was no memory.
static hm_timed *timed_of(const hm_running *running, const hm_planned_node *node) {
    hm_timed *const *nodes = running->planned->self;
    return nodes != NULL ? nodes[node->number] : NULL;
}

// When a run began is what is kept of it.
static hm_status begin_run(void *self, hm_running *running, hm_error *error) {
    (void)error;
    const hm_timings *timings = self;
    running->self = (void *)(uintptr_t)hm_ticks_now(&timings->clock);
    return HM_OK;
}

static void end_run(
        void *self, hm_running *running, hm_status status, const char *message) {
    (void)status;
    (void)message;
    hm_timings *timings = self;
    add(&timings->run_count, 1);
    add(&timings->run_ticks,
            hm_ticks_now(&timings->clock) - (uint64_t)(uintptr_t)running->self);
}

// What a thread spends on a node that is spread is told row by row.
static bool is_told_by_rows(const hm_planned_node *node) {
    return node->is_spread && !node->is_async;
}

static hm_status before(void *self, hm_call *call, hm_error *error) {
    (void)error;
    const hm_timings *timings = self;
    hm_timed *timed = timed_of(call->running, call->node);
    if (timed != NULL) {
        set_state(timed, HM_TIMING_UNDER_WAY);
        call->memo->number = hm_ticks_now(&timings->clock);
    }
    return HM_OK;
}

static hm_timing_state state_of(const hm_call *call) {
    switch (call->status) {
    case HM_OK:
        return call->is_returned ? HM_TIMING_SUPPLIED : HM_TIMING_OK;
    case HM_SKIPPED:
        return HM_TIMING_SKIPPED;
    case HM_CANCELLED:
        return HM_TIMING_CANCELLED;
    case HM_DEADLINE:
        return HM_TIMING_LATE;
    default:
        return HM_TIMING_FAILED;
    }
}

static hm_status after(void *self, hm_call *call, hm_error *error) {
    (void)error;
    const hm_timings *timings = self;
    hm_timed *timed = timed_of(call->running, call->node);
    if (timed == NULL) {
        return HM_OK;
    }
    if (!is_told_by_rows(call->node)) {
        add(&timed->ticks, hm_ticks_now(&timings->clock) - call->memo->number);
    }
    add(&timed->call_count, 1);
    add(&timed->row_count, call->row_count);
    set_state(timed, state_of(call));
    return HM_OK;
}

static void skip(void *self, hm_running *running, const hm_planned_node *node,
        hm_skip reason, const hm_planned_node *cause) {
    static const hm_timing_state states[] = {
            [HM_SKIP_NEEDED_FAILED] = HM_TIMING_SKIPPED,
            [HM_SKIP_RUN_FAILED] = HM_TIMING_SKIPPED,
            [HM_SKIP_CANCELLED] = HM_TIMING_CANCELLED,
            [HM_SKIP_LATE] = HM_TIMING_LATE,
            [HM_SKIP_RETURNED] = HM_TIMING_SUPPLIED,
            [HM_SKIP_SUPPLIED] = HM_TIMING_SUPPLIED,
            [HM_SKIP_NOT_NEEDED] = HM_TIMING_NOT_NEEDED};
    (void)self;
    (void)cause;
    hm_timed *timed = timed_of(running, node);
    if (timed != NULL) {
        set_state(timed, states[reason]);
    }
}

// When the work began that this thread is in, the innermost last. What all adapters of
// this kind, and runs inside of runs, note here nests.
enum { MOST_DEPTH = 32 };

static _Thread_local struct {
    uint32_t depth;
    uint64_t begun[MOST_DEPTH];
} works;

static void begin_rows(void *self, hm_running *running, const hm_planned_node *node,
        size_t first, size_t count) {
    (void)running;
    (void)node;
    (void)first;
    (void)count;
    const hm_timings *timings = self;
    if (works.depth < MOST_DEPTH) {
        works.begun[works.depth] = hm_ticks_now(&timings->clock);
    }
    works.depth++;
}

static void end_rows(void *self, hm_running *running, const hm_planned_node *node,
        size_t first, size_t count) {
    (void)first;
    (void)count;
    const hm_timings *timings = self;
    hm_timed *timed = timed_of(running, node);
    works.depth--;
    if (timed != NULL && works.depth < MOST_DEPTH && is_told_by_rows(node)) {
        add(&timed->ticks, hm_ticks_now(&timings->clock) - works.begun[works.depth]);
    }
}

hm_status hm_timings_create(
        const hm_allocator *allocator, hm_timings **timings, hm_error *error) {
    allocator = hm_allocator_or_default(allocator);
    hm_timings *created = hm_allocate_array(allocator, 1, sizeof *created);
    if (created == NULL) {
        return hm_error_no_memory(error);
    }
    if (!hm_roll_init(&created->nodes, allocator, sizeof(hm_timed))) {
        hm_deallocate_array(allocator, created, 1, sizeof *created);
        return hm_error_no_memory(error);
    }
    created->allocator = allocator;
    created->adapter = (hm_adapter){.struct_size = sizeof(hm_adapter),
            .name = "timings",
            .self = created,
            .only_observes = true,
            .wants = hm_want_to_see,
            .plan_compiled = compile_plan,
            .plan_ended = end_plan,
            .run_began = begin_run,
            .run_ended = end_run,
            .before = before,
            .after = after,
            .skipped = skip,
            .rows_began = begin_rows,
            .rows_ended = end_rows};
    hm_ticks_init(&created->clock);
    *timings = created;
    return HM_OK;
}

const hm_adapter *hm_timings_adapter(const hm_timings *timings) {
    return &timings->adapter;
}

size_t hm_timings_read(hm_timings *timings, hm_timing *nodes, size_t count) {
    hm_ticks_scale scale = hm_ticks_measure(&timings->clock);
    size_t known;
    const hm_rolled *record = hm_roll_first(&timings->nodes, &known);
    for (size_t i = 0; i < known && i < count; i++, record = record->next) {
        hm_timed *timed = (hm_timed *)(uintptr_t)record; // which it begins with
        nodes[i] = (hm_timing){.name = record->name,
                .state = atomic_load_explicit(&timed->state, memory_order_relaxed),
                .call_count =
                        atomic_load_explicit(&timed->call_count, memory_order_relaxed),
                .row_count =
                        atomic_load_explicit(&timed->row_count, memory_order_relaxed),
                .nanoseconds = hm_ticks_length(&scale,
                        atomic_load_explicit(&timed->ticks, memory_order_relaxed))};
    }
    return known;
}

void hm_timings_destroy(hm_timings *timings) {
    if (timings == NULL) {
        return;
    }
    const hm_allocator *allocator = timings->allocator;
    hm_roll_finish(&timings->nodes);
    hm_deallocate_array(allocator, timings, 1, sizeof *timings);
}
