// What is JSON and what is not; jansson is asked for a second opinion.

#include <jansson.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_scan.h"
#include "tests/support/suite.h"

static bool is_json(const char *text, size_t length, hm_error *error) {
    hm_json_scan scan;
    hm_json_scan_init(&scan, text, length, error);
    return hm_json_skip(&scan, NULL) && hm_json_finish(&scan);
}

static bool jansson_takes(const char *text, size_t length) {
    json_t *value = json_loadb(text, length, JSON_DECODE_ANY, NULL);
    json_decref(value);
    return value != NULL;
}

START_TEST(text_is_taken_if_and_only_if_it_is_json) {
    static const char *const good[] = {"0", "-0", "1.5e+10", "true", "false", "null",
            "\"\"", "[]", "{}", " [ 1 , 2 ] ", "{\"a\":{\"b\":[{}]}}", "\"\\u00e9\\n\"",
            "\"\\ud83d\\ude00\"", "[[],[[]],{}]", "\t\r\n1\n", "\"\xc3\xa9\"",
            "\"\xf0\x9f\x98\x80\""};
    static const char *const bad[] = {"", " ", "01", "1.", ".5", "+1", "-", "1e", "1e+",
            "tru", "truex", "nul", "nan", "Infinity", "'a'", "\"", "\"\\\"", "\"\\x\"",
            "\"\\u12\"", "\"\\u0000\"", "\"\\ud800\"", "\"\\ud800\\u0041\"",
            "\"\\udc00\"", "\"\n\"", "\"\x80\"", "\"\xc0\x80\"", "\"\xed\xa0\x80\"",
            "\"\xf4\x90\x80\x80\"", "\"\xe2\x82\"", "[", "]", "[1", "[1,", "[1,]",
            "[,]", "[,1]", "[1 2]", "[[] 1]", "{", "}", "{\"a\"}", "{\"a\":}",
            "{\"a\" 1}", "{a:1}", "{\"a\":1,}", "{,}", "{\"a\":1 \"b\":2}", "{1:2}",
            "[1}", "{\"a\":1]", "1 2", "[] []", "1,", "//", "[1]x", "\x00",
            "\xef\xbb\xbf"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        hm_error error = {.message = ""};
        ck_assert_msg(is_json(good[i], strlen(good[i]), &error), "%s: %s", good[i],
                error.message);
        ck_assert_msg(jansson_takes(good[i], strlen(good[i])), "%s", good[i]);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        hm_error error = {.message = ""};
        ck_assert_msg(!is_json(bad[i], strlen(bad[i]), &error), "%s", bad[i]);
        ck_assert_msg(!jansson_takes(bad[i], strlen(bad[i])), "%s", bad[i]);
        ck_assert(error.status == HM_BAD_DATA);
        ck_assert_str_ne(error.message, "");
    }
}
END_TEST

// Texts made of the tokens of JSON in any order: a few are JSON, most are nearly.
START_TEST(jansson_agrees_on_random_texts) {
    static const char *const pieces[] = {"[", "]", "{", "}", ",", ":", "\"a\"", "\"b\"",
            "1", "-", "0", ".5", "e3", "true", "null", " ", "\"", "\\", "\\u0041",
            "\n"};
    uint64_t state = 7;
    size_t taken = 0;
    for (int i = 0; i < 200000; i++) {
        char text[128] = "";
        state = state * 6364136223846793005u + 1442695040888963407u;
        for (size_t count = 1 + (state >> 60); count > 0; count--) {
            state = state * 6364136223846793005u + 1442695040888963407u;
            strcat(text, pieces[(state >> 33) % (sizeof pieces / sizeof *pieces)]);
        }
        bool ours = is_json(text, strlen(text), NULL);
        ck_assert_msg(ours == jansson_takes(text, strlen(text)), "%s", text);
        taken += ours;
    }
    ck_assert_uint_gt(taken, 1000);
}
END_TEST

START_TEST(every_prefix_of_a_text_is_refused) {
    const char *text =
            "{\"name\": [1.5e3, true, null, \"a\\u00e9\\ud83d\\ude00\xc3\xa9\", {}]}";
    for (size_t length = 0; length < strlen(text); length++) {
        // A copy of its own, so that reading past the end is seen.
        char *prefix = malloc(length + 1);
        memcpy(prefix, text, length);
        ck_assert(!is_json(prefix, length, NULL));
        free(prefix);
    }
}
END_TEST

START_TEST(depth_has_a_limit_and_no_stack) {
    char text[4 * HM_JSON_DEPTH_LIMIT];
    memset(text, '[', HM_JSON_DEPTH_LIMIT);
    memset(text + HM_JSON_DEPTH_LIMIT, ']', HM_JSON_DEPTH_LIMIT);
    ck_assert(is_json(text, 2 * HM_JSON_DEPTH_LIMIT, NULL));
    memset(text, '[', sizeof text);
    hm_error error;
    ck_assert(!is_json(text, sizeof text, &error));
    ck_assert_str_eq(error.message,
            "arrays and objects nest deeper than 1024 levels (line 1, column 1025)");
}
END_TEST

START_TEST(messages_tell_what_was_found_and_where) {
    static const struct {
        const char *text;
        const char *message;
    } cases[] = {
            {"", "expected a JSON value, but found the end (line 1, column 1)"},
            {"[1,\n 2 3]", "expected a comma or ], but found 3 (line 2, column 4)"},
            {"{\"\xc3\xa9\": bad}",
                    "expected a JSON value, but found bad (line 1, column 7)"},
            {"{\"a\" 1}", "expected a colon, but found 1 (line 1, column 6)"},
            {"{a: 1}", "expected a member's name in quotes, but found a (line 1, "
                       "column 2)"},
            {"[01]", "expected a number, but found 01 (line 1, column 2)"},
            {"2024-01-31",
                    "expected a number, but found 2024-01-31 (line 1, column 1)"},
            {"1 [", "expected nothing behind the value, but found an array (line 1, "
                    "column 3)"},
            {"\"abc", "a string has no closing quote (line 1, column 1)"},
            {"\"a\\q\"", "this escape is none that JSON has (line 1, column 3)"},
            {"\"a\\u0000\"", "a string cannot contain \\u0000 (line 1, column 3)"},
            {"\"a\tb\"",
                    "byte 0x09 in a string must be written \\u0009 (line 1, column 3)"},
            {"\"a\xff\"", "byte 0xFF in a string is not UTF-8 (line 1, column 3)"},
            {"\x01", "expected a JSON value, but found byte 0x01 (line 1, column 1)"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        hm_error error = {.message = ""};
        ck_assert(!is_json(cases[i].text, strlen(cases[i].text), &error));
        ck_assert_str_eq(error.message, cases[i].message);
    }
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("json_scan");
    TCase *tests = tcase_create("scan");
    tcase_add_test(tests, text_is_taken_if_and_only_if_it_is_json);
    tcase_add_test(tests, jansson_agrees_on_random_texts);
    tcase_add_test(tests, every_prefix_of_a_text_is_refused);
    tcase_add_test(tests, depth_has_a_limit_and_no_stack);
    tcase_add_test(tests, messages_tell_what_was_found_and_where);
    suite_add_tcase(suite, tests);
    return suite;
}
