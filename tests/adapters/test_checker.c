// test_checker.c — values that are not as they should be fail the node that has them,
// and it is told where.

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <hamilton/checker.h>

#include "adapters/checker/judge.h"
#include "tests/support/controlled.h"
#include "tests/support/suite.h"

typedef struct inner {
    double x;
    const char *text;
} inner;

typedef struct outer {
    bool flag;
    inner pair[2];
    unsigned low : 3;
} outer;

static const hm_field inner_fields[] = {
        {.name = "x", .type = &hm_type_double, .offset = offsetof(inner, x)},
        {.name = "text", .type = &hm_type_string, .offset = offsetof(inner, text)}};

static const hm_type inner_type = {.name = "struct inner",
        .kind = HM_KIND_STRUCT,
        .size = sizeof(inner),
        .alignment = _Alignof(inner),
        .fields = inner_fields,
        .field_count = 2};

static const hm_field outer_fields[] = {
        {.name = "flag", .type = &hm_type_bool, .offset = offsetof(outer, flag)},
        {.name = "pair",
                .type = &inner_type,
                .offset = offsetof(outer, pair),
                .length = 2},
        {.name = "low",
                .type = &hm_type_uint,
                .offset = offsetof(outer, pair) + sizeof(inner[2]),
                .bit_width = 3}};

static const hm_type outer_type = {.name = "struct outer",
        .kind = HM_KIND_STRUCT,
        .size = sizeof(outer),
        .alignment = _Alignof(outer),
        .fields = outer_fields,
        .field_count = 3};

// expected is "" if the value is right.
static void check(hm_value value, const hm_bounds *asked, const char *expected) {
    static const hm_bounds nothing = {.least = -HUGE_VAL, .most = HUGE_VAL};
    char fault[HM_FAULT_SIZE] = "";
    bool is_right = hm_judge(&value, asked != NULL ? asked : &nothing, false, fault);
    ck_assert_int_eq(is_right, expected[0] == '\0');
    ck_assert_str_eq(fault, expected);
}

START_TEST(what_c_does_not_check_is_looked_at) {
    unsigned char bytes[] = {1, 0, 2};
    check(hm_value_many(&hm_type_bool, bytes, 2), NULL, "");
    check(hm_value_many(&hm_type_bool, bytes, 3), NULL,
            " in row 3 is a bool of the byte 2, and not 0 or 1");
    check(hm_value_string("g\xc3\xbcnstig"), NULL, "");
    check(hm_value_string("g\xfcnstig"), NULL, " is text that is not UTF-8");
    check(hm_value_string(NULL), NULL, " is a null pointer");
    const char *texts[] = {"a", NULL, "c"};
    hm_value some = hm_value_many(&hm_type_string, texts, 3);
    check(some, NULL, " in row 2 is a null pointer");
    uint8_t validity = 5;
    some.many.validity = &validity;
    check(some, NULL, "");
    check(hm_value_object(&inner_type, NULL), NULL, " is a null pointer");
    void *objects[] = {&(inner){1, "x"}, NULL};
    hm_value references = {.type = &inner_type,
            .depth = 1,
            .by_reference = true,
            .many = {objects, 2, NULL}};
    check(references, NULL, " in row 2 is a null pointer");
    check(hm_value_many(&hm_type_int, NULL, 4), NULL,
            " counts 4 elements, but is a null pointer");
    check(hm_value_many(&hm_type_int, NULL, 0), NULL, "");
}
END_TEST

START_TEST(fields_are_named) {
    outer object = {.pair = {{1, "fine"}, {2, "b\xff"}}, .low = 7};
    check(hm_value_one(&outer_type, &object), NULL,
            ", field pair.text is text that is not UTF-8");
    object.pair[1].text = NULL; // which may mean what it likes
    check(hm_value_one(&outer_type, &object), NULL, "");
    memset(&object.flag, 9, 1);
    check(hm_value_many(&outer_type, &object, 1), NULL,
            " in row 1, field flag is a bool of the byte 9, and not 0 or 1");
    memset(&object.flag, 1, 1);
    object.pair[0].x = NAN;
    check(hm_value_one(&outer_type, &object), NULL, "");
    const hm_bounds finite = {.refuses_nan = true, .least = 5, .most = HUGE_VAL};
    check(hm_value_one(&outer_type, &object), &finite, ", field pair.x is NaN");
    object.pair[0].x = 1; // a range is about numbers, not about what structs hold
    check(hm_value_one(&outer_type, &object), &finite, "");
}
END_TEST

