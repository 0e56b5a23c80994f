// Columns of dates and times in DuckDB: what becomes of each unit, what is refused, and
// that what is saved as Parquet is read back.

#include <stdalign.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <hamilton/duckdb.h>
#include <hamilton/json.h>

#include "base/text.h"
#include "tests/support/suite.h"
#include "tests/support/temporary_folder.h"

static hm_temporary_folder folder;
static hm_text shown;
static hm_error error;

static void set_up(void) {
    hm_temporary_folder_init(&folder);
    hm_text_init(&shown, NULL);
}

static void tear_down(void) {
    hm_text_finish(&shown);
    hm_temporary_folder_finish(&folder);
}

// The column `t` of an SQL query or, if there is none, of a file; or the message.
static const char *read_from(const char *sql, const char *path, const hm_type *type) {
    const hm_column column = {"t", type};
    hm_duckdb_options options = HM_DUCKDB_OPTIONS_INIT;
    options.sql = sql;
    options.path = path;
    options.columns = &column;
    options.column_count = 1;
    options.thread_count = 2;
    hm_duckdb_table *table;
    if (hm_duckdb_read(&options, &table, &error) != HM_OK) {
        return strstr(error.message, ": ") + 2;
    }
    hm_text_clear(&shown);
    ck_assert_int_eq(
            hm_json_write(hm_duckdb_find(table, "t"), hm_text_write, &shown), HM_OK);
    hm_duckdb_table_destroy(table);
    return hm_text_get(&shown);
}

// What SQL says the values are.
static void check(const char *values, const hm_type *type, const char *expected) {
    char sql[512];
    snprintf(sql, sizeof sql, "SELECT %s AS t", values);
    ck_assert_str_eq(read_from(sql, NULL, type), expected);
}

START_TEST(each_unit_becomes_each_that_holds_it) {
    static const char *const found[] = {"DATE '2024-02-29'",
            "TIMESTAMP_S '2024-02-29 00:00:00'", "TIMESTAMP_MS '2024-02-29 00:00:00'",
            "TIMESTAMP '2024-02-29 00:00:00'", "TIMESTAMP_NS '2024-02-29 00:00:00'",
            "TIMESTAMPTZ '2024-02-29 02:00:00+02'"};
    static const hm_type *const finer[] = {
            &hm_type_time_s, &hm_type_time_ms, &hm_type_time_us, &hm_type_time_ns};
    for (size_t i = 0; i < sizeof found / sizeof *found; i++) {
        check(found[i], &hm_type_time_day, "[\"2024-02-29\"]");
        check(found[i], finer[i % 4], "[\"2024-02-29T00:00:00Z\"]");
        check(found[i], finer[(i + 1) % 4], "[\"2024-02-29T00:00:00Z\"]");
    }
    check("unnest([DATE '1969-12-31', NULL, DATE '1970-01-02'])", &hm_type_time_us,
            "[\"1969-12-31T00:00:00Z\", null, \"1970-01-02T00:00:00Z\"]");
    check("unnest([TIMESTAMP '1969-12-31 23:59:59.999', NULL])", &hm_type_time_ms,
            "[\"1969-12-31T23:59:59.999Z\", null]");
}
END_TEST

START_TEST(what_a_unit_cannot_hold_is_refused) {
    check("unnest([TIMESTAMP '2024-02-29', NULL, TIMESTAMP '2024-02-29 12:30:00'])",
            &hm_type_time_day,
            "row 3, column `t`: 2024-02-29T12:30:00Z is finer than int64_t in day; "
            "take the column as HM_TIME(us) int64_t");
    check("TIMESTAMP_NS '1969-12-31 23:59:59.999999999'", &hm_type_time_us,
            "row 1, column `t`: 1969-12-31T23:59:59.999999999Z is finer than int64_t "
            "in us; take the column as HM_TIME(ns) int64_t");
    check("unnest([DATE '2262-04-11', DATE '2262-04-12'])", &hm_type_time_ns,
            "row 2, column `t`: 2262-04-12 does not fit int64_t in ns; take the column "
            "as HM_TIME(day) int64_t");
    check("unnest([TIMESTAMP '2024-02-29', 'infinity'::TIMESTAMP])", &hm_type_time_us,
            "row 2, column `t`: infinity is no time that int64_t in us holds; read it "
            "with SQL that makes it NULL");
    check("'-infinity'::DATE", &hm_type_time_day,
            "row 1, column `t`: -infinity is no time that int64_t in day holds; read "
            "it with SQL that makes it NULL");
    check("'infinity'::TIMESTAMP_NS", &hm_type_time_day,
            "row 1, column `t`: infinity is no time that int64_t in day holds; read it "
            "with SQL that makes it NULL");
}
END_TEST

