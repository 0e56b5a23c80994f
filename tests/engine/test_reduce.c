// test_reduce.c — HM_REDUCE: arrays are cut into chunks, and neither the number of
// workers nor the length of blocks changes a bit of what is combined from them.

#include <pthread.h> // pthread_create: this suite starts threads, by way of the pool
#include <stdio.h>
#include <string.h>

#include <hamilton/hamilton.h>

#include "tests/support/reductions.h"
#include "tests/support/suite.h"

enum {
    CHUNK = HM_REDUCTIONS_CHUNK,
    MOST = HM_REDUCTIONS_MOST,
    MOST_CHUNKS = MOST / CHUNK + 1,
};

static double *const x = reductions.x;
static double others[MOST];

static hm_results *execute(uint32_t threads, const hm_request *request) {
    hm_driver_options options = hm_controlled_options(threads);
    hm_driver *driver = hm_controlled_driver(&options);
    hm_results *results;
    hm_error error;
    ck_assert_msg(hm_driver_execute(driver, request, &results, &error) == HM_OK, "%s",
            error.message);
    hm_driver_destroy(driver);
    return results;
}

static void same(double found, double expected) {
    ck_assert_msg(memcmp(&found, &expected, sizeof found) == 0, "%a, not %a", found,
            expected);
}

static const size_t lengths[] = {0, 1, CHUNK - 1, CHUNK, CHUNK + 1, MOST};

START_TEST(all_bits_are_those_of_the_chunks_in_their_order) {
    static const char *const wanted[] = {"total", "spread", "total_share", "limited"};
    static const uint32_t blocks[] = {1, 3, 0, 5000};
    size_t length = lengths[_i];
    hm_reductions_begin();
    double total = hm_reductions_total(x, length);
    hm_moments spread = hm_reductions_spread(length, 0.3);
    for (size_t i = 0; i < length; i++) {
        others[i] = x[i] / total;
    }
    double share = hm_reductions_total(others, length);
    for (uint32_t threads = 1; threads <= 8; threads *= threads == 1 ? 2 : 4) {
        for (size_t b = 0; b < sizeof blocks / sizeof *blocks; b++) {
            const hm_limit_option limit = {"db", 1};
            hm_driver_options options = hm_controlled_options(threads);
            options.limits = &limit;
            options.limit_count = 1;
            hm_driver *driver = hm_controlled_driver(&options);
            hm_binding inputs[2];
            hm_request request = hm_reductions_request(wanted, 4, inputs, length);
            request.block_length = blocks[b];
            hm_results *results;
            ck_assert_int_eq(
                    hm_driver_execute(driver, &request, &results, NULL), HM_OK);
            same(hm_controlled_value(results, 0), total);
            const hm_moments *found = hm_value_data(hm_results_value(results, 1));
            ck_assert_uint_eq(found->count, length);
            same(found->sum, spread.sum);
            same(found->squares, spread.squares);
            same(hm_controlled_value(results, 2), share);
            same(hm_controlled_value(results, 3), total);
            hm_results_destroy(results);
            hm_driver_destroy(driver);
        }
    }
    hm_controlled_end();
}
END_TEST

START_TEST(what_fits_one_chunk_is_one_call) {
    static const char *const wanted[] = {"total"};
    hm_reductions_begin();
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        hm_binding inputs[2];
        hm_request request = hm_reductions_request(wanted, 1, inputs, lengths[i]);
        request.input_count = 1;
        atomic_store(&reductions.calls, 0);
        hm_results_destroy(execute(2, &request));
        size_t more = lengths[i] > 0 ? (lengths[i] - 1) / CHUNK : 0;
        ck_assert_int_eq(atomic_load(&reductions.calls), (int)more + 1);
    }
    hm_controlled_end();
}
END_TEST

