// test_order.c — dependencies first, and circles told.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/allocator.h"
#include "tests/support/graph_trial.h"
#include "tests/support/suite.h"

static hm_graph_trial trial;

static void set_up(void) {
    hm_graph_trial_init(&trial);
}

static void tear_down(void) {
    hm_graph_trial_finish(&trial);
}

static void expect_circles(const char *text, const char *faults) {
    hm_graph_trial_module(&trial, "m.c", text);
    ck_assert_str_eq(hm_graph_trial_build(&trial), faults);
    ck_assert_int_eq(trial.status, HM_CYCLE);
}

START_TEST(a_circle_is_told_in_the_direction_of_the_data) {
    expect_circles("double a(double c);\ndouble b(double a);\ndouble c(double b);\n",
            "m.c:1: nodes need each other in a circle: a -> b -> c -> a (a at m.c:1, b "
            "at "
            "m.c:2, c at m.c:3); let one of them take something else\n");
}
END_TEST

START_TEST(a_circle_begins_where_the_modules_do) {
    expect_circles("double x(double c);\ndouble c(double b);\ndouble a(double c);\n"
                   "double b(double a);\n",
            "m.c:2: nodes need each other in a circle: c -> a -> b -> c (c at m.c:2, a "
            "at "
            "m.c:3, b at m.c:4); let one of them take something else\n");
}
END_TEST

START_TEST(a_node_that_needs_itself_is_a_circle) {
    expect_circles("double a(double a);\n", "m.c:1: nodes need each other in a circle: "
                                            "a -> a (a at m.c:1); let one of them "
                                            "take something else\n");
}
END_TEST

START_TEST(each_circle_is_told_once) {
    expect_circles(
            "double a(double b, double c);\ndouble b(double a);\n"
            "double c(double a);\ndouble d(double e);\ndouble e(double d, double a);"
            "\n",
            "m.c:1: nodes need each other in a circle: a -> b -> a (a at m.c:1, b at "
            "m.c:2); "
            "let one of them take something else\n"
            "m.c:1: nodes need each other in a circle: a -> c -> a (a at m.c:1, c at "
            "m.c:3); "
            "let one of them take something else\n"
            "m.c:4: nodes need each other in a circle: d -> e -> d (d at m.c:4, e at "
            "m.c:5); "
            "let one of them take something else\n");
}
END_TEST

START_TEST(two_ways_between_two_functions_are_one_circle) {
    expect_circles(
            "void f(double z, double *x, double *y);\ndouble z(double x, double y);\n",
            "m.c:1: nodes need each other in a circle: x -> z -> x (x at m.c:1, z at "
            "m.c:2); "
            "let one of them take something else\n");
}
END_TEST

// Functions f0, f1, ... of which each takes the ones that are named; all else comes
// from the names array.
typedef struct hm_many {
    size_t count;
    hm_function *functions;
    hm_parameter *parameters;
    hm_output *outputs;
    char (*names)[24];
    hm_module module;
} hm_many;

static int call_nothing(void *frame, const uint32_t *at, void *self) {
    (void)frame;
    (void)at;
    (void)self;
    return 0;
}

enum { FAN_IN = 4 };

static void many_init(hm_many *many, size_t count) {
    *many = (hm_many){.count = count};
    many->functions = calloc(count, sizeof *many->functions);
    many->parameters = calloc(count * FAN_IN, sizeof *many->parameters);
    many->outputs = calloc(count, sizeof *many->outputs);
    many->names = calloc(count, sizeof *many->names);
    for (size_t i = 0; i < count; i++) {
        snprintf(many->names[i], sizeof many->names[i], "f%zu", i);
        many->outputs[i] = (hm_output){.name = many->names[i], .type = &hm_type_double};
        many->functions[i] = (hm_function){
                .name = many->names[i],
                .file = "many.c",
                .line = (uint32_t)i + 1,
                .parameters = &many->parameters[i * FAN_IN],
                .outputs = &many->outputs[i],
                .output_count = 1,
                .call = call_nothing,
        };
    }
    many->module = (hm_module){
            .abi = HM_MODULE_ABI,
            .name = "many",
            .file = "many.c",
            .functions = many->functions,
            .function_count = count,
    };
}

