// one_row_case.c — what does a plan that could run columns cost when there is one row?
// A service that knows mean and deviation asks for the mapped nodes of the marketing
// example: with single values, and with arrays of one.

#include <stdio.h>
#include <string.h>

#include <hamilton/hamilton.h>

#include "bench/columns/columns.h"
#include "bench/measure.h"

extern const hm_module marketing_module;

enum { ANSWERS = 3 };

static const char *const wanted[ANSWERS] = {
        "spend_per_signup", "spend_zero_mean", "spend_zero_mean_unit_variance"};

static const double spend = 12.5;
static const double signups = 5;
static const double mean = 10.25;
static const double deviation = 3;

static bool run_hamilton(void *subject) {
    hm_compiled *compiled = subject;
    return hm_run_execute(compiled->run, NULL) == HM_OK;
}

static bool run_inline(void *subject) {
    volatile double *answers = subject;
    answers[0] = spend / signups;
    answers[1] = spend - mean;
    answers[2] = answers[1] / deviation;
    return true;
}

static bool compile(hm_compiled *compiled, bool are_arrays) {
    const hm_value one_spend = are_arrays ? hm_value_many(&hm_type_double, &spend, 1)
                                          : hm_value_double(spend);
    const hm_value one_signups = are_arrays
                                         ? hm_value_many(&hm_type_double, &signups, 1)
                                         : hm_value_double(signups);
    const hm_binding inputs[] = {{"spend", one_spend}, {"signups", one_signups}};
    const hm_binding overrides[] = {{"spend_mean", hm_value_double(mean)},
            {"spend_std_dev", hm_value_double(deviation)}};
    hm_request request = HM_REQUEST_INIT;
    request.wanted = wanted;
    request.wanted_count = ANSWERS;
    request.inputs = inputs;
    request.input_count = 2;
    request.overrides = overrides;
    request.override_count = 2;
    return hm_columns_compile(
            compiled, &marketing_module, &request, HM_COLUMNS_THREADS);
}

static bool agree(hm_compiled *one, hm_compiled *array, const double *answers) {
    for (size_t i = 0; i < ANSWERS; i++) {
        if (!hm_columns_same(
                    wanted[i], hm_compiled_slot(one, wanted[i]), &answers[i], 1) ||
                !hm_columns_same(wanted[i], hm_columns_of_run(array, wanted[i]),
                        &answers[i], 1)) {
            return false;
        }
    }
    return true;
}

bool hm_columns_one_row(bool is_quick) {
    double answers[ANSWERS];
    hm_compiled one = {0};
    hm_compiled array = {0};
    const hm_system systems[] = {
            {.name = "hamilton", .run = run_hamilton, .subject = &one},
            {.name = "array_of_one", .run = run_hamilton, .subject = &array},
            {.name = "inline", .run = run_inline, .subject = answers},
    };
    bool is_done = compile(&one, false) && compile(&array, true) &&
                   hm_measure(&(hm_measurement){.bench = "columns",
                                      .name = "one_row",
                                      .unit = "ns/run",
                                      .per_second = 1e9,
                                      .rounds = HM_MEASURE_PAIRS,
                                      .comparison = HM_RATIO_TO_ALL,
                                      .systems = systems,
                                      .system_count = 3},
                           is_quick) &&
                   agree(&one, &array, answers);
    hm_compiled_finish(&one);
    hm_compiled_finish(&array);
    return is_done;
}
