// The directory store: what is kept is found by others later; what was damaged is not;
// who may be believed; what goes when there is too much.

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "adapters/cache/directory_store.h"
#include "tests/support/cache_folder.h"
#include "tests/support/cache_values.h"
#include "tests/support/failing_allocator.h"
#include "tests/support/suite.h"

static hm_cache_folder folder;

static void set_up(void) {
    hm_cache_folder_init(&folder);
}

static void tear_down(void) {
    hm_cache_folder_finish(&folder);
}

START_TEST(what_one_store_keeps_the_next_one_finds) {
    static const size_t lengths[] = {0, 1, 100, 7000, 200000}; // the last ones mapped
    hm_store *store = hm_cache_folder_open(&folder);
    for (uint64_t i = 0; i < 5; i++) {
        ck_assert_int_eq(hm_test_find(store, i, lengths[i]), HM_NOTHING);
        ck_assert_int_eq(hm_test_keep(store, i, lengths[i], NULL), HM_OK);
        ck_assert_int_eq(hm_test_find(store, i, lengths[i]), HM_RIGHT);
    }
    store->kind->destroy(store);
    store = hm_cache_folder_open(&folder);
    for (uint64_t i = 0; i < 5; i++) {
        ck_assert_int_eq(hm_test_find(store, i, lengths[i]), HM_RIGHT);
    }
    ck_assert_uint_eq(hm_cache_folder_count(&folder, "values-1", 0, NULL), 5);
    ck_assert_uint_eq(hm_cache_folder_count(&folder, "drafts-1", 0, NULL), 0);
    store->kind->destroy(store);
    struct stat status;
    ck_assert_int_eq(stat(folder.path, &status), 0);
    ck_assert_uint_eq(status.st_mode & 0777u, 0700);
}
END_TEST

START_TEST(large_values_are_compressed_if_that_saves_something) {
    hm_directory_options options = {.path = folder.path,
            .may_make = true,
            .max_bytes = UINT64_MAX,
            .max_seconds = UINT64_MAX,
            .compress_from = 10000};
    hm_store *store;
    ck_assert_int_eq(
            hm_directory_store_create(hm_allocator_default(), &options, &store, NULL),
            HM_OK);
    ck_assert_int_eq(hm_test_keep(store, 7, 100000, NULL), HM_OK);
    hm_cache_statistics statistics = HM_CACHE_STATISTICS_INIT;
    store->kind->count(store, &statistics);
    ck_assert_uint_lt(statistics.bytes, 100000);
    ck_assert_int_eq(hm_test_find(store, 7, 100000), HM_RIGHT);
    uint64_t state = 1;
    static uint64_t noise[20000];
    for (size_t i = 0; i < 20000; i++) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        noise[i] = state ^ state >> 29;
    }
    hm_form form = hm_form_of(&hm_type_ulong, 1, false);
    hm_value value = hm_value_many(&hm_type_ulong, noise, 20000);
    hm_hash content = hm_test_content(&value);
    ck_assert_int_eq(store->kind->keep(store, &form, &content, &value, NULL), HM_OK);
    store->kind->count(store, &statistics);
    ck_assert_uint_gt(statistics.bytes, sizeof noise);
    hm_cached *entry;
    ck_assert_int_eq(store->kind->load(store, &form, &content, &entry, NULL), HM_OK);
    ck_assert(hm_test_same(entry->value, value));
    hm_cached_leave(entry);
    store->kind->destroy(store);
}
END_TEST

START_TEST(notes_are_read_back) {
    hm_store *store = hm_cache_folder_open(&folder);
    hm_cached *note;
    ck_assert_int_eq(store->kind->noted(store, "a", &note, NULL), HM_OK);
    ck_assert_ptr_null(note);
    ck_assert_int_eq(store->kind->note(store, "a", "first", 5, NULL), HM_OK);
    ck_assert_int_eq(store->kind->note(store, "a", "second", 6, NULL), HM_OK);
    store->kind->destroy(store);
    store = hm_cache_folder_open(&folder);
    ck_assert_int_eq(store->kind->noted(store, "a", &note, NULL), HM_OK);
    ck_assert_uint_eq(note->length, 6);
    ck_assert_int_eq(memcmp(note->bytes, "second", 6), 0);
    hm_cached_leave(note);
    store->kind->destroy(store);
}
END_TEST

