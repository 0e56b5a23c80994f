// test_rows.c — one function, one value or many: mapping, broadcasting, arrays in
// arrays.

#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <hamilton/hamilton.h>
#include <hamilton/node.h>

#include "engine/lanes.h"
#include "tests/support/failing_allocator.h"
#include "tests/support/module_builder.h"
#include "tests/support/suite.h"

static hm_module_builder builder;
static hm_failing_allocator memory;

#define SLOT(type, index) (*(type *)(void *)((char *)frame + at[index]))
#define LANE(type, index, row) (((type *)lanes[index].data)[(row)*lanes[index].stride])

static int call_sum(void *frame, const uint32_t *at, void *self) {
    (void)self;
    SLOT(double, 2) = SLOT(double, 0) + SLOT(double, 1);
    return 0;
}

static int map_sum(const hm_lane *lanes, size_t count, size_t *row, void *self) {
    (void)row;
    (void)self;
    for (size_t i = 0; i < count; i++) {
        LANE(double, 2, i) = LANE(double, 0, i) + LANE(double, 1, i);
    }
    return 0;
}

static int call_total(void *frame, const uint32_t *at, void *self) {
    (void)self;
    const hm_array *x = &SLOT(hm_array, 0);
    double total = 0;
    for (size_t i = 0; i < x->length; i++) {
        total += ((const double *)x->data)[i];
    }
    SLOT(double, 1) = total;
    return 0;
}

static int map_total(const hm_lane *lanes, size_t count, size_t *row, void *self) {
    (void)row;
    (void)self;
    for (size_t i = 0; i < count; i++) {
        const hm_array *x = &LANE(hm_array, 0, i);
        double total = 0;
        for (size_t k = 0; k < x->length; k++) {
            total += ((const double *)x->data)[k];
        }
        LANE(double, 1, i) = total;
    }
    return 0;
}

// out[i] = x[i] + by
static int call_shift(void *frame, const uint32_t *at, void *self) {
    (void)self;
    const hm_array *x = &SLOT(hm_array, 0);
    for (size_t i = 0; i < x->length; i++) {
        ((double *)SLOT(hm_array, 2).data)[i] =
                ((const double *)x->data)[i] + SLOT(double, 1);
    }
    return 0;
}

// 0, 1, ... up to the integer part of x; negative x fails
static int call_count_up(void *frame, const uint32_t *at, void *self) {
    (void)self;
    double x = SLOT(double, 0);
    if (x < 0) {
        return hm_fail("cannot count up to %g", x);
    }
    hm_array *out = &SLOT(hm_array, 1);
    out->length = (size_t)x;
    out->data = malloc((out->length + 1) * sizeof(double));
    for (size_t i = 0; i < out->length; i++) {
        ((double *)out->data)[i] = (double)i;
    }
    return 0;
}

static int call_root(void *frame, const uint32_t *at, void *self) {
    (void)self;
    if (SLOT(double, 0) < 0) {
        return hm_fail("%g has no root", SLOT(double, 0));
    }
    SLOT(double, 1) = sqrt(SLOT(double, 0));
    return 0;
}

// A struct, by value and by reference.
struct point {
    double x;
    double y;
};

static const hm_field point_fields[] = {
        {.name = "x", .type = &hm_type_double, .offset = offsetof(struct point, x)},
        {.name = "y", .type = &hm_type_double, .offset = offsetof(struct point, y)},
};

static const hm_type point_type = {
        .name = "struct point",
        .kind = HM_KIND_STRUCT,
        .size = sizeof(struct point),
        .alignment = _Alignof(struct point),
        .fields = point_fields,
        .field_count = 2,
};

// struct point point(double a)
static int call_point(void *frame, const uint32_t *at, void *self) {
    (void)self;
    SLOT(struct point, 1) = (struct point){SLOT(double, 0), -SLOT(double, 0)};
    return 0;
}

// double by_value(struct point point)
static int call_by_value(void *frame, const uint32_t *at, void *self) {
    (void)self;
    SLOT(double, 1) = SLOT(struct point, 0).x * 2;
    return 0;
}

// double by_reference(const struct point *point, double a)
static int call_by_reference(void *frame, const uint32_t *at, void *self) {
    (void)self;
    SLOT(double, 2) = SLOT(const struct point *, 0)->y * SLOT(double, 1);
    return 0;
}

