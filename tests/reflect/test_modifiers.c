// test_modifiers.c — what modifiers say in the tables, and which are refused.

#include <math.h>
#include <stdio.h>
#include <string.h>

#include <hamilton/module.h>

#include "tests/support/reflected.h"
#include "tests/support/suite.h"

#define START                                                                          \
    "#include <hamilton/modifiers.h>\n#include <float.h>\n#include <limits.h>\n"       \
    "#include <math.h>\n#include <stdbool.h>\n#include <stddef.h>\n"                   \
    "#define ALPHA 0.25\n#define REGION us\n#define TEXT \"a, b\"\n"                   \
    "#define TWO 1, 2\nenum color { RED, GREEN = 5 };\n"
enum { START_LINES = 11 };

static void load(hm_reflected *reflected, const char *source) {
    char whole[4096];
    snprintf(whole, sizeof whole, START "%s\n", source);
    hm_reflected_source(reflected, whole);
    hm_reflected_load(reflected, "gcc");
}

typedef struct hm_default_case {
    const char *parameter;
    const char *code; // an equal value for a C test, compared as text of the number
    double expected;
} hm_default_case;

static const hm_default_case numbers[] = {
        {"HM_DEFAULT(0.1) double x", "double", 0.1},
        {"HM_DEFAULT(-1) double x", "double", -1},
        {"HM_DEFAULT(ALPHA) double x", "double", 0.25},
        {"HM_DEFAULT((ALPHA)) double x", "double", 0.25},
        {"HM_DEFAULT(-ALPHA) double x", "double", -0.25},
        {"HM_DEFAULT(1e-3f) double x", "double", (double)1e-3f},
        {"HM_DEFAULT(0x1p-4) double x", "double", 0.0625},
        {"HM_DEFAULT(.5) double x", "double", 0.5},
        {"HM_DEFAULT(M_PI) double x", "double", 3.14159265358979323846},
        {"HM_DEFAULT(DBL_MAX) double x", "double", 1.7976931348623157e308},
        {"HM_DEFAULT(INFINITY) double x", "double", (double)INFINITY},
        {"HM_DEFAULT(-INFINITY) double x", "double", -(double)INFINITY},
        {"HM_DEFAULT(NAN) double x", "double", (double)NAN},
        {"HM_DEFAULT(0.1) float x", "float", (double)0.1f},
        {"HM_DEFAULT(3) int x", "int", 3},
        {"HM_DEFAULT(-128) signed char x", "signed char", -128},
        {"HM_DEFAULT('a') char x", "char", 'a'},
        {"HM_DEFAULT(0x10) unsigned x", "unsigned", 16},
        {"HM_DEFAULT(010) int x", "int", 8},
        {"HM_DEFAULT(INT_MAX) int x", "int", 2147483647},
        {"HM_DEFAULT(18446744073709551615u) unsigned long x", "unsigned long",
                18446744073709551615.0},
        {"HM_DEFAULT(-9223372036854775807) long x", "long", -9223372036854775807.0},
        {"HM_DEFAULT(true) bool x", "bool", 1},
        {"HM_DEFAULT(0) bool x", "bool", 0},
        {"HM_DEFAULT(GREEN) enum color x", "enum color", 5},
        {"HM_DEFAULT(1) enum color x", "enum color", 1},
};

START_TEST(a_default_is_a_value_of_the_parameters_type) {
    char source[4096] = "";
    enum { COUNT = sizeof numbers / sizeof *numbers };
    for (size_t i = 0; i < COUNT; i++) {
        char line[256];
        snprintf(line, sizeof line, "double f%zu(%s) { return (double)x; }\n", i,
                numbers[i].parameter);
        strcat(source, line);
    }
    hm_reflected reflected;
    load(&reflected, source);
    for (size_t i = 0; i < COUNT; i++) {
        const hm_function *function = &reflected.module->functions[i];
        const void *value = function->parameters[0].default_value;
        ck_assert_ptr_nonnull(value);
        _Alignas(16) char frame[64] = {0};
        memcpy(frame, value, function->parameters[0].type->size);
        uint32_t at[] = {0, 16};
        function->call(frame, at, NULL);
        double result;
        memcpy(&result, frame + 16, sizeof result);
        bool equal = isnan(numbers[i].expected) ? isnan(result)
                                                : result == numbers[i].expected;
        ck_assert_msg(equal, "%s: %g", numbers[i].parameter, result);
    }
    hm_reflected_finish(&reflected);
}
END_TEST