static size_t read_file(const char *path, unsigned char *bytes, size_t room) {
    FILE *file = fopen(path, "r");
    ck_assert_ptr_nonnull(file);
    size_t length = fread(bytes, 1, room, file);
    fclose(file);
    return length;
}

static void write_file(const char *path, const unsigned char *bytes, size_t length) {
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(bytes, 1, length, file), length);
    fclose(file);
}

// The one value file of a new store, and its bytes.
static size_t make_file(hm_store *store, char path[512], unsigned char bytes[4096]) {
    ck_assert_int_eq(hm_test_keep(store, 3, 20, NULL), HM_OK);
    ck_assert_uint_eq(hm_cache_folder_count(&folder, "values-1", 0, path), 1);
    return read_file(path, bytes, 4096);
}

START_TEST(every_flipped_bit_is_a_miss) {
    char path[512];
    unsigned char bytes[4096];
    hm_store *store = hm_cache_folder_open(&folder);
    size_t length = make_file(store, path, bytes);
    ck_assert_uint_lt(length, 4096);
    for (size_t bit = 0; bit < length * 8; bit++) {
        bytes[bit / 8] ^= (unsigned char)(1u << bit % 8);
        write_file(path, bytes, length);
        ck_assert_msg(hm_test_find(store, 3, 20) == HM_NOTHING, "bit %zu", bit);
        bytes[bit / 8] ^= (unsigned char)(1u << bit % 8);
    }
    hm_cache_statistics statistics = HM_CACHE_STATISTICS_INIT;
    store->kind->count(store, &statistics);
    ck_assert_uint_eq(statistics.damaged, length * 8);
    // What was damaged is gone, and can be kept anew.
    ck_assert_int_ne(access(path, F_OK), 0);
    ck_assert_int_eq(hm_test_keep(store, 3, 20, NULL), HM_OK);
    ck_assert_int_eq(hm_test_find(store, 3, 20), HM_RIGHT);
    store->kind->destroy(store);
}
END_TEST

START_TEST(every_other_length_is_a_miss) {
    char path[512];
    unsigned char bytes[4096] = {0};
    hm_store *store = hm_cache_folder_open(&folder);
    size_t length = make_file(store, path, bytes);
    for (size_t other = 0; other < length + 100; other++) {
        write_file(path, bytes, other);
        hm_finding finding = hm_test_find(store, 3, 20);
        ck_assert_msg(
                finding == (other == length ? HM_RIGHT : HM_NOTHING), "%zu", other);
    }
    store->kind->destroy(store);
}
END_TEST

// A whole file of the store, under the name of another content.
START_TEST(a_foreign_file_is_a_miss) {
    char first[512];
    char second[512];
    unsigned char bytes[4096];
    hm_store *store = hm_cache_folder_open(&folder);
    size_t length = make_file(store, first, bytes);
    ck_assert_int_eq(hm_test_keep(store, 4, 20, NULL), HM_OK);
    hm_cache_folder_count(&folder, "values-1", 0, second);
    if (strcmp(first, second) == 0) {
        hm_cache_folder_count(&folder, "values-1", 1, second);
    }
    write_file(second, bytes, length);
    ck_assert_int_eq(hm_test_find(store, 4, 20), HM_NOTHING);
    ck_assert_int_eq(hm_test_find(store, 3, 20), HM_RIGHT);
    unlink(first);
    ck_assert_int_eq(symlink("/etc/passwd", first), 0);
    ck_assert_int_eq(hm_test_find(store, 3, 20), HM_NOTHING);
    ck_assert_int_eq(access("/etc/passwd", F_OK), 0);
    ck_assert_int_eq(mkdir(first, 0700), 0);
    ck_assert_int_eq(hm_test_find(store, 3, 20), HM_NOTHING);
    rmdir(first);
    ck_assert_int_eq(mkfifo(first, 0600), 0); // which must not be waited for
    ck_assert_int_eq(hm_test_find(store, 3, 20), HM_NOTHING);
    store->kind->destroy(store);
}
END_TEST

