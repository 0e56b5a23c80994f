// test_group.c — array parameters that are filled with single values.

#include <stdio.h>
#include <string.h>

#include <hamilton/value.h>

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

static const hm_function *function(const char *name) {
    uint32_t id = hm_graph_find(trial.graph, name);
    ck_assert_uint_ne(id, HM_NONE);
    return hm_graph_describe(trial.graph, id).function;
}

START_TEST(each_member_is_a_parameter_of_one_value) {
    add("g.c", "HM_INJECT(HM_GROUP(x, a, 4, \"default\", b), HM_SOURCE(k, c))\n"
               "double f(int j, size_t n, const double x[n], int k);\n"
               "double b(double a);\n");
    ck_assert_str_eq(nodes(), "j a default c b(a) f(j,a,-,default,b,c)");
    const hm_function *f = function("f");
    ck_assert_uint_eq(f->dimension_count, 0);
    ck_assert_uint_eq(f->parameter_count, 6);
    ck_assert_int_eq(f->parameters[1].shape, HM_ONE);
    ck_assert_double_eq(*(const double *)f->parameters[2].default_value, 4);
}
END_TEST

START_TEST(quoted_words_are_text_where_text_can_be) {
    add("g.c", "HM_INJECT(HM_GROUP(x, \"a\", a))\n"
               "double f(size_t n, const char *const x[n]);\n");
    ck_assert_str_eq(nodes(), "a f(-,a)");
}
END_TEST

START_TEST(other_dimensions_stay) {
    add("g.c", "HM_INJECT(HM_GROUP(x, a))\n"
               "void f(size_t n, const double x[n], size_t m, const int y[m], int "
               "out[m]);\n");
    ck_assert_str_eq(nodes(), "a y f(a,y)");
    const hm_function *f = function("f");
    ck_assert_uint_eq(f->dimension_count, 1);
    ck_assert_str_eq(f->dimensions[0], "m");
    ck_assert_uint_eq(f->parameters[1].dimension, 0);
    ck_assert_uint_eq(f->outputs[0].dimension, 0);
}
END_TEST

START_TEST(versions_know_the_members) {
    hm_module *module = add("g.c",
            "HM_INJECT(HM_GROUP(x, a, b)) double f(size_t n, const double x[n]);\n"
            "HM_INJECT(HM_GROUP(x, b, a)) double g(size_t n, const double x[n]);\n");
    ((hm_function *)module->functions)[0].version = "1";
    ((hm_function *)module->functions)[1].version = "1";
    nodes();
    ck_assert_str_ne(function("f")->version, function("g")->version);
}
END_TEST

// double f(int k, n, const double x[n], const char *const s[m]): what it got.
static int call_and_compare(void *frame, const uint32_t *at, void *self) {
    const char *f = frame;
    const hm_array *x = (const hm_array *)(f + at[1]);
    const hm_array *s = (const hm_array *)(f + at[2]);
    ck_assert_int_eq(*(const int *)(f + at[0]), 3);
    ck_assert_uint_eq(x->length, 3);
    ck_assert_double_eq(((const double *)x->data)[2], 2.5);
    ck_assert_uint_eq(s->length, 1);
    ck_assert_str_eq(((const char *const *)s->data)[0], "text");
    *(double *)((char *)frame + at[3]) = ((const double *)x->data)[0];
    return *(const int *)self;
}

START_TEST(the_function_is_called_with_arrays) {
    hm_module *module = add("g.c", "HM_INJECT(HM_GROUP(x, a, b, 2.5), HM_GROUP(s, t))\n"
                                   "double f(int k, size_t n, const double x[n], "
                                   "size_t m, const char *const "
                                   "s[m]);\n");
    int status = 7;
    ((hm_function *)module->functions)->call = call_and_compare;
    ((hm_function *)module->functions)->self = &status;
    ck_assert_str_eq(nodes(), "k a b t f(k,a,b,-,t)");
    const hm_function *f = function("f");
    struct {
        int k;
        double a, b, c;
        const char *t;
        double out;
    } frame = {3, 1.5, 2, 2.5, "text", 0};
    const char *start = (const char *)&frame;
    const uint32_t at[] = {0, (uint32_t)((const char *)&frame.a - start),
            (uint32_t)((const char *)&frame.b - start),
            (uint32_t)((const char *)&frame.c - start),
            (uint32_t)((const char *)&frame.t - start),
            (uint32_t)((const char *)&frame.out - start)};
    ck_assert_int_eq(f->call(&frame, at, f->self), 7);
    ck_assert_double_eq(frame.out, 1.5);
    ck_assert(f->map == NULL && f->rows == NULL);
}
END_TEST

static void combine_nothing(void *into, const void *more, void *self) {
    (void)into;
    (void)more;
    (void)self;
}

START_TEST(a_group_is_not_reduced_in_chunks) {
    hm_module *module =
            add("g.c", "HM_PARAMETERIZE(a, HM_GROUP(x, u, v)) HM_PARAMETERIZE(b)\n"
                       "double f(size_t n, const double x[n]);\n");
    ((hm_function *)module->functions)->combine = combine_nothing;
    nodes();
    ck_assert(function("a")->combine == NULL);
    ck_assert(function("b")->combine == combine_nothing);
}
END_TEST

