// Importing and exporting when memory runs out, once or for good, at each allocation.

#include <math.h>
#include <stdalign.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <hamilton/arrow.h>

#include "tests/support/arrow_builder.h"
#include "tests/support/failing_allocator.h"
#include "tests/support/suite.h"

static hm_failing_allocator memory;

struct pair {
    double x;
    const char *name;
};

static const hm_field pair_fields[] = {
        {.name = "x", .type = &hm_type_double, .offset = offsetof(struct pair, x)},
        {.name = "name",
                .type = &hm_type_string,
                .offset = offsetof(struct pair, name)},
};
static const hm_type pair_type = {.name = "struct pair",
        .kind = HM_KIND_STRUCT,
        .size = sizeof(struct pair),
        .alignment = alignof(struct pair),
        .fields = pair_fields,
        .field_count = 2};

// How much is imported and exported, at most MANY rows. So many rows of one column need
// blocks of their own, of which each can fail.
enum { MANY = 40000, COLUMNS = 10 };
static size_t rows;
static size_t first_column;
static size_t column_count;

static double numbers[MANY];
static int integers[MANY];
static int64_t days[MANY];
static const char *texts[MANY];
static struct pair pairs[MANY];
static const struct pair *pointers[MANY];
static bool flags[MANY];
static hm_array lists[MANY];
static uint8_t some[MANY / 8 + 1]; // every second is missing

static void set_up(void) {
    memset(some, 0x55, sizeof some);
    for (size_t i = 0; i < MANY; i++) {
        texts[i] = "text";
        pairs[i] = (struct pair){1, i % 3 == 0 ? NULL : "name"};
        pointers[i] = i % 3 == 0 ? NULL : &pairs[i];
        lists[i] = (hm_array){&integers[MANY - 1 - i], 1, i % 2 == 0 ? some : NULL};
    }
}

// Runs an attempt until no allocation of it fails. It returns what the library said,
// and leaves nothing behind.
static void fail_at_each(hm_status (*attempt)(void)) {
    for (int for_good = 0; for_good < 2; for_good++) {
        size_t fail_at = 0;
        hm_status status = HM_NO_MEMORY;
        while (status != HM_OK) {
            hm_failing_allocator_init(&memory);
            memory.fail_at = ++fail_at;
            memory.for_good = for_good == 1;
            status = attempt();
            ck_assert(status == HM_OK || status == HM_NO_MEMORY);
            ck_assert_uint_eq(memory.live, 0);
            ck_assert_int_eq(hm_built_arrays, 0);
            ck_assert_int_eq(hm_built_schemas, 0);
        }
        ck_assert_uint_gt(fail_at, 5); // it did allocate
    }
}

static void fail_in_each_column(hm_status (*attempt)(void), size_t count) {
    rows = 3;
    first_column = 0;
    column_count = count;
    fail_at_each(attempt);
    rows = MANY;
    column_count = 1;
    for (; first_column < count; first_column++) {
        fail_at_each(attempt);
    }
}

static void build_column(hm_built batch, size_t column) {
    int64_t length = (int64_t)rows;
    size_t bytes = rows * sizeof(int);
    hm_built built;
    switch (column) {
    case 0:
        hm_build_numbers(batch, "shared", "g", length, NULL, numbers, 2 * bytes);
        break;
    case 1:
        hm_build_numbers(batch, "nan", "g", length, some, numbers, 2 * bytes);
        break;
    case 2:
        built = hm_build_numbers(batch, "wide", "i", length, some, integers, bytes);
        built.array->offset = 1;
        built.array->length = length - 1;
        break;
    case 3:
        hm_build_texts(batch, "text", length, some, texts);
        break;
    case 4:
        hm_build_numbers(batch, "bool", "b", length, NULL, some, rows / 8 + 1);
        break;
    case 5:
        hm_build_child(batch, "null", "n", length);
        break;
    case 6:
        built = hm_build_child(batch, "pair", "+s", length);
        hm_build_buffer(built, NULL, 0);
        hm_build_numbers(built, "x", "g", length, NULL, numbers, 2 * bytes);
        hm_build_texts(built, "name", length, NULL, texts);
        break;
    case 7:
        built = hm_build_child(batch, "list", "+w:1", length);
        hm_build_buffer(built, some, rows / 8 + 1);
        hm_build_numbers(built, "item", "i", length, some, integers, bytes);
        break;
    case 8:
        hm_build_numbers(batch, "day", "tdD", length, some, integers, bytes);
        break;
    default:
        built = hm_build_numbers(
                batch, "dictionary", "i", length, some, integers, bytes);
        built = hm_build_dictionary(built, "i", 2);
        hm_build_buffer(built, NULL, 0);
        hm_build_buffer(built, integers, 2 * sizeof *integers);
        break;
    }
}

