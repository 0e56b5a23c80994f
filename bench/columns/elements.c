// elements.c — as many elements as are wanted, of which each is much work, or none.

#include <stddef.h>
#include <stdlib.h>

/** 0, 1, 2... */
int element(long element_count, double **out, size_t *count) {
    size_t length = (size_t)element_count;
    double *made = malloc((length > 0 ? length : 1) * sizeof *made);
    if (made == NULL) {
        return 1;
    }
    for (size_t i = 0; i < length; i++) {
        made[i] = (double)i;
    }
    *out = made;
    *count = length;
    return 0;
}

double worked(double element, unsigned rounds) {
    for (unsigned i = 0; i < rounds; i++) {
        element = element * 0.999 + 0.5;
    }
    return element;
}

double passed(double element) {
    return element + 1;
}

double total_worked(size_t n, const double worked[n]) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += worked[i];
    }
    return sum;
}

double total_passed(size_t n, const double passed[n]) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += passed[i];
    }
    return sum;
}