typedef struct hm_refused {
    const char *text;
    const char *fault; // of HM_INJECT of `f`
} hm_refused;

#define ARRAY "; give it an array: a node that makes one, or an input"

static const hm_refused refused[] = {
        {"HM_INJECT(HM_GROUP(x, a)) double f(double x);",
                "`x` is no array of values; write HM_SOURCE(x, node)"},
        {"HM_INJECT(HM_GROUP(x)) double f(size_t n, const int x[n]);",
                "a binding has 1 argument; write HM_GROUP(parameter, member, ...)"},
        {"HM_INJECT(HM_GROUP(x, 1.5)) double f(size_t n, const int x[n]);",
                "the member 1.5 of `x` is no int; write a literal that `int` can hold, "
                "or a node"},
        {"HM_INJECT(HM_GROUP(x, a), HM_SOURCE(x, b)) double f(size_t n, const int "
         "x[n]);",
                "`x` is bound twice; keep one of the bindings"},
        {"HM_INJECT(HM_GROUP(x, a)) double f(size_t n, const int x[n], const int "
         "y[n]);",
                "`y` must be as long as `x`; group as many members for each"},
        {"HM_INJECT(HM_GROUP(y, a), HM_GROUP(x, a, b)) double f(size_t n, const int "
         "x[n], const int y[n]);",
                "`y` must be as long as `x`; group as many members for each"},
        {"HM_INJECT(HM_GROUP(x, a)) void f(size_t n, const int x[n], int out[n]);",
                "it makes an array, `f`, as long as `x`" ARRAY},
};

START_TEST(wrong_groups_are_refused) {
    add("g.c", refused[_i].text);
    char expected[512];
    snprintf(expected, sizeof expected,
            "g.c:1: function `f` of module `g`: HM_INJECT of `f`: %s\n",
            refused[_i].fault);
    ck_assert_str_eq(hm_graph_trial_build(&trial), expected);
    ck_assert_int_eq(trial.status, HM_BAD_MODULE);
}
END_TEST

static int start_nothing(const hm_lane *lanes, size_t row, void *self, hm_async *done) {
    (void)lanes;
    (void)row;
    (void)self;
    (void)done;
    return 0;
}

START_TEST(asynchronous_functions_have_no_groups) {
    hm_module *module =
            add("g.c", "HM_INJECT(HM_GROUP(x, a)) double f(size_t n, const int x[n]);");
    ((hm_function *)module->functions)->call = NULL;
    ((hm_function *)module->functions)->start = start_nothing;
    ck_assert_str_eq(hm_graph_trial_build(&trial),
            "g.c:1: function `f` of module `g`: HM_INJECT of `f`: it is asynchronous, "
            "and a group ends with the call" ARRAY "\n");
}
END_TEST

START_TEST(what_does_not_fit_on_the_stack_is_refused) {
    hm_module *module = add("g.c",
            "struct s { double v; };\n"
            "HM_INJECT(HM_GROUP(x, a, b)) double f(size_t n, const struct s x[n]);");
    hm_type *type = (hm_type *)module->functions[0].parameters[0].type;
    static const char fault[] =
            "g.c:2: function `f` of module `g`: HM_INJECT of `f`: what it takes and "
            "makes is too large for a group, which is formed on the stack" ARRAY "\n";
    type->size = 4096;
    ck_assert_str_eq(hm_graph_trial_build(&trial), fault);
    type->size = 256;
    type->alignment = 128;
    ck_assert_str_eq(hm_graph_trial_build(&trial), fault);
    type->size = 8;
    type->alignment = 8;
    ck_assert_str_eq(nodes(), "a b f(a,b)");
}
END_TEST

START_TEST(memory_that_runs_out_is_told_and_nothing_leaks) {
    hm_module *module =
            add("g.c", "HM_PARAMETERIZE(p, HM_GROUP(x, a, 4), HM_VALUE(k, 1))\n"
                       "double f(size_t n, const double x[n], int k, size_t m, const "
                       "int y[m]);\n");
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
    Suite *suite = suite_create("graph/group");
    TCase *tests = tcase_create("group");
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, each_member_is_a_parameter_of_one_value);
    tcase_add_test(tests, quoted_words_are_text_where_text_can_be);
    tcase_add_test(tests, other_dimensions_stay);
    tcase_add_test(tests, versions_know_the_members);
    tcase_add_test(tests, the_function_is_called_with_arrays);
    tcase_add_test(tests, a_group_is_not_reduced_in_chunks);
    tcase_add_loop_test(
            tests, wrong_groups_are_refused, 0, sizeof refused / sizeof *refused);
    tcase_add_test(tests, asynchronous_functions_have_no_groups);
    tcase_add_test(tests, what_does_not_fit_on_the_stack_is_refused);
    tcase_add_test(tests, memory_that_runs_out_is_told_and_nothing_leaks);
    suite_add_tcase(suite, tests);
    return suite;
}
