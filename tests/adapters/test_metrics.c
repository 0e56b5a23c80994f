// test_metrics.c — what is counted of runs and nodes, and how Prometheus reads it.

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <hamilton/metrics.h>
#include <hamilton/retry.h>

#include "base/text.h"
#include "tests/support/controlled.h"
#include "tests/support/suite.h"

static hm_metrics *metrics;
static hm_error last;
static hm_text said; // what was written last

static void begin_with(const hm_metrics_options *given) {
    hm_controlled_begin();
    hm_metrics_options options = *given;
    options.allocator = &controlled.memory.allocator;
    ck_assert_int_eq(hm_metrics_create(&options, &metrics, &last), HM_OK);
    hm_text_init(&said, hm_allocator_default());
}

static void begin(void) {
    const hm_metrics_options options = HM_METRICS_OPTIONS_INIT;
    begin_with(&options);
}

static void end(void) {
    hm_metrics_destroy(metrics);
    hm_text_finish(&said);
    hm_controlled_end();
}

static hm_driver *driver_of(const char *name, const hm_adapter *further_in) {
    const hm_adapter *adapters[2] = {NULL, further_in};
    ck_assert_int_eq(hm_metrics_adapter(metrics, name, &adapters[0], &last), HM_OK);
    hm_driver_options options = hm_controlled_options(2);
    options.adapters = adapters;
    options.adapter_count = 1 + (further_in != NULL);
    return hm_controlled_driver(&options);
}

static hm_status execute(hm_driver *driver, const char *wanted, hm_value x) {
    hm_request request = hm_controlled_request(&wanted, 1);
    hm_binding input = {"x", x};
    request.inputs = &input;
    request.keep_going = true;
    hm_results *results = NULL;
    hm_status status = hm_driver_execute(driver, &request, &results, &last);
    hm_results_destroy(results);
    return status;
}

static const char *expose(void) {
    hm_text_clear(&said);
    ck_assert_int_eq(hm_metrics_write(metrics, hm_text_write, &said), HM_OK);
    return hm_text_get(&said);
}

// The value of a series as it is written, or -1 if there is none.
static double value_of(const char *series) {
    size_t length = strlen(series);
    for (const char *line = hm_text_get(&said); line[0] != '\0';) {
        if (strncmp(line, series, length) == 0 && line[length] == ' ') {
            return strtod(line + length + 1, NULL);
        }
        const char *next = strchr(line, '\n');
        ck_assert_msg(next != NULL, "a line without an end");
        line = next + 1;
    }
    return -1;
}

#define HM_HAS(series, value)                                                          \
    ck_assert_msg(value_of(series) >= (value) && value_of(series) <= (value),          \
            "%s is %g in\n%s", series, value_of(series), hm_text_get(&said))

// What promtool says of the text, if it is installed.
static void let_promtool_check(void) {
    if (system("command -v promtool >/dev/null 2>&1") != 0) {
        fprintf(stderr, "promtool is missing: it says nothing of the text\n");
        return;
    }
    FILE *promtool = popen("promtool check metrics", "w");
    ck_assert_ptr_nonnull(promtool);
    fputs(hm_text_get(&said), promtool);
    ck_assert_msg(
            pclose(promtool) == 0, "promtool finds faults in\n%s", hm_text_get(&said));
}

START_TEST(before_any_plan_nothing_is_written) {
    begin();
    ck_assert_str_eq(expose(), "");
    end();
}
END_TEST

