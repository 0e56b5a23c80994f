// Runs with a cache: what is found, what is computed and why, and who waits for whom.

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <uv.h>

#include "tests/support/cache_folder.h"
#include "tests/support/cached_runs.h"
#include "tests/support/failing_allocator.h"
#include "tests/support/suite.h"
#include "tests/support/system_calls.h"

static hm_cached_runs runs;
static hm_cache_folder folder;

// Each case runs in memory and in a folder.
static void set_up(bool is_directory) {
    hm_cached_make_module();
    if (is_directory) {
        hm_cache_folder_init(&folder);
    }
    hm_cached_runs_init(&runs, is_directory ? folder.path : NULL, NULL);
}

static void tear_down(bool is_directory) {
    hm_cached_runs_finish(&runs);
    if (is_directory) {
        hm_cache_folder_finish(&folder);
    }
}

static void check_calls(int base, int rounded, int tax, int price) {
    ck_assert_int_eq(atomic_load(&hm_cached_calls_made->base), base);
    ck_assert_int_eq(atomic_load(&hm_cached_calls_made->rounded), rounded);
    ck_assert_int_eq(atomic_load(&hm_cached_calls_made->tax), tax);
    ck_assert_int_eq(atomic_load(&hm_cached_calls_made->price), price);
}

START_TEST(the_second_run_finds_everything_and_loads_what_is_wanted) {
    set_up(_i);
    ck_assert_double_eq(hm_cached_runs_execute(&runs, "price", 4.25), 14);
    check_calls(1, 1, 1, 1);
    ck_assert_ptr_nonnull(
            strstr(runs.decisions, "base=computed (it was not computed before) "));
    ck_assert_double_eq(hm_cached_runs_execute(&runs, "price", 4.25), 14);
    check_calls(1, 1, 1, 1);
    ck_assert_str_eq(runs.decisions, "price=found tax=found rounded=found base=found ");
    hm_cache_statistics counts = hm_cached_runs_count(&runs);
    ck_assert_uint_eq(counts.computed, 4);
    ck_assert_uint_eq(counts.found, 4);
    ck_assert_uint_eq(counts.loaded, 1); // the price
    ck_assert_str_eq(hm_cache_trouble(runs.cache), "");
    // Part of it is wanted.
    ck_assert_double_eq(hm_cached_runs_execute(&runs, "rounded", 4.25), 8);
    check_calls(1, 1, 1, 1);
    tear_down(_i);
}
END_TEST

START_TEST(adapters_on_either_side_hear_of_all_decisions) {
    set_up(_i);
    runs.listens_behind = true;
    ck_assert_double_eq(hm_cached_runs_execute(&runs, "price", 4.25), 14);
    ck_assert_ptr_nonnull(
            strstr(runs.decisions, "base=computed (it was not computed before) "));
    ck_assert_double_eq(hm_cached_runs_execute(&runs, "price", 4.25), 14);
    ck_assert_str_eq(runs.decisions, "price=found tax=found rounded=found base=found ");
    tear_down(_i);
}
END_TEST

START_TEST(an_equal_result_lets_those_that_follow_be_found) {
    set_up(_i);
    ck_assert_double_eq(hm_cached_runs_execute(&runs, "price", 4.25), 14);
    ck_assert_double_eq(hm_cached_runs_execute(&runs, "price", 4.3), 14);
    check_calls(2, 2, 1, 1); // base is another, rounded is the same
    ck_assert_ptr_nonnull(strstr(runs.decisions, "base=computed (`cost` has changed)"));
    ck_assert_ptr_nonnull(
            strstr(runs.decisions, "rounded=computed (`base` has changed)"));
    ck_assert_ptr_nonnull(strstr(runs.decisions, "price=found"));
    ck_assert_double_eq(hm_cached_runs_execute(&runs, "price", 5), 16);
    check_calls(3, 3, 1, 2);
    // What was there before is still known.
    ck_assert_double_eq(hm_cached_runs_execute(&runs, "price", 4.25), 14);
    check_calls(3, 3, 1, 2);
    tear_down(_i);
}
END_TEST