START_TEST(a_mapped_reduction_cuts_each_of_its_arrays) {
    static const char *const wanted[] = {"total"};
    static const size_t rows[] = {0, 1, 5000, CHUNK, 3 * CHUNK + 5};
    hm_reductions_begin();
    hm_array arrays[5];
    for (size_t i = 0; i < 5; i++) {
        arrays[i] = (hm_array){.data = x + i, .length = rows[i]};
    }
    for (uint32_t threads = 1; threads <= 2; threads++) {
        hm_binding inputs[2];
        hm_request request = hm_reductions_request(wanted, 1, inputs, 5);
        inputs[0].value.depth = 2;
        inputs[0].value.many.data = arrays;
        request.input_count = 1;
        hm_results *results = execute(threads, &request);
        const double *totals = hm_results_value(results, 0)->many.data;
        for (size_t i = 0; i < 5; i++) {
            same(totals[i], hm_reductions_total(x + i, rows[i]));
        }
        hm_results_destroy(results);
    }
    hm_controlled_end();
}
END_TEST

START_TEST(elements_that_a_node_makes_are_reduced) {
    static const char *const wanted[] = {"total_number", "total_next"};
    hm_reductions_begin();
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        hm_binding input = {"count", hm_value_int64((int64_t)lengths[i])};
        hm_request request = hm_controlled_request(wanted, 2);
        request.inputs = &input;
        for (size_t k = 0; k < lengths[i]; k++) {
            others[k] = x[k] + 1;
        }
        for (uint32_t threads = 1; threads <= 2; threads++) {
            hm_results *results = execute(threads, &request);
            same(hm_controlled_value(results, 0), hm_reductions_total(x, lengths[i]));
            same(hm_controlled_value(results, 1),
                    hm_reductions_total(others, lengths[i]));
            hm_results_destroy(results);
        }
    }
    hm_controlled_end();
}
END_TEST

START_TEST(rows_of_one_chunk_are_shared_by_workers) {
    static const char *const wanted[] = {"total_met"};
    hm_reductions_begin();
    hm_binding inputs[2];
    hm_request request = hm_reductions_request(wanted, 1, inputs, 2);
    request.input_count = 1;
    hm_results *results = execute(2, &request);
    same(hm_controlled_value(results, 0), x[0] + x[1]);
    hm_results_destroy(results);
    hm_controlled_end();
}
END_TEST

// What is said of a wanted node that is not ready; the others are.
static void fails(const hm_request *request, uint32_t threads, const char *name,
        hm_status expected, const char *part) {
    hm_driver_options options = hm_controlled_options(threads);
    hm_driver *driver = hm_controlled_driver(&options);
    hm_plan *plan;
    hm_error error;
    ck_assert_msg(hm_plan_create(driver, request, &plan, &error) == HM_OK, "%s",
            error.message);
    hm_run *run = hm_controlled_run(plan);
    for (int round = 0; round < 3; round++) {
        ck_assert_int_ne(hm_run_execute(run, NULL), HM_OK);
        const char *message;
        ck_assert_int_eq(hm_run_status(run, name, &message), expected);
        ck_assert_msg(strstr(message, part) != NULL, "%s", message);
        for (size_t i = 0; request->keep_going && i < request->wanted_count; i++) {
            hm_status status = hm_run_status(run, request->wanted[i], &message);
            ck_assert_int_eq(status == HM_OK, strcmp(request->wanted[i], name) != 0);
        }
    }
    hm_run_destroy(run);
    hm_plan_destroy(plan);
    hm_driver_destroy(driver);
}