START_TEST(a_time_is_no_plain_number) {
    static const hm_type *const plain[] = {
            &hm_type_long, &hm_type_int, &hm_type_double, &hm_type_bool};
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
        char expected[256];
        snprintf(expected, sizeof expected,
                "column `t`: found TIMESTAMP, which is a time and no plain %s; take it "
                "as HM_TIME(us) int64_t, or read it with SQL that makes a number of it",
                plain[i]->name);
        check("TIMESTAMP '2024-02-29'", plain[i], expected);
    }
    check("TIMESTAMPTZ '2024-02-29 00:00:00+00'", &hm_type_long,
            "column `t`: found TIMESTAMP WITH TIME ZONE, which is a time and no plain "
            "long; take it as HM_TIME(us) int64_t, or read it with SQL that makes a "
            "number of it");
    check("[DATE '2024-02-29']", &hm_type_long,
            "column `t`: found DATE, which is a time and no plain long; take it as "
            "HM_TIME(day) int64_t, or read it with SQL that makes a number of it");
    check("epoch_us(TIMESTAMP '1970-01-01 00:00:01')", &hm_type_long, "[1000000]");
}
END_TEST

START_TEST(an_integer_counts_the_unit) {
    check("unnest([0, 1, NULL, -1]::BIGINT[])", &hm_type_time_ms,
            "[\"1970-01-01T00:00:00Z\", \"1970-01-01T00:00:00.001Z\", null, "
            "\"1969-12-31T23:59:59.999Z\"]");
    check("19724::USMALLINT", &hm_type_time_day, "[\"2024-01-02\"]");
    check("2::DOUBLE", &hm_type_time_day, "[\"1970-01-03\"]");
    check("0.5::DOUBLE", &hm_type_time_day,
            "row 1, column `t`: 0.5 does not fit int64_t in day");
    check("TIME '00:00:01'", &hm_type_time_us,
            "column `t`: found TIME, which cannot become int64_t in us; read it with "
            "SQL that casts it");
    check("'2024-02-29'", &hm_type_time_day,
            "column `t`: found VARCHAR, which cannot become int64_t in day; read it "
            "with SQL that casts it");
}
END_TEST

struct event {
    int level;
    int64_t at;
};

static const hm_field event_fields[] = {
        {.name = "level",
                .type = &hm_type_int,
                .offset = offsetof(struct event, level)},
        {.name = "at", .type = &hm_type_time_ms, .offset = offsetof(struct event, at)},
};
static const hm_type event_type = {.name = "struct event",
        .kind = HM_KIND_STRUCT,
        .size = sizeof(struct event),
        .alignment = alignof(struct event),
        .fields = event_fields,
        .field_count = 2};

