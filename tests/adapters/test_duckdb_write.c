// Columns as Parquet files: that they are read back to the same bits, what DuckDB sees
// in them, and what every fault says.

#include <duckdb.h>
#include <math.h>
#include <stdalign.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <hamilton/duckdb.h>
#include <hamilton/json.h>

#include "base/text.h"
#include "tests/support/suite.h"
#include "tests/support/temporary_folder.h"

static hm_temporary_folder folder;
static hm_text first_text;
static hm_text second_text;

static void set_up(void) {
    hm_temporary_folder_init(&folder);
    hm_text_init(&first_text, NULL);
    hm_text_init(&second_text, NULL);
}

static void tear_down(void) {
    hm_text_finish(&second_text);
    hm_text_finish(&first_text);
    hm_temporary_folder_finish(&folder);
}

static const char *show(const hm_value *value, hm_text *text) {
    hm_text_clear(text);
    ck_assert_int_eq(hm_json_write(value, hm_text_write, text), HM_OK);
    return hm_text_get(text);
}

static void write_columns(const char *path, const hm_binding *columns, size_t count) {
    hm_error error;
    ck_assert_msg(hm_duckdb_write(path, columns, count, 2, &error) == HM_OK, "%s",
            error.message);
}

static hm_duckdb_table *read_column(const char *path, const hm_column *column) {
    hm_duckdb_options options = HM_DUCKDB_OPTIONS_INIT;
    options.path = path;
    options.columns = column;
    options.column_count = 1;
    options.thread_count = 2;
    hm_duckdb_table *table;
    hm_error error;
    ck_assert_msg(
            hm_duckdb_read(&options, &table, &error) == HM_OK, "%s", error.message);
    return table;
}

// What SQL answers about the file as a text, with `FILE` for it.
static const char *ask(const char *sql) {
    const hm_column column = {"s", &hm_type_string};
    hm_text_clear(&second_text);
    hm_text_format(&second_text, "SELECT (%.*s'%s'%s)::VARCHAR AS s",
            (int)(strstr(sql, "FILE") - sql), sql, folder.file,
            strstr(sql, "FILE") + strlen("FILE"));
    hm_duckdb_options options = HM_DUCKDB_OPTIONS_INIT;
    options.sql = hm_text_get(&second_text);
    options.columns = &column;
    options.column_count = 1;
    hm_duckdb_table *table;
    hm_error error;
    ck_assert_msg(
            hm_duckdb_read(&options, &table, &error) == HM_OK, "%s", error.message);
    show(hm_duckdb_find(table, "s"), &first_text);
    hm_duckdb_table_destroy(table);
    return hm_text_get(&first_text);
}

START_TEST(numbers_come_back_with_the_same_bits) {
    static const double doubles[] = {-0.0, NAN, INFINITY, 0x1p-1074, 0.1, -1e308};
    static const float floats[] = {-0.0F, NAN, -INFINITY, 0x1p-149F, 0.1F, 3e38F};
    static const bool bools[] = {true, false, true, true, false, false};
    static const signed char schars[] = {-128, 127, 0, 1, 2, 3};
    static const unsigned char uchars[] = {0, 255, 1, 2, 3, 4};
    static const short shorts[] = {-32768, 32767, 0, 1, 2, 3};
    static const unsigned short ushorts[] = {0, 65535, 1, 2, 3, 4};
    static const int ints[] = {INT32_MIN, INT32_MAX, 0, 1, 2, 3};
    static const unsigned uints[] = {0, UINT32_MAX, 1, 2, 3, 4};
    static const long longs[] = {INT64_MIN, INT64_MAX, 0, 1, 2, 3};
    static const unsigned long ulongs[] = {0, UINT64_MAX, 1, 2, 3, 4};
    static const struct {
        const hm_type *type;
        const void *data;
    } columns[] = {
            {&hm_type_double, doubles},
            {&hm_type_float, floats},
            {&hm_type_bool, bools},
            {&hm_type_schar, schars},
            {&hm_type_uchar, uchars},
            {&hm_type_short, shorts},
            {&hm_type_ushort, ushorts},
            {&hm_type_int, ints},
            {&hm_type_uint, uints},
            {&hm_type_long, longs},
            {&hm_type_ulong, ulongs},
    };
    enum { COUNT = sizeof columns / sizeof *columns, ROWS = 6 };
    hm_binding bindings[COUNT];
    for (size_t i = 0; i < COUNT; i++) {
        bindings[i] = (hm_binding){columns[i].type->name,
                hm_value_many(columns[i].type, columns[i].data, ROWS)};
    }
    const char *path = hm_temporary_folder_file(&folder, "numbers.parquet");
    write_columns(path, bindings, COUNT);
    for (size_t i = 0; i < COUNT; i++) {
        const hm_column column = {bindings[i].name, columns[i].type};
        hm_duckdb_table *table = read_column(path, &column);
        const hm_value *value = hm_duckdb_find(table, column.name);
        ck_assert_uint_eq(value->many.length, ROWS);
        ck_assert_ptr_null(value->many.validity);
        ck_assert_mem_eq(
                value->many.data, columns[i].data, ROWS * columns[i].type->size);
        hm_duckdb_table_destroy(table);
    }
}
END_TEST

