// test_in_flight.c — what happens to runs while calls of asynchronous nodes are in
// flight: others fail, somebody cancels, deadlines pass, limits hold, owners go away.

#include <pthread.h> // pthread_create
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include <hamilton/node.h>

#include "tests/support/later.h"
#include "tests/support/suite.h"

static atomic_int done_count;
static atomic_int last_status;

static void begin(void) {
    hm_controlled_begin();
    hm_later_begin();
    atomic_store(&done_count, 0);
    atomic_store(&last_status, -1);
}

static void end(hm_driver *driver) {
    hm_driver_destroy(driver);
    hm_controlled_end();
    hm_later_end();
}

static hm_driver *begin_driver(uint32_t thread_count) {
    hm_driver_options options = hm_controlled_options(thread_count);
    return hm_controlled_driver(&options);
}

static void note_done(hm_run *run, const hm_error *error, void *context) {
    (void)run;
    (void)context;
    atomic_store(&last_status, (int)error->status);
    atomic_fetch_add(&done_count, 1);
}

static void destroy_idle(hm_run *run) {
    while (hm_run_is_busy(run)) {
        hm_controlled_nap(HM_MILLISECONDS / 5);
    }
    hm_run_destroy(run);
}

START_TEST(a_call_hears_that_another_node_failed) {
    begin();
    hm_later_add("patient", "x", hm_later_patient);
    hm_later_add("late", "patient", hm_later_now);
    hm_controlled_add("bad", "x", hm_controlled_bad);
    hm_driver *driver = begin_driver(2);
    static const char *const wanted[] = {"late", "bad"};
    hm_request request = hm_controlled_request(wanted, 2);
    hm_results *results;
    hm_error error;
    ck_assert_int_eq(
            hm_driver_execute(driver, &request, &results, &error), HM_NODE_FAILED);
    ck_assert_int_le(atomic_load(&later.started), 1);
    end(driver);
}
END_TEST

static void *raise_when_begun(void *argument) {
    hm_controlled_wait(&later.started, 1);
    hm_cancel_raise(argument);
    return NULL;
}

START_TEST(a_call_hears_that_its_run_was_cancelled) {
    begin();
    hm_later_add("patient", "x", hm_later_patient);
    hm_later_add("late", "patient", hm_later_now);
    hm_driver *driver = begin_driver(2);
    hm_cancel *cancel;
    ck_assert_int_eq(hm_cancel_create(NULL, &cancel), HM_OK);
    static const char *const wanted[] = {"late"};
    hm_request request = hm_controlled_request(wanted, 1);
    request.cancel = cancel;
    request.keep_going = true;
    pthread_t thread;
    ck_assert_int_eq(pthread_create(&thread, NULL, raise_when_begun, cancel), 0);
    hm_results *results;
    hm_error error;
    ck_assert_int_eq(
            hm_driver_execute(driver, &request, &results, &error), HM_CANCELLED);
    ck_assert_int_eq(hm_results_status(results, 0, NULL), HM_CANCELLED);
    pthread_join(thread, NULL);
    hm_results_destroy(results);

    // A submitted one as well.
    hm_cancel_clear(cancel);
    hm_later_begin();
    hm_plan *plan = hm_controlled_plan(driver, "late", 0);
    hm_run *run = hm_controlled_run(plan);
    hm_run_set_cancel(run, cancel);
    ck_assert_int_eq(hm_run_submit(run, note_done, NULL, NULL), HM_OK);
    raise_when_begun(cancel);
    hm_controlled_wait(&done_count, 1);
    ck_assert_int_eq(atomic_load(&last_status), HM_CANCELLED);
    destroy_idle(run);
    hm_plan_destroy(plan);
    hm_cancel_destroy(cancel);
    end(driver);
}
END_TEST

static void *raise_and_release(void *argument) {
    hm_controlled_wait(&later.started, 1);
    hm_cancel_raise(argument);
    hm_later_release();
    return NULL;
}

