// test_cache_together.c — a cache, retries, a time limit and a run that keeps going, on
// one node, in all orders: each does what its place says.

#include <pthread.h> // pthread_create: this suite starts threads, by way of the pool
#include <stdatomic.h>
#include <string.h>

#include <hamilton/cache.h>
#include <hamilton/hamilton.h>
#include <hamilton/node.h>
#include <hamilton/retry.h>
#include <hamilton/timeout.h>

#include "tests/support/module_builder.h"
#include "tests/support/suite.h"

#define SLOT(type, index) (*(type *)(void *)((char *)frame + at[index]))

enum { CACHE, RETRY, TIMEOUT, KINDS };

// From the outermost to the innermost.
static const int orders[][KINDS] = {{CACHE, RETRY, TIMEOUT}, {CACHE, TIMEOUT, RETRY},
        {RETRY, CACHE, TIMEOUT}, {RETRY, TIMEOUT, CACHE}, {TIMEOUT, CACHE, RETRY},
        {TIMEOUT, RETRY, CACHE}};

enum { ORDERS = sizeof orders / sizeof *orders };

static const uint64_t short_time = 30000000; // nanoseconds
static const uint64_t long_time = UINT64_C(3600000000000);

static atomic_int base_calls;
static atomic_int other_calls;
static atomic_int failures_left;
static atomic_int hangs_left; // calls that come back when they are told, and fail
static atomic_int lates_left; // the same, but they succeed all the same

static void wait_until_told(void) {
    while (!hm_should_stop()) {
    }
}

static int call_base(void *frame, const uint32_t *at, void *self) {
    (void)self;
    atomic_fetch_add(&base_calls, 1);
    if (atomic_fetch_sub(&failures_left, 1) > 0) {
        return hm_fail("bad luck");
    }
    if (atomic_fetch_sub(&hangs_left, 1) > 0) {
        wait_until_told();
        return hm_fail("told to stop");
    }
    if (atomic_fetch_sub(&lates_left, 1) > 0) {
        wait_until_told();
    }
    SLOT(double, 1) = SLOT(double, 0) * 2;
    return 0;
}

static int call_price(void *frame, const uint32_t *at, void *self) {
    (void)self;
    SLOT(double, 1) = SLOT(double, 0) + 1;
    return 0;
}

static int call_other(void *frame, const uint32_t *at, void *self) {
    (void)self;
    atomic_fetch_add(&other_calls, 1);
    SLOT(double, 1) = SLOT(double, 0) + 10;
    return 0;
}

static hm_module_builder builder;
static hm_driver *driver;
static hm_cache *cache;
static hm_retry *retry;
static hm_timeout *timeout;

static void make_module(void) {
    hm_module_builder_init(&builder);
    hm_builder_function(&builder, "base", call_base, NULL)->version = "1";
    builder.functions[0].flags = HM_FUNCTION_FALLIBLE;
    hm_builder_takes(&builder, "cost", &hm_type_double);
    hm_builder_makes(&builder, "base", &hm_type_double);
    hm_builder_function(&builder, "price", call_price, NULL)->version = "1";
    hm_builder_takes(&builder, "base", &hm_type_double);
    hm_builder_makes(&builder, "price", &hm_type_double);
    hm_builder_function(&builder, "other", call_other, NULL)->version = "1";
    hm_builder_takes(&builder, "cost", &hm_type_double);
    hm_builder_makes(&builder, "other", &hm_type_double);
}

static void make_adapters(uint64_t retries, uint64_t limit) {
    hm_error error;
    hm_cache_options cached = HM_CACHE_OPTIONS_INIT;
    ck_assert_int_eq(hm_cache_create(&cached, &cache, &error), HM_OK);
    hm_node_rule again = {"base", retries};
    hm_retry_options retried = HM_RETRY_OPTIONS_INIT;
    retried.rules = &again;
    retried.rule_count = 1;
    retried.pause = 1000;
    ck_assert_int_eq(hm_retry_create(&retried, &retry, &error), HM_OK);
    hm_node_rule least = {"base", limit};
    hm_timeout_options limited = HM_TIMEOUT_OPTIONS_INIT;
    limited.rules = &least;
    limited.rule_count = 1;
    ck_assert_int_eq(hm_timeout_create(&limited, &timeout, &error), HM_OK);
}

static void begin(int order, uint64_t retries, uint64_t limit) {
    atomic_store(&base_calls, 0);
    atomic_store(&other_calls, 0);
    atomic_store(&failures_left, 0);
    atomic_store(&hangs_left, 0);
    atomic_store(&lates_left, 0);
    make_module();
    make_adapters(retries, limit);
    const hm_adapter *const all[] = {[CACHE] = hm_cache_adapter(cache),
            [RETRY] = hm_retry_adapter(retry),
            [TIMEOUT] = hm_timeout_adapter(timeout)};
    const hm_adapter *adapters[KINDS];
    for (int i = 0; i < KINDS; i++) {
        adapters[i] = all[orders[order][i]];
    }
    const hm_module *modules[] = {&builder.module};
    hm_driver_options options = HM_DRIVER_OPTIONS_INIT;
    options.modules = modules;
    options.module_count = 1;
    options.thread_count = 2;
    options.adapters = adapters;
    options.adapter_count = KINDS;
    hm_error error;
    ck_assert_msg(
            hm_driver_create(&options, &driver, &error) == HM_OK, "%s", error.message);
}

