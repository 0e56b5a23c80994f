// pipe_case.c — what do five cheap steps of a pipe cost on a column, beside the same
// functions that are written one after the other?

#include <stdlib.h>

#include <hamilton/hamilton.h>

#include "bench/columns/columns.h"
#include "bench/measure.h"

extern const hm_module pipe_module;

enum { ROWS = 10 * 1000 * 1000, QUICK_ROWS = 20 * 1000 };

static bool run(void *subject) {
    hm_compiled *compiled = subject;
    return hm_run_execute(compiled->run, NULL) == HM_OK;
}

static bool compile(hm_compiled *compiled, const char *const *wanted, const double *x,
        size_t row_count) {
    const hm_binding input = {"x", hm_value_many(&hm_type_double, x, row_count)};
    hm_request request = HM_REQUEST_INIT;
    request.wanted = wanted;
    request.wanted_count = 1;
    request.inputs = &input;
    request.input_count = 1;
    request.borrows_arrays = true;
    return hm_columns_compile(compiled, &pipe_module, &request, HM_COLUMNS_THREADS);
}

bool hm_columns_pipe(bool is_quick) {
    static const char *const piped = "piped";
    static const char *const chained = "chained";
    size_t row_count = is_quick ? QUICK_ROWS : ROWS;
    double *x = hm_columns_random(row_count, 1);
    hm_compiled pipe = {0};
    hm_compiled chain = {0};
    const hm_system systems[] = {
            {.name = "pipe",
                    .run = run,
                    .subject = &pipe,
                    .workers = HM_COLUMNS_THREADS},
            {.name = "chain",
                    .run = run,
                    .subject = &chain,
                    .workers = HM_COLUMNS_THREADS},
    };
    bool is_done = x != NULL && compile(&pipe, &piped, x, row_count) &&
                   compile(&chain, &chained, x, row_count) &&
                   hm_measure(&(hm_measurement){.bench = "columns",
                                      .name = "pipe_10m",
                                      .unit = "ms",
                                      .per_second = 1e3,
                                      .rounds = HM_MEASURE_PAIRS,
                                      .comparison = HM_RATIO_TO_ALL,
                                      .systems = systems,
                                      .system_count = 2},
                           is_quick) &&
                   hm_columns_same(piped, hm_columns_of_run(&pipe, piped),
                           hm_columns_of_run(&chain, chained), row_count);
    if (is_done) {
        hm_columns_print_bar("pipe_10m", "pipe/chain", 1, "ratio");
    }
    hm_compiled_finish(&pipe);
    hm_compiled_finish(&chain);
    free(x);
    return is_done;
}
