// bench_tiny.c — what does a node cost whose function does next to nothing, when the
// engine may choose how it is run?

#include <stdlib.h>

#include "bench/contest.h"
#include "bench/measure.h"

int main(int argument_count, char **arguments) {
    const hm_contest contest = {.bench = "tiny", .rule = HM_AS_IT_LIKES};
    bool is_quick = hm_measure_is_quick(argument_count, arguments);
    return hm_contest_hold(&contest, is_quick) ? EXIT_SUCCESS : EXIT_FAILURE;
}
