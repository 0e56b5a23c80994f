// Decimal text as numbers: one rounding, exact integers, no locale.

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "tests/support/suite.h"

static uint64_t state = 88172645463325252u;

static uint64_t random_bits(void) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

static hm_number_fit fit(const hm_type *type, const char *text) {
    unsigned char element[16];
    return hm_number_read(type, text, strlen(text), element);
}

static void check_as_strtod(const char *text) {
    size_t length = strlen(text);
    double expected = strtod(text, NULL);
    double value = 0;
    hm_number_fit found = hm_number_read(&hm_type_double, text, length, &value);
    if (isinf(expected)) {
        ck_assert_msg(found == HM_NUMBER_OUT_OF_RANGE, "%s", text);
    } else {
        ck_assert_msg(found == HM_NUMBER_FITS, "%s", text);
        ck_assert_msg(memcmp(&value, &expected, sizeof value) == 0,
                "%s gave %a, not %a", text, value, expected);
    }
    float expected_float = strtof(text, NULL);
    float value_float = 0;
    if (hm_number_read(&hm_type_float, text, length, &value_float) == HM_NUMBER_FITS) {
        ck_assert_msg(memcmp(&value_float, &expected_float, sizeof value_float) == 0,
                "%s gave %a, not %a", text, (double)value_float,
                (double)expected_float);
    }
    long double value_long = 0;
    if (hm_number_read(&hm_type_longdouble, text, length, &value_long) ==
            HM_NUMBER_FITS) {
        ck_assert_msg(value_long == strtold(text, NULL), "%s", text);
    }
}

START_TEST(floating_numbers_round_once) {
    check_as_strtod("0.1");
    check_as_strtod("1e22");
    check_as_strtod("1e23");
    check_as_strtod("9007199254740993");
    check_as_strtod("9007199254740993.00000000000000000000000000000000001");
    check_as_strtod("2.2250738585072011e-308");
    check_as_strtod("2.4703282292062327e-324");
    check_as_strtod("2.4703282292062328e-324");
    check_as_strtod("1.7976931348623158e308");
    check_as_strtod("1.7976931348623159e308");
    check_as_strtod("1.00000017881393421514957253748434595763683319091796875001");
    check_as_strtod("16777217");
    check_as_strtod("16777217.0000000000000000000001");
    check_as_strtod("-0");
    check_as_strtod("-0.0e5");
    check_as_strtod("00012.50");
    check_as_strtod("123456789012345678901234567890e-10");
    check_as_strtod("0.000000000000000000000000000000000000000000000000000000001e40");
    check_as_strtod("1e-99999999999999999999");
    check_as_strtod("0e99999999999999999999");
    check_as_strtod("1e99999999999999999999");
}
END_TEST

START_TEST(random_decimals_round_as_the_c_library_does) {
    for (int i = 0; i < 30000; i++) {
        char text[64];
        int digits = 1 + (int)(random_bits() % 19);
        snprintf(text, sizeof text, "%s%.*s.%llue%d", random_bits() % 2 ? "-" : "",
                digits, "1234567890987654321", (unsigned long long)random_bits(),
                (int)(random_bits() % 640) - 330);
        check_as_strtod(text);
        snprintf(text, sizeof text, "%llu.%02d",
                (unsigned long long)(random_bits() % 100000),
                (int)(random_bits() % 100));
        check_as_strtod(text);
    }
}
END_TEST

// The middle of two neighbours has hundreds of digits; the last of them decides.
START_TEST(a_digit_far_behind_decides) {
    char text[1200];
    snprintf(text, sizeof text, "%.1074f", nextafter(DBL_MIN, 0) / 2);
    check_as_strtod(text);
    text[strlen(text) - 1] = '6';
    check_as_strtod(text);
    long double middle = (long double)1 + LDBL_EPSILON * 1024; // of 1 and its neighbour
    snprintf(text, sizeof text, "%.100Lf", middle);
    check_as_strtod(text);
    strcat(text, "0000000000000000000001");
    check_as_strtod(text);
}
END_TEST

