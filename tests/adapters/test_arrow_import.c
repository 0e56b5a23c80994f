// Arrow record batches as columns: what becomes of each type, what is not copied, and
// when the batch is released.

#include <math.h>
#include <stdalign.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <hamilton/arrow.h>

#include "tests/support/arrow_trial.h"
#include "tests/support/suite.h"

START_TEST(numbers_are_where_they_were) {
    static const struct {
        const char *format;
        const hm_type *type;
    } cases[] = {{"c", &hm_type_schar}, {"C", &hm_type_uchar}, {"s", &hm_type_short},
            {"S", &hm_type_ushort}, {"i", &hm_type_int}, {"I", &hm_type_uint},
            {"l", &hm_type_long}, {"L", &hm_type_ulong}, {"f", &hm_type_float},
            {"g", &hm_type_double}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        static const int64_t numbers[20] = {1, 2, 3};
        size_t size = cases[i].type->size;
        hm_built batch = hm_build(&trial.schema, &trial.array, 10);
        hm_built x = hm_build_numbers(
                batch, "x", cases[i].format, 15, NULL, numbers, 20 * size);
        x.array->offset = 3;
        trial.array.offset = 2;
        const char *data = x.array->buffers[1];
        const hm_value *value = hm_arrow_trial_import(NULL);
        ck_assert_ptr_eq(value->type, cases[i].type);
        ck_assert_uint_eq(value->depth, 1);
        ck_assert_uint_eq(value->many.length, 10);
        ck_assert_uint_eq(trial.columns->row_count, 10);
        ck_assert_ptr_eq(value->many.data, data + 5 * size);
        ck_assert_ptr_null(value->many.validity);
        hm_arrow_trial_again();
    }
}
END_TEST

START_TEST(validity_is_where_it_was_if_it_begins_at_a_byte) {
    static const int numbers[24] = {0};
    static const uint8_t bits[] = {0xff, 0xff, 0x5a};
    for (int64_t offset = 8; offset <= 9; offset++) {
        hm_built batch = hm_build(&trial.schema, &trial.array, 15);
        hm_built x =
                hm_build_numbers(batch, "x", "i", 24, bits, numbers, sizeof numbers);
        x.array->length = 15;
        x.array->offset = offset;
        const uint8_t *there = x.array->buffers[0];
        const hm_value *value = hm_arrow_trial_import(&hm_type_int);
        if (offset == 8) {
            ck_assert_ptr_eq(value->many.validity, there + 1);
        } else {
            ck_assert_ptr_ne(value->many.validity, there + 1);
            ck_assert_uint_eq(value->many.validity[0], 0x7f);
            ck_assert_uint_eq(value->many.validity[1], 0x2d);
        }
        hm_arrow_trial_again();
    }
}
END_TEST

START_TEST(what_is_missing_is_nan_in_a_copy) {
    static const double numbers[] = {1, 2, 3, 4};
    static const uint8_t some[] = {0x0b};
    static const uint8_t all[] = {0x0f};
    hm_built batch = hm_build(&trial.schema, &trial.array, 4);
    hm_built gaps =
            hm_build_numbers(batch, "some", "g", 4, some, numbers, sizeof numbers);
    const double *original = gaps.array->buffers[1];
    hm_built full =
            hm_build_numbers(batch, "all", "g", 4, all, numbers, sizeof numbers);
    const void *there = full.array->buffers[1];
    ck_assert_int_eq(hm_arrow_import(NULL, &trial.schema, &trial.array, &trial.columns,
                             &trial.error),
            HM_OK);
    const hm_array *many = &hm_arrow_find(trial.columns, "some")->many;
    const double *copy = many->data;
    ck_assert_double_eq(copy[1], 2);
    ck_assert(isnan(copy[2]));
    ck_assert_double_eq(copy[3], 4);
    ck_assert_double_eq(original[2], 3);
    ck_assert_ptr_null(many->validity);
    ck_assert_ptr_eq(hm_arrow_find(trial.columns, "all")->many.data, there);
    ck_assert_ptr_null(hm_arrow_find(trial.columns, "nothing"));
}
END_TEST

