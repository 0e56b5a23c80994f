// test_async.c — asynchronous nodes: they end on the loop, on other threads and at
// once, once or for each row, well or not; what others need of them waits, and nobody
// else does.

#include <pthread.h> // pthread_create: this suite starts threads, by way of the pool
#include <stdlib.h>
#include <string.h>

#include <hamilton/node.h>

#include "tests/support/later.h"
#include "tests/support/suite.h"

static hm_driver *begin_driver(uint32_t thread_count) {
    hm_driver_options options = hm_controlled_options(thread_count);
    return hm_controlled_driver(&options);
}

static void begin(void) {
    hm_controlled_begin();
    hm_later_begin();
}

static void end(hm_driver *driver) {
    hm_driver_destroy(driver);
    hm_later_end();
    hm_controlled_end();
}

static hm_start_thunk *const ways[] = {hm_later_timer, hm_later_now, hm_later_thread};

// a, b and c end in ways of their own; what is between them is plain.
static void add_web(void) {
    hm_later_add("a", "x", ways[0]);
    hm_later_add("b", "x", ways[1]);
    hm_later_add("c", "a", ways[2]);
    hm_controlled_add("d", "b", hm_controlled_next);
    hm_controlled_add_sum("cd", "c", "d");
    hm_later_add("last", "cd", ways[0]);
}

START_TEST(what_needs_it_waits_for_its_end) {
    for (uint32_t threads = 1; threads <= 8; threads *= 2) {
        begin();
        add_web();
        hm_driver *driver = begin_driver(threads);
        static const char *const wanted[] = {"last", "cd", "a"};
        hm_request request = hm_controlled_request(wanted, 3);
        for (int i = 0; i < 20; i++) {
            hm_results *results;
            hm_error error;
            ck_assert_msg(
                    hm_driver_execute(driver, &request, &results, &error) == HM_OK,
                    "%s", error.message);
            ck_assert_double_eq(hm_controlled_value(results, 0), 7);
            ck_assert_double_eq(hm_controlled_value(results, 1), 6);
            ck_assert_double_eq(hm_controlled_value(results, 2), 2);
            hm_results_destroy(results);
        }
        end(driver);
    }
}
END_TEST

START_TEST(a_plan_of_them_is_executed_again_and_again) {
    begin();
    add_web();
    hm_driver *driver = begin_driver(2);
    static const char *const wanted[] = {"last"};
    hm_request request = hm_controlled_request(wanted, 1);
    request.always_share = false;
    hm_plan *plan;
    hm_run *run;
    hm_error error;
    ck_assert_int_eq(hm_plan_create(driver, &request, &plan, &error), HM_OK);
    ck_assert_int_eq(hm_run_create(plan, &run, &error), HM_OK);
    double *x = hm_run_slot(run, hm_plan_find(plan, "x"));
    const double *last = hm_run_slot(run, hm_plan_find(plan, "last"));
    size_t calls = 0;
    for (int i = 0; i < 200; i++) {
        *x = i;
        ck_assert_int_eq(hm_run_execute(run, &error), HM_OK);
        ck_assert_double_eq(*last, 2 * i + 5);
        if (i == 100) {
            calls = controlled.memory.calls;
        }
    }
    ck_assert_uint_eq(controlled.memory.calls, calls); // nothing more was allocated
    hm_run_destroy(run);
    hm_plan_destroy(plan);
    end(driver);
}
END_TEST

enum { ROWS = 500 };

static hm_results *execute_rows(hm_driver *driver, const hm_request *given,
        const double *rows, size_t count, hm_status expected, hm_error *error) {
    hm_binding input = {"x", hm_value_many(&hm_type_double, rows, count)};
    hm_request request = *given;
    request.inputs = &input;
    hm_results *results = NULL;
    hm_status status = hm_driver_execute(driver, &request, &results, error);
    ck_assert_msg(status == expected, "%d: %s", (int)status, error->message);
    return results;
}

// Rows of all are under way together: none of them ends before all have begun.
static void *release_when_all_began(void *argument) {
    const int *count = argument;
    hm_controlled_wait(&later.started, *count);
    hm_later_release();
    return NULL;
}

