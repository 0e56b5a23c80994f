// Arrow streams: batches as one column each, and columns as batches.

#include <errno.h>
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <hamilton/arrow.h>

#include "tests/support/arrow_builder.h"
#include "tests/support/suite.h"

static struct ArrowArrayStream stream;
static hm_arrow_columns *columns;
static hm_error error;

static void set_up(void) {
    columns = NULL;
    error.message[0] = '\0';
}

static void tear_down(void) {
    hm_arrow_columns_destroy(columns);
    if (stream.release != NULL) {
        stream.release(&stream);
    }
    ck_assert_int_eq(hm_built_arrays, 0);
    ck_assert_int_eq(hm_built_schemas, 0);
}

// A stream of built batches, of 2 + number rows each, that ends or fails after some.
static struct {
    int batch_count;
    int next;
    int fails_with; // instead of the end
    int schema_fails_with;
    const char *last_error;
    const void *numbers; // of the last batch
    const void *items;
} made;

static void build_batch(struct ArrowSchema *schema, struct ArrowArray *array, int k) {
    static const double numbers[] = {0, 1, 2, 3, 4, 5, 6, 7};
    static const int integers[] = {0, 1, 2, 3, 4, 5, 6, 7};
    static const char *const texts[] = {"a", "b", "c", "d", "e", "f", "g", "h"};
    const uint8_t second_missing = 0xfd;
    int64_t rows = 2 + k;
    hm_built batch = hm_build(schema, array, rows);
    hm_built x = hm_build_numbers(batch, "x", "g", rows,
            k == 1 ? &second_missing : NULL, numbers, (size_t)rows * 8);
    hm_build_numbers(batch, "i", "i", rows, k == 1 ? &second_missing : NULL, integers,
            (size_t)rows * 4);
    hm_build_texts(batch, "s", rows, k == 2 ? &second_missing : NULL, texts);
    hm_built lists = hm_build_child(batch, "l", "+w:1", rows);
    hm_build_buffer(lists, k == 0 ? &second_missing : NULL, 1);
    hm_built items = hm_build_numbers(
            lists, "item", "i", rows, NULL, integers, (size_t)rows * 4);
    made.numbers = x.array->buffers[1];
    made.items = items.array->buffers[1];
}

static int get_schema(struct ArrowArrayStream *self, struct ArrowSchema *schema) {
    (void)self;
    if (made.schema_fails_with != 0) {
        return made.schema_fails_with;
    }
    struct ArrowArray array;
    build_batch(schema, &array, 0);
    array.release(&array);
    return 0;
}

static int get_next(struct ArrowArrayStream *self, struct ArrowArray *array) {
    (void)self;
    if (made.next == made.batch_count) {
        array->release = NULL;
        return made.fails_with;
    }
    struct ArrowSchema schema;
    build_batch(&schema, array, made.next++);
    schema.release(&schema);
    return 0;
}

static const char *get_last_error(struct ArrowArrayStream *self) {
    (void)self;
    return made.last_error;
}

static void release_stream(struct ArrowArrayStream *self) {
    self->release = NULL;
}

static void make_stream(int batch_count) {
    memset(&made, 0, sizeof made);
    made.batch_count = batch_count;
    stream = (struct ArrowArrayStream){
            get_schema, get_next, get_last_error, release_stream, NULL};
}

static hm_status import(void) {
    return hm_arrow_import_stream(NULL, &stream, &columns, &error);
}

static const hm_value *find(const char *name) {
    return hm_arrow_find(columns, name);
}

START_TEST(one_batch_is_not_copied) {
    make_stream(1);
    ck_assert_msg(import() == HM_OK, "%s", error.message);
    ck_assert_uint_eq(columns->row_count, 2);
    ck_assert_ptr_eq(find("x")->many.data, made.numbers);
    ck_assert(stream.release != NULL); // the caller's
}
END_TEST

START_TEST(several_batches_become_one_column) {
    make_stream(3);
    ck_assert_msg(import() == HM_OK, "%s", error.message);
    ck_assert_uint_eq(columns->row_count, 9);
    static const double expected[] = {0, 1, 0, -1, 2, 0, 1, 2, 3};
    const double *x = find("x")->many.data;
    const int *integers = find("i")->many.data;
    const char *const *texts = find("s")->many.data;
    const hm_array *lists = find("l")->many.data;
    for (size_t i = 0; i < 9; i++) {
        if (i == 3) { // missing
            ck_assert(isnan(x[i]));
        } else {
            ck_assert_double_eq(x[i], expected[i]);
            ck_assert_int_eq(integers[i], (int)expected[i]);
            if (i != 6 && i != 1) {
                ck_assert_int_eq(texts[i][0], 'a' + integers[i]);
                ck_assert_int_eq(*(const int *)lists[i].data, integers[i]);
            }
        }
    }
    ck_assert_str_eq(texts[6], "");
    ck_assert_uint_eq(lists[1].length, 0);
    ck_assert_ptr_null(find("x")->many.validity);
    ck_assert_uint_eq(find("i")->many.validity[0], 0xf7);
    ck_assert_uint_eq(find("s")->many.validity[0], 0xbf);
    ck_assert_uint_eq(find("l")->many.validity[0], 0xfd);
    ck_assert_uint_eq(find("l")->depth, 2);
    ck_assert_ptr_eq(lists[5].data, made.items); // items stay where they are
    hm_value lists_alone = *find("l");
    *hm_arrow_find(columns, "l") = (hm_value){0};
    hm_arrow_columns_destroy(columns);
    columns = NULL;
    ck_assert_int_gt(hm_built_arrays, 0);
    hm_value_release(&lists_alone);
}
END_TEST