static void build_all(struct ArrowSchema *schema, struct ArrowArray *array) {
    hm_built batch = hm_build(schema, array, (int64_t)rows - 1);
    for (size_t i = 0; i < column_count; i++) {
        build_column(batch, first_column + i);
    }
}

static const hm_column wanted[COLUMNS] = {{"shared", NULL}, {"nan", NULL},
        {"wide", &hm_type_long}, {"text", NULL}, {"bool", NULL}, {"null", &hm_type_int},
        {"pair", &pair_type}, {"list", NULL}, {"day", &hm_type_time_us},
        {"dictionary", NULL}};

static hm_arrow_import_options import_options(void) {
    hm_arrow_import_options options = HM_ARROW_IMPORT_OPTIONS_INIT;
    options.columns = wanted + first_column;
    options.column_count = column_count;
    options.allocator = &memory.allocator;
    return options;
}

static hm_status import_batch(void) {
    struct ArrowSchema schema;
    struct ArrowArray array;
    build_all(&schema, &array);
    hm_arrow_import_options options = import_options();
    hm_arrow_columns *columns = NULL;
    hm_error error = {.message = ""};
    hm_status status = hm_arrow_import(&options, &schema, &array, &columns, &error);
    if (status == HM_OK) {
        hm_arrow_columns_destroy(columns);
    } else {
        ck_assert_ptr_null(columns);
        ck_assert_str_eq(error.message, "out of memory");
        array.release(&array);
    }
    schema.release(&schema);
    return status;
}

static int next;

static int get_schema(struct ArrowArrayStream *self, struct ArrowSchema *schema) {
    (void)self;
    struct ArrowArray array;
    build_all(schema, &array);
    array.release(&array);
    return 0;
}

static int get_next(struct ArrowArrayStream *self, struct ArrowArray *array) {
    (void)self;
    array->release = NULL;
    if (next++ < 3) {
        struct ArrowSchema schema;
        build_all(&schema, array);
        schema.release(&schema);
    }
    return 0;
}

static void release_stream(struct ArrowArrayStream *self) {
    self->release = NULL;
}

static hm_status import_stream(void) {
    struct ArrowArrayStream stream = {get_schema, get_next, NULL, release_stream, NULL};
    next = 0;
    hm_arrow_import_options options = import_options();
    hm_arrow_columns *columns = NULL;
    hm_error error = {.message = ""};
    hm_status status = hm_arrow_import_stream(&options, &stream, &columns, &error);
    if (status == HM_OK) {
        ck_assert_uint_eq(columns->row_count, 3 * (rows - 1));
    } else {
        ck_assert_str_eq(error.message, "out of memory");
    }
    hm_arrow_columns_destroy(columns);
    return status;
}

static int released;

static void count_release(hm_value *value) {
    value->release = NULL;
    released++;
}

enum { OUT_COUNT = 7 };

