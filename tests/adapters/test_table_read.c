// Tables from files of all formats: what is taken, and what every fault says.

#include <math.h>
#include <stdalign.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <hamilton/json.h>
#include <hamilton/table.h>

#include "base/text.h"
#include "tests/support/failing_allocator.h"
#include "tests/support/suite.h"
#include "tests/support/temporary_folder.h"

struct place {
    double x;
    int floor;
};

static const hm_field place_fields[] = {
        {.name = "x", .type = &hm_type_double, .offset = offsetof(struct place, x)},
        {.name = "floor",
                .type = &hm_type_int,
                .offset = offsetof(struct place, floor)},
};

static const hm_type place_type = {.name = "struct place",
        .kind = HM_KIND_STRUCT,
        .size = sizeof(struct place),
        .alignment = alignof(struct place),
        .fields = place_fields,
        .field_count = 2};

// The columns that every test wants: a letter for the type, and a digit if there are
// several.
static const hm_column wanted[] = {
        {"d", &hm_type_double},
        {"d2", &hm_type_double},
        {"f", &hm_type_float},
        {"i", &hm_type_int},
        {"c", &hm_type_uchar},
        {"u", &hm_type_ulong},
        {"b", &hm_type_bool},
        {"s", &hm_type_string},
        {"s2", &hm_type_string},
        {"p", &place_type},
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

static hm_table_options options_for(const char *path) {
    hm_table_options options = HM_TABLE_OPTIONS_INIT;
    options.path = path;
    options.columns = wanted;
    options.column_count = sizeof wanted / sizeof *wanted;
    return options;
}

static hm_table_options options_for_text(const char *name, const char *text) {
    return options_for(hm_temporary_folder_put(&folder, name, text, strlen(text)));
}

// The wanted columns that the file has, as "d=[1, 2] s=["a", "b"]".
static const char *show(const hm_table *table) {
    hm_text_clear(&shown);
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        const hm_value *value = hm_table_find(table, wanted[i].name);
        if (value != NULL) {
            hm_text_format(
                    &shown, "%s%s=", shown.length > 0 ? " " : "", wanted[i].name);
            ck_assert(hm_json_write(value, hm_text_write, &shown) == HM_OK);
        }
    }
    return hm_text_get(&shown);
}

static void check_bytes(
        const char *name, const char *text, size_t length, const char *expected) {
    hm_table_options options =
            options_for(hm_temporary_folder_put(&folder, name, text, length));
    hm_table *table;
    hm_error error = {.message = ""};
    ck_assert_msg(
            hm_table_read(&options, &table, &error) == HM_OK, "%s", error.message);
    ck_assert_str_eq(show(table), expected);
    hm_table_destroy(table);
}

static void check_table(const char *name, const char *text, const char *expected) {
    check_bytes(name, text, strlen(text), expected);
}

static void check_bytes_error(const char *name, const char *text, size_t length,
        hm_status status, const char *message) {
    hm_table_options options =
            options_for(hm_temporary_folder_put(&folder, name, text, length));
    hm_table *table = NULL;
    hm_error error = {.message = ""};
    ck_assert(hm_table_read(&options, &table, &error) == status);
    ck_assert_ptr_null(table);
    ck_assert(error.status == status);
    const char *path = hm_temporary_folder_file(&folder, name);
    ck_assert_msg(strncmp(error.message, path, strlen(path)) == 0, "%s", error.message);
    ck_assert_str_eq(error.message + strlen(path), message);
    ck_assert(hm_table_read(&options, &table, NULL) == status);
}

static void check_error(const char *name, const char *text, const char *message) {
    check_bytes_error(name, text, strlen(text), HM_BAD_DATA, message);
}

START_TEST(a_csv_file_gives_the_columns_that_are_wanted) {
    check_table("t.csv", "d,other,s,i\n1,x,a,3\n2.5,y,b,-4\n",
            "d=[1, 2.5] i=[3, -4] s=[\"a\", \"b\"]");
    check_table("t.csv", "other\n1\n", "");
    check_table("T.CSV", "d\n1\n", "d=[1]");
    check_table("t.tsv", "d\ts\n1\ta,\"b\n", "d=[1] s=[\"a,\\\"b\"]");
    check_table("t.tsv", "s\td\n\"a\tb\"\t1\n", "d=[1] s=[\"a\\tb\"]");
}
END_TEST

