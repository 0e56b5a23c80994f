// test_extract.c — fields of a struct that are nodes of their own.

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

#define DAY "struct day { double low; double high; int rain; };\n"

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

START_TEST(all_fields_are_nodes_beside_the_struct) {
    add("d.c", DAY "HM_EXTRACT_FIELDS() struct day day(int x);\n"
                   "double range(double low, double high);\n");
    ck_assert_str_eq(nodes(), "x day(x) low(day) high(day) rain(day) range(low,high)");
    ck_assert_str_eq(node("rain").type->name, "int");
    ck_assert_str_eq(node("rain").function->doc, "Field `rain` of `day`.");
    ck_assert_uint_eq(node("rain").line, 2);
}
END_TEST

START_TEST(a_field_is_made_by_the_modifier_and_the_struct_by_the_function) {
    hm_module *module = add("d.c", DAY "HM_TAG(k, v) HM_EXTRACT_FIELDS(rain)\n"
                                       "struct day day(int x);\n");
    ck_assert_str_eq(nodes(), "x day(x) rain(day)");
    const hm_function *day = &module->functions[0];
    ck_assert_ptr_eq(node("rain").declared, day);
    ck_assert_ptr_eq(node("rain").made_by, &day->modifiers[1]);
    ck_assert_ptr_eq(node("day").declared, day);
    ck_assert_ptr_null(node("day").made_by);
}
END_TEST

START_TEST(or_those_that_are_named) {
    add("d.c", DAY "HM_EXTRACT_FIELDS(rain, \"low\") struct day day(int x);\n");
    ck_assert_str_eq(nodes(), "x day(x) rain(day) low(day)");
}
END_TEST

START_TEST(the_struct_may_be_any_output_named_as_the_function) {
    add("d.c", DAY
            "HM_EXTRACT_FIELDS(rain) void day(int x, double *other, struct day *out);\n"
            "HM_EXTRACT_FIELDS(low) const struct day *next(const struct day *day);\n");
    ck_assert_str_eq(nodes(), "x other(x) day(x) rain(day) next(day) low(next)");
    ck_assert_int_eq(node("low").function->parameters[0].pass, HM_BY_REFERENCE);
    ck_assert_int_eq(node("rain").function->parameters[0].pass, HM_BY_VALUE);
}
END_TEST

START_TEST(a_variants_struct_has_the_name_of_its_node) {
    add("d.c", DAY "HM_WHEN(region, us) HM_EXTRACT_FIELDS(low) struct day day__us();\n"
                   "HM_OTHERWISE HM_EXTRACT_FIELDS(low) struct day day__eu(int x);\n");
    ck_assert_str_eq(nodes(), "x day(x) low(day)");
    hm_graph_trial_config(&trial, "region", hm_value_json("\"us\""));
    ck_assert_str_eq(nodes(), "day() low(day)");
}
END_TEST

START_TEST(fields_have_their_functions_tags_but_for_limits) {
    add("d.c", DAY "HM_TAG(owner, me) HM_TAG(limit, db) HM_EXTRACT_FIELDS(low)\n"
                   "HM_TAG(unit, K) struct day day(int x);\n");
    nodes();
    ck_assert_uint_eq(node("day").tag_count, 3);
    ck_assert_uint_eq(node("low").tag_count, 2);
    ck_assert_str_eq(node("low").tags[0].key, "owner");
    ck_assert_str_eq(node("low").tags[1].key, "unit");
}
END_TEST

START_TEST(versions_follow_the_functions_and_differ) {
    hm_module *module =
            add("d.c", DAY "HM_EXTRACT_FIELDS(low, high) struct day day(int x);\n");
    nodes();
    ck_assert_ptr_null(node("low").function->version);
    hm_function *function = (hm_function *)module->functions;
    function->version = "1";
    nodes();
    char first[64];
    snprintf(first, sizeof first, "%s", node("low").function->version);
    ck_assert_str_ne(node("high").function->version, first);
    function->version = "2";
    nodes();
    ck_assert_str_ne(node("low").function->version, first);
}
END_TEST

START_TEST(a_name_is_defined_once) {
    add("d.c", DAY "HM_EXTRACT_FIELDS(low) struct day day(int x);\n"
                   "double low(int x);\n"
                   "HM_EXTRACT_FIELDS(low) struct day other(int x);\n");
    ck_assert_str_eq(hm_graph_trial_build(&trial),
            "d.c:3: `low` is defined twice: at d.c:2 and at d.c:3; rename one of "
            "them\n"
            "d.c:4: `low` is defined twice: at d.c:2 and at d.c:4; rename one of "
            "them\n");
}
END_TEST

