// bench_tiny_forced.c — and what does such a node cost if two threads must share it
// all? Nobody should do that; it shows what handing over a task costs.

#include <stdlib.h>

#include "bench/contest.h"
#include "bench/measure.h"

int main(int argument_count, char **arguments) {
    const hm_contest contest = {.bench = "tiny_forced", .rule = HM_SHARED};
    bool is_quick = hm_measure_is_quick(argument_count, arguments);
    return hm_contest_hold(&contest, is_quick) ? EXIT_SUCCESS : EXIT_FAILURE;
}
