// Columns from Parquet files and SQL: what becomes of each type, and what every fault
// says.

#include <duckdb.h>
#include <math.h>
#include <stdalign.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <hamilton/duckdb.h>
#include <hamilton/json.h>

#include "base/text.h"
#include "tests/support/failing_allocator.h"
#include "tests/support/suite.h"
#include "tests/support/temporary_folder.h"

struct place {
    double x;
    int floor;
    const char *name;
};

static const hm_field place_fields[] = {
        {.name = "x", .type = &hm_type_double, .offset = offsetof(struct place, x)},
        {.name = "floor",
                .type = &hm_type_int,
                .offset = offsetof(struct place, floor)},
        {.name = "name",
                .type = &hm_type_string,
                .offset = offsetof(struct place, name)},
};

static const hm_type place_type = {.name = "struct place",
        .kind = HM_KIND_STRUCT,
        .size = sizeof(struct place),
        .alignment = alignof(struct place),
        .fields = place_fields,
        .field_count = 3};

// The columns that every test wants: their names tell the type.
static const hm_column wanted[] = {
        {"b", &hm_type_bool},
        {"c", &hm_type_schar},
        {"u8", &hm_type_uchar},
        {"i16", &hm_type_short},
        {"i", &hm_type_int},
        {"u", &hm_type_uint},
        {"l", &hm_type_long},
        {"ul", &hm_type_ulong},
        {"f", &hm_type_float},
        {"d", &hm_type_double},
        {"ld", &hm_type_longdouble},
        {"s", &hm_type_string},
        {"p", &place_type},
        {"j", &hm_type_json},
};

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

static hm_duckdb_options options_for(const char *sql) {
    hm_duckdb_options options = HM_DUCKDB_OPTIONS_INIT;
    options.sql = sql;
    options.columns = wanted;
    options.column_count = sizeof wanted / sizeof *wanted;
    options.thread_count = 2;
    return options;
}

// The wanted columns that there are, as `d=[1, 2] s=["a", "b"]`.
static const char *show(const hm_duckdb_table *table) {
    hm_text_clear(&shown);
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        const hm_value *value = hm_duckdb_find(table, wanted[i].name);
        if (value == NULL) {
            continue;
        }
        hm_text_format(&shown, "%s%s=", shown.length > 0 ? " " : "", wanted[i].name);
        ck_assert_int_eq(hm_json_write(value, hm_text_write, &shown), HM_OK);
    }
    return hm_text_get(&shown);
}

static const char *read_with(const hm_duckdb_options *options) {
    static hm_error error;
    hm_duckdb_table *table;
    if (hm_duckdb_read(options, &table, &error) != HM_OK) {
        return error.message;
    }
    const char *text = show(table);
    hm_duckdb_table_destroy(table);
    return text;
}

static const char *read_sql(const char *sql) {
    const hm_duckdb_options options = options_for(sql);
    return read_with(&options);
}

static const char *read_file(const char *path) {
    hm_duckdb_options options = options_for(NULL);
    options.path = path;
    return read_with(&options);
}

// Makes DuckDB execute something.
static void execute(const char *sql) {
    duckdb_database database;
    duckdb_connection connection;
    duckdb_result result;
    ck_assert_int_eq(duckdb_open(NULL, &database), DuckDBSuccess);
    ck_assert_int_eq(duckdb_connect(database, &connection), DuckDBSuccess);
    duckdb_state state = duckdb_query(connection, sql, &result);
    ck_assert_msg(state == DuckDBSuccess, "%s: %s", sql, duckdb_result_error(&result));
    duckdb_destroy_result(&result);
    duckdb_disconnect(&connection);
    duckdb_close(&database);
}

// The path of a Parquet file that DuckDB makes of the answer to a query.
static const char *parquet_of(const char *sql) {
    const char *path = hm_temporary_folder_file(&folder, "made.parquet");
    char statement[2048];
    snprintf(statement, sizeof statement, "COPY (%s) TO '%s' (FORMAT parquet)", sql,
            path);
    execute(statement);
    return path;
}

// What stands after the name of the file, or of nothing.
static const char *after_name(const char *message) {
    const char *colon = strstr(message, ": row");
    colon = colon != NULL ? colon : strstr(message, ": column");
    return colon != NULL ? colon + 2 : message;
}

