// test_breakpoint.c — runs stop before and after nodes, one at a time.

#include <pthread.h> // pthread_create: this suite starts threads, by way of the pool
#include <stdio.h>
#include <string.h>

#include <hamilton/breakpoint.h>

#include "tests/support/controlled.h"
#include "tests/support/suite.h"

static hm_breakpoints *breakpoints;
static hm_error last;

typedef struct hm_seen {
    char text[1024]; // what was stopped at: ">a=1 " before, "<a=2 " after
    atomic_int inside;
    int most_inside;
    hm_status answer;
    const double *instead; // of a result, given before the node
    bool fails;
} hm_seen;

static hm_seen seen;

static hm_status stop(void *context, hm_call *call, bool is_after, hm_error *error) {
    hm_seen *told = context;
    int inside = atomic_fetch_add(&told->inside, 1) + 1;
    told->most_inside = inside > told->most_inside ? inside : told->most_inside;
    hm_value value = is_after && call->status == HM_OK
                             ? hm_running_result(call->running, call->node, 0)
                             : hm_running_argument(call->running, call->node, 0);
    size_t length = strlen(told->text);
    snprintf(told->text + length, sizeof told->text - length, "%c%s=%g ",
            is_after ? call->status == HM_OK ? '<' : '!' : '>', call->node->name,
            value.depth > 0 ? ((const double *)value.many.data)[1]
                            : *(const double *)hm_value_data(&value));
    hm_controlled_nap(HM_MILLISECONDS / 20);
    atomic_fetch_sub(&told->inside, 1);
    if (told->answer != HM_OK) {
        snprintf(error->message, sizeof error->message, "enough");
        return told->answer;
    }
    if (told->fails && !is_after) {
        return hm_call_fail(call, "stopped for good");
    }
    if (told->instead != NULL && !is_after) {
        hm_value result = hm_value_double(*told->instead);
        return hm_call_return(call, &result, error);
    }
    return HM_OK;
}

static void set_up(void) {
    seen = (hm_seen){.answer = HM_OK};
    hm_controlled_begin();
    hm_controlled_add("a", "x", hm_controlled_next);
    hm_controlled_add("b", "a", hm_controlled_next);
    hm_controlled_add("bad", "x", hm_controlled_bad);
}

static hm_status make(const hm_breakpoint *points, size_t count) {
    hm_breakpoints_options options = HM_BREAKPOINTS_OPTIONS_INIT;
    options.points = points;
    options.point_count = count;
    options.stop = stop;
    options.context = &seen;
    options.allocator = &controlled.memory.allocator;
    return hm_breakpoints_create(&options, &breakpoints, &last);
}

static hm_status create(hm_driver **driver, uint32_t thread_count) {
    const hm_adapter *const adapters[] = {hm_breakpoints_adapter(breakpoints)};
    hm_driver_options options = hm_controlled_options(thread_count);
    options.adapters = adapters;
    options.adapter_count = 1;
    return hm_driver_create(&options, driver, &last);
}

static void end(hm_driver *driver) {
    hm_driver_destroy(driver);
    hm_breakpoints_destroy(breakpoints);
    hm_controlled_end();
}

static hm_status ask(const hm_driver *driver, const char *wanted, double *value) {
    hm_request request = hm_controlled_request(&wanted, 1);
    hm_results *results = NULL;
    hm_status status = hm_driver_execute(driver, &request, &results, &last);
    if (results != NULL && value != NULL) {
        *value = hm_controlled_value(results, 0);
    }
    hm_results_destroy(results);
    return status;
}

START_TEST(a_run_stops_before_and_after_nodes_of_a_name) {
    const hm_breakpoint points[] = {{"b", false}, {"a", true}, {"bad", true}};
    ck_assert_int_eq(make(points, 3), HM_OK);
    hm_driver *driver;
    ck_assert_int_eq(create(&driver, 1), HM_OK);
    ck_assert_int_eq(ask(driver, "b", NULL), HM_OK);
    ck_assert_str_eq(seen.text, "<a=2 >b=2 ");
    seen.text[0] = '\0';
    ck_assert_int_eq(ask(driver, "bad", NULL), HM_NODE_FAILED);
    ck_assert_str_eq(seen.text, "!bad=1 ");
    end(driver);
}
END_TEST

START_TEST(mapped_nodes_stop_once_with_whole_columns) {
    const hm_breakpoint points[] = {{"b", false}, {"b", true}};
    ck_assert_int_eq(make(points, 2), HM_OK);
    hm_driver *driver;
    ck_assert_int_eq(create(&driver, 1), HM_OK);
    const double numbers[] = {1, 2, 3};
    const char *const wanted[] = {"b"};
    const hm_binding input = {"x", hm_value_many(&hm_type_double, numbers, 3)};
    hm_request request = HM_REQUEST_INIT;
    request.wanted = wanted;
    request.wanted_count = 1;
    request.inputs = &input;
    request.input_count = 1;
    hm_results *results;
    ck_assert_int_eq(hm_driver_execute(driver, &request, &results, &last), HM_OK);
    ck_assert_str_eq(seen.text, ">b=3 <b=4 ");
    hm_results_destroy(results);
    end(driver);
}
END_TEST

