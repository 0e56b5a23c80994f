// test_spread.c — independent nodes run at the same time, and whatever happens on other
// threads comes back as from one.

#include <pthread.h> // pthread_create: this suite starts threads, by way of the pool
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <hamilton/hamilton.h>
#include <hamilton/node.h>

#include "tests/support/failing_allocator.h"
#include "tests/support/module_builder.h"
#include "tests/support/suite.h"

#define SLOT(type, index) (*(type *)(void *)((char *)frame + at[index]))

enum { MEETING_SECONDS = 20, TASKS = 60, WIDE = 3000 };

static hm_module_builder builder;
static hm_failing_allocator memory;
static atomic_int arrived;
static atomic_int live_texts;

static void wait_a_little(void) {
    nanosleep(&(struct timespec){.tv_nsec = 100 * 1000}, NULL);
}

// Returns when another call of it is under way too; fails if none comes.
static int call_meet(void *frame, const uint32_t *at, void *self) {
    (void)self;
    atomic_fetch_add(&arrived, 1);
    time_t end = time(NULL) + MEETING_SECONDS;
    while (atomic_load(&arrived) % 2 != 0) {
        if (time(NULL) > end) {
            return hm_fail("nobody came");
        }
        wait_a_little();
    }
    SLOT(double, 1) = SLOT(double, 0) + 1;
    return 0;
}

// Takes long enough to be worth a thread; fails for 13.
static int call_slow(void *frame, const uint32_t *at, void *self) {
    (void)self;
    if (SLOT(double, 0) == 13) {
        return hm_fail("13 is unlucky");
    }
    wait_a_little();
    SLOT(double, 1) = SLOT(double, 0) + 1;
    return 0;
}

static void free_text(void *text) {
    atomic_fetch_sub(&live_texts, 1);
    free(text);
}

// char *text(double)
static int call_text(void *frame, const uint32_t *at, void *self) {
    (void)self;
    wait_a_little();
    atomic_fetch_add(&live_texts, 1);
    SLOT(char *, 1) = strdup("text");
    return 0;
}

// double read(const char *text)
static int call_read(void *frame, const uint32_t *at, void *self) {
    (void)self;
    wait_a_little();
    SLOT(double, 1) = (double)strlen(SLOT(const char *, 0));
    return 0;
}

static int call_sum(void *frame, const uint32_t *at, void *self) {
    (void)self;
    SLOT(double, 2) = SLOT(double, 0) + SLOT(double, 1);
    return 0;
}

static void begin(void) {
    hm_module_builder_init(&builder);
    builder.module.free = free_text;
    hm_failing_allocator_init(&memory);
    atomic_store(&arrived, 0);
    atomic_store(&live_texts, 0);
}

static hm_output *add(const char *name, const char *parameter, hm_call_thunk *call) {
    hm_builder_function(&builder, name, call, NULL);
    hm_builder_takes(
            &builder, parameter, call == call_read ? &hm_type_string : &hm_type_double);
    return hm_builder_makes(
            &builder, name, call == call_text ? &hm_type_string : &hm_type_double);
}

static void add_sum(const char *name, const char *a, const char *b) {
    hm_builder_function(&builder, name, call_sum, NULL);
    hm_builder_takes(&builder, a, &hm_type_double);
    hm_builder_takes(&builder, b, &hm_type_double);
    hm_builder_makes(&builder, name, &hm_type_double);
}

static hm_driver *make_driver(uint32_t thread_count) {
    const hm_module *modules[] = {&builder.module};
    hm_driver_options options = HM_DRIVER_OPTIONS_INIT;
    options.modules = modules;
    options.module_count = 1;
    options.allocator = &memory.allocator;
    options.thread_count = thread_count;
    hm_driver *driver;
    hm_error error;
    ck_assert_msg(
            hm_driver_create(&options, &driver, &error) == HM_OK, "%s", error.message);
    return driver;
}

static hm_status execute(hm_driver *driver, const char *const *wanted,
        size_t wanted_count, double x, bool keep_going, hm_results **results,
        hm_error *error) {
    hm_binding input = {"x", hm_value_double(x)};
    hm_request request = HM_REQUEST_INIT;
    request.wanted = wanted;
    request.wanted_count = wanted_count;
    request.inputs = &input;
    request.input_count = 1;
    request.keep_going = keep_going;
    request.always_share = true; // however short the nodes turn out to be
    return hm_driver_execute(driver, &request, results, error);
}

