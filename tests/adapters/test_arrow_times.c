// Arrow's dates and timestamps as columns of times, and back.

#include <stdalign.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <hamilton/arrow.h>

#include "tests/support/arrow_trial.h"
#include "tests/support/suite.h"

// A batch whose column x has 64-bit numbers.
static hm_built build_x(const char *format, int64_t length, const uint8_t *validity,
        const int64_t *numbers) {
    hm_built batch = hm_build(&trial.schema, &trial.array, length);
    return hm_build_numbers(batch, "x", format, length, validity, numbers,
            (size_t)length * sizeof *numbers);
}

static void check_import(
        const char *format, int64_t number, const hm_type *type, int64_t expected) {
    int64_t numbers[] = {0, number};
    build_x(format, 2, NULL, numbers);
    const hm_value *value = hm_arrow_trial_import(type);
    ck_assert_ptr_eq(value->type, type);
    ck_assert_int_eq(((const int64_t *)value->many.data)[0], 0);
    ck_assert_int_eq(((const int64_t *)value->many.data)[1], expected);
    hm_arrow_trial_again();
}

static void check_refused(const char *format, int64_t number, const hm_type *type,
        hm_status status, const char *message) {
    int64_t numbers[] = {0, number};
    build_x(format, 2, NULL, numbers);
    hm_arrow_trial_refused(type, status, message);
}

START_TEST(timestamps_are_times_of_their_unit_where_they_were) {
    static const struct {
        const char *format;
        const hm_type *type;
    } cases[] = {{"tdm", &hm_type_time_ms}, {"tss:", &hm_type_time_s},
            {"tsm:UTC", &hm_type_time_ms}, {"tsu:Europe/Berlin", &hm_type_time_us},
            {"tsn:", &hm_type_time_ns}};
    static const int64_t numbers[] = {-1, INT64_MIN, INT64_MAX};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        for (int wanted = 0; wanted < 2; wanted++) {
            hm_built x = build_x(cases[i].format, 3, NULL, numbers);
            const void *there = x.array->buffers[1];
            const hm_value *value =
                    hm_arrow_trial_import(wanted ? cases[i].type : NULL);
            ck_assert_ptr_eq(value->type, cases[i].type);
            ck_assert_ptr_eq(value->many.data, there);
            hm_arrow_trial_again();
        }
    }
}
END_TEST

START_TEST(dates_of_32_bits_are_days) {
    static const int32_t days[] = {-1, INT32_MIN, INT32_MAX, 19724};
    const uint8_t validity = 0x09;
    hm_built batch = hm_build(&trial.schema, &trial.array, 4);
    hm_build_numbers(batch, "x", "tdD", 4, NULL, days, sizeof days);
    const hm_value *value = hm_arrow_trial_import(NULL);
    ck_assert_ptr_eq(value->type, &hm_type_time_day);
    for (size_t i = 0; i < 4; i++) {
        ck_assert_int_eq(((const int64_t *)value->many.data)[i], days[i]);
    }
    hm_arrow_trial_again();
    batch = hm_build(&trial.schema, &trial.array, 4);
    hm_build_numbers(batch, "x", "tdD", 4, &validity, days, sizeof days);
    value = hm_arrow_trial_import(&hm_type_time_ns); // but for those that are missing
    ck_assert_uint_eq(value->many.validity[0] & 0x0fu, validity);
    ck_assert_int_eq(((const int64_t *)value->many.data)[0], -86400000000000);
    ck_assert_int_eq(((const int64_t *)value->many.data)[3], 19724 * 86400000000000);
}
END_TEST

START_TEST(other_units_are_exact_or_refused) {
    check_import("tss:", -1709209800, &hm_type_time_ns, -1709209800000000000);
    check_import("tsm:", INT64_MAX / 1000, &hm_type_time_us, INT64_MAX / 1000 * 1000);
    check_import("tsn:UTC", -86400000000000, &hm_type_time_day, -1);
    check_import("tdm", 1709164800000, &hm_type_time_day, 19782);
    check_refused("tsu:", 1709209800250000, &hm_type_time_s, HM_BAD_DATA,
            "column `x`, row 2: 2024-02-29T12:30:00.250000Z is finer than int64_t in "
            "s; "
            "take it as int64_t in us");
    check_refused("tdm", -1, &hm_type_time_day, HM_BAD_DATA,
            "column `x`, row 2: 1969-12-31T23:59:59.999Z is finer than int64_t in day; "
            "take it as int64_t in ms");
    check_refused("tss:", 10413792000, &hm_type_time_ns, HM_BAD_DATA,
            "column `x`, row 2: 2300-01-01T00:00:00Z does not fit int64_t in ns; take "
            "it as int64_t in s");
}
END_TEST

