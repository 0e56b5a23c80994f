// bench_metrics.c — what does it cost to count and time the nodes of a service? A graph
// of 20 nodes is run without adapters and with metrics: on one thread, and on as many
// as there are. Of nodes of 20 µs it may be 1 %; what it is of nodes that do next to
// nothing is told beside it, and so is what it takes to write what was counted.

#include <stdio.h>
#include <stdlib.h>

#include <hamilton/metrics.h>

#include "bench/asked.h"
#include "bench/contest.h"
#include "bench/dataflow.h"
#include "bench/measure.h"

enum { NODE_COUNT = 20, WORK = 20 * 1000, SYSTEM_COUNT = 2 };

static bool discard(const char *text, size_t length, void *to) {
    (void)text;
    *(size_t *)to += length;
    return true;
}

static size_t written;

static bool write_metrics(void *subject) {
    return hm_metrics_write(subject, discard, &written) == HM_OK;
}

static bool count_run(const hm_metric_point *point, void *context) {
    *(double *)context += point->value;
    return false; // the first point is of runs that went well
}

static bool measure(
        const char *name, hm_dataflow *dataflow, uint32_t thread_count, bool is_quick) {
    hm_asked services[SYSTEM_COUNT] = {0};
    hm_metrics_options options = HM_METRICS_OPTIONS_INIT;
    hm_metrics *metrics = NULL;
    const hm_adapter *adapter = NULL;
    bool is_right = hm_metrics_create(&options, &metrics, NULL) == HM_OK &&
                    hm_metrics_adapter(metrics, "bench", &adapter, NULL) == HM_OK &&
                    hm_asked_init(&services[0], dataflow, adapter, thread_count) &&
                    hm_asked_init(&services[1], dataflow, NULL, thread_count);
    const hm_system systems[] = {
            {.name = "metrics",
                    .run = hm_asked_run,
                    .subject = &services[0],
                    .workers = thread_count},
            {.name = "without",
                    .run = hm_asked_run,
                    .subject = &services[1],
                    .workers = thread_count},
    };
    const hm_measurement measurement = {.bench = "metrics",
            .name = name,
            .unit = "ns/node",
            .per_second = 1e9 / NODE_COUNT,
            .rounds = HM_MEASURE_ROUND_LIMIT,
            .systems = systems,
            .system_count = SYSTEM_COUNT};
    is_right = is_right && hm_measure(&measurement, is_quick) &&
               hm_asked_agree(&services[0], &services[1]);
    double counted = 0;
    (void)!hm_metrics_visit(metrics, count_run, &counted);
    if (counted < 1) {
        fprintf(stderr, "nothing was counted\n");
        is_right = false;
    }
    const hm_system writing[] = {
            {.name = "metrics", .run = write_metrics, .subject = metrics}};
    is_right = is_right &&
               (thread_count > 1 || hm_measure(&(hm_measurement){.bench = "metrics",
                                                       .name = "write_20_nodes",
                                                       .unit = "us",
                                                       .per_second = 1e6,
                                                       .rounds = HM_MEASURE_PAIRS,
                                                       .systems = writing,
                                                       .system_count = 1},
                                            is_quick));
    for (uint32_t i = 0; i < SYSTEM_COUNT; i++) {
        hm_asked_finish(&services[i]);
    }
    hm_metrics_destroy(metrics);
    return is_right;
}

int main(int argument_count, char **arguments) {
    bool is_quick = hm_measure_is_quick(argument_count, arguments);
    hm_dataflow *tiny = hm_dataflow_service();
    hm_dataflow *dataflow = hm_dataflow_service();
    bool is_right = tiny != NULL && dataflow != NULL;
    if (is_right) {
        hm_dataflow_set_work(dataflow, hm_contest_rounds(WORK));
        is_right = measure("service_20us", dataflow, 1, is_quick) &&
                   measure("service_20us_shared", dataflow, 2, is_quick) &&
                   measure("service_tiny", tiny, 1, is_quick);
    }
    hm_dataflow_destroy(tiny);
    hm_dataflow_destroy(dataflow);
    return is_right ? EXIT_SUCCESS : EXIT_FAILURE;
}
