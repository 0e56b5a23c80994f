// test_deadline.c — runs that have to be back in time: they are, whatever a node does;
// what is left behind holds nobody up and is cleared away.

#include <pthread.h> // pthread_create: this suite starts threads, by way of the pool
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include <hamilton/node.h>

#include "tests/support/controlled.h"
#include "tests/support/suite.h"

// A node that hangs does not keep its run: not the caller's, who does not run it, as
// nothing is known of it.
START_TEST(a_run_is_back_at_its_deadline_whatever_a_node_does) {
    hm_controlled_begin();
    hm_controlled_add("quick", "x", hm_controlled_next);
    hm_controlled_add("stuck", "x", hm_controlled_stuck);
    hm_controlled_add_sum("after", "quick", "stuck");
    // One helper hangs, the other one does the rest.
    hm_driver_options options = hm_controlled_options(3);
    hm_driver *driver = hm_controlled_driver(&options);
    static const char *const wanted[] = {"quick", "after", "x"};
    hm_request request = hm_controlled_request(wanted, 3);
    request.deadline = 500 * HM_MILLISECONDS;
    hm_results *results;
    hm_error error;
    uint64_t begun = uv_hrtime();
    ck_assert_int_eq(
            hm_driver_execute(driver, &request, &results, &error), HM_DEADLINE);
    ck_assert_uint_ge(uv_hrtime() - begun, 500 * HM_MILLISECONDS);
    ck_assert_str_eq(error.message,
            "test.c:2: the deadline of 500 ms passed before node `stuck` had ended");
    const char *message;
    ck_assert_int_eq(hm_results_status(results, 0, NULL), HM_OK);
    ck_assert_double_eq(hm_controlled_value(results, 0), 2);
    ck_assert_int_eq(hm_results_status(results, 1, &message), HM_DEADLINE);
    ck_assert_str_eq(
            message, "the deadline of 500 ms passed before node `stuck` had ended");
    ck_assert_double_eq(hm_controlled_value(results, 2), 1);
    ck_assert_uint_eq(hm_driver_workers(driver).stuck, 1);

    // Its memory lives on until the node is back, whoever is gone by then.
    hm_results_destroy(results);
    hm_driver_destroy(driver);
    ck_assert_uint_gt(controlled.memory.live, 0);
    atomic_store(&controlled.is_released, true);
    hm_controlled_end();
}
END_TEST

START_TEST(helpers_that_hang_are_replaced) {
    enum { MOST = 5 };
    hm_controlled_begin();
    hm_controlled_add("stuck", "x", hm_controlled_stuck);
    hm_controlled_add("a", "x", hm_controlled_next);
    hm_controlled_add("b", "a", hm_controlled_next);
    hm_driver_options options = hm_controlled_options(2);
    hm_driver *driver = hm_controlled_driver(&options);
    static const char *const stuck[] = {"stuck"};
    static const char *const quick[] = {"b"};
    // A helper that comes only after the deadline does not hang.
    while (atomic_load(&controlled.begun) < MOST) {
        hm_request request = hm_controlled_request(stuck, 1);
        request.deadline = 20 * HM_MILLISECONDS;
        hm_results *results;
        ck_assert_int_eq(
                hm_driver_execute(driver, &request, &results, NULL), HM_DEADLINE);
        hm_results_destroy(results);
        // There is a helper for others: this caller runs nothing itself.
        request = hm_controlled_request(quick, 1);
        request.caller_waits = true;
        ck_assert_int_eq(hm_driver_execute(driver, &request, &results, NULL), HM_OK);
        ck_assert_double_eq(hm_controlled_value(results, 0), 3);
        hm_results_destroy(results);
    }
    ck_assert_uint_eq(hm_driver_workers(driver).stuck, MOST);
    atomic_store(&controlled.is_released, true);
    while (hm_driver_workers(driver).stuck > 0) {
        hm_controlled_nap(HM_MILLISECONDS);
    }
    hm_driver_destroy(driver);
    hm_controlled_end();
}
END_TEST