START_TEST(what_is_missing_is_not_converted) {
    static const int64_t numbers[] = {5, 2000, -7000, INT64_MAX};
    const uint8_t validity = 0x06;
    hm_built x = build_x("tsn:", 4, &validity, numbers);
    const void *there = x.array->buffers[1];
    const hm_array *many = &hm_arrow_trial_import(&hm_type_time_us)->many;
    ck_assert_ptr_ne(many->data, there);
    ck_assert_uint_eq(many->validity[0] & 0x0fu, validity);
    ck_assert_int_eq(((const int64_t *)many->data)[1], 2);
    ck_assert_int_eq(((const int64_t *)many->data)[2], -7);
    hm_arrow_trial_again();
    const uint8_t others = 0x0e;
    build_x("tsn:", 4, &others, numbers);
    hm_arrow_trial_refused(&hm_type_time_us, HM_BAD_DATA,
            "column `x`, row 4: 2262-04-11T23:47:16.854775807Z is finer than int64_t "
            "in "
            "us; take it as int64_t in ns");
}
END_TEST

START_TEST(times_are_no_plain_numbers_but_numbers_count) {
    check_refused("tsu:", 1, &hm_type_long, HM_TYPE_MISMATCH,
            "column `x`: it is a timestamp in microseconds, but long is wanted, which "
            "does not say what it counts; take it as int64_t in us, or cast it where "
            "it "
            "comes from");
    check_refused("tdm", 1, &hm_type_double, HM_TYPE_MISMATCH,
            "column `x`: it is date64, but double is wanted, which does not say what "
            "it "
            "counts; take it as int64_t in ms, or cast it where it comes from");
    check_refused("tsu:", 1, &hm_type_string, HM_TYPE_MISMATCH,
            "column `x`: it is a timestamp in microseconds, but const char * is "
            "wanted; "
            "take it as int64_t in us, or cast it where it comes from");
    check_refused("tDs", 1, &hm_type_time_s, HM_TYPE_MISMATCH,
            "column `x`: it is a duration in seconds, but int64_t in s is wanted; take "
            "it as long, or cast it where it comes from");
    check_refused("g", 1, &hm_type_time_s, HM_TYPE_MISMATCH,
            "column `x`: it is double, but int64_t in s is wanted, which does not hold "
            "all of its values; take it as double, or cast it where it comes from");
    static const int64_t numbers[] = {1, 2};
    hm_built x = build_x("l", 2, NULL, numbers);
    const void *there = x.array->buffers[1];
    ck_assert_ptr_eq(hm_arrow_trial_import(&hm_type_time_ms)->many.data, there);
    hm_arrow_trial_again();
    static const uint16_t days[] = {1, 19724};
    hm_built batch = hm_build(&trial.schema, &trial.array, 2);
    hm_build_numbers(batch, "x", "S", 2, NULL, days, sizeof days);
    const int64_t *wide = hm_arrow_trial_import(&hm_type_time_day)->many.data;
    ck_assert_int_eq(wide[1], 19724);
}
END_TEST

struct event {
    double level;
    int64_t at;
    int64_t days[2];
};

static const hm_field event_fields[] = {
        {.name = "level",
                .type = &hm_type_double,
                .offset = offsetof(struct event, level)},
        {.name = "at", .type = &hm_type_time_ms, .offset = offsetof(struct event, at)},
        {.name = "days",
                .type = &hm_type_time_day,
                .offset = offsetof(struct event, days),
                .length = 2},
};
static const hm_type event_type = {.name = "struct event",
        .kind = HM_KIND_STRUCT,
        .size = sizeof(struct event),
        .alignment = alignof(struct event),
        .fields = event_fields,
        .field_count = 3};

static void build_events(
        const uint8_t *validity, const int64_t *at, const int64_t days[4]) {
    static const double levels[] = {1, 2};
    hm_built batch = hm_build(&trial.schema, &trial.array, 2);
    hm_built x = hm_build_child(batch, "x", "+s", 2);
    hm_build_buffer(x, validity, 1);
    hm_build_numbers(x, "level", "g", 2, NULL, levels, sizeof levels);
    hm_build_numbers(x, "at", "tsu:", 2, NULL, at, 2 * sizeof *at);
    hm_built lists = hm_build_child(x, "days", "+w:2", 2);
    hm_build_buffer(lists, NULL, 0);
    hm_build_numbers(lists, "item", "tss:", 4, NULL, days, 4 * sizeof *days);
}

