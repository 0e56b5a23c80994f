// test_comment.c — doc comments without their marks.

#include <stdio.h>
#include <string.h>

#include "tests/support/reflected.h"
#include "tests/support/suite.h"

typedef struct hm_comment {
    const char *source; // before `double f(double x)`
    const char *doc;    // as a C literal in the written text, or NULL
} hm_comment;

static const hm_comment comments[] = {
        {"/** One line. */", "One line."},
        {"/// One line.\n", "One line."},
        {"/// One.\n/// Two.\n", "One.\\012Two."},
        {"/**\n * One.\n *\n *   Two.\n */", "One.\\012\\012  Two."},
        {"/**\n   One.\n   Two. */", "One.\\012Two."},
        {"/** One.\n */\n\n\n", "One."},
        {"/** One. */\n// an aside\n", "One."},
        {"/** Other. */\nint a;\n/** One. */", "One."},
        {"/** Says \"x\" \\ and caf\xc3\xa9. */",
                "Says \\042x\\042 \\134 and caf\\303\\251."},
        {"/** One. */\nHM_TAG(owner, \"team@corp\")\n", "One."},
        {"/** One. */\nHM_TAG(owner, \"a;b{c}d#e@f\") HM_STATEFUL\n", "One."},
        {"/** One. */\n__attribute__((noinline))\n", "One."},
        {"// One.\n", NULL},
        {"/* One. */", NULL},
        {"/***** One. *****/", NULL},
        {"/** Other. */\nint a;", NULL},
        {"int a; ///< Other.\n", NULL},
        {"", NULL},
        {"/** */", NULL},
        {"/**/", NULL},
        {"///\n", NULL},
};

START_TEST(a_doc_comment_is_its_text) {
    const hm_comment *comment = &comments[_i];
    char source[1024];
    snprintf(source, sizeof source,
            "#include <hamilton/modifiers.h>\n%s double f(double x) { return x; }\n",
            comment->source);
    hm_reflected reflected;
    hm_reflected_source(&reflected, source);
    char expected[256] = ".doc = ";
    if (comment->doc != NULL) {
        snprintf(expected, sizeof expected, ".doc = \"%s\",", comment->doc);
    }
    const char *found = strstr(reflected.reflection->text, expected);
    ck_assert_msg((found != NULL) == (comment->doc != NULL), "%s", comment->source);
    hm_reflected_finish(&reflected);
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("reflect/comment");
    TCase *tests = tcase_create("comment");
    tcase_add_loop_test(
            tests, a_doc_comment_is_its_text, 0, sizeof comments / sizeof *comments);
    suite_add_tcase(suite, tests);
    return suite;
}