// One row has the only room, the others wait for it.
START_TEST(a_cancelled_run_starts_no_further_row) {
    begin();
    hm_controlled_limit(hm_later_add("a", "x", hm_later_held));
    hm_driver *driver = hm_controlled_limited_driver(2, 1);
    hm_cancel *cancel;
    ck_assert_int_eq(hm_cancel_create(NULL, &cancel), HM_OK);
    static const double rows[] = {1, 2, 3};
    hm_binding input = {"x", hm_value_many(&hm_type_double, rows, 3)};
    static const char *const wanted[] = {"a"};
    hm_request request = hm_controlled_request(wanted, 1);
    request.inputs = &input;
    request.cancel = cancel;
    pthread_t thread;
    ck_assert_int_eq(pthread_create(&thread, NULL, raise_and_release, cancel), 0);
    hm_results *results;
    hm_error error;
    ck_assert_int_eq(
            hm_driver_execute(driver, &request, &results, &error), HM_CANCELLED);
    pthread_join(thread, NULL);
    ck_assert_int_eq(atomic_load(&later.started), 1);
    hm_results_destroy(results);
    hm_cancel_destroy(cancel);
    end(driver);
}
END_TEST

START_TEST(a_run_is_back_at_its_deadline_while_calls_are_in_flight) {
    for (uint32_t threads = 1; threads <= 2; threads++) {
        begin();
        hm_controlled_add("quick", "x", hm_controlled_next);
        hm_later_add("held", "x", hm_later_held);
        hm_controlled_add_sum("after", "quick", "held");
        hm_driver *driver = begin_driver(threads);
        static const char *const wanted[] = {"quick", "after"};
        hm_request request = hm_controlled_request(wanted, 2);
        request.deadline = 500 * HM_MILLISECONDS;
        hm_results *results;
        hm_error error;
        ck_assert_int_eq(
                hm_driver_execute(driver, &request, &results, &error), HM_DEADLINE);
        ck_assert_str_eq(error.message,
                "test.c:2: the deadline of 500 ms passed before node `held` had ended");
        ck_assert_double_eq(hm_controlled_value(results, 0), 2);
        ck_assert_int_eq(hm_results_status(results, 1, NULL), HM_DEADLINE);
        while (hm_driver_workers(driver).stuck > 0) { // no thread is in it for long
            hm_controlled_nap(HM_MILLISECONDS / 5);
        }

        // What it writes to lives until it has ended, whoever is gone by then.
        hm_results_destroy(results);
        hm_driver_destroy(driver);
        ck_assert_uint_gt(controlled.memory.live, 0);
        hm_later_release();
        end(NULL);
    }
}
END_TEST

START_TEST(a_late_run_can_be_executed_again_when_its_calls_have_ended) {
    begin();
    hm_later_add("held", "x", hm_later_held);
    hm_driver *driver = begin_driver(2);
    hm_plan *plan = hm_controlled_plan(driver, "held", 50 * HM_MILLISECONDS);
    hm_run *run = hm_controlled_run(plan);
    while (atomic_load(&later.started) == 0) { // until it was begun in time
        hm_status status = hm_run_execute(run, NULL);
        ck_assert(status == HM_DEADLINE || status == HM_BUSY);
    }
    ck_assert(hm_run_is_busy(run));
    ck_assert_int_eq(hm_run_execute(run, NULL), HM_BUSY);
    hm_later_release();
    while (hm_run_is_busy(run)) {
        hm_controlled_nap(HM_MILLISECONDS / 5);
    }
    hm_run_set_deadline(run, 0);
    ck_assert_int_eq(hm_run_submit(run, note_done, NULL, NULL), HM_OK);
    hm_controlled_wait(&done_count, 1);
    ck_assert_int_eq(atomic_load(&later.ended), 2);
    ck_assert_int_eq(atomic_load(&last_status), HM_OK);
    destroy_idle(run);
    hm_plan_destroy(plan);
    end(driver);
}
END_TEST

static void destroy_run(hm_run *run, const hm_error *error, void *context) {
    hm_run_destroy(run);
    note_done(NULL, error, context);
}