START_TEST(a_late_run_is_busy_until_its_last_node_is_back) {
    hm_controlled_begin();
    hm_controlled_add("stuck", "x", hm_controlled_stuck);
    hm_driver_options options = hm_controlled_options(2);
    hm_driver *driver = hm_controlled_driver(&options);
    static const char *const wanted[] = {"stuck"};
    hm_request request = hm_controlled_request(wanted, 1);
    request.deadline = 20 * HM_MILLISECONDS;
    hm_plan *plan;
    hm_run *run;
    hm_error error;
    ck_assert_int_eq(hm_plan_create(driver, &request, &plan, &error), HM_OK);
    ck_assert_int_eq(hm_run_create(plan, &run, &error), HM_OK);
    while (atomic_load(&controlled.begun) == 0) { // until it was in time
        if (!hm_run_is_busy(run)) {
            ck_assert_int_eq(hm_run_execute(run, &error), HM_DEADLINE);
        }
    }
    ck_assert_int_eq(hm_run_execute(run, &error), HM_BUSY);
    ck_assert_str_eq(error.message,
            "the run is still under way: a node has not come back that was in it when "
            "the deadline passed");
    hm_value one = hm_value_double(5);
    ck_assert_int_eq(hm_run_set(run, "x", &one, &error), HM_BUSY);
    const char *message;
    ck_assert_int_eq(hm_run_status(run, "stuck", &message), HM_DEADLINE);
    ck_assert_int_eq(hm_run_status(run, "other", &message), HM_UNKNOWN_NAME);
    atomic_store(&controlled.is_released, true);
    while (hm_run_is_busy(run)) {
        hm_controlled_nap(HM_MILLISECONDS);
    }
    hm_run_set_deadline(run, 0);
    ck_assert_int_eq(hm_run_execute(run, &error), HM_OK);
    hm_value value;
    ck_assert_int_eq(hm_run_get(run, "stuck", &value, &error), HM_OK);
    ck_assert_double_eq(*(const double *)hm_value_data(&value), 2);
    hm_run_destroy(run);
    hm_plan_destroy(plan);
    hm_driver_destroy(driver);
    ck_assert_uint_eq(controlled.memory.live, 0);
}
END_TEST

// Takes longer than the deadline below, which is long enough for it to be begun.
static int call_long(void *frame, const uint32_t *at, void *self) {
    hm_controlled_nap(300 * HM_MILLISECONDS);
    return hm_controlled_next(frame, at, self);
}

// One thread: the caller runs everything, and finds out between two nodes.
START_TEST(a_caller_alone_stops_at_its_deadline) {
    hm_controlled_begin();
    hm_controlled_add("first", "x", call_long);
    hm_controlled_add("second", "first", hm_controlled_next);
    hm_driver_options options = hm_controlled_options(1);
    hm_driver *driver = hm_controlled_driver(&options);
    const char *const wanted[] = {"first", "second"};
    hm_request request = hm_controlled_request(wanted, 2);
    request.deadline = 200 * HM_MILLISECONDS;
    hm_results *results;
    hm_error error;
    ck_assert_int_eq(
            hm_driver_execute(driver, &request, &results, &error), HM_DEADLINE);
    ck_assert_str_eq(error.message, "the deadline of 200 ms passed");
    ck_assert_int_eq(hm_results_status(results, 0, NULL), HM_OK);
    const char *message;
    ck_assert_int_eq(hm_results_status(results, 1, &message), HM_DEADLINE);
    ck_assert_str_eq(message, "the deadline passed before it had ended");
    ck_assert_int_eq(controlled.ended, 1);
    hm_results_destroy(results);
    hm_driver_destroy(driver);
    ck_assert_uint_eq(controlled.memory.live, 0);
}
END_TEST

// What it has not begun goes on to its end without it.
START_TEST(what_a_caller_alone_leaves_comes_back) {
    hm_controlled_begin();
    static const char *const wanted[] = {"a", "b", "c", "d"};
    for (int i = 0; i < 4; i++) {
        hm_controlled_add(wanted[i], "x", call_long);
    }
    hm_driver_options options = hm_controlled_options(1);
    hm_driver *driver = hm_controlled_driver(&options);
    hm_request request = hm_controlled_request(wanted, 4);
    request.deadline = 20 * HM_MILLISECONDS;
    hm_results *results;
    ck_assert_int_eq(hm_driver_execute(driver, &request, &results, NULL), HM_DEADLINE);
    ck_assert_int_le(controlled.ended, 1);
    hm_results_destroy(results);
    hm_driver_destroy(driver);
    hm_controlled_end();
}
END_TEST

