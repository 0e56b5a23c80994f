// test_trace.c — what a trace says of runs, however they end: its text is read, and
// slices of each thread must lie one inside the other.

#include <jansson.h>
#include <pthread.h> // pthread_create: this suite starts threads, by way of the pool
#include <stdlib.h>
#include <string.h>

#include <hamilton/retry.h>
#include <hamilton/trace.h>

#include "base/text.h"
#include "tests/support/later.h"
#include "tests/support/observed.h"
#include "tests/support/suite.h"

static hm_trace *trace;
static json_t *said; // what was read last
static json_t *events;

static void begin(size_t max_bytes) {
    hm_controlled_begin();
    hm_trace_options options = HM_TRACE_OPTIONS_INIT;
    options.allocator = &controlled.memory.allocator;
    options.max_bytes = max_bytes;
    ck_assert_int_eq(hm_trace_create(&options, &trace, NULL), HM_OK);
}

static void end(hm_driver *driver) {
    hm_observed_end_driver(driver);
    hm_trace_destroy(trace);
    json_decref(said);
    said = NULL;
    hm_controlled_end();
}

static const char *text_of(const json_t *event, const char *key) {
    const char *text = json_string_value(json_object_get(event, key));
    return text != NULL ? text : "";
}

static double number_of(const json_t *event, const char *key) {
    return json_number_value(json_object_get(event, key));
}

static const json_t *argument(const json_t *event, const char *key) {
    return json_object_get(json_object_get(event, "args"), key);
}

static bool is_phase(const json_t *event, const char *phase) {
    return strcmp(text_of(event, "ph"), phase) == 0;
}

// Slices come by their beginnings, so those that are open are a stack.
static void check_nesting(void) {
    enum { MOST_THREADS = 64, MOST_DEPTH = 64 };
    static double ends[MOST_THREADS][MOST_DEPTH];
    static double begins[MOST_THREADS];
    int depths[MOST_THREADS] = {0};
    size_t i;
    json_t *event;
    memset(begins, 0, sizeof begins);
    json_array_foreach(events, i, event) {
        if (!is_phase(event, "X")) {
            continue;
        }
        int thread = (int)number_of(event, "tid");
        ck_assert_int_lt(thread, MOST_THREADS);
        // In nanoseconds: whole numbers.
        double begun = 1000 * number_of(event, "ts");
        double ended = begun + 1000 * number_of(event, "dur");
        ck_assert_double_ge(begun + 0.5, begins[thread]);
        begins[thread] = begun;
        int *depth = &depths[thread];
        while (*depth > 0 && ends[thread][*depth - 1] <= begun + 0.5) {
            (*depth)--;
        }
        ck_assert_msg(*depth == 0 || ended <= ends[thread][*depth - 1] + 0.5,
                "%s begins inside of another slice and ends outside",
                text_of(event, "name"));
        ck_assert_int_lt(*depth, MOST_DEPTH);
        ends[thread][(*depth)++] = ended;
    }
}

// What begins on no thread ends as often, and what an arrow leads from it leads to.
static void check_pairs(const char *first, const char *second) {
    size_t i;
    size_t j;
    json_t *event;
    json_t *other;
    json_array_foreach(events, i, event) {
        int open = 0;
        if (!is_phase(event, second)) {
            continue;
        }
        json_array_foreach(events, j, other) {
            if (json_equal(
                        json_object_get(event, "id"), json_object_get(other, "id")) &&
                    strcmp(text_of(event, "cat"), text_of(other, "cat")) == 0) {
                open += is_phase(other, first);
                open -= is_phase(other, second);
                bool is_before = number_of(other, "ts") <= number_of(event, "ts");
                ck_assert(!is_phase(other, first) || is_before);
            }
        }
        ck_assert_int_eq(open, 0);
    }
}

