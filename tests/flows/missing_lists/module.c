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

/** Each element of a list. */
double halved(double xs) {
    return xs / 2;
}

/** Each element of a list of whole numbers, which may miss some. */
int squared(int ks) {
    return ks * ks;
}

int sum_of_squares(size_t n, const int squared[n]) {
    int sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += squared[i];
    }
    return sum;
}
