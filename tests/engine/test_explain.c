// test_explain.c — what is told of a plan is what it does.

#include <jansson.h>
#include <string.h>

#include <hamilton/hamilton.h>

#include "base/text.h"
#include "tests/support/controlled.h"
#include "tests/support/suite.h"

enum { ROWS = 1000 };

static double column[ROWS];

static hm_plan *plan_of(
        const hm_driver *driver, const char *const *wanted, size_t count) {
    hm_request request = hm_controlled_request(wanted, count);
    hm_plan *plan;
    hm_error error;
    ck_assert_msg(hm_plan_create(driver, &request, &plan, &error) == HM_OK, "%s",
            error.message);
    return plan;
}

static hm_explanation *explain(const hm_plan *plan) {
    hm_explanation *explanation;
    hm_error error;
    ck_assert_int_eq(hm_plan_explain(plan, &explanation, &error), HM_OK);
    return explanation;
}

static const hm_explained_call *call_of(
        const hm_explanation *explanation, const char *name) {
    for (uint32_t c = 0; c < explanation->call_count; c++) {
        if (strcmp(explanation->calls[c].name, name) == 0) {
            return &explanation->calls[c];
        }
    }
    ck_abort_msg("there is no call `%s`", name);
}

static const hm_explained_value *value_of(
        const hm_explanation *explanation, const char *name) {
    for (uint32_t v = 0; v < explanation->value_count; v++) {
        if (strcmp(explanation->values[v].name, name) == 0) {
            return &explanation->values[v];
        }
    }
    ck_abort_msg("there is no value `%s`", name);
}

// x ─▶ a ─▶ b ─┬─▶ sum
//     x ─▶ c ──┘
static hm_driver *begin_fork(uint32_t thread_count) {
    hm_controlled_begin();
    hm_controlled_add("a", "x", hm_controlled_next);
    hm_controlled_add("b", "a", hm_controlled_next);
    hm_controlled_add("c", "x", hm_controlled_slow);
    hm_controlled_add_sum("sum", "b", "c");
    hm_driver_options options = hm_controlled_options(thread_count);
    return hm_controlled_driver(&options);
}

static const char *const want_sum[] = {"sum"};

START_TEST(tasks_name_their_calls_and_who_waits_for_them) {
    hm_driver *driver = begin_fork(2);
    hm_plan *plan = plan_of(driver, want_sum, 1);
    hm_explanation *now = explain(plan);
    ck_assert_uint_eq(now->call_count, 4);
    ck_assert_uint_eq(now->task_count, 3);
    uint32_t task = call_of(now, "a")->task;
    ck_assert_uint_eq(call_of(now, "b")->task, task);
    ck_assert_uint_eq(now->tasks[task].call_count, 2);
    ck_assert_str_eq(now->calls[now->tasks[task].first_call].name, "a");
    ck_assert_uint_eq(now->tasks[task].dependency_count, 0);
    ck_assert_uint_eq(now->tasks[task].successor_count, 1);
    uint32_t end = call_of(now, "sum")->task;
    ck_assert_uint_eq(now->successors[now->tasks[task].first_successor], end);
    ck_assert_uint_eq(now->tasks[end].dependency_count, 2);
    ck_assert_uint_eq(now->worker_count, 2);
    hm_explanation_destroy(now);
    hm_plan_destroy(plan);
    hm_driver_destroy(driver);
    hm_controlled_end();
}
END_TEST

START_TEST(before_a_run_every_call_counts_as_one) {
    hm_driver *driver = begin_fork(2);
    hm_plan *plan = plan_of(driver, want_sum, 1);
    hm_explanation *now = explain(plan);
    ck_assert(!now->is_measured);
    ck_assert(now->work == 4 && now->span == 3);
    ck_assert_uint_eq(now->critical_count, 3);
    ck_assert_str_eq(now->calls[now->critical_path[0]].name, "a");
    ck_assert_str_eq(now->calls[now->critical_path[2]].name, "sum");
    ck_assert(!call_of(now, "c")->is_critical);
    ck_assert(call_of(now, "c")->nanoseconds == 0);
    ck_assert(now->alone == 0);
    ck_assert_int_eq(now->sharing, HM_SHARING_ALL);
    hm_explanation_destroy(now);
    hm_plan_destroy(plan);
    hm_driver_destroy(driver);
    hm_controlled_end();
}
END_TEST

