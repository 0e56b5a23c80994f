// Numbers as text: fewest digits, right bits.

#include <float.h>
#include <locale.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <hamilton/json.h>

#include "base/number.h"
#include "tests/support/suite.h"

static uint64_t state = 0x9e3779b97f4a7c15u;

static uint64_t random_bits(void) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

static const char *written(const hm_type *type, const void *element) {
    static char text[HM_NUMBER_SIZE];
    size_t length = hm_number_format(type, element, text);
    ck_assert_uint_eq(length, strlen(text));
    return text;
}

static const char *written_double(double value) {
    return written(&hm_type_double, &value);
}

static const char *written_float(float value) {
    return written(&hm_type_float, &value);
}

static const char *written_long_double(long double value) {
    return written(&hm_type_longdouble, &value);
}

// How many digits stand before an exponent, zeros at either end not counted.
static int digit_count(const char *text) {
    char digits[HM_NUMBER_SIZE];
    int count = 0;
    for (; *text != '\0' && *text != 'e'; text++) {
        if (*text >= '0' && *text <= '9' && (count > 0 || *text != '0')) {
            digits[count++] = *text;
        }
    }
    while (count > 0 && digits[count - 1] == '0') {
        count--;
    }
    return count;
}

// The fewest digits by trying them all: the nearest decimal of each length and its
// neighbours, since a value's interval reaches farther up than down at powers of two.
static int fewest_digits(double value, double (*read)(const char *text)) {
    for (int digits = 1; digits < 17; digits++) {
        char text[64];
        snprintf(text, sizeof text, "%.*e", digits - 1, value);
        int exponent = atoi(strchr(text, 'e') + 1);
        char mantissa[32];
        int count = 0;
        for (const char *at = text; *at != 'e'; at++) {
            if (*at != '.') {
                mantissa[count++] = *at;
            }
        }
        mantissa[count] = '\0';
        long long integer = atoll(mantissa);
        for (long long step = -1; step <= 1; step++) {
            snprintf(text, sizeof text, "%llde%d", integer + step,
                    exponent - (digits - 1));
            if (read(text) == value) {
                return digits;
            }
        }
    }
    return 17;
}

static double read_double(const char *text) {
    return strtod(text, NULL);
}

static double read_float(const char *text) {
    return strtof(text, NULL);
}

static void check_double(double value) {
    const char *text = written_double(value);
    double back = strtod(text, NULL);
    ck_assert_msg(
            memcmp(&back, &value, sizeof value) == 0, "%a became %s", value, text);
    int fewest = fewest_digits(fabs(value), read_double);
    ck_assert_msg(digit_count(text) <= fewest, "%a as %s has more than %d digits",
            value, text, fewest);
}

static void check_float(float value) {
    const char *text = written_float(value);
    float back = strtof(text, NULL);
    ck_assert_msg(memcmp(&back, &value, sizeof value) == 0, "%a became %s",
            (double)value, text);
    int fewest = fewest_digits(fabs((double)value), read_float);
    ck_assert_msg(digit_count(text) <= fewest, "%a as %s has more than %d digits",
            (double)value, text, fewest);
}

START_TEST(doubles_look_as_people_write_them) {
    ck_assert_str_eq(written_double(35), "35");
    ck_assert_str_eq(written_double(0), "0");
    ck_assert_str_eq(written_double(-0.0), "-0");
    ck_assert_str_eq(written_double(0.1), "0.1");
    ck_assert_str_eq(written_double(-2.5), "-2.5");
    ck_assert_str_eq(written_double(0.1 + 0.2), "0.30000000000000004");
    ck_assert_str_eq(written_double(100), "100");
    ck_assert_str_eq(written_double(1e15), "1000000000000000");
    ck_assert_str_eq(written_double(1e16), "1e+16");
    ck_assert_str_eq(written_double(1e300), "1e+300");
    ck_assert_str_eq(written_double(1.5e300), "1.5e+300");
    ck_assert_str_eq(written_double(0.000001), "0.000001");
    ck_assert_str_eq(written_double(0.0000001), "1e-7");
    ck_assert_str_eq(written_double(1.25e-7), "1.25e-7");
    ck_assert_str_eq(written_double(5e-324), "5e-324");
    ck_assert_str_eq(written_double(DBL_MIN), "2.2250738585072014e-308");
    ck_assert_str_eq(written_double(DBL_MAX), "1.7976931348623157e+308");
    ck_assert_str_eq(written_double(9007199254740991), "9007199254740991");
    ck_assert_str_eq(written_double(123456789012345680), "1.2345678901234568e+17");
    ck_assert_str_eq(written_double(1.0 / 3), "0.3333333333333333");
    ck_assert_str_eq(written_double(2.0 / 3), "0.6666666666666666");
    ck_assert_str_eq(written_double(NAN), "nan");
    ck_assert_str_eq(written_double(INFINITY), "inf");
    ck_assert_str_eq(written_double(-INFINITY), "-inf");
}
END_TEST

