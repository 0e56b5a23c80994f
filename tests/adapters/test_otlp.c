// test_otlp.c — what a receiver of OTLP is told of runs.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <hamilton/otlp.h>
#include <hamilton/retry.h>

#include "tests/support/controlled.h"
#include "tests/support/otlp_trial.h"
#include "tests/support/suite.h"

static unsigned long long time_of(const json_t *span, const char *name) {
    return strtoull(hm_otlp_trial_text_of(span, name), NULL, 10);
}

START_TEST(a_run_is_a_span_with_one_for_each_node) {
    hm_otlp_trial_begin(HM_RECEIVER_TAKES);
    otlp_trial.options.headers = "x-key=a%20secret , x-empty=,";
    otlp_trial.options.service_name = "a \"service\"";
    hm_otlp_trial_create();
    hm_controlled_add("a", "x", hm_controlled_slow);
    hm_controlled_add("b", "a", hm_controlled_next);
    double value = 0;
    hm_driver *driver = hm_otlp_trial_driver_of(NULL);
    ck_assert_int_eq(hm_otlp_trial_execute(driver, "b", &value), HM_OK);
    ck_assert_double_eq(value, 3);
    hm_otlp_trial_finish(driver);
    ck_assert_int_eq(atomic_load(&otlp_trial.receiver.count), 1);
    hm_otlp_trial_check_requests();
    const json_t *resource = hm_otlp_trial_first_of(
            otlp_trial.receiver.requests[0].body, "resourceSpans");
    ck_assert_str_eq(hm_otlp_trial_attribute_of(
                             json_object_get(resource, "resource"), "service.name"),
            "a \"service\"");
    const char *headers = otlp_trial.receiver.requests[0].headers;
    ck_assert_ptr_nonnull(strstr(headers, "\nContent-Type: application/json\r"));
    ck_assert_ptr_nonnull(strstr(headers, "\nx-key: a secret\r"));
    ck_assert_ptr_nonnull(strstr(headers, "\nx-empty:\r"));
    ck_assert_ptr_null(strstr(headers, "Expect"));

    ck_assert_uint_eq(json_array_size(hm_otlp_trial_spans_of(0)), 3);
    const json_t *run = hm_otlp_trial_span_of(0, "run");
    ck_assert_ptr_null(json_object_get(run, "parentSpanId"));
    ck_assert_ptr_null(json_object_get(run, "status"));
    ck_assert_str_eq(hm_otlp_trial_attribute_of(run, "hamilton.plan"), "b");
    ck_assert_str_eq(hm_otlp_trial_attribute_of(run, "hamilton.outcome"), "ok");
    for (int i = 0; i < 2; i++) {
        const json_t *node = hm_otlp_trial_span_of(0, i == 0 ? "a" : "b");
        ck_assert_str_eq(hm_otlp_trial_text_of(node, "traceId"),
                hm_otlp_trial_text_of(run, "traceId"));
        ck_assert_str_eq(hm_otlp_trial_text_of(node, "parentSpanId"),
                hm_otlp_trial_text_of(run, "spanId"));
        ck_assert_str_ne(hm_otlp_trial_text_of(node, "spanId"),
                hm_otlp_trial_text_of(run, "spanId"));
        ck_assert_str_eq(hm_otlp_trial_attribute_of(node, "code.file.path"), "test.c");
        ck_assert_str_eq(hm_otlp_trial_attribute_of(node, "code.line.number"),
                i == 0 ? "1" : "2");
        ck_assert_str_eq(hm_otlp_trial_attribute_of(node, "hamilton.rows"), "1");
        ck_assert_uint_ge(
                time_of(node, "startTimeUnixNano"), time_of(run, "startTimeUnixNano"));
        ck_assert_uint_le(
                time_of(node, "endTimeUnixNano"), time_of(run, "endTimeUnixNano"));
    }
    const json_t *slow = hm_otlp_trial_span_of(0, "a");
    ck_assert_uint_ge(time_of(slow, "endTimeUnixNano"),
            time_of(slow, "startTimeUnixNano") + HM_MILLISECONDS / 5);
    ck_assert_uint_gt(time_of(slow, "startTimeUnixNano"), 1700000000000000000u);
    ck_assert_uint_eq(otlp_trial.statistics.spans, 3);
    ck_assert_uint_eq(otlp_trial.statistics.spans_sent, 3);
    ck_assert_uint_eq(
            otlp_trial.statistics.spans_lost + otlp_trial.statistics.spans_dropped, 0);
    ck_assert_str_eq(otlp_trial.trouble, "");
    hm_otlp_trial_end();
}
END_TEST

