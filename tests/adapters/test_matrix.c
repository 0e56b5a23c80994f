// Columns as a matrix of doubles: every type of number, both orders, memory of either
// side, and what is refused.

#include <float.h>
#include <limits.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <hamilton/matrix.h>

#include "tests/support/failing_allocator.h"
#include "tests/support/suite.h"

enum { UNTOUCHED = -77 };

static hm_binding column(
        const char *name, const hm_type *type, const void *data, size_t length) {
    return (hm_binding){name, hm_value_many(type, data, length)};
}

static double at(const hm_matrix *matrix, size_t row, size_t column) {
    return matrix->data[row * matrix->row_stride + column * matrix->column_stride];
}

static hm_matrix filled(
        const hm_matrix_options *options, const hm_binding *columns, size_t count) {
    hm_matrix matrix;
    hm_error error = {.message = ""};
    ck_assert_msg(hm_matrix_fill(options, columns, count, &matrix, &error) == HM_OK,
            "%s", error.message);
    return matrix;
}

static void check_refused(const hm_matrix_options *options, const hm_binding *columns,
        size_t count, hm_status status, const char *message) {
    hm_matrix matrix = {.row_count = 99};
    hm_error error = {.message = ""};
    ck_assert_int_eq(hm_matrix_fill(options, columns, count, &matrix, &error), status);
    ck_assert_str_eq(error.message, message);
    ck_assert_uint_eq(matrix.row_count, 99);
}

static void check_type(
        const hm_type *type, const void *data, const double expected[3]) {
    const hm_binding given = column(type->name, type, data, 3);
    hm_matrix matrix = filled(NULL, &given, 1);
    for (size_t row = 0; row < 3; row++) {
        ck_assert_msg(at(&matrix, row, 0) == expected[row], "%s in row %zu: %.17g",
                type->name, row + 1, at(&matrix, row, 0));
    }
    hm_matrix_release(&matrix);
}

START_TEST(numbers_of_all_types_become_doubles) {
    check_type(&hm_type_bool, (bool[]){true, false, true}, (double[]){1, 0, 1});
    check_type(&hm_type_schar, (signed char[]){-128, 127, 0}, (double[]){-128, 127, 0});
    check_type(&hm_type_uchar, (unsigned char[]){0, 255, 1}, (double[]){0, 255, 1});
    check_type(
            &hm_type_short, (short[]){-32768, 32767, 0}, (double[]){-32768, 32767, 0});
    check_type(
            &hm_type_ushort, (unsigned short[]){0, 65535, 1}, (double[]){0, 65535, 1});
    check_type(&hm_type_int, (int[]){INT_MIN, INT_MAX, 0},
            (double[]){-0x1p31, 0x1p31 - 1, 0});
    check_type(
            &hm_type_uint, (unsigned[]){0, UINT_MAX, 1}, (double[]){0, 0x1p32 - 1, 1});
    check_type(&hm_type_long, (long[]){INT64_MIN, INT64_C(1) << 53, 1},
            (double[]){-0x1p63, 0x1p53, 1});
    check_type(&hm_type_ulong, (unsigned long[]){0, UINT64_C(1) << 63, 1},
            (double[]){0, 0x1p63, 1});
    check_type(&hm_type_float, (float[]){0.5F, -INFINITY, 3e38F},
            (double[]){0.5, -INFINITY, (double)3e38F});
    check_type(&hm_type_double, (double[]){0.1, -0.0, DBL_MAX},
            (double[]){0.1, -0.0, DBL_MAX});
    check_type(&hm_type_longdouble, (long double[]){0.1L, INFINITY, 1},
            (double[]){0.1, INFINITY, 1});
}
END_TEST

START_TEST(both_orders_have_the_same_elements) {
    const hm_binding columns[] = {
            column("a", &hm_type_double, (double[]){1, 2, 3}, 3),
            {"b", hm_value_double(7)},
            column("c", &hm_type_int, (int[]){4, 5, 6}, 3),
    };
    hm_matrix_options options = HM_MATRIX_OPTIONS_INIT;
    hm_matrix rows = filled(&options, columns, 3);
    static const double by_rows[] = {1, 7, 4, 2, 7, 5, 3, 7, 6};
    ck_assert_mem_eq(rows.data, by_rows, sizeof by_rows);
    options.order = HM_MATRIX_COLUMN_MAJOR;
    hm_matrix by_column = filled(&options, columns, 3);
    static const double by_columns[] = {1, 2, 3, 7, 7, 7, 4, 5, 6};
    ck_assert_mem_eq(by_column.data, by_columns, sizeof by_columns);
    for (size_t row = 0; row < 3; row++) {
        for (size_t i = 0; i < 3; i++) {
            ck_assert_double_eq(at(&rows, row, i), at(&by_column, row, i));
        }
    }
    ck_assert_uint_eq((uintptr_t)rows.data % 64, 0);
    hm_matrix_release(&rows);
    hm_matrix_release(&by_column);
    ck_assert_ptr_null(rows.data);
    hm_matrix_release(&rows);
}
END_TEST

