// test_path.c — paths as texts.

#include "base/allocator.h"
#include "base/path.h"
#include "tests/support/suite.h"

// What a file names, and what that is where the file is.
static const struct {
    const char *file;
    const char *path;
    const char *beside;
} named[] = {
        {"o.c", "in.c", "in.c"},
        {"a/o.c", "in.c", "a/in.c"},
        {"a/o.c", "./lib//in.c", "a/lib/in.c"},
        {"a/o.c", "../in.c", "in.c"},
        {"a/o.c", "../../in.c", "../in.c"},
        {"../a/o.c", "../in.c", "../in.c"},
        {"../../o.c", "../in.c", "../../../in.c"},
        {"/a/b/o.c", "../in.c", "/a/in.c"},
        {"a/o.c", "/b/./in.c", "/b/in.c"},
        {"", "./a/../b/in.c", "b/in.c"},
        {"a/o.c", "", "a"},
};

START_TEST(a_path_is_seen_from_the_folder_of_a_file) {
    hm_arena arena;
    hm_arena_init(&arena, hm_allocator_default());
    ck_assert_str_eq(
            hm_path_beside(&arena, named[_i].file, named[_i].path), named[_i].beside);
    hm_arena_finish(&arena);
}
END_TEST

START_TEST(a_path_ends_with_whole_pieces) {
    ck_assert(hm_path_ends_with("/a/lib/in.c", "lib/in.c"));
    ck_assert(hm_path_ends_with("/a/lib/in.c", "../lib/in.c"));
    ck_assert(hm_path_ends_with("in.c", "./in.c"));
    ck_assert(!hm_path_ends_with("/a/begin.c", "in.c"));
    ck_assert(!hm_path_ends_with("in.c", "lib/in.c"));
    ck_assert(!hm_path_ends_with("in.c", ""));
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("base/path");
    TCase *tests = tcase_create("path");
    tcase_add_loop_test(tests, a_path_is_seen_from_the_folder_of_a_file, 0,
            sizeof named / sizeof *named);
    tcase_add_test(tests, a_path_ends_with_whole_pieces);
    suite_add_tcase(suite, tests);
    return suite;
}