START_TEST(after_a_run_the_path_is_the_one_that_takes_longest) {
    hm_driver *driver = begin_fork(2);
    hm_plan *plan = plan_of(driver, want_sum, 1);
    hm_run *run;
    ck_assert_int_eq(hm_run_create(plan, &run, NULL), HM_OK);
    ck_assert_int_eq(hm_run_execute(run, NULL), HM_OK);
    hm_explanation *now = explain(plan);
    ck_assert(now->is_measured);
    ck_assert(call_of(now, "c")->nanoseconds > 100 * 1000);
    ck_assert(call_of(now, "c")->is_critical);
    ck_assert(!call_of(now, "a")->is_critical);
    double span = 0;
    for (uint32_t i = 0; i < now->critical_count; i++) {
        span += (double)now->calls[now->critical_path[i]].nanoseconds;
    }
    ck_assert(now->span == span);
    ck_assert(now->work >= now->span);
    ck_assert(now->alone > 0);
    hm_explanation_destroy(now);
    hm_run_destroy(run);
    hm_plan_destroy(plan);
    hm_driver_destroy(driver);
    hm_controlled_end();
}
END_TEST

START_TEST(slots_lie_in_the_frame_without_overlap) {
    hm_driver *driver = begin_fork(1);
    hm_plan *plan = plan_of(driver, want_sum, 1);
    hm_explanation *now = explain(plan);
    ck_assert_uint_eq(now->value_count, 5);
    for (uint32_t v = 0; v < now->value_count; v++) {
        const hm_explained_value *value = &now->values[v];
        ck_assert_uint_eq(value->size, sizeof(double));
        ck_assert_uint_le(value->offset + value->size, now->need.frame);
        for (uint32_t w = 0; w < v; w++) {
            ck_assert_uint_ge(value->offset > now->values[w].offset
                                      ? value->offset - now->values[w].offset
                                      : now->values[w].offset - value->offset,
                    sizeof(double));
        }
    }
    ck_assert_uint_eq(value_of(now, "x")->offset, hm_plan_find(plan, "x"));
    ck_assert_uint_eq(value_of(now, "x")->call, HM_NONE);
    ck_assert(value_of(now, "sum")->is_wanted);
    ck_assert(!value_of(now, "a")->is_wanted);
    ck_assert_str_eq(now->calls[value_of(now, "b")->call].name, "b");
    ck_assert_int_eq(now->sharing, HM_SHARING_NONE);
    hm_explanation_destroy(now);
    hm_plan_destroy(plan);
    hm_driver_destroy(driver);
    hm_controlled_end();
}
END_TEST

static void make_column(hm_request *request, hm_binding *input) {
    *input = (hm_binding){"x", hm_value_many(&hm_type_double, column, ROWS)};
    request->inputs = input;
    request->input_count = 1;
}

// void NAME(size_t n, const double x[n], double out[n])
static int call_next_of_all(void *frame, const uint32_t *at, void *self) {
    (void)self;
    hm_array x = HM_SLOT(hm_array, 0);
    hm_array out = HM_SLOT(hm_array, 1);
    for (size_t i = 0; i < x.length; i++) {
        ((double *)out.data)[i] = ((const double *)x.data)[i] + 1;
    }
    return 0;
}

static void add_next_of_all(const char *name, const char *source) {
    hm_module_builder *builder = &controlled.builder;
    hm_builder_function(builder, name, call_next_of_all, NULL);
    hm_builder_takes_array(builder, source, &hm_type_double);
    hm_builder_makes_array(builder, name, &hm_type_double);
}

