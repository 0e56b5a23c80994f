// Values that share a batch, and batches that share values, are released by several
// threads at once.

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>

// A program that has the structs from elsewhere keeps those.
#define ARROW_C_DATA_INTERFACE
#define ARROW_C_STREAM_INTERFACE
#define ARROW_FLAG_NULLABLE 2

struct ArrowSchema {
    const char *format, *name, *metadata;
    int64_t flags, n_children;
    struct ArrowSchema **children, *dictionary;
    void (*release)(struct ArrowSchema *);
    void *private_data;
};

struct ArrowArray {
    int64_t length, null_count, offset, n_buffers, n_children;
    const void **buffers;
    struct ArrowArray **children, *dictionary;
    void (*release)(struct ArrowArray *);
    void *private_data;
};

struct ArrowArrayStream {
    int (*get_schema)(struct ArrowArrayStream *, struct ArrowSchema *);
    int (*get_next)(struct ArrowArrayStream *, struct ArrowArray *);
    const char *(*get_last_error)(struct ArrowArrayStream *);
    void (*release)(struct ArrowArrayStream *);
    void *private_data;
};

#include <hamilton/arrow.h>

#include "tests/support/arrow_builder.h"
#include "tests/support/suite.h"

enum { THREADS = 4, ROUNDS = 200, ROWS = 8 };

static const double numbers[ROWS] = {1, 1, 1, 1, 1, 1, 1, 1};

// What a thread reads and then releases.
typedef struct hm_share {
    hm_value value;
    struct ArrowArray batch;
    double sum;
} hm_share;

static void *read_value(void *argument) {
    hm_share *share = argument;
    const double *data = share->value.many.data;
    for (size_t i = 0; i < share->value.many.length; i++) {
        share->sum += data[i];
    }
    hm_value_release(&share->value);
    return NULL;
}

static void *read_batch(void *argument) {
    hm_share *share = argument;
    const struct ArrowArray *x = share->batch.children[0];
    const double *data = x->buffers[1];
    for (int64_t i = 0; i < x->length; i++) {
        share->sum += data[x->offset + i];
    }
    share->batch.release(&share->batch);
    return NULL;
}

static double sum_on_threads(hm_share shares[THREADS], void *(*read)(void *)) {
    pthread_t threads[THREADS];
    double sum = 0;
    for (size_t i = 0; i < THREADS; i++) {
        ck_assert_int_eq(pthread_create(&threads[i], NULL, read, &shares[i]), 0);
    }
    for (size_t i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        sum += shares[i].sum;
    }
    return sum;
}

START_TEST(values_that_share_a_batch) {
    static const char *const names[THREADS] = {"a", "b", "c", "d"};
    for (int round = 0; round < ROUNDS; round++) {
        struct ArrowSchema schema;
        struct ArrowArray array;
        hm_built batch = hm_build(&schema, &array, ROWS);
        for (size_t i = 0; i < THREADS; i++) {
            hm_build_numbers(batch, names[i], "g", ROWS, NULL, numbers, sizeof numbers);
        }
        hm_arrow_columns *columns;
        ck_assert_int_eq(hm_arrow_import(NULL, &schema, &array, &columns, NULL), HM_OK);
        schema.release(&schema);
        hm_share shares[THREADS] = {0};
        for (size_t i = 0; i < THREADS; i++) {
            shares[i].value = columns->bindings[i].value;
            columns->bindings[i].value = (hm_value){0};
        }
        hm_arrow_columns_destroy(columns);
        ck_assert_double_eq(sum_on_threads(shares, read_value), THREADS * ROWS);
        ck_assert_int_eq(hm_built_arrays, 0);
    }
}
END_TEST

static int released; // by whoever comes last: all others come before

static void count_release(hm_value *value) {
    value->release = NULL;
    released++;
}

START_TEST(batches_that_share_values) {
    for (int round = 0; round < ROUNDS; round++) {
        hm_binding column = {"x", hm_value_many(&hm_type_double, numbers, ROWS)};
        column.value.release = count_release;
        hm_arrow_export_options options = HM_ARROW_EXPORT_OPTIONS_INIT;
        options.takes_over = true;
        options.batch_rows = ROWS / THREADS;
        struct ArrowArrayStream stream;
        ck_assert_int_eq(
                hm_arrow_export_stream(&options, &column, 1, &stream, NULL), HM_OK);
        hm_share shares[THREADS] = {0};
        for (size_t i = 0; i < THREADS; i++) {
            ck_assert_int_eq(stream.get_next(&stream, &shares[i].batch), 0);
        }
        stream.release(&stream);
        released = 0;
        ck_assert_double_eq(sum_on_threads(shares, read_batch), ROWS);
        ck_assert_int_eq(released, 1);
    }
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("arrow_threads");
    TCase *tcase = tcase_create("threads");
    tcase_add_test(tcase, values_that_share_a_batch);
    tcase_add_test(tcase, batches_that_share_values);
    suite_add_tcase(suite, tcase);
    return suite;
}
