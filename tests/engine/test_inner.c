// test_inner.c — arrays inside of rows, of which rows and elements may be missing:
// whatever the number of threads, the length of a block, and where the arrays lie, what
// comes out is what calling one function after the other gives.

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <hamilton/hamilton.h>
#include <hamilton/node.h>

#include "tests/support/controlled.h"
#include "tests/support/suite.h"

enum { MOST_ROWS = 1000, MOST_LENGTH = 9, TABOO = 77 };

// The input: an array of ints in each row, and an int beside it.
typedef struct nest {
    size_t row_count;
    hm_array rows[MOST_ROWS];
    int elements[MOST_ROWS * MOST_LENGTH];
    uint8_t there[MOST_ROWS][8]; // elements of a row
    uint8_t rows_there[MOST_ROWS / 8 + 1];
    int sides[MOST_ROWS];
    uint8_t sides_there[MOST_ROWS / 8 + 1];
} nest;

static nest input;

static bool has(const uint8_t *validity, size_t i) {
    return validity == NULL || (validity[i / 8] >> i % 8 & 1) != 0;
}

static void lose(uint8_t *validity, size_t i) {
    validity[i / 8] &= (uint8_t) ~(1U << i % 8);
}

// int moved(int x, int side): fails where the sum is TABOO
static int call_moved(void *frame, const uint32_t *at, void *self) {
    (void)self;
    HM_SLOT(int, 2) = HM_SLOT(int, 0) + HM_SLOT(int, 1);
    return HM_SLOT(int, 2) == TABOO ? hm_fail("taboo") : 0;
}

// double halved(int moved)
static int call_halved(void *frame, const uint32_t *at, void *self) {
    (void)self;
    HM_SLOT(double, 1) = HM_SLOT(int, 0) * 0.5;
    return 0;
}

// double shifted(double halved, double by): sees NaN
static int call_shifted(void *frame, const uint32_t *at, void *self) {
    (void)self;
    HM_SLOT(double, 2) = isnan(HM_SLOT(double, 0)) ? -1 : HM_SLOT(double, 0) + 1;
    return 0;
}

// double total(size_t n, const double shifted[n])
static int call_total(void *frame, const uint32_t *at, void *self) {
    (void)self;
    hm_array array = HM_SLOT(hm_array, 0);
    double sum = 0;
    for (size_t i = 0; i < array.length; i++) {
        sum += ((const double *)array.data)[i];
    }
    HM_SLOT(double, 1) = sum;
    return 0;
}

// long known(size_t n, HM_NULLABLE const int moved[n])
static int call_known(void *frame, const uint32_t *at, void *self) {
    (void)self;
    hm_array array = HM_SLOT(hm_array, 0);
    const uint8_t *validity = hm_validity(array.data);
    long count = 0;
    for (size_t i = 0; i < array.length; i++) {
        count += has(validity, i);
    }
    HM_SLOT(long, 1) = count;
    return 0;
}

// void running(size_t n, const double shifted[n], double out[n])
static int call_running(void *frame, const uint32_t *at, void *self) {
    (void)self;
    hm_array array = HM_SLOT(hm_array, 0);
    double *out = HM_SLOT(hm_array, 1).data;
    double sum = 0;
    for (size_t i = 0; i < array.length; i++) {
        out[i] = sum += ((const double *)array.data)[i];
    }
    return 0;
}

static void add_functions(void) {
    hm_module_builder *builder = &controlled.builder;
    hm_controlled_begin();
    hm_builder_function(builder, "moved", call_moved, NULL);
    hm_builder_takes(builder, "xs", &hm_type_int);
    hm_builder_takes(builder, "side", &hm_type_int);
    hm_builder_makes(builder, "moved", &hm_type_int);
    hm_builder_function(builder, "halved", call_halved, NULL);
    hm_builder_takes(builder, "moved", &hm_type_int);
    hm_builder_makes(builder, "halved", &hm_type_double);
    hm_builder_function(builder, "shifted", call_shifted, NULL);
    hm_builder_takes(builder, "halved", &hm_type_double);
    hm_builder_takes(builder, "by", &hm_type_double);
    hm_builder_makes(builder, "shifted", &hm_type_double);
    hm_builder_function(builder, "total", call_total, NULL);
    hm_builder_takes_array(builder, "shifted", &hm_type_double);
    hm_builder_makes(builder, "total", &hm_type_double);
    hm_builder_function(builder, "known", call_known, NULL);
    hm_builder_takes_array(builder, "moved", &hm_type_int)->is_nullable = true;
    hm_builder_makes(builder, "known", &hm_type_long);
    hm_builder_function(builder, "running", call_running, NULL);
    hm_builder_takes_array(builder, "shifted", &hm_type_double);
    hm_builder_makes_array(builder, "running", &hm_type_double);
}

