// What the operating system may do to a directory store: fail at each call, with each
// reason, once or for good; and end the process before each call, or at any moment.
// Nothing that is found is ever wrong, and nothing is left behind for good.

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "adapters/cache/directory_store.h"
#include "tests/support/cache_folder.h"
#include "tests/support/suite.h"
#include "tests/support/system_calls.h"

enum { SMALL = 50, LARGE = 20000 }; // the second is mapped, and compressed if asked for

static hm_cache_folder folder;

static void set_up(void) {
    hm_cache_folder_init(&folder);
}

static void tear_down(void) {
    hm_system_calls_heal();
    hm_cache_folder_finish(&folder);
}

static bool is_long(void) {
    return getenv("HM_TEST_LONG") != NULL;
}

static bool is_known(hm_status status) {
    return status == HM_OK || status == HM_IO || status == HM_NO_MEMORY;
}

// All that a cache does with its store in its life. False if something was wrong.
static bool live(uint64_t number) {
    hm_directory_options options = {.path = folder.path,
            .may_make = true,
            .max_bytes = 5000000,
            .max_seconds = UINT64_MAX,
            .compress_from = SIZE_MAX};
    hm_store *store;
    hm_error error;
    hm_status status =
            hm_directory_store_create(hm_allocator_default(), &options, &store, &error);
    if (status != HM_OK) {
        return is_known(status) && error.message[0] != '\0';
    }
    bool is_well = hm_test_find(store, number, SMALL) != HM_WRONG &&
                   is_known(hm_test_keep(store, number, SMALL, &error)) &&
                   hm_test_find(store, number, SMALL) != HM_WRONG &&
                   is_known(hm_test_keep(store, number, LARGE, &error)) &&
                   hm_test_find(store, number, LARGE) != HM_WRONG &&
                   is_known(store->kind->note(store, "node", "said", 4, &error)) &&
                   is_known(hm_directory_store_collect(store, &error));
    hm_cached *note = NULL;
    is_well = is_well && is_known(store->kind->noted(store, "node", &note, &error)) &&
              (note == NULL || memcmp(note->bytes, "said", 4) == 0);
    hm_cached_leave(note);
    store->kind->destroy(store);
    return is_well;
}

// What a store is like when all is well again.
static void check_rest(uint64_t number, const char *when, size_t at) {
    hm_cache_folder_age(&folder, "drafts-1", 100);
    hm_cache_folder_age(&folder, "values-1", 100);
    hm_store *store = hm_cache_folder_open(&folder);
    for (uint64_t i = 0; i <= number; i++) {
        ck_assert_msg(hm_test_find(store, i, SMALL) != HM_WRONG &&
                              hm_test_find(store, i, LARGE) != HM_WRONG,
                "%s %zu: %d", when, at, (int)i);
    }
    ck_assert_int_eq(hm_directory_store_collect(store, NULL), HM_OK);
    ck_assert_uint_eq(hm_cache_folder_count(&folder, "drafts-1", 0, NULL), 0);
    ck_assert_int_eq(hm_test_keep(store, number, SMALL, NULL), HM_OK);
    ck_assert_msg(hm_test_find(store, number, SMALL) == HM_RIGHT, "%s %zu", when, at);
    hm_index *index = hm_directory_store_index(store);
    uint64_t bytes;
    uint64_t count;
    ck_assert_int_eq(hm_index_total(index, &bytes, &count, NULL), HM_OK);
    ck_assert_uint_ge(count, hm_cache_folder_count(&folder, "values-1", 0, NULL));
    store->kind->destroy(store);
}

static size_t count_files(void) {
    DIR *files = opendir("/proc/self/fd");
    size_t count = 0;
    while (files != NULL && readdir(files) != NULL) {
        count++;
    }
    if (files != NULL) {
        closedir(files);
    }
    return count;
}

static const int reasons[] = {ENOSPC, EIO, EMFILE, EDQUOT, EINTR};

static void fail_each(int reason, bool for_good) {
    size_t step = is_long() ? 1 : 7;
    uint64_t number = 0;
    size_t open_files = count_files();
    for (size_t at = 1 + (size_t)reason % step;; at += step, number++) {
        hm_system_calls_fail(at, reason, for_good);
        bool is_well = live(number % 5);
        size_t count = hm_system_calls_heal();
        ck_assert_msg(is_well, "%s at %zu", strerror(reason), at);
        ck_assert_msg(count_files() == open_files, "%s at %zu", strerror(reason), at);
        check_rest(5, strerror(reason), at);
        if (count < at) {
            ck_assert_uint_gt(at, 50); // or nothing was counted
            break;
        }
    }
}

START_TEST(each_call_may_fail_once) {
    fail_each(reasons[_i], false);
}
END_TEST