START_TEST(an_index_that_is_no_database_is_made_anew) {
    char path[512];
    snprintf(path, sizeof path, "%s/index-1.sqlite", folder.path);
    hm_store *store = hm_cache_folder_open(&folder);
    ck_assert_int_eq(hm_test_keep(store, 3, 20, NULL), HM_OK);
    store->kind->destroy(store);
    unsigned char bytes[4096];
    memset(bytes, 'x', sizeof bytes);
    write_file(path, bytes, sizeof bytes);
    store = hm_cache_folder_open(&folder);
    ck_assert_int_eq(hm_test_find(store, 3, 20), HM_NOTHING);
    ck_assert_int_eq(hm_test_keep(store, 3, 20, NULL), HM_OK);
    ck_assert_int_eq(hm_test_find(store, 3, 20), HM_RIGHT);
    store->kind->destroy(store);
}
END_TEST

// Bits of the database change: what is found is right, or nothing.
START_TEST(a_damaged_index_never_lies) {
    char path[512];
    snprintf(path, sizeof path, "%s/index-1.sqlite", folder.path);
    hm_store *store = hm_cache_folder_open(&folder);
    for (uint64_t i = 0; i < 20; i++) {
        ck_assert_int_eq(hm_test_keep(store, i, 20, NULL), HM_OK);
    }
    store->kind->destroy(store);
    static unsigned char whole[1 << 17];
    static unsigned char bytes[1 << 17];
    size_t length = read_file(path, whole, sizeof whole);
    ck_assert_uint_lt(length, sizeof whole);
    uint64_t state = 5;
    int rounds = getenv("HM_TEST_LONG") != NULL ? 2000 : 60;
    for (int round = 0; round < rounds; round++) {
        memcpy(bytes, whole, length);
        for (int k = 0; k < 1 + round % 20; k++) {
            state = state * 6364136223846793005u + 1442695040888963407u;
            bytes[(state >> 20) % length] ^= (unsigned char)(1u << (state >> 60) % 8);
        }
        write_file(path, bytes, length);
        store = hm_cache_folder_open(&folder);
        for (uint64_t i = 0; i < 20; i++) {
            ck_assert_int_ne(hm_test_find(store, i, 20), HM_WRONG);
        }
        (void)hm_test_keep(store, 21, 20, NULL);
        store->kind->destroy(store);
    }
}
END_TEST

static hm_status open_as_is(hm_error *error) {
    hm_directory_options options = {.path = folder.path, .may_make = true};
    hm_store *store = NULL;
    hm_status status =
            hm_directory_store_create(hm_allocator_default(), &options, &store, error);
    if (status == HM_OK) {
        store->kind->destroy(store);
    }
    return status;
}

START_TEST(a_folder_that_others_may_fill_is_refused) {
    hm_error error;
    ck_assert_int_eq(mkdir(folder.path, 0700), 0);
    ck_assert_int_eq(chmod(folder.path, 0770), 0);
    ck_assert_int_eq(open_as_is(&error), HM_BAD_ARGUMENT);
    ck_assert_ptr_nonnull(strstr(error.message, "others can write"));
    ck_assert_int_eq(chmod(folder.path, 0702), 0);
    ck_assert_int_eq(open_as_is(&error), HM_BAD_ARGUMENT);
    ck_assert_int_eq(chmod(folder.path, 0755), 0);
    ck_assert_int_eq(open_as_is(&error), HM_OK);
    // Its parts are looked at as well.
    char path[512];
    snprintf(path, sizeof path, "%s/values-1", folder.path);
    ck_assert_int_eq(chmod(path, 0777), 0);
    ck_assert_int_eq(open_as_is(&error), HM_BAD_ARGUMENT);
}
END_TEST

