// test_checked.c — what checks add to the graph.

#include <string.h>

#include <hamilton/check.h>

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

START_TEST(a_checked_node_has_a_raw_one_and_one_for_each_check) {
    add("c.c", "HM_CHECK_RANGE(0, 1, fail) HM_CHECK_FINITE(warn)\n"
               "double f(double x);\n"
               "double g(double f);\n");
    ck_assert_str_eq(nodes(), "x f_raw(x) f_checks(f_raw) f(f_raw,f_checks) "
                              "f_range(f_checks) f_finite(f_checks) g(f)");
    ck_assert_ptr_eq(node("f").type, node("f_raw").type);
    ck_assert_str_eq(node("f_range").type->name, "struct hm_check_result");
    ck_assert_uint_eq(node("f_range").type->size, sizeof(hm_check_result));
    ck_assert_str_eq(node("f_range").function->doc, "Whether `f` is from 0 to 1.");
    ck_assert_uint_eq(node("f_checks").type->field_count, 2);
    ck_assert_str_eq(node("f_checks").type->fields[1].name, "finite");
}
END_TEST

START_TEST(nodes_know_the_modifier_that_made_them) {
    hm_module *module = add("c.c", "HM_CHECK_RANGE(0, 1, fail) HM_CHECK_FINITE(warn)\n"
                                   "double f(double x);\n");
    ck_assert_ptr_nonnull(nodes());
    const hm_function *f = &module->functions[0];
    ck_assert_ptr_null(node("f_raw").made_by);
    ck_assert_ptr_eq(node("f").made_by, &f->modifiers[0]);
    ck_assert_ptr_eq(node("f_range").made_by, &f->modifiers[0]);
    ck_assert_ptr_eq(node("f_finite").made_by, &f->modifiers[1]);
    ck_assert_ptr_eq(node("f_finite").declared, f);
}
END_TEST

START_TEST(more_of_a_kind_are_numbered) {
    add("c.c", "HM_CHECK_RANGE(0, 1, fail) HM_CHECK_FINITE(warn)\n"
               "HM_CHECK_RANGE(2, 3, warn) HM_CHECK_RANGE(4, 5, warn)\n"
               "double f(double x);\n");
    ck_assert_str_eq(nodes(), "x f_raw(x) f_checks(f_raw) f(f_raw,f_checks) "
                              "f_range(f_checks) f_finite(f_checks) "
                              "f_range_1(f_checks) f_range_2(f_checks)");
    ck_assert_str_eq(node("f_range_2").function->doc, "Whether `f` is from 4 to 5.");
}
END_TEST

START_TEST(other_outputs_stay_as_they_are) {
    add("c.c", "HM_CHECK_FINITE(fail) void f(double x, double *low, double *out);\n");
    ck_assert_str_eq(nodes(), "x low(x) f_raw(x) f_checks(f_raw) f(f_raw,f_checks) "
                              "f_finite(f_checks)");
}
END_TEST

START_TEST(an_array_that_passed_is_an_array) {
    add("c.c", "HM_CHECK_FINITE(fail) void f(size_t n, const double x[n], double "
               "out[n]);\n");
    ck_assert_ptr_nonnull(nodes());
    ck_assert(node("f").is_array);
    ck_assert(node("f_raw").is_array);
    ck_assert(!node("f_finite").is_array);
}
END_TEST

START_TEST(each_node_of_a_parameterized_function_is_checked) {
    add("c.c", "HM_PARAMETERIZE(a, HM_VALUE(k, 1)) HM_PARAMETERIZE(b, HM_VALUE(k, 2))\n"
               "HM_CHECK_FINITE(fail) double f(double x, double k);\n");
    ck_assert_str_eq(nodes(),
            "x a_raw(x,-) b_raw(x,-) a_checks(a_raw) a(a_raw,a_checks) "
            "a_finite(a_checks) b_checks(b_raw) b(b_raw,b_checks) "
            "b_finite(b_checks)");
}
END_TEST

