// test_submit.c — runs that nobody waits for: they end on the driver's loop, ours or an
// embedder's, in time, and not too many at once.

#include <pthread.h> // pthread_create: this suite starts threads, by way of the pool
#include <uv.h>

#include "tests/support/controlled.h"
#include "tests/support/suite.h"

static atomic_int done_count;
static atomic_int last_status;
static pthread_t done_on;

static void begin(void) {
    hm_controlled_begin();
    atomic_store(&done_count, 0);
    atomic_store(&last_status, -1);
}

static void finish(hm_plan *plan, hm_driver *driver) {
    hm_plan_destroy(plan);
    hm_driver_destroy(driver);
    hm_controlled_end();
}

static void note_done(hm_run *run, const hm_error *error, void *context) {
    (void)run;
    (void)context;
    done_on = pthread_self();
    atomic_store(&last_status, (int)error->status);
    atomic_fetch_add(&done_count, 1);
}

static void wait_for(int count) {
    while (atomic_load(&done_count) < count) {
        hm_controlled_nap(HM_MILLISECONDS / 5);
    }
}

static double value_of(hm_run *run, const char *name) {
    hm_value value;
    ck_assert_int_eq(hm_run_get(run, name, &value, NULL), HM_OK);
    return *(const double *)hm_value_data(&value);
}

static void submit_often(const char *wanted, hm_call_thunk *call, double expected) {
    begin();
    hm_controlled_add("a", "x", call);
    hm_controlled_add("b", "x", call);
    hm_controlled_add("c", "b", call);
    hm_driver_options options = hm_controlled_options(2);
    hm_driver *driver = hm_controlled_driver(&options);
    hm_plan *plan = hm_controlled_plan(driver, wanted, 0);
    hm_run *run = hm_controlled_run(plan);
    for (int i = 1; i <= 50; i++) {
        ck_assert_int_eq(hm_run_submit(run, note_done, NULL, NULL), HM_OK);
        wait_for(i);
        ck_assert_int_eq(atomic_load(&last_status), HM_OK);
        ck_assert(!pthread_equal(done_on, pthread_self()));
        while (hm_run_is_busy(run)) {
            hm_controlled_nap(HM_MILLISECONDS / 5);
        }
        ck_assert_double_eq(value_of(run, wanted), expected);
        // And now and then one that is waited for.
        ck_assert_int_eq(hm_run_execute(run, NULL), HM_OK);
    }
    hm_run_destroy(run);
    finish(plan, driver);
}

START_TEST(a_submitted_run_ends_on_a_thread_of_ours) {
    submit_often("c", hm_controlled_slow, 3);
    submit_often("c", hm_controlled_next, 3);
    submit_often("a", hm_controlled_slow, 2);
}
END_TEST

START_TEST(a_submitted_run_tells_that_it_failed) {
    begin();
    hm_controlled_add("bad", "x", hm_controlled_bad);
    hm_driver_options options = hm_controlled_options(2);
    hm_driver *driver = hm_controlled_driver(&options);
    hm_plan *plan = hm_controlled_plan(driver, "bad", 0);
    hm_run *run = hm_controlled_run(plan);
    ck_assert_int_eq(hm_run_submit(run, note_done, NULL, NULL), HM_OK);
    wait_for(1);
    ck_assert_int_eq(atomic_load(&last_status), HM_NODE_FAILED);
    hm_run_destroy(run);
    finish(plan, driver);
}
END_TEST

START_TEST(a_submitted_run_is_busy_until_it_has_ended) {
    begin();
    hm_controlled_add("stuck", "x", hm_controlled_stuck);
    hm_driver_options options = hm_controlled_options(2);
    hm_driver *driver = hm_controlled_driver(&options);
    hm_plan *plan = hm_controlled_plan(driver, "stuck", 0);
    hm_run *run = hm_controlled_run(plan);
    ck_assert_int_eq(hm_run_submit(run, note_done, NULL, NULL), HM_OK);
    ck_assert(hm_run_is_busy(run));
    ck_assert_int_eq(hm_run_submit(run, note_done, NULL, NULL), HM_BUSY);
    hm_error error;
    ck_assert_int_eq(hm_run_execute(run, &error), HM_BUSY);
    ck_assert_str_eq(error.message, "the run is still under way");
    atomic_store(&controlled.is_released, true);
    wait_for(1);
    ck_assert_int_eq(atomic_load(&last_status), HM_OK);
    hm_run_destroy(run);
    finish(plan, driver);
}
END_TEST