START_TEST(times_in_structs_lists_and_dictionaries_are_converted_too) {
    static const int64_t midnights[] = {0, 86400, 172800, 259200};
    static const int64_t others[] = {0, 1, 172800, 259200};
    build_events(NULL, (int64_t[]){1000, -5000}, midnights);
    const struct event *events = hm_arrow_trial_import(&event_type)->many.data;
    ck_assert_int_eq(events[0].at, 1);
    ck_assert_int_eq(events[1].at, -5);
    ck_assert_int_eq(events[0].days[1], 1);
    ck_assert_int_eq(events[1].days[1], 3);
    hm_arrow_trial_again();
    build_events(NULL, (int64_t[]){1000, 1001}, midnights);
    hm_arrow_trial_refused(&event_type, HM_BAD_DATA,
            "column `x.at`, row 2: 1970-01-01T00:00:00.001001Z is finer than int64_t "
            "in "
            "ms; take it as int64_t in us");
    build_events(NULL, (int64_t[]){1000, 2000}, others);
    hm_arrow_trial_refused(&event_type, HM_BAD_DATA,
            "column `x.days`, row 1: 1970-01-01T00:00:01Z is finer than int64_t in "
            "day; "
            "take it as int64_t in s");
    const uint8_t second = 0x02; // what a missing struct has may be anything
    build_events(&second, (int64_t[]){1, 2000}, others);
    events = hm_arrow_trial_import(&event_type)->many.data;
    ck_assert_int_eq(events[1].at, 2);
    ck_assert_int_eq(events[1].days[0], 2);
    hm_arrow_trial_again();

    static const int32_t offsets[] = {0, 1, 3};
    static const int32_t days[] = {1, 2, 3};
    hm_built batch = hm_build(&trial.schema, &trial.array, 2);
    hm_built x = hm_build_child(batch, "x", "+l", 2);
    hm_build_buffer(x, NULL, 0);
    hm_build_buffer(x, offsets, sizeof offsets);
    hm_build_numbers(x, "item", "tdD", 3, NULL, days, sizeof days);
    const hm_array *lists = hm_arrow_trial_import(&hm_type_time_s)->many.data;
    ck_assert_uint_eq(lists[1].length, 2);
    ck_assert_int_eq(((const int64_t *)lists[1].data)[1], 3 * 86400);
    hm_arrow_trial_again();

    static const int32_t indexes[] = {2, 0};
    batch = hm_build(&trial.schema, &trial.array, 2);
    x = hm_build_numbers(batch, "x", "i", 2, NULL, indexes, sizeof indexes);
    hm_built values = hm_build_dictionary(x, "tdD", 3);
    hm_build_buffer(values, NULL, 0);
    hm_build_buffer(values, days, sizeof days);
    const hm_value *value = hm_arrow_trial_import(NULL);
    ck_assert_ptr_eq(value->type, &hm_type_time_day);
    ck_assert_int_eq(((const int64_t *)value->many.data)[0], 3);
    ck_assert_int_eq(((const int64_t *)value->many.data)[1], 1);
}
END_TEST

// Exports the column x into the trial.
static hm_status export_x(const hm_value *value) {
    hm_binding column = {"x", *value};
    return hm_arrow_export(NULL, &column, 1, &trial.schema, &trial.array, &trial.error);
}

START_TEST(times_are_exported_with_their_unit) {
    static const struct {
        const hm_type *type;
        const char *format;
    } cases[] = {{&hm_type_time_s, "tss:"}, {&hm_type_time_ms, "tsm:"},
            {&hm_type_time_us, "tsu:"}, {&hm_type_time_ns, "tsn:"}};
    static int64_t numbers[] = {INT64_MIN, 0, INT64_MAX};
    uint8_t validity = 0x05;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        hm_value value = hm_value_many(cases[i].type, numbers, 3);
        value.many.validity = &validity;
        ck_assert_int_eq(export_x(&value), HM_OK);
        ck_assert_str_eq(trial.schema.children[0]->format, cases[i].format);
        ck_assert_ptr_eq(trial.array.children[0]->buffers[0], &validity);
        ck_assert_ptr_eq(trial.array.children[0]->buffers[1], numbers);
        const hm_value *back = hm_arrow_trial_import(NULL);
        ck_assert_ptr_eq(back->type, cases[i].type);
        ck_assert_ptr_eq(back->many.data, numbers);
        hm_arrow_trial_again();
    }
}
END_TEST

