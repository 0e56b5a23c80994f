// test_log.c — which lines are told of runs, at which level, and of which nodes.

#include <pthread.h> // pthread_create: this suite starts threads, by way of the pool
#include <stdio.h>
#include <string.h>

#include <hamilton/log.h>
#include <hamilton/retry.h>

#include "adapters/log/summary.h"
#include "base/text.h"
#include "tests/support/observed.h"
#include "tests/support/suite.h"

static hm_text told; // a line each, with the first letter of its level
static hm_log *logger;

// Times differ from run to run.
static void note(void *context, hm_log_level level, const char *line) {
    ck_assert_ptr_eq(context, &told);
    hm_text_format(&told, "%c ", "ewid"[level]);
    while (*line != '\0') {
        size_t digits = strspn(line, "0123456789.");
        const char *unit = line + digits;
        bool is_time =
                digits > 0 &&
                (strncmp(unit, " ns", 3) == 0 || strncmp(unit, " µs", 4) == 0 ||
                        strncmp(unit, " ms", 3) == 0 || strncmp(unit, " s", 2) == 0);
        if (is_time) {
            hm_text_append(&told, "T");
            line = unit + 1 + strspn(unit + 1, "nµms");
        } else {
            size_t length = digits > 0 ? digits : 1;
            hm_text_append_bytes(&told, line, length);
            line += length;
        }
    }
    hm_text_append(&told, "\n");
}

static hm_status create(hm_log_level level, const char *const *nodes, size_t count) {
    hm_log_options options = HM_LOG_OPTIONS_INIT;
    options.level = level;
    options.line = note;
    options.context = &told;
    options.nodes = nodes;
    options.node_count = count;
    options.allocator = &controlled.memory.allocator;
    return hm_log_create(&options, &logger, NULL);
}

static void begin(hm_log_level level) {
    hm_controlled_begin();
    hm_text_init(&told, NULL);
    ck_assert_int_eq(create(level, NULL, 0), HM_OK);
}

// The number of the run depends on what ran before.
static void expect(const char *expected) {
    char text[4096];
    const char *from = hm_text_get(&told);
    size_t length = 0;
    while (*from != '\0') {
        bool is_run = strncmp(from, "run ", 4) == 0;
        size_t count = is_run ? 4 : 1;
        ck_assert_uint_lt(length + 5, sizeof text);
        memcpy(text + length, from, count);
        length += count;
        from += count;
        if (is_run) {
            text[length++] = 'N';
            from += strspn(from, "0123456789");
        }
    }
    text[length] = '\0';
    ck_assert_str_eq(text, expected);
    hm_text_clear(&told);
}

static void end(hm_driver *driver) {
    hm_observed_end_driver(driver);
    hm_log_destroy(logger);
    hm_text_finish(&told);
    hm_controlled_end();
}

START_TEST(nodes_that_end_are_told_of_with_what_they_made) {
    begin(HM_LOG_INFO);
    hm_controlled_add("a", "x", hm_controlled_next);
    hm_controlled_add("b", "a", hm_controlled_next);
    hm_driver *driver = hm_observed_driver(1, hm_log_adapter(logger), NULL);
    ck_assert_int_eq(hm_observed_execute(driver, "b", 1), HM_OK);
    expect("i a = 1, T\ni b = 2, T\ni run N ended in T\n");
    ck_assert_int_eq(hm_observed_execute(driver, "b", 5), HM_OK);
    expect("i a = 5 rows, T\ni b = [2, 3, 4, ...] of 5, T\ni run N ended in T\n");
    end(driver);
}
END_TEST

START_TEST(nodes_that_begin_are_told_of_with_what_they_take) {
    begin(HM_LOG_DEBUG);
    hm_controlled_add("a", "x", hm_controlled_next);
    hm_driver *driver = hm_observed_driver(1, hm_log_adapter(logger), NULL);
    ck_assert_int_eq(hm_observed_execute(driver, "a", 1), HM_OK);
    expect("d run N begins: 1 node\nd a begins: x = 0\ni a = 1, T\n"
           "i run N ended in T\n");
    end(driver);
}
END_TEST

START_TEST(failures_and_what_they_skip_are_told_of_at_their_levels) {
    static const char *const expected[] = {
            [HM_LOG_ERROR] = "e node `a` failed: bad luck; inputs: x = 0; needed by b "
                             "(test.c:2)\n"
                             "e run N failed after T: test.c:1: node `a` failed: bad "
                             "luck; inputs: x = 0; needed by b (test.c:2)\n",
            [HM_LOG_WARNING] = "e node `a` failed: bad luck; inputs: x = 0; needed by "
                               "b (test.c:2)\n"
                               "w b is skipped: a failed\n"
                               "e run N failed after T: test.c:1: node `a` failed: bad "
                               "luck; inputs: x = 0; needed by b (test.c:2)\n"};
    for (hm_log_level level = HM_LOG_ERROR; level <= HM_LOG_WARNING; level++) {
        begin(level);
        hm_controlled_add("a", "x", hm_controlled_bad);
        hm_controlled_add("b", "a", hm_controlled_next);
        hm_driver *driver = hm_observed_driver(1, hm_log_adapter(logger), NULL);
        ck_assert_int_eq(hm_observed_execute(driver, "b", 1), HM_NODE_FAILED);
        expect(expected[level]);
        end(driver);
    }
}
END_TEST

