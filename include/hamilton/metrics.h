// metrics.h — an adapter that counts and times what drivers do, for Prometheus and
// others that collect metrics.
//
//     hm_metrics_options metrics_options = HM_METRICS_OPTIONS_INIT;
//     hm_metrics *metrics;
//     status = hm_metrics_create(&metrics_options, &metrics, &error);
//     const hm_adapter *adapters[1];
//     status = hm_metrics_adapter(metrics, "pricing", &adapters[0], &error);
//     ... drivers that have it execute requests ...
//     status = hm_metrics_write(metrics, write, socket); // when Prometheus asks
//
// One hm_metrics counts for any number of drivers, plans and threads. What it counts of
// is told apart by labels:
//
//     driver   the name that its adapter was asked for by
//     plan     the nodes that its request wants, as `price,tax`; plans that want the
//              same, of drivers of one name, are counted together
//     node     the name of the node, as in hm_planned_node
//
// docs/adapters/metrics.md lists the metrics. How many series there can be is limited:
// plans and nodes that come when the limit is reached are counted together, as
// `(other)`.
//
// Hooks wait for nobody: each thread adds to counters that it shares with few others.
// The adapter belongs outermost, so that it times nodes with all that others do.

#ifndef HAMILTON_METRICS_H
#define HAMILTON_METRICS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hamilton/adapter.h>
#include <hamilton/allocator.h>
#include <hamilton/export.h>
#include <hamilton/status.h>
#include <hamilton/write.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct hm_metrics hm_metrics;

/// Most bounds of a histogram.
enum { HM_METRICS_MOST_BOUNDS = 32 };

typedef struct hm_metrics_options {
    size_t struct_size;

    /// How many plans, and how many nodes of all plans together, are told apart; 0 for
    /// 100 plans and 2000 nodes. A node takes some 3 KiB.
    uint32_t plan_limit;
    uint32_t node_limit;

    /// The upper bounds of the histograms' buckets, in seconds, each greater than the
    /// one before it, from 1e-9 to 1e9. Copied. NULL for 1e-6, 5e-6, 1e-5, 5e-5 and so
    /// on up to 10, and 60.
    const double *bounds;
    size_t bound_count; ///< at most HM_METRICS_MOST_BOUNDS

    const hm_allocator *allocator; ///< kept; NULL means the default
} hm_metrics_options;

#define HM_METRICS_OPTIONS_INIT                                                        \
    { .struct_size = sizeof(hm_metrics_options) }

/// The caller destroys *metrics.
HM_API HM_MUST_CHECK hm_status hm_metrics_create(
        const hm_metrics_options *options, hm_metrics **metrics, hm_error *error);

/// For hm_driver_options.adapters, of any number of drivers. The name is the label
/// `driver` of all that these do; it is copied, and the same name gives the same
/// adapter, which lives as long as metrics. It only observes: a plan for whose counters
/// memory is lacking is not counted. Any thread.
HM_API HM_MUST_CHECK hm_status hm_metrics_adapter(hm_metrics *metrics, const char *name,
        const hm_adapter **adapter, hm_error *error);

/// Writes all metrics in the text format of Prometheus, version 0.0.4. HM_IO if write
/// ended it. Any thread, also during runs, which do not wait for it.
HM_API HM_MUST_CHECK hm_status hm_metrics_write(
        const hm_metrics *metrics, hm_write *write, void *to);

/// Accepts NULL. No driver is left that has an adapter of it.
HM_API void hm_metrics_destroy(hm_metrics *metrics);

typedef enum hm_metric_kind {
    HM_METRIC_COUNTER, ///< grows
    HM_METRIC_GAUGE,
    HM_METRIC_HISTOGRAM,
} hm_metric_kind;

/// What is measured. Static.
typedef struct hm_metric {
    const char *name; ///< "hamilton.node.duration"; to Prometheus
                      ///< hamilton_node_duration_seconds
    const char *help; ///< one sentence
    const char *unit; ///< "s" for seconds; "" of counts
    hm_metric_kind kind;
} hm_metric;

typedef struct hm_metric_label {
    const char *name;
    const char *value;
} hm_metric_label;

/// A metric of one combination of labels, as it stands.
typedef struct hm_metric_point {
    const hm_metric *metric;
    const hm_metric_label *labels;
    size_t label_count;
    uint64_t since; ///< nanoseconds since 1970: when it began to count
    double value;   ///< of a counter or gauge

    // Of a histogram.
    uint64_t count;
    double sum;
    const double *bounds; ///< upper ones, inclusive
    size_t bound_count;
    const uint64_t *buckets; ///< bound_count + 1: how many values fell into each, those
                             ///< above the last bound at the end
} hm_metric_point;

/// Borrows the point. False ends the visit.
typedef bool hm_metric_visit(const hm_metric_point *point, void *context);

/// Goes through all points, those of a metric one after the other; for programs that
/// send them elsewhere. HM_IO if visit ended it. Any thread, also during runs.
HM_API HM_MUST_CHECK hm_status hm_metrics_visit(
        const hm_metrics *metrics, hm_metric_visit *visit, void *context);

#ifdef __cplusplus
}
#endif

#endif