START_TEST(a_submitted_run_is_told_to_be_late) {
    begin();
    hm_controlled_add("stuck", "x", hm_controlled_stuck);
    hm_driver_options options = hm_controlled_options(2);
    hm_driver *driver = hm_controlled_driver(&options);
    hm_plan *plan = hm_controlled_plan(driver, "stuck", 20 * HM_MILLISECONDS);
    hm_run *run = hm_controlled_run(plan);
    // Until the node was begun in time.
    for (int i = 1; !hm_run_is_busy(run); i++) {
        ck_assert_int_eq(hm_run_submit(run, note_done, NULL, NULL), HM_OK);
        wait_for(i);
        ck_assert_int_eq(atomic_load(&last_status), HM_DEADLINE);
        hm_controlled_nap(HM_MILLISECONDS);
    }
    hm_error error;
    ck_assert_int_eq(hm_run_submit(run, note_done, NULL, &error), HM_BUSY);
    hm_run_destroy(run); // the last node frees it
    hm_plan_destroy(plan);
    hm_driver_destroy(driver);
    ck_assert_uint_gt(controlled.memory.live, 0);
    atomic_store(&controlled.is_released, true);
    hm_controlled_end();
}
END_TEST

START_TEST(no_more_runs_are_under_way_than_may_be) {
    enum { MOST = 3, MORE = 5 };
    begin();
    hm_controlled_add("stuck", "x", hm_controlled_stuck);
    hm_driver_options options = hm_controlled_options(2);
    options.in_flight_limit = MOST;
    hm_driver *driver = hm_controlled_driver(&options);
    hm_plan *plan = hm_controlled_plan(driver, "stuck", 0);
    hm_run *runs[MORE];
    hm_error error;
    for (int i = 0; i < MORE; i++) {
        runs[i] = hm_controlled_run(plan);
        ck_assert_int_eq(hm_run_submit(runs[i], note_done, NULL, &error),
                i < MOST ? HM_OK : HM_BUSY);
    }
    ck_assert_str_eq(error.message, "3 submitted runs are under way, which is the "
                                    "driver's in_flight_limit: try "
                                    "again when one has ended");
    atomic_store(&controlled.is_released, true);
    wait_for(MOST);
    ck_assert_int_eq(hm_run_submit(runs[MOST], note_done, NULL, &error), HM_OK);
    wait_for(MOST + 1);
    for (int i = 0; i < MORE; i++) {
        while (hm_run_is_busy(runs[i])) {
            hm_controlled_nap(HM_MILLISECONDS / 5);
        }
        hm_run_destroy(runs[i]);
    }
    finish(plan, driver);
}
END_TEST

START_TEST(who_may_wait_waits_for_room) {
    enum { MORE = 40 };
    begin();
    hm_controlled_add("slow", "x", hm_controlled_slow);
    hm_driver_options options = hm_controlled_options(2);
    options.in_flight_limit = 2;
    options.waits_for_room = true;
    hm_driver *driver = hm_controlled_driver(&options);
    hm_plan *plan = hm_controlled_plan(driver, "slow", 0);
    hm_run *runs[MORE];
    for (int i = 0; i < MORE; i++) {
        runs[i] = hm_controlled_run(plan);
        ck_assert_int_eq(hm_run_submit(runs[i], note_done, NULL, NULL), HM_OK);
    }
    wait_for(MORE);
    for (int i = 0; i < MORE; i++) {
        while (hm_run_is_busy(runs[i])) {
            hm_controlled_nap(HM_MILLISECONDS / 5);
        }
        ck_assert_double_eq(value_of(runs[i], "slow"), 2);
        hm_run_destroy(runs[i]);
    }
    finish(plan, driver);
}
END_TEST

