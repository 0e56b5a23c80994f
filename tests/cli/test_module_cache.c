// test_module_cache.c — when a compiled module is found again, and when it must not be.

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cli/file.h"
#include "cli/module_cache.h"
#include "tests/cli/fixture.h"
#include "tests/support/suite.h"

static hm_session session;
static const char *folder;
static hm_module_cache cache;
static const char *files[2];
static const char *absent[1];
static size_t absent_count;

static void begin(void) {
    hm_fixture_begin(&session);
    folder = hm_fixture_folder(&session);
    setenv("XDG_CACHE_HOME", folder, 1);
    ck_assert_int_eq(hm_module_cache_open(&session, &cache), HM_OK);
    files[0] = hm_fixture_file(&session, folder, "module.c", "int a;");
    files[1] = hm_fixture_file(&session, folder, "with space.h", "int b;");
    absent_count = 0;
}

static void finish(void) {
    hm_file_remove_folder(folder);
    hm_fixture_end(&session);
}

// A time after all that was written so far.
static struct timespec later(void) {
    struct timespec time;
    clock_gettime(CLOCK_REALTIME, &time);
    time.tv_sec++;
    return time;
}

// Builds something and adds it under the key.
static const char *add(const char *key, struct timespec since) {
    const char *scratch;
    ck_assert_int_eq(hm_module_cache_scratch(&session, &cache, &scratch), HM_OK);
    const char *path = hm_fixture_file(&session, scratch, "module.so", "code");
    const hm_reflection reflection = {.files = files,
            .file_count = 2,
            .absent = absent,
            .absent_count = absent_count};
    ck_assert_int_eq(
            hm_module_cache_add(&session, &cache, key, &reflection, since, &path),
            HM_OK);
    return path;
}

static const char *find(const char *key) {
    const char *path;
    ck_assert_int_eq(hm_module_cache_find(&session, &cache, key, &path), HM_OK);
    return path;
}

START_TEST(what_was_added_is_found_until_a_file_changes) {
    ck_assert_ptr_null(find("key"));
    const char *path = add("key", later());
    ck_assert_str_eq(find("key"), path);
    ck_assert_ptr_null(find("other"));
    hm_fixture_file(&session, folder, "with space.h", "int c;");
    ck_assert_ptr_null(find("key"));
    hm_fixture_file(&session, folder, "with space.h", "int b;");
    ck_assert_str_eq(find("key"), path);
    unlink(files[0]);
    ck_assert_ptr_null(find("key"));
}
END_TEST

START_TEST(a_file_where_there_was_none_makes_an_entry_stale) {
    absent[0] = hm_session_text(&session, "%s/sub.h", folder);
    absent_count = 1;
    const char *path = add("key", later());
    ck_assert_str_eq(find("key"), path);
    hm_fixture_file(&session, folder, "sub.h", "");
    ck_assert_ptr_null(find("key"));
    unlink(absent[0]);
    ck_assert_str_eq(find("key"), path);
}
END_TEST

START_TEST(an_object_that_is_torn_or_gone_is_not_found) {
    const char *path = add("key", later());
    ck_assert_int_eq(truncate(path, 3), 0);
    ck_assert_ptr_null(find("key"));
    ck_assert_int_eq(truncate(path, 0), 0);
    ck_assert_ptr_null(find("key"));
    unlink(path);
    ck_assert_ptr_null(find("key"));
}
END_TEST

START_TEST(a_manifest_cut_or_changed_anywhere_is_passed_over) {
    add("key", later());
    const char *manifest = hm_session_text(&session, "%s/key.manifest", cache.folder);
    const char *text;
    size_t length;
    ck_assert_int_eq(hm_file_read(&session, manifest, &text, &length), HM_OK);
    char *copy = malloc(length);
    for (size_t i = 0; i < length; i++) {
        ck_assert_int_eq(hm_file_write(&session, manifest, text, i), HM_OK);
        ck_assert_ptr_null(find("key"));
        memcpy(copy, text, length);
        copy[i] = (char)(copy[i] ^ 1);
        ck_assert_int_eq(hm_file_write(&session, manifest, copy, length), HM_OK);
        ck_assert_ptr_null(find("key"));
    }
    free(copy);
}
END_TEST

START_TEST(what_changed_while_it_was_compiled_is_not_kept) {
    const struct timespec before = {.tv_sec = 1};
    const char *path = add("key", before);
    ck_assert_ptr_nonnull(strstr(path, "/build."));
    ck_assert_ptr_null(find("key"));
}
END_TEST

