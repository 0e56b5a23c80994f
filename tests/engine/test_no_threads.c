// test_no_threads.c — a process that may have only so many threads: runs go on with
// those there are, and in the end on their callers alone.

#define _GNU_SOURCE // RTLD_NEXT
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/controlled.h"
#include "tests/support/suite.h"

enum { MOST = 12, WORKERS = 8, NODES = 24, ROUNDS = 8 };

typedef struct started {
    void *(*work)(void *);
    void *argument;
} started;

static atomic_int live;   // threads beside the first one
static atomic_int room;   // how many there may be
static atomic_int denied; // how many could not be had

static void *count_thread(void *argument) {
    started own = *(started *)argument;
    free(argument);
    void *result = own.work(own.argument);
    atomic_fetch_sub(&live, 1);
    return result;
}

// In the place of the C library's, for libuv's own threads too.
__attribute__((visibility("default"))) int pthread_create(pthread_t *restrict thread,
        const pthread_attr_t *restrict attributes, void *(*work)(void *),
        void *restrict argument) {
    typedef int create(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
    void *symbol = dlsym(RTLD_NEXT, "pthread_create");
    create *real;
    memcpy(&real, &symbol, sizeof real);
    if (atomic_fetch_add(&live, 1) >= atomic_load(&room)) {
        atomic_fetch_sub(&live, 1);
        atomic_fetch_add(&denied, 1);
        return EAGAIN;
    }
    started *own = malloc(sizeof *own);
    *own = (started){work, argument};
    int status = real(thread, attributes, count_thread, own);
    if (status != 0) {
        free(own);
        atomic_fetch_sub(&live, 1);
    }
    return status;
}

static void add_nodes(const char **wanted) {
    static char names[NODES][8];
    for (int i = 0; i < NODES; i++) {
        snprintf(names[i], sizeof names[i], "n%d", i);
        hm_controlled_add(names[i], "x", hm_controlled_slow);
        wanted[i] = names[i];
    }
}

// Each number of threads in a process of its own: libuv's pool is started once.
START_TEST(runs_do_with_the_threads_there_are) {
    atomic_store(&room, _i);
    hm_controlled_begin();
    const char *wanted[NODES];
    add_nodes(wanted);
    hm_driver_options options = hm_controlled_options(WORKERS);
    hm_driver *driver = hm_controlled_driver(&options);
    hm_request request = hm_controlled_request(wanted, NODES);
    for (int round = 0; round < ROUNDS; round++) {
        hm_results *results;
        hm_error error;
        ck_assert_msg(hm_driver_execute(driver, &request, &results, &error) == HM_OK,
                "%s", error.message);
        for (size_t i = 0; i < NODES; i++) {
            ck_assert_double_eq(hm_controlled_value(results, i), 2);
        }
        hm_results_destroy(results);
    }
    ck_assert_int_eq(atomic_load(&controlled.ended), ROUNDS * NODES);
    hm_worker_counts workers = hm_driver_workers(driver);
    ck_assert_uint_le(workers.lent + workers.owned, (unsigned)_i);
    ck_assert(atomic_load(&denied) > 0 || _i > 0);
    hm_driver_destroy(driver);
    hm_controlled_end();
}
END_TEST

static atomic_int told;

static void note_done(hm_run *run, const hm_error *error, void *context) {
    (void)run;
    (void)context;
    ck_assert_int_eq(error->status, HM_OK);
    atomic_fetch_add(&told, 1);
}

// A run that is submitted needs a thread for the loop and one for its nodes. It is
// computed, or refused: it does not wait for ever.
START_TEST(submitting_does_or_says_that_it_cannot) {
    atomic_store(&room, _i);
    hm_controlled_begin();
    const char *wanted[NODES];
    add_nodes(wanted);
    hm_driver_options options = hm_controlled_options(WORKERS);
    hm_driver *driver = hm_controlled_driver(&options);
    hm_request request = hm_controlled_request(wanted, NODES);
    hm_plan *plan;
    hm_run *run;
    hm_error error;
    ck_assert_int_eq(hm_plan_create(driver, &request, &plan, &error), HM_OK);
    ck_assert_int_eq(hm_run_create(plan, &run, &error), HM_OK);
    hm_status status = hm_run_submit(run, note_done, NULL, &error);
    if (status == HM_OK) {
        hm_controlled_wait(&told, 1);
        ck_assert_int_eq(atomic_load(&controlled.ended), NODES);
    } else {
        ck_assert_int_eq(status, HM_NO_MEMORY);
        ck_assert_ptr_nonnull(strstr(error.message, "thread"));
    }
    while (hm_run_is_busy(run)) {
        hm_controlled_nap(HM_MILLISECONDS / 10);
    }
    hm_run_destroy(run);
    hm_plan_destroy(plan);
    hm_driver_destroy(driver);
    hm_controlled_end();
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("no_threads");
    TCase *tcase = tcase_create("no_threads");
    tcase_add_loop_test(tcase, runs_do_with_the_threads_there_are, 0, MOST);
    tcase_add_loop_test(tcase, submitting_does_or_says_that_it_cannot, 0, MOST);
    suite_add_tcase(suite, tcase);
    return suite;
}
