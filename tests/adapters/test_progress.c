// test_progress.c — what is shown of runs while they go on, and that nothing of it is
// left at their end.

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <hamilton/progress.h>

#include "adapters/progress/progress.h"
#include "base/text.h"
#include "tests/support/observed.h"
#include "tests/support/suite.h"

static hm_progress *progress;

// What was written, and how often.
static struct {
    pthread_mutex_t lock;
    pthread_cond_t change;
    hm_text text;
    int count;
    bool blocks; // whoever writes
} page = {.lock = PTHREAD_MUTEX_INITIALIZER, .change = PTHREAD_COND_INITIALIZER};

static bool write_page(const char *text, size_t length, void *to) {
    ck_assert_ptr_eq(to, &page);
    pthread_mutex_lock(&page.lock);
    hm_text_append_bytes(&page.text, text, length);
    page.count++;
    while (page.blocks) {
        pthread_cond_wait(&page.change, &page.lock);
    }
    pthread_mutex_unlock(&page.lock);
    return true;
}

static size_t width_of_page(void *to) {
    ck_assert_ptr_eq(to, &page);
    return 70;
}

static void begin(bool is_terminal, uint64_t delay, uint64_t period) {
    hm_controlled_begin();
    hm_text_init(&page.text, NULL);
    page.count = 0;
    hm_progress_options options = HM_PROGRESS_OPTIONS_INIT;
    options.write = write_page;
    options.to = &page;
    options.is_terminal = is_terminal;
    options.width = width_of_page;
    options.delay = delay;
    options.period = period;
    options.allocator = &controlled.memory.allocator;
    ck_assert_int_eq(hm_progress_create(&options, &progress, NULL), HM_OK);
}

static void end(hm_driver *driver) {
    hm_observed_end_driver(driver);
    hm_progress_destroy(progress);
    hm_text_finish(&page.text);
    hm_controlled_end();
}

static const char *page_text(void) {
    return hm_text_get(&page.text);
}

static bool ends_with(const char *text, const char *tail) {
    size_t length = strlen(text);
    size_t tail_length = strlen(tail);
    return length >= tail_length && strcmp(text + length - tail_length, tail) == 0;
}

START_TEST(lines_tell_how_far_a_run_is_and_that_it_is_done) {
    enum { ROWS = 100 };
    begin(false, 1, HM_MILLISECONDS);
    hm_controlled_add("a", "x", hm_controlled_slow); // a fifth of a millisecond
    hm_controlled_add("b", "a", hm_controlled_next);
    hm_driver *driver = hm_observed_driver(2, hm_progress_adapter(progress), NULL);
    ck_assert_int_eq(hm_observed_execute(driver, "b", ROWS), HM_OK);
    ck_assert_ptr_nonnull(strstr(page_text(), "progress: "));
    ck_assert_ptr_nonnull(strstr(page_text(), " %, 0 of 2 nodes"));
    ck_assert_ptr_nonnull(strstr(page_text(), ": a, b\n"));
    ck_assert_ptr_nonnull(strstr(page_text(), " of 200 rows"));
    ck_assert_ptr_nonnull(
            strstr(page_text(), "progress: done, 2 of 2 nodes, 200 rows in "));
    end(driver);
}
END_TEST

START_TEST(a_run_that_fails_says_so) {
    begin(false, 1, 0);
    hm_controlled_add("a", "x", hm_controlled_bad);
    hm_controlled_add("b", "a", hm_controlled_next);
    hm_driver *driver = hm_observed_driver(2, hm_progress_adapter(progress), NULL);
    ck_assert_int_eq(hm_observed_execute(driver, "b", 1), HM_NODE_FAILED);
    ck_assert_ptr_eq(
            strstr(page_text(), "progress: failed, 2 of 2 nodes after "), page_text());
    end(driver);
}
END_TEST

