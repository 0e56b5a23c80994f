// test_missing.c — missing values of columns: which rows are run, and what comes out of
// the others.

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <hamilton/hamilton.h>
#include <hamilton/node.h>

#include "tests/support/controlled.h"
#include "tests/support/suite.h"

enum { ROWS = 1000 };

static int64_t ids[ROWS];
static double prices[ROWS];
static uint8_t validity[(ROWS + 7) / 8];
static atomic_int calls;

static bool is_missing(size_t row) {
    return row % 7 == 3 || (row >= 300 && row < 420);
}

static bool is_there(const hm_array *array, size_t row) {
    return array->validity == NULL || (array->validity[row / 8] >> row % 8 & 1) != 0;
}

// int64_t next_id(int64_t id)
static int call_next_id(void *frame, const uint32_t *at, void *self) {
    (void)self;
    ck_assert_int_ge(HM_SLOT(int64_t, 0), 0); // what is missing holds -1
    atomic_fetch_add(&calls, 1);
    HM_SLOT(int64_t, 1) = HM_SLOT(int64_t, 0) + 1;
    return 0;
}

// double cost(int64_t next_id, double price)
static int call_cost(void *frame, const uint32_t *at, void *self) {
    (void)self;
    HM_SLOT(double, 2) = (double)HM_SLOT(int64_t, 0) * HM_SLOT(double, 1);
    return 0;
}

// int is_dear(double cost): sees NaN
static int call_is_dear(void *frame, const uint32_t *at, void *self) {
    (void)self;
    HM_SLOT(int, 1) = isnan(HM_SLOT(double, 0)) ? -1 : HM_SLOT(double, 0) > 100;
    return 0;
}

// int64_t total(size_t n, const int64_t next_id[n])
static int call_total(void *frame, const uint32_t *at, void *self) {
    (void)self;
    hm_array array = HM_SLOT(hm_array, 0);
    int64_t sum = 0;
    for (size_t i = 0; i < array.length; i++) {
        sum += ((const int64_t *)array.data)[i];
    }
    HM_SLOT(int64_t, 1) = sum;
    return 0;
}

// char *label(int64_t next_id), given to the engine
static int call_label(void *frame, const uint32_t *at, void *self) {
    (void)self;
    char *text = malloc(24);
    ck_assert_ptr_nonnull(text);
    snprintf(text, 24, "#%d", (int)HM_SLOT(int64_t, 0));
    HM_SLOT(char *, 1) = text;
    return 0;
}

static void begin(void) {
    hm_module_builder *builder = &controlled.builder;
    hm_controlled_begin();
    hm_builder_function(builder, "next_id", call_next_id, NULL);
    hm_builder_takes(builder, "id", &hm_type_long);
    hm_builder_makes(builder, "next_id", &hm_type_long);
    hm_builder_function(builder, "cost", call_cost, NULL);
    hm_builder_takes(builder, "next_id", &hm_type_long);
    hm_builder_takes(builder, "price", &hm_type_double);
    hm_builder_makes(builder, "cost", &hm_type_double);
    hm_builder_function(builder, "is_dear", call_is_dear, NULL);
    hm_builder_takes(builder, "cost", &hm_type_double);
    hm_builder_makes(builder, "is_dear", &hm_type_int);
    hm_builder_function(builder, "total", call_total, NULL);
    hm_builder_takes_array(builder, "next_id", &hm_type_long);
    hm_builder_makes(builder, "total", &hm_type_long);
    hm_builder_function(builder, "label", call_label, NULL);
    hm_builder_takes(builder, "next_id", &hm_type_long);
    hm_builder_makes(builder, "label", &hm_type_string)->ownership = HM_GIVEN;
    builder->module.free = free;
    memset(validity, 0xff, sizeof validity);
    for (size_t row = 0; row < ROWS; row++) {
        ids[row] = is_missing(row) ? -1 : (int64_t)row;
        prices[row] = 0.5;
        if (is_missing(row)) {
            validity[row / 8] &= (uint8_t) ~(1U << row % 8);
        }
    }
    atomic_store(&calls, 0);
}

