// Arrays over one dimension, and arrays that are mapped together, are equally long.

#include <stddef.h>
#include <stdlib.h>

double dot(size_t n, const double x[n], const double y[n]) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += x[i] * y[i];
    }
    return sum;
}

double product(double x, double y) {
    return x * y;
}

int list(int length, double **out, size_t *count) {
    *count = (size_t)length;
    *out = calloc((size_t)length + 1, sizeof **out);
    return *out == NULL;
}

double listed(double list, double x) {
    return list + x;
}
