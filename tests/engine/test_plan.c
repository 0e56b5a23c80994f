// test_plan.c — what a request may say, what is refused and in which words, and plans
// that are run many times.

#include <stdlib.h>
#include <string.h>

#include <hamilton/hamilton.h>
#include <hamilton/node.h>

#include "tests/support/module_builder.h"
#include "tests/support/suite.h"

#define SLOT(type, index) (*(type *)(void *)((char *)frame + at[index]))

static hm_module_builder builder;
static hm_driver *driver;
static hm_error error;
static int call_count;

static int call_sum(void *frame, const uint32_t *at, void *self) {
    (void)self;
    call_count++;
    if (SLOT(double, 0) == 13) {
        return hm_fail("13 is unlucky");
    }
    SLOT(double, 2) = SLOT(double, 0) + SLOT(double, 1);
    return 0;
}

// void min_max(double a, double b, double *low, double *high)
static int call_min_max(void *frame, const uint32_t *at, void *self) {
    (void)self;
    double a = SLOT(double, 0);
    double b = SLOT(double, 1);
    SLOT(double, 2) = a < b ? a : b;
    SLOT(double, 3) = a < b ? b : a;
    return 0;
}

static hm_parameter *add_sum(const char *name, const char *a, const char *b) {
    hm_builder_function(&builder, name, call_sum, NULL);
    hm_builder_takes(&builder, a, &hm_type_double);
    hm_parameter *second = hm_builder_takes(&builder, b, &hm_type_double);
    hm_builder_makes(&builder, name, &hm_type_double);
    return second;
}

// spend, signups ─▶ cost ─▶ cost_plus ─▶ report;  range makes low and high
static void setup(void) {
    static const double fee = 0.5;
    hm_module_builder_init(&builder);
    add_sum("cost", "spend", "signups");
    add_sum("cost_plus", "cost", "fee")->default_value = &fee;
    add_sum("report", "cost_plus", "cost");
    hm_builder_function(&builder, "range", call_min_max, NULL);
    hm_builder_takes(&builder, "spend", &hm_type_double);
    hm_builder_takes(&builder, "signups", &hm_type_double);
    hm_builder_makes(&builder, "low", &hm_type_double);
    hm_builder_makes(&builder, "high", &hm_type_double);

    const hm_module *modules[] = {&builder.module};
    hm_driver_options options = HM_DRIVER_OPTIONS_INIT;
    options.modules = modules;
    options.module_count = 1;
    options.thread_count = 1; // calls are counted
    ck_assert_int_eq(hm_driver_create(&options, &driver, &error), HM_OK);
    call_count = 0;
}

static void teardown(void) {
    hm_driver_destroy(driver);
}

// A request with at most two wanted names, inputs and overrides; NULL ends each.
typedef struct question {
    const char *wanted[3];
    hm_binding inputs[3];
    hm_binding overrides[3];
    bool keep_going;
} question;

static hm_request request_of(const question *asked) {
    hm_request request = HM_REQUEST_INIT;
    request.wanted = asked->wanted;
    request.inputs = asked->inputs;
    request.overrides = asked->overrides;
    request.keep_going = asked->keep_going;
    while (asked->wanted[request.wanted_count] != NULL) {
        request.wanted_count++;
    }
    while (asked->inputs[request.input_count].name != NULL) {
        request.input_count++;
    }
    while (asked->overrides[request.override_count].name != NULL) {
        request.override_count++;
    }
    return request;
}

static double answer(const question *asked) {
    hm_request request = request_of(asked);
    hm_results *results;
    ck_assert_msg(hm_driver_execute(driver, &request, &results, &error) == HM_OK, "%s",
            error.message);
    double value = *(const double *)hm_value_data(hm_results_value(results, 0));
    hm_results_destroy(results);
    return value;
}

