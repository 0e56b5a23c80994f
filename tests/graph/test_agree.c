// test_agree.c — exact types between nodes and readers, and between readers of one
// input.

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

static void expect_faults(const char *faults) {
    ck_assert_str_eq(hm_graph_trial_build(&trial), faults);
    ck_assert_int_eq(trial.status, faults[0] == '\0' ? HM_OK : HM_TYPE_MISMATCH);
}

START_TEST(a_reader_takes_exactly_what_the_node_is) {
    add("m.c", "double a(double x);\n"
               "double b(int a);\n"
               "double c(size_t n, const float a[n]);\n"
               "double d(const char *a);\n");
    expect_faults(
            "m.c:2: `b` takes `a` as int, but at m.c:1 it is double; take `double "
            "a`\n"
            "m.c:3: `c` takes `a` as float, but at m.c:1 it is double; take `const "
            "double a[]`\n"
            "m.c:4: `d` takes `a` as const char *, but at m.c:1 it is double; take "
            "`double a`\n");
}
END_TEST

START_TEST(readers_of_an_input_agree_with_its_first) {
    add("m.c", "double a(const char *x);\ndouble b(double x);\n"
               "double c(size_t n, const int x[n]);\n");
    expect_faults("m.c:2: `b` takes `x` as double, but `a` (m.c:1) takes it as const "
                  "char *; take "
                  "`const char *x`\n"
                  "m.c:3: `c` takes `x` as int, but `a` (m.c:1) takes it as const char "
                  "*; take "
                  "`const char *const x[]`\n");
}
END_TEST

START_TEST(one_value_or_an_array_is_not_decided_here) {
    add("m.c", "double a(double x);\ndouble b(size_t n, const double x[n]);\n"
               "double c(size_t n, const double a[n]);\ndouble d(double c);\n");
    expect_faults("");
}
END_TEST

static const char structs[] = "struct day { double high; double low; };\n";

START_TEST(a_struct_serves_readers_by_value_and_by_reference) {
    add("s.c", structs);
    add("m.c", "struct day day(double x);\ndouble a(struct day day);\n"
               "double b(const struct day *day);\n");
    expect_faults("");
}
END_TEST

START_TEST(what_is_given_by_reference_is_read_by_reference) {
    add("s.c", structs);
    add("m.c", "const struct day *day(double x);\ndouble a(const struct day *day);\n"
               "double b(struct day day);\n");
    expect_faults("m.c:3: `b` takes `day` by value, but at m.c:1 it is given by "
                  "reference; take "
                  "`const struct day *day`\n");
}
END_TEST

START_TEST(the_elements_of_an_array_are_read_as_they_are_kept) {
    add("s.c", structs);
    add("m.c",
            "struct day day(double x);\ndouble a(size_t n, const struct day day[n]);\n"
            "double b(size_t n, const struct day *const day[n]);\n");
    expect_faults("m.c:3: `b` takes `day` by reference, but at m.c:1 it is given by "
                  "value; take "
                  "`const struct day day[]`\n");
}
END_TEST

START_TEST(structs_of_one_name_and_different_fields_differ) {
    add("s.c", structs);
    add("a.c", "struct day day(double x);\n");
    hm_module *module = add("b.c", "double b(struct day day);\n");
    hm_type other = *module->functions[0].parameters[0].type;
    hm_field fields[2] = {other.fields[1], other.fields[0]};
    fields[0].offset = 0;
    fields[1].offset = 8;
    other.fields = fields;
    hm_parameter parameter = module->functions[0].parameters[0];
    parameter.type = &other;
    hm_function function = module->functions[0];
    function.parameters = &parameter;
    module->functions = &function;
    expect_faults(
            "b.c:1: `b` takes `day` as struct day of 16 bytes, but at a.c:1 it is "
            "another struct day, of 16 bytes or with other fields; let both use one "
            "declaration\n");
}
END_TEST

START_TEST(a_type_described_twice_is_one_type) {
    add("s.c", structs);
    add("a.c", "struct day day(double x);\n");
    hm_module *module = add("b.c", "double b(struct day day);\n");
    hm_type same = *module->functions[0].parameters[0].type;
    hm_parameter parameter = module->functions[0].parameters[0];
    parameter.type = &same;
    hm_function function = module->functions[0];
    function.parameters = &parameter;
    module->functions = &function;
    expect_faults("");
}
END_TEST

START_TEST(readers_of_a_replaced_node_still_take_its_type) {
    add("m.c", "double a(double x);\ndouble b(int a);\n");
    hm_graph_trial_config(&trial, "a", hm_value_json("1"));
    expect_faults(
            "m.c:2: `b` takes `a` as int, but at m.c:1 it is double; take `double "
            "a`\n");
}
END_TEST

START_TEST(functions_that_are_out_of_the_graph_are_not_looked_at) {
    add("a.c", "double a(double x);\ndouble b(int a);\n");
    add("b.c", "double b(double a);\n");
    trial.options.allow_overrides = true;
    expect_faults("");
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("graph/agree");
    TCase *tests = tcase_create("agree");
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, a_reader_takes_exactly_what_the_node_is);
    tcase_add_test(tests, readers_of_an_input_agree_with_its_first);
    tcase_add_test(tests, one_value_or_an_array_is_not_decided_here);
    tcase_add_test(tests, a_struct_serves_readers_by_value_and_by_reference);
    tcase_add_test(tests, what_is_given_by_reference_is_read_by_reference);
    tcase_add_test(tests, the_elements_of_an_array_are_read_as_they_are_kept);
    tcase_add_test(tests, structs_of_one_name_and_different_fields_differ);
    tcase_add_test(tests, a_type_described_twice_is_one_type);
    tcase_add_test(tests, readers_of_a_replaced_node_still_take_its_type);
    tcase_add_test(tests, functions_that_are_out_of_the_graph_are_not_looked_at);
    suite_add_tcase(suite, tests);
    return suite;
}
