// test_version.c — code versions change with all that a function reaches, and with
// nothing else.

#include <stdio.h>
#include <string.h>

#include "tests/support/reflected.h"
#include "tests/support/suite.h"

typedef struct hm_edit {
    const char *before;
    const char *after; // its function f is the one that is compared
} hm_edit;

#define MODIFIERS "#include <hamilton/modifiers.h>\n"

// Each edit is in something that f reaches.
static const hm_edit changes[] = {
        {"double f(double x) { return x + 1; }",
                "double f(double x) { return x + 2; }"},
        {"double f(double x) { return x; }", "double f(float x) { return x; }"},
        {"double f(double x) { return x; }", "double f(double y) { return y; }"},
        // where it stands, if it says so
        {"int f(int x) { return x + __LINE__; }",
                "// one more line\nint f(int x) { return x + __LINE__; }"},
        {"int f(int x) { return x + __LINE__; }",
                "int f(int x) {\nreturn x + __LINE__; }"},
        {"#define A __LINE__\n#define B (A)\nint f(int x) { return x + B; }",
                "#define A __LINE__\n#define B (A)\nint f(int x) {\nreturn x + B; }"},
        // helpers, near and far
        {"static double h(double x) { return x; }\ndouble f(double x) { return h(x); }",
                "static double h(double x) { return -x; }\n"
                "double f(double x) { return h(x); }"},
        {"static double g(void) { return 1; }\nstatic double h(void) { return g(); }\n"
         "double f(double x) { return h() + x; }",
                "static double g(void) { return 2; }\n"
                "static double h(void) { return g(); }\n"
                "double f(double x) { return h() + x; }"},
        {"double h(double x) { return x; }\ndouble f(double x) { return h(x); }",
                "double h(double x) { return -x; }\ndouble f(double x) { return h(x); "
                "}"},
        {"static int b(int x);\nstatic int a(int x) { return x ? b(x - 1) : 1; }\n"
         "static int b(int x) { return x ? a(x - 1) : 2; }\nint f(int x) { return "
         "a(x); }",
                "static int b(int x);\nstatic int a(int x) { return x ? b(x - 1) : 1; "
                "}\n"
                "static int b(int x) { return x ? a(x - 1) : 3; }\n"
                "int f(int x) { return a(x); }"},
        {"static double h(double x) { return x; }\n"
         "double f(double x) { double (*p)(double) = h; return p(x); }",
                "static double h(double x) { return -x; }\n"
                "double f(double x) { double (*p)(double) = h; return p(x); }"},
        {"static void h(double *x) { *x = 1; }\n"
         "double f(double x) { __attribute__((cleanup(h))) double y = x; return y; }",
                "static void h(double *x) { *x = 2; }\n"
                "double f(double x) { __attribute__((cleanup(h))) double y = x; return "
                "y; }"},
        {"#line 1\nint f(int x) { return x + __LINE__; }",
                "#line 50\nint f(int x) { return x + __LINE__; }"},
        {"#define A __LINE__\n#line 7\nint f(int x) { return x + A; }",
                "#define A __LINE__\n#line 8\nint f(int x) { return x + A; }"},
        // types that attributes behind them make
        {"typedef float v __attribute__((vector_size(16)));\n"
         "int f(int x) { return x + (int)sizeof(v); }",
                "typedef float v __attribute__((vector_size(32)));\n"
                "int f(int x) { return x + (int)sizeof(v); }"},
        // blanks that become text
        {"#define S(x) #x\nconst char *f(int x) { return x ? S(a+b) : 0; }",
                "#define S(x) #x\nconst char *f(int x) { return x ? S(a + b) : 0; }"},
        {"#define S(x) #x\n#define T(x) S(x)\n#define B a +b\n"
         "const char *f(int x) { return x ? T(B) : 0; }",
                "#define S(x) #x\n#define T(x) S(x)\n#define B a+ b\n"
                "const char *f(int x) { return x ? T(B) : 0; }"},
        // what nobody names
        {"static int k;\n__attribute__((constructor)) static void g(void) { k = 1; }\n"
         "int f(int x) { return x + k; }",
                "static int k;\n"
                "__attribute__((constructor)) static void g(void) { k = 2; }\n"
                "int f(int x) { return x + k; }"},
        {"static int k;\nint f(int x) { return x + k; }",
                "static int k;\n"
                "__attribute__((constructor)) static void g(void) { k = 2; }\n"
                "int f(int x) { return x + k; }"},
        {"__asm__(\".globl k\\nk: .long 1\");\nextern const int k;\n"
         "int f(int x) { return x + k; }",
                "__asm__(\".globl k\\nk: .long 2\");\nextern const int k;\n"
                "int f(int x) { return x + k; }"},
        {"int f(int x) { return x + __COUNTER__; }",
                "static const int k = __COUNTER__;\n"
                "int f(int x) { return x + __COUNTER__; }"},
        {"double f(double x) { return x + 1e16 - 1e16; }",
                "#pragma GCC optimize(\"fast-math\")\n"
                "double f(double x) { return x + 1e16 - 1e16; }"},
        {"int f(int x) { struct { char c; int i; } s; return x + (int)sizeof s; }",
                "_Pragma(\"pack(1)\")\n"
                "int f(int x) { struct { char c; int i; } s; return x + (int)sizeof s; "
                "}"},
        // what combines
        {MODIFIERS "static int h(int x) { return x; }\n"
                   "static int g(int a, int b) { return h(a) + b; }\n"
                   "HM_REDUCE(g) int f(unsigned long n, const int x[n]) { return x[0]; "
                   "}",
                MODIFIERS
                "static int h(int x) { return -x; }\n"
                "static int g(int a, int b) { return h(a) + b; }\n"
                "HM_REDUCE(g) int f(unsigned long n, const int x[n]) { return x[0]; "
                "}"},
        {MODIFIERS
                "static int g(int a, int b) { return a + b; }\n"
                "static int h(int a, int b) { return a + b; }\n"
                "HM_REDUCE(g) int f(unsigned long n, const int x[n]) { return x[0] + "
                "0 * h(1, 1); }",
                MODIFIERS
                "static int g(int a, int b) { return a + b; }\n"
                "static int h(int a, int b) { return a + b; }\n"
                "HM_REDUCE(h) int f(unsigned long n, const int x[n]) { return x[0] + "
                "0 * h(1, 1); }"},
        // what does it in its place, and with what
        {MODIFIERS "static int g(int a) { return a; }\nHM_DOES(g) int f(int a);",
                MODIFIERS
                "static int g(int a) { return -a; }\nHM_DOES(g) int f(int a);"},
        {MODIFIERS "static int g(int a, int b) { return a - b; }\n"
                   "HM_DOES(g, HM_VALUE(b, 1)) int f(int a);",
                MODIFIERS "static int g(int a, int b) { return a - b; }\n"
                          "HM_DOES(g, HM_VALUE(b, 2)) int f(int a);"},
        // macros
        {"#define K 1\ndouble f(double x) { return x + K; }",
                "#define K 2\ndouble f(double x) { return x + K; }"},
        {"#define K(a) (a + 1)\ndouble f(double x) { return K(x); }",
                "#define K(a) (a + 2)\ndouble f(double x) { return K(x); }"},
        {"#define A 1\n#define B A\n#define C B\ndouble f(double x) { return x + C; }",
                "#define A 2\n#define B A\n#define C B\ndouble f(double x) { return x "
                "+ "
                "C; }"},
        {"#define B(x) (x + A)\n#define A 1\ndouble f(double x) { return B(x); }",
                "#define B(x) (x + A)\n#define A 2\ndouble f(double x) { return B(x); "
                "}"},
        {"#define SQ(x) ((x) * (x))\n#define APPLY(m, x) m(x)\n"
         "double f(double x) { return APPLY(SQ, x); }",
                "#define SQ(x) ((x) + (x))\n#define APPLY(m, x) m(x)\n"
                "double f(double x) { return APPLY(SQ, x); }"},
        {"#define K_ONE 1\n#define K(n) K_##n\ndouble f(double x) { return x + K(ONE); "
         "}",
                "#define K_ONE 2\n#define K(n) K_##n\n"
                "double f(double x) { return x + K(ONE); }"},
        {"#define H(n) static double n(double x) { return x; }\nH(h)\n"
         "double f(double x) { return h(x); }",
                "#define H(n) static double n(double x) { return -x; }\nH(h)\n"
                "double f(double x) { return h(x); }"},
        {"#define MAKE(n) double n(double x) { return x; }\nMAKE(f)",
                "#define MAKE(n) double n(double x) { return -x; }\nMAKE(f)"},
        {"static double h(double x) { return x; }\n#define CALL(x) h(x)\n"
         "double f(double x) { return CALL(x); }",
                "static double h(double x) { return -x; }\n#define CALL(x) h(x)\n"
                "double f(double x) { return CALL(x); }"},
        {"#define FAST 1\ndouble f(double x) {\n#if FAST\n    x = 1;\n#endif\n"
         "    return x;\n}",
                "#define FAST 0\ndouble f(double x) {\n#if FAST\n    x = 1;\n#endif\n"
                "    return x;\n}"},
        {"#define FAST\ndouble f(double x) {\n#ifdef FAST\n    x = 1;\n#endif\n"
         "    return x;\n}",
                "double f(double x) {\n#ifdef FAST\n    x = 1;\n#endif\n"
                "    return x;\n}"},
        // types
        {"struct s { int a; };\ndouble f(struct s x) { return x.a; }",
                "struct s { long a; };\ndouble f(struct s x) { return x.a; }"},
        {"struct s { int a; };\nint f(int x) { struct s v = {x}; return v.a; }",
                "struct s { long a; };\nint f(int x) { struct s v = {x}; return v.a; "
                "}"},
        {"struct s { int a; };\nint f(int x) { return x + (int)sizeof(struct s); }",
                "struct s { long a; };\nint f(int x) { return x + (int)sizeof(struct "
                "s); "
                "}"},
        {"typedef float money;\ndouble f(money x) { return x; }",
                "typedef double money;\ndouble f(money x) { return x; }"},
        {"typedef float unit;\ntypedef unit money;\ndouble f(money x) { return x; }",
                "typedef double unit;\ntypedef unit money;\ndouble f(money x) { return "
                "x; "
                "}"},
        {"struct in { int a; };\nstruct s { struct in i; };\n"
         "int f(struct s x) { return x.i.a; }",
                "struct in { char a; };\nstruct s { struct in i; };\n"
                "int f(struct s x) { return x.i.a; }"},
        {"enum e { A = 1 };\nint f(int x) { return x + A; }",
                "enum e { A = 2 };\nint f(int x) { return x + A; }"},
        {"enum { A = 1 };\nint f(int x) { return x + A; }",
                "enum { A = 2 };\nint f(int x) { return x + A; }"},
        {"struct s { char a; };\nstatic struct s *get(void) { return 0; }\n"
         "int f(int x) { return x + (int)sizeof get()->a; }",
                "struct s { int a; };\nstatic struct s *get(void) { return 0; }\n"
                "int f(int x) { return x + (int)sizeof get()->a; }"},
        // globals
        {"static const double k = 1;\ndouble f(double x) { return x + k; }",
                "static const double k = 2;\ndouble f(double x) { return x + k; }"},
        {"static const double k = 1, l = 1;\ndouble f(double x) { return x + l; }",
                "static const double k = 1, l = 2;\ndouble f(double x) { return x + l; "
                "}"},
        {"#define K 1\nstatic const double k = K;\ndouble f(double x) { return x + k; "
         "}",
                "#define K 2\nstatic const double k = K;\n"
                "double f(double x) { return x + k; }"},
        {"static int h(void) { return 1; }\nstatic int (*const p)(void) = h;\n"
         "int f(int x) { return p() + x; }",
                "static int h(void) { return 2; }\nstatic int (*const p)(void) = h;\n"
                "int f(int x) { return p() + x; }"},
        // defaults
        {MODIFIERS "double f(HM_DEFAULT(1) double x) { return x; }",
                MODIFIERS "double f(HM_DEFAULT(2) double x) { return x; }"},
        {MODIFIERS "#define K 1\ndouble f(HM_DEFAULT(K) double x) { return x; }",
                MODIFIERS
                "#define K 2\ndouble f(HM_DEFAULT(K) double x) { return x; }"},
        {MODIFIERS "HM_TAG(a, b) double f(double x) { return x; }",
                MODIFIERS "HM_TAG(a, b) double f(double x) { return -x; }"},
};

