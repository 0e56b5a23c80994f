// Runs with a cache in a real Redis server: what is found there by whom, and what
// becomes of a run when the server goes away.

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <uv.h>

#include "tests/support/cached_runs.h"
#include "tests/support/redis_server.h"
#include "tests/support/suite.h"

static hm_redis_server server;
static hm_cached_runs runs;

static void open_cache(const char *options) {
    char address[256];
    snprintf(address, sizeof address, "%s%s", server.address, options);
    runs = (hm_cached_runs){0};
    hm_cached_runs_init(&runs, NULL, NULL);
    hm_cache_destroy(runs.cache);
    runs.cache = hm_redis_server_cache(address);
}

static void pause_for(long milliseconds) {
    nanosleep(&(struct timespec){.tv_nsec = milliseconds * 1000000}, NULL);
}

static void set_up(void) {
    hm_cached_make_module();
    hm_redis_server_start(&server, "");
    open_cache("");
}

static void tear_down(void) {
    hm_cached_runs_finish(&runs);
    hm_redis_server_stop(&server);
}

static void check_calls(int base, int rounded, int tax, int price) {
    ck_assert_int_eq(atomic_load(&hm_cached_calls_made->base), base);
    ck_assert_int_eq(atomic_load(&hm_cached_calls_made->rounded), rounded);
    ck_assert_int_eq(atomic_load(&hm_cached_calls_made->tax), tax);
    ck_assert_int_eq(atomic_load(&hm_cached_calls_made->price), price);
}

START_TEST(the_second_run_finds_everything) {
    ck_assert_double_eq(hm_cached_runs_execute(&runs, "price", 4.25), 14);
    check_calls(1, 1, 1, 1);
    ck_assert_ptr_nonnull(
            strstr(runs.decisions, "base=computed (it was not computed before) "));
    ck_assert_double_eq(hm_cached_runs_execute(&runs, "price", 4.25), 14);
    check_calls(1, 1, 1, 1);
    ck_assert_str_eq(runs.decisions, "price=found tax=found rounded=found base=found ");
    hm_cache_statistics counts = hm_cached_runs_count(&runs);
    ck_assert_uint_eq(counts.computed, 4);
    ck_assert_uint_eq(counts.found, 4);
    ck_assert_uint_eq(counts.loaded, 1);
    ck_assert_str_eq(hm_cache_trouble(runs.cache), "");
    // Another cache, as another machine has one, finds them too.
    hm_cached_runs_finish(&runs);
    open_cache("");
    ck_assert_double_eq(hm_cached_runs_execute(&runs, "price", 4.25), 14);
    check_calls(1, 1, 1, 1);
    ck_assert_double_eq(hm_cached_runs_execute(&runs, "price", 4.3), 14);
    check_calls(2, 2, 1, 1);
    ck_assert_ptr_nonnull(strstr(runs.decisions, "base=computed (`cost` has changed)"));
}
END_TEST

// Waits for what a child found, and ends it.
static int status_of(pid_t child) {
    int status;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    return status;
}

