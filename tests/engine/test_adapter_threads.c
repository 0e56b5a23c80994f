// test_adapter_threads.c — what adapters are told of threads: who works on rows, and
// who sleeps.

#include <pthread.h> // pthread_create: this suite starts threads, by way of the pool
#include <string.h>

#include "tests/support/later.h"
#include "tests/support/reductions.h"
#include "tests/support/suite.h"

enum { ROWS = 10000, MOST_SLEEPS = 100000 };

// What an adapter heard: of one node, whose rows, and of all sleeps.
static struct {
    const char *node;
    bool is_spread;
    atomic_int covered[ROWS]; // how often a row was begun
    atomic_int ended;         // rows
    atomic_int blocks;
    atomic_int spread_before;    // befores of nodes that are spread
    atomic_int sleeps;           // begun
    atomic_int woken;            // wakes that were sent to one under way
    atomic_int strange;          // what should not be
    atomic_char of[MOST_SLEEPS]; // by sleep: 0, 'b'egan, 'e'nded
} heard;

static _Thread_local struct {
    const hm_planned_node *node;
    size_t first;
    size_t count;
} here;

static bool is_it(const hm_planned_node *node) {
    return strcmp(node->name, heard.node) == 0;
}

static hm_status compiled(void *self, hm_planned *planned, hm_error *error) {
    (void)self;
    (void)error;
    for (uint32_t n = 0; n < planned->node_count; n++) {
        heard.is_spread |= is_it(&planned->nodes[n]) && planned->nodes[n].is_spread;
    }
    return HM_OK;
}

static void rows_began(void *self, hm_running *running, const hm_planned_node *node,
        size_t first, size_t count) {
    (void)self;
    (void)running;
    ck_assert_ptr_null(here.node);
    here.node = node;
    here.first = first;
    here.count = count;
    for (size_t row = first; is_it(node) && row < first + count; row++) {
        atomic_fetch_add(&heard.covered[row], 1);
    }
    atomic_fetch_add(&heard.blocks, is_it(node));
}

static void rows_ended(void *self, hm_running *running, const hm_planned_node *node,
        size_t first, size_t count) {
    (void)self;
    (void)running;
    ck_assert_ptr_eq(here.node, node);
    ck_assert_uint_eq(here.first, first);
    ck_assert_uint_eq(here.count, count);
    here.node = NULL;
    atomic_fetch_add(&heard.ended, is_it(node) ? (int)count : 0);
}

static void sleep_began(void *self, uint64_t sleep) {
    (void)self;
    atomic_fetch_add(&heard.sleeps, 1);
    bool is_new = atomic_exchange(&heard.of[sleep % MOST_SLEEPS], 'b') == 0;
    atomic_fetch_add(&heard.strange, !is_new);
}

static void sleep_ended(void *self, uint64_t sleep) {
    (void)self;
    bool was_asleep = atomic_exchange(&heard.of[sleep % MOST_SLEEPS], 'e') == 'b';
    atomic_fetch_add(&heard.strange, !was_asleep);
}

static void wake_sent(void *self, uint64_t sleep) {
    (void)self;
    bool is_asleep = atomic_load(&heard.of[sleep % MOST_SLEEPS]) == 'b';
    atomic_fetch_add(is_asleep ? &heard.woken : &heard.strange, 1);
}

static const hm_adapter listener = {.struct_size = sizeof(hm_adapter),
        .name = "listener",
        .wants = hm_want_to_see,
        .plan_compiled = compiled,
        .rows_began = rows_began,
        .rows_ended = rows_ended,
        .sleep_began = sleep_began,
        .sleep_ended = sleep_ended,
        .wake_sent = wake_sent};

static void listen_to(const char *node) {
    memset(&heard, 0, sizeof heard);
    heard.node = node;
}

static hm_driver *driver_of(uint32_t thread_count) {
    static const hm_adapter *const adapters[] = {&listener};
    static const hm_limit_option limit = {"db", 1};
    hm_driver_options options = hm_controlled_options(thread_count);
    options.limits = &limit;
    options.limit_count = strcmp(heard.node, "limited") == 0;
    options.adapters = adapters;
    options.adapter_count = 1;
    return hm_controlled_driver(&options);
}

