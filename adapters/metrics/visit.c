// visit.c — which metrics there are, and their points, see <hamilton/metrics.h>.

#include <math.h>

#include "adapters/metrics/series.h"

typedef enum hm_subject {
    HM_OF_PLANS,
    HM_OF_NODES,
} hm_subject;

// How points of a metric come from the counters of a series.
typedef struct hm_family {
    hm_metric metric;
    hm_subject of;
    uint32_t counter;          // the first; of a histogram the sum of ticks
    uint32_t buckets;          // of a histogram, its first bucket
    const char *label;         // that tells several counters apart, or NULL
    const char *const *values; // of that label, for one counter after the other; NULL
                               // ends
    bool only_what_is;         // counters that are 0 are left out
} hm_family;

static const char *const run_outcomes[] = {
        [HM_RUNS_OK] = "ok", "failed", "cancelled", "late", NULL};
static const char *const call_outcomes[] = {
        [HM_CALLS_OK] = "ok", "returned", "failed", "stopped", NULL};
static const char *const skips[] = {[HM_SKIP_NEEDED_FAILED] = "needed_failed",
        [HM_SKIP_RUN_FAILED] = "run_failed",
        [HM_SKIP_CANCELLED] = "cancelled",
        [HM_SKIP_LATE] = "late",
        [HM_SKIP_RETURNED] = "returned",
        [HM_SKIP_SUPPLIED] = "supplied",
        [HM_SKIP_NOT_NEEDED] = "not_needed",
        NULL};
static const char *const decisions[] = {[HM_CACHE_FOUND] = "found",
        [HM_CACHE_COMPUTED] = "computed",
        [HM_CACHE_PASSED_BY] = "passed_by",
        NULL};

static const hm_family families[] = {
        {.metric = {"hamilton.runs", "Executions of plans that have ended.", "",
                 HM_METRIC_COUNTER},
                .of = HM_OF_PLANS,
                .counter = HM_RUNS_OK,
                .label = "outcome",
                .values = run_outcomes},
        {.metric = {"hamilton.runs.under_way", "Executions of plans that go on now.",
                 "", HM_METRIC_GAUGE},
                .of = HM_OF_PLANS,
                .counter = HM_RUNS_UNDER_WAY},
        {.metric = {"hamilton.run.duration",
                 "How long executions took, from beginning to end.", "s",
                 HM_METRIC_HISTOGRAM},
                .of = HM_OF_PLANS,
                .counter = HM_RUN_TICKS,
                .buckets = HM_RUN_BUCKETS},
        {.metric = {"hamilton.node.calls",
                 "Calls of nodes that have ended; a mapped node is called once for all "
                 "rows.",
                 "", HM_METRIC_COUNTER},
                .of = HM_OF_NODES,
                .counter = HM_CALLS_OK,
                .label = "outcome",
                .values = call_outcomes},
        {.metric = {"hamilton.node.duration",
                 "How long calls of nodes took, with what adapters do around them.",
                 "s", HM_METRIC_HISTOGRAM},
                .of = HM_OF_NODES,
                .counter = HM_CALL_TICKS,
                .buckets = HM_CALL_BUCKETS},
        {.metric = {"hamilton.node.rows", "Rows of mapped nodes that went well.", "",
                 HM_METRIC_COUNTER},
                .of = HM_OF_NODES,
                .counter = HM_CALL_ROWS},
        {.metric = {"hamilton.node.failed_rows",
                 "Rows that failed and are missing in what their nodes made.", "",
                 HM_METRIC_COUNTER},
                .of = HM_OF_NODES,
                .counter = HM_CALL_FAILED_ROWS},
        {.metric = {"hamilton.node.retries",
                 "Calls that were made again because they had failed.", "",
                 HM_METRIC_COUNTER},
                .of = HM_OF_NODES,
                .counter = HM_CALL_RETRIES},
        {.metric = {"hamilton.node.skips", "Nodes that were not called, and why.", "",
                 HM_METRIC_COUNTER},
                .of = HM_OF_NODES,
                .counter = HM_CALL_SKIPS,
                .label = "reason",
                .values = skips,
                .only_what_is = true},
        {.metric = {"hamilton.node.cache_decisions", "What a cache did about nodes.",
                 "", HM_METRIC_COUNTER},
                .of = HM_OF_NODES,
                .counter = HM_CALL_DECISIONS,
                .label = "decision",
                .values = decisions,
                .only_what_is = true},
};

static const hm_metric end_time = {"hamilton.run.end_time",
        "When an execution ended last, since 1970.", "s", HM_METRIC_GAUGE};

enum { FAMILY_COUNT = sizeof families / sizeof *families, MOST_LABELS = 4 };

typedef struct hm_visitor {
    const hm_metrics *metrics;
    hm_metric_visit *visit;
    void *context;
    hm_metric_label labels[MOST_LABELS];
} hm_visitor;