// An embedder's loop: everything happens on its thread, and it ends when nothing is
// left.
typedef struct service {
    uv_loop_t loop;
    hm_driver *driver;
    hm_plan *plan;
    int left;
    int answered;
} service;

static void answer(hm_run *run, const hm_error *error, void *context) {
    service *own = context;
    ck_assert_msg(error->status == HM_OK, "%s", error->message);
    ck_assert_double_eq(value_of(run, "c"), 3);
    ck_assert(pthread_equal(done_on, pthread_self()));
    own->answered++;
    if (own->left-- > 0) {
        ck_assert_int_eq(hm_run_submit(run, answer, own, NULL), HM_OK);
    } else {
        hm_run_destroy(run);
    }
}

static void serve_on_own_loop(hm_call_thunk *call, uint64_t deadline) {
    enum { CLIENTS = 10, REQUESTS = 200 };
    begin();
    hm_controlled_add("a", "x", call);
    hm_controlled_add("b", "x", call);
    hm_controlled_add("c", "b", call);
    service own = {.left = REQUESTS - CLIENTS};
    ck_assert_int_eq(uv_loop_init(&own.loop), 0);
    done_on = pthread_self();
    hm_driver_options options = hm_controlled_options(3);
    options.loop = &own.loop;
    own.driver = hm_controlled_driver(&options);
    own.plan = hm_controlled_plan(own.driver, "c", deadline);
    for (int i = 0; i < CLIENTS; i++) {
        ck_assert_int_eq(
                hm_run_submit(hm_controlled_run(own.plan), answer, &own, NULL), HM_OK);
    }
    ck_assert_int_eq(uv_run(&own.loop, UV_RUN_DEFAULT), 0);
    ck_assert_int_eq(own.answered, REQUESTS);
    hm_plan_destroy(own.plan);
    hm_driver_destroy(own.driver);
    ck_assert_int_eq(uv_run(&own.loop, UV_RUN_DEFAULT), 0);
    ck_assert_int_eq(uv_loop_close(&own.loop), 0);
    ck_assert_uint_eq(controlled.memory.live, 0);
}

START_TEST(runs_end_on_an_embedders_loop) {
    serve_on_own_loop(hm_controlled_slow, 0);
    serve_on_own_loop(hm_controlled_next, 0);
    serve_on_own_loop(hm_controlled_slow, 60000 * HM_MILLISECONDS);
}
END_TEST

static void note_late(hm_run *run, const hm_error *error, void *context) {
    ck_assert_int_eq(error->status, HM_DEADLINE);
    ck_assert_str_eq(error->message,
            "test.c:1: the deadline of 500 ms passed before node `stuck` had ended");
    hm_run_destroy(run);
    ++*(int *)context;
    atomic_store(&controlled.is_released, true);
}

START_TEST(an_embedders_loop_tells_that_a_run_is_late) {
    begin();
    hm_controlled_add("stuck", "x", hm_controlled_stuck);
    uv_loop_t loop;
    int late_count = 0;
    ck_assert_int_eq(uv_loop_init(&loop), 0);
    hm_driver_options options = hm_controlled_options(2);
    options.loop = &loop;
    hm_driver *driver = hm_controlled_driver(&options);
    hm_plan *plan = hm_controlled_plan(driver, "stuck", 500 * HM_MILLISECONDS);
    ck_assert_int_eq(
            hm_run_submit(hm_controlled_run(plan), note_late, &late_count, NULL),
            HM_OK);
    ck_assert_int_eq(uv_run(&loop, UV_RUN_DEFAULT), 0);
    ck_assert_int_eq(late_count, 1);
    hm_plan_destroy(plan);
    while (hm_driver_workers(driver).busy > 0) { // it is used until the node is back
        hm_controlled_nap(HM_MILLISECONDS / 5);
    }
    hm_controlled_nap(HM_MILLISECONDS / 5);
    hm_driver_destroy(driver);
    ck_assert_int_eq(uv_run(&loop, UV_RUN_DEFAULT), 0);
    ck_assert_int_eq(uv_loop_close(&loop), 0);
    hm_controlled_end();
}
END_TEST

