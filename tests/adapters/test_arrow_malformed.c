// Arrow schemas and arrays that break the rules are refused with a message, and stay
// whole: each case is a good batch with one thing changed.

#include <stdint.h>
#include <string.h>

#include <hamilton/arrow.h>

#include "tests/support/arrow_builder.h"
#include "tests/support/suite.h"

static struct ArrowSchema schema;
static struct ArrowArray array;

enum { NUMBERS, TEXTS, LISTS, FIXED, DICTIONARY, NOTHING };

static struct ArrowSchema *schema_of(int column) {
    return schema.children[column];
}

static struct ArrowArray *array_of(int column) {
    return array.children[column];
}

static void build_all(void) {
    static const char *const texts[] = {"a", "bc", ""};
    static const int numbers[] = {0, 1, 2, 0, 1, 2};
    static const uint8_t validity = 0x07;
    hm_built batch = hm_build(&schema, &array, 3);
    hm_build_numbers(batch, "numbers", "i", 3, &validity, numbers, 12);
    hm_build_texts(batch, "texts", 3, NULL, texts);
    hm_built lists = hm_build_child(batch, "lists", "+l", 3);
    hm_build_buffer(lists, NULL, 0);
    hm_build_buffer(lists, (int32_t[]){0, 1, 1, 3}, 16);
    hm_build_numbers(lists, "item", "i", 3, NULL, numbers, 12);
    hm_built fixed = hm_build_child(batch, "fixed", "+w:2", 3);
    hm_build_buffer(fixed, NULL, 0);
    hm_build_numbers(fixed, "item", "i", 6, NULL, numbers, 24);
    hm_built indexes = hm_build_numbers(batch, "dictionary", "i", 3, NULL, numbers, 12);
    hm_built values = hm_build_dictionary(indexes, "i", 3);
    hm_build_buffer(values, NULL, 0);
    hm_build_buffer(values, numbers, 12);
    hm_build_child(batch, "nothing", "n", 3);
}

// Offsets are in a buffer of the library's caller: a test may write it.
static int32_t *offsets_of(int column) {
    int32_t *offsets;
    memcpy(&offsets, &array_of(column)->buffers[1], sizeof offsets);
    return offsets;
}

static void top_format(void) {
    schema.format = "i";
}

static void top_no_format(void) {
    schema.format = NULL;
}

static void top_negative_children(void) {
    schema.n_children = -1;
}

static void top_no_children(void) {
    schema.children = NULL;
}

static void top_null_child(void) {
    schema.children[NUMBERS] = NULL;
}

static void top_dictionary(void) {
    schema.dictionary = schema_of(NUMBERS);
}

static void batch_length(void) {
    array.length = -1;
}

static void batch_children(void) {
    array.n_children = 5;
}

static void batch_no_children(void) {
    array.children = NULL;
}

static void batch_buffers(void) {
    array.n_buffers = 0;
}

static void batch_no_buffers(void) {
    array.buffers = NULL;
}

static void batch_missing(void) {
    static const uint8_t bits = 5;
    array.buffers[0] = &bits;
}

static void batch_longer(void) {
    array.length = 4;
}

static void batch_offset(void) {
    array.offset = INT64_MAX;
}

static void null_array(void) {
    array.children[NUMBERS] = NULL;
}

static void no_format(void) {
    schema_of(NUMBERS)->format = NULL;
}

static void surplus_children(void) {
    schema_of(NUMBERS)->n_children = 2;
}

static void negative_length(void) {
    array_of(NUMBERS)->length = -3;
}

static void huge_length(void) {
    array_of(NUMBERS)->length = INT64_MAX;
}

static void negative_offset(void) {
    array_of(NUMBERS)->offset = -1;
}

static void null_count(void) {
    array_of(NUMBERS)->null_count = -2;
}

static void missing_bitmap(void) {
    array_of(NUMBERS)->null_count = 1;
    array_of(NUMBERS)->buffers[0] = NULL;
}

static void missing_data(void) {
    array_of(NUMBERS)->buffers[1] = NULL;
}

static void too_few_buffers(void) {
    array_of(NUMBERS)->n_buffers = 1;
}

static void negative_buffers(void) {
    array_of(NUMBERS)->n_buffers = -1;
}

static void surplus_dictionary(void) {
    array_of(NUMBERS)->dictionary = array_of(TEXTS);
}

static void no_text_offsets(void) {
    array_of(TEXTS)->buffers[1] = NULL;
}

static void no_text_bytes(void) {
    array_of(TEXTS)->buffers[2] = NULL;
}

static void text_descends(void) {
    offsets_of(TEXTS)[1] = 4;
}

static void text_negative(void) {
    offsets_of(TEXTS)[0] = -1;
}

static void list_negative(void) {
    offsets_of(LISTS)[0] = -1;
}

