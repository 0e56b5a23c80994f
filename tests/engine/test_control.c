// test_control.c — runs that do not simply run to their ends: cancelled, late, failed,
// held up by limits, more or less urgent, and several of these at once.

#include <pthread.h> // pthread_create
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
#define MILLISECONDS UINT64_C(1000000)

static hm_module_builder builder;
static hm_failing_allocator memory;
static atomic_bool is_released; // ends call_stuck
static atomic_int under_way;
static atomic_int most_under_way;
static atomic_int call_count;

static uint64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000 * MILLISECONDS + (uint64_t)time.tv_nsec;
}

static void nap(uint64_t nanoseconds) {
    nanosleep(&(struct timespec){.tv_nsec = (long)nanoseconds}, NULL);
}

static int call_next(void *frame, const uint32_t *at, void *self) {
    (void)self;
    atomic_fetch_add(&call_count, 1);
    SLOT(double, 1) = SLOT(double, 0) + 1;
    return 0;
}

static int call_sum(void *frame, const uint32_t *at, void *self) {
    (void)self;
    SLOT(double, 2) = SLOT(double, 0) + SLOT(double, 1);
    return 0;
}

// Does not come back until it is told to.
static int call_stuck(void *frame, const uint32_t *at, void *self) {
    (void)self;
    while (!atomic_load(&is_released)) {
        nap(MILLISECONDS / 10);
    }
    SLOT(double, 1) = SLOT(double, 0) + 1;
    return 0;
}

// Comes back when it is not wanted any more.
static int call_patient(void *frame, const uint32_t *at, void *self) {
    (void)self;
    for (int i = 0; i < 100000; i++) {
        if (hm_should_stop()) {
            return hm_fail("was told to stop");
        }
        nap(MILLISECONDS / 10);
    }
    SLOT(double, 1) = SLOT(double, 0) + 1;
    return 0;
}

static int call_bad(void *frame, const uint32_t *at, void *self) {
    (void)frame;
    (void)at;
    (void)self;
    return hm_fail("bad luck");
}

// Counts how many are in it at once.
static int call_counted(void *frame, const uint32_t *at, void *self) {
    (void)self;
    int count = atomic_fetch_add(&under_way, 1) + 1;
    int most = atomic_load(&most_under_way);
    while (count > most &&
            !atomic_compare_exchange_weak(&most_under_way, &most, count)) {
    }
    atomic_fetch_add(&call_count, 1);
    nap(MILLISECONDS / 5);
    atomic_fetch_sub(&under_way, 1);
    SLOT(double, 1) = SLOT(double, 0) + 1;
    return 0;
}

static hm_function *add(const char *name, const char *source, hm_call_thunk *call) {
    hm_function *function = hm_builder_function(&builder, name, call, NULL);
    hm_builder_takes(&builder, source, &hm_type_double);
    hm_builder_makes(&builder, name, &hm_type_double);
    return function;
}

static void add_sum(const char *name, const char *a, const char *b) {
    hm_builder_function(&builder, name, call_sum, NULL);
    hm_builder_takes(&builder, a, &hm_type_double);
    hm_builder_takes(&builder, b, &hm_type_double);
    hm_builder_makes(&builder, name, &hm_type_double);
}

// Tags a function: HM_TAG(limit, "db").
static void limit(hm_function *function) {
    static const hm_argument arguments[] = {{.kind = HM_ARGUMENT_NAME, .text = "limit"},
            {.kind = HM_ARGUMENT_STRING, .text = "db"}};
    static const hm_modifier tag = {
            .name = "tag", .arguments = arguments, .argument_count = 2};
    function->modifiers = &tag;
    function->modifier_count = 1;
}

static void begin(void) {
    hm_module_builder_init(&builder);
    hm_failing_allocator_init(&memory);
    atomic_store(&is_released, false);
    atomic_store(&under_way, 0);
    atomic_store(&most_under_way, 0);
    atomic_store(&call_count, 0);
}

static hm_driver *make_driver(uint32_t thread_count, uint32_t limit_count) {
    static const hm_module *modules[] = {&builder.module};
    const hm_limit_option limits[] = {{"db", limit_count}};
    hm_driver_options options = HM_DRIVER_OPTIONS_INIT;
    options.modules = modules;
    options.module_count = 1;
    options.thread_count = thread_count;
    options.allocator = &memory.allocator;
    options.limits = limits;
    options.limit_count = limit_count > 0;
    hm_driver *driver;
    hm_error error;
    ck_assert_msg(
            hm_driver_create(&options, &driver, &error) == HM_OK, "%s", error.message);
    return driver;
}

