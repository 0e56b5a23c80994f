// Columns from and to SQLite databases: every type, what is missing, what is refused,
// and that who is killed while it writes leaves what was there.

#include <float.h>
#include <limits.h>
#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <hamilton/json.h>

#include "adapters/sqlite/table.h"
#include "base/text.h"
#include "tests/support/failing_allocator.h"
#include "tests/support/suite.h"
#include "tests/support/temporary_folder.h"

static hm_temporary_folder folder;
static char path[256];
static hm_text shown;
static hm_error error;

static void set_up(void) {
    hm_temporary_folder_init(&folder);
    snprintf(path, sizeof path, "%s", hm_temporary_folder_file(&folder, "a.db"));
    hm_text_init(&shown, NULL);
}

static void tear_down(void) {
    hm_text_finish(&shown);
    hm_temporary_folder_finish(&folder);
}

static void run_sql(const char *sql) {
    sqlite3 *database;
    ck_assert_int_eq(sqlite3_open(path, &database), SQLITE_OK);
    ck_assert_msg(sqlite3_exec(database, sql, NULL, NULL, NULL) == SQLITE_OK, "%s",
            sqlite3_errmsg(database));
    sqlite3_close(database);
}

static void write_column(const hm_type *type, const void *data, size_t length) {
    const hm_binding column = {"a", hm_value_many(type, data, length)};
    error.message[0] = '\0';
    ck_assert_msg(
            hm_sqlite_write(path, "t", HM_SQLITE_REPLACE, &column, 1, &error) == HM_OK,
            "%s", error.message);
}

// The column `a` of a query's answer as JSON, or the message.
static const char *read_as(const char *query, const hm_type *type) {
    const hm_column wanted = {"a", type};
    hm_sqlite_columns *columns;
    if (hm_sqlite_read(path, query, NULL, &wanted, 1, NULL, &columns, &error) !=
            HM_OK) {
        return error.message;
    }
    hm_text_clear(&shown);
    ck_assert_int_eq(hm_json_write(&columns->values[0], hm_text_write, &shown), HM_OK);
    hm_sqlite_columns_destroy(columns);
    return hm_text_get(&shown);
}

static void check_round(
        const hm_type *type, const void *data, size_t length, const char *expected) {
    write_column(type, data, length);
    ck_assert_str_eq(read_as("SELECT a FROM t", type), expected);
}

START_TEST(each_type_comes_back_as_it_was) {
    check_round(&hm_type_bool, (bool[]){true, false}, 2, "[true, false]");
    check_round(&hm_type_schar, (signed char[]){-128, 127}, 2, "[-128, 127]");
    check_round(&hm_type_uchar, (unsigned char[]){0, 255}, 2, "[0, 255]");
    check_round(&hm_type_short, (short[]){SHRT_MIN, SHRT_MAX}, 2, "[-32768, 32767]");
    check_round(
            &hm_type_int, (int[]){INT_MIN, INT_MAX}, 2, "[-2147483648, 2147483647]");
    check_round(&hm_type_uint, (unsigned[]){0, UINT_MAX}, 2, "[0, 4294967295]");
    check_round(&hm_type_long, (long[]){INT64_MIN, INT64_MAX}, 2,
            "[-9223372036854775808, 9223372036854775807]");
    check_round(&hm_type_ulong, (unsigned long[]){0, INT64_MAX}, 2,
            "[0, 9223372036854775807]");
    check_round(&hm_type_float, (float[]){0.1F, NAN, -3e38F}, 3, "[0.1, null, -3e+38]");
    check_round(&hm_type_double, (double[]){0.1, NAN, DBL_MIN, -0.0, 3}, 5,
            "[0.1, null, 2.2250738585072014e-308, 0, 3]");
    const char *texts[] = {"a", NULL, "", "Z\xC3\xBCg '\"\n"};
    check_round(
            &hm_type_string, texts, 4, "[\"a\", null, \"\", \"Z\xC3\xBCg '\\\"\\n\"]");
    const int64_t times[] = {0, -1};
    check_round(&hm_type_time_day, times, 2, "[\"1970-01-01\", \"1969-12-31\"]");
    check_round(&hm_type_time_s, times, 2,
            "[\"1970-01-01T00:00:00Z\", \"1969-12-31T23:59:59Z\"]");
    check_round(&hm_type_time_ns, times, 2,
            "[\"1970-01-01T00:00:00Z\", \"1969-12-31T23:59:59.999999999Z\"]");
}
END_TEST