START_TEST(what_is_tried_again_is_a_warning) {
    begin(HM_LOG_WARNING);
    hm_controlled_add("a", "x", hm_controlled_bad);
    hm_retry_options options = HM_RETRY_OPTIONS_INIT;
    hm_node_rule rule = {"a", 2};
    options.rules = &rule;
    options.rule_count = 1;
    options.pause = 1000;
    hm_retry *retry;
    ck_assert_int_eq(hm_retry_create(&options, &retry, NULL), HM_OK);
    hm_driver *driver =
            hm_observed_driver(1, hm_log_adapter(logger), hm_retry_adapter(retry));
    ck_assert_int_eq(hm_observed_execute(driver, "a", 1), HM_NODE_FAILED);
    const char *text = hm_text_get(&told);
    ck_assert_ptr_eq(strstr(text, "w a is tried again in T: node `a` failed"), text);
    ck_assert_ptr_nonnull(strstr(text + 1, "w a is tried again in T: node `a` failed"));
    hm_observed_end_driver(driver);
    hm_retry_destroy(retry);
    end(NULL);
}
END_TEST

static hm_status supply(void *self, hm_running *running, hm_error *error) {
    (void)self;
    const hm_planned_node *node = &running->planned->nodes[1];
    hm_value result = hm_value_double(7);
    hm_running_decide(running, node, HM_CACHE_FOUND, "it was kept");
    return hm_running_supply(running, node, &result, error);
}

START_TEST(what_a_cache_does_is_for_debugging) {
    begin(HM_LOG_DEBUG);
    hm_controlled_add("a", "x", hm_controlled_next);
    hm_controlled_add("b", "a", hm_controlled_next);
    const hm_adapter cache = {.struct_size = sizeof(hm_adapter),
            .name = "cache",
            .wants = hm_want_to_wrap,
            .run_began = supply};
    hm_driver *driver = hm_observed_driver(1, hm_log_adapter(logger), &cache);
    ck_assert_int_eq(hm_observed_execute(driver, "b", 1), HM_OK);
    expect("d run N begins: 2 nodes\nd b was found by the cache: it was kept\n"
           "d a is not needed\nd b is supplied by an adapter\ni run N ended in T\n");
    end(driver);
}
END_TEST

START_TEST(only_nodes_that_were_named_are_told_of) {
    static const hm_argument owner[] = {{.kind = HM_ARGUMENT_NAME, .text = "owner"},
            {.kind = HM_ARGUMENT_STRING, .text = "sales"}};
    static const hm_modifier tag = {
            .name = "tag", .arguments = owner, .argument_count = 2};
    static const char *const names[][2] = {
            {"b", "b"}, {"@owner", "c"}, {"@owner=sales", "c"}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        hm_controlled_begin();
        hm_text_init(&told, NULL);
        ck_assert_int_eq(create(HM_LOG_INFO, &names[i][0], 1), HM_OK);
        hm_controlled_add("a", "x", hm_controlled_next);
        hm_controlled_add("b", "a", hm_controlled_next);
        hm_function *c = hm_controlled_add("c", "b", hm_controlled_next);
        c->modifiers = &tag;
        c->modifier_count = 1;
        hm_driver *driver = hm_observed_driver(1, hm_log_adapter(logger), NULL);
        ck_assert_int_eq(hm_observed_execute(driver, "c", 1), HM_OK);
        char expected[64];
        snprintf(expected, sizeof expected, "i %s = %d, T\ni run N ended in T\n",
                names[i][1], i == 0 ? 2 : 3);
        expect(expected);
        end(driver);
    }
}
END_TEST

START_TEST(names_that_nothing_has_are_refused) {
    static const char *const wrong[] = {"bb", "@owner", "@owner=sales"};
    static const char *const said[] = {"`bb` is no node; did you mean `b`?",
            "no node has a tag `owner`", "no node has a tag `owner`"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        hm_controlled_begin();
        hm_text_init(&told, NULL);
        ck_assert_int_eq(create(HM_LOG_INFO, &wrong[i], 1), HM_OK);
        hm_controlled_add("b", "x", hm_controlled_next);
        hm_driver_options options = hm_controlled_options(1);
        const hm_adapter *const adapter = hm_log_adapter(logger);
        options.adapters = &adapter;
        options.adapter_count = 1;
        hm_driver *driver = NULL;
        hm_error error;
        ck_assert_int_eq(
                hm_driver_create(&options, &driver, &error), HM_ADAPTER_FAILED);
        ck_assert_msg(strstr(error.message, said[i]) != NULL, "%s", error.message);
        end(driver);
    }
}
END_TEST

