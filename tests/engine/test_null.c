// test_null.c — objects that are none: a function may return a null pointer, which its
// readers get, and which is told as null; what comes from outside must be there.

#include <stdio.h>
#include <string.h>

#include <hamilton/hamilton.h>
#include <hamilton/node.h>

#include "tests/support/failing_allocator.h"
#include "tests/support/module_builder.h"
#include "tests/support/suite.h"

#define SLOT(type, index) (*(type *)(void *)((char *)frame + at[index]))

struct model { // larger than what fits into an hm_value
    double weights[100];
};

static const hm_field fields[] = {
        {.name = "weights", .type = &hm_type_double, .length = 100}};
static const hm_type model_type = {.name = "struct model",
        .kind = HM_KIND_STRUCT,
        .size = sizeof(struct model),
        .alignment = sizeof(double),
        .fields = fields,
        .field_count = 1};

static hm_module_builder builder;
static hm_failing_allocator memory;
static hm_driver *driver;

// const struct model *model(double x): none
static int call_model(void *frame, const uint32_t *at, void *self) {
    (void)self;
    SLOT(const struct model *, 1) = NULL;
    return 0;
}

// double score(const struct model *model)
static int call_score(void *frame, const uint32_t *at, void *self) {
    (void)self;
    if (SLOT(const struct model *, 0) == NULL) {
        return hm_fail("no model");
    }
    SLOT(double, 1) = SLOT(const struct model *, 0)->weights[0];
    return 0;
}

// int word_length(const char *word)
static int call_word_length(void *frame, const uint32_t *at, void *self) {
    (void)self;
    SLOT(int, 1) = (int)strlen(SLOT(const char *, 0));
    return 0;
}

static void setup(void) {
    hm_module_builder_init(&builder);
    hm_failing_allocator_init(&memory);
    hm_builder_function(&builder, "model", call_model, NULL);
    hm_builder_takes(&builder, "x", &hm_type_double);
    hm_output *made = hm_builder_makes(&builder, "model", &model_type);
    made->pass = HM_BY_REFERENCE;
    made->ownership = HM_BORROWED;
    hm_builder_function(&builder, "score", call_score, NULL);
    hm_builder_takes(&builder, "model", &model_type)->pass = HM_BY_REFERENCE;
    hm_builder_makes(&builder, "score", &hm_type_double);
    hm_builder_function(&builder, "other", call_score, NULL);
    hm_builder_takes(&builder, "given", &model_type)->pass = HM_BY_REFERENCE;
    hm_builder_makes(&builder, "other", &hm_type_double);
    hm_builder_function(&builder, "word_length", call_word_length, NULL);
    hm_builder_takes(&builder, "word", &hm_type_string);
    hm_builder_makes(&builder, "word_length", &hm_type_int);
    const hm_module *modules[] = {&builder.module};
    hm_driver_options options = HM_DRIVER_OPTIONS_INIT;
    options.modules = modules;
    options.module_count = 1;
    options.allocator = &memory.allocator;
    ck_assert_int_eq(hm_driver_create(&options, &driver, NULL), HM_OK);
}

static void teardown(void) {
    hm_driver_destroy(driver);
    ck_assert_uint_eq(memory.live, 0);
}

static hm_status execute(const char *wanted, const char *input, hm_value value,
        hm_results **results, hm_error *error) {
    hm_binding binding = {input, value};
    hm_request request = HM_REQUEST_INIT;
    request.wanted = &wanted;
    request.wanted_count = 1;
    request.inputs = &binding;
    request.input_count = 1;
    return hm_driver_execute(driver, &request, results, error);
}

static bool append(const char *text, size_t length, void *to) {
    strncat(to, text, length);
    return true;
}

static void check_json(const char *expected, hm_value x) {
    hm_results *results;
    ck_assert_int_eq(execute("model", "x", x, &results, NULL), HM_OK);
    char json[100] = "";
    ck_assert_int_eq(hm_json_write(hm_results_value(results, 0), append, json), HM_OK);
    ck_assert_str_eq(json, expected);
    hm_results_destroy(results);
}

