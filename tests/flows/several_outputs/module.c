// Output parameters are nodes of their own names; one called `out` is named as the
// function.

#include <math.h>
#include <stddef.h>

void statistics(size_t n, const double x[n], double *mean, double *sd) {
    *mean = 0;
    for (size_t i = 0; i < n; i++) {
        *mean += x[i] / (double)n;
    }
    double squares = 0;
    for (size_t i = 0; i < n; i++) {
        squares += (x[i] - *mean) * (x[i] - *mean);
    }
    *sd = sqrt(squares / (double)n);
}

double relative_sd(double mean, double sd) {
    return sd / mean;
}

void split(double amount, int *out, double *rest) {
    *out = (int)amount;
    *rest = amount - *out;
}

/** A value that is no status, and an output beside it. */
double half(double amount, double *quarter) {
    *quarter = amount / 4;
    return amount / 2;
}
