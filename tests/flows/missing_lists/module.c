#include <stddef.h>

/** Sum of a list. */
double total(size_t n, const double xs[n]) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += xs[i];
    }
    return sum;
}

/** How many lists have a sum: NaN where there is no list. */
int known(size_t n, const double total[n]) {
    int count = 0;
    for (size_t i = 0; i < n; i++) {
        count += total[i] == total[i];
    }
    return count;
}
