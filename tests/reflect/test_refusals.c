// test_refusals.c — what is no node, with the line, what is wrong and the mend.

#include <stdio.h>
#include <string.h>

#include "tests/support/reflected.h"
#include "tests/support/suite.h"

typedef struct hm_refusal {
    const char *source; // behind two lines of includes
    unsigned line;      // of that
    const char *message;
    const char *mend;
} hm_refusal;

static const char start[] = "#include <hamilton/modifiers.h>\n#include <stddef.h>\n";
enum { START_LINES = 2 };

static const hm_refusal declarations[] = {
        {"double f(double x, ...) { return x; }", 1, "variable number", "array"},
        {"double f(double (*g)(double)) { return g(1); }", 1, "pointer to a function",
                "by its name"},
        {"double f(double g(double)) { return g(1); }", 1, "pointer to a function",
                NULL},
        {"double f(void *p) { return p != 0; }", 1, "pointer to void", "struct"},
        {"double f(const void *p) { return p != 0; }", 1, "pointer to void", "struct"},
        {"double f(const double *x) { return *x; }", 1, "one value by reference",
                "`double x`"},
        {"double f(double x[3]) { return x[0]; }", 1, "fixed length", "size_t n"},
        {"double f(const double x[]) { return x[0]; }", 1, "without its length",
                "size_t n"},
        {"double f(size_t n, const double x[n + 1]) { return x[0]; }", 1,
                "not simply a parameter", "size_t n"},
        {"double f(size_t n, const double x[n][n]) { return x[0][0]; }", 1,
                "more than one dimension", "one dimension"},
        {"double f(size_t n, const double x[n][4]) { return x[0][0]; }", 1,
                "more than one dimension", "one dimension"},
        {"double f(int n, const double x[n]) { return x[0]; }", 1, "no size_t",
                "size_t n"},
        {"extern size_t g;\ndouble f(const double x[g]) { return x[0]; }", 2,
                "not simply a parameter", "size_t n"},
        {"void f(size_t n, double k, double out[n]) { out[0] = k; }", 1,
                "`out` of `f` is an array over `n`, but no input is", "size_t *count"},
        {"double f(double x, double *out) { *out = x; return x; }", 1,
                "two outputs called `f`", "return void"},
        {"double f(double x, double *f) { *f = x; return x; }", 1,
                "two outputs called `f`", NULL},
        {"void f(int k, double **out) { (void)k; *out = 0; }", 1, "no size_t *",
                "size_t *count"},
        {"void f(int k, double **out, size_t *a, size_t *b) {\n"
         "    (void)k; *out = 0; *a = *b = 0;\n}",
                1, "more than one size_t *", NULL},
        {"void f(int k, const double **out, size_t *n) { (void)k; *out = 0; *n = 0; }",
                1, "constant values", NULL},
        {"void f(int k, double ***out, size_t *n) { (void)k; *out = 0; *n = 0; }", 1,
                "`double ***`", NULL},
        {"void f(double x) { (void)x; }", 1, "no output", "HM_EXCLUDE"},
        {"void f(void) {}", 1, "no output", "static"},
        {"double f(x) double x; { return x; }", 1, "before C89", "parentheses"},
        {"double f(double hm_x) { return hm_x; }", 1, "begins with hm_", NULL},
        {"double hm_f(double x) { return x; }", 1, "begins with hm_", NULL},
        {"#define HM_MINE 1\ndouble f(double x) { return x; }", 1, "begins with HM_",
                NULL},
        {"enum e { HM_MINE };\ndouble f(double x) { return x; }", 1, "begins with HM_",
                NULL},
        {"static void free(void *p) { (void)p; }\ndouble f(double x) { return x; }", 1,
                "`free`", "rename"},
        {"double f(size_t n, double x[n]) { return x[0]; }", 1, "no input is",
                "make it const"},
        {"int main(void) { return 0; }", 1, "`main`", "static"},
        {"double out(double x) { return x; }", 1, "`out`", "rename"},
        {"double features_module(double x) { return x; }", 1, "features_module", NULL},
        {"double f(double _Complex x) { return __real__ x; }", 1, "no value", NULL},
        {"double _Complex f(double x) { return x; }", 1, "`the result` of `f`", NULL},
        {"int f(__int128 x) { return x > 0; }", 1, "no value", NULL},
        {"union u { int i; };\nint f(union u x) { return x.i; }", 2, "union u",
                "inside of a struct"},
        {"typedef float v4 __attribute__((vector_size(16)));\n"
         "double f(v4 x) { return x[0]; }",
                2, "no value", NULL},
        {"struct { int i; } f(int x) { (void)x; __builtin_abort(); }", 1, "no name",
                "give the struct a name"},
        {"double *f(double x) { (void)x; return 0; }", 1, "a pointer to `double`",
                "T **out"},
        {"void *f(double x) { (void)x; return 0; }", 1, "a pointer to `void`", NULL},
        {"struct m;\nstruct m *f(double x) { (void)x; return 0; }", 2,
                "nothing says how to destroy it", "HM_DESTROYS void f(struct m *);"},
        {"struct m;\nvoid f(double x, struct m *out) { (void)x; (void)out; }", 2,
                "size is not known", "const T *"},
        {"struct m { int i; };\n"
         "int f(size_t n, struct m *const x[n]) { return x[0]->i; }",
                2, "may be written", "const T *const x[n]"},
        {"int f(size_t n, const int *const x[n]) { return *x[0]; }", 1,
                "neither strings nor objects", "array of values"},
        {"int f(size_t n, char *const x[n]) { return x[0][0]; }", 1, "may be written",
                "const char *const x[n]"},
        {"int f(const char *const *x) { return x[0][0]; }", 1, "constant pointers",
                "const char *const x[n]"},
};

