// Vectors that several threads take into one column at once, as DuckDB's threads do
// when a file is scanned: parts of a byte of the bitmap belong to different threads.

#include <duckdb.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <hamilton/allocator.h>

#include "adapters/duckdb/take.h"
#include "tests/support/suite.h"

// No multiple of 8, so that neighbours share a byte.
enum { THREADS = 4, ROWS = 1003 };

typedef struct hm_column_under_test {
    long numbers[THREADS * ROWS];
    const char *texts[THREADS * ROWS];
    _Atomic(unsigned char) bits[THREADS * ROWS / 8 + 1];
    atomic_bool has_missing;
} hm_column_under_test;

typedef struct hm_part {
    hm_column_under_test *column;
    size_t first_row;
    hm_taker taker;
    bool is_right;
} hm_part;

static duckdb_data_chunk make_chunk(size_t first_row) {
    duckdb_logical_type types[] = {duckdb_create_logical_type(DUCKDB_TYPE_BIGINT),
            duckdb_create_logical_type(DUCKDB_TYPE_VARCHAR)};
    duckdb_data_chunk chunk = duckdb_create_data_chunk(types, 2);
    duckdb_vector numbers = duckdb_data_chunk_get_vector(chunk, 0);
    duckdb_vector texts = duckdb_data_chunk_get_vector(chunk, 1);
    duckdb_vector_ensure_validity_writable(numbers);
    for (size_t i = 0; i < ROWS; i++) {
        size_t row = first_row + i;
        char text[32];
        snprintf(text, sizeof text, row % 2 == 0 ? "%zu" : "a longer text %zu",
                row % 50);
        duckdb_vector_assign_string_element(texts, i, text);
        ((int64_t *)duckdb_vector_get_data(numbers))[i] = (int64_t)row;
        duckdb_validity_set_row_validity(
                duckdb_vector_get_validity(numbers), i, row % 3 != 0);
    }
    duckdb_data_chunk_set_size(chunk, ROWS);
    duckdb_destroy_logical_type(&types[0]);
    duckdb_destroy_logical_type(&types[1]);
    return chunk;
}

static void *take_part(void *argument) {
    hm_part *part = argument;
    hm_column_under_test *column = part->column;
    const hm_conversion to_long = {.form = HM_FORM_COPY,
            .type = &hm_type_long,
            .size = sizeof(long),
            .stored = DUCKDB_TYPE_BIGINT,
            .divisor = 1};
    const hm_conversion to_text = {
            .form = HM_FORM_TEXT, .type = &hm_type_string, .size = sizeof(char *)};
    const hm_place numbers = {.elements = (char *)(column->numbers + part->first_row),
            .stride = sizeof(long),
            .bits = column->bits,
            .first_bit = part->first_row,
            .has_missing = &column->has_missing};
    const hm_place texts = {.elements = (char *)(column->texts + part->first_row),
            .stride = sizeof(char *)};
    duckdb_data_chunk chunk = make_chunk(part->first_row);
    part->is_right =
            hm_take(&part->taker, &to_long, duckdb_data_chunk_get_vector(chunk, 0), 0,
                    ROWS, &numbers) == ROWS &&
            hm_take(&part->taker, &to_text, duckdb_data_chunk_get_vector(chunk, 1), 0,
                    ROWS, &texts) == ROWS;
    duckdb_destroy_data_chunk(&chunk);
    return NULL;
}

START_TEST(threads_take_into_one_column) {
    hm_column_under_test *column = calloc(1, sizeof *column);
    memset((void *)column->bits, 0xFF, sizeof column->bits);
    static hm_part parts[THREADS];
    pthread_t threads[THREADS];
    for (size_t t = 0; t < THREADS; t++) {
        parts[t] = (hm_part){.column = column, .first_row = t * ROWS};
        hm_taker_init(&parts[t].taker, hm_allocator_default());
        ck_assert_int_eq(pthread_create(&threads[t], NULL, take_part, &parts[t]), 0);
    }
    for (size_t t = 0; t < THREADS; t++) {
        pthread_join(threads[t], NULL);
        ck_assert(parts[t].is_right);
    }
    ck_assert(column->has_missing);
    size_t row = 0;
    for (bool is_right = true; is_right && row < THREADS * ROWS; row += is_right) {
        bool is_missing = (column->bits[row / 8] >> row % 8 & 1) == 0;
        const char *text = column->texts[row];
        is_right = is_missing == (row % 3 == 0) &&
                   (is_missing || column->numbers[row] == (long)row) &&
                   atol(row % 2 == 0 ? text : text + strlen("a longer text ")) ==
                           (long)(row % 50);
    }
    ck_assert_uint_eq(row, THREADS * ROWS);
    for (size_t t = 0; t < THREADS; t++) {
        hm_taker_finish(&parts[t].taker);
    }
    free(column);
}
END_TEST

Suite *hm_suite(void) {
    Suite *suite = suite_create("adapters/duckdb/take");
    TCase *cases = tcase_create("duckdb_take");
    tcase_add_test(cases, threads_take_into_one_column);
    suite_add_tcase(suite, cases);
    return suite;
}