START_TEST(texts_longer_than_any_buffer_are_read) {
    size_t length = 100000;
    char *text = malloc(length + 1);
    memset(text, '0', length);
    text[length] = '\0';
    text[1] = '.';
    text[length - 1] = '7';
    double value;
    ck_assert(hm_number_read(&hm_type_double, text, length, &value) == HM_NUMBER_FITS);
    ck_assert(value == 0);
    memset(text, '9', length);
    ck_assert(hm_number_read(&hm_type_double, text, length, &value) ==
              HM_NUMBER_OUT_OF_RANGE);
    text[1] = '.';
    ck_assert(hm_number_read(&hm_type_double, text, length, &value) == HM_NUMBER_FITS);
    ck_assert(value == 10);
    free(text);
}
END_TEST

START_TEST(integers_are_exact_or_refused) {
    uint64_t unsigned_value;
    ck_assert(hm_number_read(&hm_type_ulong, "18446744073709551615", 20,
                      &unsigned_value) == HM_NUMBER_FITS);
    ck_assert(unsigned_value == UINT64_MAX);
    ck_assert(fit(&hm_type_ulong, "18446744073709551616") == HM_NUMBER_OUT_OF_RANGE);
    ck_assert(fit(&hm_type_ulong, "184467440737095516150") == HM_NUMBER_OUT_OF_RANGE);
    ck_assert(fit(&hm_type_ulong, "-1") == HM_NUMBER_OUT_OF_RANGE);
    ck_assert(fit(&hm_type_ulong, "-0") == HM_NUMBER_FITS);
    int64_t value;
    ck_assert(hm_number_read(&hm_type_long, "-9223372036854775808", 20, &value) ==
              HM_NUMBER_FITS);
    ck_assert(value == INT64_MIN);
    ck_assert(fit(&hm_type_long, "-9223372036854775809") == HM_NUMBER_OUT_OF_RANGE);
    ck_assert(fit(&hm_type_long, "9223372036854775808") == HM_NUMBER_OUT_OF_RANGE);
    ck_assert(hm_number_read(&hm_type_long, "9007199254740993", 16, &value) ==
              HM_NUMBER_FITS);
    ck_assert(value == 9007199254740993);
    ck_assert(fit(&hm_type_schar, "127") == HM_NUMBER_FITS);
    ck_assert(fit(&hm_type_schar, "128") == HM_NUMBER_OUT_OF_RANGE);
    ck_assert(fit(&hm_type_schar, "-128") == HM_NUMBER_FITS);
    ck_assert(fit(&hm_type_schar, "-129") == HM_NUMBER_OUT_OF_RANGE);
    ck_assert(fit(&hm_type_uchar, "256") == HM_NUMBER_OUT_OF_RANGE);
}
END_TEST

START_TEST(an_integer_may_be_written_as_a_real) {
    int value;
    ck_assert(hm_number_read(&hm_type_int, "3.0", 3, &value) == HM_NUMBER_FITS);
    ck_assert_int_eq(value, 3);
    ck_assert(hm_number_read(&hm_type_int, "1.25e2", 6, &value) == HM_NUMBER_FITS);
    ck_assert_int_eq(value, 125);
    ck_assert(hm_number_read(&hm_type_int, "-100e-2", 7, &value) == HM_NUMBER_FITS);
    ck_assert_int_eq(value, -1);
    ck_assert(fit(&hm_type_int, "2.5") == HM_NUMBER_NOT_AN_INTEGER);
    ck_assert(fit(&hm_type_int, "1e-1") == HM_NUMBER_NOT_AN_INTEGER);
    ck_assert(
            fit(&hm_type_int, "0.99999999999999999999999") == HM_NUMBER_NOT_AN_INTEGER);
    ck_assert(fit(&hm_type_int, "1e400") == HM_NUMBER_OUT_OF_RANGE);
    ck_assert(fit(&hm_type_int, "0e400") == HM_NUMBER_FITS);
    ck_assert(fit(&hm_type_int, "7.00000000000000000000000") == HM_NUMBER_FITS);
}
END_TEST

