// Arrow lists, structs and dictionaries as columns.

#include <math.h>
#include <stdalign.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <hamilton/arrow.h>

#include "tests/support/arrow_trial.h"
#include "tests/support/suite.h"

struct point {
    double x;
    const char *name;
    short codes[2];
    unsigned flag : 3;
    struct {
        int64_t at;
    } inner;
};

static const hm_field inner_fields[] = {{.name = "at", .type = &hm_type_long}};
static const hm_type inner_type = {.name = "struct inner",
        .kind = HM_KIND_STRUCT,
        .size = 8,
        .alignment = 8,
        .fields = inner_fields,
        .field_count = 1};
static const hm_field point_fields[] = {
        {.name = "x", .type = &hm_type_double, .offset = offsetof(struct point, x)},
        {.name = "name",
                .type = &hm_type_string,
                .offset = offsetof(struct point, name)},
        {.name = "codes",
                .type = &hm_type_short,
                .offset = offsetof(struct point, codes),
                .length = 2},
        {.name = "flag",
                .type = &hm_type_uint,
                .offset = offsetof(struct point, codes) + 4,
                .bit_width = 3},
        {.name = "inner", .type = &inner_type, .offset = offsetof(struct point, inner)},
};
static const hm_type point_type = {.name = "struct point",
        .kind = HM_KIND_STRUCT,
        .size = sizeof(struct point),
        .alignment = alignof(struct point),
        .fields = point_fields,
        .field_count = 5};

// Three points and one in front of them that an offset passes over; the second of them
// is missing.
static hm_built build_points(void) {
    static const float xs[] = {-1, 0.5f, 1.5f, 2.5f};
    static const char *const names[] = {"no", "a", "b", "c"};
    static const signed char codes[] = {-1, -1, 1, 2, 3, 4, 5, 6};
    static const unsigned flags[] = {99, 1, 99, 7};
    static const int moments[] = {-1, 10, 20, 30};
    static const uint8_t validity = 0x0b;
    static const uint8_t no_x = 0x07;
    hm_built batch = hm_build(&trial.schema, &trial.array, 3);
    hm_built x = hm_build_child(batch, "x", "+s", 4);
    hm_build_buffer(x, &validity, 1);
    hm_build_numbers(x, "unknown", "+r", 4, NULL, NULL, 0);
    hm_build_texts(x, "name", 4, NULL, names);
    hm_build_numbers(x, "x", "f", 4, &no_x, xs, sizeof xs);
    hm_built lists = hm_build_child(x, "codes", "+w:2", 4);
    hm_build_buffer(lists, NULL, 0);
    hm_build_numbers(lists, "item", "c", 8, NULL, codes, sizeof codes);
    hm_build_numbers(x, "flag", "I", 4, NULL, flags, sizeof flags);
    hm_built inner = hm_build_child(x, "inner", "+s", 4);
    hm_build_buffer(inner, NULL, 0);
    hm_build_numbers(inner, "at", "i", 4, NULL, moments, sizeof moments);
    x.array->offset = 1;
    x.array->length = 3;
    return x;
}

START_TEST(structs_are_filled_by_the_names_of_their_fields) {
    build_points();
    const hm_value *value = hm_arrow_trial_import(&point_type);
    const struct point *points = value->many.data;
    ck_assert_uint_eq(value->many.length, 3);
    ck_assert_double_eq(points[0].x, 0.5);
    ck_assert_str_eq(points[0].name, "a");
    ck_assert_int_eq(points[0].codes[1], 2);
    ck_assert_uint_eq(points[0].flag, 1);
    ck_assert_int_eq(points[0].inner.at, 10);
    ck_assert(isnan(points[2].x)); // missing in a struct that is there
    ck_assert_int_eq(points[2].codes[0], 5);
    ck_assert_uint_eq(points[2].flag, 7);
    ck_assert_uint_eq(value->many.validity[0] & 7u, 5);
    ck_assert(isnan(points[1].x));
    ck_assert_str_eq(points[1].name, "");
    ck_assert_int_eq(points[1].inner.at, 0);
}
END_TEST

