// test_variant.c — which variant of a node exists, and what it is called.

#include <math.h>
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

static void add(const char *file, const char *text) {
    hm_graph_trial_module(&trial, file, text);
}

// Builds with config "region" (none if the type is NULL), which must work.
static const char *nodes_for(hm_value region) {
    trial.options.config_count = 0;
    if (region.type != NULL) {
        hm_graph_trial_config(&trial, "region", region);
    }
    ck_assert_str_eq(hm_graph_trial_build(&trial), "");
    return hm_graph_trial_nodes(&trial);
}

static const hm_value absent = {0};

static void expect_fault(const char *fault) {
    ck_assert_str_eq(hm_graph_trial_build(&trial), fault);
    ck_assert_int_eq(trial.status, HM_BAD_MODULE);
}

START_TEST(a_variant_exists_when_config_has_one_of_its_values) {
    add("p.c", "HM_WHEN(region, us, canada) double price__north(double a);\n"
               "HM_WHEN(region, mexico) double price__south(double b);\n");
    ck_assert_str_eq(nodes_for(hm_value_json("\"canada\"")), "a price(a)");
    ck_assert_str_eq(nodes_for(hm_value_string("mexico")), "b price(b)");
    ck_assert_str_eq(nodes_for(hm_value_string("US")), "");
    ck_assert_str_eq(nodes_for(absent), "");
}
END_TEST

START_TEST(when_not_passes_if_the_key_is_absent) {
    add("p.c", "HM_WHEN_NOT(region, us, canada) double price(double a);\n");
    ck_assert_str_eq(nodes_for(hm_value_json("\"us\"")), "");
    ck_assert_str_eq(nodes_for(hm_value_json("\"eu\"")), "a price(a)");
    ck_assert_str_eq(nodes_for(absent), "a price(a)");
}
END_TEST

START_TEST(all_conditions_must_hold) {
    add("p.c", "HM_WHEN(region, us, eu) HM_WHEN_NOT(region, us) double price(double "
               "a);\n");
    ck_assert_str_eq(nodes_for(hm_value_json("\"us\"")), "");
    ck_assert_str_eq(nodes_for(hm_value_json("\"eu\"")), "a price(a)");
    ck_assert_str_eq(nodes_for(absent), "");
}
END_TEST

START_TEST(otherwise_exists_when_no_other_variant_does) {
    add("p.c", "HM_OTHERWISE double price__rest(double c);\n"
               "HM_WHEN(region, us) double price__us(double a);\n"
               "HM_WHEN(region, eu) double price__eu(double b);\n");
    ck_assert_str_eq(nodes_for(hm_value_json("\"us\"")), "a price(a)");
    ck_assert_str_eq(nodes_for(hm_value_json("\"eu\"")), "b price(b)");
    ck_assert_str_eq(nodes_for(hm_value_json("\"au\"")), "c price(c)");
    ck_assert_str_eq(nodes_for(absent), "c price(c)");
}
END_TEST

START_TEST(otherwise_looks_at_all_modules_and_at_each_output) {
    add("a.c", "HM_WHEN(region, us) void us(double a, double *price, double *tax);\n");
    add("b.c", "HM_OTHERWISE double tax__rest(double b);\n");
    ck_assert_str_eq(nodes_for(hm_value_json("\"us\"")), "a price(a) tax(a)");
    ck_assert_str_eq(nodes_for(absent), "b tax(b)");
}
END_TEST

START_TEST(otherwise_may_have_conditions_of_its_own) {
    add("p.c", "HM_OTHERWISE HM_WHEN_NOT(region, none) double price__rest(double c);\n"
               "HM_WHEN(region, us) double price__us(double a);\n");
    ck_assert_str_eq(nodes_for(hm_value_json("\"none\"")), "");
    ck_assert_str_eq(nodes_for(hm_value_json("\"eu\"")), "c price(c)");
}
END_TEST