START_TEST(independent_nodes_run_at_the_same_time) {
    begin();
    add("a", "x", call_meet);
    add("b", "x", call_meet);
    add_sum("sum", "a", "b");
    const char *wanted = "sum";
    for (int i = 0; i < 10; i++) {
        // One that has learned how short the second of the two is would have it wait.
        hm_driver *driver = make_driver(2);
        hm_results *results;
        hm_error error;
        ck_assert_msg(execute(driver, &wanted, 1, i, false, &results, &error) == HM_OK,
                "%s", error.message);
        ck_assert_double_eq(
                *(const double *)hm_value_data(hm_results_value(results, 0)),
                2 * i + 2);
        hm_results_destroy(results);
        hm_driver_destroy(driver);
    }
    ck_assert_uint_eq(memory.live, 0);
}
END_TEST

static bool is_meeting;

// Takes next to no time, or waits for another one.
static int call_cheap(void *frame, const uint32_t *at, void *self) {
    if (is_meeting) {
        return call_meet(frame, at, self);
    }
    SLOT(double, 1) = SLOT(double, 0) + 1;
    return 0;
}

static hm_run *make_shared_run(hm_driver *driver, const char *wanted, hm_plan **plan) {
    hm_binding input = {"x", hm_value_double(1)};
    hm_request request = HM_REQUEST_INIT;
    request.wanted = &wanted;
    request.wanted_count = 1;
    request.inputs = &input;
    request.input_count = 1;
    request.always_share = true;
    hm_error error;
    hm_run *run;
    ck_assert_msg(hm_plan_create(driver, &request, plan, &error) == HM_OK, "%s",
            error.message);
    ck_assert_int_eq(hm_run_create(*plan, &run, &error), HM_OK);
    return run;
}

START_TEST(who_asks_for_it_shares_what_is_known_to_be_cheap) {
    begin();
    add("a", "x", call_cheap);
    add("b", "x", call_cheap);
    add_sum("sum", "a", "b");
    hm_driver *driver = make_driver(2);
    hm_plan *plan;
    hm_run *run = make_shared_run(driver, "sum", &plan);
    for (int i = 0; i < 1000; i++) {
        is_meeting = i >= 990;
        hm_error error;
        ck_assert_msg(hm_run_execute(run, &error) == HM_OK, "%s", error.message);
    }
    is_meeting = false;
    hm_run_destroy(run);
    hm_plan_destroy(plan);
    hm_driver_destroy(driver);
    ck_assert_uint_eq(memory.live, 0);
}
END_TEST

static int call_total(void *frame, const uint32_t *at, void *self) {
    (void)self;
    double sum = 0;
    for (size_t i = 0; i < WIDE; i++) {
        sum += SLOT(double, i);
    }
    SLOT(double, WIDE) = sum;
    return 0;
}

START_TEST(more_becomes_ready_at_once_than_a_queue_holds) {
    begin();
    static char names[WIDE][8];
    add("start", "x", call_cheap);
    for (int i = 0; i < WIDE; i++) {
        snprintf(names[i], sizeof names[i], "n%d", i);
        add(names[i], "start", call_cheap);
    }
    hm_builder_function(&builder, "total", call_total, NULL);
    for (int i = 0; i < WIDE; i++) {
        hm_builder_takes(&builder, names[i], &hm_type_double);
    }
    hm_builder_makes(&builder, "total", &hm_type_double);
    hm_driver *driver = make_driver(4);
    hm_plan *plan;
    hm_run *run = make_shared_run(driver, "total", &plan);
    const double *total = hm_run_slot(run, hm_plan_find(plan, "total"));
    double *x = hm_run_slot(run, hm_plan_find(plan, "x"));
    for (int i = 0; i < 200; i++) {
        *x = i;
        ck_assert_int_eq(hm_run_execute(run, NULL), HM_OK);
        ck_assert_double_eq(*total, (i + 2.0) * WIDE);
    }
    hm_run_destroy(run);
    hm_plan_destroy(plan);
    hm_driver_destroy(driver);
    ck_assert_uint_eq(memory.live, 0);
}
END_TEST

