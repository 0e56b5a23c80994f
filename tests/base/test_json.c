// Values from JSON text and back: json_read.c and json_write.c.

#include <math.h>
#include <stdalign.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <hamilton/json.h>

#include "base/text.h"
#include "tests/support/failing_allocator.h"
#include "tests/support/suite.h"

struct place {
    double x;
    double y;
};

struct shop {
    const char *name;
    struct place at;
    int hours[3];
    char code[4];
    unsigned open : 1;
    int level : 4;
    bool is_new;
    uint64_t id;
};

static const hm_field place_fields[] = {
        {.name = "x", .type = &hm_type_double, .offset = offsetof(struct place, x)},
        {.name = "y", .type = &hm_type_double, .offset = offsetof(struct place, y)},
};

static const hm_type place_type = {.name = "struct place",
        .kind = HM_KIND_STRUCT,
        .size = sizeof(struct place),
        .alignment = alignof(struct place),
        .fields = place_fields,
        .field_count = 2};

// The bit-fields stand behind `code`.
enum { BITS_AT = offsetof(struct shop, code) + 4 };

static const hm_field shop_fields[] = {
        {.name = "name",
                .type = &hm_type_string,
                .offset = offsetof(struct shop, name)},
        {.name = "at", .type = &place_type, .offset = offsetof(struct shop, at)},
        {.name = "hours",
                .type = &hm_type_int,
                .offset = offsetof(struct shop, hours),
                .length = 3},
        {.name = "code",
                .type = &hm_type_char,
                .offset = offsetof(struct shop, code),
                .length = 4},
        {.name = "open", .type = &hm_type_uint, .offset = BITS_AT, .bit_width = 1},
        {.name = "level",
                .type = &hm_type_int,
                .offset = BITS_AT,
                .bit_offset = 1,
                .bit_width = 4},
        {.name = "is_new",
                .type = &hm_type_bool,
                .offset = offsetof(struct shop, is_new)},
        {.name = "id", .type = &hm_type_ulong, .offset = offsetof(struct shop, id)},
};

static const hm_type shop_type = {.name = "struct shop",
        .kind = HM_KIND_STRUCT,
        .size = sizeof(struct shop),
        .alignment = alignof(struct shop),
        .fields = shop_fields,
        .field_count = sizeof shop_fields / sizeof *shop_fields};

static const hm_type model_type = {.name = "struct model", .kind = HM_KIND_OPAQUE};

#define SHOP                                                                           \
    "{\"name\": \"Caf\xc3\xa9\", \"at\": {\"x\": 1.5, \"y\": -2}, "                    \
    "\"hours\": [8, 9, 10], \"code\": \"ab\", \"open\": 1, \"level\": -8, "            \
    "\"is_new\": true, \"id\": 18446744073709551615}"

static hm_status write_status;

static const char *write_any(const hm_value *value) {
    static hm_text text;
    hm_text_finish(&text);
    hm_text_init(&text, NULL);
    write_status = hm_json_write(value, hm_text_write, &text);
    return hm_text_get(&text);
}

static const char *write_text(const hm_value *value) {
    const char *text = write_any(value);
    ck_assert(write_status == HM_OK);
    return text;
}

static void check_round_trip(
        const hm_type *type, const char *text, const char *expected) {
    hm_value value;
    hm_error error = {.message = ""};
    hm_status status = hm_json_read(text, type, NULL, &value, &error);
    ck_assert_msg(status == HM_OK, "%s: %s", text, error.message);
    ck_assert_str_eq(write_text(&value), expected);
    hm_value_release(&value);
}

static void check_error(const hm_type *type, const char *text, const char *message) {
    hm_value value = {.depth = 77};
    hm_error error = {.message = ""};
    ck_assert(hm_json_read(text, type, NULL, &value, &error) == HM_BAD_DATA);
    ck_assert_str_eq(error.message, message);
    ck_assert_uint_eq(value.depth, 77);
    ck_assert(hm_json_read(text, type, NULL, &value, NULL) == HM_BAD_DATA);
}