START_TEST(failures_are_told_with_their_reasons) {
    hm_otlp_trial_begin(HM_RECEIVER_TAKES);
    hm_otlp_trial_create();
    hm_controlled_add("a", "x", hm_controlled_bad);
    hm_controlled_add("b", "a", hm_controlled_next);
    hm_retry_options retry_options = HM_RETRY_OPTIONS_INIT;
    hm_node_rule rule = {"a", 2};
    retry_options.rules = &rule;
    retry_options.rule_count = 1;
    retry_options.pause = 1000;
    hm_retry *retry;
    ck_assert_int_eq(hm_retry_create(&retry_options, &retry, NULL), HM_OK);
    hm_driver *driver = hm_otlp_trial_driver_of(hm_retry_adapter(retry));
    ck_assert_int_eq(hm_otlp_trial_execute(driver, "b", NULL), HM_NODE_FAILED);
    hm_otlp_trial_finish(driver);
    hm_retry_destroy(retry);
    hm_otlp_trial_check_requests();
    ck_assert_uint_eq(
            json_array_size(hm_otlp_trial_spans_of(0)), 2); // b was not called
    const json_t *run = hm_otlp_trial_span_of(0, "run");
    ck_assert_str_eq(hm_otlp_trial_attribute_of(run, "hamilton.outcome"), "failed");
    ck_assert_str_eq(hm_otlp_trial_attribute_of(run, "hamilton.skips"), "1");
    const json_t *status = json_object_get(hm_otlp_trial_span_of(0, "a"), "status");
    ck_assert_int_eq(json_integer_value(json_object_get(status, "code")), 2);
    ck_assert_ptr_nonnull(strstr(hm_otlp_trial_text_of(status, "message"), "bad luck"));
    ck_assert_str_eq(hm_otlp_trial_attribute_of(
                             hm_otlp_trial_span_of(0, "a"), "hamilton.retries"),
            "2");
    ck_assert_ptr_nonnull(json_object_get(run, "status"));
    hm_otlp_trial_end();
}
END_TEST

static hm_status find_b(void *self, hm_call *call, hm_error *error) {
    (void)self;
    hm_value value = hm_value_double(7);
    if (strcmp(call->node->name, "b") != 0) {
        return HM_OK;
    }
    hm_running_decide(call->running, call->node, HM_CACHE_FOUND, "");
    return hm_call_return(call, &value, error);
}

START_TEST(what_a_cache_found_is_told) {
    hm_otlp_trial_begin(HM_RECEIVER_TAKES);
    hm_otlp_trial_create();
    hm_controlled_add("a", "x", hm_controlled_next);
    hm_controlled_add("b", "a", hm_controlled_next);
    const hm_adapter cache = {.struct_size = sizeof(hm_adapter),
            .name = "cache",
            .wants = hm_want_to_wrap,
            .before = find_b};
    hm_driver *driver = hm_otlp_trial_driver_of(&cache);
    ck_assert_int_eq(hm_otlp_trial_execute(driver, "b", NULL), HM_OK);
    hm_otlp_trial_finish(driver);
    hm_otlp_trial_check_requests();
    const json_t *b = hm_otlp_trial_span_of(0, "b");
    ck_assert_str_eq(hm_otlp_trial_attribute_of(b, "hamilton.cache.decision"), "found");
    ck_assert_str_eq(hm_otlp_trial_attribute_of(b, "hamilton.outcome"), "returned");
    ck_assert_ptr_null(hm_otlp_trial_attribute_of(
            hm_otlp_trial_span_of(0, "a"), "hamilton.cache.decision"));
    hm_otlp_trial_end();
}
END_TEST