static hm_request request_for(const char *const *wanted, size_t count) {
    static _Thread_local hm_binding input;
    input = (hm_binding){"x", hm_value_double(1)};
    hm_request request = HM_REQUEST_INIT;
    request.wanted = wanted;
    request.wanted_count = count;
    request.inputs = &input;
    request.input_count = 1;
    request.always_share = true;
    return request;
}

static double value_of(const hm_results *results, size_t index) {
    return *(const double *)hm_value_data(hm_results_value(results, index));
}

// A node that hangs does not keep its run: not the caller's, who does not run it, as
// nothing is known of it.
START_TEST(a_run_is_back_at_its_deadline_whatever_a_node_does) {
    begin();
    add("quick", "x", call_next);
    add("stuck", "x", call_stuck);
    add_sum("after", "quick", "stuck");
    hm_driver *driver =
            make_driver(3, 0); // one helper hangs, the other one does the rest
    static const char *const wanted[] = {"quick", "after", "x"};
    hm_request request = request_for(wanted, 3);
    request.deadline = 100 * MILLISECONDS;
    hm_results *results;
    hm_error error;
    uint64_t begun = now();
    ck_assert_int_eq(
            hm_driver_execute(driver, &request, &results, &error), HM_DEADLINE);
    ck_assert_uint_ge(now() - begun, 100 * MILLISECONDS);
    ck_assert_uint_lt(now() - begun, 5000 * MILLISECONDS);
    ck_assert_str_eq(error.message,
            "test.c:2: the deadline of 100 ms passed before node `stuck` had ended");
    const char *message;
    ck_assert_int_eq(hm_results_status(results, 0, NULL), HM_OK);
    ck_assert_double_eq(value_of(results, 0), 2);
    ck_assert_int_eq(hm_results_status(results, 1, &message), HM_DEADLINE);
    ck_assert_str_eq(
            message, "the deadline of 100 ms passed before node `stuck` had ended");
    ck_assert_double_eq(value_of(results, 2), 1);
    ck_assert_uint_eq(hm_driver_workers(driver).stuck, 1);

    // Its memory lives on until the node is back, whoever is gone by then.
    hm_results_destroy(results);
    hm_driver_destroy(driver);
    ck_assert_uint_gt(memory.live, 0);
    atomic_store(&is_released, true);
    while (atomic_load(&memory.live) > 0) {
        nap(MILLISECONDS);
    }
}
END_TEST

START_TEST(helpers_that_hang_are_replaced) {
    begin();
    add("stuck", "x", call_stuck);
    add("a", "x", call_next);
    add("b", "a", call_next);
    hm_driver *driver = make_driver(2, 0);
    static const char *const stuck[] = {"stuck"};
    static const char *const quick[] = {"b"};
    for (int i = 0; i < 5; i++) {
        hm_request request = request_for(stuck, 1);
        request.deadline = 20 * MILLISECONDS;
        hm_results *results;
        ck_assert_int_eq(
                hm_driver_execute(driver, &request, &results, NULL), HM_DEADLINE);
        hm_results_destroy(results);
        // There is a helper for others: this caller runs nothing itself.
        request = request_for(quick, 1);
        request.caller_waits = true;
        ck_assert_int_eq(hm_driver_execute(driver, &request, &results, NULL), HM_OK);
        ck_assert_double_eq(value_of(results, 0), 3);
        hm_results_destroy(results);
    }
    ck_assert_uint_eq(hm_driver_workers(driver).stuck, 5);
    atomic_store(&is_released, true);
    while (hm_driver_workers(driver).stuck > 0) {
        nap(MILLISECONDS);
    }
    hm_driver_destroy(driver);
    while (atomic_load(&memory.live) > 0) {
        nap(MILLISECONDS);
    }
}
END_TEST