START_TEST(a_value_is_read_as_the_type_that_is_wanted) {
    check_round_trip(&hm_type_double, "3", "3");
    check_round_trip(&hm_type_double, " -2.50e1 ", "-25");
    check_round_trip(&hm_type_double, "null", "null");
    check_round_trip(&hm_type_float, "0.1", "0.1");
    check_round_trip(
            &hm_type_longdouble, "0.10000000000000000001", "0.10000000000000000001");
    check_round_trip(&hm_type_int, "3.0", "3");
    check_round_trip(&hm_type_ulong, "18446744073709551615", "18446744073709551615");
    check_round_trip(&hm_type_long, "-9223372036854775808", "-9223372036854775808");
    check_round_trip(&hm_type_long, "9007199254740993", "9007199254740993");
    check_round_trip(&hm_type_bool, "true", "true");
    check_round_trip(&hm_type_bool, "[true, false]", "[true, false]");
    check_round_trip(&hm_type_string, "\"a\\u00e9\\\"\\n\\/\\ud83d\\ude00\"",
            "\"a\xc3\xa9\\\"\\n/\xf0\x9f\x98\x80\"");
    check_round_trip(&hm_type_string, "[\"a\", \"\"]", "[\"a\", \"\"]");
    check_round_trip(&hm_type_char, "[65, -1]", "[65, -1]");
}
END_TEST

START_TEST(one_value_stands_where_hm_value_data_says) {
    hm_value value;
    ck_assert(hm_json_read("2.5", &hm_type_double, NULL, &value, NULL) == HM_OK);
    ck_assert(value.one.as_double == 2.5 && value.depth == 0 && value.release == NULL);
    hm_value_release(&value);

    ck_assert(hm_json_read("0.5", &hm_type_longdouble, NULL, &value, NULL) == HM_OK);
    long double real;
    ck_assert_uint_eq((uintptr_t)hm_value_data(&value) % alignof(long double), 0);
    memcpy(&real, hm_value_data(&value), sizeof real);
    ck_assert(real == 0.5L);
    hm_value_release(&value);

    ck_assert(hm_json_read(SHOP, &shop_type, NULL, &value, NULL) == HM_OK);
    const struct shop *shop = hm_value_data(&value);
    ck_assert_str_eq(shop->name, "Caf\xc3\xa9");
    ck_assert(shop->at.y == -2 && shop->hours[2] == 10 && shop->open == 1);
    ck_assert_int_eq(shop->level, -8);
    ck_assert_str_eq(shop->code, "ab");
    ck_assert(shop->is_new && shop->id == UINT64_MAX);
    hm_value_release(&value);
}
END_TEST

START_TEST(arrays_nest_as_deep_as_the_text) {
    hm_value value;
    ck_assert(hm_json_read("[[1, 2], [], [3]]", &hm_type_int, NULL, &value, NULL) ==
              HM_OK);
    ck_assert_uint_eq(value.depth, 2);
    ck_assert_uint_eq(value.many.length, 3);
    const hm_array *inner = value.many.data;
    ck_assert_uint_eq(inner[0].length, 2);
    ck_assert_uint_eq(inner[1].length, 0);
    ck_assert_int_eq(((const int *)inner[2].data)[0], 3);
    hm_value_release(&value);

    check_round_trip(&hm_type_double, "[]", "[]");
    check_round_trip(&hm_type_double, "[[]]", "[[]]");
    check_round_trip(&hm_type_double, "[[], [[]]]", "[[], [[]]]");
    check_round_trip(&hm_type_double, "[[], [[1, null]]]", "[[], [[1, null]]]");
    check_round_trip(&hm_type_string, "[[\"[\"], [\"]\"]]", "[[\"[\"], [\"]\"]]");
    check_round_trip(
            &place_type, "[[{\"x\": 1, \"y\": 2}]]", "[[{\"x\": 1, \"y\": 2}]]");
}
END_TEST

START_TEST(depth_that_is_mixed_is_told_with_its_place) {
    check_error(&hm_type_double, "[1, 2, [3]]",
            "element 3: expected double, but found an array");
    check_error(&hm_type_double, "[[1], 2]",
            "element 2: expected an array, as elsewhere in the value, but found 2");
    check_error(&hm_type_double, "[[1, 2], [3, [4]]]",
            "element 2, element 2: expected double, but found an array");
    check_error(&hm_type_double, "[[], 1]",
            "element 2: expected an array, as elsewhere in the value, but found 1");
    char text[2 * 33 + 1];
    memset(text, '[', 33);
    memset(text + 33, ']', 33);
    text[66] = '\0';
    check_error(&hm_type_double, text, "arrays nest deeper than 32 levels");
    text[65] = '\0';
    check_round_trip(&hm_type_double, text + 1, text + 1);
}
END_TEST

