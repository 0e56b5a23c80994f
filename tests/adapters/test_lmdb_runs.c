// The LMDB store: what runs find in it, what becomes of damaged files, of killed
// processes, and of a file that is full.

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <uv.h>

#include <hamilton/lmdb.h>

#include "tests/support/cache_folder.h"
#include "tests/support/cached_runs.h"
#include "tests/support/suite.h"

static hm_cache_folder folder;
static hm_cached_runs runs;

static hm_cache_store *open_store(uint64_t max_bytes) {
    hm_lmdb_options options = HM_LMDB_OPTIONS_INIT;
    options.directory = folder.path;
    options.max_bytes = max_bytes;
    hm_cache_store *store;
    hm_error error;
    ck_assert_msg(hm_lmdb_store_create(&options, &store, &error) == HM_OK, "%s",
            error.message);
    return store;
}

static void open_cache(void) {
    hm_cache_options options = HM_CACHE_OPTIONS_INIT;
    options.store = open_store((uint64_t)16 << 20);
    hm_cached_runs_init(&runs, NULL, &options);
}

static void set_up(void) {
    hm_cached_make_module();
    hm_cache_folder_init(&folder);
}

static void tear_down(void) {
    hm_cache_folder_finish(&folder);
}

static void check_calls(int base, int rounded, int tax, int price) {
    ck_assert_int_eq(atomic_load(&hm_cached_calls_made->base), base);
    ck_assert_int_eq(atomic_load(&hm_cached_calls_made->rounded), rounded);
    ck_assert_int_eq(atomic_load(&hm_cached_calls_made->tax), tax);
    ck_assert_int_eq(atomic_load(&hm_cached_calls_made->price), price);
}

static void path_of(const char *name, char path[512]) {
    snprintf(path, 512, "%s/%s", folder.path, name);
}

// A request, and what became of it.
typedef struct asked {
    hm_cache_request request;
    unsigned char *found; // copied
    size_t length;
    bool is_lent;
} asked;

static void take(hm_cache_request *request) {
    asked *own = (asked *)request;
    own->is_lent = request->release != NULL;
    own->length = request->found_length;
    if (request->found != NULL && !own->is_lent) {
        own->found = malloc(own->length);
        memcpy(own->found, request->found, own->length);
    }
}

static asked ask(hm_cache_store *store, hm_cache_operation operation, const char *name,
        const void *bytes, size_t length) {
    asked own = {.request = {.operation = operation,
                         .name = name,
                         .bytes = bytes,
                         .length = length,
                         .answered = take}};
    store->ask(store->self, &own.request);
    return own;
}

static hm_status put(hm_cache_store *store, const char *name, int byte, size_t length) {
    void *bytes = malloc(length);
    memset(bytes, byte, length);
    asked own = ask(store, HM_CACHE_PUT, name, bytes, length);
    free(bytes);
    return own.request.status;
}

// Whether what has a name is what `put` puts there, or nothing.
typedef enum has { NOTHING, RIGHT, WRONG } has;

static has look(hm_cache_store *store, const char *name, int byte, size_t length) {
    asked own = ask(store, HM_CACHE_GET, name, NULL, 0);
    ck_assert_int_eq(own.request.status, HM_OK);
    const unsigned char *found = own.is_lent ? own.request.found : own.found;
    has result = found == NULL ? NOTHING : own.length == length ? RIGHT : WRONG;
    for (size_t i = 0; i < length && result == RIGHT; i++) {
        result = found[i] == byte ? RIGHT : WRONG;
    }
    if (own.is_lent) {
        ck_assert_uint_eq((uintptr_t)found % 64, 0);
        own.request.release(own.request.release_context, found, own.length);
    }
    free(own.found);
    return result;
}

