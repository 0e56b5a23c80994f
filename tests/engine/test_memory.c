// test_memory.c — every allocation may fail; a run in steady state makes none; arrays
// end early.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <hamilton/hamilton.h>

#include "tests/support/failing_allocator.h"
#include "tests/support/module_builder.h"
#include "tests/support/suite.h"

#define SLOT(type, index) (*(type *)(void *)((char *)frame + at[index]))

enum { ROWS = 10000 };

static hm_module_builder builder;
static hm_failing_allocator memory;

// double next(double previous)
static int call_next(void *frame, const uint32_t *at, void *self) {
    (void)self;
    SLOT(double, 1) = SLOT(double, 0) + 1;
    return 0;
}

// void running(size_t n, const double x[n], double running[n])
static int call_running(void *frame, const uint32_t *at, void *self) {
    (void)self;
    const hm_array *x = &SLOT(hm_array, 0);
    double total = 0;
    for (size_t i = 0; i < x->length; i++) {
        total += ((const double *)x->data)[i];
        ((double *)SLOT(hm_array, 1).data)[i] = total;
    }
    return 0;
}

// void halves(double x, double **halves, size_t *n)
static int call_halves(void *frame, const uint32_t *at, void *self) {
    (void)self;
    double *halves = malloc(2 * sizeof *halves);
    halves[0] = halves[1] = SLOT(double, 0) / 2;
    SLOT(hm_array, 1) = (hm_array){.data = halves, .length = 2};
    return 0;
}

static void add(const char *name, const char *parameter, hm_call_thunk *call) {
    hm_builder_function(&builder, name, call, NULL);
    if (call == call_running) {
        hm_builder_takes_array(&builder, parameter, &hm_type_double);
        hm_builder_makes_array(&builder, name, &hm_type_double);
        return;
    }
    hm_builder_takes(&builder, parameter, &hm_type_double);
    if (call == call_halves) {
        hm_builder_expands(&builder, name, &hm_type_double);
    } else {
        hm_builder_makes(&builder, name, &hm_type_double);
    }
}

static hm_status make_driver(
        uint32_t thread_count, hm_driver **driver, hm_error *error) {
    const hm_module *modules[] = {&builder.module};
    hm_driver_options options = HM_DRIVER_OPTIONS_INIT;
    options.modules = modules;
    options.module_count = 1;
    options.allocator = &memory.allocator;
    options.thread_count = thread_count;
    return hm_driver_create(&options, driver, error);
}

static double column[ROWS];

// A request for one name over a column.
static hm_request request_for(const char *const *wanted, hm_binding *input) {
    *input = (hm_binding){"x0", hm_value_many(&hm_type_double, column, ROWS)};
    hm_request request = HM_REQUEST_INIT;
    request.wanted = wanted;
    request.wanted_count = 1;
    request.inputs = input;
    request.input_count = 1;
    return request;
}

// Everything that a user does with a driver; wants OK or NO_MEMORY.
static hm_status use_everything(void) {
    hm_driver *driver;
    hm_error error;
    hm_status status = make_driver(0, &driver, &error);
    if (status != HM_OK) {
        return status;
    }
    const char *wanted = "inner";
    hm_binding input;
    hm_request request = request_for(&wanted, &input);
    hm_results *results;
    status = hm_driver_execute(driver, &request, &results, &error);
    if (status == HM_OK) {
        const hm_array *rows = &hm_results_value(results, 0)->many;
        ck_assert_uint_eq(rows->length, ROWS);
        hm_results_destroy(results);
    }
    size_t fail_at = memory.fail_at;
    memory.fail_at = 0;
    // After a failure the driver is as good as before.
    ck_assert_int_eq(hm_driver_execute(driver, &request, &results, &error), HM_OK);
    hm_results_destroy(results);
    memory.fail_at = fail_at;
    hm_driver_destroy(driver);
    return status;
}

static void build_everything(void) {
    hm_module_builder_init(&builder);
    hm_failing_allocator_init(&memory);
    add("x1", "x0", call_next);
    add("x2", "x1", call_running);
    add("pieces", "x2", call_halves);
    add("inner", "pieces", call_next);
}

START_TEST(every_allocation_may_fail_once_or_for_good) {
    build_everything();
    ck_assert_int_eq(use_everything(), HM_OK);
    size_t calls = memory.calls;
    ck_assert_uint_gt(calls, 20);
    for (int for_good = 0; for_good < 2; for_good++) {
        for (size_t at = 1; at <= calls; at++) {
            hm_failing_allocator_init(&memory);
            memory.fail_at = at;
            memory.for_good = for_good;
            hm_status status = use_everything();
            ck_assert_msg(status == HM_OK || status == HM_NO_MEMORY,
                    "allocation %zu: %s", at, hm_status_text(status));
            ck_assert_uint_eq(memory.live, 0);
        }
    }
}
END_TEST

