// Results as columns and as JSON: which, in which order, how single values stand beside
// arrays, and whose they are.

#include <jansson.h>
#include <math.h>
#include <pthread.h>
#include <stdint.h>
#include <string.h>

#include <hamilton/arrow.h>
#include <hamilton/columns.h>
#include <hamilton/json.h>
#include <hamilton/table.h>

#include "base/text.h"
#include "tests/support/failing_allocator.h"
#include "tests/support/given_results.h"
#include "tests/support/suite.h"

static const double spend[] = {1, NAN, 3};
static const int visits[] = {4, 5, 6};
static const char *regions[] = {"us", "eu", ""};
static uint8_t two_of_three[] = {5};

static hm_results *results;
static hm_text text;

static void set_up(void) {
    hm_text_init(&text, NULL);
}

static void tear_down(void) {
    hm_results_destroy(results);
    results = NULL;
    hm_given_end();
    hm_text_finish(&text);
}

static const char *csv_of(hm_columns *columns) {
    hm_error error = {.message = ""};
    hm_text_clear(&text);
    ck_assert_msg(
            hm_table_print(HM_FORMAT_CSV, hm_columns_items(columns),
                    hm_columns_count(columns), hm_text_write, &text, &error) == HM_OK,
            "%s", error.message);
    return hm_text_get(&text);
}

// What is made of all results, or of some.
static void check_csv(
        const char *const *names, size_t name_count, const char *expected) {
    hm_columns_options options = HM_COLUMNS_OPTIONS_INIT;
    options.names = names;
    options.name_count = name_count;
    hm_columns *columns;
    hm_error error = {.message = ""};
    ck_assert_msg(hm_columns_create(results, &options, &columns, &error) == HM_OK, "%s",
            error.message);
    ck_assert_str_eq(csv_of(columns), expected);
    hm_columns_destroy(columns);
}

static void check_refused(
        const hm_columns_options *options, hm_status status, const char *message) {
    hm_columns *columns = NULL;
    hm_error error = {.message = ""};
    ck_assert_int_eq(hm_columns_create(results, options, &columns, &error), status);
    ck_assert_str_eq(error.message, message);
    ck_assert_ptr_null(columns);
}

static void give_some(void) {
    hm_binding values[] = {
            {"spend", hm_value_many(&hm_type_double, spend, 3)},
            {"mean", hm_value_double(2.5)},
            {"visits", hm_value_many(&hm_type_int, visits, 3)},
            {"town", hm_value_string("Zug")},
    };
    values[2].value.many.validity = two_of_three;
    results = hm_given_results(values, 4);
}

START_TEST(single_values_are_repeated_beside_arrays) {
    give_some();
    check_csv(NULL, 0, "spend,mean,visits,town\n1,2.5,4,Zug\n,2.5,,Zug\n3,2.5,6,Zug\n");
}
END_TEST

START_TEST(names_choose_results_and_their_order) {
    give_some();
    const char *const names[] = {"town", "visits"};
    check_csv(names, 2, "town,visits\nZug,4\nZug,\nZug,6\n");
    const char *const single[] = {"town", "mean"};
    check_csv(single, 2, "town,mean\nZug,2.5\n");
}
END_TEST

START_TEST(arrays_without_rows_have_columns_without_rows) {
    const hm_binding values[] = {
            {"spend", hm_value_many(&hm_type_double, NULL, 0)},
            {"mean", hm_value_double(2.5)},
    };
    results = hm_given_results(values, 2);
    check_csv(NULL, 0, "spend,mean\n");
}
END_TEST

START_TEST(arrays_of_other_lengths_are_refused) {
    const hm_binding values[] = {
            {"mean", hm_value_double(2.5)},
            {"spend", hm_value_many(&hm_type_double, spend, 3)},
            {"visits", hm_value_many(&hm_type_int, visits, 2)},
    };
    results = hm_given_results(values, 3);
    check_refused(NULL, HM_LENGTH_MISMATCH, "`spend` has 3 rows and `visits` has 2");
}
END_TEST

