// test_tag.c — what is said of nodes, and who is found by it.

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "tests/support/failing_allocator.h"
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

static const char *build(const char *text) {
    hm_graph_trial_module(&trial, "m.c", text);
    return hm_graph_trial_build(&trial);
}

// "unit=m|km owner=x"
static const char *tags(const char *name) {
    uint32_t id = hm_graph_find(trial.graph, name);
    ck_assert_uint_ne(id, HM_NONE);
    hm_node node = hm_graph_describe(trial.graph, id);
    hm_text_clear(&told);
    for (uint32_t t = 0; t < node.tag_count; t++) {
        const hm_tag *tag = &node.tags[t];
        hm_text_format(&told, "%s%s", t > 0 ? " " : "", tag->key);
        for (size_t v = 0; v < tag->value_count; v++) {
            hm_text_format(&told, "%s%s", v > 0 ? "|" : "=", tag->values[v].text);
        }
    }
    return hm_text_get(&told);
}

#define BOTH "void both(double x, double *mean, double *sd);\n"

START_TEST(one_output_has_its_own_and_all_have_the_others) {
    ck_assert_str_eq(build("HM_TAG(a, 1) HM_TAG_OUTPUT(sd, b, 2, 3) HM_TAG(c, 4)\n"
                           "HM_TAG_OUTPUT(mean, d, 5)\n" BOTH),
            "");
    ck_assert_str_eq(tags("mean"), "a=1 c=4 d=5");
    ck_assert_str_eq(tags("sd"), "a=1 b=2|3 c=4");
}
END_TEST

START_TEST(what_is_said_of_one_output_goes_first_wherever_it_stands) {
    ck_assert_str_eq(build("HM_TAG_OUTPUT(sd, unit, m) HM_TAG(unit, km)\n"
                           "HM_TAG_OUTPUT(mean, unit, mm)\n" BOTH),
            "");
    ck_assert_str_eq(tags("sd"), "unit=m");
    ck_assert_str_eq(tags("mean"), "unit=mm");
}
END_TEST

START_TEST(nodes_of_parameterize_fields_and_variants_have_them) {
    ck_assert_str_eq(
            build("struct s { int low; int high; };\n"
                  "HM_PARAMETERIZE(a) HM_PARAMETERIZE(b) HM_TAG_OUTPUT(b, k, 1)\n"
                  "double f(double x);\n"
                  "HM_EXTRACT_FIELDS() HM_TAG_OUTPUT(high, k, 2) HM_TAG(limit, net)\n"
                  "HM_TAG_OUTPUT(g, k, 3) HM_OTHERWISE struct s g__1(double a);\n"
                  "HM_NAME(h) HM_OTHERWISE HM_TAG_OUTPUT(h, k, 4) int i(int y);\n"),
            "");
    ck_assert_str_eq(tags("a"), "");
    ck_assert_str_eq(tags("b"), "k=1");
    ck_assert_str_eq(tags("g"), "limit=net k=3");
    ck_assert_str_eq(tags("high"), "k=2");
    ck_assert_str_eq(tags("low"), "");
    ck_assert_str_eq(tags("h"), "k=4");
}
END_TEST

static const struct {
    const char *text;
    const char *fault;
} refused[] = {
        {"HM_TAG_OUTPUT(means, k, 1)\n" BOTH,
                "m.c:1: function `both` of module `m`: HM_TAG_OUTPUT of `both`: it "
                "makes no node `means`; did you mean `mean`?\n"},
        {"HM_TAG_OUTPUT(both, k, 1)\n" BOTH,
                "m.c:1: function `both` of module `m`: HM_TAG_OUTPUT of `both`: it "
                "makes no node `both`; name a node that the function makes\n"},
        {"HM_TAG_OUTPUT(sd, k, 1)\nHM_TAG_OUTPUT(sd, k, 2)\n" BOTH,
                "m.c:2: function `both` of module `m`: HM_TAG_OUTPUT of `both`: two "
                "tags of `sd` are called `k`; give one of them all values\n"},
        {"\nHM_TAG_OUTPUT(sd, limit, net)\n" BOTH,
                "m.c:2: function `both` of module `m`: HM_TAG_OUTPUT of `both`: a "
                "limit is of all that a function makes; write HM_TAG(limit, name)\n"},
        {"\nHM_TAG_OUTPUT(sd, k)\n" BOTH,
                "m.c:2: function `both` of module `m`: HM_TAG_OUTPUT takes at least 3 "
                "arguments, not 2\n"},
        {"HM_TAG_OUTPUT(sd, 3, 1)\n" BOTH,
                "m.c:1: function `both` of module `m`: argument 2 of HM_TAG_OUTPUT is "
                "no name; write HM_TAG_OUTPUT(output, key, value, ...)\n"},
        {"HM_TAG_OUTPUT(sd, k, HM_VALUE(a, 1))\n" BOTH,
                "m.c:1: function `both` of module `m`: argument 3 of HM_TAG_OUTPUT is "
                "no literal or name; write HM_TAG_OUTPUT(output, key, value, ...)\n"},
        {"HM_TAG_OUTPUT(\"f.row\", k, 1)\ndouble f(double x);\n",
                "m.c:1: HM_TAG_OUTPUT of `f`: it makes no node `f.row`; name a node "
                "that the function makes\n"},
};

START_TEST(wrong_ones_are_refused) {
    ck_assert_str_eq(build(refused[_i].text), refused[_i].fault);
}
END_TEST