START_TEST(runs_and_calls_are_counted_by_driver_plan_and_node) {
    begin();
    hm_controlled_add("a", "x", hm_controlled_next);
    hm_controlled_add("b", "a", hm_controlled_next);
    hm_driver *driver = driver_of("pricing", NULL);
    for (int i = 0; i < 3; i++) { // each with a plan of its own
        ck_assert_int_eq(execute(driver, "b", hm_value_double(1)), HM_OK);
    }
    ck_assert_int_eq(execute(driver, "a", hm_value_double(1)), HM_OK);
    hm_driver *second = driver_of("tax", NULL);
    ck_assert_int_eq(execute(second, "b", hm_value_double(1)), HM_OK);
    expose();
#define OF_B "{driver=\"pricing\",plan=\"b\""
    HM_HAS("hamilton_runs_total" OF_B ",outcome=\"ok\"}", 3);
    HM_HAS("hamilton_runs_total" OF_B ",outcome=\"failed\"}", 0);
    HM_HAS("hamilton_runs_under_way" OF_B "}", 0);
    HM_HAS("hamilton_run_duration_seconds_count" OF_B "}", 3);
    HM_HAS("hamilton_run_duration_seconds_bucket" OF_B ",le=\"+Inf\"}", 3);
    HM_HAS("hamilton_node_calls_total" OF_B ",node=\"a\",outcome=\"ok\"}", 3);
    HM_HAS("hamilton_node_calls_total" OF_B ",node=\"b\",outcome=\"ok\"}", 3);
    HM_HAS("hamilton_node_duration_seconds_count" OF_B ",node=\"b\"}", 3);
    HM_HAS("hamilton_node_rows_total" OF_B ",node=\"b\"}", 0); // it is not mapped
    ck_assert(value_of("hamilton_run_end_time_seconds" OF_B "}") > 1e9);
    ck_assert(value_of("hamilton_run_duration_seconds_sum" OF_B "}") >
              value_of("hamilton_node_duration_seconds_sum" OF_B ",node=\"b\"}"));
    HM_HAS("hamilton_runs_total{driver=\"pricing\",plan=\"a\",outcome=\"ok\"}", 1);
    HM_HAS("hamilton_runs_total{driver=\"tax\",plan=\"b\",outcome=\"ok\"}", 1);
    ck_assert_ptr_null(strstr(hm_text_get(&said), "skips"));
    let_promtool_check();
    hm_driver_destroy(second);
    hm_driver_destroy(driver);
    end();
}
END_TEST

START_TEST(failures_and_what_they_skip_are_counted) {
    begin();
    hm_controlled_add("a", "x", hm_controlled_bad);
    hm_controlled_add("b", "a", hm_controlled_next);
    hm_driver *driver = driver_of("d", NULL);
    ck_assert_int_eq(execute(driver, "b", hm_value_double(1)), HM_NODE_FAILED);
    expose();
#define OF_D "{driver=\"d\",plan=\"b\""
    HM_HAS("hamilton_runs_total" OF_D ",outcome=\"failed\"}", 1);
    HM_HAS("hamilton_node_calls_total" OF_D ",node=\"a\",outcome=\"failed\"}", 1);
    HM_HAS("hamilton_node_calls_total" OF_D ",node=\"b\",outcome=\"ok\"}", 0);
    HM_HAS("hamilton_node_skips_total" OF_D ",node=\"b\",reason=\"needed_failed\"}", 1);
    HM_HAS("hamilton_node_duration_seconds_count" OF_D ",node=\"b\"}", 0);
    let_promtool_check();
    hm_driver_destroy(driver);
    end();
}
END_TEST

START_TEST(runs_that_are_late_or_cancelled_are_told_apart) {
    begin();
    hm_controlled_add("a", "x", hm_controlled_patient);
    hm_driver *driver = driver_of("d", NULL);
    static const char *const wanted[] = {"a"};
    hm_request request = hm_controlled_request(wanted, 1);
    request.deadline = 5 * HM_MILLISECONDS;
    hm_results *results = NULL;
    ck_assert_int_eq(hm_driver_execute(driver, &request, &results, &last), HM_DEADLINE);
    hm_results_destroy(results);
    hm_cancel *cancel;
    ck_assert_int_eq(hm_cancel_create(NULL, &cancel), HM_OK);
    hm_cancel_raise(cancel);
    request.deadline = 0;
    request.cancel = cancel;
    results = NULL;
    ck_assert_int_eq(
            hm_driver_execute(driver, &request, &results, &last), HM_CANCELLED);
    hm_results_destroy(results);
    hm_driver_destroy(driver);
    do { // the node comes back when it likes
        expose();
    } while (value_of("hamilton_runs_under_way{driver=\"d\",plan=\"a\"}") > 0);
    HM_HAS("hamilton_runs_total{driver=\"d\",plan=\"a\",outcome=\"late\"}", 1);
    HM_HAS("hamilton_runs_total{driver=\"d\",plan=\"a\",outcome=\"cancelled\"}", 1);
    hm_cancel_destroy(cancel);
    end();
}
END_TEST