static void read_trace(void) {
    hm_text text;
    hm_text_init(&text, hm_allocator_default());
    ck_assert_int_eq(hm_trace_write(trace, hm_text_write, &text), HM_OK);
    json_decref(said);
    json_error_t error;
    said = json_loads(hm_text_get(&text), 0, &error);
    ck_assert_msg(said != NULL, "%s in %s", error.text, hm_text_get(&text));
    hm_text_finish(&text);
    events = json_object_get(said, "traceEvents");
    ck_assert(json_is_array(events));
    check_nesting();
}

static long long lost(void) {
    return json_integer_value(
            json_object_get(json_object_get(said, "otherData"), "lost_events"));
}

// How many events there are of a phase, a category and a name, if they are not NULL;
// and the last of them.
static int count(
        const char *phase, const char *category, const char *name, json_t **last) {
    int found = 0;
    size_t i;
    json_t *event;
    json_array_foreach(events, i, event) {
        if (is_phase(event, phase) &&
                (category == NULL || strcmp(text_of(event, "cat"), category) == 0) &&
                (name == NULL || strcmp(text_of(event, "name"), name) == 0)) {
            found++;
            if (last != NULL) {
                *last = event;
            }
        }
    }
    return found;
}

static const char *word(const json_t *event, const char *key) {
    const char *text = json_string_value(argument(event, key));
    return text != NULL ? text : "";
}

START_TEST(nodes_are_slices_of_their_threads_in_tasks) {
    begin(0);
    hm_controlled_add("a", "x", hm_controlled_next);
    hm_controlled_add("b", "a", hm_controlled_next);
    hm_driver *driver = hm_observed_driver(1, hm_trace_adapter(trace), NULL);
    ck_assert_int_eq(hm_observed_execute(driver, "b", 1), HM_OK);
    hm_observed_end_driver(driver); // names live on
    read_trace();
    json_t *a;
    json_t *b;
    json_t *run;
    ck_assert_int_eq(count("X", "node", "a", &a), 1);
    ck_assert_int_eq(count("X", "node", "b", &b), 1);
    ck_assert_int_eq(count("X", "task", NULL, NULL), 1);
    ck_assert_double_le(number_of(a, "ts") + number_of(a, "dur"), number_of(b, "ts"));
    ck_assert_str_eq(word(a, "status"), "ok");
    ck_assert_int_eq(json_integer_value(argument(a, "rows")), 1);
    ck_assert_int_eq(count("b", "run", NULL, &run), 1);
    ck_assert_int_eq(count("e", "run", NULL, &run), 1);
    ck_assert_str_eq(word(run, "status"), "ok");
    json_t *thread;
    ck_assert_int_eq(count("M", NULL, "thread_name", &thread), 1);
    ck_assert_str_eq(word(thread, "name"), "caller");
    ck_assert_int_eq(lost(), 0);
    end(NULL);
}
END_TEST

START_TEST(rows_are_slices_of_whoever_works_on_them) {
    for (uint32_t threads = 1; threads <= 4; threads *= 2) {
        enum { ROWS = 20000 };
        begin(0);
        hm_controlled_add("a", "x", hm_controlled_next);
        hm_controlled_add("b", "a", hm_controlled_next);
        hm_driver *driver = hm_observed_driver(threads, hm_trace_adapter(trace), NULL);
        ck_assert_int_eq(hm_observed_execute(driver, "b", ROWS), HM_OK);
        read_trace();
        check_pairs("b", "e");
        ck_assert_int_gt(count("X", "rows", "a", NULL), 1);
        long long rows = 0;
        size_t i;
        json_t *event;
        json_array_foreach(events, i, event) {
            rows += is_phase(event, "X") && strcmp(text_of(event, "name"), "a") == 0
                            ? json_integer_value(argument(event, "rows"))
                            : 0;
        }
        ck_assert_int_eq(rows, ROWS);
        ck_assert_int_eq(count("b", "node", "a", NULL), 1);
        ck_assert_int_eq(count("e", "node", "a", &event), 1);
        ck_assert_int_eq(json_integer_value(argument(event, "rows")), ROWS);
        end(driver);
    }
}
END_TEST

