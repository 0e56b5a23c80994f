// test_wire.c — who makes a name and who reads it: inputs, duplicates, overriding
// modules, config that replaces nodes.

#include <string.h>

#include "tests/support/graph_trial.h"
#include "tests/support/suite.h"

static hm_graph_trial trial;

static void set_up(void) {
    hm_graph_trial_init(&trial);
}

static void tear_down(void) {
    hm_graph_trial_finish(&trial);
}

static void add(const char *file, const char *text) {
    hm_graph_trial_module(&trial, file, text);
}

static void expect_nodes(const char *nodes) {
    ck_assert_str_eq(hm_graph_trial_build(&trial), "");
    ck_assert_int_eq(trial.status, HM_OK);
    ck_assert_str_eq(hm_graph_trial_nodes(&trial), nodes);
}

static void expect_faults(hm_status status, const char *faults) {
    ck_assert_str_eq(hm_graph_trial_build(&trial), faults);
    ck_assert_int_eq(trial.status, status);
    ck_assert_ptr_null(trial.graph);
}

static hm_node node(const char *name) {
    uint32_t id = hm_graph_find(trial.graph, name);
    ck_assert_msg(id != HM_NONE, "%s is not there", name);
    return hm_graph_describe(trial.graph, id);
}

START_TEST(nothing_makes_an_empty_graph) {
    expect_nodes("");
    ck_assert_uint_eq(hm_graph_node_count(trial.graph), 0);
    ck_assert_uint_eq(hm_graph_find(trial.graph, "a"), HM_NONE);
    ck_assert_ptr_null(hm_graph_nearest(trial.graph, "a"));
}
END_TEST

START_TEST(a_parameter_takes_the_node_of_its_name_and_else_is_an_input) {
    add("m.c", "double ratio(double spend, double mean);\n"
               "double mean(size_t n, const double spend[n]);\n");
    expect_nodes("spend mean(spend) ratio(spend,mean)");
    hm_node spend = node("spend");
    ck_assert(
            spend.is_input && spend.is_array && !spend.is_optional && !spend.is_config);
    ck_assert_ptr_null(spend.function);
    ck_assert_str_eq(spend.parameter->name, "spend");
    ck_assert_str_eq(spend.module->name, "m");
    ck_assert_uint_eq(spend.line, 1);
    hm_node mean = node("mean");
    ck_assert(!mean.is_input && !mean.is_array);
    ck_assert_str_eq(mean.function->name, "mean");
    ck_assert_ptr_null(mean.parameter);
    ck_assert_uint_eq(mean.line, 2);
}
END_TEST

START_TEST(definitions_that_stand_in_a_possible_order_keep_it) {
    add("m.c",
            "double c(double x);\ndouble b(double c);\ndouble a(double b, double c);\n"
            "double z(double x);\n");
    expect_nodes("x c(x) b(c) a(b,c) z(x)");
}
END_TEST

START_TEST(wiring_crosses_modules_in_both_directions) {
    add("a.c", "double a1(double b1);\ndouble a2(double x);\n");
    add("b.c", "double b1(double a2);\n");
    expect_nodes("x a2(x) b1(a2) a1(b1)");
}
END_TEST

START_TEST(an_output_parameter_is_a_node_of_its_own_name) {
    add("m.c",
            "void statistics(size_t n, const double x[n], double *mean, double *sd);\n"
            "double z(double x, double mean, double sd);\n");
    expect_nodes("x mean(x) sd(x) z(x,mean,sd)");
    ck_assert_uint_eq(hm_graph_find(trial.graph, "statistics"), HM_NONE);
    ck_assert_str_eq(node("sd").function->name, "statistics");
}
END_TEST

START_TEST(an_output_called_out_is_named_as_the_function) {
    add("m.c",
            "void dry(size_t n, const double x[n], double out[n], double *longest);\n");
    expect_nodes("x dry(x) longest(x)");
    ck_assert(node("dry").is_array && !node("longest").is_array);
    ck_assert_str_eq(node("dry").dimension, "n");
    ck_assert_ptr_null(node("longest").dimension);
}
END_TEST

