// test_adapters.c — the hooks of adapters around nodes: in which order they come, of
// which nodes, and what is told however a run ends.

#include <pthread.h> // pthread_create: this suite starts threads, by way of the pool
#include <string.h>

#include "engine/plan.h"
#include "engine/plan_state.h"
#include "tests/support/controlled.h"
#include "tests/support/later.h"
#include "tests/support/recorder.h"
#include "tests/support/suite.h"

static hm_recorder A;
static hm_recorder B;

static void begin(void) {
    hm_controlled_begin();
    hm_recorder_begin();
    hm_recorder_init(&A, "A", NULL);
    hm_recorder_init(&B, "B", NULL);
}

static hm_driver *driver_of(uint32_t thread_count, size_t adapter_count) {
    static const hm_adapter *const adapters[] = {&A.adapter, &B.adapter};
    hm_driver_options options = hm_controlled_options(thread_count);
    options.adapters = adapters;
    options.adapter_count = adapter_count;
    return hm_controlled_driver(&options);
}

static void end(hm_driver *driver) {
    hm_driver_destroy(driver);
    ck_assert_int_eq(atomic_load(&A.runs), 0);
    ck_assert_int_eq(atomic_load(&B.runs), 0);
    hm_controlled_end();
}

// Executes a request and says what came out.
static hm_status execute(hm_driver *driver, const hm_request *request, double *value) {
    hm_results *results = NULL;
    hm_error error = {.message = ""};
    hm_status status = hm_driver_execute(driver, request, &results, &error);
    if (results != NULL && value != NULL && hm_results_value(results, 0) != NULL) {
        *value = hm_controlled_value(results, 0);
    }
    hm_results_destroy(results);
    return status;
}

START_TEST(hooks_nest_and_come_in_reverse_after_a_node) {
    begin();
    hm_controlled_add("a", "x", hm_controlled_next);
    hm_controlled_add("b", "a", hm_controlled_next);
    hm_driver *driver = driver_of(1, 2);
    static const char *const wanted[] = {"b"};
    hm_request request = hm_controlled_request(wanted, 1);
    double value = 0;
    ck_assert_int_eq(execute(driver, &request, &value), HM_OK);
    ck_assert_double_eq(value, 3);
    ck_assert_str_eq(hm_recorder_text(), "A[ B[ A>a B>a B<a=ok A<a=ok "
                                         "A>b B>b B<b=ok A<b=ok B]ok A]ok ");
    end(driver);
}
END_TEST

// What a schedule's steps call, and how many there are.
static uint32_t count_hooked(hm_driver *driver, const char *wanted, uint32_t *all) {
    hm_plan *plan = hm_controlled_plan(driver, wanted, 0);
    const hm_schedule *schedule = hm_schedule_take(plan);
    uint32_t hooked = 0;
    *all = schedule->first_step[schedule->tasks.task_count];
    for (uint32_t s = 0; s < *all; s++) {
        hooked += schedule->steps[s].kind == HM_STEP_HOOKED;
    }
    hm_schedule_give_back(plan, (hm_schedule *)(uintptr_t)schedule);
    hm_plan_destroy(plan);
    return hooked;
}

START_TEST(nodes_that_nobody_wants_have_the_steps_that_they_have_without) {
    begin();
    hm_controlled_add("a", "x", hm_controlled_next);
    hm_controlled_add("b", "a", hm_controlled_next);
    hm_controlled_add("c", "b", hm_controlled_next);
    A.only = "b";
    hm_driver *driver = driver_of(1, 1);
    hm_driver *plain = driver_of(1, 0);
    uint32_t with;
    uint32_t without;
    ck_assert_uint_eq(count_hooked(driver, "c", &with), 1);
    ck_assert_uint_eq(count_hooked(plain, "c", &without), 0);
    ck_assert_uint_eq(with, without);
    static const char *const wanted[] = {"c"};
    hm_request request = hm_controlled_request(wanted, 1);
    ck_assert_int_eq(execute(driver, &request, NULL), HM_OK);
    ck_assert_str_eq(hm_recorder_text(), "A[ A>b A<b=ok A]ok ");
    hm_driver_destroy(plain);
    end(driver);
}
END_TEST