// Each edit is in something that f does not reach, or that says nothing.
static const hm_edit equals[] = {
        {"#define S(x) #x\nconst char *f(int x) { return x ? S(a + b) : 0; }",
                "#define S(x) #x\n"
                "const char *f(int x) { return x  ?  S(a   +/**/ b) : 0; }"},
        {"#define D(x) (x)\nint f(int x) { return D(x+1); }",
                "#define D(x) ( x )\nint f(int x) { return D(x + 1); }"},
        {"double f(double x) { return x; }",
                "#pragma GCC diagnostic ignored \"-Wunused\"\n"
                "double f(double x) { return x; }"},
        {"#pragma GCC optimize(\"O1\")\nint f(int x) { return x; }",
                "#pragma  GCC optimize(\"O1\")\n\n"
                "int f(int x) { return x; } int g(int x) { return x; }"},
        {"#define A __LINE__\nint f(int x) { return x; }",
                "\n#define A __LINE__\n\nint f(int x) { return x; }"},
        {"double f(double x) { return x; }",
                "// c\ndouble  f( double x )\n{\n /* c */ return x; // d\n}\n"},
        {"double f(double x) { return x; }",
                "/** A doc. */\n\n\ndouble f(double x) { return x; }"},
        {"double f(double x) { return x; }\ndouble g(double x) { return x; }",
                "double g(double x) { return -x; }\ndouble f(double x) { return x; }"},
        // g is the name of a parameter here, not of the other function
        {"double g(double x) { return x; }\ndouble f(double g) { return g; }",
                "double g(double x) { return -x; }\ndouble f(double g) { return g; }"},
        {"static const double k = 1, l = 1;\ndouble f(double x) { return x + l + 0 * "
         "k; }"
         "\ndouble g(void) { return k; }",
                "static const double k = 1, l = 1;\n\ndouble f(double x) { return x + "
                "l + "
                "0 * k; }\ndouble g(void) { return k + 1; }"},
        {"static const double k = 1, l = 1;\ndouble f(double x) { return x + l; }"
         "\ndouble g(void) { return k; }",
                "static const double k = 2, l = 1;\ndouble f(double x) { return x + l; "
                "}"
                "\ndouble g(void) { return k; }"},
        {"#define K 1\n#define L 1\ndouble f(double x) { return x + K; }",
                "#define K 1\n#define L 2\ndouble f(double x) { return x + K; }"},
        {"#define K 1 // one\ndouble f(double x) { return x + K; }",
                "#define K /* 1 */ 1\ndouble f(double x) { return x + K; }"},
        {"#define K(x) ((x) + k)\n#define x 1\n#undef x\n"
         "double f(double v) { double k = 1; return K(v); }",
                "#define K(x) ((x) + k)\n#define x 2\n#undef x\n"
                "double f(double v) { double k = 1; return K(v); }"},
        {"struct s { int a; };\nstruct t { int a; };\nint f(struct s v) { return v.a; "
         "}",
                "struct s { int a; };\nstruct t { long a; };\n"
                "int f(struct s v) { return v.a; }"},
        {"double f(double x) {\n#ifdef NEVER\n    x = 1;\n#endif\n    return x;\n}",
                "double f(double x) {\n#ifdef NEVER\n    x = 2;\n#endif\n    return "
                "x;\n}"},
        {MODIFIERS "HM_TAG(a, b) double f(double x) { return x; }", MODIFIERS
                "HM_TAG(a, c) HM_TAG(d, \"e)\") double f(double x) { return x; "
                "}"},
        {MODIFIERS "double f(HM_DEFAULT(1) double x) { return x; }",
                MODIFIERS "double f(HM_DEFAULT( 1 ) double x) { return x; }"},
        {MODIFIERS "double g(double x);\ndouble f(double x) { return g(x); }\n"
                   "double g(double x) { return x; }",
                MODIFIERS "double g(double x);\ndouble f(double x) { return g(x); }\n"
                          "HM_TAG(a, b) double g(double x) { return x; }"},
        {"#include <assert.h>\ndouble f(double x) { assert(x > 0); return x; }",
                "#include <assert.h>\n\n\n\ndouble f(double x) { assert(x > 0); return "
                "x; }"},
};

