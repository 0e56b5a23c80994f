// measure.h — how every benchmark measures: the systems take turns, so that what
// disturbs the machine disturbs them alike, and medians are printed.

#ifndef HM_BENCH_MEASURE_H
#define HM_BENCH_MEASURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// How often systems take turns when their ratio is of interest.
enum { HM_MEASURE_PAIRS = 11 };

// One way to do what is measured.
typedef struct hm_system {
    const char *name;
    bool (*run)(void *subject); // does it once; false if it failed
    void (*undo)(
            void *subject); // after each run, not measured; NULL if there is nothing
    void *subject;
    uint32_t workers; // threads that it uses; 0 is 1
} hm_system;

typedef enum hm_comparison {
    HM_RATIO_TO_SECOND, // of the first system, which is ours
    HM_RATIO_TO_ALL,    // of the first to each of the others
    HM_SPEED_UPS,       // of each of the others over the second, which is the floor
} hm_comparison;

// One line of the report for each system, and then the comparisons.
typedef struct hm_measurement {
    const char *bench;
    const char *name; // the case
    const char *unit;
    double per_second; // what is printed is this times the seconds that a run takes
    size_t rounds;     // turns of each system, at most HM_MEASURE_ROUND_LIMIT
    double idle;       // if not 0: a turn is one run, after so many seconds of idleness
    hm_comparison comparison;
    const hm_system *systems;
    size_t system_count; // from 1 to HM_MEASURE_SYSTEM_LIMIT
} hm_measurement;

enum { HM_MEASURE_ROUND_LIMIT = 101, HM_MEASURE_SYSTEM_LIMIT = 8 };

// Whether --quick is the argument: few turns then, just to see that it works. Anything
// else ends the program.
bool hm_measure_is_quick(int argument_count, char **arguments);

// One line of the report, from samples in any order, which are sorted.
void hm_measure_print(const char *bench, const char *name, const char *system,
        uint32_t workers, double *samples, size_t count, const char *unit);

// Seconds since some moment.
double hm_measure_now(void);

// False, after a message, if a run failed.
bool hm_measure(const hm_measurement *measurement, bool is_quick);

#endif
