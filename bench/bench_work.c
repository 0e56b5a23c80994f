// bench_work.c — how much faster are two threads than one, if each node computes for 1,
// 10 or 100 µs?

#include <stdlib.h>

#include "bench/contest.h"
#include "bench/measure.h"

int main(int argument_count, char **arguments) {
    static const hm_contest contests[] = {
            {.bench = "work_1us", .work = 1000},
            {.bench = "work_10us", .work = 10 * 1000},
            {.bench = "work_100us", .work = 100 * 1000},
    };
    bool is_quick = hm_measure_is_quick(argument_count, arguments);
    bool is_done = true;
    for (size_t i = 0; is_done && i < sizeof contests / sizeof contests[0]; i++) {
        is_done = hm_contest_hold(&contests[i], is_quick);
    }
    return is_done ? EXIT_SUCCESS : EXIT_FAILURE;
}
