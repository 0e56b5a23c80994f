// test_threads.c — one driver and one plan, many threads: each gets its own answers.

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <hamilton/hamilton.h>
#include <hamilton/node.h>

#include "tests/support/module_builder.h"
#include "tests/support/suite.h"

#define SLOT(type, index) (*(type *)(void *)((char *)frame + at[index]))

enum { THREADS = 4, ROUNDS = 200, ROWS = 50 };

static hm_module_builder builder;
static hm_driver *driver;
static hm_plan *plan;

// double half(double x); an odd integer part fails and says which
static int call_half(void *frame, const uint32_t *at, void *self) {
    (void)self;
    double x = SLOT(double, 0);
    if ((long)x % 2 != 0) {
        return hm_fail("%g is odd", x);
    }
    SLOT(double, 1) = x / 2;
    return 0;
}

// double total(size_t n, const double half[n])
static int call_total(void *frame, const uint32_t *at, void *self) {
    (void)self;
    const hm_array *x = &SLOT(hm_array, 0);
    double total = 0;
    for (size_t i = 0; i < x->length; i++) {
        total += ((const double *)x->data)[i];
    }
    SLOT(double, 1) = total;
    return 0;
}

static void setup(void) {
    hm_module_builder_init(&builder);
    hm_builder_function(&builder, "half", call_half, NULL);
    hm_builder_takes(&builder, "x", &hm_type_double);
    hm_builder_makes(&builder, "half", &hm_type_double);
    hm_builder_function(&builder, "total", call_total, NULL);
    hm_builder_takes_array(&builder, "half", &hm_type_double);
    hm_builder_makes(&builder, "total", &hm_type_double);

    const hm_module *modules[] = {&builder.module};
    hm_driver_options options = HM_DRIVER_OPTIONS_INIT;
    options.modules = modules;
    options.module_count = 1;
    ck_assert_int_eq(hm_driver_create(&options, &driver, NULL), HM_OK);

    const char *wanted = "half";
    hm_binding input = {"x", hm_value_double(0)};
    hm_request request = HM_REQUEST_INIT;
    request.wanted = &wanted;
    request.wanted_count = 1;
    request.inputs = &input;
    request.input_count = 1;
    ck_assert_int_eq(hm_plan_create(driver, &request, &plan, NULL), HM_OK);
}

static void teardown(void) {
    hm_plan_destroy(plan);
    hm_driver_destroy(driver);
}

// Executes the driver over a column of its own; NULL if every answer was right.
static void *execute_driver(void *argument) {
    int number = *(int *)argument;
    for (int round = 0; round < ROUNDS; round++) {
        double column[ROWS];
        for (int i = 0; i < ROWS; i++) {
            column[i] = 2 * (number + round);
        }
        const char *wanted = "total";
        hm_binding input = {"x", hm_value_many(&hm_type_double, column, ROWS)};
        hm_request request = HM_REQUEST_INIT;
        request.wanted = &wanted;
        request.wanted_count = 1;
        request.inputs = &input;
        request.input_count = 1;
        hm_results *results;
        if (hm_driver_execute(driver, &request, &results, NULL) != HM_OK) {
            return argument;
        }
        double total = *(const double *)hm_value_data(hm_results_value(results, 0));
        hm_results_destroy(results);
        if (total != (double)ROWS * (number + round)) {
            return argument;
        }
    }
    return NULL;
}

// Runs the shared plan; failures tell this thread's numbers.
static void *run_plan(void *argument) {
    int number = *(int *)argument;
    hm_run *run;
    if (hm_run_create(plan, &run, NULL) != HM_OK) {
        return argument;
    }
    double *x = hm_run_slot(run, hm_plan_find(plan, "x"));
    const double *half = hm_run_slot(run, hm_plan_find(plan, "half"));
    bool is_right = true;
    for (int round = 0; round < ROUNDS && is_right; round++) {
        hm_error error;
        char odd[32];
        *x = number * 1000 + round;
        snprintf(odd, sizeof odd, "%d is odd", number * 1000 + round);
        hm_status status = hm_run_execute(run, &error);
        is_right = round % 2 == 0 ? status == HM_OK && *half == *x / 2
                                  : strstr(error.message, odd) != NULL;
    }
    hm_run_destroy(run);
    return is_right ? NULL : argument;
}

static void on_all_threads(void *(*work)(void *)) {
    pthread_t threads[THREADS];
    int numbers[THREADS];
    for (int i = 0; i < THREADS; i++) {
        numbers[i] = i;
        ck_assert_int_eq(pthread_create(&threads[i], NULL, work, &numbers[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        void *wrong;
        pthread_join(threads[i], &wrong);
        ck_assert_ptr_null(wrong);
    }
}

START_TEST(threads_execute_one_driver_at_the_same_time) {
    on_all_threads(execute_driver);
}
END_TEST

START_TEST(threads_run_one_plan_at_the_same_time) {
    on_all_threads(run_plan);
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("engine/threads");
    TCase *tests = tcase_create("threads");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, threads_execute_one_driver_at_the_same_time);
    tcase_add_test(tests, threads_run_one_plan_at_the_same_time);
    suite_add_tcase(suite, tests);
    return suite;
}