static void end(void) {
    hm_driver_destroy(driver);
    hm_timeout_destroy(timeout);
    hm_retry_destroy(retry);
    hm_cache_destroy(cache);
}

// Whether base, and so the price, was made; the other node is in any case.
static bool run(char message[sizeof(((hm_error *)0)->message)]) {
    static const char *const wanted[] = {"price", "other"};
    hm_binding inputs[] = {{"cost", hm_value_double(4)}};
    hm_request request = HM_REQUEST_INIT;
    request.wanted = wanted;
    request.wanted_count = 2;
    request.inputs = inputs;
    request.input_count = 1;
    request.keep_going = true;
    hm_results *results = NULL;
    hm_error error = {.message = ""};
    hm_status status = hm_driver_execute(driver, &request, &results, &error);
    ck_assert_ptr_nonnull(results);
    bool is_made = status == HM_OK;
    const hm_value *price = hm_results_value(results, 0);
    const hm_value *other = hm_results_value(results, 1);
    ck_assert(is_made == (price != NULL));
    ck_assert(price == NULL || *(const double *)hm_value_data(price) == 9);
    ck_assert_ptr_nonnull(other);
    ck_assert_double_eq(*(const double *)hm_value_data(other), 14);
    ck_assert(is_made || status == HM_NODE_FAILED);
    memcpy(message, error.message, sizeof error.message);
    hm_results_destroy(results);
    return is_made;
}

// How far in an adapter stands.
static int place_of(int order, int kind) {
    int place = 0;
    while (orders[order][place] != kind) {
        place++;
    }
    return place;
}

static char message[sizeof(((hm_error *)0)->message)];

START_TEST(what_succeeds_in_the_end_is_kept_in_all_orders) {
    begin(_i, 3, long_time);
    atomic_store(&failures_left, 2);
    ck_assert(run(message));
    ck_assert_int_eq(atomic_load(&base_calls), 3);
    ck_assert(run(message));
    ck_assert_int_eq(atomic_load(&base_calls), 3);
    ck_assert_int_eq(atomic_load(&other_calls), 1);
    hm_cache_statistics counts = HM_CACHE_STATISTICS_INIT;
    hm_cache_count(cache, &counts);
    ck_assert_uint_eq(counts.computed, 3);
    end();
}
END_TEST

START_TEST(what_fails_for_good_is_not_kept_and_others_go_on) {
    begin(_i, 2, long_time);
    atomic_store(&failures_left, 6);
    for (int i = 1; i <= 2; i++) {
        ck_assert(!run(message));
        ck_assert_ptr_nonnull(strstr(message, "bad luck"));
        ck_assert_int_eq(atomic_load(&base_calls), 3 * i);
        ck_assert_int_eq(atomic_load(&other_calls), 1);
    }
    ck_assert(run(message));
    ck_assert_int_eq(atomic_load(&base_calls), 7);
    end();
}
END_TEST

// The first call hangs until it is told. A limit on each attempt leaves room for the
// second; one on all together does not.
START_TEST(a_limit_is_on_each_attempt_or_on_all_by_its_place) {
    begin(_i, 1, short_time);
    atomic_store(&hangs_left, 1);
    bool is_of_each = place_of(_i, RETRY) < place_of(_i, TIMEOUT);
    // The second one has a limit of its own, within which a busy machine may fail it.
    bool is_made = run(message);
    if (!is_of_each) {
        ck_assert(!is_made);
        ck_assert_int_eq(atomic_load(&base_calls), 1);
    } else {
        ck_assert_int_eq(atomic_load(&base_calls), 2);
    }
    end();
}
END_TEST

// It makes its result too late. Who stands inside of the limit has seen that it was
// made; who stands outside has seen that the node failed.
START_TEST(a_result_that_comes_too_late_is_kept_within_the_limit_only) {
    begin(_i, 1, short_time);
    atomic_store(&lates_left, 100);
    bool keeps = place_of(_i, CACHE) > place_of(_i, TIMEOUT);
    bool tries_again = place_of(_i, RETRY) < place_of(_i, TIMEOUT);
    ck_assert(run(message) == (keeps && tries_again));
    ck_assert_int_eq(atomic_load(&base_calls), keeps || !tries_again ? 1 : 2);
    ck_assert(run(message) == keeps);
    ck_assert_int_eq(atomic_load(&base_calls), keeps ? 1 : tries_again ? 4 : 2);
    end();
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("adapters/cache_together");
    TCase *tests = tcase_create("orders");
    tcase_add_loop_test(
            tests, what_succeeds_in_the_end_is_kept_in_all_orders, 0, ORDERS);
    tcase_add_loop_test(
            tests, what_fails_for_good_is_not_kept_and_others_go_on, 0, ORDERS);
    tcase_add_loop_test(
            tests, a_limit_is_on_each_attempt_or_on_all_by_its_place, 0, ORDERS);
    tcase_add_loop_test(tests,
            a_result_that_comes_too_late_is_kept_within_the_limit_only, 0, ORDERS);
    suite_add_tcase(suite, tests);
    return suite;
}