// The steps of one plan, without what is addresses of its own.
static uint32_t list_steps(const hm_plan *plan, hm_step steps[64]) {
    hm_schedule *schedule = hm_schedule_take(plan);
    uint32_t count = schedule->first_step[schedule->tasks.task_count];
    ck_assert_uint_lt(count, 64);
    for (uint32_t s = 0; s < count; s++) {
        steps[s] = schedule->steps[s];
        bool is_own = schedule->steps[s].at == &schedule->steps[s].subject;
        steps[s].at = NULL;
        steps[s].self = is_own ? NULL : schedule->steps[s].self;
    }
    hm_schedule_give_back(plan, schedule);
    return count;
}

START_TEST(a_plan_of_which_nothing_is_wanted_is_the_same) {
    begin();
    hm_controlled_add("a", "x", hm_controlled_next);
    hm_controlled_add("b", "a", hm_controlled_next);
    hm_controlled_add_sum("s", "a", "b");
    A.only = "nothing";
    hm_driver *driver = driver_of(1, 1);
    hm_driver *plain = driver_of(1, 0);
    hm_plan *with = hm_controlled_plan(driver, "s", 0);
    hm_plan *without = hm_controlled_plan(plain, "s", 0);
    hm_step steps[2][64] = {0};
    uint32_t count = list_steps(with, steps[0]);
    ck_assert_uint_eq(count, list_steps(without, steps[1]));
    ck_assert_mem_eq(steps[0], steps[1], count * sizeof(hm_step));
    hm_plan_destroy(with);
    hm_plan_destroy(without);
    hm_driver_destroy(plain);
    end(driver);
}
END_TEST

START_TEST(failures_and_what_they_skip_are_told_once) {
    begin();
    hm_controlled_add("a", "x", hm_controlled_bad);
    hm_controlled_add("b", "a", hm_controlled_next);
    hm_controlled_add("c", "b", hm_controlled_next);
    hm_controlled_add("d", "x", hm_controlled_next);
    hm_driver *driver = driver_of(1, 1);
    static const char *const wanted[] = {"d", "c"};
    hm_request request = hm_controlled_request(wanted, 2);
    request.keep_going = true;
    ck_assert_int_eq(execute(driver, &request, NULL), HM_NODE_FAILED);
    const char *text = hm_recorder_text();
    ck_assert_ptr_nonnull(strstr(text, "A>a A<a=failed A!a "));
    ck_assert_ptr_nonnull(strstr(text, "A-b=needed:a A-c=needed:a "));
    ck_assert_ptr_nonnull(strstr(text, "A>d A<d=ok "));
    ck_assert_ptr_nonnull(strstr(text, "A]failed "));
    ck_assert_int_eq(atomic_load(&A.before), 2);
    ck_assert_int_eq(atomic_load(&A.after), 2);
    ck_assert_int_eq(atomic_load(&A.skipped), 2);
    end(driver);
}
END_TEST

START_TEST(of_a_run_that_stops_at_a_failure_every_node_is_told) {
    for (uint32_t threads = 1; threads <= 4; threads *= 2) {
        begin();
        hm_controlled_add("a", "x", hm_controlled_bad);
        hm_controlled_add("b", "x", hm_controlled_next);
        hm_controlled_add_sum("s", "a", "b");
        hm_driver *driver = driver_of(threads, 1);
        static const char *const wanted[] = {"s"};
        hm_request request = hm_controlled_request(wanted, 1);
        ck_assert_int_eq(execute(driver, &request, NULL), HM_NODE_FAILED);
        ck_assert_int_eq(atomic_load(&A.after) + atomic_load(&A.skipped), 3);
        ck_assert_int_eq(atomic_load(&A.before), atomic_load(&A.after));
        ck_assert_int_eq(atomic_load(&A.failed), 1);
        end(driver);
    }
}
END_TEST

START_TEST(cancelled_runs_skip_what_they_have_not_begun) {
    begin();
    hm_controlled_add("a", "x", hm_controlled_next);
    hm_controlled_add("b", "a", hm_controlled_next);
    hm_driver *driver = driver_of(1, 1);
    hm_cancel *cancel;
    ck_assert_int_eq(hm_cancel_create(&controlled.memory.allocator, &cancel), HM_OK);
    hm_cancel_raise(cancel);
    static const char *const wanted[] = {"b"};
    hm_request request = hm_controlled_request(wanted, 1);
    request.cancel = cancel;
    ck_assert_int_eq(execute(driver, &request, NULL), HM_CANCELLED);
    ck_assert_str_eq(hm_recorder_text(), "A[ A-a=cancelled A-b=cancelled A]cancelled ");
    hm_cancel_destroy(cancel);
    end(driver);
}
END_TEST