START_TEST(a_run_that_fails_says_who_failed_and_what_was_skipped) {
    begin(0);
    hm_controlled_add("a", "x", hm_controlled_bad);
    hm_controlled_add("b", "a", hm_controlled_next);
    hm_driver *driver = hm_observed_driver(2, hm_trace_adapter(trace), NULL);
    ck_assert_int_eq(hm_observed_execute(driver, "b", 1), HM_NODE_FAILED);
    read_trace();
    json_t *event;
    ck_assert_int_eq(count("X", "node", "a", &event), 1);
    ck_assert_str_eq(word(event, "status"), "failed");
    ck_assert_int_eq(count("i", "skipped", "b", &event), 1);
    ck_assert_str_eq(word(event, "reason"), "needed_failed");
    ck_assert_str_eq(word(event, "cause"), "a");
    ck_assert_int_eq(count("e", "run", NULL, &event), 1);
    ck_assert_str_eq(word(event, "status"), "failed");
    end(driver);
}
END_TEST

START_TEST(a_run_that_is_cancelled_is_one) {
    begin(0);
    hm_controlled_add("a", "x", hm_controlled_next);
    hm_driver *driver = hm_observed_driver(1, hm_trace_adapter(trace), NULL);
    hm_cancel *cancel;
    ck_assert_int_eq(hm_cancel_create(NULL, &cancel), HM_OK);
    hm_cancel_raise(cancel);
    static const char *const wanted[] = {"a"};
    hm_request request = hm_controlled_request(wanted, 1);
    request.cancel = cancel;
    hm_results *results = NULL;
    ck_assert_int_eq(hm_driver_execute(driver, &request, &results, NULL), HM_CANCELLED);
    hm_results_destroy(results);
    hm_cancel_destroy(cancel);
    read_trace();
    json_t *event;
    ck_assert_int_eq(count("i", "skipped", "a", &event), 1);
    ck_assert_str_eq(word(event, "reason"), "cancelled");
    ck_assert_int_eq(count("e", "run", NULL, &event), 1);
    ck_assert_str_eq(word(event, "status"), "cancelled");
    end(driver);
}
END_TEST

START_TEST(what_is_under_way_is_there_and_says_so) {
    begin(0);
    hm_controlled_add("a", "x", hm_controlled_stuck);
    hm_later_begin();
    hm_later_add("later", "x", hm_later_held);
    hm_controlled_add_sum("s", "a", "later");
    hm_driver *driver = hm_observed_driver(2, hm_trace_adapter(trace), NULL);
    ck_assert_int_eq(hm_observed_leave(driver, "s"), HM_DEADLINE);
    bool has_begun = atomic_load(&controlled.begun) > 0; // unless all were slow
    bool has_started = atomic_load(&later.started) > 0;
    read_trace();
    json_t *event;
    ck_assert_int_eq(count("e", "run", NULL, &event), 1);
    ck_assert_str_eq(word(event, "status"), "under way");
    if (has_begun) {
        ck_assert_int_eq(count("X", "node", "a", &event), 1);
        ck_assert_str_eq(word(event, "status"), "under way");
        ck_assert_double_gt(number_of(event, "dur"), 1000); // of 20 ms
    }
    if (has_started) {
        ck_assert_int_eq(count("e", "node", "later", &event), 1);
        ck_assert_str_eq(word(event, "status"), "under way");
    }
    atomic_store(&controlled.is_released, true);
    hm_later_release();
    do {
        hm_controlled_nap(HM_MILLISECONDS / 10);
        read_trace();
        ck_assert_int_eq(count("e", "run", NULL, &event), 1);
    } while (strcmp(word(event, "status"), "under way") == 0);
    ck_assert_str_eq(word(event, "status"), "late");
    hm_observed_end_driver(driver);
    hm_later_end();
    end(NULL);
}
END_TEST

