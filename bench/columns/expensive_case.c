// expensive_case.c — rows that take long each, on one thread and on two.

#include <stdlib.h>

#include <hamilton/hamilton.h>

#include "bench/columns/columns.h"
#include "bench/measure.h"

extern const hm_module expensive_module;

enum { ROWS = 10 * 1000 * 1000, QUICK_ROWS = 100 * 1000 };

static bool run_hamilton(void *subject) {
    hm_compiled *compiled = subject;
    return hm_run_execute(compiled->run, NULL) == HM_OK;
}

static bool measure(hm_compiled *one, hm_compiled *two, bool is_quick) {
    const hm_system systems[] = {
            {.name = "hamilton", .run = run_hamilton, .subject = two, .workers = 2},
            {.name = "hamilton", .run = run_hamilton, .subject = one},
    };
    return hm_measure(&(hm_measurement){.bench = "columns",
                              .name = "expensive_10m",
                              .unit = "ms",
                              .per_second = 1e3,
                              .rounds = HM_MEASURE_PAIRS,
                              .comparison = HM_SPEED_UPS,
                              .systems = systems,
                              .system_count = 2},
            is_quick);
}

bool hm_columns_expensive(bool is_quick) {
    static const char *const wanted[] = {"expensive"};
    size_t row_count = is_quick ? QUICK_ROWS : ROWS;
    double *x = hm_columns_random(row_count, 3);
    const hm_binding inputs[] = {{"x", hm_value_many(&hm_type_double, x, row_count)}};
    hm_request request = HM_REQUEST_INIT;
    request.wanted = wanted;
    request.wanted_count = 1;
    request.inputs = inputs;
    request.input_count = 1;
    hm_compiled one = {0};
    hm_compiled two = {0};
    bool is_done = x != NULL &&
                   hm_columns_compile(&one, &expensive_module, &request, 1) &&
                   hm_columns_compile(&two, &expensive_module, &request, 2) &&
                   measure(&one, &two, is_quick) &&
                   hm_columns_same("expensive", hm_columns_of_run(&two, "expensive"),
                           hm_columns_of_run(&one, "expensive"), row_count);
    hm_columns_print_bar("expensive_10m", "hamilton/hamilton", 1.9, "speed-up");
    hm_compiled_finish(&one);
    hm_compiled_finish(&two);
    free(x);
    return is_done;
}
