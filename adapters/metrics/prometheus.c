// prometheus.c — metrics as Prometheus reads them: its text format, version 0.0.4,
// https://prometheus.io/docs/instrumenting/exposition_formats/

#include <string.h>

#include <hamilton/json.h>
#include <hamilton/metrics.h>

#include "base/sink.h"
#include "base/utf8.h"

typedef struct hm_exposition {
    hm_sink sink;
    const hm_metric *metric; // of the last point
} hm_exposition;

// hamilton.node.duration becomes hamilton_node_duration_seconds.
static void put_name(hm_sink *sink, const hm_metric *metric) {
    for (const char *at = metric->name; *at != '\0'; at++) {
        hm_sink_put(sink, *at == '.' ? "_" : at, 1);
    }
    hm_sink_text(sink, strcmp(metric->unit, "s") == 0 ? "_seconds" : "");
    hm_sink_text(sink, metric->kind == HM_METRIC_COUNTER ? "_total" : "");
}

static void put_head(hm_sink *sink, const hm_metric *metric) {
    static const char *const types[] = {[HM_METRIC_COUNTER] = " counter\n",
            [HM_METRIC_GAUGE] = " gauge\n",
            [HM_METRIC_HISTOGRAM] = " histogram\n"};
    hm_sink_text(sink, "# HELP ");
    put_name(sink, metric);
    hm_sink_text(sink, " ");
    hm_sink_text(sink, metric->help);
    hm_sink_text(sink, "\n# TYPE ");
    put_name(sink, metric);
    hm_sink_text(sink, types[metric->kind]);
}

// Between quotes: backslashes, quotes and line feeds are escaped, and what is no UTF-8
// becomes U+FFFD.
static void put_value(hm_sink *sink, const char *text) {
    const char *end = text + strlen(text);
    while (text < end) {
        size_t length = hm_utf8_length(text, end);
        if (length == 0) {
            hm_sink_text(sink, "\xEF\xBF\xBD");
        } else if (*text == '\n') {
            hm_sink_text(sink, "\\n");
        } else {
            hm_sink_text(sink, *text == '\\' || *text == '"' ? "\\" : "");
            hm_sink_put(sink, text, length);
        }
        text += length > 0 ? length : 1;
    }
}

// le is the bound of a bucket, or NULL.
static void put_labels(hm_sink *sink, const hm_metric_point *point, const char *le) {
    for (size_t i = 0; i < point->label_count; i++) {
        hm_sink_text(sink, i == 0 ? "{" : ",");
        hm_sink_text(sink, point->labels[i].name);
        hm_sink_text(sink, "=\"");
        put_value(sink, point->labels[i].value);
        hm_sink_text(sink, "\"");
    }
    if (le != NULL) {
        hm_sink_text(sink, ",le=\"");
        hm_sink_text(sink, le);
        hm_sink_text(sink, "\"");
    }
    hm_sink_text(sink, "} ");
}

static void put_number(hm_sink *sink, double number) {
    char text[HM_NUMBER_SIZE];
    hm_sink_put(sink, text, hm_number_format(&hm_type_double, &number, text));
    hm_sink_text(sink, "\n");
}

static void put_bucket(
        hm_sink *sink, const hm_metric_point *point, const char *le, uint64_t count) {
    put_name(sink, point->metric);
    hm_sink_text(sink, "_bucket");
    put_labels(sink, point, le);
    hm_sink_count(sink, "", count);
    hm_sink_text(sink, "\n");
}

// Buckets are cumulative.
static void put_histogram(hm_sink *sink, const hm_metric_point *point) {
    uint64_t count = 0;
    for (size_t i = 0; i < point->bound_count; i++) {
        char bound[HM_NUMBER_SIZE];
        bound[hm_number_format(&hm_type_double, &point->bounds[i], bound)] = '\0';
        count += point->buckets[i];
        put_bucket(sink, point, bound, count);
    }
    put_bucket(sink, point, "+Inf", point->count);
    put_name(sink, point->metric);
    hm_sink_text(sink, "_sum");
    put_labels(sink, point, NULL);
    put_number(sink, point->sum);
    put_name(sink, point->metric);
    hm_sink_text(sink, "_count");
    put_labels(sink, point, NULL);
    hm_sink_count(sink, "", point->count);
    hm_sink_text(sink, "\n");
}

static bool put_point(const hm_metric_point *point, void *context) {
    hm_exposition *exposition = context;
    hm_sink *sink = &exposition->sink;
    if (point->metric != exposition->metric) {
        put_head(sink, point->metric);
        exposition->metric = point->metric;
    }
    if (point->metric->kind == HM_METRIC_HISTOGRAM) {
        put_histogram(sink, point);
    } else {
        put_name(sink, point->metric);
        put_labels(sink, point, NULL);
        put_number(sink, point->value);
    }
    return !sink->failed;
}

hm_status hm_metrics_write(const hm_metrics *metrics, hm_write *write, void *to) {
    hm_exposition exposition = {.metric = NULL};
    hm_sink_init(&exposition.sink, write, to);
    hm_status status = hm_metrics_visit(metrics, put_point, &exposition);
    hm_status flushed = hm_sink_flush(&exposition.sink);
    return status != HM_OK ? status : flushed;
}
