// test_trial.c — asynchronous functions called outside of a run, as their unit tests
// do: hm_async_create and what follows it.

#include <pthread.h> // pthread_create
#include <stdlib.h>
#include <uv.h>

#include <hamilton/node.h>

#include "tests/support/suite.h"

typedef struct hm_question {
    uv_timer_t timer;
    uv_work_t request;
    int x;
    int *out;
    int asked;
    hm_async *done;
} hm_question;

static hm_question *ask(int x, int *out, hm_async *done) {
    hm_question *question = calloc(1, sizeof *question);
    ck_assert_ptr_nonnull(question);
    question->x = x;
    question->out = out;
    question->done = done;
    question->timer.data = question->request.data = question;
    return question;
}

static void answer(hm_question *question) {
    hm_async *done = question->done;
    int x = question->x;
    *question->out = 10 * x;
    free(question);
    if (x < 0) {
        hm_async_fail(done, "%d is no question", x);
    } else {
        hm_async_succeed(done);
    }
}

static void answer_closed(uv_handle_t *timer) {
    answer(timer->data);
}

static void close_timer(uv_timer_t *timer) {
    uv_close((uv_handle_t *)timer, answer_closed);
}

static void begin_timer(uv_loop_t *loop, void *argument) {
    hm_question *question = argument;
    uv_timer_init(loop, &question->timer);
    uv_timer_start(&question->timer, close_timer, 1, 0);
}

// The function that is tested.
static int quote(int x, int *out, hm_async *done) {
    if (x > 100) {
        return hm_fail("%d is too much", x);
    }
    hm_async_on_loop(done, begin_timer, ask(x, out, done));
    return 0;
}

START_TEST(a_test_waits_for_what_a_function_does_on_the_loop) {
    for (int x = 0; x < 20; x++) {
        hm_async *done = hm_async_create();
        int out = 0;
        ck_assert_int_eq(hm_async_wait(done, quote(x, &out, done)), 0);
        ck_assert_int_eq(out, 10 * x);
        ck_assert_str_eq(hm_async_message(done), "");
        hm_async_destroy(done);
    }
}
END_TEST

START_TEST(a_test_hears_why_a_function_failed) {
    int out = 0;
    hm_async *done = hm_async_create();
    ck_assert_int_ne(hm_async_wait(done, quote(-3, &out, done)), 0);
    ck_assert_str_eq(hm_async_message(done), "-3 is no question");
    hm_async_destroy(done);

    done = hm_async_create();
    ck_assert_int_ne(hm_async_wait(done, quote(101, &out, done)), 0);
    ck_assert_str_eq(hm_async_message(done), "101 is too much");
    hm_async_destroy(done);

    // A status that hm_fail did not make.
    done = hm_async_create();
    ck_assert_int_eq(hm_async_wait(done, 7), 7);
    ck_assert_str_eq(hm_async_message(done), "");
    hm_async_destroy(done);
}
END_TEST

static void at_once(int x, int *out, hm_async *done) {
    answer(ask(x, out, done));
}

START_TEST(a_function_may_end_at_once_and_return_nothing) {
    hm_async *done = hm_async_create();
    int out = 0;
    at_once(4, &out, done);
    ck_assert_int_eq(hm_async_wait(done, 0), 0);
    ck_assert_int_eq(out, 40);
    hm_async_destroy(done);
}
END_TEST

START_TEST(the_first_end_counts) {
    hm_async *done = hm_async_create();
    int out = 0;
    at_once(4, &out, done);
    hm_async_fail(done, "was nothing");
    ck_assert_int_eq(hm_async_wait(done, 5), 0);
    ck_assert_str_eq(hm_async_message(done), "");
    hm_async_destroy(done);
}
END_TEST

static void *answer_elsewhere(void *argument) {
    answer(argument);
    return NULL;
}