START_TEST(a_run_belongs_to_the_span_that_was_named) {
    static const char parent[] =
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    hm_otlp_trial_begin(HM_RECEIVER_TAKES);
    hm_otlp_trial_create();
    hm_controlled_add("a", "x", hm_controlled_next);
    hm_driver *driver = hm_otlp_trial_driver_of(NULL);
    ck_assert_int_eq(hm_otlp_set_parent(parent, NULL), HM_OK);
    ck_assert_int_eq(hm_otlp_trial_execute(driver, "a", NULL), HM_OK);
    ck_assert_int_eq(
            hm_otlp_flush(otlp_trial.otlp, 10000 * HM_MILLISECONDS, NULL), HM_OK);
    ck_assert_str_eq(
            hm_otlp_trial_text_of(hm_otlp_trial_span_of(0, "run"), "parentSpanId"),
            "00f067aa0ba902b7");
    ck_assert_str_eq(hm_otlp_trial_text_of(hm_otlp_trial_span_of(0, "a"), "traceId"),
            "4bf92f3577b34da6a3ce929d0e0e4736");
    ck_assert_int_eq(
            hm_otlp_set_parent(
                    "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00", NULL),
            HM_OK);
    ck_assert_int_eq(hm_otlp_trial_execute(driver, "a", NULL), HM_OK); // is not sampled
    ck_assert_int_eq(hm_otlp_set_parent(NULL, NULL), HM_OK);
    ck_assert_int_eq(hm_otlp_trial_execute(driver, "a", NULL), HM_OK);
    hm_otlp_trial_finish(driver);
    ck_assert_int_eq(atomic_load(&otlp_trial.receiver.count), 2);
    hm_otlp_trial_check_requests();
    ck_assert_uint_eq(json_array_size(hm_otlp_trial_spans_of(1)), 2);
    ck_assert_ptr_null(
            json_object_get(hm_otlp_trial_span_of(1, "run"), "parentSpanId"));
    hm_otlp_trial_end();
}
END_TEST

START_TEST(what_is_no_traceparent_is_refused) {
    static const char *const wrong[] = {"", "00",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01x",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736 00f067aa0ba902b7-01"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        ck_assert_int_eq(
                hm_otlp_set_parent(wrong[i], &otlp_trial.error), HM_BAD_ARGUMENT);
        ck_assert_ptr_nonnull(strstr(otlp_trial.error.message, "traceparent"));
    }
    ck_assert_int_eq(
            hm_otlp_set_parent(
                    "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-later",
                    NULL),
            HM_OK);
    ck_assert_int_eq(hm_otlp_set_parent(NULL, NULL), HM_OK);
}
END_TEST

START_TEST(spans_go_in_requests_of_a_limited_size) {
    hm_otlp_trial_begin(HM_RECEIVER_TAKES);
    otlp_trial.options.batch_limit = 7;
    hm_otlp_trial_create();
    enum { NODE_COUNT = 30, RUN_COUNT = 5, SPANS = RUN_COUNT * (NODE_COUNT + 1) };
    static char names[NODE_COUNT][8];
    for (int i = 0; i < NODE_COUNT; i++) {
        snprintf(names[i], sizeof names[i], "n%d", i);
        hm_controlled_add(names[i], i == 0 ? "x" : names[i - 1], hm_controlled_next);
    }
    hm_driver *driver = hm_otlp_trial_driver_of(NULL);
    for (int i = 0; i < RUN_COUNT; i++) {
        ck_assert_int_eq(
                hm_otlp_trial_execute(driver, names[NODE_COUNT - 1], NULL), HM_OK);
    }
    hm_otlp_trial_finish(driver);
    hm_otlp_trial_check_requests();
    size_t count = 0;
    json_t *ids = json_object();
    for (int i = 0; i < atomic_load(&otlp_trial.receiver.count); i++) {
        size_t n;
        json_t *span;
        ck_assert_uint_le(json_array_size(hm_otlp_trial_spans_of(i)), 7);
        json_array_foreach(hm_otlp_trial_spans_of(i), n, span) {
            json_object_set_new(
                    ids, hm_otlp_trial_text_of(span, "spanId"), json_true());
            count++;
        }
    }
    ck_assert_uint_eq(count, SPANS);
    ck_assert_uint_eq(json_object_size(ids), SPANS);
    ck_assert_uint_eq(otlp_trial.statistics.spans_sent, SPANS);
    json_decref(ids);
    hm_otlp_trial_end();
}
END_TEST

START_TEST(a_run_of_too_many_nodes_is_told_in_part) {
    hm_otlp_trial_begin(HM_RECEIVER_TAKES);
    otlp_trial.options.span_limit = 3;
    hm_otlp_trial_create();
    hm_controlled_add("a", "x", hm_controlled_next);
    hm_controlled_add("b", "a", hm_controlled_next);
    hm_controlled_add("c", "b", hm_controlled_bad);
    hm_controlled_add("d", "b", hm_controlled_next);
    hm_driver *driver = hm_otlp_trial_driver_of(NULL);
    ck_assert_int_eq(hm_otlp_trial_execute(driver, "d", NULL), HM_OK);
    hm_otlp_trial_finish(driver);
    hm_otlp_trial_check_requests();
    ck_assert_uint_eq(json_array_size(hm_otlp_trial_spans_of(0)), 3);
    ck_assert_uint_eq(otlp_trial.statistics.spans_sent, 3);
    ck_assert_uint_eq(otlp_trial.statistics.spans_dropped, 1);
    hm_otlp_trial_end();
}
END_TEST

