#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <hamilton/modifiers.h>
#include <hamilton/node.h>

/// Several outputs, over rows; what is missing of `units` stays missing.
void parts(int64_t units, double price, double *total, int64_t *half) {
    *total = (double)units * price;
    *half = units / 2;
}

/// A text of each row.
const char *size(int64_t half) {
    return half > 1 ? "large" : half > 0 ? "small" : "";
}

typedef struct order {
    const char *size;
    double total;
    unsigned is_large : 1;
} order;

order described(const char *size, double total) {
    return (order){size, total, size[0] == 'l'};
}

/// How many are missing, looked up.
int64_t missing(size_t n, HM_NULLABLE const int64_t units[n]) {
    const uint8_t *valid = hm_validity(units);
    int64_t count = 0;
    for (size_t i = 0; i < n; i++) {
        count += valid != NULL && (valid[i / 8] >> i % 8 & 1) == 0;
    }
    return count;
}

/// An array whose length is decided here, and one of arrays over rows.
int count_up(int64_t upto, size_t *m, int64_t **counted) {
    *m = (size_t)upto;
    *counted = malloc((*m + 1) * sizeof **counted);
    if (*counted == NULL) {
        return hm_fail("no memory");
    }
    for (size_t i = 0; i < *m; i++) {
        (*counted)[i] = (int64_t)i;
    }
    return 0;
}

/// Of each order, how many parts each parcel has; some are missing.
int64_t packed(int64_t parts) {
    return parts + 1;
}

int64_t all_packed(size_t k, const int64_t packed[k]) {
    int64_t sum = 0;
    for (size_t i = 0; i < k; i++) {
        sum += packed[i];
    }
    return sum;
}

int weighed(double grams, double *out) {
    *out = grams / 1000;
    return grams < 0 ? hm_fail("less than nothing") : 0;
}

double dear(double weighed) {
    return weighed * 7;
}