// The last call ends on the loop's thread, which frees run, plan and driver there.
START_TEST(what_is_left_by_all_is_freed_by_the_last_call) {
    begin();
    hm_later_add("patient", "x", hm_later_patient);
    for (int i = 1; i <= 10; i++) {
        hm_driver *driver = begin_driver(2);
        hm_plan *plan = hm_controlled_plan(driver, "patient", 5 * HM_MILLISECONDS);
        ck_assert_int_eq(
                hm_run_submit(hm_controlled_run(plan), destroy_run, NULL, NULL), HM_OK);
        hm_plan_destroy(plan);
        hm_driver_destroy(driver);
        hm_controlled_wait(&done_count, i);
        ck_assert_int_ne(atomic_load(&last_status), HM_OK);
    }
    end(NULL);
}
END_TEST

static void execute_limited(uint32_t thread_count, uint32_t limit_count) {
    begin();
    enum { COUNT = 40, ROWS = 100 };
    static char names[COUNT][8];
    const char *wanted[COUNT];
    for (int i = 0; i < COUNT; i++) {
        snprintf(names[i], sizeof names[i], "n%d", i);
        hm_start_thunk *start = i % 3 == 0   ? hm_later_timer
                                : i % 3 == 1 ? hm_later_thread
                                             : hm_later_now;
        hm_controlled_limit(hm_later_add(names[i], i < 4 ? "rows" : "x", start));
        wanted[i] = names[i];
    }
    hm_driver *driver = hm_controlled_limited_driver(thread_count, limit_count);
    static double rows[ROWS];
    hm_binding inputs[] = {{"x", hm_value_double(1)},
            {"rows", hm_value_many(&hm_type_double, rows, ROWS)}};
    hm_request request = hm_controlled_request(wanted, COUNT);
    request.inputs = inputs;
    request.input_count = 2;
    hm_results *results;
    hm_error error;
    ck_assert_msg(hm_driver_execute(driver, &request, &results, &error) == HM_OK, "%s",
            error.message);
    for (size_t i = 4; i < COUNT; i++) {
        ck_assert_double_eq(hm_controlled_value(results, i), 2);
    }
    ck_assert_int_le(atomic_load(&later.most), (int)limit_count);
    ck_assert_int_eq(atomic_load(&later.ended), COUNT - 4 + 4 * ROWS);
    hm_results_destroy(results);
    end(driver);
}

START_TEST(a_limit_holds_while_calls_are_in_flight) {
    execute_limited(1, 1);
    execute_limited(2, 3);
    execute_limited(8, 1);
    execute_limited(8, 1000);
}
END_TEST

// The call of another run has the room, and keeps it after its start has returned.
START_TEST(who_waits_for_room_hears_of_cancel_and_deadline) {
    begin();
    hm_controlled_limit(hm_later_add("held", "x", hm_later_held));
    hm_controlled_limit(hm_later_add("now", "x", hm_later_now));
    hm_controlled_limit(hm_controlled_add("plain", "x", hm_controlled_next));
    hm_driver *driver = hm_controlled_limited_driver(2, 1);
    hm_plan *holding = hm_controlled_plan(driver, "held", 0);
    hm_run *holder = hm_controlled_run(holding);
    ck_assert_int_eq(hm_run_submit(holder, note_done, NULL, NULL), HM_OK);
    hm_controlled_wait(&later.started, 1);

    const char *const waiting[] = {"now", "plain"};
    hm_request request = hm_controlled_request(waiting, 2);
    request.deadline = 20 * HM_MILLISECONDS;
    hm_results *results;
    ck_assert_int_eq(hm_driver_execute(driver, &request, &results, NULL), HM_DEADLINE);
    hm_results_destroy(results);

    hm_cancel *cancel;
    ck_assert_int_eq(hm_cancel_create(NULL, &cancel), HM_OK);
    hm_cancel_raise(cancel);
    request.deadline = 0;
    request.cancel = cancel;
    ck_assert_int_eq(hm_driver_execute(driver, &request, &results, NULL), HM_CANCELLED);
    hm_results_destroy(results);
    hm_cancel_destroy(cancel);

    ck_assert_int_eq(atomic_load(&later.started), 1);
    ck_assert_int_eq(atomic_load(&controlled.ended), 0);
    hm_later_release();
    hm_controlled_wait(&done_count, 1);
    request.cancel = NULL;
    ck_assert_int_eq(hm_driver_execute(driver, &request, &results, NULL), HM_OK);
    hm_results_destroy(results);
    destroy_idle(holder);
    hm_plan_destroy(holding);
    end(driver);
}
END_TEST