static const hm_refusal state[] = {
        {"int n;\nint f(int x) { n = x; return n; }", 2, "writes `n`", "HM_STATEFUL"},
        {"int n;\nint f(int x) { return n++ + x; }", 2, "writes `n`", NULL},
        {"int n;\nint f(int x) { n += x; return n; }", 2, "writes `n`", NULL},
        {"int a[3];\nint f(int x) {\n    a[1] = x;\n    return 1;\n}", 3, "writes `a`",
                NULL},
        {"int a[3];\nint f(int x) { *a = x; return 1; }", 2, "writes `a`", NULL},
        {"struct { int b[2]; } s;\nint f(int x) { (s.b)[1]--; return x; }", 2,
                "writes `s`", NULL},
        {"int f(int x) { static int n; n = x; return n; }", 1, "writes `n`", NULL},
        {"#define BUMP(v) (v = v + 1)\nint n;\nint f(int x) { return BUMP(n) + x; }", 3,
                "writes `n`", NULL},
        {"static int n;\nstatic int bump(void) { return ++n; }\n"
         "static int via(void) { return bump(); }\n"
         "int f(int x) { return via() + x; }",
                2, "`f` uses `bump`, which writes `n`", "HM_STATEFUL on `f`"},
};

static const char *const stateless[] = {
        "int n = 3;\nint f(int x) { return x + n; }",
        "int a[3];\nint f(int x) { return a[x] + *a; }",
        "int n;\nint f(int x) { int n = x; n++; return n; }",
        "int *p;\nint f(int x) { *p = x; p[1] = x; return x; }",
        "struct s { int v; } *p;\nint f(int x) { p->v = x; return x; }",
        "int n;\nHM_STATEFUL int f(int x) { n = x; return n; }",
        "int n;\nHM_EXCLUDE int f(int x) { n = x; return n; }",
        "int n;\nint f(int x) { int *p = &n; return *p + x; }",
        ("int n;\nstatic int bump(void) { return ++n; }\n"
         "HM_STATEFUL int f(int x) { return bump() + x; }"),
        "static const int t[] = {1, 2};\nint f(int x) { return t[x] + -t[0] + !t[1]; }",
        "int n;\nint f(int x) { return (n, x); }",
};

static void check(const hm_refusal *refusal) {
    char source[1024];
    snprintf(source, sizeof source, "%s%s\n", start, refusal->source);
    hm_reflected reflected;
    hm_reflected_init(&reflected);
    hm_reflected_write(&reflected, "features.c", source);
    hm_reflected_read(&reflected, NULL, 0);
    ck_assert_msg(reflected.status == HM_BAD_SOURCE, "accepted: %s", refusal->source);
    const hm_diagnostic *fault = hm_reflected_fault(
            &reflected, refusal->line + START_LINES, refusal->message, refusal->mend);
    ck_assert_msg(
            fault != NULL, "for %s:\n%s", refusal->source, reflected.error.message);
    ck_assert_str_eq(fault->file, reflected.path);
    ck_assert_msg(hm_diagnostics_count(reflected.faults) == 1, "%s", refusal->source);
    hm_reflected_finish(&reflected);
}

START_TEST(what_a_node_cannot_declare_is_refused) {
    check(&declarations[_i]);
}
END_TEST

