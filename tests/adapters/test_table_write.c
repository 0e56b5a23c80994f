// Tables to files of all formats: the text, that it reads back, and that a file appears
// whole or not at all.

#include <math.h>
#include <signal.h>
#include <stdalign.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <hamilton/table.h>

#include "base/text.h"
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

static hm_temporary_folder folder;
static hm_text text;

static void set_up(void) {
    hm_temporary_folder_init(&folder);
    hm_text_init(&text, NULL);
}

static void tear_down(void) {
    hm_text_finish(&text);
    hm_temporary_folder_finish(&folder);
}

static void check_text(hm_format format, const hm_binding *columns, size_t count,
        const char *expected) {
    hm_text_clear(&text);
    hm_error error = {.message = ""};
    ck_assert_msg(hm_table_print(format, columns, count, hm_text_write, &text,
                          &error) == HM_OK,
            "%s", error.message);
    ck_assert_str_eq(hm_text_get(&text), expected);
}

static double reals[] = {1, NAN, 0.1, -INFINITY};
static const char *strings[] = {"a", "b,\"c\"\n", "", NULL};
static bool flags[] = {true, false, true, false};

static const char *content_of(const char *path) {
    static char content[4096];
    FILE *file = fopen(path, "r");
    ck_assert_ptr_nonnull(file);
    content[fread(content, 1, sizeof content - 1, file)] = '\0';
    fclose(file);
    return content;
}

START_TEST(each_format_has_its_text) {
    hm_binding columns[] = {
            {"x", hm_value_many(&hm_type_double, reals, 4)},
            {"say \"s\"", hm_value_many(&hm_type_string, strings, 4)},
            {"b", hm_value_many(&hm_type_bool, flags, 4)},
    };
    check_text(HM_FORMAT_CSV, columns, 3,
            "x,\"say \"\"s\"\"\",b\n1,a,true\n,\"b,\"\"c\"\"\n\",false\n0.1,\"\",true\n"
            "-inf,,false\n");
    check_text(HM_FORMAT_TSV, columns, 1, "x\n1\n\"\"\n0.1\n-inf\n");
    check_text(HM_FORMAT_NDJSON, columns, 2,
            "{\"x\": 1, \"say \\\"s\\\"\": \"a\"}\n"
            "{\"x\": null, \"say \\\"s\\\"\": \"b,\\\"c\\\"\\n\"}\n"
            "{\"x\": 0.1, \"say \\\"s\\\"\": \"\"}\n"
            "{\"x\": null, \"say \\\"s\\\"\": null}\n");
    check_text(HM_FORMAT_JSON, columns, 1,
            "[{\"x\": 1},\n {\"x\": null},\n {\"x\": 0.1},\n {\"x\": null}]\n");
    hm_binding empty = {"x", hm_value_many(&hm_type_double, NULL, 0)};
    check_text(HM_FORMAT_CSV, &empty, 1, "x\n");
    check_text(HM_FORMAT_JSON, &empty, 1, "[]\n");
    check_text(HM_FORMAT_NDJSON, &empty, 1, "");
}
END_TEST

START_TEST(tsv_quotes_tabs_and_not_commas) {
    const char *words[] = {"a,b", "a\tb"};
    hm_binding column = {"s", hm_value_many(&hm_type_string, words, 2)};
    check_text(HM_FORMAT_TSV, &column, 1, "s\na,b\n\"a\tb\"\n");
    check_text(HM_FORMAT_CSV, &column, 1, "s\n\"a,b\"\n\"a\tb\"\n");
}
END_TEST

START_TEST(structs_and_nested_arrays_are_json_in_a_csv_field) {
    struct place places[] = {{1.5, 2}, {NAN, -1}};
    int numbers[] = {1, 2, 3};
    hm_array nested[] = {{.data = numbers, .length = 3}, {.data = NULL, .length = 0}};
    hm_value lists = hm_value_many(&hm_type_int, nested, 2);
    lists.depth = 2;
    hm_binding columns[] = {
            {"p", hm_value_many(&place_type, places, 2)},
            {"l", lists},
    };
    check_text(HM_FORMAT_CSV, columns, 2,
            "p,l\n\"{\"\"x\"\": 1.5, \"\"floor\"\": 2}\",\"[1, 2, 3]\"\n"
            "\"{\"\"x\"\": null, \"\"floor\"\": -1}\",\"[]\"\n");

    struct place *pointers[] = {&places[0], NULL};
    hm_value objects = hm_value_many(&place_type, pointers, 2);
    objects.by_reference = true;
    uint8_t validity = 0x01;
    hm_value sparse = hm_value_many(&hm_type_int, numbers, 2);
    sparse.many.validity = &validity;
    hm_binding missing[] = {{"p", objects}, {"i", sparse}};
    check_text(HM_FORMAT_CSV, missing, 2,
            "p,i\n\"{\"\"x\"\": 1.5, \"\"floor\"\": 2}\",1\n,\n");
    check_text(HM_FORMAT_NDJSON, missing, 2,
            "{\"p\": {\"x\": 1.5, \"floor\": 2}, \"i\": 1}\n{\"p\": null, \"i\": "
            "null}\n");
}
END_TEST