// A hundred runs, all of whose calls are in flight before any of them ends.
enum { CROWD = 100 };

static void answer_in_crowd(hm_run *run, const hm_error *error, void *context) {
    ck_assert_msg(error->status == HM_OK, "%s", error->message);
    hm_value value;
    ck_assert_int_eq(hm_run_get(run, "sum", &value, NULL), HM_OK);
    ck_assert_double_eq(*(const double *)hm_value_data(&value), *(double *)context);
    note_done(run, error, NULL);
}

static void add_crowd(void) {
    hm_later_add("held", "x", hm_later_held);
    hm_later_add("timer", "x", hm_later_timer);
    hm_controlled_add_sum("sum", "held", "timer");
}

static void submit_crowd(const hm_plan *plan, hm_run *runs[CROWD]) {
    static double expected[CROWD];
    for (int i = 0; i < CROWD; i++) {
        runs[i] = hm_controlled_run(plan);
        *(double *)hm_run_slot(runs[i], hm_plan_find(plan, "x")) = i;
        expected[i] = 2 * i + 2;
        ck_assert_int_eq(
                hm_run_submit(runs[i], answer_in_crowd, &expected[i], NULL), HM_OK);
    }
}

START_TEST(a_hundred_runs_are_in_flight_on_a_thread_or_two) {
    for (uint32_t threads = 1; threads <= 2; threads++) {
        begin();
        add_crowd();
        hm_driver *driver = begin_driver(threads);
        hm_plan *plan = hm_controlled_plan(driver, "sum", 0);
        hm_run *runs[CROWD];
        submit_crowd(plan, runs);
        hm_controlled_wait(&later.started, 2 * CROWD);
        ck_assert_int_eq(atomic_load(&done_count), 0);
        hm_later_release();
        hm_controlled_wait(&done_count, CROWD);
        for (int i = 0; i < CROWD; i++) {
            destroy_idle(runs[i]);
        }
        hm_plan_destroy(plan);
        end(driver);
    }
}
END_TEST

// The loop's own thread ends the calls: it never waits.
static void release_when_all_began(uv_timer_t *timer) {
    if (atomic_load(&later.started) == 2 * CROWD) {
        hm_later_release();
        uv_close((uv_handle_t *)timer, NULL);
    }
}

START_TEST(a_hundred_runs_are_in_flight_on_an_embedders_loop) {
    begin();
    add_crowd();
    uv_loop_t loop;
    ck_assert_int_eq(uv_loop_init(&loop), 0);
    hm_driver_options options = hm_controlled_options(2);
    options.loop = &loop;
    hm_driver *driver = hm_controlled_driver(&options);
    hm_plan *plan = hm_controlled_plan(driver, "sum", 0);
    hm_run *runs[CROWD];
    submit_crowd(plan, runs);
    uv_timer_t timer;
    uv_timer_init(&loop, &timer);
    uv_timer_start(&timer, release_when_all_began, 1, 1);
    ck_assert_int_eq(uv_run(&loop, UV_RUN_DEFAULT), 0);
    ck_assert_int_eq(atomic_load(&done_count), CROWD);
    for (int i = 0; i < CROWD; i++) {
        hm_run_destroy(runs[i]);
    }
    hm_plan_destroy(plan);
    hm_driver_destroy(driver);
    ck_assert_int_eq(uv_run(&loop, UV_RUN_DEFAULT), 0);
    ck_assert_int_eq(uv_loop_close(&loop), 0);
    end(NULL);
}
END_TEST

static void execute_on_loop(hm_run *run, const hm_error *error, void *context) {
    hm_error own;
    ck_assert_int_eq(hm_run_execute(run, &own), HM_BAD_ARGUMENT);
    ck_assert_ptr_nonnull(strstr(own.message, "they need: submit it"));
    note_done(run, error, context);
}

