// test_from_config.c — nodes that config says a function makes.

#include <string.h>

#include "tests/support/failing_allocator.h"
#include "tests/support/graph_trial.h"
#include "tests/support/suite.h"

static hm_graph_trial trial;

static void set_up(void) {
    hm_graph_trial_init(&trial);
}

static void tear_down(void) {
    hm_graph_trial_finish(&trial);
}

#define SOURCE                                                                         \
    "HM_PARAMETERIZE_FROM_CONFIG(nodes)\n"                                             \
    "double f(double x, int y, size_t n, const double v[n]);\n"                        \
    "double g(double a);\n"

static const char *build(hm_value config) {
    hm_graph_trial_module(&trial, "m.c", SOURCE);
    hm_graph_trial_config(&trial, "nodes", config);
    return hm_graph_trial_build(&trial);
}

START_TEST(nodes_are_made_as_config_says) {
    ck_assert_str_eq(build(hm_value_json("{\"a\": {\"x\": \"u\", \"y\": 3},"
                                         " \"b\": {\"v\": [\"a\", 1e3, \"w\"]},"
                                         " \"c\": {}}")),
            "");
    ck_assert_str_eq(hm_graph_trial_nodes(&trial),
            "u v x y w a(u,-,v) b(x,y,a,-,w) c(x,y,v) g(a)");
    hm_node a = hm_graph_describe(trial.graph, hm_graph_find(trial.graph, "a"));
    ck_assert_int_eq(*(const int *)a.function->parameters[1].default_value, 3);
}
END_TEST

START_TEST(a_node_tells_of_the_bindings_and_of_where_they_are_asked_for) {
    ck_assert_str_eq(build(hm_value_json("{\"a\": {\"x\": \"u\"}}")), "");
    hm_applied applied[4];
    uint32_t id = hm_graph_find(trial.graph, "a");
    ck_assert_uint_eq(hm_graph_applied(trial.graph, id, applied, 4), 2);
    ck_assert_str_eq(applied[0].modifier->name, "parameterize_from_config");
    ck_assert_str_eq(applied[1].modifier->name, "parameterize");
    ck_assert_str_eq(applied[1].modifier->arguments[1].arguments[1].text, "u");
    ck_assert_uint_eq(applied[1].modifier->line, 1);
    ck_assert_str_eq(hm_graph_declared_parameter(trial.graph, id, 0)->name, "x");
}
END_TEST

#define WHERE "m.c:1: HM_PARAMETERIZE_FROM_CONFIG of `f`: config key `nodes`"

START_TEST(what_is_no_json_is_refused) {
    ck_assert_str_eq(build(hm_value_int(3)), WHERE ": it is int; give it as JSON\n");
}
END_TEST

START_TEST(wrong_bindings_are_told_with_their_place) {
    ck_assert_str_eq(build(hm_value_json("{\"a\": {\"z\": 1}, \"b\": {}}")),
            WHERE ", node `a`: it takes no `z`; did you mean `x`?\n");
    ck_assert_int_eq(trial.status, HM_BAD_ARGUMENT);
}
END_TEST

START_TEST(a_variant_that_is_not_there_needs_no_config) {
    hm_graph_trial_module(&trial, "m.c",
            "HM_WHEN(mode, x) HM_PARAMETERIZE_FROM_CONFIG(nodes) double f(double x);\n"
            "double g(double a);\n");
    ck_assert_str_eq(hm_graph_trial_build(&trial), "");
    ck_assert_str_eq(hm_graph_trial_nodes(&trial), "a g(a)");
}
END_TEST

START_TEST(another_variant_exists_if_config_does_not_name_its_node) {
    hm_graph_trial_module(&trial, "m.c",
            "HM_PARAMETERIZE_FROM_CONFIG(nodes) double f(double x);\n"
            "HM_OTHERWISE double a__fixed(double y);\n"
            "HM_OTHERWISE double b__fixed(double y);\n");
    hm_graph_trial_config(&trial, "nodes", hm_value_json("{\"a\": {}}"));
    ck_assert_str_eq(hm_graph_trial_build(&trial), "");
    ck_assert_str_eq(hm_graph_trial_nodes(&trial), "x y a(x) b(y)");
}
END_TEST

START_TEST(what_all_subdags_read_alike_is_told_once) {
    hm_graph_trial_library(&trial, "in.c",
            "HM_PARAMETERIZE_FROM_CONFIG(windows) double f(double x);\n");
    hm_graph_trial_module(&trial, "out.c",
            "HM_SUBDAG(\"in.c\") double a(double x);\n"
            "HM_SUBDAG(\"in.c\", HM_CONFIG(windows, 3)) double b(double x);\n"
            "HM_SUBDAG(\"in.c\") double c(double x);\n");
    ck_assert_str_eq(hm_graph_trial_build(&trial),
            "in.c:1: HM_PARAMETERIZE_FROM_CONFIG of `f`: config key `windows`: config "
            "has no such key; give it as JSON: {\"node\": {\"parameter\": what it "
            "takes}, ...}\n"
            "in.c:1: HM_PARAMETERIZE_FROM_CONFIG of `f`: config key `windows`: "
            "HM_CONFIG of the subdag makes it a literal, which is no object; leave out "
            "its HM_CONFIG, or give the key another name\n");
}
END_TEST

START_TEST(memory_that_runs_out_is_told_and_nothing_leaks) {
    hm_graph_trial_module(&trial, "m.c", SOURCE);
    hm_graph_trial_config(&trial, "nodes",
            hm_value_json("{\"a\": {\"x\": {\"value\": 2}, \"v\": [1, \"w\"]},"
                          " \"b\": {\"z\": 1}}"));
    for (size_t fail_at = 1;; fail_at++) {
        hm_failing_allocator failing;
        hm_failing_allocator_init(&failing);
        failing.fail_at = fail_at;
        trial.options.allocator = &failing.allocator;
        hm_graph *graph = NULL;
        hm_faults faults = {0};
        hm_status status = hm_graph_create(&trial.options, &graph, &faults);
        bool is_complete = failing.calls < fail_at;
        ck_assert_int_eq(status, is_complete ? HM_BAD_ARGUMENT : HM_NO_MEMORY);
        ck_assert_uint_eq(failing.live, 0);
        if (is_complete) {
            break;
        }
    }
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("graph/from_config");
    TCase *tests = tcase_create("from_config");
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, nodes_are_made_as_config_says);
    tcase_add_test(tests, a_node_tells_of_the_bindings_and_of_where_they_are_asked_for);
    tcase_add_test(tests, what_is_no_json_is_refused);
    tcase_add_test(tests, wrong_bindings_are_told_with_their_place);
    tcase_add_test(tests, a_variant_that_is_not_there_needs_no_config);
    tcase_add_test(tests, another_variant_exists_if_config_does_not_name_its_node);
    tcase_add_test(tests, what_all_subdags_read_alike_is_told_once);
    tcase_add_test(tests, memory_that_runs_out_is_told_and_nothing_leaks);
    suite_add_tcase(suite, tests);
    return suite;
}