START_TEST(what_does_not_fit_is_told) {
    check_error(&hm_type_double, "\"abc\"", "expected double, but found \"abc\"");
    check_error(&hm_type_double, "true", "expected double, but found true");
    check_error(&hm_type_double, "{}", "expected double, but found an object");
    check_error(&hm_type_double, "1e999",
            "1e999 is too large for double, and JSON has no infinity");
    check_error(&hm_type_float, "1e39",
            "1e39 is too large for float, and JSON has no infinity");
    check_error(&hm_type_int, "2.5", "expected int, but 2.5 is not an integer");
    check_error(&hm_type_int, "null", "expected int, but found null");
    check_error(
            &hm_type_uchar, "300", "300 does not fit unsigned char, which is 0 to 255");
    check_error(&hm_type_long, "9223372036854775808",
            "9223372036854775808 does not fit long, which is -9223372036854775808 to "
            "9223372036854775807");
    check_error(&hm_type_ulong, "-1",
            "-1 does not fit unsigned long, which is 0 to 18446744073709551615");
    check_error(&hm_type_bool, "1", "expected true or false, but found 1");
    check_error(&hm_type_string, "3", "expected a string, but found 3");
    check_error(&hm_type_string, "null", "expected a string, but found null");
    check_error(&hm_type_int, "",
            "expected a JSON value, but found the end (line 1, column 1)");
    check_error(&hm_type_int, "[1, 2",
            "expected a comma or ], but found the end (line 1, column 6)");
    check_error(&hm_type_string, "\"\\u0000\"",
            "a string cannot contain \\u0000 (line 1, column 2)");
    check_error(&model_type, "{}",
            "struct model is only known by pointer: JSON cannot make one");
    check_error(&model_type, "[]",
            "struct model is only known by pointer: JSON cannot make one");
}
END_TEST

START_TEST(structs_are_objects) {
    check_round_trip(&shop_type, SHOP, SHOP);
    check_round_trip(&shop_type, "[" SHOP ", " SHOP "]", "[" SHOP ", " SHOP "]");
    check_round_trip(&place_type, "{\"y\": 2, \"x\": null}", "{\"x\": null, \"y\": 2}");
    check_round_trip(&place_type, "{\"\\u0079\": 2, \"x\": 1}", "{\"x\": 1, \"y\": 2}");
}
END_TEST

START_TEST(what_is_wrong_with_a_member_names_it) {
    check_error(&place_type, "3", "expected struct place as an object, but found 3");
    check_error(&place_type, "{\"x\": 1}", "member `y` of struct place is missing");
    check_error(
            &place_type, "{\"x\": 1, \"y\": 2, \"x\": 3}", "member `x` is given twice");
    check_error(&place_type, "{\"x\": 1, \"z\": 2}",
            "struct place has no field `z`; did you mean `x`?");
    check_error(
            &place_type, "{\"latitude\": 1}", "struct place has no field `latitude`");
    check_error(&place_type, "[{\"x\": 1, \"y\": \"a\"}]",
            "element 1, member `y`: expected double, but found \"a\"");
    check_error(&shop_type, "{\"at\": {\"x\": true}}",
            "member `at`, member `x`: expected double, but found true");
    check_error(&shop_type, "{\"hours\": [1, 2]}",
            "member `hours`: expected 3 elements, but found 2");
    check_error(&shop_type, "{\"hours\": [1, 2, 3, 4]}",
            "member `hours`: expected 3 elements, but found 4");
    check_error(&shop_type, "{\"hours\": [1, \"2\", 3]}",
            "member `hours`, element 2: expected int, but found \"2\"");
    check_error(&shop_type, "{\"hours\": 1}",
            "member `hours`: expected an array, but found 1");
    check_error(&shop_type, "{\"code\": \"abcd\"}",
            "member `code`: a text of 4 bytes does not fit char [4]");
    check_error(&shop_type, "{\"open\": 2}",
            "member `open`: the number does not fit a bit-field of width 1");
    check_error(&shop_type, "{\"level\": 8}",
            "member `level`: the number does not fit a bit-field of width 4");
    check_error(&shop_type, "{\"level\": -9}",
            "member `level`: the number does not fit a bit-field of width 4");
    check_error(&shop_type, "{\"naem\": \"x\"}",
            "struct shop has no field `naem`; did you mean `name`?");
}
END_TEST