static unsigned pick(unsigned most) {
    return (unsigned)rand() % most;
}

static void make_input(size_t row_count, bool lie_apart, bool may_miss) {
    memset(&input, 0, sizeof input);
    memset(input.rows_there, 0xff, sizeof input.rows_there);
    memset(input.sides_there, 0xff, sizeof input.sides_there);
    input.row_count = row_count;
    size_t used = 0;
    for (size_t row = 0; row < row_count; row++) {
        size_t length = pick(4) == 0 ? 0 : pick(MOST_LENGTH);
        size_t first = lie_apart ? row * MOST_LENGTH : used;
        input.rows[row] = (hm_array){.data = &input.elements[first], .length = length};
        input.sides[row] = (int)pick(20);
        memset(input.there[row], 0xff, sizeof input.there[row]);
        for (size_t i = 0; i < length; i++) {
            input.elements[first + i] = (int)pick(50);
            if (may_miss && pick(5) == 0) {
                lose(input.there[row], i);
                input.rows[row].validity = input.there[row];
                input.elements[first + i] = 1000000;
            }
        }
        used += length;
        if (may_miss && pick(6) == 0) {
            lose(input.rows_there, row);
        }
        if (may_miss && pick(8) == 0) {
            lose(input.sides_there, row);
        }
    }
}

// What the functions make of an element; false if it is missing.
static bool moved_at(size_t row, size_t i, int *moved) {
    const hm_array *array = &input.rows[row];
    *moved = ((const int *)array->data)[i] + input.sides[row];
    return has(array->validity, i);
}

static bool has_row(size_t row) {
    return has(input.rows_there, row) && has(input.sides_there, row);
}

static void check_row(const hm_results *results, size_t row) {
    const hm_array *moved = &hm_results_value(results, 0)->many;
    const hm_array *shifted = &hm_results_value(results, 1)->many;
    const hm_array *total = &hm_results_value(results, 2)->many;
    const hm_array *known = &hm_results_value(results, 3)->many;
    const hm_array *running = &hm_results_value(results, 4)->many;
    ck_assert_int_eq(has(moved->validity, row), has_row(row));
    ck_assert_int_eq(has(shifted->validity, row), has_row(row));
    ck_assert_int_eq(has(known->validity, row), has_row(row));
    ck_assert_int_eq(has(running->validity, row), has_row(row));
    if (!has_row(row)) {
        ck_assert(isnan(((const double *)total->data)[row]));
        return;
    }
    const hm_array *own_moved = (const hm_array *)moved->data + row;
    const hm_array *own_shifted = (const hm_array *)shifted->data + row;
    const hm_array *own_running = (const hm_array *)running->data + row;
    double sum = 0;
    long count = 0;
    ck_assert_uint_eq(own_moved->length, input.rows[row].length);
    ck_assert_uint_eq(own_running->length, input.rows[row].length);
    for (size_t i = 0; i < own_moved->length; i++) {
        int expected;
        bool is_there = moved_at(row, i, &expected);
        double then = is_there ? expected * 0.5 + 1 : -1;
        ck_assert_int_eq(has(own_moved->validity, i), is_there);
        if (is_there) {
            ck_assert_int_eq(((const int *)own_moved->data)[i], expected);
        }
        sum += then;
        count += is_there;
        ck_assert_double_eq(((const double *)own_shifted->data)[i], then);
        ck_assert_double_eq(((const double *)own_running->data)[i], sum);
    }
    ck_assert_double_eq(((const double *)total->data)[row], sum);
    ck_assert_int_eq(((const long *)known->data)[row], count);
}

// The first element that fails, or false.
static bool find_taboo(size_t *row, size_t *i) {
    for (*row = 0; *row < input.row_count; ++*row) {
        for (*i = 0; has_row(*row) && *i < input.rows[*row].length; ++*i) {
            int moved;
            if (moved_at(*row, *i, &moved) && moved == TABOO) {
                return true;
            }
        }
    }
    return false;
}