START_TEST(who_is_stopped_at_may_change_what_happens) {
    const hm_breakpoint points[] = {{"a", false}};
    ck_assert_int_eq(make(points, 1), HM_OK);
    hm_driver *driver;
    ck_assert_int_eq(create(&driver, 1), HM_OK);
    const double instead = 40;
    seen.instead = &instead;
    double value = 0;
    ck_assert_int_eq(ask(driver, "b", &value), HM_OK);
    ck_assert_double_eq(value, 41);
    seen.instead = NULL;
    seen.fails = true;
    ck_assert_int_eq(ask(driver, "b", NULL), HM_NODE_FAILED);
    ck_assert_ptr_nonnull(strstr(last.message, "node `a` failed: stopped for good"));
    seen.answer = HM_CANCELLED;
    ck_assert_int_eq(ask(driver, "b", NULL), HM_ADAPTER_FAILED);
    ck_assert_ptr_nonnull(strstr(last.message, "breakpoints"));
    ck_assert_ptr_nonnull(strstr(last.message, "enough"));
    end(driver);
}
END_TEST

START_TEST(many_nodes_stop_one_at_a_time) {
    enum { COUNT = 30 };
    static char names[COUNT][8];
    static const char *wanted[COUNT];
    hm_breakpoint points[2 * COUNT];
    for (int i = 0; i < COUNT; i++) {
        snprintf(names[i], sizeof names[i], "n%d", i);
        wanted[i] = names[i];
        points[2 * i] = (hm_breakpoint){names[i], false};
        points[2 * i + 1] = (hm_breakpoint){names[i], true};
        hm_controlled_add(names[i], "x", hm_controlled_slow);
    }
    ck_assert_int_eq(make(points, (size_t)2 * COUNT), HM_OK);
    hm_driver *driver;
    ck_assert_int_eq(create(&driver, 4), HM_OK);
    hm_request request = hm_controlled_request(wanted, COUNT);
    hm_results *results;
    ck_assert_int_eq(hm_driver_execute(driver, &request, &results, &last), HM_OK);
    hm_results_destroy(results);
    ck_assert_int_eq(seen.most_inside, 1);
    for (int i = 0; i < COUNT; i++) {
        char expected[2][24];
        snprintf(expected[0], sizeof expected[0], ">n%d=1 ", i);
        snprintf(expected[1], sizeof expected[1], "<n%d=2 ", i);
        ck_assert_ptr_nonnull(strstr(seen.text, expected[0]));
        ck_assert_ptr_nonnull(strstr(seen.text, expected[1]));
    }
    end(driver);
}
END_TEST

START_TEST(what_cannot_be_stopped_at_is_refused) {
    const hm_breakpoint unknown[] = {{"bed", false}};
    ck_assert_int_eq(make(unknown, 1), HM_OK);
    hm_driver *driver = NULL;
    ck_assert_int_eq(create(&driver, 1), HM_ADAPTER_FAILED);
    ck_assert_ptr_nonnull(strstr(last.message,
            "a breakpoint names `bed`, which is no node; did you mean `bad`?"));
    hm_breakpoints_destroy(breakpoints);
    const hm_breakpoint nameless[] = {{NULL, false}};
    ck_assert_int_eq(make(nameless, 1), HM_BAD_ARGUMENT);
    ck_assert_str_eq(last.message, "breakpoint 0 names no node");
    hm_breakpoints_options options = HM_BREAKPOINTS_OPTIONS_INIT;
    ck_assert_int_eq(
            hm_breakpoints_create(&options, &breakpoints, &last), HM_BAD_ARGUMENT);
    hm_controlled_end();
}
END_TEST

START_TEST(creating_runs_out_of_memory_at_any_point) {
    const hm_breakpoint points[] = {{"a", false}, {"b", true}};
    hm_status status = HM_NO_MEMORY;
    for (size_t at = 1; status != HM_OK; at++) {
        controlled.memory.fail_at = atomic_load(&controlled.memory.calls) + at;
        status = make(points, 2);
        ck_assert(status == HM_OK || status == HM_NO_MEMORY);
    }
    controlled.memory.fail_at = 0;
    hm_breakpoints_destroy(breakpoints);
    hm_controlled_end();
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("adapters/breakpoint");
    TCase *tests = tcase_create("breakpoints");
    tcase_add_checked_fixture(tests, set_up, NULL);
    tcase_add_test(tests, a_run_stops_before_and_after_nodes_of_a_name);
    tcase_add_test(tests, mapped_nodes_stop_once_with_whole_columns);
    tcase_add_test(tests, who_is_stopped_at_may_change_what_happens);
    tcase_add_test(tests, many_nodes_stop_one_at_a_time);
    tcase_add_test(tests, what_cannot_be_stopped_at_is_refused);
    tcase_add_test(tests, creating_runs_out_of_memory_at_any_point);
    suite_add_tcase(suite, tests);
    return suite;
}
