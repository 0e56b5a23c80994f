// pipe_case.c — what do five cheap steps of a pipe cost on a column, beside the same
// functions that are written one after the other; and what does it cost them all that
// constants are parameters?

#include <stdlib.h>

#include <hamilton/hamilton.h>

#include "bench/columns/columns.h"
#include "bench/measure.h"

extern const hm_module pipe_module;

enum { ROWS = 10 * 1000 * 1000, QUICK_ROWS = 20 * 1000, WAYS = 3 };

static const char *const wanted[WAYS] = {"piped", "chained", "folded"};

static bool run(void *subject) {
    hm_compiled *compiled = subject;
    return hm_run_execute(compiled->run, NULL) == HM_OK;
}

static bool compile(
        hm_compiled *compiled, size_t way, const double *x, size_t row_count) {
    const hm_binding input = {"x", hm_value_many(&hm_type_double, x, row_count)};
    hm_request request = HM_REQUEST_INIT;
    request.wanted = &wanted[way];
    request.wanted_count = 1;
    request.inputs = &input;
    request.input_count = 1;
    request.borrows_arrays = true;
    return hm_columns_compile(compiled, &pipe_module, &request, HM_COLUMNS_THREADS);
}

static bool agree(hm_compiled *compiled, size_t row_count) {
    for (size_t way = 1; way < WAYS; way++) {
        if (!hm_columns_same(wanted[way],
                    hm_columns_of_run(&compiled[way], wanted[way]),
                    hm_columns_of_run(&compiled[0], wanted[0]), row_count)) {
            return false;
        }
    }
    return true;
}

bool hm_columns_pipe(bool is_quick) {
    size_t row_count = is_quick ? QUICK_ROWS : ROWS;
    double *x = hm_columns_random(row_count, 1);
    hm_compiled compiled[WAYS] = {{0}};
    hm_system systems[WAYS] = {{.name = "pipe"}, {.name = "chain"}, {.name = "folded"}};
    bool is_done = x != NULL;
    for (size_t way = 0; way < WAYS; way++) {
        systems[way].run = run;
        systems[way].subject = &compiled[way];
        systems[way].workers = HM_COLUMNS_THREADS;
        is_done = is_done && compile(&compiled[way], way, x, row_count);
    }
    is_done = is_done &&
              hm_measure(&(hm_measurement){.bench = "columns",
                                 .name = "pipe_10m",
                                 .unit = "ms",
                                 .per_second = 1e3,
                                 .rounds = HM_MEASURE_PAIRS,
                                 .comparison = HM_RATIO_TO_ALL,
                                 .systems = systems,
                                 .system_count = WAYS},
                      is_quick) &&
              agree(compiled, row_count);
    if (is_done) {
        hm_columns_print_bar("pipe_10m", "pipe/chain", 1, "ratio");
    }
    for (size_t way = 0; way < WAYS; way++) {
        hm_compiled_finish(&compiled[way]);
    }
    free(x);
    return is_done;
}