typedef struct hm_case {
    const char *sql;
    const char *read; // what comes out, or what is said without the file
} hm_case;

// The same from SQL and, by another way, from a file.
static void check_case(const hm_case *tried) {
    ck_assert_str_eq(after_name(read_sql(tried->sql)), tried->read);
    ck_assert_str_eq(after_name(read_file(parquet_of(tried->sql))), tried->read);
}

static const hm_case values[] = {
        {"SELECT true AS b, (-128)::TINYINT AS c, 255::UTINYINT AS u8, "
         "(-32768)::SMALLINT "
         "AS i16, (-2147483648)::INTEGER AS i, 4294967295::UINTEGER AS u, "
         "(-9223372036854775808)::BIGINT AS l, 18446744073709551615::UBIGINT AS ul, "
         "0.1::FLOAT AS f, 0.1::DOUBLE AS d, 'ä' AS s",
                "b=[true] c=[-128] u8=[255] i16=[-32768] i=[-2147483648] "
                "u=[4294967295] l=[-9223372036854775808] ul=[18446744073709551615] "
                "f=[0.1] d=[0.1] s=[\"ä\"]"},
        {"SELECT 1::BIGINT AS b, 127::BIGINT AS c, 200::INTEGER AS u8, 3::UTINYINT AS "
         "i16, 7::DOUBLE AS i, 8::FLOAT AS u, 9::TINYINT AS l, 10::USMALLINT AS ul, "
         "16777216::BIGINT AS f, 9007199254740992::BIGINT AS d, "
         "9007199254740993::BIGINT AS ld",
                "b=[true] c=[127] u8=[200] i16=[3] i=[7] u=[8] l=[9] ul=[10] "
                "f=[16777216] d=[9007199254740992] ld=[9007199254740993]"},
        {"SELECT 0.1::DOUBLE AS f, 12.34::DECIMAL(9,2) AS d, 0.5::FLOAT AS ld, "
         "5::DECIMAL(4,0) AS l",
                "l=[5] f=[0.1] d=[12.34] ld=[0.5]"},
        {"SELECT 0.12::DECIMAL(4,2) AS d, 1234567890.5::DECIMAL(18,6) AS ld, "
         "0.5::DECIMAL(38,1) AS f",
                "f=[0.5] d=[0.12] ld=[1234567890.5]"},
        {"SELECT 'nan'::DOUBLE AS d, 'nan'::FLOAT AS f", "f=[null] d=[null]"},
        {"SELECT TIME '00:00:01' AS l, TIME '00:00:02' AS d",
                "l=[1000000] d=[2000000]"},
        {"SELECT DATE '2001-12-31' AS s", "s=[\"2001-12-31\"]"},
        {"SELECT TIMESTAMP '2001-12-31 08:15:00' AS s", "s=[\"2001-12-31 08:15:00\"]"},
        {"SELECT UUID '00112233-4455-6677-8899-aabbccddeeff' AS s",
                "s=[\"00112233-4455-6677-8899-aabbccddeeff\"]"},
        {"SELECT unnest(['', 'twelve bytes', 'thirteen bytes', NULL, 'twelve bytes', "
         "'☃']) AS s",
                "s=[\"\", \"twelve bytes\", \"thirteen bytes\", null, \"twelve "
                "bytes\", \"☃\"]"},
        {"SELECT unnest([1.5, NULL, 2]::DOUBLE[]) AS d, unnest([NULL, 1, 2]) AS f, "
         "unnest([1, 2, NULL]::BIGINT[]) AS ld",
                "f=[null, 1, 2] d=[1.5, null, 2] ld=[1, 2, null]"},
        {"SELECT unnest([[1, 2], [], NULL, [3]]) AS d, unnest([['x'], ['long enough to "
         "be apart', NULL], [], ['']]) AS s",
                "d=[[1, 2], [], null, [3]] s=[[\"x\"], [\"long enough to be apart\", "
                "null], [], [\"\"]]"},
        {"SELECT unnest([1, NULL, 3]) AS i, unnest([NULL, true, false]) AS b",
                "b=[null, true, false] i=[1, null, 3]"},
        {"SELECT unnest([{'floor': 1, 'x': 2, 'name': ''}, NULL]) AS p",
                "p=[{\"x\": 2, \"floor\": 1, \"name\": \"\"}, null]"},
        {"SELECT unnest([[[1], [2, 3]], []]) AS l", "l=[[[1], [2, 3]], []]"},
        {"SELECT {'floor': 3, 'x': 1.5::FLOAT, 'more': 1, 'name': 'loft'} AS p",
                "p=[{\"x\": 1.5, \"floor\": 3, \"name\": \"loft\"}]"},
        {"SELECT [{'x': 1, 'floor': 2, 'name': 'a'}, {'x': NULL, 'floor': 4, 'name': "
         "NULL}] AS p",
                "p=[[{\"x\": 1, \"floor\": 2, \"name\": \"a\"}, {\"x\": null, "
                "\"floor\": 4, \"name\": \"\"}]]"},
        {"SELECT 1 AS i, 2 AS other WHERE false", "i=[]"},
        {"SELECT 1 AS nobody, 2 AS \"of these\"", ""},
};

