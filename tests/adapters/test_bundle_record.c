// test_bundle_record.c — a run that is recorded is given back bit for bit, and compared
// so; whatever became of the files.

#include <fcntl.h>
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <hamilton/bundle.h>

#include "base/text.h"
#include "tests/support/cache_values.h"
#include "tests/support/controlled.h"
#include "tests/support/suite.h"
#include "tests/support/temporary_folder.h"

static hm_temporary_folder folder;
static hm_error last;
static hm_driver *driver;
static char path[128]; // of the record

static const hm_type opaque = {
        .name = "struct database", .kind = HM_KIND_OPAQUE, .size = 0, .alignment = 1};

static int call_nothing(void *frame, const uint32_t *at, void *self) {
    (void)frame;
    (void)at;
    (void)self;
    return 0;
}

// Inputs of many types, which a function takes that nobody calls; "y" is x + 1.
static void set_up(void) {
    hm_temporary_folder_init(&folder);
    snprintf(path, sizeof path, "%s/case", folder.path);
    hm_controlled_begin();
    hm_module_builder *builder = &controlled.builder;
    hm_controlled_add("y", "x", hm_controlled_next);
    hm_controlled_add("bad", "x", hm_controlled_bad);
    hm_builder_function(builder, "all", call_nothing, NULL);
    hm_builder_takes(builder, "number", &hm_type_double);
    hm_builder_takes(builder, "extended", &hm_type_longdouble);
    hm_builder_takes(builder, "text", &hm_type_string);
    hm_builder_takes(builder, "integer", &hm_type_long);
    hm_builder_takes(builder, "point", &hm_test_point);
    hm_builder_takes(builder, "day", &hm_type_time_day);
    hm_builder_takes(builder, "flag", &hm_type_bool);
    hm_builder_takes(builder, "database", &opaque)->pass = HM_BY_REFERENCE;
    hm_builder_makes(builder, "all", &hm_type_double);
    hm_driver_options options = hm_controlled_options(1);
    driver = hm_controlled_driver(&options);
}

static void tear_down(void) {
    hm_driver_destroy(driver);
    hm_controlled_end();
    hm_temporary_folder_finish(&folder);
}

static hm_status execute(const char *wanted, hm_value input, const char *name,
        bool keep_going, hm_results **results) {
    const hm_binding binding = {name, input};
    hm_request request = HM_REQUEST_INIT;
    request.wanted = &wanted;
    request.wanted_count = 1;
    request.inputs = &binding;
    request.input_count = 1;
    request.keep_going = keep_going;
    return hm_driver_execute(driver, &request, results, &last);
}

static hm_status record(const char *wanted, hm_value input, const char *name) {
    const hm_binding binding = {name, input};
    hm_request request = HM_REQUEST_INIT;
    request.wanted = &wanted;
    request.wanted_count = 1;
    request.inputs = &binding;
    request.input_count = 1;
    request.keep_going = true;
    hm_results *results;
    hm_status status = hm_driver_execute(driver, &request, &results, &last);
    ck_assert_msg(status == HM_OK || status == HM_NODE_FAILED, "%s", last.message);
    status = hm_bundle_record(path, driver, &request, results, NULL, &last);
    hm_results_destroy(results);
    return status;
}

static hm_bundle *open_record(void) {
    hm_bundle *bundle;
    ck_assert_msg(
            hm_bundle_open(path, &controlled.memory.allocator, &bundle, &last) == HM_OK,
            "%s", last.message);
    return bundle;
}

// What an input comes back as, and that the output, which is the same, has not changed.
static void check_kept(hm_value input, const char *name) {
    ck_assert_msg(record(name, input, name) == HM_OK, "%s", last.message);
    hm_bundle *bundle = open_record();
    hm_request request;
    ck_assert_msg(hm_bundle_request(bundle, hm_driver_graph(driver), &request, &last) ==
                          HM_OK,
            "%s", last.message);
    ck_assert_uint_eq(request.input_count, 1);
    ck_assert(hm_test_same(input, request.inputs[0].value));
    hm_results *results;
    ck_assert_int_eq(hm_driver_execute(driver, &request, &results, &last), HM_OK);
    hm_text text;
    hm_text_init(&text, NULL);
    bool is_same = false;
    ck_assert_int_eq(
            hm_bundle_compare(bundle, results, hm_text_write, &text, &is_same, &last),
            HM_OK);
    ck_assert_msg(is_same, "%s", hm_text_get(&text));
    ck_assert_uint_eq(text.length, 0);
    hm_text_finish(&text);
    hm_results_destroy(results);
    hm_bundle_close(bundle);
}

