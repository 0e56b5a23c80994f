// trace.c — the hooks that write down what happens, see <hamilton/trace.h>.

#include "adapters/trace/trace.h"

#include <stdalign.h>
#include <string.h>

#include "base/allocator.h"
#include "base/error.h"
#include "base/pages.h"
#include "base/sized.h"

enum {
    USUAL_BYTES = 64 << 20,
    LEAST_BYTES = 16 << 10,
    LEAST_SEGMENT = 4 << 10,
    FIRST_SEGMENT = 64 << 10,
    SEGMENT_COUNT = 32, // unless they would be too small, or large
};

static uint64_t now(const hm_trace *trace) {
    return hm_ticks_now(&trace->clock);
}

// The names of a plan's nodes, by number: as long as the trace lives.
static hm_status compile_plan(void *self, hm_planned *planned, hm_error *error) {
    hm_trace *trace = self;
    const char **names =
            hm_allocate_array(trace->allocator, planned->node_count, sizeof *names);
    for (uint32_t n = 0; names != NULL && n < planned->node_count; n++) {
        const hm_rolled *record = hm_roll_record(&trace->names, planned->nodes[n].name);
        if (record == NULL) {
            hm_deallocate_array(
                    trace->allocator, names, planned->node_count, sizeof *names);
            return hm_error_no_memory(error);
        }
        names[n] = record->name;
    }
    planned->self = names;
    return names != NULL ? HM_OK : hm_error_no_memory(error);
}

static void end_plan(void *self, hm_planned *planned) {
    hm_trace *trace = self;
    hm_deallocate_array(
            trace->allocator, planned->self, planned->node_count, sizeof(char *));
}

static const char *name_of(const hm_running *running, const hm_planned_node *node) {
    const char *const *names = running->planned->self;
    return names != NULL ? names[node->number] : "?";
}

static size_t run_size(uint32_t node_count) {
    return sizeof(hm_trace_run) +
           node_count * (sizeof(_Atomic(uint64_t)) + sizeof(_Atomic(uint8_t)));
}

static void free_run(hm_trace *trace, hm_trace_run *run) {
    hm_deallocate(
            trace->allocator, run, run_size(run->node_count), alignof(hm_trace_run));
}

static hm_trace_run *allocate_run(hm_trace *trace, uint32_t node_count) {
    size_t size = run_size(node_count);
    hm_trace_run *run = hm_allocate(trace->allocator, size, alignof(hm_trace_run));
    if (run != NULL) {
        memset(run, 0, size);
        run->node_count = node_count;
        run->decisions = (_Atomic(uint8_t) *)&run->begins[node_count];
    }
    return run;
}

// One event on this thread, unless there is no room.
static void put(hm_trace_lane *lane, hm_trace_event event) {
    hm_trace_event *place = lane != NULL ? hm_trace_lane_next(lane) : NULL;
    if (place != NULL) {
        *place = event;
        hm_trace_lane_put(lane);
    }
}

static hm_status begin_run(void *self, hm_running *running, hm_error *error) {
    hm_trace *trace = self;
    hm_trace_run *run = allocate_run(trace, running->planned->node_count);
    hm_trace_lane *lane = hm_trace_here(trace);
    if (run == NULL) {
        atomic_fetch_add_explicit(&trace->memory.lost, 1, memory_order_relaxed);
        return hm_error_no_memory(error);
    }
    run->number = running->number;
    run->names = running->planned->self;
    run->begun = now(trace);
    run->lane = lane != NULL ? lane->number : 0;
    run->is_inner = lane != NULL &&
                    atomic_load_explicit(&lane->depth, memory_order_relaxed) > 0;
    if (run->is_inner) {
        put(lane, (hm_trace_event){.begun = run->begun,
                          .ended = run->begun,
                          .run = run->number,
                          .kind = HM_TRACE_FROM});
    }
    running->self = run;
    uv_mutex_lock(&trace->lock);
    run->next = trace->runs;
    run->link = &trace->runs;
    if (run->next != NULL) {
        run->next->link = &run->next;
    }
    trace->runs = run;
    uv_mutex_unlock(&trace->lock);
    return HM_OK;
}

