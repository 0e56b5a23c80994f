// test_spelling.c — modifiers as C.

#include "base/spelling.h"
#include "tests/support/suite.h"

static void expect(const hm_modifier *modifier, const char *expected) {
    hm_text text;
    hm_text_init(&text, NULL);
    hm_spell_modifier(&text, modifier);
    ck_assert_str_eq(hm_text_get(&text), expected);
    hm_text_finish(&text);
}

START_TEST(names_are_bare_and_strings_in_quotes) {
    const hm_argument arguments[] = {{.kind = HM_ARGUMENT_NAME, .text = "owner"},
            {.kind = HM_ARGUMENT_STRING, .text = "a \"b\" \\ c\nd"},
            {.kind = HM_ARGUMENT_REAL, .text = "1e3"}};
    expect(&(hm_modifier){.name = "tag", .arguments = arguments, .argument_count = 3},
            "HM_TAG(owner, \"a \\\"b\\\" \\\\ c\\nd\", 1e3)");
}
END_TEST

START_TEST(calls_are_macros_as_well_and_nothing_has_no_parentheses) {
    const hm_argument inner[] = {{.kind = HM_ARGUMENT_NAME, .text = "x"}};
    const hm_argument calls[] = {{.kind = HM_ARGUMENT_CALL,
            .text = "step",
            .arguments = inner,
            .argument_count = 1}};
    expect(&(hm_modifier){.name = "pipe_2", .arguments = calls, .argument_count = 1},
            "HM_PIPE_2(HM_STEP(x))");
    expect(&(hm_modifier){.name = "otherwise"}, "HM_OTHERWISE");
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("base/spelling");
    TCase *tests = tcase_create("spelling");
    tcase_add_test(tests, names_are_bare_and_strings_in_quotes);
    tcase_add_test(tests, calls_are_macros_as_well_and_nothing_has_no_parentheses);
    suite_add_tcase(suite, tests);
    return suite;
}
