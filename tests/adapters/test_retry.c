// test_retry.c — nodes that are tried again, nodes whose time is limited, and both in
// either order.

#include <pthread.h> // pthread_create: this suite starts threads, by way of the pool
#include <string.h>

#include <hamilton/node.h>
#include <hamilton/retry.h>
#include <hamilton/timeout.h>

#include "tests/support/controlled.h"
#include "tests/support/later.h"
#include "tests/support/suite.h"

static hm_retry *retry;
static hm_timeout *timeout;
static hm_error last;
static atomic_int failures_left;

static int call_moody(void *frame, const uint32_t *at, void *self) {
    atomic_fetch_add(&controlled.begun, 1);
    if (atomic_fetch_sub(&failures_left, 1) > 0) {
        return hm_controlled_bad(frame, at, self);
    }
    return hm_controlled_next(frame, at, self);
}

static int start_moody(const hm_lane *lanes, size_t row, void *self, hm_async *done) {
    atomic_fetch_add(&controlled.begun, 1);
    if (atomic_fetch_sub(&failures_left, 1) > 0) {
        hm_async_fail(done, "bad luck");
        return 0;
    }
    return hm_later_timer(lanes, row, self, done);
}

// Does not ask whether it is late.
static int call_deaf(void *frame, const uint32_t *at, void *self) {
    hm_controlled_nap(4 * HM_MILLISECONDS);
    return hm_controlled_next(frame, at, self);
}

static void tag(hm_function *function, const char *key, int64_t number) {
    static hm_argument arguments[4][2];
    static hm_modifier tags[4];
    static int next;
    int i = next++ % 4;
    arguments[i][0] = (hm_argument){.kind = HM_ARGUMENT_NAME, .text = key};
    arguments[i][1] =
            (hm_argument){.kind = HM_ARGUMENT_INT, .text = "number", .integer = number};
    tags[i] = (hm_modifier){
            .name = "tag", .arguments = arguments[i], .argument_count = 2};
    function->modifiers = &tags[i];
    function->modifier_count = 1;
}

static void begin(int failures) {
    hm_controlled_begin();
    hm_later_begin();
    atomic_store(&failures_left, failures);
}

static void make_retry(const hm_node_rule *rules, size_t count, uint64_t pause) {
    hm_retry_options options = HM_RETRY_OPTIONS_INIT;
    options.rules = rules;
    options.rule_count = count;
    options.pause = pause;
    options.allocator = &controlled.memory.allocator;
    ck_assert_int_eq(hm_retry_create(&options, &retry, &last), HM_OK);
}

static void make_timeout(const hm_node_rule *rules, size_t count) {
    hm_timeout_options options = HM_TIMEOUT_OPTIONS_INIT;
    options.rules = rules;
    options.rule_count = count;
    options.allocator = &controlled.memory.allocator;
    ck_assert_int_eq(hm_timeout_create(&options, &timeout, &last), HM_OK);
}

static hm_status create(hm_driver **driver, const hm_adapter *a, const hm_adapter *b) {
    const hm_adapter *const adapters[] = {a, b};
    hm_driver_options options = hm_controlled_options(2);
    options.adapters = adapters;
    options.adapter_count = 1 + (b != NULL);
    return hm_driver_create(&options, driver, &last);
}

// Executes "a" with these adapters, and ends all.
static hm_status execute(const hm_adapter *a, const hm_adapter *b, double *value) {
    hm_driver *driver;
    ck_assert_msg(create(&driver, a, b) == HM_OK, "%s", last.message);
    static const char *const wanted[] = {"a"};
    hm_request request = hm_controlled_request(wanted, 1);
    hm_results *results = NULL;
    hm_status status = hm_driver_execute(driver, &request, &results, &last);
    if (results != NULL && value != NULL) {
        *value = hm_controlled_value(results, 0);
    }
    hm_results_destroy(results);
    hm_driver_destroy(driver);
    hm_retry_destroy(retry);
    hm_timeout_destroy(timeout);
    retry = NULL;
    timeout = NULL;
    hm_later_end();
    hm_controlled_end();
    return status;
}

START_TEST(a_node_that_fails_is_called_again_as_often_as_its_tag_says) {
    for (int failures = 0; failures <= 4; failures++) {
        begin(failures);
        tag(hm_controlled_add("a", "x", call_moody), "retry", 3);
        make_retry(NULL, 0, 1000);
        double value = 0;
        hm_status status = execute(hm_retry_adapter(retry), NULL, &value);
        ck_assert_int_eq(status, failures < 4 ? HM_OK : HM_NODE_FAILED);
        ck_assert_int_eq(
                atomic_load(&controlled.begun), failures < 4 ? failures + 1 : 4);
        if (status == HM_OK) {
            ck_assert_double_eq(value, 2);
        } else {
            ck_assert_str_eq(
                    last.message, "test.c:1: node `a` failed: bad luck; inputs: x = 1");
        }
    }
}
END_TEST