START_TEST(every_type_becomes_what_is_wanted) {
    check_case(&values[_i]);
}
END_TEST

static const hm_case faults[] = {
        {"SELECT unnest([1, 2, 128]) AS c",
                "row 3, column `c`: 128 does not fit signed char"},
        {"SELECT unnest([1, -1]) AS ul",
                "row 2, column `ul`: -1 does not fit unsigned long"},
        {"SELECT 9223372036854775808::UBIGINT AS l",
                "row 1, column `l`: 9.2233720368547758e+18 does not fit long"},
        {"SELECT 2 AS b", "row 1, column `b`: 2 does not fit bool"},
        {"SELECT 1.5::DOUBLE AS i", "row 1, column `i`: 1.5 does not fit int"},
        {"SELECT 'inf'::DOUBLE AS l", "row 1, column `l`: inf does not fit long"},
        {"SELECT 1e300 AS f", "row 1, column `f`: 1e+300 is not exactly a value of "
                              "float: cast it in a query to have it rounded"},
        {"SELECT 9007199254740993::BIGINT AS d",
                "row 1, column `d`: 9007199254740993 is not exactly a value of double: "
                "cast it in a query to have it rounded"},
        {"SELECT 18446744073709551615::UBIGINT AS d",
                "row 1, column `d`: 1.8446744073709552e+19 is not exactly a value of "
                "double: cast it in a query to have it rounded"},
        {"SELECT unnest([1, NULL, 3000000000]) AS i",
                "row 3, column `i`: 3000000000 does not fit int"},
        {"SELECT unnest([3, 2, 3000000000]) AS i, unnest([1, 500, NULL]) AS c",
                "row 2, column `c`: 500 does not fit signed char"},
        {"SELECT chr(0) || 'x' AS s",
                "row 1, column `s`: the text contains a NUL byte"},
        {"SELECT [[1], [2, 1.5]] AS i",
                "column `i`: found DECIMAL, which cannot become "
                "int; read it with SQL that casts it"},
        {"SELECT unnest([[1], [2, 3000000000]]) AS i",
                "row 2, column `i`: 3000000000 does not fit int"},
        {"SELECT unnest([{'floor': 1, 'x': 2, 'name': ''}, {'floor': NULL, 'x': 0, "
         "'name': ''}]) AS p",
                "row 2, column `p`: member `floor`: a value is missing, which int "
                "cannot express; take the column as double"},
        {"SELECT {'floor': 3} AS p", "column `p`: found a STRUCT without a member `x`, "
                                     "which struct place has"},
        {"SELECT 'x' AS d", "column `d`: found VARCHAR, which cannot become double; "
                            "read it with SQL that casts it"},
        {"SELECT 1 AS s",
                "column `s`: found INTEGER, which cannot become const char *; "
                "read it with SQL that casts it"},
        {"SELECT true AS i", "column `i`: found BOOLEAN, which cannot become int; read "
                             "it with SQL that casts it"},
        {"SELECT 1.5::DECIMAL(3,1) AS i",
                "column `i`: found DECIMAL, which cannot become int; read it with SQL "
                "that casts it"},
        {"SELECT 'x'::BLOB AS s", "column `s`: found BLOB, which cannot become const "
                                  "char *; read it with SQL that casts it"},
        {"SELECT MAP {'a': 1} AS j", "column `j`: found MAP, which cannot become JSON; "
                                     "read it with SQL that casts it"},
        {"SELECT [DATE '2001-01-01'] AS s",
                "column `s`: found a list, which cannot become const char *; read it "
                "with SQL that casts it"},
};

