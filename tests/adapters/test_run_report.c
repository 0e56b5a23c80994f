// test_run_report.c — what the report says of runs, however they end.

#include <jansson.h>
#include <pthread.h> // pthread_create: this suite starts threads, by way of the pool
#include <stdlib.h>
#include <string.h>

#include <hamilton/retry.h>
#include <hamilton/run_report.h>

#include "base/text.h"
#include "tests/support/controlled.h"
#include "tests/support/suite.h"

static hm_run_report *report;
static json_t *said; // what was read last
static hm_error last;

static bool append(const char *text, size_t length, void *to) {
    hm_text_append_bytes(to, text, length);
    return true;
}

static void read_report(void) {
    hm_text text;
    hm_text_init(&text, hm_allocator_default());
    ck_assert_int_eq(hm_run_report_write(report, append, &text), HM_OK);
    json_decref(said);
    json_error_t error;
    said = json_loads(hm_text_get(&text), JSON_DECODE_ANY, &error);
    ck_assert_msg(said != NULL, "%s in %s", error.text, hm_text_get(&text));
    hm_text_finish(&text);
}

// A member of a node, or of the run if name is NULL.
static json_t *member(const char *name, const char *key) {
    json_t *found = name == NULL ? json_object_get(said, "run") : NULL;
    json_t *nodes = json_object_get(said, "nodes");
    for (size_t i = 0; name != NULL && i < json_array_size(nodes); i++) {
        json_t *node = json_array_get(nodes, i);
        if (strcmp(json_string_value(json_object_get(node, "name")), name) == 0) {
            found = node;
        }
    }
    json_t *value = json_object_get(found, key);
    ck_assert_msg(value != NULL, "%s of %s", key, name != NULL ? name : "the run");
    return value;
}

static const char *text_of(const char *name, const char *key) {
    return json_is_null(member(name, key)) ? "null"
                                           : json_string_value(member(name, key));
}

static long long number_of(const char *name, const char *key) {
    ck_assert_msg(json_is_integer(member(name, key)), "%s of %s", key, name);
    return json_integer_value(member(name, key));
}

static void begin(void) {
    hm_controlled_begin();
    ck_assert_int_eq(
            hm_run_report_create(&controlled.memory.allocator, &report, NULL), HM_OK);
}

static hm_driver *driver_of(const hm_adapter *further_in) {
    const hm_adapter *const adapters[] = {hm_run_report_adapter(report), further_in};
    hm_driver_options options = hm_controlled_options(2);
    options.adapters = adapters;
    options.adapter_count = 1 + (further_in != NULL);
    return hm_controlled_driver(&options);
}

static hm_status execute(hm_driver *driver, const char *wanted, const hm_value *x) {
    hm_request request = hm_controlled_request(&wanted, 1);
    hm_binding input = {"x", *x};
    request.inputs = &input;
    request.keep_going = true;
    hm_results *results = NULL;
    hm_status status = hm_driver_execute(driver, &request, &results, &last);
    hm_results_destroy(results);
    return status;
}

static void end(hm_driver *driver) {
    hm_driver_destroy(driver);
    hm_run_report_destroy(report);
    json_decref(said);
    said = NULL;
    hm_controlled_end();
}

START_TEST(before_any_run_there_is_nothing) {
    begin();
    read_report();
    ck_assert(json_is_null(said));
    end(NULL);
}
END_TEST