static void check_begin(const hm_type *type, const char *text) {
    unsigned char whole[16] = {0};
    unsigned char begun[16] = {0};
    const char *end = text + strlen(text);
    size_t length = hm_number_begin(type, text, end, begun);
    if (length == 0) {
        ck_assert(memcmp(begun, (unsigned char[16]){0}, sizeof begun) == 0);
        return;
    }
    ck_assert(length <= (size_t)(end - text));
    ck_assert_msg(hm_number_read(type, text, length, whole) == HM_NUMBER_FITS,
            "%s of %s", text, type->name);
    ck_assert_msg(
            memcmp(whole, begun, sizeof whole) == 0, "%s of %s", text, type->name);
}

START_TEST(a_number_that_a_text_begins_with_is_the_same_number) {
    static const hm_type *const types[] = {&hm_type_double, &hm_type_float,
            &hm_type_longdouble, &hm_type_int, &hm_type_uchar, &hm_type_schar,
            &hm_type_long, &hm_type_ulong};
    static const char characters[] = "00112345678999.-+eE, x";
    for (int i = 0; i < 100000; i++) {
        char text[40];
        size_t length = random_bits() % (sizeof text - 1);
        for (size_t k = 0; k < length; k++) {
            size_t range = k % 8 == 7 ? sizeof characters - 1 : 14;
            text[k] = characters[random_bits() % range];
        }
        text[length] = '\0';
        for (size_t k = 0; k < sizeof types / sizeof *types; k++) {
            check_begin(types[k], text);
        }
    }
    double value;
    const char *text = "-12345678.25e-3,7";
    ck_assert_uint_eq(
            hm_number_begin(&hm_type_double, text, text + strlen(text), &value), 15);
    ck_assert(value == -12345.67825);
    ck_assert_uint_eq(hm_number_begin(&hm_type_double, text, text, &value), 0);
    ck_assert_uint_eq(hm_number_begin(&hm_type_double, text, text + 3, &value), 3);
    ck_assert(value == -12);
}
END_TEST

START_TEST(what_is_no_number_is_told) {
    static const char *const wrong[] = {"", "-", "+", ".", "-.", "e5", "1e", "1e+",
            "1x", "x1", "1.2.3", "1,5", "0x10", "nan", "inf", " 1", "1 ", "--1",
            "1e5.0", "1_000"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        ck_assert_msg(
                fit(&hm_type_double, wrong[i]) == HM_NUMBER_MALFORMED, "%s", wrong[i]);
        ck_assert_msg(
                fit(&hm_type_int, wrong[i]) == HM_NUMBER_MALFORMED, "%s", wrong[i]);
    }
    ck_assert(fit(&hm_type_double, ".5") == HM_NUMBER_FITS);
    ck_assert(fit(&hm_type_double, "5.") == HM_NUMBER_FITS);
    ck_assert(fit(&hm_type_double, "+5") == HM_NUMBER_FITS);
}
END_TEST

START_TEST(what_does_not_fit_changes_nothing) {
    int value = 42;
    ck_assert(hm_number_read(&hm_type_int, "2.5", 3, &value) != HM_NUMBER_FITS);
    ck_assert_int_eq(value, 42);
    double real = 42;
    ck_assert(hm_number_read(&hm_type_double, "1e999", 5, &real) != HM_NUMBER_FITS);
    ck_assert(real == 42);
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("number_read");
    TCase *tests = tcase_create("numbers");
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, floating_numbers_round_once);
    tcase_add_test(tests, random_decimals_round_as_the_c_library_does);
    tcase_add_test(tests, a_digit_far_behind_decides);
    tcase_add_test(tests, texts_longer_than_any_buffer_are_read);
    tcase_add_test(tests, integers_are_exact_or_refused);
    tcase_add_test(tests, an_integer_may_be_written_as_a_real);
    tcase_add_test(tests, a_number_that_a_text_begins_with_is_the_same_number);
    tcase_add_test(tests, what_is_no_number_is_told);
    tcase_add_test(tests, what_does_not_fit_changes_nothing);
    suite_add_tcase(suite, tests);
    return suite;
}