static void begin(void) {
    hm_module_builder_init(&builder);
    hm_failing_allocator_init(&memory);
}

// double sum(double a, double b), named as asked
static void add_sum(const char *name, const char *a, const char *b) {
    hm_builder_function(&builder, name, call_sum, map_sum);
    hm_builder_takes(&builder, a, &hm_type_double);
    hm_builder_takes(&builder, b, &hm_type_double);
    hm_builder_makes(&builder, name, &hm_type_double);
}

static void add_total(const char *name, const char *x) {
    hm_builder_function(&builder, name, call_total, map_total);
    hm_builder_takes_array(&builder, x, &hm_type_double);
    hm_builder_makes(&builder, name, &hm_type_double);
}

static void add_shift(const char *name, const char *x, const char *by) {
    hm_builder_function(&builder, name, call_shift, NULL);
    hm_builder_takes_array(&builder, x, &hm_type_double);
    hm_builder_takes(&builder, by, &hm_type_double);
    hm_builder_makes_array(&builder, name, &hm_type_double);
}

static void add_count_up(const char *name, const char *x) {
    hm_builder_function(&builder, name, call_count_up, NULL);
    hm_builder_takes(&builder, x, &hm_type_double);
    hm_builder_expands(&builder, name, &hm_type_double)->ownership = HM_OWNED;
}

static void add_root(const char *name, const char *x) {
    hm_builder_function(&builder, name, call_root, NULL);
    hm_builder_takes(&builder, x, &hm_type_double);
    hm_builder_makes(&builder, name, &hm_type_double);
}

static bool write_text(const char *text, size_t length, void *to) {
    strncat(to, text, length);
    return true;
}

static hm_status execute(const char *wanted, size_t input_count,
        const hm_binding *inputs, char *result, hm_error *error) {
    const hm_module *modules[] = {&builder.module};
    hm_driver_options options = HM_DRIVER_OPTIONS_INIT;
    options.modules = modules;
    options.module_count = 1;
    options.allocator = &memory.allocator;
    hm_driver *driver;
    hm_status status = hm_driver_create(&options, &driver, error);
    if (status != HM_OK) {
        return status;
    }
    hm_request request = HM_REQUEST_INIT;
    request.wanted = &wanted;
    request.wanted_count = 1;
    request.inputs = inputs;
    request.input_count = input_count;
    hm_results *results;
    status = hm_driver_execute(driver, &request, &results, error);
    if (status == HM_OK) {
        result[0] = '\0';
        ck_assert_int_eq(
                hm_json_write(hm_results_value(results, 0), write_text, result), HM_OK);
        hm_results_destroy(results);
    }
    hm_driver_destroy(driver);
    ck_assert_uint_eq(memory.live, 0);
    return status;
}

static void expect(const char *wanted, size_t input_count, const hm_binding *inputs,
        const char *expected) {
    static char result[4096];
    hm_error error = {0};
    ck_assert_msg(execute(wanted, input_count, inputs, result, &error) == HM_OK, "%s",
            error.message);
    ck_assert_str_eq(result, expected);
}

static void expect_failure(const char *wanted, size_t input_count,
        const hm_binding *inputs, hm_status status, const char *expected) {
    static char result[4096];
    hm_error error = {0};
    ck_assert_int_eq(execute(wanted, input_count, inputs, result, &error), status);
    ck_assert_str_eq(error.message, expected);
}

START_TEST(one_value_gives_one_value) {
    begin();
    add_sum("sum", "a", "b");
    hm_binding inputs[] = {{"a", hm_value_double(1)}, {"b", hm_value_double(2)}};
    expect("sum", 2, inputs, "3");
}
END_TEST

START_TEST(a_column_is_mapped_and_one_value_is_broadcast) {
    begin();
    add_sum("sum", "a", "b");
    add_sum("more", "b", "sum");
    hm_binding inputs[] = {{"a", hm_value_json("[1,2,3]")}, {"b", hm_value_double(10)}};
    expect("more", 2, inputs, "[21, 22, 23]");
}
END_TEST