START_TEST(what_follows_the_last_double_underscore_is_dropped) {
    add("p.c", "HM_WHEN_NOT(region, x) double a__b__c(double x);\n"
               "HM_WHEN_NOT(region, x) double d___e(double x);\n");
    ck_assert_str_eq(nodes_for(absent), "x a__b(x) d_(x)");
}
END_TEST

START_TEST(without_a_condition_the_name_is_kept) {
    add("p.c", "double price__us(double a);\nHM_TAG(k, v) double b__(double a);\n");
    ck_assert_str_eq(nodes_for(absent), "a price__us(a) b__(a)");
}
END_TEST

START_TEST(a_given_name_beats_the_suffix) {
    add("p.c", "HM_NAME(price) HM_WHEN(region, us) double us__cost(double a);\n"
               "HM_OTHERWISE HM_NAME(\"price\") double anywhere(double b);\n");
    ck_assert_str_eq(nodes_for(hm_value_json("\"us\"")), "a price(a)");
    ck_assert_str_eq(nodes_for(absent), "b price(b)");
}
END_TEST

START_TEST(only_the_output_named_as_the_function_is_renamed) {
    add("p.c", "HM_WHEN(region, us) void price__us(double a, double *out, double "
               "*tax__us);"
               "\n");
    ck_assert_str_eq(nodes_for(hm_value_json("\"us\"")), "a price(a) tax__us(a)");
}
END_TEST

START_TEST(two_variants_at_once_are_a_duplicate) {
    add("p.c", "HM_WHEN(region, us) double price__a(double a);\n"
               "HM_WHEN_NOT(region, eu) double price__b(double a);\n");
    hm_graph_trial_config(&trial, "region", hm_value_json("\"us\""));
    ck_assert_str_eq(hm_graph_trial_build(&trial),
            "p.c:2: `price` is defined twice: at p.c:1 and at p.c:2: price__a has "
            "HM_WHEN(region, us), price__b has HM_WHEN_NOT(region, eu), and config has "
            "region = \"us\"; "
            "let their conditions exclude each other\n");
    ck_assert_int_eq(trial.status, HM_DUPLICATE_NAME);
}
END_TEST

START_TEST(numbers_are_compared_by_their_meaning) {
    add("p.c", "HM_WHEN(region, 3) double three(double a);\n"
               "HM_WHEN(region, 0.5) double half(double a);\n"
               "HM_WHEN(region, 0.1) double tenth(double a);\n"
               "HM_WHEN(region, -1) double minus(double a);\n"
               "HM_WHEN(region, 9007199254740993) double big(double a);\n");
    ck_assert_str_eq(nodes_for(hm_value_json("3")), "a three(a)");
    ck_assert_str_eq(nodes_for(hm_value_json("3.0")), "a three(a)");
    ck_assert_str_eq(nodes_for(hm_value_json("30e-1")), "a three(a)");
    ck_assert_str_eq(nodes_for(hm_value_int(3)), "a three(a)");
    ck_assert_str_eq(nodes_for(hm_value_double(3)), "a three(a)");
    ck_assert_str_eq(nodes_for(hm_value_json("\"3\"")), "");
    ck_assert_str_eq(nodes_for(hm_value_json("0.5")), "a half(a)");
    ck_assert_str_eq(
            nodes_for(hm_value_one(&hm_type_float, &(float){0.5f})), "a half(a)");
    ck_assert_str_eq(
            nodes_for(hm_value_one(&hm_type_float, &(float){0.1f})), "a tenth(a)");
    ck_assert_str_eq(
            nodes_for(hm_value_one(&hm_type_schar, &(signed char){-1})), "a minus(a)");
    ck_assert_str_eq(
            nodes_for(hm_value_one(&hm_type_uchar, &(unsigned char){255})), "");
    ck_assert_str_eq(nodes_for(hm_value_json("9007199254740993")), "a big(a)");
    ck_assert_str_eq(nodes_for(hm_value_json("9007199254740992")), "");
    ck_assert_str_eq(nodes_for(hm_value_double(9007199254740992)), "");
    ck_assert_str_eq(nodes_for(hm_value_double((double)NAN)), "");
}
END_TEST

