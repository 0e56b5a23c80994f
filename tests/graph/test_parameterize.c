// test_parameterize.c — several nodes of one function.

#include <stdio.h>
#include <stdlib.h>
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

static hm_node node(const char *name) {
    uint32_t id = hm_graph_find(trial.graph, name);
    ck_assert_uint_ne(id, HM_NONE);
    return hm_graph_describe(trial.graph, id);
}

START_TEST(each_makes_a_node_and_the_function_none) {
    add("p.c", "HM_PARAMETERIZE(a, HM_SOURCE(x, u), HM_VALUE(y, 2))\n"
               "HM_PARAMETERIZE(b, HM_VALUE(y, 3))\n"
               "HM_PARAMETERIZE(c)\n"
               "double f(double x, int y);\n"
               "double g(double a, double b);\n");
    ck_assert_str_eq(nodes(), "u x y a(u,-) b(x,-) c(x,y) g(a,b)");
    ck_assert_int_eq(*(const int *)node("b").function->parameters[1].default_value, 3);
    ck_assert_uint_eq(node("b").line, 4);
    ck_assert_uint_eq(hm_graph_find(trial.graph, "f"), HM_NONE);
}
END_TEST

START_TEST(a_node_knows_what_made_it_and_of_what) {
    hm_module *module = add("p.c", "HM_PARAMETERIZE(a, HM_VALUE(y, 2)) HM_TAG(k, v)\n"
                                   "HM_PARAMETERIZE(b) double f(double x, int y);\n"
                                   "double g(double a);\n");
    ck_assert_str_eq(nodes(), "x y a(x,-) b(x,y) g(a)");
    const hm_function *f = &module->functions[0];
    ck_assert_ptr_eq(node("a").declared, f);
    ck_assert_ptr_eq(node("a").made_by, &f->modifiers[0]);
    ck_assert_ptr_eq(node("b").made_by, &f->modifiers[2]);
    ck_assert_ptr_eq(node("g").declared, &module->functions[1]);
    ck_assert_ptr_null(node("g").made_by);
    ck_assert_ptr_null(node("x").declared);
}
END_TEST

START_TEST(one_node_may_take_another_of_the_same_function) {
    add("p.c", "HM_PARAMETERIZE(a, HM_SOURCE(x, b)) HM_PARAMETERIZE(b)\n"
               "double f(double x);\n");
    ck_assert_str_eq(nodes(), "x b(x) a(b)");
}
END_TEST

START_TEST(docs_are_filled_in) {
    hm_module *module =
            add("p.c", "HM_PARAMETERIZE(a, HM_SOURCE(x, u), HM_VALUE(y, \"v\"))\n"
                       "double f(double x, const char *y, int z);\n");
    ((hm_function *)module->functions)->doc =
            "{output_name}: {x}, {y} and {z}; {none}, {{x}}, {x {";
    nodes();
    ck_assert_str_eq(node("a").function->doc, "a: u, v and z; {none}, {u}, {x {");
}
END_TEST

START_TEST(tags_are_those_of_the_function) {
    add("p.c", "HM_TAG(k, v) HM_PARAMETERIZE(a) HM_PARAMETERIZE(b) HM_TAG(l, w)\n"
               "double f(double x);\n");
    nodes();
    ck_assert_uint_eq(node("a").tag_count, 2);
    ck_assert_uint_eq(node("b").tag_count, 2);
    ck_assert_str_eq(node("b").tags[1].key, "l");
}
END_TEST

START_TEST(a_struct_that_is_parameterized_once_has_its_fields_extracted) {
    add("p.c", "struct s { int low; };\n"
               "HM_PARAMETERIZE(a, HM_VALUE(x, 1)) HM_EXTRACT_FIELDS() struct s f(int "
               "x);\n");
    ck_assert_str_eq(nodes(), "a(-) low(a)");
}
END_TEST

