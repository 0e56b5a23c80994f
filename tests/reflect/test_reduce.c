// test_reduce.c — HM_REDUCE: what is written of it, and what is refused.

#include <stdio.h>
#include <string.h>

#include <hamilton/module.h>

#include "tests/support/reflected.h"
#include "tests/support/suite.h"

#define START "#include <hamilton/modifiers.h>\n#include <hamilton/node.h>\n"
#define ADD "static double add(double a, double b) { return a + b; }\n"
#define SUM "(size_t n, const double x[n]) { return n ? x[0] : 0; }\n"

// Of each, everything that is refused is in its last line.
typedef struct hm_refusal {
    const char *source;
    const char *message;
    const char *mend;
} hm_refusal;

static const hm_refusal refusals[] = {
        {"HM_REDUCE(add) double f" SUM,
                "HM_REDUCE of `f` names `add`, and there is no such function",
                "define `HM_EXCLUDE double add(double a, double b)` before it"},
        {"static double add(double a) { return a; }\nHM_REDUCE(add) double f" SUM,
                "HM_REDUCE of `f` names `add`, which does not make one `double` of two",
                "declare it as `double add(double, double)`"},
        {"static float add(double a, double b) { return (float)(a + b); }\n"
         "HM_REDUCE(add) double f" SUM,
                "does not make one `double` of two", NULL},
        {"static double add(double a, float b) { return a + (double)b; }\n"
         "HM_REDUCE(add) double f" SUM,
                "does not make one `double` of two", NULL},
        {"static double add(double *a, const double *b) { return *a + *b; }\n"
         "HM_REDUCE(add) double f" SUM,
                "does not make one `double` of two", NULL},
        {"static double add(const double *a, double b) { return *a + b; }\n"
         "HM_REDUCE(add) double f" SUM,
                "does not make one `double` of two", NULL},
        {"static double add(double a, ...) { return a; }\nHM_REDUCE(add) double f" SUM,
                "does not make one `double` of two", NULL},
        {"struct m { double s; };\n" ADD "HM_REDUCE(add) struct m f"
         "(size_t n, const double x[n]) { return (struct m){x[n - 1]}; }",
                "does not make one `struct m` of two",
                "declare it as `struct m add(struct m, struct m)`"},
        {ADD "HM_REDUCE(add) double f(double x) { return x; }",
                "`f` is under HM_REDUCE, but takes no array",
                "take whole arrays, as in `size_t n, const double x[n]`"},
        {ADD "HM_REDUCE(add) void f(size_t n, const double x[n], double out[n]) { "
             "out[0] = x[0]; }",
                "`f` is under HM_REDUCE, but makes an array", "make one value of all"},
        {ADD "HM_REDUCE(add) void f(size_t m, const double x[m], double **out, size_t "
             "*n) { (void)x, *out = 0, *n = 0; }",
                "`f` is under HM_REDUCE, but makes an array", NULL},
        {ADD "HM_REDUCE(add) void f(size_t n, const double x[n], double *a, double *b) "
             "{ *a = *b = x[0]; }",
                "`f` is under HM_REDUCE, but makes 2 values, not one", "one struct"},
        {ADD "HM_REDUCE(add) double f(size_t n, const double x[n], size_t m, const "
             "double y[m]) { return x[0] + y[0]; }",
                "takes arrays over `n` and over `m`, which cannot be cut at the same "
                "rows",
                "one length"},
        {ADD "HM_REDUCE(add) const char *f(size_t n, const double x[n]) { (void)x; "
             "return \"\"; }",
                "no value that could be combined", "a number, or a struct by value"},
        {"struct m { double s; };\n" ADD "HM_REDUCE(add) const struct m *f"
         "(size_t n, const double x[n]) { (void)x; return 0; }",
                "no value that could be combined", NULL},
        {ADD "HM_REDUCE(add) int f(size_t n, const double x[n], double *out, hm_async "
             "*done) { *out = x[0]; hm_async_succeed(done); return 0; }",
                "`f` is under HM_REDUCE, but asynchronous", "remove HM_REDUCE"},
        {ADD "HM_REDUCE(add) HM_REDUCE(add) double f" SUM, "HM_REDUCE stands twice on",
                "keep one of them"},
        {ADD "HM_REDUCE(add) static double f" SUM "double g(double x) { return f(1, "
             "&x); }",
                "HM_REDUCE stands on `f`, which is no node", "remove it"},
        {ADD "HM_REDUCE() double f" SUM, "HM_REDUCE of `f` has 0 arguments",
                "write HM_REDUCE(function)"},
        {ADD "HM_REDUCE(add, add) double f" SUM, "HM_REDUCE of `f` has 2 arguments",
                NULL},
        {ADD "double f(HM_REDUCE(add) double x) { return x; }", "HM_REDUCE stands on",
                "put it before the function"},
};

static unsigned count_lines(const char *text) {
    unsigned count = 0;
    for (size_t i = 0; text[i] != '\0' && text[i + 1] != '\0'; i++) {
        count += text[i] == '\n';
    }
    return count + 1;
}