START_TEST(truth_is_no_number_and_no_text) {
    add("p.c", "HM_WHEN(region, true) double yes(double a);\n"
               "HM_WHEN(region, \"true\") double text(double a);\n"
               "HM_WHEN(region, 1) double one(double a);\n");
    ck_assert_str_eq(nodes_for(hm_value_json("true")), "a yes(a)");
    ck_assert_str_eq(nodes_for(hm_value_bool(true)), "a yes(a)");
    ck_assert_str_eq(nodes_for(hm_value_json("\"true\"")), "a text(a)");
    ck_assert_str_eq(nodes_for(hm_value_json("1")), "a one(a)");
    ck_assert_str_eq(nodes_for(hm_value_json("false")), "");
}
END_TEST

START_TEST(text_is_compared_without_its_json_escapes) {
    add("p.c", "HM_WHEN(region, \"a b\") double x(double a);\n");
    ck_assert_str_eq(nodes_for(hm_value_json(" \"a\\u0020b\" ")), "a x(a)");
}
END_TEST

START_TEST(arrays_objects_and_null_equal_nothing) {
    add("p.c", "HM_WHEN(region, us) double x(double a);\n"
               "HM_WHEN_NOT(region, us) double y(double a);\n");
    ck_assert_str_eq(nodes_for(hm_value_json("[\"us\"]")), "a y(a)");
    ck_assert_str_eq(nodes_for(hm_value_json("{\"us\": 1}")), "a y(a)");
    ck_assert_str_eq(nodes_for(hm_value_json("null")), "a y(a)");
    const char *texts[] = {"us"};
    ck_assert_str_eq(nodes_for(hm_value_many(&hm_type_string, texts, 1)), "a y(a)");
}
END_TEST

START_TEST(broken_json_in_config_is_an_error) {
    add("p.c", "HM_WHEN(region, us) double x(double a);\n");
    hm_graph_trial_config(&trial, "region", hm_value_json("us"));
    hm_graph_trial_build(&trial);
    ck_assert_int_eq(trial.status, HM_BAD_DATA);
    ck_assert_ptr_nonnull(strstr(trial.error.message, "config key `region`: "));
    trial.config[0].value = hm_value_json("[1, ");
    hm_graph_trial_build(&trial);
    ck_assert_int_eq(trial.status, HM_BAD_DATA);
}
END_TEST

START_TEST(a_key_that_only_a_condition_reads_is_no_unread_key) {
    add("p.c", "HM_WHEN(region, us) HM_WHEN(season, low) double x(double a);\n");
    hm_graph_trial_config(&trial, "season", hm_value_json("\"low\""));
    ck_assert_str_eq(hm_graph_trial_build(&trial), "");
}
END_TEST

START_TEST(excluded_functions_and_destructors_are_no_nodes) {
    add("p.c", "HM_EXCLUDE double helper(double a);\n"
               "HM_DESTROYS void model_free(double a);\n"
               "HM_STATEFUL double x(double helper);\n");
    ck_assert_str_eq(nodes_for(absent), "helper x(helper)");
}
END_TEST

START_TEST(tags_are_kept_in_the_order_in_which_they_stand) {
    add("p.c", "HM_TAG(unit, mm) HM_TAG(owner, \"growth team\", 2, true) double "
               "x(void);\n");
    ck_assert_str_eq(hm_graph_trial_build(&trial), "");
    hm_node x = hm_graph_describe(trial.graph, hm_graph_find(trial.graph, "x"));
    ck_assert_uint_eq(x.tag_count, 2);
    ck_assert_str_eq(x.tags[0].key, "unit");
    ck_assert_str_eq(x.tags[0].values[0].text, "mm");
    ck_assert_str_eq(x.tags[1].key, "owner");
    ck_assert_uint_eq(x.tags[1].value_count, 3);
    ck_assert_str_eq(x.tags[1].values[0].text, "growth team");
    ck_assert_int_eq(x.tags[1].values[1].integer, 2);
}
END_TEST