START_TEST(single_values_alone_are_one_row) {
    const hm_binding columns[] = {
            {"a", hm_value_double(7)}, {"b", hm_value_bool(true)}};
    hm_matrix matrix = filled(NULL, columns, 2);
    ck_assert_uint_eq(matrix.row_count, 1);
    ck_assert_double_eq(at(&matrix, 0, 0), 7);
    ck_assert_double_eq(at(&matrix, 0, 1), 1);
    hm_matrix_release(&matrix);
}
END_TEST

START_TEST(what_is_missing_is_nan) {
    uint8_t validity[] = {5};
    hm_binding columns[] = {
            column("a", &hm_type_double, (double[]){1, NAN, 3}, 3),
            column("b", &hm_type_int, (int[]){4, 5, 6}, 3),
            column("c", &hm_type_double, NULL, 3),
    };
    static const double eight = 8;
    const double *pointers[] = {NULL, &eight, NULL};
    columns[1].value.many.validity = validity;
    columns[2].value.many.data = pointers;
    columns[2].value.by_reference = true;
    hm_matrix matrix = filled(NULL, columns, 3);
    ck_assert(isnan(at(&matrix, 1, 0)));
    ck_assert_double_eq(at(&matrix, 0, 1), 4);
    ck_assert(isnan(at(&matrix, 1, 1)));
    ck_assert_double_eq(at(&matrix, 2, 1), 6);
    ck_assert(isnan(at(&matrix, 0, 2)));
    ck_assert_double_eq(at(&matrix, 1, 2), 8);
    hm_matrix_release(&matrix);
}
END_TEST

START_TEST(the_memory_of_the_caller_is_written_within_its_strides) {
    double room[10];
    for (size_t i = 0; i < 10; i++) {
        room[i] = UNTOUCHED;
    }
    const hm_binding columns[] = {
            column("a", &hm_type_double, (double[]){1, 2}, 2),
            column("b", &hm_type_double, (double[]){3, 4}, 2),
    };
    hm_matrix_options options = HM_MATRIX_OPTIONS_INIT;
    options.data = room;
    options.capacity = 6;
    options.leading_dimension = 4;
    hm_matrix matrix = filled(&options, columns, 2);
    static const double by_rows[] = {1, 3, UNTOUCHED, UNTOUCHED, 2, 4, UNTOUCHED};
    ck_assert_mem_eq(room, by_rows, sizeof by_rows);
    ck_assert_ptr_eq(matrix.data, room);
    hm_matrix_release(&matrix);
    ck_assert_double_eq(room[0], 1);

    options.order = HM_MATRIX_COLUMN_MAJOR;
    options.leading_dimension = 3;
    matrix = filled(&options, columns, 2);
    static const double by_columns[] = {1, 2, UNTOUCHED, 3, 4, 4, UNTOUCHED};
    ck_assert_mem_eq(room, by_columns, sizeof by_columns);

    options.capacity = 4;
    check_refused(&options, columns, 2, HM_BAD_ARGUMENT,
            "a matrix of 2 rows and 2 columns takes 5 doubles, but there is room for "
            "4");
    options.leading_dimension = 1;
    check_refused(&options, columns, 2, HM_BAD_ARGUMENT,
            "leading_dimension is 1, but a column has 2 elements");
    options.leading_dimension = SIZE_MAX;
    hm_matrix none;
    ck_assert_int_eq(hm_matrix_fill(&options, columns, 2, &none, NULL), HM_NO_MEMORY);
}
END_TEST

START_TEST(no_rows_are_a_matrix_without_rows) {
    const hm_binding columns[] = {
            column("a", &hm_type_double, NULL, 0),
            {"b", hm_value_double(7)},
    };
    hm_matrix_options options = HM_MATRIX_OPTIONS_INIT;
    for (int order = HM_MATRIX_ROW_MAJOR; order <= HM_MATRIX_COLUMN_MAJOR; order++) {
        options.order = (hm_matrix_order)order;
        hm_matrix matrix = filled(&options, columns, 2);
        ck_assert_uint_eq(matrix.row_count, 0);
        ck_assert_uint_eq(matrix.column_count, 2);
        hm_matrix_release(&matrix);
    }
}
END_TEST