START_TEST(a_function_without_a_map_thunk_is_called_for_each_row) {
    begin();
    add_sum("sum", "a", "b");
    builder.functions[0].map = NULL;
    hm_binding inputs[] = {{"a", hm_value_json("[1,2,3]")}, {"b", hm_value_double(10)}};
    expect("sum", 2, inputs, "[11, 12, 13]");
}
END_TEST

static void add_rows(void *const *at, size_t count) {
    const double *a = at[0];
    const double *b = at[1];
    double *out = at[2];
    for (size_t i = 0; i < count; i++) {
        out[i] = a[i] + b[i];
    }
}

// Rows of arrays of several dimensions are run array by array; the outer value is the
// same in all rows of an inner one.
START_TEST(a_function_with_a_thunk_for_rows_is_run_by_it) {
    begin();
    add_count_up("items", "sizes");
    add_sum("sum", "items", "sizes");
    builder.functions[1].map = NULL;
    builder.functions[1].rows = add_rows;
    hm_binding inputs[] = {{"sizes", hm_value_json("[2,0,3]")}};
    expect("sum", 1, inputs, "[[2, 3], [], [3, 4, 5]]");
}
END_TEST

START_TEST(rows_are_run_whatever_their_strides) {
    enum { ROWS = 1000 };
    static double a[ROWS];
    static double out[ROWS];
    begin();
    add_sum("sum", "a", "b");
    hm_function function = builder.functions[0];
    function.rows = add_rows;
    size_t size = hm_lanes_frame_size(&function, 64);
    char *frame = aligned_alloc(64, size);
    ck_assert_ptr_nonnull(frame);
    for (size_t i = 0; i < ROWS; i++) {
        a[i] = (double)i;
    }
    double b = 0.5;
    for (size_t count = 0; count <= ROWS; count += 100) {
        for (size_t stride = 0; stride < 2; stride++) {
            const hm_lane lanes[] = {{a, stride}, {&b, 0}, {out, 1}};
            hm_lanes_failure failure;
            memset(out, 0, sizeof out);
            ck_assert_int_eq(
                    hm_lanes_run(&function, lanes, count, &failure, frame, 64), 0);
            for (size_t i = 0; i < ROWS; i++) {
                double sum = a[i * stride] + b;
                ck_assert_double_eq(out[i], i < count ? sum : 0);
            }
        }
    }
    free(frame);
}
END_TEST

START_TEST(an_array_parameter_takes_the_whole_column) {
    begin();
    add_sum("sum", "a", "b");
    add_total("total", "sum");
    add_shift("shifted", "sum", "total");
    hm_binding inputs[] = {{"a", hm_value_json("[1,2,3]")}, {"b", hm_value_double(2)}};
    expect("total", 2, inputs, "12");
    expect("shifted", 2, inputs, "[15, 16, 17]");
}
END_TEST

START_TEST(an_expansion_is_mapped_and_collected) {
    begin();
    add_count_up("items", "n_items");
    add_sum("raised", "items", "n_items");
    add_total("total", "raised");
    hm_binding inputs[] = {{"n_items", hm_value_double(4)}};
    expect("raised", 1, inputs, "[4, 5, 6, 7]");
    expect("total", 1, inputs, "22");
}
END_TEST

START_TEST(an_expansion_of_a_column_is_ragged) {
    begin();
    add_count_up("items", "sizes");
    add_sum("plus", "items", "sizes");
    add_total("inner", "plus");
    add_total("outer", "inner");
    add_shift("shifted", "plus", "inner");
    hm_binding inputs[] = {{"sizes", hm_value_json("[2,0,3]")}};
    expect("items", 1, inputs, "[[0, 1], [], [0, 1, 2]]");
    expect("plus", 1, inputs, "[[2, 3], [], [3, 4, 5]]");
    expect("inner", 1, inputs, "[5, 0, 12]");
    expect("outer", 1, inputs, "17");
    expect("shifted", 1, inputs, "[[7, 8], [], [15, 16, 17]]");
}
END_TEST

START_TEST(expansions_nest_three_deep) {
    begin();
    add_count_up("first", "sizes");
    add_count_up("second", "first");
    add_sum("sum", "second", "sizes");
    add_total("by_first", "sum");
    hm_binding inputs[] = {{"sizes", hm_value_json("[3,1]")}};
    expect("sum", 1, inputs, "[[[], [3], [3, 4]], [[]]]");
    expect("by_first", 1, inputs, "[[0, 3, 7], [0]]");
}
END_TEST

