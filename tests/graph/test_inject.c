// test_inject.c — parameters that are bound to other names and to literals.

#include <stdio.h>
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

static hm_module *add(const char *file, const char *text) {
    return hm_graph_trial_module(&trial, file, text);
}

static const char *nodes(void) {
    ck_assert_str_eq(hm_graph_trial_build(&trial), "");
    return hm_graph_trial_nodes(&trial);
}

static const hm_function *function(const char *name) {
    uint32_t id = hm_graph_find(trial.graph, name);
    ck_assert_uint_ne(id, HM_NONE);
    return hm_graph_describe(trial.graph, id).function;
}

START_TEST(a_parameter_takes_another_node_or_input) {
    add("p.c", "HM_INJECT(HM_SOURCE(a, b), HM_SOURCE(x, \"default\"))\n"
               "double f(double a, double x, double y);\n"
               "double b(double c);\n");
    ck_assert_str_eq(nodes(), "default y c b(c) f(b,default,y)");
}
END_TEST

START_TEST(two_parameters_may_take_one_node) {
    add("p.c", "HM_INJECT(HM_SOURCE(a, x), HM_SOURCE(b, x)) double f(double a, double "
               "b);\n");
    ck_assert_str_eq(nodes(), "x f(x,x)");
}
END_TEST

START_TEST(a_parameter_can_take_the_name_of_another_one) {
    add("p.c", "HM_INJECT(HM_SOURCE(a, b), HM_SOURCE(b, a)) double f(double a, double "
               "b);\n");
    ck_assert_str_eq(nodes(), "b a f(b,a)");
}
END_TEST

START_TEST(a_literal_is_a_value_of_the_parameters_type) {
    add("p.c", "HM_INJECT(HM_VALUE(a, 2), HM_VALUE(b, -3), HM_VALUE(c, true),\n"
               "HM_VALUE(d, \"text\"), HM_VALUE(e, 0.5))\n"
               "double f(double a, int b, bool c, const char *d, float e, int x);\n");
    ck_assert_str_eq(nodes(), "x f(-,-,-,-,-,x)");
    const hm_parameter *parameters = function("f")->parameters;
    ck_assert_double_eq(*(const double *)parameters[0].default_value, 2);
    ck_assert_int_eq(*(const int *)parameters[1].default_value, -3);
    ck_assert(*(const bool *)parameters[2].default_value);
    ck_assert_str_eq(*(const char *const *)parameters[3].default_value, "text");
    ck_assert_float_eq(*(const float *)parameters[4].default_value, 0.5f);
    ck_assert_ptr_null(parameters[5].default_value);
}
END_TEST

START_TEST(a_function_all_of_whose_parameters_are_bound_reads_nothing) {
    add("p.c", "HM_INJECT(HM_VALUE(a, 2), HM_VALUE(b, 1)) double f(double a, int b);\n"
               "double g(double f);\n");
    ck_assert_str_eq(nodes(), "f(-,-) g(f)");
    uint32_t f = hm_graph_find(trial.graph, "f");
    for (hm_direction way = HM_UPSTREAM; way <= HM_DOWNSTREAM; way++) {
        bool reached[2] = {false};
        ck_assert_int_eq(hm_graph_reach(trial.graph, &f, 1, way, reached), HM_OK);
        ck_assert(reached[0] && reached[1] == (way == HM_DOWNSTREAM));
    }
}
END_TEST

START_TEST(a_source_keeps_the_default_and_a_value_beats_it) {
    add("p.c", "HM_INJECT(HM_SOURCE(a, x), HM_VALUE(b, 3))\n"
               "double f(HM_DEFAULT(2) double a, HM_DEFAULT(2) int b);\n");
    ck_assert_str_eq(nodes(), "x f(x,-)");
    ck_assert(hm_graph_describe(trial.graph, 0).is_optional);
    ck_assert_int_eq(*(const int *)function("f")->parameters[1].default_value, 3);
}
END_TEST

START_TEST(variants_and_fields_go_with_it) {
    add("p.c", "struct s { int low; };\n"
               "HM_INJECT(HM_SOURCE(x, a)) HM_EXTRACT_FIELDS() HM_WHEN(region, us)\n"
               "struct s s__us(int x);\n"
               "HM_INJECT(HM_SOURCE(x, b)) HM_OTHERWISE struct s s__rest(int x);\n");
    ck_assert_str_eq(nodes(), "b s(b)");
    hm_graph_trial_config(&trial, "region", hm_value_json("\"us\""));
    ck_assert_str_eq(nodes(), "a s(a) low(s)");
}
END_TEST

START_TEST(bindings_are_told_apart_by_versions) {
    hm_module *module = add("p.c", "HM_INJECT(HM_VALUE(a, 2)) double f(double a);\n"
                                   "HM_INJECT(HM_VALUE(a, 3)) double g(double a);\n"
                                   "HM_INJECT(HM_VALUE(a, 2)) double h(double a);\n"
                                   "HM_INJECT(HM_SOURCE(a, x)) double i(double a);\n"
                                   "HM_INJECT(HM_SOURCE(a, y)) double j(double a);\n");
    for (size_t i = 0; i < module->function_count; i++) {
        ((hm_function *)module->functions)[i].version = "1";
    }
    nodes();
    ck_assert_str_ne(function("f")->version, function("g")->version);
    ck_assert_str_eq(function("f")->version, function("h")->version);
    ck_assert_str_ne(function("f")->version, function("i")->version);
    ck_assert_str_ne(function("i")->version, function("j")->version);
}
END_TEST

START_TEST(types_of_sources_must_agree) {
    add("p.c", "HM_INJECT(HM_SOURCE(a, b)) double f(double a);\nint b(int x);\n");
    ck_assert_str_eq(hm_graph_trial_build(&trial),
            "p.c:1: `f` takes `b` as double, but at p.c:2 it is int; take `int b`\n");
}
END_TEST