START_TEST(what_is_drawn_is_cleared_away) {
    begin(true, 1, HM_MILLISECONDS);
    hm_controlled_add("a", "x", hm_controlled_slow);
    hm_driver *driver = hm_observed_driver(2, hm_progress_adapter(progress), NULL);
    for (int i = 0; i < 3; i++) {
        hm_text_clear(&page.text);
        ck_assert_int_eq(hm_observed_execute(driver, "a", 200), HM_OK);
        ck_assert_ptr_nonnull(strstr(page_text(), "0/1 nodes"));
        ck_assert_ptr_nonnull(strstr(page_text(), "/200 rows"));
        ck_assert_msg(ends_with(page_text(), "\r\033[K"), "%s", page_text());
    }
    end(driver);
}
END_TEST

START_TEST(short_runs_are_not_shown) {
    for (int is_terminal = 0; is_terminal < 2; is_terminal++) {
        begin(is_terminal, 0, 0);
        hm_controlled_add("a", "x", hm_controlled_next);
        hm_driver *driver = hm_observed_driver(2, hm_progress_adapter(progress), NULL);
        for (int i = 0; i < 20; i++) {
            ck_assert_int_eq(hm_observed_execute(driver, "a", 100), HM_OK);
        }
        ck_assert_int_eq(page.count, 0);
        end(driver);
    }
}
END_TEST

START_TEST(nobody_waits_for_long_until_a_line_is_taken) {
    begin(true, 1, HM_MILLISECONDS);
    hm_controlled_add("a", "x", hm_controlled_slow);
    hm_driver *driver = hm_observed_driver(2, hm_progress_adapter(progress), NULL);
    pthread_mutex_lock(&page.lock);
    page.blocks = true;
    pthread_mutex_unlock(&page.lock);
    ck_assert_int_eq(hm_observed_execute(driver, "a", 200), HM_OK); // or never
    pthread_mutex_lock(&page.lock);
    ck_assert_int_eq(page.count, 1);
    page.blocks = false;
    pthread_cond_signal(&page.change);
    pthread_mutex_unlock(&page.lock);
    hm_observed_end_driver(driver);
    hm_progress_destroy(progress); // clears it away
    ck_assert(ends_with(page_text(), "\r\033[K"));
    hm_text_finish(&page.text);
    hm_controlled_end();
}
END_TEST

START_TEST(a_run_that_was_left_is_dismissed) {
    for (int is_terminal = 0; is_terminal < 2; is_terminal++) {
        begin(is_terminal, 1, HM_MILLISECONDS);
        hm_controlled_add("a", "x", hm_controlled_stuck);
        hm_driver *driver = hm_observed_driver(2, hm_progress_adapter(progress), NULL);
        ck_assert_int_eq(hm_observed_leave(driver, "a"), HM_DEADLINE);
        hm_progress_dismiss(progress);
        pthread_mutex_lock(&page.lock);
        int count = page.count;
        bool has_begun = atomic_load(&controlled.begun) > 0; // unless all were slow
        bool is_right = is_terminal ? count == 0 || ends_with(page_text(), "\r\033[K")
                                    : strstr(page_text(), "progress: late, ") != NULL;
        pthread_mutex_unlock(&page.lock);
        ck_assert_msg(is_right, "%s", page_text());
        hm_progress_dismiss(progress);
        hm_controlled_nap(5 * HM_MILLISECONDS);
        pthread_mutex_lock(&page.lock);
        ck_assert(!has_begun || page.count == count);
        pthread_mutex_unlock(&page.lock);
        atomic_store(&controlled.is_released, true);
        end(driver);
    }
}
END_TEST

static void *execute_often(void *argument) {
    for (size_t i = 0; i < 20; i++) {
        ck_assert_int_eq(hm_observed_execute(argument, "b", 1 + 100 * (i % 2)), HM_OK);
    }
    return NULL;
}

