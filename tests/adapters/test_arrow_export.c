// Columns as Arrow record batches: formats, what is not copied, and whose the values
// are.

#include <math.h>
#include <stdalign.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <hamilton/arrow.h>

#include "adapters/arrow/write.h"
#include "tests/support/suite.h"

static struct ArrowSchema schema;
static struct ArrowArray array;
static hm_error error;

static void set_up(void) {
    error.message[0] = '\0';
}

static void tear_down(void) {
    if (array.release != NULL) {
        array.release(&array);
    }
    if (schema.release != NULL) {
        schema.release(&schema);
    }
}

static void export_as(
        const hm_arrow_export_options *options, hm_binding *columns, size_t count) {
    ck_assert_msg(
            hm_arrow_export(options, columns, count, &schema, &array, &error) == HM_OK,
            "%s", error.message);
}

static void export_one(hm_value value) {
    tear_down();
    hm_binding column = {"x", value};
    export_as(NULL, &column, 1);
    ck_assert_str_eq(schema.format, "+s");
    ck_assert_int_eq(schema.n_children, 1);
    ck_assert_int_eq(array.n_children, 1);
    ck_assert_int_eq(array.length, (int64_t)value.many.length);
    ck_assert_int_eq(array.null_count, 0);
    ck_assert_int_eq(array.children[0]->length, array.length);
    ck_assert_int_eq(array.children[0]->offset, 0);
    ck_assert_str_eq(schema.children[0]->name, "x");
    ck_assert_int_eq(schema.children[0]->flags, ARROW_FLAG_NULLABLE);
}

static void check_refused(hm_value value, hm_status status, const char *message) {
    struct ArrowSchema no_schema = {.format = "untouched"};
    struct ArrowArray no_array = {.length = 77};
    hm_binding columns[] = {{"other", hm_value_many(value.type, "", 0)}, {"x", value}};
    columns[0].value.type = &hm_type_int;
    columns[0].value.many = (hm_array){(int[]){1, 2, 3}, 3, NULL};
    ck_assert_int_eq(
            hm_arrow_export(NULL, columns, 2, &no_schema, &no_array, &error), status);
    ck_assert_str_eq(error.message, message);
    ck_assert_str_eq(no_schema.format, "untouched");
    ck_assert_int_eq(no_array.length, 77);
}

START_TEST(numbers_are_where_they_were) {
    static const struct {
        const hm_type *type;
        const char *format;
    } cases[] = {{&hm_type_char, "c"}, {&hm_type_schar, "c"}, {&hm_type_uchar, "C"},
            {&hm_type_short, "s"}, {&hm_type_ushort, "S"}, {&hm_type_int, "i"},
            {&hm_type_uint, "I"}, {&hm_type_long, "l"}, {&hm_type_ulonglong, "L"},
            {&hm_type_float, "f"}, {&hm_type_double, "g"}};
    static const double numbers[3] = {1, 2, 3};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        hm_value value = hm_value_many(cases[i].type, numbers, 3);
        export_one(value);
        ck_assert_str_eq(schema.children[0]->format, cases[i].format);
        ck_assert_int_eq(array.children[0]->n_buffers, 2);
        ck_assert_ptr_null(array.children[0]->buffers[0]);
        ck_assert_ptr_eq(array.children[0]->buffers[1], numbers);
        ck_assert_int_eq(array.children[0]->null_count, 0);
    }
    uint8_t validity = 0x05;
    hm_value value = hm_value_many(&hm_type_int, numbers, 3);
    value.many.validity = &validity;
    export_one(value);
    ck_assert_ptr_eq(array.children[0]->buffers[0], &validity);
    ck_assert_int_eq(array.children[0]->null_count, 1);
    validity = 0x07;
    export_one(value);
    ck_assert_ptr_null(array.children[0]->buffers[0]);
    export_one(hm_value_many(&hm_type_int, NULL, 0));
    ck_assert_ptr_nonnull(array.children[0]->buffers[1]);
}
END_TEST

