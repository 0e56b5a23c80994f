// test_lifetime.c — what functions give ends once, after its last reader; what is
// borrowed keeps alive what it points into.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <hamilton/hamilton.h>
#include <hamilton/node.h>

#include "tests/support/failing_allocator.h"
#include "tests/support/module_builder.h"
#include "tests/support/suite.h"

#define SLOT(type, index) (*(type *)(void *)((char *)frame + at[index]))

static hm_module_builder builder;
static hm_failing_allocator memory;

// Objects that are counted.
struct counter {
    int number;
};

static int live_objects;
static int live_when_observed;
static int freed_strings;

static void destroy_counter(void *object) {
    live_objects--;
    free(object);
}

static void free_string(void *text) {
    freed_strings++;
    free(text);
}

static const hm_type counter_type = {
        .name = "struct counter", .kind = HM_KIND_OPAQUE, .destroy = destroy_counter};

// struct counter *counter(int number)
static int call_counter(void *frame, const uint32_t *at, void *self) {
    (void)self;
    struct counter *counter = malloc(sizeof *counter);
    counter->number = SLOT(int, 0);
    live_objects++;
    SLOT(struct counter *, 1) = counter;
    return 0;
}

// int read(const struct counter *counter)
static int call_read(void *frame, const uint32_t *at, void *self) {
    (void)self;
    SLOT(int, 1) = SLOT(const struct counter *, 0)->number;
    return 0;
}

// int observe(int number): how many objects live now
static int call_observe(void *frame, const uint32_t *at, void *self) {
    (void)self;
    live_when_observed = live_objects;
    SLOT(int, 1) = SLOT(int, 0);
    return 0;
}

// char *text(int number)
static int call_text(void *frame, const uint32_t *at, void *self) {
    (void)self;
    if (SLOT(int, 0) < 0) {
        return hm_fail("negative");
    }
    char *text = malloc(16);
    snprintf(text, 16, "no. %d", SLOT(int, 0));
    SLOT(char *, 1) = text;
    return 0;
}

// const char *tail(const char *text)
static int call_tail(void *frame, const uint32_t *at, void *self) {
    (void)self;
    SLOT(const char *, 1) = SLOT(const char *, 0) + 1;
    return 0;
}

// void texts(int count, char ***texts, size_t *n)
static int call_texts(void *frame, const uint32_t *at, void *self) {
    (void)self;
    int count = SLOT(int, 0);
    char **texts = malloc((size_t)(count + 1) * sizeof *texts);
    for (int i = 0; i < count; i++) {
        texts[i] = malloc(16);
        snprintf(texts[i], 16, "%d", i);
    }
    SLOT(hm_array, 1) = (hm_array){.data = texts, .length = (size_t)count};
    return 0;
}

static void begin(void) {
    hm_module_builder_init(&builder);
    builder.module.free = free_string;
    hm_failing_allocator_init(&memory);
    live_objects = 0;
    freed_strings = 0;
}

static void add(const char *name, hm_call_thunk *call, const char *parameter,
        const hm_type *takes, const hm_type *makes, hm_ownership ownership) {
    hm_builder_function(&builder, name, call, NULL);
    hm_parameter *taken = hm_builder_takes(&builder, parameter, takes);
    hm_output *made = hm_builder_makes(&builder, name, makes);
    taken->pass = takes == &counter_type ? HM_BY_REFERENCE : HM_BY_VALUE;
    made->pass = makes == &counter_type ? HM_BY_REFERENCE : HM_BY_VALUE;
    made->ownership = ownership;
}

static hm_driver *make_driver(void) {
    const hm_module *modules[] = {&builder.module};
    hm_driver_options options = HM_DRIVER_OPTIONS_INIT;
    options.modules = modules;
    options.module_count = 1;
    options.allocator = &memory.allocator;
    hm_driver *driver;
    hm_error error;
    ck_assert_msg(
            hm_driver_create(&options, &driver, &error) == HM_OK, "%s", error.message);
    return driver;
}