START_TEST(times_in_lists_and_structs_are_converted_too) {
    check("unnest([[DATE '2024-02-29', NULL], [], NULL])", &hm_type_time_s,
            "[[\"2024-02-29T00:00:00Z\", null], [], null]");
    check("[DATE '2024-02-28', DATE '2024-02-29']::DATE[2]", &hm_type_time_s,
            "[[\"2024-02-28T00:00:00Z\", \"2024-02-29T00:00:00Z\"]]");
    check("unnest([[TIMESTAMP '2024-02-29'], [TIMESTAMP '2024-02-29 00:00:00.5']])",
            &hm_type_time_s,
            "row 2, column `t`: 2024-02-29T00:00:00.500000Z is finer than int64_t in "
            "s; take the column as HM_TIME(us) int64_t");
    check("unnest([{'level': 1, 'at': DATE '2024-02-29'}, NULL])", &event_type,
            "[{\"level\": 1, \"at\": \"2024-02-29T00:00:00Z\"}, null]");
    check("{'level': 1, 'at': NULL::TIMESTAMP}", &event_type,
            "row 1, column `t`: member `at`: a value is missing, which int64_t in ms "
            "cannot express; read it with SQL that fills it in");
    check("{'level': 1, 'at': TIMESTAMP '2024-02-29 00:00:00.000001'}", &event_type,
            "row 1, column `t`: member `at`: 2024-02-29T00:00:00.000001Z is finer than "
            "int64_t in ms; take the column as HM_TIME(us) int64_t");
}
END_TEST

static const struct {
    const hm_type *type;
    int64_t least;
    int64_t greatest;
    const char *to_sql;
    const char *before; // one unit further
    const char *after;
} units[] = {
        {&hm_type_time_day, -2147483646, 2147483646, "DATE",
                "-5877641-06-24 does not fit DATE", "+5881580-07-11 does not fit DATE"},
        {&hm_type_time_s, -9223372022400, 9223372036854, "TIMESTAMP",
                "-290308-12-21T23:59:59Z does not fit TIMESTAMP_S",
                "+294247-01-10T04:00:55Z does not fit TIMESTAMP_S"},
        {&hm_type_time_ms, -9223372022400000, 9223372036854775, "TIMESTAMP",
                "-290308-12-21T23:59:59.999Z does not fit TIMESTAMP_MS",
                "+294247-01-10T04:00:54.776Z does not fit TIMESTAMP_MS"},
        {&hm_type_time_us, -9223372022400000000, INT64_MAX - 1, "TIMESTAMP",
                "-290308-12-21T23:59:59.999999Z does not fit TIMESTAMP",
                "+294247-01-10T04:00:54.775807Z does not fit TIMESTAMP"},
        {&hm_type_time_ns, -9223286400000000000, INT64_MAX - 1, "TIMESTAMP_NS",
                "1677-09-21T23:59:59.999999999Z does not fit TIMESTAMP_NS",
                "2262-04-11T23:47:16.854775807Z does not fit TIMESTAMP_NS"},
};

// All that DuckDB holds of a unit, from end to end, one missing, and what it shows.
START_TEST(times_come_back_from_parquet) {
    const char *path = hm_temporary_folder_file(&folder, "times.parquet");
    int64_t times[] = {0, units[_i].least, units[_i].greatest, -1, INT64_MAX, 1};
    uint8_t validity = 0x2f; // what is missing may be anything
    hm_binding column = {"t", hm_value_many(units[_i].type, times, 6)};
    column.value.many.validity = &validity;
    ck_assert_msg(
            hm_duckdb_write(path, &column, 1, 2, &error) == HM_OK, "%s", error.message);
    hm_text expected;
    hm_text_init(&expected, NULL);
    ck_assert_int_eq(hm_json_write(&column.value, hm_text_write, &expected), HM_OK);
    ck_assert_str_eq(read_from(NULL, path, units[_i].type), hm_text_get(&expected));
    hm_text_finish(&expected);
    char sql[512];
    snprintf(sql, sizeof sql,
            "SELECT DISTINCT typeof(t) || ' ' || (SELECT count(DISTINCT t::VARCHAR) "
            "FROM '%s') AS t FROM '%s'",
            path, path);
    char types[64];
    snprintf(types, sizeof types, "[\"%s 5\"]", units[_i].to_sql);
    ck_assert_str_eq(read_from(sql, NULL, &hm_type_string), types);
}
END_TEST