START_TEST(nodes_of_a_run_that_went_well_are_ok) {
    begin();
    hm_controlled_add("a", "x", hm_controlled_next);
    hm_controlled_add("b", "a", hm_controlled_next);
    hm_driver *driver = driver_of(NULL);
    hm_value x = hm_value_double(1);
    ck_assert_int_eq(execute(driver, "b", &x), HM_OK);
    hm_driver_destroy(driver); // what is said of the run needs neither it nor the plan
    read_report();
    ck_assert_int_eq(json_integer_value(json_object_get(said, "version")), 1);
    ck_assert_str_eq(text_of(NULL, "state"), "ok");
    ck_assert_str_eq(text_of(NULL, "reason"), "null");
    ck_assert_str_eq(text_of("a", "state"), "ok");
    ck_assert_int_eq(number_of("a", "rows"), 1);
    ck_assert_int_eq(number_of("a", "bytes"), 8);
    ck_assert_int_eq(number_of("a", "calls"), 1);
    ck_assert_int_eq(number_of("b", "line"), 2);
    ck_assert_str_eq(text_of("b", "file"), "test.c");
    ck_assert_str_eq(text_of("b", "cache"), "null");
    ck_assert_int_ge(number_of("b", "began"),
            number_of("a", "began") + number_of("a", "nanoseconds"));
    ck_assert_int_ge(number_of(NULL, "nanoseconds"),
            number_of("b", "began") + number_of("b", "nanoseconds"));
    end(NULL);
}
END_TEST

START_TEST(rows_and_bytes_of_columns_are_counted) {
    begin();
    hm_controlled_add("a", "x", hm_controlled_next);
    hm_controlled_add("b", "a", hm_controlled_next);
    hm_driver *driver = driver_of(NULL);
    double rows[] = {1, 2, 3};
    hm_value x = hm_value_many(&hm_type_double, rows, 3);
    ck_assert_int_eq(execute(driver, "b", &x), HM_OK);
    read_report();
    ck_assert_int_eq(number_of("a", "rows"), 3);
    ck_assert_int_eq(number_of("a", "bytes"), 0); // only b needs it
    ck_assert_int_eq(number_of("b", "bytes"), 24);
    ck_assert_int_eq(number_of("b", "mapped"), 1);
    end(driver);
}
END_TEST

START_TEST(failures_and_what_they_skip_have_reasons) {
    begin();
    hm_controlled_add("a", "x", hm_controlled_bad);
    hm_controlled_add("b", "a", hm_controlled_next);
    hm_driver *driver = driver_of(NULL);
    hm_value x = hm_value_double(1);
    ck_assert_int_eq(execute(driver, "b", &x), HM_NODE_FAILED);
    read_report();
    ck_assert_str_eq(text_of(NULL, "state"), "failed");
    ck_assert_str_eq(text_of("a", "state"), "failed");
    ck_assert_ptr_nonnull(strstr(text_of("a", "reason"), "bad luck"));
    ck_assert_ptr_nonnull(strstr(text_of(NULL, "reason"), "bad luck"));
    ck_assert_str_eq(text_of("b", "state"), "skipped");
    ck_assert_str_eq(text_of("b", "cause"), "a");
    ck_assert(json_is_null(member("b", "began")));
    ck_assert_int_eq(number_of("b", "calls"), 0);
    end(driver);
}
END_TEST

START_TEST(a_run_that_was_left_is_told_as_it_stands) {
    begin();
    hm_controlled_add("a", "x", hm_controlled_stuck);
    hm_controlled_add("b", "a", hm_controlled_next);
    hm_driver *driver = driver_of(NULL);
    static const char *const wanted[] = {"b"};
    hm_request request = hm_controlled_request(wanted, 1);
    request.deadline = 5 * HM_MILLISECONDS;
    request.caller_waits = true;
    hm_results *results = NULL;
    ck_assert_int_eq(hm_driver_execute(driver, &request, &results, &last), HM_DEADLINE);
    hm_results_destroy(results);
    bool has_begun = atomic_load(&controlled.begun) > 0; // unless all were slow
    read_report();
    if (has_begun) {
        ck_assert_str_eq(text_of(NULL, "state"), "under_way");
        ck_assert_str_eq(text_of("a", "state"), "under_way");
        ck_assert_str_eq(text_of("b", "state"), "waiting");
    }
    atomic_store(&controlled.is_released, true);
    do {
        hm_controlled_nap(HM_MILLISECONDS / 10);
        read_report();
    } while (strcmp(text_of(NULL, "state"), "under_way") == 0);
    ck_assert_str_eq(text_of(NULL, "state"), "late");
    ck_assert_str_eq(text_of("b", "state"), "late");
    end(driver);
}
END_TEST