static void check_refused(const hm_binding *columns, size_t count, hm_status status,
        const char *message) {
    hm_error error = {.message = ""};
    hm_text_clear(&text);
    ck_assert(hm_table_print(HM_FORMAT_CSV, columns, count, hm_text_write, &text,
                      &error) == status);
    ck_assert_str_eq(error.message, message);
    ck_assert_uint_eq(text.length, 0);
    const char *path = hm_temporary_folder_file(&folder, "refused.csv");
    ck_assert(hm_table_write(path, HM_FORMAT_BY_SUFFIX, columns, count, &error) ==
              status);
    ck_assert_str_eq(error.message + strlen(path) + 2, message);
    ck_assert_uint_eq(hm_temporary_folder_count(&folder), 0);
}

START_TEST(what_is_no_table_is_refused) {
    hm_binding lengths[] = {
            {"x", hm_value_many(&hm_type_double, reals, 4)},
            {"y", hm_value_many(&hm_type_double, reals, 3)},
    };
    check_refused(lengths, 2, HM_LENGTH_MISMATCH,
            "`y` has 3 elements, but `x` has 4: columns of one table are equally long");
    hm_binding shapes[] = {lengths[0], {"k", hm_value_int(3)}};
    check_refused(shapes, 2, HM_SHAPE_MISMATCH,
            "`k` is one value, but a table is made of arrays");
    hm_binding names[] = {lengths[0], lengths[0]};
    check_refused(names, 2, HM_DUPLICATE_NAME, "two columns have the name `x`");
    check_refused(NULL, 0, HM_BAD_ARGUMENT, "a table needs at least one column");
}
END_TEST

// All bits of all types, with strings that need every kind of quoting.
static void check_round_trip(const char *name, bool has_infinities) {
    enum { ROWS = 3000 };
    static double doubles[ROWS];
    static float floats[ROWS];
    static int64_t integers[ROWS];
    static uint8_t bytes[ROWS];
    static char texts[ROWS][8];
    static const char *words[ROWS];
    static const char pieces[] = "ab,\"\n\r\t \\{[";
    uint64_t state = 1;
    for (size_t row = 0; row < ROWS; row++) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        memcpy(&doubles[row], &state, sizeof state);
        memcpy(&floats[row], (char *)&state + 3, sizeof(float));
        memcpy(&integers[row], &state, sizeof state);
        bytes[row] = (uint8_t)(state >> 50);
        if (!has_infinities && isinf(floats[row])) {
            floats[row] = 0;
        }
        for (size_t i = 0; i < state >> 61; i++) {
            texts[row][i] = pieces[(state >> (5 * i + 9)) % (sizeof pieces - 1)];
        }
        words[row] = texts[row];
    }
    hm_binding columns[] = {
            {"d", hm_value_many(&hm_type_double, doubles, ROWS)},
            {"s,\"1\"", hm_value_many(&hm_type_string, words, ROWS)},
            {"f", hm_value_many(&hm_type_float, floats, ROWS)},
            {"i", hm_value_many(&hm_type_long, integers, ROWS)},
            {"u", hm_value_many(&hm_type_uchar, bytes, ROWS)},
    };
    enum { COUNT = sizeof columns / sizeof *columns };
    const char *path = hm_temporary_folder_file(&folder, name);
    hm_error error = {.message = ""};
    ck_assert_msg(
            hm_table_write(path, HM_FORMAT_BY_SUFFIX, columns, COUNT, &error) == HM_OK,
            "%s", error.message);

    hm_column wanted[COUNT];
    for (size_t i = 0; i < COUNT; i++) {
        wanted[i] = (hm_column){columns[i].name, columns[i].value.type};
    }
    hm_table_options options = HM_TABLE_OPTIONS_INIT;
    options.path = path;
    options.columns = wanted;
    options.column_count = COUNT;
    hm_table *table;
    ck_assert_msg(
            hm_table_read(&options, &table, &error) == HM_OK, "%s", error.message);
    ck_assert_uint_eq(hm_table_row_count(table), ROWS);
    const double *d = hm_table_find(table, "d")->many.data;
    const float *f = hm_table_find(table, "f")->many.data;
    const char *const *s = hm_table_find(table, "s,\"1\"")->many.data;
    for (size_t row = 0; row < ROWS; row++) {
        ck_assert(isnan(doubles[row]) ? isnan(d[row])
                                      : memcmp(&d[row], &doubles[row], 8) == 0);
        ck_assert(isnan(floats[row]) ? isnan(f[row])
                                     : memcmp(&f[row], &floats[row], 4) == 0);
        ck_assert_str_eq(s[row], words[row]);
    }
    ck_assert(memcmp(hm_table_find(table, "i")->many.data, integers, sizeof integers) ==
              0);
    ck_assert(memcmp(hm_table_find(table, "u")->many.data, bytes, sizeof bytes) == 0);
    hm_table_destroy(table);
}

