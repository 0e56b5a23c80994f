// T y[n] is an array in memory that the engine provides.

#include <stdbool.h>
#include <stddef.h>

struct pair {
    double value;
    bool rising;
};

void differences(size_t n, const double x[n], double out[n]) {
    for (size_t i = 0; i < n; i++) {
        out[i] = i == 0 ? 0 : x[i] - x[i - 1];
    }
}

void signs(size_t n, const double differences[n], bool rising[n], bool falling[n]) {
    for (size_t i = 0; i < n; i++) {
        rising[i] = differences[i] > 0;
        falling[i] = differences[i] < 0;
    }
}

void pairs(size_t n, const double x[n], const bool rising[n], struct pair out[n]) {
    for (size_t i = 0; i < n; i++) {
        out[i] = (struct pair){x[i], rising[i]};
    }
}