static void many_finish(hm_many *many) {
    free(many->functions);
    free(many->parameters);
    free(many->outputs);
    free(many->names);
}

// Function i takes what function k makes, if it does not yet and has room.
static void take(hm_many *many, size_t i, size_t k) {
    hm_function *function = &many->functions[i];
    for (size_t p = 0; p < function->parameter_count; p++) {
        if (function->parameters[p].name == many->names[k]) {
            return;
        }
    }
    if (function->parameter_count < FAN_IN) {
        many->parameters[i * FAN_IN + function->parameter_count++] =
                (hm_parameter){.name = many->names[k], .type = &hm_type_double};
    }
}

static const char *build_many(const hm_many *many) {
    trial.modules[0] = &many->module;
    trial.options.module_count = 1;
    return hm_graph_trial_build(&trial);
}

static void check_topological(const hm_graph *graph) {
    for (uint32_t i = 0; i < graph->call_count; i++) {
        const hm_graph_call *call = &graph->calls[i];
        for (size_t p = 0; p < call->function->parameter_count; p++) {
            uint32_t argument = graph->arguments[call->first_argument + p];
            ck_assert_uint_lt(argument, graph->results[call->first_result]);
            uint32_t maker = graph->nodes[argument].call;
            ck_assert(maker == HM_NONE || maker < i);
        }
    }
}

START_TEST(a_chain_of_a_hundred_thousand_is_ordered_from_either_end) {
    enum { COUNT = 100000 };
    for (int reversed = 0; reversed < 2; reversed++) {
        hm_many many;
        many_init(&many, COUNT);
        for (size_t i = 0; i + 1 < COUNT; i++) {
            take(&many, reversed ? i : i + 1, reversed ? i + 1 : i);
        }
        ck_assert_str_eq(build_many(&many), "");
        check_topological(trial.graph);
        ck_assert_uint_eq(hm_graph_node_count(trial.graph), COUNT);
        ck_assert_str_eq(trial.graph->nodes[0].name, reversed ? "f99999" : "f0");
        many_finish(&many);
    }
}
END_TEST

START_TEST(a_hundred_thousand_readers_of_one_node_are_listed) {
    enum { COUNT = 100000 };
    hm_many many;
    many_init(&many, COUNT);
    for (size_t i = 1; i < COUNT; i++) {
        take(&many, i, 0);
    }
    ck_assert_str_eq(build_many(&many), "");
    ck_assert_uint_eq(trial.graph->nodes[0].reader_count, COUNT - 1);
    many_finish(&many);
}
END_TEST

START_TEST(a_circle_of_a_hundred_thousand_is_told_in_short) {
    enum { COUNT = 100000 };
    hm_many many;
    many_init(&many, COUNT);
    for (size_t i = 0; i < COUNT; i++) {
        take(&many, (i + 1) % COUNT, i);
    }
    const char *told = build_many(&many);
    ck_assert_int_eq(trial.status, HM_CYCLE);
    ck_assert_ptr_nonnull(strstr(told, "in a circle: f0 -> f1 -> f2 -> "));
    ck_assert_ptr_nonnull(strstr(told, "f19 -> ... 99960 more ... -> f99980 -> "));
    ck_assert_ptr_nonnull(strstr(told, "f99999 -> f0 (f0 at many.c:1, "));
    ck_assert_uint_lt(strlen(told), 4000);
    many_finish(&many);
}
END_TEST

