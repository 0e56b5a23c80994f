// metrics.c — the hooks that count, see <hamilton/metrics.h>.

#include <string.h>

#include "adapters/metrics/series.h"
#include "base/allocator.h"
#include "base/error.h"
#include "base/sized.h"
#include "base/text.h"
#include "base/wanted.h"

enum { USUAL_PLANS = 100, USUAL_NODES = 2000 };

static const double usual_bounds[] = {1e-6, 5e-6, 1e-5, 5e-5, 1e-4, 5e-4, 1e-3, 5e-3,
        1e-2, 5e-2, 0.1, 0.5, 1, 5, 10, 60};

// A run that is under way.
typedef struct hm_metered_run {
    uint64_t began; // in ticks
} hm_metered_run;

// A plan, for which its series have been found.
typedef struct hm_metered {
    hm_plan_series *plan;
    hm_node_series **nodes; // by number in the plan
    uint32_t node_count;

    // Of a run that has ended, for the next one: so where one run of a plan is under
    // way at a time nothing is allocated.
    hm_metered_run *_Atomic spare;
} hm_metered;

static void free_metered(const hm_metrics *metrics, hm_metered *metered) {
    if (metered == NULL) {
        return;
    }
    hm_metered_run *spare = atomic_load_explicit(&metered->spare, memory_order_relaxed);
    hm_deallocate_array(metrics->allocator, spare, 1, sizeof *spare);
    hm_deallocate_array(metrics->allocator, metered->nodes, metered->node_count,
            sizeof *metered->nodes);
    hm_deallocate_array(metrics->allocator, metered, 1, sizeof *metered);
}

// With the lock.
static bool find_series(
        const hm_meter *meter, const hm_planned *planned, hm_metered *metered) {
    hm_text name;
    hm_text_init(&name, meter->metrics->allocator);
    hm_wanted_names(&name, planned);
    if (!name.failed) {
        metered->plan =
                hm_metrics_plan(meter->metrics, meter->name, hm_text_get(&name));
    }
    hm_text_finish(&name);
    bool is_complete = metered->plan != NULL;
    for (uint32_t n = 0; n < planned->node_count && is_complete; n++) {
        metered->nodes[n] =
                hm_metrics_node(meter->metrics, metered->plan, planned->nodes[n].name);
        is_complete = metered->nodes[n] != NULL;
    }
    return is_complete;
}

static hm_status plan_compiled(void *self, hm_planned *planned, hm_error *error) {
    const hm_meter *meter = self;
    hm_metrics *metrics = meter->metrics;
    hm_metered *metered = hm_allocate_array(metrics->allocator, 1, sizeof *metered);
    if (metered == NULL) {
        return hm_error_no_memory(error);
    }
    atomic_init(&metered->spare, NULL);
    metered->node_count = planned->node_count;
    metered->nodes = hm_allocate_array(
            metrics->allocator, planned->node_count, sizeof *metered->nodes);
    bool is_complete = false;
    if (metered->nodes != NULL) {
        uv_mutex_lock(&metrics->lock);
        hm_metrics_measure_ticks(metrics);
        is_complete = find_series(meter, planned, metered);
        uv_mutex_unlock(&metrics->lock);
    }
    if (!is_complete) {
        free_metered(metrics, metered);
        return hm_error_no_memory(error);
    }
    planned->self = metered;
    return HM_OK;
}

static void plan_ended(void *self, hm_planned *planned) {
    const hm_meter *meter = self;
    free_metered(meter->metrics, planned->self);
}

static hm_status run_began(void *self, hm_running *running, hm_error *error) {
    const hm_meter *meter = self;
    hm_metered *metered = running->planned->self;
    if (metered == NULL) {
        return HM_OK;
    }
    // Acquire: the spare was another thread's.
    hm_metered_run *run =
            atomic_exchange_explicit(&metered->spare, NULL, memory_order_acquire);
    if (run == NULL) {
        run = hm_allocate_array(meter->metrics->allocator, 1, sizeof *run);
    }
    if (run == NULL) {
        return hm_error_no_memory(error);
    }
    hm_tally_add(hm_tally_lane(&metered->plan->tally), HM_RUNS_UNDER_WAY, 1);
    run->began = hm_ticks_now(&meter->metrics->clock);
    running->self = run;
    return HM_OK;
}

