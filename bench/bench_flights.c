// bench_flights.c — how long does it take from a Parquet file to a Parquet file: three
// million flights, twelve features of each (examples/flights)? Beside DuckDB itself,
// which computes the same in SQL. Each begins with nothing but the file: it opens its
// database, and compiles its plan.

#include <duckdb.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <hamilton/duckdb.h>
#include <hamilton/hamilton.h>

#include "bench/measure.h"
#include "bench/program.h"

extern const hm_module flights_module;

enum { THREADS = 2, INPUT_COUNT = 3, MOST_SQL = 1 << 14 };

// The build says where the data are, HM_FLIGHTS, and the examples, HM_EXAMPLES. To show
// that it works a few flights will do.
static const char *flights = HM_FLIGHTS;
static const char *const statement = HM_EXAMPLES "/flights/features.sql";

static const char *const features[] = {"hour", "weekday", "hour_sine", "kilometres",
        "log_distance", "planned_hours", "hours_on_the_way", "speed", "lateness",
        "is_late", "lateness_per_100_km", "delay_z"};

enum { FEATURE_COUNT = sizeof features / sizeof *features };

static bool is_done(hm_status status, const hm_error *error) {
    if (status != HM_OK) {
        fprintf(stderr, "%s\n", error->message);
    }
    return status == HM_OK;
}

static hm_status read_flights(hm_duckdb_table **table, hm_error *error) {
    const hm_column columns[INPUT_COUNT] = {{"date", &hm_type_time_us},
            {"delay", &hm_type_double}, {"distance", &hm_type_double}};
    hm_duckdb_options options = HM_DUCKDB_OPTIONS_INIT;
    options.path = flights;
    options.columns = columns;
    options.column_count = INPUT_COUNT;
    options.thread_count = THREADS;
    return hm_duckdb_read(&options, table, error);
}

static hm_status execute(
        const hm_duckdb_table *table, hm_results **results, hm_error *error) {
    const hm_binding inputs[INPUT_COUNT] = {{"date", *hm_duckdb_find(table, "date")},
            {"delay", *hm_duckdb_find(table, "delay")},
            {"distance", *hm_duckdb_find(table, "distance")}};
    const hm_module *const modules[] = {&flights_module};
    hm_driver_options options = HM_DRIVER_OPTIONS_INIT;
    options.modules = modules;
    options.module_count = 1;
    options.thread_count = THREADS;
    hm_request request = HM_REQUEST_INIT;
    request.wanted = features;
    request.wanted_count = FEATURE_COUNT;
    request.inputs = inputs;
    request.input_count = INPUT_COUNT;
    hm_driver *driver;
    hm_status status = hm_driver_create(&options, &driver, error);
    if (status == HM_OK) {
        status = hm_driver_execute(driver, &request, results, error);
        hm_driver_destroy(driver);
    }
    return status;
}

static bool run_hamilton(void *path) {
    hm_error error;
    hm_duckdb_table *table = NULL;
    hm_results *results = NULL;
    hm_status status = read_flights(&table, &error);
    if (status == HM_OK) {
        status = execute(table, &results, &error);
    }
    if (status == HM_OK) {
        hm_binding columns[FEATURE_COUNT];
        for (size_t i = 0; i < FEATURE_COUNT; i++) {
            columns[i] =
                    (hm_binding){features[i], *hm_results_find(results, features[i])};
        }
        status = hm_duckdb_write(path, columns, FEATURE_COUNT, THREADS, &error);
    }
    hm_results_destroy(results);
    hm_duckdb_table_destroy(table);
    return is_done(status, &error);
}

// Loading and saving alone, without features between them.
static bool run_copy(void *path) {
    hm_error error;
    hm_duckdb_table *table = NULL;
    hm_status status = read_flights(&table, &error);
    if (status == HM_OK) {
        const hm_binding columns[INPUT_COUNT] = {
                {"date", *hm_duckdb_find(table, "date")},
                {"delay", *hm_duckdb_find(table, "delay")},
                {"distance", *hm_duckdb_find(table, "distance")}};
        status = hm_duckdb_write(path, columns, INPUT_COUNT, THREADS, &error);
    }
    hm_duckdb_table_destroy(table);
    return is_done(status, &error);
}

static bool query(duckdb_connection connection, const char *sql) {
    duckdb_result result;
    bool is_right = duckdb_query(connection, sql, &result) == DuckDBSuccess;
    if (!is_right) {
        fprintf(stderr, "%s\n", duckdb_result_error(&result));
    }
    duckdb_destroy_result(&result);
    return is_right;
}

static bool run_duckdb(void *sql) {
    duckdb_config config;
    duckdb_database database;
    duckdb_connection connection;
    char threads[16];
    snprintf(threads, sizeof threads, "%d", THREADS);
    if (duckdb_create_config(&config) != DuckDBSuccess ||
            duckdb_set_config(config, "threads", threads) != DuckDBSuccess ||
            duckdb_open_ext(NULL, &database, config, NULL) != DuckDBSuccess ||
            duckdb_connect(database, &connection) != DuckDBSuccess) {
        fprintf(stderr, "DuckDB cannot be opened\n");
        return false;
    }
    bool is_right = query(connection, sql);
    duckdb_disconnect(&connection);
    duckdb_close(&database);
    duckdb_destroy_config(&config);
    return is_right;
}

static bool append(char *sql, const char *text, size_t length) {
    size_t used = strlen(sql);
    if (used + length >= MOST_SQL) {
        fprintf(stderr, "%s is too long\n", statement);
        return false;
    }
    memcpy(sql + used, text, length);
    sql[used + length] = '\0';
    return true;
}