START_TEST(a_plan_has_a_copy_of_arrays_unless_it_borrows_them) {
    hm_module_builder_init(&builder);
    hm_failing_allocator_init(&memory);
    add("x1", "x0", call_next);
    hm_driver *driver;
    hm_error error;
    ck_assert_int_eq(make_driver(1, &driver, &error), HM_OK);
    const char *wanted = "x1";
    hm_binding input;
    hm_request request = request_for(&wanted, &input);
    for (int borrows = 0; borrows < 2; borrows++) {
        request.borrows_arrays = borrows;
        column[0] = 1;
        size_t before = memory.live;
        hm_plan *plan;
        hm_run *run;
        hm_value value;
        ck_assert_int_eq(hm_plan_create(driver, &request, &plan, &error), HM_OK);
        ck_assert_int_eq(memory.live - before < sizeof column, borrows);
        column[0] = 5;
        ck_assert_int_eq(hm_run_create(plan, &run, &error), HM_OK);
        ck_assert_int_eq(hm_run_execute(run, &error), HM_OK);
        ck_assert_int_eq(hm_run_get(run, "x1", &value, &error), HM_OK);
        ck_assert_double_eq(((const double *)value.many.data)[0], borrows ? 6 : 2);
        hm_run_destroy(run);
        hm_plan_destroy(plan);
    }
    hm_driver_destroy(driver);
    ck_assert_uint_eq(memory.live, 0);
}
END_TEST

// Executions after which a plan knows what its functions cost, for quite a while.
enum { LEARNED = 70 };

START_TEST(a_run_allocates_nothing_after_its_first_executions) {
    hm_module_builder_init(&builder);
    hm_failing_allocator_init(&memory);
    add("x1", "x0", call_next);
    add("x2", "x1", call_running);
    add("x3", "x2", call_next);
    hm_driver *driver;
    hm_error error;
    ck_assert_int_eq(make_driver(0, &driver, &error), HM_OK);
    const char *wanted = "x3";
    hm_binding input;
    hm_request request = request_for(&wanted, &input);
    hm_plan *plan;
    hm_run *run;
    ck_assert_int_eq(hm_plan_create(driver, &request, &plan, &error), HM_OK);
    ck_assert_int_eq(hm_run_create(plan, &run, &error), HM_OK);
    ck_assert_int_eq(hm_run_set(run, "x0", &input.value, &error), HM_OK);
    for (int i = 0; i < LEARNED; i++) {
        ck_assert_int_eq(hm_run_execute(run, &error), HM_OK);
    }
    size_t calls = memory.calls;
    for (int i = 0; i < 100; i++) {
        column[0] = i;
        ck_assert_int_eq(hm_run_execute(run, &error), HM_OK);
        hm_value value;
        ck_assert_int_eq(hm_run_get(run, "x3", &value, &error), HM_OK);
        ck_assert_double_eq(((const double *)value.many.data)[0], i + 2);
    }
    ck_assert_uint_eq(memory.calls, calls);
    hm_run_destroy(run);
    hm_plan_destroy(plan);
    hm_driver_destroy(driver);
    ck_assert_uint_eq(memory.live, 0);
}
END_TEST

START_TEST(a_run_takes_no_more_than_its_plan_says) {
    hm_module_builder_init(&builder);
    hm_failing_allocator_init(&memory);
    add("x1", "x0", call_next);
    add("x2", "x1", call_running);
    add("x3", "x2", call_next);
    add("y", "x1", call_next);
    hm_driver *driver;
    hm_error error;
    ck_assert_int_eq(make_driver(1, &driver, &error), HM_OK);
    const char *wanted = "x3";
    hm_binding input;
    hm_request request = request_for(&wanted, &input);
    hm_plan *plan;
    ck_assert_int_eq(hm_plan_create(driver, &request, &plan, &error), HM_OK);
    hm_plan_need need = hm_plan_memory(plan);
    ck_assert(need.is_known);
    size_t before = memory.live;
    memory.peak = before;
    hm_run *run;
    ck_assert_int_eq(hm_run_create(plan, &run, &error), HM_OK);
    ck_assert_int_eq(hm_run_execute(run, &error), HM_OK);
    size_t most = need.frame + need.arrays + need.state;
    ck_assert_uint_le(memory.peak - before, most);
    ck_assert_uint_ge(2 * (memory.peak - before), most);
    hm_run_destroy(run);
    hm_plan_destroy(plan);
    hm_driver_destroy(driver);
    ck_assert_uint_eq(memory.live, 0);
}
END_TEST