static atomic_int start_count;
static int dear_start;

static int call_counted(void *frame, const uint32_t *at, void *self) {
    int place = atomic_fetch_add(&start_count, 1);
    wait_a_little();
    if (self != NULL) {
        dear_start = place;
        nanosleep(&(struct timespec){.tv_nsec = 100 * 1000 * 1000}, NULL);
    }
    SLOT(double, 1) = SLOT(double, 0) + 1;
    return 0;
}

START_TEST(from_the_second_run_on_the_dearest_node_starts_early) {
    // In any order of the file the one in the middle comes late.
    enum { COUNT = 300, DEAR = COUNT / 2 };
    begin();
    static char names[COUNT][8];
    const char *wanted[COUNT];
    for (int i = 0; i < COUNT; i++) {
        snprintf(names[i], sizeof names[i], "n%d", i);
        add(names[i], "x", call_counted);
        wanted[i] = names[i];
    }
    builder.functions[DEAR].self = &dear_start;
    hm_driver *driver = make_driver(2);
    // Whoever is awake may start a few before it; how many depends on the machine, so
    // one run of many is enough. In the order of the file it would always be late.
    bool was_early = false;
    for (int i = 0; i < 20 && !was_early; i++) {
        atomic_store(&start_count, 0);
        hm_results *results;
        hm_error error;
        ck_assert_int_eq(
                execute(driver, wanted, COUNT, i, false, &results, &error), HM_OK);
        hm_results_destroy(results);
        was_early = i > 0 && dear_start < COUNT / 10;
    }
    ck_assert(was_early);
    hm_driver_destroy(driver);
    ck_assert_uint_eq(memory.live, 0);
}
END_TEST

START_TEST(a_value_that_several_tasks_read_ends_once) {
    begin();
    static char names[TASKS][8];
    const char *wanted[TASKS];
    add("text", "x", call_text)->ownership = HM_GIVEN;
    for (int i = 0; i < TASKS; i++) {
        snprintf(names[i], sizeof names[i], "read%d", i);
        add(names[i], "text", call_read);
        wanted[i] = names[i];
    }
    hm_driver *driver = make_driver(4);
    for (int i = 0; i < 5; i++) {
        hm_results *results;
        hm_error error;
        ck_assert_int_eq(
                execute(driver, wanted, TASKS, i, false, &results, &error), HM_OK);
        ck_assert_int_eq(atomic_load(&live_texts), 0);
        for (size_t k = 0; k < TASKS; k++) {
            ck_assert_double_eq(
                    *(const double *)hm_value_data(hm_results_value(results, k)), 4);
        }
        hm_results_destroy(results);
    }
    hm_driver_destroy(driver);
    ck_assert_uint_eq(memory.live, 0);
}
END_TEST

START_TEST(a_failure_on_any_thread_is_told_and_the_rest_is_skipped) {
    begin();
    static char names[TASKS][8];
    const char *wanted[TASKS + 1];
    add("bad", "x", call_slow);
    for (int i = 0; i < TASKS; i++) {
        snprintf(names[i], sizeof names[i], "good%d", i);
        add(names[i], i == 0 ? "y" : names[i - 1], call_slow);
        wanted[i] = names[i];
    }
    wanted[TASKS] = "after";
    add("after", "bad", call_slow);
    static const double start = 100;
    builder.parameters[1].default_value = &start;
    hm_driver *driver = make_driver(4);
    for (int keep_going = 0; keep_going < 2; keep_going++) {
        hm_results *results = NULL;
        hm_error error;
        ck_assert_int_eq(
                execute(driver, wanted, TASKS + 1, 13, keep_going, &results, &error),
                HM_NODE_FAILED);
        ck_assert_str_eq(error.message,
                "test.c:1: node `bad` failed: 13 is unlucky; inputs: x = 13; needed by "
                "after (test.c:62)");
        if (keep_going) {
            ck_assert_double_eq(*(const double *)hm_value_data(
                                        hm_results_value(results, TASKS - 1)),
                    100 + TASKS);
            ck_assert_int_eq(hm_results_status(results, TASKS, NULL), HM_SKIPPED);
            hm_results_destroy(results);
        }
    }
    hm_driver_destroy(driver);
    ck_assert_uint_eq(memory.live, 0);
}
END_TEST