START_TEST(the_table_tells_rows_and_names) {
    hm_table_options options = options_for_text("t.csv", "d,x y,\"a\"\"b\"\n1,2,3\n");
    hm_table *table;
    ck_assert(hm_table_read(&options, &table, NULL) == HM_OK);
    ck_assert_uint_eq(hm_table_row_count(table), 1);
    ck_assert_uint_eq(hm_table_name_count(table), 3);
    ck_assert_str_eq(hm_table_name(table, 0), "d");
    ck_assert_str_eq(hm_table_name(table, 1), "x y");
    ck_assert_str_eq(hm_table_name(table, 2), "a\"b");
    ck_assert_ptr_null(hm_table_find(table, "x y"));
    ck_assert_ptr_null(hm_table_find(table, "s"));
    ck_assert_ptr_null(hm_table_find(table, "nothing"));
    const hm_value *value = hm_table_find(table, "d");
    ck_assert(value->type == &hm_type_double && value->depth == 1);
    hm_table_destroy(table);
    hm_table_destroy(NULL);
}
END_TEST

START_TEST(quoted_fields_hold_anything) {
    check_table("t.csv",
            "s,d\n\"a,b\",1\n\"line\nline\r\nline\",2\n\"say \"\"hi\"\"\",3\n",
            "d=[1, 2, 3] s=[\"a,b\", \"line\\nline\\r\\nline\", \"say \\\"hi\\\"\"]");
    check_table("t.csv", "\"d\",\"s\"\n\"1.5\",\"\"\n", "d=[1.5] s=[\"\"]");
    check_table("t.csv", "s,s2\n\"\"\"\"\"\",\"\"\n", "s=[\"\\\"\\\"\"] s2=[\"\"]");
    check_table("t.csv", "s\n5\" pipe\n", "s=[\"5\\\" pipe\"]");
    check_table("t.csv", "other,d\n\"a\nb,c\"\"\",1\n", "d=[1]");
}
END_TEST

START_TEST(a_header_without_commas_tells_the_delimiter) {
    check_table(
            "t.csv", "d;s\n1.5;a,b\n2;\"c;d\"\n", "d=[1.5, 2] s=[\"a,b\", \"c;d\"]");
    check_table("t.csv", "\n\"x,y\";d\r\n1;2\r\n", "d=[2]");
    check_table("t.csv", "d\ts\n1\ta;b\n", "d=[1] s=[\"a;b\"]");
    check_table("t.csv", "d;\"a\tb\"\n1;2\n", "d=[1]");
    check_table("t.csv", "d,x;y\n1,2\n", "d=[1]");
    check_table("t.csv", "d,\"x;y\"\n1,2\n", "d=[1]");
    check_table("t.csv", "s\na;b\n", "s=[\"a;b\"]");
    check_table("t.tsv", "x;y\td\n1\t2\n", "d=[2]");
    check_error("t.csv", "d;s\n1,5;a\n",
            ": row 1, column `d`: expected double, but found `1,5`: write a point "
            "before decimals");
    check_error("t.csv", "d;s\n1\n",
            ": row 1 has 1 field, but the header has 2: leave a field empty where its "
            "value is missing");
}
END_TEST

START_TEST(lines_end_in_any_way) {
    check_table("t.csv", "d,s\r\n1,a\r\n2,b\r\n", "d=[1, 2] s=[\"a\", \"b\"]");
    check_table("t.csv", "d,s\n1,a\n2,b", "d=[1, 2] s=[\"a\", \"b\"]");
    check_table("t.csv", "d,s\n1,a\n2,", "d=[1, 2] s=[\"a\", null]");
    check_table("t.csv", "d,s\r1,a\r2,b\r", "d=[1, 2] s=[\"a\", \"b\"]");
    check_table("t.csv", "s,d\n\"a\",1\n\"b\",2", "d=[1, 2] s=[\"a\", \"b\"]");
    check_table("t.csv", "d,s\n1,\"a\"", "d=[1] s=[\"a\"]");
    check_table(
            "t.csv", "\n\r\nd,s\n\n\n1,a\n\r\n2,b\n\n", "d=[1, 2] s=[\"a\", \"b\"]");
    check_table("t.csv",
            "\xef\xbb\xbf"
            "d\n1\n",
            "d=[1]");
    check_table("t.csv", "\xef\xbb\xbf\"d\"\n1\n", "d=[1]");
}
END_TEST

