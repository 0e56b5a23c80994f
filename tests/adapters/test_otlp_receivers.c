// test_otlp_receivers.c — what becomes of runs, and of what is told of them, where the
// receiver of OTLP is not as it should be; and that nobody waits for it.

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <hamilton/otlp.h>

#include "tests/support/controlled.h"
#include "tests/support/otlp_trial.h"
#include "tests/support/suite.h"

// What comes of two runs of 2 spans each, in one request, and of the requests.
static const struct {
    hm_manner manner;
    uint64_t sent;
    uint64_t least_requests;
    uint64_t most_requests;
    const char *why; // in what is told of otlp_trial.trouble
} receivers[] = {
        {HM_RECEIVER_TAKES, 4, 1, 1, ""},
        {HM_RECEIVER_IS_EMPTY, 4, 1, 1, ""},
        {HM_RECEIVER_REJECTS_ONE, 3, 1, 1, "too long"},
        {HM_RECEIVER_FAILS, 0, 1, 1, "answered 500"},
        {HM_RECEIVER_IS_BUSY, 4, 3, 3, ""},
        {HM_RECEIVER_ASKS, 4, 2, 2, ""},
        {HM_RECEIVER_CLOSES, 0, 2, 1000, "cannot be reached"},
        {HM_RECEIVER_STOPS, 0, 2, 1000, "cannot be reached"},
        {HM_RECEIVER_BABBLES, 0, 2, 1000, "cannot be reached"},
        {HM_RECEIVER_MISTAKES, 0, 1, 1, "not OTLP"},
        {HM_RECEIVER_FLOODS, 0, 2, 1000, "cannot be reached"},
        {HM_RECEIVER_IS_SILENT, 0, 2, 1000, "cannot be reached"},
};

START_TEST(runs_are_right_whatever_the_receiver_does) {
    hm_otlp_trial_begin(receivers[_i].manner);
    otlp_trial.options.timeout = 150 * HM_MILLISECONDS;
    if (receivers[_i].sent == 0) {
        otlp_trial.options.patience = 400 * HM_MILLISECONDS;
    }
    hm_otlp_trial_create();
    hm_controlled_add("a", "x", hm_controlled_next);
    hm_driver *driver = hm_otlp_trial_driver_of(NULL);
    for (int i = 0; i < 2; i++) {
        double value = 0;
        ck_assert_int_eq(hm_otlp_trial_execute(driver, "a", &value), HM_OK);
        ck_assert_double_eq(value, 2);
    }
    hm_otlp_trial_finish(driver);
    ck_assert_uint_eq(otlp_trial.statistics.spans, 4);
    ck_assert_uint_eq(otlp_trial.statistics.spans_sent, receivers[_i].sent);
    ck_assert_uint_eq(otlp_trial.statistics.spans_lost, 4 - receivers[_i].sent);
    ck_assert_uint_ge(otlp_trial.statistics.requests, receivers[_i].least_requests);
    ck_assert_uint_le(otlp_trial.statistics.requests, receivers[_i].most_requests);
    ck_assert_msg(strstr(otlp_trial.trouble, receivers[_i].why) != NULL, "%s",
            otlp_trial.trouble);
    ck_assert_int_eq(otlp_trial.trouble[0] != '\0', receivers[_i].sent < 4);
    if (otlp_trial.trouble[0] != '\0') {
        ck_assert_ptr_nonnull(strstr(otlp_trial.trouble, otlp_trial.receiver.url));
    }
    hm_otlp_trial_end();
}
END_TEST

START_TEST(a_receiver_that_is_not_there_costs_its_spans) {
    hm_otlp_trial_begin(HM_RECEIVER_TAKES);
    hm_receiver_end(&otlp_trial.receiver); // its port is closed now
    char url[sizeof otlp_trial.receiver.url + 16];
    snprintf(url, sizeof url, "http://me:secret@%.40s/",
            otlp_trial.receiver.url + strlen("http://"));
    otlp_trial.options.endpoint = url;
    otlp_trial.options.pause = 0; // as usual: but at the end nobody waits
    otlp_trial.options.patience = 0;
    hm_otlp_trial_create();
    hm_controlled_add("a", "x", hm_controlled_next);
    hm_driver *driver = hm_otlp_trial_driver_of(NULL);
    double value = 0;
    ck_assert_int_eq(hm_otlp_trial_execute(driver, "a", &value), HM_OK);
    ck_assert_double_eq(value, 2);
    hm_otlp_trial_finish(driver);
    ck_assert_uint_eq(otlp_trial.statistics.spans_lost, 2);
    ck_assert_ptr_nonnull(strstr(otlp_trial.trouble, "cannot be reached"));
    ck_assert_ptr_null(strstr(otlp_trial.trouble, "secret"));
    hm_controlled_end();
}
END_TEST