START_TEST(rows_are_under_way_together) {
    begin();
    hm_later_add("a", "x", hm_later_held);
    hm_controlled_add("b", "a", hm_controlled_next);
    hm_driver *driver = begin_driver(1);
    static const char *const wanted[] = {"a", "b"};
    hm_request request = hm_controlled_request(wanted, 2);
    double rows[ROWS];
    for (int i = 0; i < ROWS; i++) {
        rows[i] = i;
    }
    int count = ROWS;
    pthread_t thread;
    ck_assert_int_eq(pthread_create(&thread, NULL, release_when_all_began, &count), 0);
    hm_error error;
    hm_results *results = execute_rows(driver, &request, rows, ROWS, HM_OK, &error);
    pthread_join(thread, NULL);
    const double *b = hm_results_value(results, 1)->many.data;
    for (int i = 0; i < ROWS; i++) {
        ck_assert_double_eq(b[i], i + 2);
    }
    ck_assert_int_eq(atomic_load(&later.most), ROWS);
    hm_results_destroy(results);
    end(driver);
}
END_TEST

START_TEST(rows_end_in_any_way_and_order) {
    for (size_t way = 0; way < sizeof ways / sizeof *ways; way++) {
        begin();
        hm_later_add("a", "x", ways[way]);
        hm_later_add("b", "a", hm_later_now);
        hm_driver *driver = begin_driver(3);
        static const char *const wanted[] = {"b"};
        hm_request request = hm_controlled_request(wanted, 1);
        double rows[100];
        for (int i = 0; i < 100; i++) {
            rows[i] = i;
        }
        hm_error error;
        for (size_t count = 0; count <= 100; count += 50) {
            hm_results *results =
                    execute_rows(driver, &request, rows, count, HM_OK, &error);
            const hm_value *b = hm_results_value(results, 0);
            ck_assert_uint_eq(b->many.length, count);
            for (size_t i = 0; i < count; i++) {
                ck_assert_double_eq(((const double *)b->many.data)[i], (double)i + 2);
            }
            hm_results_destroy(results);
        }
        end(driver);
    }
}
END_TEST

START_TEST(the_lowest_row_that_fails_is_told) {
    static hm_start_thunk *const picky[] = {hm_later_picky, hm_later_pickier};
    for (size_t i = 0; i < 2; i++) {
        begin();
        hm_later_add("a", "x", picky[i]);
        hm_driver *driver = begin_driver(2);
        static const char *const wanted[] = {"a"};
        hm_request request = hm_controlled_request(wanted, 1);
        const double rows[] = {1, 2, 30, 4, 20};
        hm_error error;
        execute_rows(driver, &request, rows, 5, HM_NODE_FAILED, &error);
        ck_assert_str_eq(error.message,
                "test.c:1: node `a` failed in row 3: 30 is bad; inputs: x = 30");
        ck_assert_uint_eq(error.fault_count, 1);
        end(driver);
    }
}
END_TEST

START_TEST(no_row_is_started_after_one_that_failed) {
    begin();
    hm_later_add("a", "x", hm_later_pickier);
    hm_driver *driver = begin_driver(2);
    static const char *const wanted[] = {"a"};
    hm_request request = hm_controlled_request(wanted, 1);
    request.keep_going = true;
    const double rows[] = {13, 2, 30, 4, 20};
    hm_error error;
    hm_results *results =
            execute_rows(driver, &request, rows, 5, HM_NODE_FAILED, &error);
    ck_assert_int_eq(atomic_load(&later.started), 1);
    hm_results_destroy(results);
    end(driver);
}
END_TEST

