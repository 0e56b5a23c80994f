// test_reach.c — upstream, downstream and between. test_order.c has random graphs.

#include <string.h>

#include "tests/support/graph_trial.h"
#include "tests/support/suite.h"

//     x ──▶ a ──▶ c ──▶ d
//     y ──▶ b ────┘
//           └──▶ both: low, high
static const char declarations[] = "double a(double x);\n"
                                   "double b(double y);\n"
                                   "double c(double a, double b);\n"
                                   "double d(double c);\n"
                                   "void both(double b, double *low, double *high);\n";

enum { MOST = 16 };

static hm_graph_trial trial;
static bool reached[MOST];

static void set_up(void) {
    memset(reached, 0, sizeof reached);
    hm_graph_trial_init(&trial);
    hm_graph_trial_module(&trial, "m.c", declarations);
    ck_assert_str_eq(hm_graph_trial_build(&trial), "");
}

static void tear_down(void) {
    hm_graph_trial_finish(&trial);
}

static void reach(const char *name, hm_direction direction, bool marks[MOST]) {
    uint32_t id = hm_graph_find(trial.graph, name);
    ck_assert_int_eq(hm_graph_reach(trial.graph, &id, 1, direction, marks), HM_OK);
}

static void expect(const char *names) {
    hm_text found;
    hm_text_init(&found, NULL);
    for (uint32_t id = 0; id < hm_graph_node_count(trial.graph); id++) {
        if (reached[id]) {
            hm_text_format(&found, "%s%s", found.length > 0 ? " " : "",
                    hm_graph_describe(trial.graph, id).name);
        }
    }
    ck_assert_str_eq(hm_text_get(&found), names);
    hm_text_finish(&found);
}

START_TEST(upstream_has_the_node_itself_and_inputs) {
    reach("c", HM_UPSTREAM, reached);
    expect("x y a b c");
}
END_TEST

START_TEST(upstream_of_one_output_has_not_the_others) {
    reach("low", HM_UPSTREAM, reached);
    expect("y b low");
}
END_TEST

START_TEST(downstream_has_the_node_itself_and_all_outputs) {
    reach("b", HM_DOWNSTREAM, reached);
    expect("b c d low high");
}
END_TEST

START_TEST(between_is_what_both_reach) {
    bool upstream[MOST] = {false};
    reach("d", HM_UPSTREAM, upstream);
    reach("y", HM_DOWNSTREAM, reached);
    for (size_t i = 0; i < MOST; i++) {
        reached[i] = reached[i] && upstream[i];
    }
    expect("y b c d");
}
END_TEST

START_TEST(marks_that_were_set_before_stay_and_lead_nowhere) {
    reached[hm_graph_find(trial.graph, "low")] = true;
    reach("a", HM_UPSTREAM, reached);
    expect("x a low");
}
END_TEST

START_TEST(several_nodes_are_reached_from_at_once) {
    uint32_t ids[] = {
            hm_graph_find(trial.graph, "a"), hm_graph_find(trial.graph, "high")};
    ck_assert_int_eq(hm_graph_reach(trial.graph, ids, 2, HM_UPSTREAM, reached), HM_OK);
    expect("x y a b high");
    memset(reached, 0, sizeof reached);
    ck_assert_int_eq(hm_graph_reach(trial.graph, NULL, 0, HM_UPSTREAM, reached), HM_OK);
    expect("");
}
END_TEST

START_TEST(a_node_that_is_not_there_is_refused) {
    ck_assert_int_eq(hm_graph_reach(trial.graph, (uint32_t[]){0, HM_NONE}, 2,
                             HM_UPSTREAM, reached),
            HM_BAD_ARGUMENT);
    expect("");
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("graph/reach");
    TCase *tests = tcase_create("reach");
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, upstream_has_the_node_itself_and_inputs);
    tcase_add_test(tests, upstream_of_one_output_has_not_the_others);
    tcase_add_test(tests, downstream_has_the_node_itself_and_all_outputs);
    tcase_add_test(tests, between_is_what_both_reach);
    tcase_add_test(tests, marks_that_were_set_before_stay_and_lead_nowhere);
    tcase_add_test(tests, several_nodes_are_reached_from_at_once);
    tcase_add_test(tests, a_node_that_is_not_there_is_refused);
    suite_add_tcase(suite, tests);
    return suite;
}