START_TEST(runs_for_which_there_is_no_room_are_counted) {
    hm_otlp_trial_begin(HM_RECEIVER_IS_SILENT);
    otlp_trial.options.span_limit = 7;
    otlp_trial.options.shutdown_limit = HM_MILLISECONDS;
    hm_otlp_trial_create();
    hm_controlled_add("a", "x", hm_controlled_next);
    hm_controlled_add("b", "a", hm_controlled_next);
    hm_driver *driver = hm_otlp_trial_driver_of(NULL);
    for (int i = 0; i < 5; i++) { // of 3 spans: two have room
        double value = 0;
        ck_assert_int_eq(hm_otlp_trial_execute(driver, "b", &value), HM_OK);
        ck_assert_double_eq(value, 3);
    }
    hm_otlp_count(otlp_trial.otlp, &otlp_trial.statistics);
    ck_assert_uint_eq(otlp_trial.statistics.spans, 6);
    ck_assert_uint_eq(otlp_trial.statistics.spans_dropped, 9);
    hm_otlp_trial_finish(driver);
    ck_assert_uint_eq(otlp_trial.statistics.spans_lost, 6);
    hm_otlp_trial_end();
}
END_TEST

START_TEST(ending_takes_no_longer_than_it_may) {
    hm_otlp_trial_begin(HM_RECEIVER_IS_SILENT);
    otlp_trial.options.timeout = 3600 * UINT64_C(1000000000);
    otlp_trial.options.patience = otlp_trial.options.timeout;
    otlp_trial.options.batch_limit = 2;
    otlp_trial.options.shutdown_limit = 20 * HM_MILLISECONDS;
    hm_otlp_trial_create();
    hm_controlled_add("a", "x", hm_controlled_next);
    hm_driver *driver = hm_otlp_trial_driver_of(NULL);
    for (int i = 0; i < 10; i++) {
        ck_assert_int_eq(hm_otlp_trial_execute(driver, "a", NULL), HM_OK);
    }
    ck_assert_int_eq(hm_otlp_flush(otlp_trial.otlp, HM_MILLISECONDS, &otlp_trial.error),
            HM_DEADLINE);
    hm_otlp_trial_finish(driver);
    ck_assert_uint_eq(otlp_trial.statistics.spans_sent, 0);
    ck_assert_uint_eq(otlp_trial.statistics.spans_lost, 20);
    ck_assert_ptr_nonnull(strstr(otlp_trial.trouble, "too slow"));
    hm_otlp_trial_end();
}
END_TEST

START_TEST(flushing_waits_for_what_was_told) {
    hm_otlp_trial_begin(HM_RECEIVER_TAKES);
    otlp_trial.options.delay = 3600 * UINT64_C(1000000000);
    hm_otlp_trial_create();
    hm_controlled_add("a", "x", hm_controlled_next);
    hm_driver *driver = hm_otlp_trial_driver_of(NULL);
    for (int i = 1; i <= 5; i++) {
        ck_assert_int_eq(hm_otlp_trial_execute(driver, "a", NULL), HM_OK);
        ck_assert_int_eq(hm_otlp_flush(otlp_trial.otlp, 10000 * HM_MILLISECONDS,
                                 &otlp_trial.error),
                HM_OK);
        ck_assert_int_eq(atomic_load(&otlp_trial.receiver.count), i);
    }
    ck_assert_int_eq(
            hm_otlp_flush(otlp_trial.otlp, 10000 * HM_MILLISECONDS, &otlp_trial.error),
            HM_OK);
    hm_otlp_trial_finish(driver);
    ck_assert_int_eq(atomic_load(&otlp_trial.receiver.count), 5);
    hm_otlp_trial_end();
}
END_TEST

START_TEST(spans_are_sent_after_a_while_without_being_asked_for) {
    hm_otlp_trial_begin(HM_RECEIVER_TAKES);
    otlp_trial.options.delay = HM_MILLISECONDS;
    hm_otlp_trial_create();
    hm_controlled_add("a", "x", hm_controlled_next);
    hm_driver *driver = hm_otlp_trial_driver_of(NULL);
    for (int i = 1; i <= 3; i++) {
        ck_assert_int_eq(hm_otlp_trial_execute(driver, "a", NULL), HM_OK);
        hm_controlled_wait(&otlp_trial.receiver.count, i);
    }
    hm_otlp_trial_finish(driver);
    ck_assert_uint_eq(otlp_trial.statistics.spans_sent, 6);
    hm_otlp_trial_end();
}
END_TEST