static void refused(const question *asked, hm_status status, const char *message) {
    hm_request request = request_of(asked);
    ck_assert_int_eq(hm_driver_validate(driver, &request, &error), status);
    ck_assert_str_eq(error.message, message);
    hm_results *results = NULL;
    ck_assert_int_eq(hm_driver_execute(driver, &request, &results, &error), status);
    ck_assert_str_eq(error.message, message);
    ck_assert_ptr_null(results);
    ck_assert_int_eq(call_count, 0);
}

START_TEST(only_what_is_wanted_runs) {
    question asked = {.wanted = {"cost"},
            .inputs = {{"spend", hm_value_double(3)}, {"signups", hm_value_double(4)}}};
    ck_assert_double_eq(answer(&asked), 7);
    ck_assert_int_eq(call_count, 1);
}
END_TEST

START_TEST(a_default_is_used_unless_the_input_is_given) {
    question asked = {.wanted = {"cost_plus"},
            .inputs = {{"spend", hm_value_double(3)}, {"signups", hm_value_double(4)}}};
    ck_assert_double_eq(answer(&asked), 7.5);
    asked.overrides[0] = (hm_binding){"cost", hm_value_double(1)};
    asked.inputs[0] = (hm_binding){"fee", hm_value_double(2)};
    asked.inputs[1].name = NULL;
    ck_assert_double_eq(answer(&asked), 3);
}
END_TEST

START_TEST(what_only_an_overridden_node_needs_is_not_asked_for) {
    question asked = {
            .wanted = {"report"}, .overrides = {{"cost", hm_value_double(10)}}};
    ck_assert_double_eq(answer(&asked), 20.5);
    ck_assert_int_eq(call_count, 2);
}
END_TEST

START_TEST(one_output_of_a_function_can_be_overridden) {
    question asked = {.wanted = {"low", "high"},
            .inputs = {{"spend", hm_value_double(3)}, {"signups", hm_value_double(4)}},
            .overrides = {{"high", hm_value_double(100)}}};
    hm_request request = request_of(&asked);
    hm_results *results;
    ck_assert_int_eq(hm_driver_execute(driver, &request, &results, &error), HM_OK);
    ck_assert_double_eq(
            *(const double *)hm_value_data(hm_results_find(results, "low")), 3);
    ck_assert_double_eq(
            *(const double *)hm_value_data(hm_results_find(results, "high")), 100);
    hm_results_destroy(results);
}
END_TEST

START_TEST(an_input_can_be_wanted) {
    question asked = {.wanted = {"spend"}, .inputs = {{"spend", hm_value_double(3)}}};
    ck_assert_double_eq(answer(&asked), 3);
}
END_TEST

START_TEST(nothing_wanted_is_an_empty_result) {
    question asked = {.inputs = {{"spend", hm_value_double(3)}}};
    hm_request request = request_of(&asked);
    hm_results *results;
    ck_assert_int_eq(hm_driver_execute(driver, &request, &results, &error), HM_OK);
    ck_assert_uint_eq(hm_results_count(results), 0);
    hm_results_destroy(results);
}
END_TEST

START_TEST(all_missing_inputs_are_listed_with_who_needs_them) {
    question asked = {.wanted = {"report", "low"}};
    hm_diagnostics *faults;
    ck_assert_int_eq(hm_diagnostics_create(NULL, &faults), HM_OK);
    hm_request request = request_of(&asked);
    request.diagnostics = faults;
    ck_assert_int_eq(hm_driver_validate(driver, &request, &error), HM_MISSING_INPUT);
    ck_assert_uint_eq(error.fault_count, 2);
    ck_assert_uint_eq(hm_diagnostics_count(faults), 2);
    for (size_t i = 0; i < 2; i++) {
        const hm_diagnostic *fault = hm_diagnostics_at(faults, i);
        ck_assert_ptr_nonnull(strstr(fault->message,
                "(double) is missing, needed by cost (test.c:1), low (test.c:4)"));
    }
    hm_diagnostics_destroy(faults);
}
END_TEST

