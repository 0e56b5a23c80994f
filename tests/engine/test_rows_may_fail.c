// test_rows_may_fail.c — rows that fail are missing, on any number of threads, again
// and again, and told of by count and by the first.

#include <math.h>
#include <pthread.h> // pthread_create: this suite starts threads, by way of the pool
#include <string.h>

#include <hamilton/node.h>

#include "tests/support/controlled.h"
#include "tests/support/recorder.h"
#include "tests/support/suite.h"

enum { ROWS = 50000, STEP = 7 };

static int call_picky(void *frame, const uint32_t *at, void *self) {
    (void)self;
    double x = HM_SLOT(double, 0);
    HM_SLOT(double, 1) = x + 1;
    return fmod(x, STEP) == 3 ? hm_fail("%g is bad", x) : 0;
}

static int call_never(void *frame, const uint32_t *at, void *self) {
    (void)frame;
    (void)at;
    (void)self;
    return 1;
}

static atomic_int told;

static void rows_failed(void *self, hm_running *running, const hm_planned_node *node,
        size_t count, const char *message) {
    (void)self;
    (void)running;
    ck_assert_str_eq(node->name, "a");
    ck_assert_uint_eq(count, (ROWS - 4) / STEP + 1);
    ck_assert_ptr_nonnull(strstr(message, "in row 4: 3 is bad"));
    atomic_fetch_add(&told, 1);
}

static double rows[ROWS];

static hm_plan *plan_of(hm_driver *driver, const char *wanted) {
    for (int i = 0; i < ROWS; i++) {
        rows[i] = i;
    }
    hm_binding input = {"x", hm_value_many(&hm_type_double, rows, ROWS)};
    hm_request request = hm_controlled_request(&wanted, 1);
    request.inputs = &input;
    request.rows_may_fail = true;
    hm_plan *plan;
    ck_assert_int_eq(hm_plan_create(driver, &request, &plan, NULL), HM_OK);
    return plan;
}

START_TEST(rows_that_fail_are_missing_whoever_runs_them) {
    static const hm_want wants[] = {HM_WANT_TO_SEE, HM_WANT_TO_WRAP, HM_WANT_TO_HOLD};
    for (uint32_t threads = 1; threads <= 4; threads *= 2) {
        hm_controlled_begin();
        hm_recorder_begin();
        atomic_store(&told, 0);
        hm_controlled_add("a", "x", call_picky);
        hm_controlled_add("b", "a", hm_controlled_next);
        hm_recorder watcher;
        hm_recorder_init(&watcher, "A", "a");
        watcher.want = wants[_i];
        watcher.adapter.rows_failed = rows_failed;
        const hm_adapter *const adapters[] = {&watcher.adapter};
        hm_driver_options options = hm_controlled_options(threads);
        options.adapters = adapters;
        options.adapter_count = 1;
        hm_driver *driver = hm_controlled_driver(&options);
        hm_plan *plan = plan_of(driver, "b");
        hm_run *run = hm_controlled_run(plan);
        for (int i = 0; i < 5; i++) {
            ck_assert_int_eq(hm_run_execute(run, NULL), HM_OK);
            hm_value b;
            ck_assert_int_eq(hm_run_get(run, "b", &b, NULL), HM_OK);
            const double *made = b.many.data;
            for (int r = 0; r < ROWS; r++) {
                bool is_missing = r % STEP == 3;
                ck_assert(is_missing ? made[r] != made[r] : made[r] == r + 2);
            }
        }
        ck_assert_int_eq(atomic_load(&told), 5);
        hm_run_destroy(run);
        hm_plan_destroy(plan);
        hm_driver_destroy(driver);
        hm_controlled_end();
    }
}
END_TEST

START_TEST(a_node_all_of_whose_rows_fail_makes_nothing_but_gaps) {
    hm_controlled_begin();
    hm_controlled_add("a", "x", call_never);
    hm_driver_options options = hm_controlled_options(2);
    hm_driver *driver = hm_controlled_driver(&options);
    hm_plan *plan = plan_of(driver, "a");
    hm_run *run = hm_controlled_run(plan);
    ck_assert_int_eq(hm_run_execute(run, NULL), HM_OK);
    hm_value a;
    ck_assert_int_eq(hm_run_get(run, "a", &a, NULL), HM_OK);
    for (int r = 0; r < ROWS; r++) {
        ck_assert(isnan(((const double *)a.many.data)[r]));
    }
    hm_run_destroy(run);
    hm_plan_destroy(plan);
    hm_driver_destroy(driver);
    hm_controlled_end();
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("rows_may_fail");
    TCase *gaps = tcase_create("gaps");
    tcase_add_loop_test(gaps, rows_that_fail_are_missing_whoever_runs_them, 0, 3);
    tcase_add_test(gaps, a_node_all_of_whose_rows_fail_makes_nothing_but_gaps);
    suite_add_tcase(suite, gaps);
    return suite;
}