START_TEST(the_folder_is_for_its_owner_only) {
    struct stat status;
    ck_assert_int_eq(stat(cache.folder, &status), 0);
    ck_assert_uint_eq(status.st_mode & 0777, 0700);
}
END_TEST

START_TEST(a_folder_that_others_can_write_is_refused) {
    static const mode_t modes[] = {0770, 0702, 0777};
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        ck_assert_int_eq(chmod(cache.folder, modes[i]), 0);
        hm_module_cache again;
        ck_assert_int_eq(hm_module_cache_open(&session, &again), HM_IO);
        ck_assert_ptr_nonnull(
                strstr(hm_fixture_fault(&session, i), "but others can write it"));
    }
}
END_TEST

START_TEST(a_folder_of_another_user_is_refused) {
    if (geteuid() != 0) {
        return; // only root can make one
    }
    ck_assert_int_eq(chown(cache.folder, 12345, (gid_t)-1), 0);
    hm_module_cache again;
    ck_assert_int_eq(hm_module_cache_open(&session, &again), HM_IO);
    ck_assert_ptr_nonnull(
            strstr(hm_fixture_fault(&session, 0), "belongs to another user (12345)"));
}
END_TEST

START_TEST(without_a_folder_there_is_a_warning_and_a_place_to_build) {
    hm_fixture_file(&session, folder, "file", "");
    setenv("XDG_CACHE_HOME", hm_session_text(&session, "%s/file", folder), 1);
    hm_module_cache none;
    ck_assert_int_eq(hm_module_cache_open(&session, &none), HM_OK);
    ck_assert_ptr_null(none.folder);
    ck_assert_uint_eq(session.faults.count, 0);
    ck_assert_uint_eq(hm_diagnostics_count(session.faults.list), 1);
    setenv("TMPDIR", folder, 1);
    const char *scratch;
    ck_assert_int_eq(hm_module_cache_scratch(&session, &none, &scratch), HM_OK);
    ck_assert_int_eq(access(scratch, W_OK), 0);
    ck_assert_ptr_eq(strstr(scratch, folder), scratch);
}
END_TEST

START_TEST(a_relative_folder_is_ignored_for_home) {
    setenv("XDG_CACHE_HOME", "relative", 1);
    setenv("HOME", folder, 1);
    hm_module_cache home;
    ck_assert_int_eq(hm_module_cache_open(&session, &home), HM_OK);
    ck_assert_str_eq(
            home.folder, hm_session_text(&session, "%s/.cache/hamilton", folder));
}
END_TEST

START_TEST(what_killed_processes_left_is_swept_away_after_a_while) {
    const char *old = hm_session_text(&session, "%s/build.old", cache.folder);
    const char *young = hm_session_text(&session, "%s/build.young", cache.folder);
    ck_assert_int_eq(mkdir(old, 0700), 0);
    ck_assert_int_eq(mkdir(young, 0700), 0);
    const struct timespec times[2] = {{.tv_sec = 1}, {.tv_sec = 1}};
    ck_assert_int_eq(utimensat(AT_FDCWD, old, times, 0), 0);
    const char *scratch;
    ck_assert_int_eq(hm_module_cache_scratch(&session, &cache, &scratch), HM_OK);
    ck_assert_int_ne(access(old, F_OK), 0);
    ck_assert_int_eq(access(young, F_OK), 0);
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("module_cache");
    TCase *cases = tcase_create("module_cache");
    tcase_add_checked_fixture(cases, begin, finish);
    tcase_add_test(cases, what_was_added_is_found_until_a_file_changes);
    tcase_add_test(cases, a_file_where_there_was_none_makes_an_entry_stale);
    tcase_add_test(cases, an_object_that_is_torn_or_gone_is_not_found);
    tcase_add_test(cases, a_manifest_cut_or_changed_anywhere_is_passed_over);
    tcase_add_test(cases, what_changed_while_it_was_compiled_is_not_kept);
    tcase_add_test(cases, the_folder_is_for_its_owner_only);
    tcase_add_test(cases, a_folder_that_others_can_write_is_refused);
    tcase_add_test(cases, a_folder_of_another_user_is_refused);
    tcase_add_test(cases, without_a_folder_there_is_a_warning_and_a_place_to_build);
    tcase_add_test(cases, a_relative_folder_is_ignored_for_home);
    tcase_add_test(cases, what_killed_processes_left_is_swept_away_after_a_while);
    suite_add_tcase(suite, cases);
    return suite;
}
