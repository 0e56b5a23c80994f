// test_binding.c — what NAME=VALUE means.

#include <string.h>

#include "cli/arguments.h"
#include "cli/binding.h"
#include "cli/file.h"
#include "tests/cli/fixture.h"
#include "tests/support/suite.h"

static hm_session session;

static void begin(void) {
    hm_fixture_begin(&session);
}

static void finish(void) {
    hm_fixture_end(&session);
}

static void expect_json(const char *value, const char *expected) {
    const char *json = NULL;
    ck_assert_int_eq(hm_binding_json(&session, "x", value, &json), HM_OK);
    ck_assert_str_eq(json, expected);
}

START_TEST(json_is_taken_as_it_is) {
    static const char *const values[] = {"3", "-2.5e-3", "true", "false", "null",
            "\"text\"", "[1,2,3]", " [ [1] , [] ] ", "{\"a\": {\"b\": \"\\u00e4\"}}"};
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        expect_json(values[i], values[i]);
    }
}
END_TEST

START_TEST(a_bare_word_is_a_string) {
    expect_json("us", "\"us\"");
    expect_json("two words", "\"two words\"");
    expect_json("", "\"\"");
    expect_json("01234", "\"01234\"");
    expect_json("1,2", "\"1,2\"");
    expect_json("2024-01-31", "\"2024-01-31\"");
    expect_json("-", "\"-\"");
    expect_json("nan", "\"nan\"");
    expect_json("True", "\"True\"");
    expect_json("say \"hi\"\\", "\"say \\\"hi\\\"\\\\\"");
    expect_json("gr\xc3\xbc\xc3\x9f", "\"gr\xc3\xbc\xc3\x9f\"");
}
END_TEST

START_TEST(what_begins_as_json_must_be_json) {
    static const char *const values[] = {
            "[1,2", "{a: 1}", "\"text", "[1] 2", "{\"a\": }", "[nan]"};
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        const char *json;
        ck_assert_int_eq(hm_binding_json(&session, "x", values[i], &json), HM_BAD_DATA);
        ck_assert_ptr_nonnull(
                strstr(hm_fixture_fault(&session, i), "the value of `x` is no JSON"));
    }
}
END_TEST

START_TEST(a_value_comes_from_a_file) {
    const char *folder = hm_fixture_folder(&session);
    const char *json = hm_fixture_file(&session, folder, "a.json", "[1,\n 2]\n");
    const char *word = hm_fixture_file(&session, folder, "b.txt", "two words\r\n");
    const char *empty = hm_fixture_file(&session, folder, "c.txt", "");
    expect_json(hm_session_text(&session, "@%s", json), "[1,\n 2]");
    expect_json(hm_session_text(&session, "@%s", word), "\"two words\"");
    expect_json(hm_session_text(&session, "@%s", empty), "\"\"");
    const char *read;
    ck_assert_int_eq(hm_binding_json(&session, "x",
                             hm_session_text(&session, "@%s/none", folder), &read),
            HM_IO);
    hm_file_remove_folder(folder);
}
END_TEST

START_TEST(a_file_with_a_byte_0_is_no_value) {
    const char *folder = hm_fixture_folder(&session);
    const char *path = hm_session_text(&session, "%s/zero", folder);
    ck_assert_int_eq(hm_file_write(&session, path, "a\0b", 3), HM_OK);
    const char *json;
    ck_assert_int_eq(hm_binding_json(&session, "x",
                             hm_session_text(&session, "@%s", path), &json),
            HM_BAD_DATA);
    hm_file_remove_folder(folder);
}
END_TEST

START_TEST(all_that_is_no_binding_is_reported) {
    const char *const line[] = {"m", "-i", "spend", "-i", "=3", "-i", "a=[", NULL};
    ck_assert_int_eq(hm_arguments_read(&session, 7, line), HM_OK);
    hm_bindings bindings = {0};
    ck_assert_int_eq(hm_bindings_read(&session, "input", &bindings), HM_BAD_ARGUMENT);
    ck_assert_uint_eq(session.faults.count, 3);
    ck_assert_str_eq(hm_fixture_fault(&session, 0), "--input `spend` has no =");
    ck_assert_str_eq(hm_fixture_fault(&session, 1), "--input `=3` has no name");
}
END_TEST

START_TEST(options_go_before_config_files_and_later_before_earlier) {
    const char *folder = hm_fixture_folder(&session);
    const char *first = hm_fixture_file(
            &session, folder, "a.json", "{\"a\": 1, \"b\": {\"x\": [1]}, \"c\": 3}");
    const char *second = hm_fixture_file(&session, folder, "b.json", "{\"c\": 4}\n");
    const char *const line[] = {"m", "-c", "a=10", "--config-file", first,
            "--config-file", second, "-c", "d=us", "-c", "a=11", NULL};
    ck_assert_int_eq(hm_arguments_read(&session, 11, line), HM_OK);
    hm_bindings config = {0};
    ck_assert_int_eq(hm_bindings_read_config(&session, &config), HM_OK);
    ck_assert_uint_eq(config.count, 4);
    ck_assert_str_eq(hm_bindings_find(&config, "a")->value.one.as_string, "11");
    ck_assert_str_eq(
            hm_bindings_find(&config, "b")->value.one.as_string, "{\"x\": [1]}");
    ck_assert_str_eq(hm_bindings_find(&config, "c")->value.one.as_string, "4");
    ck_assert_str_eq(hm_bindings_find(&config, "d")->value.one.as_string, "\"us\"");
    hm_file_remove_folder(folder);
}
END_TEST

START_TEST(a_config_file_that_is_no_object_is_reported) {
    static const char *const texts[] = {
            "", "[1]", "{\"a\": 1", "{\"a\": 1} 2", "{\"a\"}", "{a: 1}", "{\"a\": 1,}"};
    const char *folder = hm_fixture_folder(&session);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        const char *path = hm_fixture_file(&session, folder, "c.json", texts[i]);
        const char *const line[] = {"m", "--config-file", path, NULL};
        session.given_count = 0;
        session.operand_count = 0;
        session.faults.count = 0;
        ck_assert_int_eq(hm_arguments_read(&session, 3, line), session.faults.first);
        hm_bindings config = {0};
        ck_assert_int_eq(hm_bindings_read_config(&session, &config), HM_BAD_DATA);
        ck_assert_ptr_nonnull(strstr(hm_fixture_fault(&session, i), "c.json"));
    }
    hm_file_remove_folder(folder);
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("binding");
    TCase *cases = tcase_create("binding");
    tcase_add_checked_fixture(cases, begin, finish);
    tcase_add_test(cases, json_is_taken_as_it_is);
    tcase_add_test(cases, a_bare_word_is_a_string);
    tcase_add_test(cases, what_begins_as_json_must_be_json);
    tcase_add_test(cases, a_value_comes_from_a_file);
    tcase_add_test(cases, a_file_with_a_byte_0_is_no_value);
    tcase_add_test(cases, all_that_is_no_binding_is_reported);
    tcase_add_test(cases, options_go_before_config_files_and_later_before_earlier);
    tcase_add_test(cases, a_config_file_that_is_no_object_is_reported);
    suite_add_tcase(suite, cases);
    return suite;
}