static double from_bits(uint64_t bits) {
    double number;
    memcpy(&number, &bits, sizeof number);
    return number;
}

START_TEST(values_come_back_bit_for_bit) {
    const double numbers[] = {0.0, -0.0, INFINITY, from_bits(0x7ff8000000000001),
            from_bits(0xfff8deadbeef0001), DBL_MIN / 2, 0.1};
    check_kept(hm_value_many(&hm_type_double, numbers, 7), "number");
    for (size_t i = 0; i < 7; i++) {
        check_kept(hm_value_double(numbers[i]), "number");
    }
    long double extended = 1.0L / 3;
    check_kept(hm_value_one(&hm_type_longdouble, &extended), "extended");
    check_kept(hm_value_string(""), "text");
    check_kept(hm_value_string("not \xff UTF-8"), "text");
    check_kept(hm_value_json("[\"a\", \"b\"]"), "text");
    const char *texts[] = {"a", "", NULL};
    uint8_t bits[] = {3};
    hm_value missing = hm_value_many(&hm_type_string, texts, 3);
    missing.many.validity = bits;
    check_kept(missing, "text");
    const int64_t integers[] = {INT64_MIN, 7, INT64_MAX};
    hm_value gaps = hm_value_many(&hm_type_long, integers, 3);
    gaps.many.validity = bits;
    check_kept(gaps, "integer");
    check_kept(hm_value_many(&hm_type_long, NULL, 0), "integer");
    const double pair[] = {1.5, -0.0};
    check_kept(hm_value_one(&hm_test_point, pair), "point");
    int64_t day = 20000;
    check_kept(hm_value_one(&hm_type_time_day, &day), "day");
    check_kept(hm_value_bool(true), "flag");
    hm_array inner[] = {{(void *)(uintptr_t)numbers, 2, NULL}, {NULL, 0, NULL}};
    hm_value nested = {.type = &hm_type_double, .depth = 2, .many = {inner, 2, NULL}};
    check_kept(nested, "number");
}
END_TEST

START_TEST(what_is_only_known_by_pointer_cannot_be_recorded) {
    int object = 0;
    ck_assert_int_eq(record("database", hm_value_object(&opaque, &object), "database"),
            HM_BAD_ARGUMENT);
    ck_assert_str_eq(last.message,
            "a run that is given `database` cannot be recorded: a value of struct "
            "database is only known by pointer");
    ck_assert_uint_eq(hm_temporary_folder_count(&folder), 0);
}
END_TEST

// What is told of a record beside a run.
static void check_told(hm_value recorded, hm_value now, const char *expected) {
    ck_assert_int_eq(record("y", recorded, "x"), HM_OK);
    hm_results *results;
    ck_assert_int_eq(execute("y", now, "x", false, &results), HM_OK);
    hm_bundle *bundle = open_record();
    hm_text text;
    hm_text_init(&text, NULL);
    bool is_same = true;
    ck_assert_int_eq(
            hm_bundle_compare(bundle, results, hm_text_write, &text, &is_same, &last),
            HM_OK);
    ck_assert_str_eq(hm_text_get(&text), expected);
    ck_assert_int_eq(is_same, expected[0] == '\0');
    hm_text_finish(&text);
    hm_results_destroy(results);
    hm_bundle_close(bundle);
}