static void check_tries(bool is_outermost) {
    begin();
    hm_controlled_add("a", "x", hm_controlled_bad);
    hm_retry_options options = HM_RETRY_OPTIONS_INIT;
    hm_node_rule rule = {"a", 2};
    options.rules = &rule;
    options.rule_count = 1;
    options.pause = 1000;
    hm_retry *retry;
    ck_assert_int_eq(hm_retry_create(&options, &retry, NULL), HM_OK);
    const hm_adapter *const adapters[] = {hm_run_report_adapter(report),
            hm_retry_adapter(retry), hm_run_report_adapter(report)};
    hm_driver_options driver_options = hm_controlled_options(2);
    driver_options.adapters = is_outermost ? adapters : adapters + 1;
    driver_options.adapter_count = 2;
    hm_driver *driver = hm_controlled_driver(&driver_options);
    hm_value x = hm_value_double(1);
    ck_assert_int_eq(execute(driver, "a", &x), HM_NODE_FAILED);
    read_report();
    ck_assert_int_eq(number_of("a", "calls"), 3);
    end(driver);
    hm_retry_destroy(retry);
}

START_TEST(tries_are_counted_wherever_the_report_stands) {
    check_tries(true);
    check_tries(false);
}
END_TEST

static hm_status supply(void *self, hm_running *running, hm_error *error) {
    (void)self;
    hm_value value = hm_value_double(5);
    const hm_planned_node *b = &running->planned->nodes[1];
    hm_running_decide(running, b, HM_CACHE_FOUND, "x is the same");
    return hm_running_supply(running, b, &value, error);
}

START_TEST(what_a_cache_found_is_told) {
    begin();
    hm_controlled_add("a", "x", hm_controlled_next);
    hm_controlled_add("b", "a", hm_controlled_next);
    hm_controlled_add("c", "b", hm_controlled_next);
    const hm_adapter cache = {.struct_size = sizeof(hm_adapter),
            .name = "cache",
            .wants = hm_want_to_wrap,
            .run_began = supply};
    hm_driver *driver = driver_of(&cache);
    hm_value x = hm_value_double(1);
    ck_assert_int_eq(execute(driver, "c", &x), HM_OK);
    read_report();
    ck_assert_str_eq(text_of("a", "state"), "not_needed");
    ck_assert_str_eq(text_of("b", "state"), "supplied");
    ck_assert_str_eq(text_of("b", "cache"), "found");
    ck_assert_str_eq(text_of("b", "cache_reason"), "x is the same");
    ck_assert_str_eq(text_of("c", "state"), "ok");
    end(driver);
}
END_TEST

START_TEST(a_run_without_memory_for_its_report_goes_on) {
    for (size_t at = 1;; at++) {
        begin();
        hm_controlled_add("a", "x", hm_controlled_next);
        hm_driver *driver = driver_of(NULL);
        hm_value x = hm_value_double(1);
        controlled.memory.calls = 0;
        controlled.memory.fail_at = at;
        hm_status status = execute(driver, "a", &x);
        bool has_failed = controlled.memory.calls >= at;
        ck_assert(status == HM_OK || (has_failed && status == HM_NO_MEMORY));
        controlled.memory.fail_at = 0;
        end(driver);
        if (!has_failed) {
            break;
        }
    }
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("run_report");
    TCase *reports = tcase_create("reports");
    tcase_add_test(reports, before_any_run_there_is_nothing);
    tcase_add_test(reports, nodes_of_a_run_that_went_well_are_ok);
    tcase_add_test(reports, rows_and_bytes_of_columns_are_counted);
    tcase_add_test(reports, failures_and_what_they_skip_have_reasons);
    tcase_add_test(reports, a_run_that_was_left_is_told_as_it_stands);
    tcase_add_test(reports, tries_are_counted_wherever_the_report_stands);
    tcase_add_test(reports, what_a_cache_found_is_told);
    tcase_add_test(reports, a_run_without_memory_for_its_report_goes_on);
    suite_add_tcase(suite, reports);
    return suite;
}
