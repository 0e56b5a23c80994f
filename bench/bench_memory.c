// bench_memory.c — does a service that runs for long need more and more memory? What
// the process has resident is looked at again and again; it may not have grown at the
// end.

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "bench/compiled.h"
#include "bench/dataflow.h"
#include "bench/measure.h"

enum { LOOK_COUNT = 100, DECILE = LOOK_COUNT / 10 };

// By how many KiB the mean of the last tenth of the looks may be above that of the
// first. The allocator takes a few pages more late in life; of the smallest allocation
// that is lost in each run there would be megabytes.
static const double growth_limit = 256;

// A run of a plan that is there already.
static bool run_plan(void *subject) {
    hm_compiled *compiled = subject;
    return hm_run_execute(compiled->run, NULL) == HM_OK;
}

struct requests {
    const hm_dataflow *dataflow;
    hm_driver *driver;
};

// A request of its own, whose results are thrown away.
static bool execute(void *subject) {
    struct requests *requests = subject;
    hm_request request = hm_dataflow_request(requests->dataflow);
    hm_results *results;
    if (hm_driver_execute(requests->driver, &request, &results, NULL) != HM_OK) {
        return false;
    }
    hm_results_destroy(results);
    return true;
}

// A driver from its making to its end.
static bool start(void *subject) {
    hm_driver_options options = hm_dataflow_options(subject);
    hm_driver *driver;
    if (hm_driver_create(&options, &driver, NULL) != HM_OK) {
        return false;
    }
    hm_driver_destroy(driver);
    return true;
}

// Resident memory in KiB, or 0. What is backed by files is left out: a piece of code
// that is needed once in a while comes into memory late, and is no growth.
static double resident(void) {
    FILE *file = fopen("/proc/self/statm", "r");
    if (file == NULL) {
        return 0;
    }
    long all = 0;
    long of_files = 0;
    if (fscanf(file, "%*d %ld %ld", &all, &of_files) != 2) {
        all = of_files = 0;
    }
    fclose(file);
    return (double)(all - of_files) * (double)sysconf(_SC_PAGESIZE) / 1024;
}

static double mean(const double *numbers, size_t count) {
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        sum += numbers[i];
    }
    return sum / (double)count;
}

static bool repeat(bool (*run)(void *), void *subject, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (!run(subject)) {
            return false;
        }
    }
    return true;
}

static bool soak(const char *name, bool (*run)(void *), void *subject, size_t count) {
    double looks[LOOK_COUNT];
    // Before the first look that counts, the allocator has its caches, those for
    // looking too.
    if (!repeat(run, subject, count / 10) || resident() <= 0) {
        return false;
    }
    for (size_t i = 0; i < LOOK_COUNT; i++) {
        if (!repeat(run, subject, count / LOOK_COUNT)) {
            return false;
        }
        looks[i] = resident();
    }
    double first = mean(looks, DECILE);
    double last = mean(&looks[LOOK_COUNT - DECILE], DECILE);
    hm_measure_print("memory", name, "hamilton", 1, looks, LOOK_COUNT, "KiB");
    if (first <= 0 || last > first + growth_limit) {
        fprintf(stderr, "%s: resident memory went from %.0f to %.0f KiB\n", name, first,
                last);
        return false;
    }
    return true;
}

static bool soak_all(hm_dataflow *dataflow, bool is_quick) {
    size_t part = is_quick ? 100 : 1;
    hm_compiled compiled;
    if (!hm_compiled_init(&compiled, dataflow)) {
        return false;
    }
    struct requests requests = {.dataflow = dataflow, .driver = compiled.driver};
    bool is_steady = soak("runs", run_plan, &compiled, 10000000 / part) &&
                     soak("requests", execute, &requests, 100000 / part) &&
                     soak("drivers", start, dataflow, 100000 / part);
    hm_compiled_finish(&compiled);
    return is_steady;
}

int main(int argument_count, char **arguments) {
    bool is_quick = hm_measure_is_quick(argument_count, arguments);
    hm_dataflow *dataflow = hm_dataflow_service();
    bool is_done = dataflow != NULL && soak_all(dataflow, is_quick);
    hm_dataflow_destroy(dataflow);
    return is_done ? EXIT_SUCCESS : EXIT_FAILURE;
}