static const json_t *metric_of(int request, const char *name) {
    const json_t *resource = hm_otlp_trial_first_of(
            otlp_trial.receiver.requests[request].body, "resourceMetrics");
    const json_t *scope = hm_otlp_trial_first_of(resource, "scopeMetrics");
    size_t i;
    json_t *metric;
    json_array_foreach(json_object_get(scope, "metrics"), i, metric) {
        if (strcmp(hm_otlp_trial_text_of(metric, "name"), name) == 0) {
            return metric;
        }
    }
    return NULL;
}

START_TEST(metrics_are_told_too) {
    hm_otlp_trial_begin(HM_RECEIVER_TAKES);
    hm_metrics_options metrics_options = HM_METRICS_OPTIONS_INIT;
    hm_metrics *metrics;
    const hm_adapter *counter;
    ck_assert_int_eq(hm_metrics_create(&metrics_options, &metrics, NULL), HM_OK);
    ck_assert_int_eq(hm_metrics_adapter(metrics, "d", &counter, NULL), HM_OK);
    otlp_trial.options.metrics = metrics;
    hm_otlp_trial_create();
    hm_controlled_add("a", "x", hm_controlled_next);
    hm_driver *driver = hm_otlp_trial_driver_of(counter);
    ck_assert_int_eq(hm_otlp_trial_execute(driver, "a", NULL), HM_OK);
    ck_assert_int_eq(hm_otlp_trial_execute(driver, "a", NULL), HM_OK);
    hm_otlp_trial_finish(driver);
    hm_metrics_destroy(metrics);
    hm_otlp_trial_check_requests();
    ck_assert_int_eq(atomic_load(&otlp_trial.receiver.count), 2);
    int request =
            strcmp(otlp_trial.receiver.requests[0].path, "/v1/metrics") == 0 ? 0 : 1;
    const json_t *runs = json_object_get(metric_of(request, "hamilton.runs"), "sum");
    const json_t *point = hm_otlp_trial_first_of(runs, "dataPoints");
    ck_assert_str_eq(hm_otlp_trial_text_of(point, "asInt"), "2");
    ck_assert_str_eq(hm_otlp_trial_attribute_of(point, "outcome"), "ok");
    ck_assert_str_eq(hm_otlp_trial_attribute_of(point, "driver"), "d");
    ck_assert(json_is_true(json_object_get(runs, "isMonotonic")));
    const json_t *duration = metric_of(request, "hamilton.node.duration");
    ck_assert_str_eq(hm_otlp_trial_text_of(duration, "unit"), "s");
    point = hm_otlp_trial_first_of(
            json_object_get(duration, "histogram"), "dataPoints");
    ck_assert_str_eq(hm_otlp_trial_text_of(point, "count"), "2");
    ck_assert_uint_eq(json_array_size(json_object_get(point, "bucketCounts")),
            json_array_size(json_object_get(point, "explicitBounds")) + 1);
    ck_assert_ptr_nonnull(metric_of(request, "hamilton.run.end_time"));
    ck_assert_uint_gt(otlp_trial.statistics.points_sent, 10);
    ck_assert_uint_eq(otlp_trial.statistics.points_lost, 0);
    hm_otlp_trial_end();
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("otlp");
    TCase *told = tcase_create("told");
    tcase_add_test(told, a_run_is_a_span_with_one_for_each_node);
    tcase_add_test(told, failures_are_told_with_their_reasons);
    tcase_add_test(told, what_a_cache_found_is_told);
    tcase_add_test(told, a_run_belongs_to_the_span_that_was_named);
    tcase_add_test(told, what_is_no_traceparent_is_refused);
    tcase_add_test(told, spans_go_in_requests_of_a_limited_size);
    tcase_add_test(told, a_run_of_too_many_nodes_is_told_in_part);
    tcase_add_test(told, metrics_are_told_too);
    suite_add_tcase(suite, told);
    return suite;
}