START_TEST(the_lowest_chunk_that_fails_is_told) {
    static const char *const wanted[] = {"total", "spread"};
    hm_reductions_begin();
    hm_binding inputs[2];
    hm_request request = hm_reductions_request(wanted, 2, inputs, MOST);
    x[9000] = x[50 * 1000] = x[MOST - 1] = 13;
    for (int keep_going = 0; keep_going < 2; keep_going++) {
        request.keep_going = keep_going != 0;
        for (uint32_t threads = 1; threads <= 8; threads *= 2) {
            char text[200];
            snprintf(text, sizeof text,
                    "node `total` failed in rows 8193 to 12288: 13 is unlucky; inputs: "
                    "x = [%.4g",
                    x[8192]);
            text[strlen(text) - 4] = '\0'; // digits that print otherwise
            fails(&request, threads, "total", HM_NODE_FAILED, text);
            fails(&request, threads, "total", HM_NODE_FAILED, ", ... 4096 in all]");
        }
    }
    x[0] = 13;
    inputs[0].value.many.length = 10;
    fails(&request, 1, "total", HM_NODE_FAILED, "node `total` failed: 13 is unlucky");
    hm_controlled_end();
}
END_TEST

START_TEST(a_chunk_of_a_mapped_reduction_is_told_with_its_row) {
    static const char *const wanted[] = {"total"};
    hm_reductions_begin();
    hm_array arrays[] = {{.data = x, .length = 10}, {.data = x + 10, .length = 5000}};
    hm_binding inputs[2];
    hm_request request = hm_reductions_request(wanted, 1, inputs, 2);
    request.input_count = 1;
    inputs[0].value.depth = 2;
    inputs[0].value.many.data = arrays;
    x[10 + 4999] = 13;
    fails(&request, 2, "total", HM_NODE_FAILED,
            "node `total` failed in row 2, elements 4097 to 5000: 13 is unlucky");
    hm_controlled_end();
}
END_TEST

START_TEST(what_needs_a_mapped_node_that_failed_is_skipped) {
    static const char *const wanted[] = {"spread", "total"};
    hm_reductions_begin();
    hm_binding inputs[2];
    hm_request request = hm_reductions_request(wanted, 2, inputs, MOST);
    request.keep_going = true;
    x[5000] = x[90 * 1000] = 77;
    for (uint32_t threads = 1; threads <= 8; threads *= 2) {
        fails(&request, threads, "spread", HM_SKIPPED, "");
    }
    hm_controlled_end();
}
END_TEST

START_TEST(missing_elements_of_other_types_are_refused) {
    static const char *const wanted[] = {"largest"};
    static int64_t ids[MOST];
    static uint8_t validity[MOST / 8 + 1];
    hm_reductions_begin();
    for (size_t i = 0; i < MOST; i++) {
        ids[i] = (int64_t)i;
    }
    memset(validity, 0xff, sizeof validity);
    hm_binding input = {"id", hm_value_many(&hm_type_long, ids, MOST)};
    input.value.many.validity = validity;
    hm_request request = hm_controlled_request(wanted, 1);
    request.inputs = &input;
    for (uint32_t threads = 1; threads <= 2; threads++) {
        hm_results *results = execute(threads, &request);
        ck_assert_int_eq(
                *(const int64_t *)hm_value_data(hm_results_value(results, 0)), MOST);
        hm_results_destroy(results);
    }
    validity[5000 / 8] = 0xfe;
    validity[80000 / 8] = 0;
    for (uint32_t threads = 1; threads <= 8; threads *= 2) {
        fails(&request, threads, "largest", HM_BAD_DATA,
                "node `largest` cannot see missing values in rows 4097 to 8192, but 1 "
                "of "
                "`next_id` are missing, the first in row 5001: ");
    }
    request.wanted = (const char *const[]){"ids_there"};
    for (uint32_t threads = 1; threads <= 8; threads *= 2) {
        int64_t sum = (int64_t)MOST * (MOST + 1) / 2 - 5001;
        for (int64_t id = 80001; id <= 80008; id++) {
            sum -= id;
        }
        hm_results *results = execute(threads, &request);
        ck_assert_int_eq(
                *(const int64_t *)hm_value_data(hm_results_value(results, 0)), sum);
        hm_results_destroy(results);
    }
    request.wanted = wanted;
    request.overrides = &(hm_binding){"next_id", input.value};
    request.override_count = 1;
    request.input_count = 0;
    fails(&request, 1, "largest", HM_BAD_DATA,
            "cannot see missing values, but 9 of `next_id` are missing, the first in "
            "row 5001");
    hm_controlled_end();
}
END_TEST