START_TEST(a_variant_may_not_end_in_its_underscores) {
    add("p.c", "HM_WHEN(region, us) double price__(double a);\n"
               "HM_WHEN(region, us) double __us(double a);\n");
    expect_fault(
            "p.c:1: function `price__` of module `p`: the name of a variant ends in "
            "two "
            "underscores; call it as in price__us: the node's name, two underscores, a "
            "word\n"
            "p.c:2: function `__us` of module `p`: the name of a variant begins with "
            "its suffix; call it as in price__us: the node's name, two underscores, a "
            "word\n");
}
END_TEST

START_TEST(a_name_is_only_given_to_variants) {
    add("p.c", "HM_NAME(price) double cost(double a);\n");
    expect_fault(
            "p.c:1: function `cost` of module `p`: HM_NAME stands without HM_WHEN, "
            "HM_WHEN_NOT or HM_OTHERWISE; rename the function\n");
}
END_TEST

START_TEST(a_name_needs_an_output_to_be_given_to) {
    add("p.c", "HM_NAME(price) HM_OTHERWISE void cost(double a, double *b);\n");
    expect_fault(
            "p.c:1: function `cost` of module `p`: HM_NAME: it renames the output that "
            "is named as the function, and there is none\n");
}
END_TEST

START_TEST(modifiers_with_wrong_arguments_are_refused) {
    add("p.c", "HM_WHEN(region) double a(double x);\n"
               "HM_WHEN(3, us) double b(double x);\n"
               "HM_NAME(one, two) HM_OTHERWISE double c(double x);\n"
               "HM_EXCLUDE(now) double d(double x);\n"
               "HM_TAG(\"\", x) double e(double x);\n"
               "HM_NAME(3) HM_OTHERWISE double f(double x);\n");
    expect_fault(
            "p.c:1: function `a` of module `p`: HM_WHEN takes at least 2 arguments, "
            "not 1\n"
            "p.c:2: function `b` of module `p`: HM_WHEN: its first argument is no key\n"
            "p.c:3: function `c` of module `p`: HM_NAME takes 1 argument, not 2\n"
            "p.c:4: function `d` of module `p`: HM_EXCLUDE takes 0 arguments, not 1\n"
            "p.c:5: function `e` of module `p`: HM_TAG: its first argument is no key\n"
            "p.c:6: function `f` of module `p`: HM_NAME: its argument is no name\n");
}
END_TEST

START_TEST(an_unknown_modifier_is_refused_with_the_nearest_name) {
    add("p.c", "HM_WHEM(region, us) double a(double x);\n"
               "HM_TELEPORT(x) double b(double x);\n");
    expect_fault(
            "p.c:1: function `a` of module `p`: HM_WHEM is no modifier; did you mean "
            "HM_WHEN?\n"
            "p.c:2: function `b` of module `p`: HM_TELEPORT is no modifier; this "
            "library "
            "does not know it: it may be too old for the module\n");
}
END_TEST

START_TEST(a_tag_stands_once) {
    add("p.c", "HM_TAG(k, 1) HM_TAG(l, 1) HM_TAG(k, 2) double a(double x);\n");
    expect_fault(
            "p.c:1: function `a` of module `p`: two tags are called `k`; rename one of "
            "them\n");
}
END_TEST