START_TEST(links_are_refused) {
    hm_error error;
    char path[512];
    snprintf(path, sizeof path, "%s/real", folder.parent);
    ck_assert_int_eq(mkdir(path, 0700), 0);
    ck_assert_int_eq(symlink(path, folder.path), 0);
    ck_assert_int_eq(open_as_is(&error), HM_BAD_ARGUMENT);
    ck_assert_ptr_nonnull(strstr(error.message, "is a link"));
    unlink(folder.path);
    ck_assert_int_eq(mkdir(folder.path, 0700), 0);
    static const char *const parts[] = {
            "values-1", "drafts-1", "claims", "index-1.sqlite"};
    for (size_t i = 0; i < 4; i++) {
        char part[512];
        snprintf(part, sizeof part, "%s/%s", folder.path, parts[i]);
        ck_assert_int_eq(symlink(path, part), 0);
        ck_assert_msg(open_as_is(&error) == HM_BAD_ARGUMENT, "%s", parts[i]);
        unlink(part);
    }
    ck_assert_int_eq(open_as_is(&error), HM_OK);
}
END_TEST

START_TEST(a_folder_of_another_user_is_refused) {
    if (geteuid() != 0) {
        return; // only root can give a folder away
    }
    hm_error error;
    ck_assert_int_eq(mkdir(folder.path, 0700), 0);
    ck_assert_int_eq(chown(folder.path, 12345, (gid_t)-1), 0);
    ck_assert_int_eq(open_as_is(&error), HM_BAD_ARGUMENT);
    ck_assert_ptr_nonnull(strstr(error.message, "belongs to another user (12345)"));
}
END_TEST

START_TEST(a_folder_that_is_not_there_is_made_only_if_wanted) {
    hm_directory_options options = {.path = folder.path, .may_make = false};
    hm_store *store;
    hm_error error;
    ck_assert_int_eq(
            hm_directory_store_create(hm_allocator_default(), &options, &store, &error),
            HM_BAD_ARGUMENT);
    ck_assert_int_ne(access(folder.path, F_OK), 0);
}
END_TEST

START_TEST(what_was_not_used_for_longest_makes_room) {
    hm_directory_options options = {.path = folder.path,
            .may_make = true,
            .max_bytes = 20000,
            .max_seconds = UINT64_MAX,
            .compress_from = SIZE_MAX};
    hm_store *store;
    ck_assert_int_eq(
            hm_directory_store_create(hm_allocator_default(), &options, &store, NULL),
            HM_OK);
    hm_index *index = hm_directory_store_index(store);
    for (uint64_t i = 0; i < 20; i++) {
        ck_assert_int_eq(hm_test_keep(store, i, 100, NULL), HM_OK); // 928 bytes each
    }
    hm_cache_statistics statistics = HM_CACHE_STATISTICS_INIT;
    store->kind->count(store, &statistics);
    ck_assert_uint_eq(statistics.evicted, 0);
    // All are of long ago, but for the fifth.
    for (uint64_t i = 0; i < 20; i++) {
        hm_hash content = hm_test_content_of(i, 100);
        ck_assert_int_eq(hm_index_use(index, &content, 1, (int64_t)i, NULL), HM_OK);
    }
    ck_assert_int_eq(hm_test_find(store, 5, 100), HM_RIGHT);
    ck_assert_int_eq(hm_directory_store_collect(store, NULL), HM_OK); // writes the use
    for (uint64_t i = 20; i < 30; i++) {
        ck_assert_int_eq(hm_test_keep(store, i, 100, NULL), HM_OK);
    }
    store->kind->count(store, &statistics);
    ck_assert_uint_le(statistics.bytes, 20000);
    ck_assert_uint_gt(statistics.evicted, 0);
    ck_assert_int_eq(hm_test_find(store, 5, 100), HM_RIGHT);
    ck_assert_int_eq(hm_test_find(store, 29, 100), HM_RIGHT);
    size_t found = 0;
    for (uint64_t i = 0; i < 30; i++) {
        found += hm_test_find(store, i, 100) == HM_RIGHT;
    }
    ck_assert_uint_eq(found, hm_cache_folder_count(&folder, "values-1", 0, NULL));
    ck_assert_uint_lt(found, 25);
    store->kind->destroy(store);
}
END_TEST