static void end_run(
        void *self, hm_running *running, hm_status status, const char *message) {
    (void)message;
    hm_trace *trace = self;
    hm_trace_run *run = running->self;
    if (run == NULL) {
        return;
    }
    put(hm_trace_here(trace), (hm_trace_event){.begun = run->begun,
                                      .ended = now(trace),
                                      .run = run->number,
                                      .status = (uint8_t)status,
                                      .kind = HM_TRACE_RUN});
    uv_mutex_lock(&trace->lock);
    *run->link = run->next;
    if (run->next != NULL) {
        run->next->link = run->link;
    }
    uv_mutex_unlock(&trace->lock);
    free_run(trace, run);
}

// The run's work begins here, if it has not elsewhere.
static void note_first(hm_trace_lane *lane, const hm_running *running, uint64_t begun) {
    hm_trace_run *run = running->self;
    if (run != NULL && run->is_inner &&
            !atomic_exchange_explicit(&run->has_task, true, memory_order_relaxed)) {
        put(lane, (hm_trace_event){.begun = begun,
                          .ended = begun,
                          .run = run->number,
                          .kind = HM_TRACE_TO});
    }
}

static void begin_task(void *self, hm_running *running, uint32_t task) {
    hm_trace_lane *lane = hm_trace_here(self);
    if (lane != NULL) {
        hm_trace_lane_begin_task(lane, running->number, task);
    }
}

// What is open in a lane ends as it began.
static void end_open(hm_trace *trace, hm_trace_lane *lane) {
    if (lane != NULL && hm_trace_lane_end(lane, now(trace)) != NULL) {
        hm_trace_lane_put(lane);
    }
}

static void end_task(void *self, hm_running *running, uint32_t task) {
    (void)running;
    (void)task;
    hm_trace_lane *lane = hm_trace_here(self);
    if (lane != NULL && !hm_trace_lane_leave_task(lane)) {
        end_open(self, lane);
    }
}

static hm_status before(void *self, hm_call *call, hm_error *error) {
    (void)error;
    hm_trace *trace = self;
    const hm_planned_node *node = call->node;
    const hm_running *running = call->running;
    if (node->is_spread) {
        hm_trace_run *run = running->self;
        if (run != NULL) {
            atomic_store_explicit(
                    &run->begins[node->number], now(trace), memory_order_relaxed);
        }
        return HM_OK;
    }
    hm_trace_lane *lane = hm_trace_here(trace);
    if (lane != NULL) {
        uint64_t begun = now(trace);
        hm_trace_lane_begin(lane, HM_TRACE_NODE, begun, running->number,
                name_of(running, node), HM_NONE, call->row_count);
        note_first(lane, running, begun);
    }
    return HM_OK;
}

static uint8_t decision_of(const hm_running *running, const hm_planned_node *node) {
    const hm_trace_run *run = running->self;
    return run != NULL ? atomic_load_explicit(
                                 &run->decisions[node->number], memory_order_relaxed)
                       : 0;
}

// A node that is spread has ended, on whichever thread.
static void end_spread(hm_trace *trace, const hm_call *call, uint64_t ended) {
    hm_trace_run *run = call->running->self;
    const hm_planned_node *node = call->node;
    if (run == NULL) {
        return;
    }
    uint64_t begun = atomic_exchange_explicit(
            &run->begins[node->number], 0, memory_order_relaxed);
    put(hm_trace_here(trace), (hm_trace_event){.begun = begun,
                                      .ended = ended,
                                      .run = run->number,
                                      .place = node->number,
                                      .rows = call->row_count,
                                      .name = name_of(call->running, node),
                                      .status = (uint8_t)call->status,
                                      .decision = decision_of(call->running, node),
                                      .kind = HM_TRACE_SPREAD});
}