static void read_version_with(const char *source, const char *header,
        const char *const *flags, size_t flag_count, char *version) {
    hm_reflected reflected;
    hm_reflected_init(&reflected);
    hm_reflected_write(&reflected, "header.h", header);
    hm_reflected_write(&reflected, "features.c", source);
    hm_reflected_read(&reflected, flags, flag_count);
    ck_assert_msg(reflected.status == HM_OK, "%s", reflected.error.message);
    hm_reflected_version(&reflected, "f", version);
    hm_reflected_finish(&reflected);
}

static void read_version(const char *source, const char *header, char *version) {
    read_version_with(source, header, NULL, 0, version);
}

static bool differ(const hm_edit *edit) {
    char before[HM_DIGEST_SIZE];
    char after[HM_DIGEST_SIZE];
    read_version(edit->before, "", before);
    read_version(edit->after, "", after);
    return strcmp(before, after) != 0;
}

START_TEST(what_a_function_reaches_changes_its_version) {
    ck_assert_msg(differ(&changes[_i]), "%s", changes[_i].after);
}
END_TEST

START_TEST(nothing_else_does) {
    ck_assert_msg(!differ(&equals[_i]), "%s", equals[_i].after);
}
END_TEST

static bool header_matters(
        const char *source, const char *header, const char *edited_header) {
    char before[HM_DIGEST_SIZE];
    char after[HM_DIGEST_SIZE];
    read_version(source, header, before);
    read_version(source, edited_header, after);
    return strcmp(before, after) != 0;
}