struct point {
    double x;
    struct inner {
        int level;
        const char *name;
    } inner;
    bool on;
};

static const hm_field inner_fields[] = {
        {.name = "level",
                .type = &hm_type_int,
                .offset = offsetof(struct inner, level)},
        {.name = "name",
                .type = &hm_type_string,
                .offset = offsetof(struct inner, name)},
};

static const hm_type inner_type = {.name = "struct inner",
        .kind = HM_KIND_STRUCT,
        .size = sizeof(struct inner),
        .alignment = alignof(struct inner),
        .fields = inner_fields,
        .field_count = 2};

static const hm_field point_fields[] = {
        {.name = "x", .type = &hm_type_double, .offset = offsetof(struct point, x)},
        {.name = "inner", .type = &inner_type, .offset = offsetof(struct point, inner)},
        {.name = "on", .type = &hm_type_bool, .offset = offsetof(struct point, on)},
};

static const hm_type point_type = {.name = "struct point",
        .kind = HM_KIND_STRUCT,
        .size = sizeof(struct point),
        .alignment = alignof(struct point),
        .fields = point_fields,
        .field_count = 3};

// A column that is written and read looks, as JSON, as it did.
static void check_round_trip(const hm_value *value) {
    const hm_binding binding = {"column", *value};
    const hm_column column = {"column", value->type};
    const char *path = hm_temporary_folder_file(&folder, "one.parquet");
    write_columns(path, &binding, 1);
    hm_duckdb_table *table = read_column(path, &column);
    const hm_value *read = hm_duckdb_find(table, "column");
    ck_assert_uint_eq(read->depth, value->depth);
    ck_assert_str_eq(show(read, &second_text), show(value, &first_text));
    hm_duckdb_table_destroy(table);
}

START_TEST(strings_come_back) {
    static const char *const texts[] = {"", "a", "twelve bytes", "thirteen bytes",
            "ä☃𝄞", "a text that is much longer than others are", "\"'\n\t\\", NULL};
    const hm_value value = hm_value_many(&hm_type_string, texts, 8);
    check_round_trip(&value);
}
END_TEST

START_TEST(structs_come_back) {
    static const struct point points[] = {{1.5, {3, "x"}, true},
            {-0.5, {-1, "a name of more than twelve bytes"}, false},
            {INFINITY, {INT32_MIN, ""}, true}};
    const hm_value value = hm_value_many(&point_type, points, 3);
    check_round_trip(&value);
    const void *pointers[] = {&points[2], NULL, &points[1], &points[1]};
    hm_value referred = hm_value_many(&point_type, pointers, 4);
    referred.by_reference = true;
    const hm_binding binding = {"column", referred};
    write_columns(hm_temporary_folder_file(&folder, "p.parquet"), &binding, 1);
    ck_assert_str_eq(ask("SELECT count(\"column\") FROM FILE"), "[\"3\"]");
    ck_assert_str_eq(ask("SELECT list(\"column\".inner.\"level\") FROM FILE"),
            "[\"[-2147483648, NULL, -1, -1]\"]");
}
END_TEST

START_TEST(arrays_of_arrays_come_back) {
    double numbers[] = {1, 2, NAN, 4};
    const char *texts[] = {"x", "a text that is not short", NULL};
    struct point points[] = {{1, {2, "n"}, true}, {3, {4, "m"}, false}};
    uint8_t bits = 5;
    hm_array of_numbers[] = {{numbers, 3, NULL}, {NULL, 0, NULL},
            {numbers + 3, 1, NULL}, {numbers, 4, &bits}};
    hm_array of_texts[] = {{texts, 2, NULL}, {texts + 2, 1, NULL}};
    hm_array of_points[] = {{points, 2, NULL}, {points + 1, 1, NULL}};
    hm_array of_arrays[] = {
            {of_numbers, 3, NULL}, {NULL, 0, NULL}, {of_numbers + 3, 1, NULL}};
    hm_value value = hm_value_many(&hm_type_double, of_numbers, 4);
    value.depth = 2;
    check_round_trip(&value);
    value = hm_value_many(&hm_type_string, of_texts, 2);
    value.depth = 2;
    check_round_trip(&value);
    value = hm_value_many(&point_type, of_points, 2);
    value.depth = 2;
    check_round_trip(&value);
    value = hm_value_many(&hm_type_double, of_arrays, 3);
    value.depth = 3;
    check_round_trip(&value);
}
END_TEST