START_TEST(a_run_that_is_cancelled_says_so) {
    static const char *const wanted[] = {"total", "spread"};
    hm_reductions_begin();
    hm_binding inputs[2];
    hm_request request = hm_reductions_request(wanted, 2, inputs, MOST);
    hm_driver_options options = hm_controlled_options(1);
    hm_driver *driver = hm_controlled_driver(&options);
    hm_plan *plan;
    ck_assert_int_eq(hm_plan_create(driver, &request, &plan, NULL), HM_OK);
    hm_run *run = hm_controlled_run(plan);
    hm_cancel *cancel;
    ck_assert_int_eq(hm_cancel_create(NULL, &cancel), HM_OK);
    reductions.cancel = cancel;
    hm_run_set_cancel(run, cancel);
    for (int round = 0; round < 2; round++) { // on its way, and before it begins
        ck_assert_int_eq(hm_run_execute(run, NULL), HM_CANCELLED);
        ck_assert_int_eq(hm_run_status(run, "total", NULL), HM_CANCELLED);
        ck_assert_int_eq(hm_run_status(run, "spread", NULL), HM_CANCELLED);
    }
    hm_cancel_clear(cancel);
    reductions.cancel = NULL;
    ck_assert_int_eq(hm_run_execute(run, NULL), HM_OK);
    same(*(double *)hm_run_slot(run, hm_plan_find(plan, "total")),
            hm_reductions_total(x, MOST));
    hm_run_destroy(run);
    hm_plan_destroy(plan);
    hm_driver_destroy(driver);
    hm_cancel_destroy(cancel);
    hm_controlled_end();
}
END_TEST

START_TEST(a_run_in_steady_state_allocates_nothing_for_chunks) {
    static const char *const wanted[] = {"total", "spread", "total_share"};
    hm_reductions_begin();
    hm_binding inputs[2];
    hm_request request = hm_reductions_request(wanted, 3, inputs, MOST);
    hm_driver_options options = hm_controlled_options(2);
    hm_driver *driver = hm_controlled_driver(&options);
    hm_plan *plan;
    ck_assert_int_eq(hm_plan_create(driver, &request, &plan, NULL), HM_OK);
    hm_run *run = hm_controlled_run(plan);
    size_t quiet = 0;
    for (size_t i = 0; i < 200 && quiet < 5; i++) {
        size_t before = atomic_load(&controlled.memory.calls);
        ck_assert_int_eq(hm_run_execute(run, NULL), HM_OK);
        quiet = atomic_load(&controlled.memory.calls) == before ? quiet + 1 : 0;
    }
    ck_assert_uint_eq(quiet, 5);
    hm_run_destroy(run);
    hm_plan_destroy(plan);
    hm_driver_destroy(driver);
    hm_controlled_end();
}
END_TEST

START_TEST(every_allocation_may_fail) {
    static const char *const wanted[] = {"total", "spread", "total_share"};
    hm_reductions_begin();
    hm_binding inputs[2];
    hm_request request = hm_reductions_request(wanted, 3, inputs, 3 * CHUNK);
    hm_status status = HM_NO_MEMORY;
    for (size_t fail_at = 1; status != HM_OK; fail_at++) {
        controlled.memory.calls = 0;
        controlled.memory.fail_at = fail_at;
        hm_driver_options options = hm_controlled_options(1);
        hm_driver *driver;
        hm_results *results = NULL;
        status = hm_driver_create(&options, &driver, NULL);
        if (status == HM_OK) {
            status = hm_driver_execute(driver, &request, &results, NULL);
            hm_driver_destroy(driver);
        }
        ck_assert(status == HM_OK || status == HM_NO_MEMORY);
        if (status == HM_OK) {
            same(hm_controlled_value(results, 0), hm_reductions_total(x, 3 * CHUNK));
            hm_results_destroy(results);
        }
        ck_assert_uint_eq(controlled.memory.live, 0);
    }
}
END_TEST