START_TEST(the_users_headers_count) {
    static const char source[] =
            "#include \"header.h\"\ndouble f(double x) { return h(x) + K; }\n";
    static const char header[] =
            "#define K 1\nstatic inline double h(double x) { return x; }\n"
            "static inline double other(double x) { return x; }\n";
    ck_assert(header_matters(source, header,
            "#define K 2\nstatic inline double h(double x) { return x; }\n"));
    ck_assert(header_matters(source, header,
            "#define K 1\nstatic inline double h(double x) { return -x; }\n"));
    ck_assert(!header_matters(source, header,
            "#define K 1\n\nstatic inline double h(double x) { return x; }\n"
            "static inline double other(double x) { return -x; }\n"));
}
END_TEST

START_TEST(flags_count_but_for_folders_of_headers) {
    static const char source[] = "double f(double x) { return x + K; }\n";
    static const char *const flags[][4] = {
            {"-DK=1", "-O2", "-O2"},
            {"-DK=2", "-O2", "-O2"},
            {"-D", "K=1", "-O2"},
            {"-DK=1", "-O2", "-ffast-math"},
            {"-DK=1", "-O2", "-O2", "-I/nowhere"},
    };
    char versions[5][HM_DIGEST_SIZE];
    for (size_t i = 0; i < 5; i++) {
        read_version_with(source, "", flags[i], i == 4 ? 4 : 3, versions[i]);
    }
    for (size_t i = 1; i < 4; i++) {
        ck_assert_str_ne(versions[0], versions[i]);
    }
    ck_assert_str_eq(versions[0], versions[4]);

    static const char *const apart[] = {"-DK=1", "-I", "/nowhere", "-O2", "-O2"};
    read_version_with(source, "", apart, 5, versions[1]);
    ck_assert_str_eq(versions[0], versions[1]);
}
END_TEST