START_TEST(a_late_run_is_busy_until_its_last_node_is_back) {
    begin();
    add("stuck", "x", call_stuck);
    hm_driver *driver = make_driver(2, 0);
    static const char *const wanted[] = {"stuck"};
    hm_request request = request_for(wanted, 1);
    request.deadline = 20 * MILLISECONDS;
    hm_plan *plan;
    hm_run *run;
    hm_error error;
    ck_assert_int_eq(hm_plan_create(driver, &request, &plan, &error), HM_OK);
    ck_assert_int_eq(hm_run_create(plan, &run, &error), HM_OK);
    ck_assert_int_eq(hm_run_execute(run, &error), HM_DEADLINE);
    ck_assert(hm_run_is_busy(run));
    ck_assert_int_eq(hm_run_execute(run, &error), HM_BUSY);
    ck_assert_str_eq(error.message,
            "the run is still under way: a node has not come back that was in it when "
            "the deadline passed");
    hm_value one = hm_value_double(5);
    ck_assert_int_eq(hm_run_set(run, "x", &one, &error), HM_BUSY);
    const char *message;
    ck_assert_int_eq(hm_run_status(run, "stuck", &message), HM_DEADLINE);
    ck_assert_int_eq(hm_run_status(run, "other", &message), HM_UNKNOWN_NAME);
    atomic_store(&is_released, true);
    while (hm_run_is_busy(run)) {
        nap(MILLISECONDS);
    }
    hm_run_set_deadline(run, 0);
    ck_assert_int_eq(hm_run_execute(run, &error), HM_OK);
    hm_value value;
    ck_assert_int_eq(hm_run_get(run, "stuck", &value, &error), HM_OK);
    ck_assert_double_eq(*(const double *)hm_value_data(&value), 2);
    hm_run_destroy(run);
    hm_plan_destroy(plan);
    hm_driver_destroy(driver);
    ck_assert_uint_eq(memory.live, 0);
}
END_TEST

// One thread: the caller runs everything, and finds out between two nodes.
START_TEST(a_caller_alone_stops_at_its_deadline) {
    begin();
    static char names[20][8];
    const char *before = "x";
    for (int i = 0; i < 20; i++) {
        snprintf(names[i], sizeof names[i], "n%d", i);
        add(names[i], before, call_counted);
        before = names[i];
    }
    hm_driver *driver = make_driver(1, 0);
    const char *const wanted[] = {"n0", "n19"};
    hm_request request = request_for(wanted, 2);
    request.deadline = MILLISECONDS;
    hm_results *results;
    hm_error error;
    ck_assert_int_eq(
            hm_driver_execute(driver, &request, &results, &error), HM_DEADLINE);
    ck_assert_str_eq(error.message, "the deadline of 1 ms passed");
    ck_assert_int_eq(hm_results_status(results, 0, NULL), HM_OK);
    const char *message;
    ck_assert_int_eq(hm_results_status(results, 1, &message), HM_DEADLINE);
    ck_assert_str_eq(message, "the deadline passed before it was begun");
    ck_assert_int_lt(atomic_load(&call_count), 20);
    hm_results_destroy(results);
    hm_driver_destroy(driver);
    ck_assert_uint_eq(memory.live, 0);
}
END_TEST

START_TEST(a_deadline_that_is_kept_changes_nothing) {
    begin();
    add("a", "x", call_counted);
    add("b", "x", call_counted);
    add_sum("sum", "a", "b");
    hm_driver *driver = make_driver(2, 0);
    static const char *const wanted[] = {"sum"};
    hm_request request = request_for(wanted, 1);
    request.deadline = 60000 * MILLISECONDS;
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
    ck_assert_uint_eq(memory.live, 0);
}
END_TEST

// What nodes of a late run read outlives the caller's memory.
static int call_read_late(void *frame, const uint32_t *at, void *self) {
    (void)self;
    while (!atomic_load(&is_released)) {
        nap(MILLISECONDS / 10);
    }
    const hm_array *column = &SLOT(hm_array, 0);
    const char *text = SLOT(const char *, 1);
    double sum = (double)strlen(text);
    for (size_t i = 0; i < column->length; i++) {
        sum += ((const double *)column->data)[i];
    }
    atomic_store(&call_count, (int)sum);
    SLOT(double, 2) = sum;
    return 0;
}