START_TEST(arrays_that_end_early_share_their_memory) {
    hm_controlled_begin();
    add_next_of_all("a", "x");
    add_next_of_all("b", "a");
    add_next_of_all("c", "b");
    hm_driver_options options = hm_controlled_options(1);
    hm_driver *driver = hm_controlled_driver(&options);
    const char *const wanted[] = {"c"};
    hm_request request = hm_controlled_request(wanted, 1);
    hm_binding input;
    make_column(&request, &input);
    hm_plan *plan;
    ck_assert_int_eq(hm_plan_create(driver, &request, &plan, NULL), HM_OK);
    hm_explanation *now = explain(plan);
    ck_assert_uint_eq(value_of(now, "x")->buffer_count, 0);
    ck_assert_uint_eq(now->buffer_count, 2);
    uint32_t of_a = now->buffers_of[value_of(now, "a")->first_buffer];
    uint32_t of_c = now->buffers_of[value_of(now, "c")->first_buffer];
    ck_assert_uint_eq(of_a, of_c);
    ck_assert_uint_eq(now->buffers[of_a].tenant_count, 2);
    ck_assert_uint_eq(now->buffers[of_a].size, ROWS * sizeof(double));
    ck_assert_uint_eq(now->need.arrays, 2 * ROWS * sizeof(double));
    ck_assert(now->need.is_known);
    hm_explanation_destroy(now);
    hm_plan_destroy(plan);
    hm_driver_destroy(driver);
    hm_controlled_end();
}
END_TEST

struct point {
    double x;
};

static const hm_field point_fields[] = {{.name = "x", .type = &hm_type_double}};
static const hm_type point_type = {.name = "struct point",
        .kind = HM_KIND_STRUCT,
        .size = sizeof(struct point),
        .alignment = sizeof(double),
        .fields = point_fields,
        .field_count = 1};

// double x_of(const struct point *point)
static int call_x_of(void *frame, const uint32_t *at, void *self) {
    (void)self;
    HM_SLOT(double, 1) = HM_SLOT(const struct point *, 0)->x;
    return 0;
}

// A mapped function and one of all rows take turns, so that tasks wait for each other.
START_TEST(arrays_of_tasks_in_turn_share_their_memory) {
    enum { TURNS = 10 };
    static char names[2 * TURNS + 1][8];
    hm_controlled_begin();
    snprintf(names[0], sizeof names[0], "x");
    for (int i = 1; i <= 2 * TURNS; i++) {
        snprintf(names[i], sizeof names[i], "v%d", i);
        if (i % 2 == 0) {
            add_next_of_all(names[i], names[i - 1]);
        } else {
            hm_controlled_add(names[i], names[i - 1], hm_controlled_next);
        }
    }
    hm_driver_options options = hm_controlled_options(2);
    hm_driver *driver = hm_controlled_driver(&options);
    const char *const wanted[] = {names[2 * TURNS]};
    hm_request request = hm_controlled_request(wanted, 1);
    hm_binding input;
    make_column(&request, &input);
    hm_plan *plan;
    ck_assert_int_eq(hm_plan_create(driver, &request, &plan, NULL), HM_OK);
    hm_explanation *now = explain(plan);
    ck_assert_uint_gt(now->task_count, TURNS);
    ck_assert_uint_eq(now->buffer_count, 2);
    ck_assert_uint_eq(now->need.arrays, 2 * ROWS * sizeof(double));
    hm_explanation_destroy(now);
    hm_run *run = hm_controlled_run(plan);
    ck_assert_int_eq(hm_run_execute(run, NULL), HM_OK);
    hm_value value;
    ck_assert_int_eq(hm_run_get(run, names[2 * TURNS], &value, NULL), HM_OK);
    for (size_t i = 0; i < ROWS; i++) {
        double expected = column[i] + 2 * TURNS;
        ck_assert_double_eq(((const double *)value.many.data)[i], expected);
    }
    hm_run_destroy(run);
    hm_plan_destroy(plan);
    hm_driver_destroy(driver);
    hm_controlled_end();
}
END_TEST

