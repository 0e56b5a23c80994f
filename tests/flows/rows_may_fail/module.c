// Functions that fail for some of their rows.

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <hamilton/modifiers.h>
#include <hamilton/node.h>

int ratio(double spend, double signups, double *out) {
    if (signups == 0) {
        return hm_fail("no signups");
    }
    *out = spend / signups;
    return 0;
}

int whole(double spend, int64_t *out) {
    if (spend < 0) {
        return hm_fail("%g is negative", spend);
    }
    *out = (int64_t)spend;
    return 0;
}

/// Is not called where whole is missing.
int64_t twice(int64_t whole) {
    return 2 * whole;
}

double sum(size_t n, const double ratio[n]) {
    double all = 0;
    for (size_t i = 0; i < n; i++) {
        all += ratio[i] == ratio[i] ? ratio[i] : 0;
    }
    return all;
}

int64_t there(size_t n, HM_NULLABLE const int64_t whole[n]) {
    const uint8_t *bits = hm_validity(whole);
    int64_t count = 0;
    for (size_t i = 0; i < n; i++) {
        count += bits == NULL || (bits[i / 8] >> i % 8 & 1) != 0;
    }
    return count;
}

int word(double spend, const char **out) {
    if (spend > 3) {
        return hm_fail("too much");
    }
    *out = spend > 2 ? "much" : "little";
    return 0;
}

/// The spend of each day, of which there are as many as it is.
int days(int64_t whole, double **out, size_t *count) {
    *count = (size_t)whole;
    *out = malloc(*count * sizeof **out);
    if (*out == NULL || whole == 3) {
        free(*out);
        return hm_fail("not %d days", (int)whole);
    }
    for (size_t i = 0; i < *count; i++) {
        (*out)[i] = 1;
    }
    return 0;
}

double daily(double days, double spend) {
    return days / spend;
}

int mean(size_t n, const double spends[n], double *out) {
    double all = 0;
    for (size_t i = 0; i < n; i++) {
        all += spends[i];
    }
    *out = all / (double)n;
    return n > 0 ? 0 : hm_fail("nothing is spent");
}