START_TEST(a_variant_is_checked_where_it_exists) {
    add("c.c", "HM_WHEN(region, us) HM_CHECK_FINITE(fail) double f__us(double x);\n"
               "HM_OTHERWISE double f__eu(double x);\n");
    ck_assert_str_eq(nodes(), "x f(x)");
    hm_graph_trial_config(&trial, "region", hm_value_json("\"us\""));
    ck_assert_str_eq(
            nodes(), "x f_raw(x) f_checks(f_raw) f(f_raw,f_checks) f_finite(f_checks)");
}
END_TEST

START_TEST(the_value_that_was_checked_is_tagged_and_the_function_limited) {
    add("c.c", "HM_TAG(owner, me) HM_TAG(limit, db) HM_CHECK_FINITE(fail) double "
               "f(double x);\n");
    ck_assert_ptr_nonnull(nodes());
    ck_assert_uint_eq(node("f_raw").tag_count, 2);
    ck_assert_uint_eq(node("f").tag_count, 1);
    ck_assert_str_eq(node("f").tags[0].key, "owner");
}
END_TEST

START_TEST(versions_tell_checks_apart) {
    static const char *const texts[] = {
            "HM_CHECK_RANGE(0, 1, fail) double f(double x);\n",
            "HM_CHECK_RANGE(0, 1, warn) double f(double x);\n",
            "HM_CHECK_RANGE(0, 2, fail) double f(double x);\n"};
    char seen[3][64];
    for (size_t i = 0; i < 3; i++) {
        hm_module *module = add("c.c", texts[i]);
        ((hm_function *)module->functions)->version = "v1";
        ck_assert_ptr_nonnull(nodes());
        ck_assert_str_eq(node("f_raw").function->version, "v1");
        ck_assert_str_eq(
                node("f").function->version, node("f_checks").function->version);
        ck_assert_uint_lt(strlen(node("f").function->version), sizeof seen[i]);
        strcpy(seen[i], node("f").function->version);
        for (size_t k = 0; k < i; k++) {
            ck_assert_str_ne(seen[i], seen[k]);
        }
        tear_down();
        set_up();
    }
}
END_TEST

START_TEST(rows_are_looked_at_in_parts_if_no_check_judges_them_together) {
    hm_module *module =
            add("c.c", "HM_CHECK(one, fail) int f(int x);\n"
                       "HM_CHECK(one, fail) HM_CHECK(all, fail) int g(int x);\n"
                       "HM_CHECK(any, fail) int h(int x);\n"
                       "HM_EXCLUDE bool one(int x);\n"
                       "HM_EXCLUDE bool all(size_t n, const int x[n]);\n"
                       "HM_EXCLUDE bool any(size_t n, const int x[n]);\n");
    ((hm_parameter *)module->functions[5].parameters)->is_nullable = true;
    ck_assert_ptr_nonnull(nodes());
    ck_assert(node("f_checks").function->combine != NULL);
    ck_assert(node("g_checks").function->combine == NULL);
    ck_assert(node("h_checks").function->combine == NULL);
    ck_assert(node("f_checks").function->parameters[0].is_nullable);
    ck_assert(!node("g_checks").function->parameters[0].is_nullable);
    ck_assert(node("h_checks").function->parameters[0].is_nullable);
}
END_TEST

START_TEST(a_node_that_has_such_a_name_is_defined_twice) {
    add("c.c", "HM_CHECK_FINITE(fail) double f(double x);\n"
               "double f_raw(double x);\n");
    ck_assert_str_eq(hm_graph_trial_build(&trial),
            "c.c:2: `f_raw` is defined twice: at c.c:1 and at c.c:2; rename one of "
            "them\n");
}
END_TEST