START_TEST(options_that_make_no_sense_are_refused) {
    hm_controlled_begin();
    hm_text_init(&told, NULL);
    static const char *const empty[] = {"a", "", "@"};
    ck_assert_int_eq(create(HM_LOG_INFO, &empty[1], 1), HM_BAD_ARGUMENT);
    ck_assert_int_eq(create(HM_LOG_INFO, &empty[2], 1), HM_BAD_ARGUMENT);
    ck_assert_int_eq(create(HM_LOG_INFO, NULL, 1), HM_BAD_ARGUMENT);
    hm_log_options options = HM_LOG_OPTIONS_INIT;
    hm_error error;
    ck_assert_int_eq(hm_log_create(&options, &logger, &error), HM_BAD_ARGUMENT);
    ck_assert_ptr_nonnull(strstr(error.message, "takes its lines"));
    hm_log_destroy(NULL);
    for (size_t fail_at = 1; fail_at < 4; fail_at++) {
        controlled.memory.fail_at = atomic_load(&controlled.memory.calls) + fail_at;
        hm_status status = create(HM_LOG_INFO, empty, 1);
        ck_assert(status == HM_NO_MEMORY || status == HM_OK);
        if (status == HM_OK) {
            hm_log_destroy(logger);
        }
    }
    controlled.memory.fail_at = 0;
    hm_text_finish(&told);
    hm_controlled_end();
}
END_TEST

static void expect_summary(const hm_value *value, const char *expected) {
    hm_line line = {.length = 0};
    hm_line_put_value(&line, value);
    hm_line_clean(&line);
    ck_assert_str_eq(line.text, expected);
}

START_TEST(long_values_are_cut_off) {
    hm_value nothing = {.type = NULL};
    expect_summary(&nothing, "nothing");
    hm_value text = hm_value_string("short \"and\" sweet\n");
    expect_summary(&text, "\"short \\\"and\\\" sweet\\n\"");
    hm_value long_text = hm_value_string("0123456789012345678901234567890123456789"
                                         "012345678901234567é and so on");
    expect_summary(&long_text, "\"0123456789012345678901234567890123456789"
                               "012345678901234567...");
    double numbers[] = {1, 2.5, 3, 4};
    hm_value all = hm_value_many(&hm_type_double, numbers, 3);
    expect_summary(&all, "[1, 2.5, 3]");
    hm_value more = hm_value_many(&hm_type_double, numbers, 4);
    expect_summary(&more, "[1, 2.5, 3, ...] of 4");
    hm_value none = hm_value_many(&hm_type_double, NULL, 0);
    expect_summary(&none, "[]");
    hm_value absent = hm_value_many(&hm_type_double, NULL, 7);
    expect_summary(&absent, "7 rows");
    const char *texts[] = {"a text that is rather long", "and another one of them",
            "and the last", "not seen"};
    hm_value several = hm_value_many(&hm_type_string, texts, 4);
    expect_summary(&several, "[\"a text that is rather long\", \"and another one of "
                             "them\", \"a... of 4");
}
END_TEST

START_TEST(lines_come_one_at_a_time) {
    begin(HM_LOG_DEBUG);
    hm_controlled_add("a", "x", hm_controlled_slow);
    hm_controlled_add("b", "x", hm_controlled_slow);
    hm_controlled_add_sum("s", "a", "b");
    hm_driver *driver = hm_observed_driver(4, hm_log_adapter(logger), NULL);
    for (int i = 0; i < 20; i++) {
        ck_assert_int_eq(hm_observed_execute(driver, "s", 1), HM_OK);
        size_t lines = 0;
        for (const char *at = hm_text_get(&told); *at != '\0'; at++) {
            lines += *at == '\n';
        }
        ck_assert_uint_eq(lines, 8); // two for each node, two for the run
        hm_text_clear(&told);
    }
    end(driver);
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("log");
    TCase *tests = tcase_create("log");
    tcase_add_test(tests, nodes_that_end_are_told_of_with_what_they_made);
    tcase_add_test(tests, nodes_that_begin_are_told_of_with_what_they_take);
    tcase_add_test(tests, failures_and_what_they_skip_are_told_of_at_their_levels);
    tcase_add_test(tests, what_is_tried_again_is_a_warning);
    tcase_add_test(tests, what_a_cache_does_is_for_debugging);
    tcase_add_test(tests, only_nodes_that_were_named_are_told_of);
    tcase_add_test(tests, names_that_nothing_has_are_refused);
    tcase_add_test(tests, options_that_make_no_sense_are_refused);
    tcase_add_test(tests, long_values_are_cut_off);
    tcase_add_test(tests, lines_come_one_at_a_time);
    suite_add_tcase(suite, tests);
    return suite;
}