// On another processor the clock may be some nanoseconds behind.
static uint64_t ticks_since(const hm_metrics *metrics, uint64_t began) {
    uint64_t now = hm_ticks_now(&metrics->clock);
    return now > began ? now - began : 0;
}

static uint32_t run_outcome(hm_status status) {
    return status == HM_OK          ? HM_RUNS_OK
           : status == HM_CANCELLED ? HM_RUNS_CANCELLED
           : status == HM_DEADLINE  ? HM_RUNS_LATE
                                    : HM_RUNS_FAILED;
}

static void run_ended(
        void *self, hm_running *running, hm_status status, const char *message) {
    (void)message;
    const hm_meter *meter = self;
    hm_metered *metered = running->planned->self;
    hm_metered_run *run = running->self;
    if (run == NULL) {
        return;
    }
    uint64_t taken = ticks_since(meter->metrics, run->began);
    hm_plan_series *plan = metered->plan;
    _Atomic(uint64_t) *lane = hm_tally_lane(&plan->tally);
    hm_tally_add(lane, run_outcome(status), 1);
    hm_tally_add(lane, HM_RUNS_UNDER_WAY, UINT64_MAX); // one less
    hm_tally_add(lane, HM_RUN_TICKS, taken);
    hm_tally_add(lane, HM_RUN_BUCKETS + hm_metrics_bucket(meter->metrics, taken), 1);
    atomic_store_explicit(&plan->ended, hm_metrics_now(), memory_order_relaxed);
    // Release: the next run that takes it may be another thread's.
    run = atomic_exchange_explicit(&metered->spare, run, memory_order_acq_rel);
    hm_deallocate_array(meter->metrics->allocator, run, 1, sizeof *run);
}

static hm_node_series *series_of(
        const hm_running *running, const hm_planned_node *node) {
    const hm_metered *metered = running->planned->self;
    return metered != NULL ? metered->nodes[node->number] : NULL;
}

static hm_status before(void *self, hm_call *call, hm_error *error) {
    (void)error;
    const hm_meter *meter = self;
    call->memo->number = hm_ticks_now(&meter->metrics->clock);
    return HM_OK;
}

static uint32_t call_outcome(const hm_call *call) {
    switch (call->status) {
    case HM_OK:
        return call->is_returned ? HM_CALLS_RETURNED : HM_CALLS_OK;
    case HM_SKIPPED:
    case HM_CANCELLED:
    case HM_DEADLINE:
        return HM_CALLS_STOPPED;
    default:
        return HM_CALLS_FAILED;
    }
}

static hm_status after(void *self, hm_call *call, hm_error *error) {
    (void)error;
    const hm_meter *meter = self;
    hm_node_series *series = series_of(call->running, call->node);
    if (series != NULL) {
        uint64_t taken = ticks_since(meter->metrics, call->memo->number);
        uint32_t outcome = call_outcome(call);
        _Atomic(uint64_t) *lane = hm_tally_lane(&series->tally);
        hm_tally_add(lane, outcome, 1);
        hm_tally_add(lane, HM_CALL_TICKS, taken);
        hm_tally_add(
                lane, HM_CALL_BUCKETS + hm_metrics_bucket(meter->metrics, taken), 1);
        if (call->node->mapped > 0 && outcome == HM_CALLS_OK) {
            hm_tally_add(lane, HM_CALL_ROWS, call->row_count);
        }
    }
    return HM_OK;
}

static void add(const hm_running *running, const hm_planned_node *node,
        uint32_t counter, uint64_t count) {
    hm_node_series *series = series_of(running, node);
    if (series != NULL) {
        hm_tally_add(hm_tally_lane(&series->tally), counter, count);
    }
}

static void skipped(void *self, hm_running *running, const hm_planned_node *node,
        hm_skip reason, const hm_planned_node *cause) {
    (void)self;
    (void)cause;
    add(running, node, HM_CALL_SKIPS + (uint32_t)reason, 1);
}

static void decided(void *self, hm_running *running, const hm_planned_node *node,
        hm_cache_decision decision, const char *why) {
    (void)self;
    (void)why;
    add(running, node, HM_CALL_DECISIONS + (uint32_t)decision, 1);
}

static void rows_failed(void *self, hm_running *running, const hm_planned_node *node,
        size_t count, const char *message) {
    (void)self;
    (void)message;
    add(running, node, HM_CALL_FAILED_ROWS, count);
}

static void repeated(void *self, hm_running *running, const hm_planned_node *node,
        uint64_t delay, const char *message) {
    (void)self;
    (void)delay;
    (void)message;
    add(running, node, HM_CALL_RETRIES, 1);
}