#define CITY                                                                           \
    "HM_TAG(owner, maps) HM_TAG(level, 3, 2.5)\n"                                      \
    "double a(double x);\n"                                                            \
    "HM_TAG(owner, ads) HM_TAG(open, true) double b(double x);\n"                      \
    "HM_TAG(owner, \"3\") double c(double x);\n"

// "a b": who is found.
static const char *found(const hm_tag_query *queries, size_t count) {
    bool marks[8] = {false};
    ck_assert_int_eq(
            hm_graph_find_tagged(trial.graph, queries, count, marks, NULL), HM_OK);
    hm_text_clear(&told);
    for (uint32_t id = 0; id < hm_graph_node_count(trial.graph); id++) {
        if (marks[id]) {
            hm_text_format(&told, "%s%s", told.length > 0 ? " " : "",
                    hm_graph_describe(trial.graph, id).name);
        }
    }
    return hm_text_get(&told);
}

static const char *found_by(const char *key, hm_value value) {
    return found(&(hm_tag_query){.key = key, .values = &value, .value_count = 1}, 1);
}

START_TEST(nodes_are_found_by_key_by_any_value_and_by_all_queries) {
    ck_assert_str_eq(build(CITY), "");
    const hm_value owners[] = {hm_value_string("ads"), hm_value_json("\"maps\"")};
    const hm_tag_query queries[] = {
            {.key = "owner", .values = owners, .value_count = 2}, {.key = "level"}};
    ck_assert_str_eq(found(&(hm_tag_query){.key = "owner"}, 1), "a b c");
    ck_assert_str_eq(found(queries, 1), "a b");
    ck_assert_str_eq(found(queries, 2), "a");
    ck_assert_str_eq(found(&(hm_tag_query){.key = "other"}, 1), "");
    ck_assert_str_eq(found(NULL, 0), "x a b c");
}
END_TEST

START_TEST(values_have_types) {
    ck_assert_str_eq(build(CITY), "");
    ck_assert_str_eq(found_by("level", hm_value_int(3)), "a");
    ck_assert_str_eq(found_by("level", hm_value_double(3)), "a");
    ck_assert_str_eq(found_by("level", hm_value_double(2.5)), "a");
    ck_assert_str_eq(found_by("level", hm_value_string("3")), "");
    ck_assert_str_eq(found_by("owner", hm_value_int(3)), "");
    ck_assert_str_eq(found_by("owner", hm_value_json("3")), "");
    ck_assert_str_eq(found_by("owner", hm_value_json("\"3\"")), "c");
    ck_assert_str_eq(found_by("open", hm_value_bool(true)), "b");
    ck_assert_str_eq(found_by("open", hm_value_bool(false)), "");
    ck_assert_str_eq(found_by("open", hm_value_int(1)), "");
}
END_TEST

START_TEST(a_query_that_means_nothing_is_refused) {
    ck_assert_str_eq(build(CITY), "");
    const double numbers[] = {1};
    const hm_value wrong[] = {hm_value_many(&hm_type_double, numbers, 1),
            hm_value_json("[3]"), hm_value_json("null"), {.type = NULL}};
    bool marks[8] = {false};
    hm_error error;
    for (size_t i = 0; i < 4; i++) {
        const hm_tag_query query = {
                .key = "level", .values = &wrong[i], .value_count = 1};
        ck_assert_int_eq(hm_graph_find_tagged(trial.graph, &query, 1, marks, &error),
                HM_BAD_ARGUMENT);
        ck_assert_str_eq(error.message, "a value of the tag `level` is one text, "
                                        "number or bool; what is asked for is none of "
                                        "these");
    }
    ck_assert_int_eq(hm_graph_find_tagged(
                             trial.graph, &(hm_tag_query){.key = ""}, 1, marks, &error),
            HM_BAD_ARGUMENT);
    ck_assert_str_eq(error.message, "a query of tags has no key");
}
END_TEST

START_TEST(memory_that_runs_out_is_told_and_nothing_leaks) {
    hm_graph_trial_module(&trial, "m.c",
            "HM_TAG(a, 1) HM_TAG_OUTPUT(sd, b, 2, 3) HM_TAG_OUTPUT(\"x.y\", c, "
            "4)\n" BOTH);
    for (size_t fail_at = 1;; fail_at++) {
        hm_failing_allocator failing;
        hm_failing_allocator_init(&failing);
        failing.fail_at = fail_at;
        trial.options.allocator = &failing.allocator;
        hm_graph *graph = NULL;
        hm_faults faults = {0};
        hm_status status = hm_graph_create(&trial.options, &graph, &faults);
        bool is_complete = failing.calls < fail_at;
        ck_assert_int_eq(status, is_complete ? HM_UNKNOWN_NAME : HM_NO_MEMORY);
        ck_assert_uint_eq(failing.live, 0);
        if (is_complete) {
            break;
        }
    }
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("graph/tag");
    TCase *tests = tcase_create("tag");
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, one_output_has_its_own_and_all_have_the_others);
    tcase_add_test(tests, what_is_said_of_one_output_goes_first_wherever_it_stands);
    tcase_add_test(tests, nodes_of_parameterize_fields_and_variants_have_them);
    tcase_add_loop_test(
            tests, wrong_ones_are_refused, 0, sizeof refused / sizeof *refused);
    tcase_add_test(tests, nodes_are_found_by_key_by_any_value_and_by_all_queries);
    tcase_add_test(tests, values_have_types);
    tcase_add_test(tests, a_query_that_means_nothing_is_refused);
    tcase_add_test(tests, memory_that_runs_out_is_told_and_nothing_leaks);
    suite_add_tcase(suite, tests);
    return suite;
}
