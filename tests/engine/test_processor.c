// test_processor.c — what a module may ask of the processor.

#include "engine/processor.h"
#include "tests/support/suite.h"

static char missing[16];

static bool has(const char *features) {
    return hm_processor_has(features, missing, sizeof missing);
}

START_TEST(no_features_are_always_there) {
    ck_assert(has(""));
}
END_TEST

START_TEST(a_feature_that_nobody_knows_is_missing) {
    ck_assert(!has("warp-drive"));
    ck_assert_str_eq(missing, "warp-drive");
    ck_assert(!has("a-feature-of-a-long-name"));
    ck_assert_str_eq(missing, "a-feature-of-a-");
}
END_TEST

#if defined(__x86_64__)

START_TEST(the_processor_has_what_the_compilers_runtime_says) {
#define AGREES(name) ck_assert_int_eq(has(name), __builtin_cpu_supports(name) != 0)
    AGREES("sse3");
    AGREES("ssse3");
    AGREES("sse4.1");
    AGREES("sse4.2");
    AGREES("popcnt");
    AGREES("aes");
    AGREES("pclmul");
    AGREES("avx");
    AGREES("avx2");
    AGREES("fma");
    AGREES("bmi");
    AGREES("bmi2");
    AGREES("sse4a");
    AGREES("xop");
    AGREES("fma4");
    AGREES("gfni");
    AGREES("vpclmulqdq");
    AGREES("avx512f");
    AGREES("avx512bw");
    AGREES("avx512cd");
    AGREES("avx512dq");
    AGREES("avx512vl");
    AGREES("avx512ifma");
    AGREES("avx512vbmi");
    AGREES("avx512vbmi2");
    AGREES("avx512vnni");
    AGREES("avx512bitalg");
    AGREES("avx512vpopcntdq");
    AGREES("avx512bf16");
#undef AGREES
}
END_TEST

START_TEST(one_that_is_missing_is_found_behind_others) {
    ck_assert(!has("sse3 warp-drive popcnt "));
    ck_assert_str_eq(missing, "warp-drive");
}
END_TEST

#endif

Suite *hm_suite(void) {
    Suite *suite = suite_create("processor");
    TCase *cases = tcase_create("processor");
    tcase_add_test(cases, no_features_are_always_there);
    tcase_add_test(cases, a_feature_that_nobody_knows_is_missing);
#if defined(__x86_64__)
    tcase_add_test(cases, the_processor_has_what_the_compilers_runtime_says);
    tcase_add_test(cases, one_that_is_missing_is_found_behind_others);
#endif
    suite_add_tcase(suite, cases);
    return suite;
}