START_TEST(each_that_is_missing_is_nan) {
    static const uint8_t bits[] = {0xff, 0xfe, 0xff, 0xff, 0x7f, 0x0f};
    static double numbers[44];
    for (int64_t offset = 0; offset < 20; offset++) {
        hm_built batch = hm_build(&trial.schema, &trial.array, 44 - offset);
        hm_built x =
                hm_build_numbers(batch, "x", "g", 44, bits, numbers, sizeof numbers);
        x.array->offset = offset;
        x.array->length = 44 - offset;
        const hm_array *many = &hm_arrow_trial_import(NULL)->many;
        for (size_t i = 0; i < many->length; i++) {
            size_t at = i + (size_t)offset;
            bool is_missing = isnan(((const double *)many->data)[i]);
            ck_assert(is_missing == (at == 8 || at == 39));
        }
        hm_arrow_trial_again();
    }
}
END_TEST

START_TEST(numbers_that_are_not_aligned_are_copied) {
    hm_built batch = hm_build(&trial.schema, &trial.array, 2);
    char bytes[1 + 2 * sizeof(double)];
    memcpy(bytes + 1, (double[]){1.5, 2.5}, 2 * sizeof(double));
    hm_built x = hm_build_numbers(batch, "x", "g", 2, NULL, bytes, sizeof bytes);
    x.array->buffers[1] = (const char *)x.array->buffers[1] + 1;
    const double *numbers = hm_arrow_trial_import(&hm_type_double)->many.data;
    ck_assert_uint_eq((uintptr_t)numbers % alignof(double), 0);
    ck_assert_double_eq(numbers[1], 2.5);
    ck_assert_int_eq(hm_built_arrays, 0); // nothing shares it
}
END_TEST

// The extremes of a type, in a wider one and back.
START_TEST(numbers_widen_where_all_fit) {
    static const struct {
        const char *format;
        const hm_type *type;
        uint64_t least, greatest;
        const char *fitting; // formats of what it fits into
    } cases[] = {
            {"c", &hm_type_schar, (uint64_t)INT8_MIN, INT8_MAX, "csilfg"},
            {"C", &hm_type_uchar, 0, UINT8_MAX, "CSILsilfg"},
            {"s", &hm_type_short, (uint64_t)INT16_MIN, INT16_MAX, "silfg"},
            {"S", &hm_type_ushort, 0, UINT16_MAX, "SILilfg"},
            {"i", &hm_type_int, (uint64_t)INT32_MIN, INT32_MAX, "ilg"},
            {"I", &hm_type_uint, 0, UINT32_MAX, "ILlg"},
            {"l", &hm_type_long, (uint64_t)INT64_MIN, INT64_MAX, "l"},
            {"L", &hm_type_ulong, 0, UINT64_MAX, "L"},
    };
    static const struct {
        char letter;
        const hm_type *type;
    } types[] = {{'c', &hm_type_schar}, {'C', &hm_type_uchar}, {'s', &hm_type_short},
            {'S', &hm_type_ushort}, {'i', &hm_type_int}, {'I', &hm_type_uint},
            {'l', &hm_type_longlong}, {'L', &hm_type_ulonglong}, {'f', &hm_type_float},
            {'g', &hm_type_double}, {'b', &hm_type_bool}, {'u', &hm_type_string}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        for (size_t t = 0; t < sizeof types / sizeof *types; t++) {
            size_t size = cases[i].type->size;
            uint64_t bytes[2] = {cases[i].least};
            memcpy((char *)bytes + size, &cases[i].greatest, size);
            hm_built batch = hm_build(&trial.schema, &trial.array, 2);
            hm_build_numbers(batch, "x", cases[i].format, 2, NULL, bytes, 2 * size);
            const hm_type *type = types[t].type;
            if (strchr(cases[i].fitting, types[t].letter) == NULL) {
                const hm_column wanted = {"x", type};
                ck_assert_int_eq(hm_arrow_trial_columns(&wanted, 1), HM_TYPE_MISMATCH);
                trial.array.release(&trial.array);
                trial.schema.release(&trial.schema);
                continue;
            }
            const hm_array *many = &hm_arrow_trial_import(type)->many;
            bool is_signed = cases[i].type->kind == HM_KIND_INT;
            const void *second = (const char *)many->data + type->size;
            if (type->kind == HM_KIND_FLOAT) {
                double first = type->size == 4 ? (double)*(const float *)many->data
                                               : *(const double *)many->data;
                double last = type->size == 4 ? (double)*(const float *)second
                                              : *(const double *)second;
                ck_assert_double_eq(first, is_signed ? (double)(int64_t)cases[i].least
                                                     : (double)cases[i].least);
                ck_assert_double_eq(last, (double)cases[i].greatest);
            } else {
                ck_assert_mem_eq(many->data, &cases[i].least, type->size);
                ck_assert_mem_eq(second, &cases[i].greatest, type->size);
            }
            hm_arrow_trial_again();
        }
    }
}
END_TEST

