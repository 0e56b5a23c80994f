// test_switch.c — switches in tables that are filled by hand.

#include <string.h>

#include <hamilton/hamilton.h>

#include "tests/support/module_builder.h"
#include "tests/support/suite.h"

static hm_module_builder builder;
static hm_argument arguments[4];
static hm_modifier modifier;

static int call_nothing(void *frame, const uint32_t *at, void *self) {
    (void)frame;
    (void)at;
    (void)self;
    return 0;
}

// double score(long kind, double a, double b), chosen by a parameter of this name.
static hm_function *make_switch(const char *chooser) {
    hm_module_builder_init(&builder);
    hm_function *function = hm_builder_function(&builder, "score", NULL, NULL);
    hm_builder_takes(&builder, "kind", &hm_type_long);
    hm_builder_takes(&builder, "a", &hm_type_double);
    hm_builder_takes(&builder, "b", &hm_type_double);
    hm_builder_makes(&builder, "score", &hm_type_double);
    arguments[0] = (hm_argument){.kind = HM_ARGUMENT_NAME, .text = chooser};
    modifier = (hm_modifier){
            .name = "switch", .arguments = arguments, .argument_count = 1};
    function->modifiers = &modifier;
    function->modifier_count = 1;
    return function;
}

static hm_status create(hm_driver **driver, hm_error *error) {
    static const hm_module *const modules[] = {&builder.module};
    hm_driver_options options = HM_DRIVER_OPTIONS_INIT;
    options.modules = modules;
    options.module_count = 1;
    options.thread_count = 1;
    return hm_driver_create(&options, driver, error);
}

static void check_refused(const char *said) {
    hm_driver *driver;
    hm_error error;
    ck_assert_int_eq(create(&driver, &error), HM_BAD_MODULE);
    ck_assert_msg(strstr(error.message, said) != NULL, "%s", error.message);
}

// The value that is made for a kind; NULL: it fails with these words.
static void check_score(int64_t kind, double expected, const char *said) {
    hm_driver *driver;
    hm_error error;
    ck_assert_msg(create(&driver, &error) == HM_OK, "%s", error.message);
    const char *wanted = "score";
    const hm_binding inputs[] = {{"kind", hm_value_one(&hm_type_long, &kind)},
            {"a", hm_value_double(1)}, {"b", hm_value_double(2)}};
    hm_request request = HM_REQUEST_INIT;
    request.wanted = &wanted;
    request.wanted_count = 1;
    request.inputs = inputs;
    request.input_count = 3;
    hm_results *results;
    hm_status status = hm_driver_execute(driver, &request, &results, &error);
    if (said != NULL) {
        ck_assert_int_eq(status, HM_NODE_FAILED);
        ck_assert_msg(strstr(error.message, said) != NULL, "%s", error.message);
    } else {
        ck_assert_msg(status == HM_OK, "%s", error.message);
        ck_assert_double_eq(
                *(const double *)hm_value_data(hm_results_value(results, 0)), expected);
        hm_results_destroy(results);
    }
    hm_driver_destroy(driver);
}

START_TEST(numbers_choose_in_order) {
    make_switch("kind");
    check_score(0, 1, NULL);
    check_score(1, 2, NULL);
    check_score(-1, 0, "`kind` is -1, but it can only be 0 or 1");
}
END_TEST

START_TEST(values_choose_where_they_are_named) {
    make_switch("kind");
    arguments[1] = (hm_argument){.kind = HM_ARGUMENT_INT, .text = "-5", .integer = -5};
    arguments[2] = (hm_argument){.kind = HM_ARGUMENT_INT, .text = "7", .integer = 7};
    modifier.argument_count = 3;
    check_score(-5, 1, NULL);
    check_score(7, 2, NULL);
    check_score(0, 0, "`kind` is 0, but it can only be -5 or 7");
}
END_TEST

START_TEST(what_is_no_switch_is_refused) {
    make_switch("knd");
    check_refused("it has no parameter `knd`: did you mean `kind`?");
    make_switch("a");
    check_refused("`a` is double, and what chooses is an integer");
    make_switch("kind")->call = call_nothing;
    check_refused("it has HM_SWITCH, and a thunk to call it by");
    make_switch("kind");
    arguments[0].kind = HM_ARGUMENT_INT;
    check_refused("argument 1 of HM_SWITCH is no name");
    make_switch("kind");
    builder.parameters[2].type = &hm_type_float;
    check_refused("branch `b` is float, and `score` is double");
    make_switch("kind");
    builder.outputs[0].type = builder.parameters[1].type = &hm_type_string;
    builder.parameters[2].type = &hm_type_string;
    builder.outputs[0].ownership = HM_GIVEN;
    check_refused("it would give it away");
    make_switch("kind");
    arguments[1] = (hm_argument){.kind = HM_ARGUMENT_CALL, .text = "value"};
    arguments[2] = (hm_argument){.kind = HM_ARGUMENT_INT, .text = "1"};
    modifier.argument_count = 3;
    check_refused("value 1, `value`, is no long, as `kind` is");
    make_switch("kind")->modifiers = NULL;
    builder.functions[0].modifier_count = 0;
    check_refused("there is no thunk to call it by");
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("graph/switch");
    TCase *tests = tcase_create("switch");
    tcase_add_test(tests, numbers_choose_in_order);
    tcase_add_test(tests, values_choose_where_they_are_named);
    tcase_add_test(tests, what_is_no_switch_is_refused);
    suite_add_tcase(suite, tests);
    return suite;
}