START_TEST(what_duckdb_cannot_hold_is_not_saved) {
    const char *path = hm_temporary_folder_file(&folder, "times.parquet");
    static const char *const texts[] = {"a", "b", "c"};
    for (int i = 0; i < 2; i++) {
        int64_t ends[] = {units[_i].least - 1, units[_i].greatest + 1};
        int64_t times[] = {0, 1, ends[i]};
        hm_array lists[] = {{times, 2, NULL}, {times + 2, 1, NULL}, {NULL, 0, NULL}};
        hm_binding columns[] = {{"n", hm_value_many(&hm_type_string, texts, 3)},
                {"t", hm_value_many(units[_i].type, times, 3)}};
        ck_assert_int_eq(hm_duckdb_write(path, columns, 2, 2, &error), HM_BAD_DATA);
        ck_assert_ptr_nonnull(strstr(error.message, ": row 3, column `t`: "));
        const char *said = i == 0 ? units[_i].before : units[_i].after;
        ck_assert_ptr_nonnull(strstr(error.message, said));
        columns[1].value.depth = 2;
        columns[1].value.many.data = lists;
        ck_assert_int_eq(hm_duckdb_write(path, columns, 2, 2, &error), HM_BAD_DATA);
        ck_assert_ptr_nonnull(strstr(error.message, ": row 2, column `t`: "));
        ck_assert_ptr_nonnull(strstr(error.message, said));
    }
}
END_TEST

START_TEST(times_in_lists_and_structs_come_back_too) {
    const char *path = hm_temporary_folder_file(&folder, "times.parquet");
    struct event events[] = {{1, 1500}, {2, INT64_MAX}, {3, -1}};
    uint8_t validity = 0x05;
    hm_binding column = {"t", hm_value_many(&event_type, events, 3)};
    column.value.many.validity = &validity;
    ck_assert_msg(
            hm_duckdb_write(path, &column, 1, 2, &error) == HM_OK, "%s", error.message);
    ck_assert_str_eq(read_from(NULL, path, &event_type),
            "[{\"level\": 1, \"at\": \"1970-01-01T00:00:01.500Z\"}, null, "
            "{\"level\": 3, \"at\": \"1969-12-31T23:59:59.999Z\"}]");
    column.value.many.validity = NULL;
    ck_assert_int_eq(hm_duckdb_write(path, &column, 1, 2, &error), HM_BAD_DATA);
    ck_assert_ptr_nonnull(strstr(error.message,
            ": row 2, column `t`: +292278994-08-17T07:12:55.807Z does not fit "
            "TIMESTAMP_MS, DuckDB's type for it; save it as CSV or JSON"));

    int64_t days[] = {0, 1, INT64_MAX, -1};
    uint8_t inner = 0x01;
    hm_array lists[] = {{days, 2, NULL}, {days + 2, 0, NULL}, {days + 3, 1, NULL},
            {days + 1, 2, &inner}};
    column.value = hm_value_many(&hm_type_time_day, lists, 4);
    column.value.depth = 2;
    ck_assert_msg(
            hm_duckdb_write(path, &column, 1, 2, &error) == HM_OK, "%s", error.message);
    ck_assert_str_eq(read_from(NULL, path, &hm_type_time_day),
            "[[\"1970-01-01\", \"1970-01-02\"], [], [\"1969-12-31\"], "
            "[\"1970-01-02\", null]]");
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("duckdb_times");
    TCase *reading = tcase_create("reading");
    tcase_add_checked_fixture(reading, set_up, tear_down);
    tcase_add_test(reading, each_unit_becomes_each_that_holds_it);
    tcase_add_test(reading, what_a_unit_cannot_hold_is_refused);
    tcase_add_test(reading, a_time_is_no_plain_number);
    tcase_add_test(reading, an_integer_counts_the_unit);
    tcase_add_test(reading, times_in_lists_and_structs_are_converted_too);
    suite_add_tcase(suite, reading);
    TCase *saving = tcase_create("saving");
    tcase_add_checked_fixture(saving, set_up, tear_down);
    int count = (int)(sizeof units / sizeof *units);
    tcase_add_loop_test(saving, times_come_back_from_parquet, 0, count);
    tcase_add_loop_test(saving, what_duckdb_cannot_hold_is_not_saved, 0, count);
    tcase_add_test(saving, times_in_lists_and_structs_come_back_too);
    suite_add_tcase(suite, saving);
    return suite;
}
