// test_validators.c — what checks find in columns: compared with loops that look at one
// value after the other, in one part and in several that are combined.

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/validity.h"
#include "graph/modifiers/validators.h"
#include "tests/support/suite.h"

enum { MOST = 3000 };

static uint64_t seed;

static uint32_t draw(uint32_t below) {
    seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407;
    return (uint32_t)(seed >> 33) % below;
}

static const hm_modifier modifiers[] = {
        {.name = "check_range"},
        {.name = "check_finite"},
        {.name = "check_values_in"},
        {.name = "check_max_nan_fraction"},
        {.name = "check_max_std_dev"},
        {.name = "check_mean_in_range"},
        {.name = "check_contains"},
        {.name = "check"},
};

static hm_validator validator(hm_validator_kind kind) {
    return (hm_validator){.form = hm_validator_find(&modifiers[kind]),
            .name = "it",
            .expected = "as expected"};
}

static hm_check_result look(const hm_validator *validator, const hm_type *type,
        const hm_array *rows, size_t part) {
    const hm_validators validators = {"node", type, validator, 1};
    hm_check_result whole;
    bool is_first = true;
    for (size_t start = 0; start < rows->length || is_first; start += part) {
        size_t left = rows->length - start;
        const hm_array some = {.data = (char *)rows->data + start * type->size,
                .length = left < part ? left : part,
                .validity = rows->validity != NULL ? rows->validity + start / 8 : NULL};
        hm_check_result found;
        hm_validators_look(&validators, &some, &found);
        if (is_first) {
            whole = found;
        } else {
            hm_validators_combine(&validators, &whole, &found);
        }
        is_first = false;
    }
    return whole;
}

static const size_t parts[] = {8, 64, 512, 1000, 4096};

#define EACH_PART(part)                                                                \
    for (size_t its_ = 0, part = parts[0]; its_ < sizeof parts / sizeof *parts;        \
            part = parts[++its_ % (sizeof parts / sizeof *parts)])

static size_t draw_column(double *values) {
    size_t length = draw(MOST);
    for (size_t i = 0; i < length; i++) {
        uint32_t kind = draw(40);
        values[i] = kind == 0 ? NAN : kind == 1 ? INFINITY : (double)draw(1000) / 100;
    }
    return length;
}

START_TEST(a_range_counts_what_is_outside_and_finds_the_first) {
    static double values[MOST];
    hm_validator range = validator(HM_VALIDATOR_RANGE);
    range.low.real = 1;
    range.high.real = 9.5;
    for (int trial = 0; trial < 50; trial++) {
        seed = (uint64_t)trial;
        size_t length = draw_column(values);
        int64_t failing = 0;
        int64_t missing = 0;
        int64_t first = 0;
        for (size_t i = 0; i < length; i++) {
            bool is_outside = values[i] < 1 || values[i] > 9.5;
            first = is_outside && first == 0 ? (int64_t)i + 1 : first;
            failing += is_outside;
            missing += isnan(values[i]) != 0;
        }
        const hm_array rows = {.data = values, .length = length};
        EACH_PART(part) {
            hm_check_result found = look(&range, &hm_type_double, &rows, part);
            ck_assert_int_eq(found.rows, (int64_t)length);
            ck_assert_int_eq(found.failing, failing);
            ck_assert_int_eq(found.missing, missing);
            ck_assert_int_eq(found.first, first);
            ck_assert(found.passed == (failing == 0));
            if (first > 0) {
                ck_assert(found.found == values[first - 1]);
            }
        }
    }
}
END_TEST