START_TEST(a_failure_skips_what_needs_it_and_nothing_else) {
    begin();
    hm_later_add("bad", "x", hm_later_picky);
    hm_later_add("worse", "bad", hm_later_timer);
    hm_later_add("good", "x", hm_later_timer);
    hm_later_add("better", "good", hm_later_thread);
    hm_driver *driver = begin_driver(2);
    static const char *const wanted[] = {"worse", "better", "bad"};
    hm_binding input = {"x", hm_value_double(13)};
    hm_request request = hm_controlled_request(wanted, 3);
    request.inputs = &input;
    request.keep_going = true;
    hm_results *results;
    hm_error error;
    ck_assert_int_eq(
            hm_driver_execute(driver, &request, &results, &error), HM_NODE_FAILED);
    ck_assert_str_eq(
            error.message, "test.c:1: node `bad` failed: 13 is bad; inputs: x = 13");
    ck_assert_int_eq(hm_results_status(results, 0, NULL), HM_SKIPPED);
    ck_assert_int_eq(hm_results_status(results, 2, NULL), HM_NODE_FAILED);
    ck_assert_double_eq(hm_controlled_value(results, 1), 15);
    ck_assert_int_eq(atomic_load(&later.started), 3);
    hm_results_destroy(results);

    // Without keep_going too, those that are under way end first.
    request.keep_going = false;
    ck_assert_int_eq(
            hm_driver_execute(driver, &request, &results, &error), HM_NODE_FAILED);
    end(driver);
}
END_TEST

// Ends its call in every way at once. The first one counts.
static int end_twice(const hm_lane *lanes, size_t row, void *self, hm_async *done) {
    (void)self;
    *(double *)lanes[1].data = ((const double *)lanes[0].data)[row] + 1;
    hm_async_succeed(done);
    hm_async_succeed(done);
    hm_async_fail(done, "was nothing");
    return hm_fail("was nothing either");
}

static int fail_twice(const hm_lane *lanes, size_t row, void *self, hm_async *done) {
    (void)lanes;
    (void)row;
    (void)self;
    hm_async_fail(done, "%s", "first");
    hm_async_succeed(done);
    hm_async_fail(done, "%s", "second");
    return 5;
}

START_TEST(the_first_end_of_a_call_counts) {
    begin();
    hm_later_add("a", "x", end_twice);
    hm_later_add("b", "x", fail_twice);
    hm_driver *driver = begin_driver(2);
    static const char *const wanted[] = {"a", "b"};
    hm_request request = hm_controlled_request(wanted, 2);
    request.keep_going = true;
    hm_results *results;
    hm_error error;
    ck_assert_int_eq(
            hm_driver_execute(driver, &request, &results, &error), HM_NODE_FAILED);
    ck_assert_double_eq(hm_controlled_value(results, 0), 2);
    ck_assert_str_eq(error.message, "test.c:2: node `b` failed: first; inputs: x = 1");
    hm_results_destroy(results);
    end(driver);
}
END_TEST

static int fail_long(const hm_lane *lanes, size_t row, void *self, hm_async *done) {
    (void)lanes;
    (void)row;
    (void)self;
    char text[400];
    memset(text, 'z', sizeof text);
    text[sizeof text - 1] = '\0';
    hm_async_fail(done, "%s", text);
    return 0;
}

static int return_plain(const hm_lane *lanes, size_t row, void *self, hm_async *done) {
    (void)lanes;
    (void)row;
    (void)self;
    (void)done;
    return 7;
}

START_TEST(a_failure_may_say_much_or_nothing) {
    begin();
    hm_later_add("a", "x", fail_long);
    hm_later_add("b", "x", return_plain);
    hm_driver *driver = begin_driver(2);
    const char *wanted[] = {"a"};
    hm_request request = hm_controlled_request(wanted, 1);
    hm_results *results;
    hm_error error;
    ck_assert_int_eq(
            hm_driver_execute(driver, &request, &results, &error), HM_NODE_FAILED);
    size_t count = 0;
    for (const char *z = strchr(error.message, 'z'); *z == 'z'; z++) {
        count++;
    }
    ck_assert_uint_ge(count, 200);
    ck_assert_uint_le(count, 255);
    wanted[0] = "b";
    ck_assert_int_eq(
            hm_driver_execute(driver, &request, &results, &error), HM_NODE_FAILED);
    ck_assert_str_eq(
            error.message, "test.c:2: node `b` failed: it returned 7; inputs: x = 1");
    end(driver);
}
END_TEST

