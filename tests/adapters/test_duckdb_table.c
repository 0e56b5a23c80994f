// Columns as tables of DuckDB databases: what is read back, what a table that is there
// becomes, and that after a failure it is as it was.

#include <duckdb.h>
#include <math.h>
#include <pthread.h>
#include <stdalign.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <hamilton/duckdb.h>

#include "tests/support/suite.h"
#include "tests/support/temporary_folder.h"

enum { MANY = 5000 }; // some vectors of DuckDB's, and a part of one

static hm_temporary_folder folder;
static duckdb_database database;
static duckdb_connection connection;
static hm_duckdb_write_options options;
static hm_error error;

static void set_up(void) {
    hm_temporary_folder_init(&folder);
    ck_assert_int_eq(duckdb_open(NULL, &database), DuckDBSuccess);
    ck_assert_int_eq(duckdb_connect(database, &connection), DuckDBSuccess);
    options = (hm_duckdb_write_options)HM_DUCKDB_WRITE_OPTIONS_INIT;
    options.connection = connection;
    options.table = "t";
}

static void tear_down(void) {
    duckdb_disconnect(&connection);
    duckdb_close(&database);
    hm_temporary_folder_finish(&folder);
}

static void write_columns(const hm_binding *columns, size_t count) {
    error.message[0] = '\0';
    ck_assert_msg(hm_duckdb_write_table(&options, columns, count, &error) == HM_OK,
            "%s", error.message);
}

static void check_refused(const hm_binding *columns, size_t count, hm_status status,
        const char *message) {
    ck_assert_int_eq(hm_duckdb_write_table(&options, columns, count, &error), status);
    ck_assert_msg(strstr(error.message, message) != NULL, "%s", error.message);
}

static void run_on(duckdb_connection on, const char *sql) {
    duckdb_result result;
    ck_assert_msg(duckdb_query(on, sql, &result) == DuckDBSuccess, "%s",
            duckdb_result_error(&result));
    duckdb_destroy_result(&result);
}

// The first value that SQL answers, as text, borrowed until the next call.
static const char *ask_on(duckdb_connection on, const char *sql) {
    static char answer[1024];
    duckdb_result result;
    ck_assert_msg(duckdb_query(on, sql, &result) == DuckDBSuccess, "%s",
            duckdb_result_error(&result));
    char *text = duckdb_value_varchar(&result, 0, 0);
    snprintf(answer, sizeof answer, "%s", text != NULL ? text : "NULL");
    duckdb_free(text);
    duckdb_destroy_result(&result);
    return answer;
}

static const char *ask(const char *sql) {
    return ask_on(connection, sql);
}

// All rows as text.
#define ROWS "SELECT list(t)::VARCHAR FROM t"

struct place {
    double x;
    const char *name;
};

static const hm_field place_fields[] = {
        {.name = "x", .type = &hm_type_double, .offset = offsetof(struct place, x)},
        {.name = "na\"me",
                .type = &hm_type_string,
                .offset = offsetof(struct place, name)},
};

static const hm_type place_type = {.name = "struct place",
        .kind = HM_KIND_STRUCT,
        .size = sizeof(struct place),
        .alignment = alignof(struct place),
        .fields = place_fields,
        .field_count = 2};

START_TEST(each_type_has_a_column_of_its_own) {
    static const struct {
        const hm_type *type;
        const char *named;
        const char *shown;
        int64_t bytes; // of the element
    } cases[] = {
            {&hm_type_bool, "BOOLEAN", "true", 1},
            {&hm_type_schar, "TINYINT", "-1", 0xFF},
            {&hm_type_uchar, "UTINYINT", "255", 0xFF},
            {&hm_type_short, "SMALLINT", "-1", 0xFFFF},
            {&hm_type_ushort, "USMALLINT", "65535", 0xFFFF},
            {&hm_type_int, "INTEGER", "-1", 0xFFFFFFFF},
            {&hm_type_uint, "UINTEGER", "4294967295", 0xFFFFFFFF},
            {&hm_type_long, "BIGINT", "-1", -1},
            {&hm_type_ulong, "UBIGINT", "18446744073709551615", -1},
            {&hm_type_float, "FLOAT", "0.5", 0x3F000000},
            {&hm_type_double, "DOUBLE", "0.5", 0x3FE0000000000000},
            {&hm_type_time_day, "DATE", "1970-01-02", 1},
            {&hm_type_time_s, "TIMESTAMP_S", "1970-01-01 00:00:01", 1},
            {&hm_type_time_ms, "TIMESTAMP_MS", "1970-01-01 00:00:00.001", 1},
            {&hm_type_time_us, "TIMESTAMP", "1970-01-01 00:00:00.000001", 1},
            {&hm_type_time_ns, "TIMESTAMP_NS", "1970-01-01 00:00:00.000000001", 1},
    };
    options.mode = HM_DUCKDB_REPLACE;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const hm_binding column = {
                "a b", hm_value_many(cases[i].type, &cases[i].bytes, 1)};
        write_columns(&column, 1);
        ck_assert_str_eq(ask("SELECT typeof(\"a b\") FROM t"), cases[i].named);
        ck_assert_str_eq(ask("SELECT \"a b\"::VARCHAR FROM t"), cases[i].shown);
    }
}
END_TEST