START_TEST(what_cannot_become_what_is_wanted_is_refused) {
    check_case(&faults[_i]);
}
END_TEST

START_TEST(types_that_only_SQL_has_are_read_too) {
    ck_assert_str_eq(read_sql("SELECT 170141183460469231731687303715884105727::HUGEINT "
                              "AS d, sum(x) AS l FROM (VALUES (1), (2)) AS v(x)"),
            "duckdb: row 1, column `d`: 1.7014118346046923e+38 is not exactly a value "
            "of "
            "double: cast it in a query to have it rounded");
    ck_assert_str_eq(read_sql("SELECT sum(x) AS l, count(*) AS i, "
                              "18446744073709551615::HUGEINT AS ul, "
                              "36893488147419103232::HUGEINT AS d "
                              "FROM (VALUES (1), (2)) AS v(x)"),
            "i=[2] l=[3] ul=[18446744073709551615] d=[3.6893488147419103e+19]");
    ck_assert_str_eq(read_sql("SELECT unnest(['b', 'a', NULL])::ENUM ('a', 'b') AS s"),
            "s=[\"b\", \"a\", null]");
    ck_assert_str_eq(read_sql("SELECT [1, 2, 3]::INTEGER[3] AS d"), "d=[[1, 2, 3]]");
    ck_assert_str_eq(read_sql("SELECT UHUGEINT '1' AS d"),
            "duckdb: column `d`: found UHUGEINT, which cannot become double; read it "
            "with SQL that casts it");
}
END_TEST

START_TEST(missing_values_are_marked) {
    hm_duckdb_options options = options_for(
            "SELECT unnest([1, NULL, 3]) AS i, unnest(['a', NULL, '']) AS s, "
            "unnest([true, false, NULL]) AS b, unnest([1, 2, NULL]::DOUBLE[]) AS d, "
            "unnest([4, 5, 6]) AS l, unnest([NULL, {'x': 1, 'floor': 2, 'name': ''}, "
            "NULL]) AS p");
    const char *expected =
            "b=[true, false, null] i=[1, null, 3] l=[4, 5, 6] d=[1, 2, null] "
            "s=[\"a\", null, \"\"] p=[null, {\"x\": 1, \"floor\": 2, \"name\": \"\"}, "
            "null]";
    ck_assert_str_eq(read_with(&options), expected);
    options.path = parquet_of(options.sql);
    options.sql = NULL;
    ck_assert_str_eq(read_with(&options), expected);

    hm_duckdb_table *table;
    hm_error error;
    ck_assert_int_eq(hm_duckdb_read(&options, &table, &error), HM_OK);
    ck_assert_ptr_null(hm_duckdb_find(table, "l")->many.validity);
    ck_assert_uint_eq(hm_duckdb_find(table, "i")->many.validity[0] & 7, 5);
    ck_assert_msg(isnan(((const double *)hm_duckdb_find(table, "d")->many.data)[2]),
            "a missing double is NaN");
    hm_duckdb_table_destroy(table);

    options.path = NULL;
    options.sql = "SELECT unnest([[1, NULL], [3]]) AS i";
    ck_assert_str_eq(read_with(&options), "i=[[1, null], [3]]");
}
END_TEST