// Makes of features.sql, which speaks of a table FLIGHTS with a column `row`, a
// statement that writes the features to a file.
static bool write_statement(char *sql, const char *to) {
    char text[MOST_SQL];
    FILE *file = fopen(statement, "r");
    size_t length = file != NULL ? fread(text, 1, sizeof text - 1, file) : 0;
    if (file != NULL) {
        fclose(file);
    }
    text[length] = '\0';
    char table[1024];
    char end[1024];
    snprintf(table, sizeof table, "(SELECT *, 0 AS row FROM read_parquet('%s'))",
            flights);
    snprintf(end, sizeof end, ")) TO '%s' (FORMAT parquet, COMPRESSION zstd)", to);
    static const char begin[] = "COPY (SELECT * EXCLUDE (row) FROM (";
    static const char word[] = "FLIGHTS";
    const char *at = strstr(text, "SELECT");
    sql[0] = '\0';
    bool is_right = at != NULL && append(sql, begin, strlen(begin));
    for (const char *next; is_right && (next = strstr(at, word)) != NULL;
            at = next + strlen(word)) {
        is_right = append(sql, at, (size_t)(next - at)) &&
                   append(sql, table, strlen(table));
    }
    return is_right && append(sql, at, strlen(at)) && append(sql, end, strlen(end));
}

static bool write_copy(char *sql, const char *to) {
    snprintf(sql, MOST_SQL,
            "COPY (SELECT date, delay::DOUBLE AS delay, distance::DOUBLE AS distance "
            "FROM '%s') TO '%s' (FORMAT parquet, COMPRESSION zstd)",
            flights, to);
    return true;
}

static bool take_few(const char *path, char *sql) {
    snprintf(sql, MOST_SQL, "COPY (FROM '%s' LIMIT 100000) TO '%s'", flights, path);
    flights = path;
    return run_duckdb(sql);
}

// Sums of DuckDB's are added up in another order.
static bool agree_nearly(const hm_value *ours, const hm_value *theirs) {
    const double *a = ours->many.data;
    const double *b = theirs->many.data;
    for (size_t i = 0; i < ours->many.length; i++) {
        if (fabs(a[i] - b[i]) > 1e-9 * (1 + fabs(b[i])) || isnan(a[i]) != isnan(b[i])) {
            return false;
        }
    }
    return ours->many.length == theirs->many.length;
}

static bool agree(const char *ours, const char *theirs) {
    hm_column columns[FEATURE_COUNT];
    for (size_t i = 0; i < FEATURE_COUNT; i++) {
        columns[i] = (hm_column){features[i], &hm_type_double};
    }
    hm_duckdb_options options = HM_DUCKDB_OPTIONS_INIT;
    options.columns = columns;
    options.column_count = FEATURE_COUNT;
    hm_duckdb_table *tables[2] = {NULL, NULL};
    hm_error error;
    bool is_read = true;
    for (size_t t = 0; t < 2 && is_read; t++) {
        options.path = t == 0 ? ours : theirs;
        is_read = is_done(hm_duckdb_read(&options, &tables[t], &error), &error);
    }
    bool is_equal = is_read;
    for (size_t i = 0; i < FEATURE_COUNT && is_equal; i++) {
        const hm_value *found = hm_duckdb_find(tables[0], features[i]);
        const hm_value *expected = hm_duckdb_find(tables[1], features[i]);
        is_equal = found != NULL && expected != NULL && agree_nearly(found, expected);
        if (!is_equal) {
            fprintf(stderr, "`%s` is not what DuckDB computes\n", features[i]);
        }
    }
    hm_duckdb_table_destroy(tables[0]);
    hm_duckdb_table_destroy(tables[1]);
    return is_equal;
}

static bool compare(
        const char *name, bool (*run)(void *), char *ours, char *sql, bool is_quick) {
    const hm_system systems[] = {
            {.name = "hamilton", .run = run, .subject = ours, .workers = THREADS},
            {.name = "duckdb", .run = run_duckdb, .subject = sql, .workers = THREADS},
    };
    return hm_measure(&(hm_measurement){.bench = "flights",
                              .name = name,
                              .unit = "ms",
                              .per_second = 1e3,
                              .rounds = HM_MEASURE_PAIRS,
                              .systems = systems,
                              .system_count = 2},
            is_quick);
}

int main(int argument_count, char **arguments) {
    bool is_quick = hm_measure_is_quick(argument_count, arguments);
    if (access(flights, R_OK) != 0) {
        fprintf(stderr, "flights: there is no %s; ./dev setup gets it\n", flights);
        return EXIT_SUCCESS;
    }
    hm_workplace workplace;
    if (!hm_workplace_init(&workplace)) {
        return EXIT_FAILURE;
    }
    static char sql[MOST_SQL];
    char *few = hm_workplace_path(&workplace, "few.parquet");
    char *ours = hm_workplace_path(&workplace, "ours.parquet");
    char *theirs = hm_workplace_path(&workplace, "theirs.parquet");
    bool is_right = few != NULL && ours != NULL && theirs != NULL &&
                    (!is_quick || take_few(few, sql)) && write_copy(sql, theirs) &&
                    compare("load_and_save", run_copy, ours, sql, is_quick) &&
                    write_statement(sql, theirs) &&
                    compare("parquet_to_parquet", run_hamilton, ours, sql, is_quick) &&
                    agree(ours, theirs);
    free(few);
    free(ours);
    free(theirs);
    hm_workplace_finish(&workplace);
    return is_right ? EXIT_SUCCESS : EXIT_FAILURE;
}