START_TEST(a_circle_through_a_source_is_found) {
    add("p.c", "HM_INJECT(HM_SOURCE(a, g)) double f(double a);\ndouble g(double f);\n");
    hm_graph_trial_build(&trial);
    ck_assert_int_eq(trial.status, HM_CYCLE);
}
END_TEST

typedef struct hm_refused {
    const char *modifiers;
    const char *fault;
} hm_refused;

#define USAGE                                                                          \
    "; write HM_SOURCE(parameter, node), HM_VALUE(parameter, literal) or "             \
    "HM_GROUP(parameter, member, ...)"

static const hm_refused refused[] = {
        {"HM_INJECT(a)", "HM_INJECT of `f`: `a` is no binding" USAGE},
        {"HM_INJECT(HM_TAG(a, b))", "HM_INJECT of `f`: `HM_TAG` is no binding" USAGE},
        {"HM_INJECT(HM_SOURCE(a))", "HM_INJECT of `f`: a binding has 1 argument; write "
                                    "HM_SOURCE(parameter, node)"},
        {"HM_INJECT(HM_SOURCE(a, 3))",
                "HM_INJECT of `f`: `3` is no name of a node; write "
                "HM_SOURCE(parameter, node)"},
        {"HM_INJECT(HM_VALUE(2, 3))", "HM_INJECT of `f`: `2` is no parameter; write "
                                      "HM_VALUE(parameter, literal)"},
        {"HM_INJECT(HM_SOURCE(amuont, x))",
                "HM_INJECT of `f`: it takes no `amuont`; did you mean `amount`?"},
        {"HM_INJECT(HM_VALUE(amount, 1), HM_SOURCE(amount, b))",
                "HM_INJECT of `f`: `amount` is bound twice; keep one of the bindings"},
        {"HM_INJECT(HM_VALUE(amount, \"1\"))",
                "HM_INJECT of `f`: the value 1 of `amount` is no int; write a literal "
                "that `int` can hold"},
        {"HM_INJECT(HM_VALUE(all, 1))",
                "HM_INJECT of `f`: `all` is an array, which no literal is; bind it to "
                "a node or an input: HM_SOURCE(all, node)"},
        {"HM_INJECT(HM_VALUE(amount, 1)) HM_INJECT(HM_SOURCE(all, b))",
                "HM_INJECT stands twice; keep one of them"},
};

START_TEST(wrong_bindings_are_refused) {
    char text[512];
    snprintf(text, sizeof text, "%s int f(int amount, size_t n, const int all[n]);\n",
            refused[_i].modifiers);
    add("p.c", text);
    char expected[512];
    snprintf(expected, sizeof expected, "p.c:1: function `f` of module `p`: %s\n",
            refused[_i].fault);
    ck_assert_str_eq(hm_graph_trial_build(&trial), expected);
    ck_assert_int_eq(trial.status, HM_BAD_MODULE);
}
END_TEST

START_TEST(a_call_without_its_arguments_is_refused) {
    hm_module *module = add("p.c", "HM_INJECT(HM_VALUE(a, 1)) int f(int a);\n");
    hm_argument *call = (hm_argument *)module->functions[0].modifiers[0].arguments;
    call->arguments = NULL;
    ck_assert_str_eq(hm_graph_trial_build(&trial),
            "p.c:1: function `f` of module `p`: HM_INJECT has an argument without text "
            "or of unknown kind\n");
}
END_TEST

START_TEST(memory_that_runs_out_is_told_and_nothing_leaks) {
    hm_module *module = add("p.c",
            "HM_INJECT(HM_SOURCE(a, x), HM_VALUE(b, \"t\"), HM_VALUE(c, 1))\n"
            "double f(double a, const char *b, double c);\n");
    ((hm_function *)module->functions)->version = "1";
    for (size_t fail_at = 1;; fail_at++) {
        hm_failing_allocator failing;
        hm_failing_allocator_init(&failing);
        failing.fail_at = fail_at;
        trial.options.allocator = &failing.allocator;
        hm_error error;
        hm_faults faults = {.error = &error};
        hm_graph *graph = NULL;
        hm_status status = hm_graph_create(&trial.options, &graph, &faults);
        bool is_complete = failing.calls < fail_at;
        ck_assert_int_eq(status, is_complete ? HM_OK : HM_NO_MEMORY);
        hm_graph_destroy(graph);
        ck_assert_uint_eq(failing.live, 0);
        if (is_complete) {
            break;
        }
    }
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("graph/inject");
    TCase *tests = tcase_create("inject");
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, a_parameter_takes_another_node_or_input);
    tcase_add_test(tests, two_parameters_may_take_one_node);
    tcase_add_test(tests, a_parameter_can_take_the_name_of_another_one);
    tcase_add_test(tests, a_literal_is_a_value_of_the_parameters_type);
    tcase_add_test(tests, a_function_all_of_whose_parameters_are_bound_reads_nothing);
    tcase_add_test(tests, a_source_keeps_the_default_and_a_value_beats_it);
    tcase_add_test(tests, variants_and_fields_go_with_it);
    tcase_add_test(tests, bindings_are_told_apart_by_versions);
    tcase_add_test(tests, types_of_sources_must_agree);
    tcase_add_test(tests, a_circle_through_a_source_is_found);
    tcase_add_loop_test(
            tests, wrong_bindings_are_refused, 0, sizeof refused / sizeof *refused);
    tcase_add_test(tests, a_call_without_its_arguments_is_refused);
    tcase_add_test(tests, memory_that_runs_out_is_told_and_nothing_leaks);
    suite_add_tcase(suite, tests);
    return suite;
}