START_TEST(a_name_that_no_variant_makes_is_explained) {
    add("p.c", "HM_WHEN(region, us) HM_WHEN(kind, a) double price__us(double x);\n"
               "HM_WHEN(region, eu) HM_NAME(price) double eu(double x);\n"
               "HM_WHEN(kind, a) HM_PARAMETERIZE(low) double f(double x);\n"
               "HM_WHEN(kind, b) double unread__b(double x);\n"
               "HM_OTHERWISE double unread(double price, double low);\n");
    hm_graph_trial_config(&trial, "region", hm_value_string("fr"));
    ck_assert_str_eq(hm_graph_trial_build(&trial), "");
    ck_assert_str_eq(hm_graph_absent(trial.graph, "price"),
            "no variant of `price` exists: price__us (p.c:1) has HM_WHEN(region, us) "
            "and HM_WHEN(kind, a), eu (p.c:2) has HM_WHEN(region, eu); config has "
            "region = \"fr\", no kind");
    ck_assert_str_eq(hm_graph_absent(trial.graph, "low"),
            "no variant of `low` exists: f (p.c:3) has HM_WHEN(kind, a); config has no "
            "kind");
    ck_assert_ptr_null(hm_graph_absent(trial.graph, "unread"));
    ck_assert_ptr_null(hm_graph_absent(trial.graph, "f"));
}
END_TEST

START_TEST(memory_that_runs_out_over_absent_variants_is_told) {
    add("p.c", "HM_WHEN(region, us) double price__us(double x);\n"
               "HM_WHEN(region, eu) double price__eu(double x);\n"
               "double total(double price);\n");
    hm_graph_trial_config(&trial, "region", hm_value_json("[1]"));
    for (size_t fail_at = 1;; fail_at++) {
        hm_failing_allocator failing;
        hm_failing_allocator_init(&failing);
        failing.fail_at = fail_at;
        trial.options.allocator = &failing.allocator;
        hm_graph *graph = NULL;
        hm_faults faults = {0};
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
    Suite *suite = suite_create("graph/variant");
    TCase *tests = tcase_create("variant");
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, a_variant_exists_when_config_has_one_of_its_values);
    tcase_add_test(tests, when_not_passes_if_the_key_is_absent);
    tcase_add_test(tests, all_conditions_must_hold);
    tcase_add_test(tests, otherwise_exists_when_no_other_variant_does);
    tcase_add_test(tests, otherwise_looks_at_all_modules_and_at_each_output);
    tcase_add_test(tests, otherwise_may_have_conditions_of_its_own);
    tcase_add_test(tests, what_follows_the_last_double_underscore_is_dropped);
    tcase_add_test(tests, without_a_condition_the_name_is_kept);
    tcase_add_test(tests, a_given_name_beats_the_suffix);
    tcase_add_test(tests, only_the_output_named_as_the_function_is_renamed);
    tcase_add_test(tests, two_variants_at_once_are_a_duplicate);
    tcase_add_test(tests, numbers_are_compared_by_their_meaning);
    tcase_add_test(tests, truth_is_no_number_and_no_text);
    tcase_add_test(tests, text_is_compared_without_its_json_escapes);
    tcase_add_test(tests, arrays_objects_and_null_equal_nothing);
    tcase_add_test(tests, broken_json_in_config_is_an_error);
    tcase_add_test(tests, a_key_that_only_a_condition_reads_is_no_unread_key);
    tcase_add_test(tests, excluded_functions_and_destructors_are_no_nodes);
    tcase_add_test(tests, tags_are_kept_in_the_order_in_which_they_stand);
    tcase_add_test(tests, a_variant_may_not_end_in_its_underscores);
    tcase_add_test(tests, a_name_is_only_given_to_variants);
    tcase_add_test(tests, a_name_needs_an_output_to_be_given_to);
    tcase_add_test(tests, modifiers_with_wrong_arguments_are_refused);
    tcase_add_test(tests, an_unknown_modifier_is_refused_with_the_nearest_name);
    tcase_add_test(tests, a_tag_stands_once);
    tcase_add_test(tests, a_name_that_no_variant_makes_is_explained);
    tcase_add_test(tests, memory_that_runs_out_over_absent_variants_is_told);
    suite_add_tcase(suite, tests);
    return suite;
}