START_TEST(readers_agree_on_the_type_of_a_field) {
    add("d.c", DAY "HM_EXTRACT_FIELDS() struct day day(int x);\n"
                   "double wet(double rain);\n");
    ck_assert_str_eq(hm_graph_trial_build(&trial),
            "d.c:3: `wet` takes `rain` as double, but at d.c:2 it is int; take `int "
            "rain`\n");
}
END_TEST

START_TEST(an_overriding_module_takes_struct_or_field) {
    trial.options.allow_overrides = true;
    add("d.c", DAY "HM_EXTRACT_FIELDS(low) struct day day(int x);\n");
    add("e.c", "double low(int y);\n");
    ck_assert_str_eq(nodes(), "x y day(x) low(y)");
}
END_TEST

typedef struct hm_refused {
    const char *text;
    const char *fault; // behind where the function stands
} hm_refused;

#define FIELDS "HM_EXTRACT_FIELDS of `day`: "

static const hm_refused refused[] = {
        {DAY "HM_EXTRACT_FIELDS(hihg) struct day day(int x);\n",
                FIELDS "`struct day` has no field `hihg`; did you mean `high`?"},
        {DAY "HM_EXTRACT_FIELDS(pressure) struct day day(int x);\n",
                FIELDS "`struct day` has no field `pressure`; write "
                       "HM_EXTRACT_FIELDS(), for all fields, or name some"},
        {DAY "HM_EXTRACT_FIELDS(low, low) struct day day(int x);\n",
                "HM_EXTRACT_FIELDS of `day` names `low` twice; leave it out"},
        {DAY "HM_EXTRACT_FIELDS(3) struct day day(int x);\n",
                "argument 1 of HM_EXTRACT_FIELDS is no name; write "
                "HM_EXTRACT_FIELDS(field, ...)"},
        {"\nHM_EXTRACT_FIELDS() double day(int x);\n",
                "HM_EXTRACT_FIELDS stands on `day`, which makes double and no struct "
                "whose fields are known; return a struct, or remove it"},
        {DAY "HM_EXTRACT_FIELDS() void day(int x, struct day *other);\n",
                "HM_EXTRACT_FIELDS stands on `day`, which makes nothing of its own "
                "name; return a struct, or remove it"},
        {"struct s { double a; double day; };\n"
         "HM_EXTRACT_FIELDS() struct s day(int x);\n",
                FIELDS "a field is called as the function, so two nodes would be; "
                       "rename one of them"},
};

START_TEST(what_cannot_be_extracted_is_refused) {
    add("d.c", refused[_i].text);
    char expected[512];
    snprintf(expected, sizeof expected, "d.c:2: function `day` of module `d`: %s\n",
            refused[_i].fault);
    ck_assert_str_eq(hm_graph_trial_build(&trial), expected);
    ck_assert_int_eq(trial.status, HM_BAD_MODULE);
}
END_TEST

START_TEST(memory_that_runs_out_is_told_and_nothing_leaks) {
    hm_module *module = add("d.c",
            DAY "HM_TAG(a, b) HM_EXTRACT_FIELDS() struct day day(int x);\n"
                "HM_WHEN_NOT(a, b) HM_EXTRACT_FIELDS(low) struct day n__b(int x);\n");
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
        ck_assert_int_eq(status, is_complete ? HM_DUPLICATE_NAME : HM_NO_MEMORY);
        ck_assert_uint_eq(failing.live, 0);
        if (is_complete) {
            break;
        }
    }
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("graph/extract");
    TCase *tests = tcase_create("extract");
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, all_fields_are_nodes_beside_the_struct);
    tcase_add_test(
            tests, a_field_is_made_by_the_modifier_and_the_struct_by_the_function);
    tcase_add_test(tests, or_those_that_are_named);
    tcase_add_test(tests, the_struct_may_be_any_output_named_as_the_function);
    tcase_add_test(tests, a_variants_struct_has_the_name_of_its_node);
    tcase_add_test(tests, fields_have_their_functions_tags_but_for_limits);
    tcase_add_test(tests, versions_follow_the_functions_and_differ);
    tcase_add_test(tests, a_name_is_defined_once);
    tcase_add_test(tests, readers_agree_on_the_type_of_a_field);
    tcase_add_test(tests, an_overriding_module_takes_struct_or_field);
    tcase_add_loop_test(tests, what_cannot_be_extracted_is_refused, 0,
            sizeof refused / sizeof *refused);
    tcase_add_test(tests, memory_that_runs_out_is_told_and_nothing_leaks);
    suite_add_tcase(suite, tests);
    return suite;
}