START_TEST(days_are_exported_in_32_bits) {
    int64_t days[] = {INT32_MIN, INT64_MAX, INT32_MAX, -1};
    uint8_t validity = 0x0d; // what is missing may be anything
    hm_value value = hm_value_many(&hm_type_time_day, days, 4);
    value.many.validity = &validity;
    ck_assert_int_eq(export_x(&value), HM_OK);
    ck_assert_str_eq(trial.schema.children[0]->format, "tdD");
    const int32_t *narrow = trial.array.children[0]->buffers[1];
    ck_assert_int_eq(narrow[0], INT32_MIN);
    ck_assert_int_eq(narrow[2], INT32_MAX);
    const hm_value *back = hm_arrow_trial_import(NULL);
    ck_assert_ptr_eq(back->type, &hm_type_time_day);
    ck_assert_uint_eq(back->many.validity[0] & 0x0fu, validity);
    ck_assert_int_eq(((const int64_t *)back->many.data)[0], INT32_MIN);
    ck_assert_int_eq(((const int64_t *)back->many.data)[3], -1);
    hm_arrow_trial_again();

    const hm_value none = hm_value_many(&hm_type_time_day, NULL, 0);
    ck_assert_int_eq(export_x(&none), HM_OK);
    ck_assert_ptr_nonnull(trial.array.children[0]->buffers[1]);
    hm_arrow_trial_again();

    value.many.validity = NULL;
    days[1] = (int64_t)INT32_MAX + 1;
    ck_assert_int_eq(export_x(&value), HM_BAD_DATA);
    ck_assert_str_eq(trial.error.message,
            "column `x`, row 2: +5881580-07-12 does not fit date32, Arrow's type for "
            "days; count seconds");
}
END_TEST

START_TEST(times_in_structs_and_lists_come_back) {
    static const struct event events[] = {{1, 1500, {0, 1}}, {2, -1, {2, 3}}};
    hm_value value = hm_value_many(&event_type, events, 2);
    ck_assert_int_eq(export_x(&value), HM_OK);
    const struct ArrowSchema *schema = trial.schema.children[0];
    ck_assert_str_eq(schema->children[1]->format, "tsm:");
    ck_assert_str_eq(schema->children[2]->children[0]->format, "tdD");
    const struct event *back = hm_arrow_trial_import(&event_type)->many.data;
    ck_assert_mem_eq(back, events, sizeof events);
    hm_arrow_trial_again();

    int64_t days[] = {1, 2, 3};
    hm_array lists[] = {{days + 1, 2, NULL}, {NULL, 0, NULL}, {days, 1, NULL}};
    value = hm_value_many(&hm_type_time_day, lists, 3);
    value.depth = 2;
    ck_assert_int_eq(export_x(&value), HM_OK);
    const hm_value *imported = hm_arrow_trial_import(NULL);
    ck_assert_ptr_eq(imported->type, &hm_type_time_day);
    const hm_array *parts = imported->many.data;
    ck_assert_int_eq(((const int64_t *)parts[0].data)[1], 3);
    ck_assert_int_eq(((const int64_t *)parts[2].data)[0], 1);
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("arrow_times");
    TCase *tcase = tcase_create("times");
    tcase_add_checked_fixture(tcase, hm_arrow_trial_begin, hm_arrow_trial_end);
    tcase_add_test(tcase, timestamps_are_times_of_their_unit_where_they_were);
    tcase_add_test(tcase, dates_of_32_bits_are_days);
    tcase_add_test(tcase, other_units_are_exact_or_refused);
    tcase_add_test(tcase, what_is_missing_is_not_converted);
    tcase_add_test(tcase, times_are_no_plain_numbers_but_numbers_count);
    tcase_add_test(tcase, times_in_structs_lists_and_dictionaries_are_converted_too);
    tcase_add_test(tcase, times_are_exported_with_their_unit);
    tcase_add_test(tcase, days_are_exported_in_32_bits);
    tcase_add_test(tcase, times_in_structs_and_lists_come_back);
    suite_add_tcase(suite, tcase);
    return suite;
}