START_TEST(an_unknown_name_gets_the_nearest_known_one) {
    question asked = {.wanted = {"raport"}};
    refused(&asked, HM_UNKNOWN_NAME,
            "there is no node or input `raport`; did you mean `report`?");
    asked = (question){.wanted = {"cost"}, .inputs = {{"spent", hm_value_double(3)}}};
    refused(&asked, HM_UNKNOWN_NAME,
            "input `spent` is not a name of this dataflow; did you mean `spend`?");
}
END_TEST

START_TEST(a_function_that_is_no_node_tells_which_it_makes) {
    question asked = {.wanted = {"range"}};
    refused(&asked, HM_UNKNOWN_NAME,
            "`range` (test.c:4) is not itself a node; it makes `low`, `high`");
}
END_TEST

START_TEST(an_input_that_names_a_computed_node_is_refused) {
    question asked = {.wanted = {"report"}, .inputs = {{"cost", hm_value_double(3)}}};
    hm_request request = request_of(&asked);
    ck_assert_int_eq(hm_driver_validate(driver, &request, &error), HM_BAD_ARGUMENT);
    ck_assert_str_eq(error.message,
            "test.c:1: `cost` was given as an input, but cost (test.c:1) computes it: "
            "give it as an override to replace it");
}
END_TEST

START_TEST(an_override_of_an_input_is_refused) {
    question asked = {.wanted = {"cost"}, .overrides = {{"spend", hm_value_double(3)}}};
    hm_request request = request_of(&asked);
    ck_assert_int_eq(hm_driver_validate(driver, &request, &error), HM_BAD_ARGUMENT);
    ck_assert_str_eq(error.message,
            "test.c:1: `spend` was given as an override, but nothing computes it: give "
            "it as an input");
}
END_TEST

START_TEST(a_value_of_another_type_is_refused) {
    question asked = {.wanted = {"cost"},
            .inputs = {{"spend", hm_value_int(3)}, {"signups", hm_value_double(4)}}};
    refused(&asked, HM_TYPE_MISMATCH,
            "test.c:1: `spend` is double, but a value of type int was given");
}
END_TEST

START_TEST(an_input_given_twice_is_refused) {
    question asked = {.wanted = {"cost"},
            .inputs = {{"spend", hm_value_double(3)}, {"spend", hm_value_double(4)}}};
    hm_request request = request_of(&asked);
    ck_assert_int_eq(hm_driver_validate(driver, &request, &error), HM_DUPLICATE_NAME);
    ck_assert_str_eq(error.message, "test.c:1: `spend` was given more than once");
}
END_TEST

START_TEST(a_struct_that_was_not_initialised_is_refused) {
    hm_request request = {0};
    ck_assert_int_eq(hm_driver_validate(driver, &request, &error), HM_BAD_ARGUMENT);
    ck_assert_str_eq(
            error.message, "struct_size is not set: start from HM_REQUEST_INIT");
}
END_TEST

START_TEST(a_failure_names_inputs_and_who_needed_the_node) {
    question asked = {.wanted = {"report"},
            .inputs = {
                    {"spend", hm_value_double(13)}, {"signups", hm_value_double(4)}}};
    hm_request request = request_of(&asked);
    hm_results *results = NULL;
    ck_assert_int_eq(
            hm_driver_execute(driver, &request, &results, &error), HM_NODE_FAILED);
    ck_assert_str_eq(error.message, "test.c:1: node `cost` failed: 13 is unlucky; "
                                    "inputs: spend = 13, signups = "
                                    "4; needed by report (test.c:3)");
    ck_assert_ptr_null(results);
}
END_TEST