START_TEST(an_input_is_optional_if_every_reader_has_a_default) {
    add("m.c", "double a(HM_DEFAULT(1) double x, HM_DEFAULT(1) double y);\n"
               "double b(HM_DEFAULT(2) double x, double y);\n");
    expect_nodes("x y a(x,y) b(x,y)");
    ck_assert(node("x").is_optional);
    ck_assert(!node("y").is_optional);
}
END_TEST

START_TEST(a_node_beats_the_default_of_its_reader) {
    add("m.c", "double a(HM_DEFAULT(1) double b);\ndouble b(void);\n");
    expect_nodes("b() a(b)");
}
END_TEST

START_TEST(a_second_definition_names_both_places) {
    add("a.c", "double x(double i);\n\ndouble x(double j);\n");
    add("b.c", "double x(void);\n");
    expect_faults(HM_DUPLICATE_NAME,
            "a.c:3: `x` is defined twice: at a.c:1 and at a.c:3; rename one of them\n"
            "b.c:1: `x` is defined twice: at a.c:1 and at b.c:1; "
            "rename one of them, or allow overrides\n");
    ck_assert_str_eq(trial.error.message,
            "a.c:3: `x` is defined twice: at a.c:1 and at "
            "a.c:3: rename one of them");
    ck_assert_uint_eq(trial.error.fault_count, 2);
}
END_TEST

START_TEST(an_output_and_a_function_clash_too) {
    add("a.c", "void both(double i, double *low, double *high);\ndouble high(double "
               "i);\n");
    expect_faults(HM_DUPLICATE_NAME, "a.c:2: `high` is defined twice: at a.c:1 and at "
                                     "a.c:2; rename one of them\n");
}
END_TEST

START_TEST(a_later_module_overrides_an_earlier_one_if_allowed) {
    add("a.c", "double x(double i);\ndouble y(double x);\n");
    add("b.c", "double x(double j);\n");
    add("c.c", "double x(double k);\n");
    trial.options.allow_overrides = true;
    expect_nodes("k x(k) y(x)");
    ck_assert_str_eq(node("x").module->name, "c");
    ck_assert_uint_eq(hm_graph_find(trial.graph, "i"), HM_NONE);
}
END_TEST

START_TEST(a_clash_inside_one_module_stays_an_error_under_overrides) {
    add("a.c", "double x(double i);\ndouble x(double j);\n");
    add("b.c", "double x(double k);\n");
    trial.options.allow_overrides = true;
    expect_faults(HM_DUPLICATE_NAME,
            "a.c:2: `x` is defined twice: at a.c:1 and at a.c:2; rename one of them\n");
}
END_TEST

START_TEST(a_function_runs_for_the_outputs_that_are_left_to_it) {
    add("a.c", "void both(double i, double *low, double *high);\n");
    add("b.c", "double low(double high);\n");
    trial.options.allow_overrides = true;
    expect_nodes("i high(i) low(high)");
    const hm_graph *graph = trial.graph;
    ck_assert_uint_eq(graph->results[graph->calls[0].first_result], HM_NONE);
    ck_assert_uint_eq(graph->results[graph->calls[0].first_result + 1],
            hm_graph_find(graph, "high"));
}
END_TEST

START_TEST(a_function_with_no_output_left_is_gone_with_its_inputs) {
    add("a.c", "void both(double i, double *low, double *high);\n");
    add("b.c", "double low(double j);\ndouble high(double low);\n");
    trial.options.allow_overrides = true;
    expect_nodes("j low(j) high(low)");
}
END_TEST

START_TEST(a_config_key_named_as_a_node_replaces_it) {
    add("a.c", "double x(double i);\ndouble y(double x);\n");
    hm_graph_trial_config(&trial, "x", hm_value_double(2));
    expect_nodes("x y(x)");
    hm_node x = node("x");
    ck_assert(x.is_input && x.is_config && !x.is_optional);
    ck_assert_str_eq(x.parameter->name, "x");
    ck_assert_uint_eq(x.line, 2);
}
END_TEST

START_TEST(a_replaced_node_that_nobody_reads_is_an_input_all_the_same) {
    add("a.c", "void x(size_t n, const double i[n], double out[n]);\n");
    hm_graph_trial_config(&trial, "x", hm_value_json("[1, 2]"));
    expect_nodes("x");
    hm_node x = node("x");
    ck_assert(x.is_input && x.is_config && x.is_array && !x.is_optional);
    ck_assert_str_eq(x.dimension, "n");
    ck_assert_ptr_null(x.parameter);
    ck_assert_str_eq(x.module->name, "a");
}
END_TEST

