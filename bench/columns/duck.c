// duck.c — see duck.h.

#include "bench/columns/duck.h"

#include <duckdb.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_COLUMNS = 16, TEXT = 64 * 1024 };

struct hm_duck {
    duckdb_database database;
    duckdb_connection connection;
    char query[TEXT];
};

static bool ask(hm_duck *duck, const char *query, duckdb_result *result) {
    if (duckdb_query(duck->connection, query, result) == DuckDBSuccess) {
        return true;
    }
    fprintf(stderr, "duckdb: %s\n", duckdb_result_error(result));
    duckdb_destroy_result(result);
    return false;
}

static bool tell(hm_duck *duck, const char *query) {
    duckdb_result result;
    if (!ask(duck, query, &result)) {
        return false;
    }
    duckdb_destroy_result(&result);
    return true;
}

static bool make_table(hm_duck *duck, const char *const *names, size_t count) {
    char query[1024] = "CREATE TABLE given (";
    for (size_t i = 0; i < count; i++) {
        size_t length = strlen(query);
        snprintf(query + length, sizeof query - length, "%s%s DOUBLE",
                i > 0 ? ", " : "", names[i]);
    }
    strcat(query, ")");
    return tell(duck, query);
}

static bool append(
        hm_duck *duck, double *const *columns, size_t count, size_t row_count) {
    duckdb_appender appender;
    if (duckdb_appender_create(duck->connection, NULL, "given", &appender) !=
            DuckDBSuccess) {
        return false;
    }
    duckdb_logical_type types[MOST_COLUMNS];
    for (size_t i = 0; i < count; i++) {
        types[i] = duckdb_create_logical_type(DUCKDB_TYPE_DOUBLE);
    }
    duckdb_data_chunk chunk = duckdb_create_data_chunk(types, count);
    size_t most = duckdb_vector_size();
    bool is_done = true;
    for (size_t row = 0; is_done && row < row_count; row += most) {
        size_t now = row_count - row < most ? row_count - row : most;
        duckdb_data_chunk_reset(chunk);
        for (size_t i = 0; i < count; i++) {
            memcpy(duckdb_vector_get_data(duckdb_data_chunk_get_vector(chunk, i)),
                    columns[i] + row, now * sizeof(double));
        }
        duckdb_data_chunk_set_size(chunk, now);
        is_done = duckdb_append_data_chunk(appender, chunk) == DuckDBSuccess;
    }
    duckdb_destroy_data_chunk(&chunk);
    for (size_t i = 0; i < count; i++) {
        duckdb_destroy_logical_type(&types[i]);
    }
    return duckdb_appender_destroy(&appender) == DuckDBSuccess && is_done;
}

hm_duck *hm_duck_start(const char *const *names, double *const *columns, size_t count,
        size_t row_count, const char *select) {
    hm_duck *duck = calloc(1, sizeof *duck);
    if (duck == NULL) {
        return NULL;
    }
    int length = snprintf(duck->query, sizeof duck->query,
            "CREATE OR REPLACE TABLE made AS %s", select);
    bool is_started =
            count <= MOST_COLUMNS && length > 0 &&
            (size_t)length < sizeof duck->query &&
            duckdb_open(NULL, &duck->database) == DuckDBSuccess &&
            duckdb_connect(duck->database, &duck->connection) == DuckDBSuccess &&
            tell(duck, "SET threads = 2") && make_table(duck, names, count) &&
            append(duck, columns, count, row_count);
    if (!is_started) {
        fprintf(stderr, "duckdb did not start\n");
        hm_duck_end(duck);
        return NULL;
    }
    return duck;
}

void hm_duck_end(hm_duck *duck) {
    if (duck != NULL) {
        duckdb_disconnect(&duck->connection);
        duckdb_close(&duck->database);
        free(duck);
    }
}

bool hm_duck_run(void *subject) {
    hm_duck *duck = subject;
    return tell(duck, duck->query);
}

static void take(duckdb_vector vector, double *column, size_t count) {
    uint64_t *validity = duckdb_vector_get_validity(vector);
    memcpy(column, duckdb_vector_get_data(vector), count * sizeof *column);
    for (size_t i = 0; validity != NULL && i < count; i++) {
        if (!duckdb_validity_row_is_valid(validity, i)) {
            column[i] = NAN;
        }
    }
}

bool hm_duck_read(hm_duck *duck, const char *name, double *column, size_t row_count) {
    char query[128];
    snprintf(query, sizeof query, "SELECT %s FROM made LIMIT %zu", name, row_count);
    duckdb_result result;
    if (!ask(duck, query, &result)) {
        return false;
    }
    size_t row = 0;
    for (;;) {
        duckdb_data_chunk chunk = duckdb_fetch_chunk(result);
        if (chunk == NULL) {
            break;
        }
        size_t count = duckdb_data_chunk_get_size(chunk);
        count = row_count - row < count ? row_count - row : count;
        take(duckdb_data_chunk_get_vector(chunk, 0), column + row, count);
        row += count;
        duckdb_destroy_data_chunk(&chunk);
    }
    duckdb_destroy_result(&result);
    if (row != row_count) {
        fprintf(stderr, "duckdb: %s has %zu rows\n", name, row);
    }
    return row == row_count;
}
