// metrics_json.c — see metrics_json.h.

#include "adapters/otlp/metrics_json.h"

#include <time.h>

#include <hamilton/json.h>

#include "adapters/otlp/otlp_json.h"

enum { CUMULATIVE = 2 }; // AggregationTemporality

typedef struct hm_metrics_request {
    hm_sink *sink;
    const hm_metric *metric; // whose points are being written, or NULL
    uint64_t now;            // nanoseconds since 1970
    uint64_t count;
} hm_metrics_request;

static void put_number(hm_sink *sink, double number) {
    char text[HM_NUMBER_SIZE];
    hm_sink_put(sink, text, hm_number_format(&hm_type_double, &number, text));
}

static void begin_metric(hm_sink *sink, const hm_metric *metric, bool is_first) {
    hm_sink_text(sink, is_first ? "{\"name\":\"" : ",{\"name\":\"");
    hm_sink_text(sink, metric->name);
    hm_sink_text(sink, "\"");
    hm_otlp_put_text(sink, "description", metric->help);
    hm_otlp_put_text(sink, "unit", metric->unit[0] != '\0' ? metric->unit : "1");
    hm_sink_text(sink, metric->kind == HM_METRIC_COUNTER     ? ",\"sum\":{"
                       : metric->kind == HM_METRIC_HISTOGRAM ? ",\"histogram\":{"
                                                             : ",\"gauge\":{");
    if (metric->kind != HM_METRIC_GAUGE) {
        hm_sink_count(sink, "\"aggregationTemporality\":", CUMULATIVE);
        hm_sink_text(sink,
                metric->kind == HM_METRIC_COUNTER ? ",\"isMonotonic\":true," : ",");
    }
    hm_sink_text(sink, "\"dataPoints\":[");
}

static void end_metric(hm_sink *sink) {
    hm_sink_text(sink, "]}}");
}

static void put_histogram(hm_sink *sink, const hm_metric_point *point) {
    hm_otlp_put_count(sink, "count", point->count);
    hm_sink_text(sink, ",\"sum\":");
    put_number(sink, point->sum);
    hm_sink_text(sink, ",\"bucketCounts\":[");
    for (size_t i = 0; i <= point->bound_count; i++) {
        hm_sink_count(sink, i == 0 ? "\"" : ",\"", point->buckets[i]);
        hm_sink_text(sink, "\"");
    }
    hm_sink_text(sink, "],\"explicitBounds\":[");
    for (size_t i = 0; i < point->bound_count; i++) {
        hm_sink_text(sink, i == 0 ? "" : ",");
        put_number(sink, point->bounds[i]);
    }
    hm_sink_text(sink, "]");
}

static void put_value(hm_sink *sink, const hm_metric_point *point) {
    switch (point->metric->kind) {
    case HM_METRIC_COUNTER:
        hm_otlp_put_count(sink, "asInt", (uint64_t)point->value);
        break;
    case HM_METRIC_GAUGE:
        hm_sink_text(sink, ",\"asDouble\":");
        put_number(sink, point->value);
        break;
    case HM_METRIC_HISTOGRAM:
        put_histogram(sink, point);
        break;
    }
}

static bool put_point(const hm_metric_point *point, void *context) {
    hm_metrics_request *request = context;
    hm_sink *sink = request->sink;
    bool begins = point->metric != request->metric;
    if (begins && request->metric != NULL) {
        end_metric(sink);
    }
    if (begins) {
        begin_metric(sink, point->metric, request->metric == NULL);
        request->metric = point->metric;
    }
    hm_sink_text(sink, begins ? "{\"attributes\":[" : ",{\"attributes\":[");
    for (size_t i = 0; i < point->label_count; i++) {
        hm_otlp_put_text_attribute(
                sink, i == 0, point->labels[i].name, point->labels[i].value);
    }
    hm_sink_text(sink, "]");
    hm_otlp_put_count(sink, "startTimeUnixNano", point->since);
    hm_otlp_put_count(sink, "timeUnixNano", request->now);
    put_value(sink, point);
    hm_sink_text(sink, "}");
    request->count++;
    return true;
}

uint64_t hm_otlp_put_metrics(
        hm_sink *sink, const hm_metrics *metrics, const char *service) {
    struct timespec now = {0};
    (void)timespec_get(&now, TIME_UTC);
    hm_metrics_request request = {.sink = sink,
            .now = (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec};
    hm_otlp_begin_request(sink, "Metrics", service);
    (void)!hm_metrics_visit(metrics, put_point, &request); // nobody ends it
    if (request.metric != NULL) {
        end_metric(sink);
    }
    hm_otlp_end_request(sink);
    return request.count;
}