static hm_request request_for(
        const char *const *wanted, size_t count, hm_binding inputs[2]) {
    inputs[0] = (hm_binding){"id", hm_value_many(&hm_type_long, ids, ROWS)};
    inputs[0].value.many.validity = validity;
    inputs[1] = (hm_binding){"price", hm_value_many(&hm_type_double, prices, ROWS)};
    hm_request request = hm_controlled_request(wanted, count);
    request.inputs = inputs;
    request.input_count = 2;
    return request;
}

START_TEST(rows_without_a_value_are_not_run) {
    static const char *const wanted[] = {"next_id", "cost", "is_dear", "label"};
    static const uint32_t lengths[] = {0, 1, 3, 64};
    begin();
    for (size_t k = 0; k < 4; k++) {
        for (uint32_t threads = 1; threads < 9; threads *= 2) {
            hm_driver_options options = hm_controlled_options(threads);
            hm_driver *driver = hm_controlled_driver(&options);
            hm_binding inputs[2];
            hm_request request = request_for(wanted, 4, inputs);
            request.block_length = lengths[k];
            hm_results *results;
            hm_error error;
            atomic_store(&calls, 0);
            ck_assert_msg(
                    hm_driver_execute(driver, &request, &results, &error) == HM_OK,
                    "%s", error.message);
            const hm_array *next = &hm_results_value(results, 0)->many;
            const hm_array *cost = &hm_results_value(results, 1)->many;
            const hm_array *dear = &hm_results_value(results, 2)->many;
            const hm_array *label = &hm_results_value(results, 3)->many;
            ck_assert_ptr_nonnull(next->validity);
            ck_assert_ptr_null(cost->validity);
            ck_assert_ptr_null(dear->validity); // every row has a cost, or NaN
            int there = 0;
            for (size_t row = 0; row < ROWS; row++) {
                double found = ((const double *)cost->data)[row];
                const char *text = ((const char *const *)label->data)[row];
                there += !is_missing(row);
                ck_assert_int_eq(is_there(next, row), !is_missing(row));
                ck_assert_int_eq(is_there(label, row), !is_missing(row));
                if (is_missing(row)) {
                    ck_assert(isnan(found));
                    ck_assert_int_eq(((const int *)dear->data)[row], -1);
                } else {
                    ck_assert_double_eq(found, 0.5 * (double)(row + 1));
                    ck_assert_int_eq(atoi(text + 1), (int)row + 1);
                }
            }
            ck_assert_int_eq(atomic_load(&calls), there);
            hm_results_destroy(results);
            hm_driver_destroy(driver);
        }
    }
    hm_controlled_end();
}
END_TEST

START_TEST(a_floating_column_has_nan_where_its_validity_says_so) {
    static const char *const wanted[] = {"is_dear"};
    begin();
    hm_driver_options options = hm_controlled_options(2);
    hm_driver *driver = hm_controlled_driver(&options);
    hm_binding input = {"cost", hm_value_many(&hm_type_double, prices, ROWS)};
    input.value.many.validity = validity;
    hm_request request = hm_controlled_request(wanted, 1);
    request.input_count = 0;
    request.overrides = &input;
    request.override_count = 1;
    hm_results *results;
    hm_error error;
    ck_assert_int_eq(hm_driver_execute(driver, &request, &results, &error), HM_OK);
    const int *dear = hm_results_value(results, 0)->many.data;
    for (size_t row = 0; row < ROWS; row++) {
        ck_assert_int_eq(dear[row], is_missing(row) ? -1 : 0);
    }
    hm_results_destroy(results);
    hm_driver_destroy(driver);
    hm_controlled_end();
}
END_TEST

