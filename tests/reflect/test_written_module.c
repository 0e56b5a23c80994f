// test_written_module.c — the written file against what a user's file may do to it.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <hamilton/module.h>

#include "tests/support/reflected.h"
#include "tests/support/suite.h"

static double call_double(const hm_function *function, double x) {
    double frame[4] = {x};
    uint32_t at[] = {0, 8};
    ck_assert_int_eq(function->call(frame, at, function->self), 0);
    return frame[1];
}

START_TEST(the_users_macros_do_not_reach_the_tables) {
    hm_reflected reflected;
    hm_reflected_init(&reflected);
    hm_reflected_write(&reflected, "header.h",
            "#define data x\n#define name(a) a.b\n#define stride 3\n");
    hm_reflected_write(&reflected, "features.c",
            "#include \"header.h\"\n"
            "#define length 5\n#define call 1 +\n#define map -\n#define version !\n"
            "#define flags 7\n#define shape int\n#define type struct\n#define abi\n"
            "#define static\n#define const\n#define restrict nonsense\n"
            "#define size_t float\n#define sizeof -\n#define for while\n"
            "#define true false\n#define NULL 7\n#define int8_t short\n#define if "
            "while\n"
            "#define return_value x\n"
            "double f(double x) { return data * length; }\n");
    hm_reflected_read(&reflected, (const char *const[]){"-Dkind=9", "-D", "doc="}, 3);
    ck_assert_msg(reflected.status == HM_OK, "%s", reflected.error.message);
    const char *compilers[2];
    size_t count = hm_reflected_compilers(compilers);
    for (size_t i = 0; i < count; i++) {
        hm_reflected_load(&reflected, compilers[i]);
        const hm_function *f = hm_reflected_function(&reflected, "f");
        ck_assert_double_eq(call_double(f, 2), 10);
    }
    hm_reflected_finish(&reflected);
}
END_TEST

START_TEST(nodes_may_have_the_names_of_library_functions) {
    static const char *const names[] = {"time", "index", "y1", "j0", "abs", "printf",
            "exp", "read", "write", "signal", "gamma", "f", "malloc", "memset", "data",
            "stride", "frame", "self", "row", "count"};
    enum { COUNT = sizeof names / sizeof *names };
    char source[2048] = "";
    for (size_t i = 0; i < COUNT; i++) {
        char line[128];
        snprintf(line, sizeof line, "double %s(double at) { return at + %zu; }\n",
                names[i], i);
        strcat(source, line);
    }
    // The parser, as the compiler, warns of some of these; neither refuses them.
    hm_reflected reflected;
    hm_reflected_source(&reflected, source);
    const char *compilers[2];
    size_t count = hm_reflected_compilers(compilers);
    for (size_t k = 0; k < count; k++) {
        hm_reflected_load(&reflected, compilers[k]);
        for (size_t i = 0; i < COUNT; i++) {
            const hm_function *function = hm_reflected_function(&reflected, names[i]);
            ck_assert_double_eq(call_double(function, 1), 1 + (double)i);
        }
    }
    hm_reflected_finish(&reflected);
}
END_TEST

START_TEST(a_module_can_be_compiled_in_parts) {
    hm_reflected reflected;
    hm_reflected_source(&reflected,
            "static double h(double x) { return x + 1; }\n"
            "double a(double x) { return h(x); }\n"
            "double b(double x) { return h(x) * 2; }\n"
            "double c(double x) { return h(x) * 3; }\n"
            "int d(double x, double *out) { *out = x; return 0; }\n");
    const char *compilers[2];
    size_t count = hm_reflected_compilers(compilers);
    for (size_t k = 0; k < count; k++) {
        hm_reflected_load_parts(&reflected, compilers[k], 3);
        ck_assert_double_eq(call_double(hm_reflected_function(&reflected, "a"), 1), 2);
        ck_assert_double_eq(call_double(hm_reflected_function(&reflected, "b"), 1), 4);
        ck_assert_double_eq(call_double(hm_reflected_function(&reflected, "c"), 1), 6);
        ck_assert_double_eq(call_double(hm_reflected_function(&reflected, "d"), 1), 1);
        double x[] = {1, 2};
        double out[2];
        void *at[] = {x, out};
        hm_reflected_function(&reflected, "c")->rows(at, 2);
        ck_assert_double_eq(out[1], 9);
        size_t row;
        hm_lane lanes[] = {{x, 1}, {out, 1}};
        const hm_function *d = hm_reflected_function(&reflected, "d");
        ck_assert_int_eq(d->map(lanes, 2, &row, NULL), 0);
        ck_assert_double_eq(out[1], 2);
    }
    hm_reflected_finish(&reflected);
}
END_TEST

