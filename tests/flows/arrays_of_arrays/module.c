// An array of arrays is mapped over its outer dimension where a function takes an
// array.

#include <stddef.h>

double mean(size_t n, const double samples[n]) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += samples[i];
    }
    return sum / (double)n;
}

void centred(size_t n, const double samples[n], double mean, double out[n]) {
    for (size_t i = 0; i < n; i++) {
        out[i] = samples[i] - mean;
    }
}

double scaled(double samples, double scale) {
    return samples * scale;
}