START_TEST(json_is_kept_as_it_is) {
    check_round_trip(&hm_type_json, " [1,\n {\"a\" : 2}] ", "[1,  {\"a\" : 2}]");
    hm_value value;
    ck_assert(hm_json_read("[1, 2]", &hm_type_json, NULL, &value, NULL) == HM_OK);
    ck_assert_uint_eq(value.depth, 0);
    ck_assert_str_eq(value.one.as_string, "[1, 2]");
    hm_value_release(&value);
    check_error(&hm_type_json, "[1",
            "expected a comma or ], but found the end (line 1, column 3)");
}
END_TEST

START_TEST(null_in_an_array_is_a_missing_element) {
    check_round_trip(&hm_type_int, "[1, null, 3]", "[1, null, 3]");
    check_round_trip(&hm_type_bool, "[null, true]", "[null, true]");
    check_round_trip(&hm_type_string, "[null, \"\", \"a\"]", "[null, \"\", \"a\"]");
    check_round_trip(&hm_type_int, "[[null], [2, 3]]", "[[null], [2, 3]]");
    check_round_trip(&place_type, "[null, {\"x\": 1, \"y\": 2}]",
            "[null, {\"x\": 1, \"y\": 2}]");
    hm_value value;
    ck_assert(hm_json_read("[1, null, 3, 4, 5, 6, 7, 8, null]", &hm_type_int, NULL,
                      &value, NULL) == HM_OK);
    ck_assert_int_eq(value.many.validity[0], 0xFD);
    ck_assert_int_eq(value.many.validity[1] & 1, 0);
    ck_assert_int_eq(((const int *)value.many.data)[1], 0);
    hm_value_release(&value);
    ck_assert(hm_json_read("[1, 2]", &hm_type_int, NULL, &value, NULL) == HM_OK);
    ck_assert_ptr_null(value.many.validity);
    hm_value_release(&value);
    ck_assert(hm_json_read("[1, null]", &hm_type_double, NULL, &value, NULL) == HM_OK);
    ck_assert_ptr_null(value.many.validity);
    hm_value_release(&value);
}
END_TEST

START_TEST(what_json_cannot_say_is_null_or_a_name) {
    double numbers[] = {NAN, 1, INFINITY, -INFINITY};
    hm_value value = hm_value_many(&hm_type_double, numbers, 4);
    ck_assert_str_eq(write_text(&value), "[null, 1, null, null]");
    uint8_t present = 0x02;
    value.many.validity = &present;
    ck_assert_str_eq(write_text(&value), "[null, 1, null, null]");

    struct place place = {1, 2};
    struct place *places[] = {&place, NULL};
    value = hm_value_many(&place_type, places, 2);
    value.by_reference = true;
    ck_assert_str_eq(write_text(&value), "[{\"x\": 1, \"y\": 2}, null]");

    value = hm_value_object(&model_type, &place);
    ck_assert_str_eq(write_text(&value), "\"<struct model>\"");
    value = hm_value_string(NULL);
    ck_assert_str_eq(write_text(&value), "null");
}
END_TEST

START_TEST(characters_that_are_no_text_are_numbers) {
    struct shop shop = {.name = "", .code = {'a', 'b', 'c', 'd'}};
    hm_value value = hm_value_one(&shop_type, &shop);
    ck_assert_ptr_nonnull(strstr(write_text(&value), "\"code\": [97, 98, 99, 100]"));
    memcpy(shop.code, "\xff\0\0", 4);
    ck_assert_ptr_nonnull(strstr(write_text(&value), "\"code\": [-1, 0, 0, 0]"));
    hm_value back;
    ck_assert(hm_json_read(write_text(&value), &shop_type, NULL, &back, NULL) == HM_OK);
    ck_assert(memcmp(((const struct shop *)hm_value_data(&back))->code, shop.code, 4) ==
              0);
    hm_value_release(&back);
}
END_TEST

START_TEST(any_bytes_become_a_string_that_is_json) {
    hm_value value = hm_value_string("a\"\\\b\f\n\r\t\x01\x1f\x7f/");
    ck_assert_str_eq(
            write_text(&value), "\"a\\\"\\\\\\b\\f\\n\\r\\t\\u0001\\u001f\x7f/\"");
    value = hm_value_string("\xff"
                            "a\xe2\x82"
                            "b\xed\xa0\x80\xc3\xa9");
    ck_assert_str_eq(write_any(&value),
            "\"\xef\xbf\xbd"
            "a\xef\xbf\xbd\xef\xbf\xbd"
            "b"
            "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xc3\xa9\"");
    ck_assert_int_eq(write_status, HM_BAD_DATA);
    for (int c = 1; c < 256; c++) {
        char text[] = {'x', (char)c, 'y', '\0'};
        value = hm_value_string(text);
        char copy[64];
        snprintf(copy, sizeof copy, "%s", write_any(&value));
        ck_assert_int_eq(write_status, c < 128 ? HM_OK : HM_BAD_DATA);
        hm_value back;
        ck_assert(hm_json_read(copy, &hm_type_string, NULL, &back, NULL) == HM_OK);
        if (c < 128) {
            ck_assert_str_eq(back.one.as_string, text);
        }
        hm_value_release(&back);
    }
}
END_TEST