// More rows than one group of a file and one piece of an answer, in order, whatever the
// number of threads.
START_TEST(rows_keep_their_order) {
    static const char sql[] =
            "SELECT range AS l, range % 7 AS d, 'row ' || range % 1000 AS s, "
            "CASE WHEN range % 3 = 0 THEN NULL ELSE range END AS f FROM range(300001)";
    for (int i = 0; i < 4; i++) {
        hm_duckdb_options options = options_for(i < 2 ? sql : NULL);
        options.path = i < 2 ? NULL : parquet_of(sql);
        options.thread_count = i % 2 == 0 ? 1 : 4;
        hm_duckdb_table *table;
        hm_error error;
        ck_assert_int_eq(hm_duckdb_read(&options, &table, &error), HM_OK);
        ck_assert_uint_eq(hm_duckdb_row_count(table), 300001);
        const long *l = hm_duckdb_find(table, "l")->many.data;
        const double *d = hm_duckdb_find(table, "d")->many.data;
        const float *f = hm_duckdb_find(table, "f")->many.data;
        const char *const *s = hm_duckdb_find(table, "s")->many.data;
        ck_assert_uint_eq((uintptr_t)l % 64, 0);
        ck_assert_uint_eq((uintptr_t)f % 64, 0);
        long row = 0;
        while (row < 300001 && l[row] == row && d[row] == (double)(row % 7) &&
                atol(s[row] + strlen("row ")) == row % 1000 &&
                (row % 3 == 0 ? isnan(f[row]) : f[row] == (float)row)) {
            row++;
        }
        ck_assert_int_eq(row, 300001);
        hm_duckdb_table_destroy(table);
    }
}
END_TEST

START_TEST(the_lowest_row_at_fault_is_told) {
    const char *path =
            parquet_of("SELECT CASE WHEN range >= 150000 THEN 500 ELSE 1 END "
                       "AS c, range AS l FROM range(300000)");
    ck_assert_str_eq(after_name(read_file(path)),
            "row 150001, column `c`: 500 does not fit signed char");
}
END_TEST

START_TEST(all_names_are_told_and_those_not_wanted_are_not_read) {
    const hm_duckdb_options options = options_for(
            "SELECT 1 AS i, error('this is not read') AS \"a b\", 3 AS \"ü\";\n ; ");
    hm_duckdb_table *table;
    hm_error error;
    ck_assert_int_eq(hm_duckdb_read(&options, &table, &error), HM_OK);
    ck_assert_uint_eq(hm_duckdb_name_count(table), 3);
    ck_assert_str_eq(hm_duckdb_name(table, 0), "i");
    ck_assert_str_eq(hm_duckdb_name(table, 1), "a b");
    ck_assert_str_eq(hm_duckdb_name(table, 2), "ü");
    ck_assert_ptr_null(hm_duckdb_find(table, "a b"));
    ck_assert_ptr_null(hm_duckdb_find(table, "x"));
    hm_duckdb_table_destroy(table);
    ck_assert_str_eq(read_sql("SELECT 1 AS i -- the end"), "i=[1]");
}
END_TEST

START_TEST(a_database_is_asked_and_left_as_it_was) {
    const char *path = hm_temporary_folder_file(&folder, "rooms.duckdb");
    char sql[512];
    snprintf(sql, sizeof sql,
            "ATTACH '%s' AS f; CREATE TABLE f.rooms AS SELECT range AS i FROM range(3)",
            path);
    execute(sql);
    hm_duckdb_options options = options_for("FROM rooms");
    options.database = path;
    ck_assert_str_eq(read_with(&options), "i=[0, 1, 2]");
    options.sql = "INSERT INTO rooms VALUES (4)";
    ck_assert_ptr_nonnull(strstr(read_with(&options),
            "/rooms.duckdb: the SQL is no query: write one SELECT, which changes "
            "nothing"));
}
END_TEST

START_TEST(faults_of_files_and_SQL_are_told) {
    ck_assert_str_eq(read_file("nowhere.parquet"),
            "nowhere.parquet: cannot open it: No such file or directory");
    ck_assert_str_eq(read_file("/tmp"),
            "/tmp: it is no regular file, which Parquet is read from");
    const char *path = hm_temporary_folder_put(&folder, "no.parquet", "a,b\n1,2\n", 8);
    ck_assert_ptr_nonnull(strstr(read_file(path), "no.parquet: "));
    ck_assert_ptr_nonnull(strstr(read_file(path), "too small to be a Parquet file"));
    ck_assert_str_eq(read_sql("SELEC 1"),
            "duckdb: Parser Error: syntax error at or near \"SELEC\"");
    ck_assert_str_eq(
            read_sql("SELECT 1 AS i, 2 AS i"), "duckdb: two columns have the name `i`");
    ck_assert_str_eq(read_sql("SELECT 1; SELECT 2"),
            "duckdb: Invalid Input Error: Cannot prepare multiple statements at once!");
    ck_assert_ptr_nonnull(strstr(read_sql("SELECT error('stop it') AS i"), "stop it"));
    ck_assert_str_eq(read_sql(NULL),
            "the options need either path or sql, and columns if there is a count");
}
END_TEST