START_TEST(a_file_included_within_a_declaration_is_a_part_of_it) {
    ck_assert(header_matters("static const double t[] = {\n#include \"header.h\"\n};\n"
                             "double f(double x) { return x + t[0]; }\n",
            "1, 2", "1, 3"));
    ck_assert(header_matters("double f(double x) {\n#include \"header.h\"\n}\n",
            "return x;", "return -x;"));
}
END_TEST

START_TEST(functions_behind_macros_are_told_apart) {
    hm_reflected reflected;
    hm_reflected_source(&reflected,
            "#include <hamilton/modifiers.h>\n"
            "#define MAKE(name) double name(double x) { return x; }\n"
            "#define PAIR(a, b) MAKE(a) MAKE(b)\n"
            "HM_TAG(owner, \"x\") double f(double x) { return x; }\n"
            "HM_TAG(owner, \"x\") double g(double x) { return -x; }\n"
            "MAKE(h)\n"
            "PAIR(i, j)\n");
    static const char *const names[] = {"f", "g", "h", "i", "j"};
    char versions[5][HM_DIGEST_SIZE];
    for (size_t i = 0; i < 5; i++) {
        hm_reflected_version(&reflected, names[i], versions[i]);
        ck_assert_uint_eq(strspn(versions[i], "0123456789abcdef"), 32);
        for (size_t k = 0; k < i; k++) {
            ck_assert_str_ne(versions[i], versions[k]);
        }
    }
    hm_reflected_finish(&reflected);
}
END_TEST

