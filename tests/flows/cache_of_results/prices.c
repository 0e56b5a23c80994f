#include <stddef.h>
#include <stdint.h>

#include "rate.h"

typedef struct summary {
    double least;
    double most;
} summary;

/// What the goods cost us, by item.
double base(double cost) {
    return cost * RATE;
}

/// In whole units.
double rounded(double base) {
    return (double)(int64_t)base;
}

summary range(size_t n, const double rounded[n]) {
    summary found = {n > 0 ? rounded[0] : 0, n > 0 ? rounded[0] : 0};
    for (size_t i = 1; i < n; i++) {
        found.least = rounded[i] < found.least ? rounded[i] : found.least;
        found.most = rounded[i] > found.most ? rounded[i] : found.most;
    }
    return found;
}

const char *verdict(summary range) {
    return range.most - range.least > 3 ? "wide" : "narrow";
}
