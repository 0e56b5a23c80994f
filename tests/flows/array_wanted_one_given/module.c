// A whole-array function that gets one value is refused before anything runs.

#include <stddef.h>

double half(double spend) {
    return spend / 2;
}

double mean_half(size_t n, const double half[n]) {
    return n == 0 ? 0 : half[0];
}
