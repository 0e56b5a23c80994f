// test_faults.c — nodes are slow and fail as it was asked for, the same each time.

#include <pthread.h> // pthread_create: this suite starts threads, by way of the pool
#include <string.h>
#include <time.h>

#include <hamilton/faults.h>
#include <hamilton/retry.h>

#include "tests/support/controlled.h"
#include "tests/support/suite.h"

static hm_fault_injection *injection;
static hm_error last;

static void set_up(void) {
    static const hm_argument arguments[] = {
            {.kind = HM_ARGUMENT_NAME, .text = "remote"},
            {.kind = HM_ARGUMENT_STRING, .text = "yes"}};
    static const hm_modifier tag = {
            .name = "tag", .arguments = arguments, .argument_count = 2};
    injection = NULL;
    hm_controlled_begin();
    hm_controlled_add("a", "x", hm_controlled_next);
    hm_function *b = hm_controlled_add("b", "a", hm_controlled_next);
    b->modifiers = &tag;
    b->modifier_count = 1;
}

static hm_status make(const hm_fault *faults, size_t count, uint64_t seed) {
    hm_faults_options options = HM_FAULTS_OPTIONS_INIT;
    options.items = faults;
    options.count = count;
    options.seed = seed;
    options.allocator = &controlled.memory.allocator;
    return hm_fault_injection_create(&options, &injection, &last);
}

static hm_status create_with(
        hm_driver **driver, const hm_adapter *outer, uint32_t thread_count) {
    const hm_adapter *adapters[2] = {outer, hm_fault_injection_adapter(injection)};
    hm_driver_options options = hm_controlled_options(thread_count);
    options.adapters = adapters + (outer == NULL);
    options.adapter_count = 1 + (outer != NULL);
    return hm_driver_create(&options, driver, &last);
}

static hm_status create(hm_driver **driver, const hm_adapter *outer) {
    return create_with(driver, outer, 2);
}

static hm_status ask(const hm_driver *driver, const char *wanted) {
    hm_request request = hm_controlled_request(&wanted, 1);
    hm_results *results = NULL;
    hm_status status = hm_driver_execute(driver, &request, &results, &last);
    hm_results_destroy(results);
    return status;
}

static void end(hm_driver *driver) {
    hm_driver_destroy(driver);
    hm_fault_injection_destroy(injection);
    hm_controlled_end();
}

START_TEST(the_call_of_a_number_fails) {
    const hm_fault faults[] = {{.node = "a", .fail_at = 3, .message = "the third"}};
    ck_assert_int_eq(make(faults, 1, 0), HM_OK);
    hm_driver *driver;
    ck_assert_int_eq(create(&driver, NULL), HM_OK);
    for (uint64_t i = 1; i <= 5; i++) {
        ck_assert_int_eq(ask(driver, "b"), i == 3 ? HM_NODE_FAILED : HM_OK);
        ck_assert(i != 3 || strstr(last.message, "node `a` failed: the third") != NULL);
        ck_assert_uint_eq(hm_fault_injection_calls(injection, "a"), i);
    }
    ck_assert_uint_eq(hm_fault_injection_calls(injection, "b"), 0); // not watched
    end(driver);
}
END_TEST

START_TEST(who_calls_again_has_another_call) {
    const hm_fault faults[] = {{.node = "a", .fail_at = 1}};
    ck_assert_int_eq(make(faults, 1, 0), HM_OK);
    hm_retry_options options = HM_RETRY_OPTIONS_INIT;
    const hm_node_rule rule = {"a", 1};
    options.rules = &rule;
    options.rule_count = 1;
    options.pause = 1000;
    hm_retry *retry;
    ck_assert_int_eq(hm_retry_create(&options, &retry, &last), HM_OK);
    hm_driver *driver;
    ck_assert_int_eq(create(&driver, hm_retry_adapter(retry)), HM_OK);
    ck_assert_int_eq(ask(driver, "b"), HM_OK);
    ck_assert_uint_eq(hm_fault_injection_calls(injection, "a"), 2);
    hm_driver_destroy(driver);
    hm_retry_destroy(retry);
    hm_fault_injection_destroy(injection);
    hm_controlled_end();
}
END_TEST

// Which of 64 calls failed, a bit each.
static uint64_t fail_some(const hm_fault *fault, uint64_t seed) {
    ck_assert_int_eq(make(fault, 1, seed), HM_OK);
    hm_driver *driver;
    ck_assert_int_eq(create(&driver, NULL), HM_OK);
    uint64_t failed = 0;
    for (int i = 0; i < 64; i++) {
        failed |= (uint64_t)(ask(driver, "b") != HM_OK) << i;
    }
    hm_driver_destroy(driver);
    hm_fault_injection_destroy(injection);
    return failed;
}

