// test_structs.c — structs by value that are larger than what holds an array, and
// aligned more than memory is by itself: one, and in the rows of a mapped function.

#include <stdalign.h>
#include <stdint.h>
#include <string.h>

#include <hamilton/hamilton.h>

#include "tests/support/failing_allocator.h"
#include "tests/support/module_builder.h"
#include "tests/support/suite.h"

#define SLOT(type, index) (*(type *)(void *)((char *)frame + at[index]))

enum { ROWS = 5 };

struct wide {
    alignas(256) double number;
    char rest[300];
};

static const hm_field fields[] = {
        {.name = "number", .type = &hm_type_double, .offset = 0}};
static const hm_type wide_type = {.name = "struct wide",
        .kind = HM_KIND_STRUCT,
        .size = sizeof(struct wide),
        .alignment = alignof(struct wide),
        .fields = fields,
        .field_count = 1};

static hm_module_builder builder;
static hm_failing_allocator memory;

static bool is_aligned(const void *at) {
    return (uintptr_t)at % alignof(struct wide) == 0;
}

// struct wide widen(double x)
static int call_widen(void *frame, const uint32_t *at, void *self) {
    (void)self;
    ck_assert(is_aligned(&SLOT(struct wide, 1)));
    SLOT(struct wide, 1) = (struct wide){.number = SLOT(double, 0)};
    return 0;
}

// double narrow(struct wide given)
static int call_narrow(void *frame, const uint32_t *at, void *self) {
    (void)self;
    ck_assert(is_aligned(&SLOT(struct wide, 0)));
    SLOT(double, 1) = SLOT(struct wide, 0).number + 1;
    return 0;
}

static int map_widen(const hm_lane *lanes, size_t count, size_t *row, void *self) {
    (void)row;
    (void)self;
    ck_assert(is_aligned(lanes[1].data));
    for (size_t i = 0; i < count; i++) {
        ((struct wide *)lanes[1].data)[i] = (struct wide){
                .number = ((const double *)lanes[0].data)[i * lanes[0].stride]};
    }
    return 0;
}

static int map_narrow(const hm_lane *lanes, size_t count, size_t *row, void *self) {
    (void)row;
    (void)self;
    ck_assert(is_aligned(lanes[0].data));
    for (size_t i = 0; i < count; i++) {
        ((double *)lanes[1].data)[i] =
                ((const struct wide *)lanes[0].data)[i * lanes[0].stride].number + 1;
    }
    return 0;
}

static hm_driver *make_driver(bool has_map) {
    hm_module_builder_init(&builder);
    hm_failing_allocator_init(&memory);
    hm_builder_function(&builder, "widen", call_widen, has_map ? map_widen : NULL);
    hm_builder_takes(&builder, "x", &hm_type_double);
    hm_builder_makes(&builder, "widen", &wide_type);
    hm_builder_function(&builder, "narrow", call_narrow, has_map ? map_narrow : NULL);
    hm_builder_takes(&builder, "widen", &wide_type);
    hm_builder_makes(&builder, "narrow", &hm_type_double);
    hm_builder_function(&builder, "given", call_narrow, has_map ? map_narrow : NULL);
    hm_builder_takes(&builder, "input", &wide_type);
    hm_builder_makes(&builder, "given", &hm_type_double);
    const hm_module *modules[] = {&builder.module};
    hm_driver_options options = HM_DRIVER_OPTIONS_INIT;
    options.modules = modules;
    options.module_count = 1;
    options.allocator = &memory.allocator;
    hm_driver *driver;
    ck_assert_int_eq(hm_driver_create(&options, &driver, NULL), HM_OK);
    return driver;
}

static hm_results *execute(
        hm_driver *driver, const char *wanted, const char *input, hm_value value) {
    hm_binding binding = {input, value};
    hm_request request = HM_REQUEST_INIT;
    request.wanted = &wanted;
    request.wanted_count = 1;
    request.inputs = &binding;
    request.input_count = 1;
    hm_results *results;
    hm_error error;
    ck_assert_msg(hm_driver_execute(driver, &request, &results, &error) == HM_OK, "%s",
            error.message);
    return results;
}

static void check_rows(hm_results *results) {
    const hm_value *value = hm_results_value(results, 0);
    ck_assert_uint_eq(value->many.length, ROWS);
    for (size_t i = 0; i < ROWS; i++) {
        ck_assert_double_eq(((const double *)value->many.data)[i], (double)i + 1);
    }
    hm_results_destroy(results);
}

START_TEST(rows_can_be_larger_than_an_array_is) {
    hm_driver *driver = make_driver(_i == 1);
    static const double column[ROWS] = {0, 1, 2, 3, 4};
    check_rows(execute(
            driver, "narrow", "x", hm_value_many(&hm_type_double, column, ROWS)));
    hm_driver_destroy(driver);
    ck_assert_uint_eq(memory.live, 0);
}
END_TEST

START_TEST(one_is_as_aligned_as_its_type) {
    hm_driver *driver = make_driver(_i == 1);
    hm_results *results = execute(driver, "narrow", "x", hm_value_double(6));
    ck_assert_double_eq(
            *(const double *)hm_value_data(hm_results_value(results, 0)), 7);
    hm_results_destroy(results);
    hm_driver_destroy(driver);
    ck_assert_uint_eq(memory.live, 0);
}
END_TEST

START_TEST(a_copy_of_an_input_is_as_aligned_as_its_type) {
    hm_driver *driver = make_driver(_i == 1);
    static struct wide given[ROWS];
    hm_value value = hm_value_many(&wide_type, given, ROWS);
    hm_results *results = execute(driver, "input", "input", value);
    ck_assert(is_aligned(hm_results_value(results, 0)->many.data));
    hm_results_destroy(results);
    results = execute(driver, "input", "input", hm_value_one(&wide_type, given));
    ck_assert(is_aligned(hm_value_data(hm_results_value(results, 0))));
    hm_results_destroy(results);
    hm_driver_destroy(driver);
    ck_assert_uint_eq(memory.live, 0);
}
END_TEST

START_TEST(json_is_read_into_rows_as_aligned_as_their_type) {
    hm_driver *driver = make_driver(_i == 1);
    check_rows(execute(driver, "given", "input",
            hm_value_json("[{\"number\": 0}, {\"number\": 1}, {\"number\": 2}, "
                          "{\"number\": 3}, {\"number\": 4}]")));
    hm_driver_destroy(driver);
    ck_assert_uint_eq(memory.live, 0);
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("engine/structs");
    TCase *tests = tcase_create("structs");
    tcase_add_loop_test(tests, rows_can_be_larger_than_an_array_is, 0, 2);
    tcase_add_loop_test(tests, one_is_as_aligned_as_its_type, 0, 2);
    tcase_add_loop_test(tests, a_copy_of_an_input_is_as_aligned_as_its_type, 0, 2);
    tcase_add_loop_test(tests, json_is_read_into_rows_as_aligned_as_their_type, 0, 2);
    suite_add_tcase(suite, tests);
    return suite;
}