START_TEST(retries_are_counted_by_who_stands_outside) {
    begin();
    hm_controlled_add("a", "x", hm_controlled_bad);
    hm_retry_options options = HM_RETRY_OPTIONS_INIT;
    hm_node_rule rule = {"a", 2};
    options.rules = &rule;
    options.rule_count = 1;
    options.pause = 1000;
    hm_retry *retry;
    ck_assert_int_eq(hm_retry_create(&options, &retry, NULL), HM_OK);
    hm_driver *driver = driver_of("d", hm_retry_adapter(retry));
    ck_assert_int_eq(execute(driver, "a", hm_value_double(1)), HM_NODE_FAILED);
    expose();
    HM_HAS("hamilton_node_retries_total{driver=\"d\",plan=\"a\",node=\"a\"}", 2);
    HM_HAS("hamilton_node_calls_total{driver=\"d\",plan=\"a\",node=\"a\","
           "outcome=\"failed\"}",
            1);
    hm_driver_destroy(driver);
    hm_retry_destroy(retry);
    end();
}
END_TEST

static hm_status supply(void *self, hm_running *running, hm_error *error) {
    (void)self;
    hm_value value = hm_value_double(5);
    const hm_planned_node *b = &running->planned->nodes[1];
    hm_running_decide(running, b, HM_CACHE_FOUND, "x is the same");
    return hm_running_supply(running, b, &value, error);
}

START_TEST(what_a_cache_did_is_counted) {
    begin();
    hm_controlled_add("a", "x", hm_controlled_next);
    hm_controlled_add("b", "a", hm_controlled_next);
    hm_controlled_add("c", "b", hm_controlled_next);
    const hm_adapter cache = {.struct_size = sizeof(hm_adapter),
            .name = "cache",
            .wants = hm_want_to_wrap,
            .run_began = supply};
    hm_driver *driver = driver_of("d", &cache);
    ck_assert_int_eq(execute(driver, "c", hm_value_double(1)), HM_OK);
    expose();
#define OF_C "{driver=\"d\",plan=\"c\",node="
    HM_HAS("hamilton_node_cache_decisions_total" OF_C "\"b\",decision=\"found\"}", 1);
    HM_HAS("hamilton_node_skips_total" OF_C "\"a\",reason=\"not_needed\"}", 1);
    HM_HAS("hamilton_node_skips_total" OF_C "\"b\",reason=\"supplied\"}", 1);
    HM_HAS("hamilton_node_calls_total" OF_C "\"c\",outcome=\"ok\"}", 1);
    let_promtool_check();
    hm_driver_destroy(driver);
    end();
}
END_TEST

START_TEST(rows_of_columns_are_counted) {
    begin();
    hm_controlled_add("a", "x", hm_controlled_next);
    hm_driver *driver = driver_of("d", NULL);
    double rows[] = {1, 2, 3};
    hm_value x = hm_value_many(&hm_type_double, rows, 3);
    ck_assert_int_eq(execute(driver, "a", x), HM_OK);
    ck_assert_int_eq(execute(driver, "a", x), HM_OK);
    expose();
    HM_HAS("hamilton_node_rows_total{driver=\"d\",plan=\"a\",node=\"a\"}", 6);
    hm_driver_destroy(driver);
    end();
}
END_TEST

static int fail_odd(void *frame, const uint32_t *at, void *self) {
    (void)self;
    double x = HM_SLOT(double, 0);
    HM_SLOT(double, 1) = x;
    return x > 1.5 ? 1 : 0;
}

START_TEST(rows_that_failed_are_counted) {
    begin();
    hm_controlled_add("a", "x", fail_odd);
    hm_driver *driver = driver_of("d", NULL);
    double rows[] = {1, 2, 3};
    hm_binding input = {"x", hm_value_many(&hm_type_double, rows, 3)};
    static const char *const wanted[] = {"a"};
    hm_request request = hm_controlled_request(wanted, 1);
    request.inputs = &input;
    request.rows_may_fail = true;
    hm_results *results;
    ck_assert_int_eq(hm_driver_execute(driver, &request, &results, &last), HM_OK);
    hm_results_destroy(results);
    expose();
    HM_HAS("hamilton_node_failed_rows_total{driver=\"d\",plan=\"a\",node=\"a\"}", 2);
    hm_driver_destroy(driver);
    end();
}
END_TEST

START_TEST(labels_are_escaped) {
    begin();
    hm_controlled_add("a", "x", hm_controlled_next);
    hm_driver *driver = driver_of("a \"b\"\\c\nd\xff\xc3\xa9", NULL);
    ck_assert_int_eq(execute(driver, "a", hm_value_double(1)), HM_OK);
    expose();
    HM_HAS("hamilton_runs_under_way{driver=\"a "
           "\\\"b\\\"\\\\c\\nd\xEF\xBF\xBD\xc3\xa9\","
           "plan=\"a\"}",
            0);
    let_promtool_check();
    hm_driver_destroy(driver);
    end();
}
END_TEST