START_TEST(mean_and_deviation_are_those_of_all_parts) {
    static double values[MOST];
    hm_validator deviation = validator(HM_VALIDATOR_MAX_STD_DEV);
    hm_validator mean = validator(HM_VALIDATOR_MEAN_IN_RANGE);
    deviation.greatest = 3;
    mean.least = 0;
    mean.greatest = 5;
    for (int trial = 0; trial < 50; trial++) {
        seed = (uint64_t)trial;
        size_t length = 2 + draw(MOST - 2);
        long double sum = 0;
        for (size_t i = 0; i < length; i++) {
            values[i] = 1e6 + (double)draw(1000) / 100;
            sum += values[i];
        }
        long double expected = sum / length;
        long double squares = 0;
        for (size_t i = 0; i < length; i++) {
            squares += (values[i] - expected) * (values[i] - expected);
        }
        double sd = (double)sqrtl(squares / (length - 1));
        const hm_array rows = {.data = values, .length = length};
        EACH_PART(part) {
            hm_check_result found = look(&deviation, &hm_type_double, &rows, part);
            ck_assert_double_eq_tol(found.found, sd, 1e-9);
            ck_assert(found.passed == (sd <= 3));
            found = look(&mean, &hm_type_double, &rows, part);
            ck_assert_double_eq_tol(found.found, (double)expected, 1e-9);
            ck_assert(!found.passed);
        }
    }
}
END_TEST

START_TEST(missing_values_are_counted_and_else_passed_over) {
    static int32_t values[MOST];
    static uint8_t validity[MOST / 8 + 8];
    hm_validator range = validator(HM_VALIDATOR_RANGE);
    hm_validator fraction = validator(HM_VALIDATOR_MAX_NAN_FRACTION);
    range.low.real = 0;
    range.high.real = 100;
    fraction.greatest = 0.5;
    for (int trial = 0; trial < 50; trial++) {
        seed = (uint64_t)trial;
        size_t length = 1 + draw(MOST - 1);
        int64_t missing = 0;
        int64_t failing = 0;
        memset(validity, 0xff, sizeof validity);
        for (size_t i = 0; i < length; i++) {
            values[i] = (int32_t)draw(110);
            if (draw(3) == 0) {
                values[i] = -1;
                hm_validity_clear(validity, i);
                missing++;
            }
            failing += values[i] > 100;
        }
        const hm_array rows = {.data = values, .length = length, .validity = validity};
        EACH_PART(part) {
            if (part % 8 != 0) {
                continue; // a part of a validity begins with a byte
            }
            hm_check_result found = look(&range, &hm_type_int, &rows, part);
            ck_assert_int_eq(found.failing, failing);
            ck_assert_int_eq(found.missing, missing);
            found = look(&fraction, &hm_type_int, &rows, part);
            ck_assert_double_eq_tol(
                    found.found, (double)missing / (double)length, 1e-12);
            ck_assert_int_eq(found.rows, (int64_t)length);
        }
    }
}
END_TEST

static void check_one(const hm_type *type, const void *value, hm_validator_value low,
        hm_validator_value high, bool passes) {
    hm_validator range = validator(HM_VALIDATOR_RANGE);
    range.low = low;
    range.high = high;
    const hm_array rows = {.data = (void *)value, .length = 1};
    hm_check_result found = look(&range, type, &rows, 1);
    ck_assert_msg(found.passed == passes, "%s", type->name);
}

#define CHECK_ONE(word, type, value, low_, high_, passes)                              \
    check_one(&hm_type_##word, &(type){value}, (hm_validator_value){.real = low_},     \
            (hm_validator_value){.real = high_}, passes)

START_TEST(every_arithmetic_type_has_a_range) {
    CHECK_ONE(schar, signed char, -3, -3, 5, true);
    CHECK_ONE(schar, signed char, -3, -2, 5, false);
    CHECK_ONE(uchar, unsigned char, 250, 0, 249, false);
    CHECK_ONE(uchar, unsigned char, 250, 250, 255, true);
    CHECK_ONE(short, short, -300, -299, 0, false);
    CHECK_ONE(short, short, -300, -300, 0, true);
    CHECK_ONE(ushort, unsigned short, 65535, 65535, 65535, true);
    CHECK_ONE(int, int, INT32_MIN, INT32_MIN, 0, true);
    CHECK_ONE(int, int, INT32_MIN, -5, 0, false);
    CHECK_ONE(uint, unsigned, UINT32_MAX, 0, 4294967295.0, true);
    CHECK_ONE(uint, unsigned, UINT32_MAX, 0, 4294967294.0, false);
    CHECK_ONE(float, float, 0.5F, 0.5, 0.5, true);
    CHECK_ONE(longdouble, long double, 0.5L, 0.6, 1, false);
    const hm_validator_value low = {.integer = INT64_MAX - 1};
    const hm_validator_value high = {.integer = INT64_MAX};
    check_one(&hm_type_long, &(long){INT64_MAX}, low, high, true);
    check_one(&hm_type_long, &(long){INT64_MAX - 2}, low, high, false);
    check_one(&hm_type_ulong, &(unsigned long){UINT64_MAX}, low, high, true);
    check_one(&hm_type_ulong, &(unsigned long){INT64_MAX}, low, high, false);
}
END_TEST