static uint32_t sharers_of(const hm_plan *plan) {
    hm_explanation *now = explain(plan);
    uint32_t count = now->pipelines[0].worker_count;
    hm_explanation_destroy(now);
    return count;
}

// Takes some microseconds: one is not worth sharing, and a thousand are, on any
// machine.
static int call_busy(void *frame, const uint32_t *at, void *self) {
    (void)self;
    volatile double sum = 0;
    for (int i = 0; i < 1000; i++) {
        sum += i;
    }
    HM_SLOT(double, 1) = HM_SLOT(double, 0) + sum;
    return 0;
}

START_TEST(a_plan_made_for_one_row_is_shared_for_many) {
    hm_controlled_begin();
    hm_controlled_add("next", "x", call_busy);
    hm_driver_options options = hm_controlled_options(2);
    hm_driver *driver = hm_controlled_driver(&options);
    const char *const wanted[] = {"next"};
    hm_binding input = {"x", hm_value_many(&hm_type_double, column, 1)};
    hm_request request = HM_REQUEST_INIT;
    request.wanted = wanted;
    request.wanted_count = 1;
    request.inputs = &input;
    request.input_count = 1;
    hm_plan *plan;
    ck_assert_int_eq(hm_plan_create(driver, &request, &plan, NULL), HM_OK);
    hm_run *run = hm_controlled_run(plan);
    for (int i = 0; i < 20; i++) {
        ck_assert_int_eq(hm_run_execute(run, NULL), HM_OK);
    }
    ck_assert_uint_eq(sharers_of(plan), 1);
    hm_value many = hm_value_many(&hm_type_double, column, ROWS);
    ck_assert_int_eq(hm_run_set(run, "x", &many, NULL), HM_OK);
    ck_assert_int_eq(hm_run_execute(run, NULL), HM_OK);
    ck_assert_uint_eq(sharers_of(plan), 2);
    hm_run_destroy(run);
    hm_plan_destroy(plan);
    hm_driver_destroy(driver);
    hm_controlled_end();
}
END_TEST

START_TEST(what_only_a_pipeline_needs_has_no_array) {
    hm_controlled_begin();
    hm_controlled_add("a", "x", hm_controlled_next);
    hm_controlled_add("b", "a", hm_controlled_next);
    hm_controlled_add("c", "b", hm_controlled_next);
    hm_driver_options options = hm_controlled_options(2);
    hm_driver *driver = hm_controlled_driver(&options);
    const char *const wanted[] = {"c"};
    hm_request request = hm_controlled_request(wanted, 1);
    hm_binding input;
    make_column(&request, &input);
    hm_plan *plan;
    ck_assert_int_eq(hm_plan_create(driver, &request, &plan, NULL), HM_OK);
    hm_explanation *now = explain(plan);
    ck_assert_uint_eq(now->task_count, 1);
    ck_assert_uint_eq(now->tasks[0].call_count, 3);
    ck_assert_uint_eq(now->pipeline_count, 1);
    ck_assert_uint_eq(now->pipelines[0].call_count, 3);
    ck_assert_uint_eq(now->pipelines[0].worker_count, 2);
    // x and c are arrays; of a and b there is one row each in a block.
    ck_assert_uint_eq(now->pipelines[0].block_bytes,
            2 * sizeof(double) * now->pipelines[0].block_length);
    ck_assert_uint_eq(call_of(now, "a")->mapped, 1);
    ck_assert_uint_eq(call_of(now, "a")->pipeline, 0);
    ck_assert(value_of(now, "a")->is_inner);
    ck_assert_uint_eq(value_of(now, "a")->buffer_count, 0);
    ck_assert(!value_of(now, "c")->is_inner);
    ck_assert_uint_eq(now->buffer_count, 1);
    ck_assert_uint_eq(now->need.arrays, ROWS * sizeof(double));
    hm_explanation_destroy(now);
    hm_plan_destroy(plan);

    // What is wanted is an array, and blocks are as long as the request says.
    const char *const both[] = {"c", "a"};
    request.wanted = both;
    request.wanted_count = 2;
    request.block_length = 3;
    ck_assert_int_eq(hm_plan_create(driver, &request, &plan, NULL), HM_OK);
    now = explain(plan);
    ck_assert(!value_of(now, "a")->is_inner);
    ck_assert_uint_eq(now->pipelines[0].block_length, 3);
    hm_explanation_destroy(now);
    hm_plan_destroy(plan);
    hm_driver_destroy(driver);
    hm_controlled_end();
}
END_TEST

