// test_column_lengths.c — columns that are empty, of unequal length, or longer than any
// memory, mapped together in blocks.

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <hamilton/hamilton.h>

#include "tests/support/failing_allocator.h"
#include "tests/support/module_builder.h"
#include "tests/support/suite.h"

#define SLOT(type, index) (*(type *)(void *)((char *)frame + at[index]))

static hm_module_builder builder;
static hm_failing_allocator memory;
static hm_driver *driver;
static _Atomic size_t call_count;

static int call_sum(void *frame, const uint32_t *at, void *self) {
    (void)self;
    call_count++;
    SLOT(double, 2) = SLOT(double, 0) + SLOT(double, 1);
    return 0;
}

static int map_sum(const hm_lane *lanes, size_t count, size_t *row, void *self) {
    (void)row;
    (void)self;
    call_count++;
    const double *a = lanes[0].data;
    const double *b = lanes[1].data;
    for (size_t i = 0; i < count; i++) {
        ((double *)lanes[2].data)[i] = a[i * lanes[0].stride] + b[i * lanes[1].stride];
    }
    return 0;
}

static int call_length(void *frame, const uint32_t *at, void *self) {
    (void)self;
    call_count++;
    SLOT(double, 1) = (double)SLOT(hm_array, 0).length;
    return 0;
}

static int call_lengths(void *frame, const uint32_t *at, void *self) {
    (void)self;
    call_count++;
    const hm_array *made = &SLOT(hm_array, 1);
    for (size_t i = 0; i < made->length; i++) {
        ((double *)made->data)[i] = (double)made->length;
    }
    (void)frame;
    return 0;
}

static void add_sum(const char *name, const char *a, const char *b, hm_map_thunk *map) {
    hm_builder_function(&builder, name, call_sum, map);
    hm_builder_takes(&builder, a, &hm_type_double);
    hm_builder_takes(&builder, b, &hm_type_double);
    hm_builder_makes(&builder, name, &hm_type_double);
}

// x and y make sum, sum and x twice, twice its length, and an array as long.
static void set_up(void) {
    hm_module_builder_init(&builder);
    hm_failing_allocator_init(&memory);
    call_count = 0;
    add_sum("sum", "x", "y", map_sum);
    add_sum("twice", "sum", "x", NULL);
    hm_builder_function(&builder, "length", call_length, NULL);
    hm_builder_takes_array(&builder, "twice", &hm_type_double);
    hm_builder_makes(&builder, "length", &hm_type_double);
    hm_builder_function(&builder, "lengths", call_lengths, NULL);
    hm_builder_takes_array(&builder, "x", &hm_type_double);
    hm_builder_makes_array(&builder, "lengths", &hm_type_double);
    const hm_module *modules[] = {&builder.module};
    hm_driver_options options = HM_DRIVER_OPTIONS_INIT;
    options.modules = modules;
    options.module_count = 1;
    options.thread_count = 2;
    options.allocator = &memory.allocator;
    ck_assert_int_eq(hm_driver_create(&options, &driver, NULL), HM_OK);
}

static void tear_down(void) {
    hm_driver_destroy(driver);
    ck_assert_uint_eq(memory.live, 0);
}

static hm_request request_for(
        const char *const *wanted, size_t count, const hm_binding inputs[2]) {
    hm_request request = HM_REQUEST_INIT;
    request.wanted = wanted;
    request.wanted_count = count;
    request.inputs = inputs;
    request.input_count = 2;
    return request;
}

static void expect_empty(uint32_t block_length, bool always_share, void *data) {
    static const char *const wanted[] = {"sum", "twice", "length", "lengths"};
    const hm_binding inputs[] = {{"x", hm_value_many(&hm_type_double, data, 0)},
            {"y", hm_value_many(&hm_type_double, data, 0)}};
    hm_request request = request_for(wanted, 4, inputs);
    request.block_length = block_length;
    request.always_share = always_share;
    hm_results *results;
    hm_error error;
    ck_assert_msg(hm_driver_execute(driver, &request, &results, &error) == HM_OK, "%s",
            error.message);
    ck_assert_uint_eq(hm_results_value(results, 0)->many.length, 0);
    ck_assert_uint_eq(hm_results_value(results, 1)->many.length, 0);
    ck_assert_uint_eq(hm_results_value(results, 3)->many.length, 0);
    const double *length = hm_value_data(hm_results_value(results, 2));
    ck_assert_double_eq(*length, 0);
    hm_results_destroy(results);
}

START_TEST(columns_without_a_row_give_columns_without_one) {
    set_up();
    double nothing;
    for (uint32_t block_length = 0; block_length < 3; block_length++) {
        expect_empty(block_length, false, NULL);
        expect_empty(block_length, true, &nothing);
    }
    tear_down();
}
END_TEST

static void set_column(hm_run *run, const char *name, const double *data, size_t rows) {
    hm_value value = hm_value_many(&hm_type_double, data, rows);
    ck_assert_int_eq(hm_run_set(run, name, &value, NULL), HM_OK);
}