START_TEST(a_deadline_that_is_kept_changes_nothing) {
    hm_controlled_begin();
    hm_controlled_add("a", "x", hm_controlled_slow);
    hm_controlled_add("b", "x", hm_controlled_slow);
    hm_controlled_add_sum("sum", "a", "b");
    hm_driver_options options = hm_controlled_options(2);
    hm_driver *driver = hm_controlled_driver(&options);
    static const char *const wanted[] = {"sum"};
    hm_request request = hm_controlled_request(wanted, 1);
    request.deadline = 60000 * HM_MILLISECONDS;
    hm_plan *plan;
    hm_run *run;
    hm_error error;
    ck_assert_int_eq(hm_plan_create(driver, &request, &plan, &error), HM_OK);
    ck_assert_int_eq(hm_run_create(plan, &run, &error), HM_OK);
    for (int i = 0; i < 50; i++) {
        ck_assert_msg(hm_run_execute(run, &error) == HM_OK, "%d: %s", i, error.message);
        hm_value value;
        ck_assert_int_eq(hm_run_get(run, "sum", &value, &error), HM_OK);
        ck_assert_double_eq(*(const double *)hm_value_data(&value), 4);
        ck_assert_uint_eq(hm_run_overrun(run), 0);
    }
    hm_run_destroy(run);
    hm_plan_destroy(plan);
    hm_driver_destroy(driver);
    ck_assert_uint_eq(controlled.memory.live, 0);
}
END_TEST

// What nodes of a late run read outlives the caller's memory.
static atomic_int sum_read;

static int call_read_late(void *frame, const uint32_t *at, void *self) {
    (void)self;
    atomic_fetch_add(&controlled.begun, 1);
    while (!atomic_load(&controlled.is_released)) {
        hm_controlled_nap(HM_MILLISECONDS / 10);
    }
    const hm_array *column = &HM_SLOT(hm_array, 0);
    double sum = (double)strlen(HM_SLOT(const char *, 1));
    for (size_t i = 0; i < column->length; i++) {
        sum += ((const double *)column->data)[i];
    }
    atomic_store(&sum_read, (int)sum);
    HM_SLOT(double, 2) = sum;
    return 0;
}

START_TEST(inputs_are_copied_for_nodes_that_come_late) {
    hm_controlled_begin();
    hm_module_builder *builder = &controlled.builder;
    hm_builder_function(builder, "late", call_read_late, NULL);
    hm_builder_takes_array(builder, "column", &hm_type_double);
    hm_builder_takes(builder, "text", &hm_type_string);
    hm_builder_makes(builder, "late", &hm_type_double);
    hm_driver_options options = hm_controlled_options(2);
    hm_driver *driver = hm_controlled_driver(&options);
    while (atomic_load(&controlled.begun) == 0) {
        double *column = malloc(3 * sizeof *column);
        char *text = malloc(8);
        memcpy(column, (double[]){10, 20, 30}, 3 * sizeof *column);
        memcpy(text, "abcd", 5);
        hm_binding inputs[] = {{"column", hm_value_many(&hm_type_double, column, 3)},
                {"text", hm_value_string(text)}};
        static const char *const wanted[] = {"late"};
        hm_request request = hm_controlled_request(wanted, 1);
        request.inputs = inputs;
        request.input_count = 2;
        request.deadline = 20 * HM_MILLISECONDS;
        hm_results *results;
        ck_assert_int_eq(
                hm_driver_execute(driver, &request, &results, NULL), HM_DEADLINE);
        hm_results_destroy(results);
        free(column);
        free(text);
    }
    atomic_store(&controlled.is_released, true);
    hm_driver_destroy(driver);
    hm_controlled_end();
    ck_assert_int_eq(sum_read, 64);
}
END_TEST