START_TEST(config_may_replace_one_output_of_several) {
    add("a.c", "void both(double i, double *low, double *high);\n");
    hm_graph_trial_config(&trial, "low", hm_value_double(2));
    expect_nodes("low i high(i)");
}
END_TEST

START_TEST(config_breaks_a_circle_by_replacing_one_of_its_nodes) {
    add("a.c", "double x(double y);\ndouble y(double x);\n");
    hm_graph_trial_config(&trial, "x", hm_value_double(2));
    expect_nodes("x y(x)");
}
END_TEST

START_TEST(readers_of_a_node_are_listed_once_each_in_order) {
    add("a.c", "void pair(double i, double *low, double *high);\n"
               "double a(double low, double high, double low2);\n"
               "double b(double low);\n");
    ck_assert_str_eq(hm_graph_trial_build(&trial), "");
    const hm_graph *graph = trial.graph;
    const hm_graph_node *low = &graph->nodes[hm_graph_find(graph, "low")];
    ck_assert_uint_eq(low->reader_count, 2);
    ck_assert_str_eq(
            graph->calls[graph->readers[low->first_reader]].function->name, "a");
    ck_assert_str_eq(
            graph->calls[graph->readers[low->first_reader + 1]].function->name, "b");
}
END_TEST

START_TEST(a_module_that_is_given_twice_clashes_with_itself) {
    hm_module *module = hm_graph_trial_module(&trial, "a.c", "double x(double i);\n");
    trial.modules[trial.options.module_count++] = module;
    expect_faults(HM_DUPLICATE_NAME, "a.c:1: `x` is defined twice: at a.c:1 and at "
                                     "a.c:1; leave out one of the two "
                                     "equal modules\n");
}
END_TEST

START_TEST(the_nearest_name_is_found_among_nodes_and_inputs) {
    add("a.c", "double spend_mean(double spend);\n");
    ck_assert_str_eq(hm_graph_trial_build(&trial), "");
    ck_assert_str_eq(hm_graph_nearest(trial.graph, "spned"), "spend");
    ck_assert_str_eq(hm_graph_nearest(trial.graph, "spend_maen"), "spend_mean");
    ck_assert_ptr_null(hm_graph_nearest(trial.graph, "rainfall"));
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("graph/wire");
    TCase *tests = tcase_create("wire");
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, nothing_makes_an_empty_graph);
    tcase_add_test(tests, a_parameter_takes_the_node_of_its_name_and_else_is_an_input);
    tcase_add_test(tests, definitions_that_stand_in_a_possible_order_keep_it);
    tcase_add_test(tests, wiring_crosses_modules_in_both_directions);
    tcase_add_test(tests, an_output_parameter_is_a_node_of_its_own_name);
    tcase_add_test(tests, an_output_called_out_is_named_as_the_function);
    tcase_add_test(tests, an_input_is_optional_if_every_reader_has_a_default);
    tcase_add_test(tests, a_node_beats_the_default_of_its_reader);
    tcase_add_test(tests, a_second_definition_names_both_places);
    tcase_add_test(tests, an_output_and_a_function_clash_too);
    tcase_add_test(tests, a_later_module_overrides_an_earlier_one_if_allowed);
    tcase_add_test(tests, a_clash_inside_one_module_stays_an_error_under_overrides);
    tcase_add_test(tests, a_function_runs_for_the_outputs_that_are_left_to_it);
    tcase_add_test(tests, a_function_with_no_output_left_is_gone_with_its_inputs);
    tcase_add_test(tests, a_config_key_named_as_a_node_replaces_it);
    tcase_add_test(tests, a_replaced_node_that_nobody_reads_is_an_input_all_the_same);
    tcase_add_test(tests, config_may_replace_one_output_of_several);
    tcase_add_test(tests, config_breaks_a_circle_by_replacing_one_of_its_nodes);
    tcase_add_test(tests, readers_of_a_node_are_listed_once_each_in_order);
    tcase_add_test(tests, a_module_that_is_given_twice_clashes_with_itself);
    tcase_add_test(tests, the_nearest_name_is_found_among_nodes_and_inputs);
    suite_add_tcase(suite, tests);
    return suite;
}