START_TEST(missing_elements_are_NULL_and_come_back_so) {
    static const int ints[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
    uint8_t bits[] = {0xAD, 0x02};
    hm_value value = hm_value_many(&hm_type_int, ints, 10);
    value.many.validity = bits;
    check_round_trip(&value);
    ck_assert_str_eq(ask("SELECT list(\"column\") FROM FILE"),
            "[\"[1, NULL, 3, 4, NULL, 6, NULL, 8, NULL, 10]\"]");
    const double doubles[] = {NAN, 1};
    const hm_binding binding = {"d", hm_value_many(&hm_type_double, doubles, 2)};
    write_columns(folder.file, &binding, 1);
    ck_assert_str_eq(ask("SELECT list(d) FROM FILE"), "[\"[nan, 1.0]\"]");
}
END_TEST

START_TEST(a_table_of_no_rows_keeps_its_columns) {
    const hm_binding bindings[] = {{"d", hm_value_many(&hm_type_double, NULL, 0)},
            {"s", hm_value_many(&hm_type_string, NULL, 0)}};
    const char *path = hm_temporary_folder_file(&folder, "empty.parquet");
    write_columns(path, bindings, 2);
    const hm_column column = {"s", &hm_type_string};
    hm_duckdb_table *table = read_column(path, &column);
    ck_assert_uint_eq(hm_duckdb_row_count(table), 0);
    ck_assert_uint_eq(hm_duckdb_name_count(table), 2);
    ck_assert_uint_eq(hm_duckdb_find(table, "s")->many.length, 0);
    hm_duckdb_table_destroy(table);
}
END_TEST

// More rows than one group, whatever the number of threads.
START_TEST(rows_keep_their_order) {
    enum { ROWS = 300001 };
    long *numbers = malloc(ROWS * sizeof *numbers);
    const char **texts = malloc(ROWS * sizeof *texts);
    for (long i = 0; i < ROWS; i++) {
        numbers[i] = i;
        texts[i] = i % 2 == 0 ? "even" : "odd, and of many bytes";
    }
    const hm_binding bindings[] = {{"n", hm_value_many(&hm_type_long, numbers, ROWS)},
            {"s", hm_value_many(&hm_type_string, texts, ROWS)}};
    const char *path = hm_temporary_folder_file(&folder, "order.parquet");
    for (uint32_t threads = 1; threads <= 4; threads += 3) {
        hm_error error;
        ck_assert_int_eq(hm_duckdb_write(path, bindings, 2, threads, &error), HM_OK);
        const hm_column column = {"n", &hm_type_long};
        hm_duckdb_table *table = read_column(path, &column);
        ck_assert_mem_eq(
                hm_duckdb_find(table, "n")->many.data, numbers, ROWS * sizeof *numbers);
        hm_duckdb_table_destroy(table);
        ck_assert_str_eq(
                ask("SELECT count(*) FROM (SELECT *, file_row_number AS r FROM "
                    "read_parquet(FILE, file_row_number = true)) WHERE s <> "
                    "CASE WHEN r % 2 = 0 THEN 'even' ELSE 'odd, and of many "
                    "bytes' END"),
                "[\"0\"]");
    }
    free(texts);
    free(numbers);
}
END_TEST

START_TEST(the_file_is_compressed_by_zstd_and_its_names_are_any) {
    static const double doubles[] = {1, 2};
    const hm_binding bindings[] = {
            {"plain", hm_value_many(&hm_type_double, doubles, 2)},
            {"with \"quotes\" and ünï", hm_value_many(&hm_type_double, doubles, 2)}};
    write_columns(hm_temporary_folder_file(&folder, "names.parquet"), bindings, 2);
    ck_assert_str_eq(ask("SELECT list(path_in_schema || ' ' || compression) FROM "
                         "parquet_metadata(FILE)"),
            "[\"[plain ZSTD, 'with \\\"quotes\\\" and ünï ZSTD']\"]");
    write_columns(hm_temporary_folder_file(&folder, "it's.parquet"), bindings, 2);
    ck_assert_uint_eq(hm_temporary_folder_count(&folder), 2);
}
END_TEST

static const char *fault_of(const char *path, const hm_binding *columns, size_t count) {
    static hm_error error;
    ck_assert_int_ne(hm_duckdb_write(path, columns, count, 2, &error), HM_OK);
    return error.message;
}

START_TEST(what_cannot_be_written_is_told_and_leaves_nothing) {
    static const double doubles[] = {1, 2};
    static const long double wide[] = {1, 2};
    static const char *const texts[] = {"fine", "not \xFF UTF-8"};
    static const hm_type opaque = {.name = "struct box", .kind = HM_KIND_OPAQUE};
    const char *path = hm_temporary_folder_file(&folder, "x.parquet");
    char expected[512];
    const struct {
        hm_binding columns[2];
        size_t count;
        const char *message;
    } faults[] = {
            {.count = 0, .message = "there are no columns"},
            {{{"a", hm_value_double(1)}}, 1,
                    "`a` is one value, but a table is made of arrays"},
            {{{"a", hm_value_many(&hm_type_double, doubles, 2)},
                     {"b", hm_value_many(&hm_type_double, doubles, 1)}},
                    2,
                    "`b` has 1 elements, but `a` has 2: columns of one table are "
                    "equally long"},
            {{{"a", hm_value_many(&hm_type_double, doubles, 2)},
                     {"A", hm_value_many(&hm_type_double, doubles, 2)}},
                    2, "columns `a` and `A` have one name to DuckDB"},
            {{{"a", hm_value_many(&hm_type_longdouble, wide, 2)}}, 1,
                    "column `a`: DuckDB has no type for long double; want a double "
                    "instead"},
            {{{"a", hm_value_many(&opaque, texts, 2)}}, 1,
                    "column `a`: DuckDB has no type for struct box; want its fields "
                    "or a text instead"},
            {{{"a", hm_value_many(&hm_type_string, texts, 2)}}, 1,
                    "row 2, column `a`: the text is not UTF-8"},
    };
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        snprintf(expected, sizeof expected, "%s: %s", path, faults[i].message);
        ck_assert_str_eq(fault_of(path, faults[i].columns, faults[i].count), expected);
        ck_assert_uint_eq(hm_temporary_folder_count(&folder), 0);
    }
    ck_assert_str_eq(fault_of("/nowhere/x.parquet", faults[6].columns, 1),
            "/nowhere/x.parquet: cannot write it: No such file or directory");
}
END_TEST