static void list_beyond(void) {
    offsets_of(LISTS)[3] = 4;
}

static void list_no_schema(void) {
    schema_of(LISTS)->n_children = 0;
}

static void list_no_child(void) {
    array_of(LISTS)->children[0] = NULL;
}

static void list_child_length(void) {
    array_of(LISTS)->children[0]->length = -1;
}

static void item_buffer(void) {
    array_of(LISTS)->children[0]->buffers[1] = NULL;
}

static void item_format(void) {
    schema_of(LISTS)->children[0]->format = "z";
}

static void fixed_beyond(void) {
    schema_of(FIXED)->format = "+w:3";
}

static void no_values(void) {
    array_of(DICTIONARY)->dictionary = NULL;
}

static void values_length(void) {
    array_of(DICTIONARY)->dictionary->length = -1;
}

static void nothing_buffers(void) {
    array_of(NOTHING)->n_buffers = 1;
}

static const struct {
    void (*commit)(void);
    const char *message;
} breaches[] = {
        {top_format, "a record batch is a struct, format \"+s\", with a child for each "
                     "column; this has format \"i\" and 6 children"},
        {top_no_format, "there is no Arrow schema, or it was released already"},
        {top_negative_children,
                "a record batch is a struct, format \"+s\", with a child for each "
                "column; this has format \"+s\" and -1 children"},
        {top_no_children, "a record batch is a struct, format \"+s\", with a child for "
                          "each column; this has format \"+s\" and 6 children"},
        {top_null_child, "column 1 of the Arrow schema is not there"},
        {top_dictionary, "a record batch is a struct, format \"+s\", with a child for "
                         "each column; this has format \"+s\" and 6 children"},
        {batch_length, "the record batch: an array cannot have "
                       "length -1, offset 0 and -1 missing"},
        {batch_children, "the record batch: the schema has 6 "
                         "children, but the array has 5"},
        {batch_no_children, "the record batch: the schema has 6 "
                            "children, but the array has 6, and none are there"},
        {batch_buffers, "the record batch: it is a struct, which "
                        "has 1 buffer, but the array has 0"},
        {batch_no_buffers, "the record batch: it is a struct, which has 1 "
                           "buffer, but the array has 1, and none are there"},
        {batch_missing, "1 rows of the record batch are missing as a whole: only their "
                        "values may be"},
        {batch_longer,
                "column `numbers`: elements 0 to 4 are wanted, but the array has 3"},
        {batch_offset, "the record batch: an array cannot have "
                       "length 3, offset 9223372036854775807 and -1 missing"},
        {null_array,
                "column `numbers`: the array is not there, or was released already"},
        {no_format, "column `numbers`: the schema has no format, or not the children "
                    "that it counts"},
        {surplus_children, "column `numbers`: child 1 of the schema is not there, or "
                           "was released already"},
        {negative_length, "column `numbers`: an array cannot have length -3, offset 0 "
                          "and -1 missing"},
        {huge_length, "column `numbers`: an array cannot have length "
                      "9223372036854775807, offset 0 and -1 missing"},
        {negative_offset, "column `numbers`: an array cannot have length 3, offset -1 "
                          "and -1 missing"},
        {null_count, "column `numbers`: an array cannot have length 3, offset 0 and -2 "
                     "missing"},
        {missing_bitmap,
                "column `numbers`: 1 are missing, but there is no validity bitmap"},
        {missing_data, "column `numbers`: 3 elements of int32 have no buffer"},
        {too_few_buffers, "column `numbers`: it is int32, which has 2 buffers, but the "
                          "array has 1"},
        {negative_buffers, "column `numbers`: it is int32, which has 2 buffers, but "
                           "the array has -1"},
        {surplus_dictionary,
                "column `numbers`: the array has a dictionary, but not the schema"},
        {no_text_offsets, "column `texts`: 3 elements of utf8 have no buffer"},
        {no_text_bytes, "column `texts`, row 1: its text has no buffer"},
        {text_descends, "column `texts`, row 2: it ends at offset 3, but begins at 4"},
        {text_negative, "column `texts`, row 1: it ends at offset 1, but begins at -1"},
        {list_negative, "column `lists`, row 1: it ends at offset 1, but begins at -1"},
        {list_beyond, "column `lists`: its lists end at element 4, but there are 3"},
        {list_no_schema, "column `lists`: a list has one child, but the schema has 0"},
        {list_no_child,
                "column `lists`: its items are not there, or of negative length"},
        {list_child_length,
                "column `lists`: its items are not there, or of negative length"},
        {item_buffer, "column `lists[]`: 3 elements of int32 have no buffer"},
        {item_format, "column `lists[]`: it is binary (format \"z\"), which has no "
                      "place here: cast it to utf8"},
        {fixed_beyond, "column `fixed`: 3 lists of 3 items are more than the 6 that "
                       "there are"},
        {no_values,
                "column `dictionary`: the schema has a dictionary, but not the array"},
        {values_length, "column `dictionary`: an array cannot have length -1, offset 0 "
                        "and -1 missing"},
        {nothing_buffers, "column `nothing`: it is null, which has 0 buffers, but the "
                          "array has 1"},
};

