// Times from one unit to another.

#include <stdint.h>

#include "base/time_scale.h"
#include "tests/support/suite.h"

START_TEST(units_are_multiples_of_each_other) {
    static const int64_t of_day[] = {[HM_TIME_DAY] = 1,
            [HM_TIME_S] = 86400,
            [HM_TIME_MS] = 86400000,
            [HM_TIME_US] = 86400000000,
            [HM_TIME_NS] = 86400000000000};
    for (hm_time_unit from = HM_TIME_DAY; from <= HM_TIME_NS; from++) {
        for (hm_time_unit to = HM_TIME_DAY; to <= HM_TIME_NS; to++) {
            int64_t times[] = {0, of_day[from], -of_day[from], 19724 * of_day[from]};
            ck_assert_uint_eq(hm_time_scale(from, to, times, 4), 4);
            ck_assert_int_eq(times[0], 0);
            ck_assert_int_eq(times[1], of_day[to]);
            ck_assert_int_eq(times[2], -of_day[to]);
            ck_assert_int_eq(times[3], 19724 * of_day[to]);
        }
    }
}
END_TEST

START_TEST(what_does_not_fit_stays_as_it_was) {
    int64_t most = INT64_MAX / 1000;
    int64_t times[] = {most, -most, most + 1, 1};
    ck_assert_uint_eq(hm_time_scale(HM_TIME_MS, HM_TIME_US, times, 4), 2);
    ck_assert_int_eq(times[0], most * 1000);
    ck_assert_int_eq(times[1], -most * 1000);
    ck_assert_int_eq(times[2], most + 1);
    ck_assert_int_eq(times[3], 1);
    ck_assert_str_eq(hm_time_scale_complaint(HM_TIME_MS, HM_TIME_US), "does not fit");

    int64_t fine[] = {-2000, -1001, INT64_MIN};
    ck_assert_uint_eq(hm_time_scale(HM_TIME_NS, HM_TIME_US, fine, 3), 1);
    ck_assert_int_eq(fine[0], -2);
    ck_assert_int_eq(fine[1], -1001);
    ck_assert_str_eq(hm_time_scale_complaint(HM_TIME_NS, HM_TIME_US), "is finer than");

    int64_t ends[] = {INT64_MIN, INT64_MAX};
    ck_assert_uint_eq(hm_time_scale(HM_TIME_NS, HM_TIME_NS, ends, 2), 2);
    ck_assert_int_eq(ends[0], INT64_MIN);
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("time_scale");
    TCase *tests = tcase_create("time_scale");
    tcase_add_test(tests, units_are_multiples_of_each_other);
    tcase_add_test(tests, what_does_not_fit_stays_as_it_was);
    suite_add_tcase(suite, tests);
    return suite;
}
