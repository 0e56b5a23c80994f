// test_words.c — flags split as a shell splits them.

#include <string.h>

#include "cli/words.h"
#include "tests/cli/fixture.h"
#include "tests/support/suite.h"

static hm_session session;

static void begin(void) {
    hm_fixture_begin(&session);
}

static void finish(void) {
    hm_fixture_end(&session);
}

START_TEST(blanks_separate_and_quotes_keep_together) {
    hm_words words = {0};
    const char *text = " -O2\t'-DA=a b' -D\"B=\\\"x\\\"\" c\\ d '' \n";
    ck_assert_int_eq(hm_words_split(&session, &words, text, "CC"), HM_OK);
    static const char *const expected[] = {"-O2", "-DA=a b", "-DB=\"x\"", "c d", ""};
    ck_assert_uint_eq(words.count, 5);
    for (size_t i = 0; i < 5; i++) {
        ck_assert_str_eq(words.items[i], expected[i]);
    }
    ck_assert_ptr_null(words.items[5]);
}
END_TEST

START_TEST(no_text_is_no_words) {
    hm_words words = {0};
    ck_assert_int_eq(hm_words_split(&session, &words, "", "CC"), HM_OK);
    ck_assert_int_eq(hm_words_split(&session, &words, " \t", "CC"), HM_OK);
    ck_assert_uint_eq(words.count, 0);
}
END_TEST

START_TEST(a_quote_without_an_end_is_reported) {
    hm_words words = {0};
    ck_assert_int_eq(
            hm_words_split(&session, &words, "a 'b c", "--cflags"), HM_BAD_ARGUMENT);
    ck_assert_str_eq(
            hm_fixture_fault(&session, 0), "--cflags: a ' has no end in `a 'b c`");
}
END_TEST

START_TEST(a_list_grows_to_any_length) {
    hm_words words = {0};
    for (size_t i = 0; i < 1000; i++) {
        ck_assert_int_eq(
                hm_words_add(&session, &words, hm_session_text(&session, "%zu", i)),
                HM_OK);
    }
    ck_assert_str_eq(words.items[999], "999");
    ck_assert_ptr_null(words.items[1000]);
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("words");
    TCase *cases = tcase_create("words");
    tcase_add_checked_fixture(cases, begin, finish);
    tcase_add_test(cases, blanks_separate_and_quotes_keep_together);
    tcase_add_test(cases, no_text_is_no_words);
    tcase_add_test(cases, a_quote_without_an_end_is_reported);
    tcase_add_test(cases, a_list_grows_to_any_length);
    suite_add_tcase(suite, cases);
    return suite;
}