START_TEST(the_loops_own_thread_does_not_wait_for_it) {
    begin();
    hm_later_add("a", "x", hm_later_timer);
    hm_driver *driver = begin_driver(2);
    hm_plan *plan = hm_controlled_plan(driver, "a", 0);
    hm_run *run = hm_controlled_run(plan);
    ck_assert_int_eq(hm_run_submit(run, execute_on_loop, NULL, NULL), HM_OK);
    hm_controlled_wait(&done_count, 1);
    destroy_idle(run);
    hm_plan_destroy(plan);
    end(driver);

    uv_loop_t loop;
    ck_assert_int_eq(uv_loop_init(&loop), 0);
    hm_driver_options options = hm_controlled_options(2);
    options.loop = &loop;
    driver = hm_controlled_driver(&options);
    static const char *const wanted[] = {"a"};
    hm_request request = hm_controlled_request(wanted, 1);
    hm_results *results;
    hm_error error;
    ck_assert_int_eq(
            hm_driver_execute(driver, &request, &results, &error), HM_BAD_ARGUMENT);
    ck_assert_str_eq(error.message,
            "a run with asynchronous nodes was executed on the thread of the loop that "
            "they need: submit it");
    hm_driver_destroy(driver);
    ck_assert_int_eq(uv_run(&loop, UV_RUN_DEFAULT), 0);
    ck_assert_int_eq(uv_loop_close(&loop), 0);
    end(NULL);
}
END_TEST

static void *release_soon(void *argument) {
    (void)argument;
    hm_controlled_nap(20 * HM_MILLISECONDS);
    hm_later_release();
    return NULL;
}

// The last call ends on another thread, when owners are gone.
START_TEST(an_embedders_loop_goes_on_until_all_calls_have_ended) {
    begin();
    hm_later_add("held", "x", hm_later_held);
    uv_loop_t loop;
    ck_assert_int_eq(uv_loop_init(&loop), 0);
    hm_driver_options options = hm_controlled_options(2);
    options.loop = &loop;
    hm_driver *driver = hm_controlled_driver(&options);
    hm_plan *plan = hm_controlled_plan(driver, "held", 100 * HM_MILLISECONDS);
    while (atomic_load(&later.started) == 0) { // until it was begun in time
        ck_assert_int_eq(
                hm_run_submit(hm_controlled_run(plan), destroy_run, NULL, NULL), HM_OK);
        ck_assert_int_eq(uv_run(&loop, UV_RUN_DEFAULT), 0);
        ck_assert_int_eq(atomic_load(&last_status), HM_DEADLINE);
    }
    hm_plan_destroy(plan);
    hm_driver_destroy(driver);
    pthread_t thread;
    ck_assert_int_eq(pthread_create(&thread, NULL, release_soon, NULL), 0);
    ck_assert_int_eq(uv_run(&loop, UV_RUN_DEFAULT), 0);
    ck_assert_int_eq(uv_loop_close(&loop), 0);
    pthread_join(thread, NULL);
    end(NULL);
}
END_TEST

// Everything at once, again and again. Each run must come back, and what it says must
// fit together.
typedef struct mix {
    hm_driver *driver;
    unsigned seed;
} mix;

enum { MIXED = 12 };
static char mixed_names[MIXED][8];

static void check_mixed(
        hm_status status, const hm_results *results, const hm_request *request) {
    for (size_t i = 0; results != NULL && i < MIXED; i++) {
        if (hm_results_status(results, i, NULL) == HM_OK && i % 4 != 3) {
            const double *x = hm_value_data(&request->inputs[0].value);
            ck_assert_double_eq(
                    hm_controlled_value(results, i), *x + 1 + (double)(i % 4));
        }
    }
    ck_assert_msg(status == HM_OK || status == HM_NODE_FAILED ||
                          status == HM_CANCELLED || status == HM_DEADLINE,
            "%d", (int)status);
}

