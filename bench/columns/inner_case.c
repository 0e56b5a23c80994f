// inner_case.c — each row makes some elements, another function maps them and a third
// adds up those of a row: expansions within a mapped node.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <hamilton/hamilton.h>

#include "bench/columns/columns.h"
#include "bench/measure.h"

extern const hm_module elements_module;

enum { ROWS = 100 * 1000, ELEMENTS = 10 };

static bool run_hamilton(void *subject) {
    hm_compiled *compiled = subject;
    return hm_run_execute(compiled->run, NULL) == HM_OK;
}

struct hand {
    long counts[ROWS];
    double totals[ROWS];
};

// One row after the other: its elements in memory of their own, mapped and added up.
static bool run_hand(void *subject) {
    struct hand *hand = subject;
    for (size_t row = 0; row < ROWS; row++) {
        size_t count = (size_t)hand->counts[row];
        double *elements = malloc(count * sizeof *elements);
        if (elements == NULL) {
            return false;
        }
        for (size_t i = 0; i < count; i++) {
            elements[i] = (double)i;
        }
        double passed[ELEMENTS];
        for (size_t i = 0; i < count; i++) {
            passed[i] = elements[i] + 1;
        }
        double sum = 0;
        for (size_t i = 0; i < count; i++) {
            sum += passed[i];
        }
        hand->totals[row] = sum;
        free(elements);
    }
    return true;
}

static bool compile(hm_compiled *compiled, struct hand *hand, uint32_t thread_count) {
    static const char *const wanted = "total_passed";
    const hm_binding input = {
            "element_count", hm_value_many(&hm_type_long, hand->counts, ROWS)};
    hm_request request = HM_REQUEST_INIT;
    request.wanted = &wanted;
    request.wanted_count = 1;
    request.inputs = &input;
    request.input_count = 1;
    return hm_columns_compile(compiled, &elements_module, &request, thread_count);
}

static bool agree(hm_compiled *compiled, const struct hand *hand) {
    hm_value value;
    bool is_same = hm_run_get(compiled->run, "total_passed", &value, NULL) == HM_OK &&
                   memcmp(value.many.data, hand->totals, sizeof hand->totals) == 0;
    if (!is_same) {
        fprintf(stderr, "expand_in_rows: the sums are not those made by hand\n");
    }
    return is_same;
}

bool hm_columns_expand_in_rows(bool is_quick) {
    static struct hand hand;
    for (size_t row = 0; row < ROWS; row++) {
        hand.counts[row] = ELEMENTS;
    }
    hm_compiled one = {0};
    hm_compiled two = {0};
    const hm_system systems[] = {
            {.name = "hamilton", .run = run_hamilton, .subject = &two, .workers = 2},
            {.name = "hamilton", .run = run_hamilton, .subject = &one},
            {.name = "hand", .run = run_hand, .subject = &hand},
    };
    const hm_measurement measurement = {.bench = "columns",
            .name = "expand_in_rows",
            .unit = "ns/row",
            .per_second = 1e9 / ROWS,
            .rounds = HM_MEASURE_PAIRS,
            .systems = systems,
            .system_count = 3};
    bool is_done = compile(&one, &hand, 1) && compile(&two, &hand, 2) &&
                   hm_measure(&measurement, is_quick) && agree(&one, &hand) &&
                   agree(&two, &hand);
    hm_compiled_finish(&one);
    hm_compiled_finish(&two);
    return is_done;
}