START_TEST(columns_of_other_lengths_are_told_apart_in_each_run_of_a_plan) {
    static const double data[] = {1, 2, 3, 4, 5, 6, 7};
    static const char *const wanted[] = {"twice"};
    set_up();
    const hm_binding inputs[] = {{"x", hm_value_many(&hm_type_double, data, 7)},
            {"y", hm_value_many(&hm_type_double, data, 7)}};
    hm_request request = request_for(wanted, 1, inputs);
    request.block_length = 2;
    hm_plan *plan;
    hm_run *run;
    ck_assert_int_eq(hm_plan_create(driver, &request, &plan, NULL), HM_OK);
    ck_assert_int_eq(hm_run_create(plan, &run, NULL), HM_OK);
    for (size_t rows = 7; rows-- > 0;) {
        hm_error error;
        set_column(run, "x", data, rows);
        ck_assert_int_eq(hm_run_execute(run, &error), HM_LENGTH_MISMATCH);
        ck_assert_ptr_nonnull(strstr(error.message, "`x`"));
        ck_assert_ptr_nonnull(strstr(error.message, "`y`"));
        set_column(run, "y", data, rows);
        ck_assert_msg(hm_run_execute(run, &error) == HM_OK, "%s", error.message);
        hm_value value;
        ck_assert_int_eq(hm_run_get(run, "twice", &value, NULL), HM_OK);
        ck_assert_uint_eq(value.many.length, rows);
        for (size_t i = 0; i < rows; i++) {
            ck_assert_double_eq(((const double *)value.many.data)[i], 3 * data[i]);
        }
    }
    hm_run_destroy(run);
    hm_plan_destroy(plan);
    tear_down();
}
END_TEST

static const char *const all_wanted[] = {"sum", "lengths", "twice", "length"};

// Lengths that no memory has room for: times the size of a double, or rounded up to
// whole cache lines, some of them wrap around to little.
static const size_t too_long[] = {SIZE_MAX, SIZE_MAX / 2, SIZE_MAX / 4 + 2,
        SIZE_MAX / 8 + 2, SIZE_MAX / 8 + 1, SIZE_MAX / 8, SIZE_MAX / 16 + 1};

enum { WANTED = sizeof all_wanted / sizeof all_wanted[0] };
enum { LENGTHS = sizeof too_long / sizeof too_long[0] };

static void expect_refusal(hm_status status, const char *wanted, size_t length) {
    ck_assert_msg(status == HM_NO_MEMORY, "%s of %zu rows: %s", wanted, length,
            hm_status_text(status));
    ck_assert_uint_eq(call_count, 0);
}

START_TEST(a_column_that_no_memory_has_room_for_is_refused_untouched) {
    static const double data[1];
    const char *const *wanted = &all_wanted[_i % WANTED];
    size_t length = too_long[_i / WANTED];
    set_up();
    const hm_binding inputs[] = {{"x", hm_value_many(&hm_type_double, data, length)},
            {"y", hm_value_many(&hm_type_double, data, length)}};
    hm_request request = request_for(wanted, 1, inputs);
    hm_results *results;
    expect_refusal(
            hm_driver_execute(driver, &request, &results, NULL), *wanted, length);
    tear_down();
}
END_TEST

START_TEST(a_plan_refuses_such_a_column_and_then_takes_another) {
    static const double data[] = {1};
    const char *const *wanted = &all_wanted[_i % WANTED];
    size_t length = too_long[_i / WANTED];
    set_up();
    const hm_binding inputs[] = {{"x", hm_value_many(&hm_type_double, data, 1)},
            {"y", hm_value_many(&hm_type_double, data, 1)}};
    hm_request request = request_for(wanted, 1, inputs);
    hm_plan *plan;
    hm_run *run;
    ck_assert_int_eq(hm_plan_create(driver, &request, &plan, NULL), HM_OK);
    ck_assert_int_eq(hm_run_create(plan, &run, NULL), HM_OK);
    bool reads_y = hm_plan_find(plan, "y") != HM_NONE;
    set_column(run, "x", data, length);
    if (reads_y) {
        set_column(run, "y", data, length);
    }
    expect_refusal(hm_run_execute(run, NULL), *wanted, length);
    set_column(run, "x", data, 1);
    if (reads_y) {
        set_column(run, "y", data, 1);
    }
    ck_assert_int_eq(hm_run_execute(run, NULL), HM_OK);
    hm_run_destroy(run);
    hm_plan_destroy(plan);
    tear_down();
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("engine/column_lengths");
    TCase *tests = tcase_create("lengths");
    tcase_add_test(tests, columns_without_a_row_give_columns_without_one);
    tcase_add_test(
            tests, columns_of_other_lengths_are_told_apart_in_each_run_of_a_plan);
    tcase_add_loop_test(tests,
            a_column_that_no_memory_has_room_for_is_refused_untouched, 0,
            WANTED * LENGTHS);
    tcase_add_loop_test(tests, a_plan_refuses_such_a_column_and_then_takes_another, 0,
            WANTED * LENGTHS);
    suite_add_tcase(suite, tests);
    return suite;
}