START_TEST(texts_structs_and_lists_are_written_with_what_is_missing) {
    const char *texts[] = {"a text of more than twelve bytes", NULL, ""};
    const struct place places[] = {
            {1, "here and there and there"}, {2, NULL}, {0, NULL}};
    double inner[] = {1, NAN};
    hm_array lists[] = {{inner, 2, NULL}, {NULL, 0, NULL}, {NULL, 0, NULL}};
    const int numbers[] = {1, 2, 3};
    uint8_t validity[] = {3}; // not the third
    hm_binding columns[] = {
            {"text", hm_value_many(&hm_type_string, texts, 3)},
            {"place", hm_value_many(&place_type, places, 3)},
            {"list", hm_value_many(&hm_type_double, lists, 3)},
            {"number", hm_value_many(&hm_type_int, numbers, 3)},
    };
    columns[1].value.many.validity = validity;
    columns[2].value.many.validity = validity;
    columns[2].value.depth = 2;
    columns[3].value.many.validity = validity;
    write_columns(columns, 4);
    ck_assert_str_eq(
            ask("SELECT list(typeof(text) || typeof(place) || typeof(list))[1] "
                "FROM t"),
            "VARCHARSTRUCT(x DOUBLE, \"na\"\"me\" VARCHAR)DOUBLE[]");
    ck_assert_str_eq(ask("SELECT list(text)::VARCHAR FROM t"),
            "[a text of more than twelve bytes, NULL, '']");
    ck_assert_str_eq(ask("SELECT list(place['na\"me'])::VARCHAR FROM t"),
            "[here and there and there, NULL, NULL]");
    ck_assert_str_eq(
            ask("SELECT list(place IS NULL)::VARCHAR FROM t"), "[false, false, true]");
    ck_assert_str_eq(
            ask("SELECT list(list)::VARCHAR FROM t"), "[[1.0, nan], [], NULL]");
    ck_assert_str_eq(ask("SELECT list(number)::VARCHAR FROM t"), "[1, 2, NULL]");
}
END_TEST

static char texts[MANY][32];
static const char *pointers[MANY];
static int64_t numbers[MANY];

static void fill_many(hm_binding columns[2]) {
    for (size_t i = 0; i < MANY; i++) {
        snprintf(texts[i], sizeof texts[i], "a text about the number %zu", i);
        pointers[i] = texts[i];
        numbers[i] = (int64_t)i;
    }
    columns[0] = (hm_binding){"number", hm_value_many(&hm_type_long, numbers, MANY)};
    columns[1] = (hm_binding){"text", hm_value_many(&hm_type_string, pointers, MANY)};
}

START_TEST(many_rows_are_written_in_their_order) {
    hm_binding columns[2];
    fill_many(columns);
    write_columns(columns, 2);
    ck_assert_str_eq(ask("SELECT count(*) FROM t WHERE rowid = number AND "
                         "text = 'a text about the number ' || number"),
            "5000");
}
END_TEST

START_TEST(no_rows_are_a_table_without_rows) {
    const hm_binding column = {"a", hm_value_many(&hm_type_int, NULL, 0)};
    write_columns(&column, 1);
    ck_assert_str_eq(ask("SELECT count(*) FROM t"), "0");
    ck_assert_str_eq(ask("SELECT column_type FROM (DESCRIBE t)"), "INTEGER");
}
END_TEST

START_TEST(the_mode_says_what_becomes_of_a_table_that_is_there) {
    const int first[] = {1, 2};
    const double second[] = {3, 4};
    const hm_binding ints = {"a", hm_value_many(&hm_type_int, first, 2)};
    const hm_binding doubles = {"a", hm_value_many(&hm_type_double, second, 2)};
    options.table = "odd \"table\"";
    write_columns(&ints, 1);
    check_refused(&doubles, 1, HM_BAD_DATA,
            "table `odd \"table\"`: Catalog Error: Table with name \"odd \"table\"\" "
            "already exists!");
    options.mode = HM_DUCKDB_APPEND;
    write_columns(&doubles, 1);
    ck_assert_str_eq(
            ask("SELECT list(a)::VARCHAR FROM \"odd \"\"table\"\"\""), "[1, 2, 3, 4]");
    options.mode = HM_DUCKDB_REPLACE;
    write_columns(&doubles, 1);
    ck_assert_str_eq(
            ask("SELECT list(a)::VARCHAR FROM \"odd \"\"table\"\"\""), "[3.0, 4.0]");
    options.mode = HM_DUCKDB_APPEND;
    options.table = "none";
    check_refused(&ints, 1, HM_BAD_DATA, "table `none`: ");
}
END_TEST