START_TEST(what_is_too_old_goes) {
    hm_store *store = hm_cache_folder_open(&folder);
    ck_assert_int_eq(hm_test_keep(store, 1, 10, NULL), HM_OK);
    ck_assert_int_eq(hm_test_keep(store, 2, 10, NULL), HM_OK);
    hm_index *index = hm_directory_store_index(store);
    hm_index_value value;
    bool is_there;
    ck_assert_int_eq(hm_index_oldest(index, &value, &is_there, NULL), HM_OK);
    ck_assert_int_eq(hm_index_use(index, &value.content, 1, 1000, NULL), HM_OK);
    store->kind->destroy(store);
    hm_directory_options options = {
            .path = folder.path, .max_bytes = UINT64_MAX, .max_seconds = 3600};
    ck_assert_int_eq(
            hm_directory_store_create(hm_allocator_default(), &options, &store, NULL),
            HM_OK);
    ck_assert_int_eq(hm_directory_store_collect(store, NULL), HM_OK);
    ck_assert_uint_eq(hm_cache_folder_count(&folder, "values-1", 0, NULL), 1);
    ck_assert_int_eq(hm_directory_store_clear(store, NULL), HM_OK);
    ck_assert_uint_eq(hm_cache_folder_count(&folder, "values-1", 0, NULL), 0);
    ck_assert_int_eq(hm_test_find(store, 1, 10), HM_NOTHING);
    ck_assert_int_eq(hm_test_find(store, 2, 10), HM_NOTHING);
    store->kind->destroy(store);
}
END_TEST

START_TEST(what_nobody_knows_is_swept_up) {
    hm_store *store = hm_cache_folder_open(&folder);
    ck_assert_int_eq(hm_test_keep(store, 1, 10, NULL), HM_OK);
    char path[512];
    snprintf(path, sizeof path, "%s/drafts-1/1-1", folder.path);
    write_file(path, (const unsigned char *)"half", 4);
    snprintf(path, sizeof path, "%s/values-1/%032d", folder.path, 7);
    write_file(path, (const unsigned char *)"nobody's", 8);
    ck_assert_int_eq(hm_directory_store_collect(store, NULL), HM_OK);
    ck_assert_uint_eq(hm_cache_folder_count(&folder, "drafts-1", 0, NULL), 1); // young
    ck_assert_uint_eq(hm_cache_folder_count(&folder, "values-1", 0, NULL), 2);
    hm_cache_folder_age(&folder, "drafts-1", 100);
    hm_cache_folder_age(&folder, "values-1", 100);
    ck_assert_int_eq(hm_directory_store_collect(store, NULL), HM_OK);
    ck_assert_uint_eq(hm_cache_folder_count(&folder, "drafts-1", 0, NULL), 0);
    ck_assert_uint_eq(hm_cache_folder_count(&folder, "values-1", 0, NULL), 1);
    ck_assert_int_eq(hm_test_find(store, 1, 10), HM_RIGHT);
    store->kind->destroy(store);
}
END_TEST

START_TEST(one_of_two_stores_has_a_claim_until_it_ends) {
    hm_store *one = hm_cache_folder_open(&folder);
    hm_store *other = hm_cache_folder_open(&folder);
    hm_hash key = hm_hash_of("key", 3);
    hm_hash second = hm_hash_of("second", 6);
    ck_assert(one->kind->claim(one, &key));
    ck_assert(!other->kind->claim(other, &key));
    ck_assert(other->kind->claim(other, &second));
    one->kind->unclaim(one, &key);
    ck_assert(other->kind->claim(other, &key));
    ck_assert(!one->kind->claim(one, &second));
    other->kind->destroy(other);
    ck_assert(one->kind->claim(one, &key));
    ck_assert(one->kind->claim(one, &second));
    one->kind->destroy(one);
}
END_TEST

