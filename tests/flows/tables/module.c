// Array outputs go out as a table, on standard output or into a file.

#include <stddef.h>

double half(double x) {
    return x / 2;
}

const char *name(const char *label) {
    return label;
}

double sum(size_t n, const double half[n]) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += half[i];
    }
    return sum;
}