START_TEST(what_keeps_state_is_refused) {
    check(&state[_i]);
}
END_TEST

START_TEST(what_only_looks_like_state_is_not) {
    char source[1024];
    snprintf(source, sizeof source, "%s%s\n", start, stateless[_i]);
    hm_reflected reflected;
    hm_reflected_source(&reflected, source);
    hm_reflected_finish(&reflected);
}
END_TEST

START_TEST(all_faults_of_a_file_are_reported) {
    hm_reflected reflected;
    hm_reflected_init(&reflected);
    hm_reflected_write(&reflected, "features.c",
            "#include <stddef.h>\n"
            "double f(void *p, const double *x, double y[3]) { return y[0]; }\n"
            "int n;\n"
            "int g(int x, ...) { n = x; return n; }\n"
            "void h(void) {}\n");
    hm_reflected_read(&reflected, NULL, 0);
    ck_assert_int_eq(reflected.status, HM_BAD_SOURCE);
    ck_assert_uint_eq(reflected.error.fault_count, 6);
    ck_assert_ptr_nonnull(hm_reflected_fault(&reflected, 2, "`p` of `f`", NULL));
    ck_assert_ptr_nonnull(hm_reflected_fault(&reflected, 2, "`x` of `f`", NULL));
    ck_assert_ptr_nonnull(hm_reflected_fault(&reflected, 2, "`y` of `f`", NULL));
    ck_assert_ptr_nonnull(hm_reflected_fault(&reflected, 4, "variable number", NULL));
    ck_assert_ptr_nonnull(hm_reflected_fault(&reflected, 4, "writes `n`", NULL));
    ck_assert_ptr_nonnull(hm_reflected_fault(&reflected, 5, "no output", NULL));
    hm_reflected_finish(&reflected);
}
END_TEST

START_TEST(a_parameter_without_a_name_is_refused) {
    hm_reflected reflected;
    hm_reflected_init(&reflected);
    hm_reflected_write(&reflected, "features.c", "double f(double) { return 1; }\n");
    hm_reflected_read(&reflected, NULL, 0);
    ck_assert_int_eq(reflected.status, HM_BAD_SOURCE);
    ck_assert_ptr_nonnull(hm_reflected_fault(&reflected, 1, "name", NULL));
    hm_reflected_finish(&reflected);
}
END_TEST

START_TEST(broken_c_is_told_in_the_parsers_words) {
    hm_reflected reflected;
    hm_reflected_init(&reflected);
    hm_reflected_write(&reflected, "features.c",
            "double f(double x) { return y; }\n"
            "double g(double x) { return x }\n"
            "double h(double x) { return undeclared(x); }\n");
    hm_reflected_read(&reflected, NULL, 0);
    ck_assert_int_eq(reflected.status, HM_BAD_SOURCE);
    ck_assert_ptr_nonnull(hm_reflected_fault(&reflected, 1, "undeclared", NULL));
    ck_assert_ptr_nonnull(hm_reflected_fault(&reflected, 2, "expected ';'", NULL));
    ck_assert_ptr_nonnull(
            hm_reflected_fault(&reflected, 3, "implicit declaration", NULL));
    hm_reflected_finish(&reflected);
}
END_TEST

START_TEST(a_file_that_cannot_be_read_is_told_so) {
    hm_reflected reflected;
    hm_reflected_init(&reflected);
    hm_reflected_read(&reflected, NULL, 0);
    ck_assert_int_eq(reflected.status, HM_IO);
    ck_assert_ptr_nonnull(hm_reflected_fault(&reflected, 0, "cannot read", NULL));
    hm_reflected_finish(&reflected);
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("reflect/refusals");
    TCase *tests = tcase_create("refusals");
    tcase_add_loop_test(tests, what_a_node_cannot_declare_is_refused, 0,
            sizeof declarations / sizeof *declarations);
    tcase_add_loop_test(
            tests, what_keeps_state_is_refused, 0, sizeof state / sizeof *state);
    tcase_add_loop_test(tests, what_only_looks_like_state_is_not, 0,
            sizeof stateless / sizeof *stateless);
    tcase_add_test(tests, all_faults_of_a_file_are_reported);
    tcase_add_test(tests, a_parameter_without_a_name_is_refused);
    tcase_add_test(tests, broken_c_is_told_in_the_parsers_words);
    tcase_add_test(tests, a_file_that_cannot_be_read_is_told_so);
    suite_add_tcase(suite, tests);
    return suite;
}
