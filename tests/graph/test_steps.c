// test_steps.c — functions before a parameter and behind what a function makes.

#include <stdio.h>
#include <string.h>

#include "tests/support/failing_allocator.h"
#include "tests/support/graph_trial.h"
#include "tests/support/suite.h"

#define STEPS                                                                          \
    "static double add(double x, double by);\n"                                        \
    "static double scale(double x, double factor);\n"                                  \
    "static int whole(double x);\n"

static hm_graph_trial trial;

static void set_up(void) {
    hm_graph_trial_init(&trial);
}

static void tear_down(void) {
    hm_graph_trial_finish(&trial);
}

static hm_module *add(const char *file, const char *text) {
    hm_module *module = hm_graph_trial_module(&trial, file, text);
    for (size_t i = 0; i < module->function_count; i++) {
        ((hm_function *)module->functions)[i].version = module->functions[i].name;
    }
    return module;
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

START_TEST(steps_stand_before_a_parameter) {
    add("p.c", STEPS "HM_PIPE_INPUT(x, HM_STEP(add, HM_VALUE(by, 1)), "
                     "HM_STEP(scale, HM_SOURCE(factor, y)))\n"
                     "double f(double x, double z);\n");
    ck_assert_str_eq(nodes(), "z x y f.with_add(x,-) f.with_scale(f.with_add,y) "
                              "f(f.with_scale,z)");
}
END_TEST

START_TEST(steps_stand_behind_what_is_made_and_the_last_one_makes_the_node) {
    add("p.c", STEPS "HM_PIPE_OUTPUT(HM_STEP(add), HM_STEP(whole))\n"
                     "double f(double x);\nint g(int f);\n");
    ck_assert_str_eq(nodes(), "x by f.raw(x) f.with_add(f.raw,by) f(f.with_add) "
                              "f.with_whole(f) g(f)");
    ck_assert_ptr_eq(node("f").type, &hm_type_int);
}
END_TEST

START_TEST(the_first_parameter_that_is_not_bound_takes_the_value) {
    add("p.c", STEPS "HM_PIPE_OUTPUT(HM_STEP(add, HM_VALUE(x, 3)))\n"
                     "double f(double x);\n");
    ck_assert_str_eq(nodes(), "x f.raw(x) f(-,f.raw) f.with_add(f)");
}
END_TEST

START_TEST(steps_of_one_function_are_numbered_and_can_be_named) {
    add("p.c", STEPS "HM_PIPE_INPUT(x, HM_STEP(add), HM_STEP(add, HM_AS(more)))\n"
                     "HM_PIPE_OUTPUT(HM_STEP(add), HM_STEP(scale), HM_STEP(add))\n"
                     "double f(double x);\n");
    ck_assert_str_eq(nodes(), "x by factor f.with_add(x,by) f.with_more(f.with_add,by) "
                              "f.raw(f.with_more) f.with_add_1(f.raw,by) "
                              "f.with_scale(f.with_add_1,factor) "
                              "f(f.with_scale,by) f.with_add_2(f)");
}
END_TEST

START_TEST(a_leading_underscore_is_no_part_of_a_steps_name) {
    add("p.c", "static double _add(double x);\n"
               "HM_PIPE_INPUT(x, HM_STEP(_add)) double f(double x);\n");
    ck_assert_str_eq(nodes(), "x f.with_add(x) f(f.with_add)");
}
END_TEST

START_TEST(config_decides_which_steps_take_part_and_not_what_they_are_called) {
    add("p.c", STEPS "HM_PIPE_OUTPUT(HM_STEP(add, HM_IF(mode, a, b)), "
                     "HM_STEP(add, HM_IF_NOT(mode, a)), "
                     "HM_STEP(add, HM_IF(mode, c), HM_IF(deep, true)))\n"
                     "double f(double x);\n");
    ck_assert_str_eq(nodes(), "x by f.raw(x) f(f.raw,by) f.with_add_1(f)");
    hm_graph_trial_config(&trial, "mode", hm_value_json("\"a\""));
    ck_assert_str_eq(nodes(), "x by f.raw(x) f(f.raw,by) f.with_add(f)");
    trial.options.config_count = 0;
    hm_graph_trial_config(&trial, "mode", hm_value_json("\"b\""));
    ck_assert_str_eq(nodes(),
            "x by f.raw(x) f.with_add(f.raw,by) f(f.with_add,by) f.with_add_1(f)");
    trial.options.config_count = 0;
    hm_graph_trial_config(&trial, "mode", hm_value_json("\"c\""));
    hm_graph_trial_config(&trial, "deep", hm_value_json("true"));
    ck_assert_str_eq(nodes(),
            "x by f.raw(x) f.with_add_1(f.raw,by) f(f.with_add_1,by) f.with_add_2(f)");
}
END_TEST

START_TEST(without_steps_a_function_is_what_it_was) {
    add("p.c", STEPS "HM_PIPE_INPUT(x, HM_STEP(add, HM_IF(mode, a)))\n"
                     "HM_PIPE_OUTPUT(HM_STEP(add, HM_IF(mode, a)))\n"
                     "double f(double x);\n");
    ck_assert_str_eq(nodes(), "x f(x)");
}
END_TEST

START_TEST(pipes_on_one_parameter_follow_each_other_the_topmost_first) {
    add("p.c", STEPS "HM_PIPE_INPUT(x, HM_STEP(add))\n"
                     "HM_PIPE_INPUT(y, HM_STEP(add))\n"
                     "HM_PIPE_INPUT(x, HM_STEP(scale))\n"
                     "double f(double x, double y);\n");
    ck_assert_str_eq(nodes(), "x by y factor f.with_add(x,by) "
                              "f.with_scale(f.with_add,factor) f.with_add_1(y,by) "
                              "f(f.with_scale,f.with_add_1)");
}
END_TEST

START_TEST(each_node_of_a_function_has_a_chain_of_its_own) {
    add("p.c", STEPS "HM_PARAMETERIZE(a, HM_SOURCE(x, u)) "
                     "HM_PARAMETERIZE(b, HM_SOURCE(x, v), HM_GROUP(y, 1, w))\n"
                     "HM_PIPE_INPUT(x, HM_STEP(whole)) HM_PIPE_OUTPUT(HM_STEP(add))\n"
                     "double f(size_t n, const double y[n], int x);\n");
    ck_assert_str_eq(nodes(),
            "y w u v by a.with_whole(u) a.raw(y,a.with_whole) b.with_whole(v) "
            "b.raw(-,w,b.with_whole) a(a.raw,by) a.with_add(a) b(b.raw,by) "
            "b.with_add(b)");
}
END_TEST

START_TEST(fields_go_through_the_chain_in_place_of_their_struct) {
    add("p.c", STEPS "struct s { double low; double high; };\n"
                     "HM_PIPE_OUTPUT(HM_STEP(add)) HM_EXTRACT_FIELDS()\n"
                     "struct s f(double x);\n");
    ck_assert_str_eq(nodes(),
            "x by f(x) low.raw(f) high.raw(f) low(low.raw,by) "
            "low.with_add(low) high(high.raw,by) high.with_add(high)");
}
END_TEST

START_TEST(variants_are_called_by_their_node) {
    add("p.c", STEPS "HM_WHEN(region, us) HM_PIPE_OUTPUT(HM_STEP(add, HM_IF(k, 1)))\n"
                     "double f__us(double x);\n"
                     "HM_OTHERWISE HM_PIPE_OUTPUT(HM_STEP(add)) HM_NAME(f)\n"
                     "double rest(double x);\n");
    ck_assert_str_eq(nodes(), "x by f.raw(x) f(f.raw,by) f.with_add(f)");
    hm_graph_trial_config(&trial, "region", hm_value_json("\"us\""));
    ck_assert_str_eq(nodes(), "x f(x)");
    // A key that only a variant that is not there would ask for is no mistake.
    trial.options.config_count = 0;
    hm_graph_trial_config(&trial, "k", hm_value_json("1"));
    nodes();
}
END_TEST

START_TEST(the_default_of_a_parameter_goes_into_the_chain) {
    add("p.c", STEPS "HM_PIPE_INPUT(x, HM_STEP(add, HM_VALUE(by, 1)))\n"
                     "double f(HM_DEFAULT(2) double x);\n");
    ck_assert_str_eq(nodes(), "x f.with_add(x,-) f(f.with_add)");
    ck_assert(hm_graph_describe(trial.graph, 0).is_optional);
    ck_assert_ptr_nonnull(node("f.with_add").function->parameters[0].default_value);
}
END_TEST

START_TEST(mutators_change_a_node_in_the_order_of_their_definitions) {
    add("p.c", STEPS "HM_PIPE_OUTPUT(HM_STEP(add)) double f(double x);\n"
                     "double g(double f);\n"
                     "HM_MUTATE(f, HM_VALUE(y, 2)) HM_MUTATE(g, HM_IF(k, 1))\n"
                     "static double twice(double v, double y);\n"
                     "HM_MUTATE(f) static double clip(double v);\n");
    ck_assert_str_eq(nodes(), "x by f.raw(x) f.with_add(f.raw,by) "
                              "f.with_twice(f.with_add,-) f(f.with_twice) "
                              "f.with_clip(f) g(f)");
    hm_graph_trial_config(&trial, "k", hm_value_json("1"));
    ck_assert_str_eq(nodes(),
            "x by y f.raw(x) f.with_add(f.raw,by) f.with_twice(f.with_add,-) "
            "f(f.with_twice) f.with_clip(f) g.raw(f) g(g.raw,y) g.with_twice(g)");
}
END_TEST

START_TEST(steps_have_tags_of_their_own_and_the_node_has_the_functions) {
    add("p.c", "HM_TAG(kind, adder) HM_TAG(limit, 2) static double add(double x);\n"
               "HM_TAG(owner, me) HM_TAG(limit, 3)\n"
               "HM_PIPE_OUTPUT(HM_STEP(add), HM_STEP(add)) double f(double x);\n");
    nodes();
    ck_assert_uint_eq(node("f.with_add").tag_count, 2);
    ck_assert_str_eq(node("f.with_add").tags[0].key, "kind");
    ck_assert_uint_eq(node("f.raw").tag_count, 1);
    ck_assert_str_eq(node("f.raw").tags[0].values[0].text, "3");
    ck_assert_uint_eq(node("f").tag_count, 2);
    ck_assert_str_eq(node("f").tags[0].values[0].text, "2");
    ck_assert_str_eq(node("f").tags[1].key, "owner");
    ck_assert_uint_eq(node("f.with_add_1").tag_count, 0);
}
END_TEST

static void version_of(const char *text, const char *name, char version[64]) {
    hm_graph_trial_finish(&trial);
    hm_graph_trial_init(&trial);
    hm_module *module = add("p.c", text);
    if (module->functions[0].flags == 0) {
        ((hm_function *)module->functions)[0].version = "other";
    }
    nodes();
    snprintf(version, 64, "%s", node(name).function->version);
}

START_TEST(versions_cover_steps_and_what_is_bound) {
    static const char *const texts[] = {
            STEPS "HM_PIPE_OUTPUT(HM_STEP(add), HM_STEP(scale)) double f(double x);\n",
            STEPS
            "HM_PIPE_OUTPUT(HM_STEP(scale), HM_STEP(scale)) double f(double x);\n",
            STEPS
            "HM_PIPE_OUTPUT(HM_STEP(add, HM_VALUE(by, 1)), HM_STEP(scale)) double "
            "f(double x);\n",
            STEPS
            "HM_PIPE_OUTPUT(HM_STEP(add, HM_VALUE(by, 2)), HM_STEP(scale)) double "
            "f(double x);\n",
            STEPS "HM_PIPE_INPUT(x, HM_STEP(add)) double f(double x);\n",
            STEPS "double f(double x);\n",
            STEPS "HM_PIPE_OUTPUT(HM_STEP(add)) double f(double x);\n"
                  "HM_MUTATE(f) static double clip(double x);\n",
    };
    enum { COUNT = sizeof texts / sizeof *texts };
    char versions[COUNT][64];
    for (size_t i = 0; i < COUNT; i++) {
        version_of(texts[i], "f", versions[i]);
        for (size_t k = 0; k < i; k++) {
            ck_assert_str_ne(versions[i], versions[k]);
        }
    }
}
END_TEST

START_TEST(types_that_meet_by_config_must_agree) {
    add("p.c", STEPS "HM_PIPE_OUTPUT(HM_STEP(whole, HM_IF(k, 1)), HM_STEP(add))\n"
                     "double f(double x);\n");
    nodes();
    hm_graph_trial_config(&trial, "k", hm_value_json("1"));
    ck_assert_str_eq(hm_graph_trial_build(&trial),
            "p.c:1: `f` takes `f.with_whole` as double, but at p.c:3 it is int; let "
            "what comes before it make double\n");
}
END_TEST

START_TEST(config_must_not_bind_what_a_step_stands_before) {
    add("p.c", STEPS "HM_PARAMETERIZE_FROM_CONFIG(k) HM_PIPE_INPUT(x, HM_STEP(add))\n"
                     "double f(double x);\n");
    hm_graph_trial_config(&trial, "k", hm_value_json("{\"a\": {\"x\": \"u\"}}"));
    ck_assert_str_eq(nodes(), "u by a.with_add(u,by) a(a.with_add)");
    trial.options.config_count = 0;
    hm_graph_trial_config(&trial, "k", hm_value_json("{\"a\": {\"x\": 2}}"));
    ck_assert_str_eq(hm_graph_trial_build(&trial),
            "p.c:4: HM_PIPE_INPUT of `f`: config binds `x` of `a` to a literal or "
            "group, "
            "which no step can stand before; give it a node or an input\n");
}
END_TEST

typedef struct hm_refused {
    const char *modifiers;
    const char *fault;
} hm_refused;

static const hm_refused refused[] = {
        {"HM_PIPE_INPUT(amuont, HM_STEP(add))",
                "HM_PIPE_INPUT of `f`: it takes no `amuont`; did you mean `amount`?"},
        {"HM_PIPE_INPUT(3, HM_STEP(add))",
                "HM_PIPE_INPUT of `f`: `3` is no parameter; name it first"},
        {"HM_PIPE_INPUT(amount, HM_STEP(ad))", "HM_STEP names `ad`, and there is no "
                                               "such function; did you mean `add`?"},
        {"HM_PIPE_OUTPUT(HM_STEP(silent))", "HM_STEP names `silent`, which has no "
                                            "thunk; set its call"},
        {"HM_PIPE_OUTPUT(HM_STEP(two))", "HM_STEP of `two`: it makes 2 things, and a "
                                         "step makes one; let it make "
                                         "one thing, returned or called `out`"},
        {"HM_PIPE_OUTPUT(add)", "HM_PIPE_OUTPUT of `f`: `add` is no step; write "
                                "HM_STEP(function, binding, ..., HM_IF(key, value))"},
        {"HM_PIPE_OUTPUT(HM_STEP(add, HM_SOURCE(z, y)))",
                "HM_STEP of `add`: it takes no `z`; did you mean `x`?"},
        {"HM_PIPE_OUTPUT(HM_STEP(add, HM_VALUE(x, 1), HM_VALUE(by, 1)))",
                "HM_STEP of `add`: it has no parameter left that takes the value; "
                "leave "
                "one of its parameters unbound"},
        {"HM_PIPE_OUTPUT(HM_STEP(add, HM_IF(k, 1), HM_VALUE(by, 1)))",
                "HM_STEP of `add`: `value` stands behind a condition or name; write "
                "bindings first, then HM_IF, HM_IF_NOT and HM_AS"},
        {"HM_PIPE_OUTPUT(HM_STEP(add, HM_IF(k)))",
                "HM_STEP of `add`: HM_IF is no key with values; write HM_IF(key, "
                "value, "
                "...) or HM_IF_NOT(key, value, ...)"},
        {"HM_PIPE_OUTPUT(HM_STEP(add, HM_AS(1)))",
                "HM_STEP of `add`: HM_AS gives no name; write HM_AS(name)"},
        {"HM_INJECT(HM_VALUE(amount, 1)) HM_PIPE_INPUT(amount, HM_STEP(add))",
                "HM_PIPE_INPUT of `f`: `amount` is bound to a literal, which no step "
                "can stand before; bind it with HM_SOURCE, or leave out the pipe"},
        {"HM_MUTATE(gone)", "HM_MUTATE names `gone`, which is no node of this module; "
                            "name a function of this module that is a node"},
        {"HM_MUTATE(add)",
                "HM_MUTATE names `add`, which is no node of this module; name "
                "a function of this module that is a node"},
};

START_TEST(wrong_steps_are_refused) {
    char text[1024];
    snprintf(text, sizeof text,
            "%s double f(double amount, double other);\n" STEPS
            "static void two(double x, double *a, double *b);\n"
            "HM_EXCLUDE double silent(double x);\n",
            refused[_i].modifiers);
    hm_module *module = add("p.c", text);
    ((hm_function *)module->functions)[5].call = NULL;
    char expected[512];
    snprintf(expected, sizeof expected, "p.c:1: function `f` of module `p`: %s\n",
            refused[_i].fault);
    ck_assert_str_eq(hm_graph_trial_build(&trial), expected);
    ck_assert_int_eq(trial.status, HM_BAD_MODULE);
}
END_TEST

START_TEST(a_function_that_another_computes_needs_its_thunk) {
    hm_module *module =
            add("p.c", STEPS "HM_DOES(add) double f(double x, double by);\n");
    ck_assert_str_eq(nodes(), "x by f(x,by)");
    ((hm_function *)module->functions)[3].call = NULL;
    ck_assert_str_eq(hm_graph_trial_build(&trial),
            "p.c:4: function `f` of module `p`: HM_DOES: there is no thunk that calls "
            "the function\n");
}
END_TEST

START_TEST(memory_that_runs_out_is_told_and_nothing_leaks) {
    add("p.c",
            STEPS "struct s { double low; double high; };\n"
                  "HM_TAG(a, b) static double tagged(double x);\n"
                  "HM_PIPE_INPUT(x, HM_STEP(add, HM_VALUE(by, 1)), HM_STEP(tagged))\n"
                  "HM_PIPE_OUTPUT(HM_STEP(scale)) double f(double x);\n"
                  "HM_MUTATE(f, HM_IF_NOT(k, 1)) static double clip(double v);\n");
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
    Suite *suite = suite_create("graph/steps");
    TCase *tests = tcase_create("steps");
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, steps_stand_before_a_parameter);
    tcase_add_test(
            tests, steps_stand_behind_what_is_made_and_the_last_one_makes_the_node);
    tcase_add_test(tests, the_first_parameter_that_is_not_bound_takes_the_value);
    tcase_add_test(tests, steps_of_one_function_are_numbered_and_can_be_named);
    tcase_add_test(tests, a_leading_underscore_is_no_part_of_a_steps_name);
    tcase_add_test(
            tests, config_decides_which_steps_take_part_and_not_what_they_are_called);
    tcase_add_test(tests, without_steps_a_function_is_what_it_was);
    tcase_add_test(tests, pipes_on_one_parameter_follow_each_other_the_topmost_first);
    tcase_add_test(tests, each_node_of_a_function_has_a_chain_of_its_own);
    tcase_add_test(tests, fields_go_through_the_chain_in_place_of_their_struct);
    tcase_add_test(tests, variants_are_called_by_their_node);
    tcase_add_test(tests, the_default_of_a_parameter_goes_into_the_chain);
    tcase_add_test(tests, mutators_change_a_node_in_the_order_of_their_definitions);
    tcase_add_test(tests, steps_have_tags_of_their_own_and_the_node_has_the_functions);
    tcase_add_test(tests, versions_cover_steps_and_what_is_bound);
    tcase_add_test(tests, types_that_meet_by_config_must_agree);
    tcase_add_test(tests, config_must_not_bind_what_a_step_stands_before);
    tcase_add_loop_test(
            tests, wrong_steps_are_refused, 0, sizeof refused / sizeof *refused);
    tcase_add_test(tests, a_function_that_another_computes_needs_its_thunk);
    tcase_add_test(tests, memory_that_runs_out_is_told_and_nothing_leaks);
    suite_add_tcase(suite, tests);
    return suite;
}