START_TEST(a_string_may_have_a_default) {
    hm_reflected reflected;
    load(&reflected, "size_t f(HM_DEFAULT(\"a\\t\\\"b\\x41\" \"c?\") const char *x,\n"
                     "        HM_DEFAULT(TEXT) const char *y, double z) {\n"
                     "    return (size_t)x[0] + (size_t)y[0] + (size_t)z;\n}\n");
    const hm_parameter *parameters = reflected.module->functions[0].parameters;
    ck_assert_str_eq(*(const char *const *)parameters[0].default_value, "a\t\"bAc?");
    ck_assert_str_eq(*(const char *const *)parameters[1].default_value, "a, b");
    ck_assert_ptr_null(parameters[2].default_value);
    hm_reflected_finish(&reflected);
}
END_TEST

static void check_argument(const hm_modifier *modifier, size_t index,
        hm_argument_kind kind, const char *text, double real) {
    ck_assert_uint_lt(index, modifier->argument_count);
    const hm_argument *argument = &modifier->arguments[index];
    ck_assert_int_eq(argument->kind, kind);
    ck_assert_str_eq(argument->text, text);
    ck_assert_double_eq(argument->real, real);
}

START_TEST(arguments_are_literals_and_names_as_written) {
    hm_reflected reflected;
    load(&reflected, "HM_TAG(owner, \"team@corp;{}#\", linux, -3, 2.5, true, ALPHA, "
                     "REGION, TEXT)\n"
                     "HM_TAG(\"quoted key\", x)\n"
                     "HM_WHEN(REGION, us) HM_WHEN_NOT(mode, 1) HM_NAME(\"f\")\n"
                     "double f__us(double x) { return x; }\n"
                     "HM_OTHERWISE double f__other(double x) { return x; }\n");
    const hm_function *f = hm_reflected_function(&reflected, "f__us");
    ck_assert_uint_eq(f->modifier_count, 5);
    const hm_modifier *tag = &f->modifiers[0];
    ck_assert_str_eq(tag->name, "tag");
    ck_assert_uint_eq(tag->line, START_LINES + 1);
    check_argument(tag, 0, HM_ARGUMENT_NAME, "owner", 0);
    check_argument(tag, 1, HM_ARGUMENT_STRING, "team@corp;{}#", 0);
    check_argument(tag, 2, HM_ARGUMENT_NAME, "linux", 0);
    check_argument(tag, 3, HM_ARGUMENT_INT, "-3", -3);
    ck_assert_int_eq(tag->arguments[3].integer, -3);
    check_argument(tag, 4, HM_ARGUMENT_REAL, "2.5", 2.5);
    check_argument(tag, 5, HM_ARGUMENT_BOOL, "true", 1);
    check_argument(tag, 6, HM_ARGUMENT_REAL, "0.25", 0.25);
    check_argument(tag, 7, HM_ARGUMENT_NAME, "us", 0);
    check_argument(tag, 8, HM_ARGUMENT_STRING, "a, b", 0);
    ck_assert_uint_eq(tag->argument_count, 9);
    check_argument(&f->modifiers[1], 0, HM_ARGUMENT_STRING, "quoted key", 0);
    ck_assert_str_eq(f->modifiers[2].name, "when");
    check_argument(&f->modifiers[2], 0, HM_ARGUMENT_NAME, "us", 0);
    ck_assert_str_eq(f->modifiers[3].name, "when_not");
    check_argument(&f->modifiers[3], 1, HM_ARGUMENT_INT, "1", 1);
    ck_assert_str_eq(f->modifiers[4].name, "name");
    ck_assert_uint_eq(f->modifiers[4].line, START_LINES + 3);
    ck_assert_str_eq(f->outputs[0].name, "f__us");
    const hm_function *other = hm_reflected_function(&reflected, "f__other");
    ck_assert_str_eq(other->modifiers[0].name, "otherwise");
    ck_assert_uint_eq(other->modifiers[0].argument_count, 0);
    hm_reflected_finish(&reflected);
}
END_TEST

