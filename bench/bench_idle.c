// bench_idle.c — what does a service pay for the workers while nothing is asked of it?

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#include "bench/compiled.h"
#include "bench/dataflow.h"
#include "bench/measure.h"

enum { WORKERS = 4, RUN_COUNT = 1000 };

// Milliseconds of processor time in ten seconds that are nobody's wish.
static const double limit = 10;

static double processor_milliseconds(void) {
    struct rusage usage;
    if (getrusage(RUSAGE_SELF, &usage) != 0) {
        return -1;
    }
    return 1e3 * (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           1e-3 * (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

// All workers have just been busy, and then nothing happens.
static bool measure(hm_dataflow *dataflow, bool is_quick) {
    hm_compiled compiled;
    if (!hm_compiled_init_threads(&compiled, dataflow, WORKERS, true)) {
        return false;
    }
    bool is_done = true;
    for (int i = 0; is_done && i < RUN_COUNT; i++) {
        is_done = hm_run_execute(compiled.run, NULL) == HM_OK;
    }
    double before = processor_milliseconds();
    nanosleep(&(struct timespec){.tv_sec = is_quick ? 1 : 10}, NULL);
    double spent = processor_milliseconds() - before;
    hm_measure_print("idle", "ten_seconds", "hamilton", WORKERS, &spent, 1, "ms");
    hm_compiled_finish(&compiled);
    if (is_done && spent > limit) {
        fprintf(stderr, "an idle pool took %g ms of processor time\n", spent);
    }
    return is_done && spent <= limit;
}

int main(int argument_count, char **arguments) {
    bool is_quick = hm_measure_is_quick(argument_count, arguments);
    hm_dataflow *dataflow = hm_dataflow_layers(20, 20, false);
    bool is_done = dataflow != NULL && measure(dataflow, is_quick);
    hm_dataflow_destroy(dataflow);
    return is_done ? EXIT_SUCCESS : EXIT_FAILURE;
}