// A file of which the end is right and the middle is not, as after a broken copy.
START_TEST(a_damaged_file_is_an_error) {
    const char *path = parquet_of(
            "SELECT (hash(range) % 1000000000000)::BIGINT AS l FROM range(10000)");
    FILE *file = fopen(path, "r+");
    ck_assert_ptr_nonnull(file);
    for (long at = 200; at < 40000; at += 7) {
        fseek(file, at, SEEK_SET);
        fputc(0xA5, file);
    }
    fclose(file);
    hm_duckdb_options options = options_for(NULL);
    options.path = path;
    hm_duckdb_table *table;
    hm_error error;
    ck_assert_int_ne(hm_duckdb_read(&options, &table, &error), HM_OK);
    ck_assert_ptr_nonnull(strstr(error.message, "made.parquet: "));
}
END_TEST

// Names that a pattern or a home could be meant by, and what else is no plain word.
START_TEST(a_name_means_the_file_that_has_it) {
    const char *path = parquet_of("SELECT 5 AS i, 7 AS FILE_ROW_NUMBER");
    ck_assert_str_eq(read_file(path), "i=[5]");
    static const char *const names[] = {"a[1]*.parquet", "it's.parquet", "i=9"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char made[512];
        snprintf(made, sizeof made, "%s",
                hm_temporary_folder_file(&folder, "made.parquet"));
        const char *other = hm_temporary_folder_file(&folder, names[i]);
        ck_assert_int_eq(rename(made, other), 0);
        ck_assert_str_eq(read_file(other), "i=[5]");
        ck_assert_int_eq(rename(other, made), 0);
    }
}
END_TEST

// Until it succeeds: each time one allocation more is granted.
static void check_allocations(hm_duckdb_options options) {
    hm_failing_allocator failing;
    hm_failing_allocator_init(&failing);
    options.allocator = &failing.allocator;
    hm_status status = HM_NO_MEMORY;
    for (size_t i = 1; status != HM_OK; i++) {
        failing.calls = 0;
        failing.fail_at = i;
        hm_duckdb_table *table = NULL;
        hm_error error;
        status = hm_duckdb_read(&options, &table, &error);
        ck_assert_msg(status == HM_OK || status == HM_NO_MEMORY, "%s", error.message);
        hm_duckdb_table_destroy(table);
        ck_assert_uint_eq(failing.live, 0);
    }
}

START_TEST(memory_that_runs_out_is_told_and_nothing_leaks) {
    hm_duckdb_options options = options_for(
            "SELECT 1 AS i, 'a text of some length' AS s, [1, 2] AS d, {'x': "
            "1, 'floor': 2, 'name': 'n'} AS p");
    options.thread_count = 1;
    check_allocations(options);
    options.path = parquet_of("SELECT 1 AS i, 'a text of some length' AS s, {'x': "
                              "1, 'floor': 2, 'name': 'n'} AS p");
    options.sql = NULL;
    check_allocations(options);
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("adapters/duckdb/read");
    TCase *cases = tcase_create("duckdb_read");
    tcase_add_checked_fixture(cases, set_up, tear_down);
    tcase_add_loop_test(cases, every_type_becomes_what_is_wanted, 0,
            sizeof values / sizeof *values);
    tcase_add_loop_test(cases, what_cannot_become_what_is_wanted_is_refused, 0,
            sizeof faults / sizeof *faults);
    tcase_add_test(cases, types_that_only_SQL_has_are_read_too);
    tcase_add_test(cases, missing_values_are_marked);
    tcase_add_test(cases, rows_keep_their_order);
    tcase_add_test(cases, the_lowest_row_at_fault_is_told);
    tcase_add_test(cases, all_names_are_told_and_those_not_wanted_are_not_read);
    tcase_add_test(cases, a_database_is_asked_and_left_as_it_was);
    tcase_add_test(cases, faults_of_files_and_SQL_are_told);
    tcase_add_test(cases, a_damaged_file_is_an_error);
    tcase_add_test(cases, a_name_means_the_file_that_has_it);
    tcase_add_test(cases, memory_that_runs_out_is_told_and_nothing_leaks);
    suite_add_tcase(suite, cases);
    return suite;
}