START_TEST(what_is_written_reads_back_bit_for_bit) {
    check_round_trip("t.csv", true);
    check_round_trip("t.tsv", true);
    check_round_trip("t.json", false);
    check_round_trip("t.ndjson", false);
}
END_TEST

static hm_value value_with_holes(const hm_type *type, void *data, size_t length) {
    static uint8_t holes[] = {0x05}; // elements 0 and 2 are there
    hm_value value = hm_value_many(type, data, length);
    value.many.validity = holes;
    return value;
}

START_TEST(what_is_missing_is_nothing_and_reads_back_as_missing) {
    static const struct {
        const char *name;
        const char *text;
    } cases[] = {
            {"t.csv", "i,s,b\n1,a,true\n,,\n3,\"\",true\n,,\n"},
            {"t.tsv", "i\ts\tb\n1\ta\ttrue\n\t\t\n3\t\"\"\ttrue\n\t\t\n"},
            {"t.ndjson", "{\"i\": 1, \"s\": \"a\", \"b\": true}\n"
                         "{\"i\": null, \"s\": null, \"b\": null}\n"
                         "{\"i\": 3, \"s\": \"\", \"b\": true}\n"
                         "{\"i\": null, \"s\": null, \"b\": null}\n"},
            {"t.json", "[{\"i\": 1, \"s\": \"a\", \"b\": true},\n"
                       " {\"i\": null, \"s\": null, \"b\": null},\n"
                       " {\"i\": 3, \"s\": \"\", \"b\": true},\n"
                       " {\"i\": null, \"s\": null, \"b\": null}]\n"},
    };
    int numbers[] = {1, 2, 3, 4};
    hm_binding columns[] = {{"i", value_with_holes(&hm_type_int, numbers, 4)},
            {"s", value_with_holes(&hm_type_string, strings, 4)},
            {"b", value_with_holes(&hm_type_bool, flags, 4)}};
    const hm_column wanted[] = {
            {"i", &hm_type_int}, {"s", &hm_type_string}, {"b", &hm_type_bool}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *path = hm_temporary_folder_file(&folder, cases[i].name);
        ck_assert(hm_table_write(path, HM_FORMAT_BY_SUFFIX, columns, 3, NULL) == HM_OK);
        ck_assert_str_eq(content_of(path), cases[i].text);
        hm_table_options options = HM_TABLE_OPTIONS_INIT;
        options.path = path;
        options.columns = wanted;
        options.column_count = 3;
        hm_table *table;
        ck_assert(hm_table_read(&options, &table, NULL) == HM_OK);
        for (size_t k = 0; k < 3; k++) {
            const hm_array *many = &hm_table_find(table, wanted[k].name)->many;
            ck_assert_ptr_nonnull(many->validity);
            ck_assert_int_eq(many->validity[0] & 0xF, 0x5);
        }
        hm_table_destroy(table);
    }
}
END_TEST

// A column alone is where empty fields look like empty lines.
START_TEST(a_column_alone_keeps_its_empty_rows) {
    const char *words[] = {"", "a", "\xef\xbb\xbf", "", "\n"};
    hm_binding column = {"\xef\xbb\xbfs", hm_value_many(&hm_type_string, words, 5)};
    const char *path = hm_temporary_folder_file(&folder, "t.csv");
    ck_assert(hm_table_write(path, HM_FORMAT_BY_SUFFIX, &column, 1, NULL) == HM_OK);
    hm_column wanted = {column.name, &hm_type_string};
    hm_table_options options = HM_TABLE_OPTIONS_INIT;
    options.path = path;
    options.columns = &wanted;
    options.column_count = 1;
    hm_table *table;
    ck_assert(hm_table_read(&options, &table, NULL) == HM_OK);
    ck_assert_uint_eq(hm_table_row_count(table), 5);
    const char *const *back = hm_table_find(table, column.name)->many.data;
    for (size_t i = 0; i < 5; i++) {
        ck_assert_str_eq(back[i], words[i]);
    }
    hm_table_destroy(table);
}
END_TEST

