// Dates and times as text: every value of a unit has one, which reads back as the
// value.

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/calendar.h"
#include "tests/support/suite.h"

static uint64_t state = 88172645463325252u;

static uint64_t random_bits(void) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

static void check_read(hm_time_unit unit, const char *text, int64_t expected) {
    int64_t value = -77;
    hm_time_fit fit = hm_time_read(unit, text, strlen(text), &value);
    ck_assert_msg(fit == HM_TIME_FITS, "%s: %d", text, (int)fit);
    ck_assert_msg(value == expected, "%s in %s: %lld", text, hm_time_unit_name(unit),
            (long long)value);
}

static void check_fault(hm_time_unit unit, const char *text, hm_time_fit expected) {
    int64_t value = -77;
    hm_time_fit fit = hm_time_read(unit, text, strlen(text), &value);
    ck_assert_msg(fit == expected, "%s: %d", text, (int)fit);
    ck_assert_int_eq(value, -77);
}

static void check_written(hm_time_unit unit, int64_t value, const char *expected) {
    char text[HM_NUMBER_SIZE];
    size_t length = hm_time_write(unit, value, text);
    ck_assert_str_eq(text, expected);
    ck_assert_uint_eq(length, strlen(text));
    check_read(unit, text, value);
}

START_TEST(times_are_read_as_iso_8601_has_them) {
    check_read(HM_TIME_DAY, "1970-01-01", 0);
    check_read(HM_TIME_DAY, "1969-12-31", -1);
    check_read(HM_TIME_DAY, "2000-02-29", 11016);
    check_read(HM_TIME_DAY, "0000-03-01", -719468);
    check_read(HM_TIME_DAY, "-0001-12-31", -719529);
    check_read(HM_TIME_DAY, "+12345-06-07", 3789548);
    check_read(HM_TIME_S, "2001-09-09T01:46:40Z", 1000000000);
    check_read(HM_TIME_S, "2001-09-09 01:46:40", 1000000000);
    check_read(HM_TIME_S, "2001-09-09t01:46z", 1000000000 - 40);
    check_read(HM_TIME_S, "2001-09-09T03:46:40+02:00", 1000000000);
    check_read(HM_TIME_S, "2001-09-08T20:16:40-0530", 1000000000);
    check_read(HM_TIME_S, "2001-09-09T02:46:40+01", 1000000000);
    check_read(HM_TIME_S, "2001-09-09T01:46:40.000Z", 1000000000);
    check_read(HM_TIME_MS, "1970-01-01T00:00:00.5", 500);
    check_read(HM_TIME_MS, "1970-01-01T00:00:00,05Z", 50);
    check_read(HM_TIME_US, "1969-12-31T23:59:59.999999Z", -1);
    check_read(HM_TIME_NS, "1970-01-02", INT64_C(86400000000000));
    check_read(HM_TIME_NS, "1970-01-01T00:00:00.123456789000Z", 123456789);
    check_read(HM_TIME_DAY, "2000-02-29T00:00:00.000Z", 11016);
    check_read(HM_TIME_DAY, "2000-02-29T02:00+02:00", 11016);
}
END_TEST

START_TEST(what_is_no_time_or_too_fine_or_too_far_is_told) {
    static const char *const malformed[] = {"", "2024", "2024-02", "2024-2-3",
            "24-02-03", "2024/02/03", "20240203", "02024-02-03", "2024-02-03T",
            "2024-02-03T12", "2024-02-03T12:3",
            "2024-02-03T12:30:", "2024-02-03T12:30:5", "2024-02-03T12:30:50.",
            "2024-02-03T12:30:50.Z", "2024-02-03T12:30+", "2024-02-03T12:30+1",
            "2024-02-03T12:30+01:", "2024-02-03T12:30+01:5", "2024-02-03T12:30ZZ",
            "2024-02-03x", " 2024-02-03", "2024-02-03 ", "+024-02-03", "--2024-02-03",
            "2024-02-03T1230", "now", "+1234567890123456789-01-01"};
    for (size_t i = 0; i < sizeof malformed / sizeof *malformed; i++) {
        check_fault(HM_TIME_NS, malformed[i], HM_TIME_MALFORMED);
    }
    static const char *const not_there[] = {"2023-02-29", "1900-02-29", "2024-02-30",
            "2024-04-31", "2024-00-01", "2024-13-01", "2024-01-00", "2024-01-32",
            "2024-02-03T24:00", "2024-02-03T12:60", "2024-02-03T12:30:60Z",
            "2024-02-03T12:30+24:00", "2024-02-03T12:30-01:60"};
    for (size_t i = 0; i < sizeof not_there / sizeof *not_there; i++) {
        check_fault(HM_TIME_S, not_there[i], HM_TIME_NOT_THERE);
    }
    check_read(HM_TIME_DAY, "2000-02-29", 11016);
    check_fault(HM_TIME_S, "2024-02-03T12:30:50.5Z", HM_TIME_TOO_FINE);
    check_fault(HM_TIME_MS, "2024-02-03T12:30:50.0001Z", HM_TIME_TOO_FINE);
    check_fault(HM_TIME_US, "2024-02-03T12:30:50.0000001Z", HM_TIME_TOO_FINE);
    check_fault(HM_TIME_NS, "2024-02-03T12:30:50.0000000001Z", HM_TIME_TOO_FINE);
    check_fault(HM_TIME_DAY, "2024-02-03T12:30Z", HM_TIME_TOO_FINE);
    check_fault(HM_TIME_DAY, "2024-02-03T00:00+01:00", HM_TIME_TOO_FINE);
    check_fault(HM_TIME_NS, "2262-04-11T23:47:16.854775808Z", HM_TIME_OUT_OF_RANGE);
    check_fault(HM_TIME_NS, "1677-09-21T00:12:43.145224191Z", HM_TIME_OUT_OF_RANGE);
    check_fault(HM_TIME_DAY, "+999999999999999999-01-01", HM_TIME_OUT_OF_RANGE);
    check_fault(HM_TIME_DAY, "-999999999999999999-01-01", HM_TIME_OUT_OF_RANGE);
    check_fault(HM_TIME_S, "+999999999999-01-01", HM_TIME_OUT_OF_RANGE);
}
END_TEST