START_TEST(an_asynchronous_node_is_started_again) {
    begin(2);
    tag(hm_later_add("a", "x", start_moody), "retry", 2);
    make_retry(NULL, 0, 1000);
    double value = 0;
    ck_assert_int_eq(execute(hm_retry_adapter(retry), NULL, &value), HM_OK);
    ck_assert_double_eq(value, 2);
    ck_assert_int_eq(atomic_load(&controlled.begun), 3);
}
END_TEST

START_TEST(a_name_goes_before_a_tag) {
    begin(1);
    tag(hm_controlled_add("a", "x", call_moody), "retry", 3);
    make_retry(&(hm_node_rule){"a", 0}, 1, 0);
    ck_assert_int_eq(execute(hm_retry_adapter(retry), NULL, NULL), HM_NODE_FAILED);
    ck_assert_int_eq(atomic_load(&controlled.begun), 1);
    begin(1);
    hm_controlled_add("a", "x", call_moody);
    make_retry(&(hm_node_rule){"a", 1}, 1, 1000);
    ck_assert_int_eq(execute(hm_retry_adapter(retry), NULL, NULL), HM_OK);
}
END_TEST

START_TEST(names_that_are_no_nodes_and_tags_that_are_no_numbers_are_refused) {
    begin(0);
    tag(hm_controlled_add("ratio", "x", call_moody), "retry", -1);
    hm_driver *driver;
    make_retry(&(hm_node_rule){"ration", 1}, 1, 0);
    ck_assert_int_eq(create(&driver, hm_retry_adapter(retry), NULL), HM_ADAPTER_FAILED);
    ck_assert_str_eq(last.message,
            "adapter `retry` refuses the graph: a rule names `ration`, which is no "
            "node; did you mean `ratio`?");
    hm_retry_destroy(retry);
    make_retry(NULL, 0, 0);
    ck_assert_int_eq(create(&driver, hm_retry_adapter(retry), NULL), HM_ADAPTER_FAILED);
    ck_assert_str_eq(last.message,
            "adapter `retry` refuses the graph: HM_TAG(retry, ...) of node `ratio` "
            "(line 1) takes one whole number that is not negative");
    hm_retry_destroy(retry);
    retry = NULL;
    hm_later_end();
    hm_controlled_end();
}
END_TEST

START_TEST(options_that_make_no_sense_are_refused) {
    begin(0);
    hm_retry_options options = HM_RETRY_OPTIONS_INIT;
    options.allocator = &controlled.memory.allocator;
    options.jitter = 1.5;
    ck_assert_int_eq(hm_retry_create(&options, &retry, &last), HM_BAD_ARGUMENT);
    ck_assert_str_eq(
            last.message, "jitter is a part of the pause, from 0 to 1, but is 1.5");
    hm_node_rule rules[] = {{"a", 1}, {NULL, 1}};
    options.jitter = 0;
    options.rules = rules;
    options.rule_count = 2;
    ck_assert_int_eq(hm_retry_create(&options, &retry, &last), HM_BAD_ARGUMENT);
    ck_assert_str_eq(last.message, "rule 1 names no node");
    hm_later_end();
    hm_controlled_end();
}
END_TEST

START_TEST(a_node_that_is_told_that_its_time_is_over_fails) {
    begin(0);
    tag(hm_controlled_add("a", "x", hm_controlled_patient), "timeout_ms", 2);
    make_timeout(NULL, 0);
    ck_assert_int_eq(execute(hm_timeout_adapter(timeout), NULL, NULL), HM_NODE_FAILED);
    ck_assert_str_eq(last.message,
            "test.c:1: node `a` failed: it took longer than the 2 ms that it may; "
            "inputs: x = 1");
}
END_TEST

START_TEST(what_comes_too_late_is_a_failure) {
    begin(0);
    hm_controlled_add("a", "x", call_deaf);
    make_timeout(&(hm_node_rule){"a", HM_MILLISECONDS}, 1);
    ck_assert_int_eq(execute(hm_timeout_adapter(timeout), NULL, NULL), HM_NODE_FAILED);
    begin(0);
    hm_controlled_add("a", "x", hm_controlled_next);
    make_timeout(&(hm_node_rule){"a", 10000 * HM_MILLISECONDS}, 1);
    ck_assert_int_eq(execute(hm_timeout_adapter(timeout), NULL, NULL), HM_OK);
}
END_TEST

START_TEST(an_asynchronous_node_is_told_too) {
    begin(0);
    tag(hm_later_add("a", "x", hm_later_patient), "timeout_ms", 2);
    make_timeout(NULL, 0);
    ck_assert_int_eq(execute(hm_timeout_adapter(timeout), NULL, NULL), HM_NODE_FAILED);
    ck_assert_ptr_nonnull(strstr(last.message, "longer than the 2 ms"));
}
END_TEST