START_TEST(what_was_put_together_keeps_no_batch) {
    make_stream(3);
    const hm_column wanted[] = {{"x", NULL}, {"i", NULL}, {"s", NULL}};
    hm_arrow_import_options options = HM_ARROW_IMPORT_OPTIONS_INIT;
    options.columns = wanted;
    options.column_count = 3;
    ck_assert_int_eq(
            hm_arrow_import_stream(&options, &stream, &columns, &error), HM_OK);
    ck_assert_int_eq(hm_built_arrays, 0);
    ck_assert_double_eq(((const double *)find("x")->many.data)[8], 3);
}
END_TEST

START_TEST(a_stream_may_be_empty) {
    make_stream(0);
    ck_assert_msg(import() == HM_OK, "%s", error.message);
    ck_assert_uint_eq(columns->row_count, 0);
    ck_assert_uint_eq(columns->count, 4);
    ck_assert_ptr_eq(find("s")->type, &hm_type_string);
    ck_assert_uint_eq(find("l")->depth, 2);
    ck_assert_uint_eq(find("l")->many.length, 0);
}
END_TEST

START_TEST(what_a_stream_says_of_its_failure_is_passed_on) {
    make_stream(2);
    made.fails_with = EIO;
    made.last_error = "the disk is on fire";
    ck_assert_int_eq(import(), HM_IO);
    ck_assert_str_eq(error.message, "the Arrow stream failed: the disk is on fire");
    make_stream(2);
    made.fails_with = EIO;
    ck_assert_int_eq(import(), HM_IO);
    ck_assert_str_eq(error.message, "the Arrow stream failed: Input/output error");
    make_stream(2);
    made.fails_with = ENOMEM;
    ck_assert_int_eq(import(), HM_NO_MEMORY);
    make_stream(2);
    made.schema_fails_with = EINVAL;
    made.last_error = "no such table";
    ck_assert_int_eq(import(), HM_IO);
    ck_assert_str_eq(error.message, "the Arrow stream failed: no such table");
    stream.release = NULL;
    ck_assert_int_eq(import(), HM_BAD_ARGUMENT);
    ck_assert_str_eq(
            error.message, "there is no Arrow stream, or it was released already");
    ck_assert_ptr_null(columns);
}
END_TEST

static int get_next_or_nothing(
        struct ArrowArrayStream *self, struct ArrowArray *array) {
    int status = get_next(self, array);
    if (made.next != 2) {
        array->length = 0;
    }
    return status;
}

START_TEST(batches_without_rows_do_not_count) {
    make_stream(3);
    stream.get_next = get_next_or_nothing;
    made.next = 0;
    ck_assert_msg(import() == HM_OK, "%s", error.message);
    ck_assert_uint_eq(columns->row_count, 3);
    const int *integers = find("i")->many.data;
    ck_assert_int_eq(integers[2], 2);
    ck_assert_int_eq(hm_built_arrays, 6); // of one batch alone, which is shared
}
END_TEST

static int get_bad_text(struct ArrowArrayStream *self, struct ArrowArray *array) {
    int status = get_next(self, array);
    if (status == 0 && made.next == 3) {
        char *bytes;
        memcpy(&bytes, &array->children[2]->buffers[2], sizeof bytes);
        bytes[0] = '\xff';
    }
    return status;
}

START_TEST(a_fault_names_its_batch) {
    make_stream(4);
    stream.get_next = get_bad_text;
    ck_assert_int_eq(import(), HM_BAD_DATA);
    ck_assert_str_eq(
            error.message, "batch 3, column `s`, row 1: the text is not UTF-8");
}
END_TEST

static const double numbers[] = {0, 1, 2, 3, 4, 5, 6};
static const char *const texts[] = {"a", "bc", NULL, "", "e", "f", "g"};
static hm_array lists[7];
static int released;

static void count_release(hm_value *value) {
    value->release = NULL;
    released++;
}

