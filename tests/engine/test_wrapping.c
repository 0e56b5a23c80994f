// test_wrapping.c — adapters that change what happens: they give results, before a node
// is called, instead of calling it, or in place of a failure; have it called once more;
// have it wait; and fail themselves.

#include <pthread.h> // pthread_create: this suite starts threads, by way of the pool
#include <stdlib.h>
#include <string.h>

#include "tests/support/controlled.h"
#include "tests/support/later.h"
#include "tests/support/recorder.h"
#include "tests/support/suite.h"

static hm_recorder A;
static hm_recorder B;
static hm_recorder C;

static void begin(void) {
    hm_controlled_begin();
    hm_recorder_begin();
    hm_recorder_init(&A, "A", NULL);
    hm_recorder_init(&B, "B", NULL);
    hm_recorder_init(&C, "C", NULL);
    B.want = HM_WANT_TO_WRAP;
}

static hm_driver_options options_of(uint32_t thread_count, size_t adapter_count) {
    static const hm_adapter *const adapters[] = {&A.adapter, &B.adapter, &C.adapter};
    hm_driver_options options = hm_controlled_options(thread_count);
    options.adapters = adapters;
    options.adapter_count = adapter_count;
    return options;
}

static hm_driver *driver_of(uint32_t thread_count, size_t adapter_count) {
    hm_driver_options options = options_of(thread_count, adapter_count);
    return hm_controlled_driver(&options);
}

static void end(hm_driver *driver) {
    hm_driver_destroy(driver);
    ck_assert_int_eq(atomic_load(&A.runs), 0);
    hm_controlled_end();
}

static hm_error last;

static hm_status execute(
        hm_driver *driver, const char *wanted, uint64_t deadline, double *value) {
    hm_request request = hm_controlled_request(&wanted, 1);
    hm_results *results = NULL;
    request.deadline = deadline;
    last = (hm_error){.message = ""};
    hm_status status = hm_driver_execute(driver, &request, &results, &last);
    if (results != NULL && value != NULL && hm_results_value(results, 0) != NULL) {
        *value = hm_controlled_value(results, 0);
    }
    hm_results_destroy(results);
    return status;
}

// What is given is released: once.
static atomic_int released;

static void release(hm_value *value) {
    atomic_fetch_add(&released, 1);
    free(value->context);
    value->release = NULL;
}

static hm_value give(double number) {
    double *memory = malloc(sizeof *memory);
    *memory = number;
    hm_value value = hm_value_one(&hm_type_double, memory);
    value.release = release;
    value.context = memory;
    return value;
}

static hm_status return_ten(void *self, hm_call *call, hm_error *error) {
    (void)self;
    hm_value value = give(10);
    hm_recorder_write("%s:=10 ", call->node->name);
    hm_status status = hm_call_return(call, &value, error);
    hm_value_release(&value); // nothing is left of it unless it was refused
    return status;
}

START_TEST(before_can_give_the_results_and_nothing_further_in_is_called) {
    begin();
    atomic_store(&released, 0);
    hm_controlled_add("a", "x", hm_controlled_bad);
    hm_controlled_add("b", "a", hm_controlled_next);
    B.only = "a";
    B.adapter.before = return_ten;
    B.adapter.after = NULL;
    C.only = "a";
    hm_driver *driver = driver_of(1, 3);
    double value = 0;
    ck_assert_int_eq(execute(driver, "b", 0, &value), HM_OK);
    ck_assert_double_eq(value, 11);
    ck_assert_str_eq(hm_recorder_text(), "A[ B[ C[ A>a a:=10 C-a=returned A<a=ok "
                                         "A>b A<b=ok C]ok B]ok A]ok ");
    ck_assert_int_eq(atomic_load(&released), 1);
    end(driver);
}
END_TEST

static hm_status forgive(void *self, hm_call *call, hm_error *error) {
    return call->status == HM_OK ? HM_OK : return_ten(self, call, error);
}