START_TEST(new_code_is_run_and_what_depends_on_its_result) {
    set_up(_i);
    ck_assert_double_eq(hm_cached_runs_execute(&runs, "price", 4.25), 14);
    hm_cached_function("base")->version = "2"; // does the same
    ck_assert_double_eq(hm_cached_runs_execute(&runs, "price", 4.25), 14);
    check_calls(2, 1, 1, 1);
    ck_assert_ptr_nonnull(strstr(runs.decisions,
            "base=computed (the code of `base` (test.c:1), or something it uses, has "
            "changed)"));
    ck_assert_ptr_nonnull(strstr(runs.decisions, "rounded=found"));
    hm_cached_function("rounded")->call = hm_cached_function("base")->call;
    hm_cached_function("rounded")->version = "2"; // does something else
    ck_assert_double_eq(hm_cached_runs_execute(&runs, "price", 4.25), 23);
    check_calls(3, 1, 1, 2);
    ck_assert_ptr_nonnull(strstr(runs.decisions, "base=found"));
    ck_assert_ptr_nonnull(
            strstr(runs.decisions, "price=computed (`rounded` has changed)"));
    tear_down(_i);
}
END_TEST

START_TEST(what_has_no_key_is_passed_by_and_says_why) {
    set_up(_i);
    hm_cached_function("base")->flags |= HM_FUNCTION_STATEFUL;
    hm_cached_function("tax")->version = NULL;
    for (int i = 1; i <= 2; i++) {
        ck_assert_double_eq(hm_cached_runs_execute(&runs, "price", 4.25), 14);
        check_calls(i, 1, i, 1); // what follows is found by what they make
    }
    ck_assert_ptr_nonnull(
            strstr(runs.decisions, "base=passed by (its function reads or writes a "
                                   "variable that lasts)"));
    ck_assert_ptr_nonnull(strstr(runs.decisions,
            "tax=passed by (nobody says which version of its code this is)"));
    ck_assert_uint_eq(hm_cached_runs_count(&runs).passed_by, 4);
    tear_down(_i);
}
END_TEST

static void begin_with_rules(
        bool is_directory, const hm_cache_rule *rules, size_t count) {
    set_up(is_directory);
    hm_cached_runs_finish(&runs);
    hm_cache_options options = HM_CACHE_OPTIONS_INIT;
    options.rules = rules;
    options.rule_count = count;
    hm_cached_runs_init(&runs, is_directory ? folder.path : NULL, &options);
}

START_TEST(behaviours_are_chosen_by_name) {
    const hm_cache_rule rules[] = {{.name = "base", .behaviour = HM_CACHE_RECOMPUTE},
            {.name = "tax", .behaviour = HM_CACHE_DISABLE}};
    begin_with_rules(_i, rules, 2);
    for (int i = 1; i <= 2; i++) {
        ck_assert_double_eq(hm_cached_runs_execute(&runs, "price", 4.25), 14);
        check_calls(i, 1, i, 1);
    }
    ck_assert_ptr_nonnull(
            strstr(runs.decisions, "base=computed (it is to be computed each time)"));
    ck_assert_ptr_nonnull(
            strstr(runs.decisions, "tax=passed by (it is not to be cached)"));
    tear_down(_i);
}
END_TEST

START_TEST(what_is_ignored_changes_nothing_that_follows) {
    const hm_cache_rule rules[] = {{.name = "rounded", .behaviour = HM_CACHE_IGNORE}};
    begin_with_rules(_i, rules, 1);
    ck_assert_double_eq(hm_cached_runs_execute(&runs, "price", 4.25), 14);
    ck_assert_double_eq(
            hm_cached_runs_execute(&runs, "price", 9), 14); // as it was told
    check_calls(1, 1, 1, 1);
    tear_down(_i);
}
END_TEST