// Both are one task: what has ended is ready all the same.
START_TEST(what_has_ended_before_the_deadline_is_ready) {
    hm_controlled_begin();
    hm_controlled_add("first", "x", hm_controlled_next);
    hm_controlled_add("stuck", "first", hm_controlled_stuck);
    hm_driver_options options = hm_controlled_options(2);
    hm_driver *driver = hm_controlled_driver(&options);
    static const char *const wanted[] = {"first", "stuck"};
    hm_request request = hm_controlled_request(wanted, 2);
    request.deadline = 20 * HM_MILLISECONDS;
    hm_results *results = NULL;
    hm_error error;
    while (atomic_load(&controlled.begun) == 0) { // until it was in time
        hm_results_destroy(results);
        ck_assert_int_eq(
                hm_driver_execute(driver, &request, &results, &error), HM_DEADLINE);
    }
    ck_assert_int_eq(hm_results_status(results, 0, NULL), HM_OK);
    ck_assert_double_eq(hm_controlled_value(results, 0), 2);
    ck_assert_int_eq(hm_results_status(results, 1, NULL), HM_DEADLINE);
    ck_assert_str_eq(error.message,
            "test.c:2: the deadline of 20 ms passed before node `stuck` had ended");
    hm_results_destroy(results);
    atomic_store(&controlled.is_released, true);
    hm_driver_destroy(driver);
    hm_controlled_end();
}
END_TEST

static pthread_t caller;

static int call_at_home(void *frame, const uint32_t *at, void *self) {
    if (!pthread_equal(pthread_self(), caller)) {
        return hm_fail("on another thread");
    }
    return hm_controlled_slow(frame, at, self);
}

// Whatever threads other drivers have: functions that may not run at the same time do
// not.
START_TEST(a_driver_of_one_thread_has_one_with_a_deadline_too) {
    hm_controlled_begin();
    enum { COUNT = 30 };
    static char names[COUNT][8];
    const char *wanted[COUNT];
    for (int i = 0; i < COUNT; i++) {
        snprintf(names[i], sizeof names[i], "n%d", i);
        hm_controlled_add(names[i], "x", call_at_home);
        wanted[i] = names[i];
    }
    hm_driver_options options = hm_controlled_options(8);
    hm_driver *other = hm_controlled_driver(&options);
    options.thread_count = 1;
    hm_driver *driver = hm_controlled_driver(&options);
    hm_request request = hm_controlled_request(wanted, COUNT);
    request.deadline = 60000 * HM_MILLISECONDS;
    caller = pthread_self();
    for (int round = 0; round < 5; round++) {
        hm_results *results;
        hm_error error;
        ck_assert_msg(hm_driver_execute(driver, &request, &results, &error) == HM_OK,
                "%s", error.message);
        hm_results_destroy(results);
    }
    hm_driver_destroy(driver);
    hm_driver_destroy(other);
    hm_controlled_end();
}
END_TEST

static void note_told(hm_run *run, const hm_error *error, void *context) {
    (void)run;
    atomic_store((atomic_int *)context, error->status == HM_DEADLINE ? 1 : 2);
}

// A node that was always quick hangs.
START_TEST(a_plan_known_to_be_short_keeps_its_bound) {
    hm_controlled_begin();
    hm_controlled_add("a", "x", hm_controlled_stuck);
    hm_controlled_add("b", "a", hm_controlled_next);
    hm_driver_options options = hm_controlled_options(2);
    hm_driver *driver = hm_controlled_driver(&options);
    static const char *const wanted[] = {"b"};
    hm_request request = hm_controlled_request(wanted, 1);
    request.always_share = false;
    request.caller_waits = true;
    for (int is_submitted = 0; is_submitted < 2; is_submitted++) {
        hm_plan *plan;
        hm_run *run;
        hm_error error;
        atomic_store(&controlled.is_released, true);
        ck_assert_int_eq(hm_plan_create(driver, &request, &plan, &error), HM_OK);
        ck_assert_int_eq(hm_run_create(plan, &run, &error), HM_OK);
        for (int i = 0; i < 100; i++) {
            ck_assert_int_eq(hm_run_execute(run, &error), HM_OK);
        }
        atomic_store(&controlled.is_released, false);
        hm_run_set_deadline(run, 30 * HM_MILLISECONDS);
        atomic_int told = 0;
        if (is_submitted) {
            ck_assert_int_eq(hm_run_submit(run, note_told, &told, &error), HM_OK);
            hm_controlled_wait(&told, 1);
        }
        ck_assert_int_eq(is_submitted ? atomic_load(&told) : 1, 1);
        if (!is_submitted) {
            ck_assert_int_eq(hm_run_execute(run, &error), HM_DEADLINE);
        }
        hm_run_destroy(run);
        hm_plan_destroy(plan);
        request.caller_waits = false;
    }
    atomic_store(&controlled.is_released, true);
    hm_driver_destroy(driver);
    hm_controlled_end();
}
END_TEST