START_TEST(structs_that_do_not_fit_are_refused) {
    build_points();
    hm_arrow_trial_refused(&hm_type_double, HM_TYPE_MISMATCH,
            "column `x`: it is a struct, but double is wanted; say the C struct that "
            "it "
            "becomes");
    build_points().schema->children[1]->name = "nome";
    hm_arrow_trial_refused(&point_type, HM_TYPE_MISMATCH,
            "column `x`: it has no field `name`, which struct point has");
    build_points().schema->children[3]->format = "+w:3";
    hm_arrow_trial_refused(&point_type, HM_TYPE_MISMATCH,
            "column `x.codes`: it is a fixed-size list, but a field of 2 elements "
            "takes "
            "a fixed-size list of as many");
    hm_field one_code = point_fields[2];
    one_code.length = 0;
    hm_type one = point_type;
    one.fields = &one_code;
    one.field_count = 1;
    build_points();
    hm_arrow_trial_refused(&one, HM_TYPE_MISMATCH,
            "column `x.codes`: it is a list, but the field is one short");
    build_points().schema->children[5]->children[0]->format = "g";
    hm_arrow_trial_refused(&point_type, HM_TYPE_MISMATCH,
            "column `x.inner.at`: it is double, but long is wanted, which does not "
            "hold "
            "all of its values; take it as double, or cast it where it comes from");
    hm_built x = build_points();
    x.array->offset = 2; // where the struct is missing, then one behind the last
    hm_arrow_trial_refused(&point_type, HM_BAD_DATA,
            "column `x.x`: elements 2 to 5 are wanted, but the array has 4");
    build_points().array->buffers[0] = NULL;
    hm_arrow_trial_refused(&point_type, HM_BAD_DATA,
            "column `x.flag`, row 2: the number does not fit into a field of 3 bits");
}
END_TEST

START_TEST(integers_in_structs_cannot_be_missing) {
    static const uint8_t validity = 0x07;
    static const int moments[] = {-1, 10, 20, 30};
    hm_built x = build_points();
    hm_built inner = {x.schema->children[5], x.array->children[5]};
    hm_built spare = hm_build_numbers(
            inner, "spare", "i", 4, &validity, moments, sizeof moments);
    inner.schema->children[0]->name = "old";
    spare.schema->name = "at";
    hm_arrow_trial_refused(&point_type, HM_BAD_DATA,
            "column `x.inner.at`, row 3: a value is missing, which long within a "
            "struct "
            "cannot express");
}
END_TEST

static hm_built build_lists(const char *format, const void *offsets, size_t size) {
    static const uint8_t validity = 0x0d; // the second is missing
    static const int numbers[] = {1, 2, 3, 4, 5, 6, 7};
    hm_built batch = hm_build(&trial.schema, &trial.array, 4);
    hm_built x = hm_build_child(batch, "x", format, 4);
    hm_build_buffer(x, &validity, 1);
    if (offsets != NULL) {
        hm_build_buffer(x, offsets, size);
    }
    return hm_build_numbers(x, "item", "i", 7, NULL, numbers, sizeof numbers);
}

static void check_lists(const hm_value *value, const int *first) {
    static const size_t lengths[] = {2, 0, 0, 3};
    ck_assert_uint_eq(value->depth, 2);
    ck_assert_uint_eq(value->many.length, 4);
    ck_assert_uint_eq(value->many.validity[0] & 0xfu, 0xd);
    const hm_array *lists = value->many.data;
    for (size_t i = 0; i < 4; i++) {
        ck_assert_uint_eq(lists[i].length, lengths[i]);
        ck_assert_ptr_null(lists[i].validity);
    }
    ck_assert_ptr_eq(lists[0].data, first);
    ck_assert_ptr_eq(lists[3].data, first + 3);
}

START_TEST(items_of_lists_are_where_they_were) {
    static const int32_t small[] = {1, 3, 4, 4, 7};
    static const int64_t large[] = {1, 3, 4, 4, 7};
    hm_built items = build_lists("+l", small, sizeof small);
    const int *data = items.array->buffers[1];
    check_lists(hm_arrow_trial_import(&hm_type_int), data + 1);
    hm_arrow_trial_again();
    items = build_lists("+L", large, sizeof large);
    data = items.array->buffers[1];
    check_lists(hm_arrow_trial_import(NULL), data + 1);
}
END_TEST