START_TEST(the_second_run_finds_everything) {
    open_cache();
    ck_assert_double_eq(hm_cached_runs_execute(&runs, "price", 4.25), 14);
    ck_assert_double_eq(hm_cached_runs_execute(&runs, "price", 4.25), 14);
    check_calls(1, 1, 1, 1);
    ck_assert_str_eq(runs.decisions, "price=found tax=found rounded=found base=found ");
    hm_cached_runs_finish(&runs);
    open_cache();
    ck_assert_double_eq(hm_cached_runs_execute(&runs, "price", 4.25), 14);
    ck_assert_double_eq(hm_cached_runs_execute(&runs, "price", 4.3), 14);
    check_calls(2, 2, 1, 1);
    ck_assert_ptr_nonnull(strstr(runs.decisions, "base=computed (`cost` has changed)"));
    ck_assert_uint_gt(hm_cached_runs_count(&runs).bytes, 0);
    ck_assert_str_eq(hm_cache_trouble(runs.cache), "");
    hm_cached_runs_finish(&runs);
}
END_TEST

static int status_of(pid_t child) {
    int status;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    return status;
}

START_TEST(processes_compute_each_node_once_in_all) {
    enum { CHILDREN = 4 };
    pid_t children[CHILDREN];
    for (int i = 0; i < CHILDREN; i++) {
        children[i] = fork();
        if (children[i] == 0) {
            open_cache();
            bool is_right = hm_cached_runs_execute(&runs, "price", 4.25) == 14 &&
                            hm_cache_trouble(runs.cache)[0] == '\0';
            hm_cached_runs_finish(&runs);
            _exit(is_right ? 0 : 1);
        }
    }
    for (int i = 0; i < CHILDREN; i++) {
        ck_assert_int_eq(status_of(children[i]), 0);
    }
    check_calls(1, 1, 1, 1);
}
END_TEST

static int ready[2];

static int call_for_ever(void *frame, const uint32_t *at, void *self) {
    (void)frame;
    (void)at;
    (void)self;
    ck_assert_int_eq(write(ready[1], "x", 1), 1);
    for (;;) {
        pause();
    }
}

static void wait_until_ready(void) {
    char byte;
    ck_assert_int_eq(read(ready[0], &byte, 1), 1);
}

START_TEST(a_killed_claimant_keeps_nobody_waiting) {
    ck_assert_int_eq(pipe(ready), 0);
    pid_t child = fork();
    if (child == 0) {
        open_cache();
        hm_cached_function("base")->call = call_for_ever;
        hm_cached_runs_execute(&runs, "base", 4.25);
        _exit(1);
    }
    wait_until_ready();
    open_cache();
    kill(child, SIGKILL);
    status_of(child);
    ck_assert_double_eq(hm_cached_runs_execute(&runs, "base", 4.25), 8.5);
    check_calls(1, 0, 0, 0);
    hm_cached_runs_finish(&runs);
}
END_TEST

static void fill(hm_cache_store *store, int count, size_t length) {
    for (int i = 0; i < count; i++) {
        char name[32];
        snprintf(name, sizeof name, "r1:%d", i);
        ck_assert_int_eq(put(store, name, i & 0xFF, length), HM_OK);
    }
}

static int count_right(hm_cache_store *store, int count, size_t length) {
    int right = 0;
    for (int i = 0; i < count; i++) {
        char name[32];
        snprintf(name, sizeof name, "r1:%d", i);
        has result = look(store, name, i & 0xFF, length);
        ck_assert_int_ne(result, WRONG);
        right += result == RIGHT;
    }
    return right;
}

START_TEST(a_writer_that_is_killed_leaves_the_file_whole) {
    for (int round = 0; round < 20; round++) {
        ck_assert_int_eq(pipe(ready), 0);
        hm_cache_store *other = NULL;
        if (round % 2 == 0) { // with and without somebody who has it open meanwhile
            other = open_store(0);
        }
        pid_t child = fork();
        if (child == 0) {
            if (other != NULL) {
                _exit(0); // a file of LMDB is not used on the other side of a fork
            }
            hm_cache_store *store = open_store(0);
            fill(store, 100, 700);
            ck_assert_int_eq(write(ready[1], "x", 1), 1);
            for (;;) {
                fill(store, 100, 700);
            }
        }
        if (other != NULL) {
            status_of(child);
            fill(other, 100, 700);
        } else {
            wait_until_ready();
            nanosleep(&(struct timespec){.tv_nsec = 300000 * round}, NULL);
            kill(child, SIGKILL);
            status_of(child);
            other = open_store(0);
        }
        ck_assert_int_eq(count_right(other, 100, 700), 100);
        hm_lmdb_store_destroy(other);
        close(ready[0]);
        close(ready[1]);
    }
}
END_TEST

