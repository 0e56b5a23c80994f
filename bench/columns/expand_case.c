// expand_case.c — elements that one node makes, another maps and a third adds up: each
// of a millisecond of work, or of none.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <hamilton/hamilton.h>

#include "bench/columns/columns.h"
#include "bench/dataflow.h"
#include "bench/measure.h"

extern const hm_module elements_module;

static bool run_hamilton(void *subject) {
    hm_compiled *compiled = subject;
    return hm_run_execute(compiled->run, NULL) == HM_OK;
}

// A plan for the sum over so many elements.
static bool compile(hm_compiled *compiled, const char *wanted, long element_count,
        unsigned rounds, uint32_t thread_count) {
    const hm_binding inputs[] = {
            {"element_count", hm_value_one(&hm_type_long, &element_count)},
            {"rounds", hm_value_one(&hm_type_uint, &rounds)},
    };
    hm_request request = HM_REQUEST_INIT;
    request.wanted = &wanted;
    request.wanted_count = 1;
    request.inputs = inputs;
    request.input_count = rounds > 0 ? 2 : 1;
    return hm_columns_compile(compiled, &elements_module, &request, thread_count);
}

// What the module computes, in one loop.
struct hand {
    long element_count;
    unsigned rounds;
    double total;
};

static bool run_hand(void *subject) {
    struct hand *hand = subject;
    double sum = 0;
    for (long i = 0; i < hand->element_count; i++) {
        sum += hm_dataflow_work((double)i, hand->rounds);
    }
    hand->total = sum;
    return true;
}

static bool agree(
        const char *name, hm_compiled *compiled, const char *wanted, double expected) {
    double actual = *hm_compiled_slot(compiled, wanted);
    if (memcmp(&actual, &expected, sizeof actual) != 0) {
        fprintf(stderr, "%s: the sum is %.17g, and by hand %.17g\n", name, actual,
                expected);
        return false;
    }
    return true;
}

// How many rounds of work take a millisecond.
static unsigned find_rounds(void) {
    enum { ROUNDS = 1000 * 1000, TRIES = 5 };
    double fastest = 1;
    volatile double kept = 1;
    for (int i = 0; i < TRIES; i++) {
        double begin = hm_measure_now();
        kept = hm_dataflow_work(kept, ROUNDS);
        double taken = hm_measure_now() - begin;
        fastest = taken < fastest ? taken : fastest;
    }
    return (unsigned)(0.001 * ROUNDS / fastest);
}

bool hm_columns_expand_work(bool is_quick) {
    enum { ELEMENTS = 10 * 1000, QUICK_ELEMENTS = 200, ROUNDS = 5 };
    struct hand hand = {.element_count = is_quick ? QUICK_ELEMENTS : ELEMENTS,
            .rounds = find_rounds()};
    hm_compiled one = {0};
    hm_compiled two = {0};
    const hm_system systems[] = {
            {.name = "hamilton", .run = run_hamilton, .subject = &two, .workers = 2},
            {.name = "hamilton", .run = run_hamilton, .subject = &one},
    };
    const hm_measurement measurement = {.bench = "columns",
            .name = "expand_10k_1ms",
            .unit = "us/element",
            .per_second = 1e6 / (double)hand.element_count,
            .rounds = ROUNDS, // of some 15 s each
            .comparison = HM_SPEED_UPS,
            .systems = systems,
            .system_count = 2};
    bool is_done = compile(&one, "total_worked", hand.element_count, hand.rounds, 1) &&
                   compile(&two, "total_worked", hand.element_count, hand.rounds, 2) &&
                   hm_measure(&measurement, is_quick) && run_hand(&hand) &&
                   agree(measurement.name, &one, "total_worked", hand.total) &&
                   agree(measurement.name, &two, "total_worked", hand.total);
    hm_columns_print_bar(measurement.name, "hamilton/hamilton", 1.95, "speed-up");
    hm_compiled_finish(&one);
    hm_compiled_finish(&two);
    return is_done;
}

// As a person would write it who needs the elements twice: in memory of their own.
static bool run_nothing_by_hand(void *subject) {
    struct hand *hand = subject;
    size_t count = (size_t)hand->element_count;
    double *elements = malloc(count * sizeof *elements);
    double *passed = malloc(count * sizeof *passed);
    bool is_made = elements != NULL && passed != NULL;
    double sum = 0;
    for (size_t i = 0; is_made && i < count; i++) {
        elements[i] = (double)i;
    }
    for (size_t i = 0; is_made && i < count; i++) {
        passed[i] = elements[i] + 1;
    }
    for (size_t i = 0; is_made && i < count; i++) {
        sum += passed[i];
    }
    hand->total = sum;
    free(elements);
    free(passed);
    return is_made;
}

static bool expand_nothing(const char *name, long element_count, bool is_quick) {
    struct hand hand = {.element_count = element_count};
    hm_compiled ours = {0};
    const hm_system systems[] = {
            {.name = "hamilton", .run = run_hamilton, .subject = &ours, .workers = 2},
            {.name = "hand", .run = run_nothing_by_hand, .subject = &hand},
    };
    const hm_measurement measurement = {.bench = "columns",
            .name = name,
            .unit = "ns/element",
            .per_second = 1e9 / (double)element_count,
            .rounds = HM_MEASURE_PAIRS,
            .systems = systems,
            .system_count = 2};
    bool is_done =
            compile(&ours, "total_passed", element_count, 0, HM_COLUMNS_THREADS) &&
            hm_measure(&measurement, is_quick) &&
            agree(name, &ours, "total_passed", hand.total);
    hm_columns_print_bar(name, "hamilton", 200, "ns/element");
    hm_compiled_finish(&ours);
    return is_done;
}

bool hm_columns_expand_nothing(bool is_quick) {
    return expand_nothing("expand_10k_nothing", 10 * 1000, is_quick) &&
           expand_nothing("expand_1m_nothing", 1000 * 1000, is_quick);
}
