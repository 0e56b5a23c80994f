// test_accept.c — functions that are called although something failed that they take,
// and find NULL there; and the next execution, in which all goes well again.

#include <pthread.h> // pthread_create: this suite starts threads, by way of the pool
#include <string.h>

#include "tests/support/controlled.h"
#include "tests/support/suite.h"

static int call_negative_fails(void *frame, const uint32_t *at, void *self) {
    return HM_SLOT(double, 0) < 0 ? hm_controlled_bad(frame, at, self)
                                  : hm_controlled_next(frame, at, self);
}

// 100 more, or 7 if there is nothing.
static int call_accepting(void *frame, const uint32_t *at, void *self) {
    (void)self;
    const double *x = HM_SLOT(const double *, 0);
    HM_SLOT(double, 1) = x != NULL ? *x + 100 : 7;
    return 0;
}

static hm_function *add_accepting(const char *name, const char *source) {
    hm_function *function = hm_controlled_add(name, source, call_accepting);
    hm_parameter *parameter =
            &controlled.builder.parameters[controlled.builder.parameter_count - 1];
    parameter->pass = HM_BY_REFERENCE;
    parameter->accepts_failed = true;
    return function;
}

static hm_driver *begin(uint32_t thread_count) {
    hm_controlled_begin();
    hm_controlled_add("a", "x", call_negative_fails);
    hm_controlled_add("b", "a", hm_controlled_next);
    add_accepting("of_a", "a");
    add_accepting("of_b", "b");
    hm_controlled_add_sum("s", "of_a", "of_b");
    hm_driver_options options = hm_controlled_options(thread_count);
    return hm_controlled_driver(&options);
}

static hm_run *run_of(hm_driver *driver, bool keep_going, hm_plan **plan) {
    static const char *const wanted[] = {"s"};
    hm_request request = hm_controlled_request(wanted, 1);
    request.keep_going = keep_going;
    hm_error error;
    ck_assert_msg(hm_plan_create(driver, &request, plan, &error) == HM_OK, "%s",
            error.message);
    return hm_controlled_run(*plan);
}

START_TEST(what_failed_is_null_and_is_there_again_the_next_time) {
    for (uint32_t threads = 1; threads <= 4; threads *= 2) {
        hm_driver *driver = begin(threads);
        hm_plan *plan;
        hm_run *run = run_of(driver, true, &plan);
        double *x = hm_run_slot(run, hm_plan_find(plan, "x"));
        const double *s = hm_run_slot(run, hm_plan_find(plan, "s"));
        for (int i = 0; i < 20; i++) {
            bool is_bad = i % 3 == 1;
            *x = is_bad ? -1 : i;
            ck_assert_int_eq(
                    hm_run_execute(run, NULL), is_bad ? HM_NODE_FAILED : HM_OK);
            ck_assert_int_eq(hm_run_status(run, "s", NULL), HM_OK);
            ck_assert_double_eq(*s, is_bad ? 14 : 2 * i + 203);
        }
        hm_run_destroy(run);
        hm_plan_destroy(plan);
        hm_driver_destroy(driver);
        hm_controlled_end();
    }
}
END_TEST

START_TEST(a_run_that_does_not_keep_going_ends_at_the_failure) {
    hm_driver *driver = begin(1);
    hm_plan *plan;
    hm_run *run = run_of(driver, false, &plan);
    *(double *)hm_run_slot(run, hm_plan_find(plan, "x")) = -1;
    ck_assert_int_eq(hm_run_execute(run, NULL), HM_NODE_FAILED);
    ck_assert_int_eq(hm_run_status(run, "s", NULL), HM_SKIPPED);
    hm_run_destroy(run);
    hm_plan_destroy(plan);
    hm_driver_destroy(driver);
    hm_controlled_end();
}
END_TEST

START_TEST(who_cannot_be_told_may_not_accept) {
    hm_controlled_begin();
    hm_controlled_add("a", "x", hm_controlled_next);
    hm_function *function = add_accepting("b", "a");
    ((hm_parameter *)(uintptr_t)function->parameters)->pass = HM_BY_VALUE;
    hm_driver_options options = hm_controlled_options(1);
    hm_driver *driver;
    hm_error error;
    ck_assert_int_eq(hm_driver_create(&options, &driver, &error), HM_BAD_MODULE);
    ck_assert_ptr_nonnull(strstr(
            error.message, "parameter `a` accepts failures, but cannot be NULL"));
    hm_controlled_end();
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("accept");
    TCase *failures = tcase_create("failures");
    tcase_add_test(failures, what_failed_is_null_and_is_there_again_the_next_time);
    tcase_add_test(failures, a_run_that_does_not_keep_going_ends_at_the_failure);
    tcase_add_test(failures, who_cannot_be_told_may_not_accept);
    suite_add_tcase(suite, failures);
    return suite;
}