// Urgent runs overtake others that wait.
static atomic_int order_count;
static int order_of[3];

static void note_order(hm_run *run, const hm_error *error, void *context) {
    (void)error;
    order_of[*(int *)context] = atomic_fetch_add(&order_count, 1);
    note_done(run, error, context);
}

START_TEST(urgent_runs_overtake_others) {
    begin();
    hm_controlled_add("stuck", "x", hm_controlled_stuck);
    hm_controlled_add("slow", "x", hm_controlled_slow);
    hm_driver_options options = hm_controlled_options(1);
    hm_driver *driver = hm_controlled_driver(&options);
    hm_plan *stuck = hm_controlled_plan(driver, "stuck", 0);
    hm_plan *slow = hm_controlled_plan(driver, "slow", 0);
    hm_run *holder = hm_controlled_run(stuck);
    ck_assert_int_eq(hm_run_submit(holder, note_done, NULL, NULL), HM_OK);
    while (hm_driver_workers(driver).busy == 0) {
        hm_controlled_nap(HM_MILLISECONDS / 5);
    }
    static const hm_priority priorities[] = {
            HM_PRIORITY_LOW, HM_PRIORITY_NORMAL, HM_PRIORITY_HIGH};
    static int numbers[] = {0, 1, 2};
    hm_run *runs[3];
    for (int i = 0; i < 3; i++) {
        runs[i] = hm_controlled_run(slow);
        hm_run_set_priority(runs[i], priorities[i]);
        ck_assert_int_eq(hm_run_submit(runs[i], note_order, &numbers[i], NULL), HM_OK);
    }
    atomic_store(&controlled.is_released, true);
    wait_for(4);
    ck_assert_int_eq(order_of[2], 0);
    ck_assert_int_eq(order_of[1], 1);
    ck_assert_int_eq(order_of[0], 2);
    for (int i = 0; i < 3; i++) {
        while (hm_run_is_busy(runs[i])) {
            hm_controlled_nap(HM_MILLISECONDS / 5);
        }
        hm_run_destroy(runs[i]);
    }
    while (hm_run_is_busy(holder)) {
        hm_controlled_nap(HM_MILLISECONDS / 5);
    }
    hm_run_destroy(holder);
    hm_plan_destroy(slow);
    finish(stuck, driver);
}
END_TEST

static void destroy_all(hm_run *run, const hm_error *error, void *context) {
    service *own = context;
    hm_run_destroy(run);
    hm_plan_destroy(own->plan);
    hm_driver_destroy(own->driver);
    note_done(NULL, error, NULL);
}

START_TEST(a_callback_may_destroy_everything) {
    begin();
    hm_controlled_add("a", "x", hm_controlled_slow);
    hm_driver_options options = hm_controlled_options(2);
    for (int i = 1; i <= 20; i++) {
        service own = {.driver = hm_controlled_driver(&options)};
        own.plan = hm_controlled_plan(own.driver, "a", 0);
        ck_assert_int_eq(
                hm_run_submit(hm_controlled_run(own.plan), destroy_all, &own, NULL),
                HM_OK);
        wait_for(i);
    }
    hm_controlled_end();
}
END_TEST

static void count_call(hm_run *run, const hm_error *error, void *context) {
    (void)run;
    (void)error;
    atomic_fetch_add((atomic_int *)context, 1);
}