START_TEST(missing_elements_are_null_and_come_back_missing) {
    uint8_t validity = 5;
    hm_binding columns[] = {
            {"a", hm_value_many(&hm_type_int, (int[]){1, 2, 3}, 3)},
            {"b \"b\"", hm_value_many(&hm_type_double, (double[]){1, 2, 3}, 3)},
    };
    columns[0].value.many.validity = &validity;
    columns[1].value.many.validity = &validity;
    ck_assert_int_eq(
            hm_sqlite_write(path, "t", HM_SQLITE_REPLACE, columns, 2, &error), HM_OK);
    ck_assert_str_eq(read_as("SELECT typeof(a) AS a FROM t", &hm_type_string),
            "[\"integer\", \"null\", \"integer\"]");
    ck_assert_str_eq(read_as("SELECT a FROM t", &hm_type_int), "[1, null, 3]");
    ck_assert_str_eq(read_as("SELECT \"b \"\"b\"\"\" AS a FROM t", &hm_type_double),
            "[1, null, 3]");
    ck_assert_str_eq(read_as("SELECT a FROM t", &hm_type_string),
            "row 1, column `a`: found the number 1, where text is wanted; a query can "
            "CAST it");
}
END_TEST

START_TEST(no_rows_are_columns_without_rows) {
    check_round(&hm_type_double, NULL, 0, "[]");
    ck_assert_str_eq(read_as("SELECT a FROM t WHERE false", &hm_type_string), "[]");
}
END_TEST

START_TEST(many_rows_come_in_the_order_of_the_query) {
    enum { ROWS = 10000 };
    static int numbers[ROWS];
    for (int i = 0; i < ROWS; i++) {
        numbers[i] = i;
    }
    write_column(&hm_type_int, numbers, ROWS);
    const hm_column wanted[] = {{"a", &hm_type_int}, {"b", &hm_type_string}};
    hm_sqlite_columns *columns;
    ck_assert_int_eq(hm_sqlite_read(path,
                             "SELECT 'number ' || a AS b, nullif(a, 4095) AS a FROM t "
                             "ORDER BY rowid DESC",
                             NULL, wanted, 2, NULL, &columns, &error),
            HM_OK);
    const hm_array *found = &columns->values[0].many;
    ck_assert_uint_eq(found->length, ROWS);
    ck_assert_uint_eq((uintptr_t)found->data % 64, 0);
    for (size_t i = 0; i < ROWS; i++) {
        bool is_there = (found->validity[i / 8] >> i % 8 & 1) != 0;
        ck_assert_int_eq(is_there, ROWS - 1 - i != 4095);
        ck_assert_int_eq(
                ((const int *)found->data)[i], is_there ? (int)(ROWS - 1 - i) : 0);
    }
    ck_assert_str_eq(
            ((const char *const *)columns->values[1].many.data)[0], "number 9999");
    hm_sqlite_columns_destroy(columns);
}
END_TEST

