// test_survey.c — loops that compilers vectorise, or that are written for one
// processor, find what a loop over one value after the other finds.

#include <math.h>

#include "graph/modifiers/survey.h"
#include "tests/support/suite.h"

enum { MOST = 70 };

// Whether it is so of each value.
static bool are_inside(const double *values, size_t count, double low, double high) {
    bool inside = true;
    for (size_t i = 0; i < count; i++) {
        inside = inside && values[i] >= low && values[i] <= high;
    }
    return inside;
}

START_TEST(one_value_outside_is_found_wherever_it_is) {
    static const double others[] = {
            0.5, 0, 1, -0.25, 1.25, NAN, -NAN, INFINITY, -INFINITY};
    double values[MOST];
    for (size_t count = 0; count <= MOST; count++) {
        for (size_t i = 0; i < MOST; i++) {
            values[i] = (double)(i % 5) / 4;
        }
        for (size_t at = 0; at < count; at++) {
            double before = values[at];
            for (size_t k = 0; k < sizeof others / sizeof *others; k++) {
                values[at] = others[k];
                hm_survey survey = hm_survey_reals(values, count, 0, 1);
                ck_assert(survey.is_sound == are_inside(values, count, 0, 1));
            }
            values[at] = before;
        }
        ck_assert(hm_survey_reals(values, count, 0, 1).is_sound);
    }
}
END_TEST

START_TEST(without_bounds_only_nan_and_a_sum_that_is_none_are_unsound) {
    double values[] = {
            INFINITY, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17};
    size_t count = sizeof values / sizeof *values;
    hm_survey survey = hm_survey_reals(values, count, -INFINITY, INFINITY);
    ck_assert(survey.is_sound && survey.sum == INFINITY);
    values[16] = -INFINITY;
    ck_assert(!hm_survey_reals(values, count, -INFINITY, INFINITY).is_sound);
    values[0] = NAN;
    ck_assert(!hm_survey_reals(values, count, -INFINITY, INFINITY).is_sound);
}
END_TEST

START_TEST(a_sum_has_the_same_bits_whoever_adds_it_up) {
    double values[MOST];
    for (size_t i = 0; i < MOST; i++) {
        values[i] = 1 / (double)(3 * i + 1);
    }
    for (size_t count = 0; count <= MOST; count++) {
        double plain = 0;
        for (size_t i = 0; i < count; i++) {
            plain += values[i];
        }
        hm_survey survey = hm_survey_reals(values, count, 0, 1);
        double sum = hm_survey_sum(values, count);
        ck_assert_mem_eq(&survey.sum, &sum, sizeof sum);
        ck_assert_double_eq_tol(sum, plain, 1e-14);
    }
}
END_TEST

START_TEST(counts_and_squares_are_those_of_a_plain_loop) {
    double values[MOST];
    int64_t integers[MOST];
    for (size_t i = 0; i < MOST; i++) {
        values[i] = i % 7 == 3 ? NAN : i % 11 == 5 ? -INFINITY : (double)i;
        integers[i] = i % 3 == 0 ? INT64_MIN + (int64_t)i : (int64_t)i;
    }
    for (size_t count = 0; count <= MOST; count++) {
        size_t nan = 0;
        size_t infinite = 0;
        size_t inside = 0;
        size_t integers_inside = 0;
        for (size_t i = 0; i < count; i++) {
            nan += isnan(values[i]) != 0;
            infinite += isfinite(values[i]) == 0;
            inside += values[i] >= 4 && values[i] <= 60;
            integers_inside += integers[i] >= INT64_MIN + 3 && integers[i] <= 50;
        }
        ck_assert_uint_eq(hm_survey_count_nan(values, count), nan);
        ck_assert_uint_eq(hm_survey_count_infinite(values, count), infinite);
        ck_assert_uint_eq(hm_survey_count_inside(values, count, 4, 60), inside);
        ck_assert_uint_eq(
                hm_survey_count_integers_inside(integers, count, INT64_MIN + 3, 50),
                integers_inside);
    }
    for (size_t count = 0; count <= MOST; count++) {
        double numbers[MOST];
        double squares = 0;
        for (size_t i = 0; i < count; i++) {
            numbers[i] = (double)i;
            squares += ((double)i - 2) * ((double)i - 2);
        }
        ck_assert(hm_survey_squares(numbers, count, 2) == squares); // of whole numbers
    }
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("graph/survey");
    TCase *tests = tcase_create("survey");
    tcase_add_test(tests, one_value_outside_is_found_wherever_it_is);
    tcase_add_test(tests, without_bounds_only_nan_and_a_sum_that_is_none_are_unsound);
    tcase_add_test(tests, a_sum_has_the_same_bits_whoever_adds_it_up);
    tcase_add_test(tests, counts_and_squares_are_those_of_a_plain_loop);
    suite_add_tcase(suite, tests);
    return suite;
}