START_TEST(lists_of_one_length_are_lists) {
    hm_built items = build_lists("+w:1", NULL, 0);
    items.array->offset = 2;
    items.array->length = 5;
    trial.array.children[0]->offset = 1;
    trial.array.children[0]->length = 4;
    trial.array.length = 3;
    const int *data = items.array->buffers[1];
    const hm_value *value = hm_arrow_trial_import(NULL);
    const hm_array *lists = value->many.data;
    ck_assert_uint_eq(lists[0].length, 0); // missing
    ck_assert_uint_eq(lists[1].length, 1);
    ck_assert_ptr_eq(lists[1].data, data + 4);
    ck_assert_ptr_eq(lists[2].data, data + 5);
}
END_TEST

START_TEST(lists_in_lists_have_their_own_validity) {
    static const uint8_t validity[] = {0xfb, 0x01}; // the third item is missing
    static const short numbers[] = {0, 1, 2, 3, 4, 5, 6, 7, 8};
    hm_built batch = hm_build(&trial.schema, &trial.array, 2);
    hm_built x = hm_build_child(batch, "x", "+l", 2);
    hm_build_buffer(x, NULL, 0);
    hm_build_buffer(x, (int32_t[]){0, 1, 3}, 3 * sizeof(int32_t));
    hm_built inner = hm_build_child(x, "item", "+l", 3);
    hm_build_buffer(inner, NULL, 0);
    hm_build_buffer(inner, (int32_t[]){0, 1, 5, 9}, 4 * sizeof(int32_t));
    hm_build_numbers(inner, "item", "s", 9, validity, numbers, sizeof numbers);
    const hm_value *value = hm_arrow_trial_import(NULL);
    ck_assert_uint_eq(value->depth, 3);
    const hm_array *outer = value->many.data;
    ck_assert_uint_eq(outer[0].length, 1);
    ck_assert_uint_eq(outer[1].length, 2);
    const hm_array *second = outer[1].data;
    ck_assert_uint_eq(second[0].length, 4);
    ck_assert_int_eq(((const short *)second[0].data)[3], 4);
    ck_assert_uint_eq(second[0].validity[0] & 0xfu, 0xd);
    ck_assert_ptr_null(second[1].validity); // nothing is missing there
}
END_TEST

START_TEST(lists_hold_text_and_structs) {
    static const char *const names[] = {"a", "b", "c"};
    static const double xs[] = {1, 2, 3};
    hm_built batch = hm_build(&trial.schema, &trial.array, 1);
    hm_built x = hm_build_child(batch, "x", "+l", 1);
    hm_build_buffer(x, NULL, 0);
    hm_build_buffer(x, (int32_t[]){1, 3}, 2 * sizeof(int32_t));
    hm_built item = hm_build_child(x, "item", "+s", 3);
    hm_build_buffer(item, NULL, 0);
    hm_build_texts(item, "name", 3, NULL, names);
    hm_build_numbers(item, "x", "g", 3, NULL, xs, sizeof xs);
    hm_type pair = point_type;
    pair.field_count = 2;
    const hm_value *value = hm_arrow_trial_import(&pair);
    const hm_array *list = value->many.data;
    const struct point *points = list->data;
    ck_assert_uint_eq(list->length, 2);
    ck_assert_str_eq(points[1].name, "c");
    ck_assert_double_eq(points[0].x, 2);
    ck_assert_int_eq(hm_built_arrays, 0); // it was copied
}
END_TEST

static hm_built build_dictionary(void) {
    static const uint8_t indexes[] = {9, 2, 0, 9, 1, 2};
    static const uint8_t validity = 0x37; // the fourth is missing
    hm_built batch = hm_build(&trial.schema, &trial.array, 5);
    hm_built x =
            hm_build_numbers(batch, "x", "C", 6, &validity, indexes, sizeof indexes);
    x.array->offset = 1;
    x.array->length = 5;
    return x;
}

START_TEST(dictionaries_are_decoded) {
    static const uint8_t validity = 0x05; // the second value is missing itself
    hm_built values = hm_build_dictionary(build_dictionary(), "u", 3);
    hm_build_buffer(values, &validity, 1);
    hm_build_buffer(values, (int32_t[]){0, 3, 3, 4}, 4 * sizeof(int32_t));
    hm_build_buffer(values, "onez", 4);
    const hm_value *value = hm_arrow_trial_import(NULL);
    const char *const *strings = value->many.data;
    ck_assert_str_eq(strings[0], "z");
    ck_assert_str_eq(strings[1], "one");
    ck_assert_str_eq(strings[2], "");
    ck_assert_str_eq(strings[3], "");
    ck_assert_ptr_eq(strings[4], strings[0]);
    ck_assert_uint_eq(value->many.validity[0] & 0x1fu, 0x13);
    ck_assert_int_eq(hm_built_arrays, 0);
}
END_TEST