START_TEST(values_that_do_not_fit_are_told_with_their_row) {
    static const struct {
        const char *value;
        const hm_type *type;
        const char *message;
    } cases[] = {
            {"300", &hm_type_schar,
                    "found the number 300, where signed char is wanted, which does not "
                    "hold it"},
            {"-1", &hm_type_uint,
                    "found the number -1, where unsigned int is wanted, which does not "
                    "hold it"},
            {"2", &hm_type_bool,
                    "found the number 2, where bool is wanted, which does not hold it"},
            {"0.5", &hm_type_int,
                    "found the number 0.5, where int is wanted, which does not hold "
                    "it"},
            {"9007199254740993", &hm_type_double,
                    "found the number 9007199254740993, where double is wanted, which "
                    "does not hold it"},
            {"1e300", &hm_type_float,
                    "found the number 1.0e+300, where float is wanted, which does not "
                    "hold it"},
            {"'x'", &hm_type_double,
                    "found the text x, where double is wanted; a query can CAST it"},
            {"x'00ff'", &hm_type_int,
                    "found a blob, where int is wanted; a query can CAST it"},
            {"x'00ff'", &hm_type_string,
                    "found a blob, where text is wanted; a query can CAST it"},
            {"CAST(x'ff' AS TEXT)", &hm_type_string, "the text is not UTF-8"},
            {"'a' || char(0)", &hm_type_string, "the text contains a NUL byte"},
            {"'2024-02-30'", &hm_type_time_day,
                    "found the text 2024-02-30, where int64_t in day is wanted"},
            {"0.5", &hm_type_time_s,
                    "found the number 0.5, where int64_t in s is wanted, which does "
                    "not hold it"},
    };
    run_sql("CREATE TABLE t (b)");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char query[256];
        char expected[256];
        snprintf(query, sizeof query, "SELECT NULL AS a UNION ALL SELECT %s",
                cases[i].value);
        snprintf(expected, sizeof expected, "row 2, column `a`: %s", cases[i].message);
        ck_assert_str_eq(read_as(query, cases[i].type), expected);
    }
    ck_assert_str_eq(read_as("SELECT 3.0 AS a", &hm_type_int), "[3]");
    ck_assert_str_eq(read_as("SELECT 3 AS a", &hm_type_float), "[3]");
    ck_assert_str_eq(read_as("SELECT 7 AS a", &hm_type_time_day), "[\"1970-01-08\"]");
    ck_assert_str_eq(read_as("SELECT 1 AS a, 2 AS a", &hm_type_int),
            "two columns have the name `a`; name them with AS");
}
END_TEST

START_TEST(a_failure_leaves_the_table_that_was_there) {
    run_sql("CREATE TABLE t (a INTEGER PRIMARY KEY); INSERT INTO t VALUES (3)");
    const hm_binding column = {"a", hm_value_many(&hm_type_int, (int[]){2, 3}, 2)};
    ck_assert_int_eq(hm_sqlite_write(path, "t", HM_SQLITE_APPEND, &column, 1, &error),
            HM_BAD_DATA);
    ck_assert_str_eq(error.message, "row 2: UNIQUE constraint failed: t.a");
    ck_assert_str_eq(read_as("SELECT a FROM t", &hm_type_int), "[3]");
    const char *texts[] = {"a", "\xFF"};
    const hm_binding text = {"a", hm_value_many(&hm_type_string, texts, 2)};
    ck_assert_int_eq(hm_sqlite_write(path, "t", HM_SQLITE_REPLACE, &text, 1, &error),
            HM_BAD_DATA);
    ck_assert_str_eq(error.message, "row 2, column `a`: the text is not UTF-8");
    const hm_binding large = {
            "a", hm_value_many(&hm_type_ulong, (unsigned long[]){UINT64_MAX}, 1)};
    ck_assert_int_eq(hm_sqlite_write(path, "t", HM_SQLITE_REPLACE, &large, 1, &error),
            HM_BAD_DATA);
    ck_assert_str_eq(error.message,
            "row 1, column `a`: 18446744073709551615 is larger than any integer of "
            "SQLite");
    const hm_binding unknown = {"b", hm_value_many(&hm_type_int, (int[]){2, 3}, 2)};
    ck_assert_int_eq(hm_sqlite_write(path, "t", HM_SQLITE_APPEND, &unknown, 1, &error),
            HM_BAD_DATA);
    ck_assert_str_eq(error.message, "table t has no column named b");
    hm_array inner[1] = {{0}};
    hm_binding deep = {"a", hm_value_many(&hm_type_int, inner, 1)};
    deep.value.depth = 2;
    ck_assert_int_eq(hm_sqlite_write(path, "t", HM_SQLITE_REPLACE, &deep, 1, &error),
            HM_TYPE_MISMATCH);
    ck_assert_str_eq(read_as("SELECT a FROM t", &hm_type_int), "[3]");
    ck_assert_int_eq(hm_sqlite_write("/nowhere/a.db", "t", HM_SQLITE_REPLACE, &column,
                             1, &error),
            HM_IO);
    ck_assert_str_eq(error.message, "unable to open database file");
}
END_TEST

static bool file_has_bytes(const char *name) {
    struct stat status;
    return stat(name, &status) == 0 && status.st_size > 0;
}