START_TEST(the_oldest_events_go_when_memory_is_used_up) {
    enum { RUNS = 2000 };
    begin(16 << 10);
    hm_controlled_add("a", "x", hm_controlled_next);
    hm_controlled_add("b", "a", hm_controlled_next);
    hm_driver *driver = hm_observed_driver(1, hm_trace_adapter(trace), NULL);
    hm_plan *plan = hm_controlled_plan(driver, "b", 0);
    hm_run *run = hm_controlled_run(plan);
    for (int i = 0; i < RUNS; i++) {
        ck_assert_int_eq(hm_run_execute(run, NULL), HM_OK);
    }
    read_trace();
    int kept = count("X", "node", NULL, NULL) + count("X", "task", NULL, NULL) +
               count("b", "run", NULL, NULL);
    ck_assert_int_gt(kept, 100);
    ck_assert_int_eq(lost() + kept, 4 * RUNS); // two nodes, a task, a run
    ck_assert_uint_eq(hm_trace_lost(trace), (uint64_t)lost());
    json_t *newest;
    count("X", "task", NULL, &newest);
    json_t *last_run;
    count("e", "run", NULL, &last_run);
    ck_assert_int_eq(
            json_integer_value(argument(newest, "run")), atoi(text_of(last_run, "id")));
    hm_run_destroy(run);
    hm_plan_destroy(plan);
    end(driver);
}
END_TEST

static hm_driver *inner_driver;

static int call_inner(void *frame, const uint32_t *at, void *self) {
    (void)self;
    hm_driver *driver = inner_driver;
    inner_driver = NULL; // the node of the run further in is its own
    HM_SLOT(double, 1) = HM_SLOT(double, 0) + 1;
    return driver != NULL && hm_observed_execute(driver, "b", 1) != HM_OK;
}

START_TEST(arrows_lead_from_the_node_that_executes_a_run_to_that) {
    begin(0);
    hm_controlled_add("a", "x", call_inner);
    hm_controlled_add("b", "x", hm_controlled_next);
    hm_driver *driver = hm_observed_driver(2, hm_trace_adapter(trace), NULL);
    inner_driver = driver;
    ck_assert_int_eq(hm_observed_execute(driver, "a", 1), HM_OK);
    read_trace();
    check_pairs("s", "f");
    json_t *from;
    json_t *to;
    json_t *node;
    ck_assert_int_eq(count("s", "run", NULL, &from), 1);
    ck_assert_int_eq(count("f", "run", NULL, &to), 1);
    ck_assert_int_eq(count("X", "node", "a", &node), 1);
    ck_assert_double_ge(number_of(from, "ts"), number_of(node, "ts"));
    ck_assert_double_le(
            number_of(to, "ts"), number_of(node, "ts") + number_of(node, "dur"));
    end(driver);
}
END_TEST

START_TEST(sleeps_are_slices_and_wakes_lead_to_their_ends) {
    begin(0);
    hm_controlled_add("a", "x", hm_controlled_slow);
    hm_driver *driver = hm_observed_driver(3, hm_trace_adapter(trace), NULL);
    static const char *const wanted[] = {"a"};
    hm_request request = hm_controlled_request(wanted, 1);
    request.caller_waits = true;
    do {
        hm_results *results = NULL;
        ck_assert_int_eq(hm_driver_execute(driver, &request, &results, NULL), HM_OK);
        hm_results_destroy(results);
        read_trace();
    } while (count("f", "wake", NULL, NULL) == 0);
    ck_assert_int_gt(count("X", "thread", "sleep", NULL), 0);
    check_pairs("s", "f");
    json_t *thread;
    ck_assert_int_ge(count("M", NULL, "thread_name", &thread), 2);
    end(driver);
}
END_TEST

static hm_status supply(void *self, hm_running *running, hm_error *error) {
    (void)self;
    const hm_planned_node *node = &running->planned->nodes[0];
    hm_value result = hm_value_double(7);
    hm_running_decide(running, node, HM_CACHE_FOUND, "");
    return hm_running_supply(running, node, &result, error);
}