START_TEST(a_header_alone_is_a_table_of_no_rows) {
    check_table("t.csv", "d,s\n", "d=[] s=[]");
    check_table("t.csv", "d,s", "d=[] s=[]");
    check_table("t.csv", "d", "d=[]");
    check_table("t.json", "[]", "");
    check_table("t.ndjson", "", "");
    check_table("t.json", "{}", "");
}
END_TEST

START_TEST(missing_values_are_nan_or_marked) {
    check_table("t.csv",
            "d,f,s\n,,\nNA,nan,NA\nNaN, null ,null\nN/A,None,-\n1,\"\",x\n",
            "d=[null, null, null, null, 1] f=[null, null, null, null, null] "
            "s=[null, \"NA\", \"null\", \"-\", \"x\"]");
    check_table("t.csv", "d\n\"\"\n1\n", "d=[null, 1]");
    check_table("t.csv", "i,s,s2\n1,,\"\"\n,\"\", \nNA,x,\n",
            "i=[1, null, null] "
            "s=[null, \"\", \"x\"] "
            "s2=[\"\", \" \", null]");
    check_table("t.csv", "b,c\nnull,1\n1,\" \"\n", "c=[1, null] b=[null, true]");
    check_table("t.csv", "i,u\n,1\n,2\n", "i=[null, null] u=[1, 2]");
    check_table("t.csv", "p,d\n,1\n\"{\"\"x\"\":1,\"\"floor\"\":2}\",2\n",
            "d=[1, 2] p=[null, {\"x\": 1, \"floor\": 2}]");
    hm_table_options options =
            options_for_text("t.csv", "d,f\ninf,-inf\n-Infinity,+INF\nnan,nan\n");
    hm_table *table;
    ck_assert(hm_table_read(&options, &table, NULL) == HM_OK);
    const double *d = hm_table_find(table, "d")->many.data;
    const float *f = hm_table_find(table, "f")->many.data;
    ck_assert(d[0] == INFINITY && d[1] == -INFINITY && isnan(d[2]));
    ck_assert(f[0] == -INFINITY && f[1] == INFINITY && isnan(f[2]));
    ck_assert_ptr_null(hm_table_find(table, "d")->many.validity);
    hm_table_destroy(table);
}
END_TEST

START_TEST(numbers_are_read_as_their_types_say) {
    check_table("t.csv",
            "d,f,i,u,c\n 1.5 ,0.1,-7,18446744073709551615,255\n"
            "1e-400,+.5,3.0,0,\t0\n",
            "d=[1.5, 0] f=[0.1, 0.5] i=[-7, 3] c=[255, 0] u=[18446744073709551615, 0]");
    check_table("t.csv", "b\ntrue\nFALSE\n1\n0\nTrue\n",
            "b=[true, false, true, false, true]");
}
END_TEST

START_TEST(cells_may_hold_json) {
    check_table("t.csv",
            "p,d\n\"{\"\"x\"\": 1.5, \"\"floor\"\": 2}\",\"[1, 2]\"\n"
            "\"{\"\"floor\"\":3,\"\"x\"\":null}\",\n",
            "d=[[1, 2], null] p=[{\"x\": 1.5, \"floor\": 2}, {\"x\": null, \"floor\": "
            "3}]");
    check_table("t.csv", "s\n\"[1, 2]\"\n", "s=[\"[1, 2]\"]");
    check_table("t.json", "[{\"d\": [[1], []]}, {}, {\"d\": [[2, null]]}]",
            "d=[[[1], []], null, [[2, null]]]");
}
END_TEST