START_TEST(numbers_are_in_their_range) {
    const hm_bounds finite = {.refuses_nan = true,
            .refuses_infinite = true,
            .least = -HUGE_VAL,
            .most = HUGE_VAL};
    const hm_bounds share = {.least = 0, .most = 1};
    const hm_bounds positive = {.least = 0, .most = HUGE_VAL};
    double numbers[] = {0, 1, 0.5, NAN, INFINITY, -INFINITY, -0.0, DBL_MAX};
    check(hm_value_many(&hm_type_double, numbers, 8), NULL, "");
    check(hm_value_many(&hm_type_double, numbers, 8), &finite, " in row 4 is NaN");
    check(hm_value_many(&hm_type_double, numbers + 4, 4), &finite,
            " in row 1 is infinite");
    check(hm_value_many(&hm_type_double, numbers + 5, 3), &finite,
            " in row 1 is minus infinite");
    check(hm_value_many(&hm_type_double, numbers + 6, 2), &finite, "");
    check(hm_value_many(&hm_type_double, numbers, 4), &share, "");
    check(hm_value_many(&hm_type_double, numbers, 8), &share,
            " in row 5 is inf, and not from 0 to 1");
    check(hm_value_many(&hm_type_double, numbers, 8), &positive,
            " in row 6 is -inf, less than 0");
    float single = -2.5F;
    check(hm_value_one(&hm_type_float, &single), &positive, " is -2.5, less than 0");
    long double extended = LDBL_MAX;
    check(hm_value_one(&hm_type_longdouble, &extended), &finite, "");
    signed char small = -3;
    check(hm_value_one(&hm_type_schar, &small), &positive, " is -3, less than 0");
    const hm_bounds most = {.least = -HUGE_VAL, .most = 10};
    uint64_t large = UINT64_MAX;
    check(hm_value_one(&hm_type_ulong, &large), &most,
            " is 18446744073709551615, more than 10");
    const int integers[] = {1, 11, 12};
    hm_value gap = hm_value_many(&hm_type_int, integers, 3);
    uint8_t validity = 5;
    gap.many.validity = &validity;
    check(gap, &most, " in row 3 is 12, more than 10");
    static double column[3000];
    column[2500] = NAN;
    check(hm_value_many(&hm_type_double, column, 3000), &finite, " in row 2501 is NaN");
    check(hm_value_many(&hm_type_double, column, 3000), &share, "");
    column[1023] = 2;
    check(hm_value_many(&hm_type_double, column, 3000), &share,
            " in row 1024 is 2, and not from 0 to 1");
    hm_array parts[] = {{numbers, 2, NULL}, {numbers + 1, 3, NULL}};
    hm_value nested = {.type = &hm_type_double, .depth = 2, .many = {parts, 2, NULL}};
    check(nested, &finite, " in row 2, element 3 is NaN");
}
END_TEST

static hm_checker *checker;
static hm_error last;

static int call_many(void *frame, const uint32_t *at, void *self) {
    (void)self;
    HM_SLOT(double, 1) = HM_SLOT(double, 0) * 10;
    return 0;
}

