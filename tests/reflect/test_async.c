// test_async.c — functions that take an hm_async *: what the tables say of them, that
// their thunks start them on any row, under both compilers, and what they cannot
// declare.

#include <stdio.h>
#include <string.h>

#include <hamilton/node.h>

#include "tests/support/reflected.h"
#include "tests/support/suite.h"

// What the functions below do with it is to write it down, so anything will do.
static char call_of_nothing;
static hm_async *const done = (hm_async *)(void *)&call_of_nothing;

#define NODE "#include <hamilton/node.h>\n#include <stddef.h>\n"

static int start(const hm_function *function, const hm_lane *lanes, size_t row) {
    return function->start(lanes, row, function->self, done);
}

START_TEST(an_asynchronous_function_is_started_and_never_called) {
    hm_reflected reflected;
    hm_reflected_source(&reflected, NODE
            "void f(double x, double *out, hm_async *done) { *out = x; (void)done; }\n"
            "double g(double x) { return x; }\n");
    hm_reflected_load(&reflected, "gcc");
    const hm_function *f = hm_reflected_function(&reflected, "f");
    ck_assert_ptr_null((void *)(uintptr_t)f->call);
    ck_assert_ptr_null((void *)(uintptr_t)f->map);
    ck_assert_ptr_nonnull((void *)(uintptr_t)f->start);
    ck_assert_uint_eq(f->flags, HM_FUNCTION_FALLIBLE);
    ck_assert_uint_eq(f->parameter_count, 1);
    ck_assert_uint_eq(f->output_count, 1);
    ck_assert_str_eq(f->outputs[0].name, "f");
    const hm_function *g = hm_reflected_function(&reflected, "g");
    ck_assert_ptr_null((void *)(uintptr_t)g->start);
    hm_reflected_finish(&reflected);
}
END_TEST

// Whatever the parameter is called, and by whatever name it goes for its type.
START_TEST(it_is_the_type_that_makes_it_so) {
    static const struct {
        const char *type;
        const char *name;
    } parameters[] = {{"hm_async *", "done"}, {"hm_async *const", "x2"},
            {"struct hm_async *", "answer"}, {"later", "out"}, {"const later", "f"}};
    for (size_t i = 0; i < sizeof parameters / sizeof *parameters; i++) {
        char source[256];
        const char *name = parameters[i].name;
        snprintf(source, sizeof source,
                NODE "typedef hm_async *later;\n"
                     "void f(int x, int *y, %s %s) { *y = x; (void)%s; }\n",
                parameters[i].type, name, name);
        hm_reflected reflected;
        hm_reflected_source(&reflected, source);
        hm_reflected_load(&reflected, "gcc");
        const hm_function *f = hm_reflected_function(&reflected, "f");
        ck_assert_msg(f->start != NULL, "%s", parameters[i].type);
        ck_assert_uint_eq(f->parameter_count, 1);
        ck_assert_str_eq(f->outputs[0].name, "y");
        hm_reflected_finish(&reflected);
    }
}
END_TEST

static const char every_shape[] = NODE
        "struct s { double a; };\n"
        "struct o;\n"
        "static hm_async *last;\n"
        "static const void *seen;\n"
        "HM_STATEFUL\n"
        "int all(double x, const char *word, struct s by_value, const struct s "
        "*by_ref,\n"
        "        const struct o *opaque, size_t n, const double many[n], double *sum,\n"
        "        const char **borrowed, char **given, double doubled[n], hm_async "
        "*done)"
        " {\n"
        "    last = done;\n"
        "    seen = opaque;\n"
        "    *sum = x + by_value.a + by_ref->a + (double)n;\n"
        "    *borrowed = word;\n"
        "    *given = (char *)seen;\n"
        "    for (size_t i = 0; i < n; i++) doubled[i] = 2 * many[i];\n"
        "    return last == done ? 7 : 0;\n"
        "}\n";

