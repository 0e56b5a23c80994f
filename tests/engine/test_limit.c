// test_limit.c — nodes of which only so many may be under way at once.

#include <pthread.h> // pthread_create
#include <stdio.h>

#include <hamilton/node.h>

#include "tests/support/controlled.h"
#include "tests/support/suite.h"

static void *raise_soon(void *argument) {
    hm_controlled_nap(20 * HM_MILLISECONDS);
    hm_cancel_raise(argument);
    return NULL;
}

static void execute_limited(uint32_t thread_count, uint32_t limit_count) {
    hm_controlled_begin();
    enum { COUNT = 40 };
    static char names[COUNT][8];
    const char *wanted[COUNT];
    for (int i = 0; i < COUNT; i++) {
        snprintf(names[i], sizeof names[i], "n%d", i);
        hm_controlled_limit(hm_controlled_add(names[i], "x", hm_controlled_slow));
        wanted[i] = names[i];
    }
    hm_driver *driver = hm_controlled_limited_driver(thread_count, limit_count);
    hm_request request = hm_controlled_request(wanted, COUNT);
    hm_results *results;
    hm_error error;
    ck_assert_msg(hm_driver_execute(driver, &request, &results, &error) == HM_OK, "%s",
            error.message);
    for (size_t i = 0; i < COUNT; i++) {
        ck_assert_double_eq(hm_controlled_value(results, i), 2);
    }
    ck_assert_int_le(atomic_load(&controlled.most), (int)limit_count);
    ck_assert_int_eq(atomic_load(&controlled.ended), COUNT);
    hm_results_destroy(results);
    hm_driver_destroy(driver);
    ck_assert_uint_eq(controlled.memory.live, 0);
}

START_TEST(a_limit_holds_within_a_run) {
    execute_limited(1, 1);
    execute_limited(8, 1);
    execute_limited(8, 3);
    execute_limited(3, 100);
}
END_TEST

typedef struct crowd {
    const hm_plan *plan;
    int rounds;
    int failures;
    int ok;
} crowd;

static void *execute_in_crowd(void *argument) {
    crowd *own = argument;
    hm_run *run;
    if (hm_run_create(own->plan, &run, NULL) != HM_OK) {
        own->failures++;
        return NULL;
    }
    for (int i = 0; i < own->rounds; i++) {
        hm_status status = hm_run_execute(run, NULL);
        own->ok += status == HM_OK;
        own->failures += status != HM_OK;
    }
    hm_run_destroy(run);
    return NULL;
}

// Over all runs; more of them than the pool has places for callers.
START_TEST(a_limit_holds_over_all_runs) {
    enum { CROWD = 100, ROUNDS = 3 };
    hm_controlled_begin();
    hm_controlled_limit(hm_controlled_add("a", "x", hm_controlled_slow));
    hm_controlled_limit(hm_controlled_add("b", "x", hm_controlled_slow));
    hm_controlled_add_sum("sum", "a", "b");
    hm_driver *driver = hm_controlled_limited_driver(3, 2);
    static const char *const wanted[] = {"sum"};
    hm_request request = hm_controlled_request(wanted, 1);
    hm_plan *plan;
    ck_assert_int_eq(hm_plan_create(driver, &request, &plan, NULL), HM_OK);
    pthread_t threads[CROWD];
    crowd members[CROWD];
    for (int i = 0; i < CROWD; i++) {
        members[i] = (crowd){.plan = plan, .rounds = ROUNDS};
        ck_assert_int_eq(
                pthread_create(&threads[i], NULL, execute_in_crowd, &members[i]), 0);
    }
    for (int i = 0; i < CROWD; i++) {
        pthread_join(threads[i], NULL);
        ck_assert_int_eq(members[i].failures, 0);
    }
    ck_assert_int_le(atomic_load(&controlled.most), 2);
    ck_assert_int_eq(atomic_load(&controlled.ended), 2 * CROWD * ROUNDS);
    hm_plan_destroy(plan);
    hm_driver_destroy(driver);
    ck_assert_uint_eq(controlled.memory.live, 0);
}
END_TEST