// A process is killed while its transaction has already written to the file.
START_TEST(who_is_killed_leaves_the_table_that_was_there) {
    enum { ROWS = 2000000 };
    write_column(&hm_type_int, (int[]){7}, 1);
    int *numbers = calloc(ROWS, sizeof *numbers);
    ck_assert_ptr_nonnull(numbers);
    char journal[300];
    snprintf(journal, sizeof journal, "%s-journal", path);
    pid_t child = fork();
    if (child == 0) {
        const hm_binding column = {"a", hm_value_many(&hm_type_int, numbers, ROWS)};
        for (;;) {
            (void)!hm_sqlite_write(path, "t", HM_SQLITE_REPLACE, &column, 1, NULL);
        }
    }
    while (!file_has_bytes(journal)) {
        nanosleep(&(struct timespec){.tv_nsec = 500000}, NULL);
    }
    ck_assert_int_eq(kill(child, SIGKILL), 0);
    int status;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    const char *found = read_as("SELECT count(*) AS a FROM t", &hm_type_int);
    ck_assert_msg(
            strcmp(found, "[1]") == 0 || strcmp(found, "[2000000]") == 0, "%s", found);
    ck_assert_str_eq(read_as("SELECT integrity_check AS a FROM pragma_integrity_check",
                             &hm_type_string),
            "[\"ok\"]");
    free(numbers);
}
END_TEST

enum { WRITERS = 4, TURNS = 5 };

static void *append_and_read(void *argument) {
    (void)argument;
    const hm_binding column = {"a", hm_value_many(&hm_type_int, (int[]){1, 2}, 2)};
    const hm_column wanted = {"a", &hm_type_int};
    hm_status status = HM_OK;
    for (int i = 0; i < TURNS && status == HM_OK; i++) {
        hm_sqlite_columns *columns = NULL;
        status = hm_sqlite_write(path, "t", HM_SQLITE_APPEND, &column, 1, NULL);
        if (status == HM_OK) {
            status = hm_sqlite_read(path, NULL, "t", &wanted, 1, NULL, &columns, NULL);
        }
        hm_sqlite_columns_destroy(columns);
    }
    return status == HM_OK ? NULL : path;
}

START_TEST(threads_that_use_one_file_wait_for_each_other) {
    write_column(&hm_type_int, NULL, 0);
    pthread_t threads[WRITERS];
    for (size_t i = 0; i < WRITERS; i++) {
        ck_assert_int_eq(pthread_create(&threads[i], NULL, append_and_read, NULL), 0);
    }
    for (size_t i = 0; i < WRITERS; i++) {
        void *failed;
        pthread_join(threads[i], &failed);
        ck_assert_ptr_null(failed);
    }
    ck_assert_str_eq(read_as("SELECT count(*) AS a FROM t", &hm_type_int), "[40]");
}
END_TEST

START_TEST(running_out_of_memory_leaves_nothing_behind) {
    hm_failing_allocator memory;
    hm_failing_allocator_init(&memory);
    const char *texts[] = {"a", "b"};
    write_column(&hm_type_string, texts, 2);
    const hm_column wanted = {"a", &hm_type_string};
    hm_status status = HM_NO_MEMORY;
    size_t tried = 0;
    while (status == HM_NO_MEMORY) {
        memory.calls = 0;
        memory.fail_at = ++tried;
        hm_sqlite_columns *columns = NULL;
        status = hm_sqlite_read(path, "SELECT a FROM t", NULL, &wanted, 1,
                &memory.allocator, &columns, &error);
        ck_assert(status == HM_OK || status == HM_NO_MEMORY);
        hm_sqlite_columns_destroy(columns);
        ck_assert_uint_eq(memory.live, 0);
    }
    ck_assert_uint_gt(tried, 2);
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("sqlite");
    TCase *cases = tcase_create("sqlite");
    tcase_add_checked_fixture(cases, set_up, tear_down);
    tcase_add_test(cases, each_type_comes_back_as_it_was);
    tcase_add_test(cases, missing_elements_are_null_and_come_back_missing);
    tcase_add_test(cases, no_rows_are_columns_without_rows);
    tcase_add_test(cases, many_rows_come_in_the_order_of_the_query);
    tcase_add_test(cases, values_that_do_not_fit_are_told_with_their_row);
    tcase_add_test(cases, a_failure_leaves_the_table_that_was_there);
    tcase_add_test(cases, who_is_killed_leaves_the_table_that_was_there);
    tcase_add_test(cases, threads_that_use_one_file_wait_for_each_other);
    tcase_add_test(cases, running_out_of_memory_leaves_nothing_behind);
    suite_add_tcase(suite, cases);
    return suite;
}