START_TEST(after_can_give_the_results_of_a_node_that_failed) {
    begin();
    hm_controlled_add("a", "x", hm_controlled_bad);
    hm_controlled_add("b", "a", hm_controlled_next);
    B.only = "a";
    B.adapter.before = NULL;
    B.adapter.after = forgive;
    hm_driver *driver = driver_of(1, 2);
    double value = 0;
    ck_assert_int_eq(execute(driver, "b", 0, &value), HM_OK);
    ck_assert_double_eq(value, 11);
    ck_assert_int_eq(atomic_load(&A.failed), 0);
    ck_assert_str_eq(
            hm_recorder_text(), "A[ B[ A>a a:=10 A<a=ok A>b A<b=ok B]ok A]ok ");
    end(driver);
}
END_TEST

static hm_status give_wrong(void *self, hm_call *call, hm_error *error) {
    (void)self;
    hm_value value = hm_value_int(3);
    return hm_call_return(call, &value, error);
}

START_TEST(results_of_another_type_are_refused_with_the_adapters_name) {
    begin();
    hm_controlled_add("a", "x", hm_controlled_next);
    B.adapter.before = give_wrong;
    B.adapter.after = NULL;
    hm_driver *driver = driver_of(1, 2);
    ck_assert_int_eq(execute(driver, "a", 0, NULL), HM_ADAPTER_FAILED);
    ck_assert_str_eq(last.message,
            "test.c:1: adapter `B` failed before node `a`: `a` was compiled as double "
            "with 0 dimensions, but the value is int with 0: compile another plan");
    ck_assert_str_eq(hm_recorder_text(), "A[ B[ A>a A<a=adapter B!a A!a B]adapter "
                                         "A]adapter ");
    end(driver);
}
END_TEST

START_TEST(who_only_sees_gives_nothing) {
    begin();
    hm_controlled_add("a", "x", hm_controlled_next);
    B.want = HM_WANT_TO_SEE;
    B.adapter.before = return_ten;
    hm_driver *driver = driver_of(1, 2);
    ck_assert_int_eq(execute(driver, "a", 0, NULL), HM_ADAPTER_FAILED);
    ck_assert_ptr_nonnull(strstr(last.message, "does not wrap it"));
    end(driver);
}
END_TEST

static hm_status break_down(void *self, hm_call *call, hm_error *error) {
    (void)self;
    (void)call;
    strcpy(error->message, "the disk is full");
    return HM_IO;
}

START_TEST(an_adapter_that_fails_fails_the_node_with_its_name) {
    for (int which = 0; which < 2; which++) {
        begin();
        hm_controlled_add("a", "x", hm_controlled_next);
        hm_controlled_add("b", "a", hm_controlled_next);
        B.only = "a";
        B.want = HM_WANT_TO_SEE;
        *(which == 0 ? &B.adapter.before : &B.adapter.after) = break_down;
        hm_driver *driver = driver_of(1, 2);
        ck_assert_int_eq(execute(driver, "b", 0, NULL), HM_ADAPTER_FAILED);
        ck_assert_str_eq(last.message,
                which == 0
                        ? "test.c:1: adapter `B` failed before node `a`: the disk is "
                          "full"
                        : "test.c:1: adapter `B` failed after node `a`: the disk is "
                          "full");
        ck_assert_int_eq(atomic_load(&controlled.ended), which);
        end(driver);
    }
}
END_TEST

START_TEST(an_adapter_that_only_observes_fails_nothing) {
    begin();
    hm_controlled_add("a", "x", hm_controlled_next);
    B.adapter.only_observes = true;
    B.adapter.before = break_down;
    B.adapter.after = break_down;
    hm_driver *driver = driver_of(1, 2);
    ck_assert_int_eq(execute(driver, "a", 0, NULL), HM_OK);
    ck_assert_str_eq(hm_recorder_text(), "A[ B[ A>a A<a=ok B]ok A]ok ");
    end(driver);
}
END_TEST

// In a pipeline, too.
START_TEST(an_adapter_that_fails_at_a_member_of_a_pipeline_fails_that) {
    for (int which = 0; which < 2; which++) {
        begin();
        hm_controlled_add("a", "x", hm_controlled_next);
        hm_controlled_add("b", "a", hm_controlled_next);
        B.only = "a";
        B.want = HM_WANT_TO_SEE;
        *(which == 0 ? &B.adapter.before : &B.adapter.after) = break_down;
        hm_driver *driver = driver_of(1, 2);
        double rows[] = {1, 2, 3};
        hm_binding input = {"x", hm_value_many(&hm_type_double, rows, 3)};
        static const char *const wanted[] = {"b"};
        hm_request request = hm_controlled_request(wanted, 1);
        request.inputs = &input;
        hm_results *results;
        ck_assert_int_eq(hm_driver_execute(driver, &request, &results, &last),
                HM_ADAPTER_FAILED);
        ck_assert_ptr_nonnull(strstr(last.message, "node `a`: the disk is full"));
        ck_assert_int_eq(atomic_load(&A.before),
                atomic_load(&A.after)); // each before has its after
        end(driver);
    }
}
END_TEST