static hm_status compute(void *self, hm_call *call, hm_error *error) {
    (void)self;
    (void)error;
    hm_running_decide(call->running, call->node, HM_CACHE_COMPUTED, "");
    return HM_OK;
}

START_TEST(decisions_of_a_cache_are_said) {
    begin(0);
    hm_controlled_add("a", "x", hm_controlled_next);
    hm_controlled_add("b", "a", hm_controlled_next);
    const hm_adapter cache = {.struct_size = sizeof(hm_adapter),
            .name = "cache",
            .wants = hm_want_to_wrap,
            .run_began = supply,
            .before = compute};
    hm_driver *driver = hm_observed_driver(1, hm_trace_adapter(trace), &cache);
    ck_assert_int_eq(hm_observed_execute(driver, "b", 1), HM_OK);
    read_trace();
    json_t *event;
    ck_assert_int_eq(count("i", "skipped", "a", &event), 1);
    ck_assert_str_eq(word(event, "reason"), "supplied");
    ck_assert_str_eq(word(event, "cache"), "found");
    ck_assert_int_eq(count("X", "node", "b", &event), 1);
    ck_assert_str_eq(word(event, "cache"), "computed");
    end(driver);
}
END_TEST

START_TEST(a_node_that_is_held_is_on_no_thread_but_its_function_is) {
    begin(0);
    hm_controlled_add("a", "x", hm_controlled_next);
    hm_retry_options options = HM_RETRY_OPTIONS_INIT;
    hm_node_rule rule = {"a", 2};
    options.rules = &rule;
    options.rule_count = 1;
    hm_retry *retry;
    ck_assert_int_eq(hm_retry_create(&options, &retry, NULL), HM_OK);
    hm_driver *driver =
            hm_observed_driver(2, hm_trace_adapter(trace), hm_retry_adapter(retry));
    ck_assert_int_eq(hm_observed_execute(driver, "a", 1), HM_OK);
    read_trace();
    check_pairs("b", "e");
    ck_assert_int_eq(count("X", "rows", "a", NULL), 1);
    ck_assert_int_eq(count("b", "node", "a", NULL), 1);
    hm_observed_end_driver(driver);
    hm_retry_destroy(retry);
    end(NULL);
}
END_TEST

// Whatever allocation fails, the run does not, and what is written can be read.
START_TEST(without_memory_events_are_lost_and_counted) {
    bool was_complete = false;
    for (size_t fail_at = 1; !was_complete; fail_at++) {
        hm_controlled_begin();
        hm_failing_allocator failing;
        hm_failing_allocator_init(&failing);
        failing.fail_at = fail_at;
        failing.for_good = true;
        hm_trace_options options = HM_TRACE_OPTIONS_INIT;
        options.allocator = &failing.allocator;
        hm_status status = hm_trace_create(&options, &trace, NULL);
        if (status != HM_OK) {
            ck_assert_int_eq(status, HM_NO_MEMORY);
            hm_controlled_end();
            continue;
        }
        hm_controlled_add("a", "x", hm_controlled_next);
        hm_driver *driver = hm_observed_driver(2, hm_trace_adapter(trace), NULL);
        ck_assert_int_eq(hm_observed_execute(driver, "a", 5000), HM_OK);
        was_complete = atomic_load(&failing.calls) < fail_at;
        ck_assert(!was_complete || hm_trace_lost(trace) == 0);
        hm_text text;
        hm_text_init(&text, NULL);
        status = hm_trace_write(trace, hm_text_write, &text);
        ck_assert(status == HM_OK || status == HM_NO_MEMORY);
        hm_text_finish(&text);
        hm_observed_end_driver(driver); // threads that sleep allocate, too
        failing.fail_at = 0;
        read_trace();
        json_decref(said);
        said = NULL;
        hm_trace_destroy(trace);
        ck_assert_uint_eq(atomic_load(&failing.live), 0);
        hm_controlled_end();
    }
}
END_TEST

static bool refuse(const char *text, size_t length, void *to) {
    (void)text;
    (void)length;
    size_t *left = to;
    return (*left)-- > 0;
}

