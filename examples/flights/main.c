// main.c — a program that makes features of flights: it reads the columns that the
// dataflow needs from a Parquet file, runs the dataflow over them, writes the features
// to another Parquet file, and prints what is said of all flights together.
//
//     features flights-3m.parquet features.parquet

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <hamilton/duckdb.h>
#include <hamilton/hamilton.h>

extern const hm_module flights_module; // hamilton_add_module() makes it of flights.c

// Written to the file: as many values as there are flights.
static const char *const features[] = {"hour", "weekday", "hour_sine", "kilometres",
        "log_distance", "planned_hours", "hours_on_the_way", "speed", "lateness",
        "is_late", "lateness_per_100_km", "delay_z"};

// Printed: first features, then these, so that one request asks for all.
static const char *const figures[] = {"delay_mean", "delay_deviation", "late_share",
        "airport", "airport_delay", "airport_flights"};

enum {
    FEATURE_COUNT = sizeof features / sizeof *features,
    FIGURE_COUNT = sizeof figures / sizeof *figures,
};

// The inputs of the dataflow, as what its functions take them.
static hm_status read_flights(
        const char *path, hm_duckdb_table **table, hm_error *error) {
    const hm_column columns[] = {{"date", &hm_type_time_us}, {"delay", &hm_type_double},
            {"distance", &hm_type_double}, {"origin", &hm_type_string}};
    hm_duckdb_options options = HM_DUCKDB_OPTIONS_INIT;
    options.path = path;
    options.columns = columns;
    options.column_count = sizeof columns / sizeof *columns;
    return hm_duckdb_read(&options, table, error);
}

static hm_status execute(const hm_driver *driver, const hm_duckdb_table *table,
        hm_results **results, hm_error *error) {
    const char *wanted[FEATURE_COUNT + FIGURE_COUNT];
    for (size_t i = 0; i < FEATURE_COUNT; i++) {
        wanted[i] = features[i];
    }
    for (size_t i = 0; i < FIGURE_COUNT; i++) {
        wanted[FEATURE_COUNT + i] = figures[i];
    }

    // Columns that the file lacks are left out: the engine names who needs them.
    static const char *const names[] = {"date", "delay", "distance", "origin"};
    hm_binding inputs[sizeof names / sizeof *names];
    size_t input_count = 0;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const hm_value *column = hm_duckdb_find(table, names[i]);
        if (column != NULL) {
            inputs[input_count++] = (hm_binding){names[i], *column};
        }
    }
    hm_request request = HM_REQUEST_INIT;
    request.wanted = wanted;
    request.wanted_count = FEATURE_COUNT + FIGURE_COUNT;
    request.inputs = inputs;
    request.input_count = input_count;
    return hm_driver_execute(driver, &request, results, error);
}

static hm_status write_features(
        const char *path, const hm_results *results, hm_error *error) {
    hm_binding columns[FEATURE_COUNT];
    for (size_t i = 0; i < FEATURE_COUNT; i++) {
        columns[i] = (hm_binding){features[i], *hm_results_find(results, features[i])};
    }
    return hm_duckdb_write(path, columns, FEATURE_COUNT, 0, error);
}

static double number(const hm_results *results, const char *name) {
    return *(const double *)hm_value_data(hm_results_find(results, name));
}

static void print_figures(const hm_results *results) {
    printf("delay: %.2f minutes on average, deviation %.2f; %.1f %% are late\n",
            number(results, "delay_mean"), number(results, "delay_deviation"),
            100 * number(results, "late_share"));
    const hm_array airports = hm_results_find(results, "airport")->many;
    const char *const *codes = airports.data;
    const double *delays = hm_results_find(results, "airport_delay")->many.data;
    const size_t *flights = hm_results_find(results, "airport_flights")->many.data;
    printf("airports with more than 80000 departures, of %zu:\n", airports.length);
    for (size_t i = 0; i < airports.length; i++) {
        if (flights[i] > 80000) {
            printf("  %s %7zu flights, %5.2f minutes\n", codes[i], flights[i],
                    delays[i]);
        }
    }
}

static hm_status make_features(const char *from, const char *to, hm_error *error) {
    const hm_module *modules[] = {&flights_module};
    hm_driver_options options = HM_DRIVER_OPTIONS_INIT;
    options.modules = modules;
    options.module_count = 1;
    hm_driver *driver = NULL;
    hm_duckdb_table *table = NULL;
    hm_results *results = NULL;
    hm_status status = hm_driver_create(&options, &driver, error);
    if (status == HM_OK) {
        status = read_flights(from, &table, error);
    }
    if (status == HM_OK) {
        status = execute(driver, table, &results, error);
    }
    if (status == HM_OK) {
        status = write_features(to, results, error);
    }
    if (status == HM_OK) {
        print_figures(results);
    }
    hm_results_destroy(results);
    hm_duckdb_table_destroy(table);
    hm_driver_destroy(driver);
    return status;
}

int main(int argument_count, char **arguments) {
    if (argument_count != 3) {
        fprintf(stderr, "usage: features FLIGHTS.parquet FEATURES.parquet\n");
        return 2;
    }
    hm_error error;
    if (make_features(arguments[1], arguments[2], &error) != HM_OK) {
        fprintf(stderr, "features: %s\n", error.message);
        return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}