START_TEST(of_several_runs_at_once_one_is_shown) {
    for (int is_terminal = 0; is_terminal < 2; is_terminal++) {
        begin(is_terminal, 1, HM_MILLISECONDS / 10);
        hm_controlled_add("a", "x", hm_controlled_next);
        hm_controlled_add("b", "a", hm_controlled_slow);
        hm_driver *driver = hm_observed_driver(3, hm_progress_adapter(progress), NULL);
        pthread_t threads[3];
        for (int i = 0; i < 3; i++) {
            ck_assert_int_eq(
                    pthread_create(&threads[i], NULL, execute_often, driver), 0);
        }
        for (int i = 0; i < 3; i++) {
            pthread_join(threads[i], NULL);
        }
        ck_assert(!is_terminal || ends_with(page_text(), "\r\033[K"));
        ck_assert_int_gt(page.count, 0);
        end(driver);
    }
}
END_TEST

START_TEST(without_memory_runs_are_as_they_were) {
    begin(true, 1, 1);
    hm_controlled_add("a", "x", hm_controlled_next);
    hm_failing_allocator failing;
    hm_failing_allocator_init(&failing);
    for (size_t fail_at = 1; fail_at <= 3; fail_at++) {
        hm_progress_options options = HM_PROGRESS_OPTIONS_INIT;
        options.write = write_page;
        options.to = &page;
        options.allocator = &failing.allocator;
        atomic_store(&failing.calls, 0);
        failing.fail_at = fail_at;
        hm_progress *other;
        hm_status status = hm_progress_create(&options, &other, NULL);
        ck_assert_int_eq(status, fail_at == 1 ? HM_NO_MEMORY : HM_OK);
        if (status == HM_OK) {
            hm_driver *driver = hm_observed_driver(1, hm_progress_adapter(other), NULL);
            ck_assert_int_eq(hm_observed_execute(driver, "a", 1), HM_OK);
            ck_assert_int_eq(hm_observed_execute(driver, "a", 1), HM_OK);
            hm_observed_end_driver(driver);
            hm_progress_destroy(other);
        }
    }
    ck_assert_uint_eq(atomic_load(&failing.live), 0);
    end(NULL);
}
END_TEST

START_TEST(options_that_make_no_sense_are_refused) {
    hm_progress_options options = HM_PROGRESS_OPTIONS_INIT;
    hm_error error;
    ck_assert_int_eq(hm_progress_create(&options, &progress, &error), HM_BAD_ARGUMENT);
    ck_assert_ptr_nonnull(strstr(error.message, "writes"));
    hm_progress_destroy(NULL);
}
END_TEST

// A run of which so much is done, without anybody running it.
typedef struct hm_made_up {
    hm_planned planned;
    hm_planned_node nodes[6];
    char room[sizeof(hm_progress_run) + 6 * sizeof(hm_progress_node)];
} hm_made_up;

static hm_progress_run *make_up(hm_made_up *made) {
    static const char *const names[] = {"a", "größe_der_gruppe", "b",
            "a_name_that_is_longer_than_most_names_of_nodes_are", "c", "d"};
    memset(made, 0, sizeof *made);
    made->planned.nodes = made->nodes;
    made->planned.node_count = 6;
    hm_progress_run *run = (hm_progress_run *)(void *)made->room;
    run->planned = &made->planned;
    for (uint32_t n = 0; n < 6; n++) {
        made->nodes[n] = (hm_planned_node){.number = n, .name = names[n], .mapped = 1};
        atomic_store(&run->nodes[n].row_count, 1000000);
        atomic_store(&run->nodes[n].done_count, 250000);
        atomic_store(&run->nodes[n].state, HM_PROGRESS_UNDER_WAY);
    }
    atomic_store(&run->nodes[0].state, HM_PROGRESS_DONE);
    atomic_store(&run->done_count, 1);
    return run;
}