START_TEST(pointers_to_structs_of_an_array_are_counted) {
    static const struct point points[ROWS];
    hm_controlled_begin();
    hm_module_builder *builder = &controlled.builder;
    hm_builder_function(builder, "x_of", call_x_of, NULL);
    hm_builder_takes(builder, "point", &point_type)->pass = HM_BY_REFERENCE;
    hm_builder_makes(builder, "x_of", &hm_type_double);
    hm_driver_options options = hm_controlled_options(1);
    hm_driver *driver = hm_controlled_driver(&options);
    const char *const wanted[] = {"x_of"};
    hm_binding input = {"point", hm_value_many(&point_type, points, ROWS)};
    hm_request request = hm_controlled_request(wanted, 1);
    request.inputs = &input;
    hm_plan *plan;
    ck_assert_int_eq(hm_plan_create(driver, &request, &plan, NULL), HM_OK);
    hm_explanation *now = explain(plan);
    ck_assert_uint_eq(now->buffer_count, 1);
    ck_assert_uint_eq(now->need.arrays, ROWS * sizeof(double));
    ck_assert_uint_eq(now->pipelines[0].block_bytes,
            now->pipelines[0].block_length * sizeof(void *));
    hm_explanation_destroy(now);
    hm_plan_destroy(plan);
    hm_driver_destroy(driver);
    hm_controlled_end();
}
END_TEST

START_TEST(a_plan_without_calls_has_nothing_to_tell_but_its_frame) {
    hm_driver *driver = begin_fork(2);
    const char *const wanted[] = {"x"};
    hm_plan *plan = plan_of(driver, wanted, 1);
    hm_explanation *now = explain(plan);
    ck_assert_uint_eq(now->task_count, 0);
    ck_assert_uint_eq(now->critical_count, 0);
    ck_assert_uint_eq(now->value_count, 1);
    ck_assert(now->span == 0);
    hm_text text;
    hm_text_init(&text, NULL);
    ck_assert_int_eq(hm_explanation_write(now, hm_text_write, &text), HM_OK);
    json_t *json = json_loads(hm_text_get(&text), 0, NULL);
    ck_assert_msg(json != NULL, "%s", hm_text_get(&text));
    json_decref(json);
    hm_text_finish(&text);
    hm_explanation_destroy(now);
    hm_explanation_destroy(NULL);
    hm_plan_destroy(plan);
    hm_driver_destroy(driver);
    hm_controlled_end();
}
END_TEST

static int slow_calls; // so many calls are

static int call_slow_at_first(void *frame, const uint32_t *at, void *self) {
    if (slow_calls > 0) {
        slow_calls--;
        hm_controlled_nap(2 * HM_MILLISECONDS);
    }
    return hm_controlled_next(frame, at, self);
}

START_TEST(a_plan_that_always_measures_forgets_a_slow_beginning) {
    for (int always = 0; always < 2; always++) {
        hm_controlled_begin();
        hm_controlled_add("a", "x", call_slow_at_first);
        hm_driver_options options = hm_controlled_options(1);
        hm_driver *driver = hm_controlled_driver(&options);
        const char *const wanted[] = {"a"};
        hm_request request = hm_controlled_request(wanted, 1);
        request.always_measure = always;
        hm_plan *plan;
        hm_run *run;
        ck_assert_int_eq(hm_plan_create(driver, &request, &plan, NULL), HM_OK);
        ck_assert_int_eq(hm_run_create(plan, &run, NULL), HM_OK);
        slow_calls = 6;
        for (int i = 0; i < 40; i++) {
            ck_assert_int_eq(hm_run_execute(run, NULL), HM_OK);
        }
        hm_explanation *now = explain(plan);
        ck_assert((now->calls[0].nanoseconds < (float)HM_MILLISECONDS) == always);
        hm_explanation_destroy(now);
        hm_run_destroy(run);
        hm_plan_destroy(plan);
        hm_driver_destroy(driver);
        hm_controlled_end();
    }
}
END_TEST