static size_t parts_of(const char *first_line) {
    static char source[64 * 1024];
    size_t at = (size_t)snprintf(source, sizeof source, "%s\n", first_line);
    for (unsigned i = 0; i < 300; i++) {
        at += (size_t)snprintf(source + at, sizeof source - at,
                "double f%u(double x) { return x + k(); }\n", i);
    }
    hm_reflected reflected;
    hm_reflected_source(&reflected, source);
    size_t parts = reflected.reflection->part_count;
    hm_reflected_finish(&reflected);
    return parts;
}

START_TEST(a_module_with_state_is_not_split) {
    ck_assert_uint_gt(parts_of("static int k(void) { return 1; }"), 1);
    ck_assert_uint_gt(
            parts_of("static int k(void) { static const int v[] = {1}; return v[0]; }"),
            1);
    ck_assert_uint_eq(parts_of("static int v;\nstatic int k(void) { return v; }"), 1);
    ck_assert_uint_eq(
            parts_of("static int k(void) { static int v[2]; return v[0]; }"), 1);
}
END_TEST

START_TEST(a_small_module_is_one_part) {
    hm_reflected reflected;
    hm_reflected_source(&reflected, "double f(double x) { return x; }\n");
    ck_assert_uint_eq(reflected.reflection->part_count, 1);
    ck_assert_str_eq(reflected.reflection->name, "features");
    hm_reflected_load(&reflected, "gcc");
    ck_assert_str_eq(reflected.module->name, "features");
    ck_assert_str_eq(reflected.module->file, reflected.path);
    ck_assert_uint_eq(reflected.module->abi, HM_MODULE_ABI);
    ck_assert_ptr_null((void *)(uintptr_t)reflected.module->free);
    hm_reflected_finish(&reflected);
}
END_TEST

START_TEST(a_module_without_nodes_is_a_module) {
    hm_reflected reflected;
    hm_reflected_source(&reflected, "static const int nothing = 1;\n");
    ck_assert_ptr_nonnull(strstr(reflected.reflection->text, "features_module"));
    hm_reflected_write(&reflected, "features.c", "int nothing(void) { return 1; }\n");
    hm_reflected_read(&reflected, NULL, 0);
    hm_reflected_load(&reflected, "gcc");
    ck_assert_uint_eq(reflected.module->function_count, 1);
    hm_reflected_finish(&reflected);
}
END_TEST

START_TEST(files_that_are_no_c_names_become_some) {
    hm_reflected reflected;
    hm_reflected_init(&reflected);
    hm_reflected_write(&reflected, "2-my.features.c", "int f(int x) { return x; }\n");
    snprintf(reflected.path, sizeof reflected.path, "%s/2-my.features.c",
            reflected.folder.path);
    hm_reflected_read(&reflected, NULL, 0);
    ck_assert_str_eq(reflected.reflection->name, "2-my.features");
    ck_assert_ptr_nonnull(
            strstr(reflected.reflection->text, " _2_my_features_module = {"));
    hm_reflected_finish(&reflected);
}
END_TEST

START_TEST(all_files_are_listed_by_their_absolute_paths) {
    hm_reflected reflected;
    hm_reflected_init(&reflected);
    hm_reflected_write(&reflected, "inner.h", "#define INNER 1\n");
    hm_reflected_write(&reflected, "outer.h", "#include \"inner.h\"\n");
    hm_reflected_write(&reflected, "forced.h", "#define FORCED 1\n");
    hm_reflected_write(&reflected, "features.c",
            "#include <stddef.h>\n#include \"outer.h\"\n"
            "int f(int x) { return x + INNER + FORCED; }\n");
    char include[128];
    snprintf(include, sizeof include, "%s/forced.h", reflected.folder.path);
    hm_reflected_read(&reflected, (const char *const[]){"-include", include}, 2);
    ck_assert_msg(reflected.status == HM_OK, "%s", reflected.error.message);
    static const char *const endings[] = {
            "/features.c", "/outer.h", "/inner.h", "/forced.h", "/stddef.h"};
    for (size_t i = 0; i < 5; i++) {
        bool found = false;
        for (size_t k = 0; k < reflected.reflection->file_count; k++) {
            const char *file = reflected.reflection->files[k];
            size_t length = strlen(file);
            size_t ending = strlen(endings[i]);
            ck_assert_int_eq(file[0], '/');
            found = found || (length > ending &&
                                     strcmp(file + length - ending, endings[i]) == 0);
        }
        ck_assert_msg(found, "%s", endings[i]);
    }
    hm_reflected_finish(&reflected);
}
END_TEST