START_TEST(a_file_is_replaced_and_keeps_its_permissions) {
    hm_binding column = {"x", hm_value_many(&hm_type_double, reals, 1)};
    const char *path = hm_temporary_folder_put(&folder, "t.csv", "old\n", 4);
    ck_assert_int_eq(chmod(path, 0604), 0);
    ck_assert(hm_table_write(path, HM_FORMAT_BY_SUFFIX, &column, 1, NULL) == HM_OK);
    ck_assert_str_eq(content_of(path), "x\n1\n");
    struct stat status;
    ck_assert_int_eq(stat(path, &status), 0);
    ck_assert_uint_eq(status.st_mode & 07777, 0604);
    ck_assert_uint_eq(hm_temporary_folder_count(&folder), 1);

    umask(027);
    path = hm_temporary_folder_file(&folder, "new.csv");
    ck_assert(hm_table_write(path, HM_FORMAT_BY_SUFFIX, &column, 1, NULL) == HM_OK);
    ck_assert_int_eq(stat(path, &status), 0);
    ck_assert_uint_eq(status.st_mode & 07777, 0640);
}
END_TEST

START_TEST(a_link_stays_and_its_file_is_replaced) {
    hm_binding column = {"x", hm_value_many(&hm_type_double, reals, 1)};
    hm_temporary_folder_put(&folder, "real.csv", "old\n", 4);
    char path[384];
    snprintf(path, sizeof path, "%s", hm_temporary_folder_file(&folder, "link.csv"));
    ck_assert_int_eq(symlink("real.csv", path), 0);
    ck_assert(hm_table_write(path, HM_FORMAT_BY_SUFFIX, &column, 1, NULL) == HM_OK);
    struct stat status;
    ck_assert_int_eq(lstat(path, &status), 0);
    ck_assert(S_ISLNK(status.st_mode));
    ck_assert_str_eq(
            content_of(hm_temporary_folder_file(&folder, "real.csv")), "x\n1\n");
}
END_TEST

START_TEST(a_write_that_fails_leaves_the_old_file_and_nothing_else) {
    enum { ROWS = 100000 };
    double *zeros = calloc(ROWS, sizeof *zeros);
    hm_binding column = {"x", hm_value_many(&hm_type_double, zeros, ROWS)};
    const char *path = hm_temporary_folder_put(&folder, "t.csv", "old\n", 4);
    signal(SIGXFSZ, SIG_IGN);
    struct rlimit limit = {10000, 10000};
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
    hm_error error;
    ck_assert(hm_table_write(path, HM_FORMAT_BY_SUFFIX, &column, 1, &error) == HM_IO);
    ck_assert_ptr_nonnull(
            strstr(error.message, "t.csv: cannot write it: File too large"));
    ck_assert_str_eq(content_of(path), "old\n");
    ck_assert_uint_eq(hm_temporary_folder_count(&folder), 1);
    free(zeros);
}
END_TEST

START_TEST(a_place_that_cannot_be_written_is_told) {
    hm_binding column = {"x", hm_value_many(&hm_type_double, reals, 4)};
    hm_error error;
    ck_assert(hm_table_write("/nowhere/t.csv", HM_FORMAT_BY_SUFFIX, &column, 1,
                      &error) == HM_IO);
    ck_assert_str_eq(error.message,
            "/nowhere/t.csv: cannot write it: No such file or directory");
    ck_assert(hm_table_write("/tmp", HM_FORMAT_CSV, &column, 1, &error) == HM_IO);
    ck_assert_str_eq(error.message, "/tmp: cannot write it: Is a directory");
    ck_assert(hm_table_write("t.xlsx", HM_FORMAT_BY_SUFFIX, &column, 1, &error) ==
              HM_BAD_ARGUMENT);
    ck_assert(hm_table_write("/dev/full", HM_FORMAT_CSV, &column, 1, &error) == HM_IO);
    ck_assert_str_eq(
            error.message, "/dev/full: cannot write it: No space left on device");
    ck_assert(hm_table_write("/dev/null", HM_FORMAT_CSV, &column, 1, &error) == HM_OK);
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("table_write");
    TCase *tests = tcase_create("tables");
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, each_format_has_its_text);
    tcase_add_test(tests, tsv_quotes_tabs_and_not_commas);
    tcase_add_test(tests, structs_and_nested_arrays_are_json_in_a_csv_field);
    tcase_add_test(tests, what_is_no_table_is_refused);
    tcase_add_test(tests, what_is_written_reads_back_bit_for_bit);
    tcase_add_test(tests, what_is_missing_is_nothing_and_reads_back_as_missing);
    tcase_add_test(tests, a_column_alone_keeps_its_empty_rows);
    tcase_add_test(tests, a_file_is_replaced_and_keeps_its_permissions);
    tcase_add_test(tests, a_link_stays_and_its_file_is_replaced);
    tcase_add_test(tests, a_write_that_fails_leaves_the_old_file_and_nothing_else);
    tcase_add_test(tests, a_place_that_cannot_be_written_is_told);
    suite_add_tcase(suite, tests);
    return suite;
}