START_TEST(of_many_circles_the_first_are_told_and_the_others_counted) {
    enum { COUNT = 1000 };
    hm_many many;
    many_init(&many, COUNT);
    for (size_t i = 0; i < COUNT; i++) {
        take(&many, i, i);
    }
    const char *told = build_many(&many);
    ck_assert_uint_eq(hm_diagnostics_count(trial.list), 21);
    ck_assert_ptr_nonnull(strstr(told, "980 more circles"));
    many_finish(&many);
}
END_TEST

// xorshift64*, so that a failure repeats.
static uint64_t random_state;

static size_t below(size_t limit) {
    random_state ^= random_state >> 12;
    random_state ^= random_state << 25;
    random_state ^= random_state >> 27;
    return (size_t)((random_state * 0x2545f4914f6cdd1du) >> 33) % limit;
}

START_TEST(random_graphs_are_ordered_and_reached_as_by_hand) {
    enum { ROUNDS = 300, MOST = 60 };
    for (uint64_t round = 1; round <= ROUNDS; round++) {
        random_state = round * 0x9e3779b97f4a7c15u;
        size_t count = 1 + below(MOST);
        size_t rank[MOST];
        for (size_t i = 0; i < count; i++) {
            rank[i] = i;
        }
        for (size_t i = count; i-- > 1;) {
            size_t k = below(i + 1);
            size_t swapped = rank[i];
            rank[i] = rank[k];
            rank[k] = swapped;
        }
        hm_many many;
        many_init(&many, count);
        // needs[i][k]: i needs k, directly or not
        static bool needs[MOST][MOST];
        memset(needs, 0, sizeof needs);
        for (size_t edge = below(3 * count); edge-- > 0;) {
            size_t i = below(count);
            size_t k = below(count);
            if (rank[k] < rank[i] && many.functions[i].parameter_count < FAN_IN) {
                take(&many, i, k);
                needs[i][k] = true;
            }
        }
        for (size_t middle = 0; middle < count; middle++) {
            for (size_t i = 0; i < count; i++) {
                for (size_t k = 0; k < count; k++) {
                    needs[i][k] |= needs[i][middle] && needs[middle][k];
                }
            }
        }
        ck_assert_str_eq(build_many(&many), "");
        check_topological(trial.graph);
        uint32_t from = (uint32_t)below(count);
        uint32_t id = hm_graph_find(trial.graph, many.names[from]);
        bool up[MOST] = {false};
        bool down[MOST] = {false};
        ck_assert_int_eq(hm_graph_reach(trial.graph, &id, 1, HM_UPSTREAM, up), HM_OK);
        ck_assert_int_eq(
                hm_graph_reach(trial.graph, &id, 1, HM_DOWNSTREAM, down), HM_OK);
        for (size_t i = 0; i < count; i++) {
            uint32_t other = hm_graph_find(trial.graph, many.names[i]);
            ck_assert_msg(up[other] == (i == from || needs[from][i]) &&
                                  down[other] == (i == from || needs[i][from]),
                    "seed %d, f%zu from f%u", (int)round, i, (unsigned)from);
        }
        many_finish(&many);
    }
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("graph/order");
    TCase *tests = tcase_create("order");
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, a_circle_is_told_in_the_direction_of_the_data);
    tcase_add_test(tests, a_circle_begins_where_the_modules_do);
    tcase_add_test(tests, a_node_that_needs_itself_is_a_circle);
    tcase_add_test(tests, each_circle_is_told_once);
    tcase_add_test(tests, two_ways_between_two_functions_are_one_circle);
    tcase_add_test(tests, a_chain_of_a_hundred_thousand_is_ordered_from_either_end);
    tcase_add_test(tests, a_hundred_thousand_readers_of_one_node_are_listed);
    tcase_add_test(tests, a_circle_of_a_hundred_thousand_is_told_in_short);
    tcase_add_test(tests, of_many_circles_the_first_are_told_and_the_others_counted);
    tcase_add_test(tests, random_graphs_are_ordered_and_reached_as_by_hand);
    suite_add_tcase(suite, tests);
    return suite;
}
