// Arrow text as C strings.

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <hamilton/arrow.h>

#include "tests/support/arrow_trial.h"
#include "tests/support/suite.h"

START_TEST(text_becomes_c_strings) {
    static const char *const texts[] = {"one", "", "drei \xe2\x82\xac", "four"};
    const uint8_t validity = 0x07;
    hm_built batch = hm_build(&trial.schema, &trial.array, 3);
    hm_built x = hm_build_texts(batch, "x", 4, &validity, texts);
    x.array->offset = 1;
    x.array->length = 3;
    const hm_value *value = hm_arrow_trial_import(NULL);
    ck_assert_ptr_eq(value->type, &hm_type_string);
    const char *const *strings = value->many.data;
    ck_assert_str_eq(strings[0], "");
    ck_assert_str_eq(strings[1], texts[2]);
    ck_assert_str_eq(strings[2], ""); // missing
    ck_assert_uint_eq(value->many.validity[0] & 7u, 3);
    ck_assert_int_eq(hm_built_arrays, 0); // it was copied
}
END_TEST

START_TEST(large_text_is_the_same) {
    hm_built batch = hm_build(&trial.schema, &trial.array, 2);
    hm_built x = hm_build_child(batch, "x", "U", 2);
    hm_build_buffer(x, NULL, 0);
    hm_build_buffer(x, (int64_t[]){1, 3, 4}, 3 * sizeof(int64_t));
    hm_build_buffer(x, "-abc", 4);
    const char *const *strings = hm_arrow_trial_import(&hm_type_string)->many.data;
    ck_assert_str_eq(strings[0], "ab");
    ck_assert_str_eq(strings[1], "c");
}
END_TEST

// A text of at most 12 bytes lies in its view; of a longer one the view has length, the
// first four bytes, buffer and offset.
typedef struct hm_view {
    int32_t length;
    char prefix[4];
    int32_t buffer;
    int32_t offset;
} hm_view;

static hm_built build_views(const hm_view *views, int64_t length) {
    static const uint8_t validity = 0x0d;
    hm_built batch = hm_build(&trial.schema, &trial.array, length);
    hm_built x = hm_build_child(batch, "x", "vu", length);
    hm_build_buffer(x, &validity, 1);
    hm_build_buffer(x, views, (size_t)length * sizeof *views);
    hm_build_buffer(x, "nothing of it", 13);
    hm_build_buffer(x, "-the longer texts", 17);
    hm_build_buffer(x, (int64_t[]){13, 17}, 2 * sizeof(int64_t));
    return x;
}

START_TEST(text_views_too) {
    hm_view views[4] = {{.length = 12}, {.length = -1}, // missing
            {.length = 16, .buffer = 1, .offset = 1}, {.length = 0}};
    memcpy(views[0].prefix, "twelve bytes", 12);
    build_views(views, 4);
    const hm_value *value = hm_arrow_trial_import(NULL);
    const char *const *strings = value->many.data;
    ck_assert_str_eq(strings[0], "twelve bytes");
    ck_assert_str_eq(strings[1], "");
    ck_assert_str_eq(strings[2], "the longer texts");
    ck_assert_str_eq(strings[3], "");
    ck_assert_uint_eq(value->many.validity[0] & 0xfu, 0xd);
}
END_TEST

START_TEST(text_views_that_point_nowhere_are_refused) {
    static const struct {
        hm_view view;
        const char *message;
    } cases[] = {
            {{.length = -1}, "a text cannot have -1 bytes"},
            {{.length = 16, .buffer = 2},
                    "16 bytes at offset 0 of buffer 2 of 2: they are not there"},
            {{.length = 16, .buffer = -1},
                    "16 bytes at offset 0 of buffer -1 of 2: they are not there"},
            {{.length = 16, .buffer = 1, .offset = 2},
                    "16 bytes at offset 2 of buffer 1 of 2: they are not there"},
            {{.length = INT32_MAX, .buffer = 1, .offset = INT32_MAX},
                    "2147483647 bytes at offset 2147483647 of buffer 1 of 2: they are "
                    "not there"},
            {{.length = 16, .buffer = 1, .offset = -1},
                    "16 bytes at offset -1 of buffer 1 of 2: they are not there"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char message[256];
        snprintf(message, sizeof message, "column `x`, row 1: %s", cases[i].message);
        build_views(&cases[i].view, 1);
        hm_arrow_trial_refused(NULL, HM_BAD_DATA, message);
    }
    hm_built x = build_views(&(hm_view){.length = 16, .buffer = 1}, 1);
    x.array->buffers[4] = NULL;
    hm_arrow_trial_refused(NULL, HM_BAD_DATA,
            "column `x`, row 1: 16 bytes at offset 0 of buffer 1 of 2: they are not "
            "there");
    x = build_views(&(hm_view){.length = 0}, 1);
    x.array->n_buffers = 2;
    hm_arrow_trial_refused(NULL, HM_BAD_DATA,
            "column `x`: it is a utf8 view, which has 3 buffers, but the array has 2");
}
END_TEST

START_TEST(text_that_is_no_c_string_is_refused) {
    hm_built batch = hm_build(&trial.schema, &trial.array, 2);
    hm_built x = hm_build_child(batch, "x", "u", 2);
    hm_build_buffer(x, NULL, 0);
    hm_build_buffer(x, (int32_t[]){0, 1, 4}, 3 * sizeof(int32_t));
    hm_build_buffer(x, "ab\0c", 4);
    hm_arrow_trial_refused(NULL, HM_BAD_DATA,
            "column `x`, row 2: the text contains a NUL byte, which ends a C string");
    static const char *const texts[] = {"\xff"};
    batch = hm_build(&trial.schema, &trial.array, 1);
    hm_build_texts(batch, "x", 1, NULL, texts);
    hm_arrow_trial_refused(
            NULL, HM_BAD_DATA, "column `x`, row 1: the text is not UTF-8");
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("arrow_text");
    TCase *tcase = tcase_create("text");
    tcase_add_checked_fixture(tcase, hm_arrow_trial_begin, hm_arrow_trial_end);
    tcase_add_test(tcase, text_becomes_c_strings);
    tcase_add_test(tcase, large_text_is_the_same);
    tcase_add_test(tcase, text_views_too);
    tcase_add_test(tcase, text_views_that_point_nowhere_are_refused);
    tcase_add_test(tcase, text_that_is_no_c_string_is_refused);
    suite_add_tcase(suite, tcase);
    return suite;
}