START_TEST(columns_are_appended_by_their_names) {
    run_on(connection, "CREATE TABLE t (id INTEGER DEFAULT 7, b DOUBLE, a VARCHAR)");
    const char *a[] = {"x", NULL};
    const float b[] = {0.5F, 1};
    const hm_binding columns[] = {
            {"a", hm_value_many(&hm_type_string, a, 2)},
            {"b", hm_value_many(&hm_type_float, b, 2)},
    };
    options.mode = HM_DUCKDB_APPEND;
    write_columns(columns, 2);
    ck_assert_str_eq(
            ask(ROWS), "[{'id': 7, 'b': 0.5, 'a': x}, {'id': 7, 'b': 1.0, 'a': NULL}]");
    const hm_binding other = {"c", hm_value_many(&hm_type_float, b, 2)};
    check_refused(&other, 1, HM_UNKNOWN_NAME, "table `t`: it has no column `c`");
    const char *words[] = {"1", "many"};
    const hm_binding word = {"b", hm_value_many(&hm_type_string, words, 2)};
    check_refused(&word, 1, HM_BAD_DATA,
            "table `t`: rows 1 to 2 of `b`: type mismatch in AppendDataChunk, expected "
            "DOUBLE, got VARCHAR");
    ck_assert_str_eq(ask("SELECT count(*) FROM t"), "2");
}
END_TEST

START_TEST(a_failure_leaves_what_was_there) {
    hm_binding columns[2];
    fill_many(columns);
    run_on(connection, "CREATE TABLE t (number BIGINT PRIMARY KEY, text VARCHAR)");
    run_on(connection, "INSERT INTO t VALUES (4999, 'first')");
    texts[4500][0] = '\xFF';
    options.mode = HM_DUCKDB_REPLACE;
    check_refused(columns, 2, HM_BAD_DATA,
            "table `t`: row 4501, column `text`: the text is not UTF-8");
    ck_assert_str_eq(ask(ROWS), "[{'number': 4999, 'text': first}]");
    texts[4500][0] = 'a';
    options.mode = HM_DUCKDB_APPEND;
    check_refused(columns, 2, HM_BAD_DATA, "4999"); // it is there already
    ck_assert_str_eq(ask(ROWS), "[{'number': 4999, 'text': first}]");
}
END_TEST

START_TEST(a_transaction_of_the_caller_stays_the_callers) {
    const int first[] = {1, 2};
    const hm_binding column = {"a", hm_value_many(&hm_type_int, first, 2)};
    duckdb_connection other;
    ck_assert_int_eq(duckdb_connect(database, &other), DuckDBSuccess);
    run_on(connection, "BEGIN");
    write_columns(&column, 1);
    ck_assert_str_eq(ask(ROWS), "[{'a': 1}, {'a': 2}]");
    ck_assert_str_eq(ask_on(other, "SELECT count(*) FROM duckdb_tables()"), "0");
    run_on(connection, "ROLLBACK");
    ck_assert_str_eq(ask("SELECT count(*) FROM duckdb_tables()"), "0");
    duckdb_disconnect(&other);
}
END_TEST

START_TEST(a_file_is_made_and_read_back) {
    const double doubles[] = {0.1, NAN};
    const hm_binding column = {"a", hm_value_many(&hm_type_double, doubles, 2)};
    options.connection = NULL;
    options.database = hm_temporary_folder_file(&folder, "made.duckdb");
    write_columns(&column, 1);
    options.mode = HM_DUCKDB_APPEND;
    write_columns(&column, 1);
    hm_duckdb_options read = HM_DUCKDB_OPTIONS_INIT;
    const hm_column wanted = {"a", &hm_type_double};
    read.database = options.database;
    read.sql = "FROM t";
    read.columns = &wanted;
    read.column_count = 1;
    hm_duckdb_table *table;
    ck_assert_msg(hm_duckdb_read(&read, &table, &error) == HM_OK, "%s", error.message);
    const double *found = hm_duckdb_find(table, "a")->many.data;
    ck_assert_uint_eq(hm_duckdb_row_count(table), 4);
    ck_assert_double_eq(found[0], 0.1);
    ck_assert(isnan(found[3]));
    hm_duckdb_table_destroy(table);

    options.database = "/nowhere/made.duckdb";
    check_refused(&column, 1, HM_IO, "table `t`: IO Error");
    options.database = hm_temporary_folder_put(&folder, "no.duckdb", "a,b\n1,2\n", 8);
    check_refused(&column, 1, HM_IO, "table `t`: ");
}
END_TEST

