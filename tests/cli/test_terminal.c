// test_terminal.c — how wide a text is.

#include <stdint.h>
#include <string.h>

#include "cli/terminal.h"
#include "tests/support/suite.h"

START_TEST(a_code_point_counts_its_columns) {
    ck_assert_uint_eq(hm_terminal_width(""), 0);
    ck_assert_uint_eq(hm_terminal_width("spend"), 5);
    ck_assert_uint_eq(hm_terminal_width("gr\xc3\xbc\xc3\x9f"), 4);
    ck_assert_uint_eq(hm_terminal_width("e\xcc\x81"), 1);                // e, acute
    ck_assert_uint_eq(hm_terminal_width("\xe6\x97\xa5\xe6\x9c\xac"), 4); // two Kanji
    ck_assert_uint_eq(hm_terminal_width("\xf0\x9f\x98\x80"), 2);         // a face
}
END_TEST

START_TEST(bytes_that_are_no_utf8_count_one_each) {
    ck_assert_uint_eq(hm_terminal_width("\xff\xfe"), 2);
    ck_assert_uint_eq(hm_terminal_width("a\xe6\x97"), 3);
}
END_TEST

START_TEST(what_fits_never_cuts_a_code_point) {
    size_t width;
    const char *text = "a\xe6\x97\xa5z";
    ck_assert_uint_eq(hm_terminal_fit(text, 0, &width), 0);
    ck_assert_uint_eq(hm_terminal_fit(text, 2, &width), 1);
    ck_assert_uint_eq(width, 1);
    ck_assert_uint_eq(hm_terminal_fit(text, 3, &width), 4);
    ck_assert_uint_eq(width, 3);
    ck_assert_uint_eq(hm_terminal_fit(text, SIZE_MAX, &width), strlen(text));
}
END_TEST

START_TEST(a_file_is_no_terminal_and_has_no_colour) {
    FILE *file = tmpfile();
    hm_terminal terminal = hm_terminal_of(file);
    ck_assert(!terminal.is_terminal && !terminal.has_colour);
    ck_assert_uint_eq(terminal.width, SIZE_MAX);
    fclose(file);
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("terminal");
    TCase *cases = tcase_create("terminal");
    tcase_add_test(cases, a_code_point_counts_its_columns);
    tcase_add_test(cases, bytes_that_are_no_utf8_count_one_each);
    tcase_add_test(cases, what_fits_never_cuts_a_code_point);
    tcase_add_test(cases, a_file_is_no_terminal_and_has_no_colour);
    suite_add_tcase(suite, cases);
    return suite;
}