START_TEST(a_copy_of_the_modifiers_serves_as_well) {
    hm_reflected reflected;
    hm_reflected_init(&reflected);
    hm_reflected_write(&reflected, "features.c",
            "#include \"hamilton/modifiers.h\"\n"
            "HM_TAG(a, b) double f(HM_DEFAULT(1) double x) { return x; }\n");
    char folder[128];
    snprintf(folder, sizeof folder, "%s/hamilton", reflected.folder.path);
    ck_assert_int_eq(mkdir(folder, 0700), 0);
    char command[256];
    snprintf(command, sizeof command, "cp include/hamilton/modifiers.h %s", folder);
    ck_assert_int_eq(system(command), 0);
    hm_reflected_read(&reflected, NULL, 0);
    ck_assert_msg(reflected.status == HM_OK, "%s", reflected.error.message);
    hm_reflected_load(&reflected, "gcc");
    ck_assert_uint_eq(reflected.module->functions[0].modifier_count, 1);
    snprintf(command, sizeof command, "rm -r %s", folder);
    ck_assert_int_eq(system(command), 0);
    hm_reflected_finish(&reflected);
}
END_TEST

START_TEST(flags_mean_what_they_mean_to_the_compiler) {
    hm_reflected reflected;
    hm_reflected_init(&reflected);
    hm_reflected_write(&reflected, "features.c",
            "#include <deep.h>\n"
            "#ifdef WANTED\nDEEP f(DEEP x) { return x; }\n#endif\n"
            "#ifdef unix\nint g(int x) { return x; }\n#endif\n");
    hm_reflected_write(&reflected, "deep.h", "#define DEEP double\n");
    const char *flags[] = {"-O2", "-DWANTED", "-I", reflected.folder.path, "-std=c11",
            "-fno-such-flag", "-Wl,--nonsense", "-Wall"};
    hm_reflected_read(&reflected, flags, sizeof flags / sizeof *flags);
    ck_assert_msg(reflected.status == HM_OK, "%s", reflected.error.message);
    ck_assert_uint_eq(reflected.reflection->function_count, 1);
    ck_assert_str_eq(reflected.reflection->functions[0], "f");
    hm_reflected_finish(&reflected);
}
END_TEST

START_TEST(the_processor_of_the_compilation_is_recorded) {
    hm_reflected reflected;
    hm_reflected_source(&reflected,
            "#ifdef __x86_64__\n#pragma GCC target(\"avx2\")\n#endif\n"
            "double f(double x) { return x; }\n");
    hm_reflected_load(&reflected, "gcc");
    ck_assert_ptr_nonnull(reflected.module->processor);
#if defined(__x86_64__)
    ck_assert_ptr_nonnull(strstr(reflected.module->processor, "avx2"));
#endif
    hm_reflected_finish(&reflected);
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("reflect/written_module");
    TCase *tests = tcase_create("written_module");
    tcase_add_test(tests, the_users_macros_do_not_reach_the_tables);
    tcase_add_test(tests, nodes_may_have_the_names_of_library_functions);
    tcase_add_test(tests, a_module_can_be_compiled_in_parts);
    tcase_add_test(tests, a_module_with_state_is_not_split);
    tcase_add_test(tests, a_small_module_is_one_part);
    tcase_add_test(tests, a_module_without_nodes_is_a_module);
    tcase_add_test(tests, files_that_are_no_c_names_become_some);
    tcase_add_test(tests, all_files_are_listed_by_their_absolute_paths);
    tcase_add_test(tests, a_copy_of_the_modifiers_serves_as_well);
    tcase_add_test(tests, flags_mean_what_they_mean_to_the_compiler);
    tcase_add_test(tests, the_processor_of_the_compilation_is_recorded);
    suite_add_tcase(suite, tests);
    return suite;
}
