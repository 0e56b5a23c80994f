// measure.c — clock, turns, medians, lines of the report.

#include "bench/measure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { QUICK_ROUNDS = 3 };

// A turn takes about this long, in seconds: many ticks of the clock, but less than the
// time for which the kernel leaves a busy core to one process.
static const double turn = 0.002;

bool hm_measure_is_quick(int argument_count, char **arguments) {
    if (argument_count == 1) {
        return false;
    }
    if (argument_count == 2 && strcmp(arguments[1], "--quick") == 0) {
        return true;
    }
    fprintf(stderr, "usage: %s [--quick]\n", arguments[0]);
    exit(2);
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

// Adds up the seconds of all runs. What must be undone is long enough to be timed
// alone.
static bool time_runs(const hm_system *system, size_t run_count, double *seconds) {
    double sum = 0;
    double start = now();
    for (size_t i = 0; i < run_count; i++) {
        if (!system->run(system->subject)) {
            fprintf(stderr, "%s failed\n", system->name);
            return false;
        }
        if (system->undo != NULL) {
            sum += now() - start;
            system->undo(system->subject);
            start = now();
        }
    }
    *seconds = system->undo != NULL ? sum : now() - start;
    return true;
}

// How many runs fill a turn. The first of all runs are slower than the rest: caches and
// branch predictors are cold, threads start, costs are learned. So it is the fastest of
// three tries that tells, unless a try takes so long that none of this matters.
static bool calibrate(const hm_system *system, size_t *run_count) {
    enum { TRY_COUNT = 3 };
    const double long_try = 50 * turn;
    double fastest = 0;
    for (*run_count = 1; fastest < turn / 2; *run_count *= 2) {
        for (size_t try = 0; try < TRY_COUNT; try++) {
            double seconds = 0;
            if (!time_runs(system, *run_count, &seconds)) {
                return false;
            }
            fastest = try == 0 || seconds < fastest ? seconds : fastest;
            if (seconds > long_try) {
                break;
            }
        }
    }
    *run_count /= 2;
    return true;
}

static int compare_numbers(const void *a, const void *b) {
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

// The value below which a part of the sorted samples lies.
static double quantile(const double *sorted, size_t count, double part) {
    double place = part * (double)(count - 1);
    size_t below = (size_t)place;
    size_t above = below + 1 < count ? below + 1 : below;
    return sorted[below] + (place - (double)below) * (sorted[above] - sorted[below]);
}

static void print_number(double number) {
    int decimals = number >= 1000 ? 0 : number >= 10 ? 1 : 3;
    printf("\t%.*f", decimals, number);
}

void hm_measure_print(const char *bench, const char *name, const char *system,
        double *samples, size_t count, const char *unit) {
    qsort(samples, count, sizeof *samples, compare_numbers);
    printf("%s\t%s\t%s\t1", bench, name, system);
    print_number(quantile(samples, count, 0.5));
    print_number(quantile(samples, count, 0.1));
    print_number(quantile(samples, count, 0.9));
    printf("\t%s\n", unit);
}

bool hm_measure(const hm_measurement *measurement, bool is_quick) {
    const hm_system *systems = measurement->systems;
    size_t system_count = measurement->system_count;
    size_t rounds = is_quick ? QUICK_ROUNDS : measurement->rounds;
    size_t run_counts[HM_MEASURE_SYSTEM_LIMIT] = {0};
    double samples[HM_MEASURE_SYSTEM_LIMIT][HM_MEASURE_ROUND_LIMIT];
    for (size_t s = 0; s < system_count; s++) {
        if (!calibrate(&systems[s], &run_counts[s])) {
            return false;
        }
    }
    for (size_t round = 0; round < rounds; round++) {
        for (size_t s = 0; s < system_count; s++) {
            double seconds = 0;
            if (!time_runs(&systems[s], run_counts[s], &seconds)) {
                return false;
            }
            double a_run = seconds / (double)run_counts[s];
            samples[s][round] = a_run * measurement->per_second;
        }
    }
    double ratios[HM_MEASURE_ROUND_LIMIT];
    for (size_t round = 0; system_count > 1 && round < rounds; round++) {
        ratios[round] = samples[0][round] / samples[1][round];
    }
    for (size_t s = 0; s < system_count; s++) {
        hm_measure_print(measurement->bench, measurement->name, systems[s].name,
                samples[s], rounds, measurement->unit);
    }
    if (system_count > 1) {
        char name[64];
        snprintf(name, sizeof name, "%s/%s", systems[0].name, systems[1].name);
        hm_measure_print(
                measurement->bench, measurement->name, name, ratios, rounds, "ratio");
    }
    return fflush(stdout) == 0;
}