START_TEST(an_array_of_no_elements_gives_none) {
    begin();
    add_sum("sum", "a", "b");
    add_total("total", "sum");
    add_shift("shifted", "sum", "b");
    hm_binding inputs[] = {
            {"a", hm_value_many(&hm_type_double, NULL, 0)}, {"b", hm_value_double(10)}};
    expect("sum", 2, inputs, "[]");
    expect("total", 2, inputs, "0");
    expect("shifted", 2, inputs, "[]");
}
END_TEST

START_TEST(the_lowest_failing_row_is_reported_with_its_inputs) {
    begin();
    add_root("root", "x");
    add_sum("y", "root", "x");
    hm_binding inputs[] = {{"x", hm_value_json("[4,-1,9,-2]")}};
    expect_failure("y", 1, inputs, HM_NODE_FAILED,
            "test.c:1: node `root` failed in row 2: -1 has no root; inputs: x = -1; "
            "needed by y (test.c:2)");
}
END_TEST

START_TEST(a_failing_row_of_nested_arrays_is_named_by_its_place) {
    begin();
    add_count_up("items", "sizes");
    add_shift("shifted", "items", "by");
    add_root("root", "shifted");
    hm_binding inputs[] = {
            {"sizes", hm_value_json("[1,0,4]")}, {"by", hm_value_double(-0.5)}};
    expect_failure("root", 2, inputs, HM_NODE_FAILED,
            "test.c:3: node `root` failed in row 1, element 1: -0.5 has no root; "
            "inputs: shifted = -0.5");
}
END_TEST

START_TEST(an_expansion_that_fails_leaks_none_of_its_rows) {
    begin();
    add_count_up("items", "sizes");
    hm_binding inputs[] = {{"sizes", hm_value_json("[2,3,-1,4]")}};
    expect_failure("items", 1, inputs, HM_NODE_FAILED,
            "test.c:1: node `items` failed in row 3: cannot count up to -1; inputs: "
            "sizes = -1");
}
END_TEST

START_TEST(columns_of_unequal_length_are_refused_before_the_run) {
    begin();
    add_sum("sum", "a", "b");
    hm_binding inputs[] = {
            {"a", hm_value_json("[1,2,3]")}, {"b", hm_value_json("[1,2]")}};
    expect_failure("sum", 2, inputs, HM_LENGTH_MISMATCH,
            "test.c:1: `sum` wants arrays of equal length, but `a` has 3 elements and "
            "`b` has 2");
}
END_TEST

START_TEST(lengths_that_only_the_run_knows_are_compared_then) {
    begin();
    add_count_up("items", "size");
    add_sum("sum", "items", "a");
    hm_binding inputs[] = {
            {"a", hm_value_json("[1,2,3]")}, {"size", hm_value_double(2)}};
    expect_failure("sum", 2, inputs, HM_LENGTH_MISMATCH,
            "test.c:2: node `sum` wants arrays of equal length, but `items` has 2 "
            "elements and `a` has 3");
}
END_TEST

START_TEST(one_value_where_an_array_is_wanted_is_refused) {
    begin();
    add_sum("sum", "a", "b");
    add_total("total", "sum");
    hm_binding inputs[] = {{"a", hm_value_double(1)}, {"b", hm_value_double(2)}};
    expect_failure("total", 2, inputs, HM_SHAPE_MISMATCH,
            "test.c:2: `total` takes `sum` as an array, but it is one value, computed "
            "by sum (test.c:1): give arrays to what that reads, or take one value");
}
END_TEST

static void add_point_readers(void) {
    hm_builder_function(&builder, "by_value", call_by_value, NULL);
    hm_builder_takes(&builder, "point", &point_type);
    hm_builder_makes(&builder, "by_value", &hm_type_double);
    hm_builder_function(&builder, "by_reference", call_by_reference, NULL);
    hm_builder_takes(&builder, "point", &point_type)->pass = HM_BY_REFERENCE;
    hm_builder_takes(&builder, "a", &hm_type_double);
    hm_builder_makes(&builder, "by_reference", &hm_type_double);
}