enum { WRITERS = 4, TURNS = 5 };

static void *append_rows(void *argument) {
    static const int first[] = {1, 2};
    const hm_binding column = {"a", hm_value_many(&hm_type_int, first, 2)};
    hm_status status = HM_OK;
    for (int i = 0; i < TURNS && status == HM_OK; i++) {
        hm_error failed;
        status = hm_duckdb_write_table(argument, &column, 1, &failed);
        if (status != HM_OK) {
            fprintf(stderr, "%s\n", failed.message);
        }
    }
    return status == HM_OK ? NULL : argument;
}

START_TEST(threads_that_write_one_file_wait_for_each_other) {
    options.connection = NULL;
    options.database = hm_temporary_folder_file(&folder, "shared.duckdb");
    const hm_binding column = {"a", hm_value_many(&hm_type_int, NULL, 0)};
    write_columns(&column, 1);
    options.mode = HM_DUCKDB_APPEND;
    pthread_t threads[WRITERS];
    for (size_t i = 0; i < WRITERS; i++) {
        ck_assert_int_eq(pthread_create(&threads[i], NULL, append_rows, &options), 0);
    }
    for (size_t i = 0; i < WRITERS; i++) {
        void *failed;
        pthread_join(threads[i], &failed);
        ck_assert_ptr_null(failed);
    }
    hm_duckdb_options read = HM_DUCKDB_OPTIONS_INIT;
    const hm_column wanted = {"a", &hm_type_int};
    read.database = options.database;
    read.sql = "FROM t";
    read.columns = &wanted;
    read.column_count = 1;
    hm_duckdb_table *table;
    ck_assert_msg(hm_duckdb_read(&read, &table, &error) == HM_OK, "%s", error.message);
    ck_assert_uint_eq(hm_duckdb_row_count(table), (size_t)2 * WRITERS * TURNS);
    hm_duckdb_table_destroy(table);
}
END_TEST

START_TEST(options_that_say_nothing_are_refused) {
    const int first[] = {1, 2};
    const hm_binding column = {"a", hm_value_many(&hm_type_int, first, 2)};
    const hm_binding twice[] = {column, {"A", column.value}};
    check_refused(NULL, 0, HM_BAD_ARGUMENT, "table `t`: there are no columns");
    check_refused(twice, 2, HM_DUPLICATE_NAME, "have one name to DuckDB");
    const long double wide[] = {1, 2};
    const hm_binding unknown = {"a", hm_value_many(&hm_type_longdouble, wide, 2)};
    check_refused(&unknown, 1, HM_TYPE_MISMATCH,
            "table `t`: column `a`: DuckDB has no type for long double");
    options.mode = (hm_duckdb_mode)9;
    check_refused(&column, 1, HM_BAD_ARGUMENT, "9 is no way to write a table");
    options.table = NULL;
    check_refused(&column, 1, HM_BAD_ARGUMENT, "the table has no name");
    options.database = "x.duckdb";
    check_refused(&column, 1, HM_BAD_ARGUMENT, "give one of them");
    options.struct_size = 0;
    check_refused(&column, 1, HM_BAD_ARGUMENT, "HM_DUCKDB_WRITE_OPTIONS_INIT");
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("duckdb table");
    TCase *cases = tcase_create("table");
    tcase_add_checked_fixture(cases, set_up, tear_down);
    tcase_add_test(cases, each_type_has_a_column_of_its_own);
    tcase_add_test(cases, texts_structs_and_lists_are_written_with_what_is_missing);
    tcase_add_test(cases, many_rows_are_written_in_their_order);
    tcase_add_test(cases, no_rows_are_a_table_without_rows);
    tcase_add_test(cases, the_mode_says_what_becomes_of_a_table_that_is_there);
    tcase_add_test(cases, columns_are_appended_by_their_names);
    tcase_add_test(cases, a_failure_leaves_what_was_there);
    tcase_add_test(cases, a_transaction_of_the_caller_stays_the_callers);
    tcase_add_test(cases, a_file_is_made_and_read_back);
    tcase_add_test(cases, threads_that_write_one_file_wait_for_each_other);
    tcase_add_test(cases, options_that_say_nothing_are_refused);
    suite_add_tcase(suite, cases);
    return suite;
}