START_TEST(another_thread_may_end_it) {
    for (int x = 0; x < 50; x++) {
        hm_async *done = hm_async_create();
        int out = 0;
        pthread_t thread;
        ck_assert_int_eq(
                pthread_create(&thread, NULL, answer_elsewhere, ask(x, &out, done)), 0);
        ck_assert_int_eq(hm_async_wait(done, 0), 0);
        ck_assert_int_eq(out, 10 * x);
        pthread_join(thread, NULL);
        hm_async_destroy(done);
    }
}
END_TEST

static void work(uv_work_t *request) {
    ((hm_question *)request->data)->x++;
}

static void end_work(uv_work_t *request, int status) {
    ck_assert_int_eq(status, 0);
    hm_question *question = request->data;
    if (++question->asked < 3) { // and once more on the loop
        hm_async_on_loop(question->done, begin_timer, question);
        return;
    }
    answer(question);
}

static void begin_work(uv_loop_t *loop, void *argument) {
    hm_question *question = argument;
    question->asked = 2;
    ck_assert_int_eq(uv_queue_work(loop, &question->request, work, end_work), 0);
}

static void ask_twice(uv_loop_t *loop, void *argument) {
    (void)loop;
    hm_question *question = argument;
    hm_async_on_loop(question->done, begin_work, question);
}

START_TEST(work_on_the_loop_may_ask_for_more) {
    hm_async *done = hm_async_create();
    int out = 0;
    hm_async_on_loop(done, ask_twice, ask(6, &out, done));
    ck_assert_int_eq(hm_async_wait(done, 0), 0);
    ck_assert_int_eq(out, 70);
    hm_async_destroy(done);
}
END_TEST

static void look(uv_timer_t *timer) {
    hm_question *question = timer->data;
    if (++question->asked == 3) {
        ck_assert(!hm_async_should_stop(question->done));
        hm_async_stop(question->done);
    } else if (hm_async_should_stop(question->done)) {
        question->x = -question->asked;
        close_timer(timer);
    }
}

static void begin_looking(uv_loop_t *loop, void *argument) {
    hm_question *question = argument;
    uv_timer_init(loop, &question->timer);
    uv_timer_start(&question->timer, look, 0, 1);
}

START_TEST(a_function_can_be_told_to_stop) {
    hm_async *done = hm_async_create();
    int out = 0;
    hm_async_on_loop(done, begin_looking, ask(0, &out, done));
    ck_assert_int_ne(hm_async_wait(done, 0), 0);
    ck_assert_str_eq(hm_async_message(done), "-4 is no question");
    hm_async_destroy(done);
}
END_TEST

static uv_timer_t left_open[2];

static void leave_open(uv_loop_t *loop, void *argument) {
    for (int i = 0; i < 2; i++) {
        uv_timer_init(loop, &left_open[i]);
        uv_timer_start(&left_open[i], close_timer, 1 << 30, 0);
    }
    uv_close((uv_handle_t *)&left_open[0], NULL);
    hm_async_succeed(argument);
}

START_TEST(what_is_left_open_is_closed) {
    hm_async *done = hm_async_create();
    hm_async_on_loop(done, leave_open, done);
    ck_assert_int_eq(hm_async_wait(done, 0), 0);
    hm_async_destroy(done);
    ck_assert(uv_is_closing((uv_handle_t *)&left_open[1]));
    hm_async_destroy(hm_async_create()); // nothing was called
    hm_async_destroy(NULL);
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("engine/trial");
    TCase *tests = tcase_create("trial");
    tcase_add_test(tests, a_test_waits_for_what_a_function_does_on_the_loop);
    tcase_add_test(tests, a_test_hears_why_a_function_failed);
    tcase_add_test(tests, a_function_may_end_at_once_and_return_nothing);
    tcase_add_test(tests, the_first_end_counts);
    tcase_add_test(tests, another_thread_may_end_it);
    tcase_add_test(tests, work_on_the_loop_may_ask_for_more);
    tcase_add_test(tests, a_function_can_be_told_to_stop);
    tcase_add_test(tests, what_is_left_open_is_closed);
    suite_add_tcase(suite, tests);
    return suite;
}