START_TEST(what_is_random_is_the_same_for_a_seed) {
    const hm_fault some = {.tag = "remote", .probability = 0.25};
    uint64_t failed = fail_some(&some, 7);
    ck_assert(failed == fail_some(&some, 7));
    ck_assert(failed != fail_some(&some, 8));
    int count = __builtin_popcountll(failed);
    ck_assert_msg(count > 4 && count < 32, "%d", count);
    const hm_fault all = {.probability = 1};
    ck_assert(fail_some(&all, 1) == UINT64_MAX);
    const hm_fault none = {.probability = 0};
    ck_assert(fail_some(&none, 1) == 0);
    hm_controlled_end();
}
END_TEST

static uint64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * UINT64_C(1000000000) + (uint64_t)time.tv_nsec;
}

START_TEST(delays_add_up_and_end_with_the_run) {
    const hm_fault faults[] = {{.node = "a", .delay = 3 * HM_MILLISECONDS},
            {.delay = 2 * HM_MILLISECONDS}};
    ck_assert_int_eq(make(faults, 2, 0), HM_OK);
    hm_driver *driver;
    ck_assert_int_eq(create(&driver, NULL), HM_OK);
    uint64_t before = now();
    ck_assert_int_eq(ask(driver, "b"), HM_OK);
    ck_assert_uint_ge(now() - before, 7 * HM_MILLISECONDS);
    hm_driver_destroy(driver);
    hm_fault_injection_destroy(injection);

    // Of an hour nothing is waited for when nobody waits for the run.
    const hm_fault hour = {.node = "a", .delay = UINT64_C(3600000) * HM_MILLISECONDS};
    ck_assert_int_eq(make(&hour, 1, 0), HM_OK);
    ck_assert_int_eq(create(&driver, NULL), HM_OK);
    hm_plan *plan = hm_controlled_plan(driver, "b", 2 * HM_MILLISECONDS);
    hm_run *busy = hm_controlled_run(plan);
    ck_assert_int_eq(hm_run_execute(busy, &last), HM_DEADLINE);
    while (hm_run_is_busy(busy)) {
        hm_controlled_nap(HM_MILLISECONDS);
    }
    hm_run_destroy(busy);
    hm_plan_destroy(plan);
    end(driver);
}
END_TEST

START_TEST(what_cannot_be_is_refused) {
    static const struct {
        hm_fault fault;
        const char *said;
    } cases[] = {{{.node = "c"}, "a fault names `c`, which is no node"},
            {{.tag = "far"}, "a fault names the tag `far`, which no node has"},
            {{.node = "x"}, "a fault names `x`, which is an input"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ck_assert_int_eq(make(&cases[i].fault, 1, 0), HM_OK);
        hm_driver *driver;
        ck_assert_int_eq(create(&driver, NULL), HM_ADAPTER_FAILED);
        ck_assert_msg(strstr(last.message, cases[i].said) != NULL, "%s", last.message);
        hm_fault_injection_destroy(injection);
    }
    const hm_fault much = {.probability = 1.5};
    ck_assert_int_eq(make(&much, 1, 0), HM_BAD_ARGUMENT);
    ck_assert_str_eq(
            last.message, "the probability of fault 0 is from 0 to 1, but is 1.5");
    hm_controlled_end();
}
END_TEST

START_TEST(memory_runs_out_at_any_point) {
    const hm_fault faults[] = {{.node = "a", .fail_at = 9}, {.tag = "remote"}};
    hm_status status = HM_NO_MEMORY;
    for (size_t at = 1; status != HM_OK; at++) {
        controlled.memory.fail_at = atomic_load(&controlled.memory.calls) + at;
        status = make(faults, 2, 0);
        hm_driver *driver = NULL;
        if (status == HM_OK) {
            status = create_with(&driver, NULL, 1);
        }
        if (status == HM_OK) {
            status = ask(driver, "b");
        }
        ck_assert(status == HM_OK || status == HM_NO_MEMORY);
        hm_driver_destroy(driver);
        hm_fault_injection_destroy(injection);
        injection = NULL;
    }
    controlled.memory.fail_at = 0;
    hm_controlled_end();
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("adapters/faults");
    TCase *tests = tcase_create("faults");
    tcase_add_checked_fixture(tests, set_up, NULL);
    tcase_add_test(tests, the_call_of_a_number_fails);
    tcase_add_test(tests, who_calls_again_has_another_call);
    tcase_add_test(tests, what_is_random_is_the_same_for_a_seed);
    tcase_add_test(tests, delays_add_up_and_end_with_the_run);
    tcase_add_test(tests, what_cannot_be_is_refused);
    tcase_add_test(tests, memory_runs_out_at_any_point);
    suite_add_tcase(suite, tests);
    return suite;
}