START_TEST(a_run_that_is_left_ends_when_its_last_node_is_back) {
    begin();
    hm_controlled_add("a", "x", hm_controlled_stuck);
    hm_controlled_add("b", "a", hm_controlled_next);
    hm_driver *driver = driver_of(2, 1);
    static const char *const wanted[] = {"b"};
    hm_request request = hm_controlled_request(wanted, 1);
    request.deadline = 5 * HM_MILLISECONDS;
    request.caller_waits = true;
    ck_assert_int_eq(execute(driver, &request, NULL), HM_DEADLINE);
    int begun = atomic_load(&controlled.begun); // none if all were slow
    ck_assert(begun == 0 || atomic_load(&A.runs) == 1);
    atomic_store(&controlled.is_released, true);
    while (atomic_load(&A.runs) != 0) {
        hm_controlled_nap(HM_MILLISECONDS / 10);
    }
    ck_assert_int_eq(atomic_load(&A.before), atomic_load(&A.after));
    ck_assert_int_eq(atomic_load(&A.before) + atomic_load(&A.skipped), 2);
    ck_assert_ptr_nonnull(strstr(hm_recorder_text(), "A-b=late A]late "));
    end(driver);
}
END_TEST

START_TEST(asynchronous_nodes_are_told_of_when_they_end) {
    for (uint32_t threads = 1; threads <= 4; threads *= 2) {
        begin();
        hm_later_begin();
        hm_later_add("a", "x", hm_later_timer);
        hm_later_add("b", "a", hm_later_thread);
        hm_later_add("c", "b", hm_later_now);
        hm_driver *driver = driver_of(threads, 2);
        static const char *const wanted[] = {"c"};
        hm_request request = hm_controlled_request(wanted, 1);
        double value = 0;
        ck_assert_int_eq(execute(driver, &request, &value), HM_OK);
        ck_assert_double_eq(value, 4);
        ck_assert_str_eq(hm_recorder_text(),
                "A[ B[ A>a B>a B<a=ok A<a=ok A>b B>b B<b=ok A<b=ok "
                "A>c B>c B<c=ok A<c=ok B]ok A]ok ");
        hm_driver_destroy(driver);
        hm_later_end();
        hm_controlled_end();
    }
}
END_TEST

enum { ROWS = 10000 };

static hm_status seen_rows(void *self, hm_call *call, hm_error *error) {
    (void)self;
    (void)error;
    hm_recorder_write("%s:%zu ", call->node->name, call->row_count);
    return HM_OK;
}

static hm_status execute_rows(
        hm_driver *driver, const char *const *wanted, size_t count, double *sum) {
    static double rows[ROWS];
    for (int i = 0; i < ROWS; i++) {
        rows[i] = i;
    }
    hm_binding input = {"x", hm_value_many(&hm_type_double, rows, ROWS)};
    hm_request request = hm_controlled_request(wanted, count);
    request.inputs = &input;
    hm_results *results = NULL;
    hm_error error = {.message = ""};
    hm_status status = hm_driver_execute(driver, &request, &results, &error);
    *sum = 0;
    for (int i = 0; results != NULL && i < ROWS; i++) {
        *sum += ((double *)hm_results_value(results, 0)->many.data)[i];
    }
    hm_results_destroy(results);
    return status;
}

static const double all_rows = (ROWS - 1.0) * ROWS / 2;

START_TEST(members_of_a_pipeline_are_told_of_once_with_their_rows) {
    for (uint32_t threads = 1; threads <= 4; threads *= 2) {
        begin();
        hm_controlled_add("a", "x", hm_controlled_next);
        hm_controlled_add("b", "a", hm_controlled_next);
        A.adapter.after = seen_rows;
        hm_driver *driver = driver_of(threads, 1);
        static const char *const wanted[] = {"b"};
        double sum;
        ck_assert_int_eq(execute_rows(driver, wanted, 1, &sum), HM_OK);
        ck_assert_double_eq(sum, all_rows + 2.0 * ROWS);
        ck_assert_str_eq(hm_recorder_text(), "A[ A>a A>b a:10000 b:10000 A]ok ");
        end(driver);
    }
}
END_TEST