START_TEST(floating_types_widen_too) {
    static const float numbers[] = {0.1f, 2};
    const uint8_t validity = 0x01;
    hm_built batch = hm_build(&trial.schema, &trial.array, 2);
    hm_build_numbers(batch, "x", "f", 2, &validity, numbers, sizeof numbers);
    hm_build_numbers(batch, "y", "f", 2, &validity, numbers, sizeof numbers);
    const hm_column wanted[] = {{"y", &hm_type_longdouble}, {"x", &hm_type_double}};
    ck_assert_int_eq(hm_arrow_trial_columns(wanted, 2), HM_OK);
    ck_assert_str_eq(
            trial.columns->bindings[0].name, "y"); // in the order that is wanted
    const long double *longs = trial.columns->bindings[0].value.many.data;
    const double *doubles = trial.columns->bindings[1].value.many.data;
    ck_assert_double_eq((double)longs[0], (double)0.1f);
    ck_assert_double_eq(doubles[0], (double)0.1f);
    ck_assert(isnan(longs[1]) && isnan(doubles[1]));
}
END_TEST

START_TEST(what_would_lose_something_is_refused) {
    static const int64_t numbers[2] = {1, 2};
    hm_built batch = hm_build(&trial.schema, &trial.array, 2);
    hm_build_numbers(batch, "x", "l", 2, NULL, numbers, sizeof numbers);
    hm_arrow_trial_refused(&hm_type_double, HM_TYPE_MISMATCH,
            "column `x`: it is int64, but double is wanted, which does not hold all of "
            "its values; take it as long, or cast it where it comes from");
    batch = hm_build(&trial.schema, &trial.array, 2);
    hm_build_numbers(batch, "x", "g", 2, NULL, numbers, sizeof numbers);
    hm_arrow_trial_refused(&hm_type_string, HM_TYPE_MISMATCH,
            "column `x`: it is double, but const char * is wanted; take it as double, "
            "or cast it where it comes from");
}
END_TEST

START_TEST(durations_and_times_of_day_are_their_integers) {
    static const struct {
        const char *format;
        size_t size;
    } cases[] = {{"tts", 4}, {"ttm", 4}, {"ttu", 8}, {"ttn", 8}, {"tDs", 8}, {"tDm", 8},
            {"tDu", 8}, {"tDn", 8}};
    static const int32_t seconds[] = {-1, 19000};
    static const int64_t moments[] = {-1, 19000};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        hm_built batch = hm_build(&trial.schema, &trial.array, 2);
        bool is_short = cases[i].size == 4;
        hm_built x = hm_build_numbers(batch, "x", cases[i].format, 2, NULL,
                is_short ? (const void *)seconds : (const void *)moments,
                2 * cases[i].size);
        const void *there = x.array->buffers[1];
        const hm_value *value = hm_arrow_trial_import(NULL);
        ck_assert_ptr_eq(value->type, &hm_type_long);
        ck_assert_mem_eq(value->many.data, moments, sizeof moments);
        ck_assert((value->many.data == there) == !is_short);
        hm_arrow_trial_again();
    }
    hm_built batch = hm_build(&trial.schema, &trial.array, 2);
    hm_built x = hm_build_numbers(batch, "x", "tts", 2, NULL, seconds, sizeof seconds);
    const void *there = x.array->buffers[1];
    ck_assert_ptr_eq(hm_arrow_trial_import(&hm_type_int)->many.data, there);
}
END_TEST

START_TEST(bits_become_bools) {
    static const uint8_t bits[] = {0xa5, 0x01};
    static const uint8_t validity[] = {0xef, 0x01};
    hm_built batch = hm_build(&trial.schema, &trial.array, 7);
    hm_built x = hm_build_numbers(batch, "x", "b", 9, validity, bits, sizeof bits);
    x.array->offset = 2;
    x.array->length = 7;
    const hm_value *value = hm_arrow_trial_import(NULL);
    ck_assert_ptr_eq(value->type, &hm_type_bool);
    static const bool expected[] = {true, false, false, true, false, true, true};
    ck_assert_mem_eq(value->many.data, expected, sizeof expected);
    ck_assert_uint_eq(value->many.validity[0] & 0x7fu, 0x7b);
}
END_TEST