static hm_status read_bounds(
        hm_metrics *metrics, const hm_metrics_options *options, hm_error *error) {
    const double *bounds = options->bounds != NULL ? options->bounds : usual_bounds;
    size_t count = options->bounds != NULL ? options->bound_count
                                           : sizeof usual_bounds / sizeof *usual_bounds;
    if (count > HM_METRICS_MOST_BOUNDS) {
        return hm_error_set(error, HM_BAD_ARGUMENT,
                "a histogram has at most %d bounds, but %zu are given",
                (int)HM_METRICS_MOST_BOUNDS, count);
    }
    for (size_t i = 0; i < count; i++) {
        if (!(bounds[i] >= 1e-9 && bounds[i] <= 1e9) ||
                (i > 0 && !(bounds[i] > bounds[i - 1]))) {
            return hm_error_set(error, HM_BAD_ARGUMENT,
                    "bounds of a histogram are seconds from 1e-9 to 1e9, each greater "
                    "than the one before it, but bound %zu is %g",
                    i, bounds[i]);
        }
        metrics->bounds[i] = bounds[i];
    }
    metrics->bound_count = (uint32_t)count;
    return HM_OK;
}

hm_status hm_metrics_create(
        const hm_metrics_options *options, hm_metrics **metrics, hm_error *error) {
    hm_metrics_options known;
    HM_TRY(hm_sized_read(
            options, &known, sizeof known, "HM_METRICS_OPTIONS_INIT", error));
    hm_metrics read = {
            .plan_limit = known.plan_limit > 0 ? known.plan_limit : USUAL_PLANS,
            .node_limit = known.node_limit > 0 ? known.node_limit : USUAL_NODES,
            .lane_count = hm_tally_lane_count()};
    HM_TRY(read_bounds(&read, &known, error));
    const hm_allocator *allocator = hm_allocator_or_default(known.allocator);
    hm_metrics *created = hm_allocate_array(allocator, 1, sizeof *created);
    if (created == NULL) {
        return hm_error_no_memory(error);
    }
    *created = read;
    created->allocator = allocator;
    atomic_init(&created->first, NULL);
    if (uv_mutex_init(&created->lock) != 0) {
        hm_deallocate_array(allocator, created, 1, sizeof *created);
        return hm_error_no_memory(error);
    }
    hm_arena_init(&created->arena, allocator);
    hm_ticks_init(&created->clock);
    *metrics = created;
    return HM_OK;
}

// With the lock.
static hm_meter *add_meter(hm_metrics *metrics, const char *name) {
    hm_meter *meter = hm_arena_array(&metrics->arena, 1, sizeof *meter);
    name = hm_arena_text(&metrics->arena, name);
    if (meter == NULL || name == NULL) {
        return NULL;
    }
    *meter = (hm_meter){.adapter = {.struct_size = sizeof(hm_adapter),
                                .name = "metrics",
                                .self = meter,
                                .only_observes = true,
                                .wants = hm_want_to_see,
                                .plan_compiled = plan_compiled,
                                .plan_ended = plan_ended,
                                .run_began = run_began,
                                .run_ended = run_ended,
                                .before = before,
                                .after = after,
                                .skipped = skipped,
                                .decided = decided,
                                .rows_failed = rows_failed,
                                .repeated = repeated},
            .metrics = metrics,
            .name = name,
            .next = metrics->meters};
    metrics->meters = meter;
    return meter;
}

hm_status hm_metrics_adapter(hm_metrics *metrics, const char *name,
        const hm_adapter **adapter, hm_error *error) {
    uv_mutex_lock(&metrics->lock);
    hm_meter *meter = metrics->meters;
    while (meter != NULL && strcmp(meter->name, name) != 0) {
        meter = meter->next;
    }
    meter = meter != NULL ? meter : add_meter(metrics, name);
    uv_mutex_unlock(&metrics->lock);
    if (meter == NULL) {
        return hm_error_no_memory(error);
    }
    *adapter = &meter->adapter;
    return HM_OK;
}

void hm_metrics_destroy(hm_metrics *metrics) {
    if (metrics == NULL) {
        return;
    }
    hm_metrics_finish_series(metrics);
    uv_mutex_destroy(&metrics->lock);
    hm_deallocate_array(metrics->allocator, metrics, 1, sizeof *metrics);
}
