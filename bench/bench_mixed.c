// bench_mixed.c — how much faster are two threads than one if a few nodes take much
// longer than all others? Then it matters when these are begun: `one_dear` has a node
// of 5 ms in the middle of 1,000 of 5 µs, `four_chains` one of 2 ms in each of four
// chains.

#include <stdlib.h>

#include "bench/contest.h"
#include "bench/measure.h"

static hm_dataflow *one_dear(void) {
    enum { CHEAP = 1000, CHEAP_NANOSECONDS = 5 * 1000, DEAR_NANOSECONDS = 5 * 1000000 };
    hm_dataflow *dataflow = hm_dataflow_chains("one_dear", CHEAP + 1, 1);
    if (dataflow != NULL) {
        hm_dataflow_set_work(dataflow, hm_contest_rounds(CHEAP_NANOSECONDS));
        hm_dataflow_set_work_of(
                dataflow, CHEAP / 2, hm_contest_rounds(DEAR_NANOSECONDS));
    }
    return dataflow;
}

static hm_dataflow *four_chains(void) {
    enum { COUNT = 4, LENGTH = 50, NANOSECONDS = 10 * 1000, DEAR = 2 * 1000000 };
    hm_dataflow *dataflow = hm_dataflow_chains("four_chains", COUNT, LENGTH);
    if (dataflow != NULL) {
        hm_dataflow_set_work(dataflow, hm_contest_rounds(NANOSECONDS));
        for (uint32_t chain = 0; chain < COUNT; chain++) {
            hm_dataflow_set_work_of(dataflow, chain * LENGTH + (chain + 1) * 10 - 1,
                    hm_contest_rounds(DEAR));
        }
    }
    return dataflow;
}

int main(int argument_count, char **arguments) {
    const hm_contest contest = {.bench = "mixed", .work = 1};
    bool is_quick = hm_measure_is_quick(argument_count, arguments);
    bool is_done = hm_contest_begin() &&
                   hm_contest_hold_one(&contest, one_dear(), is_quick) &&
                   hm_contest_hold_one(&contest, four_chains(), is_quick);
    return is_done ? EXIT_SUCCESS : EXIT_FAILURE;
}