static int call_flaky(void *frame, const uint32_t *at, void *self) {
    (void)frame;
    (void)self;
    (void)at;
    return 1;
}

START_TEST(failures_are_not_kept) {
    set_up(_i);
    hm_call_thunk *good = hm_cached_function("rounded")->call;
    hm_cached_function("rounded")->call = call_flaky;
    const hm_module *modules[] = {&hm_cached_module.module};
    const hm_adapter *adapters[] = {hm_cache_adapter(runs.cache)};
    hm_driver_options options = HM_DRIVER_OPTIONS_INIT;
    options.modules = modules;
    options.module_count = 1;
    options.adapters = adapters;
    options.adapter_count = 1;
    hm_driver *driver;
    ck_assert_int_eq(hm_driver_create(&options, &driver, NULL), HM_OK);
    const char *wanted = "price";
    hm_binding inputs[] = {{"cost", hm_value_double(4.25)}};
    hm_request request = HM_REQUEST_INIT;
    request.wanted = &wanted;
    request.wanted_count = 1;
    request.inputs = inputs;
    request.input_count = 1;
    hm_results *results = NULL;
    for (int i = 0; i < 2; i++) {
        ck_assert_int_eq(
                hm_driver_execute(driver, &request, &results, NULL), HM_NODE_FAILED);
        hm_results_destroy(results);
    }
    hm_driver_destroy(driver);
    ck_assert_int_eq(atomic_load(&hm_cached_calls_made->base), 1);
    hm_cached_function("rounded")->call = good;
    ck_assert_double_eq(hm_cached_runs_execute(&runs, "price", 4.25), 14);
    check_calls(1, 1, 1, 1);
    tear_down(_i);
}
END_TEST

START_TEST(damaged_values_are_computed_again) {
    set_up(true);
    ck_assert_double_eq(hm_cached_runs_execute(&runs, "price", 4.25), 14);
    size_t count = hm_cache_folder_count(&folder, "values-1", 0, NULL);
    for (size_t i = 0; i < count; i++) {
        char path[512];
        hm_cache_folder_count(&folder, "values-1", i, path);
        ck_assert_int_eq(truncate(path, 140), 0);
    }
    ck_assert_double_eq(hm_cached_runs_execute(&runs, "price", 4.25), 14);
    check_calls(2, 2, 2, 2);
    ck_assert_ptr_nonnull(
            strstr(runs.decisions, "price=computed (what was kept of it is gone)"));
    ck_assert_uint_gt(hm_cached_runs_count(&runs).damaged, 0);
    ck_assert_double_eq(hm_cached_runs_execute(&runs, "price", 4.25), 14);
    check_calls(2, 2, 2, 2);
    tear_down(true);
}
END_TEST

// The run goes on without the cache, and says so.
START_TEST(troubles_do_not_reach_the_run) {
    set_up(true);
    for (size_t at = 1; at < 200; at += 3) {
        hm_system_calls_fail(at, at % 2 == 0 ? ENOSPC : EMFILE, at % 3 == 0);
        ck_assert_double_eq(hm_cached_runs_execute(&runs, "price", (double)at), //
                2 * (double)at + 6);
        hm_system_calls_heal();
    }
    ck_assert_uint_gt(hm_cached_runs_count(&runs).troubles, 0);
    ck_assert_ptr_nonnull(strstr(hm_cache_trouble(runs.cache), "cache"));
    tear_down(true);
}
END_TEST

