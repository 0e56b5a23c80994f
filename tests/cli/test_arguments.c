// test_arguments.c — options and operands of a command line.

#include <string.h>

#include "cli/arguments.h"
#include "tests/cli/fixture.h"
#include "tests/support/suite.h"

static hm_session session;

static void begin(void) {
    hm_fixture_begin(&session);
}

static void finish(void) {
    hm_fixture_end(&session);
}

// Reads a command line that ends with NULL.
static hm_status read_line(const char *const *line) {
    size_t count = 0;
    while (line[count] != NULL) {
        count++;
    }
    return hm_arguments_read(&session, count, line);
}

START_TEST(options_stand_before_between_and_after_operands) {
    const char *const line[] = {"-w", "1", "a", "--flag", "b", "--wanted=2", NULL};
    ck_assert_int_eq(read_line(line), HM_OK);
    ck_assert_uint_eq(session.operand_count, 2);
    ck_assert_str_eq(session.operands[0], "a");
    ck_assert_str_eq(session.operands[1], "b");
    ck_assert_str_eq(hm_arguments_value(&session, "wanted"), "2");
    ck_assert_ptr_nonnull(hm_arguments_value(&session, "flag"));
    ck_assert_ptr_null(hm_arguments_value(&session, "other"));
}
END_TEST

START_TEST(all_spellings_of_a_value_mean_the_same) {
    const char *const line[] = {
            "a", "-w", "v", "-wv", "--wanted", "v", "--wanted=v", NULL};
    ck_assert_int_eq(read_line(line), HM_OK);
    size_t at = 0;
    const hm_given *given;
    size_t count = 0;
    while ((given = hm_arguments_next(&session, "wanted", &at)) != NULL) {
        ck_assert_str_eq(given->value, "v");
        count++;
    }
    ck_assert_uint_eq(count, 4);
}
END_TEST

START_TEST(letters_of_flags_may_stand_together) {
    const char *const line[] = {"a", "-fxwv", NULL};
    ck_assert_int_eq(read_line(line), HM_OK);
    ck_assert_ptr_nonnull(hm_arguments_value(&session, "flag"));
    ck_assert_ptr_nonnull(hm_arguments_value(&session, "other"));
    ck_assert_str_eq(hm_arguments_value(&session, "wanted"), "v");
}
END_TEST

START_TEST(a_value_may_begin_with_a_dash_or_hold_an_equals_sign) {
    const char *const line[] = {
            "-w", "-x", "a", "--wanted=b=c", "--input", "y=-1", NULL};
    ck_assert_int_eq(read_line(line), HM_OK);
    ck_assert_ptr_null(hm_arguments_value(&session, "other"));
    ck_assert_str_eq(hm_arguments_value(&session, "wanted"), "b=c");
    ck_assert_str_eq(hm_arguments_value(&session, "input"), "y=-1");
}
END_TEST

START_TEST(an_option_can_take_two_values) {
    const char *const line[] = {"--pair", "p", "q", "a", NULL};
    ck_assert_int_eq(read_line(line), HM_OK);
    size_t at = 0;
    const hm_given *given = hm_arguments_next(&session, "pair", &at);
    ck_assert_str_eq(given->value, "p");
    ck_assert_str_eq(given->second, "q");
    ck_assert_uint_eq(session.operand_count, 1);
}
END_TEST

START_TEST(what_follows_two_dashes_is_an_operand_and_so_is_one_dash) {
    const char *const line[] = {"-", "--", "--flag", NULL};
    ck_assert_int_eq(read_line(line), HM_OK);
    ck_assert_str_eq(session.operands[0], "-");
    ck_assert_str_eq(session.operands[1], "--flag");
    ck_assert_ptr_null(hm_arguments_value(&session, "flag"));
}
END_TEST

START_TEST(all_wrong_options_are_reported_with_the_nearest_names) {
    const char *const line[] = {"a", "--wnated=1", "--flog", "-q", "--zzzzzzzz", NULL};
    ck_assert_int_eq(read_line(line), HM_BAD_ARGUMENT);
    ck_assert_uint_eq(session.faults.count, 4);
    ck_assert_str_eq(hm_fixture_fault(&session, 0), "`test` has no option --wnated");
    ck_assert_str_eq(hm_fixture_mend(&session, 0), "did you mean --wanted?");
    ck_assert_str_eq(hm_fixture_mend(&session, 1), "did you mean --flag?");
    ck_assert_str_eq(hm_fixture_fault(&session, 2), "`test` has no option -q");
    ck_assert_str_eq(hm_fixture_mend(&session, 3), "`hamilton test --help` lists them");
}
END_TEST

START_TEST(a_value_that_is_missing_or_too_much_is_reported) {
    const char *const line[] = {"a", "--flag=yes", "--pair", "p", NULL};
    ck_assert_int_eq(read_line(line), HM_BAD_ARGUMENT);
    ck_assert_str_eq(hm_fixture_fault(&session, 0),
            "--flag takes no value, but `yes` was given");
    ck_assert_str_eq(hm_fixture_fault(&session, 1), "--pair needs A B after it");
}
END_TEST

START_TEST(a_word_that_is_no_choice_is_reported_with_the_choices) {
    const char *const line[] = {"a", "--format", "tab", "--format=", NULL};
    ck_assert_int_eq(read_line(line), HM_BAD_ARGUMENT);
    ck_assert_str_eq(hm_fixture_fault(&session, 0), "--format cannot be `tab`");
    ck_assert_str_eq(hm_fixture_mend(&session, 0), "it can be: table json");
    ck_assert_uint_eq(session.faults.count, 2);
}
END_TEST

START_TEST(too_few_and_too_many_operands_are_reported) {
    const char *const none[] = {NULL};
    ck_assert_int_eq(read_line(none), HM_BAD_ARGUMENT);
    ck_assert_str_eq(hm_fixture_fault(&session, 0), "`test` needs FIRST SECOND");
    finish();
    begin();
    const char *const three[] = {"a", "b", "c", NULL};
    ck_assert_int_eq(read_line(three), HM_BAD_ARGUMENT);
    ck_assert_str_eq(hm_fixture_fault(&session, 0),
            "`test` takes FIRST SECOND, and `c` is one too many");
}
END_TEST

START_TEST(help_is_noticed_whatever_else_is_wrong) {
    const char *const line[] = {"--nonsense", "-h", NULL};
    (void)read_line(line);
    ck_assert(session.wants_help);
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("arguments");
    TCase *cases = tcase_create("arguments");
    tcase_add_checked_fixture(cases, begin, finish);
    tcase_add_test(cases, options_stand_before_between_and_after_operands);
    tcase_add_test(cases, all_spellings_of_a_value_mean_the_same);
    tcase_add_test(cases, letters_of_flags_may_stand_together);
    tcase_add_test(cases, a_value_may_begin_with_a_dash_or_hold_an_equals_sign);
    tcase_add_test(cases, an_option_can_take_two_values);
    tcase_add_test(cases, what_follows_two_dashes_is_an_operand_and_so_is_one_dash);
    tcase_add_test(cases, all_wrong_options_are_reported_with_the_nearest_names);
    tcase_add_test(cases, a_value_that_is_missing_or_too_much_is_reported);
    tcase_add_test(cases, a_word_that_is_no_choice_is_reported_with_the_choices);
    tcase_add_test(cases, too_few_and_too_many_operands_are_reported);
    tcase_add_test(cases, help_is_noticed_whatever_else_is_wrong);
    suite_add_tcase(suite, cases);
    return suite;
}
