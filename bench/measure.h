// measure.h — how every benchmark measures: the systems take turns, so that what
// disturbs the machine disturbs them alike, and medians are printed.

#ifndef HM_BENCH_MEASURE_H
#define HM_BENCH_MEASURE_H

#include <stdbool.h>
#include <stddef.h>

// How often systems take turns when their ratio is of interest.
enum { HM_MEASURE_PAIRS = 11 };

// One way to do what is measured.
typedef struct hm_system {
    const char *name;
    bool (*run)(void *subject); // does it once; false if it failed
    void (*undo)(
            void *subject); // after each run, not measured; NULL if there is nothing
    void *subject;
} hm_system;

// One line of the report for each system, and one for the ratio of the first, which is
// ours, to the second, which is the one to be compared with.
typedef struct hm_measurement {
    const char *bench;
    const char *name; // the case
    const char *unit;
    double per_second; // what is printed is this times the seconds that a run takes
    size_t rounds;     // turns of each system, at most HM_MEASURE_ROUND_LIMIT
    const hm_system *systems;
    size_t system_count; // from 1 to HM_MEASURE_SYSTEM_LIMIT
} hm_measurement;

enum { HM_MEASURE_ROUND_LIMIT = 101, HM_MEASURE_SYSTEM_LIMIT = 4 };

// Whether --quick is the argument: few turns then, just to see that it works. Anything
// else ends the program.
bool hm_measure_is_quick(int argument_count, char **arguments);

// One line of the report, from samples in any order, which are sorted.
void hm_measure_print(const char *bench, const char *name, const char *system,
        double *samples, size_t count, const char *unit);

// False, after a message, if a run failed.
bool hm_measure(const hm_measurement *measurement, bool is_quick);

#endif