// void sums(size_t n, const double x[n], double running[n], double *sum, char **given)
static int start_sums(const hm_lane *lanes, size_t row, void *self, hm_async *done) {
    (void)self;
    const hm_array *x = (const hm_array *)lanes[0].data + row * lanes[0].stride;
    const hm_array *running = (const hm_array *)lanes[1].data + row * lanes[1].stride;
    double *sum = (double *)lanes[2].data + row * lanes[2].stride;
    char **given = (char **)lanes[3].data + row * lanes[3].stride;
    *sum = 0;
    for (size_t i = 0; i < x->length; i++) {
        *sum += ((const double *)x->data)[i];
        ((double *)running->data)[i] = *sum;
    }
    *given = malloc(2);
    ck_assert_ptr_nonnull(*given);
    memcpy(*given, "g", 2);
    if (*sum > 100) {
        free(*given); // who fails gives nothing, whatever is left there
        hm_async_fail(done, "too much");
    } else {
        hm_async_succeed(done);
    }
    return 0;
}

static void add_sums(void) {
    hm_module_builder *builder = &controlled.builder;
    hm_function *sums = hm_builder_function(builder, "sums", NULL, NULL);
    sums->start = start_sums;
    hm_builder_takes_array(builder, "a", &hm_type_double);
    hm_builder_makes_array(builder, "running", &hm_type_double);
    hm_builder_makes(builder, "sum", &hm_type_double);
    hm_builder_makes(builder, "given", &hm_type_string)->ownership = HM_GIVEN;
    builder->module.free = free;
}

START_TEST(arrays_and_given_strings_are_outputs_too) {
    begin();
    hm_later_add("a", "x", hm_later_timer);
    add_sums();
    hm_driver *driver = begin_driver(2);
    static const char *const wanted[] = {"running", "sum", "given"};
    hm_request request = hm_controlled_request(wanted, 3);
    const double rows[] = {1, 2, 4};
    hm_error error;
    hm_results *results = execute_rows(driver, &request, rows, 3, HM_OK, &error);
    const double *running = hm_results_value(results, 0)->many.data;
    ck_assert_double_eq(running[0], 2);
    ck_assert_double_eq(running[2], 10);
    ck_assert_double_eq(hm_controlled_value(results, 1), 10);
    ck_assert_str_eq(
            *(const char *const *)hm_value_data(hm_results_value(results, 2)), "g");
    hm_results_destroy(results);
    const double many[] = {100, 200};
    execute_rows(driver, &request, many, 2, HM_NODE_FAILED, &error);
    ck_assert_ptr_nonnull(strstr(error.message, "node `running` failed: too much"));
    end(driver);
}
END_TEST

START_TEST(inner_arrays_are_taken_row_by_row) {
    begin();
    hm_module_builder *builder = &controlled.builder;
    add_sums();
    hm_controlled_add("twice", "sum", hm_controlled_next);
    (void)builder;
    hm_driver *driver = begin_driver(2);
    static const char *const wanted[] = {"running", "twice", "given"};
    hm_binding input = {"a", hm_value_json("[[1, 2], [], [3, 4, 5]]")};
    hm_request request = hm_controlled_request(wanted, 3);
    request.inputs = &input;
    hm_results *results;
    hm_error error;
    ck_assert_msg(hm_driver_execute(driver, &request, &results, &error) == HM_OK, "%s",
            error.message);
    const hm_array *running = hm_results_value(results, 0)->many.data;
    ck_assert_uint_eq(running[1].length, 0);
    ck_assert_double_eq(((const double *)running[2].data)[2], 12);
    const double *twice = hm_results_value(results, 1)->many.data;
    ck_assert_double_eq(twice[0], 4);
    ck_assert_double_eq(twice[2], 13);
    hm_results_destroy(results);

    input.value = hm_value_json("[[1], [200], [300]]");
    ck_assert_int_eq(
            hm_driver_execute(driver, &request, &results, &error), HM_NODE_FAILED);
    ck_assert_ptr_nonnull(strstr(error.message, "failed in row 2: too much"));
    end(driver);
}
END_TEST