START_TEST(what_is_wrong_with_a_value_names_row_and_column) {
    check_error("t.csv", "s,d\n\"a\nb\",1\n\nc,1O\n",
            ": row 2, column `d`: expected double, but found `1O`");
    check_error("t.csv", "d\n1,5\n",
            ": row 1 has 2 fields, but the header has 1: put a field in quotes that "
            "has the separator in it");
    check_error("t.csv", "d\n\"1,5\"\n",
            ": row 1, column `d`: expected double, but found `1,5`: write a point "
            "before decimals");
    check_error("t.csv", "i\n2.5\n",
            ": row 1, column `i`: `2.5` is not an integer, as int wants; take the "
            "column as "
            "double");
    check_error("t.csv", "c\n256\n",
            ": row 1, column `c`: `256` does not fit unsigned char: take the column as "
            "a wider type, or as double");
    check_error(
            "t.csv", "i\ninf\n", ": row 1, column `i`: expected int, but found `inf`");
    check_error("t.csv", "d\n1e999\n",
            ": row 1, column `d`: `1e999` does not fit double: write inf if it is to "
            "be infinite");
    check_error(
            "t.csv", "b\nyes\n", ": row 1, column `b`: expected bool, but found `yes`");
    check_error("t.csv", "d\n1\n\"[1]\"\n",
            ": row 2, column `d`: expected double, but found `[1]`");
    check_error("t.csv", "d\n[1]\n2\n",
            ": row 2, column `d`: expected an array, as elsewhere in the value, but "
            "found 2");
    check_error("t.csv", "p\n{}\n",
            ": row 1, column `p`: member `x` of struct place is missing");
    check_error("t.csv", "p\nx\n",
            ": row 1, column `p`: expected a JSON value, but found x (line 1, column "
            "1)");
    check_error("t.csv", "d\n01234567890123456789012345678901234567890123456789x\n",
            ": row 1, column `d`: expected double, but found "
            "`0123456789012345678901234567890123456789...`");
}
END_TEST

START_TEST(what_is_no_csv_names_the_row) {
    check_error("t.csv", "d,s\n1,a\n2\n",
            ": row 2 has 1 field, but the header has 2: leave a field empty where its "
            "value is missing");
    check_error("t.csv", "d,s\n1,a,b\n",
            ": row 1 has 3 fields, but the header has 2: put a field in quotes that "
            "has the separator in it");
    check_error("t.csv", "s\na\n\"b\nc\n", ": row 2: a quoted field is not closed");
    check_error("t.csv", "\"d\n1\n", ": the header: a quoted field is not closed");
    check_error("t.csv", "s\n\"a\"b\n",
            ": row 1: after a closing quote the field must end; a quote within a "
            "quoted "
            "field is doubled");
    check_error("t.csv", "",
            ": it is empty: expected a line with the names of the columns");
    check_error("t.csv", "\n\r\n",
            ": it is empty: expected a line with the names of the columns");
    check_error("t.csv",
            "\xff\xfe"
            "d\n",
            ": it is UTF-16: convert it to UTF-8");
    check_bytes_error("t.csv", "d,s,d\n", 6, HM_DUPLICATE_NAME,
            ": two columns have the name `d`");
    check_error("t.csv", "a,\xff\n", ": the name of column 2 is not UTF-8 text");
    check_error("t.csv", "s\na\xff\n", ": row 1, column `s`: the text is not UTF-8");
    check_bytes_error("t.csv", "s\na\0b\n", 6, HM_BAD_DATA,
            ": row 1, column `s`: the text contains a NUL byte");
    check_bytes_error("t.csv", "d\n1\0\n", 5, HM_BAD_DATA,
            ": row 1, column `d`: expected double, but found `1...`");
    check_bytes("t.csv", "d,other\n1,\0\n", 12, "d=[1]");
}
END_TEST

START_TEST(columns_without_a_name_do_no_harm) {
    check_table("t.csv", ",d,,\n0,1,2,3\n", "d=[1]");
}
END_TEST