START_TEST(redeclarations_count_once) {
    hm_reflected reflected;
    load(&reflected, "HM_TAG(a, b) double f(HM_DEFAULT(2) double x);\n"
                     "HM_TAG(c, d) double f(double x);\n"
                     "HM_TAG(a, b) double f(double x) { return x; }\n"
                     "HM_STATEFUL double f(double x);\n");
    const hm_function *f = hm_reflected_function(&reflected, "f");
    ck_assert_uint_eq(f->modifier_count, 3);
    unsigned tags = 0;
    for (size_t i = 0; i < 3; i++) {
        tags += strcmp(f->modifiers[i].name, "tag") == 0;
    }
    ck_assert_uint_eq(tags, 2);
    ck_assert_uint_eq(f->flags, HM_FUNCTION_STATEFUL);
    ck_assert_double_eq(*(const double *)f->parameters[0].default_value, 2);
    hm_reflected_finish(&reflected);
}
END_TEST

START_TEST(a_type_has_one_destroyer) {
    hm_reflected reflected;
    load(&reflected, "struct m { int i; };\n"
                     "HM_DESTROYS static void end(struct m *m) { m->i = 0; }\n"
                     "struct m *make(int x) { (void)x; return 0; }\n");
    const hm_type *type = reflected.module->functions[0].outputs[0].type;
    int object = 3;
    type->destroy(&object);
    ck_assert_int_eq(object, 0);
    ck_assert_uint_eq(reflected.module->function_count, 1);
    hm_reflected_finish(&reflected);
}
END_TEST

typedef struct hm_refusal {
    const char *source;
    unsigned line;
    const char *message;
    const char *mend;
} hm_refusal;