static hm_status execute(hm_driver *driver, const char *wanted, size_t length) {
    static double rows[ROWS];
    hm_request request = hm_controlled_request(&wanted, 1);
    hm_binding input = {"x", hm_value_many(&hm_type_double, rows, length)};
    request.inputs = length > 0 ? &input : request.inputs;
    hm_results *results = NULL;
    hm_status status = hm_driver_execute(driver, &request, &results, NULL);
    hm_results_destroy(results);
    return status;
}

static void expect_each_row_once(size_t length) {
    ck_assert(heard.is_spread);
    ck_assert_int_eq(atomic_load(&heard.ended), (int)length);
    for (size_t row = 0; row < length; row++) {
        ck_assert_int_eq(atomic_load(&heard.covered[row]), 1);
    }
}

START_TEST(rows_of_a_pipeline_are_worked_on_block_by_block) {
    for (uint32_t threads = 1; threads <= 4; threads *= 2) {
        hm_controlled_begin();
        hm_controlled_add("a", "x", hm_controlled_next);
        hm_controlled_add("b", "a", hm_controlled_next);
        listen_to("a");
        hm_driver *driver = driver_of(threads);
        ck_assert_int_eq(execute(driver, "b", ROWS), HM_OK);
        expect_each_row_once(ROWS);
        ck_assert_int_gt(atomic_load(&heard.blocks), 1);
        hm_driver_destroy(driver);
        hm_controlled_end();
    }
}
END_TEST

START_TEST(a_reduction_is_worked_on_chunk_by_chunk) {
    hm_reductions_begin();
    listen_to("total");
    hm_driver *driver = driver_of(2);
    static const char *const wanted[] = {"total"};
    hm_binding inputs[2];
    hm_request request = hm_reductions_request(wanted, 1, inputs, ROWS);
    hm_results *results = NULL;
    ck_assert_int_eq(hm_driver_execute(driver, &request, &results, NULL), HM_OK);
    hm_results_destroy(results);
    expect_each_row_once(ROWS);
    ck_assert_int_eq(atomic_load(&heard.blocks),
            (ROWS + HM_REDUCTIONS_CHUNK - 1) / HM_REDUCTIONS_CHUNK);
    hm_driver_destroy(driver);
    hm_controlled_end();
}
END_TEST

START_TEST(rows_of_an_asynchronous_node_are_started_one_by_one) {
    hm_controlled_begin();
    hm_later_begin();
    hm_later_add("a", "x", hm_later_timer);
    listen_to("a");
    hm_driver *driver = driver_of(2);
    ck_assert_int_eq(execute(driver, "a", 20), HM_OK);
    expect_each_row_once(20);
    ck_assert_int_eq(atomic_load(&heard.blocks), 20);
    hm_driver_destroy(driver);
    hm_later_end();
    hm_controlled_end();
}
END_TEST

START_TEST(a_node_with_a_limit_is_worked_on_where_its_function_is_called) {
    hm_controlled_begin();
    hm_controlled_limit(hm_controlled_add("limited", "x", hm_controlled_next));
    listen_to("limited");
    hm_driver *driver = driver_of(2);
    ck_assert_int_eq(execute(driver, "limited", 0), HM_OK);
    expect_each_row_once(1);
    hm_driver_destroy(driver);
    hm_controlled_end();
}
END_TEST

START_TEST(a_node_that_is_called_once_is_not_spread) {
    hm_controlled_begin();
    hm_controlled_add("a", "x", hm_controlled_next);
    hm_controlled_add("b", "a", hm_controlled_next);
    listen_to("a");
    hm_driver *driver = driver_of(2);
    ck_assert_int_eq(execute(driver, "b", 0), HM_OK);
    ck_assert(!heard.is_spread);
    ck_assert_int_eq(atomic_load(&heard.blocks), 0);
    hm_driver_destroy(driver);
    hm_controlled_end();
}
END_TEST