START_TEST(a_json_array_has_a_row_in_each_object) {
    check_table("t.json",
            "[{\"d\": 1, \"s\": \"a\", \"other\": {\"x\": []}},\n {\"s\": \"b\", "
            "\"d\": 2.5}]\n",
            "d=[1, 2.5] s=[\"a\", \"b\"]");
    check_table("t.json", "[{\"d\": 1}, {\"s\": \"b\"}, {\"d\": null, \"s\": null}]",
            "d=[1, null, null] s=[null, \"b\", null]");
    check_table("t.json",
            "[{}, {\"i\": 1}, {\"s\": \"\", \"i\": null}, {\"b\": false}]",
            "i=[null, 1, null, null] b=[null, null, null, false] "
            "s=[null, null, \"\", null]");
    check_table("t.json", "[{\"i\": 3, \"b\": true}]", "i=[3] b=[true]");
    check_table("t.json", "[{\"\\u0064\": 1}, {\"d\": 2}]", "d=[1, 2]");
    check_table("t.json", "[{\"p\": {\"x\": 1, \"floor\": 2}}]",
            "p=[{\"x\": 1, \"floor\": 2}]");
}
END_TEST

START_TEST(a_json_object_has_columns_and_single_values) {
    check_table("t.json",
            "{\"d\": [1, 2, null], \"i\": 3, \"s\": [\"a\"], \"s2\": \"b\"}",
            "d=[1, 2, null] i=3 s=[\"a\"] s2=\"b\"");
    check_table("t.json", "{\"i\": [1, null], \"s\": [null, \"\"]}",
            "i=[1, null] s=[null, \"\"]");
    check_table("t.json", "{\"d\": [[1], [2, 3]], \"f\": null, \"s\": null}",
            "d=[[1], [2, 3]] f=null s=\"\"");
    hm_table_options options = options_for_text(
            "t.json", "{\"d\": [1, 2], \"i\": [1, 2, 3], \"b\": true}");
    hm_table *table;
    ck_assert(hm_table_read(&options, &table, NULL) == HM_OK);
    ck_assert_uint_eq(hm_table_row_count(table), 3);
    ck_assert_uint_eq(hm_table_find(table, "b")->depth, 0);
    hm_table_destroy(table);
}
END_TEST

START_TEST(ndjson_has_a_row_on_each_line) {
    check_table("t.ndjson",
            "{\"d\": 1, \"s\": \"a\"}\n\n  {\"s\": \"b\"}\r\n{\"d\": 3}",
            "d=[1, null, 3] s=[\"a\", \"b\", null]");
    check_table("t.ndjson", "{\"d\": 1}\n{\"i\": 7}\n{\"d\": 2, \"i\": null}\n",
            "d=[1, null, 2] i=[null, 7, null]");
    check_table("t.jsonl", "{\"d\": 1}\n", "d=[1]");
}
END_TEST

START_TEST(what_is_wrong_with_json_says_where) {
    check_error("t.json", "",
            ": expected an array of objects, or an object, but found the "
            "end (line 1, column 1)");
    check_error("t.json", "3",
            ": expected an array of objects, or an object, but found 3 "
            "(line 1, column 1)");
    check_error("t.json", "[{\"d\": 1},\n {\"d\": }]",
            ": expected a JSON value, but found } (line 2, column 8)");
    check_error("t.json", "[{\"d\": 1}, 3]",
            ": expected an object, as each row is one, but found 3 (line 1, column "
            "12)");
    check_error("t.json", "[{\"d\": 1}",
            ": expected a comma or ], but found the end (line 1, column 10)");
    check_error("t.json", "[{\"d\": 1, \"d\": 2}]",
            ": member `d` is given twice (line 1, column 15)");
    check_error("t.json", "{\"d\": 1, \"d\": 2}",
            ": member `d` is given twice (line 1, column 14)");
    check_error("t.json", "[{\"d\": 1}, {\"d\": \"x\"}]",
            ": row 2, column `d`: expected double, but found \"x\"");
    check_error("t.json", "{\"d\": [1, true]}",
            ": member `d`, element 2: expected double, but found true");
    check_error(
            "t.json", "{\"i\": null}", ": member `i`: expected int, but found null");
    check_error("t.json", "{\"d\": 1}\n{\"d\": 2}\n",
            ": another object follows: objects on lines are .ndjson (line 2, column "
            "1)");
    check_error("t.ndjson", "{\"d\": 1}\n{\"d\": 2\n}\n",
            ": expected a comma or }, but found the end (line 2, column 8)");
    check_error("t.ndjson", "{\"d\": 1}\n{\"d\": 2} x\n",
            ": expected nothing behind the value, but found x (line 2, column 10)");
    check_error("t.ndjson", "{\"d\": 1}\n[1]\n",
            ": expected an object, as each row is one, but found an array (line 2, "
            "column 1)");
}
END_TEST