START_TEST(durations_fall_into_the_buckets_that_were_asked_for) {
    static const double bounds[] = {1e-9, 1e-4, 1000};
    hm_metrics_options options = HM_METRICS_OPTIONS_INIT;
    options.bounds = bounds;
    options.bound_count = 3;
    begin_with(&options);
    hm_controlled_add("a", "x", hm_controlled_slow); // 200 µs at least
    hm_driver *driver = driver_of("d", NULL);
    ck_assert_int_eq(execute(driver, "a", hm_value_double(1)), HM_OK);
    expose();
#define BUCKET                                                                         \
    "hamilton_node_duration_seconds_bucket{driver=\"d\",plan=\"a\",node=\"a\","
    HM_HAS(BUCKET "le=\"1e-9\"}", 0);
    HM_HAS(BUCKET "le=\"0.0001\"}", 0);
    HM_HAS(BUCKET "le=\"1000\"}", 1);
    HM_HAS(BUCKET "le=\"+Inf\"}", 1);
    ck_assert(value_of("hamilton_node_duration_seconds_sum{driver=\"d\",plan=\"a\","
                       "node=\"a\"}") >= 2e-4);
    let_promtool_check();
    hm_driver_destroy(driver);
    end();
}
END_TEST

START_TEST(bounds_that_are_none_are_refused) {
    static const double falling[] = {1, 0.5};
    static const double nothing[] = {0};
    static double many[HM_METRICS_MOST_BOUNDS + 1];
    hm_metrics *none = NULL;
    hm_metrics_options options = HM_METRICS_OPTIONS_INIT;
    options.bounds = falling;
    options.bound_count = 2;
    ck_assert_int_eq(hm_metrics_create(&options, &none, &last), HM_BAD_ARGUMENT);
    ck_assert_ptr_nonnull(strstr(last.message, "bound 1 is 0.5"));
    options.bounds = nothing;
    options.bound_count = 1;
    ck_assert_int_eq(hm_metrics_create(&options, &none, &last), HM_BAD_ARGUMENT);
    for (size_t i = 0; i <= HM_METRICS_MOST_BOUNDS; i++) {
        many[i] = (double)(i + 1);
    }
    options.bounds = many;
    options.bound_count = HM_METRICS_MOST_BOUNDS + 1;
    ck_assert_int_eq(hm_metrics_create(&options, &none, &last), HM_BAD_ARGUMENT);
    ck_assert_ptr_nonnull(strstr(last.message, "at most 32 bounds, but 33"));
    ck_assert_ptr_null(none);
}
END_TEST

START_TEST(plans_and_nodes_beyond_the_limits_are_counted_together) {
    hm_metrics_options options = HM_METRICS_OPTIONS_INIT;
    options.plan_limit = 2;
    options.node_limit = 3;
    begin_with(&options);
    static const char *const names[] = {"a", "b", "c", "d"};
    for (int i = 0; i < 4; i++) {
        hm_controlled_add(names[i], i == 0 ? "x" : names[i - 1], hm_controlled_next);
    }
    hm_driver *driver = driver_of("t", NULL);
    for (int i = 0; i < 4; i++) { // of 1, 2, 3, 4 nodes
        ck_assert_int_eq(execute(driver, names[i], hm_value_double(1)), HM_OK);
        ck_assert_int_eq(execute(driver, names[i], hm_value_double(1)), HM_OK);
    }
    expose();
#define OTHER "{driver=\"t\",plan=\"(other)\""
    HM_HAS("hamilton_runs_total{driver=\"t\",plan=\"b\",outcome=\"ok\"}", 2);
    HM_HAS("hamilton_runs_total" OTHER ",outcome=\"ok\"}", 4);
    HM_HAS("hamilton_node_calls_total" OTHER ",node=\"(other)\",outcome=\"ok\"}", 14);
    ck_assert_ptr_null(strstr(hm_text_get(&said), "node=\"d\""));
    let_promtool_check();
    hm_driver_destroy(driver);
    end();
}
END_TEST