START_TEST(keep_going_computes_what_does_not_need_the_failed_node) {
    question asked = {.wanted = {"report", "high"},
            .inputs = {{"spend", hm_value_double(13)}, {"signups", hm_value_double(4)}},
            .keep_going = true};
    hm_request request = request_of(&asked);
    hm_results *results;
    ck_assert_int_eq(
            hm_driver_execute(driver, &request, &results, &error), HM_NODE_FAILED);
    const char *message;
    ck_assert_int_eq(hm_results_status(results, 0, &message), HM_SKIPPED);
    ck_assert_ptr_nonnull(strstr(message, "13 is unlucky"));
    ck_assert_ptr_null(hm_results_value(results, 0));
    ck_assert_int_eq(hm_results_status(results, 1, NULL), HM_OK);
    ck_assert_double_eq(
            *(const double *)hm_value_data(hm_results_value(results, 1)), 13);
    hm_results_destroy(results);
}
END_TEST

START_TEST(a_plan_is_run_again_with_other_values) {
    question asked = {.wanted = {"report"},
            .inputs = {{"spend", hm_value_double(0)}, {"signups", hm_value_double(0)}}};
    hm_request request = request_of(&asked);
    hm_plan *plan;
    hm_run *run;
    ck_assert_int_eq(hm_plan_create(driver, &request, &plan, &error), HM_OK);
    ck_assert_int_eq(hm_run_create(plan, &run, &error), HM_OK);
    ck_assert_uint_eq(hm_plan_find(plan, "cost"), HM_NONE);
    ck_assert_uint_eq(hm_plan_step_count(plan), 3);
    double *spend = hm_run_slot(run, hm_plan_find(plan, "spend"));
    const double *report = hm_run_slot(run, hm_plan_find(plan, "report"));
    for (int i = 10; i < 16; i++) {
        *spend = i;
        hm_status status = hm_run_execute(run, &error);
        ck_assert_int_eq(status, i == 13 ? HM_NODE_FAILED : HM_OK);
        if (status == HM_OK) {
            ck_assert_double_eq(*report, 2 * i + 0.5);
        }
    }
    hm_value signups = hm_value_json("1.5");
    ck_assert_int_eq(hm_run_set(run, "signups", &signups, &error), HM_OK);
    ck_assert_int_eq(hm_run_execute(run, &error), HM_OK);
    ck_assert_double_eq(*report, 33.5);
    hm_value text = hm_value_string("x");
    ck_assert_int_eq(hm_run_set(run, "signups", &text, &error), HM_TYPE_MISMATCH);
    hm_run_destroy(run);
    hm_plan_destroy(plan);
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("engine/plan");
    TCase *tests = tcase_create("plan");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, only_what_is_wanted_runs);
    tcase_add_test(tests, a_default_is_used_unless_the_input_is_given);
    tcase_add_test(tests, what_only_an_overridden_node_needs_is_not_asked_for);
    tcase_add_test(tests, one_output_of_a_function_can_be_overridden);
    tcase_add_test(tests, an_input_can_be_wanted);
    tcase_add_test(tests, nothing_wanted_is_an_empty_result);
    tcase_add_test(tests, all_missing_inputs_are_listed_with_who_needs_them);
    tcase_add_test(tests, an_unknown_name_gets_the_nearest_known_one);
    tcase_add_test(tests, a_function_that_is_no_node_tells_which_it_makes);
    tcase_add_test(tests, an_input_that_names_a_computed_node_is_refused);
    tcase_add_test(tests, an_override_of_an_input_is_refused);
    tcase_add_test(tests, a_value_of_another_type_is_refused);
    tcase_add_test(tests, an_input_given_twice_is_refused);
    tcase_add_test(tests, a_struct_that_was_not_initialised_is_refused);
    tcase_add_test(tests, a_failure_names_inputs_and_who_needed_the_node);
    tcase_add_test(tests, keep_going_computes_what_does_not_need_the_failed_node);
    tcase_add_test(tests, a_plan_is_run_again_with_other_values);
    suite_add_tcase(suite, tests);
    return suite;
}