START_TEST(floats_and_long_doubles_have_digits_of_their_own) {
    ck_assert_str_eq(written_float(0.1f), "0.1");
    ck_assert_str_eq(written_float(16777216.0f), "16777216");
    ck_assert_str_eq(written_float(1e-45f), "1e-45");
    ck_assert_str_eq(written_float(FLT_MAX), "3.4028235e+38");
    ck_assert_str_eq(written_float(FLT_MIN), "1.1754944e-38");
    ck_assert_str_eq(written_float(-INFINITY), "-inf");
    ck_assert_str_eq(written_long_double(0.1L), "0.1");
    ck_assert_str_eq(written_long_double(0.1), "0.10000000000000000555");
    ck_assert_str_eq(written_long_double(LDBL_MAX), "1.189731495357231765e+4932");
    ck_assert_str_eq(written_long_double(1e4000L), "1e+4000");
    ck_assert_str_eq(written_long_double(35), "35");
}
END_TEST

START_TEST(integers_are_exact_at_their_limits) {
    ck_assert_str_eq(
            written(&hm_type_long, &(long){INT64_MIN}), "-9223372036854775808");
    ck_assert_str_eq(written(&hm_type_ulong, &(unsigned long){UINT64_MAX}),
            "18446744073709551615");
    ck_assert_str_eq(written(&hm_type_schar, &(signed char){-128}), "-128");
    ck_assert_str_eq(written(&hm_type_uchar, &(unsigned char){255}), "255");
    ck_assert_str_eq(written(&hm_type_short, &(short){-32768}), "-32768");
    ck_assert_str_eq(written(&hm_type_bool, &(bool){true}), "true");
    ck_assert_str_eq(written(&hm_type_bool, &(bool){false}), "false");
}
END_TEST

START_TEST(any_double_reads_back_from_the_fewest_digits) {
    for (int i = 0; i < 8000; i++) {
        uint64_t bits = random_bits();
        double value;
        memcpy(&value, &bits, sizeof value);
        if (isfinite(value)) {
            check_double(value);
        }
    }
}
END_TEST

START_TEST(doubles_of_few_digits_are_written_with_these) {
    for (int i = 0; i < 8000; i++) {
        char text[40];
        snprintf(text, sizeof text, "%llde%d",
                (long long)(random_bits() % 1000000000000000),
                (int)(random_bits() % 30) - 20);
        check_double(strtod(text, NULL));
    }
}
END_TEST

START_TEST(powers_of_two_and_their_neighbours_are_shortest_too) {
    for (int exponent = -1074; exponent < 1024; exponent++) {
        double power = ldexp(1, exponent);
        check_double(power);
        check_double(nextafter(power, INFINITY) < INFINITY ? nextafter(power, INFINITY)
                                                           : power);
        check_double(nextafter(power, 0));
    }
    for (int exponent = -149; exponent < 128; exponent++) {
        float power = ldexpf(1, exponent);
        check_float(power);
        check_float(nextafterf(power, 0));
    }
}
END_TEST

START_TEST(any_subnormal_is_shortest_too) {
    for (int i = 0; i < 5000; i++) {
        uint64_t bits = random_bits() >> (12 + random_bits() % 52);
        double value;
        memcpy(&value, &bits, sizeof value);
        check_double(value);
    }
}
END_TEST

START_TEST(any_float_reads_back_from_the_fewest_digits) {
    for (int i = 0; i < 8000; i++) {
        uint32_t bits = (uint32_t)random_bits();
        float value;
        memcpy(&value, &bits, sizeof value);
        if (isfinite(value)) {
            check_float(value);
        }
    }
}
END_TEST

START_TEST(any_long_double_reads_back) {
    for (int i = 0; i < 4000; i++) {
        long double value = ldexpl((long double)random_bits() + (long double)1,
                (int)(random_bits() % 32000) - 16380);
        if (!isfinite(value) || value == 0) {
            continue;
        }
        const char *text = written_long_double(value);
        ck_assert_msg(strtold(text, NULL) == value, "%La became %s", value, text);
        ck_assert_int_le(digit_count(text), 21);
    }
}
END_TEST

START_TEST(the_locale_changes_nothing) {
    // Debian's C.UTF-8 has a point; a comma is only seen where such a locale is
    // installed.
    const char *const locales[] = {"de_DE.UTF-8", "fr_FR.UTF-8", "de_DE", "C.UTF-8"};
    for (size_t i = 0; i < sizeof locales / sizeof *locales; i++) {
        if (setlocale(LC_ALL, locales[i]) == NULL) {
            continue;
        }
        ck_assert_str_eq(written_double(0.1), "0.1");
        ck_assert_str_eq(written_double(0.1 + 0.2), "0.30000000000000004");
        double value;
        ck_assert(hm_number_read(&hm_type_double, "0.30000000000000004", 19, &value) ==
                  HM_NUMBER_FITS);
        ck_assert(value == 0.1 + 0.2);
    }
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("number_write");
    TCase *tests = tcase_create("numbers");
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, doubles_look_as_people_write_them);
    tcase_add_test(tests, floats_and_long_doubles_have_digits_of_their_own);
    tcase_add_test(tests, integers_are_exact_at_their_limits);
    tcase_add_test(tests, any_double_reads_back_from_the_fewest_digits);
    tcase_add_test(tests, doubles_of_few_digits_are_written_with_these);
    tcase_add_test(tests, powers_of_two_and_their_neighbours_are_shortest_too);
    tcase_add_test(tests, any_subnormal_is_shortest_too);
    tcase_add_test(tests, any_float_reads_back_from_the_fewest_digits);
    tcase_add_test(tests, any_long_double_reads_back);
    tcase_add_test(tests, the_locale_changes_nothing);
    suite_add_tcase(suite, tests);
    return suite;
}
