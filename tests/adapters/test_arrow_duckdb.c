// Both ways through DuckDB, which speaks Arrow's interface too: what it exports of a
// query is imported, and what we export it reads.

#include <duckdb.h>
#include <math.h>
#include <stdalign.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <hamilton/arrow.h>

#include "tests/support/suite.h"

static duckdb_database database;
static duckdb_connection connection;
static hm_error error;

static void set_up(void) {
    ck_assert_int_eq(duckdb_open(NULL, &database), DuckDBSuccess);
    ck_assert_int_eq(duckdb_connect(database, &connection), DuckDBSuccess);
}

static void tear_down(void) {
    duckdb_disconnect(&connection);
    duckdb_close(&database);
}

static duckdb_result query(const char *sql) {
    duckdb_result result;
    ck_assert_msg(duckdb_query(connection, sql, &result) == DuckDBSuccess, "%s",
            duckdb_result_error(&result));
    return result;
}

static void check_success(duckdb_error_data fault) {
    ck_assert_msg(fault == NULL || !duckdb_error_data_has_error(fault), "%s",
            duckdb_error_data_message(fault));
    duckdb_destroy_error_data(&fault);
}

static void export_schema(duckdb_result *result, struct ArrowSchema *schema) {
    enum { MOST = 16 };
    duckdb_logical_type types[MOST];
    const char *names[MOST];
    idx_t count = duckdb_column_count(result);
    ck_assert_uint_le(count, MOST);
    for (idx_t i = 0; i < count; i++) {
        types[i] = duckdb_column_logical_type(result, i);
        names[i] = duckdb_column_name(result, i);
    }
    duckdb_arrow_options options = duckdb_result_get_arrow_options(result);
    check_success(duckdb_to_arrow_schema(options, types, names, count, schema));
    duckdb_destroy_arrow_options(&options);
    for (idx_t i = 0; i < count; i++) {
        duckdb_destroy_logical_type(&types[i]);
    }
}

static void export_chunk(duckdb_result *result, struct ArrowArray *array) {
    duckdb_data_chunk chunk = duckdb_fetch_chunk(*result);
    array->release = NULL; // at the end
    if (chunk != NULL) {
        duckdb_arrow_options options = duckdb_result_get_arrow_options(result);
        check_success(duckdb_data_chunk_to_arrow(options, chunk, array));
        duckdb_destroy_arrow_options(&options);
        duckdb_destroy_data_chunk(&chunk);
    }
}

struct point {
    int x;
    const char *name;
};

static const hm_field point_fields[] = {
        {.name = "x", .type = &hm_type_int, .offset = offsetof(struct point, x)},
        {.name = "name",
                .type = &hm_type_string,
                .offset = offsetof(struct point, name)},
};
static const hm_type point_type = {.name = "struct point",
        .kind = HM_KIND_STRUCT,
        .size = sizeof(struct point),
        .alignment = alignof(struct point),
        .fields = point_fields,
        .field_count = 2};