static void export_three_at_a_time(bool takes_over) {
    for (size_t i = 0; i < 7; i++) {
        memcpy(&lists[i].data, &(const void *){numbers + i}, sizeof(void *));
        lists[i].length = 1;
    }
    hm_binding out[] = {{"x", hm_value_many(&hm_type_double, numbers, 7)},
            {"s", hm_value_many(&hm_type_string, texts, 7)},
            {"l", hm_value_many(&hm_type_double, lists, 7)}};
    out[2].value.depth = 2;
    out[0].value.release = count_release;
    hm_arrow_export_options options = HM_ARROW_EXPORT_OPTIONS_INIT;
    options.batch_rows = 3;
    options.takes_over = takes_over;
    released = 0;
    ck_assert_msg(hm_arrow_export_stream(&options, out, 3, &stream, &error) == HM_OK,
            "%s", error.message);
}

START_TEST(batches_are_slices_of_the_columns) {
    export_three_at_a_time(false);
    struct ArrowSchema schema;
    struct ArrowSchema again;
    ck_assert_int_eq(stream.get_schema(&stream, &schema), 0);
    ck_assert_int_eq(stream.get_schema(&stream, &again), 0);
    ck_assert_str_eq(schema.children[2]->children[0]->format, "g");
    again.release(&again);
    const void *bytes = NULL;
    static const int64_t lengths[] = {3, 3, 1};
    for (size_t k = 0; k < 3; k++) {
        struct ArrowArray batch;
        ck_assert_int_eq(stream.get_next(&stream, &batch), 0);
        ck_assert(batch.release != NULL);
        ck_assert_int_eq(batch.length, lengths[k]);
        for (int64_t i = 0; i < 3; i++) {
            ck_assert_int_eq(batch.children[i]->length, lengths[k]);
            ck_assert_int_eq(batch.children[i]->offset, 3 * (int64_t)k);
        }
        ck_assert_ptr_eq(batch.children[0]->buffers[1], numbers);
        bytes = k == 0 ? batch.children[1]->buffers[2] : bytes;
        ck_assert_ptr_eq(batch.children[1]->buffers[2], bytes);
        ck_assert_ptr_eq(batch.children[2]->children[0]->buffers[1], numbers);
        batch.release(&batch);
    }
    struct ArrowArray end = {.length = 1};
    ck_assert_int_eq(stream.get_next(&stream, &end), 0);
    ck_assert(end.release == NULL);
    schema.release(&schema);
}
END_TEST

START_TEST(batches_outlive_their_stream) {
    export_three_at_a_time(true);
    struct ArrowArray first;
    struct ArrowArray second;
    struct ArrowSchema schema;
    ck_assert_int_eq(stream.get_schema(&stream, &schema), 0);
    ck_assert_int_eq(stream.get_next(&stream, &first), 0);
    ck_assert_int_eq(stream.get_next(&stream, &second), 0);
    stream.release(&stream);
    ck_assert(stream.release == NULL);
    first.release(&first);
    ck_assert_int_eq(released, 0);
    ck_assert_str_eq(schema.children[1]->name, "s");
    ck_assert_double_eq(((const double *)second.children[0]->buffers[1])[3], 3);
    second.release(&second);
    ck_assert_int_eq(released, 1);
    schema.release(&schema);
}
END_TEST

START_TEST(a_stream_that_was_exported_is_imported) {
    export_three_at_a_time(true);
    ck_assert_msg(import() == HM_OK, "%s", error.message);
    ck_assert_uint_eq(columns->row_count, 7);
    ck_assert_mem_eq(find("x")->many.data, numbers, sizeof numbers);
    const char *const *strings = find("s")->many.data;
    ck_assert_str_eq(strings[1], "bc");
    ck_assert_str_eq(strings[6], "g");
    ck_assert_uint_eq(find("s")->many.validity[0] & 0x7fu, 0x7b);
    const hm_array *in = find("l")->many.data;
    ck_assert_ptr_eq(in[5].data, numbers + 5);
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("arrow_stream");
    TCase *tcase = tcase_create("stream");
    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_add_test(tcase, one_batch_is_not_copied);
    tcase_add_test(tcase, several_batches_become_one_column);
    tcase_add_test(tcase, what_was_put_together_keeps_no_batch);
    tcase_add_test(tcase, a_stream_may_be_empty);
    tcase_add_test(tcase, batches_without_rows_do_not_count);
    tcase_add_test(tcase, what_a_stream_says_of_its_failure_is_passed_on);
    tcase_add_test(tcase, a_fault_names_its_batch);
    tcase_add_test(tcase, batches_are_slices_of_the_columns);
    tcase_add_test(tcase, batches_outlive_their_stream);
    tcase_add_test(tcase, a_stream_that_was_exported_is_imported);
    suite_add_tcase(suite, tcase);
    return suite;
}