// A chain of helpers whose depth is the user's.
START_TEST(a_long_chain_is_followed_to_its_end) {
    enum { LENGTH = 3000, ROOM = LENGTH * 80 };
    static char source[2][ROOM];
    for (size_t which = 0; which < 2; which++) {
        size_t at = (size_t)snprintf(source[which], ROOM,
                "static int h0(int x) { return x + %zu; }\n", which);
        for (int i = 1; i < LENGTH; i++) {
            at += (size_t)snprintf(source[which] + at, ROOM - at,
                    "static int h%d(int x) { return h%d(x); }\n", i, i - 1);
        }
        snprintf(source[which] + at, ROOM - at, "int f(int x) { return h%d(x); }\n",
                LENGTH - 1);
    }
    ck_assert(differ(&(hm_edit){source[0], source[1]}));
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("reflect/version");
    TCase *tests = tcase_create("version");
    tcase_add_loop_test(tests, what_a_function_reaches_changes_its_version, 0,
            sizeof changes / sizeof *changes);
    tcase_add_loop_test(tests, nothing_else_does, 0, sizeof equals / sizeof *equals);
    tcase_add_test(tests, the_users_headers_count);
    tcase_add_test(tests, flags_count_but_for_folders_of_headers);
    tcase_add_test(tests, a_file_included_within_a_declaration_is_a_part_of_it);
    tcase_add_test(tests, functions_behind_macros_are_told_apart);
    tcase_add_test(tests, a_long_chain_is_followed_to_its_end);
    suite_add_tcase(suite, tests);
    return suite;
}