START_TEST(a_result_that_is_no_object_is_null) {
    hm_results *results;
    ck_assert_int_eq(execute("model", "x", hm_value_double(1), &results, NULL), HM_OK);
    ck_assert_ptr_null(hm_value_data(hm_results_value(results, 0)));
    hm_results_destroy(results);
    check_json("null", hm_value_double(1));
    check_json("[null, null]", hm_value_json("[1, 2]"));
}
END_TEST

START_TEST(a_reader_that_fails_tells_that_it_got_null) {
    hm_results *results;
    hm_error error;
    ck_assert_int_eq(execute("score", "x", hm_value_double(1), &results, &error),
            HM_NODE_FAILED);
    ck_assert_str_eq(error.message,
            "test.c:2: node `score` failed: no model; inputs: model = null");
}
END_TEST

START_TEST(null_cannot_be_given) {
    hm_results *results;
    hm_error error;
    ck_assert_int_eq(execute("other", "given", hm_value_object(&model_type, NULL),
                             &results, &error),
            HM_BAD_ARGUMENT);
    ck_assert_ptr_nonnull(
            strstr(error.message, "the value given for `given` is a null pointer"));
    ck_assert_int_eq(execute("other", "given", hm_value_one(&model_type, NULL),
                             &results, &error),
            HM_BAD_ARGUMENT);
}
END_TEST

static void check_refused(const char *input, hm_value value, const char *fault) {
    hm_results *results;
    hm_error error;
    char expected[300];
    snprintf(expected, sizeof expected, "the value given for `%s` %s", input, fault);
    const char *wanted = strcmp(input, "given") == 0  ? "other"
                         : strcmp(input, "word") == 0 ? "word_length"
                                                      : "model";
    ck_assert_int_eq(execute(wanted, input, value, &results, &error), HM_BAD_ARGUMENT);
    ck_assert_msg(strstr(error.message, expected) != NULL, "%s", error.message);
}

START_TEST(what_cannot_be_read_is_refused) {
    static const double numbers[4] = {1, 2, 3, 4};
    hm_array inner[3] = {{.data = (void *)(uintptr_t)numbers, .length = 4},
            {.data = NULL, .length = 0}, {.data = NULL, .length = 2}};
    hm_value nested = hm_value_many(&hm_type_double, inner, 3);
    nested.depth = 2;
    check_refused(
            "x", nested, "counts 2 elements in element 3, but its data is a null");
    inner[2].data = (char *)(uintptr_t)numbers + 1;
    check_refused("x", nested,
            "has elements of an inner array at an address that is no multiple of 8, as "
            "double needs");
    check_refused("x", hm_value_many(&hm_type_double, NULL, 3),
            "counts 3 elements, but its data is a null pointer");
    check_refused("x", hm_value_many(&hm_type_double, (const char *)numbers + 4, 3),
            "has its elements at an address that is no multiple of 8, as double needs");
    check_refused("x", hm_value_json(NULL), "is a null pointer");
    check_refused("x", (hm_value){0}, "has no type");
    const hm_type nameless = {.kind = HM_KIND_FLOAT, .size = 8, .alignment = 8};
    check_refused(
            "x", hm_value_many(&nameless, numbers, 4), "has a type without a name");
}
END_TEST

START_TEST(strings_that_are_given_are_there) {
    static const char *const words[] = {"a", NULL, "c"};
    uint8_t validity = 0x5;
    hm_value value = hm_value_many(&hm_type_string, words, 3);
    check_refused("word", hm_value_string(NULL), "is a null pointer");
    check_refused("word", value,
            "has a null pointer as element 2: tell which elements are missing by the "
            "array's validity");
    value.many.validity = &validity;
    hm_results *results;
    ck_assert_int_eq(execute("word_length", "word", value, &results, NULL), HM_OK);
    char json[100] = "";
    ck_assert_int_eq(hm_json_write(hm_results_value(results, 0), append, json), HM_OK);
    ck_assert_str_eq(json, "[1, null, 1]");
    hm_results_destroy(results);
}
END_TEST