// double total(size_t n, const double column[n])
static int call_total(void *frame, const uint32_t *at, void *self) {
    (void)self;
    const hm_array *column = &HM_SLOT(hm_array, 0);
    double total = 0;
    for (size_t i = 0; i < column->length; i++) {
        total += ((const double *)column->data)[i];
    }
    HM_SLOT(double, 1) = total;
    return 0;
}

static void execute_total(hm_run *run, double expected) {
    hm_error error;
    ck_assert_msg(hm_run_execute(run, &error) == HM_OK, "%s", error.message);
    hm_value value;
    ck_assert_int_eq(hm_run_get(run, "total", &value, &error), HM_OK);
    ck_assert_double_eq(*(const double *)hm_value_data(&value), expected);
}

// The run has the column itself again after each execution: what is written into it is
// seen, and so is another one that is put in its place.
START_TEST(inputs_are_their_owners_again_after_a_run_in_time) {
    hm_controlled_begin();
    hm_module_builder *builder = &controlled.builder;
    hm_builder_function(builder, "total", call_total, NULL);
    hm_builder_takes_array(builder, "column", &hm_type_double);
    hm_builder_makes(builder, "total", &hm_type_double);
    hm_driver_options options = hm_controlled_options(2);
    hm_driver *driver = hm_controlled_driver(&options);
    enum { ROWS = 10000 };
    static double columns[2][ROWS];
    hm_binding input = {"column", hm_value_many(&hm_type_double, columns[0], ROWS)};
    static const char *const wanted[] = {"total"};
    hm_request request = hm_controlled_request(wanted, 1);
    request.inputs = &input;
    request.deadline = 60000 * HM_MILLISECONDS;
    hm_plan *plan;
    hm_run *run;
    hm_error error;
    ck_assert_int_eq(hm_plan_create(driver, &request, &plan, &error), HM_OK);
    ck_assert_int_eq(hm_run_create(plan, &run, &error), HM_OK);
    execute_total(run, 0);
    execute_total(run, 0);
    ck_assert_int_eq(hm_run_set(run, "column", &input.value, &error), HM_OK);
    size_t calls = 0;
    for (int i = 1; i <= 40; i++) {
        columns[0][7] = i;
        execute_total(run, i);
        calls = i == 20 ? controlled.memory.calls : calls;
    }
    ck_assert_uint_eq(controlled.memory.calls, calls);
    columns[1][8] = 5;
    input.value = hm_value_many(&hm_type_double, columns[1], ROWS);
    ck_assert_int_eq(hm_run_set(run, "column", &input.value, &error), HM_OK);
    execute_total(run, 5);
    hm_run_set_deadline(run, 0);
    columns[1][9] = 6;
    execute_total(run, 11);
    hm_run_destroy(run);
    hm_plan_destroy(plan);
    hm_driver_destroy(driver);
    ck_assert_uint_eq(controlled.memory.live, 0);
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("engine/deadline");
    TCase *tests = tcase_create("deadline");
    tcase_add_test(tests, a_run_is_back_at_its_deadline_whatever_a_node_does);
    tcase_add_test(tests, helpers_that_hang_are_replaced);
    tcase_add_test(tests, a_late_run_is_busy_until_its_last_node_is_back);
    tcase_add_test(tests, a_caller_alone_stops_at_its_deadline);
    tcase_add_test(tests, what_a_caller_alone_leaves_comes_back);
    tcase_add_test(tests, a_deadline_that_is_kept_changes_nothing);
    tcase_add_test(tests, what_has_ended_before_the_deadline_is_ready);
    tcase_add_test(tests, a_driver_of_one_thread_has_one_with_a_deadline_too);
    tcase_add_test(tests, a_plan_known_to_be_short_keeps_its_bound);
    tcase_add_test(tests, inputs_are_copied_for_nodes_that_come_late);
    tcase_add_test(tests, inputs_are_their_owners_again_after_a_run_in_time);
    suite_add_tcase(suite, tests);
    return suite;
}