START_TEST(a_process_that_is_killed_leaves_no_claim) {
    hm_hash key = hm_hash_of("key", 3);
    int told[2];
    ck_assert_int_eq(pipe(told), 0);
    pid_t child = fork();
    if (child == 0) {
        hm_store *store = hm_cache_folder_open(&folder);
        char byte = (char)store->kind->claim(store, &key);
        (void)!write(told[1], &byte, 1);
        pause();
    }
    char byte = 0;
    ck_assert_int_eq(read(told[0], &byte, 1), 1);
    ck_assert_int_eq(byte, 1);
    hm_store *store = hm_cache_folder_open(&folder);
    ck_assert(!store->kind->claim(store, &key));
    ck_assert_int_eq(kill(child, SIGKILL), 0);
    ck_assert_int_eq(waitpid(child, NULL, 0), child);
    ck_assert(store->kind->claim(store, &key));
    store->kind->destroy(store);
    close(told[0]);
    close(told[1]);
}
END_TEST

static hm_status use_store(const hm_allocator *allocator) {
    hm_directory_options options = {.path = folder.path,
            .may_make = true,
            .max_bytes = UINT64_MAX,
            .max_seconds = UINT64_MAX,
            .compress_from = 1000};
    hm_store *store;
    hm_error error;
    hm_status status = hm_directory_store_create(allocator, &options, &store, &error);
    if (status != HM_OK) {
        return status;
    }
    status = hm_test_keep(store, 1, 1000, &error);
    if (status == HM_OK && hm_test_find(store, 1, 1000) == HM_TROUBLE) {
        status = HM_NO_MEMORY;
    }
    (void)hm_directory_store_clear(store, NULL);
    store->kind->destroy(store);
    return status;
}

START_TEST(memory_may_run_out_anywhere) {
    hm_failing_allocator failing;
    hm_failing_allocator_init(&failing);
    hm_status status = HM_NO_MEMORY;
    for (failing.fail_at = 1; failing.fail_at < 100; failing.fail_at++) {
        failing.calls = 0;
        status = use_store(&failing.allocator);
        ck_assert(status == HM_OK || status == HM_NO_MEMORY);
        ck_assert_uint_eq(failing.live, 0);
        if (failing.calls < failing.fail_at) {
            break;
        }
    }
    ck_assert_int_eq(status, HM_OK);
    ck_assert_uint_gt(failing.fail_at, 5);
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("adapters/cache_directory");
    TCase *tests = tcase_create("directory");
    tcase_set_timeout(tests, 300);
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, what_one_store_keeps_the_next_one_finds);
    tcase_add_test(tests, large_values_are_compressed_if_that_saves_something);
    tcase_add_test(tests, notes_are_read_back);
    tcase_add_test(tests, every_flipped_bit_is_a_miss);
    tcase_add_test(tests, every_other_length_is_a_miss);
    tcase_add_test(tests, a_foreign_file_is_a_miss);
    tcase_add_test(tests, an_index_that_is_no_database_is_made_anew);
    tcase_add_test(tests, a_damaged_index_never_lies);
    tcase_add_test(tests, a_folder_that_others_may_fill_is_refused);
    tcase_add_test(tests, links_are_refused);
    tcase_add_test(tests, a_folder_of_another_user_is_refused);
    tcase_add_test(tests, a_folder_that_is_not_there_is_made_only_if_wanted);
    tcase_add_test(tests, what_was_not_used_for_longest_makes_room);
    tcase_add_test(tests, what_is_too_old_goes);
    tcase_add_test(tests, what_nobody_knows_is_swept_up);
    tcase_add_test(tests, one_of_two_stores_has_a_claim_until_it_ends);
    tcase_add_test(tests, a_process_that_is_killed_leaves_no_claim);
    tcase_add_test(tests, memory_may_run_out_anywhere);
    suite_add_tcase(suite, tests);
    return suite;
}