static const hm_refusal refusals[] = {
        {"double f(HM_DEFAULT(\"x\") double x) { return x; }", 1, "is no double",
                "a literal that `double` can hold"},
        {"double f(HM_DEFAULT(1.5) int x) { return x; }", 1, "1.5", "int"},
        {"double f(HM_DEFAULT(300) unsigned char x) { return x; }", 1, "300",
                "unsigned char"},
        {"double f(HM_DEFAULT(-1) unsigned x) { return x; }", 1, "-1", NULL},
        {"double f(HM_DEFAULT(1e39) float x) { return x; }", 1, "1e39", "float"},
        {"double f(HM_DEFAULT(2) bool x) { return x; }", 1, "is no bool", NULL},
        {"double f(HM_DEFAULT(true) int x) { return x; }", 1, "is no int", NULL},
        {"double f(HM_DEFAULT(BLUE) enum color x) { return x; }", 1, "BLUE", NULL},
        {"double f(HM_DEFAULT(us) const char *x) { return x[0]; }", 1, "us",
                "in quotes"},
        {"double f(HM_DEFAULT(sizeof(int)) int x) { return x; }", 1,
                "`sizeof(int)` is no literal", NULL},
        {"double f(HM_DEFAULT() int x) { return x; }", 1, "HM_DEFAULT of `x` has 0",
                "HM_DEFAULT(value)"},
        {"double f(HM_DEFAULT(1, 2) int x) { return x; }", 1, "has 2 arguments", NULL},
        {"double f(HM_DEFAULT(TWO) int x) { return x; }", 1, "has 2 arguments", NULL},
        {"double f(HM_DEFAULT(1) HM_DEFAULT(2) int x) { return x; }", 1, "stands twice",
                NULL},
        {"struct s { int i; };\nint f(HM_DEFAULT(1) struct s x) { return x.i; }", 2,
                "an object", "remove HM_DEFAULT"},
        {"double f(size_t n, HM_DEFAULT(1) const double x[n]) { return x[0]; }", 1,
                "an array", NULL},
        {"double f(HM_DEFAULT(3) size_t n, const double x[n]) { return x[0]; }", 1,
                "no input", NULL},
        {"void f(double x, HM_DEFAULT(1) double *out) { *out = x; }", 1, "no input",
                NULL},
        {"HM_DEFAULT(1) double f(double x) { return x; }", 1, "HM_DEFAULT stands on",
                "before a parameter"},
        {"double f(size_t n, HM_NULLABLE const double x[n]) { return x[0]; }", 1,
                "what is missing of `x` is NaN", "remove HM_NULLABLE"},
        {"double f(HM_NULLABLE int x) { return x; }", 1, "no array", NULL},
        {"double f(HM_ACCEPT_FAILED double x) { return x; }", 1,
                "`x` of `f` cannot be NULL", "take it as `const double *x`"},
        {"double f(size_t n, HM_ACCEPT_FAILED const double x[n]) { return x[0]; }", 1,
                "`x` of `f` cannot be NULL", NULL},
        {"double f(const double *x) { return *x; }", 1,
                "`x` of `f` is one value by reference, or an array",
                "take one value as `double x`"},
        {"double f(HM_NULLABLE size_t n, const int x[n]) { return x[0]; }", 1,
                "no array", NULL},
        {"double f(HM_TAG(a, b) double x) { return x; }", 1, "the parameter `x`", NULL},
        {"HM_TAG(a) double f(double x) { return x; }", 1, "has 1 argument",
                "HM_TAG(key, value, ...)"},
        {"HM_TAG(1, a) double f(double x) { return x; }", 1, "argument 1", NULL},
        {"HM_TAG(a, ) double f(double x) { return x; }", 1, "empty", NULL},
        {"HM_TAG(a, b c) double f(double x) { return x; }", 1, "`b c`", NULL},
        {"HM_TAG(a, b) static double g(double x) { return x; }\n"
         "double f(double x) { return g(x); }",
                1, "no node", NULL},
        {"HM_TAG(a, b) struct s { int i; };\nstruct s *p;\n"
         "HM_TAG(a, b) double f(double x) { return x; }\nHM_TAG(c, d) int v;",
                4, "HM_TAG stands on `v`", NULL},
        {"HM_WHEN(a, b) HM_OTHERWISE double f(double x) { return x; }", 1,
                "HM_OTHERWISE", NULL},
        {"HM_NAME(g) double f(double x) { return x; }", 1, "HM_NAME", "rename"},
        {"HM_NAME(\"a b\") HM_OTHERWISE double f(double x) { return x; }", 1, "a b",
                NULL},
        {"HM_DESTROYS int f(int *x) { return *x; }", 1, "HM_DESTROYS", "struct T *"},
        {"struct m { int i; };\nHM_DESTROYS void f(const struct m *x) { (void)x; }", 2,
                "HM_DESTROYS", NULL},
        {"struct m { int i; };\nHM_DESTROYS void f(struct m *x) { (void)x; }\n"
         "HM_DESTROYS void g(struct m *x) { (void)x; }",
                3, "both destroy `struct m`", NULL},
        {"struct s { int low; int high; };\n"
         "HM_EXTRACT_FIELDS(lows) struct s f(int x) { return (struct s){x, x}; }",
                2, "`struct s` has no field `lows`", "did you mean `low`?"},
        {"struct s { int a[2]; int b; };\n"
         "HM_EXTRACT_FIELDS() struct s f(int x) { return (struct s){{x}, x}; }",
                2, "field `a` is an array", "name the others: HM_EXTRACT_FIELDS(a, b)"},
        {"struct s { int *p; int b; };\n"
         "HM_EXTRACT_FIELDS(b, p) struct s f(int x) { return (struct s){0, x}; }",
                2, "field `p` is `int *`", "leave it out"},
        {"HM_EXTRACT_FIELDS() int f(int x) { return x; }", 1, "makes int and no struct",
                "return a struct"},
        {"struct s { int a; };\n"
         "HM_EXTRACT_FIELDS(2) struct s f(int x) { return (struct s){x}; }",
                2, "argument 1 in HM_EXTRACT_FIELDS of `f` is not a name",
                "HM_EXTRACT_FIELDS(field, ...)"},
        {"struct s { int a; };\n"
         "int f(HM_EXTRACT_FIELDS() struct s x) { return x.a; }",
                2, "stands on the parameter `x`", "before the function"},
        {"HM_INJECT(HM_SOURCE(speed, z)) double f(double x) { return x; }", 1,
                "HM_INJECT of `f`: it takes no `speed`", "name one of its parameters"},
        {"HM_INJECT(HM_SOURCE(wieght, z)) double f(double weight) { return weight; }",
                1, "it takes no `wieght`", "did you mean `weight`?"},
        {"HM_INJECT(HM_SOURCE(x, z), HM_VALUE(x, 1)) double f(double x) { return x; }",
                1, "`x` is bound twice", "keep one of the bindings"},
        {"HM_INJECT(HM_VALUE(x, 1.5)) double f(int x) { return x; }", 1,
                "the value 1.5 of `x` is no int",
                "write a literal that `int` can hold"},
        {"HM_INJECT(HM_VALUE(x, 256)) double f(unsigned char x) { return x; }", 1,
                "256", "`unsigned char`"},
        {"HM_INJECT(HM_VALUE(x, 1e39)) double f(float x) { return (double)x; }", 1,
                "1e39", "`float`"},
        {"HM_INJECT(HM_VALUE(x, BLUE)) double f(enum color x) { return x; }", 1, "BLUE",
                NULL},
        {"HM_INJECT(HM_VALUE(x, us)) double f(const char *x) { return x[0]; }", 1, "us",
                "in quotes"},
        {"HM_INJECT(HM_VALUE(x, 2)) double f(size_t n, const double x[n]) "
         "{ return x[0]; }",
                1, "`x` is an array", "bind it to a node or an input"},
        {"HM_INJECT(HM_VALUE(n, 2)) double f(size_t n, const double x[n]) "
         "{ return x[0]; }",
                1, "it takes no `n`", NULL},
        {"HM_INJECT(HM_SOURCE(x)) double f(double x) { return x; }", 1,
                "a binding has 1 argument", "write HM_SOURCE(parameter, node)"},
        {"HM_INJECT(HM_SOURCE(x, 3)) double f(double x) { return x; }", 1,
                "`3` is no name of a node", "write HM_SOURCE(parameter, node)"},
        {"HM_INJECT(HM_SOURCES(x, y)) double f(double x) { return x; }", 1,
                "`HM_SOURCES` is no binding", "write HM_SOURCE(parameter, node)"},
        {"HM_INJECT(x) double f(double x) { return x; }", 1, "`x` is no binding",
                "HM_GROUP(parameter, member, ...)"},
        {"HM_INJECT() double f(double x) { return x; }", 1, "has 0 arguments",
                "HM_INJECT(binding, ...)"},
        {"HM_INJECT(HM_VALUE(x, 1)) HM_INJECT(HM_VALUE(y, 1))\n"
         "double f(double x, double y) { return x + y; }",
                1, "stands twice", "keep one"},
        {"HM_PARAMETERIZE(a) void f(double x, double *b, double *c) { *b = *c = x; }",
                1, "HM_PARAMETERIZE of `f`: it makes 2 things",
                "let it make one thing"},
        {"HM_PARAMETERIZE(a) void f(double x, double *b) { *b = x; }", 1,
                "it makes `b`, which is not called as the function", "called `out`"},
        {"HM_PARAMETERIZE(\"a b\") double f(double x) { return x; }", 1,
                "`a b` in HM_PARAMETERIZE of `f` is no name", "as C has them"},
        {"HM_PARAMETERIZE() double f(double x) { return x; }", 1, "has 0 arguments",
                "HM_PARAMETERIZE(node, binding, ...)"},
        {"HM_PARAMETERIZE(a, HM_VALUE(x, \"1\")) double f(double x) { return x; }", 1,
                "the value 1 of `x` is no double", "`double` can hold"},
        {"HM_PARAMETERIZE(a)\nHM_INJECT(HM_VALUE(x, 1)) double f(double x) "
         "{ return x; }",
                1, "has HM_INJECT and HM_PARAMETERIZE", "keep one"},
        {"HM_PARAMETERIZE_FROM_CONFIG(a) HM_PARAMETERIZE(b) double f(double x) "
         "{ return x; }",
                1, "has HM_PARAMETERIZE and HM_PARAMETERIZE_FROM_CONFIG", "keep one"},
        {"struct s { int a; };\nHM_PARAMETERIZE_FROM_CONFIG(b) HM_EXTRACT_FIELDS()\n"
         "struct s f(int x) { return (struct s){x}; }",
                2, "would make the fields of HM_EXTRACT_FIELDS anew", "its nodes"},
        {"\nHM_TAG_OUTPUT(g, unit, m) double f(double x) { return x; }", 2,
                "makes no node `g`", "did you mean `f`?"},
        {"struct s { int a; };\nHM_PARAMETERIZE(b) HM_EXTRACT_FIELDS()\n"
         "HM_PARAMETERIZE(c) struct s f(int x) { return (struct s){x}; }",
                3, "would make the fields of HM_EXTRACT_FIELDS anew", "its nodes"},
        {"HM_TAGS(a, b) double f(double x) { return x; }", 1, "",
                "did you mean HM_TAG?"},
        {"__attribute__((annotate(\"hm\\fshine\\f\\f\"))) double f(double x) "
         "{ return x; }",
                1, "unknown modifier", NULL},
};