START_TEST(a_limit_further_in_is_about_each_attempt) {
    begin(0);
    hm_controlled_add("a", "x", hm_controlled_patient);
    make_retry(&(hm_node_rule){"a", 2}, 1, 1000);
    make_timeout(&(hm_node_rule){"a", HM_MILLISECONDS}, 1);
    ck_assert_int_eq(
            execute(hm_retry_adapter(retry), hm_timeout_adapter(timeout), NULL),
            HM_NODE_FAILED);
    ck_assert_int_eq(atomic_load(&controlled.begun), 3);
}
END_TEST

START_TEST(a_limit_further_out_is_about_all_attempts) {
    begin(0);
    hm_controlled_add("a", "x", hm_controlled_patient);
    make_retry(&(hm_node_rule){"a", 1000}, 1, 1000);
    make_timeout(&(hm_node_rule){"a", 2 * HM_MILLISECONDS}, 1);
    ck_assert_int_eq(
            execute(hm_timeout_adapter(timeout), hm_retry_adapter(retry), NULL),
            HM_NODE_FAILED);
    ck_assert_int_eq(atomic_load(&controlled.begun), 1);
    ck_assert_ptr_nonnull(strstr(last.message, "longer than the 2 ms"));
    // A pause that would go beyond it is not begun.
    begin(1000);
    hm_controlled_add("a", "x", call_moody);
    make_retry(&(hm_node_rule){"a", 1000}, 1, 1000000 * HM_MILLISECONDS);
    make_timeout(&(hm_node_rule){"a", 1000 * HM_MILLISECONDS}, 1);
    ck_assert_int_eq(
            execute(hm_timeout_adapter(timeout), hm_retry_adapter(retry), NULL),
            HM_NODE_FAILED);
    ck_assert_int_eq(atomic_load(&controlled.begun), 1);
    ck_assert_ptr_nonnull(strstr(last.message, "bad luck"));
}
END_TEST

START_TEST(rows_are_tried_again_together) {
    begin(3);
    hm_controlled_add("a", "x", call_moody);
    make_retry(&(hm_node_rule){"a", 3}, 1, 1000);
    hm_driver *driver;
    ck_assert_int_eq(create(&driver, hm_retry_adapter(retry), NULL), HM_OK);
    double rows[] = {1, 2, 3, 4};
    hm_binding input = {"x", hm_value_many(&hm_type_double, rows, 4)};
    static const char *const wanted[] = {"a"};
    hm_request request = hm_controlled_request(wanted, 1);
    request.inputs = &input;
    hm_results *results;
    ck_assert_int_eq(hm_driver_execute(driver, &request, &results, &last), HM_OK);
    const double *a = hm_results_value(results, 0)->many.data;
    for (int i = 0; i < 4; i++) {
        ck_assert_double_eq(a[i], rows[i] + 1);
    }
    ck_assert_int_eq(atomic_load(&controlled.begun), 3 + 4); // the first row, then all
    hm_results_destroy(results);
    hm_driver_destroy(driver);
    hm_retry_destroy(retry);
    retry = NULL;
    hm_later_end();
    hm_controlled_end();
}
END_TEST

START_TEST(when_memory_runs_out_nothing_is_left) {
    for (size_t at = 1;; at++) {
        begin(1);
        hm_controlled_add("a", "x", call_moody);
        hm_retry_options options = HM_RETRY_OPTIONS_INIT;
        hm_node_rule rule = {"a", 1};
        options.rules = &rule;
        options.rule_count = 1;
        options.allocator = &controlled.memory.allocator;
        controlled.memory.fail_at = at;
        hm_status status = hm_retry_create(&options, &retry, &last);
        bool has_failed = controlled.memory.calls >= at;
        ck_assert_int_eq(status, has_failed ? HM_NO_MEMORY : HM_OK);
        if (status == HM_OK) {
            hm_retry_destroy(retry);
        }
        retry = NULL;
        hm_later_end();
        hm_controlled_end();
        if (!has_failed) {
            ck_assert_uint_eq(at, 4);
            break;
        }
    }
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("retry");
    TCase *tries = tcase_create("tries");
    tcase_add_test(tries, a_node_that_fails_is_called_again_as_often_as_its_tag_says);
    tcase_add_test(tries, an_asynchronous_node_is_started_again);
    tcase_add_test(tries, a_name_goes_before_a_tag);
    tcase_add_test(
            tries, names_that_are_no_nodes_and_tags_that_are_no_numbers_are_refused);
    tcase_add_test(tries, options_that_make_no_sense_are_refused);
    tcase_add_test(tries, a_node_that_is_told_that_its_time_is_over_fails);
    tcase_add_test(tries, what_comes_too_late_is_a_failure);
    tcase_add_test(tries, an_asynchronous_node_is_told_too);
    tcase_add_test(tries, a_limit_further_in_is_about_each_attempt);
    tcase_add_test(tries, a_limit_further_out_is_about_all_attempts);
    tcase_add_test(tries, rows_are_tried_again_together);
    tcase_add_test(tries, when_memory_runs_out_nothing_is_left);
    suite_add_tcase(suite, tries);
    return suite;
}