// All bytes of a file.
static size_t read_file(const char *path, unsigned char **bytes) {
    struct stat status;
    ck_assert_int_eq(stat(path, &status), 0);
    *bytes = malloc((size_t)status.st_size);
    FILE *file = fopen(path, "r");
    ck_assert_uint_eq(
            fread(*bytes, 1, (size_t)status.st_size, file), (size_t)status.st_size);
    fclose(file);
    return (size_t)status.st_size;
}

static void write_file(const char *path, const unsigned char *bytes, size_t length) {
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(bytes, 1, length, file), length);
    fclose(file);
}

// A file with entries of all sizes, and some that were removed.
static size_t make_file(char path[512], unsigned char **bytes) {
    hm_cache_store *store = open_store(0);
    fill(store, 60, 700);
    fill(store, 20, 9000);
    fill(store, 10, 300);
    hm_lmdb_store_destroy(store);
    path_of("data-1.mdb", path);
    return read_file(path, bytes);
}

// Whatever is found is right, or nothing, and it can be used again.
static void use_damaged(void) {
    hm_cache_store *store = open_store(0);
    for (int i = 0; i < 60; i++) {
        char name[32];
        snprintf(name, sizeof name, "r1:%d", i);
        asked own = ask(store, HM_CACHE_GET, name, NULL, 0);
        if (own.is_lent) {
            own.request.release(
                    own.request.release_context, own.request.found, own.length);
        }
        free(own.found);
    }
    (void)put(store, "r1:new", 'x', 700);
    (void)put(store, "r1:newer", 'x', 70000);
    ck_assert_int_ne(look(store, "r1:new", 'x', 700), WRONG);
    hm_lmdb_store_destroy(store);
}

START_TEST(damaged_files_are_recognised) {
    char path[512];
    unsigned char *bytes;
    size_t length = make_file(path, &bytes);
    unsigned char *damaged = malloc(length);
    uint64_t state = 88172645463325252u + (uint64_t)_i;
    for (int i = 0; i < 250; i++) {
        memcpy(damaged, bytes, length);
        // Headers and nodes are where it hurts: half of it goes there.
        for (int k = 0; k < 1 + i % 4; k++) {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            size_t at = (size_t)(state >> 8) % length;
            at = state % 2 == 0 ? at : at / 4096 * 4096 + at % 64;
            damaged[at] ^= (unsigned char)(1u << (state >> 3) % 8);
        }
        write_file(path, damaged, length);
        use_damaged();
    }
    free(damaged);
    free(bytes);
}
END_TEST

START_TEST(files_of_other_lengths_are_recognised) {
    char path[512];
    unsigned char *bytes;
    size_t length = make_file(path, &bytes);
    static const size_t lengths[] = {0, 1, 100, 4096, 8192, 8200, 20000, 100000};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        write_file(path, bytes, lengths[i] < length ? lengths[i] : length - 1);
        use_damaged();
    }
    memset(bytes, 'x', length);
    write_file(path, bytes, length);
    use_damaged();
    unlink(path);
    ck_assert_int_eq(symlink("/etc/passwd", path), 0);
    use_damaged();
    struct stat status;
    ck_assert(lstat(path, &status) == 0 && S_ISREG(status.st_mode));
    free(bytes);
}
END_TEST

