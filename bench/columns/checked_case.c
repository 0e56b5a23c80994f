// checked_case.c — what checks of a column cost that is computed in one pass: beside
// the same without them, where the column itself is wanted and where it is not.

#include <stdlib.h>

#include <hamilton/hamilton.h>

#include "bench/columns/columns.h"
#include "bench/measure.h"

extern const hm_module checked_module;

enum { ROWS = 10 * 1000 * 1000, QUICK_ROWS = 20 * 1000, INPUTS = 2 };

struct field {
    size_t row_count;
    double *inputs[INPUTS];
    hm_binding bindings[INPUTS];
    hm_compiled compiled[2]; // with checks, without
};

static bool enter(struct field *field, const char *const wanted[2]) {
    static const char *const names[INPUTS] = {"part", "whole"};
    bool is_done = true;
    for (uint32_t i = 0; i < INPUTS; i++) {
        field->inputs[i] = hm_columns_random(field->row_count, 30 + i);
        is_done = is_done && field->inputs[i] != NULL;
        field->bindings[i] = (hm_binding){names[i],
                hm_value_many(&hm_type_double, field->inputs[i], field->row_count)};
    }
    for (size_t i = 0; i < 2 && is_done; i++) {
        hm_request request = HM_REQUEST_INIT;
        request.wanted = &wanted[i];
        request.wanted_count = 1;
        request.inputs = field->bindings;
        request.input_count = INPUTS;
        request.borrows_arrays = true;
        is_done = hm_columns_compile(
                &field->compiled[i], &checked_module, &request, HM_COLUMNS_THREADS);
    }
    return is_done;
}

static void leave(struct field *field) {
    for (size_t i = 0; i < 2; i++) {
        hm_compiled_finish(&field->compiled[i]);
        free(field->inputs[i]);
    }
}

static bool run(void *subject) {
    hm_compiled *compiled = subject;
    return hm_run_execute(compiled->run, NULL) == HM_OK;
}

static bool measure(const char *name, const char *const wanted[2], bool is_quick) {
    struct field field = {.row_count = is_quick ? QUICK_ROWS : ROWS};
    bool is_done = enter(&field, wanted);
    if (is_done) {
        const hm_system systems[] = {
                {.name = "checked",
                        .run = run,
                        .subject = &field.compiled[0],
                        .workers = HM_COLUMNS_THREADS},
                {.name = "unchecked",
                        .run = run,
                        .subject = &field.compiled[1],
                        .workers = HM_COLUMNS_THREADS},
        };
        is_done = hm_measure(&(hm_measurement){.bench = "columns",
                                     .name = name,
                                     .unit = "ms",
                                     .per_second = 1e3,
                                     .rounds = HM_MEASURE_PAIRS,
                                     .comparison = HM_RATIO_TO_SECOND,
                                     .systems = systems,
                                     .system_count = 2},
                          is_quick) &&
                  hm_columns_same(wanted[0],
                          hm_columns_of_run(&field.compiled[0], wanted[0]),
                          hm_columns_of_run(&field.compiled[1], wanted[1]),
                          field.row_count);
        hm_columns_print_bar(name, "checked/unchecked", 1.1, "ratio");
    }
    leave(&field);
    return is_done;
}

bool hm_columns_checked(bool is_quick) {
    static const char *const itself[] = {"checked", "unchecked"};
    static const char *const next[] = {"checked_next", "unchecked_next"};
    return measure("checked_10m", itself, is_quick) &&
           measure("checked_next_10m", next, is_quick);
}