START_TEST(what_duckdb_exports_is_imported) {
    duckdb_result result =
            query("SELECT i::BIGINT AS big, i::DOUBLE / 2 AS half, "
                  "CASE WHEN i = 1 THEN NULL ELSE i::REAL END AS gap, "
                  "CASE WHEN i = 2 THEN NULL ELSE i::INTEGER END AS hole, "
                  "CASE WHEN i = 3 THEN NULL ELSE 'text ' || i END AS word, "
                  "i % 2 = 0 AS even, DATE '1970-01-11' + i::INTEGER AS day, "
                  "TIMESTAMP '1970-01-01 00:00:01' AS moment, "
                  "{'x': i::INTEGER, 'name': 'p' || i} AS point, "
                  "CASE WHEN i = 0 THEN NULL ELSE range(i) END AS list, "
                  "(CASE WHEN i = 1 THEN 'red' ELSE 'blue' END)::ENUM('blue', 'red') "
                  "AS hue, "
                  "NULL AS nothing FROM range(5) t(i) ORDER BY i");
    struct ArrowSchema schema;
    struct ArrowArray array;
    export_schema(&result, &schema);
    export_chunk(&result, &array);
    duckdb_destroy_result(&result);
    const hm_column wanted[] = {{"big", NULL}, {"half", NULL}, {"gap", &hm_type_double},
            {"hole", NULL}, {"word", NULL}, {"even", NULL}, {"day", NULL},
            {"moment", NULL}, {"point", &point_type}, {"list", NULL}, {"hue", NULL},
            {"nothing", &hm_type_double}};
    hm_arrow_import_options options = HM_ARROW_IMPORT_OPTIONS_INIT;
    options.columns = wanted;
    options.column_count = sizeof wanted / sizeof *wanted;
    hm_arrow_columns *columns;
    const void *there = array.children[0]->buffers[1];
    ck_assert_msg(hm_arrow_import(&options, &schema, &array, &columns, &error) == HM_OK,
            "%s", error.message);
    schema.release(&schema);
    ck_assert_uint_eq(columns->count, options.column_count);
    ck_assert_uint_eq(columns->row_count, 5);
    const hm_array *many[sizeof wanted / sizeof *wanted];
    for (size_t i = 0; i < columns->count; i++) {
        many[i] = &columns->bindings[i].value.many;
    }
    ck_assert_ptr_eq(many[0]->data, there);
    ck_assert_int_eq(((const int64_t *)many[0]->data)[4], 4);
    ck_assert_double_eq(((const double *)many[1]->data)[3], 1.5);
    ck_assert(isnan(((const double *)many[2]->data)[1]));
    ck_assert_double_eq(((const double *)many[2]->data)[2], 2);
    ck_assert_uint_eq(many[3]->validity[0] & 0x1fu, 0x1b);
    ck_assert_int_eq(((const int *)many[3]->data)[4], 4);
    ck_assert_str_eq(((const char *const *)many[4]->data)[4], "text 4");
    ck_assert_uint_eq(many[4]->validity[0] & 0x1fu, 0x17);
    ck_assert(((const bool *)many[5]->data)[2] && !((const bool *)many[5]->data)[3]);
    ck_assert_int_eq(((const int64_t *)many[6]->data)[1], 11);
    ck_assert_int_eq(((const int64_t *)many[7]->data)[0], 1000000);
    const struct point *points = many[8]->data;
    ck_assert_int_eq(points[4].x, 4);
    ck_assert_str_eq(points[2].name, "p2");
    const hm_array *lists = many[9]->data;
    ck_assert_uint_eq(lists[0].length, 0);
    ck_assert_uint_eq(lists[4].length, 4);
    ck_assert_int_eq(((const int64_t *)lists[4].data)[3], 3);
    ck_assert_uint_eq(many[9]->validity[0] & 0x1fu, 0x1e);
    ck_assert_str_eq(((const char *const *)many[10]->data)[1], "red");
    ck_assert_str_eq(((const char *const *)many[10]->data)[4], "blue");
    ck_assert(isnan(((const double *)many[11]->data)[0]));
    hm_arrow_columns_destroy(columns);
}
END_TEST

START_TEST(dates_and_timestamps_are_imported_as_times) {
    static const struct {
        const char *sql;
        const hm_type *natural;
        int64_t number;
    } cases[] = {{"DATE '2024-02-29'", &hm_type_time_day, 19782},
            {"TIMESTAMP_S '2024-02-29'", &hm_type_time_s, 1709164800},
            {"TIMESTAMP_MS '2024-02-29'", &hm_type_time_ms, 1709164800000},
            {"TIMESTAMP '2024-02-29'", &hm_type_time_us, 1709164800000000},
            {"TIMESTAMP_NS '2024-02-29'", &hm_type_time_ns, 1709164800000000000},
            {"TIMESTAMPTZ '2024-02-29 02:00:00+02'", &hm_type_time_us,
                    1709164800000000}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char sql[256];
        snprintf(sql, sizeof sql,
                "SELECT t, t AS day FROM (SELECT unnest([%s, NULL]) AS t)",
                cases[i].sql);
        duckdb_result result = query(sql);
        struct ArrowSchema schema;
        struct ArrowArray array;
        export_schema(&result, &schema);
        export_chunk(&result, &array);
        duckdb_destroy_result(&result);
        const hm_column wanted[] = {{"t", NULL}, {"day", &hm_type_time_day}};
        hm_arrow_import_options options = HM_ARROW_IMPORT_OPTIONS_INIT;
        options.columns = wanted;
        options.column_count = 2;
        hm_arrow_columns *columns;
        ck_assert_msg(
                hm_arrow_import(&options, &schema, &array, &columns, &error) == HM_OK,
                "%s", error.message);
        schema.release(&schema);
        const hm_value *t = hm_arrow_find(columns, "t");
        ck_assert_ptr_eq(t->type, cases[i].natural);
        ck_assert_int_eq(((const int64_t *)t->many.data)[0], cases[i].number);
        ck_assert_uint_eq(t->many.validity[0] & 3U, 1);
        const hm_array *days = &hm_arrow_find(columns, "day")->many;
        ck_assert_int_eq(((const int64_t *)days->data)[0], 19782);
        ck_assert_uint_eq(days->validity[0] & 3U, 1);
        hm_arrow_columns_destroy(columns);
    }
}
END_TEST