static bool refuse(const char *text, size_t length, void *to) {
    (void)text;
    (void)length;
    ++*(int *)to;
    return false;
}

START_TEST(a_write_that_fails_ends_the_writing) {
    int calls = 0;
    double numbers[10000] = {0};
    hm_value value = hm_value_many(&hm_type_double, numbers, 10000);
    ck_assert(hm_json_write(&value, refuse, &calls) == HM_IO);
    ck_assert_int_eq(calls, 1);
}
END_TEST

START_TEST(large_arrays_read_back_bit_for_bit) {
    enum { COUNT = 20000 };
    static double numbers[COUNT];
    uint64_t state = 1;
    for (size_t i = 0; i < COUNT; i++) {
        do {
            state = state * 6364136223846793005u + 1442695040888963407u;
            memcpy(&numbers[i], &state, sizeof state);
        } while (!isfinite(numbers[i]));
    }
    hm_value value = hm_value_many(&hm_type_double, numbers, COUNT);
    hm_value back;
    ck_assert(hm_json_read(write_text(&value), &hm_type_double, NULL, &back, NULL) ==
              HM_OK);
    ck_assert_uint_eq(back.many.length, COUNT);
    ck_assert(memcmp(back.many.data, numbers, sizeof numbers) == 0);
    hm_value_release(&back);
}
END_TEST

// Every allocation fails once, and then it and all that follow.
START_TEST(memory_that_runs_out_is_a_status) {
    static const struct {
        const hm_type *type;
        const char *text;
    } cases[] = {
            {&hm_type_double, "1"},
            {&hm_type_longdouble, "1"},
            {&hm_type_string, "\"text\""},
            {&hm_type_string, "[[\"a\", \"b\"], []]"},
            {&hm_type_json, "{\"a\": 1}"},
            {&shop_type, "[" SHOP ", " SHOP "]"},
    };
    size_t failures = 0;
    for (size_t i = 0; i < 2 * sizeof cases / sizeof *cases; i++) {
        for (size_t fail_at = 1;; fail_at++) {
            hm_failing_allocator failing;
            hm_failing_allocator_init(&failing);
            failing.fail_at = fail_at;
            failing.for_good = i % 2 == 1;
            hm_value value;
            hm_error error = {.status = HM_OK};
            hm_status status = hm_json_read(cases[i / 2].text, cases[i / 2].type,
                    &failing.allocator, &value, &error);
            if (status == HM_OK) {
                hm_value_release(&value);
                ck_assert_uint_eq(failing.live, 0);
                break;
            }
            failures++;
            ck_assert(status == HM_NO_MEMORY && error.status == HM_NO_MEMORY);
            ck_assert_uint_eq(failing.live, 0);
        }
    }
    ck_assert_uint_ge(failures, 12);
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("json");
    TCase *tests = tcase_create("values");
    tcase_add_test(tests, a_value_is_read_as_the_type_that_is_wanted);
    tcase_add_test(tests, one_value_stands_where_hm_value_data_says);
    tcase_add_test(tests, arrays_nest_as_deep_as_the_text);
    tcase_add_test(tests, depth_that_is_mixed_is_told_with_its_place);
    tcase_add_test(tests, what_does_not_fit_is_told);
    tcase_add_test(tests, structs_are_objects);
    tcase_add_test(tests, what_is_wrong_with_a_member_names_it);
    tcase_add_test(tests, json_is_kept_as_it_is);
    tcase_add_test(tests, null_in_an_array_is_a_missing_element);
    tcase_add_test(tests, what_json_cannot_say_is_null_or_a_name);
    tcase_add_test(tests, characters_that_are_no_text_are_numbers);
    tcase_add_test(tests, any_bytes_become_a_string_that_is_json);
    tcase_add_test(tests, a_write_that_fails_ends_the_writing);
    tcase_add_test(tests, large_arrays_read_back_bit_for_bit);
    tcase_add_test(tests, memory_that_runs_out_is_a_status);
    suite_add_tcase(suite, tests);
    return suite;
}
