// A missing value is NaN for floating types, whatever the source, and the function is
// called.

#include <math.h>
#include <stddef.h>

double filled(double x) {
    return isnan(x) ? -1 : x;
}

float single(float y) {
    return y * 2;
}

size_t missing(size_t n, const double x[n]) {
    size_t count = 0;
    for (size_t i = 0; i < n; i++) {
        count += isnan(x[i]) != 0;
    }
    return count;
}

int plus_one(int k) {
    return k + 1;
}
