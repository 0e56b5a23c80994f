// bench_memory.c — does a service that runs for long need more and more memory? What
// the process has resident is looked at again and again; it may not have grown at the
// end.

#include <pthread.h>
#include <sched.h>
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

// With --quick threads are still touching their stacks for the first time.
static const double quick_limit = 1024;

// A run of a plan that is there already.
static bool run_plan(void *subject) {
    hm_compiled *compiled = subject;
    return hm_run_execute(compiled->run, NULL) == HM_OK;
}

enum { CLIENTS = 4, RUNS_OF_A_CLIENT = 1000, RUNS_OF_A_RUN = 100 };

// As a client that makes itself a new run now and then.
static void *be_client(void *subject) {
    const hm_compiled *compiled = subject;
    bool is_done = true;
    for (int i = 0; is_done && i < RUNS_OF_A_CLIENT / RUNS_OF_A_RUN; i++) {
        hm_run *run;
        is_done = hm_run_create(compiled->plan, &run, NULL) == HM_OK;
        for (int k = 0; is_done && k < RUNS_OF_A_RUN; k++) {
            is_done = hm_run_execute(run, NULL) == HM_OK;
        }
        hm_run_destroy(run);
    }
    return is_done ? subject : NULL;
}

// Some clients at once, each on a thread that comes and goes.
static bool serve_clients(void *subject) {
    pthread_t threads[CLIENTS];
    int count = 0;
    while (count < CLIENTS &&
            pthread_create(&threads[count], NULL, be_client, subject) == 0) {
        count++;
    }
    bool is_done = count == CLIENTS;
    for (int i = 0; i < count; i++) {
        void *result;
        is_done = pthread_join(threads[i], &result) == 0 && result != NULL && is_done;
    }
    return is_done;
}

enum { IN_FLIGHT = 16 };

struct submissions {
    hm_plan *plan;
    hm_run *runs[IN_FLIGHT];
    size_t next;
};

static void ignore(hm_run *run, const hm_error *error, void *context) {
    (void)run;
    (void)error;
    (void)context;
}

static void wait_for(const hm_run *run) {
    while (hm_run_is_busy(run)) {
        sched_yield();
    }
}

// One run more for the driver's threads, when the oldest under way is done.
static bool submit(void *subject) {
    struct submissions *submissions = subject;
    hm_run *run = submissions->runs[submissions->next];
    submissions->next = (submissions->next + 1) % IN_FLIGHT;
    wait_for(run);
    return hm_run_submit(run, ignore, NULL, NULL) == HM_OK;
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

static bool soak(const char *name, uint32_t workers, bool (*run)(void *), void *subject,
        size_t count, double limit) {
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
    hm_measure_print("memory", name, "hamilton", workers, looks, LOOK_COUNT, "KiB");
    if (first <= 0 || last > first + limit) {
        fprintf(stderr, "%s: resident memory went from %.0f to %.0f KiB\n", name, first,
                last);
        return false;
    }
    return true;
}

static bool soak_submissions(const hm_compiled *compiled, hm_dataflow *dataflow,
        size_t count, double limit) {
    struct submissions submissions = {0};
    hm_request request = hm_dataflow_request(dataflow);
    request.always_share = true;
    bool is_done = hm_plan_create(compiled->driver, &request, &submissions.plan,
                           NULL) == HM_OK;
    for (size_t i = 0; is_done && i < IN_FLIGHT; i++) {
        is_done = hm_run_create(submissions.plan, &submissions.runs[i], NULL) == HM_OK;
    }
    is_done = is_done && soak("submitted", 2, submit, &submissions, count, limit);
    for (size_t i = 0; i < IN_FLIGHT && submissions.runs[i] != NULL; i++) {
        wait_for(submissions.runs[i]);
        hm_run_destroy(submissions.runs[i]);
    }
    hm_plan_destroy(submissions.plan);
    return is_done;
}

static bool soak_all(hm_dataflow *dataflow, bool is_quick) {
    size_t part = is_quick ? 100 : 1;
    double limit = is_quick ? quick_limit : growth_limit;
    hm_compiled compiled;
    if (!hm_compiled_init(&compiled, dataflow)) {
        return false;
    }
    struct requests requests = {.dataflow = dataflow, .driver = compiled.driver};
    size_t rounds = is_quick ? LOOK_COUNT : 10000000 / (CLIENTS * RUNS_OF_A_CLIENT);
    bool is_steady =
            soak("runs", 1, run_plan, &compiled, 10000000 / part, limit) &&
            soak("clients", CLIENTS, serve_clients, &compiled, rounds, limit) &&
            soak_submissions(&compiled, dataflow, 1000000 / part, limit) &&
            soak("requests", 1, execute, &requests, 100000 / part, limit) &&
            soak("drivers", 1, start, dataflow, 100000 / part, limit);
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