START_TEST(options_that_are_none_are_refused) {
    hm_otlp *none = NULL;
    static const char *const endpoints[] = {
            "", "nonsense", "ftp://localhost", "http://"};
    for (size_t i = 0; i < sizeof endpoints / sizeof *endpoints; i++) {
        otlp_trial.options = (hm_otlp_options)HM_OTLP_OPTIONS_INIT;
        otlp_trial.options.endpoint = endpoints[i];
        ck_assert_int_eq(hm_otlp_create(&otlp_trial.options, &none, &otlp_trial.error),
                HM_BAD_ARGUMENT);
        ck_assert_ptr_nonnull(
                strstr(otlp_trial.error.message, "http://localhost:4318"));
    }
    static const char *const headers[] = {
            "novalue", "=x", "a=%zz", "a=%0d%0aX: y", "a b=c", "a=1,b", "a=%4"};
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
        otlp_trial.options = (hm_otlp_options)HM_OTLP_OPTIONS_INIT;
        otlp_trial.options.headers = headers[i];
        ck_assert_int_eq(hm_otlp_create(&otlp_trial.options, &none, &otlp_trial.error),
                HM_BAD_ARGUMENT);
        ck_assert_ptr_nonnull(strstr(otlp_trial.error.message, "name=value"));
    }
    ck_assert_ptr_null(none);
    hm_otlp_destroy(NULL);
}
END_TEST

START_TEST(the_environment_says_what_is_not_said) {
    setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4318", 1);
    setenv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "", 1);
    setenv("OTEL_EXPORTER_OTLP_HEADERS", "a=b", 1);
    setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "2500", 1);
    setenv("OTEL_SERVICE_NAME", "shop", 1);
    otlp_trial.options = (hm_otlp_options)HM_OTLP_OPTIONS_INIT;
    otlp_trial.options.endpoint = "";
    otlp_trial.options.service_name = "mine";
    hm_otlp_read_environment(&otlp_trial.options);
    ck_assert_str_eq(otlp_trial.options.endpoint, "http://collector:4318");
    ck_assert_ptr_null(otlp_trial.options.traces_endpoint);
    ck_assert_str_eq(otlp_trial.options.headers, "a=b");
    ck_assert_str_eq(otlp_trial.options.service_name, "mine");
    ck_assert_uint_eq(otlp_trial.options.timeout, 2500 * HM_MILLISECONDS);
    setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "soon", 1);
    otlp_trial.options.timeout = 0;
    hm_otlp_read_environment(&otlp_trial.options);
    ck_assert_uint_eq(otlp_trial.options.timeout, 0);
}
END_TEST

START_TEST(signals_of_their_own_go_to_endpoints_of_their_own) {
    hm_otlp_trial_begin(HM_RECEIVER_TAKES);
    char url[sizeof otlp_trial.receiver.url + 16];
    snprintf(url, sizeof url, "%.60s/deep/in", otlp_trial.receiver.url);
    otlp_trial.options.endpoint = "http://nowhere.invalid";
    otlp_trial.options.traces_endpoint = url;
    hm_otlp_trial_create();
    hm_controlled_add("a", "x", hm_controlled_next);
    hm_driver *driver = hm_otlp_trial_driver_of(NULL);
    ck_assert_int_eq(hm_otlp_trial_execute(driver, "a", NULL), HM_OK);
    hm_otlp_trial_finish(driver);
    ck_assert_str_eq(otlp_trial.receiver.requests[0].path, "/deep/in");
    ck_assert_uint_eq(otlp_trial.statistics.spans_sent, 2);
    hm_otlp_trial_end();
}
END_TEST

START_TEST(what_is_told_after_the_end_is_lost) {
    hm_otlp_trial_begin(HM_RECEIVER_TAKES);
    hm_otlp_trial_create();
    hm_controlled_add("a", "x", hm_controlled_next);
    hm_driver *driver = hm_otlp_trial_driver_of(NULL);
    hm_otlp_shut_down(otlp_trial.otlp);
    ck_assert_int_eq(hm_otlp_trial_execute(driver, "a", NULL), HM_OK);
    ck_assert_int_eq(hm_otlp_flush(otlp_trial.otlp, HM_MILLISECONDS, NULL), HM_OK);
    hm_otlp_trial_finish(driver);
    ck_assert_uint_eq(otlp_trial.statistics.spans_lost, 2);
    ck_assert_int_eq(atomic_load(&otlp_trial.receiver.count), 0);
    hm_otlp_trial_end();
}
END_TEST

enum { CLIENT_COUNT = 3, RUN_COUNT = 200 };

static void *run_often(void *plan) {
    hm_run *run = hm_controlled_run(plan);
    for (int i = 0; i < RUN_COUNT; i++) {
        ck_assert_int_eq(hm_run_execute(run, NULL), HM_OK);
    }
    hm_run_destroy(run);
    return NULL;
}