START_TEST(inputs_are_copied_for_nodes_that_come_late) {
    begin();
    hm_builder_function(&builder, "late", call_read_late, NULL);
    hm_builder_takes_array(&builder, "column", &hm_type_double);
    hm_builder_takes(&builder, "text", &hm_type_string);
    hm_builder_makes(&builder, "late", &hm_type_double);
    hm_driver *driver = make_driver(2, 0);
    double *column = malloc(3 * sizeof *column);
    char *text = malloc(8);
    memcpy(column, (double[]){10, 20, 30}, 3 * sizeof *column);
    memcpy(text, "abcd", 5);
    hm_binding inputs[] = {{"column", hm_value_many(&hm_type_double, column, 3)},
            {"text", hm_value_string(text)}};
    static const char *const wanted[] = {"late"};
    hm_request request = request_for(wanted, 1);
    request.inputs = inputs;
    request.input_count = 2;
    request.deadline = 20 * MILLISECONDS;
    hm_results *results;
    ck_assert_int_eq(hm_driver_execute(driver, &request, &results, NULL), HM_DEADLINE);
    hm_results_destroy(results);
    free(column);
    free(text);
    atomic_store(&is_released, true);
    hm_driver_destroy(driver);
    while (atomic_load(&memory.live) > 0) {
        nap(MILLISECONDS);
    }
    ck_assert_int_eq(atomic_load(&call_count), 64);
}
END_TEST

static void *raise_soon(void *argument) {
    nap(20 * MILLISECONDS);
    hm_cancel_raise(argument);
    return NULL;
}

START_TEST(long_nodes_hear_that_their_run_was_cancelled) {
    begin();
    ck_assert(!hm_should_stop());
    add("patient", "x", call_patient);
    add("quick", "x", call_next);
    hm_driver *driver = make_driver(2, 0);
    hm_cancel *cancel;
    ck_assert_int_eq(hm_cancel_create(&memory.allocator, &cancel), HM_OK);
    static const char *const wanted[] = {"patient", "quick"};
    hm_request request = request_for(wanted, 2);
    request.cancel = cancel;
    request.keep_going = true;
    pthread_t thread;
    ck_assert_int_eq(pthread_create(&thread, NULL, raise_soon, cancel), 0);
    hm_results *results;
    hm_error error;
    ck_assert_int_ne(hm_driver_execute(driver, &request, &results, &error), HM_OK);
    pthread_join(thread, NULL);
    ck_assert_int_eq(hm_results_status(results, 0, NULL), HM_NODE_FAILED);
    ck_assert_int_eq(hm_results_status(results, 1, NULL), HM_OK);
    hm_results_destroy(results);
    hm_cancel_destroy(cancel);
    hm_driver_destroy(driver);
    ck_assert_uint_eq(memory.live, 0);
}
END_TEST

START_TEST(long_nodes_hear_that_another_one_failed) {
    begin();
    add("patient", "x", call_patient);
    add("bad", "x", call_bad);
    hm_driver *driver = make_driver(2, 0);
    static const char *const wanted[] = {"patient", "bad"};
    hm_request request = request_for(wanted, 2);
    hm_results *results;
    hm_error error;
    uint64_t begun = now();
    ck_assert_int_eq(
            hm_driver_execute(driver, &request, &results, &error), HM_NODE_FAILED);
    ck_assert_uint_lt(now() - begun, 9000 * MILLISECONDS);
    hm_driver_destroy(driver);
    ck_assert_uint_eq(memory.live, 0);
}
END_TEST