START_TEST(a_file_that_cannot_be_read_is_told) {
    hm_table *table;
    hm_error error;
    hm_table_options options = options_for("/nowhere/t.csv");
    ck_assert(hm_table_read(&options, &table, &error) == HM_IO);
    ck_assert_str_eq(
            error.message, "/nowhere/t.csv: cannot open it: No such file or directory");
    options = options_for("/tmp");
    options.format = HM_FORMAT_CSV;
    ck_assert(hm_table_read(&options, &table, &error) == HM_IO);
    ck_assert_str_eq(error.message, "/tmp: cannot read it: Is a directory");
    options = options_for("t.parquet");
    ck_assert(hm_table_read(&options, &table, &error) == HM_BAD_ARGUMENT);
    ck_assert_str_eq(error.message,
            "t.parquet: the name must end in .csv, .tsv, .json or "
            ".ndjson to tell the format");
}
END_TEST

START_TEST(options_that_are_not_complete_are_refused) {
    hm_table *table;
    hm_error error;
    hm_table_options options = {.path = "t.csv"};
    ck_assert(hm_table_read(&options, &table, &error) == HM_BAD_ARGUMENT);
    ck_assert_str_eq(
            error.message, "struct_size is not set: start from HM_TABLE_OPTIONS_INIT");
    options = options_for(NULL);
    ck_assert(hm_table_read(&options, &table, &error) == HM_BAD_ARGUMENT);
    options = options_for("t.csv");
    options.columns = NULL;
    ck_assert(hm_table_read(&options, &table, &error) == HM_BAD_ARGUMENT);
}
END_TEST

START_TEST(wanting_a_column_twice_is_an_error) {
    const hm_column twice[] = {{"d", &hm_type_double}, {"d", &hm_type_int}};
    hm_table_options options = options_for_text("t.csv", "d\n1\n");
    options.columns = twice;
    options.column_count = 2;
    hm_table *table;
    hm_error error;
    ck_assert(hm_table_read(&options, &table, &error) == HM_DUPLICATE_NAME);
}
END_TEST

// A pipe gives what it has bit by bit, and standard input tells its format by its text.
static void check_input(const char *text, const char *expected) {
    int ends[2];
    ck_assert_int_eq(pipe(ends), 0);
    ck_assert_int_eq(dup2(ends[0], STDIN_FILENO), STDIN_FILENO);
    close(ends[0]);
    ck_assert_int_eq(write(ends[1], text, strlen(text)), (ssize_t)strlen(text));
    close(ends[1]);
    hm_table_options options = options_for("-");
    hm_table *table;
    hm_error error = {.message = ""};
    ck_assert_msg(
            hm_table_read(&options, &table, &error) == HM_OK, "%s", error.message);
    ck_assert_str_eq(show(table), expected);
    hm_table_destroy(table);
}

START_TEST(standard_input_tells_its_format_by_how_it_begins) {
    check_input("d,s\n1,a\n", "d=[1] s=[\"a\"]");
    check_input(" [{\"d\": 1}]", "d=[1]");
    check_input("{\"d\": [1, 2]}\n", "d=[1, 2]");
    check_input("{\"d\": 1}\n{\"d\": 2}\n", "d=[1, 2]");
}
END_TEST

enum { ROWS = 450000 };

static void check_large(const hm_table *table) {
    ck_assert_uint_eq(hm_table_row_count(table), ROWS);
    const int *i = hm_table_find(table, "i")->many.data;
    const double *d = hm_table_find(table, "d")->many.data;
    const char *const *s = hm_table_find(table, "s")->many.data;
    int wrong = 0;
    for (int row = 0; row < ROWS; row++) {
        wrong +=
                i[row] != row || atoi(s[row]) != row * 7 || d[row] != (double)row / 100;
    }
    ck_assert_int_eq(wrong, 0);
}