static hm_cancel *cancel;

// Raises the switch of the run that it is in.
static int call_cancel(void *frame, const uint32_t *at, void *self) {
    (void)self;
    hm_cancel_raise(cancel);
    SLOT(double, 1) = SLOT(double, 0);
    return 0;
}

START_TEST(a_cancelled_run_returns_what_is_ready) {
    begin();
    add("early", "x", call_slow);
    add("cancelling", "early", call_cancel);
    add("late", "cancelling", call_slow);
    add("text", "early", call_text)->ownership = HM_GIVEN;
    add("read", "text", call_read);
    add_sum("sum", "late", "read");
    hm_driver *driver = make_driver(2);
    ck_assert_int_eq(hm_cancel_create(&memory.allocator, &cancel), HM_OK);
    const char *wanted[] = {"early", "late", "sum"};
    hm_binding input = {"x", hm_value_double(1)};
    hm_request request = HM_REQUEST_INIT;
    request.wanted = wanted;
    request.wanted_count = 3;
    request.inputs = &input;
    request.input_count = 1;
    request.cancel = cancel;
    for (int i = 0; i < 10; i++) {
        hm_results *results;
        hm_error error;
        ck_assert_int_eq(
                hm_driver_execute(driver, &request, &results, &error), HM_CANCELLED);
        ck_assert_str_eq(error.message, "the run was cancelled");
        ck_assert_int_eq(hm_results_status(results, 1, NULL), HM_CANCELLED);
        ck_assert_ptr_null(hm_results_value(results, 2));
        // Raised before it began, the second run computes nothing at all.
        ck_assert_int_eq(
                hm_results_status(results, 0, NULL), i % 2 == 0 ? HM_OK : HM_CANCELLED);
        hm_results_destroy(results);
        if (i % 2 == 1) {
            hm_cancel_clear(cancel);
        }
    }
    hm_cancel_destroy(cancel);
    hm_driver_destroy(driver);
    ck_assert_int_eq(atomic_load(&live_texts), 0);
    ck_assert_uint_eq(memory.live, 0);
}
END_TEST

// double inner(double): executes a driver of its own
static hm_driver *inner_driver;
static _Thread_local int nesting;
static atomic_int deepest_nesting;

static void note_nesting(void) {
    int deepest = atomic_load(&deepest_nesting);
    while (nesting > deepest &&
            !atomic_compare_exchange_weak(&deepest_nesting, &deepest, nesting)) {
    }
}

static int call_inner(void *frame, const uint32_t *at, void *self) {
    (void)self;
    nesting++;
    note_nesting();
    const char *wanted = "sum";
    hm_results *results;
    hm_error error;
    hm_status status =
            execute(inner_driver, &wanted, 1, SLOT(double, 0), false, &results, &error);
    nesting--;
    if (status != HM_OK) {
        return hm_fail("%s", error.message);
    }
    SLOT(double, 1) = *(const double *)hm_value_data(hm_results_value(results, 0));
    hm_results_destroy(results);
    return 0;
}

START_TEST(nodes_may_execute_drivers) {
    begin();
    add("a", "x", call_slow);
    add("b", "x", call_slow);
    add_sum("sum", "a", "b");
    inner_driver = make_driver(2);
    add("one", "x", call_inner);
    add("two", "x", call_inner);
    add_sum("outer", "one", "two");
    hm_driver *driver = make_driver(2);
    const char *wanted = "outer";
    for (int i = 0; i < 20; i++) {
        hm_results *results;
        hm_error error;
        ck_assert_int_eq(execute(driver, &wanted, 1, i, false, &results, &error),
                i == 13 ? HM_NODE_FAILED : HM_OK);
        if (i != 13) {
            ck_assert_double_eq(
                    *(const double *)hm_value_data(hm_results_value(results, 0)),
                    4 * i + 4);
            hm_results_destroy(results);
        }
    }
    hm_driver_destroy(driver);
    hm_driver_destroy(inner_driver);
    ck_assert_uint_eq(memory.live, 0);
}
END_TEST