START_TEST(bools_are_no_numbers) {
    const uint8_t bits = 1;
    hm_built batch = hm_build(&trial.schema, &trial.array, 1);
    hm_build_numbers(batch, "x", "b", 1, NULL, &bits, 1);
    hm_arrow_trial_refused(&hm_type_int, HM_TYPE_MISMATCH,
            "column `x`: it is bool, but int is wanted; take it as bool, or cast it "
            "where it comes from");
    batch = hm_build(&trial.schema, &trial.array, 1);
    hm_build_numbers(batch, "x", "b", 1, NULL, &bits, 1);
    ck_assert(*(const bool *)hm_arrow_trial_import(&hm_type_bool)->many.data);
}
END_TEST

START_TEST(a_column_of_nothing_is_all_missing) {
    hm_built batch = hm_build(&trial.schema, &trial.array, 3);
    hm_build_child(batch, "x", "n", 3);
    hm_build_child(batch, "s", "n", 3);
    const hm_column wanted[] = {{"x", NULL}, {"s", &hm_type_string}};
    ck_assert_int_eq(hm_arrow_trial_columns(wanted, 2), HM_OK);
    ck_assert(isnan(((const double *)trial.columns->bindings[0].value.many.data)[2]));
    const hm_array *strings = &trial.columns->bindings[1].value.many;
    ck_assert_str_eq(((const char *const *)strings->data)[2], "");
    ck_assert_uint_eq(strings->validity[0], 0);
}
END_TEST

START_TEST(a_batch_may_have_no_rows) {
    hm_built batch = hm_build(&trial.schema, &trial.array, 0);
    hm_built x = hm_build_child(batch, "x", "u", 0);
    hm_build_buffer(x, NULL, 0);
    hm_build_buffer(x, NULL, 0);
    hm_build_buffer(x, NULL, 0);
    hm_built y = hm_build_child(batch, "y", "g", 0);
    hm_build_buffer(y, NULL, 0);
    hm_build_buffer(y, NULL, 0);
    hm_build_numbers(batch, "i", "i", 0, NULL, NULL, 0);
    hm_built l = hm_build_child(batch, "l", "+l", 0);
    hm_build_buffer(l, NULL, 0);
    hm_build_buffer(l, NULL, 0);
    hm_build_numbers(l, "item", "i", 0, NULL, NULL, 0);
    const hm_column wanted[] = {
            {"x", NULL}, {"y", NULL}, {"l", NULL}, {"i", &hm_type_double}};
    ck_assert_int_eq(hm_arrow_trial_columns(wanted, 4), HM_OK);
    ck_assert_uint_eq(trial.columns->count, 4);
    ck_assert_uint_eq(trial.columns->bindings[0].value.many.length, 0);
    ck_assert_uint_eq(trial.columns->bindings[2].value.depth, 2);
    ck_assert_int_eq(hm_built_arrays, 0);
}
END_TEST

START_TEST(only_what_is_wanted_is_looked_at) {
    static const int numbers[] = {1, 2};
    hm_built batch = hm_build(&trial.schema, &trial.array, 2);
    hm_build_numbers(batch, "odd", "+m", -7, NULL, numbers, sizeof numbers);
    hm_build_numbers(batch, "twin", "i", 2, NULL, numbers, sizeof numbers);
    hm_build_numbers(batch, "twin", "i", 2, NULL, numbers, sizeof numbers);
    hm_build_numbers(batch, "x", "i", 2, NULL, numbers, sizeof numbers);
    const hm_column twin = {"twin", NULL};
    ck_assert_int_eq(hm_arrow_trial_columns(&twin, 1), HM_DUPLICATE_NAME);
    ck_assert_str_eq(trial.error.message, "two columns have the name `twin`");
    const hm_column wanted[] = {{"absent", &hm_type_int}, {"x", &hm_type_int}};
    ck_assert_int_eq(hm_arrow_trial_columns(wanted, 2), HM_OK);
    ck_assert_uint_eq(trial.columns->count, 1);
    ck_assert_str_eq(trial.columns->bindings[0].name, "x");
}
END_TEST

