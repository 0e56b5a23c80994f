// Reductions: of an input, of mapped values, of several arrays, of arrays of arrays, of
// what an expansion makes.

#include <hamilton/modifiers.h>
#include <hamilton/node.h>
#include <stddef.h>
#include <stdlib.h>

struct moments {
    size_t count;
    double sum;
    double sum_of_squares;
};

HM_EXCLUDE
double add(double a, double b) {
    return a + b;
}

HM_EXCLUDE
struct moments merge(const struct moments *a, const struct moments *b) {
    return (struct moments){a->count + b->count, a->sum + b->sum,
            a->sum_of_squares + b->sum_of_squares};
}

/** Sum of spend. */
HM_REDUCE(add)
double spend_total(size_t n, const double spend[n]) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += spend[i];
    }
    return sum;
}

double share(double spend, double spend_total) {
    return spend / spend_total;
}

HM_REDUCE(merge)
struct moments share_moments(size_t n, const double share[n]) {
    struct moments all = {.count = n};
    for (size_t i = 0; i < n; i++) {
        all.sum += share[i];
        all.sum_of_squares += share[i] * share[i];
    }
    return all;
}

HM_REDUCE(add)
double paid(size_t n, const double spend[n], const double rate[n], double factor) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += factor * spend[i] * rate[i];
    }
    return sum;
}

/** 1, 2, 3, ... */
int number(int limit, double **out, size_t *count) {
    *count = (size_t)limit;
    *out = malloc((*count + 1) * sizeof **out);
    if (*out == NULL) {
        return 1;
    }
    for (size_t i = 0; i < *count; i++) {
        (*out)[i] = (double)i + 1;
    }
    return 0;
}

double tenth(double number) {
    return number / 10;
}

/** In chunks of 4,096: the sum of all in one loop has other bits. */
HM_REDUCE(add)
int tenths(size_t n, const double tenth[n], double most, double *out) {
    *out = 0;
    for (size_t i = 0; i < n; i++) {
        if (tenth[i] > most) {
            return hm_fail("%g is too much", tenth[i]);
        }
        *out += tenth[i];
    }
    return 0;
}

double tenths_in_one_loop(size_t n, const double tenth[n]) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += tenth[i];
    }
    return sum;
}