START_TEST(a_mapped_node_that_is_wrapped_runs_by_itself) {
    begin();
    hm_controlled_add("a", "x", hm_controlled_next);
    hm_controlled_add("b", "a", hm_controlled_next);
    hm_controlled_add("c", "b", hm_controlled_next);
    A.adapter.after = seen_rows;
    A.only = "b";
    A.want = HM_WANT_TO_WRAP;
    hm_driver *driver = driver_of(1, 2);
    static const char *const wanted[] = {"c"};
    double sum;
    ck_assert_int_eq(execute_rows(driver, wanted, 1, &sum), HM_OK);
    ck_assert_double_eq(sum, all_rows + 3.0 * ROWS);
    ck_assert_str_eq(hm_recorder_text(), "A[ B[ B>a B<a=ok A>b B>b B<b=ok b:10000 "
                                         "B>c B<c=ok B]ok A]ok ");
    end(driver);
}
END_TEST

static atomic_size_t most_done;
static atomic_int blocks;

static void progressed(void *self, hm_running *running, const hm_planned_node *node,
        size_t done, size_t count) {
    (void)self;
    (void)running;
    ck_assert_str_eq(node->name, "b");
    ck_assert_uint_eq(count, ROWS);
    ck_assert_uint_le(done, ROWS);
    size_t most = atomic_load(&most_done);
    while (most < done && !atomic_compare_exchange_weak(&most_done, &most, done)) {
    }
    atomic_fetch_add(&blocks, 1);
}

START_TEST(rows_are_followed_block_by_block_where_that_is_wanted) {
    for (uint32_t threads = 1; threads <= 4; threads *= 2) {
        for (int wrapped = 0; wrapped < 2; wrapped++) {
            begin();
            hm_controlled_add("a", "x", hm_controlled_next);
            hm_controlled_add("b", "a", hm_controlled_next);
            A.only = "b";
            A.want = wrapped ? HM_WANT_TO_WRAP : HM_WANT_TO_SEE;
            A.adapter.progressed = progressed;
            atomic_store(&most_done, 0);
            atomic_store(&blocks, 0);
            hm_driver *driver = driver_of(threads, 1);
            static const char *const wanted[] = {"b"};
            double sum;
            ck_assert_int_eq(execute_rows(driver, wanted, 1, &sum), HM_OK);
            ck_assert_uint_eq(atomic_load(&most_done), ROWS);
            ck_assert_int_gt(atomic_load(&blocks), 1);
            end(driver);
        }
    }
}
END_TEST

// A row of a pipeline that fails.
static int call_picky(void *frame, const uint32_t *at, void *self) {
    (void)self;
    HM_SLOT(double, 1) = HM_SLOT(double, 0);
    return HM_SLOT(double, 0) == 5000;
}

START_TEST(a_member_that_fails_and_its_readers_are_told) {
    begin();
    hm_controlled_add("a", "x", call_picky);
    hm_controlled_add("b", "a", hm_controlled_next);
    hm_driver *driver = driver_of(1, 1);
    static const char *const wanted[] = {"b"};
    double sum;
    ck_assert_int_eq(execute_rows(driver, wanted, 1, &sum), HM_NODE_FAILED);
    ck_assert_str_eq(
            hm_recorder_text(), "A[ A>a A>b A<a=failed A!a A<b=skipped A]failed ");
    end(driver);
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("adapters");
    TCase *hooks = tcase_create("hooks");
    tcase_add_test(hooks, hooks_nest_and_come_in_reverse_after_a_node);
    tcase_add_test(
            hooks, nodes_that_nobody_wants_have_the_steps_that_they_have_without);
    tcase_add_test(hooks, a_plan_of_which_nothing_is_wanted_is_the_same);
    tcase_add_test(hooks, failures_and_what_they_skip_are_told_once);
    tcase_add_test(hooks, of_a_run_that_stops_at_a_failure_every_node_is_told);
    tcase_add_test(hooks, cancelled_runs_skip_what_they_have_not_begun);
    tcase_add_test(hooks, a_run_that_is_left_ends_when_its_last_node_is_back);
    tcase_add_test(hooks, asynchronous_nodes_are_told_of_when_they_end);
    tcase_add_test(hooks, members_of_a_pipeline_are_told_of_once_with_their_rows);
    tcase_add_test(hooks, a_mapped_node_that_is_wrapped_runs_by_itself);
    tcase_add_test(hooks, rows_are_followed_block_by_block_where_that_is_wanted);
    tcase_add_test(hooks, a_member_that_fails_and_its_readers_are_told);
    suite_add_tcase(suite, hooks);
    return suite;
}