START_TEST(what_cannot_be_read_cannot_be_set) {
    static const double numbers[2] = {1, 2};
    const char *wanted = "model";
    hm_binding binding = {"x", hm_value_many(&hm_type_double, numbers, 2)};
    hm_request request = HM_REQUEST_INIT;
    request.wanted = &wanted;
    request.wanted_count = 1;
    request.inputs = &binding;
    request.input_count = 1;
    hm_plan *plan;
    hm_run *run;
    hm_error error;
    ck_assert_int_eq(hm_plan_create(driver, &request, &plan, NULL), HM_OK);
    ck_assert_int_eq(hm_run_create(plan, &run, NULL), HM_OK);
    hm_value odd = hm_value_many(&hm_type_double, (const char *)numbers + 1, 1);
    ck_assert_int_eq(hm_run_set(run, "x", &odd, &error), HM_BAD_ARGUMENT);
    ck_assert_str_eq(error.message,
            "the value given for `x` has its elements at an "
            "address that is no multiple of 8, as double needs");
    hm_value text = hm_value_json(NULL);
    ck_assert_int_eq(hm_run_set(run, "x", &text, NULL), HM_BAD_ARGUMENT);
    ck_assert_int_eq(hm_run_execute(run, NULL), HM_OK);
    hm_run_destroy(run);
    hm_plan_destroy(plan);
}
END_TEST

START_TEST(a_name_is_no_null_pointer) {
    hm_results *results;
    hm_error error;
    ck_assert_int_eq(execute("other", NULL, hm_value_double(1), &results, &error),
            HM_BAD_ARGUMENT);
    ck_assert_str_eq(
            error.message, "the name of input 0 of the request is a null pointer");
    ck_assert_int_eq(execute(NULL, "given", hm_value_double(1), &results, &error),
            HM_BAD_ARGUMENT);
    ck_assert_str_eq(error.message,
            "the name of wanted node 0 of the request is a null pointer");
}
END_TEST

START_TEST(null_cannot_be_set) {
    static const struct model model = {.weights = {7}};
    hm_value value = hm_value_object(&model_type, &model);
    const char *wanted = "other";
    hm_binding binding = {"given", value};
    hm_request request = HM_REQUEST_INIT;
    request.wanted = &wanted;
    request.wanted_count = 1;
    request.inputs = &binding;
    request.input_count = 1;
    hm_plan *plan;
    hm_run *run;
    ck_assert_int_eq(hm_plan_create(driver, &request, &plan, NULL), HM_OK);
    ck_assert_int_eq(hm_run_create(plan, &run, NULL), HM_OK);
    value = hm_value_object(&model_type, NULL);
    ck_assert_int_eq(hm_run_set(run, "given", &value, NULL), HM_BAD_ARGUMENT);
    ck_assert_int_eq(hm_run_execute(run, NULL), HM_OK);
    ck_assert_int_eq(hm_run_get(run, "other", &value, NULL), HM_OK);
    ck_assert_double_eq(*(const double *)hm_value_data(&value), 7);
    hm_run_destroy(run);
    hm_plan_destroy(plan);
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("engine/null");
    TCase *tests = tcase_create("null");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, a_result_that_is_no_object_is_null);
    tcase_add_test(tests, a_reader_that_fails_tells_that_it_got_null);
    tcase_add_test(tests, null_cannot_be_given);
    tcase_add_test(tests, null_cannot_be_set);
    tcase_add_test(tests, what_cannot_be_read_is_refused);
    tcase_add_test(tests, strings_that_are_given_are_there);
    tcase_add_test(tests, what_cannot_be_read_cannot_be_set);
    tcase_add_test(tests, a_name_is_no_null_pointer);
    suite_add_tcase(suite, tests);
    return suite;
}
