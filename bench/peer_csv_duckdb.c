// peer_csv_duckdb.c — see peer_csv.h.

#include <duckdb.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench/peer_csv.h"

typedef struct database {
    const char *path;
    duckdb_database database;
    duckdb_connection connection;
} database;

static void destroy(void *subject) {
    database *duck = subject;
    if (duck != NULL) {
        duckdb_disconnect(&duck->connection);
        duckdb_close(&duck->database);
        free(duck);
    }
}

static void *create(const char *path, int thread_count) {
    database *duck = calloc(1, sizeof *duck);
    duckdb_config config;
    if (duck == NULL || duckdb_create_config(&config) != DuckDBSuccess) {
        free(duck);
        return NULL;
    }
    duck->path = path;
    char threads[16];
    snprintf(threads, sizeof threads, "%d", thread_count);
    bool is_open =
            duckdb_set_config(config, "threads", threads) == DuckDBSuccess &&
            duckdb_open_ext(NULL, &duck->database, config, NULL) == DuckDBSuccess &&
            duckdb_connect(duck->database, &duck->connection) == DuckDBSuccess;
    duckdb_destroy_config(&config);
    if (!is_open) {
        destroy(duck);
        return NULL;
    }
    return duck;
}

// Writes the first two values of the first row, if they are wanted.
static bool query(database *duck, const char *text, hm_csv_sums *sums) {
    duckdb_result result;
    bool is_done = duckdb_query(duck->connection, text, &result) == DuckDBSuccess;
    if (!is_done) {
        fprintf(stderr, "duckdb: %s\n", duckdb_result_error(&result));
    } else if (sums != NULL) {
        sums->a = duckdb_value_double(&result, 0, 0);
        sums->b = duckdb_value_double(&result, 1, 0);
    }
    duckdb_destroy_result(&result);
    return is_done;
}

static bool query_file(database *duck, const char *select, hm_csv_sums *sums) {
    char text[1024];
    snprintf(text, sizeof text,
            "%s FROM read_csv('%s', header = true, "
            "columns = {'a': 'DOUBLE', 'b': 'DOUBLE'})",
            select, duck->path);
    return query(duck, text, sums);
}

static bool read(void *subject) {
    return query_file(subject, "CREATE OR REPLACE TEMP TABLE t AS SELECT a, b", NULL);
}

static bool sum(void *subject, hm_csv_sums *sums) {
    return query(subject, "SELECT sum(a), sum(b) FROM t", sums);
}

static bool sum_file(void *subject, hm_csv_sums *sums) {
    return query_file(subject, "SELECT sum(a), sum(b)", sums);
}

const hm_csv_peer hm_csv_duckdb = {create, read, sum, sum_file, destroy};