// The deadline may pass before the run has been handed over.
START_TEST(a_callback_is_called_once_whatever_the_deadline) {
    begin();
    hm_controlled_add("a", "x", hm_controlled_next);
    hm_controlled_add("b", "a", hm_controlled_next);
    hm_driver_options options = hm_controlled_options(2);
    hm_driver *driver = hm_controlled_driver(&options);
    hm_plan *plan = hm_controlled_plan(driver, "b", 0);
    enum { COUNT = 3000 };
    static atomic_int calls[COUNT];
    for (int i = 0; i < COUNT; i++) {
        hm_run *run = hm_controlled_run(plan);
        hm_run_set_deadline(run, i % 3 == 0 ? UINT64_MAX : 1 + 100 * (uint64_t)i);
        ck_assert_int_eq(hm_run_submit(run, count_call, &calls[i], NULL), HM_OK);
        hm_controlled_wait(&calls[i], 1);
        hm_run_destroy(run);
    }
    hm_plan_destroy(plan);
    hm_driver_destroy(driver);
    for (int i = 0; i < COUNT; i++) {
        ck_assert_int_eq(atomic_load(&calls[i]), 1);
    }
    hm_controlled_end();
}
END_TEST

START_TEST(the_longest_deadline_is_none) {
    begin();
    hm_controlled_add("a", "x", hm_controlled_slow);
    hm_driver_options options = hm_controlled_options(2);
    hm_driver *driver = hm_controlled_driver(&options);
    hm_plan *plan = hm_controlled_plan(driver, "a", UINT64_MAX);
    hm_run *run = hm_controlled_run(plan);
    ck_assert_int_eq(hm_run_execute(run, NULL), HM_OK);
    ck_assert_int_eq(hm_run_submit(run, note_done, NULL, NULL), HM_OK);
    wait_for(1);
    ck_assert_int_eq(atomic_load(&last_status), HM_OK);
    hm_run_destroy(run);
    finish(plan, driver);
}
END_TEST

// The loop that lends threads is busy with the callback, and helpers that were awake
// have gone home.
static void execute_another(hm_run *run, const hm_error *error, void *context) {
    hm_controlled_nap(50 * HM_MILLISECONDS);
    hm_run *other = hm_controlled_run(context);
    hm_run_set_deadline(other, 60000 * HM_MILLISECONDS);
    ck_assert_int_eq(hm_run_execute(other, NULL), HM_OK);
    hm_run_destroy(other);
    note_done(run, error, NULL);
}

START_TEST(a_callback_may_execute_a_run_whose_caller_waits) {
    begin();
    hm_controlled_add("a", "x", hm_controlled_slow);
    hm_driver_options options = hm_controlled_options(2);
    hm_driver *driver = hm_controlled_driver(&options);
    static const char *const wanted[] = {"a"};
    hm_request request = hm_controlled_request(wanted, 1);
    request.caller_waits = true;
    hm_plan *waits;
    ck_assert_int_eq(hm_plan_create(driver, &request, &waits, NULL), HM_OK);
    hm_plan *plan = hm_controlled_plan(driver, "a", 0);
    hm_run *run = hm_controlled_run(plan);
    ck_assert_int_eq(hm_run_submit(run, execute_another, waits, NULL), HM_OK);
    wait_for(1);
    while (hm_run_is_busy(run)) {
        hm_controlled_nap(HM_MILLISECONDS / 5);
    }
    hm_run_destroy(run);
    hm_plan_destroy(waits);
    finish(plan, driver);
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("engine/submit");
    TCase *tests = tcase_create("submit");
    tcase_add_test(tests, a_submitted_run_ends_on_a_thread_of_ours);
    tcase_add_test(tests, a_submitted_run_tells_that_it_failed);
    tcase_add_test(tests, a_submitted_run_is_busy_until_it_has_ended);
    tcase_add_test(tests, a_submitted_run_is_told_to_be_late);
    tcase_add_test(tests, no_more_runs_are_under_way_than_may_be);
    tcase_add_test(tests, who_may_wait_waits_for_room);
    tcase_add_test(tests, runs_end_on_an_embedders_loop);
    tcase_add_test(tests, an_embedders_loop_tells_that_a_run_is_late);
    tcase_add_test(tests, urgent_runs_overtake_others);
    tcase_add_test(tests, a_callback_is_called_once_whatever_the_deadline);
    tcase_add_test(tests, the_longest_deadline_is_none);
    tcase_add_test(tests, a_callback_may_destroy_everything);
    tcase_add_test(tests, a_callback_may_execute_a_run_whose_caller_waits);
    suite_add_tcase(suite, tests);
    return suite;
}