START_TEST(a_write_that_fails_ends_the_writing_alone) {
    begin(0);
    hm_controlled_add("a", "x", hm_controlled_next);
    hm_driver *driver = hm_observed_driver(2, hm_trace_adapter(trace), NULL);
    ck_assert_int_eq(hm_observed_execute(driver, "a", 50000), HM_OK);
    for (size_t pieces = 0; pieces < 2; pieces++) {
        size_t left = pieces;
        ck_assert_int_eq(hm_trace_write(trace, refuse, &left), HM_IO);
    }
    read_trace();
    ck_assert_int_gt(count("X", "rows", "a", NULL), 1);
    end(driver);
}
END_TEST

static atomic_bool is_done;

static void *execute_often(void *argument) {
    for (size_t i = 0; i < 20; i++) {
        ck_assert_int_eq(hm_observed_execute(argument, "b", 1 + 5000 * (i % 2)), HM_OK);
    }
    atomic_store(&is_done, true);
    return NULL;
}

START_TEST(a_trace_can_be_written_while_runs_go_on) {
    begin(256 << 10);
    hm_controlled_add("a", "x", hm_controlled_next);
    hm_controlled_add("b", "a", hm_controlled_next);
    hm_controlled_add_sum("s", "a", "b");
    hm_driver *driver = hm_observed_driver(3, hm_trace_adapter(trace), NULL);
    atomic_store(&is_done, false);
    pthread_t threads[2];
    for (int i = 0; i < 2; i++) {
        ck_assert_int_eq(pthread_create(&threads[i], NULL, execute_often, driver), 0);
    }
    do {
        read_trace();
    } while (!atomic_load(&is_done));
    for (int i = 0; i < 2; i++) {
        pthread_join(threads[i], NULL);
    }
    read_trace();
    ck_assert_int_gt(
            count("X", "node", NULL, NULL) + count("X", "rows", NULL, NULL), 0);
    end(driver);
}
END_TEST

START_TEST(options_that_make_no_sense_are_refused) {
    hm_trace_options options = HM_TRACE_OPTIONS_INIT;
    hm_error error;
    options.max_bytes = 100;
    ck_assert_int_eq(hm_trace_create(&options, &trace, &error), HM_BAD_ARGUMENT);
    ck_assert_ptr_nonnull(strstr(error.message, "16384"));
    hm_trace_options nothing = {0};
    ck_assert_int_eq(hm_trace_create(&nothing, &trace, &error), HM_BAD_ARGUMENT);
    hm_trace_destroy(NULL);
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("trace");
    TCase *said_case = tcase_create("said");
    tcase_add_test(said_case, nodes_are_slices_of_their_threads_in_tasks);
    tcase_add_test(said_case, rows_are_slices_of_whoever_works_on_them);
    tcase_add_test(said_case, a_run_that_fails_says_who_failed_and_what_was_skipped);
    tcase_add_test(said_case, a_run_that_is_cancelled_is_one);
    tcase_add_test(said_case, what_is_under_way_is_there_and_says_so);
    tcase_add_test(said_case, arrows_lead_from_the_node_that_executes_a_run_to_that);
    tcase_add_test(said_case, sleeps_are_slices_and_wakes_lead_to_their_ends);
    tcase_add_test(said_case, decisions_of_a_cache_are_said);
    tcase_add_test(said_case, a_node_that_is_held_is_on_no_thread_but_its_function_is);
    suite_add_tcase(suite, said_case);
    TCase *bounds = tcase_create("bounds");
    tcase_add_test(bounds, the_oldest_events_go_when_memory_is_used_up);
    tcase_add_test(bounds, without_memory_events_are_lost_and_counted);
    tcase_add_test(bounds, a_write_that_fails_ends_the_writing_alone);
    tcase_add_test(bounds, a_trace_can_be_written_while_runs_go_on);
    tcase_add_test(bounds, options_that_make_no_sense_are_refused);
    suite_add_tcase(suite, bounds);
    return suite;
}
