#include <math.h>
#include <stddef.h>

struct point {
    double x;
    int y;
};

/** Doubled, row by row. */
double doubled(double spend) {
    return 2 * spend;
}

struct point placed(double spend) {
    return (struct point){spend, (int)spend};
}

const char *named(double spend) {
    return spend > 2 ? "a \"big\", one\nof two lines" : "gr\xc3\xb6\xc3\x9f";
}

double mean(size_t n, const double spend[n]) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += spend[i];
    }
    return sum / (double)n;
}

double unknown(double mean) {
    return mean * NAN;
}

#include <stdlib.h>

int first_two(size_t n, const double spend[n], double **firsts, size_t *count) {
    *count = n < 2 ? n : 2;
    *firsts = malloc(2 * sizeof **firsts);
    for (size_t i = 0; i < *count; i++) {
        (*firsts)[i] = spend[i];
    }
    return 0;
}