// Fails as often as it is told to, then makes x + 1.
static atomic_int failures_left;

static int call_moody(void *frame, const uint32_t *at, void *self) {
    if (atomic_fetch_sub(&failures_left, 1) > 0) {
        return hm_controlled_bad(frame, at, self);
    }
    return hm_controlled_next(frame, at, self);
}

static int start_moody(const hm_lane *lanes, size_t row, void *self, hm_async *done) {
    if (atomic_fetch_sub(&failures_left, 1) > 0) {
        return 1;
    }
    return hm_later_timer(lanes, row, self, done);
}

static uint64_t delay;

static hm_status insist(void *self, hm_call *call, hm_error *error) {
    (void)self;
    (void)error;
    if (call->status == HM_NODE_FAILED && call->memo->number++ < 2) {
        hm_recorder_write("again ");
        hm_call_repeat(call, delay);
        atomic_fetch_add(&controlled.begun, 1);
    }
    return HM_OK;
}

static void begin_insisting(void) {
    begin();
    hm_later_begin();
    atomic_store(&failures_left, 2);
    B.only = "a";
    B.want = HM_WANT_TO_HOLD;
    B.adapter.before = NULL;
    B.adapter.after = insist;
    C.only = "a";
}

static void repeated(void *self, hm_running *running, const hm_planned_node *node,
        uint64_t pause, const char *message) {
    (void)running;
    ck_assert_uint_eq(pause, delay);
    ck_assert_str_ne(message, "");
    hm_recorder_write("%s~%s ", ((hm_recorder *)self)->adapter.name, node->name);
}

START_TEST(a_call_is_repeated_with_all_that_is_further_in) {
    for (int i = 0; i < 8; i++) {
        begin_insisting();
        A.adapter.repeated = repeated;
        C.adapter.repeated = repeated;
        if (i % 2 == 0) {
            hm_controlled_add("a", "x", call_moody);
        } else {
            hm_later_add("a", "x", start_moody);
        }
        hm_controlled_add("b", "a", hm_controlled_next);
        delay = i < 4 ? 0 : HM_MILLISECONDS;
        hm_driver *driver = driver_of(i % 4 < 2 ? 1 : 3, 3);
        double value = 0;
        ck_assert_int_eq(execute(driver, "b", 0, &value), HM_OK);
        ck_assert_double_eq(value, 3);
        ck_assert_str_eq(hm_recorder_text(),
                "A[ B[ C[ A>a C>a C<a=failed again C~a A~a C>a C<a=failed again C~a "
                "A~a C>a C<a=ok A<a=ok A>b A<b=ok C]ok B]ok A]ok ");
        hm_driver_destroy(driver);
        hm_later_end();
        hm_controlled_end();
    }
}
END_TEST

START_TEST(a_node_that_fails_each_time_fails) {
    begin_insisting();
    atomic_store(&failures_left, 100);
    delay = 0;
    hm_controlled_add("a", "x", call_moody);
    hm_driver *driver = driver_of(1, 2);
    ck_assert_int_eq(execute(driver, "a", 0, NULL), HM_NODE_FAILED);
    ck_assert_str_eq(hm_recorder_text(),
            "A[ B[ A>a again again A<a=failed B!a A!a B]failed A]failed ");
    ck_assert_int_eq(atomic_load(&failures_left), 97);
    end(driver);
    hm_later_end();
}
END_TEST

// Holds a node until another thread resumes it.
static pthread_t resumer;

static void *resume(void *argument) {
    hm_controlled_nap(HM_MILLISECONDS);
    hm_call_resume(argument);
    return NULL;
}