// Row 1 of lanes with two rows, or rows that are the same.
static void check_every_shape(const hm_function *all) {
    struct s {
        double a;
    } structs[] = {{1}, {20}};
    struct s referred = {300};
    const struct s *references[] = {NULL, &referred};
    double x = 4000;
    const char *words[] = {"no", "yes"};
    const void *opaque = &call_of_nothing;
    double many[] = {1, 2, 3};
    hm_array arrays[] = {{0}, {.data = many, .length = 3}};
    double sums[2] = {0};
    const char *borrowed[2] = {0};
    char *given[2] = {0};
    double doubled[3] = {0};
    hm_array doubles[] = {{0}, {.data = doubled, .length = 3}};
    hm_lane lanes[] = {{&x, 0}, {words, 1}, {structs, 1}, {references, 1}, {&opaque, 0},
            {arrays, 1}, {sums, 1}, {borrowed, 1}, {given, 1}, {doubles, 1}};
    ck_assert_uint_eq(all->parameter_count, 6);
    ck_assert_uint_eq(all->output_count, 4);
    ck_assert_int_eq(start(all, lanes, 1), 7);
    ck_assert_double_eq(sums[0], 0);
    ck_assert_double_eq(sums[1], 4323);
    ck_assert_str_eq(borrowed[1], "yes");
    ck_assert_ptr_null(borrowed[0]);
    ck_assert_ptr_eq(given[1], &call_of_nothing);
    ck_assert_double_eq(doubled[2], 6);
}

START_TEST(every_shape_of_a_row_reaches_the_function) {
    hm_reflected reflected;
    char source[2048] = "#include <hamilton/modifiers.h>\n";
    strcat(source, every_shape);
    hm_reflected_source(&reflected, source);
    const char *compilers[2];
    size_t count = hm_reflected_compilers(compilers);
    for (size_t i = 0; i < count; i++) {
        hm_reflected_load(&reflected, compilers[i]);
        check_every_shape(hm_reflected_function(&reflected, "all"));
    }
    hm_reflected_finish(&reflected);
}
END_TEST

START_TEST(what_a_header_or_a_modifier_says_of_it_counts) {
    hm_reflected reflected;
    hm_reflected_init(&reflected);
    hm_reflected_write(&reflected, "features.h",
            "#include <hamilton/modifiers.h>\n" NODE
            "HM_TAG(limit, \"db\") HM_TAG(owner, me)\n"
            "void f(HM_DEFAULT(2) double x, double *out, hm_async *done);\n"
            "static inline void end(hm_async *done) { (void)done; }\n"
            "HM_EXCLUDE void excluded(hm_async *done, int x);\n"
            "HM_WHEN(kind, a) void v__a(double x, double *out, hm_async *done);\n");
    hm_reflected_write(&reflected, "features.c",
            "#include \"features.h\"\n"
            "void f(double x, double *out, hm_async *done) { *out = x; end(done); }\n"
            "void excluded(hm_async *done, int x) { (void)x; end(done); }\n"
            "inline void v__a(double x, double *out, hm_async *done) {\n"
            "    *out = x; end(done);\n"
            "}\n"
            "HM_OTHERWISE double v__b(double x) { return x; }\n");
    hm_reflected_read(&reflected, NULL, 0);
    ck_assert_msg(reflected.status == HM_OK, "%s", reflected.error.message);
    hm_reflected_load(&reflected, "gcc");
    ck_assert_uint_eq(reflected.module->function_count, 3);
    const hm_function *f = hm_reflected_function(&reflected, "f");
    ck_assert_uint_eq(f->modifier_count, 2);
    ck_assert_double_eq(*(const double *)f->parameters[0].default_value, 2);
    ck_assert_ptr_nonnull((void *)(uintptr_t)f->start);
    const hm_function *v = hm_reflected_function(&reflected, "v__a");
    ck_assert_ptr_nonnull((void *)(uintptr_t)v->start);
    ck_assert_uint_eq(v->modifier_count, 1);
    hm_reflected_finish(&reflected);
}
END_TEST

START_TEST(a_module_of_them_can_be_compiled_in_parts) {
    hm_reflected reflected;
    hm_reflected_source(&reflected, NODE
            "int f(int x, int *out, hm_async *done) { *out = x; return done == 0; }\n"
            "double g(double x) { return x; }\n"
            "void h(int x, int *out, hm_async *done) { *out = -x; (void)done; }\n");
    hm_reflected_load_parts(&reflected, "gcc", 2);
    int x = 5;
    int out = 0;
    const hm_lane lanes[] = {{&x, 0}, {&out, 0}};
    ck_assert_int_eq(start(hm_reflected_function(&reflected, "f"), lanes, 0), 0);
    ck_assert_int_eq(out, 5);
    ck_assert_int_eq(start(hm_reflected_function(&reflected, "h"), lanes, 0), 0);
    ck_assert_int_eq(out, -5);
    hm_reflected_finish(&reflected);
}
END_TEST