static void release_all(void) {
    array.release(&array);
    schema.release(&schema);
    ck_assert_int_eq(hm_built_arrays, 0);
    ck_assert_int_eq(hm_built_schemas, 0);
}

static void check_refused(const char *message) {
    hm_arrow_columns *columns = NULL;
    hm_error error = {.message = ""};
    hm_status status = hm_arrow_import(NULL, &schema, &array, &columns, &error);
    ck_assert_str_eq(error.message, message);
    ck_assert(status == HM_BAD_DATA || status == HM_TYPE_MISMATCH);
    ck_assert_int_eq(error.status, status);
    ck_assert_ptr_null(columns);
    ck_assert(array.release != NULL);
}

START_TEST(each_breach_has_its_message) {
    build_all();
    hm_arrow_columns *columns;
    hm_error error = {.message = ""};
    ck_assert_msg(hm_arrow_import(NULL, &schema, &array, &columns, &error) == HM_OK,
            "%s", error.message);
    hm_arrow_columns_destroy(columns);
    schema.release(&schema);
    for (size_t i = 0; i < sizeof breaches / sizeof *breaches; i++) {
        build_all();
        breaches[i].commit();
        check_refused(breaches[i].message);
        release_all();
    }
}
END_TEST

START_TEST(what_was_released_is_not_touched) {
    build_all();
    array_of(NUMBERS)->release(array_of(NUMBERS));
    check_refused("column `numbers`: the array is not there, or was released already");
    release_all();
    build_all();
    schema_of(TEXTS)->release(schema_of(TEXTS));
    check_refused("column `texts`: the schema is not there, or was released already");
    release_all();

    build_all();
    hm_arrow_columns *columns = NULL;
    hm_error error;
    struct ArrowArray gone = {.release = NULL};
    ck_assert_int_eq(
            hm_arrow_import(NULL, &schema, &gone, &columns, &error), HM_BAD_DATA);
    ck_assert_str_eq(
            error.message, "there is no Arrow array, or it was released already");
    ck_assert_int_eq(
            hm_arrow_import(NULL, &schema, NULL, &columns, &error), HM_BAD_DATA);
    ck_assert_int_eq(
            hm_arrow_import(NULL, NULL, &array, &columns, &error), HM_BAD_DATA);
    struct ArrowSchema none = {.release = NULL};
    ck_assert_int_eq(
            hm_arrow_import(NULL, &none, &array, &columns, &error), HM_BAD_DATA);
    ck_assert_str_eq(
            error.message, "there is no Arrow schema, or it was released already");
    release_all();
}
END_TEST

// A column of `depth` lists in one another, each of one element.
static void build_deep(int depth) {
    hm_built at = hm_build(&schema, &array, 1);
    for (int i = 0; i < depth; i++) {
        at = hm_build_child(at, "deep", "+l", 1);
        hm_build_buffer(at, NULL, 0);
        hm_build_buffer(at, (int32_t[]){0, 1}, 8);
    }
    hm_build_numbers(at, "deep", "i", 1, NULL, (int[]){7}, 4);
}

START_TEST(lists_are_at_most_eight_deep) {
    build_deep(8);
    hm_arrow_columns *columns;
    hm_error error;
    ck_assert_int_eq(hm_arrow_import(NULL, &schema, &array, &columns, &error), HM_OK);
    ck_assert_uint_eq(columns->bindings[0].value.depth, 9);
    hm_arrow_columns_destroy(columns);
    schema.release(&schema);
    build_deep(9);
    check_refused("column `deep[][][][][][][][][]`: lists and structs are more than 8 "
                  "deep in one another");
    release_all();
}
END_TEST

START_TEST(a_schema_that_holds_itself_is_refused) {
    build_deep(1);
    struct ArrowSchema *list = schema.children[0];
    struct ArrowSchema *item = list->children[0];
    list->children[0] = list;
    check_refused("column `deep[][][][][][][][][]`: lists and structs are more than 8 "
                  "deep in one another");
    list->children[0] = item;
    release_all();
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("arrow_malformed");
    TCase *tcase = tcase_create("malformed");
    tcase_add_test(tcase, each_breach_has_its_message);
    tcase_add_test(tcase, what_was_released_is_not_touched);
    tcase_add_test(tcase, lists_are_at_most_eight_deep);
    tcase_add_test(tcase, a_schema_that_holds_itself_is_refused);
    suite_add_tcase(suite, tcase);
    return suite;
}