static void execute_limited(uint32_t thread_count, uint32_t limit_count) {
    begin();
    enum { COUNT = 40 };
    static char names[COUNT][8];
    const char *wanted[COUNT];
    for (int i = 0; i < COUNT; i++) {
        snprintf(names[i], sizeof names[i], "n%d", i);
        limit(add(names[i], "x", call_counted));
        wanted[i] = names[i];
    }
    hm_driver *driver = make_driver(thread_count, limit_count);
    hm_request request = request_for(wanted, COUNT);
    hm_results *results;
    hm_error error;
    ck_assert_msg(hm_driver_execute(driver, &request, &results, &error) == HM_OK, "%s",
            error.message);
    for (size_t i = 0; i < COUNT; i++) {
        ck_assert_double_eq(value_of(results, i), 2);
    }
    ck_assert_int_le(atomic_load(&most_under_way), (int)limit_count);
    ck_assert_int_eq(atomic_load(&call_count), COUNT);
    hm_results_destroy(results);
    hm_driver_destroy(driver);
    ck_assert_uint_eq(memory.live, 0);
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
    begin();
    limit(add("a", "x", call_counted));
    limit(add("b", "x", call_counted));
    add_sum("sum", "a", "b");
    hm_driver *driver = make_driver(3, 2);
    static const char *const wanted[] = {"sum"};
    hm_request request = request_for(wanted, 1);
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
    ck_assert_int_le(atomic_load(&most_under_way), 2);
    ck_assert_int_eq(atomic_load(&call_count), 2 * CROWD * ROUNDS);
    hm_plan_destroy(plan);
    hm_driver_destroy(driver);
    ck_assert_uint_eq(memory.live, 0);
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
    begin();
    limit(add("stuck", "x", call_stuck));
    limit(add("next", "x", call_next));
    add("bad", "x", call_bad);
    hm_driver *driver = make_driver(2, 1);
    static const char *const holding[] = {"stuck"};
    static const char *const waiting[] = {"next", "bad"};
    hm_request request = request_for(holding, 1);
    hm_plan *plan;
    ck_assert_int_eq(hm_plan_create(driver, &request, &plan, NULL), HM_OK);
    pthread_t holder;
    union {
        const hm_plan *in;
        void *out;
    } argument = {plan};
    ck_assert_int_eq(pthread_create(&holder, NULL, execute_results, argument.out), 0);
    nap(50 * MILLISECONDS);

    // A deadline.
    request = request_for(waiting, 1);
    request.deadline = 20 * MILLISECONDS;
    hm_results *results;
    hm_error error;
    ck_assert_int_eq(
            hm_driver_execute(driver, &request, &results, &error), HM_DEADLINE);
    hm_results_destroy(results);

    // A cancel.
    hm_cancel *cancel;
    ck_assert_int_eq(hm_cancel_create(NULL, &cancel), HM_OK);
    request = request_for(waiting, 1);
    request.cancel = cancel;
    pthread_t raiser;
    ck_assert_int_eq(pthread_create(&raiser, NULL, raise_soon, cancel), 0);
    ck_assert_int_eq(
            hm_driver_execute(driver, &request, &results, &error), HM_CANCELLED);
    pthread_join(raiser, NULL);
    hm_results_destroy(results);
    hm_cancel_destroy(cancel);

    // A failure elsewhere in the run.
    request = request_for(waiting, 2);
    ck_assert_int_eq(
            hm_driver_execute(driver, &request, &results, &error), HM_NODE_FAILED);
    ck_assert_int_eq(atomic_load(&call_count), 0);

    atomic_store(&is_released, true);
    pthread_join(holder, NULL);
    hm_plan_destroy(plan);
    hm_driver_destroy(driver);
    while (atomic_load(&memory.live) > 0) {
        nap(MILLISECONDS);
    }
}
END_TEST

START_TEST(a_limit_that_no_node_has_is_told) {
    begin();
    add("a", "x", call_next);
    static const hm_module *modules[] = {&builder.module};
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
    double x = SLOT(double, 0);
    if ((int)x % 17 == 13) {
        return hm_fail("unlucky");
    }
    if ((int)x % 5 == 0) {
        nap(MILLISECONDS / 10);
    }
    SLOT(double, 1) = x + 1;
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
        hm_request request = request_for(wanted, MIXED);
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
    begin();
    for (int i = 0; i < MIXED; i++) {
        snprintf(mixed_names[i], sizeof mixed_names[i], "n%d", i);
        hm_function *function =
                add(mixed_names[i], i < 3 ? "x" : mixed_names[i - 3], call_mixed);
        if (i % 2 == 0) {
            limit(function);
        }
    }
    hm_driver *driver = make_driver(3, 2);
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
    while (atomic_load(&memory.live) > 0) {
        nap(MILLISECONDS);
    }
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("engine/control");
    TCase *tests = tcase_create("control");
    tcase_add_test(tests, a_run_is_back_at_its_deadline_whatever_a_node_does);
    tcase_add_test(tests, helpers_that_hang_are_replaced);
    tcase_add_test(tests, a_late_run_is_busy_until_its_last_node_is_back);
    tcase_add_test(tests, a_caller_alone_stops_at_its_deadline);
    tcase_add_test(tests, a_deadline_that_is_kept_changes_nothing);
    tcase_add_test(tests, inputs_are_copied_for_nodes_that_come_late);
    tcase_add_test(tests, long_nodes_hear_that_their_run_was_cancelled);
    tcase_add_test(tests, long_nodes_hear_that_another_one_failed);
    tcase_add_test(tests, a_limit_holds_within_a_run);
    tcase_add_test(tests, a_limit_holds_over_all_runs);
    tcase_add_test(tests, who_waits_for_room_hears_of_cancel_and_deadline);
    tcase_add_test(tests, a_limit_that_no_node_has_is_told);
    tcase_add_test(tests, all_of_it_together_comes_back);
    suite_add_tcase(suite, tests);
    return suite;
}