START_TEST(the_ends_of_each_unit_have_a_text) {
    check_written(HM_TIME_NS, INT64_MAX, "2262-04-11T23:47:16.854775807Z");
    check_written(HM_TIME_NS, INT64_MIN, "1677-09-21T00:12:43.145224192Z");
    check_written(HM_TIME_US, INT64_MAX, "+294247-01-10T04:00:54.775807Z");
    check_written(HM_TIME_US, INT64_MIN, "-290308-12-21T19:59:05.224192Z");
    check_written(HM_TIME_MS, INT64_MAX, "+292278994-08-17T07:12:55.807Z");
    check_written(HM_TIME_S, INT64_MAX, "+292277026596-12-04T15:30:07Z");
    check_written(HM_TIME_S, INT64_MIN, "-292277022657-01-27T08:29:52Z");
    check_written(HM_TIME_DAY, INT64_MAX, "+25252734927768524-07-27");
    check_written(HM_TIME_DAY, INT64_MIN, "-25252734927764585-06-07");
    check_written(HM_TIME_DAY, 0, "1970-01-01");
    check_written(HM_TIME_S, -1, "1969-12-31T23:59:59Z");
    check_written(HM_TIME_MS, -1, "1969-12-31T23:59:59.999Z");
    check_written(HM_TIME_US, 1000000, "1970-01-01T00:00:01Z");
    check_written(HM_TIME_DAY, -719528, "0000-01-01");
    check_written(HM_TIME_DAY, 2932896, "9999-12-31");
    check_written(HM_TIME_DAY, 2932897, "+10000-01-01");
}
END_TEST

START_TEST(any_value_reads_back_as_itself) {
    for (int i = 0; i < 10000; i++) {
        int64_t value = (int64_t)random_bits() >> random_bits() % 63;
        for (hm_time_unit unit = HM_TIME_DAY; unit <= HM_TIME_NS; unit++) {
            char text[HM_NUMBER_SIZE];
            size_t length = hm_time_write(unit, value, text);
            ck_assert_uint_lt(length, sizeof text);
            check_read(unit, text, value);
        }
    }
}
END_TEST

START_TEST(days_are_those_of_the_c_library) {
    for (int64_t day = -1000000; day < 3000000; day += 997) {
        time_t seconds = (time_t)(day * 86400);
        struct tm parts;
        ck_assert_ptr_nonnull(gmtime_r(&seconds, &parts));
        int year = parts.tm_year + 1900;
        char expected[64];
        snprintf(expected, sizeof expected, "%s%04d-%02d-%02d",
                year < 0      ? "-"
                : year > 9999 ? "+"
                              : "",
                year < 0 ? -year : year, parts.tm_mon + 1, parts.tm_mday);
        check_written(HM_TIME_DAY, day, expected);
    }
}
END_TEST

START_TEST(units_have_names) {
    for (hm_time_unit unit = HM_TIME_DAY; unit <= HM_TIME_NS; unit++) {
        ck_assert_int_eq(hm_time_unit_find(hm_time_unit_name(unit)), unit);
    }
    ck_assert_int_eq(hm_time_unit_find("minutes"), HM_TIME_NONE);
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("calendar");
    TCase *tests = tcase_create("calendar");
    tcase_add_test(tests, times_are_read_as_iso_8601_has_them);
    tcase_add_test(tests, what_is_no_time_or_too_fine_or_too_far_is_told);
    tcase_add_test(tests, the_ends_of_each_unit_have_a_text);
    tcase_add_test(tests, any_value_reads_back_as_itself);
    tcase_add_test(tests, days_are_those_of_the_c_library);
    tcase_add_test(tests, units_have_names);
    suite_add_tcase(suite, tests);
    return suite;
}
