// test_isolate.c — a source that ends the parser's process does not end ours.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reflect/isolate.h"
#include "reflect/reflection.h"
#include "tests/support/reflected.h"
#include "tests/support/suite.h"

static hm_status reflect(hm_reflected *reflected) {
    ck_assert_int_eq(hm_diagnostics_create(NULL, &reflected->faults), HM_OK);
    hm_reflect_options options = {.path = reflected->path, .include_folder = "include"};
    hm_faults faults = {.list = reflected->faults, .error = &reflected->error};
    return hm_reflect_isolated(&options, &reflected->reflection, &faults);
}

START_TEST(a_reflection_comes_back_whole) {
    static const char source[] = "#include <stddef.h>\n"
                                 "/** Doc. */ double f(double x) { return x; }\n";
    hm_reflected here;
    hm_reflected_source(&here, source);
    hm_reflected there = here;
    there.reflection = NULL;
    ck_assert_int_eq(reflect(&there), HM_OK);
    ck_assert_str_eq(there.reflection->name, here.reflection->name);
    ck_assert_str_eq(there.reflection->text, here.reflection->text);
    ck_assert_uint_eq(there.reflection->part_count, here.reflection->part_count);
    ck_assert_uint_eq(there.reflection->file_count, here.reflection->file_count);
    ck_assert_uint_eq(there.reflection->absent_count, here.reflection->absent_count);
    ck_assert_str_eq(there.reflection->files[1], here.reflection->files[1]);
    ck_assert_uint_eq(there.reflection->function_count, 1);
    ck_assert_str_eq(there.reflection->functions[0], "f");
    hm_reflection_destroy(there.reflection);
    hm_diagnostics_destroy(there.faults);
    hm_reflected_finish(&here);
}
END_TEST

START_TEST(faults_come_back_with_all_they_say) {
    hm_reflected reflected;
    hm_reflected_init(&reflected);
    hm_reflected_write(&reflected, "features.c",
            "double f(void *p) { return p != 0; }\nvoid g(void) {}\n");
    ck_assert_int_eq(reflect(&reflected), HM_BAD_SOURCE);
    ck_assert_uint_eq(hm_diagnostics_count(reflected.faults), 2);
    const hm_diagnostic *fault =
            hm_reflected_fault(&reflected, 1, "pointer to void", "struct");
    ck_assert_ptr_nonnull(fault);
    ck_assert_str_eq(fault->file, reflected.path);
    ck_assert_str_eq(fault->node, "f");
    ck_assert_uint_eq(reflected.error.fault_count, 2);
    hm_reflected_finish(&reflected);
}
END_TEST

typedef struct hm_nesting {
    const char *start;
    const char *step; // repeated
    const char *end;
} hm_nesting;

static const hm_nesting nestings[] = {
        {"int f(int x) { return ", "x + ", "x; }"},
        {"int f(int x) { ", "if (x) x = 1; else ", "x = 2; return x; }"},
        {"int a[] = {", "{", "1};"},
        {"int f(int x) { return ", "(", "x; }"},
        {"int f(int x) { return ", "!", "x; }"},
        {"int ", "*", "f;"},
        {"int f(int x) { return ", "x ? x : ", "x; }"},
        {"int f(int x) { ", "for (;;) ", "x = 2; return x; }"},
        {"", "\"", ""},
        {"", "/*", ""},
        {"", "#if 1\n", ""},
        {"#define A A A\nint f(void) { return A", " + A", "; }"},
};

START_TEST(hostile_sources_are_refused_not_suffered) {
    enum { STEPS = 30000 };
    const hm_nesting *nesting = &nestings[_i];
    size_t step = strlen(nesting->step);
    char *source = malloc(STEPS * step + 256);
    ck_assert_ptr_nonnull(source);
    char *at = source + sprintf(source, "%s", nesting->start);
    for (size_t i = 0; i < STEPS; i++) {
        memcpy(at, nesting->step, step);
        at += step;
    }
    strcpy(at, nesting->end);
    hm_reflected reflected;
    hm_reflected_init(&reflected);
    hm_reflected_write(&reflected, "features.c", source);
    // A parser with room enough may accept some of them.
    hm_status status = reflect(&reflected);
    ck_assert(status == HM_BAD_SOURCE || status == HM_OK);
    ck_assert_int_eq(status == HM_OK, hm_diagnostics_count(reflected.faults) == 0);
    hm_reflected_finish(&reflected);
    free(source);
}
END_TEST

START_TEST(a_file_of_any_bytes_is_refused) {
    hm_reflected reflected;
    hm_reflected_init(&reflected);
    unsigned seed = 20260101u + (unsigned)_i;
    FILE *file = fopen(reflected.path, "wb");
    ck_assert_ptr_nonnull(file);
    for (size_t i = 0; i < 4096; i++) {
        seed = seed * 1664525u + 1013904223u;
        fputc((int)(seed >> 24), file);
    }
    ck_assert_int_eq(fclose(file), 0);
    ck_assert_int_eq(reflect(&reflected), HM_BAD_SOURCE);
    ck_assert_uint_gt(hm_diagnostics_count(reflected.faults), 0);
    hm_reflected_finish(&reflected);
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("reflect/isolate");
    TCase *tests = tcase_create("isolate");
    tcase_add_test(tests, a_reflection_comes_back_whole);
    tcase_add_test(tests, faults_come_back_with_all_they_say);
    tcase_add_loop_test(tests, hostile_sources_are_refused_not_suffered, 0,
            sizeof nestings / sizeof *nestings);
    tcase_add_loop_test(tests, a_file_of_any_bytes_is_refused, 0, 20);
    suite_add_tcase(suite, tests);
    return suite;
}
