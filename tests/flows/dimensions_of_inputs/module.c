// Dimensions are named within one function; between functions only lengths count.

#include <stddef.h>

void doubled(size_t rows, const double x[rows], double out[rows]) {
    for (size_t i = 0; i < rows; i++) {
        out[i] = 2 * x[i];
    }
}

double dot(size_t n, const double x[n], const double doubled[n]) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += x[i] * doubled[i];
    }
    return sum;
}

/** Two lengths of one function, and outputs over each. */
void ranges(size_t n, size_t m, const double x[n], const double weights[m],
        double relative[n], double normal[m]) {
    for (size_t i = 0; i < n; i++) {
        relative[i] = x[i] - x[0];
    }
    for (size_t j = 0; j < m; j++) {
        normal[j] = weights[j] / (double)m;
    }
}
