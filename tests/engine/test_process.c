// test_process.c — a process that ends, or forks, while nodes are under way: it does
// neither hang nor abort.

#include <pthread.h> // pthread_create: this suite starts threads, by way of the pool
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/controlled.h"
#include "tests/support/suite.h"

enum { RUNS = 8, NAPS = 20 };

static int call_nap(void *frame, const uint32_t *at, void *self) {
    hm_controlled_nap(NAPS * HM_MILLISECONDS);
    return hm_controlled_next(frame, at, self);
}

static void ignore(hm_run *run, const hm_error *error, void *context) {
    (void)run;
    (void)error;
    (void)context;
}

static hm_driver *begin_driver(uint32_t thread_count) {
    hm_controlled_begin();
    hm_controlled_add("a", "x", call_nap);
    hm_controlled_add("b", "x", call_nap);
    hm_controlled_add_sum("sum", "a", "b");
    hm_driver_options options = hm_controlled_options(thread_count);
    return hm_controlled_driver(&options);
}

// Ends as main does when it returns, some milliseconds after it has submitted runs.
static void submit_and_end(int milliseconds) {
    hm_driver *driver = begin_driver(4);
    static const char *const wanted[] = {"sum"};
    hm_request request = hm_controlled_request(wanted, 1);
    static hm_run *runs[RUNS]; // not lost
    static hm_plan *plan;
    if (hm_plan_create(driver, &request, &plan, NULL) != HM_OK) {
        _exit(2);
    }
    for (int i = 0; i < RUNS; i++) {
        if (hm_run_create(plan, &runs[i], NULL) != HM_OK ||
                hm_run_submit(runs[i], ignore, NULL, NULL) != HM_OK) {
            _exit(2);
        }
    }
    hm_controlled_nap((uint64_t)milliseconds * HM_MILLISECONDS);
    exit(0);
}

static int status_of(pid_t child) {
    int status;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_msg(WIFEXITED(status), "ended by signal %d", WTERMSIG(status));
    return WEXITSTATUS(status);
}

START_TEST(a_process_may_end_while_runs_are_under_way) {
    for (int milliseconds = 0; milliseconds < 60; milliseconds += 3) {
        fflush(NULL);
        pid_t child = fork();
        if (child == 0) {
            submit_and_end(milliseconds);
        }
        (void)status_of(child); // sanitizers may miss the end of a thread
    }
}
END_TEST

// The helpers are not the child's: it does not wait for them, and has its own.
START_TEST(a_child_destroys_what_it_inherits_and_executes_anew) {
    hm_driver *driver = begin_driver(4);
    static const char *const wanted[] = {"sum"};
    hm_request request = hm_controlled_request(wanted, 1);
    hm_results *results;
    ck_assert_int_eq(hm_driver_execute(driver, &request, &results, NULL), HM_OK);
    hm_results_destroy(results);
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        hm_driver_destroy(driver);
        hm_driver *own = begin_driver(1);
        request.always_share = false;
        bool is_done = hm_driver_execute(own, &request, &results, NULL) == HM_OK;
        hm_results_destroy(results);
        hm_driver_destroy(own);
        _exit(is_done ? 0 : 1);
    }
    ck_assert_int_eq(status_of(child), 0);
    hm_driver_destroy(driver);
    hm_controlled_end();
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("engine/process");
    TCase *tests = tcase_create("process");
    tcase_add_test(tests, a_process_may_end_while_runs_are_under_way);
    tcase_add_test(tests, a_child_destroys_what_it_inherits_and_executes_anew);
    suite_add_tcase(suite, tests);
    return suite;
}