START_TEST(what_was_closed_well_is_there_again) {
    hm_cache_store *store = open_store(0);
    fill(store, 100, 700);
    hm_lmdb_store_destroy(store);
    char path[512];
    path_of("closed-1", path);
    for (int i = 0; i < 2; i++) {
        store = open_store(0); // which takes the mark away
        ck_assert_int_ne(access(path, F_OK), 0);
        ck_assert_int_eq(count_right(store, 100, 700), 100);
        hm_lmdb_store_destroy(store);
        unlink(path); // as after a restart: it is gone through
    }
}
END_TEST

START_TEST(damaged_values_are_misses) {
    open_cache();
    ck_assert_double_eq(hm_cached_runs_execute(&runs, "price", 4.25), 14);
    hm_cached_runs_finish(&runs);
    char path[512];
    unsigned char *bytes;
    path_of("data-1.mdb", path);
    size_t length = read_file(path, &bytes);
    size_t count = 0;
    for (size_t i = 0; i + 7 < length; i++) { // the magics of results
        if (memcmp(bytes + i, "hmresul", 7) == 0) {
            bytes[i + 190] ^= 1;
            count++;
        }
    }
    ck_assert_uint_ge(count, 4);
    write_file(path, bytes, length);
    free(bytes);
    open_cache();
    ck_assert_double_eq(hm_cached_runs_execute(&runs, "price", 4.25), 14);
    check_calls(2, 2, 2, 2);
    ck_assert_uint_gt(hm_cached_runs_count(&runs).damaged, 0);
    hm_cached_runs_finish(&runs);
}
END_TEST

START_TEST(what_was_put_first_makes_room) {
    enum { LIMIT = 2 << 20, COUNT = 10000, LENGTH = 1000 };
    hm_cache_store *store = open_store(LIMIT);
    fill(store, COUNT, LENGTH);
    uint64_t bytes;
    uint64_t evicted;
    store->count(store->self, &bytes, &evicted);
    ck_assert_uint_le(bytes, LIMIT + LIMIT / 8);
    ck_assert_uint_gt(evicted, COUNT / 2);
    ck_assert_int_eq(look(store, "r1:9999", 9999 & 0xFF, LENGTH), RIGHT);
    ck_assert_int_eq(look(store, "r1:0", 0, LENGTH), NOTHING);
    // Large ones, too; and the file stays within its limit.
    for (int i = 0; i < 200; i++) {
        ck_assert_int_eq(put(store, i % 2 == 0 ? "v1:a" : "v1:b", i, 200000), HM_OK);
        ck_assert_int_eq(look(store, i % 2 == 0 ? "v1:a" : "v1:b", i, 200000), RIGHT);
    }
    hm_lmdb_store_destroy(store);
    struct stat status;
    char path[512];
    path_of("data-1.mdb", path);
    ck_assert_int_eq(stat(path, &status), 0);
    ck_assert_int_le(status.st_size, 2 * LIMIT + (16 << 20));
}
END_TEST

START_TEST(what_is_lent_outlives_the_store) {
    hm_cache_store *store = open_store(0);
    ck_assert_int_eq(put(store, "v1:large", 'a', 100000), HM_OK);
    asked own = ask(store, HM_CACHE_GET, "v1:large", NULL, 0);
    ck_assert(own.is_lent);
    ck_assert_uint_eq((uintptr_t)own.request.found % 64, 0);
    ck_assert_int_eq(put(store, "v1:large", 'b', 100000), HM_OK);
    fill(store, 100, 3000); // what was removed is not used again
    hm_lmdb_store_destroy(store);
    for (size_t i = 0; i < own.length; i++) {
        ck_assert_uint_eq(((const unsigned char *)own.request.found)[i], 'a');
    }
    own.request.release(own.request.release_context, own.request.found, own.length);
    store = open_store(0);
    ck_assert_int_eq(look(store, "v1:large", 'b', 100000), RIGHT);
    hm_lmdb_store_destroy(store);
}
END_TEST