START_TEST(what_is_no_number_is_refused_with_its_name) {
    const char *texts[] = {"a", "b"};
    const int64_t days[] = {1, 2};
    hm_array inner[2] = {{0}};
    hm_binding text = column("town", &hm_type_string, texts, 2);
    check_refused(NULL, &text, 1, HM_TYPE_MISMATCH,
            "`town` is const char *, but a matrix is made of numbers: leave it out, or "
            "let a node make a number of it");
    hm_binding day = column("at", &hm_type_time_day, days, 2);
    check_refused(NULL, &day, 1, HM_TYPE_MISMATCH,
            "`at` is int64_t in day, but a matrix is made of numbers: leave it out, or "
            "let "
            "a node make a number of it");
    hm_binding deep = column("deep", &hm_type_double, inner, 2);
    deep.value.depth = 2;
    check_refused(NULL, &deep, 1, HM_SHAPE_MISMATCH,
            "`deep` is an array of arrays, but a column of a matrix has one number for "
            "each row");
    check_refused(NULL, NULL, 0, HM_BAD_ARGUMENT, "there are no columns");
    const hm_binding uneven[] = {
            column("a", &hm_type_double, (double[]){1, 2}, 2),
            column("b", &hm_type_double, (double[]){3}, 1),
    };
    check_refused(NULL, uneven, 2, HM_LENGTH_MISMATCH, "`a` has 2 rows and `b` has 1");
    hm_matrix_options options = HM_MATRIX_OPTIONS_INIT;
    options.order = (hm_matrix_order)7;
    check_refused(&options, uneven, 1, HM_BAD_ARGUMENT, "7 is no order of a matrix");
}
END_TEST

START_TEST(integers_that_no_double_is_are_refused_with_their_row) {
    hm_failing_allocator memory;
    hm_failing_allocator_init(&memory);
    hm_matrix_options options = HM_MATRIX_OPTIONS_INIT;
    options.allocator = &memory.allocator;
    enum { ROWS = 600 };
    static long ids[ROWS];
    ids[ROWS - 2] = (INT64_C(1) << 53) + 1;
    hm_binding id = column("id", &hm_type_long, ids, ROWS);
    check_refused(&options, &id, 1, HM_BAD_DATA,
            "row 599, `id`: no double is exactly this integer");
    uint8_t validity[ROWS / 8];
    memset(validity, 0xFF, sizeof validity);
    validity[(ROWS - 2) / 8] = (uint8_t) ~(1U << (ROWS - 2) % 8);
    id.value.many.validity = validity;
    hm_matrix matrix = filled(&options, &id, 1); // it is missing
    hm_matrix_release(&matrix);
    const hm_binding most = {"most", hm_value_int64(INT64_MAX)};
    check_refused(&options, &most, 1, HM_BAD_DATA,
            "`most`: no double is exactly this integer");
    const unsigned long greatest[] = {UINT64_MAX};
    const hm_binding unsigned_most = column("u", &hm_type_ulong, greatest, 1);
    check_refused(&options, &unsigned_most, 1, HM_BAD_DATA,
            "row 1, `u`: no double is exactly this integer");
    const long double large[] = {LDBL_MAX};
    const hm_binding wide = column("x", &hm_type_longdouble, large, 1);
    check_refused(&options, &wide, 1, HM_BAD_DATA,
            "row 1, `x`: the number is too large for a double");
    ck_assert_uint_eq(memory.live, 0);
}
END_TEST

START_TEST(running_out_of_memory_is_told) {
    hm_failing_allocator memory;
    hm_failing_allocator_init(&memory);
    memory.fail_at = 1;
    hm_matrix_options options = HM_MATRIX_OPTIONS_INIT;
    options.allocator = &memory.allocator;
    const hm_binding given = column("a", &hm_type_double, (double[]){1, 2}, 2);
    check_refused(&options, &given, 1, HM_NO_MEMORY, "out of memory");
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("matrix");
    TCase *cases = tcase_create("matrix");
    tcase_add_test(cases, numbers_of_all_types_become_doubles);
    tcase_add_test(cases, both_orders_have_the_same_elements);
    tcase_add_test(cases, single_values_alone_are_one_row);
    tcase_add_test(cases, what_is_missing_is_nan);
    tcase_add_test(cases, the_memory_of_the_caller_is_written_within_its_strides);
    tcase_add_test(cases, no_rows_are_a_matrix_without_rows);
    tcase_add_test(cases, what_is_no_number_is_refused_with_its_name);
    tcase_add_test(cases, integers_that_no_double_is_are_refused_with_their_row);
    tcase_add_test(cases, running_out_of_memory_is_told);
    suite_add_tcase(suite, cases);
    return suite;
}