START_TEST(who_takes_a_column_whole_wants_all_of_it) {
    static const char *const wanted[] = {"total"};
    begin();
    hm_driver_options options = hm_controlled_options(2);
    hm_driver *driver = hm_controlled_driver(&options);
    hm_binding inputs[2];
    hm_request request = request_for(wanted, 1, inputs);
    request.input_count = 1;
    hm_results *results;
    hm_error error;
    ck_assert_int_eq(
            hm_driver_execute(driver, &request, &results, &error), HM_BAD_DATA);
    ck_assert_msg(strstr(error.message,
                          "node `total` cannot see missing values, but 246 of "
                          "`next_id` are missing, the first in row 4: ") != NULL,
            "%s", error.message);
    // A validity that misses nothing is none.
    memset(validity, 0xff, sizeof validity);
    for (size_t row = 0; row < ROWS; row++) {
        ids[row] = (int64_t)row;
    }
    ck_assert_int_eq(hm_driver_execute(driver, &request, &results, &error), HM_OK);
    int64_t total;
    memcpy(&total, hm_value_data(hm_results_value(results, 0)), sizeof total);
    ck_assert_int_eq(total, (int64_t)ROWS * (ROWS + 1) / 2);
    hm_results_destroy(results);
    hm_driver_destroy(driver);
    hm_controlled_end();
}
END_TEST

// int64_t sum_of_there(size_t n, HM_NULLABLE const int64_t next_id[n])
static int call_sum_of_there(void *frame, const uint32_t *at, void *self) {
    (void)self;
    hm_array array = HM_SLOT(hm_array, 0);
    const uint8_t *there = hm_validity(array.data);
    ck_assert_ptr_eq(there, array.validity);
    ck_assert_ptr_null(hm_validity(frame)); // what is no parameter misses nothing
    int64_t sum = 0;
    for (size_t i = 0; i < array.length; i++) {
        if (there == NULL || (there[i / 8] >> i % 8 & 1) != 0) {
            sum += ((const int64_t *)array.data)[i];
        }
    }
    HM_SLOT(int64_t, 1) = sum;
    return 0;
}

START_TEST(who_can_do_with_missing_values_looks_them_up) {
    static const char *const wanted[] = {"sum_of_there"};
    begin();
    hm_module_builder *builder = &controlled.builder;
    hm_builder_function(builder, "sum_of_there", call_sum_of_there, NULL);
    hm_builder_takes_array(builder, "next_id", &hm_type_long)->is_nullable = true;
    hm_builder_makes(builder, "sum_of_there", &hm_type_long);
    hm_driver_options options = hm_controlled_options(2);
    hm_driver *driver = hm_controlled_driver(&options);
    hm_binding inputs[2];
    hm_request request = request_for(wanted, 1, inputs);
    request.input_count = 1;
    int64_t expected = 0;
    for (size_t row = 0; row < ROWS; row++) {
        expected += is_missing(row) ? 0 : (int64_t)row + 1;
    }
    hm_results *results;
    hm_error error;
    ck_assert_int_eq(hm_driver_execute(driver, &request, &results, &error), HM_OK);
    int64_t sum;
    memcpy(&sum, hm_value_data(hm_results_value(results, 0)), sizeof sum);
    ck_assert_int_eq(sum, expected);
    ck_assert_ptr_null(hm_validity(ids));
    hm_results_destroy(results);
    hm_driver_destroy(driver);
    hm_controlled_end();
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("engine/missing");
    TCase *tests = tcase_create("missing");
    tcase_add_test(tests, rows_without_a_value_are_not_run);
    tcase_add_test(tests, a_floating_column_has_nan_where_its_validity_says_so);
    tcase_add_test(tests, who_takes_a_column_whole_wants_all_of_it);
    tcase_add_test(tests, who_can_do_with_missing_values_looks_them_up);
    suite_add_tcase(suite, tests);
    return suite;
}