START_TEST(a_struct_serves_readers_by_value_and_by_reference) {
    begin();
    hm_builder_function(&builder, "point", call_point, NULL);
    hm_builder_takes(&builder, "a", &hm_type_double);
    hm_builder_makes(&builder, "point", &point_type);
    add_point_readers();
    hm_binding one[] = {{"a", hm_value_double(3)}};
    expect("by_value", 1, one, "6");
    expect("by_reference", 1, one, "-9");
    hm_binding many[] = {{"a", hm_value_json("[1,2,3]")}};
    expect("by_value", 1, many, "[2, 4, 6]");
    expect("by_reference", 1, many, "[-1, -4, -9]");
    expect("point", 1, many,
            "[{\"x\": 1, \"y\": -1}, {\"x\": 2, \"y\": -2}, "
            "{\"x\": 3, \"y\": -3}]");
}
END_TEST

START_TEST(a_struct_is_given_as_an_input_in_every_way) {
    begin();
    add_point_readers();
    struct point points[] = {{1, 2}, {3, 4}};
    hm_binding one[] = {{"point", hm_value_one(&point_type, &points[1])},
            {"a", hm_value_double(10)}};
    expect("by_value", 2, one, "6");
    expect("by_reference", 2, one, "40");
    hm_binding many[] = {{"point", hm_value_many(&point_type, points, 2)},
            {"a", hm_value_double(10)}};
    expect("by_value", 2, many, "[2, 6]");
    expect("by_reference", 2, many, "[20, 40]");
    hm_binding nested[] = {{"point", hm_value_one(&point_type, &points[0])},
            {"a", hm_value_json("[[1,2],[],[3]]")}};
    expect("by_reference", 2, nested, "[[2, 4], [], [6]]");
    hm_binding text[] = {{"point", hm_value_json("{\"x\": 5, \"y\": 6}")},
            {"a", hm_value_double(1)}};
    expect("by_reference", 2, text, "6");
}
END_TEST

START_TEST(an_outer_struct_is_the_same_for_all_inner_elements) {
    begin();
    hm_builder_function(&builder, "point", call_point, NULL);
    hm_builder_takes(&builder, "sizes", &hm_type_double);
    hm_builder_makes(&builder, "point", &point_type);
    add_count_up("a", "sizes");
    add_point_readers();
    hm_binding inputs[] = {{"sizes", hm_value_json("[2,0,3]")}};
    expect("by_reference", 1, inputs, "[[-0, -2], [], [-0, -3, -6]]");
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("engine/rows");
    TCase *tests = tcase_create("rows");
    tcase_add_test(tests, one_value_gives_one_value);
    tcase_add_test(tests, a_column_is_mapped_and_one_value_is_broadcast);
    tcase_add_test(tests, a_function_without_a_map_thunk_is_called_for_each_row);
    tcase_add_test(tests, a_function_with_a_thunk_for_rows_is_run_by_it);
    tcase_add_test(tests, rows_are_run_whatever_their_strides);
    tcase_add_test(tests, an_array_parameter_takes_the_whole_column);
    tcase_add_test(tests, an_expansion_is_mapped_and_collected);
    tcase_add_test(tests, an_expansion_of_a_column_is_ragged);
    tcase_add_test(tests, expansions_nest_three_deep);
    tcase_add_test(tests, an_array_of_no_elements_gives_none);
    tcase_add_test(tests, the_lowest_failing_row_is_reported_with_its_inputs);
    tcase_add_test(tests, a_failing_row_of_nested_arrays_is_named_by_its_place);
    tcase_add_test(tests, an_expansion_that_fails_leaks_none_of_its_rows);
    tcase_add_test(tests, columns_of_unequal_length_are_refused_before_the_run);
    tcase_add_test(tests, lengths_that_only_the_run_knows_are_compared_then);
    tcase_add_test(tests, one_value_where_an_array_is_wanted_is_refused);
    tcase_add_test(tests, a_struct_serves_readers_by_value_and_by_reference);
    tcase_add_test(tests, a_struct_is_given_as_an_input_in_every_way);
    tcase_add_test(tests, an_outer_struct_is_the_same_for_all_inner_elements);
    suite_add_tcase(suite, tests);
    return suite;
}
