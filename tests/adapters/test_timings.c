// test_timings.c — what is added up of nodes, and the table of it.

#include <pthread.h> // pthread_create: this suite starts threads, by way of the pool
#include <stdlib.h>
#include <string.h>

#include <hamilton/timings.h>

#include "base/text.h"
#include "tests/support/later.h"
#include "tests/support/observed.h"
#include "tests/support/suite.h"

enum { MOST = 8 };

static hm_timings *timings;

static void begin(void) {
    hm_controlled_begin();
    ck_assert_int_eq(
            hm_timings_create(&controlled.memory.allocator, &timings, NULL), HM_OK);
}

static hm_driver *driver_of(uint32_t thread_count, const hm_adapter *inner) {
    return hm_observed_driver(thread_count, hm_timings_adapter(timings), inner);
}

static void end(hm_driver *driver) {
    hm_observed_end_driver(driver);
    hm_timings_destroy(timings);
    hm_controlled_end();
}

static hm_timing timing_of(const char *name) {
    hm_timing all[MOST];
    size_t count = hm_timings_read(timings, all, MOST);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(all[i].name, name) == 0) {
            return all[i];
        }
    }
    ck_abort_msg("nothing is known of %s", name);
}

// The line of the table that begins with a word, without its times.
static void expect_line(const char *word, const char *expected) {
    hm_text text;
    hm_text_init(&text, NULL);
    ck_assert_int_eq(hm_timings_write(timings, hm_text_write, &text), HM_OK);
    const char *line = hm_text_get(&text);
    size_t length = strlen(word);
    while (line != NULL && (strncmp(line, word, length) != 0 || line[length] != ' ')) {
        line = strchr(line, '\n');
        line = line != NULL ? line + 1 : NULL;
    }
    ck_assert_msg(line != NULL, "%s is not in %s", word, hm_text_get(&text));
    char *copy = strndup(line, strcspn(line, "\n"));
    ck_assert_msg(strstr(copy, expected) != NULL, "%s is not in %s", expected, copy);
    free(copy);
    hm_text_finish(&text);
}

START_TEST(calls_are_counted_over_runs_and_drivers) {
    begin();
    hm_controlled_add("a", "x", hm_controlled_slow);
    hm_controlled_add("b", "a", hm_controlled_next);
    for (int i = 0; i < 3; i++) {
        hm_driver *driver = driver_of(1, NULL);
        ck_assert_int_eq(hm_observed_execute(driver, "b", 1), HM_OK);
        hm_observed_end_driver(driver);
    }
    hm_timing a = timing_of("a");
    ck_assert_uint_eq(a.call_count, 3);
    ck_assert_uint_eq(a.row_count, 3);
    ck_assert_int_eq(a.state, HM_TIMING_OK);
    ck_assert_uint_ge(a.nanoseconds, 3 * HM_MILLISECONDS / 6); // it naps a fifth of one
    ck_assert_uint_lt(timing_of("b").nanoseconds, a.nanoseconds);
    expect_line("a", "ok");
    expect_line("2", "nodes, ");
    end(NULL);
}
END_TEST

START_TEST(who_took_longest_is_first) {
    begin();
    hm_controlled_add("a", "x", hm_controlled_next);
    hm_controlled_add("b", "a", hm_controlled_slow);
    hm_driver *driver = driver_of(1, NULL);
    ck_assert_int_eq(hm_observed_execute(driver, "b", 1), HM_OK);
    hm_text text;
    hm_text_init(&text, NULL);
    ck_assert_int_eq(hm_timings_write(timings, hm_text_write, &text), HM_OK);
    const char *table = hm_text_get(&text);
    ck_assert_ptr_eq(strstr(table, "node  calls  rows"), table);
    ck_assert_ptr_nonnull(strstr(table, "\nb "));
    ck_assert_ptr_nonnull(strstr(table, "\na "));
    ck_assert(strstr(table, "\nb ") < strstr(table, "\na "));
    hm_text_finish(&text);
    end(driver);
}
END_TEST

START_TEST(rows_that_go_together_have_each_their_own_time) {
    enum { ROWS = 1000 };
    for (uint32_t threads = 1; threads <= 4; threads *= 2) {
        begin();
        hm_controlled_add("a", "x", hm_controlled_next);
        hm_controlled_add("b", "a", hm_controlled_slow); // a fifth of a millisecond
        hm_driver *driver = driver_of(threads, NULL);
        ck_assert_int_eq(hm_observed_execute(driver, "b", ROWS), HM_OK);
        hm_timing b = timing_of("b");
        ck_assert_uint_eq(timing_of("a").row_count, ROWS);
        ck_assert_uint_eq(b.row_count, ROWS);
        ck_assert_uint_eq(b.call_count, 1);
        ck_assert_uint_ge(b.nanoseconds, ROWS * HM_MILLISECONDS / 6);
        ck_assert_uint_lt(timing_of("a").nanoseconds, b.nanoseconds / 2);
        end(driver);
    }
}
END_TEST

