// test_control.c — runs that are cancelled, or of which a node fails, and several of
// these at once, with deadlines, limits and priorities.

#include <pthread.h> // pthread_create
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <hamilton/node.h>

#include "tests/support/controlled.h"
#include "tests/support/suite.h"

// Once the long node is under way and the quick one done.
static void *raise_in_time(void *argument) {
    hm_controlled_wait(&controlled.begun, 1);
    hm_controlled_wait(&controlled.ended, 1);
    hm_cancel_raise(argument);
    return NULL;
}

START_TEST(long_nodes_hear_that_their_run_was_cancelled) {
    hm_controlled_begin();
    ck_assert(!hm_should_stop());
    hm_controlled_add("patient", "x", hm_controlled_patient);
    hm_controlled_add("quick", "x", hm_controlled_next);
    hm_driver_options options = hm_controlled_options(2);
    hm_driver *driver = hm_controlled_driver(&options);
    hm_cancel *cancel;
    ck_assert_int_eq(hm_cancel_create(&controlled.memory.allocator, &cancel), HM_OK);
    static const char *const wanted[] = {"patient", "quick"};
    hm_request request = hm_controlled_request(wanted, 2);
    request.cancel = cancel;
    request.keep_going = true;
    pthread_t thread;
    ck_assert_int_eq(pthread_create(&thread, NULL, raise_in_time, cancel), 0);
    hm_results *results;
    hm_error error;
    ck_assert_int_eq(
            hm_driver_execute(driver, &request, &results, &error), HM_CANCELLED);
    pthread_join(thread, NULL);
    ck_assert_int_eq(hm_results_status(results, 0, NULL), HM_CANCELLED);
    ck_assert_int_eq(hm_results_status(results, 1, NULL), HM_OK);
    hm_results_destroy(results);
    hm_cancel_destroy(cancel);
    hm_driver_destroy(driver);
    ck_assert_uint_eq(controlled.memory.live, 0);
}
END_TEST

START_TEST(long_nodes_hear_that_another_one_failed) {
    hm_controlled_begin();
    hm_controlled_add("patient", "x", hm_controlled_patient);
    hm_controlled_add("bad", "x", hm_controlled_bad);
    hm_driver_options options = hm_controlled_options(2);
    hm_driver *driver = hm_controlled_driver(&options);
    static const char *const wanted[] = {"patient", "bad"};
    hm_request request = hm_controlled_request(wanted, 2);
    hm_results *results;
    hm_error error;
    ck_assert_int_eq(
            hm_driver_execute(driver, &request, &results, &error), HM_NODE_FAILED);
    hm_driver_destroy(driver);
    ck_assert_uint_eq(controlled.memory.live, 0);
}
END_TEST

// Fails with words of its own once it hears that it need not go on.
static int call_talkative(void *frame, const uint32_t *at, void *self) {
    (void)frame, (void)at, (void)self;
    atomic_fetch_add(&controlled.begun, 1);
    while (!hm_should_stop()) {
        hm_controlled_nap(HM_MILLISECONDS / 10);
    }
    return hm_fail("I was told to");
}

static int call_bad_later(void *frame, const uint32_t *at, void *self) {
    (void)frame, (void)at, (void)self;
    hm_controlled_wait(&controlled.begun, 1);
    return hm_fail("the reason");
}

START_TEST(who_stops_because_of_another_is_not_the_reason) {
    hm_controlled_begin();
    hm_controlled_add("talkative", "x", call_talkative);
    hm_controlled_add("bad", "x", call_bad_later);
    hm_driver_options options = hm_controlled_options(2);
    hm_driver *driver = hm_controlled_driver(&options);
    static const char *const wanted[] = {"talkative", "bad"};
    hm_request request = hm_controlled_request(wanted, 2);
    hm_results *results;
    hm_error error;
    ck_assert_int_eq(
            hm_driver_execute(driver, &request, &results, &error), HM_NODE_FAILED);
    ck_assert_msg(strstr(error.message, "the reason") != NULL, "%s", error.message);
    ck_assert_uint_eq(error.fault_count, 1);
    hm_driver_destroy(driver);
    hm_controlled_end();
}
END_TEST

static void *raise_soon(void *argument) {
    hm_controlled_nap(20 * HM_MILLISECONDS);
    hm_cancel_raise(argument);
    return NULL;
}