START_TEST(what_has_no_place_here_is_refused) {
    static const struct {
        const char *format;
        const char *message;
    } cases[] = {
            {"e", "it is a half float (format \"e\"), which has no place here: cast it "
                  "to float"},
            {"d:19,2", "it is a decimal (format \"d:19,2\"), which has no place here: "
                       "cast it to double, or to an integer of cents or the like"},
            {"z", "it is binary (format \"z\"), which has no place here: cast it to "
                  "utf8"},
            {"+m", "it is a map (format \"+m\"), which has no place here: make it a "
                   "list of structs"},
            {"+ud:0,1", "it is a union (format \"+ud:0,1\"), which has no place here: "
                        "take its members apart"},
            {"+w:", "it is a fixed-size list of no length (format \"+w:\"), which has "
                    "no place here: whoever made the schema has to mend it"},
            {"+w:99999999999", "it is a fixed-size list of no length (format "
                               "\"+w:99999999999\"), which has no place here: whoever "
                               "made the schema has to mend it"},
            {"?", "it is of a format that is not known (format \"?\"), which has no "
                  "place here: cast it to a type that is"},
            {"", "it is of a format that is not known (format \"\"), which has no "
                 "place "
                 "here: cast it to a type that is"},
            {"+s", "it is a struct, but no particular type is wanted; say the C struct "
                   "that it becomes"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        hm_built batch = hm_build(&trial.schema, &trial.array, 1);
        hm_build_numbers(batch, "x", cases[i].format, 1, NULL, "12345678", 8);
        char message[256];
        snprintf(message, sizeof message, "column `x`: %s", cases[i].message);
        hm_arrow_trial_refused(NULL, HM_TYPE_MISMATCH, message);
    }
}
END_TEST

static void build_three(void) {
    static const double numbers[] = {1, 2};
    static const char *const texts[] = {"a", "b"};
    hm_built batch = hm_build(&trial.schema, &trial.array, 2);
    hm_build_numbers(batch, "x", "g", 2, NULL, numbers, sizeof numbers);
    hm_build_numbers(batch, "y", "g", 2, NULL, numbers, sizeof numbers);
    hm_build_texts(batch, "s", 2, NULL, texts);
}

START_TEST(the_last_value_that_shares_a_batch_releases_it) {
    build_three();
    ck_assert_int_eq(hm_arrow_import(NULL, &trial.schema, &trial.array, &trial.columns,
                             &trial.error),
            HM_OK);
    trial.schema.release(&trial.schema);
    hm_value y = *hm_arrow_find(trial.columns, "y");
    *hm_arrow_find(trial.columns, "y") = (hm_value){0};
    hm_value_release(hm_arrow_find(trial.columns, "x"));
    ck_assert_int_eq(hm_built_arrays, 4);
    hm_arrow_columns_destroy(trial.columns);
    trial.columns = NULL;
    ck_assert_int_eq(hm_built_arrays, 4);
    ck_assert_double_eq(((const double *)y.many.data)[1], 2);
    hm_value_release(&y);
    ck_assert_int_eq(hm_built_arrays, 0);
}
END_TEST

START_TEST(bad_options_are_refused) {
    build_three();
    hm_arrow_import_options options = {0};
    ck_assert_int_eq(hm_arrow_import(&options, &trial.schema, &trial.array,
                             &trial.columns, &trial.error),
            HM_BAD_ARGUMENT);
    ck_assert_str_eq(trial.error.message,
            "struct_size is not set: start from HM_ARROW_IMPORT_OPTIONS_INIT");
    const hm_column nameless = {NULL, &hm_type_double};
    ck_assert_int_eq(hm_arrow_trial_columns(&nameless, 1), HM_BAD_ARGUMENT);
    ck_assert_str_eq(trial.error.message, "a column that is wanted has no name");
    ck_assert_int_eq(hm_built_arrays, 4);
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("arrow_import");
    TCase *tcase = tcase_create("import");
    tcase_add_checked_fixture(tcase, hm_arrow_trial_begin, hm_arrow_trial_end);
    tcase_add_test(tcase, numbers_are_where_they_were);
    tcase_add_test(tcase, validity_is_where_it_was_if_it_begins_at_a_byte);
    tcase_add_test(tcase, what_is_missing_is_nan_in_a_copy);
    tcase_add_test(tcase, each_that_is_missing_is_nan);
    tcase_add_test(tcase, numbers_that_are_not_aligned_are_copied);
    tcase_add_test(tcase, numbers_widen_where_all_fit);
    tcase_add_test(tcase, floating_types_widen_too);
    tcase_add_test(tcase, what_would_lose_something_is_refused);
    tcase_add_test(tcase, durations_and_times_of_day_are_their_integers);
    tcase_add_test(tcase, bits_become_bools);
    tcase_add_test(tcase, bools_are_no_numbers);
    tcase_add_test(tcase, a_column_of_nothing_is_all_missing);
    tcase_add_test(tcase, a_batch_may_have_no_rows);
    tcase_add_test(tcase, only_what_is_wanted_is_looked_at);
    tcase_add_test(tcase, what_has_no_place_here_is_refused);
    tcase_add_test(tcase, the_last_value_that_shares_a_batch_releases_it);
    tcase_add_test(tcase, bad_options_are_refused);
    suite_add_tcase(suite, tcase);
    return suite;
}