START_TEST(two_variants_that_are_checked_are_one_mistake) {
    add("c.c", "HM_WHEN(a, 1) HM_CHECK_FINITE(fail) HM_CHECK_FINITE(warn)\n"
               "HM_PIPE_OUTPUT(HM_STEP(s)) double f__1(double x);\n"
               "HM_WHEN_NOT(a, 2) HM_CHECK_FINITE(fail)\n"
               "HM_PIPE_OUTPUT(HM_STEP(s)) double f__2(double x);\n"
               "HM_EXCLUDE double s(double x);\n");
    hm_graph_trial_config(&trial, "a", hm_value_int(1));
    ck_assert_str_eq(hm_graph_trial_build(&trial),
            "c.c:4: `f` is defined twice: at c.c:2 and at c.c:4: f__1 has HM_WHEN(a, "
            "1), f__2 has HM_WHEN_NOT(a, 2), and config has a = 1; let their "
            "conditions exclude each other\n");
}
END_TEST

START_TEST(a_circle_through_a_checked_node_is_one) {
    add("c.c", "HM_CHECK_FINITE(fail) double f(double g);\n"
               "double g(double f);\n");
    ck_assert_str_eq(hm_graph_trial_build(&trial),
            "c.c:1: nodes need each other in a circle: f_raw -> f -> g -> f_raw (f_raw "
            "at c.c:1, f at c.c:1, g at c.c:2); let one of them take something else\n");
}
END_TEST

START_TEST(tables_that_anybody_filled_are_checked) {
    add("c.c", "HM_CHECK_RANGE(0, 1, maybe) double f(double x);\n"
               "HM_CHECK_RANGE(0, \"a\", fail) double g(double x);\n"
               "HM_CHECK_CONTAINS(\"a\", fail) double h(double x);\n"
               "HM_CHECK_FINITE(fail) void i(double x, double *low, double *high);\n");
    ck_assert_str_eq(hm_graph_trial_build(&trial),
            "c.c:1: function `f` of module `c`: HM_CHECK_RANGE of `f`: its last "
            "argument is neither warn nor fail; "
            "write HM_CHECK_RANGE(low, high, fail), or warn\n"
            "c.c:2: function `g` of module `c`: HM_CHECK_RANGE of `g`: a is no double; "
            "write a literal that "
            "`double` can hold\n"
            "c.c:3: function `h` of module `c`: HM_CHECK_CONTAINS of `h`: it checks "
            "strings, and what the function "
            "makes is double; remove it\n"
            "c.c:4: function `i` of module `c`: HM_CHECK_FINITE of `i`: it makes "
            "nothing of its own name; call an "
            "output `out`, or remove it\n");
}
END_TEST

START_TEST(memory_that_runs_out_is_told_and_nothing_leaks) {
    hm_module *module = add("c.c", "HM_CHECK_RANGE(0, 1, fail) HM_CHECK_FINITE(warn)\n"
                                   "HM_CHECK_RANGE(2, 3, warn)\n"
                                   "double f(double x);\n"
                                   "HM_CHECK_VALUES_IN(\"a\", \"b\", fail)\n"
                                   "const char *g(double x);\n");
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
    Suite *suite = suite_create("graph/checked");
    TCase *tests = tcase_create("checked");
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, a_checked_node_has_a_raw_one_and_one_for_each_check);
    tcase_add_test(tests, nodes_know_the_modifier_that_made_them);
    tcase_add_test(tests, more_of_a_kind_are_numbered);
    tcase_add_test(tests, other_outputs_stay_as_they_are);
    tcase_add_test(tests, an_array_that_passed_is_an_array);
    tcase_add_test(tests, each_node_of_a_parameterized_function_is_checked);
    tcase_add_test(tests, a_variant_is_checked_where_it_exists);
    tcase_add_test(
            tests, the_value_that_was_checked_is_tagged_and_the_function_limited);
    tcase_add_test(tests, versions_tell_checks_apart);
    tcase_add_test(tests, rows_are_looked_at_in_parts_if_no_check_judges_them_together);
    tcase_add_test(tests, a_node_that_has_such_a_name_is_defined_twice);
    tcase_add_test(tests, two_variants_that_are_checked_are_one_mistake);
    tcase_add_test(tests, a_circle_through_a_checked_node_is_one);
    tcase_add_test(tests, tables_that_anybody_filled_are_checked);
    tcase_add_test(tests, memory_that_runs_out_is_told_and_nothing_leaks);
    suite_add_tcase(suite, tests);
    return suite;
}