// Columns of a drawing: what is no control sequence, nor the inside of a code point.
static size_t columns_of(const char *line) {
    size_t columns = 0;
    for (; *line != '\0'; line++) {
        if (*line == '\033') {
            line += strcspn(line, "mK");
        } else if (*line != '\r') {
            columns += ((unsigned char)*line & 0xc0) != 0x80;
        }
    }
    return columns;
}

START_TEST(no_drawing_is_wider_than_the_terminal) {
    _Alignas(16) static hm_made_up made;
    hm_progress_run *run = make_up(&made);
    char line[HM_PROGRESS_LINE_SIZE];
    for (size_t width = 0; width < 300; width++) {
        for (int has_colour = 0; has_colour < 2; has_colour++) {
            size_t length = hm_progress_draw(
                    run, 60 * UINT64_C(1000000000), width, has_colour, line);
            ck_assert_uint_eq(length, strlen(line));
            ck_assert_uint_lt(length, sizeof line);
            ck_assert_uint_le(columns_of(line), width > 5 ? width - 1 : 4);
            ck_assert(ends_with(line, "\033[K\r"));
            ck_assert_int_eq(strstr(line, "\033[32m") != NULL,
                    has_colour && strchr(line, '[') != NULL &&
                            strstr(line, "=") != NULL);
        }
    }
}
END_TEST

START_TEST(a_drawing_says_what_is_known) {
    _Alignas(16) static hm_made_up made;
    hm_progress_run *run = make_up(&made);
    char line[HM_PROGRESS_LINE_SIZE];
    // (1 + 5 / 4) of 6 nodes in a minute.
    hm_progress_draw(run, 60 * UINT64_C(1000000000), 120, false, line);
    ck_assert_str_eq(line,
            "\r 37% [==========>                ] 1/6 nodes, 2.25 M/6.00 M "
            "rows, 1:40 left: größe_der_gruppe, b +3\033[K\r");
    hm_progress_tell(run, 60 * UINT64_C(1000000000), line);
    ck_assert_str_eq(line, "progress: 37 %, 1 of 6 nodes, 2.25 M of 6.00 M rows, 1:40 "
                           "left: größe_der_gruppe, b +3\n");
    for (uint32_t n = 0; n < 6; n++) {
        atomic_store(&run->nodes[n].state, HM_PROGRESS_DONE);
    }
    atomic_store(&run->done_count, 6);
    hm_progress_tell_end(run, 7500 * HM_MILLISECONDS, HM_OK, line);
    ck_assert_str_eq(line, "progress: done, 6 of 6 nodes, 6.00 M rows in 7.50 s\n");
    hm_progress_tell_end(run, 3723000 * HM_MILLISECONDS, HM_CANCELLED, line);
    ck_assert_str_eq(
            line, "progress: cancelled, 6 of 6 nodes, 6.00 M rows after 1:02:03\n");
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("progress");
    TCase *shown = tcase_create("shown");
    tcase_add_test(shown, lines_tell_how_far_a_run_is_and_that_it_is_done);
    tcase_add_test(shown, a_run_that_fails_says_so);
    tcase_add_test(shown, what_is_drawn_is_cleared_away);
    tcase_add_test(shown, short_runs_are_not_shown);
    tcase_add_test(shown, no_drawing_is_wider_than_the_terminal);
    tcase_add_test(shown, a_drawing_says_what_is_known);
    suite_add_tcase(suite, shown);
    TCase *bounds = tcase_create("bounds");
    tcase_add_test(bounds, nobody_waits_for_long_until_a_line_is_taken);
    tcase_add_test(bounds, a_run_that_was_left_is_dismissed);
    tcase_add_test(bounds, of_several_runs_at_once_one_is_shown);
    tcase_add_test(bounds, without_memory_runs_are_as_they_were);
    tcase_add_test(bounds, options_that_make_no_sense_are_refused);
    suite_add_tcase(suite, bounds);
    return suite;
}