// Everything at once, again and again: limits, failures, cancels, deadlines,
// priorities. Each run must come back, and what it says must fit together.
typedef struct mix {
    hm_driver *driver;
    unsigned seed;
    int back;
} mix;

enum { MIXED = 12 };
static char mixed_names[MIXED][8];

static int call_mixed(void *frame, const uint32_t *at, void *self) {
    (void)self;
    double x = HM_SLOT(double, 0);
    if ((int)x % 17 == 13) {
        return hm_fail("unlucky");
    }
    if ((int)x % 5 == 0) {
        hm_controlled_nap(HM_MILLISECONDS / 10);
    }
    HM_SLOT(double, 1) = x + 1;
    return 0;
}

static void *execute_mix(void *argument) {
    mix *own = argument;
    const char *wanted[MIXED];
    for (int i = 0; i < MIXED; i++) {
        wanted[i] = mixed_names[i];
    }
    hm_cancel *cancel;
    ck_assert_int_eq(hm_cancel_create(NULL, &cancel), HM_OK);
    for (int round = 0; round < 60; round++) {
        hm_binding input = {"x", hm_value_double(rand_r(&own->seed) % 40)};
        hm_request request = hm_controlled_request(wanted, MIXED);
        request.inputs = &input;
        request.keep_going = rand_r(&own->seed) % 2 == 0;
        request.priority = (hm_priority)(rand_r(&own->seed) % 3);
        request.deadline = rand_r(&own->seed) % 3 == 0
                                   ? (uint64_t)(rand_r(&own->seed) % 3000) * 1000 + 1
                                   : 0;
        request.caller_waits = rand_r(&own->seed) % 4 == 0;
        request.cancel = cancel;
        pthread_t raiser;
        bool is_raised = rand_r(&own->seed) % 8 == 0;
        if (is_raised) {
            ck_assert_int_eq(pthread_create(&raiser, NULL, raise_soon, cancel), 0);
        }
        hm_results *results = NULL;
        hm_status status = hm_driver_execute(own->driver, &request, &results, NULL);
        ck_assert_msg(status == HM_OK || status == HM_NODE_FAILED ||
                              status == HM_CANCELLED || status == HM_DEADLINE,
                "%s", hm_status_text(status));
        double x = input.value.one.as_double;
        for (size_t i = 0; results != NULL && i < MIXED; i++) {
            const hm_value *value = hm_results_value(results, i);
            ck_assert(status != HM_OK || value != NULL);
            ck_assert(value == NULL ||
                      *(const double *)hm_value_data(value) == x + 1 + (double)(i / 3));
        }
        hm_results_destroy(results);
        if (is_raised) {
            pthread_join(raiser, NULL);
            hm_cancel_clear(cancel);
        }
        own->back++;
    }
    hm_cancel_destroy(cancel);
    return NULL;
}

START_TEST(all_of_it_together_comes_back) {
    enum { THREADS = 6 };
    hm_controlled_begin();
    for (int i = 0; i < MIXED; i++) {
        snprintf(mixed_names[i], sizeof mixed_names[i], "n%d", i);
        hm_function *function = hm_controlled_add(
                mixed_names[i], i < 3 ? "x" : mixed_names[i - 3], call_mixed);
        if (i % 2 == 0) {
            hm_controlled_limit(function);
        }
    }
    hm_driver *driver = hm_controlled_limited_driver(3, 2);
    pthread_t threads[THREADS];
    mix mixes[THREADS];
    for (unsigned i = 0; i < THREADS; i++) {
        mixes[i] = (mix){.driver = driver, .seed = i};
        ck_assert_int_eq(pthread_create(&threads[i], NULL, execute_mix, &mixes[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        ck_assert_int_eq(mixes[i].back, 60);
    }
    hm_driver_destroy(driver);
    hm_controlled_end();
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("engine/control");
    TCase *tests = tcase_create("control");
    tcase_add_test(tests, long_nodes_hear_that_their_run_was_cancelled);
    tcase_add_test(tests, long_nodes_hear_that_another_one_failed);
    tcase_add_test(tests, who_stops_because_of_another_is_not_the_reason);
    tcase_add_test(tests, all_of_it_together_comes_back);
    suite_add_tcase(suite, tests);
    return suite;
}
