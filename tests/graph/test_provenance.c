// test_provenance.c — how nodes came to be.

#include <string.h>

#include "base/text.h"
#include "tests/support/graph_trial.h"
#include "tests/support/suite.h"

static hm_graph_trial trial;
static hm_text told;

static void set_up(void) {
    hm_graph_trial_init(&trial);
    hm_text_init(&told, NULL);
}

static void tear_down(void) {
    hm_text_finish(&told);
    hm_graph_trial_finish(&trial);
}

static void build(const char *text) {
    hm_graph_trial_module(&trial, "m.c", text);
    ck_assert_str_eq(hm_graph_trial_build(&trial), "");
}

static uint32_t id_of(const char *name) {
    uint32_t id = hm_graph_find(trial.graph, name);
    ck_assert_uint_ne(id, HM_NONE);
    return id;
}

// "conditions when:2, metadata tag:1"
static const char *applied(const char *name) {
    hm_applied found[8];
    size_t count = hm_graph_applied(trial.graph, id_of(name), found, 8);
    hm_text_clear(&told);
    for (size_t i = 0; i < count; i++) {
        hm_text_format(&told, "%s%s %s:%u", i > 0 ? ", " : "", found[i].phase,
                found[i].modifier->name, (unsigned)found[i].modifier->line);
    }
    return hm_text_get(&told);
}

// "x y y -": the declared parameter for each of the node's function.
static const char *declared(const char *name) {
    uint32_t id = id_of(name);
    hm_node node = hm_graph_describe(trial.graph, id);
    hm_text_clear(&told);
    for (uint32_t i = 0; i < node.dependency_count; i++) {
        const hm_parameter *parameter = hm_graph_declared_parameter(trial.graph, id, i);
        hm_text_format(&told, "%s%s", i > 0 ? " " : "",
                parameter != NULL ? parameter->name : "-");
    }
    return hm_text_get(&told);
}

START_TEST(modifiers_are_in_the_order_of_their_phases) {
    build("HM_TAG(k, v)\n"
          "HM_INJECT(HM_VALUE(x, 1))\n"
          "HM_WHEN_NOT(a, b)\n"
          "HM_NAME(g)\n"
          "HM_WHEN_NOT(c, d)\n"
          "double f(double x);\n");
    ck_assert_str_eq(applied("g"), "conditions when_not:3, conditions name:4, "
                                   "conditions when_not:5, expansion inject:2, "
                                   "metadata tag:1");
}
END_TEST

START_TEST(a_node_has_the_modifier_that_made_it_and_none_that_made_another) {
    build("HM_TAG(k, v)\n"
          "HM_PARAMETERIZE(a, HM_VALUE(x, 1))\n"
          "HM_PARAMETERIZE(b, HM_SOURCE(x, a))\n"
          "double f(double x);\n");
    ck_assert_str_eq(applied("a"), "expansion parameterize:2, metadata tag:1");
    ck_assert_str_eq(applied("b"), "expansion parameterize:3, metadata tag:1");
}
END_TEST

START_TEST(a_field_has_what_its_struct_has) {
    build("struct s { int a; };\n"
          "HM_TAG(k, v)\n"
          "HM_INJECT(HM_SOURCE(x, y))\n"
          "HM_EXTRACT_FIELDS()\n"
          "struct s f(double x);\n");
    ck_assert_str_eq(applied("f"), "expansion inject:3, metadata tag:2");
    ck_assert_str_eq(applied("a"),
            "expansion inject:3, fields extract_fields:4, metadata tag:2");
    ck_assert_str_eq(declared("f"), "x");
    ck_assert_str_eq(declared("a"), "-");
}
END_TEST

START_TEST(what_stands_behind_a_node_has_all_before_it) {
    build("HM_PIPE_OUTPUT(HM_STEP(s))\n"
          "HM_CHECK_RANGE(0, 1, warn)\n"
          "HM_PIPE_INPUT(x, HM_STEP(s))\n"
          "HM_PARAMETERIZE(a, HM_VALUE(y, 1))\n"
          "HM_PARAMETERIZE(b, HM_VALUE(y, 2))\n"
          "double f(double x, double y);\n"
          "HM_EXCLUDE double s(double v);\n"
          "HM_MUTATE(f) double m(double v);\n"
          "HM_MUTATE(f) double l(double v);\n");
    ck_assert_str_eq(applied("a"), "expansion parameterize:4, inputs pipe_input:3, "
                                   "checks check_range:2, outputs pipe_output:1, "
                                   "outputs mutate:8, outputs mutate:9");
    ck_assert_str_eq(applied("b.with_s_1"),
            "expansion parameterize:5, inputs pipe_input:3, checks check_range:2, "
            "outputs pipe_output:1");
    ck_assert_str_eq(applied("b.with_m"),
            "expansion parameterize:5, inputs pipe_input:3, checks check_range:2, "
            "outputs pipe_output:1, outputs mutate:8");
    ck_assert_str_eq(
            applied("a.with_s"), "expansion parameterize:4, inputs pipe_input:3");
    ck_assert_str_eq(applied("a.raw"), "expansion parameterize:4, inputs "
                                       "pipe_input:3, checks check_range:2");
    ck_assert_str_eq(applied("a_raw"), "expansion parameterize:4, inputs pipe_input:3");
}
END_TEST

START_TEST(an_input_has_none) {
    build("HM_TAG(k, v) double f(double x);\n");
    ck_assert_str_eq(applied("x"), "");
    ck_assert_ptr_null(hm_graph_declared_parameter(trial.graph, id_of("x"), 0));
}
END_TEST

START_TEST(no_more_are_written_than_there_is_room_for) {
    build("HM_TAG(k, v) HM_TAG(l, w) double f(double x);\n");
    hm_applied one[2] = {{0}, {0}};
    ck_assert_uint_eq(hm_graph_applied(trial.graph, id_of("f"), one, 1), 2);
    ck_assert_ptr_nonnull(one[0].modifier);
    ck_assert_ptr_null(one[1].modifier);
}
END_TEST

START_TEST(parameters_keep_the_names_that_they_were_declared_by) {
    build("HM_INJECT(HM_SOURCE(x, u), HM_VALUE(y, 2))\n"
          "double f(double x, double y, double z);\n"
          "HM_PARAMETERIZE(g, HM_SOURCE(k, z), HM_GROUP(v, f, u, 3))\n"
          "double h(double k, size_t n, const double v[n], double w);\n");
    ck_assert_str_eq(declared("f"), "x y z");
    ck_assert_str_eq(declared("g"), "k v v v w");
    ck_assert_ptr_null(hm_graph_declared_parameter(trial.graph, id_of("g"), 5));
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("graph/provenance");
    TCase *tests = tcase_create("provenance");
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, modifiers_are_in_the_order_of_their_phases);
    tcase_add_test(
            tests, a_node_has_the_modifier_that_made_it_and_none_that_made_another);
    tcase_add_test(tests, a_field_has_what_its_struct_has);
    tcase_add_test(tests, what_stands_behind_a_node_has_all_before_it);
    tcase_add_test(tests, an_input_has_none);
    tcase_add_test(tests, no_more_are_written_than_there_is_room_for);
    tcase_add_test(tests, parameters_keep_the_names_that_they_were_declared_by);
    suite_add_tcase(suite, tests);
    return suite;
}