START_TEST(what_cannot_be_reduced_is_refused) {
    const hm_refusal *refusal = &refusals[_i];
    char source[1024];
    snprintf(source, sizeof source, START "#include <stddef.h>\n%s", refusal->source);
    hm_reflected reflected;
    hm_reflected_init(&reflected);
    hm_reflected_write(&reflected, "features.c", source);
    hm_reflected_read(&reflected, NULL, 0);
    ck_assert_msg(reflected.status == HM_BAD_SOURCE, "accepted: %s", refusal->source);
    const hm_diagnostic *fault =
            hm_reflected_fault(&reflected, 0, refusal->message, refusal->mend);
    ck_assert_msg(
            fault != NULL, "for %s:\n%s", refusal->source, reflected.error.message);
    bool is_last = fault->line == count_lines(source);
    ck_assert_msg(is_last || strstr(refusal->source, "static double f") != NULL,
            "line %u for %s", (unsigned)fault->line, refusal->source);
    ck_assert_msg(hm_diagnostics_count(reflected.faults) == 1, "for %s:\n%s",
            refusal->source, reflected.error.message);
    hm_reflected_finish(&reflected);
}
END_TEST

START_TEST(a_combiner_that_keeps_state_is_refused) {
    hm_reflected reflected;
    hm_reflected_init(&reflected);
    hm_reflected_write(&reflected, "features.c",
            START "#include <stddef.h>\nint n;\n"
                  "static double add(double a, double b) { n = 1; return a + b; }\n"
                  "HM_REDUCE(add) double f" SUM
                  "HM_STATEFUL HM_REDUCE(add) double g" SUM);
    hm_reflected_read(&reflected, NULL, 0);
    ck_assert_int_eq(reflected.status, HM_BAD_SOURCE);
    ck_assert_uint_eq(hm_diagnostics_count(reflected.faults), 1);
    ck_assert_ptr_nonnull(hm_reflected_fault(
            &reflected, 5, "`f` uses `add`, which writes `n`", "HM_STATEFUL on `f`"));
    hm_reflected_finish(&reflected);
}
END_TEST

static const char accepted[] = START
        "#include <stdbool.h>\n#include <stddef.h>\n"
        "struct moments { size_t count; double sum; };\n"
        "typedef struct moments moments;\n"
        "enum level { LOW, HIGH };\n"
        "double add(double a, double b) { return a + b; }\n"
        "static inline int most(const int a, int b) { return a > b ? a : b; }\n"
        "static moments merge(struct moments a, const moments b) {\n"
        "    return (moments){a.count + b.count, a.sum + b.sum};\n"
        "}\n"
        "static moments join(const moments *a, const struct moments *b) {\n"
        "    return merge(*a, *b);\n"
        "}\n"
        "HM_EXCLUDE bool either(bool a, bool b) { return a || b; }\n"
        "static enum level higher(enum level a, enum level b) { return a > b ? a : b; "
        "}\n"
        "/** Sum. */\n"
        "HM_REDUCE(add) HM_TAG(owner, \"growth\") double total" SUM
        "HM_REDUCE(\"most\") int f_out(size_t n, const int y[n], int k, int *out) {\n"
        "    *out = n ? y[0] * k : k;\n    return k < 0;\n}\n"
        "HM_REDUCE(merge) struct moments by_value(size_t n, const double x[n], const "
        "double z[n]) {\n    return (moments){n, n ? x[0] * z[0] : 0};\n}\n"
        "HM_REDUCE(join) void by_pointer(size_t n, const moments m[n], moments "
        "*joined) "
        "{\n    *joined = n ? m[0] : (moments){0};\n}\n"
        "HM_REDUCE(either) bool any(size_t n, const char *const words[n]) {\n"
        "    return n && words[0];\n}\n"
        "HM_REDUCE(higher) enum level worst(size_t n, const enum level l[n]) {\n"
        "    return n ? l[0] : LOW;\n}\n";

static void check_combined(const hm_reflected *reflected) {
    typedef struct {
        size_t count;
        double sum;
    } moments;
    const hm_function *total = hm_reflected_function(reflected, "total");
    double sum = 1;
    total->combine(&sum, &(double){2.5}, NULL);
    ck_assert_double_eq(sum, 3.5);
    ck_assert_str_eq(total->modifiers[0].name, "reduce");
    ck_assert_str_eq(total->modifiers[0].arguments[0].text, "add");
    int largest = -3;
    hm_reflected_function(reflected, "f_out")->combine(&largest, &(int){-2}, NULL);
    ck_assert_int_eq(largest, -2);
    static const char *const both[] = {"by_value", "by_pointer"};
    for (size_t i = 0; i < 2; i++) {
        moments into = {2, 0.5};
        hm_reflected_function(reflected, both[i])
                ->combine(&into, &(moments){3, 0.25}, NULL);
        ck_assert_uint_eq(into.count, 5);
        ck_assert_double_eq(into.sum, 0.75);
    }
    bool is_any = false;
    hm_reflected_function(reflected, "any")->combine(&is_any, &(bool){true}, NULL);
    ck_assert(is_any);
    ck_assert(hm_reflected_function(reflected, "worst")->combine != NULL);
    ck_assert(hm_reflected_function(reflected, "add")->combine == NULL);
}

START_TEST(the_combining_function_has_a_thunk) {
    const char *compilers[2];
    size_t count = hm_reflected_compilers(compilers);
    for (size_t i = 0; i < count; i++) {
        for (unsigned parts = 1; parts <= 3; parts += 2) {
            hm_reflected reflected;
            hm_reflected_source(&reflected, accepted);
            hm_reflected_load_parts(&reflected, compilers[i], parts);
            check_combined(&reflected);
            hm_reflected_finish(&reflected);
        }
    }
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("reflect/reduce");
    TCase *tests = tcase_create("reduce");
    tcase_add_loop_test(tests, what_cannot_be_reduced_is_refused, 0,
            sizeof refusals / sizeof *refusals);
    tcase_add_test(tests, a_combiner_that_keeps_state_is_refused);
    tcase_add_test(tests, the_combining_function_has_a_thunk);
    suite_add_tcase(suite, tests);
    return suite;
}
