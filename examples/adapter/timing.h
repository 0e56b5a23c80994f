// timing.h — an adapter that writes down how long nodes take.
//
//     struct timing timing;
//     timing_init(&timing, stdout, true);
//     ... options.adapters ...
//
// A table is printed when a plan ends.

#ifndef TIMING_H
#define TIMING_H

#include <stdbool.h>
#include <stdio.h>

#include <hamilton/adapter.h>

struct timing {
    hm_adapter adapter;
    FILE *file;
    bool shows_times;
};

// It must live as long as drivers that have the adapter.
void timing_init(struct timing *timing, FILE *file, bool shows_times);

#endif
