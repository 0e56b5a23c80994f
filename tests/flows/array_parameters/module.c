// An array parameter names its length; [static n] and restrict say no more than that.

#include <stddef.h>

double sum(size_t n, const double x[n]) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += x[i];
    }
    return sum;
}

double first(size_t n, const double x[static n]) {
    return n > 0 ? x[0] : -1;
}

double last(size_t n, const double x[restrict n]) {
    return n > 0 ? x[n - 1] : -1;
}

size_t length(size_t n, const double x[restrict static n]) {
    return n;
}

/** The length may stand anywhere before or after what it measures. */
double dot(const char *label, size_t n, const double x[n], const double y[n]) {
    double sum = label[0] == '-' ? -1 : 0;
    for (size_t i = 0; i < n; i++) {
        sum += x[i] * y[i];
    }
    return sum;
}

/** Dimensions of different names have lengths of their own. */
double product_of_sums(size_t n, size_t m, const double x[n], const double z[m]) {
    return sum(n, x) * sum(m, z);
}