static hm_status execute(const char *wanted, hm_value input, hm_results **results) {
    hm_driver *driver = make_driver();
    hm_binding inputs[] = {{"number", input}};
    hm_request request = HM_REQUEST_INIT;
    request.wanted = &wanted;
    request.wanted_count = 1;
    request.inputs = inputs;
    request.input_count = 1;
    hm_status status = hm_driver_execute(driver, &request, results, NULL);
    hm_driver_destroy(driver);
    return status;
}

START_TEST(an_object_ends_after_its_last_reader) {
    begin();
    add("counter", call_counter, "number", &hm_type_int, &counter_type, HM_GIVEN);
    add("number_read", call_read, "counter", &counter_type, &hm_type_int, HM_OWNED);
    add("observed", call_observe, "number_read", &hm_type_int, &hm_type_int, HM_OWNED);
    hm_results *results;
    ck_assert_int_eq(execute("observed", hm_value_int(7), &results), HM_OK);
    ck_assert_int_eq(live_when_observed, 0);
    ck_assert_int_eq(*(const int *)hm_value_data(hm_results_value(results, 0)), 7);
    hm_results_destroy(results);
    ck_assert_uint_eq(memory.live, 0);
}
END_TEST

START_TEST(an_object_that_is_wanted_lives_as_long_as_the_results) {
    begin();
    add("counter", call_counter, "number", &hm_type_int, &counter_type, HM_GIVEN);
    hm_results *results;
    ck_assert_int_eq(execute("counter", hm_value_int(7), &results), HM_OK);
    const struct counter *counter = hm_value_data(hm_results_value(results, 0));
    ck_assert_int_eq(counter->number, 7);
    ck_assert_int_eq(live_objects, 1);
    hm_results_destroy(results);
    ck_assert_int_eq(live_objects, 0);
}
END_TEST

START_TEST(objects_of_a_mapped_function_all_end) {
    begin();
    add("counter", call_counter, "number", &hm_type_int, &counter_type, HM_GIVEN);
    add("number_read", call_read, "counter", &counter_type, &hm_type_int, HM_OWNED);
    hm_results *results;
    ck_assert_int_eq(execute("number_read", hm_value_json("[1,2,3]"), &results), HM_OK);
    ck_assert_int_eq(live_objects, 0);
    const hm_value *value = hm_results_value(results, 0);
    ck_assert_int_eq(((const int *)value->many.data)[2], 3);
    hm_results_destroy(results);
}
END_TEST

START_TEST(a_borrowed_result_keeps_what_it_points_into) {
    begin();
    add("text", call_text, "number", &hm_type_int, &hm_type_string, HM_GIVEN);
    add("tail", call_tail, "text", &hm_type_string, &hm_type_string, HM_BORROWED);
    add("end", call_tail, "tail", &hm_type_string, &hm_type_string, HM_BORROWED);
    hm_results *results;
    ck_assert_int_eq(execute("end", hm_value_int(12), &results), HM_OK);
    ck_assert_int_eq(freed_strings, 0);
    ck_assert_str_eq(
            *(const char *const *)hm_value_data(hm_results_value(results, 0)), ". 12");
    hm_results_destroy(results);
    ck_assert_int_eq(freed_strings, 1);
    ck_assert_uint_eq(memory.live, 0);
}
END_TEST

START_TEST(a_result_borrowed_from_an_input_outlives_the_callers_input) {
    begin();
    add("tail", call_tail, "number", &hm_type_string, &hm_type_string, HM_BORROWED);
    char *text = strdup("xyz");
    hm_results *results;
    ck_assert_int_eq(execute("tail", hm_value_string(text), &results), HM_OK);
    free(text);
    ck_assert_str_eq(
            *(const char *const *)hm_value_data(hm_results_value(results, 0)), "yz");
    hm_results_destroy(results);
    ck_assert_uint_eq(memory.live, 0);
}
END_TEST