START_TEST(nan_is_missing_if_that_is_wanted) {
    static const double numbers[] = {1, NAN, 3};
    static const float floats[] = {NAN, 2, 3};
    static const int integers[] = {1, 2, 3};
    uint8_t validity = 0x03;
    hm_binding columns[] = {{"x", hm_value_many(&hm_type_double, numbers, 3)},
            {"y", hm_value_many(&hm_type_float, floats, 3)},
            {"i", hm_value_many(&hm_type_int, integers, 3)}};
    columns[1].value.many.validity = &validity;
    hm_arrow_export_options options = HM_ARROW_EXPORT_OPTIONS_INIT;
    options.nan_is_missing = true;
    export_as(&options, columns, 3);
    const struct ArrowArray *x = array.children[0];
    ck_assert_ptr_eq(x->buffers[1], numbers);
    ck_assert_int_eq(x->null_count, 1);
    ck_assert_uint_eq(((const uint8_t *)x->buffers[0])[0] & 7u, 5);
    ck_assert_int_eq(array.children[1]->null_count, 2);
    ck_assert_uint_eq(((const uint8_t *)array.children[1]->buffers[0])[0] & 7u, 2);
    ck_assert_int_eq(array.children[2]->null_count, 0);
    ck_assert_uint_eq(validity, 0x03);
}
END_TEST

START_TEST(bools_become_bits) {
    static const bool flags[] = {
            true, false, true, true, false, false, false, false, true, false};
    export_one(hm_value_many(&hm_type_bool, flags, 10));
    ck_assert_str_eq(schema.children[0]->format, "b");
    const uint8_t *bits = array.children[0]->buffers[1];
    ck_assert_uint_eq(bits[0], 0x0d);
    ck_assert_uint_eq(bits[1], 0x01);
}
END_TEST

START_TEST(strings_become_text) {
    static const char *const texts[] = {"one", NULL, "", "\xe2\x82\xac", "not there"};
    uint8_t validity = 0x0f;
    hm_value value = hm_value_many(&hm_type_string, texts, 5);
    value.many.validity = &validity;
    export_one(value);
    ck_assert_str_eq(schema.children[0]->format, "u");
    const struct ArrowArray *x = array.children[0];
    static const int32_t offsets[] = {0, 3, 3, 3, 6, 6};
    ck_assert_int_eq(x->n_buffers, 3);
    ck_assert_mem_eq(x->buffers[1], offsets, sizeof offsets);
    ck_assert_mem_eq(x->buffers[2], "one\xe2\x82\xac", 6);
    ck_assert_int_eq(x->null_count, 2);
    ck_assert_uint_eq(((const uint8_t *)x->buffers[0])[0] & 0x1fu, 0x0d);
    export_one(hm_value_many(&hm_type_string, NULL, 0));
    ck_assert_int_eq(((const int32_t *)array.children[0]->buffers[1])[0], 0);
}
END_TEST

// Writes elements as if offsets of 32 bits ended at a limit.
static void write_within(
        int64_t limit, const hm_arrow_elements *elements, const char *format) {
    hm_arena scratch;
    hm_arena_init(&scratch, hm_allocator_default());
    hm_arrow_writer writer = {
            .types = hm_arrow_holder_create(hm_allocator_default(), NULL),
            .data = hm_arrow_holder_create(hm_allocator_default(), NULL),
            .scratch = &scratch,
            .longest_offset = limit,
            .error = &error};
    hm_arrow_place place = {NULL, "x"};
    tear_down();
    schema = (struct ArrowSchema){0};
    array = (struct ArrowArray){0};
    ck_assert_int_eq(hm_arrow_write(&writer, elements, &place, &schema, &array), HM_OK);
    hm_arena_finish(&scratch);
    ck_assert_str_eq(schema.format, format);
}

START_TEST(what_is_long_has_long_offsets) {
    static const char *texts[] = {"four", "five"};
    static int numbers[] = {1, 2, 3};
    static hm_array lists[] = {{numbers, 2, NULL}, {numbers + 2, 1, NULL}};
    hm_arrow_elements elements = {.type = &hm_type_string, .many = {texts, 2, NULL}};
    write_within(8, &elements, "u");
    write_within(7, &elements, "U");
    static const int64_t text_offsets[] = {0, 4, 8};
    ck_assert_mem_eq(array.buffers[1], text_offsets, sizeof text_offsets);
    elements = (hm_arrow_elements){
            .type = &hm_type_int, .depth = 1, .many = {lists, 2, NULL}};
    write_within(3, &elements, "+l");
    write_within(2, &elements, "+L");
    static const int64_t list_offsets[] = {0, 2, 3};
    ck_assert_mem_eq(array.buffers[1], list_offsets, sizeof list_offsets);
}
END_TEST

struct inner {
    float value;
};

struct point {
    double x;
    const char *name;
    short codes[2];
    unsigned flag : 3;
    struct inner inner;
};