// A query as a stream.
static int get_schema(struct ArrowArrayStream *stream, struct ArrowSchema *schema) {
    export_schema(stream->private_data, schema);
    return 0;
}

static int get_next(struct ArrowArrayStream *stream, struct ArrowArray *array) {
    export_chunk(stream->private_data, array);
    return 0;
}

static void release_stream(struct ArrowArrayStream *stream) {
    duckdb_destroy_result(stream->private_data);
    stream->release = NULL;
}

START_TEST(a_query_of_many_chunks_becomes_whole_columns) {
    duckdb_result result = query(
            "SELECT i::DOUBLE AS x, 's' || i AS s, "
            "CASE WHEN i % 3 = 0 THEN NULL ELSE i END AS n FROM range(10000) t(i) "
            "ORDER BY i");
    struct ArrowArrayStream stream = {
            get_schema, get_next, NULL, release_stream, &result};
    hm_arrow_columns *columns;
    ck_assert_msg(hm_arrow_import_stream(NULL, &stream, &columns, &error) == HM_OK,
            "%s", error.message);
    stream.release(&stream);
    ck_assert_uint_eq(columns->row_count, 10000);
    const double *x = hm_arrow_find(columns, "x")->many.data;
    const char *const *s = hm_arrow_find(columns, "s")->many.data;
    const hm_array *n = &hm_arrow_find(columns, "n")->many;
    for (size_t i = 0; i < 10000; i++) {
        ck_assert_double_eq(x[i], (double)i);
        ck_assert_int_eq(n->validity[i / 8] >> i % 8 & 1, i % 3 != 0);
        ck_assert(i % 3 == 0 || ((const int64_t *)n->data)[i] == (int64_t)i);
    }
    ck_assert_str_eq(s[9999], "s9999");
    hm_arrow_columns_destroy(columns);
}
END_TEST

static double number_of(const char *sql) {
    duckdb_result result = query(sql);
    double number = duckdb_value_double(&result, 0, 0);
    duckdb_destroy_result(&result);
    return number;
}

static void append(
        const char *table, struct ArrowSchema *schema, struct ArrowArray *array) {
    duckdb_arrow_converted_schema types;
    duckdb_data_chunk chunk;
    duckdb_appender appender;
    check_success(duckdb_schema_from_arrow(connection, schema, &types));
    check_success(duckdb_data_chunk_from_arrow(connection, array, types, &chunk));
    ck_assert_int_eq(
            duckdb_appender_create(connection, NULL, table, &appender), DuckDBSuccess);
    ck_assert_int_eq(duckdb_append_data_chunk(appender, chunk), DuckDBSuccess);
    ck_assert_int_eq(duckdb_appender_destroy(&appender), DuckDBSuccess);
    duckdb_destroy_data_chunk(&chunk);
    duckdb_destroy_arrow_converted_schema(&types);
    if (array->release != NULL) {
        array->release(array);
    }
}