START_TEST(all_calls_may_fail_from_one_on) {
    fail_each(reasons[_i], true);
}
END_TEST

// In a process of its own, which is killed before call `at`, or not if there are not so
// many: then true.
static bool live_and_die(uint64_t number, size_t at) {
    pid_t child = fork();
    if (child == 0) {
        hm_system_calls_fail(at, 0, true);
        _exit(live(number) ? 0 : 1);
    }
    int status;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    if (WIFEXITED(status)) {
        ck_assert_int_eq(WEXITSTATUS(status), 0);
        return true;
    }
    ck_assert_int_eq(WTERMSIG(status), SIGKILL);
    return false;
}

// Those that come later find what those before them left, also while they clean up.
START_TEST(a_process_may_be_killed_before_each_call) {
    size_t step = is_long() ? 1 : 3;
    size_t kills = 0;
    for (size_t at = 1; !live_and_die(at % 5, at); at += step) {
        kills++;
        hm_cache_folder_age(&folder, "drafts-1", 100);
        if (at % 4 == 0) {
            check_rest(5, "killed", at);
        }
    }
    ck_assert_uint_gt(kills, 20);
    check_rest(5, "killed", 0);
}
END_TEST

START_TEST(a_process_may_be_killed_at_any_moment) {
    int kills = is_long() ? 1000 : 60;
    uint64_t state = 99;
    for (int i = 0; i < kills; i++) {
        pid_t child = fork();
        if (child == 0) {
            for (uint64_t number = 0;; number = (number + 1) % 6) {
                if (!live(number)) {
                    _exit(1);
                }
            }
        }
        state = state * 6364136223846793005u + 1442695040888963407u;
        struct timespec pause = {.tv_nsec = (long)((state >> 33) % 20000000)};
        nanosleep(&pause, NULL);
        kill(child, SIGKILL);
        int status;
        ck_assert_int_eq(waitpid(child, &status, 0), child);
        ck_assert(WIFSIGNALED(status));
        size_t drafts = hm_cache_folder_count(&folder, "drafts-1", 0, NULL);
        ck_assert_uint_le(drafts, (size_t)i + 1);
        if (i % 8 == 0) {
            check_rest(6, "killed", (size_t)i);
        }
    }
    check_rest(6, "killed", 0);
}
END_TEST

// Three at once, who are killed now and then, while another collects.
START_TEST(processes_share_a_folder) {
    enum { CHILDREN = 3 };
    int rounds = is_long() ? 400 : 20;
    pid_t children[CHILDREN] = {0};
    for (int round = 0; round < rounds; round++) {
        for (int i = 0; i < CHILDREN; i++) {
            if (children[i] == 0 && (children[i] = fork()) == 0) {
                for (uint64_t number = (uint64_t)i;; number = (number + 1) % 6) {
                    if (!live(number)) {
                        _exit(1);
                    }
                }
            }
        }
        struct timespec pause = {.tv_nsec = 15000000};
        nanosleep(&pause, NULL);
        hm_store *store = hm_cache_folder_open(&folder);
        for (uint64_t number = 0; number < 6; number++) {
            ck_assert_int_ne(hm_test_find(store, number, SMALL), HM_WRONG);
            ck_assert_int_ne(hm_test_find(store, number, LARGE), HM_WRONG);
        }
        if (round % 7 == 0) {
            ck_assert_int_eq(hm_directory_store_clear(store, NULL), HM_OK);
        }
        store->kind->destroy(store);
        int victim = round % CHILDREN;
        kill(children[victim], SIGKILL);
        int status;
        ck_assert_int_eq(waitpid(children[victim], &status, 0), children[victim]);
        ck_assert(WIFSIGNALED(status));
        children[victim] = 0;
    }
    for (int i = 0; i < CHILDREN; i++) {
        if (children[i] > 0) {
            kill(children[i], SIGKILL);
            waitpid(children[i], NULL, 0);
        }
    }
    check_rest(6, "shared", 0);
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("adapters/cache_faults");
    TCase *tests = tcase_create("faults");
    tcase_set_timeout(tests, 900);
    tcase_add_checked_fixture(tests, set_up, tear_down);
    int count = sizeof reasons / sizeof *reasons;
    tcase_add_loop_test(tests, each_call_may_fail_once, 0, count);
    // Calls that are interrupted are made again, as often as that is.
    tcase_add_loop_test(tests, all_calls_may_fail_from_one_on, 0, count - 1);
    tcase_add_test(tests, a_process_may_be_killed_before_each_call);
    tcase_add_test(tests, a_process_may_be_killed_at_any_moment);
    tcase_add_test(tests, processes_share_a_folder);
    suite_add_tcase(suite, tests);
    return suite;
}