START_TEST(names_that_are_no_results_are_refused) {
    give_some();
    hm_columns_options options = HM_COLUMNS_OPTIONS_INIT;
    options.names = (const char *const[]){"spent"};
    options.name_count = 1;
    check_refused(&options, HM_UNKNOWN_NAME,
            "`spent` is not among the results; is `spend` meant?");
    options.names = (const char *const[]){"elsewhere"};
    options.passes_over = true;
    check_refused(&options, HM_UNKNOWN_NAME,
            "`elsewhere` is not among the results; ask for it in the request");
    options.name_count = 0;
    check_refused(&options, HM_BAD_ARGUMENT, "there are no columns");
    check_refused(&(hm_columns_options){0}, HM_BAD_ARGUMENT,
            "struct_size is not set: start from HM_COLUMNS_OPTIONS_INIT");
}
END_TEST

START_TEST(results_that_failed_are_refused_or_passed_over) {
    const hm_binding value = {"spend", hm_value_many(&hm_type_double, spend, 1)};
    results = hm_given_results_and_bad(&value, 1);
    hm_columns_options options = HM_COLUMNS_OPTIONS_INIT;
    hm_columns *columns = NULL;
    hm_error error;
    ck_assert_int_eq(
            hm_columns_create(results, &options, &columns, &error), HM_NODE_FAILED);
    ck_assert_str_eq(
            error.message, "`bad` is not ready: node `bad` failed: it returned 1");
    options.passes_over = true;
    ck_assert_int_eq(hm_columns_create(results, &options, &columns, &error), HM_OK);
    ck_assert_str_eq(csv_of(columns), "spend\n1\n");
    hm_columns_destroy(columns);
    options.names = (const char *const[]){"bad"};
    options.name_count = 1;
    check_refused(&options, HM_BAD_ARGUMENT, "there are no columns");
}
END_TEST

struct stream {
    struct ArrowArrayStream *stream;
    double sum;
};

// Reads and releases what another thread exported.
static void *consume(void *argument) {
    struct stream *consumed = argument;
    struct ArrowArray batch;
    while (consumed->stream->get_next(consumed->stream, &batch) == 0 &&
            batch.release != NULL) {
        const double *means = batch.children[0]->buffers[1];
        for (int64_t i = 0; i < batch.length; i++) {
            consumed->sum += means[batch.children[0]->offset + i];
        }
        batch.release(&batch);
    }
    consumed->stream->release(consumed->stream);
    return NULL;
}

START_TEST(a_stream_owns_the_results_that_it_is_made_of) {
    hm_failing_allocator memory;
    hm_failing_allocator_init(&memory);
    give_some();
    hm_columns_options options = HM_COLUMNS_OPTIONS_INIT;
    options.names = (const char *const[]){"mean", "spend", "town"};
    options.name_count = 3;
    options.allocator = &memory.allocator;
    hm_columns *columns;
    ck_assert_int_eq(hm_columns_create(results, &options, &columns, NULL), HM_OK);
    hm_columns_take_over(columns, results);
    results = NULL;
    hm_arrow_export_options exported = HM_ARROW_EXPORT_OPTIONS_INIT;
    exported.takes_over = true;
    exported.batch_rows = 2;
    exported.allocator = &memory.allocator;
    struct ArrowArrayStream stream;
    ck_assert_int_eq(hm_arrow_export_stream(&exported, hm_columns_items(columns),
                             hm_columns_count(columns), &stream, NULL),
            HM_OK);
    hm_columns_destroy(columns);
    ck_assert_uint_gt(memory.live, 0);
    struct stream consumed = {&stream, 0};
    pthread_t thread;
    ck_assert_int_eq(pthread_create(&thread, NULL, consume, &consumed), 0);
    pthread_join(thread, NULL);
    ck_assert_double_eq(consumed.sum, 7.5);
    ck_assert_uint_eq(memory.live, 0);
}
END_TEST