static hm_status hold(void *self, hm_call *call, hm_error *error) {
    (void)self;
    (void)error;
    hm_recorder_write("hold%u ", (unsigned)call->memo->number);
    if (call->memo->number++ == 0) {
        ck_assert(hm_call_hold(call, 0));
        ck_assert_int_eq(pthread_create(&resumer, NULL, resume, call), 0);
    } else if (call->memo->number == 2) {
        ck_assert(hm_call_hold(call, 0));
        hm_call_resume(call); // before it has begun
    } else if (call->memo->number == 3) {
        ck_assert(hm_call_hold(call, HM_MILLISECONDS));
    } else if (call->memo->number == 4) {
        ck_assert(hm_call_hold(call, HM_MILLISECONDS * 100000));
        hm_call_resume(call);
    }
    return HM_OK;
}

START_TEST(a_held_call_goes_on_when_it_is_resumed) {
    for (uint32_t threads = 1; threads <= 4; threads *= 2) {
        begin();
        B.want = HM_WANT_TO_HOLD;
        B.adapter.before = hold;
        B.adapter.after = NULL;
        hm_controlled_add("a", "x", hm_controlled_next);
        hm_driver *driver = driver_of(threads, 2);
        double value = 0;
        ck_assert_int_eq(execute(driver, "a", 0, &value), HM_OK);
        pthread_join(resumer, NULL);
        ck_assert_double_eq(value, 2);
        ck_assert_str_eq(hm_recorder_text(),
                "A[ B[ A>a hold0 hold1 hold2 hold3 hold4 A<a=ok B]ok A]ok ");
        end(driver);
    }
}
END_TEST

static hm_status hold_for_good(void *self, hm_call *call, hm_error *error) {
    (void)self;
    (void)error;
    bool holds = hm_call_hold(call, 0);
    hm_recorder_write(holds ? "held " : "stopped ");
    atomic_fetch_add(&controlled.begun, holds);
    return HM_OK;
}

static void *cancel(void *argument) {
    hm_controlled_wait(&controlled.begun, 1);
    hm_cancel_raise(argument);
    return NULL;
}

// Executes "a" and cancels that when controlled.begun says that it waits.
static hm_status cancel_when_begun(hm_driver *driver) {
    hm_cancel *raised;
    ck_assert_int_eq(hm_cancel_create(&controlled.memory.allocator, &raised), HM_OK);
    pthread_t thread;
    ck_assert_int_eq(pthread_create(&thread, NULL, cancel, raised), 0);
    static const char *const wanted[] = {"a"};
    hm_request request = hm_controlled_request(wanted, 1);
    request.cancel = raised;
    hm_results *results = NULL;
    hm_status status = hm_driver_execute(driver, &request, &results, &last);
    pthread_join(thread, NULL);
    hm_results_destroy(results);
    hm_cancel_destroy(raised);
    end(driver);
    return status;
}

START_TEST(a_held_call_is_cancelled) {
    begin();
    B.want = HM_WANT_TO_HOLD;
    B.adapter.before = hold_for_good;
    B.adapter.after = NULL;
    hm_controlled_add("a", "x", hm_controlled_next);
    ck_assert_int_eq(cancel_when_begun(driver_of(2, 2)), HM_CANCELLED);
    ck_assert_str_eq(hm_recorder_text(),
            "A[ B[ A>a held stopped A<a=cancelled B]cancelled A]cancelled ");
}
END_TEST

START_TEST(what_waits_is_woken_when_the_run_is_cancelled) {
    begin_insisting();
    delay = UINT64_MAX;
    hm_controlled_add("a", "x", call_moody);
    ck_assert_int_eq(cancel_when_begun(driver_of(2, 2)), HM_CANCELLED);
    ck_assert_str_eq(hm_recorder_text(),
            "A[ B[ A>a again A<a=cancelled B]cancelled A]cancelled ");
    hm_later_end();
}
END_TEST

static hm_status supply(hm_running *running, const char *name, hm_value value) {
    const hm_planned_node *node = running->planned->nodes;
    while (strcmp(node->name, name) != 0) {
        node++;
    }
    return hm_running_supply(running, node, &value, NULL);
}

static hm_status supply_b(void *self, hm_running *running, hm_error *error) {
    (void)error;
    running->self = self;
    return supply(running, "b", give(20));
}

static hm_status supply_column(void *self, hm_running *running, hm_error *error) {
    (void)error;
    static const double column[] = {7, 8, 9};
    running->self = self;
    return supply(running, "a", hm_value_many(&hm_type_double, column, 3));
}