static void name_plan(hm_visitor *visitor, const hm_plan_series *plan) {
    visitor->labels[0] = (hm_metric_label){"driver", plan->driver};
    visitor->labels[1] = (hm_metric_label){"plan", plan->name};
}

static bool visit_histogram(hm_visitor *visitor, const hm_family *family,
        const hm_tally *tally, hm_metric_point *point) {
    uint64_t buckets[HM_METRICS_MOST_BOUNDS + 1];
    point->bounds = visitor->metrics->bounds;
    point->bound_count = visitor->metrics->bound_count;
    point->buckets = buckets;
    for (uint32_t i = 0; i <= point->bound_count; i++) {
        buckets[i] = hm_tally_sum(tally, family->buckets + i);
        point->count += buckets[i];
    }
    double ticks = (double)hm_tally_sum(tally, family->counter);
    // To the nanosecond, so that it has not more digits than it knows.
    point->sum = floor(ticks * visitor->metrics->nanoseconds) / 1e9;
    return visitor->visit(point, visitor->context);
}

static bool visit_counters(hm_visitor *visitor, const hm_family *family,
        const hm_tally *tally, hm_metric_point *point) {
    hm_metric_label *label = &visitor->labels[point->label_count];
    point->label_count++;
    for (uint32_t i = 0; family->values[i] != NULL; i++) {
        uint64_t count = hm_tally_sum(tally, family->counter + i);
        *label = (hm_metric_label){family->label, family->values[i]};
        point->value = (double)count;
        if ((count > 0 || !family->only_what_is) &&
                !visitor->visit(point, visitor->context)) {
            return false;
        }
    }
    return true;
}

static bool visit_series(hm_visitor *visitor, const hm_family *family,
        const hm_tally *tally, size_t label_count, uint64_t since) {
    hm_metric_point point = {.metric = &family->metric,
            .labels = visitor->labels,
            .label_count = label_count,
            .since = since};
    if (family->metric.kind == HM_METRIC_HISTOGRAM) {
        return visit_histogram(visitor, family, tally, &point);
    }
    if (family->label != NULL) {
        return visit_counters(visitor, family, tally, &point);
    }
    // What goes down may be seen so before it was seen going up.
    int64_t count = (int64_t)hm_tally_sum(tally, family->counter);
    point.value = count > 0 ? (double)count : 0;
    return visitor->visit(&point, visitor->context);
}

// Acquire, as all that follows these lists: what is found is complete.
static hm_plan_series *first_plan(const hm_metrics *metrics) {
    return atomic_load_explicit(&metrics->first, memory_order_acquire);
}

static hm_plan_series *next_plan(const hm_plan_series *plan) {
    return atomic_load_explicit(&plan->next, memory_order_acquire);
}

static bool visit_family(hm_visitor *visitor, const hm_family *family) {
    bool goes_on = true;
    for (hm_plan_series *plan = first_plan(visitor->metrics); plan != NULL && goes_on;
            plan = next_plan(plan)) {
        name_plan(visitor, plan);
        if (family->of == HM_OF_PLANS) {
            goes_on = visit_series(visitor, family, &plan->tally, 2, plan->since);
            continue;
        }
        hm_node_series *node = atomic_load_explicit(&plan->first, memory_order_acquire);
        for (; node != NULL && goes_on;
                node = atomic_load_explicit(&node->next, memory_order_acquire)) {
            visitor->labels[2] = (hm_metric_label){"node", node->name};
            goes_on = visit_series(visitor, family, &node->tally, 3, node->since);
        }
    }
    return goes_on;
}

// It is no counter: each run puts it in the place of what was there.
static bool visit_end_times(hm_visitor *visitor) {
    bool goes_on = true;
    for (hm_plan_series *plan = first_plan(visitor->metrics); plan != NULL && goes_on;
            plan = next_plan(plan)) {
        name_plan(visitor, plan);
        uint64_t ended = atomic_load_explicit(&plan->ended, memory_order_relaxed);
        hm_metric_point point = {.metric = &end_time,
                .labels = visitor->labels,
                .label_count = 2,
                .since = plan->since,
                .value = (double)ended / 1e9};
        goes_on = ended == 0 || visitor->visit(&point, visitor->context);
    }
    return goes_on;
}

hm_status hm_metrics_visit(
        const hm_metrics *metrics, hm_metric_visit *visit, void *context) {
    hm_visitor visitor = {.metrics = metrics, .visit = visit, .context = context};
    bool goes_on = true;
    for (uint32_t i = 0; i < FAMILY_COUNT && goes_on; i++) {
        goes_on = visit_family(&visitor, &families[i]);
    }
    return goes_on && visit_end_times(&visitor) ? HM_OK : HM_IO;
}