START_TEST(values_in_use_fill_a_file_and_are_told_of) {
    enum { LIMIT = 1 << 20 };
    hm_cache_store *store = open_store(LIMIT);
    asked lent[64];
    hm_status status = HM_OK;
    int count = 0;
    while (count < 64 && status == HM_OK) {
        // Each of them keeps what the next ones replace.
        status = put(store, "v1:x", count, 100000);
        if (status == HM_OK) {
            lent[count++] = ask(store, HM_CACHE_GET, "v1:x", NULL, 0);
        }
        for (int i = 0; i < 8 && status == HM_OK; i++) {
            status = put(store, "v1:y", i, 100000);
        }
    }
    ck_assert_int_eq(status, HM_IO);
    for (int i = 0; i < count; i++) {
        ck_assert(lent[i].is_lent);
        lent[i].request.release(
                lent[i].request.release_context, lent[i].request.found, lent[i].length);
    }
    ck_assert_int_eq(put(store, "v1:y", 'y', 100000), HM_OK); // there is room again
    ck_assert_int_eq(look(store, "v1:y", 'y', 100000), RIGHT);
    hm_lmdb_store_destroy(store);
}
END_TEST

START_TEST(another_process_may_have_a_larger_file) {
    hm_cache_store *store = open_store(1 << 20);
    fill(store, 10, 700);
    ck_assert_int_eq(pipe(ready), 0);
    hm_lmdb_store_destroy(store);
    int go[2];
    ck_assert_int_eq(pipe(go), 0);
    pid_t child = fork();
    if (child == 0) {
        char byte;
        ck_assert_int_eq(read(go[0], &byte, 1), 1);
        hm_cache_store *large = open_store((uint64_t)64 << 20);
        for (int i = 0; i < 100; i++) {
            char name[32];
            snprintf(name, sizeof name, "v1:%d", i);
            ck_assert_int_eq(put(large, name, i, 500000), HM_OK);
        }
        hm_lmdb_store_destroy(large);
        _exit(0);
    }
    store = open_store(1 << 20);
    ck_assert_int_eq(count_right(store, 10, 700), 10);
    ck_assert_int_eq(write(go[1], "x", 1), 1);
    ck_assert_int_eq(status_of(child), 0);
    ck_assert_int_eq(look(store, "v1:99", 99, 500000), RIGHT);
    ck_assert_int_eq(put(store, "r1:new", 'n', 700), HM_OK);
    ck_assert_int_eq(look(store, "r1:new", 'n', 700), RIGHT);
    hm_lmdb_store_destroy(store);
}
END_TEST

static void note_name(
        void *context, const char *node, const char *text, size_t length) {
    ck_assert_int_eq(strncmp(text, "code ", 5), 0);
    ck_assert_uint_gt(length, 5);
    strcat(context, node);
    strcat(context, " ");
}

START_TEST(what_is_in_it_is_listed_collected_and_cleared) {
    hm_error error;
    char names[256] = "";
    open_cache();
    ck_assert_double_eq(hm_cached_runs_execute(&runs, "price", 4.25), 14);
    ck_assert_int_eq(hm_cache_list(runs.cache, note_name, names, &error), HM_OK);
    ck_assert_str_eq(names, "test.base test.price test.rounded test.tax ");
    ck_assert_int_eq(hm_cache_collect(runs.cache, &error), HM_OK);
    ck_assert_uint_eq(hm_cached_runs_count(&runs).evicted, 0);
    ck_assert_int_eq(hm_cache_clear(runs.cache, &error), HM_OK);
    ck_assert_uint_eq(hm_cached_runs_count(&runs).evicted, 8);
    ck_assert_double_eq(hm_cached_runs_execute(&runs, "price", 4.25), 14);
    check_calls(2, 2, 2, 2);
    hm_cached_runs_finish(&runs);
    hm_cache_store *store = open_store(0);
    hm_cache_sweep sweep = {0};
    ck_assert_int_eq(store->collect(store->self, 1, 0, &sweep, &error), HM_OK);
    ck_assert_uint_eq(sweep.removed, 8);
    ck_assert_int_eq(put(store, "r1:a", 'a', 700), HM_OK);
    ck_assert_int_eq(store->collect(store->self, 0, 3600, &sweep, &error), HM_OK);
    ck_assert_uint_eq(sweep.removed, 8); // it is not so old
    hm_lmdb_store_destroy(store);
}
END_TEST

