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

// Threads that have nothing to do go on looking for work for a while, and some were
// lent by somebody who is next: after so many seconds all is quiet.
static const double settling = 0.015;

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

double hm_measure_now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static void rest(double seconds) {
    struct timespec time = {.tv_nsec = (long)(seconds * 1e9)};
    nanosleep(&time, NULL);
}

// Adds up the seconds of all runs. What must be undone is long enough to be timed
// alone.
static bool time_runs(const hm_system *system, size_t run_count, double *seconds) {
    double sum = 0;
    double start = hm_measure_now();
    for (size_t i = 0; i < run_count; i++) {
        if (!system->run(system->subject)) {
            fprintf(stderr, "%s failed\n", system->name);
            return false;
        }
        if (system->undo != NULL) {
            sum += hm_measure_now() - start;
            system->undo(system->subject);
            start = hm_measure_now();
        }
    }
    *seconds = system->undo != NULL ? sum : hm_measure_now() - start;
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
    int decimals = number >= 1000 ? 0 : number >= 10 ? 1 : number >= 0.1 ? 3 : 5;
    printf("\t%.*f", decimals, number);
}

void hm_measure_print(const char *bench, const char *name, const char *system,
        uint32_t workers, double *samples, size_t count, const char *unit) {
    qsort(samples, count, sizeof *samples, compare_numbers);
    printf("%s\t%s\t%s\t%u", bench, name, system, workers > 0 ? workers : 1);
    print_number(quantile(samples, count, 0.5));
    print_number(quantile(samples, count, 0.1));
    print_number(quantile(samples, count, 0.9));
    printf("\t%s\n", unit);
}

typedef double rounds_of[HM_MEASURE_ROUND_LIMIT];

// One turn. Of several threads the others are asleep when it begins: as many runs that
// are not measured wake them, unless a run is so long that this does not show.
static bool take_turn(const hm_measurement *measurement, const hm_system *system,
        size_t run_count, double last, double *seconds) {
    enum { LONG = 50 };
    if (measurement->idle > 0) {
        rest(measurement->idle);
    } else if (system->workers > 1) {
        rest(settling);
        if (last < LONG * turn && !time_runs(system, run_count + 1, seconds)) {
            return false;
        }
    }
    return time_runs(system, run_count, seconds);
}

static void print_quotients(const hm_measurement *measurement, size_t rounds,
        rounds_of *samples, size_t above, size_t below) {
    const hm_system *systems = measurement->systems;
    bool is_speed_up = measurement->comparison == HM_SPEED_UPS;
    rounds_of quotients;
    for (size_t round = 0; round < rounds; round++) {
        quotients[round] = samples[above][round] / samples[below][round];
    }
    char name[64];
    snprintf(name, sizeof name, "%s/%s", systems[above].name, systems[below].name);
    hm_measure_print(measurement->bench, measurement->name, name,
            systems[is_speed_up ? below : above].workers, quotients, rounds,
            is_speed_up ? "speed-up" : "ratio");
}

static void print_all(
        const hm_measurement *measurement, size_t rounds, rounds_of *samples) {
    size_t count = measurement->system_count;
    bool is_speed_up = measurement->comparison == HM_SPEED_UPS;
    size_t last =
            measurement->comparison == HM_RATIO_TO_SECOND && count > 2 ? 2 : count;
    for (size_t s = 0; s < last; s++) {
        if (is_speed_up && s != 1) {
            print_quotients(measurement, rounds, samples, 1, s);
        } else if (!is_speed_up && s > 0) {
            print_quotients(measurement, rounds, samples, 0, s);
        }
    }
}

bool hm_measure(const hm_measurement *measurement, bool is_quick) {
    const hm_system *systems = measurement->systems;
    size_t system_count = measurement->system_count;
    size_t rounds = is_quick ? QUICK_ROUNDS : measurement->rounds;
    size_t run_counts[HM_MEASURE_SYSTEM_LIMIT] = {0};
    rounds_of samples[HM_MEASURE_SYSTEM_LIMIT];
    double seconds[HM_MEASURE_SYSTEM_LIMIT] = {0}; // of the last turn
    for (size_t s = 0; s < system_count; s++) {
        if (!calibrate(&systems[s], &run_counts[s])) {
            return false;
        }
        run_counts[s] = measurement->idle > 0 ? 1 : run_counts[s];
    }
    for (size_t round = 0; round < rounds; round++) {
        for (size_t s = 0; s < system_count; s++) {
            if (!take_turn(measurement, &systems[s], run_counts[s], seconds[s],
                        &seconds[s])) {
                return false;
            }
            double a_run = seconds[s] / (double)run_counts[s];
            samples[s][round] = a_run * measurement->per_second;
        }
    }
    for (size_t s = 0; s < system_count; s++) {
        double sorted[HM_MEASURE_ROUND_LIMIT];
        memcpy(sorted, samples[s], sizeof sorted);
        hm_measure_print(measurement->bench, measurement->name, systems[s].name,
                systems[s].workers, sorted, rounds, measurement->unit);
    }
    print_all(measurement, rounds, samples);
    return fflush(stdout) == 0;
}