// The room is another run's, who keeps it; whoever waits for it hears of everything.
static void *execute_results(void *argument) {
    const hm_plan *plan = argument;
    hm_run *run;
    ck_assert_int_eq(hm_run_create(plan, &run, NULL), HM_OK);
    ck_assert_int_eq(hm_run_execute(run, NULL), HM_OK);
    hm_run_destroy(run);
    return NULL;
}

START_TEST(who_waits_for_room_hears_of_cancel_and_deadline) {
    hm_controlled_begin();
    hm_controlled_limit(hm_controlled_add("stuck", "x", hm_controlled_stuck));
    hm_controlled_limit(hm_controlled_add("next", "x", hm_controlled_next));
    hm_controlled_add("bad", "x", hm_controlled_bad);
    hm_driver *driver = hm_controlled_limited_driver(2, 1);
    static const char *const holding[] = {"stuck"};
    static const char *const waiting[] = {"next", "bad"};
    hm_request request = hm_controlled_request(holding, 1);
    hm_plan *plan;
    ck_assert_int_eq(hm_plan_create(driver, &request, &plan, NULL), HM_OK);
    pthread_t holder;
    union {
        const hm_plan *in;
        void *out;
    } argument = {plan};
    ck_assert_int_eq(pthread_create(&holder, NULL, execute_results, argument.out), 0);
    hm_controlled_wait(&controlled.begun, 1);

    // A deadline.
    request = hm_controlled_request(waiting, 1);
    request.deadline = 20 * HM_MILLISECONDS;
    hm_results *results;
    hm_error error;
    ck_assert_int_eq(
            hm_driver_execute(driver, &request, &results, &error), HM_DEADLINE);
    hm_results_destroy(results);

    // A cancel.
    hm_cancel *cancel;
    ck_assert_int_eq(hm_cancel_create(NULL, &cancel), HM_OK);
    request = hm_controlled_request(waiting, 1);
    request.cancel = cancel;
    pthread_t raiser;
    ck_assert_int_eq(pthread_create(&raiser, NULL, raise_soon, cancel), 0);
    ck_assert_int_eq(
            hm_driver_execute(driver, &request, &results, &error), HM_CANCELLED);
    pthread_join(raiser, NULL);
    hm_results_destroy(results);
    hm_cancel_destroy(cancel);

    // A failure elsewhere in the run.
    request = hm_controlled_request(waiting, 2);
    ck_assert_int_eq(
            hm_driver_execute(driver, &request, &results, &error), HM_NODE_FAILED);
    ck_assert_int_eq(atomic_load(&controlled.ended), 0);

    atomic_store(&controlled.is_released, true);
    pthread_join(holder, NULL);
    hm_plan_destroy(plan);
    hm_driver_destroy(driver);
    hm_controlled_end();
}
END_TEST

START_TEST(a_limit_that_no_node_has_is_told) {
    hm_controlled_begin();
    hm_controlled_add("a", "x", hm_controlled_next);
    static const hm_module *modules[] = {&controlled.builder.module};
    const hm_limit_option limits[] = {{"dp", 1}};
    hm_driver_options options = HM_DRIVER_OPTIONS_INIT;
    options.modules = modules;
    options.module_count = 1;
    options.limits = limits;
    options.limit_count = 1;
    hm_driver *driver;
    hm_error error;
    ck_assert_int_eq(hm_driver_create(&options, &driver, &error), HM_UNKNOWN_NAME);
    ck_assert_str_eq(error.message,
            "no node is tagged with the limit `dp`, as in HM_TAG(limit, \"dp\")");
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("engine/limit");
    TCase *tests = tcase_create("limit");
    tcase_add_test(tests, a_limit_holds_within_a_run);
    tcase_add_test(tests, a_limit_holds_over_all_runs);
    tcase_add_test(tests, who_waits_for_room_hears_of_cancel_and_deadline);
    tcase_add_test(tests, a_limit_that_no_node_has_is_told);
    suite_add_tcase(suite, tests);
    return suite;
}