// While the caller waits a helper has the node, and when it is done wakes the caller.
START_TEST(threads_that_sleep_are_told_of_and_who_wakes_them) {
    hm_controlled_begin();
    hm_controlled_add("a", "x", hm_controlled_slow);
    listen_to("a");
    hm_driver *driver = driver_of(3);
    static const char *const wanted[] = {"a"};
    hm_request request = hm_controlled_request(wanted, 1);
    request.caller_waits = true;
    while (atomic_load(&heard.woken) == 0) {
        hm_results *results = NULL;
        ck_assert_int_eq(hm_driver_execute(driver, &request, &results, NULL), HM_OK);
        hm_results_destroy(results);
    }
    hm_driver_destroy(driver);
    ck_assert_int_gt(atomic_load(&heard.sleeps), 0);
    ck_assert_int_eq(atomic_load(&heard.strange), 0);
    hm_controlled_end();
}
END_TEST

// A driver of its own keeps the pool; the one that listens is gone.
START_TEST(who_is_gone_hears_no_more) {
    hm_controlled_begin();
    hm_controlled_add("a", "x", hm_controlled_slow);
    listen_to("a");
    hm_driver_options options = hm_controlled_options(3);
    hm_driver *other = hm_controlled_driver(&options);
    hm_driver_destroy(driver_of(3));
    int sleeps = atomic_load(&heard.sleeps);
    for (int i = 0; i < 20; i++) {
        ck_assert_int_eq(execute(other, "a", 0), HM_OK);
    }
    ck_assert_int_eq(atomic_load(&heard.sleeps), sleeps);
    hm_driver_destroy(other);
    hm_controlled_end();
}
END_TEST

static atomic_uint numbers; // a bit for each worker that was seen

static hm_status note_number(void *self, hm_call *call, hm_error *error) {
    (void)self;
    (void)call;
    (void)error;
    uint32_t number = hm_worker_number();
    atomic_fetch_or(&numbers, number == HM_NONE ? 1u << 31 : 1u << number % 31);
    return HM_OK;
}

START_TEST(helpers_have_numbers_and_callers_none) {
    hm_controlled_begin();
    hm_controlled_add("a", "x", hm_controlled_next);
    hm_adapter adapter = {.struct_size = sizeof(hm_adapter),
            .name = "numbers",
            .wants = hm_want_to_see,
            .after = note_number};
    const hm_adapter *const adapters[] = {&adapter};
    for (int waits = 0; waits < 2; waits++) {
        atomic_store(&numbers, 0);
        hm_driver_options options = hm_controlled_options(1 + (uint32_t)waits);
        options.adapters = adapters;
        options.adapter_count = 1;
        hm_driver *driver = hm_controlled_driver(&options);
        static const char *const wanted[] = {"a"};
        hm_request request = hm_controlled_request(wanted, 1);
        request.caller_waits = waits;
        hm_results *results = NULL;
        ck_assert_int_eq(hm_driver_execute(driver, &request, &results, NULL), HM_OK);
        hm_results_destroy(results);
        ck_assert_int_eq(atomic_load(&numbers) == 1u << 31, !waits);
        hm_driver_destroy(driver);
    }
    ck_assert_uint_eq(hm_worker_number(), HM_NONE);
    hm_controlled_end();
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("adapter_threads");
    TCase *rows = tcase_create("rows");
    tcase_add_test(rows, rows_of_a_pipeline_are_worked_on_block_by_block);
    tcase_add_test(rows, a_reduction_is_worked_on_chunk_by_chunk);
    tcase_add_test(rows, rows_of_an_asynchronous_node_are_started_one_by_one);
    tcase_add_test(rows, a_node_with_a_limit_is_worked_on_where_its_function_is_called);
    tcase_add_test(rows, a_node_that_is_called_once_is_not_spread);
    suite_add_tcase(suite, rows);
    TCase *threads = tcase_create("threads");
    tcase_add_test(threads, threads_that_sleep_are_told_of_and_who_wakes_them);
    tcase_add_test(threads, who_is_gone_hears_no_more);
    tcase_add_test(threads, helpers_have_numbers_and_callers_none);
    suite_add_tcase(suite, threads);
    return suite;
}
