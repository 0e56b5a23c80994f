// test_cache_golden.c — folders as earlier versions left them, which tests/adapters/
// golden_cache_N are, one for each format. What they hold is found as long as that
// format is read, and is a clean miss afterwards; and nothing that is added hurts.
//
//     HM_GOLDEN_WRITE=tests/adapters/golden_cache_2
//     build/dev/tests/test_adapters_cache_golden
//
// writes one of today.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adapters/cache/directory_store.h"
#include "tests/support/cache_folder.h"
#include "tests/support/suite.h"

enum { SMALL = 50, LARGE = 20000 };

// Formats that are read, and those that are not any more.
static const struct {
    const char *path;
    hm_finding expected;
} golden[] = {{"tests/adapters/golden_cache_1", HM_RIGHT}};

static hm_store *open_store(const char *path) {
    hm_directory_options options = {.path = path,
            .may_make = true,
            .max_bytes = UINT64_MAX,
            .max_seconds = UINT64_MAX,
            .compress_from = 1000};
    hm_store *store = NULL;
    hm_error error;
    hm_status status =
            hm_directory_store_create(hm_allocator_default(), &options, &store, &error);
    ck_assert_msg(status == HM_OK, "%s", error.message);
    return store;
}

static void fill(const char *path) {
    hm_store *store = open_store(path);
    ck_assert_int_eq(hm_test_keep(store, 1, SMALL, NULL), HM_OK);
    ck_assert_int_eq(hm_test_keep(store, 2, LARGE, NULL), HM_OK); // compressed
    ck_assert_int_eq(store->kind->note(store, "node", "said", 4, NULL), HM_OK);
    store->kind->destroy(store);
}

static void copy(const char *from, const hm_cache_folder *to) {
    char command[512];
    snprintf(command, sizeof command, "cp -R '%s' '%s' && chmod -R u=rwX,go= '%s'",
            from, to->path, to->path);
    ck_assert_int_eq(system(command), 0);
}

START_TEST(what_earlier_versions_left_is_found_or_missed) {
    hm_cache_folder folder;
    hm_cache_folder_init(&folder);
    copy(golden[_i].path, &folder);
    for (int round = 0; round < 2; round++) {
        hm_store *store = open_store(folder.path);
        ck_assert_int_eq(hm_test_find(store, 1, SMALL), golden[_i].expected);
        ck_assert_int_eq(hm_test_find(store, 2, LARGE), golden[_i].expected);
        ck_assert_int_eq(
                hm_test_find(store, 3, SMALL), round == 0 ? HM_NOTHING : HM_RIGHT);
        hm_cached *note = NULL;
        ck_assert_int_eq(store->kind->noted(store, "node", &note, NULL), HM_OK);
        ck_assert((note != NULL) == (golden[_i].expected == HM_RIGHT));
        ck_assert(note == NULL || memcmp(note->bytes, "said", 4) == 0);
        hm_cached_leave(note);
        ck_assert_int_eq(hm_test_keep(store, 3, SMALL, NULL), HM_OK);
        ck_assert_int_eq(hm_directory_store_collect(store, NULL), HM_OK);
        store->kind->destroy(store);
    }
    hm_cache_folder_finish(&folder);
}
END_TEST

START_TEST(a_folder_of_today_is_written_where_that_is_asked_for) {
    const char *path = getenv("HM_GOLDEN_WRITE");
    if (path != NULL) {
        fill(path);
    }
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("adapters/cache_golden");
    TCase *tests = tcase_create("golden");
    tcase_add_test(tests, a_folder_of_today_is_written_where_that_is_asked_for);
    tcase_add_loop_test(tests, what_earlier_versions_left_is_found_or_missed, 0,
            sizeof golden / sizeof *golden);
    suite_add_tcase(suite, tests);
    return suite;
}
