// spans.c — see spans.h.

#include "adapters/otlp/spans.h"

#include <string.h>
#include <time.h>
#include <uv.h>

#include "adapters/otlp/parent.h"
#include "base/allocator.h"
#include "base/error.h"
#include "base/random.h"
#include "base/wanted.h"

static void end_outline(hm_outline *outline) {
    // Acquire and release: whoever frees it comes after all who used it.
    if (outline != NULL && atomic_fetch_sub_explicit(&outline->user_count, 1,
                                   memory_order_acq_rel) == 1) {
        hm_arena arena = outline->arena; // which the outline is in
        hm_arena_finish(&arena);
    }
}

static const char *copy(hm_arena *arena, const char *text) {
    return hm_arena_text(arena, text != NULL ? text : "");
}

static bool copy_nodes(hm_outline *outline, const hm_planned *planned) {
    hm_arena *arena = &outline->arena;
    outline->node_count = planned->node_count;
    outline->nodes = hm_arena_array(arena, planned->node_count, sizeof *outline->nodes);
    bool is_complete = outline->nodes != NULL;
    for (uint32_t n = 0; n < planned->node_count && is_complete; n++) {
        const hm_function *function = planned->nodes[n].function;
        outline->nodes[n] =
                (hm_outline_node){.name = copy(arena, planned->nodes[n].name),
                        .function = copy(arena, function->name),
                        .file = copy(arena, function->file),
                        .line = function->line};
        is_complete = outline->nodes[n].name != NULL &&
                      outline->nodes[n].function != NULL &&
                      outline->nodes[n].file != NULL;
    }
    return is_complete;
}

static hm_status plan_compiled(void *self, hm_planned *planned, hm_error *error) {
    const hm_spans *spans = self;
    hm_arena arena;
    hm_arena_init(&arena, spans->allocator);
    hm_outline *outline = hm_arena_array(&arena, 1, sizeof *outline);
    if (outline == NULL) {
        return hm_error_no_memory(error);
    }
    atomic_init(&outline->user_count, 1);
    outline->arena = arena;
    hm_text name;
    hm_text_init(&name, spans->allocator);
    hm_wanted_names(&name, planned);
    outline->name = copy(&outline->arena, hm_text_get(&name));
    bool is_complete =
            !name.failed && outline->name != NULL && copy_nodes(outline, planned);
    hm_text_finish(&name);
    if (!is_complete) {
        end_outline(outline);
        return hm_error_no_memory(error);
    }
    planned->self = outline;
    return HM_OK;
}

static void plan_ended(void *self, hm_planned *planned) {
    (void)self;
    end_outline(planned->self);
}

static bool reserve(hm_spans *spans, uint32_t count) {
    // Relaxed: it is a number, and nothing is read that depends on it.
    uint32_t room = atomic_load_explicit(&spans->room, memory_order_relaxed);
    do {
        if (room < count) {
            return false;
        }
    } while (!atomic_compare_exchange_weak_explicit(&spans->room, &room, room - count,
            memory_order_relaxed, memory_order_relaxed));
    return true;
}

static void drop(hm_spans *spans, uint64_t count) {
    atomic_fetch_add_explicit(&spans->dropped, count, memory_order_relaxed);
}

// An id is not 0.
static uint64_t draw_id(hm_spans *spans) {
    uint64_t id = hm_random_draw(&spans->random);
    return id != 0 ? id : draw_id(spans);
}

static hm_otlp_trace *create_trace(
        hm_spans *spans, hm_outline *outline, uint32_t reserved) {
    size_t size = sizeof(hm_otlp_trace) + (reserved - 1) * sizeof(hm_span);
    hm_otlp_trace *trace = hm_allocate(spans->allocator, size, _Alignof(hm_otlp_trace));
    if (trace == NULL) {
        return NULL;
    }
    memset(trace, 0, size);
    atomic_init(&trace->skip_count, 0);
    trace->reserved = reserved;
    trace->node_count = reserved - 1;
    trace->outline = outline;
    // Relaxed: who counts one more user has one already.
    atomic_fetch_add_explicit(&outline->user_count, 1, memory_order_relaxed);
    return trace;
}

static void begin_span(hm_spans *spans, hm_span *span) {
    span->id = draw_id(spans);
    span->began = uv_hrtime();
}

static hm_status run_began(void *self, hm_running *running, hm_error *error) {
    hm_spans *spans = self;
    hm_outline *outline = running->planned->self;
    const hm_parent *parent = hm_parent_here();
    if (outline == NULL || (parent->is_set && !parent->is_sampled)) {
        return HM_OK;
    }
    uint32_t most = spans->limit - 1; // one is the run's
    uint32_t count = outline->node_count < most ? outline->node_count : most;
    if (!reserve(spans, count + 1)) {
        drop(spans, outline->node_count + UINT64_C(1));
        return HM_OK;
    }
    hm_otlp_trace *trace = create_trace(spans, outline, count + 1);
    if (trace == NULL) {
        atomic_fetch_add_explicit(&spans->room, count + 1, memory_order_relaxed);
        drop(spans, outline->node_count + UINT64_C(1));
        return hm_error_no_memory(error);
    }
    drop(spans, outline->node_count - count);
    trace->number = running->number;
    trace->high = parent->is_set ? parent->high : draw_id(spans);
    trace->low = parent->is_set ? parent->low : draw_id(spans);
    trace->parent = parent->span;
    begin_span(spans, &trace->run);
    struct timespec now = {0};
    (void)timespec_get(&now, TIME_UTC);
    trace->unix_time = (uint64_t)now.tv_sec * UINT64_C(1000000000) +
                       (uint64_t)now.tv_nsec - trace->run.began;
    running->self = trace;
    return HM_OK;
}

