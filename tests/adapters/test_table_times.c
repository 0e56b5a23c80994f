// Columns of dates and times, in files of all formats.

#include <string.h>

#include <hamilton/json.h>
#include <hamilton/table.h>

#include "base/text.h"
#include "tests/support/suite.h"
#include "tests/support/temporary_folder.h"

static hm_temporary_folder folder;
static hm_text shown;

static void set_up(void) {
    hm_temporary_folder_init(&folder);
    hm_text_init(&shown, NULL);
}

static void tear_down(void) {
    hm_text_finish(&shown);
    hm_temporary_folder_finish(&folder);
}

static void check_times(
        const hm_type *type, const char *name, const char *text, const char *expected) {
    const hm_column column = {"t", type};
    hm_table_options options = HM_TABLE_OPTIONS_INIT;
    options.path = hm_temporary_folder_put(&folder, name, text, strlen(text));
    options.columns = &column;
    options.column_count = 1;
    hm_table *table;
    hm_error error;
    if (hm_table_read(&options, &table, &error) != HM_OK) {
        ck_assert_str_eq(error.message + strlen(options.path), expected);
        return;
    }
    hm_text_clear(&shown);
    ck_assert(hm_json_write(hm_table_find(table, "t"), hm_text_write, &shown) == HM_OK);
    ck_assert_str_eq(hm_text_get(&shown), expected);
    hm_table_destroy(table);
}

START_TEST(times_are_text_or_numbers) {
    check_times(&hm_type_time_ms, "t.csv",
            "t,x\n2024-02-29,1\n 2024-02-29T12:30:00.25+01:00 ,2\n-1,3\n,4\nNA,5\n",
            "[\"2024-02-29T00:00:00Z\", \"2024-02-29T11:30:00.250Z\", "
            "\"1969-12-31T23:59:59.999Z\", null, null]");
    check_times(&hm_type_time_day, "t.ndjson",
            "{\"t\": \"2024-02-29\"}\n{\"t\": 11016}\n{\"t\": null}\n",
            "[\"2024-02-29\", \"2000-02-29\", null]");
    check_times(&hm_type_time_ns, "t.json", "{\"t\": [\"1970-01-01\", 1, null]}",
            "[\"1970-01-01T00:00:00Z\", \"1970-01-01T00:00:00.000000001Z\", null]");
    check_times(&hm_type_time_s, "t.csv", "t\n0\n2023-02-29\n",
            ": row 2, column `t`: expected int64_t in s, but `2023-02-29` is no day or "
            "time that there is");
    check_times(&hm_type_time_day, "t.csv", "t\n2024-02-29T12:30Z\n",
            ": row 1, column `t`: expected int64_t in day, but `2024-02-29T12:30Z` is "
            "finer than that");
    check_times(&hm_type_time_ns, "t.csv", "t\n2300-01-01\n",
            ": row 1, column `t`: expected int64_t in ns, but `2300-01-01` does not "
            "fit");
    check_times(&hm_type_time_ns, "t.csv", "t\n1.5\n",
            ": row 1, column `t`: `1.5` is not an integer, as int64_t in ns wants");
    check_times(&hm_type_time_us, "t.ndjson", "{\"t\": \"noon\"}\n",
            ": row 1, column `t`: expected int64_t in us, but \"noon\" is neither a "
            "number nor a time as 2024-02-29 or 2024-02-29T12:30:00Z");
}
END_TEST

// Of all units at once, each from end to end, and one that is missing.
START_TEST(times_are_written_so_that_they_read_back) {
    enum { UNITS = 5, ROWS = 6, MISSING = 3 };
    static const hm_type *const types[UNITS] = {&hm_type_time_day, &hm_type_time_s,
            &hm_type_time_ms, &hm_type_time_us, &hm_type_time_ns};
    static int64_t moments[ROWS] = {0, INT64_MIN, INT64_MAX, 99, -1, 1709209800250};
    uint8_t validity = 0x37;
    hm_binding columns[UNITS];
    hm_column wanted[UNITS];
    for (size_t i = 0; i < UNITS; i++) {
        columns[i] =
                (hm_binding){types[i]->name, hm_value_many(types[i], moments, ROWS)};
        columns[i].value.many.validity = &validity;
        wanted[i] = (hm_column){types[i]->name, types[i]};
    }
    static const char *const names[] = {"t.csv", "t.tsv", "t.json", "t.ndjson"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        hm_table_options options = HM_TABLE_OPTIONS_INIT;
        options.path = hm_temporary_folder_file(&folder, names[i]);
        options.columns = wanted;
        options.column_count = UNITS;
        ck_assert(hm_table_write(options.path, HM_FORMAT_BY_SUFFIX, columns, UNITS,
                          NULL) == HM_OK);
        hm_table *table;
        hm_error error;
        ck_assert_msg(
                hm_table_read(&options, &table, &error) == HM_OK, "%s", error.message);
        for (size_t c = 0; c < UNITS; c++) {
            const hm_array *back = &hm_table_find(table, wanted[c].name)->many;
            const int64_t *read = back->data;
            ck_assert_uint_eq(back->length, ROWS);
            ck_assert_uint_eq(back->validity[0] & 0x3fU, validity);
            for (size_t row = 0; row < ROWS; row++) {
                ck_assert(row == MISSING || read[row] == moments[row]);
            }
        }
        hm_table_destroy(table);
    }
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("table_times");
    TCase *tests = tcase_create("times");
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, times_are_text_or_numbers);
    tcase_add_test(tests, times_are_written_so_that_they_read_back);
    suite_add_tcase(suite, tests);
    return suite;
}