static hm_status run(const hm_checked_value *values, size_t count, double x) {
    hm_controlled_begin();
    hm_controlled_add("a", "x", call_many);
    hm_controlled_add("b", "a", hm_controlled_next);
    hm_checker_options options = HM_CHECKER_OPTIONS_INIT;
    options.values = values;
    options.value_count = count;
    options.allocator = &controlled.memory.allocator;
    hm_status status = hm_checker_create(&options, &checker, &last);
    hm_driver *driver = NULL;
    if (status == HM_OK) {
        const hm_adapter *const adapters[] = {hm_checker_adapter(checker)};
        hm_driver_options of = hm_controlled_options(1);
        of.adapters = adapters;
        of.adapter_count = 1;
        status = hm_driver_create(&of, &driver, &last);
    }
    if (status == HM_OK) {
        const char *const wanted[] = {"b"};
        const hm_binding input = {"x", hm_value_double(x)};
        hm_request request = HM_REQUEST_INIT;
        request.wanted = wanted;
        request.wanted_count = 1;
        request.inputs = &input;
        request.input_count = 1;
        hm_results *results = NULL;
        status = hm_driver_execute(driver, &request, &results, &last);
        hm_results_destroy(results);
    }
    hm_driver_destroy(driver);
    hm_checker_destroy(checker);
    checker = NULL;
    hm_controlled_end();
    return status;
}

START_TEST(the_node_that_has_the_value_fails) {
    static const struct {
        hm_checked_value asked;
        const char *said; // NULL: all is well
    } cases[] = {{{.node = "x", .has_most = true, .most = 2}, NULL},
            {{.node = "x", .has_most = true, .most = 1},
                    "node `a` failed: parameter `x` is 2, more than 1"},
            {{.node = "a", .has_most = true, .most = 1},
                    "node `a` failed: its result `a` is 20, more than 1"},
            {{.node = "b", .has_least = true, .least = 22},
                    "node `b` failed: its result `b` is 21, less than 22"},
            {{.has_most = true, .most = 1},
                    "node `a` failed: parameter `x` is 2, more than 1"},
            {{.node = "c"}, "a check names `c`, which is no node"},
            {{.tag = "t"}, "a check names the tag `t`, which no node has"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        hm_status status = run(&cases[i].asked, 1, 2);
        ck_assert_int_eq(status == HM_OK, cases[i].said == NULL);
        ck_assert_msg(
                cases[i].said == NULL || strstr(last.message, cases[i].said) != NULL,
                "%s", last.message);
    }
}
END_TEST

START_TEST(all_that_is_asked_of_a_value_holds) {
    const hm_checked_value values[] = {{.node = "a", .has_least = true, .least = 0},
            {.has_most = true, .most = 100},
            {.node = "a", .has_most = true, .most = 50}, {.refuses_nan = true}};
    ck_assert_int_eq(run(values, 4, 2), HM_OK);
    ck_assert_int_eq(run(values, 4, 6), HM_NODE_FAILED);
    ck_assert_ptr_nonnull(strstr(last.message, "is 60, and not from 0 to 50"));
    ck_assert_int_eq(run(values, 4, NAN), HM_NODE_FAILED);
    ck_assert_ptr_nonnull(strstr(last.message, "parameter `x` is NaN"));
}
END_TEST

START_TEST(ranges_that_nothing_is_in_are_refused) {
    const hm_checked_value empty = {
            .has_least = true, .least = 2, .has_most = true, .most = 1};
    ck_assert_int_eq(run(&empty, 1, 2), HM_BAD_ARGUMENT);
    ck_assert_str_eq(last.message, "no number is from 2 to 1, as check 0 asks");
    const hm_checked_value none = {.has_least = true, .least = NAN};
    ck_assert_int_eq(run(&none, 1, 2), HM_BAD_ARGUMENT);
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("adapters/checker");
    TCase *tests = tcase_create("checks");
    tcase_add_test(tests, what_c_does_not_check_is_looked_at);
    tcase_add_test(tests, fields_are_named);
    tcase_add_test(tests, numbers_are_in_their_range);
    tcase_add_test(tests, the_node_that_has_the_value_fails);
    tcase_add_test(tests, all_that_is_asked_of_a_value_holds);
    tcase_add_test(tests, ranges_that_nothing_is_in_are_refused);
    suite_add_tcase(suite, tests);
    return suite;
}