START_TEST(otherwise_looks_at_the_nodes_that_are_made) {
    add("p.c", "HM_WHEN(region, us) HM_PARAMETERIZE(a) HM_PARAMETERIZE(b)\n"
               "double f__us(double x);\n"
               "HM_OTHERWISE HM_PARAMETERIZE(b) HM_PARAMETERIZE(c)\n"
               "double f__rest(double y);\n"
               "HM_OTHERWISE double d__rest(double z);\n"
               "HM_WHEN(region, us) HM_PARAMETERIZE(d) double e(double x);\n");
    ck_assert_str_eq(nodes(), "y z b(y) c(y) d(z)");
    hm_graph_trial_config(&trial, "region", hm_value_json("\"us\""));
    ck_assert_str_eq(nodes(), "x a(x) b(x) d(x)");
}
END_TEST

START_TEST(a_variant_that_does_not_exist_makes_nothing) {
    add("p.c", "HM_WHEN(region, us) HM_PARAMETERIZE(a) HM_PARAMETERIZE(b)\n"
               "double f(double x);\n");
    ck_assert_str_eq(nodes(), "");
}
END_TEST

START_TEST(a_name_is_defined_once) {
    add("p.c", "HM_PARAMETERIZE(a) HM_PARAMETERIZE(b) double f(double x);\n"
               "double b(double x);\n");
    ck_assert_str_eq(hm_graph_trial_build(&trial),
            "p.c:2: `b` is defined twice: at p.c:1 and at p.c:2; rename one of "
            "them\n");
}
END_TEST

typedef struct hm_refused {
    const char *text;
    const char *fault;
} hm_refused;

static const hm_refused refused[] = {
        {"HM_PARAMETERIZE(a) HM_PARAMETERIZE(a) double f(double x);\n",
                "two nodes of its HM_PARAMETERIZE are called `a`; rename one of them"},
        {"HM_PARAMETERIZE(3) double f(double x);\n",
                "argument 1 of HM_PARAMETERIZE is no name; write "
                "HM_PARAMETERIZE(node, binding, ...)"},
        {"HM_PARAMETERIZE(a) HM_PARAMETERIZE(b) void f(double x, double *b, double "
         "*c);\n",
                "HM_PARAMETERIZE of `f`: it makes 2 things, `b` and `c` among them; "
                "let "
                "it make one thing, returned or called `out`"},
        {"HM_PARAMETERIZE(a) void f(double x, double *b);\n",
                "HM_PARAMETERIZE of `f`: it makes `b`, which is not called as the "
                "function; let it make one thing, returned or called `out`"},
        {"HM_PARAMETERIZE(a, HM_SOURCE(z, y)) double f(double amount);\n",
                "HM_PARAMETERIZE of `f`: it takes no `z`; name one of its parameters"},
        {"HM_PARAMETERIZE(a) HM_INJECT(HM_SOURCE(x, y)) double f(double x);\n",
                "it has HM_INJECT and HM_PARAMETERIZE; keep one of them"},
};

START_TEST(wrong_ones_are_refused) {
    add("p.c", refused[_i].text);
    char expected[512];
    snprintf(expected, sizeof expected, "p.c:1: function `f` of module `p`: %s\n",
            refused[_i].fault);
    ck_assert_str_eq(hm_graph_trial_build(&trial), expected);
    ck_assert_int_eq(trial.status, HM_BAD_MODULE);
}
END_TEST

START_TEST(fields_would_be_made_once_a_node) {
    add("p.c", "struct s { int low; };\n"
               "HM_PARAMETERIZE(a) HM_EXTRACT_FIELDS() HM_PARAMETERIZE(b)\n"
               "struct s f(int x);\n");
    ck_assert_str_eq(hm_graph_trial_build(&trial),
            "p.c:2: function `f` of module `p`: each HM_PARAMETERIZE would make the "
            "fields of HM_EXTRACT_FIELDS anew; extract them in functions that take its "
            "nodes\n");
}
END_TEST