START_TEST(the_name_of_a_plan_does_not_grow_without_end) {
    begin();
    enum { COUNT = 100 };
    static char names[COUNT][8];
    const char *wanted[COUNT];
    for (int i = 0; i < COUNT; i++) {
        snprintf(names[i], sizeof names[i], "node%02d", i);
        wanted[i] = names[i];
        hm_controlled_add(names[i], "x", hm_controlled_next);
    }
    hm_driver *driver = driver_of("d", NULL);
    hm_request request = hm_controlled_request(wanted, COUNT);
    hm_results *results;
    ck_assert_int_eq(hm_driver_execute(driver, &request, &results, &last), HM_OK);
    hm_results_destroy(results);
    expose();
    const char *plan = strstr(hm_text_get(&said), "plan=\"") + strlen("plan=\"");
    size_t length = strcspn(plan, "\"");
    ck_assert(strncmp(plan, "node00,node01,", 14) == 0);
    ck_assert_uint_lt(length, 180);
    ck_assert(strncmp(plan + length - 4, ",+", 2) == 0);
    let_promtool_check();
    hm_driver_destroy(driver);
    end();
}
END_TEST

static bool take_one(const hm_metric_point *point, void *context) {
    ck_assert_str_eq(point->metric->name, "hamilton.runs");
    ++*(int *)context;
    return false;
}

static bool refuse(const char *text, size_t length, void *to) {
    (void)text;
    (void)length;
    ++*(int *)to;
    return false;
}

START_TEST(who_is_told_may_end_it) {
    begin();
    hm_controlled_add("a", "x", hm_controlled_next);
    hm_driver *driver = driver_of("d", NULL);
    ck_assert_int_eq(execute(driver, "a", hm_value_double(1)), HM_OK);
    int count = 0;
    ck_assert_int_eq(hm_metrics_visit(metrics, take_one, &count), HM_IO);
    ck_assert_int_eq(count, 1);
    count = 0;
    ck_assert_int_eq(hm_metrics_write(metrics, refuse, &count), HM_IO);
    ck_assert_int_eq(count, 1);
    hm_driver_destroy(driver);
    end();
}
END_TEST

START_TEST(the_same_name_gives_the_same_adapter) {
    begin();
    const hm_adapter *one;
    const hm_adapter *two;
    const hm_adapter *again;
    ck_assert_int_eq(hm_metrics_adapter(metrics, "one", &one, NULL), HM_OK);
    ck_assert_int_eq(hm_metrics_adapter(metrics, "two", &two, NULL), HM_OK);
    ck_assert_int_eq(hm_metrics_adapter(metrics, "one", &again, NULL), HM_OK);
    ck_assert_ptr_eq(one, again);
    ck_assert_ptr_ne(one, two);
    end();
}
END_TEST

// Several threads run plans of one driver, while another compiles plans and reads.

enum { CLIENT_COUNT = 3, RUN_COUNT = 400 };

static void *run_often(void *plan) {
    hm_run *run = hm_controlled_run(plan);
    for (int i = 0; i < RUN_COUNT; i++) {
        ck_assert_int_eq(hm_run_execute(run, NULL), HM_OK);
    }
    hm_run_destroy(run);
    return NULL;
}

START_TEST(nothing_is_lost_where_many_count) {
    begin();
    hm_controlled_add("a", "x", hm_controlled_next);
    hm_controlled_add("b", "a", hm_controlled_next);
    hm_controlled_add("c", "a", hm_controlled_next);
    hm_controlled_add_sum("d", "b", "c");
    hm_driver *driver = driver_of("t", NULL);
    static const char *const wanted[] = {"d"};
    hm_request request = hm_controlled_request(wanted, 1);
    request.always_share = true;
    hm_plan *plan;
    ck_assert_int_eq(hm_plan_create(driver, &request, &plan, &last), HM_OK);
    pthread_t clients[CLIENT_COUNT];
    for (int i = 0; i < CLIENT_COUNT; i++) {
        ck_assert_int_eq(pthread_create(&clients[i], NULL, run_often, plan), 0);
    }
    static const char *const names[] = {"a", "b", "c"};
    double before = 0;
    for (int i = 0; i < 60; i++) {
        ck_assert_int_eq(execute(driver, names[i % 3], hm_value_double(1)), HM_OK);
        expose();
        double now =
                value_of("hamilton_runs_total{driver=\"t\",plan=\"d\",outcome=\"ok\"}");
        ck_assert(now >= before);
        before = now;
    }
    for (int i = 0; i < CLIENT_COUNT; i++) {
        pthread_join(clients[i], NULL);
    }
    expose();
    double all = CLIENT_COUNT * RUN_COUNT;
#define OF_ALL "{driver=\"t\",plan=\"d\""
    HM_HAS("hamilton_runs_total" OF_ALL ",outcome=\"ok\"}", all);
    HM_HAS("hamilton_runs_under_way" OF_ALL "}", 0);
    HM_HAS("hamilton_run_duration_seconds_count" OF_ALL "}", all);
    HM_HAS("hamilton_node_calls_total" OF_ALL ",node=\"c\",outcome=\"ok\"}", all);
    HM_HAS("hamilton_node_duration_seconds_count" OF_ALL ",node=\"d\"}", all);
    HM_HAS("hamilton_runs_total{driver=\"t\",plan=\"c\",outcome=\"ok\"}", 20);
    let_promtool_check();
    hm_plan_destroy(plan);
    hm_driver_destroy(driver);
    end();
}
END_TEST