static void execute(uint32_t threads, uint32_t block_length) {
    static const char *const wanted[] = {
            "moved", "shifted", "total", "known", "running"};
    static const double by = 1;
    hm_driver_options options = hm_controlled_options(threads);
    hm_driver *driver = hm_controlled_driver(&options);
    hm_binding inputs[] = {
            {"xs", hm_value_many(&hm_type_int, input.rows, input.row_count)},
            {"side", hm_value_many(&hm_type_int, input.sides, input.row_count)},
            {"by", hm_value_one(&hm_type_double, &by)}};
    inputs[0].value.depth = 2;
    inputs[0].value.many.validity = input.rows_there;
    inputs[1].value.many.validity = input.sides_there;
    hm_request request = hm_controlled_request(wanted, 5);
    request.inputs = inputs;
    request.input_count = 3;
    request.block_length = block_length;
    request.always_share = true;
    hm_results *results;
    hm_error error;
    size_t row;
    size_t i;
    if (find_taboo(&row, &i)) {
        char expected[96];
        snprintf(expected, sizeof expected, "failed in row %zu, element %zu: taboo",
                row + 1, i + 1);
        ck_assert_int_eq(
                hm_driver_execute(driver, &request, &results, &error), HM_NODE_FAILED);
        ck_assert_msg(strstr(error.message, expected) != NULL, "%s: %s", expected,
                error.message);
    } else {
        ck_assert_msg(hm_driver_execute(driver, &request, &results, &error) == HM_OK,
                "%s", error.message);
        for (row = 0; row < input.row_count; row++) {
            check_row(results, row);
        }
        hm_results_destroy(results);
    }
    hm_driver_destroy(driver);
}

START_TEST(inner_arrays_are_as_one_function_after_the_other) {
    static const size_t counts[] = {0, 1, 3, 7, 100, MOST_ROWS};
    static const uint32_t threads[] = {1, 2, 8};
    static const uint32_t lengths[] = {0, 1, 3};
    srand(1);
    add_functions();
    for (size_t c = 0; c < 6 * 4; c++) {
        make_input(counts[c % 6], c / 6 % 2 == 0, c / 12 % 2 == 0);
        for (size_t way = 0; way < 9; way++) {
            execute(threads[way % 3], lengths[way / 3]);
        }
    }
    hm_controlled_end();
}
END_TEST

// A plan that is run again uses its memory again, whatever the lengths were.
START_TEST(runs_use_their_memory_again) {
    static const char *const wanted = "running";
    static const double by = 1;
    add_functions();
    srand(2);
    make_input(MOST_ROWS, true, false);
    for (size_t row = 0; row < MOST_ROWS; row++) { // nothing fails
        input.sides[row] = 100;
    }
    hm_driver_options options = hm_controlled_options(1);
    hm_driver *driver = hm_controlled_driver(&options);
    hm_binding inputs[] = {{"xs", hm_value_many(&hm_type_int, input.rows, MOST_ROWS)},
            {"side", hm_value_many(&hm_type_int, input.sides, MOST_ROWS)},
            {"by", hm_value_one(&hm_type_double, &by)}};
    inputs[0].value.depth = 2;
    hm_request request = hm_controlled_request(&wanted, 1);
    request.inputs = inputs;
    request.input_count = 3;
    request.borrows_arrays = true;
    hm_plan *plan;
    hm_run *run;
    ck_assert_int_eq(hm_plan_create(driver, &request, &plan, NULL), HM_OK);
    ck_assert_int_eq(hm_run_create(plan, &run, NULL), HM_OK);
    size_t allocations = 0;
    for (int round = 0; round < 64; round++) {
        allocations = atomic_load(&controlled.memory.calls);
        ck_assert_int_eq(hm_run_execute(run, NULL), HM_OK);
    }
    ck_assert_uint_eq(atomic_load(&controlled.memory.calls), allocations);
    hm_run_destroy(run);
    hm_plan_destroy(plan);
    hm_driver_destroy(driver);
    hm_controlled_end();
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("engine/inner");
    TCase *tests = tcase_create("inner");
    tcase_add_test(tests, inner_arrays_are_as_one_function_after_the_other);
    tcase_add_test(tests, runs_use_their_memory_again);
    suite_add_tcase(suite, tests);
    return suite;
}