START_TEST(folders_that_others_can_write_to_are_refused) {
    hm_lmdb_options options = HM_LMDB_OPTIONS_INIT;
    options.directory = folder.path;
    options.must_exist = true;
    hm_cache_store *store;
    hm_error error;
    ck_assert_int_eq(hm_lmdb_store_create(&options, &store, &error), HM_BAD_ARGUMENT);
    ck_assert_ptr_nonnull(strstr(error.message, "there is no cache"));
    ck_assert_int_eq(mkdir(folder.path, 0700), 0);
    ck_assert_int_eq(hm_lmdb_store_create(&options, &store, &error), HM_BAD_ARGUMENT);
    ck_assert_int_eq(chmod(folder.path, 0777), 0);
    options.must_exist = false;
    ck_assert_int_eq(hm_lmdb_store_create(&options, &store, &error), HM_BAD_ARGUMENT);
    ck_assert_ptr_nonnull(strstr(error.message, "others can write to the cache"));
}
END_TEST

typedef struct worker {
    hm_cache_store *store;
    int number;
} worker;

static void work(void *context) {
    const worker *own = context;
    for (int i = 0; i < 300; i++) {
        int which = (own->number + i) % 40;
        char name[32];
        snprintf(name, sizeof name, "r1:%d", which);
        size_t length = which % 4 == 0 ? 20000 : 500;
        ck_assert_int_eq(put(own->store, name, which, length), HM_OK);
        ck_assert_int_ne(look(own->store, name, which, length), WRONG);
    }
}

// By way of two stores on one folder, which share what is open.
START_TEST(threads_put_and_get) {
    enum { THREADS = 4 };
    hm_cache_store *stores[] = {open_store(0), open_store(0)};
    uv_thread_t threads[THREADS];
    worker workers[THREADS];
    for (int i = 0; i < THREADS; i++) {
        workers[i] = (worker){stores[i % 2], i * 10};
        ck_assert_int_eq(uv_thread_create(&threads[i], work, &workers[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        uv_thread_join(&threads[i]);
    }
    hm_lmdb_store_destroy(stores[0]);
    ck_assert_int_eq(look(stores[1], "r1:1", 1, 500), RIGHT);
    hm_lmdb_store_destroy(stores[1]);
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("lmdb_runs");
    TCase *cases = tcase_create("runs");
    tcase_add_checked_fixture(cases, set_up, tear_down);
    tcase_add_test(cases, the_second_run_finds_everything);
    tcase_add_test(cases, processes_compute_each_node_once_in_all);
    tcase_add_test(cases, a_killed_claimant_keeps_nobody_waiting);
    tcase_add_test(cases, a_writer_that_is_killed_leaves_the_file_whole);
    tcase_add_loop_test(cases, damaged_files_are_recognised, 0, 2);
    tcase_add_test(cases, files_of_other_lengths_are_recognised);
    tcase_add_test(cases, what_was_closed_well_is_there_again);
    tcase_add_test(cases, damaged_values_are_misses);
    tcase_add_test(cases, what_was_put_first_makes_room);
    tcase_add_test(cases, what_is_lent_outlives_the_store);
    tcase_add_test(cases, values_in_use_fill_a_file_and_are_told_of);
    tcase_add_test(cases, another_process_may_have_a_larger_file);
    tcase_add_test(cases, what_is_in_it_is_listed_collected_and_cleared);
    tcase_add_test(cases, folders_that_others_can_write_to_are_refused);
    tcase_add_test(cases, threads_put_and_get);
    suite_add_tcase(suite, cases);
    return suite;
}