START_TEST(what_differs_is_told_by_row) {
    double before[] = {1, 2, 3, 4, 5, 6, 7, 8};
    double now[] = {1, 2, 3, 4, 5, 6, 7, 8};
    hm_value was = hm_value_many(&hm_type_double, before, 8);
    hm_value is = hm_value_many(&hm_type_double, now, 8);
    check_told(was, is, "");
    now[2] = 30;
    check_told(was, is, "y: 1 of 8 rows differs\n  row 3: recorded 4, now 31\n");
    now[7] = NAN;
    check_told(was, is,
            "y: 2 of 8 rows differ\n  row 3: recorded 4, now 31\n  row 8: recorded 9, "
            "now nan (0x7ff8000000000000)\n");
    for (int i = 0; i < 8; i++) {
        now[i] = 0;
    }
    check_told(was, is,
            "y: 8 of 8 rows differ\n  row 1: recorded 2, now 1\n  row 2: recorded 3, "
            "now 1\n  row 3: recorded 4, now 1\n  row 4: recorded 5, now 1\n  row 5: "
            "recorded 6, now 1\n  and 3 more\n");
    is.many.length = 7;
    check_told(was, is, "y: recorded with 8 rows, now with 7\n");
    check_told(hm_value_double(1), is, "y: recorded as one value, now as an array\n");
    check_told(hm_value_double(1), hm_value_double(1.5), "y: recorded 2, now 2.5\n");
}
END_TEST

START_TEST(a_failure_is_an_outcome_too) {
    ck_assert_int_eq(record("bad", hm_value_double(1), "x"), HM_OK);
    static const struct {
        double x;
        const char *expected;
    } cases[] = {{1, ""},
            {2, "bad: failed with another message\n  recorded: node `bad` failed: "
                "bad luck; inputs: x = 1\n  now:      node `bad` failed: bad luck; "
                "inputs: x = 2\n"}};
    for (size_t i = 0; i < 2; i++) {
        hm_results *results;
        ck_assert_int_eq(
                execute("bad", hm_value_double(cases[i].x), "x", true, &results),
                HM_NODE_FAILED);
        hm_bundle *bundle = open_record();
        hm_text text;
        hm_text_init(&text, NULL);
        bool is_same;
        ck_assert_int_eq(hm_bundle_compare(bundle, results, hm_text_write, &text,
                                 &is_same, &last),
                HM_OK);
        ck_assert_str_eq(hm_text_get(&text), cases[i].expected);
        hm_text_finish(&text);
        hm_results_destroy(results);
        hm_bundle_close(bundle);
    }
}
END_TEST

START_TEST(a_record_replaces_a_record_and_nothing_else) {
    ck_assert_int_eq(record("y", hm_value_double(1), "x"), HM_OK);
    ck_assert_int_eq(record("y", hm_value_double(2), "x"), HM_OK);
    hm_bundle *bundle = open_record();
    ck_assert_str_eq(hm_bundle_describe(bundle)->outputs[0].shown, "3");
    hm_bundle_close(bundle);
    ck_assert_uint_eq(hm_temporary_folder_count(&folder), 1);

    hm_temporary_folder other;
    hm_temporary_folder_init(&other);
    hm_temporary_folder_put(&other, "mine", "text", 4);
    strcpy(path, other.path);
    ck_assert_int_eq(record("y", hm_value_double(1), "x"), HM_IO);
    ck_assert_ptr_nonnull(strstr(last.message, "is something else"));
    ck_assert_uint_eq(hm_temporary_folder_count(&other), 1);
    hm_temporary_folder_put(&other, "mine", "text", 4);
    strcpy(path, other.file);
    ck_assert_int_eq(record("y", hm_value_double(1), "x"), HM_IO);
    hm_temporary_folder_finish(&other);
}
END_TEST

// The bytes of a file of the record.
static size_t read_file(const char *name, char *file, char bytes[8192]) {
    snprintf(file, 256, "%s/%s", path, name);
    FILE *from = fopen(file, "r");
    ck_assert_ptr_nonnull(from);
    size_t length = fread(bytes, 1, 8192, from);
    fclose(from);
    return length;
}

// In place: files that are cut off and written anew are brought to the disk each time.
static void write_file(const char *file, const char *bytes, size_t length) {
    int to = open(file, O_WRONLY | O_CREAT, 0600);
    ck_assert_int_ge(to, 0);
    ck_assert_int_eq(pwrite(to, bytes, length, 0), (ssize_t)length);
    struct stat status;
    ck_assert_int_eq(fstat(to, &status), 0);
    ck_assert(status.st_size == (off_t)length || ftruncate(to, (off_t)length) == 0);
    close(to);
}