// A worker that waits in a node takes up other nodes, on the same stack.
START_TEST(however_many_nodes_execute_drivers_a_stack_stays_small) {
    begin();
    add("a", "x", call_slow);
    add("b", "x", call_slow);
    add_sum("sum", "a", "b");
    inner_driver = make_driver(4);
    static char names[500][8];
    const char *wanted[500];
    for (int i = 0; i < 500; i++) {
        snprintf(names[i], sizeof names[i], "in%d", i);
        add(names[i], "x", call_inner);
        wanted[i] = names[i];
    }
    hm_driver *driver = make_driver(4);
    hm_results *results;
    hm_error error;
    ck_assert_int_eq(execute(driver, wanted, 500, 1, false, &results, &error), HM_OK);
    for (size_t i = 0; i < 500; i++) {
        ck_assert_double_eq(
                *(const double *)hm_value_data(hm_results_value(results, i)), 4);
    }
    ck_assert_int_le(atomic_load(&deepest_nesting), 10);
    hm_results_destroy(results);
    hm_driver_destroy(driver);
    hm_driver_destroy(inner_driver);
    ck_assert_uint_eq(memory.live, 0);
}
END_TEST

static void *execute_often(void *argument) {
    hm_driver *driver = argument;
    const char *wanted = "sum";
    for (int i = 0; i < 5; i++) {
        hm_results *results;
        if (execute(driver, &wanted, 1, i, false, &results, NULL) != HM_OK) {
            return argument;
        }
        double sum = *(const double *)hm_value_data(hm_results_value(results, 0));
        hm_results_destroy(results);
        if (sum != 2 * i + 2) {
            return argument;
        }
    }
    return NULL;
}

START_TEST(more_threads_than_there_is_room_for_execute_one_driver) {
    enum { CROWD = 150 };
    begin();
    add("a", "x", call_slow);
    add("b", "x", call_slow);
    add_sum("sum", "a", "b");
    hm_driver *driver = make_driver(3);
    pthread_t threads[CROWD];
    for (int i = 0; i < CROWD; i++) {
        ck_assert_int_eq(pthread_create(&threads[i], NULL, execute_often, driver), 0);
    }
    for (int i = 0; i < CROWD; i++) {
        void *wrong;
        pthread_join(threads[i], &wrong);
        ck_assert_ptr_null(wrong);
    }
    hm_driver_destroy(driver);
    ck_assert_uint_eq(memory.live, 0);
}
END_TEST

static void *create_and_destroy(void *argument) {
    (void)argument;
    for (int i = 0; i < 20; i++) {
        hm_driver *driver = make_driver(2 + (uint32_t)i % 3);
        void *wrong = execute_often(driver);
        hm_driver_destroy(driver);
        if (wrong != NULL) {
            return wrong;
        }
    }
    return NULL;
}

START_TEST(threads_create_execute_and_destroy_drivers_at_the_same_time) {
    begin();
    add("a", "x", call_slow);
    add("b", "x", call_slow);
    add_sum("sum", "a", "b");
    pthread_t threads[4];
    for (int i = 0; i < 4; i++) {
        ck_assert_int_eq(
                pthread_create(&threads[i], NULL, create_and_destroy, NULL), 0);
    }
    for (int i = 0; i < 4; i++) {
        void *wrong;
        pthread_join(threads[i], &wrong);
        ck_assert_ptr_null(wrong);
    }
    ck_assert_uint_eq(memory.live, 0);
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("engine/spread");
    TCase *tests = tcase_create("spread");
    tcase_add_test(tests, independent_nodes_run_at_the_same_time);
    tcase_add_test(tests, who_asks_for_it_shares_what_is_known_to_be_cheap);
    tcase_add_test(tests, more_becomes_ready_at_once_than_a_queue_holds);
    tcase_add_test(tests, from_the_second_run_on_the_dearest_node_starts_early);
    tcase_add_test(tests, a_value_that_several_tasks_read_ends_once);
    tcase_add_test(tests, a_failure_on_any_thread_is_told_and_the_rest_is_skipped);
    tcase_add_test(tests, a_cancelled_run_returns_what_is_ready);
    tcase_add_test(tests, nodes_may_execute_drivers);
    tcase_add_test(tests, however_many_nodes_execute_drivers_a_stack_stays_small);
    tcase_add_test(tests, more_threads_than_there_is_room_for_execute_one_driver);
    tcase_add_test(tests, threads_create_execute_and_destroy_drivers_at_the_same_time);
    suite_add_tcase(suite, tests);
    return suite;
}
