// columns.c — see columns.h.

#include "bench/columns/columns.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/measure.h"

bool hm_columns_compile(hm_compiled *compiled, const hm_module *module,
        const hm_request *request, uint32_t thread_count) {
    const hm_module *modules[] = {module};
    hm_driver_options options = HM_DRIVER_OPTIONS_INIT;
    options.modules = modules;
    options.module_count = 1;
    options.thread_count = thread_count;
    return hm_compiled_init_request(compiled, &options, request);
}

void hm_columns_print_bar(
        const char *name, const char *what, double bar, const char *unit) {
    char system[64];
    snprintf(system, sizeof system, "%s bar", what);
    hm_measure_print("columns", name, system, HM_COLUMNS_THREADS, &bar, 1, unit);
}

double *hm_columns_make(size_t row_count) {
    double *column = malloc(row_count * sizeof *column);
    if (column == NULL) {
        fprintf(stderr, "no memory for %zu rows\n", row_count);
        return NULL;
    }
    for (size_t i = 0; i < row_count; i++) {
        column[i] = 0;
    }
    return column;
}

double *hm_columns_random(size_t row_count, uint32_t seed) {
    double *column = hm_columns_make(row_count);
    uint64_t state = seed + 1;
    for (size_t i = 0; column != NULL && i < row_count; i++) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        column[i] = (double)(state >> 33) * 0x1p-31;
    }
    return column;
}

bool hm_columns_same(const char *name, const double *actual, const double *expected,
        size_t row_count) {
    for (size_t i = 0; i < row_count; i++) {
        if (memcmp(&actual[i], &expected[i], sizeof *actual) != 0) {
            fprintf(stderr, "%s: row %zu is %.17g, and by hand %.17g\n", name, i,
                    actual[i], expected[i]);
            return false;
        }
    }
    return true;
}

bool hm_columns_near(const char *name, const double *actual, const double *expected,
        size_t row_count) {
    const double tolerance = 1e-12;
    double largest = 0;
    for (size_t i = 0; i < row_count; i++) {
        largest = fmax(largest, fabs(expected[i])); // NaN is never the larger one
    }
    for (size_t i = 0; i < row_count; i++) {
        bool is_near = isnan(expected[i])
                               ? isnan(actual[i])
                               : fabs(actual[i] - expected[i]) <= tolerance * largest;
        if (!is_near) {
            fprintf(stderr, "%s: row %zu is %.17g, and by hand %.17g\n", name, i,
                    actual[i], expected[i]);
            return false;
        }
    }
    return true;
}

double *hm_columns_of_run(hm_compiled *compiled, const char *name) {
    uint32_t slot = hm_plan_find(compiled->plan, name);
    return ((hm_array *)hm_run_slot(compiled->run, slot))->data;
}

static FILE *open_file(const hm_workplace *workplace, const char *name,
        const char *ending, const char *mode) {
    char path[256];
    snprintf(path, sizeof path, "%s/%s.%s", workplace->folder, name, ending);
    FILE *file = fopen(path, mode);
    if (file == NULL) {
        perror(path);
    }
    return file;
}

bool hm_columns_write(const hm_workplace *workplace, const char *name,
        const double *column, size_t row_count) {
    FILE *file = open_file(workplace, name, "in", "wb");
    bool is_written = file != NULL &&
                      fwrite(column, sizeof *column, row_count, file) == row_count;
    is_written = file != NULL && fclose(file) == 0 && is_written;
    if (!is_written) {
        fprintf(stderr, "%s cannot be written\n", name);
    }
    return is_written;
}

bool hm_columns_read(const hm_workplace *workplace, const char *name, double *column,
        size_t row_count) {
    FILE *file = open_file(workplace, name, "out", "rb");
    bool is_read =
            file != NULL && fread(column, sizeof *column, row_count, file) == row_count;
    if (!is_read) {
        fprintf(stderr, "%s cannot be read\n", name);
    }
    if (file != NULL) {
        fclose(file);
    }
    return is_read;
}