START_TEST(a_file_that_is_there_is_replaced_whole_and_keeps_its_permissions) {
    static const double doubles[] = {1, 2};
    static const char *const texts[] = {"fine", "not \xFF UTF-8"};
    const hm_binding good = {"a", hm_value_many(&hm_type_double, doubles, 2)};
    const hm_binding bad = {"a", hm_value_many(&hm_type_string, texts, 2)};
    const char *path = hm_temporary_folder_put(&folder, "x.parquet", "before", 6);
    ck_assert_int_eq(chmod(path, 0640), 0);
    struct stat status;
    fault_of(path, &bad, 1);
    ck_assert_int_eq(stat(path, &status), 0);
    ck_assert_int_eq(status.st_size, 6);
    write_columns(path, &good, 1);
    ck_assert_int_eq(stat(path, &status), 0);
    ck_assert_uint_eq(status.st_mode & 0777, 0640);
    ck_assert_uint_eq(hm_temporary_folder_count(&folder), 1);
    const hm_column column = {"a", &hm_type_double};
    hm_duckdb_table *table = read_column(path, &column);
    ck_assert_uint_eq(hm_duckdb_row_count(table), 2);
    hm_duckdb_table_destroy(table);
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("adapters/duckdb/write");
    TCase *cases = tcase_create("duckdb_write");
    tcase_add_checked_fixture(cases, set_up, tear_down);
    tcase_add_test(cases, numbers_come_back_with_the_same_bits);
    tcase_add_test(cases, strings_come_back);
    tcase_add_test(cases, structs_come_back);
    tcase_add_test(cases, arrays_of_arrays_come_back);
    tcase_add_test(cases, missing_elements_are_NULL_and_come_back_so);
    tcase_add_test(cases, a_table_of_no_rows_keeps_its_columns);
    tcase_add_test(cases, rows_keep_their_order);
    tcase_add_test(cases, the_file_is_compressed_by_zstd_and_its_names_are_any);
    tcase_add_test(cases, what_cannot_be_written_is_told_and_leaves_nothing);
    tcase_add_test(
            cases, a_file_that_is_there_is_replaced_whole_and_keeps_its_permissions);
    suite_add_tcase(suite, cases);
    return suite;
}