START_TEST(a_plan_tells_what_chunks_need_and_where_reductions_run) {
    static const char *const wanted[] = {"total", "spread"};
    static const char *const unknown[] = {"total_number"};
    hm_reductions_begin();
    hm_binding inputs[2];
    hm_request request = hm_reductions_request(wanted, 2, inputs, MOST);
    hm_driver_options options = hm_controlled_options(2);
    hm_driver *driver = hm_controlled_driver(&options);
    hm_plan *plan;
    ck_assert_int_eq(hm_plan_create(driver, &request, &plan, NULL), HM_OK);
    hm_plan_need need = hm_plan_memory(plan);
    ck_assert(need.is_known);
    // What is doubled lies in chunks, one for each worker and one that is begun; and at
    // least what is made of each.
    enum { CHUNKS_AT_A_TIME = 3, CHUNK_ROWS = 4096 };
    size_t least = CHUNKS_AT_A_TIME * CHUNK_ROWS * sizeof(double) +
                   MOST_CHUNKS * (sizeof(double) + sizeof(hm_moments));
    ck_assert_uint_ge(need.arrays, least);
    ck_assert_uint_lt(need.arrays, least + MOST_CHUNKS * 128);
    hm_explanation *explanation;
    ck_assert_int_eq(hm_plan_explain(plan, &explanation, NULL), HM_OK);
    ck_assert_uint_eq(explanation->pipeline_count, 1);
    ck_assert_uint_eq(explanation->pipelines[0].call_count, 3);
    hm_explanation_destroy(explanation);
    hm_plan_destroy(plan);
    hm_binding input = {"count", hm_value_int64(3)};
    request = hm_controlled_request(unknown, 1);
    request.inputs = &input;
    ck_assert_int_eq(hm_plan_create(driver, &request, &plan, NULL), HM_OK);
    need = hm_plan_memory(plan);
    ck_assert(!need.is_known);
    hm_plan_destroy(plan);
    input.value = hm_value_int64(MOST);
    request.max_bytes = need.frame + need.state + need.arrays + MOST_CHUNKS;
    fails(&request, 2, "total_number", HM_TOO_LARGE, "node `total_number` ");
    hm_driver_destroy(driver);
    hm_controlled_end();
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("engine/reduce");
    TCase *tests = tcase_create("reduce");
    tcase_add_loop_test(tests, all_bits_are_those_of_the_chunks_in_their_order, 0,
            sizeof lengths / sizeof *lengths);
    tcase_add_test(tests, what_fits_one_chunk_is_one_call);
    tcase_add_test(tests, a_mapped_reduction_cuts_each_of_its_arrays);
    tcase_add_test(tests, elements_that_a_node_makes_are_reduced);
    tcase_add_test(tests, rows_of_one_chunk_are_shared_by_workers);
    tcase_add_test(tests, the_lowest_chunk_that_fails_is_told);
    tcase_add_test(tests, a_chunk_of_a_mapped_reduction_is_told_with_its_row);
    tcase_add_test(tests, what_needs_a_mapped_node_that_failed_is_skipped);
    tcase_add_test(tests, missing_elements_of_other_types_are_refused);
    tcase_add_test(tests, a_run_that_is_cancelled_says_so);
    tcase_add_test(tests, a_run_in_steady_state_allocates_nothing_for_chunks);
    tcase_add_test(tests, every_allocation_may_fail);
    tcase_add_test(tests, a_plan_tells_what_chunks_need_and_where_reductions_run);
    suite_add_tcase(suite, tests);
    return suite;
}