static void *execute_mix(void *argument) {
    mix *own = argument;
    const char *wanted[MIXED];
    for (int i = 0; i < MIXED; i++) {
        wanted[i] = mixed_names[i];
    }
    hm_cancel *cancel;
    ck_assert_int_eq(hm_cancel_create(NULL, &cancel), HM_OK);
    static double rows[7];
    for (int round = 0; round < 40; round++) {
        hm_binding inputs[] = {{"x", hm_value_double(rand_r(&own->seed) % 13)},
                {"rows", hm_value_many(&hm_type_double, rows, 7)}};
        hm_request request = hm_controlled_request(wanted, MIXED);
        request.inputs = inputs;
        request.input_count = 2;
        request.keep_going = rand_r(&own->seed) % 2 == 0;
        request.priority = (hm_priority)(rand_r(&own->seed) % 3);
        request.deadline =
                rand_r(&own->seed) % 3 == 0
                        ? (uint64_t)(rand_r(&own->seed) % 20) * HM_MILLISECONDS / 10
                        : 0;
        request.caller_waits = rand_r(&own->seed) % 4 == 0;
        request.cancel = rand_r(&own->seed) % 3 == 0 ? cancel : NULL;
        hm_cancel_clear(cancel);
        if (rand_r(&own->seed) % 4 == 0) {
            hm_cancel_raise(cancel);
        }
        hm_results *results = NULL;
        hm_status status = hm_driver_execute(own->driver, &request, &results, NULL);
        check_mixed(status, results, &request);
        hm_results_destroy(results);
    }
    // Calls that were left behind may still ask.
    while (hm_driver_workers(own->driver).busy > 0 ||
            atomic_load(&later.under_way) > 0) {
        hm_controlled_nap(HM_MILLISECONDS / 5);
    }
    hm_controlled_nap(5 * HM_MILLISECONDS);
    hm_cancel_destroy(cancel);
    return NULL;
}

START_TEST(everything_goes_together) {
    enum { THREADS = 4 };
    begin();
    for (int i = 0; i < MIXED; i++) {
        snprintf(mixed_names[i], sizeof mixed_names[i], "n%d", i);
        const char *source = i % 4 == 3   ? "rows"
                             : i % 4 == 0 ? "x"
                                          : mixed_names[i - 1];
        static hm_start_thunk *const starts[] = {
                hm_later_picky, hm_later_now, hm_later_thread, hm_later_pickier, NULL};
        hm_function *function =
                starts[i % 5] != NULL
                        ? hm_later_add(mixed_names[i], source, starts[i % 5])
                        : hm_controlled_add(mixed_names[i], source, hm_controlled_slow);
        if (i % 2 == 0) {
            hm_controlled_limit(function);
        }
    }
    hm_driver *driver = hm_controlled_limited_driver(3, 2);
    pthread_t threads[THREADS];
    mix mixes[THREADS];
    for (unsigned i = 0; i < THREADS; i++) {
        mixes[i] = (mix){.driver = driver, .seed = i + 1};
        ck_assert_int_eq(pthread_create(&threads[i], NULL, execute_mix, &mixes[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
    }
    end(driver);
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("engine/in_flight");
    TCase *tests = tcase_create("in_flight");
    tcase_add_test(tests, a_call_hears_that_another_node_failed);
    tcase_add_test(tests, a_call_hears_that_its_run_was_cancelled);
    tcase_add_test(tests, a_cancelled_run_starts_no_further_row);
    tcase_add_test(tests, a_run_is_back_at_its_deadline_while_calls_are_in_flight);
    tcase_add_test(tests, a_late_run_can_be_executed_again_when_its_calls_have_ended);
    tcase_add_test(tests, what_is_left_by_all_is_freed_by_the_last_call);
    tcase_add_test(tests, a_limit_holds_while_calls_are_in_flight);
    tcase_add_test(tests, who_waits_for_room_hears_of_cancel_and_deadline);
    tcase_add_test(tests, a_hundred_runs_are_in_flight_on_a_thread_or_two);
    tcase_add_test(tests, a_hundred_runs_are_in_flight_on_an_embedders_loop);
    tcase_add_test(tests, the_loops_own_thread_does_not_wait_for_it);
    tcase_add_test(tests, an_embedders_loop_goes_on_until_all_calls_have_ended);
    tcase_add_test(tests, everything_goes_together);
    suite_add_tcase(suite, tests);
    return suite;
}