// A module of one function: fN(fN-1), each from a source.
START_TEST(thousands_are_built) {
    enum { COUNT = 20000 };
    hm_modifier *modifiers = calloc(COUNT + 1, sizeof *modifiers);
    hm_argument *arguments = calloc(COUNT, 5 * sizeof *arguments);
    char(*names)[16] = calloc(COUNT + 1, sizeof *names);
    ck_assert(modifiers != NULL && arguments != NULL && names != NULL);
    hm_module *module = add("p.c", "double f(double x);\n");
    hm_function *function = (hm_function *)module->functions;
    static const hm_argument tag[] = {{.kind = HM_ARGUMENT_NAME, .text = "key"},
            {.kind = HM_ARGUMENT_INT, .text = "1"}};
    modifiers[COUNT] =
            (hm_modifier){.name = "tag", .arguments = tag, .argument_count = 2};
    snprintf(names[0], sizeof names[0], "n0");
    for (size_t i = 0; i < COUNT; i++) {
        snprintf(names[i + 1], sizeof names[i + 1], "n%zu", i + 1);
        hm_argument *parts = &arguments[5 * i];
        parts[0] = (hm_argument){.kind = HM_ARGUMENT_NAME, .text = names[i + 1]};
        parts[1] = (hm_argument){.kind = HM_ARGUMENT_CALL,
                .text = "source",
                .arguments = &parts[2],
                .argument_count = 2};
        parts[2] = (hm_argument){.kind = HM_ARGUMENT_NAME, .text = "x"};
        parts[3] = (hm_argument){.kind = HM_ARGUMENT_NAME, .text = names[i]};
        modifiers[i] = (hm_modifier){
                .name = "parameterize", .arguments = parts, .argument_count = 2};
    }
    function->modifiers = modifiers;
    function->modifier_count = COUNT + 1;
    ck_assert_str_eq(hm_graph_trial_build(&trial), "");
    ck_assert_uint_eq(hm_graph_node_count(trial.graph), COUNT + 1);
    ck_assert_uint_eq(node("n20000").tag_count, 1);
    hm_graph_destroy(trial.graph);
    trial.graph = NULL;
    free(modifiers);
    free(arguments);
    free(names);
}
END_TEST

START_TEST(memory_that_runs_out_is_told_and_nothing_leaks) {
    hm_module *module = add("p.c",
            "HM_PARAMETERIZE(a, HM_SOURCE(x, u), HM_VALUE(y, 1)) HM_PARAMETERIZE(b)\n"
            "HM_TAG(k, v) HM_WHEN_NOT(region, us) double f__us(double x, int y);\n"
            "HM_OTHERWISE HM_PARAMETERIZE(c) double g__us(double x);\n");
    ((hm_function *)module->functions)->version = "1";
    ((hm_function *)module->functions)->doc = "{x}";
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
    Suite *suite = suite_create("graph/parameterize");
    TCase *tests = tcase_create("parameterize");
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, each_makes_a_node_and_the_function_none);
    tcase_add_test(tests, a_node_knows_what_made_it_and_of_what);
    tcase_add_test(tests, one_node_may_take_another_of_the_same_function);
    tcase_add_test(tests, docs_are_filled_in);
    tcase_add_test(tests, tags_are_those_of_the_function);
    tcase_add_test(tests, a_struct_that_is_parameterized_once_has_its_fields_extracted);
    tcase_add_test(tests, otherwise_looks_at_the_nodes_that_are_made);
    tcase_add_test(tests, a_variant_that_does_not_exist_makes_nothing);
    tcase_add_test(tests, a_name_is_defined_once);
    tcase_add_loop_test(
            tests, wrong_ones_are_refused, 0, sizeof refused / sizeof *refused);
    tcase_add_test(tests, fields_would_be_made_once_a_node);
    tcase_add_test(tests, thousands_are_built);
    tcase_add_test(tests, memory_that_runs_out_is_told_and_nothing_leaks);
    suite_add_tcase(suite, tests);
    return suite;
}