START_TEST(dictionaries_of_numbers_and_lists_too) {
    hm_built values = hm_build_dictionary(build_dictionary(), "f", 3);
    hm_build_buffer(values, NULL, 0);
    hm_build_buffer(values, (float[]){0.5f, 1.5f, 2.5f}, 3 * sizeof(float));
    const hm_value *value = hm_arrow_trial_import(&hm_type_double);
    const double *numbers = value->many.data;
    ck_assert_double_eq(numbers[0], 2.5);
    ck_assert_double_eq(numbers[3], 1.5);
    ck_assert(isnan(numbers[2]));
    ck_assert_ptr_null(value->many.validity);
    hm_arrow_trial_again();

    values = hm_build_dictionary(build_dictionary(), "+l", 3);
    hm_build_buffer(values, NULL, 0);
    hm_build_buffer(values, (int32_t[]){0, 1, 1, 3}, 4 * sizeof(int32_t));
    hm_built items =
            hm_build_numbers(values, "item", "i", 3, NULL, (int[]){7, 8, 9}, 12);
    const int *data = items.array->buffers[1];
    value = hm_arrow_trial_import(NULL);
    const hm_array *lists = value->many.data;
    ck_assert_uint_eq(value->depth, 2);
    ck_assert_ptr_eq(lists[0].data, data + 1);
    ck_assert_ptr_eq(lists[4].data, data + 1);
    ck_assert_uint_eq(lists[2].length, 0);
    ck_assert_uint_eq(value->many.validity[0] & 0x1fu, 0x1b);
    ck_assert_int_gt(hm_built_arrays, 0); // the items are shared
}
END_TEST

START_TEST(indexes_outside_of_the_dictionary_are_refused) {
    hm_built values = hm_build_dictionary(build_dictionary(), "f", 2);
    hm_build_buffer(values, NULL, 0);
    hm_build_buffer(values, (float[]){0.5f, 1.5f}, 2 * sizeof(float));
    hm_arrow_trial_refused(NULL, HM_BAD_DATA,
            "column `x`, row 1: index 2 is not one of the 2 values of its dictionary");
    hm_built x = build_dictionary();
    values = hm_build_dictionary(x, "f", 3);
    hm_build_buffer(values, NULL, 0);
    hm_build_buffer(values, (float[]){0.5f, 1.5f, 2.5f}, 3 * sizeof(float));
    x.schema->format = "c";
    static const signed char negative[] = {0, 0, -1, 0, 0, 0};
    x.array->buffers[1] = negative;
    hm_arrow_trial_refused(NULL, HM_BAD_DATA,
            "column `x`, row 2: index -1 is not one of the 3 values of its dictionary");
    x = build_dictionary();
    values = hm_build_dictionary(x, "f", 0);
    hm_build_buffer(values, NULL, 0);
    hm_build_buffer(values, NULL, 0);
    x.schema->format = "u";
    hm_arrow_trial_refused(NULL, HM_BAD_DATA,
            "column `x`: its indexes into a dictionary are utf8, but they must be "
            "integers");
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("arrow_nested");
    TCase *tcase = tcase_create("nested");
    tcase_add_checked_fixture(tcase, hm_arrow_trial_begin, hm_arrow_trial_end);
    tcase_add_test(tcase, structs_are_filled_by_the_names_of_their_fields);
    tcase_add_test(tcase, structs_that_do_not_fit_are_refused);
    tcase_add_test(tcase, integers_in_structs_cannot_be_missing);
    tcase_add_test(tcase, items_of_lists_are_where_they_were);
    tcase_add_test(tcase, lists_of_one_length_are_lists);
    tcase_add_test(tcase, lists_in_lists_have_their_own_validity);
    tcase_add_test(tcase, lists_hold_text_and_structs);
    tcase_add_test(tcase, dictionaries_are_decoded);
    tcase_add_test(tcase, dictionaries_of_numbers_and_lists_too);
    tcase_add_test(tcase, indexes_outside_of_the_dictionary_are_refused);
    suite_add_tcase(suite, tcase);
    return suite;
}