static hm_status after(void *self, hm_call *call, hm_error *error) {
    (void)error;
    hm_trace *trace = self;
    uint64_t ended = now(trace);
    if (call->node->is_spread) {
        end_spread(trace, call, ended);
        return HM_OK;
    }
    hm_trace_lane *lane = hm_trace_here(trace);
    hm_trace_event *event = lane != NULL ? hm_trace_lane_end(lane, ended) : NULL;
    if (event != NULL) {
        event->status = (uint8_t)call->status;
        event->decision = decision_of(call->running, call->node);
        hm_trace_lane_put(lane);
    }
    return HM_OK;
}

static void skip(void *self, hm_running *running, const hm_planned_node *node,
        hm_skip reason, const hm_planned_node *cause) {
    hm_trace *trace = self;
    uint64_t at = now(trace);
    put(hm_trace_here(trace),
            (hm_trace_event){.begun = at,
                    .ended = at,
                    .run = running->number,
                    .place = reason,
                    .name = name_of(running, node),
                    .cause = cause != NULL ? name_of(running, cause) : NULL,
                    .decision = decision_of(running, node),
                    .kind = HM_TRACE_SKIP});
}

static void note_decision(void *self, hm_running *running, const hm_planned_node *node,
        hm_cache_decision decision, const char *why) {
    (void)self;
    (void)why;
    hm_trace_run *run = running->self;
    if (run != NULL) {
        atomic_store_explicit(&run->decisions[node->number], (uint8_t)(decision + 1),
                memory_order_relaxed);
    }
}

static void begin_rows(void *self, hm_running *running, const hm_planned_node *node,
        size_t first, size_t count) {
    hm_trace *trace = self;
    hm_trace_lane *lane = hm_trace_here(trace);
    if (lane != NULL) {
        uint64_t begun = now(trace);
        hm_trace_lane_begin(lane, HM_TRACE_ROWS, begun, running->number,
                name_of(running, node), first, count);
        note_first(lane, running, begun);
    }
}

static void end_rows(void *self, hm_running *running, const hm_planned_node *node,
        size_t first, size_t count) {
    (void)running;
    (void)node;
    (void)first;
    (void)count;
    end_open(self, hm_trace_here(self));
}

static _Atomic(uint64_t) *wake_of(hm_trace *trace, uint64_t sleep) {
    return &trace->wakes[sleep % HM_TRACE_WAKES];
}

static void begin_sleep(void *self, uint64_t sleep) {
    hm_trace *trace = self;
    hm_trace_lane *lane = hm_trace_here(trace);
    if (lane != NULL) {
        hm_trace_lane_begin(lane, HM_TRACE_SLEEP, now(trace), sleep, NULL, 0, 0);
    }
}

static void end_sleep(void *self, uint64_t sleep) {
    hm_trace *trace = self;
    hm_trace_lane *lane = hm_trace_here(trace);
    hm_trace_event *event = lane != NULL ? hm_trace_lane_end(lane, now(trace)) : NULL;
    if (event != NULL) {
        // Relaxed: who woke us did so after it had written this.
        event->was_called = atomic_load_explicit(wake_of(trace, sleep),
                                    memory_order_relaxed) == sleep;
        hm_trace_lane_put(lane);
    }
}

static void send_wake(void *self, uint64_t sleep) {
    hm_trace *trace = self;
    uint64_t at = now(trace);
    atomic_store_explicit(wake_of(trace, sleep), sleep, memory_order_relaxed);
    put(hm_trace_here(trace),
            (hm_trace_event){
                    .begun = at, .ended = at, .run = sleep, .kind = HM_TRACE_WAKE});
}