static const struct {
    const char *source; // behind two lines of includes
    const char *message;
    const char *mend;
} refusals[] = {
        {"double f(double x, hm_async *done) { (void)done; return x; }",
                "`f` is asynchronous and returns `double`", "through `T *out`"},
        {"int f(double x, hm_async *done) { (void)done; return x > 0; }",
                "`f` is asynchronous and returns `int`", "return void, or a status"},
        {"double f(double x, double *y, hm_async *done) { (void)done; return *y = x; }",
                "`f` is asynchronous and returns `double`", NULL},
        {"const char *f(hm_async *done) { (void)done; return 0; }",
                "`f` is asynchronous and returns `const char *`", NULL},
        {"void f(double x, hm_async *done) { (void)done; (void)x; }",
                "`f` has no output", "write one through `T *out`"},
        {"void f(hm_async *done, double x, double *out) { (void)done; *out = x; }",
                "`done` of `f` is an `hm_async *` and not the last parameter",
                "as the last parameter"},
        {"void f(int x, int *out, hm_async *a, hm_async *b) { (void)a; (void)b; *out = "
         "x; }",
                "`a` of `f` is an `hm_async *` and not the last", "take one"},
        {"void f(int x, int *out, const hm_async *done) { (void)done; *out = x; }",
                "is a `const hm_async *`", "take `hm_async *done`"},
        {"void f(int x, int *out, hm_async **done) { (void)done; *out = x; }",
                "is a `hm_async **`", "take `hm_async *done`"},
        {"void f(size_t n, const int x[n], int *out, hm_async *d[n]) {\n"
         "    (void)d; *out = x[0];\n}",
                "array of pointers", NULL},
        {"void f(int x, int **out, size_t *n, hm_async *done) {\n"
         "    (void)done; *out = 0; *n = (size_t)x;\n}",
                "`out` of `f` is an array whose length the function decides",
                "as long as one that it takes: `T out[n]`"},
        {"hm_async *f(int x) { (void)x; return 0; }",
                "`the result` of `f` is an `hm_async *`", "return void"},
        {"const hm_async *f(int x) { (void)x; return 0; }",
                "`the result` of `f` is an `hm_async *`", "return void"},
        {"void f(int x, int *out, HM_DEFAULT(1) hm_async *done) { (void)done; *out = "
         "x; }",
                "`done` of `f` is no input, which has no default", "remove HM_DEFAULT"},
};

START_TEST(what_it_cannot_declare_is_refused) {
    char source[512];
    snprintf(source, sizeof source, "#include <hamilton/modifiers.h>\n" NODE "%s\n",
            refusals[_i].source);
    hm_reflected reflected;
    hm_reflected_init(&reflected);
    hm_reflected_write(&reflected, "features.c", source);
    hm_reflected_read(&reflected, NULL, 0);
    ck_assert_int_eq(reflected.status, HM_BAD_SOURCE);
    ck_assert_uint_eq(hm_diagnostics_count(reflected.faults), 1);
    const hm_diagnostic *fault = hm_diagnostics_at(reflected.faults, 0);
    ck_assert_msg(hm_reflected_fault(&reflected, 4, refusals[_i].message,
                          refusals[_i].mend) != NULL,
            "%s:%u: %s; %s", fault->file, (unsigned)fault->line, fault->message,
            fault->mend);
    ck_assert_str_eq(fault->node, "f");
    hm_reflected_finish(&reflected);
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("reflect/async");
    TCase *tests = tcase_create("async");
    tcase_add_test(tests, an_asynchronous_function_is_started_and_never_called);
    tcase_add_test(tests, it_is_the_type_that_makes_it_so);
    tcase_add_test(tests, every_shape_of_a_row_reaches_the_function);
    tcase_add_test(tests, what_a_header_or_a_modifier_says_of_it_counts);
    tcase_add_test(tests, a_module_of_them_can_be_compiled_in_parts);
    tcase_add_loop_test(tests, what_it_cannot_declare_is_refused, 0,
            sizeof refusals / sizeof *refusals);
    suite_add_tcase(suite, tests);
    return suite;
}