START_TEST(processes_compute_each_node_once_in_all) {
    enum { CHILDREN = 4 };
    hm_cached_runs_finish(&runs); // its thread would not be forked
    pid_t children[CHILDREN];
    for (int i = 0; i < CHILDREN; i++) {
        children[i] = fork();
        if (children[i] == 0) {
            open_cache("");
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
    open_cache("");
}
END_TEST

static int pipe_of_claimant[2];

// Says that it is being computed, and never returns.
static int call_for_ever(void *frame, const uint32_t *at, void *self) {
    (void)frame;
    (void)at;
    (void)self;
    ck_assert_int_eq(write(pipe_of_claimant[1], "x", 1), 1);
    for (;;) {
        pause();
    }
}

// A process that has claimed `base` and computes it.
static pid_t start_claimant(void) {
    hm_cached_runs_finish(&runs);
    ck_assert_int_eq(pipe(pipe_of_claimant), 0);
    pid_t child = fork();
    if (child == 0) {
        open_cache("");
        hm_cached_function("base")->call = call_for_ever;
        hm_cached_runs_execute(&runs, "base", 4.25);
        _exit(1);
    }
    char byte;
    ck_assert_int_eq(read(pipe_of_claimant[0], &byte, 1), 1);
    open_cache("");
    return child;
}

static const char *the_claim(void) {
    static char key[256];
    const char *keys = hm_redis_server_tell(&server, "KEYS *:claim");
    ck_assert_int_eq(sscanf(keys, "%255s", key), 1);
    return key;
}

static long long tell_number(const char *format, const char *key) {
    char command[512];
    snprintf(command, sizeof command, format, key);
    return atoll(hm_redis_server_tell(&server, command));
}

START_TEST(a_killed_claimant_keeps_nobody_waiting) {
    pid_t claimant = start_claimant();
    kill(claimant, SIGKILL);
    status_of(claimant);
    // Its claim expires; the test does not want to wait so long.
    long long life = tell_number("PTTL %s", the_claim());
    ck_assert(life > 0 && life <= 5000);
    ck_assert_int_eq(tell_number("PEXPIRE %s 100", the_claim()), 1);
    ck_assert_double_eq(hm_cached_runs_execute(&runs, "base", 4.25), 8.5);
    ck_assert_str_eq(runs.decisions, "base=computed (it was not computed before) ");
    ck_assert_str_eq(hm_cache_trouble(runs.cache), "");
    ck_assert_str_eq(hm_redis_server_tell(&server, "KEYS *:claim"), ""); // given back
}
END_TEST

START_TEST(who_computes_long_renews_its_claim) {
    pid_t claimant = start_claimant();
    ck_assert_int_eq(tell_number("PEXPIRE %s 2500", the_claim()), 1);
    long long life = 0;
    for (int i = 0; i < 500 && life <= 2500; i++) { // until it is renewed, or expires
        life = tell_number("PTTL %s", the_claim());
        pause_for(10);
    }
    ck_assert_int_gt(life, 2500);
    kill(claimant, SIGKILL);
    status_of(claimant);
}
END_TEST

START_TEST(what_is_no_claim_keeps_nobody_waiting) {
    ck_assert_double_eq(hm_cached_runs_execute(&runs, "base", 4.25), 8.5);
    char key[256];
    const char *keys = hm_redis_server_tell(&server, "KEYS *r1:*");
    ck_assert_int_eq(sscanf(keys, "%255s", key), 1);
    char command[512];
    snprintf(command, sizeof command, "SET %s:claim forever", key);
    ck_assert_str_eq(hm_redis_server_tell(&server, command), "OK");
    snprintf(command, sizeof command, "DEL %s", key);
    hm_redis_server_tell(&server, command);
    ck_assert_double_eq(hm_cached_runs_execute(&runs, "base", 4.25), 8.5);
    check_calls(2, 0, 0, 0);
}
END_TEST

// What happens to the server while `base` is computed.
static void (*interference)(void);

static int call_and_interfere(void *frame, const uint32_t *at, void *self) {
    (void)self;
    double cost = *(double *)(void *)((char *)frame + at[0]);
    interference();
    *(double *)(void *)((char *)frame + at[1]) = cost * 2;
    return 0;
}

static void kill_server(void) {
    hm_redis_server_kill(&server);
}

static void stop_server(void) {
    kill(server.process, SIGSTOP);
}

static void flush_server(void) {
    hm_redis_server_tell(&server, "FLUSHALL");
}

// Runs until everything is found again, as it must be some time after the server came
// back.
static void wait_until_found(void) {
    bool is_found = false;
    for (int i = 0; i < 1000 && !is_found; i++) {
        ck_assert_double_eq(hm_cached_runs_execute(&runs, "price", 4.25), 14);
        is_found = strstr(runs.decisions, "price=found") != NULL;
        pause_for(5);
    }
    ck_assert(is_found);
}

START_TEST(a_server_that_is_killed_costs_misses) {
    interference = kill_server;
    hm_cached_function("base")->call = call_and_interfere;
    ck_assert_double_eq(hm_cached_runs_execute(&runs, "price", 4.25), 14);
    ck_assert_ptr_nonnull(strstr(runs.decisions, "price=computed"));
    ck_assert_ptr_nonnull(strstr(hm_cache_trouble(runs.cache), "Redis at 127.0.0.1:"));
    ck_assert_uint_gt(hm_cached_runs_count(&runs).lost, 0);
    interference = flush_server; // there is nothing to be found, which is no trouble
    hm_redis_server_restart(&server);
    wait_until_found();
}
END_TEST

static double seconds_of_a_run(void) {
    uint64_t begin = uv_hrtime();
    ck_assert_double_eq(hm_cached_runs_execute(&runs, "price", 4.25), 14);
    return (double)(uv_hrtime() - begin) / 1e9;
}

START_TEST(a_server_that_is_stopped_is_waited_for_once) {
    hm_cached_runs_finish(&runs);
    open_cache("?timeout=200");
    interference = stop_server;
    hm_cached_function("base")->call = call_and_interfere;
    // Some look-ups wait, all for the same 200 ms; then nobody waits any more. What is
    // allowed is generous: the machine may be busy.
    ck_assert_double_lt(seconds_of_a_run(), 5);
    hm_cache_statistics counts = hm_cached_runs_count(&runs);
    ck_assert_uint_gt(counts.missed + counts.lost, 0);
    ck_assert_ptr_nonnull(
            strstr(hm_cache_trouble(runs.cache), "no reply within 200 ms"));
    hm_cached_function("base")->version = "2"; // no interference any more
    interference = flush_server;
    kill(server.process, SIGCONT);
    wait_until_found();
}
END_TEST

START_TEST(a_server_that_is_flushed_costs_misses) {
    ck_assert_double_eq(hm_cached_runs_execute(&runs, "tax", 4.25), 6);
    interference = flush_server;
    hm_cached_function("base")->call = call_and_interfere;
    ck_assert_double_eq(hm_cached_runs_execute(&runs, "price", 4.25), 14);
    ck_assert_str_eq(hm_cache_trouble(runs.cache), "");
    hm_redis_server_tell(&server, "FLUSHALL");
    ck_assert_double_eq(hm_cached_runs_execute(&runs, "price", 4.25), 14);
    ck_assert_ptr_nonnull(strstr(runs.decisions, "price=computed"));
}
END_TEST

START_TEST(a_server_that_is_not_there_costs_misses) {
    hm_cached_runs_finish(&runs);
    hm_redis_server_kill(&server);
    open_cache("");
    for (int i = 0; i < 3; i++) {
        ck_assert_double_eq(hm_cached_runs_execute(&runs, "price", 4.25), 14);
    }
    check_calls(3, 3, 3, 3);
    ck_assert_ptr_nonnull(strstr(hm_cache_trouble(runs.cache), "Connection refused"));
    hm_redis_server_restart(&server);
    wait_until_found();
}
END_TEST

START_TEST(a_host_that_is_none_costs_misses) {
    hm_cached_runs_finish(&runs);
    runs.cache = hm_redis_server_cache("redis://no.such.host.invalid?timeout=2000");
    ck_assert_double_eq(hm_cached_runs_execute(&runs, "price", 4.25), 14);
    ck_assert_ptr_nonnull(
            strstr(hm_cache_trouble(runs.cache), "Redis at no.such.host.invalid:6379"));
}
END_TEST

START_TEST(passwords_are_asked_for_and_not_told) {
    hm_redis_server_tell(&server, "ACL SETUSER worker on >s3:cr/t ~* +@all");
    hm_redis_server_tell(&server, "CONFIG SET requirepass other");
    static const struct {
        const char *user;
        const char *trouble;
    } cases[] = {{"worker:s3%3Acr%2Ft@", ""}, {":other@", ""}, {"", "NOAUTH"},
            {"worker:wrong@", "WRONGPASS"}, {":wrong@", "WRONGPASS"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        hm_cached_runs_finish(&runs);
        char address[256];
        snprintf(address, sizeof address, "redis://%s127.0.0.1:%d", cases[i].user,
                server.port);
        runs.cache = hm_redis_server_cache(address);
        ck_assert_double_eq(hm_cached_runs_execute(&runs, "price", 4.25), 14);
        const char *trouble = hm_cache_trouble(runs.cache);
        ck_assert_ptr_nonnull(strstr(trouble, cases[i].trouble));
        ck_assert_int_eq(trouble[0] == '\0', cases[i].trouble[0] == '\0');
        ck_assert_ptr_null(strstr(trouble, "wrong@"));
    }
    check_calls(4, 4, 4, 4); // the second found what the first kept
}
END_TEST

START_TEST(a_socket_a_database_and_a_prefix_are_other_places) {
    char address[256];
    snprintf(address, sizeof address, "redis+unix://%s?database=3&prefix=a%%20b%%3A",
            server.socket);
    hm_cached_runs_finish(&runs);
    runs.cache = hm_redis_server_cache(address);
    ck_assert_double_eq(hm_cached_runs_execute(&runs, "price", 4.25), 14);
    ck_assert_str_eq(hm_cache_trouble(runs.cache), "");
    ck_assert_str_eq(hm_redis_server_tell(&server, "DBSIZE"), "0");
    hm_cached_runs_finish(&runs);
    open_cache("/3?prefix=a%20b:");
    ck_assert_double_eq(hm_cached_runs_execute(&runs, "price", 4.25), 14);
    check_calls(1, 1, 1, 1);
    hm_cached_runs_finish(&runs);
    open_cache("/3");
    ck_assert_double_eq(hm_cached_runs_execute(&runs, "price", 4.25), 14);
    check_calls(2, 2, 2, 2);
}
END_TEST

START_TEST(entries_have_a_time_to_live) {
    hm_cached_runs_finish(&runs);
    open_cache("?ttl=1000");
    ck_assert_double_eq(hm_cached_runs_execute(&runs, "base", 4.25), 8.5);
    hm_cached_runs_finish(&runs); // all is put when it is closed
    char keys[1024];
    snprintf(keys, sizeof keys, "%s", hm_redis_server_tell(&server, "KEYS *"));
    int count = 0;
    for (char *key = strtok(keys, " "); key != NULL; key = strtok(NULL, " ")) {
        long long life = tell_number("TTL %s", key);
        ck_assert(life > 900 && life <= 1000);
        count++;
    }
    ck_assert_int_eq(count, 2); // the result, and a note of the node
    open_cache("");
}
END_TEST

// One kind of damage after another to all that is there: results are right all the
// same, and are kept anew.
START_TEST(damaged_and_foreign_entries_are_misses) {
    static const char *const damages[] = {"SET %s x", "SET %s \"\"", "SETRANGE %s 0 X",
            "SETRANGE %s 40 ZZZ", "SETRANGE %s 100 ZZZ", "SETRANGE %s 190 ZZZZZZZZZZZ",
            "APPEND %s more", "DEL %s", "LPUSH %s 1 2", "HSET %s a b"};
    for (size_t i = 0; i < sizeof damages / sizeof *damages; i++) {
        ck_assert_double_eq(hm_cached_runs_execute(&runs, "price", 4.25), 14);
        char keys[4096];
        snprintf(keys, sizeof keys, "%s", hm_redis_server_tell(&server, "KEYS *1:*"));
        int count = 0;
        for (char *key = strtok(keys, " "); key != NULL; key = strtok(NULL, " ")) {
            char command[512];
            if (damages[i][0] == 'L' || damages[i][0] == 'H') {
                snprintf(command, sizeof command, "DEL %s", key);
                hm_redis_server_tell(&server, command);
            }
            snprintf(command, sizeof command, damages[i], key);
            hm_redis_server_tell(&server, command);
            count++;
        }
        ck_assert_int_eq(count, 8);
        int before = atomic_load(&hm_cached_calls_made->price);
        ck_assert_double_eq(hm_cached_runs_execute(&runs, "price", 4.25), 14);
        ck_assert_int_eq(atomic_load(&hm_cached_calls_made->price), before + 1);
    }
    ck_assert_str_eq(hm_cache_trouble(runs.cache), "");
    ck_assert_uint_gt(hm_cached_runs_count(&runs).damaged, 0);
}
END_TEST

START_TEST(what_the_server_evicts_is_computed_again) {
    hm_redis_server_tell(&server, "CONFIG SET maxmemory 1500kb");
    hm_redis_server_tell(&server, "CONFIG SET maxmemory-policy allkeys-lru");
    for (int i = 0; i < 100; i++) {
        ck_assert_double_eq(hm_cached_runs_execute(&runs, "base", i), 2 * i);
    }
    ck_assert_str_eq(hm_cache_trouble(runs.cache), "");
}
END_TEST

START_TEST(a_server_that_is_full_is_told_of) {
    ck_assert_double_eq(hm_cached_runs_execute(&runs, "price", 4.25), 14);
    hm_redis_server_tell(&server, "CONFIG SET maxmemory 1");
    ck_assert_double_eq(hm_cached_runs_execute(&runs, "price", 4.25), 14);
    check_calls(1, 1, 1, 1); // it still answers
    ck_assert_double_eq(hm_cached_runs_execute(&runs, "price", 5), 16);
    hm_cached_runs_finish(&runs);
    open_cache("");
    ck_assert_double_eq(hm_cached_runs_execute(&runs, "price", 5), 16);
    ck_assert_ptr_nonnull(strstr(hm_cache_trouble(runs.cache), "OOM"));
    ck_assert_uint_gt(hm_cached_runs_count(&runs).lost, 0);
}
END_TEST

static void note_name(
        void *context, const char *node, const char *text, size_t length) {
    ck_assert_uint_gt(length, 0);
    ck_assert_int_eq(strncmp(text, "code ", 5), 0);
    strcat(context, node);
    strcat(context, " ");
}

START_TEST(what_is_in_it_is_listed_and_cleared) {
    hm_error error;
    char names[256] = "";
    hm_redis_server_tell(&server, "SET r1:of-another-program x");
    ck_assert_double_eq(hm_cached_runs_execute(&runs, "price", 4.25), 14);
    ck_assert_int_eq(hm_cache_list(runs.cache, note_name, names, &error), HM_OK);
    ck_assert_str_eq(names, "test.base test.price test.rounded test.tax ");
    ck_assert_int_eq(hm_cache_collect(runs.cache, &error), HM_OK);
    ck_assert_uint_gt(hm_cached_runs_count(&runs).bytes, 0);
    ck_assert_uint_eq(hm_cached_runs_count(&runs).evicted, 0);
    ck_assert_int_eq(hm_cache_clear(runs.cache, &error), HM_OK);
    ck_assert_uint_eq(hm_cached_runs_count(&runs).evicted, 8);
    ck_assert_str_eq(hm_redis_server_tell(&server, "DBSIZE"), "1"); // the other's
    ck_assert_double_eq(hm_cached_runs_execute(&runs, "price", 4.25), 14);
    check_calls(2, 2, 2, 2);
    hm_redis_server_kill(&server);
    ck_assert_int_eq(hm_cache_clear(runs.cache, &error), HM_IO);
    ck_assert_ptr_nonnull(strstr(error.message, "Redis at 127.0.0.1:"));
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("redis_runs");
    TCase *cases = tcase_create("runs");
    tcase_add_checked_fixture(cases, set_up, tear_down);
    if (!hm_redis_server_is_there()) {
        suite_add_tcase(suite, cases);
        return suite;
    }
    tcase_add_test(cases, the_second_run_finds_everything);
    tcase_add_test(cases, processes_compute_each_node_once_in_all);
    tcase_add_test(cases, a_killed_claimant_keeps_nobody_waiting);
    tcase_add_test(cases, who_computes_long_renews_its_claim);
    tcase_add_test(cases, what_is_no_claim_keeps_nobody_waiting);
    tcase_add_test(cases, a_server_that_is_killed_costs_misses);
    tcase_add_test(cases, a_server_that_is_stopped_is_waited_for_once);
    tcase_add_test(cases, a_server_that_is_flushed_costs_misses);
    tcase_add_test(cases, a_server_that_is_not_there_costs_misses);
    tcase_add_test(cases, a_host_that_is_none_costs_misses);
    tcase_add_test(cases, passwords_are_asked_for_and_not_told);
    tcase_add_test(cases, a_socket_a_database_and_a_prefix_are_other_places);
    tcase_add_test(cases, entries_have_a_time_to_live);
    tcase_add_test(cases, damaged_and_foreign_entries_are_misses);
    tcase_add_test(cases, what_the_server_evicts_is_computed_again);
    tcase_add_test(cases, a_server_that_is_full_is_told_of);
    tcase_add_test(cases, what_is_in_it_is_listed_and_cleared);
    suite_add_tcase(suite, cases);
    return suite;
}