START_TEST(running_out_of_memory_leaves_nothing_behind) {
    hm_failing_allocator memory;
    hm_failing_allocator_init(&memory);
    give_some();
    hm_columns_options options = HM_COLUMNS_OPTIONS_INIT;
    options.allocator = &memory.allocator;
    hm_status status = HM_NO_MEMORY;
    size_t tried = 0;
    while (status == HM_NO_MEMORY) {
        memory.calls = 0;
        memory.fail_at = ++tried;
        hm_columns *columns = NULL;
        hm_error error;
        status = hm_columns_create(results, &options, &columns, &error);
        ck_assert(status == HM_OK || (status == HM_NO_MEMORY && columns == NULL &&
                                             error.status == HM_NO_MEMORY));
        hm_columns_destroy(columns);
        ck_assert_uint_eq(memory.live, 0);
    }
    ck_assert_uint_gt(tried, 2);
}
END_TEST

START_TEST(json_is_one_object_in_the_order_asked_for) {
    const hm_binding values[] = {
            {"spend", hm_value_many(&hm_type_double, spend, 3)},
            {"regions", hm_value_many(&hm_type_string, regions, 3)},
            {"mean", hm_value_double(2.5)},
    };
    results = hm_given_results_and_bad(values, 3);
    hm_error error;
    ck_assert_int_eq(
            hm_json_write_results(results, hm_text_write, &text, &error), HM_OK);
    ck_assert_str_eq(hm_text_get(&text),
            "{\"spend\": [1, null, 3], \"regions\": [\"us\", \"eu\", \"\"], "
            "\"mean\": 2.5}");
    json_error_t fault;
    json_t *read = json_loads(hm_text_get(&text), 0, &fault);
    ck_assert_msg(read != NULL, "%s", fault.text);
    ck_assert_double_eq(json_real_value(json_object_get(read, "mean")), 2.5);
    json_decref(read);
}
END_TEST

static bool refuse(const char *piece, size_t length, void *to) {
    (void)piece;
    (void)length;
    (void)to;
    return false;
}

START_TEST(json_tells_of_text_that_is_not_utf8_and_of_a_refusal_to_write) {
    const hm_binding values[] = {
            {"good", hm_value_double(1)},
            {"town", hm_value_string("Z\xFCg")},
            {"land", hm_value_string("\xFF")},
    };
    results = hm_given_results(values, 3);
    hm_error error;
    ck_assert_int_eq(
            hm_json_write_results(results, hm_text_write, &text, &error), HM_BAD_DATA);
    ck_assert_str_eq(error.message,
            "`town` has text that is not UTF-8: such bytes were written as U+FFFD");
    ck_assert_str_eq(hm_text_get(&text),
            "{\"good\": 1, \"town\": \"Z\xEF\xBF\xBDg\", \"land\": \"\xEF\xBF\xBD\"}");
    ck_assert_int_eq(hm_json_write_results(results, refuse, NULL, &error), HM_IO);
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("result columns");
    TCase *cases = tcase_create("columns");
    tcase_add_checked_fixture(cases, set_up, tear_down);
    tcase_add_test(cases, single_values_are_repeated_beside_arrays);
    tcase_add_test(cases, names_choose_results_and_their_order);
    tcase_add_test(cases, arrays_without_rows_have_columns_without_rows);
    tcase_add_test(cases, arrays_of_other_lengths_are_refused);
    tcase_add_test(cases, names_that_are_no_results_are_refused);
    tcase_add_test(cases, results_that_failed_are_refused_or_passed_over);
    tcase_add_test(cases, a_stream_owns_the_results_that_it_is_made_of);
    tcase_add_test(cases, running_out_of_memory_leaves_nothing_behind);
    tcase_add_test(cases, json_is_one_object_in_the_order_asked_for);
    tcase_add_test(
            cases, json_tells_of_text_that_is_not_utf8_and_of_a_refusal_to_write);
    suite_add_tcase(suite, cases);
    return suite;
}