START_TEST(a_wanted_input_column_is_a_copy) {
    begin();
    add("tail", call_tail, "number", &hm_type_string, &hm_type_string, HM_BORROWED);
    char *texts[] = {strdup("ab"), strdup("cd")};
    hm_results *results;
    ck_assert_int_eq(
            execute("number", hm_value_many(&hm_type_string, texts, 2), &results),
            HM_OK);
    free(texts[0]);
    free(texts[1]);
    texts[0] = texts[1] = NULL;
    const hm_value *value = hm_results_value(results, 0);
    ck_assert_str_eq(((const char *const *)value->many.data)[1], "cd");
    hm_results_destroy(results);
    ck_assert_uint_eq(memory.live, 0);
}
END_TEST

START_TEST(an_expansion_of_strings_ends_with_all_its_strings) {
    begin();
    hm_builder_function(&builder, "texts", call_texts, NULL);
    hm_builder_takes(&builder, "number", &hm_type_int);
    hm_builder_expands(&builder, "texts", &hm_type_string)->ownership = HM_GIVEN;
    add("tail", call_tail, "texts", &hm_type_string, &hm_type_string, HM_BORROWED);
    hm_results *results;
    ck_assert_int_eq(execute("tail", hm_value_json("[3,0,2]"), &results), HM_OK);
    ck_assert_int_eq(freed_strings, 0);
    hm_results_destroy(results);
    ck_assert_int_eq(freed_strings, 3 + 5);
    ck_assert_uint_eq(memory.live, 0);
}
END_TEST

START_TEST(rows_made_before_a_failure_end_too) {
    begin();
    add("text", call_text, "number", &hm_type_int, &hm_type_string, HM_GIVEN);
    hm_results *results;
    ck_assert_int_eq(
            execute("text", hm_value_json("[1,2,-1,3]"), &results), HM_NODE_FAILED);
    ck_assert_int_eq(freed_strings, 2);
    ck_assert_uint_eq(memory.live, 0);
}
END_TEST

START_TEST(a_run_ends_the_values_of_the_execution_before) {
    begin();
    add("text", call_text, "number", &hm_type_int, &hm_type_string, HM_GIVEN);
    hm_driver *driver = make_driver();
    const char *wanted = "text";
    hm_binding input = {"number", hm_value_int(1)};
    hm_request request = HM_REQUEST_INIT;
    request.wanted = &wanted;
    request.wanted_count = 1;
    request.inputs = &input;
    request.input_count = 1;
    hm_plan *plan;
    hm_run *run;
    ck_assert_int_eq(hm_plan_create(driver, &request, &plan, NULL), HM_OK);
    ck_assert_int_eq(hm_run_create(plan, &run, NULL), HM_OK);
    int *number = hm_run_slot(run, hm_plan_find(plan, "number"));
    const char *const *text = hm_run_slot(run, hm_plan_find(plan, "text"));
    for (int i = 0; i < 5; i++) {
        *number = i == 3 ? -1 : i;
        hm_status status = hm_run_execute(run, NULL);
        ck_assert_int_eq(status, i == 3 ? HM_NODE_FAILED : HM_OK);
        ck_assert_int_eq(freed_strings, i < 4 ? i : i - 1);
    }
    ck_assert_str_eq(*text, "no. 4");
    hm_run_destroy(run);
    hm_plan_destroy(plan);
    hm_driver_destroy(driver);
    ck_assert_int_eq(freed_strings, 4);
    ck_assert_uint_eq(memory.live, 0);
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("engine/lifetime");
    TCase *tests = tcase_create("lifetime");
    tcase_add_test(tests, an_object_ends_after_its_last_reader);
    tcase_add_test(tests, an_object_that_is_wanted_lives_as_long_as_the_results);
    tcase_add_test(tests, objects_of_a_mapped_function_all_end);
    tcase_add_test(tests, a_borrowed_result_keeps_what_it_points_into);
    tcase_add_test(tests, a_result_borrowed_from_an_input_outlives_the_callers_input);
    tcase_add_test(tests, a_wanted_input_column_is_a_copy);
    tcase_add_test(tests, an_expansion_of_strings_ends_with_all_its_strings);
    tcase_add_test(tests, rows_made_before_a_failure_end_too);
    tcase_add_test(tests, a_run_ends_the_values_of_the_execution_before);
    suite_add_tcase(suite, tests);
    return suite;
}