static const hm_field inner_fields[] = {{.name = "value", .type = &hm_type_float}};
static const hm_type inner_type = {.name = "struct inner",
        .kind = HM_KIND_STRUCT,
        .size = sizeof(struct inner),
        .alignment = alignof(struct inner),
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

static const struct point points[] = {{0.5, "a", {1, 2}, 5, {1}},
        {1.5, (const char *)1, {3, 4}, 6, {2}}, // missing: nobody may look at the name
        {2.5, NULL, {5, 6}, 7, {3}}};

static void check_points(void) {
    const struct ArrowSchema *type = schema.children[0];
    const struct ArrowArray *x = array.children[0];
    static const char *const formats[] = {"g", "u", "+w:2", "I", "+s"};
    ck_assert_str_eq(type->format, "+s");
    ck_assert_int_eq(x->null_count, 1);
    ck_assert_uint_eq(((const uint8_t *)x->buffers[0])[0] & 7u, 5);
    ck_assert_int_eq(x->n_children, 5);
    for (int64_t i = 0; i < 5; i++) {
        ck_assert_str_eq(type->children[i]->format, formats[i]);
        ck_assert_str_eq(type->children[i]->name, point_fields[i].name);
        ck_assert_int_eq(x->children[i]->length, 3);
    }
    ck_assert_double_eq(((const double *)x->children[0]->buffers[1])[2], 2.5);
    ck_assert_int_eq(x->children[1]->null_count, 2);
    ck_assert_mem_eq(x->children[1]->buffers[2], "a", 1);
    const struct ArrowArray *codes = x->children[2]->children[0];
    ck_assert_int_eq(codes->length, 6);
    ck_assert_int_eq(((const short *)codes->buffers[1])[5], 6);
    ck_assert_uint_eq(((const unsigned *)x->children[3]->buffers[1])[2], 7);
    const struct ArrowArray *inner = x->children[4]->children[0];
    ck_assert_double_eq((double)((const float *)inner->buffers[1])[0], 1);
}

START_TEST(structs_become_structs) {
    uint8_t validity = 0x05;
    hm_value value = hm_value_many(&point_type, points, 3);
    value.many.validity = &validity;
    export_one(value);
    check_points();
    const struct point *const pointers[] = {&points[0], NULL, &points[2]};
    value = hm_value_many(&point_type, pointers, 3);
    value.by_reference = true;
    export_one(value);
    check_points();
}
END_TEST

START_TEST(lists_that_are_in_a_row_are_where_they_were) {
    static int numbers[] = {1, 2, 3, 4, 5};
    uint8_t validity = 0x0b;
    hm_array lists[] = {{numbers, 2, NULL}, {NULL, 0, NULL}, {numbers, 99, NULL},
            {numbers + 2, 3, NULL}};
    hm_value value = hm_value_many(&hm_type_int, lists, 4);
    value.depth = 2;
    value.many.validity = &validity;
    export_one(value);
    ck_assert_str_eq(schema.children[0]->format, "+l");
    ck_assert_str_eq(schema.children[0]->children[0]->format, "i");
    ck_assert_str_eq(schema.children[0]->children[0]->name, "item");
    const struct ArrowArray *x = array.children[0];
    static const int32_t offsets[] = {0, 2, 2, 2, 5};
    ck_assert_mem_eq(x->buffers[1], offsets, sizeof offsets);
    ck_assert_int_eq(x->null_count, 1);
    ck_assert_int_eq(x->children[0]->length, 5);
    ck_assert_ptr_eq(x->children[0]->buffers[1], numbers);
}
END_TEST

START_TEST(lists_that_are_apart_are_put_together) {
    static int first[] = {1, 2};
    static int second[] = {3};
    static uint8_t validity = 0x02;
    hm_array lists[] = {{second, 1, NULL}, {first, 2, &validity}};
    hm_array outer[] = {{lists + 1, 1, NULL}, {lists, 1, NULL}};
    hm_value value = hm_value_many(&hm_type_int, outer, 2);
    value.depth = 3;
    export_one(value);
    const struct ArrowArray *inner = array.children[0]->children[0];
    const struct ArrowArray *items = inner->children[0];
    static const int32_t offsets[] = {0, 2, 3};
    static const int expected[] = {1, 2, 3};
    ck_assert_mem_eq(inner->buffers[1], offsets, sizeof offsets);
    ck_assert_mem_eq(items->buffers[1], expected, sizeof expected);
    ck_assert_int_eq(items->null_count, 1);
    ck_assert_uint_eq(((const uint8_t *)items->buffers[0])[0] & 7u, 6);
}
END_TEST

START_TEST(what_arrow_does_not_have_is_refused) {
    static const long double longs[3] = {0};
    static const char *const texts[] = {"a", "\xff", "b"};
    static const hm_type model = {.name = "struct model", .kind = HM_KIND_OPAQUE};
    check_refused(hm_value_many(&hm_type_longdouble, longs, 3), HM_TYPE_MISMATCH,
            "column `x`: it is long double, which Arrow does not have; make it a "
            "double");
    check_refused(hm_value_many(&model, texts, 3), HM_TYPE_MISMATCH,
            "column `x`: it is struct model, which only C knows how to read: export "
            "values that are made of it");
    check_refused(hm_value_many(&hm_type_string, texts, 3), HM_BAD_DATA,
            "column `x`, row 2: the text is not UTF-8, as Arrow's is");
    check_refused(hm_value_double(1), HM_SHAPE_MISMATCH,
            "`x` is one value, but Arrow's columns are arrays");
    check_refused(hm_value_many(&hm_type_string, texts, 2), HM_LENGTH_MISMATCH,
            "`x` has 2 elements, but `other` has 3: columns of one batch are equally "
            "long");
    check_refused(hm_value_many(&hm_type_string, NULL, 3), HM_BAD_ARGUMENT,
            "`x` has 3 elements, but no data");
    check_refused(
            (hm_value){.depth = 1}, HM_BAD_ARGUMENT, "column 2 has no name or no type");
    hm_value deep = hm_value_many(&hm_type_string, texts, 3);
    deep.depth = 10;
    check_refused(deep, HM_SHAPE_MISMATCH,
            "`x` has lists that are more than 8 deep in one another");
    hm_binding twins[] = {{"x", hm_value_many(&hm_type_string, texts, 3)},
            {"x", hm_value_many(&hm_type_string, texts, 3)}};
    ck_assert_int_eq(hm_arrow_export(NULL, twins, 2, &schema, &array, &error),
            HM_DUPLICATE_NAME);
    ck_assert_str_eq(error.message, "two columns have the name `x`");
    hm_arrow_export_options options = {0};
    ck_assert_int_eq(hm_arrow_export(&options, twins, 1, &schema, &array, &error),
            HM_BAD_ARGUMENT);
}
END_TEST

static int released;

static void count_release(hm_value *value) {
    ck_assert_ptr_eq(value->context, &released);
    value->release = NULL;
    released++;
}

static hm_value owned(const double *numbers) {
    hm_value value = hm_value_many(&hm_type_double, numbers, 2);
    value.release = count_release;
    value.context = &released;
    return value;
}

START_TEST(values_are_taken_over_if_that_is_wanted) {
    static const double numbers[] = {1, 2};
    hm_arrow_export_options options = HM_ARROW_EXPORT_OPTIONS_INIT;
    hm_binding columns[] = {{"x", owned(numbers)}, {"y", owned(numbers)}};
    released = 0;
    export_as(&options, columns, 2);
    tear_down();
    ck_assert_int_eq(released, 0);
    ck_assert(columns[0].value.release != NULL);

    options.takes_over = true;
    columns[1].value.many.length = 3;
    ck_assert_int_eq(hm_arrow_export(&options, columns, 2, &schema, &array, &error),
            HM_LENGTH_MISMATCH);
    ck_assert(columns[0].value.release != NULL); // still the caller's
    columns[1].value.many.length = 2;
    export_as(&options, columns, 2);
    ck_assert_ptr_null(columns[0].value.type);
    ck_assert(columns[1].value.release == NULL);
    schema.release(&schema);
    ck_assert_int_eq(released, 0);
    array.release(&array);
    ck_assert(array.release == NULL);
    ck_assert_int_eq(released, 2);
}
END_TEST

START_TEST(children_that_are_moved_out_keep_their_data) {
    static int numbers[] = {1, 2, 3};
    hm_array lists[] = {{numbers, 2, NULL}, {numbers + 2, 1, NULL}};
    static const double doubles[] = {1, 2};
    hm_arrow_export_options options = HM_ARROW_EXPORT_OPTIONS_INIT;
    options.takes_over = true;
    hm_value value = hm_value_many(&hm_type_int, lists, 2);
    value.depth = 2;
    hm_binding columns[] = {{"x", value}, {"y", owned(doubles)}};
    released = 0;
    export_as(&options, columns, 2);
    struct ArrowArray moved = *array.children[0];
    array.children[0]->release = NULL;
    struct ArrowSchema moved_schema = *schema.children[0];
    schema.children[0]->release = NULL;
    array.release(&array);
    schema.release(&schema);
    ck_assert_int_eq(released, 0);
    ck_assert_str_eq(moved_schema.children[0]->format, "i");
    ck_assert_int_eq(((const int *)moved.children[0]->buffers[1])[2], 3);
    moved.release(&moved);
    moved_schema.release(&moved_schema);
    ck_assert_int_eq(released, 1);
}
END_TEST

START_TEST(a_batch_may_have_no_columns) {
    export_as(NULL, NULL, 0);
    ck_assert_int_eq(array.length, 0);
    ck_assert_int_eq(array.n_children, 0);
}
END_TEST

// Out and in again.
START_TEST(what_was_exported_is_imported) {
    static const char *const texts[] = {"one", "two", "three"};
    static const bool flags[] = {true, false, true};
    static int numbers[] = {1, 2, 3};
    hm_array lists[] = {{numbers, 2, NULL}, {NULL, 0, NULL}, {numbers + 2, 1, NULL}};
    uint8_t validity = 0x05;
    hm_binding out[] = {{"p", hm_value_many(&point_type, points, 3)},
            {"s", hm_value_many(&hm_type_string, texts, 3)},
            {"b", hm_value_many(&hm_type_bool, flags, 3)},
            {"l", hm_value_many(&hm_type_int, lists, 3)},
            {"i", hm_value_many(&hm_type_int, numbers, 3)}};
    out[0].value.many.validity = &validity;
    out[3].value.depth = 2;
    export_as(NULL, out, 5);
    const hm_column wanted[] = {
            {"p", &point_type}, {"s", NULL}, {"b", NULL}, {"l", NULL}, {"i", NULL}};
    hm_arrow_import_options options = HM_ARROW_IMPORT_OPTIONS_INIT;
    options.columns = wanted;
    options.column_count = 5;
    hm_arrow_columns *in;
    ck_assert_msg(hm_arrow_import(&options, &schema, &array, &in, &error) == HM_OK,
            "%s", error.message);
    const struct point *again = hm_arrow_find(in, "p")->many.data;
    ck_assert_double_eq(again[2].x, points[2].x);
    ck_assert_str_eq(again[0].name, "a");
    ck_assert_str_eq(again[2].name, "");
    ck_assert_uint_eq(again[2].flag, 7);
    ck_assert_int_eq(again[2].codes[1], 6);
    ck_assert_uint_eq(hm_arrow_find(in, "p")->many.validity[0] & 7u, 5);
    const char *const *strings = hm_arrow_find(in, "s")->many.data;
    ck_assert_str_eq(strings[2], "three");
    ck_assert_mem_eq(hm_arrow_find(in, "b")->many.data, flags, sizeof flags);
    const hm_array *list = hm_arrow_find(in, "l")->many.data;
    ck_assert_ptr_eq(list[2].data, numbers + 2);
    ck_assert_ptr_eq(hm_arrow_find(in, "i")->many.data, numbers);
    hm_arrow_columns_destroy(in);
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("arrow_export");
    TCase *tcase = tcase_create("export");
    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_add_test(tcase, numbers_are_where_they_were);
    tcase_add_test(tcase, nan_is_missing_if_that_is_wanted);
    tcase_add_test(tcase, bools_become_bits);
    tcase_add_test(tcase, strings_become_text);
    tcase_add_test(tcase, what_is_long_has_long_offsets);
    tcase_add_test(tcase, structs_become_structs);
    tcase_add_test(tcase, lists_that_are_in_a_row_are_where_they_were);
    tcase_add_test(tcase, lists_that_are_apart_are_put_together);
    tcase_add_test(tcase, what_arrow_does_not_have_is_refused);
    tcase_add_test(tcase, values_are_taken_over_if_that_is_wanted);
    tcase_add_test(tcase, children_that_are_moved_out_keep_their_data);
    tcase_add_test(tcase, a_batch_may_have_no_columns);
    tcase_add_test(tcase, what_was_exported_is_imported);
    suite_add_tcase(suite, tcase);
    return suite;
}