START_TEST(nothing_goes_uncounted_where_many_run) {
    hm_otlp_trial_begin(HM_RECEIVER_TAKES);
    otlp_trial.options.span_limit = 300;
    otlp_trial.options.batch_limit = 100;
    otlp_trial.options.delay = HM_MILLISECONDS;
    hm_otlp_trial_create();
    hm_controlled_add("a", "x", hm_controlled_next);
    hm_controlled_add("b", "a", hm_controlled_next);
    hm_controlled_add("c", "a", hm_controlled_next);
    hm_controlled_add_sum("d", "b", "c");
    hm_driver *driver = hm_otlp_trial_driver_of(NULL);
    static const char *const wanted[] = {"d"};
    hm_request request = hm_controlled_request(wanted, 1);
    request.always_share = true;
    hm_plan *plan;
    ck_assert_int_eq(hm_plan_create(driver, &request, &plan, &otlp_trial.error), HM_OK);
    pthread_t clients[CLIENT_COUNT];
    for (int i = 0; i < CLIENT_COUNT; i++) {
        ck_assert_int_eq(pthread_create(&clients[i], NULL, run_often, plan), 0);
    }
    for (int i = 0; i < CLIENT_COUNT; i++) {
        pthread_join(clients[i], NULL);
    }
    hm_plan_destroy(plan);
    hm_otlp_trial_finish(driver);
    hm_otlp_trial_check_requests();
    ck_assert_uint_eq(otlp_trial.statistics.spans + otlp_trial.statistics.spans_dropped,
            5 * (uint64_t)CLIENT_COUNT * RUN_COUNT);
    ck_assert_uint_eq(otlp_trial.statistics.spans_sent, otlp_trial.statistics.spans);
    ck_assert_uint_gt(otlp_trial.statistics.spans_sent, 0);
    hm_otlp_trial_end();
}
END_TEST

START_TEST(without_memory_runs_go_on_untold) {
    for (size_t at = 1;; at++) {
        hm_otlp_trial_begin(HM_RECEIVER_TAKES);
        otlp_trial.options.shutdown_limit = 100 * HM_MILLISECONDS;
        controlled.memory.fail_at = at;
        hm_status status = hm_otlp_create(
                &otlp_trial.options, &otlp_trial.otlp, &otlp_trial.error);
        bool has_failed = status != HM_OK;
        ck_assert(status == HM_OK || status == HM_NO_MEMORY);
        if (status == HM_OK) {
            hm_controlled_add("a", "x", hm_controlled_bad);
            hm_driver *driver = NULL;
            hm_driver_options driver_options = hm_controlled_options(2);
            const hm_adapter *adapter = hm_otlp_adapter(otlp_trial.otlp);
            driver_options.adapters = &adapter;
            driver_options.adapter_count = 1;
            status = hm_driver_create(&driver_options, &driver, &otlp_trial.error);
            if (status == HM_OK) {
                status = hm_otlp_trial_execute(driver, "a", NULL);
                ck_assert(status == HM_NODE_FAILED || status == HM_NO_MEMORY);
            }
            hm_otlp_trial_finish(driver);
            has_failed = controlled.memory.calls >= at;
            ck_assert_uint_eq(
                    otlp_trial.statistics.spans_sent + otlp_trial.statistics.spans_lost,
                    otlp_trial.statistics.spans);
        }
        controlled.memory.fail_at = 0;
        hm_otlp_trial_end();
        if (!has_failed) {
            break;
        }
    }
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("otlp_receivers");
    TCase *sent = tcase_create("sent");
    tcase_add_loop_test(sent, runs_are_right_whatever_the_receiver_does, 0,
            sizeof receivers / sizeof *receivers);
    tcase_add_test(sent, a_receiver_that_is_not_there_costs_its_spans);
    tcase_add_test(sent, runs_for_which_there_is_no_room_are_counted);
    tcase_add_test(sent, ending_takes_no_longer_than_it_may);
    tcase_add_test(sent, flushing_waits_for_what_was_told);
    tcase_add_test(sent, spans_are_sent_after_a_while_without_being_asked_for);
    tcase_add_test(sent, what_is_told_after_the_end_is_lost);
    tcase_add_test(sent, nothing_goes_uncounted_where_many_run);
    suite_add_tcase(suite, sent);
    TCase *use = tcase_create("use");
    tcase_add_test(use, options_that_are_none_are_refused);
    tcase_add_test(use, the_environment_says_what_is_not_said);
    tcase_add_test(use, signals_of_their_own_go_to_endpoints_of_their_own);
    tcase_add_test(use, without_memory_runs_go_on_untold);
    suite_add_tcase(suite, use);
    return suite;
}