START_TEST(without_memory_runs_go_on_uncounted) {
    for (size_t at = 1;; at++) {
        begin();
        hm_controlled_add("a", "x", hm_controlled_next);
        hm_driver *driver = driver_of("d", NULL);
        controlled.memory.calls = 0;
        controlled.memory.fail_at = at;
        hm_status status = execute(driver, "a", hm_value_double(1));
        bool has_failed = controlled.memory.calls >= at;
        ck_assert(status == HM_OK || (has_failed && status == HM_NO_MEMORY));
        controlled.memory.fail_at = 0;
        ck_assert_int_eq(execute(driver, "a", hm_value_double(1)), HM_OK);
        expose();
        ck_assert(value_of("hamilton_runs_total{driver=\"d\",plan=\"a\",outcome="
                           "\"ok\"}") >= 1);
        hm_driver_destroy(driver);
        end();
        if (!has_failed) {
            break;
        }
    }
}
END_TEST

START_TEST(creating_may_run_out_of_memory) {
    hm_failing_allocator memory;
    hm_failing_allocator_init(&memory);
    hm_metrics_options options = HM_METRICS_OPTIONS_INIT;
    options.allocator = &memory.allocator;
    memory.fail_at = 1;
    ck_assert_int_eq(hm_metrics_create(&options, &metrics, &last), HM_NO_MEMORY);
    ck_assert_int_eq(hm_metrics_create(&options, &metrics, &last), HM_OK);
    memory.fail_at = memory.calls + 1;
    const hm_adapter *adapter = NULL;
    ck_assert_int_eq(hm_metrics_adapter(metrics, "d", &adapter, &last), HM_NO_MEMORY);
    ck_assert_ptr_null(adapter);
    hm_metrics_destroy(metrics);
    hm_metrics_destroy(NULL);
    ck_assert_uint_eq(memory.live, 0);
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("metrics");
    TCase *counts = tcase_create("counts");
    tcase_add_test(counts, before_any_plan_nothing_is_written);
    tcase_add_test(counts, runs_and_calls_are_counted_by_driver_plan_and_node);
    tcase_add_test(counts, failures_and_what_they_skip_are_counted);
    tcase_add_test(counts, runs_that_are_late_or_cancelled_are_told_apart);
    tcase_add_test(counts, retries_are_counted_by_who_stands_outside);
    tcase_add_test(counts, what_a_cache_did_is_counted);
    tcase_add_test(counts, rows_of_columns_are_counted);
    tcase_add_test(counts, rows_that_failed_are_counted);
    tcase_add_test(counts, nothing_is_lost_where_many_count);
    suite_add_tcase(suite, counts);
    TCase *text = tcase_create("text");
    tcase_add_test(text, labels_are_escaped);
    tcase_add_test(text, durations_fall_into_the_buckets_that_were_asked_for);
    tcase_add_test(text, plans_and_nodes_beyond_the_limits_are_counted_together);
    tcase_add_test(text, the_name_of_a_plan_does_not_grow_without_end);
    suite_add_tcase(suite, text);
    TCase *use = tcase_create("use");
    tcase_add_test(use, bounds_that_are_none_are_refused);
    tcase_add_test(use, who_is_told_may_end_it);
    tcase_add_test(use, the_same_name_gives_the_same_adapter);
    tcase_add_test(use, without_memory_runs_go_on_uncounted);
    tcase_add_test(use, creating_may_run_out_of_memory);
    suite_add_tcase(suite, use);
    return suite;
}
