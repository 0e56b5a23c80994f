// All inputs that are missing are listed together, with who needs them.

#include <stddef.h>

void average(size_t n, const double spend[n], double out[n]) {
    for (size_t i = 0; i < n; i++) {
        out[i] = spend[i] / (double)n;
    }
}

double per_signup(double spend, int signups) {
    return spend / signups;
}

double mean(size_t n, const double spend[n]) {
    return n == 0 ? 0 : spend[0];
}

double variance(size_t n, const double spend[n]) {
    return n == 0 ? 0 : spend[0];
}

const char *label(const char *name) {
    return name;
}