static void set_adapter(hm_trace *trace) {
    trace->adapter = (hm_adapter){.struct_size = sizeof(hm_adapter),
            .name = "trace",
            .self = trace,
            .only_observes = true,
            .wants = hm_want_to_see,
            .plan_compiled = compile_plan,
            .plan_ended = end_plan,
            .run_began = begin_run,
            .run_ended = end_run,
            .task_began = begin_task,
            .task_ended = end_task,
            .before = before,
            .after = after,
            .skipped = skip,
            .decided = note_decision,
            .rows_began = begin_rows,
            .rows_ended = end_rows,
            .sleep_began = begin_sleep,
            .sleep_ended = end_sleep,
            .wake_sent = send_wake};
}

static void set_memory(hm_trace *trace, size_t bytes) {
    hm_trace_memory *memory = &trace->memory;
    size_t share = bytes / SEGMENT_COUNT;
    share = share > LEAST_SEGMENT ? share : LEAST_SEGMENT;
    memory->allocator = trace->allocator;
    memory->first_size = share < FIRST_SEGMENT ? share : FIRST_SEGMENT;
    memory->segment_size = share < HM_HUGE_PAGE ? share : HM_HUGE_PAGE;
    atomic_init(&memory->left, bytes);
}

hm_status hm_trace_create(
        const hm_trace_options *options, hm_trace **trace, hm_error *error) {
    static _Atomic(uint64_t) count;
    hm_trace_options known;
    HM_TRY(hm_sized_read(
            options, &known, sizeof known, "HM_TRACE_OPTIONS_INIT", error));
    size_t bytes = known.max_bytes > 0 ? known.max_bytes : USUAL_BYTES;
    if (bytes < LEAST_BYTES) {
        return hm_error_set(error, HM_BAD_ARGUMENT,
                "a trace has at least %d bytes for its events, but max_bytes is %zu",
                (int)LEAST_BYTES, bytes);
    }
    const hm_allocator *allocator = hm_allocator_or_default(known.allocator);
    hm_trace *created = hm_allocate_array(allocator, 1, sizeof *created);
    if (created == NULL) {
        return hm_error_no_memory(error);
    }
    created->allocator = allocator;
    bool has_names = hm_roll_init(&created->names, allocator, sizeof(hm_rolled));
    if (!has_names || uv_mutex_init(&created->lock) != 0) {
        if (has_names) {
            hm_roll_finish(&created->names);
        }
        hm_deallocate_array(allocator, created, 1, sizeof *created);
        return hm_error_no_memory(error);
    }
    created->number = 1 + atomic_fetch_add_explicit(&count, 1, memory_order_relaxed);
    set_memory(created, bytes);
    set_adapter(created);
    hm_ticks_init(&created->clock);
    *trace = created;
    return HM_OK;
}

const hm_adapter *hm_trace_adapter(const hm_trace *trace) {
    return &trace->adapter;
}

uint64_t hm_trace_lost(const hm_trace *trace) {
    uint64_t lost = atomic_load_explicit(&trace->memory.lost, memory_order_relaxed);
    // Acquire: lanes are found as they were made.
    const hm_trace_lane *lane =
            atomic_load_explicit(&trace->lanes, memory_order_acquire);
    for (; lane != NULL; lane = lane->next) {
        lost += atomic_load_explicit(&lane->lost, memory_order_relaxed);
    }
    return lost;
}

void hm_trace_destroy(hm_trace *trace) {
    if (trace == NULL) {
        return;
    }
    const hm_allocator *allocator = trace->allocator;
    hm_trace_lane *lane = atomic_load_explicit(&trace->lanes, memory_order_acquire);
    while (lane != NULL) {
        hm_trace_lane *next = lane->next;
        hm_trace_lane_destroy(lane);
        lane = next;
    }
    hm_roll_finish(&trace->names);
    uv_mutex_destroy(&trace->lock);
    hm_deallocate_array(allocator, trace, 1, sizeof *trace);
}