// By threads that share the reading of its bytes, too.
START_TEST(a_large_file_is_read_right) {
    hm_text text;
    hm_text_init(&text, NULL);
    hm_text_append(&text, "i,s,d,other\n");
    for (int row = 0; row < ROWS; row++) {
        hm_text_format(&text,
                row % 3 == 0 ? "%d,\"%d\",%d.%02d,x\r\n" : "%d,%d,%d.%02d,\n", row,
                row * 7, row / 100, row % 100);
    }
    hm_table_options options = options_for(
            hm_temporary_folder_put(&folder, "t.csv", text.data, text.length));
    hm_text_finish(&text);
    for (options.thread_count = 0; options.thread_count < 4; options.thread_count++) {
        hm_table *table;
        ck_assert(hm_table_read(&options, &table, NULL) == HM_OK);
        check_large(table);
        hm_table_destroy(table);
    }
}
END_TEST

START_TEST(memory_that_runs_out_is_a_status) {
    static const struct {
        const char *name;
        const char *text;
    } cases[] = {
            {"t.csv", "d,s,p,d2,\"q\"\"q\"\n1,\"a\"\"b\",\"{\"\"x\"\":1,\"\"floor\"\":"
                      "2}\",[1],\n"},
            {"t.json",
                    "[{\"d\": 1, \"s\": \"a\"}, {\"\\u0073\": \"b\", \"d2\": [1, 2]}]"},
            {"t.json", "{\"d\": [1, 2], \"s\": \"a\"}"},
            {"t.ndjson", "{\"d\": 1}\n{\"s\": \"a\"}\n"},
            {"t.csv", "a,b,c,e,g,h,j,k,l,m,n,o,q,r,t,v,w,d\n"},
    };
    size_t failures = 0;
    for (size_t i = 0; i < 2 * sizeof cases / sizeof *cases; i++) {
        const char *text = cases[i / 2].text;
        hm_table_options options = options_for(hm_temporary_folder_put(
                &folder, cases[i / 2].name, text, strlen(text)));
        for (size_t fail_at = 1;; fail_at++) {
            hm_failing_allocator failing;
            hm_failing_allocator_init(&failing);
            failing.fail_at = fail_at;
            failing.for_good = i % 2 == 1;
            options.allocator = &failing.allocator;
            hm_table *table = NULL;
            hm_error error = {.status = HM_OK};
            hm_status status = hm_table_read(&options, &table, &error);
            if (status == HM_OK) {
                hm_table_destroy(table);
                ck_assert_uint_eq(failing.live, 0);
                break;
            }
            failures++;
            ck_assert(status == HM_NO_MEMORY && error.status == HM_NO_MEMORY);
            ck_assert_ptr_null(table);
            ck_assert_uint_eq(failing.live, 0);
        }
    }
    ck_assert_uint_ge(failures, 50);
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("table_read");
    TCase *tests = tcase_create("tables");
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, a_csv_file_gives_the_columns_that_are_wanted);
    tcase_add_test(tests, the_table_tells_rows_and_names);
    tcase_add_test(tests, quoted_fields_hold_anything);
    tcase_add_test(tests, a_header_without_commas_tells_the_delimiter);
    tcase_add_test(tests, lines_end_in_any_way);
    tcase_add_test(tests, a_header_alone_is_a_table_of_no_rows);
    tcase_add_test(tests, missing_values_are_nan_or_marked);
    tcase_add_test(tests, numbers_are_read_as_their_types_say);
    tcase_add_test(tests, cells_may_hold_json);
    tcase_add_test(tests, what_is_wrong_with_a_value_names_row_and_column);
    tcase_add_test(tests, what_is_no_csv_names_the_row);
    tcase_add_test(tests, columns_without_a_name_do_no_harm);
    tcase_add_test(tests, a_json_array_has_a_row_in_each_object);
    tcase_add_test(tests, a_json_object_has_columns_and_single_values);
    tcase_add_test(tests, ndjson_has_a_row_on_each_line);
    tcase_add_test(tests, what_is_wrong_with_json_says_where);
    tcase_add_test(tests, a_file_that_cannot_be_read_is_told);
    tcase_add_test(tests, options_that_are_not_complete_are_refused);
    tcase_add_test(tests, wanting_a_column_twice_is_an_error);
    tcase_add_test(tests, standard_input_tells_its_format_by_how_it_begins);
    tcase_add_test(tests, a_large_file_is_read_right);
    tcase_add_test(tests, memory_that_runs_out_is_a_status);
    suite_add_tcase(suite, tests);
    return suite;
}
