// What a declaration cannot mean is refused: every fault of the file, each with its
// mend.

#include <stddef.h>

double variadic(double x, ...) {
    return x;
}

double callback(double (*f)(double), double x) {
    return f(x);
}

double anything(const void *x) {
    return x != NULL;
}

double total;

double writes_global(double x) {
    total += x;
    return total;
}

double writes_static_local(double x) {
    static double sum;
    sum += x;
    return sum;
}

double value_and_out(double x, double *out) {
    *out = x;
    return x;
}

int no_count(double x, double **values) {
    *values = NULL;
    return x > 0;
}

int two_counts(double x, double **values, size_t *n, size_t *m) {
    *values = NULL;
    *n = *m = 0;
    return x > 0;
}

double constant_extent(const double x[3]) {
    return x[0];
}

double computed_extent(size_t n, const double x[n + 1]) {
    return x[n];
}

double matrix(size_t n, size_t m, const double x[n][m]) {
    return x[0][0];
}

void unmeasured_output(double x, size_t n, double out[n]) {
    for (size_t i = 0; i < n; i++) {
        out[i] = x;
    }
}

double scalar_by_reference(const double *x) {
    return *x;
}

struct model {
    double slope;
};

struct model *undestroyed(double slope) {
    (void)slope;
    return NULL;
}

void nothing(double x) {
    (void)x;
}

double unnamed(double) {
    return 0;
}

double *array_of_no_length(double x) {
    return x > 0 ? &total : NULL;
}

_Atomic int calls;
double table[8];

int counts_calls(double x) {
    calls++;
    return x > 0;
}

double fills_table(double x) {
    *(table + 1) = x;
    return *(table + 2);
}