START_TEST(arrays_of_arrays_are_refused_before_anything_runs) {
    begin();
    hm_later_add("a", "x", hm_later_timer);
    hm_driver *driver = begin_driver(2);
    static const char *const wanted[] = {"a"};
    hm_binding input = {"x", hm_value_json("[[1, 2], [3]]")};
    hm_request request = hm_controlled_request(wanted, 1);
    request.inputs = &input;
    hm_results *results;
    hm_error error;
    ck_assert_int_eq(
            hm_driver_execute(driver, &request, &results, &error), HM_SHAPE_MISMATCH);
    ck_assert_str_eq(error.message,
            "test.c:1: `a` is asynchronous, which can be mapped over one dimension, "
            "but "
            "what it takes has 2: give it arrays of one dimension, or let it take the "
            "inner ones whole: `size_t n, const T x[n]`");
    end(driver);
}
END_TEST

START_TEST(every_allocation_may_fail) {
    begin();
    hm_later_add("a", "x", hm_later_now);
    hm_later_add("b", "a", hm_later_timer);
    add_sums();
    const double rows[] = {1, 2, 4};
    static const char *const wanted[] = {"b", "running"};
    hm_status status = HM_NO_MEMORY;
    for (size_t at = 1; status != HM_OK; at++) {
        hm_later_begin();
        hm_binding input = {"x", hm_value_many(&hm_type_double, rows, 3)};
        hm_request request = hm_controlled_request(wanted, 2);
        request.inputs = &input;
        controlled.memory.calls = 0;
        controlled.memory.fail_at = at;
        hm_driver_options options = hm_controlled_options(2);
        hm_driver *driver;
        hm_results *results = NULL;
        status = hm_driver_create(&options, &driver, NULL);
        if (status == HM_OK) {
            status = hm_driver_execute(driver, &request, &results, NULL);
            hm_results_destroy(results);
            hm_driver_destroy(driver);
        }
        ck_assert_msg(
                status == HM_OK || status == HM_NO_MEMORY, "%zu: %d", at, (int)status);
        hm_controlled_end();
    }
}
END_TEST

START_TEST(what_a_run_needs_counts_its_rows) {
    begin();
    hm_later_add("a", "x", hm_later_now);
    hm_driver *driver = begin_driver(1);
    static const char *const wanted[] = {"a"};
    static double rows[10000];
    hm_binding input = {"x", hm_value_many(&hm_type_double, rows, 10000)};
    hm_request request = hm_controlled_request(wanted, 1);
    request.inputs = &input;
    hm_plan *plan;
    hm_run *run;
    ck_assert_int_eq(hm_plan_create(driver, &request, &plan, NULL), HM_OK);
    hm_plan_need need = hm_plan_memory(plan);
    ck_assert(need.is_known);
    size_t before = controlled.memory.live;
    ck_assert_int_eq(hm_run_create(plan, &run, NULL), HM_OK);
    ck_assert_int_eq(hm_run_execute(run, NULL), HM_OK);
    // Cache lines that are not full come on top.
    ck_assert_uint_le(controlled.memory.live - before,
            need.frame + need.arrays + need.state + 4096);
    hm_run_destroy(run);
    hm_plan_destroy(plan);
    end(driver);
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("engine/async");
    TCase *tests = tcase_create("async");
    tcase_add_test(tests, what_needs_it_waits_for_its_end);
    tcase_add_test(tests, a_plan_of_them_is_executed_again_and_again);
    tcase_add_test(tests, rows_are_under_way_together);
    tcase_add_test(tests, rows_end_in_any_way_and_order);
    tcase_add_test(tests, the_lowest_row_that_fails_is_told);
    tcase_add_test(tests, no_row_is_started_after_one_that_failed);
    tcase_add_test(tests, a_failure_skips_what_needs_it_and_nothing_else);
    tcase_add_test(tests, the_first_end_of_a_call_counts);
    tcase_add_test(tests, a_failure_may_say_much_or_nothing);
    tcase_add_test(tests, arrays_and_given_strings_are_outputs_too);
    tcase_add_test(tests, inner_arrays_are_taken_row_by_row);
    tcase_add_test(tests, arrays_of_arrays_are_refused_before_anything_runs);
    tcase_add_test(tests, every_allocation_may_fail);
    tcase_add_test(tests, what_a_run_needs_counts_its_rows);
    suite_add_tcase(suite, tests);
    return suite;
}