START_TEST(a_run_takes_no_more_than_it_may) {
    hm_module_builder_init(&builder);
    hm_failing_allocator_init(&memory);
    add("x1", "x0", call_next);
    add("x2", "x1", call_running);
    hm_driver *driver;
    hm_error error;
    ck_assert_int_eq(make_driver(1, &driver, &error), HM_OK);
    const char *wanted = "x2";
    hm_binding input;
    hm_request request = request_for(&wanted, &input);
    hm_plan *plan;
    ck_assert_int_eq(hm_plan_create(driver, &request, &plan, &error), HM_OK);
    hm_plan_need need = hm_plan_memory(plan);
    hm_plan_destroy(plan);

    // What is known of the plan is refused before anything is run.
    request.max_bytes = need.frame + need.arrays + need.state - 1;
    ck_assert_int_eq(hm_plan_create(driver, &request, &plan, &error), HM_TOO_LARGE);
    char expected[64];
    snprintf(expected, sizeof expected, "a run needs %zu bytes, %zu of them for arrays",
            need.frame + need.arrays + need.state, need.arrays);
    ck_assert_msg(strstr(error.message, expected) != NULL, "%s", error.message);
    hm_results *results;
    ck_assert_int_eq(
            hm_driver_execute(driver, &request, &results, &error), HM_TOO_LARGE);

    // Longer arrays than it was made for: the execution ends, and the run can go on.
    request.max_bytes++;
    static double longer[2 * ROWS];
    hm_run *run;
    hm_value value = hm_value_many(&hm_type_double, longer, 2 * ROWS);
    ck_assert_int_eq(hm_plan_create(driver, &request, &plan, &error), HM_OK);
    ck_assert_int_eq(hm_run_create(plan, &run, &error), HM_OK);
    ck_assert_int_eq(hm_run_execute(run, &error), HM_OK);
    ck_assert_int_eq(hm_run_set(run, "x0", &value, &error), HM_OK);
    size_t before = memory.live;
    memory.peak = before;
    ck_assert_int_eq(hm_run_execute(run, &error), HM_TOO_LARGE);
    ck_assert_uint_le(memory.peak - before, sizeof column / 2); // what is told of it
    ck_assert_msg(strstr(error.message,
                          "node `x1` needs more memory than is left of") != NULL,
            "%s", error.message);
    ck_assert_int_eq(hm_run_set(run, "x0", &input.value, &error), HM_OK);
    ck_assert_int_eq(hm_run_execute(run, &error), HM_OK);
    hm_run_destroy(run);
    hm_plan_destroy(plan);
    hm_driver_destroy(driver);
    ck_assert_uint_eq(memory.live, 0);
}
END_TEST

START_TEST(a_long_chain_of_columns_needs_room_for_two) {
    hm_module_builder_init(&builder);
    hm_failing_allocator_init(&memory);
    enum { LENGTH = 50, LONG = 100 * 1000 };
    static double long_column[LONG];
    static char names[LENGTH + 1][8];
    for (int i = 0; i <= LENGTH; i++) {
        snprintf(names[i], sizeof names[i], "x%d", i);
    }
    for (int i = 1; i <= LENGTH; i++) {
        add(names[i], names[i - 1], i % 2 == 0 ? call_next : call_running);
    }
    hm_driver *driver;
    hm_error error;
    ck_assert_int_eq(make_driver(0, &driver, &error), HM_OK);
    size_t before = memory.live;
    memory.peak = before;
    const char *wanted = names[LENGTH];
    hm_binding input;
    hm_request request = request_for(&wanted, &input);
    input.value = hm_value_many(&hm_type_double, long_column, LONG);
    hm_results *results;
    ck_assert_int_eq(hm_driver_execute(driver, &request, &results, &error), HM_OK);
    ck_assert_uint_lt(memory.peak - before, 2 * sizeof long_column + 200000);
    hm_results_destroy(results);
    hm_driver_destroy(driver);
    ck_assert_uint_eq(memory.live, 0);
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("engine/memory");
    TCase *tests = tcase_create("memory");
    tcase_add_test(tests, every_allocation_may_fail_once_or_for_good);
    tcase_add_test(tests, a_run_allocates_nothing_after_its_first_executions);
    tcase_add_test(tests, a_long_chain_of_columns_needs_room_for_two);
    tcase_add_test(tests, a_plan_has_a_copy_of_arrays_unless_it_borrows_them);
    tcase_add_test(tests, a_run_takes_no_more_than_its_plan_says);
    tcase_add_test(tests, a_run_takes_no_more_than_it_may);
    suite_add_tcase(suite, tests);
    return suite;
}