static void make_columns(hm_binding columns[OUT_COUNT]) {
    numbers[1] = NAN;
    texts[1] = NULL;
    columns[0] = (hm_binding){"x", hm_value_many(&hm_type_double, numbers, rows)};
    columns[1] = (hm_binding){"s", hm_value_many(&hm_type_string, texts, rows)};
    columns[2] = (hm_binding){"p", hm_value_many(&pair_type, pairs, rows)};
    columns[3] = (hm_binding){"o", hm_value_many(&pair_type, pointers, rows)};
    columns[4] = (hm_binding){"b", hm_value_many(&hm_type_bool, flags, rows)};
    columns[5] = (hm_binding){"l", hm_value_many(&hm_type_int, lists, rows)};
    columns[6] = (hm_binding){"d", hm_value_many(&hm_type_time_day, days, rows)};
    columns[first_column].value.release = count_release;
    columns[3].value.by_reference = true;
    columns[5].value.depth = 2;
    released = 0;
}

static hm_arrow_export_options export_options(void) {
    hm_arrow_export_options options = HM_ARROW_EXPORT_OPTIONS_INIT;
    options.takes_over = true;
    options.nan_is_missing = true;
    options.batch_rows = rows / 2 + 1;
    options.allocator = &memory.allocator;
    return options;
}

static hm_status export_batch(void) {
    hm_binding columns[OUT_COUNT];
    make_columns(columns);
    hm_arrow_export_options options = export_options();
    struct ArrowSchema schema = {.release = NULL};
    struct ArrowArray array = {.release = NULL};
    hm_error error = {.message = ""};
    hm_status status = hm_arrow_export(
            &options, columns + first_column, column_count, &schema, &array, &error);
    if (status == HM_OK) {
        array.release(&array);
        schema.release(&schema);
        ck_assert_int_eq(released, 1);
    } else {
        ck_assert_str_eq(error.message, "out of memory");
        ck_assert(schema.release == NULL && array.release == NULL);
        ck_assert(columns[first_column].value.release != NULL);
        ck_assert_int_eq(released, 0);
    }
    return status;
}

// All that a consumer does; what fails can be done again.
static hm_status consume(struct ArrowArrayStream *stream) {
    struct ArrowSchema schema;
    if (stream->get_schema(stream, &schema) != 0) {
        return HM_NO_MEMORY;
    }
    schema.release(&schema);
    size_t seen = 0;
    for (;;) {
        struct ArrowArray batch;
        if (stream->get_next(stream, &batch) != 0) {
            ck_assert_str_eq(stream->get_last_error(stream), "out of memory");
            return HM_NO_MEMORY;
        }
        if (batch.release == NULL) {
            ck_assert_uint_eq(seen, rows);
            return HM_OK;
        }
        seen += (size_t)batch.length;
        batch.release(&batch);
    }
}

static hm_status export_stream(void) {
    hm_binding columns[OUT_COUNT];
    make_columns(columns);
    hm_arrow_export_options options = export_options();
    struct ArrowArrayStream stream;
    hm_status status = hm_arrow_export_stream(
            &options, columns + first_column, column_count, &stream, NULL);
    if (status == HM_OK) {
        status = consume(&stream);
        stream.release(&stream);
        ck_assert_int_eq(released, 1);
    }
    return status;
}

START_TEST(a_batch_is_imported_or_left_alone) {
    fail_in_each_column(import_batch, COLUMNS);
}
END_TEST

START_TEST(a_stream_is_imported_or_nothing_is_left) {
    fail_in_each_column(import_stream, COLUMNS);
}
END_TEST

START_TEST(columns_are_exported_or_left_alone) {
    fail_in_each_column(export_batch, OUT_COUNT);
}
END_TEST

START_TEST(a_stream_that_runs_out_of_memory_says_so) {
    fail_in_each_column(export_stream, OUT_COUNT);
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("arrow_memory");
    TCase *tcase = tcase_create("memory");
    tcase_add_checked_fixture(tcase, set_up, NULL);
    tcase_add_test(tcase, a_batch_is_imported_or_left_alone);
    tcase_add_test(tcase, a_stream_is_imported_or_nothing_is_left);
    tcase_add_test(tcase, columns_are_exported_or_left_alone);
    tcase_add_test(tcase, a_stream_that_runs_out_of_memory_says_so);
    suite_add_tcase(suite, tcase);
    return suite;
}