static bool refuse(const char *text, size_t length, void *to) {
    (void)text;
    (void)length;
    (void)to;
    return false;
}

START_TEST(json_says_the_same) {
    hm_driver *driver = begin_fork(2);
    hm_plan *plan = plan_of(driver, want_sum, 1);
    hm_explanation *now = explain(plan);
    hm_text text;
    hm_text_init(&text, NULL);
    ck_assert_int_eq(hm_explanation_write(now, refuse, NULL), HM_IO);
    ck_assert_int_eq(hm_explanation_write(now, hm_text_write, &text), HM_OK);
    json_t *json = json_loads(hm_text_get(&text), 0, NULL);
    ck_assert_msg(json != NULL, "%s", hm_text_get(&text));
    ck_assert_uint_eq(json_array_size(json_object_get(json, "tasks")), 3);
    ck_assert_uint_eq(json_array_size(json_object_get(json, "frame")), 5);
    ck_assert_uint_eq(json_array_size(json_object_get(json, "critical_path")), 3);
    ck_assert_str_eq(
            json_string_value(json_array_get(json_object_get(json, "outputs"), 0)),
            "sum");
    ck_assert(json_is_null(json_object_get(json, "work_nanoseconds")));
    ck_assert_int_eq(json_integer_value(json_object_get(json, "frame_bytes")),
            (json_int_t)now->need.frame);
    json_decref(json);
    hm_text_finish(&text);
    hm_explanation_destroy(now);
    hm_plan_destroy(plan);
    hm_driver_destroy(driver);
    hm_controlled_end();
}
END_TEST

START_TEST(every_allocation_may_fail) {
    hm_driver *driver = begin_fork(1);
    hm_plan *plan = plan_of(driver, want_sum, 1);
    hm_explanation *now;
    hm_status status = HM_NO_MEMORY;
    size_t failures = 0;
    for (; status == HM_NO_MEMORY; failures++) {
        controlled.memory.calls = 0;
        controlled.memory.fail_at = failures + 1;
        size_t live = controlled.memory.live;
        status = hm_plan_explain(plan, &now, NULL);
        ck_assert(status == HM_OK || controlled.memory.live == live);
    }
    ck_assert_int_eq(status, HM_OK);
    ck_assert_uint_gt(failures, 2);
    hm_explanation_destroy(now);
    hm_plan_destroy(plan);
    hm_driver_destroy(driver);
    hm_controlled_end();
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("engine/explain");
    TCase *tests = tcase_create("explain");
    tcase_add_test(tests, tasks_name_their_calls_and_who_waits_for_them);
    tcase_add_test(tests, before_a_run_every_call_counts_as_one);
    tcase_add_test(tests, after_a_run_the_path_is_the_one_that_takes_longest);
    tcase_add_test(tests, slots_lie_in_the_frame_without_overlap);
    tcase_add_test(tests, arrays_that_end_early_share_their_memory);
    tcase_add_test(tests, arrays_of_tasks_in_turn_share_their_memory);
    tcase_add_test(tests, a_plan_made_for_one_row_is_shared_for_many);
    tcase_add_test(tests, what_only_a_pipeline_needs_has_no_array);
    tcase_add_test(tests, pointers_to_structs_of_an_array_are_counted);
    tcase_add_test(tests, a_plan_without_calls_has_nothing_to_tell_but_its_frame);
    tcase_add_test(tests, a_plan_that_always_measures_forgets_a_slow_beginning);
    tcase_add_test(tests, json_says_the_same);
    tcase_add_test(tests, every_allocation_may_fail);
    suite_add_tcase(suite, tests);
    return suite;
}