START_TEST(what_fails_and_what_that_skips_says_so) {
    begin();
    hm_controlled_add("a", "x", hm_controlled_bad);
    hm_controlled_add("b", "a", hm_controlled_next);
    hm_driver *driver = driver_of(2, NULL);
    ck_assert_int_eq(hm_observed_execute(driver, "b", 1), HM_NODE_FAILED);
    ck_assert_int_eq(timing_of("a").state, HM_TIMING_FAILED);
    ck_assert_int_eq(timing_of("b").state, HM_TIMING_SKIPPED);
    ck_assert_uint_eq(timing_of("b").call_count, 0);
    expect_line("b", "-  skipped");
    end(driver);
}
END_TEST

START_TEST(asynchronous_nodes_take_until_they_end) {
    begin();
    hm_later_begin();
    hm_later_add("a", "x", hm_later_timer); // a millisecond
    hm_driver *driver = driver_of(2, NULL);
    ck_assert_int_eq(hm_observed_execute(driver, "a", 3), HM_OK);
    hm_timing a = timing_of("a");
    ck_assert_uint_eq(a.row_count, 3);
    ck_assert_uint_ge(a.nanoseconds, HM_MILLISECONDS / 2); // timers tick coarsely
    hm_observed_end_driver(driver);
    hm_later_end();
    end(NULL);
}
END_TEST

static hm_status supply(void *self, hm_running *running, hm_error *error) {
    (void)self;
    hm_value result = hm_value_double(7);
    return hm_running_supply(running, &running->planned->nodes[1], &result, error);
}

START_TEST(what_others_supply_is_not_timed) {
    begin();
    hm_controlled_add("a", "x", hm_controlled_next);
    hm_controlled_add("b", "a", hm_controlled_next);
    hm_controlled_add("c", "b", hm_controlled_next);
    const hm_adapter cache = {.struct_size = sizeof(hm_adapter),
            .name = "cache",
            .wants = hm_want_to_wrap,
            .run_began = supply};
    hm_driver *driver = driver_of(1, &cache);
    ck_assert_int_eq(hm_observed_execute(driver, "c", 1), HM_OK);
    ck_assert_int_eq(timing_of("a").state, HM_TIMING_NOT_NEEDED);
    ck_assert_int_eq(timing_of("b").state, HM_TIMING_SUPPLIED);
    ck_assert_int_eq(timing_of("c").state, HM_TIMING_OK);
    end(driver);
}
END_TEST

START_TEST(a_node_that_has_not_come_back_is_under_way) {
    begin();
    hm_controlled_add("a", "x", hm_controlled_stuck);
    hm_driver *driver = driver_of(2, NULL);
    ck_assert_int_eq(hm_observed_leave(driver, "a"), HM_DEADLINE);
    if (atomic_load(&controlled.begun) > 0) { // unless all were slow
        ck_assert_int_eq(timing_of("a").state, HM_TIMING_UNDER_WAY);
    }
    atomic_store(&controlled.is_released, true);
    end(driver);
}
END_TEST

START_TEST(without_memory_runs_are_as_they_were) {
    bool was_complete = false;
    for (size_t fail_at = 1; !was_complete; fail_at++) {
        hm_controlled_begin();
        hm_failing_allocator failing;
        hm_failing_allocator_init(&failing);
        failing.fail_at = fail_at;
        failing.for_good = true;
        if (hm_timings_create(&failing.allocator, &timings, NULL) == HM_OK) {
            hm_controlled_add("a", "x", hm_controlled_next);
            hm_driver *driver = driver_of(1, NULL);
            ck_assert_int_eq(hm_observed_execute(driver, "a", 2000), HM_OK);
            ck_assert_int_eq(hm_observed_execute(driver, "a", 1), HM_OK);
            hm_text text;
            hm_text_init(&text, NULL);
            hm_status status = hm_timings_write(timings, hm_text_write, &text);
            ck_assert(status == HM_OK || status == HM_NO_MEMORY);
            hm_text_finish(&text);
            was_complete = atomic_load(&failing.calls) < fail_at;
            hm_observed_end_driver(driver);
            hm_timings_destroy(timings);
        }
        ck_assert_uint_eq(atomic_load(&failing.live), 0);
        hm_controlled_end();
    }
}
END_TEST

static bool refuse(const char *text, size_t length, void *to) {
    (void)text;
    (void)length;
    (void)to;
    return false;
}

START_TEST(an_empty_table_and_one_that_cannot_be_written) {
    begin();
    ck_assert_uint_eq(hm_timings_read(timings, NULL, 0), 0);
    expect_line("0", "nodes, 0 ns in all; 0 runs");
    ck_assert_int_eq(hm_timings_write(timings, refuse, NULL), HM_IO);
    hm_timings_destroy(NULL);
    end(NULL);
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("timings");
    TCase *tests = tcase_create("timings");
    tcase_add_test(tests, calls_are_counted_over_runs_and_drivers);
    tcase_add_test(tests, who_took_longest_is_first);
    tcase_add_test(tests, rows_that_go_together_have_each_their_own_time);
    tcase_add_test(tests, what_fails_and_what_that_skips_says_so);
    tcase_add_test(tests, asynchronous_nodes_take_until_they_end);
    tcase_add_test(tests, what_others_supply_is_not_timed);
    tcase_add_test(tests, a_node_that_has_not_come_back_is_under_way);
    tcase_add_test(tests, without_memory_runs_are_as_they_were);
    tcase_add_test(tests, an_empty_table_and_one_that_cannot_be_written);
    suite_add_tcase(suite, tests);
    return suite;
}