START_TEST(what_is_exported_duckdb_reads) {
    static const double x[] = {1, NAN, 3};
    static const char *const s[] = {"a", NULL, "c\xc3\xa9"};
    static const bool b[] = {true, false, true};
    static const int i[] = {1, 2, 3};
    static const struct point p[] = {{7, "q"}, {8, NULL}, {9, "r"}};
    static int items[] = {10, 20, 30};
    hm_array lists[] = {{items, 2, NULL}, {NULL, 0, NULL}, {items + 2, 1, NULL}};
    uint8_t validity[8] = {0x06};
    hm_binding columns[] = {{"x", hm_value_many(&hm_type_double, x, 3)},
            {"s", hm_value_many(&hm_type_string, s, 3)},
            {"b", hm_value_many(&hm_type_bool, b, 3)},
            {"i", hm_value_many(&hm_type_int, i, 3)},
            {"p", hm_value_many(&point_type, p, 3)},
            {"l", hm_value_many(&hm_type_int, lists, 3)}};
    columns[3].value.many.validity = validity;
    columns[5].value.depth = 2;
    hm_arrow_export_options options = HM_ARROW_EXPORT_OPTIONS_INIT;
    options.nan_is_missing = true;
    options.batch_rows = 2;
    struct ArrowArrayStream stream;
    ck_assert_msg(
            hm_arrow_export_stream(&options, columns, 6, &stream, &error) == HM_OK,
            "%s", error.message);
    duckdb_result made = query("CREATE TABLE t (x DOUBLE, s VARCHAR, b BOOLEAN, "
                               "i INTEGER, p STRUCT(x INTEGER, name VARCHAR), "
                               "l INTEGER[])");
    duckdb_destroy_result(&made);
    struct ArrowSchema schema;
    ck_assert_int_eq(stream.get_schema(&stream, &schema), 0);
    for (;;) {
        struct ArrowArray batch;
        ck_assert_int_eq(stream.get_next(&stream, &batch), 0);
        if (batch.release == NULL) {
            break;
        }
        append("t", &schema, &batch);
    }
    schema.release(&schema);
    stream.release(&stream);
    ck_assert_double_eq(number_of("SELECT count(*) FROM t"), 3);
    ck_assert_double_eq(number_of("SELECT sum(x) FROM t WHERE x IS NOT NULL"), 4);
    ck_assert_double_eq(number_of("SELECT count(*) FROM t WHERE s = 'c\xc3\xa9' "
                                  "AND b AND i = 3 AND p.x = 9 AND p.name = 'r' "
                                  "AND l = [30]"),
            1);
    ck_assert_double_eq(number_of("SELECT count(*) FROM t WHERE s IS NULL AND NOT b "
                                  "AND x IS NULL AND p.name IS NULL AND len(l) = 0"),
            1);
    ck_assert_double_eq(
            number_of("SELECT count(*) FROM t WHERE i IS NULL AND l = [10, 20]"), 1);
}
END_TEST

START_TEST(times_are_exported_as_dates_and_timestamps) {
    int64_t numbers[] = {0, 1, -86400, 7};
    uint8_t validity[8] = {0x07};
    hm_binding columns[] = {{"d", hm_value_many(&hm_type_time_day, numbers, 4)},
            {"s", hm_value_many(&hm_type_time_s, numbers, 4)},
            {"ms", hm_value_many(&hm_type_time_ms, numbers, 4)},
            {"us", hm_value_many(&hm_type_time_us, numbers, 4)},
            {"ns", hm_value_many(&hm_type_time_ns, numbers, 4)}};
    for (size_t i = 0; i < 5; i++) {
        columns[i].value.many.validity = validity;
    }
    struct ArrowSchema schema;
    struct ArrowArray array;
    ck_assert_msg(hm_arrow_export(NULL, columns, 5, &schema, &array, &error) == HM_OK,
            "%s", error.message);
    duckdb_result made = query("CREATE TABLE times (d DATE, s TIMESTAMP_S, "
                               "ms TIMESTAMP_MS, us TIMESTAMP, ns TIMESTAMP_NS)");
    duckdb_destroy_result(&made);
    append("times", &schema, &array);
    schema.release(&schema);
    ck_assert_double_eq(number_of("SELECT count(*) FROM times WHERE d = '1970-01-02' "
                                  "AND s = '1970-01-01 00:00:01' "
                                  "AND ms = '1970-01-01 00:00:00.001' "
                                  "AND us = '1970-01-01 00:00:00.000001' "
                                  "AND ns = '1970-01-01 00:00:00.000000001'"),
            1);
    ck_assert_double_eq(number_of("SELECT count(*) FROM times WHERE "
                                  "d = '1733-06-12' AND s = '1969-12-31'"),
            1);
    ck_assert_double_eq(number_of("SELECT count(*) FROM times WHERE d IS NULL AND "
                                  "s IS NULL AND ms IS NULL AND us IS NULL AND "
                                  "ns IS NULL"),
            1);
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("arrow_duckdb");
    TCase *tcase = tcase_create("duckdb");
    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_add_test(tcase, what_duckdb_exports_is_imported);
    tcase_add_test(tcase, dates_and_timestamps_are_imported_as_times);
    tcase_add_test(tcase, a_query_of_many_chunks_becomes_whole_columns);
    tcase_add_test(tcase, what_is_exported_duckdb_reads);
    tcase_add_test(tcase, times_are_exported_as_dates_and_timestamps);
    suite_add_tcase(suite, tcase);
    return suite;
}