START_TEST(memory_that_runs_out_does_not_reach_the_run) {
    hm_failing_allocator failing;
    hm_failing_allocator_init(&failing);
    for (size_t at = 1; at < 60; at++) {
        hm_cached_make_module();
        hm_cache_options options = HM_CACHE_OPTIONS_INIT;
        options.allocator = &failing.allocator;
        hm_cached_runs_init(&runs, NULL, &options);
        ck_assert_double_eq(hm_cached_runs_execute(&runs, "base", 1), 2);
        failing.calls = 0;
        // The plan's own memory, which comes first, has to be had.
        failing.fail_at = 4 + at;
        failing.for_good = at % 2 == 0;
        ck_assert_double_eq(hm_cached_runs_execute(&runs, "price", 4.25), 14);
        failing.fail_at = 0;
        hm_cached_runs_finish(&runs);
        ck_assert_uint_eq(failing.live, 0);
    }
}
END_TEST

enum { THREADS = 4 };

static void run_once(void *argument) {
    hm_cached_runs *shared = argument;
    hm_cached_runs own = *shared; // its own decisions
    own.listener.self = &own;
    for (int i = 0; i < 5; i++) {
        if (hm_cached_runs_execute(&own, "price", (double)i) != 2 * i + 6) {
            abort();
        }
    }
}

START_TEST(runs_at_the_same_time_compute_each_node_once) {
    set_up(_i);
    runs.thread_count = 2;
    uv_thread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++) {
        ck_assert_int_eq(uv_thread_create(&threads[i], run_once, &runs), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        uv_thread_join(&threads[i]);
    }
    check_calls(5, 5, 1, 5);
    ck_assert_str_eq(hm_cache_trouble(runs.cache), "");
    tear_down(_i);
}
END_TEST

START_TEST(processes_at_the_same_time_compute_each_node_once) {
    enum { PROCESSES = 2, RUNS = 8 };
    hm_cached_make_module();
    hm_cache_folder_init(&folder);
    pid_t children[PROCESSES];
    for (int i = 0; i < PROCESSES; i++) {
        children[i] = fork();
        if (children[i] == 0) {
            hm_cached_runs_init(&runs, folder.path, NULL);
            runs.thread_count = 2;
            bool is_right = true;
            for (int k = 0; k < RUNS; k++) {
                is_right = is_right && hm_cached_runs_execute(
                                               &runs, "price", (double)k) == 2 * k + 6;
            }
            is_right = is_right && hm_cache_trouble(runs.cache)[0] == '\0';
            hm_cached_runs_finish(&runs);
            _exit(is_right ? 0 : 1);
        }
    }
    for (int i = 0; i < PROCESSES; i++) {
        int status;
        ck_assert_int_eq(waitpid(children[i], &status, 0), children[i]);
        ck_assert_int_eq(status, 0);
    }
    check_calls(RUNS, RUNS, 1, RUNS);
    hm_cache_folder_finish(&folder);
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("adapters/cache_runs");
    TCase *tests = tcase_create("runs");
    tcase_set_timeout(tests, 120);
    tcase_add_loop_test(
            tests, the_second_run_finds_everything_and_loads_what_is_wanted, 0, 2);
    tcase_add_loop_test(tests, adapters_on_either_side_hear_of_all_decisions, 0, 2);
    tcase_add_loop_test(tests, an_equal_result_lets_those_that_follow_be_found, 0, 2);
    tcase_add_loop_test(tests, new_code_is_run_and_what_depends_on_its_result, 0, 2);
    tcase_add_loop_test(tests, what_has_no_key_is_passed_by_and_says_why, 0, 2);
    tcase_add_loop_test(tests, behaviours_are_chosen_by_name, 0, 2);
    tcase_add_loop_test(tests, what_is_ignored_changes_nothing_that_follows, 0, 2);
    tcase_add_loop_test(tests, failures_are_not_kept, 0, 2);
    tcase_add_test(tests, damaged_values_are_computed_again);
    tcase_add_test(tests, troubles_do_not_reach_the_run);
    tcase_add_test(tests, memory_that_runs_out_does_not_reach_the_run);
    tcase_add_loop_test(tests, runs_at_the_same_time_compute_each_node_once, 0, 2);
    tcase_add_test(tests, processes_at_the_same_time_compute_each_node_once);
    suite_add_tcase(suite, tests);
    return suite;
}