START_TEST(a_wrong_modifier_is_refused) {
    const hm_refusal *refusal = &refusals[_i];
    char source[1024];
    snprintf(source, sizeof source, START "%s\n", refusal->source);
    hm_reflected reflected;
    hm_reflected_init(&reflected);
    hm_reflected_write(&reflected, "features.c", source);
    hm_reflected_read(&reflected, NULL, 0);
    ck_assert_msg(reflected.status == HM_BAD_SOURCE, "accepted: %s", refusal->source);
    ck_assert_msg(hm_reflected_fault(&reflected, refusal->line + START_LINES,
                          refusal->message, refusal->mend) != NULL,
            "for %s:\n%s", refusal->source, reflected.error.message);
    hm_reflected_finish(&reflected);
}
END_TEST

START_TEST(a_missing_header_is_named) {
    hm_reflected reflected;
    hm_reflected_init(&reflected);
    hm_reflected_write(&reflected, "features.c",
            "HM_TAG(a, \"b\") double f(double x) { return x; }\n");
    hm_reflected_read(&reflected, NULL, 0);
    ck_assert_ptr_nonnull(
            hm_reflected_fault(&reflected, 1, "", "include <hamilton/modifiers.h>"));
    hm_reflected_finish(&reflected);
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("reflect/modifiers");
    TCase *tests = tcase_create("modifiers");
    tcase_add_test(tests, a_default_is_a_value_of_the_parameters_type);
    tcase_add_test(tests, a_string_may_have_a_default);
    tcase_add_test(tests, arguments_are_literals_and_names_as_written);
    tcase_add_test(tests, redeclarations_count_once);
    tcase_add_test(tests, a_type_has_one_destroyer);
    tcase_add_loop_test(
            tests, a_wrong_modifier_is_refused, 0, sizeof refusals / sizeof *refusals);
    tcase_add_test(tests, a_missing_header_is_named);
    suite_add_tcase(suite, tests);
    return suite;
}