// Opens the record and reads all that it has, beside results; the first status that is
// not HM_OK.
static hm_status use_record(const hm_results *results) {
    hm_bundle *bundle;
    hm_status status = hm_bundle_open(path, NULL, &bundle, &last);
    if (status != HM_OK) {
        return status;
    }
    hm_request request;
    status = hm_bundle_request(bundle, hm_driver_graph(driver), &request, &last);
    hm_text text;
    hm_text_init(&text, NULL);
    bool is_same;
    hm_status compared =
            hm_bundle_compare(bundle, results, hm_text_write, &text, &is_same, &last);
    hm_text_finish(&text);
    hm_bundle_close(bundle);
    return status != HM_OK ? status : compared;
}

START_TEST(no_damaged_value_is_believed) {
    ck_assert_int_eq(record("y", hm_value_double(1), "x"), HM_OK);
    hm_results *results;
    ck_assert_int_eq(execute("y", hm_value_double(1), "x", true, &results), HM_OK);
    char file[256];
    char bytes[8192];
    char damaged[8192];
    size_t length = read_file("1-x.value", file, bytes);
    for (size_t i = 0; i < length * 8; i++) {
        memcpy(damaged, bytes, length);
        damaged[i / 8] = (char)(damaged[i / 8] ^ 1 << i % 8);
        write_file(file, damaged, length);
        ck_assert_int_eq(use_record(results), HM_BAD_DATA);
        ck_assert_ptr_nonnull(strstr(last.message, "1-x.value"));
    }
    for (size_t i = 0; i < length; i++) {
        write_file(file, bytes, i);
        ck_assert_int_eq(use_record(results), HM_BAD_DATA);
    }
    ck_assert_int_eq(unlink(file), 0);
    ck_assert_int_eq(use_record(results), HM_IO);
    write_file(file, bytes, length);
    ck_assert_int_eq(use_record(results), HM_OK);
    hm_results_destroy(results);
}
END_TEST

START_TEST(any_description_is_read_or_refused) {
    ck_assert_int_eq(record("y", hm_value_double(1), "x"), HM_OK);
    hm_results *results;
    ck_assert_int_eq(execute("y", hm_value_double(1), "x", true, &results), HM_OK);
    char file[256];
    char bytes[8192];
    char damaged[8192];
    size_t length = read_file("bundle.json", file, bytes);
    for (size_t i = 0; i < length; i++) {
        static const char others[] = "\0\"}:9";
        for (size_t k = 0; k < sizeof others - 1; k++) {
            memcpy(damaged, bytes, length);
            damaged[i] = others[k];
            write_file(file, damaged, length);
            last.message[0] = '\0';
            ck_assert(use_record(results) == HM_OK || last.message[0] != '\0');
        }
        if (i < length - 1) { // which is the end of the line
            write_file(file, bytes, i);
            ck_assert_int_eq(use_record(results), HM_BAD_DATA);
        }
    }
    hm_results_destroy(results);
}
END_TEST

START_TEST(reading_runs_out_of_memory_at_any_point) {
    ck_assert_int_eq(record("y", hm_value_double(1), "x"), HM_OK);
    hm_status status = HM_NO_MEMORY;
    for (size_t at = 1; status == HM_NO_MEMORY; at++) {
        controlled.memory.fail_at = atomic_load(&controlled.memory.calls) + at;
        hm_bundle *bundle = NULL;
        status = hm_bundle_open(path, &controlled.memory.allocator, &bundle, &last);
        if (status == HM_OK) {
            hm_request request;
            status =
                    hm_bundle_request(bundle, hm_driver_graph(driver), &request, &last);
            hm_bundle_close(bundle);
        }
        ck_assert(status == HM_OK || status == HM_NO_MEMORY);
    }
    controlled.memory.fail_at = 0;
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("adapters/bundle_record");
    TCase *tests = tcase_create("records");
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, values_come_back_bit_for_bit);
    tcase_add_test(tests, what_is_only_known_by_pointer_cannot_be_recorded);
    tcase_add_test(tests, what_differs_is_told_by_row);
    tcase_add_test(tests, a_failure_is_an_outcome_too);
    tcase_add_test(tests, a_record_replaces_a_record_and_nothing_else);
    tcase_add_test(tests, no_damaged_value_is_believed);
    tcase_add_test(tests, any_description_is_read_or_refused);
    tcase_add_test(tests, reading_runs_out_of_memory_at_any_point);
    suite_add_tcase(suite, tests);
    return suite;
}