START_TEST(nothing_passes_and_one_value_deviates_from_nothing) {
    double value = 7;
    const hm_array none = {.length = 0};
    const hm_array one = {.data = &value, .length = 1};
    for (hm_validator_kind kind = 0; kind < HM_VALIDATOR_CONTAINS; kind++) {
        hm_validator each = validator(kind);
        ck_assert(look(&each, &hm_type_double, &none, 1).passed);
    }
    hm_validator deviation = validator(HM_VALIDATOR_MAX_STD_DEV);
    ck_assert(look(&deviation, &hm_type_double, &one, 1).passed);
}
END_TEST

// What a validator of all values was asked of.
static struct {
    size_t count;
    hm_array rows;
    bool answer;
} asked;

static int judge(void *frame, const uint32_t *at, void *self) {
    (void)self;
    asked.count++;
    memcpy(&asked.rows, (char *)frame + at[0], sizeof asked.rows);
    memcpy((char *)frame + at[1], &asked.answer, sizeof asked.answer);
    return 0;
}

static const hm_parameter judged = {.name = "x", .shape = HM_ARRAY};
static const hm_function judging = {
        .name = "judge", .parameters = &judged, .parameter_count = 1, .call = judge};

static hm_check_result look_at_all(
        const hm_type *type, const hm_array *rows, bool answer) {
    hm_validator all = validator(HM_VALIDATOR_OWN);
    all.own = &judging;
    asked.count = 0;
    asked.answer = answer;
    hm_check_result result = look(&all, type, rows, MOST);
    ck_assert_uint_eq(asked.count, 1);
    ck_assert_uint_eq(asked.rows.length, rows->length);
    ck_assert_ptr_eq(asked.rows.data, rows->data);
    ck_assert_ptr_eq(asked.rows.validity, rows->validity);
    ck_assert(result.passed == answer);
    ck_assert_int_eq(result.rows, (int64_t)rows->length);
    ck_assert_int_eq(result.failing, 0);
    ck_assert_int_eq(result.first, 0);
    return result;
}

START_TEST(who_judges_all_is_asked_once_of_every_row) {
    static double values[MOST];
    const hm_array many = {.data = values, .length = MOST};
    const hm_array none = {.length = 0};
    for (int answer = 0; answer < 2; answer++) {
        (void)look_at_all(&hm_type_double, &many, answer != 0);
        (void)look_at_all(&hm_type_double, &none, answer != 0);
    }
}
END_TEST

START_TEST(who_judges_all_sees_rows_that_are_missing) {
    double reals[] = {1, NAN, 3};
    int32_t integers[] = {1, 0, 3};
    uint8_t validity[] = {5};
    const hm_array nan = {.data = reals, .length = 3};
    const hm_array marked = {.data = integers, .length = 3, .validity = validity};
    ck_assert_int_eq(look_at_all(&hm_type_double, &nan, false).missing, 1);
    ck_assert_int_eq(look_at_all(&hm_type_int, &marked, false).missing, 1);
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("graph/validators");
    TCase *tests = tcase_create("validators");
    tcase_add_test(tests, a_range_counts_what_is_outside_and_finds_the_first);
    tcase_add_test(tests, mean_and_deviation_are_those_of_all_parts);
    tcase_add_test(tests, missing_values_are_counted_and_else_passed_over);
    tcase_add_test(tests, every_arithmetic_type_has_a_range);
    tcase_add_test(tests, nothing_passes_and_one_value_deviates_from_nothing);
    tcase_add_test(tests, who_judges_all_is_asked_once_of_every_row);
    tcase_add_test(tests, who_judges_all_sees_rows_that_are_missing);
    suite_add_tcase(suite, tests);
    return suite;
}