static void count_end(
        void *self, hm_running *running, hm_status status, const char *message) {
    (void)self;
    (void)running;
    (void)status;
    (void)message;
}

START_TEST(what_is_supplied_is_not_called_nor_what_only_it_needs) {
    for (uint32_t threads = 1; threads <= 4; threads *= 2) {
        begin();
        atomic_store(&released, 0);
        hm_controlled_add("a", "x", hm_controlled_bad);
        hm_controlled_add("b", "a", hm_controlled_bad);
        hm_controlled_add("c", "b", hm_controlled_next);
        hm_controlled_add("d", "x", hm_controlled_next);
        hm_controlled_add_sum("s", "c", "d");
        B.adapter.run_began = supply_b;
        B.adapter.run_ended = count_end;
        B.only = "b";
        hm_driver *driver = driver_of(threads, 2);
        hm_plan *plan = hm_controlled_plan(driver, "s", 0);
        hm_run *run = hm_controlled_run(plan);
        for (int i = 0; i < 10; i++) {
            ck_assert_msg(hm_run_execute(run, &last) == HM_OK, "%s", last.message);
            const double *s = hm_run_slot(run, hm_plan_find(plan, "s"));
            ck_assert_double_eq(*s, 23);
        }
        ck_assert_ptr_nonnull(
                strstr(hm_recorder_text(), "A-a=unneeded B-b=supplied A-b=supplied "));
        ck_assert_int_eq(atomic_load(&A.before), 30);
        ck_assert_int_eq(atomic_load(&A.skipped), 20);
        hm_run_destroy(run);
        hm_plan_destroy(plan);
        ck_assert_int_eq(atomic_load(&released), 10);
        end(driver);
    }
}
END_TEST

START_TEST(what_is_supplied_feeds_pipelines) {
    begin();
    hm_controlled_add("a", "x", hm_controlled_bad);
    hm_controlled_add("b", "a", hm_controlled_next);
    hm_controlled_add("c", "b", hm_controlled_next);
    B.only = "a";
    B.adapter.run_began = supply_column;
    B.adapter.run_ended = count_end;
    hm_driver *driver = driver_of(1, 2);
    double rows[] = {1, 2, 3};
    hm_binding input = {"x", hm_value_many(&hm_type_double, rows, 3)};
    static const char *const wanted[] = {"c", "a"};
    hm_request request = hm_controlled_request(wanted, 2);
    request.inputs = &input;
    hm_results *results;
    ck_assert_int_eq(hm_driver_execute(driver, &request, &results, &last), HM_OK);
    const double *c = hm_results_value(results, 0)->many.data;
    const double *a = hm_results_value(results, 1)->many.data;
    ck_assert_double_eq(c[2], 11);
    ck_assert_double_eq(a[0], 7);
    hm_results_destroy(results);
    end(driver);
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("wrapping");
    TCase *wrap = tcase_create("wrap");
    tcase_add_test(wrap, before_can_give_the_results_and_nothing_further_in_is_called);
    tcase_add_test(wrap, after_can_give_the_results_of_a_node_that_failed);
    tcase_add_test(wrap, results_of_another_type_are_refused_with_the_adapters_name);
    tcase_add_test(wrap, who_only_sees_gives_nothing);
    tcase_add_test(wrap, an_adapter_that_fails_fails_the_node_with_its_name);
    tcase_add_test(wrap, an_adapter_that_only_observes_fails_nothing);
    tcase_add_test(wrap, an_adapter_that_fails_at_a_member_of_a_pipeline_fails_that);
    tcase_add_test(wrap, a_call_is_repeated_with_all_that_is_further_in);
    tcase_add_test(wrap, a_node_that_fails_each_time_fails);
    tcase_add_test(wrap, what_waits_is_woken_when_the_run_is_cancelled);
    tcase_add_test(wrap, a_held_call_goes_on_when_it_is_resumed);
    tcase_add_test(wrap, a_held_call_is_cancelled);
    tcase_add_test(wrap, what_is_supplied_is_not_called_nor_what_only_it_needs);
    tcase_add_test(wrap, what_is_supplied_feeds_pipelines);
    suite_add_tcase(suite, wrap);
    return suite;
}