// Without memory the status alone is told.
static char *keep_message(const hm_spans *spans, const char *message) {
    size_t size = strlen(message) + 1;
    char *kept = hm_allocate(spans->allocator, size, 1);
    if (kept != NULL) {
        memcpy(kept, message, size);
    }
    return kept;
}

static void run_ended(
        void *self, hm_running *running, hm_status status, const char *message) {
    hm_spans *spans = self;
    hm_otlp_trace *trace = running->self;
    if (trace == NULL) {
        return;
    }
    trace->run.ended = uv_hrtime();
    trace->run.status = status;
    trace->run.message = status != HM_OK ? keep_message(spans, message) : NULL;
    atomic_fetch_add_explicit(
            &spans->count, hm_otlp_trace_count(trace), memory_order_relaxed);
    spans->take(spans->taker, trace);
}

// The span of a node, or NULL.
static hm_span *span_of(const hm_running *running, const hm_planned_node *node) {
    hm_otlp_trace *trace = running->self;
    return trace != NULL && node->number < trace->node_count
                   ? &trace->nodes[node->number]
                   : NULL;
}

static hm_status before(void *self, hm_call *call, hm_error *error) {
    (void)error;
    hm_span *span = span_of(call->running, call->node);
    if (span != NULL && span->began == 0) {
        begin_span(self, span);
    }
    return HM_OK;
}

static hm_status after(void *self, hm_call *call, hm_error *error) {
    (void)self;
    (void)error;
    hm_span *span = span_of(call->running, call->node);
    if (span != NULL) {
        span->ended = uv_hrtime();
        span->status = call->status;
        span->is_returned = call->is_returned;
        span->row_count = call->row_count;
    }
    return HM_OK;
}

static void failed(void *self, hm_running *running, const hm_planned_node *node,
        hm_status status, const char *message) {
    hm_span *span = span_of(running, node);
    if (span != NULL && span->message == NULL) {
        span->status = status;
        span->message = keep_message(self, message);
    }
}

static void skipped(void *self, hm_running *running, const hm_planned_node *node,
        hm_skip reason, const hm_planned_node *cause) {
    (void)self;
    (void)node;
    (void)reason;
    (void)cause;
    hm_otlp_trace *trace = running->self;
    if (trace != NULL) {
        atomic_fetch_add_explicit(&trace->skip_count, 1, memory_order_relaxed);
    }
}

static void decided(void *self, hm_running *running, const hm_planned_node *node,
        hm_cache_decision decision, const char *why) {
    (void)self;
    (void)why;
    hm_span *span = span_of(running, node);
    if (span != NULL) {
        span->is_decided = true;
        span->decision = decision;
    }
}

static void rows_failed(void *self, hm_running *running, const hm_planned_node *node,
        size_t count, const char *message) {
    (void)self;
    (void)message;
    hm_span *span = span_of(running, node);
    if (span != NULL) {
        span->failed_row_count = count;
    }
}

static void repeated(void *self, hm_running *running, const hm_planned_node *node,
        uint64_t delay, const char *message) {
    (void)self;
    (void)delay;
    (void)message;
    hm_span *span = span_of(running, node);
    if (span != NULL) {
        span->retry_count++;
    }
}

void hm_spans_init(hm_spans *spans, const hm_allocator *allocator, uint32_t limit,
        void (*take)(void *taker, hm_otlp_trace *trace), void *taker) {
    uint64_t seed;
    if (uv_random(NULL, NULL, &seed, sizeof seed, 0, NULL) != 0) {
        seed = uv_hrtime() ^ (uint64_t)uv_os_getpid() << 32;
    }
    *spans = (hm_spans){.adapter = {.struct_size = sizeof(hm_adapter),
                                .name = "otlp",
                                .self = spans,
                                .only_observes = true,
                                .wants = hm_want_to_see,
                                .plan_compiled = plan_compiled,
                                .plan_ended = plan_ended,
                                .run_began = run_began,
                                .run_ended = run_ended,
                                .before = before,
                                .after = after,
                                .failed = failed,
                                .skipped = skipped,
                                .decided = decided,
                                .rows_failed = rows_failed,
                                .repeated = repeated},
            .allocator = allocator,
            .limit = limit,
            .take = take,
            .taker = taker};
    atomic_init(&spans->room, limit);
    atomic_init(&spans->random, seed);
    atomic_init(&spans->count, 0);
    atomic_init(&spans->dropped, 0);
}

static void free_message(const hm_spans *spans, hm_span *span) {
    if (span->message != NULL) {
        hm_deallocate(spans->allocator, span->message, strlen(span->message) + 1, 1);
    }
}

void hm_spans_end_trace(hm_spans *spans, hm_otlp_trace *trace) {
    free_message(spans, &trace->run);
    for (uint32_t n = 0; n < trace->node_count; n++) {
        free_message(spans, &trace->nodes[n]);
    }
    end_outline(trace->outline);
    uint32_t reserved = trace->reserved;
    hm_deallocate(spans->allocator, trace,
            sizeof *trace + (reserved - 1) * sizeof(hm_span), _Alignof(hm_otlp_trace));
    atomic_fetch_add_explicit(&spans->room, reserved, memory_order_relaxed);
}
